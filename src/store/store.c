/* One writer thread owns the only writing connection. It takes what waits, most urgent first, runs each piece
 * in a savepoint of one transaction, commits, and only then tells the callers: many small writes share one
 * flush to disk. Readers are connections in a pool. */
#include "store/store.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/db_int.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>

#define GROUP_MAX 256
#define GROUP_US (20 * CLOCK_MS_US)
#define QUEUE_MAX 1024
#define PROBE_S 1

struct job {
	store_work_fn work;
	store_done_fn done;
	void *arg;
	int err;
	STAILQ_ENTRY(job) next;
};

STAILQ_HEAD(job_list, job);

struct reader {
	struct db *db;
	bool busy;
};

struct store {
	pthread_mutex_t lock;
	pthread_cond_t work_wanted, reader_free;
	pthread_t thread;
	struct db *writer;
	struct job_list queues[STORE_PRIORITY__MAX];
	size_t waiting[STORE_PRIORITY__MAX];
	struct store_counts counts;
	bool stop;
	struct reader *readers;
	unsigned n_readers;
	char *place; /* for more connections */
};

/* Next piece for this group; a batch piece comes only into an empty one, so that it delays nobody. */
static struct job *job_take(struct store *store, bool first)
{
	for (int i = 0; i < (first ? STORE_PRIORITY__MAX : STORE_BATCH); i++) {
		struct job *job = STAILQ_FIRST(&store->queues[i]);
		if (job) {
			STAILQ_REMOVE_HEAD(&store->queues[i], next);
			store->waiting[i]--;
			return job;
		}
	}
	return NULL;
}

static void rollback(struct store *store)
{
	if (db_script(store->writer, "ROLLBACK"))
		log_(LOG_STORE, LOG_DEBUG, "rollback failed error=\"%s\"", db_error(store->writer));
}

/* The first piece needs no savepoint: when it fails, the transaction begins anew. *begun is how that went. */
static int job_run_first(struct store *store, struct job *job, int *begun)
{
	int err = job->work(store->writer, job->arg);
	if (!err)
		err = db_flush(store->writer);
	if (err) {
		rollback(store);
		*begun = db_begin(store->writer);
	}
	return err;
}

/* A full disk may have undone the whole transaction already: then there is no savepoint to go back to. */
static int job_run(struct store *store, struct job *job)
{
	int err = db_post(store->writer, "SAVEPOINT job", NO_ARGS);
	if (err)
		return err;
	err = job->work(store->writer, job->arg);
	if (!err)
		err = db_post(store->writer, "RELEASE job", NO_ARGS);
	if (!err)
		err = db_flush(store->writer);
	if (err && db_run(store->writer, "ROLLBACK TO job", NO_ARGS) == 0 &&
		db_run(store->writer, "RELEASE job", NO_ARGS) != 0)
		log_(LOG_STORE, LOG_DEBUG, "release failed error=\"%s\"", db_error(store->writer));
	return err;
}

/* Of the place where the data are kept, not of this piece of work. */
static bool is_of_the_disk(int err)
{
	return err == -E_FULL || err == -E_IO || err == -E_CORRUPT || err == -E_AWAY || err == -E_UNSURE;
}

/* Keeps what the disk said; a commit without changes did not ask it. */
static void note_disk(struct store *store, int err, bool changed)
{
	pthread_mutex_lock(&store->lock);
	if (is_of_the_disk(err))
		store->counts.err = err;
	else if (!err && changed)
		store->counts.err = 0;
	pthread_mutex_unlock(&store->lock);
}

/* While the disk refuses or the database is away: writes a row of no meaning, to see when it takes again. */
static void probe(struct store *store)
{
	int err = db_begin(store->writer);
	if (!err)
		err = db_run(store->writer,
			"INSERT INTO counter (name, value) VALUES ('probe', 1) ON CONFLICT (name) DO UPDATE"
			" SET value = counter.value + 1",
			NO_ARGS);
	if (!err)
		err = db_commit(store->writer);
	if (err)
		rollback(store);
	note_disk(store, err, true);
}

/* Commits, or makes every piece of the group fail: always when the disk refused one of them. A piece that
 * failed by itself keeps its error. */
