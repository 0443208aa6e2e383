#ifndef LX_BASE_TIMER_H
#define LX_BASE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Timers of one thread as a heap; the time is an argument, so tests turn the clock themselves. Starting,
 * stopping and firing cost O(log n): each INVITE leaves three timers of 32 s behind, 40,000 at 400 calls a
 * second. */
struct timer {
	int64_t at_us;
	uint64_t order; /* equal times fire in the order they were started */
	size_t slot;    /* place in the heap + 1, 0 when idle */
	void (*fn)(void *arg);
	void *arg;
};

struct timers {
	struct timer **heap;
	size_t n, size;
	uint64_t started;
	int64_t now_us; /* time of the last timers_run() */
};

void timers_init(struct timers *ts, int64_t now_us);
void timers_done(struct timers *ts); /* forgets what is pending */

/* The handler is set once; a timer never started may be stopped. The owner keeps the memory while it is
 * pending. */
void timer_init(struct timer *t, void (*fn)(void *arg), void *arg);
void timer_start(struct timers *ts, struct timer *t, int64_t at_us); /* restarts when pending */
void timer_start_in(struct timers *ts, struct timer *t, int64_t delay_us);
void timer_stop(struct timers *ts, struct timer *t);
bool timer_is_pending(const struct timer *t);

/* Fires all that is due at now_us; handlers may start and stop any timer. A timer started for a moment
 * already past fires in the same run. */
void timers_run(struct timers *ts, int64_t now_us);

/* Moment of the next one, INT64_MAX without any. */
int64_t timers_next(const struct timers *ts);

#endif
