#ifndef LX_MEDIA_THREAD_H
#define LX_MEDIA_THREAD_H

#include "media/postbox.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

/* A media thread: sockets by epoll, messages from the signalling thread, and an absolute clock of 5 ms that
 * spreads the 20 ms ticks over four phases. All but thread_new/start/post/stop/free belongs to the thread
 * itself. */
#define THREAD_PHASES 4
#define THREAD_STEP_US 5000
#define THREAD_SLOTS 200 /* steps in a second */
#define THREAD_PACKET 2048

struct thread;
struct port;
struct msg;

typedef void (*msg_fn)(struct thread *t, struct msg *msg);

/* First member of every message; allocated by the sender, freed by the thread after fn. */
struct msg {
	STAILQ_ENTRY(msg) link;
	msg_fn fn;
};
STAILQ_HEAD(msgs, msg);

/* A leg on its way from one thread to another. */
struct arrival {
	STAILQ_ENTRY(arrival) link;
	uint64_t ticket;
	struct port *port;
};
STAILQ_HEAD(arrivals, arrival);

struct poller {
	int fd; /* -1 when closed */
	void (*fn)(struct thread *t, struct poller *p);
};

struct ticker {
	LIST_ENTRY(ticker) link;
	void (*fn)(struct thread *t, struct ticker *ticker);
	bool on;
};
LIST_HEAD(tickers, ticker);

struct thread_counts {
	_Atomic uint64_t packets_in, packets_out, dropped, late_ticks;
	_Atomic unsigned ports, mixers, taps;
};

struct thread {
	pthread_t id;
	struct postbox *postbox;
	int64_t silence_us;

	int epoll, wake, timer;
	int64_t now_us; /* of this turn */
	int64_t now_wall_ms;
	bool stop;
	uint64_t step;
	struct tickers fast[THREAD_PHASES], slow[THREAD_SLOTS];
	struct ticker *next_ticker; /* while tickers run: survives removals */
	unsigned next_phase, next_slot, n_tickers;

	bool unrung;          /* signalling thread: something was posted since the last thread_ring() */
	pthread_mutex_t lock; /* the next four */
	struct msgs inbox;
	struct arrivals arrivals;
	bool woken;
	uint64_t awaited; /* ticket: the inbox rests until it has arrived; 0 is none */

	LIST_HEAD(, port) ports;
	LIST_HEAD(, mixer) mixers;
	LIST_HEAD(, tap) taps;
	struct thread_counts counts;
	uint8_t packet[THREAD_PACKET + 64]; /* being received */
	uint8_t copy[THREAD_PACKET + 64];   /* being sent when the packet must stay as it is */
};

struct thread *thread_new(struct postbox *postbox, int64_t silence_us);
int thread_start(struct thread *t) MUST_CHECK;
void thread_stop(struct thread *t); /* ends everything on it and joins */
void thread_free(struct thread *t);

/* The signalling thread: messages keep their order, and are read after thread_ring(). */
void thread_post(struct thread *t, struct msg *msg);
void thread_ring(struct thread *t);
/* Leaves the stream at another thread's door. */
void thread_hand_over(struct thread *to, uint64_t ticket, struct port *s);
/* From a message: takes the stream in, now or as soon as it is there; later messages wait until then. */
void thread_await(struct thread *t, uint64_t ticket);

int thread_poll(struct thread *t, struct poller *p) MUST_CHECK;
void thread_unpoll(struct thread *t, struct poller *p);

/* Every 20 ms in a phase of its own; once a second. */
void thread_tick_fast(struct thread *t, struct ticker *ticker);
void thread_tick_slow(struct thread *t, struct ticker *ticker);
void thread_untick(struct thread *t, struct ticker *ticker);

void thread_emit(struct thread *t, const struct media_event *event);
void thread_count(_Atomic uint64_t *counter, uint64_t n);

#endif
