/* A ring of jobs and some threads. A job whose time has passed is still handed to its function, which must
 * answer: only the work is spared. */
#include "net/pool.h"

#include "base/clock.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct queued {
	struct pool_job job;
	int64_t since_us;
};

struct pool {
	struct pool_opts opts;
	pthread_mutex_t lock;
	pthread_cond_t work, started;
	pthread_t *threads;
	unsigned n_threads, n_entered;
	struct queued *ring;
	size_t first, n;
	bool closing, failed;
	struct pool_stats stats;
};

static struct queued take_first(struct pool *pool)
{
	struct queued q = pool->ring[pool->first];
	pool->first = (pool->first + 1) % pool->opts.queue_max;
	pool->n--;
	return q;
}

static int verdict(const struct pool *pool, const struct queued *q, int64_t now_us)
{
	if (pool->closing)
		return -E_CLOSED;
	if (q->job.cancelled && atomic_load_explicit(q->job.cancelled, memory_order_acquire))
		return -E_CANCELLED;
	return q->job.deadline_us && q->job.deadline_us <= now_us ? -E_TIMEOUT : 0;
}

/* Called and left with the lock held. */
static void run_first(struct pool *pool, void *context)
{
	struct queued q = take_first(pool);
	int64_t now_us = clock_mono_us();
	int err = verdict(pool, &q, now_us);
	if (now_us - q.since_us > pool->stats.wait_max_us)
		pool->stats.wait_max_us = now_us - q.since_us;
	pool->stats.late += err == -E_TIMEOUT;
	pool->stats.running++;
	pthread_mutex_unlock(&pool->lock);
	q.job.fn(context, q.job.arg, err);
	pthread_mutex_lock(&pool->lock);
	pool->stats.running--;
	pool->stats.done++;
}

/* Called and left with the lock held. */
static void await_work(struct pool *pool)
{
	const struct timespec company = { .tv_nsec = pool->opts.gather_ms * CLOCK_MS_US * 1000 };
	if (pool->n)
		return;
	while (!pool->n && !pool->closing)
		pthread_cond_wait(&pool->work, &pool->lock);
	if (!pool->opts.gather_ms || pool->closing)
		return;
	pthread_mutex_unlock(&pool->lock);
	nanosleep(&company, NULL);
	pthread_mutex_lock(&pool->lock);
}

static void *work(void *arg)
{
	struct pool *pool = arg;
	void *context = pool->opts.enter ? pool->opts.enter(pool->opts.arg) : NULL;
	bool entered = context || !pool->opts.enter;
	pthread_mutex_lock(&pool->lock);
	pool->n_entered++;
	pool->failed |= !entered;
	pthread_cond_signal(&pool->started);
	while (entered) {
		await_work(pool);
		if (!pool->n)
			break;
		run_first(pool, context);
	}
	pthread_mutex_unlock(&pool->lock);
	if (context && pool->opts.leave)
		pool->opts.leave(context);
	return NULL;
}

static void start_threads(struct pool *pool)
{
	for (unsigned i = 0; i < pool->opts.n_threads; i++) {
		if (pthread_create(&pool->threads[i], NULL, work, pool)) {
			pool->failed = true;
			break;
		}
		if (pool->opts.name)
			pthread_setname_np(pool->threads[i], pool->opts.name);
		pool->n_threads++;
	}
	while (pool->n_entered < pool->n_threads)
		pthread_cond_wait(&pool->started, &pool->lock);
}

int pool_new(const struct pool_opts *opts, struct pool **ret_pool)
{
	struct pool *pool = mem_alloc(sizeof(*pool));
	pool->opts = *opts;
	pool->threads = mem_array(opts->n_threads, sizeof(pthread_t));
	pool->ring = mem_array(opts->queue_max, sizeof(struct queued));
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->started, NULL);
	pthread_mutex_lock(&pool->lock);
	start_threads(pool);
	bool failed = pool->failed;
	pthread_mutex_unlock(&pool->lock);
	if (failed) {
		pool_free(pool);
		return -E_SYSTEM;
	}
	*ret_pool = pool;
	return 0;
}

void *pool_free(struct pool *pool)
{
	if (!pool)
		return NULL;
	pthread_mutex_lock(&pool->lock);
	pool->closing = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->started);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool->ring);
	free(pool->threads);
	free(pool);
	return NULL;
}

int pool_submit(struct pool *pool, const struct pool_job *job)
{
	int64_t now_us = clock_mono_us();
	int e = 0;
	pthread_mutex_lock(&pool->lock);
	if (pool->closing)
		e = -E_CLOSED;
	else if (pool->n == pool->opts.queue_max)
		e = -E_BUSY;
	if (e) {
		pool->stats.refused++;
	} else {
		size_t slot = (pool->first + pool->n++) % pool->opts.queue_max;
		pool->ring[slot] = (struct queued){ *job, now_us };
		pthread_cond_signal(&pool->work);
	}
	pthread_mutex_unlock(&pool->lock);
	return e;
}

void pool_stats(struct pool *pool, struct pool_stats *ret_stats)
{
	pthread_mutex_lock(&pool->lock);
	*ret_stats = pool->stats;
	ret_stats->queued = pool->n;
	pthread_mutex_unlock(&pool->lock);
}
