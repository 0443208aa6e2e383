/* SRTP against libsrtp2: what one protects, the other opens, in both profiles. */
#include "unit.h"

#include "base/mem.h"
#include "media/seal.h"

#include <srtp2/srtp.h>
#include <stdlib.h>
#include <string.h>

#define BODY 160
#define ROOM 256

/* Our end, and the peer's with the same key for both directions. */
struct ends {
	struct seal *ours;
	srtp_t in, out;
};

static void policy_of(srtp_policy_t *policy, enum seal_profile profile, srtp_ssrc_type_t type, uint8_t *key)
{
	*policy = (srtp_policy_t){ .ssrc.type = type, .key = key, .window_size = 128 };
	if (profile == SEAL_GCM_128) {
		srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtp);
		srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtcp);
	} else {
		srtp_crypto_policy_set_rtp_default(&policy->rtp);
		srtp_crypto_policy_set_rtcp_default(&policy->rtcp);
	}
}

static void ends_open(struct ends *e, enum seal_profile profile)
{
	struct seal_keys keys = { .profile = profile };
	srtp_policy_t in, out;

	for (int i = 0; i < SEAL_KEY_MAX; i++) {
		keys.ours[i] = (uint8_t)(i * 7 + 1);
		keys.theirs[i] = (uint8_t)(i * 11 + 3);
	}
	srtp_init();
	policy_of(&in, profile, ssrc_any_inbound, keys.ours);
	policy_of(&out, profile, ssrc_any_outbound, keys.theirs);
	assert_int_equal(srtp_create(&e->in, &in), srtp_err_status_ok);
	assert_int_equal(srtp_create(&e->out, &out), srtp_err_status_ok);
	assert_int_equal(seal_new(&keys, &e->ours), 0);
}

static void ends_close(struct ends *e)
{
	srtp_dealloc(e->in);
	srtp_dealloc(e->out);
	seal_free(e->ours);
}

/* An RTP packet, every fourth with a contributor and an extension. */
static size_t packet(uint8_t *p, uint16_t seq, uint32_t ssrc)
{
	bool rich = seq % 4 == 0;
	size_t head = rich ? 12 + 4 + 8 : 12;

	memset(p, 0, head);
	memcpy(p, rich ? "\x91\x08" : "\x80\x08", 2);
	p[2] = (uint8_t)(seq >> 8);
	p[3] = (uint8_t)seq;
	p[10] = (uint8_t)(ssrc >> 8);
	p[11] = (uint8_t)ssrc;
	if (rich)
		memcpy(p + 16, "\xbe\xde\0\1", 4);
	memset(p + head, seq, BODY);
	return head + BODY;
}

static void both_ways(enum seal_profile profile)
{
	struct ends e;

	ends_open(&e, profile);
	for (uint32_t i = 65000; i < 3 * 65536; i += i % 5 ? 1 : 40) { /* with losses, over two wraps */
		uint8_t bytes[ROOM], plain[ROOM];
		size_t size = packet(plain, (uint16_t)i, 7), n = size;
		int length;

		memcpy(bytes, plain, size);
		assert_int_equal(seal_protect(e.ours, bytes, &n, false), 0);
		length = (int)n;
		assert_int_equal(srtp_unprotect(e.in, bytes, &length), srtp_err_status_ok);
		assert_int_equal(length, size);
		assert_memory_equal(bytes, plain, size);
		assert_int_equal(srtp_protect(e.out, bytes, &length), srtp_err_status_ok);
		n = (size_t)length;
		assert_int_equal(seal_unprotect(e.ours, bytes, &n, false), 0);
		assert_int_equal(n, size);
		assert_memory_equal(bytes, plain, size);
	}
	ends_close(&e);
}

static void test_packets(void **state)
{
	(void)state;
	both_ways(SEAL_GCM_128);
	both_ways(SEAL_SHA1_80);
}

