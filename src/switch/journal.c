/* The writer thread sleeps until something is queued, waits a few milliseconds for company, and commits the
 * lot. Two things are not obvious: the commits are not synchronous (the WAL is synced once a second, which is
 * the promise for a loss of power), and a commit that the disk refuses stays queued and is tried again while
 * calls go on. */
#include "switch/journal.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#define SCHEMA_VERSION 1
#define MEMORY_MAX_BYTES ((size_t)64 << 20)
#define GROUP_WAIT_MS 10
#define RETRY_WAIT_MS 500
#define SYNC_EVERY_US CLOCK_S_US
#define KEEP_MS (7 * INT64_C(86400000))
#define SWEEP_ROWS 2000

enum job_kind { JOB_EVENT, JOB_BEAT, JOB_READ, JOB_PHONE };

struct job {
	STAILQ_ENTRY(job) next;
	enum job_kind kind;
	/* row.text points behind the struct; a read keeps its first number in row.n, a phone its id there and
	 * its end in row.at_ms. */
	struct journal_row row;
	size_t limit;
	journal_read_fn fn;
	void *arg;
};
STAILQ_HEAD(job_list, job);

enum statement {
	ST_BEGIN,
	ST_COMMIT,
	ST_EVENT,
	ST_OPEN,
	ST_CLOSE,
	ST_AGENT,
	ST_AGENT_GONE,
	ST_PHONE,
	ST_PHONE_GONE,
	ST_BEAT,
	ST_READ,
	ST_SWEEP,
	ST__MAX
};

static const char *const sql[ST__MAX] = {
	[ST_BEGIN] = "BEGIN",
	[ST_COMMIT] = "COMMIT",
	[ST_EVENT] = "INSERT INTO event (n, at, body) VALUES (?1, ?2, ?3)",
	[ST_OPEN] = "INSERT OR REPLACE INTO open (interaction, n) VALUES (?1, ?2)",
	[ST_CLOSE] = "DELETE FROM open WHERE interaction = ?1",
	[ST_AGENT] = "INSERT OR REPLACE INTO agent (agent, body) VALUES (?1, ?2)",
	[ST_AGENT_GONE] = "DELETE FROM agent WHERE agent = ?1",
	[ST_PHONE] = "INSERT OR REPLACE INTO phone (id, expires, body) VALUES (?1, ?2, ?3)",
	[ST_PHONE_GONE] = "DELETE FROM phone WHERE id = ?1",
	[ST_BEAT] = "UPDATE meta SET heartbeat = ?1",
	[ST_READ] = "SELECT n, body FROM event WHERE n >= ?1 ORDER BY n LIMIT ?2",
	[ST_SWEEP] =
		("DELETE FROM event WHERE n IN (SELECT n FROM event WHERE n <= ?1 AND at < ?2 ORDER BY n "
		 "LIMIT ?3)"),
};

static const char schema[] =
	"PRAGMA locking_mode = EXCLUSIVE;" /* nobody else opens it, so nothing is locked per commit */
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = NORMAL;"
	"CREATE TABLE IF NOT EXISTS meta (version INTEGER, boot INTEGER, heartbeat INTEGER);"
	"CREATE TABLE IF NOT EXISTS event (n INTEGER PRIMARY KEY, at INTEGER, body TEXT);"
	"CREATE TABLE IF NOT EXISTS open (interaction INTEGER PRIMARY KEY, n INTEGER);"
	"CREATE TABLE IF NOT EXISTS agent (agent INTEGER PRIMARY KEY, body TEXT);"
	"CREATE TABLE IF NOT EXISTS phone (id INTEGER PRIMARY KEY, expires INTEGER, body TEXT);";

struct journal {
	struct loop *loop;
	void (*on_durable)(void *arg, int64_t n);
	void *arg;
	size_t memory_max;
	sqlite3 *db;
	sqlite3_stmt *statements[ST__MAX];
	int wal_fd;
	int64_t synced_us;
	bool unsynced;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct job_list queue; /* under lock, as is `ending` */
	bool ending;
	atomic_size_t pending_bytes;
	atomic_int failing; /* -E_X of the last commit, 0 when it went well */
	int64_t failing_us; /* writer's thread: since when */
	atomic_int_least64_t stored_n;
	bool closed; /* loop's thread: nothing is delivered any more */
	unsigned beats;
};

/* What travels back to the loop. */
struct delivery {
	struct journal *j;
	int64_t n;
	journal_read_fn fn;
	void *arg;
	struct str *texts;
	size_t count;
};

