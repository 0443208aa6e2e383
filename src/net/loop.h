#ifndef LX_NET_LOOP_H
#define LX_NET_LOOP_H

#include "base/err.h"
#include "base/timer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

/* The event loop of one thread. All that is made on a loop belongs to its thread; only loop_post() and
 * loop_stop() may be called from others. */
struct loop;

typedef void (*loop_fn)(void *arg);

/* NULL when the process has no descriptor left. The calling thread owns it until loop_run(). */
struct loop *loop_new(void);
/* After loop_run() and with everything on it closed. Drops what is still in the inbox: see loop_drain(). NULL
 * allowed; returns NULL. */
void *loop_free(struct loop *loop);

/* Runs until loop_stop(); the inbox is empty when it returns. The second waits for one turn of events, the
 * third takes only what is there: both are for tests and for tools without a thread. */
void loop_run(struct loop *loop);
void loop_run_once(struct loop *loop);
void loop_run_nowait(struct loop *loop);
void loop_stop(struct loop *loop); /* any thread */

/* Runs what is in the inbox now. Whoever tears a thread down calls it after those who post have ended and
 * before he frees what their messages point to. */
void loop_drain(struct loop *loop);

/* Calls fn(arg) on the loop's thread, in the order of each sender; any thread. What arg points to belongs to
 * fn. */
void loop_post(struct loop *loop, loop_fn fn, void *arg);

/* Work for the end of this turn, before the loop waits: what a turn says piece by piece goes out in one. Part
 * of its owner, who sets fn and arg once and calls loop_later_stop() before he ends. */
struct loop_later {
	STAILQ_ENTRY(loop_later) next;
	loop_fn fn;
	void *arg;
	bool on;
};
/* fn(arg) runs once, however often it is asked for in a turn; on the loop's thread, or before it runs. */
void loop_later(struct loop *loop, struct loop_later *later);
void loop_later_stop(struct loop *loop, struct loop_later *later);

/* Timers of the thread, fired by the loop. Their now_us is fresh in every handler of net/; whoever hangs a
 * handle of his own on loop_uv() calls loop_now_us() first. */
struct timers *loop_timers(struct loop *loop);
int64_t loop_now_us(struct loop *loop); /* reads the monotonic clock */
/* How long the loop has not looked at its sockets: work that can wait asks before it goes on. */
int64_t loop_busy_us(const struct loop *loop);

/* Calls fn(arg) on the loop for each signal; SIGPIPE is ignored by every loop. */
int loop_on_signal(struct loop *loop, int signum, loop_fn fn, void *arg) MUST_CHECK;

/* Longest time in µs between two looks at the sockets without the waiting, and a fresh start of the measure.
 * Readable from any thread. */
int64_t loop_stall_us(struct loop *loop);
int64_t loop_stall_take_us(struct loop *loop);

/* For asserts: whether the caller is the thread the loop runs on. */
bool loop_is_mine(const struct loop *loop);

/* Memory of the thread to read into, 64 kB; good until the handler returns. */
#define LOOP_SCRATCH_BYTES ((size_t)65536)
char *loop_scratch(struct loop *loop);

uv_loop_t *loop_uv(struct loop *loop);

/* The -E_X of a negative libuv status; 0 gives 0. */
int loop_err(int uv_status);

#endif