static void reports(enum seal_profile profile)
{
	static const uint8_t plain[] = "\x80\xc9\0\1\0\0\0\7\x81\xca\0\2\0\0\0\7\1\2ab\0\0\0\0";
	struct ends e;
	uint8_t bytes[ROOM], copy[ROOM];
	size_t word = profile == SEAL_GCM_128 ? 4 : 14, n, size;

	ends_open(&e, profile);
	for (int i = 0; i < 50; i++) {
		int length;

		memcpy(bytes, plain, 20);
		n = 20;
		assert_int_equal(seal_protect(e.ours, bytes, &n, true), 0);
		length = (int)n;
		assert_int_equal(srtp_unprotect_rtcp(e.in, bytes, &length), srtp_err_status_ok);
		assert_int_equal(length, 20);
		assert_memory_equal(bytes, plain, 20);
		assert_int_equal(srtp_protect_rtcp(e.out, bytes, &length), srtp_err_status_ok);
		size = (size_t)length;
		memcpy(copy, bytes, size);
		copy[size - word] &= 0x7f; /* says it is not encrypted */
		n = size;
		assert_int_not_equal(seal_unprotect(e.ours, copy, &n, true), 0);
		n = size;
		memcpy(copy, bytes, size);
		assert_int_equal(seal_unprotect(e.ours, bytes, &n, true), 0);
		assert_memory_equal(bytes, plain, 20);
		assert_int_equal(seal_unprotect(e.ours, copy, &size, true), -E_EXISTS);
	}
	n = 7;
	assert_int_equal(seal_unprotect(e.ours, bytes, &n, true), -E_SYNTAX);
	ends_close(&e);
}

static void test_reports(void **state)
{
	(void)state;
	reports(SEAL_GCM_128);
	reports(SEAL_SHA1_80);
}

/* Two packets swapped, each also forged and repeated, across the wrap of the sequence, among thirty SSRCs. */
static void hostile(enum seal_profile profile)
{
	struct ends e;
	uint8_t sealed[2][ROOM], bytes[ROOM], plain[ROOM];
	int length[2];
	size_t n;

	ends_open(&e, profile);
	for (uint32_t seq = 65500; seq < 65600; seq += 2) {
		for (int k = 0; k < 2; k++) {
			length[k] = (int)packet(sealed[k], (uint16_t)(seq + (uint32_t)k), 7);
			assert_int_equal(srtp_protect(e.out, sealed[k], &length[k]), srtp_err_status_ok);
		}
		for (int k = 1; k >= 0; k--) {
			n = (size_t)length[k];
			memcpy(bytes, sealed[k], n);
			bytes[n - 30] ^= 1;
			assert_int_equal(seal_unprotect(e.ours, bytes, &n, false), -E_AUTH);
			n = (size_t)length[k];
			memcpy(bytes, sealed[k], n);
			bytes[2] ^= 0x80; /* far away: the roll-over counter must not move */
			assert_int_not_equal(seal_unprotect(e.ours, bytes, &n, false), 0);
			n = (size_t)length[k];
			memcpy(bytes, sealed[k], n);
			assert_int_equal(seal_unprotect(e.ours, bytes, &n, false), 0);
			assert_int_equal(n, packet(plain, (uint16_t)(seq + (uint32_t)k), 7));
			assert_memory_equal(bytes, plain, n);
			n = (size_t)length[k];
			assert_int_equal(seal_unprotect(e.ours, sealed[k], &n, false), -E_EXISTS);
		}
	}
	for (uint32_t ssrc = 100; ssrc < 130; ssrc++) {
		length[0] = (int)packet(bytes, 5, ssrc);
		assert_int_equal(srtp_protect(e.out, bytes, &length[0]), srtp_err_status_ok);
		n = (size_t)length[0];
		assert_int_equal(seal_unprotect(e.ours, bytes, &n, false), 0);
	}
	ends_close(&e);
}

static void test_hostile(void **state)
{
	(void)state;
	hostile(SEAL_GCM_128);
	hostile(SEAL_SHA1_80);
}

static void test_refused(void **state)
{
	struct ends e;
	uint8_t bytes[ROOM];
	size_t n = packet(bytes, 100, 7);

	(void)state;
	ends_open(&e, SEAL_GCM_128);
	assert_int_equal(seal_protect(e.ours, bytes, &n, false), 0);
	n = packet(bytes, 100, 7);
	assert_int_equal(
		seal_protect(e.ours, bytes, &n, false), -E_EXISTS); /* never the same key stream twice */
	n = packet(bytes, 30, 7);
	assert_int_equal(seal_protect(e.ours, bytes, &n, false), -E_EXISTS);
	for (n = 0; n < 28; n++) {
		size_t size = n;

		assert_int_equal(seal_unprotect(e.ours, bytes, &size, false), -E_SYNTAX);
	}
	memset(bytes, 0xff, sizeof(bytes));
	bytes[0] = 0x9f; /* contributors and an extension beyond the end */
	n = 100;
	assert_int_equal(seal_unprotect(e.ours, bytes, &n, false), -E_SYNTAX);
	ends_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_refused),
	};

	return unit_run(tests);
}
