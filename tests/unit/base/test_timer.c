/* Timers: order, restart, stop from a handler, and the heap under a random load against a plain model. */
#include "base/mem.h"
#include "base/timer.h"
#include "unit.h"

#include <stdlib.h>

struct probe {
	struct timer timer;
	struct timers *ts;
	struct timer *victim;
	int fired;
	int order;
};

static int turn;

static void on_fire(void *arg)
{
	struct probe *p = arg;
	p->fired++;
	p->order = ++turn;
	if (p->victim)
		timer_stop(p->ts, p->victim);
}

static void probe_init(struct probe *p, struct timers *ts)
{
	*p = (struct probe){ .ts = ts };
	timer_init(&p->timer, on_fire, p);
}

static void fires_in_order_and_once(void **state)
{
	(void)state;
	struct timers ts;
	struct probe a, b, c;
	turn = 0;
	timers_init(&ts, 0);
	probe_init(&a, &ts);
	probe_init(&b, &ts);
	probe_init(&c, &ts);
	timer_start(&ts, &a.timer, 30);
	timer_start(&ts, &b.timer, 10);
	timer_start(&ts, &c.timer, 10);
	assert_int_equal(timers_next(&ts), 10);
	timers_run(&ts, 9);
	assert_int_equal(b.fired, 0);
	timers_run(&ts, 30);
	assert_int_equal(b.order, 1);
	assert_int_equal(c.order, 2);
	assert_int_equal(a.order, 3);
	timers_run(&ts, 1000);
	assert_int_equal(a.fired, 1);
	assert_true(timers_next(&ts) == INT64_MAX);
	timers_done(&ts);
}

static void handler_stops_another(void **state)
{
	(void)state;
	struct timers ts;
	struct probe a, b;
	timers_init(&ts, 0);
	probe_init(&a, &ts);
	probe_init(&b, &ts);
	a.victim = &b.timer;
	timer_start(&ts, &a.timer, 5);
	timer_start(&ts, &b.timer, 6);
	timers_run(&ts, 10);
	assert_int_equal(b.fired, 0);
	assert_false(timer_is_pending(&b.timer));
	timers_done(&ts);
}

static void random_load_matches_model(void **state)
{
	(void)state;
	enum { N = 500 };
	struct timers ts;
	struct probe *p = mem_array(N, sizeof(*p));
	int64_t due[N];
	srand(7);
	timers_init(&ts, 0);
	for (int i = 0; i < N; i++) {
		probe_init(&p[i], &ts);
		due[i] = 1 + rand() % 1000;
		timer_start(&ts, &p[i].timer, due[i]);
	}
	for (int k = 0; k < 2000; k++) {
		int i = rand() % N;
		if (rand() % 3) {
			due[i] = 1 + rand() % 1000;
			timer_start(&ts, &p[i].timer, due[i]);
		} else {
			due[i] = INT64_MAX;
			timer_stop(&ts, &p[i].timer);
		}
	}
	for (int64_t now = 0; now <= 1000; now += 50) {
		timers_run(&ts, now);
		for (int i = 0; i < N; i++)
			assert_int_equal(p[i].fired, due[i] <= now);
	}
	timers_done(&ts);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fires_in_order_and_once),
		cmocka_unit_test(handler_stops_another),
		cmocka_unit_test(random_load_matches_model),
	};
	return unit_run(tests);
}
