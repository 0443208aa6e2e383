/* Handshakes in memory. */
#include "unit.h"

#include "base/mem.h"
#include "media/dtls.h"

#include <stdlib.h>
#include <string.h>

#define QUEUE 64

struct end {
	struct dtls *d;
	struct end *peer;
	uint8_t datagrams[QUEUE][1500];
	size_t sizes[QUEUE], n;
	unsigned lose; /* bit i: the i-th datagram sent is lost */
	unsigned sent;
};

static void on_send(void *arg, const uint8_t *bytes, size_t n)
{
	struct end *to = ((struct end *)arg)->peer;
	struct end *from = arg;

	assert_true(n <= 1500 && to->n < QUEUE);
	if (from->sent < 32 && from->lose >> from->sent++ & 1)
		return;
	memcpy(to->datagrams[to->n], bytes, n);
	to->sizes[to->n++] = n;
}

static int deliver(struct end *e)
{
	int err = 0;

	for (size_t i = 0; i < e->n && !err; i++)
		err = dtls_take(e->d, e->datagrams[i], e->sizes[i]);
	e->n = 0;
	return err;
}

struct pair {
	struct dtls_context *contexts[2];
	struct end *client, *server;
};

static void pair_open(struct pair *p)
{
	struct end *ends = mem_array(2, sizeof(*ends));

	for (int i = 0; i < 2; i++) {
		assert_int_equal(dtls_context_new(&p->contexts[i]), 0);
		ends[i].peer = &ends[!i];
		assert_int_equal(dtls_new(p->contexts[i], i == 0, on_send, &ends[i], &ends[i].d), 0);
	}
	p->client = &ends[0];
	p->server = &ends[1];
}

static void pair_close(struct pair *p)
{
	dtls_free(p->client->d);
	dtls_abandon(p->server->d);
	free(p->client);
	for (int i = 0; i < 2; i++)
		dtls_context_free(p->contexts[i]);
}

static void pair_run(struct pair *p)
{
	assert_int_equal(dtls_start(p->client->d), 0);
	for (int i = 0; i < 10 && !(dtls_is_done(p->client->d) && dtls_is_done(p->server->d)); i++) {
		assert_int_equal(deliver(p->server), 0);
		assert_int_equal(deliver(p->client), 0);
	}
}

static void test_handshake(void **state)
{
	struct pair p;
	char wrong[DTLS_FINGERPRINT_SIZE];

	(void)state;
	pair_open(&p);
	assert_false(dtls_is_done(p.client->d));
	pair_run(&p);
	assert_true(dtls_is_done(p.client->d) && dtls_is_done(p.server->d));
	assert_true(dtls_fingerprint_is(p.client->d, dtls_context_fingerprint(p.contexts[1])));
	assert_true(dtls_fingerprint_is(p.server->d, dtls_context_fingerprint(p.contexts[0])));
	assert_false(dtls_fingerprint_is(p.server->d, dtls_context_fingerprint(p.contexts[1])));
	memcpy(wrong, dtls_context_fingerprint(p.contexts[1]), sizeof(wrong));
	memcpy(wrong, "SHA-256", 7);
	for (char *c = wrong + 8; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'F' ? *c + 32 : *c);
	assert_true(dtls_fingerprint_is(p.client->d, wrong)); /* case does not count */
	memcpy(wrong, "md5-123", 7);
	assert_false(dtls_fingerprint_is(p.client->d, wrong));
	assert_false(dtls_fingerprint_is(p.client->d, ""));
	assert_false(dtls_fingerprint_is(p.client->d, "sha-256"));
	pair_close(&p);
}

static void test_garbage(void **state)
{
	struct pair p;
	uint8_t noise[200];

	(void)state;
	pair_open(&p);
	for (int i = 0; i < 100; i++) {
		for (size_t k = 0; k < sizeof(noise); k++)
			noise[k] = (uint8_t)rand();
		noise[0] = (uint8_t)(20 + i % 4);
		(void)!dtls_take(p.server->d, noise, sizeof(noise));
	}
	assert_true(dtls_is_hello((const uint8_t *)"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x10\1", 14));
	assert_false(dtls_is_hello((const uint8_t *)"\x16\xfe\xff\0\1\0\0\0\0\0\0\0\x10\1", 14));
	assert_false(dtls_is_hello((const uint8_t *)"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x10", 13));
	pair_close(&p);
}

/* Both ends hold the same keys, crosswise. */
static void test_keys(void **state)
{
	struct seal_keys client, server;
	struct pair p;

	(void)state;
	pair_open(&p);
	assert_int_equal(dtls_keys(p.client->d, &client), -E_UNSUPPORTED);
	pair_run(&p);
	assert_int_equal(dtls_keys(p.client->d, &client), 0);
	assert_int_equal(dtls_keys(p.server->d, &server), 0);
	assert_int_equal(client.profile, SEAL_GCM_128);
	assert_int_equal(server.profile, SEAL_GCM_128);
	assert_memory_equal(client.ours, server.theirs, SEAL_KEY_MAX);
	assert_memory_equal(client.theirs, server.ours, SEAL_KEY_MAX);
	assert_memory_not_equal(client.ours, client.theirs, SEAL_KEY_MAX);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_keys),
	};

	return unit_run(tests);
}
