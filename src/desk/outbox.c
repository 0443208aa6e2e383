/* One round: read what is due, carry it out, let those go who wait for it, then write down what became of it.
 * When that last write is lost the round is repeated: effects look at the records as they are. */
#include "desk/outbox.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/config_push.h"
#include "desk/prompts.h"
#include "model/outbox.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUND_MAX 64
#define WHOLE_CONFIG 16 /* that many records at once: the switch is told everything instead */
#define WAIT_S 5
#define LOOK_S 10
#define RESULTS_MAX 256

/* What became of an effect, for who waits for it; the latest RESULTS_MAX are kept. */
struct result {
	int64_t effect;
	int err;
	struct fault fault;
};

struct outbox {
	struct desk *desk;
	pthread_t thread;
	bool runs;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wanted, changed;
	bool woken, stop;
	int64_t waiting;
	struct result results[RESULTS_MAX];
	size_t n_results; /* ever */
};

struct round {
	struct effect effects[ROUND_MAX];
	size_t n;
};

static void tell(struct outbox *outbox, const struct effect *e, const struct fault *fault)
{
	pthread_mutex_lock(&outbox->lock);
	outbox->results[outbox->n_results++ % RESULTS_MAX] = (struct result){ e->id, e->err, *fault };
	pthread_cond_broadcast(&outbox->changed);
	pthread_mutex_unlock(&outbox->lock);
	if (e->err && e->err != -E_INVALID) /* a refusal has been logged where it came from */
		log_(LOG_DESK, LOG_WARN,
			"effect not carried out kind=%s resource=%s id=%" PRId64 " tries=%" PRId64 " err=%s",
			e->kind, e->res ? e->res->name : "?", e->record, e->tries + 1, err_name(e->err));
}

static bool is_config(const struct effect *e)
{
	return strcmp(e->kind, OUTBOX_CONFIG) == 0 && e->res && e->res->config;
}

/* A kind that nobody knows any more is as good as done. */
static int carry_out(struct outbox *outbox, const struct effect *e, struct fault *fault)
{
	if (is_config(e))
		return config_push_record(outbox->desk, e->res, e->record, fault);
	return strcmp(e->kind, OUTBOX_SPEAK) == 0 ? prompts_remake(outbox->desk, e->record) : 0;
}

static void carry_out_all(struct outbox *outbox, struct round *round)
{
	size_t configs = 0;
	bool pushed = false;
	struct fault whole = { 0 };
	int whole_err = 0;
	for (size_t i = 0; i < round->n; i++)
		configs += is_config(&round->effects[i]);
	for (size_t i = 0; i < round->n; i++) {
		struct effect *e = &round->effects[i];
		struct fault fault = { 0 };
		if (atomic_load(&outbox->desk->stopping)) {
			e->err = -E_AGAIN;
			continue;
		}
		if (is_config(e) && configs >= WHOLE_CONFIG) {
			if (!pushed)
				whole_err = config_push_all(outbox->desk, &whole);
			pushed = true;
			e->err = whole_err;
			fault = whole;
		} else {
			e->err = carry_out(outbox, e, &fault);
		}
		tell(outbox, e, &fault);
	}
}

static int settle(struct db *db, void *arg)
{
	struct round *round = arg;
	return outbox_settle(db, clock_wall_ms(), round->effects, round->n);
}

static int read_round(struct outbox *outbox, struct round *ret_round, int64_t *ret_due_ms)
{
	int64_t waiting = 0;
	struct db *db = store_reader(outbox->desk->store);
	int err = outbox_due(db, clock_wall_ms(), ret_round->effects, ROUND_MAX, &ret_round->n);
	if (!err)
		err = outbox_state(db, &waiting, ret_due_ms);
	store_reader_return(outbox->desk->store, db);
	pthread_mutex_lock(&outbox->lock);
	outbox->waiting = err ? outbox->waiting : waiting;
	pthread_mutex_unlock(&outbox->lock);
	return err;
}

