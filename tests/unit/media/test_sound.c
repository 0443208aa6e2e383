/* Sound as samples: G.711 against spandsp, prompts, the player's list, jitter; and the pool of ports. */
#include "unit.h"

#include "base/clock.h"
#include "base/mem.h"
#include "media/law.h"
#include "media/jitter.h"
#include "media/pairs.h"
#include "media/player.h"

#include <spandsp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_g711(void **state)
{
	(void)state;
	law_init();
	for (unsigned i = 0; i < 256; i++) {
		assert_int_equal(law_linear[MEDIA_PCMA][i], alaw_to_linear((uint8_t)i));
		assert_int_equal(law_linear[MEDIA_PCMU][i], ulaw_to_linear((uint8_t)i));
		assert_int_equal(law_encode(MEDIA_PCMA, law_linear[MEDIA_PCMA][i]), i);
		if (i != 0x7f) /* minus zero */
			assert_int_equal(law_encode(MEDIA_PCMU, law_linear[MEDIA_PCMU][i]), i);
	}
	for (int v = -40000; v < 40000; v += 7) {
		int c = v > 32767 ? 32767 : v < -32768 ? -32768 : v;
		int a = law_linear[MEDIA_PCMA][law_encode(MEDIA_PCMA, v)];
		int u = law_linear[MEDIA_PCMU][law_encode(MEDIA_PCMU, v)];

		assert_true(abs(a - c) <= abs(c) / 16 + 520 * (abs(c) > 32000) + 16);
		assert_true(abs(u - c) <= abs(c) / 16 + 640 * (abs(c) > 32000) + 16);
	}
}

#define FMT(format, channels, rate, bits) "fmt \x10\0\0\0" format channels rate "\0\0\0\0\0\0" bits
#define RATE8 "\x40\x1f\0\0"

static void test_wav(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t n;
		int err;
		size_t samples;
	} cases[] = {
		{ "pcm", "RIFF____WAVE" FMT("\1\0", "\1\0", RATE8, "\x10\0") "data\4\0\0\0\1\2\3\4", 48, 0,
			2 },
		{ "a-law", "RIFF____WAVE" FMT("\6\0", "\1\0", RATE8, "\x08\0") "data\3\0\0\0\1\2\3", 47, 0,
			3 },
		{ "odd chunk before",
			"RIFF____WAVELIST\1\0\0\0x\0" FMT("\7\0", "\1\0", RATE8, "\x08\0") "data\1\0\0\0\1",
			55, 0, 1 },
		{ "claims too much",
			"RIFF____WAVE" FMT("\1\0", "\1\0", RATE8, "\x10\0") "data\xff\xff\xff\xff\1\2\3\4",
			48, 0, 2 },
		{ "stereo", "RIFF____WAVE" FMT("\1\0", "\2\0", RATE8, "\x10\0") "data\0\0\0\0", 44,
			-E_UNSUPPORTED, 0 },
		{ "16 kHz", "RIFF____WAVE" FMT("\1\0", "\1\0", "\x80\x3e\0\0", "\x10\0") "data\0\0\0\0", 44,
			-E_UNSUPPORTED, 0 },
		{ "no format", "RIFF____WAVEdata\0\0\0\0", 20, -E_SYNTAX, 0 },
		{ "no data", "RIFF____WAVE" FMT("\1\0", "\1\0", RATE8, "\x10\0"), 36, -E_SYNTAX, 0 },
		{ "not a WAV", "RIFX____WAVE", 12, -E_SYNTAX, 0 },
		{ "empty", "", 0, -E_SYNTAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sound *s = NULL;
		int err = sound_parse((struct str){ cases[i].bytes, cases[i].n }, &s);

		if (err != cases[i].err || (s && s->n != cases[i].samples))
			fail_msg("%s: err %d, %zu samples", cases[i].name, err, s ? s->n : 0);
		sound_unref(s);
	}
}

static struct sound *ramp(size_t n, int16_t first)
{
	struct sound *s = mem_alloc(sizeof(*s) + n * 2);

	s->refs = 1;
	s->n = n;
	for (size_t i = 0; i < n; i++)
		s->samples[i] = (int16_t)(first + (int)i);
	return s;
}

static void test_player_list(void **state)
{
	struct media_item file = { .kind = MEDIA_ITEM_FILE },
			  pause = { .kind = MEDIA_ITEM_SILENCE, .ms = 10 };
	struct player *p = player_new(3);
	int16_t frame[LAW_FRAME];

	(void)state;
	player_set(p, 0, &file, ramp(100, 1));
	player_set(p, 1, &pause, NULL);
	player_set(p, 2, &file, ramp(50, 1000));
	player_seek(p, 0);
	assert_true(player_next(p, frame));
	assert_int_equal(frame[99], 100);
	assert_int_equal(frame[100], 0); /* ten milliseconds of silence */
	assert_true(player_next(p, frame));
	assert_int_equal(frame[19], 0);
	assert_int_equal(frame[20], 1000);
	assert_int_equal(frame[69], 1049);
	assert_int_equal(frame[70], 0);
	assert_false(player_next(p, frame));
	assert_int_equal(p->played, 230);
	player_seek(p, 25); /* into the last */
	assert_true(player_next(p, frame));
	assert_int_equal(frame[0], 1020);
	player_seek(p, 1000);
	assert_false(player_next(p, frame));
	p->loop = true;
	player_seek(p, 230 / 8 * 10 + 5);
	for (int i = 0; i < 100; i++)
		assert_true(player_next(p, frame));
	player_free(p);
}

