/* Handshakes in memory with packets lost and swapped, and what their keys protect. */
#include "unit.h"

#include "base/mem.h"
#include "media/dtls.h"

#include <stdlib.h>
#include <string.h>

#define QUEUE 64
#define PACKET 172

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

static void seals(const struct pair *p, struct seal **ret_client, struct seal **ret_server)
{
	struct seal_keys keys;

	assert_int_equal(dtls_keys(p->client->d, &keys), 0);
	assert_int_equal(keys.profile, SEAL_GCM_128);
	assert_int_equal(seal_new(&keys, ret_client), 0);
	assert_int_equal(dtls_keys(p->server->d, &keys), 0);
	assert_int_equal(seal_new(&keys, ret_server), 0);
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

static size_t packet(uint8_t *bytes, uint16_t seq)
{
	memset(bytes, 0x55, PACKET);
	memcpy(bytes, "\x80\x08\0\0\0\0\0\0\0\0\0\7", 12);
	bytes[2] = (uint8_t)(seq >> 8);
	bytes[3] = (uint8_t)seq;
	return PACKET;
}

/* Across the wrap of the sequence, swapped, repeated and forged. */
static void test_packets(void **state)
{
	struct pair p;
	struct seal *client, *server;
	uint8_t sealed[2][PACKET + SEAL_ROOM], bytes[PACKET + SEAL_ROOM], plain[PACKET];
	size_t n[2], size;

	(void)state;
	pair_open(&p);
	pair_run(&p);
	seals(&p, &client, &server);
	for (uint32_t seq = 65500; seq < 65600; seq += 2) {
		for (uint32_t k = 0; k < 2; k++) {
			n[k] = packet(sealed[k], (uint16_t)(seq + k));
			assert_int_equal(seal_protect(client, sealed[k], &n[k], false), 0);
		}
		memcpy(bytes, sealed[1], n[1]);
		size = n[1];
		bytes[20] ^= 1;
		assert_int_equal(seal_unprotect(server, bytes, &size, false), -E_AUTH);
		memcpy(bytes, sealed[1], n[1]);
		assert_int_equal(seal_unprotect(server, sealed[1], &n[1], false), 0);
		assert_int_equal(n[1], packet(plain, (uint16_t)(seq + 1)));
		assert_memory_equal(sealed[1], plain, PACKET);
		assert_int_equal(seal_unprotect(server, sealed[0], &n[0], false), 0);
		size = PACKET + 16;
		assert_int_equal(seal_unprotect(server, bytes, &size, false), -E_AUTH); /* again */
	}
	seal_free(client);
	seal_free(server);
	pair_close(&p);
}

static void test_reports(void **state)
{
	struct pair p;
	struct seal *client, *server;
	uint8_t report[64] = "\x80\xc9\0\1\0\0\0\7", bytes[64];
	size_t n = 8, size;

	(void)state;
	pair_open(&p);
	pair_run(&p);
	seals(&p, &client, &server);
	assert_int_equal(seal_protect(client, report, &n, true), 0);
	memcpy(bytes, report, n);
	bytes[n - 4] &= 0x7f; /* says it is not encrypted */
	size = n;
	assert_int_equal(seal_unprotect(server, bytes, &size, true), -E_AUTH);
	size = 8;
	assert_int_equal(seal_unprotect(server, bytes, &size, true), -E_AUTH);
	assert_int_equal(seal_unprotect(server, report, &n, true), 0);
	assert_int_equal(n, 8);
	seal_free(client);
	seal_free(server);
	pair_close(&p);
}

static void test_sha1(void **state)
{
	struct seal_keys keys = { .profile = SEAL_SHA1_80 };
	struct seal *s;
	uint8_t bytes[PACKET + SEAL_ROOM];
	size_t n = packet(bytes, 1);

	(void)state;
	memset(keys.ours, 1, sizeof(keys.ours));
	memset(keys.theirs, 1, sizeof(keys.theirs));
	assert_int_equal(seal_new(&keys, &s), 0);
	assert_int_equal(seal_protect(s, bytes, &n, false), 0);
	assert_int_equal(n, PACKET + 10);
	assert_int_equal(seal_unprotect(s, bytes, &n, false), 0);
	seal_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_sha1),
	};

	return unit_run(tests);
}
