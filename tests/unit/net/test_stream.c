/* Streams over TCP, TLS and Unix sockets: bytes, ends of every kind, limits and times. */
#include "net_fix.h"
#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { PLAIN, SECURE, UNIX, KIND__MAX };

struct scene {
	struct loop *loop;
	char dir[64];
	char path[96], cert[96], key[96];
	struct tls *server_tls, *client_tls;
	struct fix_server server;
	struct fix_peer client;
	struct stream_opts server_opts, client_opts;
};

static void scene_init(struct scene *sc)
{
	*sc = (struct scene){ .loop = loop_new() };
	fix_dir(sc->dir, sizeof(sc->dir));
	snprintf(sc->path, sizeof(sc->path), "%s/s", sc->dir);
	snprintf(sc->cert, sizeof(sc->cert), "%s/cert.pem", sc->dir);
	snprintf(sc->key, sizeof(sc->key), "%s/key.pem", sc->dir);
}

static void scene_tls(struct scene *sc, const char *cert_name)
{
	fix_cert(sc->cert, sc->key, cert_name);
	assert_int_equal(tls_server_new(sc->cert, sc->key, &sc->server_tls, NULL), 0);
	assert_int_equal(tls_client_new(sc->cert, &sc->client_tls, NULL), 0);
	sc->server_opts.tls = sc->server_tls;
	sc->client_opts.tls = sc->client_tls;
	sc->client_opts.server_name = "desk.test";
}

static void scene_open(struct scene *sc, enum kind kind)
{
	struct addr any = fix_addr("127.0.0.1:0");
	if (kind == SECURE && !sc->server_tls)
		scene_tls(sc, "desk.test");
	if (kind == UNIX) {
		assert_int_equal(listener_open_unix(sc->loop, sc->path, &sc->server_opts, fix_accept,
					 &sc->server, &sc->server.l),
			0);
		assert_int_equal(stream_connect_unix(sc->loop, sc->path, &sc->client_opts, &fix_peer_handlers,
					 &sc->client, &sc->client.s),
			0);
	} else {
		assert_int_equal(listener_open(sc->loop, &any, &sc->server_opts, fix_accept, &sc->server,
					 &sc->server.l),
			0);
		assert_int_equal(stream_connect(sc->loop, listener_local(sc->server.l), &sc->client_opts,
					 &fix_peer_handlers, &sc->client, &sc->client.s),
			0);
	}
}

static void scene_connect(struct scene *sc, enum kind kind)
{
	scene_open(sc, kind);
	RUN_UNTIL(sc->loop, sc->client.connected && sc->server.peer.connected);
}

static void scene_done(struct scene *sc)
{
	fix_peer_done(&sc->client);
	fix_peer_done(&sc->server.peer);
	sc->server.l = listener_close(sc->server.l);
	loop_free(sc->loop);
	tls_free(sc->server_tls);
	tls_free(sc->client_tls);
	fix_dir_remove(sc->dir);
}

static void bytes_travel_both_ways(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct scene sc;
		scene_init(&sc);
		scene_open(&sc, (enum kind)kind);
		assert_int_equal(stream_send(sc.client.s, STR("early ")), 0);
		RUN_UNTIL(sc.loop, sc.client.connected);
		assert_true(stream_is_tls(sc.client.s) == (kind == SECURE));
		const struct str parts[] = { STR("one "), STR(""), STR("two") };
		assert_int_equal(stream_sendv(sc.client.s, parts, 3), 0);
		RUN_UNTIL(sc.loop, sc.server.peer.got.n == 13);
		assert_string_equal(sc.server.peer.got.p, "early one two");
		assert_int_equal(stream_send(sc.server.peer.s, STR("back")), 0);
		RUN_UNTIL(sc.loop, sc.client.got.n == 4);
		stream_close(sc.client.s);
		assert_int_equal(stream_send(sc.client.s, STR("late")), -E_CLOSED);
		RUN_UNTIL(sc.loop, sc.client.n_closed && sc.server.peer.n_closed);
		assert_int_equal(sc.client.err, 0);
		assert_int_equal(sc.server.peer.err, 0);
		assert_int_equal(listener_streams(sc.server.l), 0);
		scene_done(&sc);
	}
}