static int db_err(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_FULL:
		return -E_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -E_CORRUPT;
	default:
		return -E_IO;
	}
}

static int run(struct journal *j, enum statement which)
{
	int code = sqlite3_step(j->statements[which]);
	sqlite3_reset(j->statements[which]);
	return db_err(code);
}

static int write_event(struct journal *j, const struct journal_row *row)
{
	sqlite3_stmt *st = j->statements[ST_EVENT];
	sqlite3_bind_int64(st, 1, row->n);
	sqlite3_bind_int64(st, 2, row->at_ms);
	sqlite3_bind_text(st, 3, row->text.p, (int)row->text.n, SQLITE_STATIC);
	int err = run(j, ST_EVENT);
	if (err)
		return err;
	if (row->kind == EV_INTERACTION_STARTED || row->kind == EV_INTERACTION_ENDED) {
		enum statement which = row->kind == EV_INTERACTION_STARTED ? ST_OPEN : ST_CLOSE;
		sqlite3_bind_int64(j->statements[which], 1, row->interaction);
		if (which == ST_OPEN)
			sqlite3_bind_int64(j->statements[which], 2, row->n);
		return run(j, which);
	}
	if (row->kind == EV_AGENT_STATE) {
		enum statement which = row->offline ? ST_AGENT_GONE : ST_AGENT;
		sqlite3_bind_int64(j->statements[which], 1, row->agent);
		if (!row->offline)
			sqlite3_bind_text(
				j->statements[which], 2, row->text.p, (int)row->text.n, SQLITE_STATIC);
		return run(j, which);
	}
	return 0;
}

static int write_phone(struct journal *j, const struct journal_row *row)
{
	enum statement which = row->text.n ? ST_PHONE : ST_PHONE_GONE;
	sqlite3_stmt *st = j->statements[which];
	sqlite3_bind_int64(st, 1, row->n);
	if (which == ST_PHONE) {
		sqlite3_bind_int64(st, 2, row->at_ms);
		sqlite3_bind_text(st, 3, row->text.p, (int)row->text.n, SQLITE_STATIC);
	}
	return run(j, which);
}

static int write_beat(struct journal *j, int64_t wall_ms)
{
	sqlite3_bind_int64(j->statements[ST_BEAT], 1, wall_ms);
	int err = run(j, ST_BEAT);
	if (err || ++j->beats % 60)
		return err;
	sqlite3_stmt *st = j->statements[ST_SWEEP];
	sqlite3_bind_int64(st, 1, atomic_load(&j->stored_n));
	sqlite3_bind_int64(st, 2, wall_ms - KEEP_MS);
	sqlite3_bind_int(st, 3, SWEEP_ROWS);
	return run(j, ST_SWEEP);
}

static void deliver(void *arg)
{
	struct delivery *d = arg;
	if (!d->j->closed && d->fn)
		d->fn(d->arg, d->texts, d->count, d->n);
	else if (!d->j->closed && d->j->on_durable)
		d->j->on_durable(d->j->arg, d->n);
	for (size_t i = 0; i < d->count; i++)
		free((char *)d->texts[i].p);
	free(d->texts);
	free(d);
}

static void post(struct journal *j, struct delivery *d)
{
	d->j = j;
	loop_post(j->loop, deliver, d);
}

static void read_rows(struct journal *j, const struct job *job)
{
	struct delivery *d = mem_alloc(sizeof(*d));
	sqlite3_stmt *st = j->statements[ST_READ];
	*d = (struct delivery){
		.fn = job->fn, .arg = job->arg, .texts = mem_array(job->limit, sizeof(struct str))
	};
	sqlite3_bind_int64(st, 1, job->row.n);
	sqlite3_bind_int64(st, 2, (int64_t)job->limit);
	while (sqlite3_step(st) == SQLITE_ROW && d->count < job->limit) {
		size_t n = (size_t)sqlite3_column_bytes(st, 1);
		d->n = sqlite3_column_int64(st, 0);
		d->texts[d->count++] = (struct str){ mem_dup(sqlite3_column_text(st, 1), n), n };
	}
	sqlite3_reset(st);
	post(j, d);
}

