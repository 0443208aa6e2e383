/* The recorder's core with made-up arrivals: half an hour in a second. Parties' clocks are wrong by 200 ppm
 * in opposite directions, the network loses, delays and swaps packets, the caller is held for a while and the
 * agent changes half-way; both channels must stay where they were heard. */
#include "unit.h"

#include "base/clock.h"
#include "base/mem.h"
#include "media/law.h"
#include "media/recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE RECFILE_RATE
#define MARK_EVERY_S 5
#define LATE_US 30000 /* delay of the network */
#define ALIGN (RATE / 10)

struct tape {
	uint8_t *alaw[2];
	size_t size;
	uint32_t chunks, rewrites;
	uint16_t last_samples, last_flags;
};

static void on_chunk(void *arg, const struct recfile_chunk *chunk)
{
	struct tape *tape = arg;

	assert_true(chunk->index <= tape->chunks); /* without holes */
	assert_true((chunk->index + 1u) * RECFILE_CHUNK_SAMPLES <= tape->size);
	for (int c = 0; c < 2; c++)
		memcpy(tape->alaw[c] + chunk->index * RECFILE_CHUNK_SAMPLES, chunk->alaw[c],
			RECFILE_CHUNK_SAMPLES);
	if (chunk->index < tape->chunks)
		tape->rewrites++;
	else
		tape->chunks = chunk->index + 1;
	tape->last_samples = chunk->samples;
	tape->last_flags = chunk->flags;
}

static struct tape *tape_new(int seconds)
{
	struct tape *tape = mem_alloc(sizeof(*tape));

	law_init();
	tape->size = (size_t)(seconds + 1) * RATE;
	tape->alaw[0] = mem_alloc(tape->size);
	tape->alaw[1] = mem_alloc(tape->size);
	return tape;
}

static void tape_free(struct tape *tape)
{
	free(tape->alaw[0]);
	free(tape->alaw[1]);
	free(tape);
}

static int loudness(const struct tape *tape, int channel, size_t at)
{
	return abs(law_linear[MEDIA_PCMA][tape->alaw[channel][at]]);
}

/* A party and his clock. */
struct sender {
	double ppm;
	bool pauses;    /* leaves silence between words */
	uint32_t index; /* of the next packet */
	uint16_t seq;
	uint32_t ts;
	unsigned seed;
};

/* What is said at a moment: a loud mark of 100 ms every five seconds, speech between. */
static int said(const struct sender *s, double t)
{
	double in_round = fmod(t, MARK_EVERY_S);
	int loud = in_round < 0.1 ? 20000 : s->pauses && fmod(t, 1.0) > 0.6 ? 0 : 2000;

	return (int)(loud * sin(2 * M_PI * 400 * t));
}

struct arrival {
	int64_t at_us;
	struct rtp_packet packet;
	uint8_t bytes[160];
	bool lost;
};

/* The next packet of a sender with its fate. */
static void speak(struct sender *s, struct arrival *a)
{
	double true_rate = RATE * (1 + s->ppm / 1e6);
	unsigned luck = (unsigned)rand_r(&s->seed) % 1000;

	for (unsigned i = 0; i < 160; i++)
		a->bytes[i] = law_encode(MEDIA_PCMA, said(s, (s->index * 160.0 + i) / true_rate));
	a->at_us = (int64_t)((s->index + 1) * 160.0 / true_rate * 1e6) + LATE_US + rand_r(&s->seed) % 25000;
	if (luck < 5)
		a->at_us += 100000; /* overtaken by the next ones */
	a->lost = luck >= 980;
	a->packet = (struct rtp_packet){
		.pt = 8, .seq = s->seq++, .ts = s->ts, .ssrc = 1, .payload = a->bytes, .n = 160
	};
	s->ts += 160;
	s->index++;
}

/* Lets a sender speak from one second to another into a feed; packets in the order of their arrival, a few of
 * them held back. */
#define HELD 16
static void run_sender(struct recorder *r, struct recorder_feed *feed, struct sender *s, int64_t until_us,
	struct arrival held[HELD], size_t *n_held)
{
	for (;;) {
		size_t first = 0;

		while (*n_held < HELD)
			speak(s, &held[(*n_held)++]);
		for (size_t i = 1; i < HELD; i++)
			if (held[i].at_us < held[first].at_us)
				first = i;
		if (held[first].at_us > until_us)
			return;
		if (!held[first].lost && feed) {
			held[first].packet.payload = held[first].bytes;
			recorder_take(r, feed, &held[first].packet, MEDIA_PCMA, held[first].at_us);
		}
		held[first] = held[--*n_held];
	}
}

