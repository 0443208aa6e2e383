/* One libuv loop with our timers, an inbox and a measure of its longest stall. Timers have one uv_timer for
 * all of them, set anew before each wait, because libuv's own count milliseconds. The stall is what a turn
 * took less what libuv says it waited, so handlers that others hang on the loop count too. */
#include "net/loop.h"

#include "base/clock.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/queue.h>

#define SIGNALS_MAX 4

struct post {
	STAILQ_ENTRY(post) next;
	loop_fn fn;
	void *arg;
};

STAILQ_HEAD(posts, post);
STAILQ_HEAD(laters, loop_later);

struct signal_hook {
	uv_signal_t uv;
	struct loop *loop;
	loop_fn fn;
	void *arg;
};

struct loop {
	uv_loop_t uv;
	uv_async_t wake;
	uv_timer_t alarm;
	uv_prepare_t before_wait;
	struct timers timers;
	int64_t alarm_at_us;
	int64_t busy_from_us;      /* first handler since the last wait, 0 before it */
	uint64_t turn_ns, idle_ns; /* clock and libuv's waiting time at the last wait */
	_Atomic int64_t stall_us;
	atomic_bool stopping;
	_Atomic(pthread_t) thread;
	pthread_mutex_t lock; /* of the inbox */
	struct posts inbox;
	struct laters laters;
	struct signal_hook signals[SIGNALS_MAX];
	size_t n_signals;
	char *scratch;
};

uv_loop_t *loop_uv(struct loop *loop)
{
	return &loop->uv;
}

int loop_err(int uv_status)
{
	if (uv_status == UV_EOF || uv_status == UV_ECANCELED)
		return -E_CLOSED;
	return uv_status < 0 ? err_from_errno(-uv_status) : 0;
}

struct timers *loop_timers(struct loop *loop)
{
	return &loop->timers;
}

int64_t loop_now_us(struct loop *loop)
{
	loop->timers.now_us = clock_mono_us();
	if (!loop->busy_from_us)
		loop->busy_from_us = loop->timers.now_us;
	return loop->timers.now_us;
}

int64_t loop_busy_us(const struct loop *loop)
{
	return loop->busy_from_us ? clock_mono_us() - loop->busy_from_us : 0;
}

char *loop_scratch(struct loop *loop)
{
	if (!loop->scratch)
		loop->scratch = mem_alloc(LOOP_SCRATCH_BYTES);
	return loop->scratch;
}

bool loop_is_mine(const struct loop *loop)
{
	return pthread_equal(atomic_load_explicit(&loop->thread, memory_order_relaxed), pthread_self());
}

int64_t loop_stall_us(struct loop *loop)
{
	return atomic_load_explicit(&loop->stall_us, memory_order_relaxed);
}

int64_t loop_stall_take_us(struct loop *loop)
{
	return atomic_exchange_explicit(&loop->stall_us, 0, memory_order_relaxed);
}

void loop_drain(struct loop *loop)
{
	struct posts mine = STAILQ_HEAD_INITIALIZER(mine);
	pthread_mutex_lock(&loop->lock);
	STAILQ_CONCAT(&mine, &loop->inbox);
	pthread_mutex_unlock(&loop->lock);
	while (!STAILQ_EMPTY(&mine)) {
		struct post *p = STAILQ_FIRST(&mine);
		STAILQ_REMOVE_HEAD(&mine, next);
		loop_fn fn = p->fn;
		void *arg = p->arg;
		free(p);
		fn(arg);
	}
}

void loop_post(struct loop *loop, loop_fn fn, void *arg)
{
	struct post *p = mem_alloc(sizeof(*p));
	p->fn = fn;
	p->arg = arg;
	pthread_mutex_lock(&loop->lock);
	bool was_empty = STAILQ_EMPTY(&loop->inbox);
	STAILQ_INSERT_TAIL(&loop->inbox, p, next);
	pthread_mutex_unlock(&loop->lock);
	if (was_empty)
		uv_async_send(&loop->wake);
}

void loop_stop(struct loop *loop)
{
	atomic_store(&loop->stopping, true);
	uv_async_send(&loop->wake);
}

static void woken(uv_async_t *handle)
{
	struct loop *loop = CONTAINER_OF(handle, struct loop, wake);
	loop_now_us(loop);
	loop_drain(loop);
	if (atomic_load(&loop->stopping))
		uv_stop(&loop->uv);
}

static void alarm_rang(uv_timer_t *handle)
{
	struct loop *loop = CONTAINER_OF(handle, struct loop, alarm);
	loop->alarm_at_us = INT64_MAX;
	timers_run(&loop->timers, loop_now_us(loop));
}

static void measure_stall(struct loop *loop)
{
	uint64_t now_ns = uv_hrtime();
	uint64_t idle_ns = uv_metrics_idle_time(&loop->uv);
	uint64_t turn_ns = now_ns - loop->turn_ns;
	uint64_t waited_ns = idle_ns - loop->idle_ns;
	int64_t busy_us = turn_ns > waited_ns ? (int64_t)((turn_ns - waited_ns) / 1000) : 0;
	if (loop->turn_ns && busy_us > atomic_load_explicit(&loop->stall_us, memory_order_relaxed))
		atomic_store_explicit(&loop->stall_us, busy_us, memory_order_relaxed);
	loop->turn_ns = now_ns;
	loop->idle_ns = idle_ns;
}

