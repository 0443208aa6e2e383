/* RTP, RTCP and the locking of addresses: pure, with times and packets made up. */
#include "unit.h"

#include "base/clock.h"
#include "media/latch.h"
#include "media/rtcp.h"
#include "media/rtp.h"

#include <string.h>

#define PTIME_US 20000

static struct rtp_packet packet(uint32_t ssrc, uint16_t seq)
{
	return (struct rtp_packet){ .pt = 8, .ssrc = ssrc, .seq = seq, .ts = seq * 160u, .n = 160 };
}

static void test_parse(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t n;
		int err;
		size_t payload;
	} cases[] = {
		{ "plain", "\x80\x88\0\1\0\0\0\2\0\0\0\3xy", 14, 0, 2 },
		{ "header alone", "\x80\x08\0\1\0\0\0\2\0\0\0\3", 12, 0, 0 },
		{ "short", "\x80\x08\0\1\0\0\0\2\0\0\0", 11, -E_SYNTAX, 0 },
		{ "version 1", "\x40\x08\0\1\0\0\0\2\0\0\0\3", 12, -E_SYNTAX, 0 },
		{ "contributor", "\x81\x08\0\1\0\0\0\2\0\0\0\3ccccz", 17, 0, 1 },
		{ "contributor missing", "\x82\x08\0\1\0\0\0\2\0\0\0\3cccc", 16, -E_SYNTAX, 0 },
		{ "extension", "\x90\x08\0\1\0\0\0\2\0\0\0\3\xbe\xde\0\1abcdpq", 22, 0, 2 },
		{ "extension too long", "\x90\x08\0\1\0\0\0\2\0\0\0\3\xbe\xde\0\2abcdpq", 22, -E_SYNTAX, 0 },
		{ "extension cut", "\x90\x08\0\1\0\0\0\2\0\0\0\3\xbe\xde", 14, -E_SYNTAX, 0 },
		{ "padding", "\xa0\x08\0\1\0\0\0\2\0\0\0\3xx\0\2", 16, 0, 2 },
		{ "padding of nothing", "\xa0\x08\0\1\0\0\0\2\0\0\0\3xx\0\0", 16, -E_SYNTAX, 0 },
		{ "padding over the payload", "\xa0\x08\0\1\0\0\0\2\0\0\0\3xx\0\5", 16, -E_SYNTAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rtp_packet p = { 0 };
		int err = rtp_parse((const uint8_t *)cases[i].bytes, cases[i].n, &p);

		if (err != cases[i].err || (!err && p.n != cases[i].payload))
			fail_msg("%s: err %d, payload %zu", cases[i].name, err, p.n);
	}
}

static void test_header_round_trip(void **state)
{
	struct rtp_packet in = {
		.pt = 101, .marker = true, .seq = 0xfffe, .ts = 0x80000001, .ssrc = 0xdeadbeef
	};
	struct rtp_packet out;
	uint8_t bytes[RTP_HEADER_SIZE];

	(void)state;
	rtp_write_header(bytes, &in);
	assert_int_equal(rtp_parse(bytes, sizeof(bytes), &out), 0);
	assert_int_equal(out.pt, 101);
	assert_true(out.marker);
	assert_int_equal(out.seq, in.seq);
	assert_int_equal(out.ts, in.ts);
	assert_int_equal(out.ssrc, in.ssrc);
}

static enum rtp_verdict take(struct rtp_source *s, uint32_t ssrc, uint16_t seq)
{
	struct rtp_packet p = packet(ssrc, seq);

	return rtp_source_take(s, &p, s->believed ? 2 : 1, (int64_t)seq * PTIME_US);
}

static void test_wrap_loss_duplicates(void **state)
{
	struct rtp_source s = { 0 };

	(void)state;
	assert_int_equal(take(&s, 1, 65530), RTP_CHANGED);
	for (unsigned i = 1; i < 20; i++) {
		if (i == 4 || i == 5)
			continue;
		assert_int_equal(take(&s, 1, (uint16_t)(65530 + i)), RTP_TAKEN);
	}
	assert_int_equal(rtp_source_lost(&s), 2);
	assert_int_equal(take(&s, 1, 65534), RTP_TAKEN); /* late, but here */
	assert_int_equal(take(&s, 1, 65534), RTP_DUPLICATE);
	assert_int_equal(take(&s, 1, (uint16_t)(65530 + 19)), RTP_DUPLICATE);
	assert_int_equal(rtp_source_lost(&s), 1);
	assert_int_equal(s.cycles, 1 << 16);
}

