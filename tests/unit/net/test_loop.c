/* Timers, the inbox, signals and the stall of one loop; UDP on it. */
#include "unit.h"
#include "base/clock.h"
#include "net/loop.h"
#include "net/udp.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

struct seen {
	struct loop *loop;
	char marks[16];
	size_t n;
};

struct mark {
	struct seen *seen;
	char c;
	struct timer timer;
};

static void put(void *arg)
{
	struct mark *m = arg;
	m->seen->marks[m->seen->n++] = m->c;
}

static void put_and_stop(void *arg)
{
	struct mark *m = arg;
	put(m);
	loop_stop(m->seen->loop);
}

static void timers_fire_in_order(void **state)
{
	(void)state;
	struct seen s = { .loop = loop_new() };
	struct mark a = { &s, 'a', { 0 } }, b = { &s, 'b', { 0 } }, c = { &s, 'c', { 0 } };
	struct timers *ts = loop_timers(s.loop);
	timer_init(&a.timer, put, &a);
	timer_init(&b.timer, put_and_stop, &b);
	timer_init(&c.timer, put, &c);
	int64_t from = loop_now_us(s.loop);
	timer_start_in(ts, &b.timer, 3000);
	timer_start_in(ts, &a.timer, 1500);
	timer_start_in(ts, &c.timer, 60 * CLOCK_S_US);
	loop_run(s.loop);
	assert_string_equal(s.marks, "ab");
	assert_true(loop_now_us(s.loop) - from >= 3000);
	timer_stop(ts, &c.timer);
	loop_free(s.loop);
}

/* What is asked for twice in a turn runs once, at its end; what asks again while it runs, once more. */
struct chorus {
	struct mark mark;
	struct loop_later later;
	int again;
};

static void sing(void *arg)
{
	struct chorus *c = arg;
	put(&c->mark);
	if (c->again-- > 0)
		loop_later(c->mark.seen->loop, &c->later);
}

static void a_turn_ends_with_what_was_kept_for_later(void **state)
{
	(void)state;
	struct seen s = { .loop = loop_new() };
	struct chorus a = { .mark = { &s, 'a', { 0 } }, .again = 1 }, b = { .mark = { &s, 'b', { 0 } } };
	struct mark first = { &s, '1', { 0 } };
	a.later = (struct loop_later){ .fn = sing, .arg = &a };
	b.later = (struct loop_later){ .fn = sing, .arg = &b };
	loop_later(s.loop, &a.later);
	loop_later(s.loop, &a.later);
	loop_later(s.loop, &b.later);
	loop_later_stop(s.loop, &b.later);
	loop_later_stop(s.loop, &b.later);
	assert_int_equal(s.n, 0);
	loop_run_nowait(s.loop);
	assert_string_equal(s.marks, "aa");
	loop_later(s.loop, &b.later);
	loop_post(s.loop, put_and_stop, &first);
	loop_run(s.loop);
	assert_string_equal(s.marks, "aab1");
	loop_free(s.loop);
}

static void posts_keep_their_order(void **state)
{
	(void)state;
	struct seen s = { .loop = loop_new() };
	struct mark a = { &s, 'a', { 0 } }, b = { &s, 'b', { 0 } }, c = { &s, 'c', { 0 } };
	loop_post(s.loop, put, &a);
	loop_post(s.loop, put_and_stop, &b);
	loop_post(s.loop, put, &c);
	loop_run(s.loop);
	assert_string_equal(s.marks, "abc");
	loop_post(s.loop, put, &a);
	loop_drain(s.loop);
	assert_string_equal(s.marks, "abca");
	loop_free(s.loop);
}

static void signals_arrive_on_the_loop(void **state)
{
	(void)state;
	struct seen s = { .loop = loop_new() };
	struct mark a = { &s, 's', { 0 } };
	assert_int_equal(loop_on_signal(s.loop, SIGUSR1, put_and_stop, &a), 0);
	kill(getpid(), SIGUSR1);
	loop_run(s.loop);
	assert_string_equal(s.marks, "s");
	loop_free(s.loop);
}

static void hog(void *arg)
{
	(void)arg;
	int64_t until = clock_mono_us() + 5000;
	while (clock_mono_us() < until)
		;
}

static void stall_is_measured_without_waiting(void **state)
{
	(void)state;
	struct seen s = { .loop = loop_new() };
	struct mark m = { &s, 'x', { 0 } };
	timer_init(&m.timer, put_and_stop, &m);
	loop_post(s.loop, hog, NULL);
	timer_start_in(loop_timers(s.loop), &m.timer, 20000);
	loop_run(s.loop);
	int64_t stall_us = loop_stall_us(s.loop);
	assert_true(stall_us >= 4900);
	assert_int_equal(loop_stall_take_us(s.loop), stall_us);
	assert_int_equal(loop_stall_us(s.loop), 0);
	loop_free(s.loop);
}

struct echo {
	struct udp *udp;
	struct loop *loop;
	char got[64];
	struct addr from;
};

static void take(void *arg, struct str data, const struct addr *from)
{
	struct echo *e = arg;
	assert_int_equal(str_copy(data, e->got, sizeof(e->got)), 0);
	e->from = *from;
	loop_stop(e->loop);
}

static void datagrams_travel(void **state)
{
	(void)state;
	static const char *const locals[] = { "127.0.0.1:0", "[::1]:0" };
	for (size_t i = 0; i < 2; i++) {
		struct addr any;
		struct echo a = { .loop = loop_new() }, b = { .loop = a.loop };
		assert_int_equal(addr_from_string(str_from(locals[i]), &any), 0);
		assert_int_equal(udp_open(a.loop, &any, take, &a, &a.udp), 0);
		assert_int_equal(udp_open(a.loop, &any, take, &b, &b.udp), 0);
		assert_int_equal(udp_send(a.udp, udp_local(b.udp), STR("ping")), 0);
		loop_run(a.loop);
		assert_string_equal(b.got, "ping");
		assert_true(addr_eq(&b.from, udp_local(a.udp)));
		assert_int_equal(udp_send(b.udp, &b.from, STR("")), 0);
		loop_run(a.loop);
		assert_true(addr_eq(&a.from, udp_local(b.udp)));
		udp_close(a.udp);
		udp_close(b.udp);
		loop_free(a.loop);
	}
}

static void udp_faults_have_names(void **state)
{
	(void)state;
	static char big[70000];
	struct echo a = { .loop = loop_new() };
	struct udp *second;
	struct addr any, foreign;
	assert_int_equal(addr_from_string(STR("127.0.0.1:0"), &any), 0);
	assert_int_equal(addr_from_string(STR("192.0.2.1:0"), &foreign), 0);
	assert_int_equal(udp_open(a.loop, &any, take, &a, &a.udp), 0);
	assert_int_equal(udp_open(a.loop, udp_local(a.udp), take, &a, &second), -E_EXISTS);
	assert_int_equal(udp_open(a.loop, &foreign, take, &a, &second), -E_UNREACHABLE);
	assert_int_equal(udp_send(a.udp, udp_local(a.udp), (struct str){ big, sizeof(big) }), -E_LIMIT);
	udp_close(a.udp);
	loop_free(a.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_fire_in_order),
		cmocka_unit_test(a_turn_ends_with_what_was_kept_for_later),
		cmocka_unit_test(posts_keep_their_order),
		cmocka_unit_test(signals_arrive_on_the_loop),
		cmocka_unit_test(stall_is_measured_without_waiting),
		cmocka_unit_test(datagrams_travel),
		cmocka_unit_test(udp_faults_have_names),
	};
	return unit_run(tests);
}