void loop_later(struct loop *loop, struct loop_later *later)
{
	if (later->on)
		return;
	later->on = true;
	STAILQ_INSERT_TAIL(&loop->laters, later, next);
}

void loop_later_stop(struct loop *loop, struct loop_later *later)
{
	if (later->on)
		STAILQ_REMOVE(&loop->laters, later, loop_later, next);
	later->on = false;
}

/* One that asks again while it runs is run again: the turn ends when all is said. */
static void end_turn(struct loop *loop)
{
	while (!STAILQ_EMPTY(&loop->laters)) {
		struct loop_later *later = STAILQ_FIRST(&loop->laters);
		STAILQ_REMOVE_HEAD(&loop->laters, next);
		later->on = false;
		later->fn(later->arg);
	}
}

static void before_wait(uv_prepare_t *handle)
{
	struct loop *loop = CONTAINER_OF(handle, struct loop, before_wait);
	end_turn(loop);
	int64_t next_us = timers_next(&loop->timers);
	measure_stall(loop);
	loop->busy_from_us = 0;
	if (next_us == loop->alarm_at_us)
		return;
	loop->alarm_at_us = next_us;
	if (next_us == INT64_MAX) {
		uv_timer_stop(&loop->alarm);
		return;
	}
	int64_t in_us = next_us - clock_mono_us();
	uv_update_time(&loop->uv);
	uv_timer_start(&loop->alarm, alarm_rang, in_us > 0 ? (uint64_t)(in_us + 999) / 1000 : 0, 0);
}

static int start_handles(struct loop *loop)
{
	int e = uv_async_init(&loop->uv, &loop->wake, woken);
	if (e)
		return e;
	uv_timer_init(&loop->uv, &loop->alarm);
	uv_prepare_init(&loop->uv, &loop->before_wait);
	uv_prepare_start(&loop->before_wait, before_wait);
	return 0;
}

struct loop *loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof(*loop));
	if (uv_loop_init(&loop->uv)) {
		free(loop);
		return NULL;
	}
	uv_loop_configure(&loop->uv, UV_METRICS_IDLE_TIME);
	pthread_mutex_init(&loop->lock, NULL);
	STAILQ_INIT(&loop->inbox);
	STAILQ_INIT(&loop->laters);
	timers_init(&loop->timers, clock_mono_us());
	loop->alarm_at_us = INT64_MAX;
	atomic_store(&loop->thread, pthread_self());
	signal(SIGPIPE, SIG_IGN);
	if (start_handles(loop)) {
		uv_loop_close(&loop->uv);
		pthread_mutex_destroy(&loop->lock);
		free(loop);
		return NULL;
	}
	return loop;
}

static void close_own_handles(struct loop *loop)
{
	uv_close((uv_handle_t *)&loop->wake, NULL);
	uv_close((uv_handle_t *)&loop->alarm, NULL);
	uv_close((uv_handle_t *)&loop->before_wait, NULL);
	for (size_t i = 0; i < loop->n_signals; i++)
		uv_close((uv_handle_t *)&loop->signals[i].uv, NULL);
}

void *loop_free(struct loop *loop)
{
	if (!loop)
		return NULL;
	close_own_handles(loop);
	while (!STAILQ_EMPTY(&loop->inbox)) {
		struct post *p = STAILQ_FIRST(&loop->inbox);
		STAILQ_REMOVE_HEAD(&loop->inbox, next);
		free(p);
	}
	/* Closing handles tell so in one turn, and what they close tells in the next. */
	for (int turn = 0; turn < 4; turn++)
		uv_run(&loop->uv, UV_RUN_NOWAIT);
	int e = uv_loop_close(&loop->uv);
	assert(e == 0 && "something on the loop was not closed");
	(void)e;
	timers_done(&loop->timers);
	pthread_mutex_destroy(&loop->lock);
	free(loop->scratch);
	free(loop);
	return NULL;
}

void loop_run(struct loop *loop)
{
	atomic_store(&loop->thread, pthread_self());
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	loop_drain(loop);
	end_turn(loop);
	atomic_store(&loop->stopping, false);
}

void loop_run_once(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_ONCE);
	end_turn(loop);
}

void loop_run_nowait(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	end_turn(loop);
}

static void signal_came(uv_signal_t *handle, int signum)
{
	struct signal_hook *hook = CONTAINER_OF(handle, struct signal_hook, uv);
	(void)signum;
	loop_now_us(hook->loop);
	hook->fn(hook->arg);
}

int loop_on_signal(struct loop *loop, int signum, loop_fn fn, void *arg)
{
	assert(loop->n_signals < SIGNALS_MAX);
	struct signal_hook *hook = &loop->signals[loop->n_signals];
	*hook = (struct signal_hook){ .loop = loop, .fn = fn, .arg = arg };
	int e = uv_signal_init(&loop->uv, &hook->uv);
	if (e)
		return loop_err(e);
	loop->n_signals++;
	return loop_err(uv_signal_start(&hook->uv, signal_came, signum));
}
