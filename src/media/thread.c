/* The loop of a media thread. Time is absolute: the timer counts steps since the thread began, and a thread
 * that was held up works the missed steps off (up to 200 ms of them), so that players and mixes keep their
 * pace. A leg moves between threads by ticket: the old thread leaves it at the new one's door, and the new
 * one, at the point of its inbox where the move was ordered, waits for it before it reads on. Tickets are
 * ordered by the signalling thread, so two threads can never wait for each other. */
#include "media/thread.h"

#include "base/clock.h"
#include "base/mem.h"

#include "media/mixer.h"
#include "media/port.h"
#include "media/tap.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define TURN_EVENTS 64
#define CATCH_UP 40 /* steps */
#define URGENT (-10)

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

struct thread *thread_new(struct postbox *postbox, int64_t silence_us)
{
	struct thread *t = mem_alloc(sizeof(*t));

	t->postbox = postbox;
	t->silence_us = silence_us;
	t->epoll = t->wake = t->timer = -1;
	pthread_mutex_init(&t->lock, NULL);
	STAILQ_INIT(&t->inbox);
	STAILQ_INIT(&t->arrivals);
	return t;
}

void thread_free(struct thread *t)
{
	close_fd(&t->epoll);
	close_fd(&t->wake);
	close_fd(&t->timer);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void wake(struct thread *t)
{
	uint64_t one = 1;
	ssize_t n = write(t->wake, &one, sizeof(one));

	assert(n == sizeof(one) || errno == EAGAIN);
}

void thread_post(struct thread *t, struct msg *msg)
{
	pthread_mutex_lock(&t->lock);
	STAILQ_INSERT_TAIL(&t->inbox, msg, link);
	t->unrung |= !t->woken;
	t->woken = true;
	pthread_mutex_unlock(&t->lock);
}

void thread_ring(struct thread *t)
{
	if (t->unrung)
		wake(t);
	t->unrung = false;
}

void thread_hand_over(struct thread *to, uint64_t ticket, struct port *s)
{
	struct arrival *a = mem_alloc(sizeof(*a));

	a->ticket = ticket;
	a->port = s;
	pthread_mutex_lock(&to->lock);
	STAILQ_INSERT_TAIL(&to->arrivals, a, link);
	to->woken = true;
	pthread_mutex_unlock(&to->lock);
	wake(to);
}

void thread_await(struct thread *t, uint64_t ticket)
{
	pthread_mutex_lock(&t->lock);
	t->awaited = ticket;
	pthread_mutex_unlock(&t->lock);
}

/* The awaited leg if it has come; under the lock. */
static struct port *take_arrival(struct thread *t)
{
	struct arrival *a;
	struct port *s = NULL;

	STAILQ_FOREACH (a, &t->arrivals, link)
		if (a->ticket == t->awaited)
			break;
	if (!a)
		return NULL;
	STAILQ_REMOVE(&t->arrivals, a, arrival, link);
	t->awaited = 0;
	s = a->port;
	free(a);
	return s;
}

static void read_inbox(struct thread *t)
{
	for (;;) {
		struct port *s = NULL;
		struct msg *msg = NULL;

		pthread_mutex_lock(&t->lock);
		if (t->awaited)
			s = take_arrival(t);
		else
			msg = STAILQ_FIRST(&t->inbox);
		if (msg)
			STAILQ_REMOVE_HEAD(&t->inbox, link);
		if (!msg && !s)
			t->woken = false;
		pthread_mutex_unlock(&t->lock);
		if (s) {
			port_attach(t, s);
		} else if (msg) {
			msg->fn(t, msg);
			free(msg);
		} else {
			return;
		}
	}
}

int thread_poll(struct thread *t, struct poller *p)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

	return epoll_ctl(t->epoll, EPOLL_CTL_ADD, p->fd, &event) ? err_from_errno(errno) : 0;
}

void thread_unpoll(struct thread *t, struct poller *p)
{
	epoll_ctl(t->epoll, EPOLL_CTL_DEL, p->fd, NULL);
}

/* The clock stands still while nothing ticks: an idle centre wakes for nothing. */
static void set_clock(struct thread *t, bool runs)
{
	const long step_ns = runs ? THREAD_STEP_US * 1000 : 0;
	const struct itimerspec every = { .it_interval.tv_nsec = step_ns, .it_value.tv_nsec = step_ns };

	(void)timerfd_settime(t->timer, 0, &every, NULL);
}

static void switch_on(struct thread *t, struct ticker *ticker)
{
	ticker->on = true;
	if (t->n_tickers++ == 0)
		set_clock(t, true);
}