static void test_strangers(void **state)
{
	struct rtp_source s = { 0 };
	uint16_t seq = 100;

	(void)state;
	take(&s, 7, seq++);
	for (uint32_t i = 0; i < 20; i++) {
		assert_int_equal(take(&s, 1000 + i * 77, (uint16_t)(i * 991)), RTP_PROBATION);
		assert_int_equal(take(&s, 7, seq++), RTP_TAKEN);
	}
	/* two in a row, but the party spoke between them */
	assert_int_equal(take(&s, 9, 50), RTP_PROBATION);
	assert_int_equal(take(&s, 7, seq++), RTP_TAKEN);
	assert_int_equal(take(&s, 9, 51), RTP_PROBATION);
	assert_int_equal(take(&s, 9, 52), RTP_CHANGED);
	assert_int_equal(s.ssrc, 9);
	assert_int_equal(rtp_source_lost(&s), 0);
	/* the same SSRC starts its sequence anew */
	assert_int_equal(take(&s, 9, 40000), RTP_PROBATION);
	assert_int_equal(take(&s, 9, 40001), RTP_CHANGED);
}

static void test_jitter(void **state)
{
	struct rtp_source even = { 0 }, shaken = { 0 };

	(void)state;
	for (uint16_t i = 0; i < 200; i++) {
		struct rtp_packet p = packet(1, i);

		rtp_source_take(&even, &p, 1, i * PTIME_US);
		rtp_source_take(&shaken, &p, 1, i * PTIME_US + (i & 1) * 10000);
	}
	assert_true(rtp_source_jitter_us(&even) < 200);
	assert_in_range(rtp_source_jitter_us(&shaken), 9000, 11000);
}

/* Player, then a relayed party, then the player again: one sequence, one time line. */
static void test_out_continuity(void **state)
{
	struct rtp_out o;
	struct rtp_packet p = { 0 };
	int64_t now = CLOCK_S_US;
	uint32_t ts;

	(void)state;
	rtp_out_init(&o, 42, 65534, 0xffffff00);
	rtp_out_next(&o, &p, 160, now);
	assert_true(p.marker);
	ts = p.ts;
	rtp_out_next(&o, &p, 160, now + 21000);
	assert_false(p.marker);
	assert_int_equal(p.ts, ts + 160);
	now += PTIME_US + CLOCK_S_US;
	p = packet(5, 1000);
	assert_true(rtp_out_relay(&o, &p, 160, now));
	assert_true(p.marker);
	assert_int_equal(p.ssrc, 42);
	assert_int_equal(p.seq, 0);
	assert_in_range(p.ts - ts, 8000 + 140, 8000 + 180); /* a second by the clock */
	ts = p.ts;
	p = packet(5, 1003); /* two are lost, and stay lost */
	assert_true(rtp_out_relay(&o, &p, 160, now));
	assert_int_equal(p.seq, 3);
	assert_int_equal(p.ts, ts + 480);
	p = packet(5, 1001); /* late */
	assert_true(rtp_out_relay(&o, &p, 160, now));
	assert_int_equal(p.seq, 1);
	p = packet(5, 999); /* from before the run */
	assert_false(rtp_out_relay(&o, &p, 160, now));
	rtp_out_next(&o, &p, 160, now);
	assert_true(p.marker);
	assert_int_equal(p.seq, 4);
	assert_true((int32_t)(p.ts - (ts + 480)) >= 160);
}

static void test_long_relay(void **state)
{
	struct rtp_out o;
	uint16_t want;

	(void)state;
	rtp_out_init(&o, 1, 500, 0);
	want = 500;
	for (uint32_t i = 0; i < 200000; i++) {
		struct rtp_packet p = packet(5, (uint16_t)(i + 7));

		p.ts = i * 160;
		assert_true(rtp_out_relay(&o, &p, 160, (int64_t)i * PTIME_US));
		assert_int_equal(p.seq, want);
		want++;
	}
}