static int commit_batch(struct journal *j, const struct job_list *batch, int64_t *ret_last)
{
	struct job *job;
	int err = run(j, ST_BEGIN);
	*ret_last = 0;
	STAILQ_FOREACH (job, batch, next) {
		if (!err && job->kind == JOB_EVENT) {
			err = write_event(j, &job->row);
			*ret_last = job->row.n;
		} else if (!err && job->kind == JOB_BEAT) {
			err = write_beat(j, job->row.at_ms);
		} else if (!err && job->kind == JOB_PHONE) {
			err = write_phone(j, &job->row);
		}
	}
	if (!err)
		err = run(j, ST_COMMIT);
	if (err)
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	j->unsynced |= !err;
	return err;
}

static bool has_writes(const struct job_list *batch)
{
	const struct job *job;
	STAILQ_FOREACH (job, batch, next)
		if (job->kind != JOB_READ)
			return true;
	return false;
}

/* Says once that the disk refuses, and once that it takes again. */
static void note_commit(struct journal *j, int err)
{
	int before = atomic_exchange(&j->failing, err);
	size_t bytes = atomic_load(&j->pending_bytes);
	if (err && !before) {
		j->failing_us = clock_mono_us();
		log_(LOG_SWITCH, LOG_ERROR, "journal cannot be written, events are kept in memory err=%s",
			err_name(err));
	} else if (before && !err) {
		log_(LOG_SWITCH, LOG_WARN, "journal is written again after_ms=%" PRId64 " bytes=%zu",
			(clock_mono_us() - j->failing_us) / CLOCK_MS_US, bytes);
	}
}

static void sync_wal(struct journal *j, bool now)
{
	int64_t at = clock_mono_us();
	if (!j->unsynced || (!now && at - j->synced_us < SYNC_EVERY_US))
		return;
	if (j->wal_fd >= 0 && fdatasync(j->wal_fd) == 0)
		j->unsynced = false;
	j->synced_us = at;
}

/* Runs the reads and frees the batch; what the disk refused stays for the next one, without the beats, of
 * which only the newest counts. */
static void finish_batch(struct journal *j, struct job_list *batch, bool refused)
{
	struct job_list kept = STAILQ_HEAD_INITIALIZER(kept);
	while (!STAILQ_EMPTY(batch)) {
		struct job *job = STAILQ_FIRST(batch);
		STAILQ_REMOVE_HEAD(batch, next);
		if (refused && (job->kind == JOB_EVENT || job->kind == JOB_PHONE)) {
			STAILQ_INSERT_TAIL(&kept, job, next);
			continue;
		}
		if (job->kind == JOB_READ)
			read_rows(j, job);
		atomic_fetch_sub(&j->pending_bytes, job->row.text.n);
		free(job);
	}
	STAILQ_CONCAT(batch, &kept);
}

static void wait_ms(struct journal *j, long ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!j->ending && pthread_cond_timedwait(&j->wake, &j->lock, &until) != ETIMEDOUT)
		;
}

/* Moves the queue into the batch; false when the journal ends and nothing is left. */
static bool take_batch(struct journal *j, struct job_list *batch)
{
	bool retry = atomic_load(&j->failing) != 0;
	pthread_mutex_lock(&j->lock);
	while (!j->ending && STAILQ_EMPTY(&j->queue) && STAILQ_EMPTY(batch))
		pthread_cond_wait(&j->wake, &j->lock);
	wait_ms(j, retry ? RETRY_WAIT_MS : GROUP_WAIT_MS);
	STAILQ_CONCAT(batch, &j->queue);
	bool more = !j->ending || !STAILQ_EMPTY(batch);
	pthread_mutex_unlock(&j->lock);
	return more;
}

static void *writer(void *arg)
{
	struct journal *j = arg;
	pthread_setname_np(pthread_self(), "journal");
	struct job_list batch = STAILQ_HEAD_INITIALIZER(batch);
	while (take_batch(j, &batch)) {
		int64_t last = 0;
		bool writes = has_writes(&batch);
		int err = writes ? commit_batch(j, &batch, &last) : 0;
		if (writes)
			note_commit(j, err);
		pthread_mutex_lock(&j->lock);
		bool ending = j->ending;
		pthread_mutex_unlock(&j->lock);
		if (!err)
			sync_wal(j, ending);
		if (last && !err) {
			struct delivery *d = mem_alloc(sizeof(*d));
			d->n = last;
			post(j, d);
		}
		finish_batch(j, &batch, err && !ending);
	}
	return NULL;
}

static void enqueue(struct journal *j, struct job *job)
{
	pthread_mutex_lock(&j->lock);
	bool was_empty = STAILQ_EMPTY(&j->queue);
	STAILQ_INSERT_TAIL(&j->queue, job, next);
	pthread_mutex_unlock(&j->lock);
	if (was_empty)
		pthread_cond_signal(&j->wake);
}