/* Everything that is due; when to look again. */
static int64_t work(struct outbox *outbox)
{
	struct round round;
	int64_t due_ms = INT64_MAX;
	for (;;) {
		int err = read_round(outbox, &round, &due_ms);
		if (err || !round.n)
			return err ? clock_wall_ms() + LOOK_S * 1000 : due_ms;
		carry_out_all(outbox, &round);
		err = store_write(outbox->desk->store, STORE_PEOPLE, settle, &round);
		if (err || atomic_load(&outbox->desk->stopping))
			return clock_wall_ms() + LOOK_S * 1000;
	}
}

/* Until somebody wakes it, something is due, or it is time to look whether the database has come back. */
static bool sleep_until(struct outbox *outbox, int64_t due_ms)
{
	struct timespec until;
	int64_t latest = clock_wall_ms() + LOOK_S * 1000;
	due_ms = due_ms < latest ? due_ms : latest;
	until = (struct timespec){ .tv_sec = due_ms / 1000, .tv_nsec = due_ms % 1000 * 1000000 };
	pthread_mutex_lock(&outbox->lock);
	while (!outbox->woken && !outbox->stop)
		if (pthread_cond_timedwait(&outbox->wanted, &outbox->lock, &until) == ETIMEDOUT)
			break;
	outbox->woken = false;
	bool stop = outbox->stop;
	pthread_mutex_unlock(&outbox->lock);
	return !stop;
}

static void *run(void *arg)
{
	struct outbox *outbox = arg;
	pthread_setname_np(pthread_self(), "desk-outbox");
	do {
		int64_t due_ms = work(outbox);
		if (!sleep_until(outbox, due_ms))
			return NULL;
	} while (true);
}

struct outbox *outbox_new(struct desk *desk)
{
	struct outbox *outbox = mem_alloc(sizeof(*outbox));
	outbox->desk = desk;
	pthread_mutex_init(&outbox->lock, NULL);
	pthread_cond_init(&outbox->wanted, NULL);
	pthread_cond_init(&outbox->changed, NULL);
	return outbox;
}

int outbox_open(struct outbox *outbox)
{
	outbox->runs = pthread_create(&outbox->thread, NULL, run, outbox) == 0;
	return outbox->runs ? 0 : -E_SYSTEM;
}

void outbox_close(struct outbox *outbox)
{
	pthread_mutex_lock(&outbox->lock);
	outbox->stop = true;
	pthread_cond_signal(&outbox->wanted);
	pthread_cond_broadcast(&outbox->changed);
	pthread_mutex_unlock(&outbox->lock);
	if (outbox->runs)
		pthread_join(outbox->thread, NULL);
	outbox->runs = false;
}

void *outbox_free(struct outbox *outbox)
{
	if (!outbox)
		return NULL;
	pthread_mutex_destroy(&outbox->lock);
	pthread_cond_destroy(&outbox->wanted);
	pthread_cond_destroy(&outbox->changed);
	free(outbox);
	return NULL;
}

static void wake(struct outbox *outbox)
{
	pthread_mutex_lock(&outbox->lock);
	outbox->woken = true;
	pthread_cond_signal(&outbox->wanted);
	pthread_mutex_unlock(&outbox->lock);
}

static const struct result *result_of(const struct outbox *outbox, int64_t effect)
{
	for (size_t i = 0; i < RESULTS_MAX; i++)
		if (outbox->results[i].effect == effect)
			return &outbox->results[i];
	return NULL;
}

int outbox_wait(struct outbox *outbox, int64_t effect, struct fault *reterr_)
{
	const struct result *result;
	struct timespec until;
	bool late = false;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	wake(outbox);
	pthread_mutex_lock(&outbox->lock);
	while (!(result = result_of(outbox, effect)) && !late && !outbox->stop)
		late = pthread_cond_timedwait(&outbox->changed, &outbox->lock, &until) == ETIMEDOUT;
	int err = result ? result->err : -E_TIMEOUT;
	if (result)
		*reterr_ = result->fault;
	pthread_mutex_unlock(&outbox->lock);
	return err;
}

int64_t outbox_waiting(struct outbox *outbox)
{
	pthread_mutex_lock(&outbox->lock);
	int64_t n = outbox->waiting;
	pthread_mutex_unlock(&outbox->lock);
	return n;
}
