/* Frames: whole, split, glued, unknown and too long. */
#include "unit.h"
#include "wire/event.h"
#include "wire/frame.h"

static void frames_survive_every_split(void **state)
{
	(void)state;
	struct buf b;
	enum frame_kind kind;
	struct str json;
	size_t size;
	buf_init(&b, 1000);
	frame_add(&b, FRAME_EVENT, STR("{\"n\":1}"));
	frame_add(&b, FRAME_LIVE, STR("{}"));
	for (size_t n = 0; n < 12; n++)
		assert_int_equal(frame_peek(str_sub(buf_str(&b), 0, n), &kind, &json, &size), -E_AGAIN);
	assert_int_equal(frame_peek(buf_str(&b), &kind, &json, &size), 0);
	assert_int_equal(kind, FRAME_EVENT);
	assert_true(str_eqz(json, "{\"n\":1}"));
	buf_consume(&b, size);
	assert_int_equal(frame_peek(buf_str(&b), &kind, &json, &size), 0);
	assert_int_equal(kind, FRAME_LIVE);
	buf_done(&b);
}

static void bad_frames_are_refused(void **state)
{
	(void)state;
	enum frame_kind kind;
	struct str json;
	size_t size;
	assert_int_equal(frame_peek(STR("\0\0\0\2\xff{}"), &kind, &json, &size), -E_SYNTAX);
	assert_int_equal(frame_peek(STR("\0\0\0\0\0"), &kind, &json, &size), -E_SYNTAX);
	assert_int_equal(frame_peek(STR("\x7f\xff\xff\xff\0"), &kind, &json, &size), -E_LIMIT);
}

static void event_names_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < EV__MAX; i++)
		assert_int_equal(event_from_name(event_name((enum event_kind)i)), i);
	assert_int_equal(event_from_name("no.such"), EV__MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_survive_every_split),
		cmocka_unit_test(bad_frames_are_refused),
		cmocka_unit_test(event_names_round_trip),
	};
	return unit_run(tests);
}