static void test_player_ends(void **state)
{
	struct media_item file = { .kind = MEDIA_ITEM_FILE };
	struct media_item endless = { .kind = MEDIA_ITEM_TONE, .tone = MEDIA_TONE_RINGBACK };
	struct media_item beep = { .kind = MEDIA_ITEM_TONE, .tone = MEDIA_TONE_BEEP };
	struct player *p = player_new(1);
	int16_t frame[LAW_FRAME];
	int n = 0, loud = 0;

	(void)state;
	p->loop = true;
	player_set(p, 0, &file, ramp(0, 0)); /* an empty file in a loop is an end, not a hang */
	player_seek(p, 0);
	assert_false(player_next(p, frame));
	player_free(p);
	p = player_new(1);
	player_set(p, 0, &endless, NULL);
	player_seek(p, 0);
	for (int i = 0; i < 500; i++) {
		assert_true(player_next(p, frame));
		loud += frame[10] != 0;
	}
	assert_int_equal(loud, 100); /* one second in five */
	player_free(p);
	p = player_new(1);
	player_set(p, 0, &beep, NULL);
	player_seek(p, 0);
	while (player_next(p, frame))
		n++;
	assert_int_equal(n, 10);
	player_free(p);
}

static void put(struct jitter *j, uint32_t ts, int level)
{
	uint8_t bytes[160];
	struct rtp_packet p = { .ts = ts, .payload = bytes, .n = sizeof(bytes) };

	memset(bytes, law_encode(MEDIA_PCMA, level), sizeof(bytes));
	jitter_put(j, &p, MEDIA_PCMA);
}

/* Packets swapped within the delay come out in order, across the wrap of the timestamp; then drift both ways.
 */
static void test_jitter(void **state)
{
	struct jitter *j = mem_alloc(sizeof(*j));
	uint32_t ts = UINT32_MAX - 1000;
	int16_t frame[LAW_FRAME];
	int last = 0, dry = 0;

	(void)state;
	law_init();
	for (int i = 0; i < 40; i += 2) {
		put(j, ts + 160, 200 * (i + 1));
		if (i)
			put(j, ts, 200 * i);
		ts += 320;
		for (int k = 0; k < 2; k++) {
			jitter_next(j, frame);
			if (i > 4)
				assert_true(frame[80] >= last && frame[80]);
			last = frame[80];
		}
	}
	for (int i = 0; i < 1000; i++) { /* two percent too many packets */
		put(j, ts += 160, 1000);
		if (i % 50 == 0)
			put(j, ts += 160, 1000);
		jitter_next(j, frame);
		assert_true((int32_t)(j->end_ts - j->play_ts) <= JITTER_SIZE);
	}
	for (int i = 0; i < 1000; i++) { /* two percent too few */
		if (i % 50)
			put(j, ts += 160, 1000);
		dry += !jitter_next(j, frame);
	}
	assert_in_range(dry, 1, 40);
	free(j);
}

static void test_ports(void **state)
{
	struct addr local;
	struct pairs *p;
	uint16_t low = (uint16_t)(10000 + getpid() % 2000 * 10); /* no range of the kernel's own choosing */
	struct pair_open a, b, c;

	(void)state;
	assert_int_equal(addr_from_host(STR("127.0.0.1"), 0, &local), 0);
	assert_int_equal(pairs_new(&local, 1000, 1000, 0, &p), -E_INVALID);
	assert_int_equal(pairs_new(&local, (uint16_t)(low + 1), (uint16_t)(low + 6), 10 * CLOCK_S_US, &p), 0);
	assert_int_equal(pairs_open(p, true, 0, &a), 0);
	assert_int_equal(a.port % 2, 0);
	assert_int_equal(a.stale_ssrc, 0);
	assert_int_equal(pairs_open(p, false, 0, &b), 0);
	assert_int_equal(b.fds[1], -1);
	assert_int_equal(pairs_open(p, true, 0, &c), -E_BUSY);
	for (int i = 0; i < 2; i++)
		close(a.fds[i]);
	pairs_give_back(p, a.port, 77, CLOCK_S_US);
	assert_int_equal(pairs_open(p, true, 10 * CLOCK_S_US, &c), -E_BUSY);
	assert_int_equal(pairs_available(p, 11 * CLOCK_S_US), 1);
	assert_int_equal(pairs_open(p, true, 11 * CLOCK_S_US, &c), 0);
	assert_int_equal(c.port, a.port);
	assert_int_equal(c.stale_ssrc, 77);
	for (int i = 0; i < 2; i++)
		close(c.fds[i]);
	close(b.fds[0]);
	pairs_free(p);
}

/* A port another program holds is passed over. */
static void test_port_taken(void **state)
{
	struct addr local;
	struct pairs *a, *b;
	uint16_t low = (uint16_t)(10000 + getpid() % 2000 * 10);
	struct pair_open open[2];

	(void)state;
	assert_int_equal(addr_from_host(STR("127.0.0.1"), 0, &local), 0);
	assert_int_equal(pairs_new(&local, low, (uint16_t)(low + 7), 0, &a), 0);
	assert_int_equal(pairs_new(&local, low, (uint16_t)(low + 7), 0, &b), 0);
	assert_int_equal(pairs_open(a, true, 0, &open[0]), 0);
	assert_int_equal(pairs_open(b, true, 0, &open[1]), 0);
	assert_int_not_equal(open[0].port, open[1].port);
	for (int i = 0; i < 4; i++)
		close(open[i / 2].fds[i % 2]);
	pairs_free(a);
	pairs_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_g711),
		cmocka_unit_test(test_wav),
		cmocka_unit_test(test_player_list),
		cmocka_unit_test(test_player_ends),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_port_taken),
	};

	return unit_run(tests);
}
