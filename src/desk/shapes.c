/* The catalogue stands under a lock; it is read before the lock is taken, so two requests may read the same
 * and the later generation stays. The work in the background is one task at a time: it compares what there is
 * with what there should be, does the first thing that differs, and queues itself again until nothing does.
 */
#include "desk/shapes.h"

#include "base/log.h"
#include "base/mem.h"
#include "desk/hub.h"
#include "model/custom_index.h"
#include "model/renew.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 200
#define VALUES_PIECE 1000
#define TRIES_MAX 3 /* to make or drop one index, at a time */

struct shapes {
	struct desk *desk;
	pthread_mutex_t lock; /* of what follows */
	struct catalogue *now;
	bool working, again; /* a task is queued or runs; it is to look once more */
	bool missed;         /* words that were made meanwhile are not all */
};

/* What the task is at. */
struct task {
	struct shapes *shapes;
	struct catalogue *catalogue;
	struct renewal renewal; /* of the words of one resource, when `words` */
	bool words;
	unsigned tries;
};

struct shapes *shapes_new(struct desk *desk)
{
	struct shapes *shapes = mem_alloc(sizeof(*shapes));
	shapes->desk = desk;
	pthread_mutex_init(&shapes->lock, NULL);
	return shapes;
}

void *shapes_free(struct shapes *shapes)
{
	if (!shapes)
		return NULL;
	catalogue_unref(shapes->now);
	pthread_mutex_destroy(&shapes->lock);
	free(shapes);
	return NULL;
}

static void work(void *context, void *arg, int err);

static void submit(struct task *task)
{
	const struct pool_job job = { .fn = work, .arg = task };
	if (pool_submit(task->shapes->desk->long_pool, &job))
		work(NULL, task, -E_CLOSED);
}

/* Looks after indexes and words, now or after the piece of work at hand. */
static void settle(struct shapes *shapes)
{
	if (atomic_load(&shapes->desk->stopping)) /* the next process sees the same */
		return;
	pthread_mutex_lock(&shapes->lock);
	bool idle = !shapes->working;
	shapes->working = true;
	shapes->again = !idle;
	pthread_mutex_unlock(&shapes->lock);
	if (!idle)
		return;
	struct task *task = mem_alloc(sizeof(*task));
	task->shapes = shapes;
	submit(task);
}

/* Whether it ends, and is not wanted once more. */
static bool ends(struct task *task, bool must)
{
	struct shapes *shapes = task->shapes;
	pthread_mutex_lock(&shapes->lock);
	bool ends = must || !shapes->again;
	shapes->again = false;
	shapes->working = !ends;
	pthread_mutex_unlock(&shapes->lock);
	if (!ends)
		return false;
	catalogue_unref(task->catalogue);
	free(task);
	return true;
}

static struct catalogue *find(struct shapes *shapes, int64_t generation)
{
	pthread_mutex_lock(&shapes->lock);
	bool good = shapes->now && catalogue_of_generation(shapes->now) >= generation;
	struct catalogue *catalogue = good ? catalogue_ref(shapes->now) : NULL;
	pthread_mutex_unlock(&shapes->lock);
	return catalogue;
}

/* Whether it takes the place of an earlier one. */
static bool keep(struct shapes *shapes, struct catalogue *catalogue)
{
	pthread_mutex_lock(&shapes->lock);
	struct catalogue *old = shapes->now;
	bool first = !old;
	bool later = first || catalogue_of_generation(old) < catalogue_of_generation(catalogue);
	if (later)
		shapes->now = catalogue_ref(catalogue);
	pthread_mutex_unlock(&shapes->lock);
	if (later)
		catalogue_unref(old);
	return later && !first;
}

int shapes_catalogue(
	struct shapes *shapes, struct db *db, int64_t generation, struct catalogue **ret_catalogue)
{
	*ret_catalogue = find(shapes, generation);
	if (*ret_catalogue)
		return 0;
	int err = catalogue_load(db, ret_catalogue);
	if (!err && keep(shapes, *ret_catalogue)) {
		hub_tell_all(shapes->desk->hub, json_pack("{s:s}", "topic", "meta"));
		settle(shapes);
	}
	return err;
}

int shapes_now(struct shapes *shapes, struct db *db, struct catalogue **ret_catalogue)
{
	int64_t generation = 0;
	int err = catalogue_generation(db, &generation);
	return err ? err : shapes_catalogue(shapes, db, generation, ret_catalogue);
}

void shapes_look(struct shapes *shapes)
{
	struct catalogue *catalogue = NULL;
	struct db *db = store_reader(shapes->desk->store);
	int err = shapes_now(shapes, db, &catalogue);
	store_reader_return(shapes->desk->store, db);
	catalogue_unref(catalogue);
	if (err)
		log_(LOG_DESK, LOG_DEBUG, "descriptors not read err=%s", err_name(err));
}

static int forget_words(struct db *db, void *arg)
{
	(void)arg;
	return custom_words_forget(db);
}

void shapes_doubt(struct shapes *shapes)
{
	pthread_mutex_lock(&shapes->lock);
	shapes->missed = true;
	pthread_mutex_unlock(&shapes->lock);
	if (store_write(shapes->desk->store, STORE_BATCH, forget_words, NULL) == 0)
		settle(shapes);
}