static int append(struct journal *j, enum job_kind kind, const struct journal_row *row)
{
	if (atomic_load(&j->pending_bytes) + row->text.n > 2 * j->memory_max)
		return -E_FULL;
	struct job *job = mem_alloc(sizeof(*job) + row->text.n);
	job->kind = kind;
	job->row = *row;
	if (row->text.n)
		memcpy(job + 1, row->text.p, row->text.n);
	job->row.text.p = (const char *)(job + 1);
	atomic_fetch_add(&j->pending_bytes, row->text.n);
	enqueue(j, job);
	return 0;
}

int journal_append(struct journal *j, const struct journal_row *row)
{
	return append(j, JOB_EVENT, row);
}

int journal_phone(struct journal *j, int64_t id, int64_t expires_ms, struct str text)
{
	return append(j, JOB_PHONE, &(struct journal_row){ .n = id, .at_ms = expires_ms, .text = text });
}

bool journal_is_full(const struct journal *j)
{
	return atomic_load(&j->pending_bytes) > j->memory_max;
}

void journal_state(const struct journal *j, struct journal_state *ret_state)
{
	*ret_state = (struct journal_state){ .err = atomic_load(&j->failing),
		.waiting_bytes = atomic_load(&j->pending_bytes) };
}

void journal_heartbeat(struct journal *j, int64_t wall_ms)
{
	struct job *job = mem_alloc(sizeof(*job));
	job->kind = JOB_BEAT;
	job->row.at_ms = wall_ms;
	enqueue(j, job);
}

void journal_stored(struct journal *j, int64_t n)
{
	atomic_store(&j->stored_n, n);
}

void journal_read(struct journal *j, int64_t from_n, size_t limit, journal_read_fn fn, void *arg)
{
	struct job *job = mem_alloc(sizeof(*job));
	*job = (struct job){ .kind = JOB_READ, .row.n = from_n, .limit = limit, .fn = fn, .arg = arg };
	enqueue(j, job);
}

static int column_int(struct journal *j, const char *query, int64_t *ret_value)
{
	sqlite3_stmt *st = NULL;
	int err = db_err(sqlite3_prepare_v2(j->db, query, -1, &st, NULL));
	*ret_value = 0;
	if (!err && sqlite3_step(st) == SQLITE_ROW)
		*ret_value = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return err;
}

/* The first column of every row: as text, or parsed as JSON. */
static json_t *column_list(struct journal *j, const char *query, bool parse)
{
	json_t *list = json_array();
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(j->db, query, -1, &st, NULL) != SQLITE_OK)
		return list;
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(st, 0);
		json_array_append_new(list, parse ? json_loads(text, 0, NULL) : json_string(text));
	}
	sqlite3_finalize(st);
	return list;
}

/* Words for what SQLite said; statements that do not fit are of a file with other tables. */
static int refused(struct journal *j, const char *path, int code, struct fault *reterr_)
{
	int err = db_err(code);
	const char *why = sqlite3_errmsg(j->db);
	if ((code & 0xff) == SQLITE_ERROR) {
		err = -E_UNSUPPORTED;
		(void)fault_set(reterr_, "layout", "data",
			"%s has another layout (%s): run the version that wrote it, or move it away; what "
			"the desk "
			"stored stays",
			path, why);
	} else if (err == -E_CORRUPT) {
		(void)fault_set(reterr_, "damaged", "data",
			"%s is damaged (%s): move it away or restore it; what the desk stored stays", path,
			why);
	} else if (err) {
		(void)fault_set(reterr_, "data", "data", "cannot open %s: %s", path,
			err == -E_FULL ? err_text(err) : why);
	}
	return err;
}

/* A newer version says so by its number; the layout itself tells the rest. */
static int check_version(struct journal *j, const char *path, struct fault *reterr_)
{
	int64_t version = 0;
	int err = column_int(j, "SELECT version FROM meta", &version);
	if (err)
		return refused(j, path, sqlite3_errcode(j->db), reterr_);
	if (version <= SCHEMA_VERSION)
		return 0;
	(void)fault_set(reterr_, "newer", "data",
		"%s is of a newer version of this program (layout %" PRId64
		", this one knows %d): install that one, or begin with another data folder",
		path, version, SCHEMA_VERSION);
	return -E_UNSUPPORTED;
}

