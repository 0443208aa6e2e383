/* Calls of one address: how many at once, how fast, and what counts as one address. */
#include "unit.h"

#include "base/clock.h"
#include "call/visitor.h"

#include <stdio.h>

static struct addr at(const char *host)
{
	struct addr addr;
	assert_int_equal(addr_from_host(str_from(host), 5060, &addr), 0);
	return addr;
}

static struct visitor *enter(struct visitor **all, const char *host, size_t max, int64_t now_us)
{
	struct addr addr = at(host);
	return visitor_enter(all, &addr, max, now_us);
}

static void test_so_many_at_once(void **state)
{
	struct visitor *all = NULL;
	(void)state;
	struct visitor *one = enter(&all, "192.0.2.1", 2, 0);
	assert_ptr_equal(enter(&all, "192.0.2.1", 2, 0), one);
	assert_null(enter(&all, "192.0.2.1", 2, 0));
	assert_non_null(enter(&all, "192.0.2.2", 2, 0));
	visitor_leave(one);
	assert_ptr_equal(enter(&all, "192.0.2.1", 2, 0), one);
	visitor_leave(NULL);
	visitors_free(&all);
}

static void test_a_network_of_ipv6_is_one(void **state)
{
	struct visitor *all = NULL;
	(void)state;
	assert_non_null(enter(&all, "2001:db8::1", 1, 0));
	assert_null(enter(&all, "2001:db8::ffff:2", 1, 0));
	assert_non_null(enter(&all, "2001:db8:0:1::1", 1, 0));
	visitors_free(&all);
}

static void test_hanging_up_is_no_way_around_the_pace(void **state)
{
	struct visitor *all = NULL;
	int taken = 0;
	(void)state;
	for (int i = 0; i < 100; i++) {
		struct visitor *visitor = enter(&all, "192.0.2.1", 5, CLOCK_S_US);
		taken += visitor != NULL;
		visitor_leave(visitor);
	}
	assert_int_equal(taken, 30);
	assert_non_null(enter(&all, "192.0.2.1", 5, 2 * CLOCK_S_US));
	assert_null(enter(&all, "192.0.2.1", 5, 2 * CLOCK_S_US));
	visitors_free(&all);
}

static void test_who_has_no_call_makes_room(void **state)
{
	struct visitor *all = NULL;
	char host[32];
	(void)state;
	for (int i = 0; i < 10000; i++) {
		snprintf(host, sizeof(host), "10.%d.%d.1", i >> 8, i & 255);
		assert_non_null(enter(&all, host, 1, 0));
	}
	assert_null(enter(&all, "192.0.2.1", 1, 0));
	struct addr first = at("10.0.7.1");
	visitor_leave(all);
	assert_non_null(enter(&all, "192.0.2.1", 1, 0));
	assert_int_equal(HASH_COUNT(all), 10000);
	assert_null(visitor_enter(&all, &first, 1, 0));
	visitors_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_so_many_at_once),
		cmocka_unit_test(test_a_network_of_ipv6_is_one),
		cmocka_unit_test(test_hanging_up_is_no_way_around_the_pace),
		cmocka_unit_test(test_who_has_no_call_makes_room),
	};
	return unit_run(tests);
}