/* How far the mark of a round stands from where it was said. */
static int64_t mark_error(const struct tape *tape, int channel, int round)
{
	int64_t want = (int64_t)round * MARK_EVERY_S * RATE;
	int64_t best = INT64_MAX;

	for (int64_t at = want - RATE; at < want + RATE; at++) {
		if (at < 0 || loudness(tape, channel, (size_t)at) < 8000)
			continue;
		best = at - want;
		break;
	}
	return best;
}

enum { SECONDS = 1800, HELD_FROM = 600, HELD_TO = 673 };

/* Who is fed while: the caller but in the hold, the first agent until he transfers, then the second. */
static bool is_fed(int who, int64_t now)
{
	bool hold = now >= HELD_FROM * CLOCK_S_US && now < HELD_TO * CLOCK_S_US;
	bool first = now < SECONDS / 2 * CLOCK_S_US;

	return !hold && (who == 0 || (who == 1) == first);
}

/* Compares every round with where it was said and with the other channel; those of the hold are silent. */
static void check_rounds(const struct tape *tape)
{
	int missing = 0;

	for (int round = 1; round < SECONDS / MARK_EVERY_S - 1; round++) {
		int64_t a = mark_error(tape, 0, round), b = mark_error(tape, 1, round);
		int at = round * MARK_EVERY_S;

		if (at >= HELD_FROM && at < HELD_TO) {
			assert_true(a == INT64_MAX && b == INT64_MAX);
			continue;
		}
		if (a == INT64_MAX || b == INT64_MAX) {
			missing++;
			continue;
		}
		if (llabs(a) > ALIGN || llabs(b) > ALIGN || llabs(a - b) > ALIGN)
			fail_msg("round %d: caller off by %lld, agent by %lld samples", round, (long long)a,
				(long long)b);
	}
	assert_true(missing <= 3);
}

/* ppm: of the caller's clock; the agents' are as wrong the other way. */
static void half_hour(bool pauses, int ppm)
{
	static const enum media_channel channels[3] = { MEDIA_CHANNEL_CALLER, MEDIA_CHANNEL_AGENT,
		MEDIA_CHANNEL_AGENT };
	struct tape *tape = tape_new(SECONDS);
	struct recorder *r = mem_alloc(sizeof(*r));
	struct recorder_feed feeds[3];
	bool fed[3] = { false };
	struct sender senders[3] = {
		{ .ppm = ppm, .pauses = pauses, .seed = 1, .ts = 0xfff00000, .seq = 65000 },
		{ .ppm = -ppm, .pauses = pauses, .seed = 2 },
		{ .ppm = -ppm * 3 / 4, .pauses = pauses, .seed = 3, .ts = 77 }
	};
	struct arrival(*held)[HELD] = mem_array(3, sizeof(*held));
	size_t n_held[3] = { 0 };

	recorder_init(r, 0, on_chunk, tape);
	for (int64_t now = 0; now < SECONDS * CLOCK_S_US; now += 20000) {
		for (int who = 0; who < 3; who++) {
			if (is_fed(who, now) && !fed[who])
				recorder_feed_init(r, &feeds[who], channels[who]);
			else if (!is_fed(who, now) && fed[who])
				recorder_feed_done(r, &feeds[who]);
			fed[who] = is_fed(who, now);
			run_sender(r, fed[who] ? &feeds[who] : NULL, &senders[who], now, held[who],
				&n_held[who]);
		}
		recorder_tick(r, now);
	}
	assert_int_equal(recorder_finish(r, SECONDS * CLOCK_S_US), SECONDS * 1000);
	check_rounds(tape);
	assert_int_equal(tape->chunks, SECONDS * 2);
	free(held);
	free(r);
	tape_free(tape);
}

static void test_half_hour(void **state)
{
	(void)state;
	half_hour(true, 200);
	half_hour(true, -200);
}

static void test_half_hour_without_pauses(void **state)
{
	(void)state;
	half_hour(false, 200);
	half_hour(false, -200);
}

/* One feed into a fresh recorder, for the short tests. */
struct bench {
	struct tape *tape;
	struct recorder r;
	struct recorder_feed feed;
};

static struct bench *bench_new(void)
{
	struct bench *b = mem_alloc(sizeof(*b));

