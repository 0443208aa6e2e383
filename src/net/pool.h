#ifndef LX_NET_POOL_H
#define LX_NET_POOL_H

#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Threads for what may block, with a bounded queue: full means -E_BUSY at once, never a pile. */
struct pool;

struct pool_opts {
	unsigned n_threads;
	size_t queue_max;
	/* Optional: makes what each thread keeps (a database connection), on that thread; NULL from it is a
	 * failure of pool_new(). */
	void *(*enter)(void *arg);
	void (*leave)(void *context);
	void *arg;
	const char *name; /* of the threads, at most 15 characters */
	int gather_ms;    /* an idle thread waits so long for company before it begins [0] */
};

struct pool_job {
	/* Runs on a worker exactly once. err is 0, or tells why not to do it any more: -E_TIMEOUT (deadline
	 * passed in the queue), -E_CANCELLED, -E_CLOSED (the pool ends). Whatever it is, fn answers and
	 * frees. */
	void (*fn)(void *context, void *arg, int err);
	void *arg;
	int64_t deadline_us;          /* monotonic; 0: none */
	const atomic_bool *cancelled; /* optional; must live until fn is called */
};

/* -E_SYSTEM when a thread cannot be made or its `enter` failed. */
int pool_new(const struct pool_opts *opts, struct pool **ret_pool) MUST_CHECK;
/* Lets running jobs end, calls what waits with -E_CLOSED, joins the threads. NULL allowed; returns NULL. */
void *pool_free(struct pool *pool);

/* Any thread. The job is copied. -E_BUSY when the queue is full, -E_CLOSED when the pool ends. */
int pool_submit(struct pool *pool, const struct pool_job *job) MUST_CHECK;

struct pool_stats {
	size_t queued, running;
	uint64_t done, refused, late; /* late: deadline passed in the queue */
	int64_t wait_max_us;          /* longest time in the queue */
};
void pool_stats(struct pool *pool, struct pool_stats *ret_stats);

#endif
