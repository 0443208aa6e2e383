/* Binary heap of pointers; each timer knows its slot, so stopping needs no search. */
#include "base/timer.h"

#include "base/mem.h"

#include <stdlib.h>

void timers_init(struct timers *ts, int64_t now_us)
{
	*ts = (struct timers){ .now_us = now_us };
}

void timers_done(struct timers *ts)
{
	for (size_t i = 0; i < ts->n; i++)
		ts->heap[i]->slot = 0;
	free(ts->heap);
	*ts = (struct timers){ .now_us = ts->now_us };
}

void timer_init(struct timer *t, void (*fn)(void *arg), void *arg)
{
	*t = (struct timer){ .fn = fn, .arg = arg };
}

static bool before(const struct timer *a, const struct timer *b)
{
	return a->at_us < b->at_us || (a->at_us == b->at_us && a->order < b->order);
}

static void place(struct timers *ts, size_t i, struct timer *t)
{
	ts->heap[i] = t;
	t->slot = i + 1;
}

static void sift_up(struct timers *ts, size_t i)
{
	struct timer *t = ts->heap[i];
	while (i && before(t, ts->heap[(i - 1) / 2])) {
		place(ts, i, ts->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	place(ts, i, t);
}

static void sift_down(struct timers *ts, size_t i)
{
	struct timer *t = ts->heap[i];
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= ts->n)
			break;
		if (child + 1 < ts->n && before(ts->heap[child + 1], ts->heap[child]))
			child++;
		if (!before(ts->heap[child], t))
			break;
		place(ts, i, ts->heap[child]);
		i = child;
	}
	place(ts, i, t);
}

void timer_start(struct timers *ts, struct timer *t, int64_t at_us)
{
	timer_stop(ts, t);
	if (ts->n == ts->size) {
		ts->size = ts->size ? ts->size * 2 : 64;
		ts->heap = mem_resize(ts->heap, ts->size, sizeof(struct timer *));
	}
	t->at_us = at_us;
	t->order = ts->started++;
	place(ts, ts->n++, t);
	sift_up(ts, t->slot - 1);
}

void timer_start_in(struct timers *ts, struct timer *t, int64_t delay_us)
{
	timer_start(ts, t, ts->now_us + delay_us);
}

void timer_stop(struct timers *ts, struct timer *t)
{
	if (!t->slot)
		return;
	size_t i = t->slot - 1;
	t->slot = 0;
	struct timer *last = ts->heap[--ts->n];
	if (last == t)
		return;
	place(ts, i, last);
	sift_up(ts, i);
	sift_down(ts, last->slot - 1);
}

bool timer_is_pending(const struct timer *t)
{
	return t->slot != 0;
}

void timers_run(struct timers *ts, int64_t now_us)
{
	ts->now_us = now_us;
	while (ts->n && ts->heap[0]->at_us <= now_us) {
		struct timer *t = ts->heap[0];
		timer_stop(ts, t);
		t->fn(t->arg);
	}
}

int64_t timers_next(const struct timers *ts)
{
	return ts->n ? ts->heap[0]->at_us : INT64_MAX;
}
