/* One certificate used by two loops on threads of their own and reloaded meanwhile: every handshake succeeds.
 */
#include "net_fix.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define HANDSHAKES 25

struct side {
	struct tls *server_tls, *client_tls;
	pthread_t thread;
	int n_done;
};

/* cmocka's asserts belong to the test's thread, so this one counts. */
static bool shake_once(struct side *side, struct loop *loop)
{
	struct addr any = fix_addr("127.0.0.1:0");
	struct fix_server server = { .n_accepted = 0 };
	struct fix_peer client = { .n_closed = 0 };
	const struct stream_opts server_opts = { .tls = side->server_tls },
				 client_opts = { .tls = side->client_tls };
	if (listener_open(loop, &any, &server_opts, fix_accept, &server, &server.l))
		return false;
	int e = stream_connect(
		loop, listener_local(server.l), &client_opts, &fix_peer_handlers, &client, &client.s);
	while (!e && !client.n_closed && !(client.connected && server.peer.connected))
		loop_run_once(loop);
	fix_peer_done(&client);
	fix_peer_done(&server.peer);
	listener_close(server.l);
	return !e && client.connected;
}

static void *shake(void *arg)
{
	struct side *side = arg;
	struct loop *loop = loop_new();
	for (int i = 0; i < HANDSHAKES; i++)
		side->n_done += shake_once(side, loop);
	loop_free(loop);
	return NULL;
}

static void certificates_are_shared_and_reloaded(void **state)
{
	char dir[64], cert[96], key[96];
	struct side sides[2];
	(void)state;
	memset(sides, 0, sizeof(sides));
	fix_dir(dir, sizeof(dir));
	snprintf(cert, sizeof(cert), "%s/cert.pem", dir);
	snprintf(key, sizeof(key), "%s/key.pem", dir);
	fix_cert(cert, key, "desk.test");
	assert_int_equal(tls_server_new(cert, key, &sides[0].server_tls, NULL), 0);
	assert_int_equal(tls_client_new(NULL, &sides[0].client_tls, NULL), 0);
	sides[1] = sides[0];
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&sides[i].thread, NULL, shake, &sides[i]), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(tls_reload(sides[0].server_tls, NULL), 0);
	for (int i = 0; i < 2; i++) {
		pthread_join(sides[i].thread, NULL);
		assert_int_equal(sides[i].n_done, HANDSHAKES);
	}
	tls_free(sides[0].server_tls);
	tls_free(sides[0].client_tls);
	fix_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_are_shared_and_reloaded),
	};
	return unit_run(tests);
}
