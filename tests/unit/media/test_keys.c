/* Telephone keys: what is sent is what is received, however the packets fare on the way. */
#include "unit.h"

#include "base/clock.h"
#include "media/keys.h"

#include <string.h>

struct sent {
	uint8_t payload[KEYS_PAYLOAD_SIZE];
	uint32_t ts;
};

/* All packets of the keys, with a timestamp per key as the sender would give. */
static size_t send_all(const char *keys, struct sent *dst)
{
	struct keys_out out = { 0 };
	uint32_t now = 0;
	size_t n = 0;

	assert_int_equal(keys_out_add(&out, keys, 80, 40), 0);
	for (; keys_out_busy(&out); now += 160) {
		enum keys_step step = keys_out_step(&out, dst[n].payload);

		if (step == KEYS_PAUSE)
			continue;
		if (step == KEYS_BEGIN)
			out.ts = now;
		dst[n++].ts = out.ts;
	}
	return n;
}

static void take(struct keys_in *in, const struct sent *s, int64_t now_us, char *heard)
{
	struct rtp_packet p = { .ts = s->ts, .payload = s->payload, .n = KEYS_PAYLOAD_SIZE };
	struct key got[2];
	size_t n = keys_take(in, &p, now_us, got);

	for (size_t i = 0; i < n; i++) {
		heard[strlen(heard)] = got[i].c;
		assert_in_range(got[i].duration_ms, 20, 80);
	}
}

static void test_each_key_once(void **state)
{
	struct sent sent[200];
	struct keys_in in = { 0 };
	char heard[32] = "";
	size_t n = send_all("159#D*0755", sent);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int repeat = 0; repeat < 3; repeat++)
			take(&in, &sent[i], 0, heard);
	assert_string_equal(heard, "159#D*0755");
}

static void test_reordered_and_late(void **state)
{
	struct sent sent[200];
	struct keys_in in = { 0 };
	char heard[32] = "";
	size_t n = send_all("123", sent);

	(void)state;
	for (size_t i = 0; i + 1 < n; i += 2) {
		take(&in, &sent[i + 1], 0, heard);
		take(&in, &sent[i], 0, heard);
	}
	if (n % 2)
		take(&in, &sent[n - 1], 0, heard);
	take(&in, &sent[0], 0, heard); /* far too late */
	assert_string_equal(heard, "123");
}

static void test_lost_ends(void **state)
{
	struct sent sent[200];
	struct keys_in in = { 0 };
	struct key key;
	char heard[32] = "";
	size_t n = send_all("12", sent);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (!(sent[i].payload[1] & 0x80))
			take(&in, &sent[i], 1000, heard);
	assert_string_equal(heard, "1"); /* ended by the second key */
	assert_int_equal(keys_flush(&in, 100000, &key), 0);
	assert_int_equal(keys_flush(&in, CLOCK_S_US, &key), 1);
	assert_int_equal(key.c, '2');
	assert_int_equal(keys_flush(&in, 2 * CLOCK_S_US, &key), 0);
	take(&in, &sent[n - 1], 2 * CLOCK_S_US, heard); /* its end after all */
	assert_string_equal(heard, "1");
}

static void test_refused(void **state)
{
	struct keys_out out = { 0 };
	struct keys_in in = { 0 };
	struct key got[2];
	struct rtp_packet shorter = { .payload = (const uint8_t *)"\1\x8a\1", .n = 3 };
	struct rtp_packet flash = { .payload = (const uint8_t *)"\x10\x8a\1\1", .n = 4 };
	char many[KEYS_QUEUE + 2];

	(void)state;
	assert_int_equal(keys_out_add(&out, "12x", 0, 0), -E_INVALID);
	assert_int_equal(keys_out_add(&out, "", 0, 0), -E_INVALID);
	memset(many, '1', sizeof(many) - 1);
	many[sizeof(many) - 1] = 0;
	assert_int_equal(keys_out_add(&out, many, 0, 0), -E_LIMIT);
	assert_false(keys_out_busy(&out));
	assert_int_equal(keys_take(&in, &shorter, 0, got), 0);
	assert_int_equal(keys_take(&in, &flash, 0, got), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_key_once),
		cmocka_unit_test(test_reordered_and_late),
		cmocka_unit_test(test_lost_ends),
		cmocka_unit_test(test_refused),
	};

	return unit_run(tests);
}