static void group_end(struct store *store, struct job_list *group, int broken, int64_t before)
{
	int err = broken ? broken : db_commit(store->writer);
	note_disk(store, err, db_changes(store->writer) != before);
	if (err)
		rollback(store);
	struct job *job;
	int64_t n = 0, failed = 0;
	while ((job = STAILQ_FIRST(group))) {
		STAILQ_REMOVE_HEAD(group, next);
		if (err && !job->err)
			job->err = err;
		n++;
		failed += job->err != 0;
		job->done(job->err, job->arg);
		free(job);
	}
	pthread_mutex_lock(&store->lock);
	store->counts.commits++;
	store->counts.works += n;
	store->counts.failed += failed;
	pthread_mutex_unlock(&store->lock);
}

static void group_run(struct store *store, struct job *job)
{
	struct job_list group = STAILQ_HEAD_INITIALIZER(group);
	int64_t until = clock_mono_us() + GROUP_US;
	int64_t before = db_changes(store->writer);
	int broken = 0;
	int begun = db_begin(store->writer);
	for (unsigned n = 0; job; n++) {
		job->err = begun ? begun : n ? job_run(store, job) : job_run_first(store, job, &begun);
		STAILQ_INSERT_TAIL(&group, job, next);
		broken = is_of_the_disk(job->err) ? job->err : 0;
		if (broken || n + 1 >= GROUP_MAX || clock_mono_us() >= until)
			break;
		pthread_mutex_lock(&store->lock);
		job = job_take(store, false);
		pthread_mutex_unlock(&store->lock);
	}
	group_end(store, &group, broken ? broken : begun, before);
}

/* Until there is work; under the lock. */
static void wait_work_wanted(struct store *store)
{
	struct timespec until;
	if (!store->counts.err) {
		pthread_cond_wait(&store->work_wanted, &store->lock);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PROBE_S;
	if (pthread_cond_timedwait(&store->work_wanted, &store->lock, &until) == 0)
		return;
	pthread_mutex_unlock(&store->lock);
	probe(store);
	pthread_mutex_lock(&store->lock);
}

static void *writer_main(void *arg)
{
	struct store *store = arg;
	pthread_setname_np(pthread_self(), "store");
	pthread_mutex_lock(&store->lock);
	for (;;) {
		struct job *job = job_take(store, true);
		if (job) {
			pthread_mutex_unlock(&store->lock);
			group_run(store, job);
			pthread_mutex_lock(&store->lock);
		} else if (store->stop) {
			break;
		} else {
			wait_work_wanted(store);
		}
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}

static int open_all(struct store *store, const struct store_options *options, struct fault *reterr_)
{
	int err = db_open(options->path, false, &store->writer, reterr_);
	if (!err)
		err = migrate(store->writer, 0, reterr_);
	for (unsigned i = 0; i < store->n_readers && !err; i++)
		err = db_open(options->path, true, &store->readers[i].db, reterr_);
	return err;
}

static void store_free(struct store *store)
{
	for (unsigned i = 0; i < store->n_readers; i++)
		db_close(store->readers[i].db);
	db_close(store->writer);
	pthread_mutex_destroy(&store->lock);
	pthread_cond_destroy(&store->work_wanted);
	pthread_cond_destroy(&store->reader_free);
	free(store->readers);
	free(store->place);
	free(store);
}

int store_open(const struct store_options *options, struct store **ret_store, struct fault *reterr_)
{
	struct store *store = mem_alloc(sizeof(*store));
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->work_wanted, NULL);
	pthread_cond_init(&store->reader_free, NULL);
	for (int i = 0; i < STORE_PRIORITY__MAX; i++)
		STAILQ_INIT(&store->queues[i]);
	store->n_readers = options->readers ? options->readers : 1;
	store->readers = mem_array(store->n_readers, sizeof(*store->readers));
	store->place = mem_strdup(options->path);
	int err = open_all(store, options, reterr_);
	if (!err && pthread_create(&store->thread, NULL, writer_main, store))
		err = -E_SYSTEM;
	if (err) {
		store_free(store);
		return err;
	}
	*ret_store = store;
	return 0;
}

void *store_close(struct store *store)
{
	if (!store)
		return NULL;
	pthread_mutex_lock(&store->lock);
	store->stop = true;
	pthread_cond_signal(&store->work_wanted);
	pthread_mutex_unlock(&store->lock);
	pthread_join(store->thread, NULL);
	store_free(store);
	return NULL;
}

int store_post(
	struct store *store, enum store_priority priority, store_work_fn work, store_done_fn done, void *arg)
{
	pthread_mutex_lock(&store->lock);
	bool full = store->stop || store->waiting[priority] >= QUEUE_MAX;
	if (!full) {
		struct job *job = mem_alloc(sizeof(*job));
		*job = (struct job){ .work = work, .done = done, .arg = arg };
		STAILQ_INSERT_TAIL(&store->queues[priority], job, next);
		store->waiting[priority]++;
		pthread_cond_signal(&store->work_wanted);
	}
	pthread_mutex_unlock(&store->lock);
	return full ? -E_BUSY : 0;
}

struct store_wait {
	store_work_fn work;
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_done;
	int err;
};

static int wait_work(struct db *db, void *arg)
{
	struct store_wait *w = arg;
	return w->work(db, w->arg);
}

static void wait_done(int err, void *arg)
{
	struct store_wait *w = arg;
	pthread_mutex_lock(&w->lock);
	w->err = err;
	w->is_done = true;
	pthread_cond_signal(&w->done);
	pthread_mutex_unlock(&w->lock);
}

static int wait_begin(struct store *store, enum store_priority priority, struct store_wait *w)
{
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->done, NULL);
	int err = store_post(store, priority, wait_work, wait_done, w);
	if (err) {
		pthread_mutex_destroy(&w->lock);
		pthread_cond_destroy(&w->done);
	}
	return err;
}