/* More than any socket buffer, read by an owner that pauses again and again. */
static void much_arrives_whole(void **state)
{
	(void)state;
	size_t n = 6 * 1000 * 1000;
	char *big = mem_alloc(n);
	for (size_t i = 0; i < n; i++)
		big[i] = (char)(i * 7 + i / 251);
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct scene sc;
		scene_init(&sc);
		scene_connect(&sc, (enum kind)kind);
		stream_pause(sc.server.peer.s);
		assert_int_equal(stream_send(sc.client.s, (struct str){ big, n }), 0);
		assert_true(stream_queued(sc.client.s) > 0);
		fix_run_for(sc.loop, 5);
		assert_int_equal(sc.server.peer.got.n, 0);
		stream_close(sc.client.s);
		while (sc.server.peer.got.n < n && !sc.server.peer.n_closed) {
			stream_resume(sc.server.peer.s);
			loop_run_once(sc.loop);
			stream_pause(sc.server.peer.s);
		}
		stream_resume(sc.server.peer.s);
		assert_int_equal(sc.server.peer.got.n, n);
		assert_memory_equal(sc.server.peer.got.p, big, n);
		RUN_UNTIL(sc.loop, sc.client.n_closed && sc.server.peer.n_closed);
		assert_int_equal(sc.client.err, 0);
		scene_done(&sc);
	}
	free(big);
}

static void what_is_left_comes_again(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct scene sc;
		scene_init(&sc);
		scene_connect(&sc, (enum kind)kind);
		sc.server.peer.hold = true;
		assert_int_equal(stream_send(sc.client.s, STR("abc")), 0);
		fix_run_for(sc.loop, 5);
		sc.server.peer.hold = false;
		assert_int_equal(stream_send(sc.client.s, STR("def")), 0);
		RUN_UNTIL(sc.loop, sc.server.peer.got.n == 6);
		assert_string_equal(sc.server.peer.got.p, "abcdef");
		sc.server.peer.hold = true;
		assert_int_equal(stream_send(sc.client.s, STR("ghi")), 0);
		fix_run_for(sc.loop, 5);
		sc.server.peer.hold = false;
		stream_resume(sc.server.peer.s);
		assert_string_equal(sc.server.peer.got.p, "abcdefghi");
		scene_done(&sc);
	}
}

static void too_much_unread_is_cut(void **state)
{
	(void)state;
	static char big[100000];
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct scene sc;
		scene_init(&sc);
		sc.server_opts.in_max = 50000;
		scene_connect(&sc, (enum kind)kind);
		sc.server.peer.hold = true;
		assert_int_equal(stream_send(sc.client.s, (struct str){ big, sizeof(big) }), 0);
		RUN_UNTIL(sc.loop, sc.server.peer.n_closed && sc.client.n_closed);
		assert_int_equal(sc.server.peer.err, -E_LIMIT);
		scene_done(&sc);
	}
}

static void a_peer_that_does_not_read_is_cut(void **state)
{
	(void)state;
	static char part[60000];
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct scene sc;
		int e = 0;
		scene_init(&sc);
		sc.client_opts.out_max = 200000;
		scene_connect(&sc, (enum kind)kind);
		stream_pause(sc.server.peer.s);
		for (int i = 0; i < 1000 && !e; i++) {
			e = stream_send(sc.client.s, (struct str){ part, sizeof(part) });
			assert_true(stream_queued(sc.client.s) < 2 * 200000 + 60000);
		}
		assert_int_equal(e, -E_LIMIT);
		assert_int_equal(sc.client.n_closed, 0);
		RUN_UNTIL(sc.loop, sc.client.n_closed);
		assert_int_equal(sc.client.err, -E_LIMIT);
		scene_done(&sc);
	}
}

static void a_stuck_peer_is_cut(void **state)
{
	(void)state;
	static char big[9000000];
	struct scene sc;
	scene_init(&sc);
	sc.client_opts.stuck_ms = 60;
	scene_connect(&sc, PLAIN);
	stream_pause(sc.server.peer.s);
	assert_int_equal(stream_send(sc.client.s, (struct str){ big, sizeof(big) }), 0);
	RUN_UNTIL(sc.loop, sc.client.n_closed);
	assert_int_equal(sc.client.err, -E_TIMEOUT);
	scene_done(&sc);
}

