/* Callers from addresses that are no trunk's: told once a minute each, counted, and never more than 64 a
 * minute. */
#include "base/clock.h"
#include "switch/strangers.h"
#include "unit.h"

#include <stdio.h>

#define MINUTE_US (60 * CLOCK_S_US)

static int64_t note(struct strangers *s, int last, unsigned port, int64_t now_us)
{
	char text[40];
	struct addr addr;
	snprintf(text, sizeof(text), "192.0.2.%d:%u", last, port);
	assert_int_equal(addr_from_string(str_from(text), &addr), 0);
	return strangers_note(s, &addr, now_us);
}

static void each_is_told_once_a_minute(void **state)
{
	struct strangers s = { .total = 0 };
	(void)state;
	assert_int_equal(note(&s, 1, 5060, 5), 1);
	assert_int_equal(note(&s, 1, 5061, 6), 0);
	assert_int_equal(note(&s, 2, 5060, 7), 1);
	assert_int_equal(note(&s, 1, 5060, 4 + MINUTE_US), 0);
	assert_int_equal(note(&s, 1, 5060, 5 + MINUTE_US), 3);
	assert_int_equal(note(&s, 1, 5060, 6 + MINUTE_US), 0);
	assert_int_equal(s.total, 6);
}

static void a_crowd_fills_no_log(void **state)
{
	struct strangers s = { .total = 0 };
	int told = 0;
	(void)state;
	for (int i = 0; i < 200; i++)
		told += note(&s, i, 5060, i) != 0;
	assert_int_equal(told, STRANGERS_KEPT);
	assert_int_equal(s.total, 200);
	assert_int_equal(note(&s, 201, 5060, MINUTE_US), 1);
	assert_int_equal(note(&s, 63, 5060, MINUTE_US), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_told_once_a_minute),
		cmocka_unit_test(a_crowd_fills_no_log),
	};
	return unit_run(tests);
}