void thread_tick_fast(struct thread *t, struct ticker *ticker)
{
	if (ticker->on)
		return;
	switch_on(t, ticker);
	t->next_phase = (t->next_phase + 1) % THREAD_PHASES;
	LIST_INSERT_HEAD(&t->fast[t->next_phase], ticker, link);
}

void thread_tick_slow(struct thread *t, struct ticker *ticker)
{
	if (ticker->on)
		return;
	switch_on(t, ticker);
	t->next_slot = (t->next_slot + 77) % THREAD_SLOTS; /* prime to their number: neighbours lie apart */
	LIST_INSERT_HEAD(&t->slow[t->next_slot], ticker, link);
}

void thread_untick(struct thread *t, struct ticker *ticker)
{
	if (!ticker->on)
		return;
	if (t->next_ticker == ticker)
		t->next_ticker = LIST_NEXT(ticker, link);
	LIST_REMOVE(ticker, link);
	ticker->on = false;
	if (--t->n_tickers == 0)
		set_clock(t, false);
}

static void run_tickers(struct thread *t, struct tickers *list)
{
	for (struct ticker *i = LIST_FIRST(list); i; i = t->next_ticker) {
		t->next_ticker = LIST_NEXT(i, link);
		i->fn(t, i);
	}
	t->next_ticker = NULL;
}

static void read_timer(struct thread *t)
{
	uint64_t steps = 0;

	if (read(t->timer, &steps, sizeof(steps)) != sizeof(steps))
		return;
	if (steps > CATCH_UP) {
		thread_count(&t->counts.late_ticks, (steps - CATCH_UP) / THREAD_PHASES);
		t->step += steps - CATCH_UP;
		steps = CATCH_UP;
	}
	for (; steps; steps--) {
		t->step++;
		run_tickers(t, &t->fast[t->step % THREAD_PHASES]);
		run_tickers(t, &t->slow[t->step % THREAD_SLOTS]);
	}
}

static void read_wake(struct thread *t)
{
	uint64_t count;

	if (read(t->wake, &count, sizeof(count)) == sizeof(count))
		read_inbox(t);
}

/* Sockets first, then the clock, then messages: a message may free what an event of the same turn points to.
 */
static void turn(struct thread *t)
{
	struct epoll_event events[TURN_EVENTS];
	bool timer = false, woken = false;
	int n = epoll_wait(t->epoll, events, TURN_EVENTS, -1);

	t->now_us = clock_mono_us();
	t->now_wall_ms = clock_wall_ms();
	for (int i = 0; i < n; i++) {
		struct poller *p = events[i].data.ptr;

		if (events[i].data.ptr == &t->timer)
			timer = true;
		else if (events[i].data.ptr == &t->wake)
			woken = true;
		else
			p->fn(t, p);
	}
	if (timer)
		read_timer(t);
	if (woken)
		read_wake(t);
}

static void end_all(struct thread *t)
{
	while (!LIST_EMPTY(&t->ports))
		port_end(t, LIST_FIRST(&t->ports));
	while (!LIST_EMPTY(&t->mixers))
		mixer_end(t, LIST_FIRST(&t->mixers));
	while (!LIST_EMPTY(&t->taps))
		tap_end(t, LIST_FIRST(&t->taps));
}

static void *run(void *arg)
{
	struct thread *t = arg;

	pthread_setname_np(pthread_self(), "media");
	setpriority(PRIO_PROCESS, (id_t)gettid(),
		URGENT); /* where it is allowed: sound does not wait for reports */
	while (!t->stop)
		turn(t);
	end_all(t);
	return NULL;
}

static int watch(struct thread *t, int fd, void *mark)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = mark };

	return epoll_ctl(t->epoll, EPOLL_CTL_ADD, fd, &event) ? err_from_errno(errno) : 0;
}

int thread_start(struct thread *t)
{
	int err;

	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	t->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	t->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (t->epoll < 0 || t->wake < 0 || t->timer < 0)
		return err_from_errno(errno);
	err = watch(t, t->wake, &t->wake);
	if (!err)
		err = watch(t, t->timer, &t->timer);
	if (err)
		return err;
	t->now_us = clock_mono_us();
	return pthread_create(&t->id, NULL, run, t) ? -E_SYSTEM : 0;
}

static void on_stop(struct thread *t, struct msg *msg)
{
	(void)msg;
	t->stop = true;
}

void thread_stop(struct thread *t)
{
	struct msg *msg = mem_alloc(sizeof(*msg));

	msg->fn = on_stop;
	thread_post(t, msg);
	thread_ring(t);
	pthread_join(t->id, NULL);
}

void thread_emit(struct thread *t, const struct media_event *event)
{
	postbox_put(t->postbox, event);
}

void thread_count(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_store_explicit(
		counter, atomic_load_explicit(counter, memory_order_relaxed) + n, memory_order_relaxed);
}