static int wait_end(struct store_wait *w)
{
	pthread_mutex_lock(&w->lock);
	while (!w->is_done)
		pthread_cond_wait(&w->done, &w->lock);
	pthread_mutex_unlock(&w->lock);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->done);
	return w->err;
}

int store_write(struct store *store, enum store_priority priority, store_work_fn work, void *arg)
{
	struct store_wait w = { .work = work, .arg = arg };
	int err = wait_begin(store, priority, &w);
	return err ? err : wait_end(&w);
}

int store_begin(struct store *store, enum store_priority priority, store_work_fn work, void *arg,
	struct store_wait **ret_wait)
{
	struct store_wait *w = mem_alloc(sizeof(*w));
	*w = (struct store_wait){ .work = work, .arg = arg };
	int err = wait_begin(store, priority, w);
	if (err)
		free(w);
	else
		*ret_wait = w;
	return err;
}

int store_wait(struct store_wait *wait)
{
	int err = wait_end(wait);
	free(wait);
	return err;
}

int store_apart(struct store *store, store_work_fn work, void *arg)
{
	struct db *db = NULL;
	struct fault fault = { .text = "" };
	if (store->writer->kind == &db_sqlite)
		return store_write(store, STORE_BATCH, work, arg);
	int err = db_open(store->place, false, &db, &fault);
	if (!err)
		err = work(db, arg);
	if (err)
		log_(LOG_STORE, LOG_DEBUG, "work apart failed error=\"%s\"", db ? db_error(db) : fault.text);
	db_close(db);
	return err;
}

struct db *store_reader(struct store *store)
{
	struct db *db = NULL;
	pthread_mutex_lock(&store->lock);
	for (;;) {
		for (unsigned i = 0; i < store->n_readers && !db; i++)
			if (!store->readers[i].busy) {
				store->readers[i].busy = true;
				db = store->readers[i].db;
			}
		if (db)
			break;
		pthread_cond_wait(&store->reader_free, &store->lock);
	}
	pthread_mutex_unlock(&store->lock);
	return db;
}

void store_reader_return(struct store *store, struct db *db)
{
	pthread_mutex_lock(&store->lock);
	for (unsigned i = 0; i < store->n_readers; i++)
		if (store->readers[i].db == db)
			store->readers[i].busy = false;
	pthread_cond_signal(&store->reader_free);
	pthread_mutex_unlock(&store->lock);
}

void store_counts(struct store *store, struct store_counts *ret_counts)
{
	pthread_mutex_lock(&store->lock);
	*ret_counts = store->counts;
	ret_counts->kind = db_kind_name(store->writer);
	ret_counts->waiting = 0;
	for (int i = 0; i < STORE_PRIORITY__MAX; i++)
		ret_counts->waiting += store->waiting[i];
	pthread_mutex_unlock(&store->lock);
}
