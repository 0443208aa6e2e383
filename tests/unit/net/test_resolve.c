/* Names: found, unknown, cancelled at every moment; the loop may end while somebody still asks. */
#include "net/resolve.h"
#include "unit.h"

struct probe {
	int calls;
	size_t n;
	struct addr first;
};

static void on_resolved(void *arg, const struct addr *addrs, size_t n)
{
	struct probe *p = arg;
	p->calls++;
	p->n = n;
	if (n)
		p->first = addrs[0];
}

static void found_and_not_found(void **state)
{
	(void)state;
	struct loop *loop = loop_new();
	struct probe known = { 0 }, numeric = { 0 }, wrong = { 0 };
	assert_non_null(resolve_start(loop, "localhost", 5060, on_resolved, &known));
	assert_non_null(resolve_start(loop, "192.0.2.7", 5062, on_resolved, &numeric));
	assert_non_null(resolve_start(loop, "no such name", 1, on_resolved, &wrong));
	assert_int_equal(known.calls + numeric.calls + wrong.calls, 0);
	while (known.calls + numeric.calls + wrong.calls < 3)
		loop_run_once(loop);
	assert_true(known.n > 0 && addr_is_loopback(&known.first));
	assert_int_equal(addr_port(&known.first), 5060);
	assert_int_equal(addr_port(&numeric.first), 5062);
	assert_int_equal(wrong.n, 0);
	loop_free(loop);
}

static void cancelled_early_and_late(void **state)
{
	(void)state;
	struct probe p = { 0 };
	for (int i = 0; i < 50; i++) {
		struct loop *loop = loop_new();
		struct probe other = { 0 };
		struct resolve *r = resolve_start(loop, "192.0.2.7", 1, on_resolved, &p);
		/* The second one's answer comes about when the first one's does. */
		assert_non_null(resolve_start(loop, "192.0.2.8", 1, on_resolved, &other));
		if (i % 2)
			while (!other.calls && !p.calls)
				loop_run_once(loop);
		if (!p.calls)
			assert_null(resolve_cancel(r));
		p.calls = 0;
		while (!other.calls)
			loop_run_once(loop);
		loop_drain(loop);
		assert_int_equal(p.calls, 0);
		loop_free(loop);
	}
	assert_null(resolve_cancel(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_and_not_found),
		cmocka_unit_test(cancelled_early_and_late),
	};
	return unit_run(tests);
}