static int raw_connect(const struct addr *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, &to->sa, addr_len(to)), 0);
	return fd;
}

/* Taking a byte now and then is not reading. */
static void a_trickling_peer_is_cut(void **state)
{
	(void)state;
	static char big[9000000];
	struct scene sc;
	struct addr any = fix_addr("127.0.0.1:0");
	char byte;
	scene_init(&sc);
	sc.server_opts.stuck_ms = 60;
	assert_int_equal(
		listener_open(sc.loop, &any, &sc.server_opts, fix_accept, &sc.server, &sc.server.l), 0);
	int fd = raw_connect(listener_local(sc.server.l));
	RUN_UNTIL(sc.loop, sc.server.peer.connected);
	assert_int_equal(stream_send(sc.server.peer.s, (struct str){ big, sizeof(big) }), 0);
	int64_t from = loop_now_us(sc.loop);
	while (!sc.server.peer.n_closed && loop_now_us(sc.loop) - from < 10 * CLOCK_S_US) {
		assert_int_equal(read(fd, &byte, 1), 1);
		fix_run_for(sc.loop, 5);
	}
	assert_int_equal(sc.server.peer.err, -E_TIMEOUT);
	close(fd);
	scene_done(&sc);
}

static void an_idle_stream_is_cut(void **state)
{
	(void)state;
	struct scene sc;
	scene_init(&sc);
	scene_connect(&sc, PLAIN);
	stream_set_idle(
		sc.server.peer.s, 400); /* long beside what a busy machine may lose in the next line */
	int64_t from = loop_now_us(sc.loop);
	fix_run_for(sc.loop, 25);
	assert_int_equal(stream_send(sc.client.s, STR("alive")), 0);
	RUN_UNTIL(sc.loop, sc.server.peer.n_closed);
	assert_int_equal(sc.server.peer.err, -E_TIMEOUT);
	assert_true(loop_now_us(sc.loop) - from >= 424000);
	scene_done(&sc);
}

static void a_silent_handshake_is_cut(void **state)
{
	(void)state;
	struct scene sc;
	scene_init(&sc);
	scene_tls(&sc, "desk.test");
	sc.server_opts.open_ms = 40;
	sc.client_opts.tls = NULL;
	scene_open(&sc, PLAIN);
	RUN_UNTIL(sc.loop, sc.server.peer.n_closed);
	assert_int_equal(sc.server.peer.err, -E_TIMEOUT);
	scene_done(&sc);
}

static void a_half_closed_peer_still_reads(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct scene sc;
		scene_init(&sc);
		sc.server.handlers = &fix_peer_half_handlers;
		scene_connect(&sc, (enum kind)kind);
		assert_int_equal(stream_send(sc.client.s, STR("ask")), 0);
		stream_close(sc.client.s); /* lingers, so it still takes what comes */
		RUN_UNTIL(sc.loop, sc.server.peer.ended);
		assert_int_equal(sc.server.peer.n_closed, 0);
		assert_int_equal(stream_send(sc.server.peer.s, STR("answer")), 0);
		stream_close(sc.server.peer.s);
		RUN_UNTIL(sc.loop, sc.server.peer.n_closed && sc.client.n_closed);
		assert_int_equal(sc.server.peer.err, 0);
		assert_string_equal(sc.server.peer.got.p, "ask");
		scene_done(&sc);
	}
}

static void a_reset_is_told(void **state)
{
	(void)state;
	struct scene sc;
	struct linger now = { 1, 0 };
	scene_init(&sc);
	sc.client_opts.tls = NULL;
	scene_connect(&sc, PLAIN);
	fix_peer_done(&sc.server.peer);
	sc.server.peer = (struct fix_peer){ 0 };
	int fd = raw_connect(listener_local(sc.server.l));
	RUN_UNTIL(sc.loop, sc.server.peer.connected);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
	RUN_UNTIL(sc.loop, sc.server.peer.n_closed);
	assert_int_equal(sc.server.peer.err, -E_CLOSED);
	scene_done(&sc);
}

