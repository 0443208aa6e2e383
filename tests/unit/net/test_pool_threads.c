/* The pool: every job is answered exactly once, full is told at once, late and cancelled jobs are spared. */
#include "unit.h"
#include "base/clock.h"
#include "net/pool.h"

#include <pthread.h>
#include <string.h>

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool open;
	int waiting, done;
	int errs[64];
	int contexts;
};

static void gate_init(struct gate *g)
{
	memset(g, 0, sizeof(*g));
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->changed, NULL);
}

static void gate_open(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->open = true;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

static void wait_for(struct gate *g, const int *count, int n)
{
	pthread_mutex_lock(&g->lock);
	while (*count < n)
		pthread_cond_wait(&g->changed, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

static void pass(void *context, void *arg, int err)
{
	struct gate *g = arg;
	pthread_mutex_lock(&g->lock);
	g->waiting++;
	g->contexts += context != NULL;
	pthread_cond_broadcast(&g->changed);
	while (!g->open && !err)
		pthread_cond_wait(&g->changed, &g->lock);
	g->errs[g->done++] = err;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

static void full_is_told_at_once(void **state)
{
	(void)state;
	struct gate g;
	struct pool *pool;
	struct pool_stats stats;
	gate_init(&g);
	assert_int_equal(
		pool_new(&(struct pool_opts){ .n_threads = 2, .queue_max = 3, .name = "test" }, &pool), 0);
	const struct pool_job job = { .fn = pass, .arg = &g };
	assert_int_equal(pool_submit(pool, &job), 0);
	assert_int_equal(pool_submit(pool, &job), 0);
	wait_for(&g, &g.waiting, 2);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pool_submit(pool, &job), 0);
	assert_int_equal(pool_submit(pool, &job), -E_BUSY);
	pool_stats(pool, &stats);
	assert_int_equal(stats.queued, 3);
	assert_int_equal(stats.running, 2);
	assert_int_equal(stats.refused, 1);
	gate_open(&g);
	wait_for(&g, &g.done, 5);
	assert_int_equal(pool_submit(pool, &job), 0);
	pool_free(pool);
	assert_int_equal(g.done, 6);
}

static void late_and_cancelled_jobs_are_spared(void **state)
{
	(void)state;
	struct gate g;
	struct pool *pool;
	struct pool_stats stats;
	atomic_bool cancelled = false;
	gate_init(&g);
	assert_int_equal(pool_new(&(struct pool_opts){ .n_threads = 1, .queue_max = 8 }, &pool), 0);
	assert_int_equal(pool_submit(pool, &(struct pool_job){ .fn = pass, .arg = &g }), 0);
	wait_for(&g, &g.waiting, 1);
	const struct pool_job late = { .fn = pass, .arg = &g, .deadline_us = clock_mono_us() - 1 };
	const struct pool_job timely = {
		.fn = pass, .arg = &g, .deadline_us = clock_mono_us() + 60 * CLOCK_S_US
	};
	const struct pool_job unwanted = { .fn = pass, .arg = &g, .cancelled = &cancelled };
	assert_int_equal(pool_submit(pool, &late), 0);
	assert_int_equal(pool_submit(pool, &timely), 0);
	assert_int_equal(pool_submit(pool, &unwanted), 0);
	atomic_store(&cancelled, true);
	gate_open(&g);
	wait_for(&g, &g.done, 4);
	assert_int_equal(g.errs[0], 0);
	assert_int_equal(g.errs[1], -E_TIMEOUT);
	assert_int_equal(g.errs[2], 0);
	assert_int_equal(g.errs[3], -E_CANCELLED);
	pool_stats(pool, &stats);
	assert_int_equal(stats.late, 1);
	pool_free(pool);
}

static void what_waits_is_told_at_the_end(void **state)
{
	(void)state;
	struct gate g;
	struct pool *pool;
	gate_init(&g);
	g.open = true;
	assert_int_equal(pool_new(&(struct pool_opts){ .n_threads = 1, .queue_max = 40 }, &pool), 0);
	for (int i = 0; i < 40; i++)
		assert_int_equal(pool_submit(pool, &(struct pool_job){ .fn = pass, .arg = &g }), 0);
	pool_free(pool);
	assert_int_equal(g.done, 40);
	assert_true(g.errs[39] == 0 || g.errs[39] == -E_CLOSED);
}

static _Atomic int n_entered, n_left;

static void *enter(void *arg)
{
	int n = atomic_fetch_add(&n_entered, 1);
	return n < *(int *)arg ? &n_entered : NULL;
}

static void leave(void *context)
{
	(void)context;
	atomic_fetch_add(&n_left, 1);
}

static void threads_have_their_context(void **state)
{
	(void)state;
	struct gate g;
	struct pool *pool;
	int allowed = 3;
	struct pool_opts opts = {
		.n_threads = 3, .queue_max = 8, .enter = enter, .leave = leave, .arg = &allowed
	};
	gate_init(&g);
	g.open = true;
	assert_int_equal(pool_new(&opts, &pool), 0);
	assert_int_equal(pool_submit(pool, &(struct pool_job){ .fn = pass, .arg = &g }), 0);
	pool_free(pool);
	assert_int_equal(g.contexts, 1);
	assert_int_equal(n_left, 3);
	n_entered = n_left = 0;
	allowed = 2;
	assert_int_equal(pool_new(&opts, &pool), -E_SYSTEM);
	assert_int_equal(n_left, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_is_told_at_once),
		cmocka_unit_test(late_and_cancelled_jobs_are_spared),
		cmocka_unit_test(what_waits_is_told_at_the_end),
		cmocka_unit_test(threads_have_their_context),
	};
	return unit_run(tests);
}