void shapes_written(struct shapes *shapes, const struct catalogue *catalogue)
{
	struct desk *desk = shapes->desk;
	int64_t generation = 0;
	struct db *db = store_reader(desk->store);
	int err = catalogue_generation(db, &generation);
	store_reader_return(desk->store, db);
	if (!err && catalogue && generation != catalogue_of_generation(catalogue))
		shapes_doubt(shapes);
}

int shapes_fit(struct db *db, const struct request *r, bool *ret_fits)
{
	int64_t generation = 0;
	int err = catalogue_generation(db, &generation);
	*ret_fits = generation == catalogue_of_generation(r->actor.catalogue);
	return err;
}

int shapes_renew(struct request *r)
{
	struct catalogue *catalogue = NULL;
	int err = shapes_now(r->desk->shapes, r->db, &catalogue);
	if (err)
		return err;
	catalogue_unref(r->catalogue);
	r->actor.catalogue = r->catalogue = catalogue;
	return 0;
}

/* The background. */

static int run_step(struct db *db, void *arg)
{
	const struct index_step *step = arg;
	return index_carry_out(db, step);
}

/* One index made or dropped; *ret_more: there may be another. */
static int indexes_step(struct task *task, struct db *db, bool *ret_more)
{
	struct index_step step;
	struct desk *desk = task->shapes->desk;
	int err = index_next(db, task->catalogue, &step, ret_more);
	if (err || !*ret_more)
		return err;
	err = store_apart(desk->store, run_step, &step);
	if (err == -E_BUSY) { /* another process is at it */
		*ret_more = false;
		return 0;
	}
	if (!err)
		log_(LOG_DESK, LOG_INFO, "index %s name=%s", step.drops ? "dropped" : "made", step.name);
	else
		task->tries++;
	return task->tries < TRIES_MAX && err != -E_CLOSED ? 0 : err;
}

static int values_piece(struct db *db, void *arg)
{
	return custom_values_step(db, VALUES_PIECE, arg);
}

/* Values of fields that are gone leave the records. */
static int values_step(struct task *task, bool *ret_more)
{
	*ret_more = false;
	return store_write(task->shapes->desk->store, STORE_BATCH, values_piece, ret_more);
}

static int renew_piece(struct db *db, void *arg)
{
	struct task *task = arg;
	return renewal_step(db, &task->renewal, PIECE);
}

/* Some records; a catalogue that is not the latest any more is dropped with what was begun. */
static int words_step(struct task *task, struct db *db, bool *ret_more)
{
	const struct resource *res = NULL;
	if (!task->words) {
		int err = custom_words_next(db, task->catalogue, &res);
		*ret_more = res != NULL;
		if (err || !res)
			return err;
		task->renewal = renewal_of_words(task->catalogue, res);
		task->words = true;
	}
	*ret_more = true;
	int err = store_write(task->shapes->desk->store, STORE_BATCH, renew_piece, task);
	if (!err && renewal_is_through(&task->renewal)) {
		task->words = false;
		if (task->renewal.renewed)
			log_(LOG_DESK, LOG_INFO, "search words made anew resource=%s renewed=%" PRId64,
				task->renewal.only->name, task->renewal.renewed);
	}
	return err;
}

static bool has_missed(struct shapes *shapes)
{
	pthread_mutex_lock(&shapes->lock);
	bool missed = shapes->missed;
	shapes->missed = false;
	pthread_mutex_unlock(&shapes->lock);
	return missed;
}

static int take_latest(struct task *task, struct db *db)
{
	struct catalogue *catalogue = NULL;
	int err = shapes_now(task->shapes, db, &catalogue);
	if (err)
		return err;
	bool missed = has_missed(task->shapes);
	if (task->catalogue != catalogue || missed)
		task->words = false;
	catalogue_unref(task->catalogue);
	task->catalogue = catalogue;
	return missed ? store_write(task->shapes->desk->store, STORE_BATCH, forget_words, NULL) : 0;
}

/* Words first: records are looked for by them, an index is only quicker. */
static int next_step(struct task *task, struct db *db, bool *ret_more)
{
	int err = take_latest(task, db);
	if (!err)
		err = words_step(task, db, ret_more);
	if (!err && !*ret_more)
		err = indexes_step(task, db, ret_more);
	return err || *ret_more ? err : values_step(task, ret_more);
}

static void work(void *context, void *arg, int err)
{
	struct task *task = arg;
	struct desk *desk = task->shapes->desk;
	bool more = false;
	(void)context;
	if (!err && atomic_load(&desk->stopping))
		err = -E_CLOSED;
	if (!err) {
		struct db *db = store_reader(desk->store);
		err = next_step(task, db, &more);
		store_reader_return(desk->store, db);
	}
	if (err && err != -E_CLOSED)
		log_(LOG_DESK, LOG_WARN, "what follows custom fields is put off err=%s", err_name(err));
	if ((!err && more) || !ends(task, err != 0))
		submit(task);
}

int shapes_begin(struct shapes *shapes)
{
	struct catalogue *catalogue = NULL;
	struct db *db = store_reader(shapes->desk->store);
	int err = shapes_now(shapes, db, &catalogue);
	store_reader_return(shapes->desk->store, db);
	catalogue_unref(catalogue);
	if (!err)
		settle(shapes);
	return err;
}
