/* Lock-out after wrong passwords, and the bucket of an address; the clock is an argument. */
#include "unit.h"

#include "base/clock.h"
#include "desk/guard.h"

#include <stdio.h>

#define NAME STR("agent1")

static void fail_times(struct guard *guard, int n, int64_t now_us)
{
	const struct guard_limits limits = { .failures = 5, .lock_ms = 30000 };
	for (int i = 0; i < n; i++)
		guard_failed(guard, NAME, &limits, now_us);
}

static void test_the_fifth_locks_and_each_further_doubles(void **state)
{
	static const struct {
		int failures;
		int64_t wait_ms;
	} cases[] = { { 0, 0 }, { 4, 0 }, { 5, 30000 }, { 6, 60000 }, { 9, 480000 }, { 10, 960000 },
		{ 60, 960000 } };
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct guard *guard = guard_new();
		fail_times(guard, cases[i].failures, 1000);
		assert_int_equal(guard_wait_ms(guard, NAME, 1000), cases[i].wait_ms);
		assert_int_equal(guard_wait_ms(guard, NAME, 1000 + cases[i].wait_ms * CLOCK_MS_US), 0);
		guard_free(guard);
	}
}

static void test_others_are_not_locked_and_success_forgives(void **state)
{
	(void)state;
	struct guard *guard = guard_new();
	fail_times(guard, 5, 0);
	assert_int_equal(guard_wait_ms(guard, STR("agent2"), 0), 0);
	guard_succeeded(guard, NAME);
	assert_int_equal(guard_wait_ms(guard, NAME, 0), 0);
	fail_times(guard, 4, 0);
	assert_int_equal(guard_wait_ms(guard, NAME, 0), 0);
	guard_free(guard);
}

static void test_a_user_is_unlocked_at_all_addresses(void **state)
{
	(void)state;
	const struct guard_limits limits = { .failures = 2, .lock_ms = 1000 };
	struct guard *guard = guard_new();
	static const char *const names[] = { "10.0.0.1 mei", "10.0.0.2 mei", "10.0.0.1 li" };
	for (int i = 0; i < 6; i++)
		guard_failed(guard, str_from(names[i % 3]), &limits, 0);
	json_t *list = guard_failures_of(guard, "mei", 0);
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(list, 0), "address")), "10.0.0.1");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 0), "locked_ms")), 1000);
	json_decref(list);
	guard_unlock(guard, "mei");
	assert_int_equal(guard_wait_ms(guard, str_from(names[0]), 0), 0);
	assert_int_equal(guard_wait_ms(guard, str_from(names[1]), 0), 0);
	assert_int_equal(guard_wait_ms(guard, str_from(names[2]), 0), 1000);
	guard_free(guard);
}

static void test_an_address_has_two_hundred_tokens(void **state)
{
	(void)state;
	struct guard *guard = guard_new();
	int64_t now_us = CLOCK_S_US;
	for (int i = 0; i < 200; i++)
		assert_true(guard_admit(guard, STR("10.0.0.1"), now_us));
	assert_false(guard_admit(guard, STR("10.0.0.1"), now_us));
	assert_true(guard_admit(guard, STR("10.0.0.2"), now_us));
	now_us += CLOCK_S_US;
	for (int i = 0; i < 10; i++)
		assert_true(guard_admit(guard, STR("10.0.0.1"), now_us));
	assert_false(guard_admit(guard, STR("10.0.0.1"), now_us));
	guard_free(guard);
}

static void test_memory_is_bounded(void **state)
{
	(void)state;
	struct guard *guard = guard_new();
	fail_times(guard, 5, 0);
	for (int i = 0; i < 30000; i++) {
		char address[32];
		snprintf(address, sizeof(address), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		assert_true(guard_admit(guard, str_from(address), 1));
	}
	assert_int_equal(guard_wait_ms(guard, NAME, 0), 0); /* the oldest went */
	guard_free(guard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_fifth_locks_and_each_further_doubles),
		cmocka_unit_test(test_others_are_not_locked_and_success_forgives),
		cmocka_unit_test(test_a_user_is_unlocked_at_all_addresses),
		cmocka_unit_test(test_an_address_has_two_hundred_tokens),
		cmocka_unit_test(test_memory_is_bounded),
	};
	return unit_run(tests);
}