/* A TLS stream whose TCP ends without close_notify was cut by somebody. */
static void a_truncated_tls_stream_is_told(void **state)
{
	(void)state;
	struct scene sc;
	scene_init(&sc);
	scene_connect(&sc, SECURE);
	assert_int_equal(stream_send(sc.client.s, STR("half a mess")), 0);
	RUN_UNTIL(sc.loop, sc.server.peer.got.n == 11);
	stream_abort(sc.client.s, -E_CANCELLED);
	RUN_UNTIL(sc.loop, sc.server.peer.n_closed && sc.client.n_closed);
	assert_int_equal(sc.client.err, -E_CANCELLED);
	assert_int_equal(sc.server.peer.err, -E_CLOSED);
	scene_done(&sc);
}

static void greet(void *arg, struct stream *s)
{
	struct fix_server *server = arg;
	server->n_accepted++;
	stream_set_handlers(s, &fix_peer_handlers, &server->peer);
	stream_send(s, STR("hello"));
	stream_close(s);
	obj_unref(s);
}

/* More handshakes at once than a turn of the loop has time for: all succeed, and timers are not held up. */
static void many_handshakes_take_turns(void **state)
{
	(void)state;
	enum { CLIENTS = 80 };
	struct scene sc;
	struct addr any = fix_addr("127.0.0.1:0");
	static struct fix_peer clients[CLIENTS];
	memset(clients, 0, sizeof(clients));
	scene_init(&sc);
	scene_tls(&sc, "desk.test");
	assert_int_equal(listener_open(sc.loop, &any, &sc.server_opts, greet, &sc.server, &sc.server.l), 0);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(stream_connect(sc.loop, listener_local(sc.server.l), &sc.client_opts,
					 &fix_peer_handlers, &clients[i], &clients[i].s),
			0);
	for (int i = 0; i < CLIENTS; i++) {
		RUN_UNTIL(sc.loop, clients[i].n_closed);
		assert_int_equal(clients[i].err, 0);
		assert_string_equal(clients[i].got.p, "hello");
		fix_peer_done(&clients[i]);
	}
	scene_done(&sc);
}