static void test_rtcp_round_trip(void **state)
{
	struct rtcp_report in = { .ssrc = 77,
		.sender = true,
		.ntp = rtcp_ntp(1795000000500),
		.rtp_ts = 5,
		.packets = 6,
		.bytes = 7,
		.has_block = true,
		.block = { .ssrc = 99,
			.fraction = 12,
			.lost = -3,
			.max_seq = 1,
			.jitter = 2,
			.last_sr = 3,
			.delay = 4 },
		.bye = true };
	struct rtcp_report out;
	uint8_t bytes[RTCP_SIZE_MAX];
	size_t n = rtcp_build(bytes, &in, "abcdefgh1234567");

	(void)state;
	assert_true(n <= sizeof(bytes));
	assert_int_equal(rtcp_parse(bytes, n, 99, &out), 0);
	assert_int_equal(out.ntp, in.ntp);
	assert_int_equal(out.bytes, 7);
	assert_true(out.has_block && out.bye);
	assert_int_equal(out.block.lost, -3);
	assert_int_equal(out.block.delay, 4);
	assert_int_equal(rtcp_parse(bytes, n, 98, &out), 0);
	assert_false(out.has_block);
	for (size_t cut = 1; cut < n; cut++)
		if (cut % 4)
			assert_int_equal(rtcp_parse(bytes, cut, 99, &out), -E_SYNTAX);
	assert_int_equal(rtcp_ntp_middle(UINT64_C(0x1122334455667788)), 0x33445566);
}

static void test_rtcp_limits(void **state)
{
	uint8_t many[33 * 8];
	uint8_t blocks[] = { 0x82, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0 };
	struct rtcp_report out;

	(void)state;
	for (size_t i = 0; i < sizeof(many); i += 8)
		memcpy(many + i, "\x80\xc9\0\1\0\0\0\1", 8);
	assert_int_equal(rtcp_parse(many, sizeof(many) - 8, 1, &out), 0);
	assert_int_equal(rtcp_parse(many, sizeof(many), 1, &out), -E_SYNTAX);
	assert_int_equal(
		rtcp_parse(blocks, sizeof(blocks), 1, &out), -E_SYNTAX); /* claims two blocks, holds one */
}

static struct addr at(const char *ip, uint16_t port)
{
	struct addr a;

	assert_int_equal(addr_from_host(str_from(ip), port, &a), 0);
	return a;
}

static bool heard(struct latch *l, const struct addr *from, uint32_t ssrc, uint16_t seq, int64_t now_us)
{
	struct rtp_packet p = packet(ssrc, seq);

	return latch_take(l, from, &p, now_us);
}

static void test_latch(void **state)
{
	struct addr said = at("192.0.2.1", 4000), nat = at("198.51.100.7", 9000),
		    thief = at("203.0.113.9", 4000);
	struct latch l = { 0 };
	int64_t now = 0;

	(void)state;
	latch_say(&l, &said);
	assert_true(addr_eq(latch_target(&l), &said));
	assert_false(heard(&l, &nat, 1, 10, now));
	assert_false(heard(&l, &nat, 1, 11, now));
	assert_false(latch_is_locked(&l));
	assert_true(heard(&l, &nat, 1, 12, now)); /* behind NAT */
	assert_true(addr_eq(latch_target(&l), &nat));
	for (uint16_t i = 0; i < 50; i++) {
		assert_false(heard(&l, &thief, 1, (uint16_t)(13 + i), now += PTIME_US));
		assert_true(heard(&l, &nat, 1, (uint16_t)(13 + i), now));
	}
	assert_true(heard(&l, &said, 2, 5, now));  /* the said address may take over … */
	assert_false(heard(&l, &nat, 1, 99, now)); /* … and nobody from it */
	now += 3 * CLOCK_S_US;
	assert_false(heard(&l, &nat, 1, 100, now)); /* a mapping that changed */
	assert_false(heard(&l, &nat, 1, 101, now));
	assert_true(heard(&l, &nat, 1, 102, now));
	latch_say(&l, &said); /* a re-INVITE that changes nothing */
	assert_true(addr_eq(latch_target(&l), &nat));
	latch_say(&l, &thief);
	assert_true(addr_eq(latch_target(&l), &thief));
	assert_false(latch_is_locked(&l));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_header_round_trip),
		cmocka_unit_test(test_wrap_loss_duplicates),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_out_continuity),
		cmocka_unit_test(test_long_relay),
		cmocka_unit_test(test_rtcp_round_trip),
		cmocka_unit_test(test_rtcp_limits),
		cmocka_unit_test(test_latch),
	};

	return unit_run(tests);
}