	b->tape = tape_new(60);
	recorder_init(&b->r, 0, on_chunk, b->tape);
	recorder_feed_init(&b->r, &b->feed, MEDIA_CHANNEL_CALLER);
	return b;
}

static void bench_free(struct bench *b)
{
	tape_free(b->tape);
	free(b);
}

static void tone(
	struct bench *b, struct recorder_feed *feed, uint16_t seq, uint32_t ts, int level, int64_t now_us)
{
	uint8_t bytes[160];
	struct rtp_packet p = { .seq = seq, .ts = ts, .payload = bytes, .n = sizeof(bytes) };

	memset(bytes, law_encode(MEDIA_PCMA, level), sizeof(bytes));
	recorder_take(&b->r, feed, &p, MEDIA_PCMA, now_us);
}

static void test_gap_and_jump(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	for (unsigned i = 0; i < 50; i++) /* the first second */
		tone(b, &b->feed, (uint16_t)i, i * 160, 5000, (i + 1) * 20000);
	for (unsigned i = 0; i < 50; i++) /* three seconds later, the timestamps know nothing of it */
		tone(b, &b->feed, (uint16_t)(50 + i), (50 + i) * 160, 6000, 4000000 + (i + 1) * 20000);
	for (unsigned i = 0; i < 50; i++) /* the timestamps jump, time does not */
		tone(b, &b->feed, (uint16_t)(100 + i), 900000 + i * 160, 7000, 5000000 + (i + 1) * 20000);
	assert_int_equal(recorder_finish(&b->r, 6250000), 6250);
	assert_int_equal(b->tape->chunks, 13);
	assert_int_equal(b->tape->last_samples, RATE / 4);
	assert_int_equal(b->tape->last_flags, RECFILE_LAST);
	assert_true(loudness(b->tape, 0, RATE / 2) > 4500);
	assert_true(loudness(b->tape, 0, 2 * RATE) < 20);
	assert_true(loudness(b->tape, 0, 4 * RATE - 10) < 20);
	assert_in_range(loudness(b->tape, 0, 4 * RATE + 10), 5500, 6500);
	assert_in_range(loudness(b->tape, 0, 5 * RATE + 10), 6500, 7500);
	assert_true(loudness(b->tape, 1, RATE / 2) < 20);
	bench_free(b);
}

/* A packet up to 200 ms late still finds its place, and a chunk already given out is given again. */
static void test_late_packet(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		if (i != 23)
			tone(b, &b->feed, (uint16_t)i, i * 160, 5000, (i + 1) * 20000);
	recorder_tick(&b->r, 600000);
	assert_int_equal(b->tape->chunks, 1);
	assert_true(loudness(b->tape, 0, 23 * 160 + 80) < 20);
	tone(b, &b->feed, 23, 23 * 160, 5000, 24 * 20000 + 150000);
	tone(b, &b->feed, 2, 2 * 160, 9000, 700000); /* too late */
	recorder_finish(&b->r, 800000);
	assert_int_equal(b->tape->rewrites, 1);
	assert_true(loudness(b->tape, 0, 23 * 160 + 80) > 4500);
	assert_in_range(loudness(b->tape, 0, 2 * 160 + 80), 4500, 5500);
	bench_free(b);
}

static void test_pause_and_two_feeds(void **state)
{
	struct bench *b = bench_new();
	struct recorder_feed other;

	(void)state;
	recorder_feed_init(&b->r, &other, MEDIA_CHANNEL_CALLER);
	for (unsigned i = 0; i < 150; i++) {
		int64_t now = (i + 1) * 20000;

		if (i == 50 || i == 100)
			recorder_pause(&b->r, i == 50, now - 20000);
		tone(b, &b->feed, (uint16_t)i, i * 160, 3000, now);
		tone(b, &other, (uint16_t)(i + 9), i * 160 + 7, 2000, now);
	}
	recorder_finish(&b->r, 3000000);
	assert_in_range(loudness(b->tape, 0, RATE / 2), 4600, 5400);
	assert_true(loudness(b->tape, 0, RATE + RATE / 2) < 20); /* card data */
	assert_in_range(loudness(b->tape, 0, 2 * RATE + RATE / 2), 4600, 5400);
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half_hour),
		cmocka_unit_test(test_half_hour_without_pauses),
		cmocka_unit_test(test_gap_and_jump),
		cmocka_unit_test(test_late_packet),
		cmocka_unit_test(test_pause_and_two_feeds),
	};

	return unit_run(tests);
}