static void plain_text_at_a_tls_port_is_refused(void **state)
{
	(void)state;
	struct scene sc;
	scene_init(&sc);
	scene_tls(&sc, "desk.test");
	sc.client_opts.tls = NULL;
	scene_open(&sc, PLAIN);
	assert_int_equal(stream_send(sc.client.s, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n")), 0);
	RUN_UNTIL(sc.loop, sc.server.peer.n_closed);
	assert_int_equal(sc.server.peer.err, -E_AUTH);
	assert_false(sc.server.peer.connected);
	scene_done(&sc);
}

static void a_foreign_certificate_is_refused(void **state)
{
	(void)state;
	struct scene sc;
	scene_init(&sc);
	scene_tls(&sc, "other.test");
	scene_open(&sc, SECURE);
	RUN_UNTIL(sc.loop, sc.client.n_closed);
	assert_int_equal(sc.client.err, -E_AUTH);
	assert_false(sc.client.connected);
	scene_done(&sc);
}

static void certificates_are_reloaded(void **state)
{
	(void)state;
	struct scene sc;
	struct fault fault;
	scene_init(&sc);
	scene_tls(&sc, "other.test");
	FILE *f = fopen(sc.key, "w");
	fputs("no key\n", f);
	fclose(f);
	assert_int_equal(tls_reload(sc.server_tls, &fault), -E_INVALID);
	assert_string_equal(fault.field, "key");
	fix_cert(sc.cert, sc.key, "desk.test");
	assert_int_equal(tls_reload(sc.server_tls, &fault), 0);
	tls_free(sc.client_tls);
	assert_int_equal(tls_client_new(sc.cert, &sc.client_tls, NULL), 0);
	sc.client_opts.tls = sc.client_tls;
	scene_connect(&sc, SECURE);
	scene_done(&sc);
}

static void missing_certificates_are_named(void **state)
{
	(void)state;
	struct tls *tls;
	struct fault fault;
	assert_int_equal(tls_server_new("/no/cert.pem", "/no/key.pem", &tls, &fault), -E_NOT_FOUND);
	assert_non_null(strstr(fault.text, "/no/cert.pem"));
	assert_int_equal(tls_client_new("/no/ca.pem", &tls, &fault), -E_INVALID);
	assert_string_equal(fault.field, "ca");
}

static void dropping_inside_a_handler_is_safe(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct scene sc;
		scene_init(&sc);
		scene_connect(&sc, (enum kind)kind);
		sc.server.peer.drop_on_data = true;
		assert_int_equal(stream_send(sc.client.s, STR("x")), 0);
		RUN_UNTIL(sc.loop, sc.client.n_closed);
		assert_int_equal(sc.server.peer.n_closed, 0);
		assert_null(sc.server.peer.s);
		scene_done(&sc);
	}
}

static void connecting_to_nobody_is_told(void **state)
{
	(void)state;
	struct scene sc;
	char path[300];
	scene_init(&sc);
	scene_open(&sc, PLAIN);
	struct addr gone = *listener_local(sc.server.l);
	sc.server.l = listener_close(sc.server.l);
	fix_peer_done(&sc.client);
	loop_run_nowait(sc.loop);
	sc.client = (struct fix_peer){ 0 };
	assert_int_equal(
		stream_connect(sc.loop, &gone, NULL, &fix_peer_handlers, &sc.client, &sc.client.s), 0);
	assert_int_equal(sc.client.n_closed, 0);
	RUN_UNTIL(sc.loop, sc.client.n_closed);
	assert_int_equal(sc.client.err, -E_UNREACHABLE);
	fix_peer_done(&sc.client);
	sc.client = (struct fix_peer){ 0 };
	assert_int_equal(
		stream_connect_unix(sc.loop, sc.path, NULL, &fix_peer_handlers, &sc.client, &sc.client.s), 0);
	RUN_UNTIL(sc.loop, sc.client.n_closed);
	assert_int_equal(sc.client.err, -E_UNREACHABLE);
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	struct stream *s;
	assert_int_equal(stream_connect_unix(sc.loop, path, NULL, &fix_peer_handlers, NULL, &s), -E_LIMIT);
	scene_done(&sc);
}

static void taken_ports_are_told(void **state)
{
	(void)state;
	struct scene sc;
	struct listener *l;
	struct addr foreign = fix_addr("192.0.2.1:0");
	scene_init(&sc);
	scene_connect(&sc, PLAIN);
	assert_int_equal(
		listener_open(sc.loop, listener_local(sc.server.l), NULL, fix_accept, NULL, &l), -E_EXISTS);
	assert_int_equal(listener_open(sc.loop, &foreign, NULL, fix_accept, NULL, &l), -E_UNREACHABLE);
	scene_done(&sc);
}

static void unix_sockets_are_private(void **state)
{
	(void)state;
	struct scene sc;
	struct stat st;
	struct listener *l;
	uid_t uid = (uid_t)-1;
	scene_init(&sc);
	scene_connect(&sc, UNIX);
	assert_int_equal(stat(sc.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stream_peer_uid(sc.server.peer.s, &uid), 0);
	assert_int_equal(uid, getuid());
	assert_int_equal(listener_open_unix(sc.loop, sc.path, NULL, fix_accept, NULL, &l), -E_EXISTS);
	char copy[128];
	snprintf(copy, sizeof(copy), "%s.dead", sc.path);
	assert_int_equal(rename(sc.path, copy), 0);
	sc.server.l = listener_close(sc.server.l);
	loop_run_nowait(sc.loop);
	assert_int_equal(listener_open_unix(sc.loop, copy, NULL, fix_accept, NULL, &l), 0);
	listener_close(l);
	assert_int_equal(access(copy, F_OK), -1);
	FILE *f = fopen(copy, "w");
	fclose(f);
	assert_int_equal(listener_open_unix(sc.loop, copy, NULL, fix_accept, NULL, &l), -E_EXISTS);
	scene_done(&sc);
}

/* A full listener leaves the next one in the backlog and takes it when another has gone. */
static void a_full_listener_pauses(void **state)
{
	(void)state;
	struct scene sc;
	scene_init(&sc);
	sc.server_opts.streams_max = 1;
	scene_connect(&sc, PLAIN);
	int fd = raw_connect(listener_local(sc.server.l));
	fix_run_for(sc.loop, 10);
	assert_int_equal(sc.server.n_accepted, 1);
	fix_peer_done(&sc.server.peer);
	sc.server.peer = (struct fix_peer){ 0 };
	RUN_UNTIL(sc.loop, sc.server.n_accepted == 2);
	assert_int_equal(listener_streams(sc.server.l), 1);
	close(fd);
	RUN_UNTIL(sc.loop, sc.server.peer.n_closed);
	scene_done(&sc);
}

/* One address has its fill: its next ones are closed and counted, and it may come again when one has gone. */
static void an_address_has_its_fill(void **state)
{
	(void)state;
	struct scene sc;
	char byte;
	scene_init(&sc);
	sc.server_opts.host_max = 1;
	scene_connect(&sc, PLAIN);
	for (int i = 1; i <= 3; i++) {
		int fd = raw_connect(listener_local(sc.server.l));
		RUN_UNTIL(sc.loop, listener_refused(sc.server.l) == (uint64_t)i);
		fix_run_for(sc.loop, 1);
		assert_true(read(fd, &byte, 1) <= 0);
		close(fd);
	}
	assert_int_equal(sc.server.n_accepted, 1);
	assert_int_equal(listener_streams(sc.server.l), 1);
	fix_peer_done(&sc.server.peer);
	sc.server.peer = (struct fix_peer){ 0 };
	RUN_UNTIL(sc.loop, sc.client.n_closed);
	int fd = raw_connect(listener_local(sc.server.l));
	RUN_UNTIL(sc.loop, sc.server.n_accepted == 2);
	assert_int_equal(listener_refused(sc.server.l), 3);
	close(fd);
	RUN_UNTIL(sc.loop, sc.server.peer.n_closed);
	scene_done(&sc);
}

static void lack_of_descriptors_spares_the_rest(void **state)
{
	(void)state;
	struct scene sc;
	struct rlimit limit, low;
	scene_init(&sc);
	sc.server_opts.streams_max = 100;
	scene_connect(&sc, PLAIN);
	getrlimit(RLIMIT_NOFILE, &limit);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	low = limit;
	low.rlim_cur = (rlim_t)fd + 1;
	setrlimit(RLIMIT_NOFILE, &low);
	assert_int_equal(connect(fd, &listener_local(sc.server.l)->sa, sizeof(struct sockaddr_in)), 0);
	fix_run_for(sc.loop, 20);
	assert_int_equal(stream_send(sc.client.s, STR("still here")), 0);
	RUN_UNTIL(sc.loop, sc.server.peer.got.n == 10);
	setrlimit(RLIMIT_NOFILE, &limit);
	close(fd);
	fd = raw_connect(listener_local(sc.server.l));
	RUN_UNTIL(sc.loop, sc.server.n_accepted >= 2);
	close(fd);
	scene_done(&sc);
}

static void no_descriptor_is_left(void **state)
{
	(void)state;
	int before = fix_count_fds();
	for (int i = 0; i < 3; i++) {
		bytes_travel_both_ways(state);
		a_foreign_certificate_is_refused(state);
	}
	assert_int_equal(fix_count_fds(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_travel_both_ways),
		cmocka_unit_test(much_arrives_whole),
		cmocka_unit_test(what_is_left_comes_again),
		cmocka_unit_test(too_much_unread_is_cut),
		cmocka_unit_test(a_peer_that_does_not_read_is_cut),
		cmocka_unit_test(a_stuck_peer_is_cut),
		cmocka_unit_test(a_trickling_peer_is_cut),
		cmocka_unit_test(an_idle_stream_is_cut),
		cmocka_unit_test(a_silent_handshake_is_cut),
		cmocka_unit_test(a_half_closed_peer_still_reads),
		cmocka_unit_test(a_reset_is_told),
		cmocka_unit_test(a_truncated_tls_stream_is_told),
		cmocka_unit_test(many_handshakes_take_turns),
		cmocka_unit_test(plain_text_at_a_tls_port_is_refused),
		cmocka_unit_test(a_foreign_certificate_is_refused),
		cmocka_unit_test(certificates_are_reloaded),
		cmocka_unit_test(missing_certificates_are_named),
		cmocka_unit_test(dropping_inside_a_handler_is_safe),
		cmocka_unit_test(connecting_to_nobody_is_told),
		cmocka_unit_test(taken_ports_are_told),
		cmocka_unit_test(unix_sockets_are_private),
		cmocka_unit_test(a_full_listener_pauses),
		cmocka_unit_test(an_address_has_its_fill),
		cmocka_unit_test(lack_of_descriptors_spares_the_rest),
		cmocka_unit_test(no_descriptor_is_left),
	};
	return unit_run(tests);
}