static int read_past(struct journal *j, struct journal_past *past)
{
	int64_t boots = 0;
	char update[240];
	int err = column_int(j, "SELECT boot FROM meta", &boots);
	if (!err)
		err = column_int(j, "SELECT heartbeat FROM meta", &past->heartbeat_ms);
	if (!err)
		err = column_int(j, "SELECT max(n) FROM event", &past->last_n);
	if (err)
		return err;
	past->boot = boots + 1;
	past->open = column_list(j, "SELECT cast(interaction AS TEXT) FROM open ORDER BY interaction", false);
	past->events = column_list(j,
		"SELECT body FROM event WHERE n >= (SELECT min(n) FROM open) AND"
		" CAST(body ->> '$.interaction' AS INTEGER) IN (SELECT interaction FROM open) ORDER BY n",
		true);
	past->agents = column_list(j, "SELECT body FROM agent ORDER BY agent", true);
	past->phones = column_list(j, "SELECT body FROM phone ORDER BY id", true);
	snprintf(update, sizeof(update),
		"DELETE FROM meta; INSERT INTO meta (version, boot, heartbeat) VALUES (%d, %" PRId64
		", %" PRId64 "); DELETE FROM phone WHERE expires <= %" PRId64,
		SCHEMA_VERSION, past->boot, clock_wall_ms(), clock_wall_ms());
	return db_err(sqlite3_exec(j->db, update, NULL, NULL, NULL));
}

static int prepare_all(struct journal *j)
{
	int code = SQLITE_OK;
	for (int i = 0; code == SQLITE_OK && i < ST__MAX; i++)
		code = sqlite3_prepare_v3(
			j->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &j->statements[i], NULL);
	return code;
}

static int open_file(struct journal *j, const struct journal_opts *opts, struct fault *reterr_)
{
	char *wal = mem_printf("%s-wal", opts->path);
	char pages[64];
	int code = sqlite3_open_v2(opts->path, &j->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(j->db, schema, NULL, NULL, NULL);
	if (code == SQLITE_OK && opts->max_pages) {
		snprintf(pages, sizeof(pages), "PRAGMA max_page_count = %" PRId64, opts->max_pages);
		code = sqlite3_exec(j->db, pages, NULL, NULL, NULL);
	}
	int err = code == SQLITE_OK ? check_version(j, opts->path, reterr_) : 0;
	if (!err && code == SQLITE_OK)
		code = prepare_all(j);
	j->wal_fd = open(wal, O_RDONLY | O_CLOEXEC);
	free(wal);
	return err ? err : refused(j, opts->path, code, reterr_);
}

static void free_journal(struct journal *j)
{
	for (int i = 0; i < ST__MAX; i++)
		sqlite3_finalize(j->statements[i]);
	sqlite3_close(j->db);
	if (j->wal_fd >= 0)
		close(j->wal_fd);
	pthread_cond_destroy(&j->wake);
	pthread_mutex_destroy(&j->lock);
	free(j);
}

int journal_open(const struct journal_opts *opts, struct journal_past *ret_past, struct journal **ret_journal,
	struct fault *reterr_)
{
	struct journal *j = mem_alloc(sizeof(*j));
	pthread_condattr_t monotonic;
	*ret_past = (struct journal_past){ 0 };
	j->loop = opts->loop;
	j->on_durable = opts->on_durable;
	j->arg = opts->arg;
	j->memory_max = opts->memory_max ? opts->memory_max : MEMORY_MAX_BYTES;
	j->wal_fd = -1;
	STAILQ_INIT(&j->queue);
	pthread_mutex_init(&j->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&j->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	int err = open_file(j, opts, reterr_);
	if (!err) {
		err = read_past(j, ret_past);
		if (err)
			err = refused(j, opts->path, sqlite3_errcode(j->db), reterr_);
	}
	if (!err && pthread_create(&j->thread, NULL, writer, j) != 0)
		err = -E_SYSTEM;
	if (err) {
		journal_past_done(ret_past);
		free_journal(j);
		return err;
	}
	*ret_journal = j;
	return 0;
}

void journal_past_done(struct journal_past *past)
{
	json_decref(past->open);
	json_decref(past->events);
	json_decref(past->agents);
	json_decref(past->phones);
	*past = (struct journal_past){ 0 };
}

void *journal_close(struct journal *j)
{
	if (!j)
		return NULL;
	pthread_mutex_lock(&j->lock);
	j->ending = true;
	pthread_mutex_unlock(&j->lock);
	pthread_cond_signal(&j->wake);
	pthread_join(j->thread, NULL);
	j->closed = true;
	loop_drain(j->loop);
	free_journal(j);
	return NULL;
}
