/* The queue of long work. A job's record is the truth: what a process left queued or running, the next one
 * takes up (an export begins anew, an import goes on behind the last piece that was committed) or, where its
 * kind cannot, marks as failed. In memory stand only the jobs that are not at their end. */
#include "desk/jobs.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/bulk.h"
#include "desk/hub.h"
#include "desk/imports.h"
#include "desk/routes.h"
#include "desk/shapes.h"
#include "desk/signin.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUEUE_MAX 64
#define USER_JOBS_MAX 8
#define USER_RESULTS_MAX 20
#define ARENA_MAX_BYTES ((size_t)4 << 20)
#define TELL_US (CLOCK_S_US / 4)
#define KEEP_US CLOCK_S_US
#define SWEEP_US (600 * CLOCK_S_US)
#define RESULT_DAYS 7
#define RECORD_DAYS 30
#define DAY_MS INT64_C(86400000)
#define KEY_NAME_MAX 256

struct jobs_entry {
	struct jobs *jobs;
	int64_t id, owner;
	const struct job_kind *kind;
	char *resource, *label;
	json_t *params;
	atomic_bool cancelled;
	int64_t done, total;
	int64_t told_us, kept_us;
	LIST_ENTRY(jobs_entry) link;
};

struct jobs {
	struct desk *desk;
	struct pool *pool;
	pthread_mutex_t lock;
	LIST_HEAD(, jobs_entry) entries;
	int64_t swept_us;
};

const struct job_kind *const job_kinds[] = { &export_job, &import_check_job, &import_run_job, &bulk_job };
const size_t job_kinds_n = ARRAY_LEN(job_kinds);

static const struct job_kind *kind_of(const char *name)
{
	for (size_t i = 0; i < job_kinds_n; i++)
		if (strcmp(job_kinds[i]->name, name) == 0)
			return job_kinds[i];
	return NULL;
}

static struct jobs_entry *entry_new(struct jobs *jobs, const struct job_spec *spec, int64_t id, int64_t owner)
{
	struct jobs_entry *entry = mem_alloc(sizeof(*entry));
	*entry = (struct jobs_entry){ .jobs = jobs, .id = id, .owner = owner, .kind = spec->kind };
	entry->resource = mem_strdup(spec->resource);
	entry->label = mem_strdup(spec->label);
	entry->params = json_deep_copy(spec->params);
	entry->total = spec->total;
	pthread_mutex_lock(&jobs->lock);
	LIST_INSERT_HEAD(&jobs->entries, entry, link);
	pthread_mutex_unlock(&jobs->lock);
	return entry;
}

static void entry_free(struct jobs_entry *entry)
{
	pthread_mutex_lock(&entry->jobs->lock);
	LIST_REMOVE(entry, link);
	pthread_mutex_unlock(&entry->jobs->lock);
	free(entry->resource);
	free(entry->label);
	json_decref(entry->params);
	free(entry);
}

static void tell(const struct jobs_entry *entry, const char *state, const json_t *counts, const char *message)
{
	json_t *value = json_pack("{s:s, s:s?, s:s?, s:s, s:I, s:O?, s:s?}", "kind", entry->kind->name,
		"resource", entry->resource, "label", entry->label, "state", state, "done",
		(json_int_t)entry->done, "counts", counts, "message", message && *message ? message : NULL);
	json_object_set_new(value, "total", entry->total ? json_integer(entry->total) : json_null());
	json_t *told = json_object();
	js_set_str(told, "topic", "job");
	js_set_id(told, "id", entry->id);
	json_object_set_new(told, "value", value);
	hub_tell_user(entry->jobs->desk->hub, entry->owner, told);
}

struct keep {
	const struct jobs_entry *entry;
	const struct job_spec *spec;
	struct job_run *run;
	const char *state, *message, *file;
	int64_t now_ms, size;
};

static int keep_queued(struct db *db, void *arg)
{
	struct keep *k = arg;
	struct jobs_entry *e = (struct jobs_entry *)k->entry;
	CLEANUP(mem_freep) char *params = js_print(e->params);
	e->id = id_next(&e->jobs->desk->ids, k->now_ms);
	int err = db_run(db,
		"INSERT INTO job (id, version, created, updated, kind, resource, label, phase, done, total, "
		"owner,"
		" params) VALUES ($1, 1, $2, $2, $3, $4, $5, 'queued', 0, $6, $7, $8)",
		ARGS(V_INT(e->id), V_INT(k->now_ms), V_Z(e->kind->name), V_Z(e->resource), V_Z(e->label),
			V_ID(e->total), V_INT(e->owner), V_Z(params)));
	return !err && k->spec->also ? k->spec->also(db, k->spec->also_arg, e->id) : err;
}

static int keep_begun(struct db *db, void *arg)
{
	const struct keep *k = arg;
	int64_t open = 0;
	int err = db_one_int(db, "SELECT 1 FROM job WHERE id = $1 AND phase IN ('queued', 'running')",
		ARGS(V_INT(k->entry->id)), &open);
	if (err)
		return err == -E_NOT_FOUND ? -E_CANCELLED : err;
	return db_run(db,
		"UPDATE job SET phase = 'running', started = $2, updated = $2, version = version + 1 WHERE "
		"id = $1",
		ARGS(V_INT(k->entry->id), V_INT(k->now_ms)));
}

static int keep_progress(struct db *db, void *arg)
{
	const struct keep *k = arg;
	CLEANUP(mem_freep) char *counts = k->run->counts ? js_print(k->run->counts) : NULL;
	return db_run(db,
		"UPDATE job SET done = $2, total = $3, counts = $4, updated = $5, version = version + 1 "
		"WHERE id = $1",
		ARGS(V_INT(k->entry->id), V_INT(k->entry->done), V_ID(k->entry->total), V_Z(counts),
			V_INT(k->now_ms)));
}

/* Only once: a job that was cancelled while it waited has its end already. */
static int keep_ended(struct db *db, void *arg)
{
	const struct keep *k = arg;
	int64_t open = 0;
	const struct jobs_entry *e = k->entry;
	CLEANUP(mem_freep) char *counts = k->run && k->run->counts ? js_print(k->run->counts) : NULL;
	int err = db_one_int(db, "SELECT 1 FROM job WHERE id = $1 AND phase IN ('queued', 'running')",
		ARGS(V_INT(e->id)), &open);
	if (err)
		return err == -E_NOT_FOUND ? -E_STATE : err;
	err = db_run(db,
		"UPDATE job SET phase = $2, done = $3, total = $4, counts = $5, message = $6, file = $7,"
		" file_name = $8, file_size = $9, ended = $10, updated = $10, version = version + 1 WHERE id "
		"= $1",
		ARGS(V_INT(e->id), V_Z(k->state), V_INT(e->done), V_ID(e->total), V_Z(counts),
			V_Z(k->message), V_Z(k->file), V_Z(k->file ? k->run->file_name : NULL), V_ID(k->size),
			V_INT(k->now_ms)));
	if (!err && e->kind->ended)
		err = e->kind->ended(db, e->params, k->state, k->now_ms);
	return err;
}

static int write_keep(const struct jobs_entry *entry, store_work_fn work, struct keep *keep)
{
	keep->entry = entry;
	keep->now_ms = clock_wall_ms();
	return store_write(entry->jobs->desk->store, STORE_PEOPLE, work, keep);
}

void job_progress(struct job_run *run, int64_t done, int64_t total)
{
	struct jobs_entry *entry = run->entry;
	int64_t now_us = clock_mono_us();
	entry->done = done;
	entry->total = total ? total : entry->total;
	if (now_us - entry->told_us >= TELL_US) {
		entry->told_us = now_us;
		tell(entry, "running", run->counts, NULL);
	}
	if (now_us - entry->kept_us >= KEEP_US) {
		entry->kept_us = now_us;
		if (write_keep(entry, keep_progress, &(struct keep){ .run = run }))
			log_(LOG_DESK, LOG_DEBUG, "progress not kept job=%" PRId64, entry->id);
	}
}

const char *job_file(struct job_run *run, const char *extension, const char *file_name)
{
	free(run->file);
	run->file = mem_printf("jobs/%" PRId64 ".%s", run->id, extension);
	snprintf(run->file_name, sizeof(run->file_name), "%s", file_name);
	return arena_printf(run->arena, "%s/%s", run->desk->options->data_dir, run->file);
}

/* Whose rights it runs with: those of the key that it was started with, as long as that is good. */
static int read_rights(struct db *db, struct job_run *run)
{
	int64_t owner = run->entry->owner, token = js_id(run->params, JOB_KEY);
	int err = rights_generation(db, &run->generation);
	if (!err && token)
		err = rights_load_token(db, owner, token, &run->rights);
	else if (!err)
		err = rights_load(db, owner, &run->rights);
	run->actor.rights = run->rights;
	return err;
}

/* " (name of its key)", "" without one; -E_FORBIDDEN when it is gone or over. */
static int read_key(struct db *db, const struct job_run *run, char ret_name[KEY_NAME_MAX])
{
	struct rows *rows;
	int64_t token = js_id(run->params, JOB_KEY);
	ret_name[0] = '\0';
	if (!token)
		return 0;
	int err = db_query(db,
		"SELECT name FROM api_token WHERE id = $1 AND state = 'active' AND (expires IS NULL OR "
		"expires > $2)",
		ARGS(V_INT(token), V_INT(clock_wall_ms())), &rows);
	if (err)
		return err;
	if (rows_next(rows))
		snprintf(ret_name, KEY_NAME_MAX, " (" STR_FMT ")", STR_ARG(rows_str(rows, 0)));
	err = rows_end(rows);
	return err ? err : ret_name[0] ? 0 : -E_FORBIDDEN;
}

/* Who the owner is now; -E_FORBIDDEN when he may not sign in any more. */
static int read_owner(struct db *db, struct job_run *run)
{
	struct rows *rows;
	int64_t owner = run->entry->owner;
	bool found = false;
	char key[KEY_NAME_MAX];
	int err = read_key(db, run, key);
	if (err)
		return err;
	err = db_query(db,
		"SELECT name, coalesce(agent, 0), language FROM app_user WHERE id = $1 AND state = 'active'"
		" AND deleted IS NULL",
		ARGS(V_INT(owner)), &rows);
	if (err)
		return err;
	if (rows_next(rows)) {
		run->actor = (struct actor){ .user = owner,
			.name = arena_printf(run->arena, STR_FMT "%s", STR_ARG(rows_str(rows, 0)), key),
			.agent = rows_int(rows, 1) };
		run->language = arena_strndup(run->arena, rows_str(rows, 2));
		found = true;
	}
	err = rows_end(rows);
	if (err || !found)
		return err ? err : -E_FORBIDDEN;
	err = shapes_now(run->desk->shapes, db, &run->catalogue);
	run->actor.catalogue = run->catalogue;
	return err ? err : read_rights(db, run);
}

/* All else stays as it was at the beginning. */
int job_renew(struct job_run *run, struct db *db)
{
	int64_t generation = 0, one = 0;
	char key[KEY_NAME_MAX];
	int err = read_key(db, run, key);
	if (!err)
		err = rights_generation(db, &generation);
	if (err || generation == run->generation)
		return err;
	err = db_one_int(db, "SELECT 1 FROM app_user WHERE id = $1 AND state = 'active' AND deleted IS NULL",
		ARGS(V_INT(run->entry->owner)), &one);
	if (err)
		return err == -E_NOT_FOUND ? -E_FORBIDDEN : err;
	run->rights = rights_unref(run->rights);
	run->actor.rights = NULL;
	return read_rights(db, run);
}

int job_wanted(struct job_run *run)
{
	if (atomic_load(&run->entry->cancelled))
		return -E_CANCELLED;
	if (atomic_load(&run->desk->stopping))
		return -E_CLOSED;
	struct db *db = store_reader(run->desk->store);
	int err = job_renew(run, db);
	store_reader_return(run->desk->store, db);
	return err;
}

static int work(struct job_run *run)
{
	struct db *db = store_reader(run->desk->store);
	int err = read_owner(db, run);
	store_reader_return(run->desk->store, db);
	if (!err)
		err = write_keep(run->entry, keep_begun, &(struct keep){ .run = run });
	if (err)
		return err;
	run->entry->told_us = clock_mono_us();
	tell(run->entry, "running", NULL, NULL);
	return run->entry->kind->run(run);
}

static int64_t size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) ? 0 : (int64_t)st.st_size;
}

static void settle_file(const struct job_run *run, const char *path, bool stays, struct keep *keep)
{
	if (!stays) {
		unlink(path);
		return;
	}
	keep->file = run->file;
	keep->size = size_of(path);
}

static void end_run(struct job_run *run, int err)
{
	struct keep keep = {
		.run = run,
		.state = !err                 ? "done"
			: err == -E_CANCELLED ? "cancelled"
					      : "failed",
	};
	CLEANUP(mem_freep)
	char *path = run->file ? mem_printf("%s/%s", run->desk->options->data_dir, run->file) : NULL;
	if (err && err != -E_CANCELLED)
		keep.message = run->message[0] ? run->message : err_name(err);
	if (path)
		settle_file(run, path, !err || run->keeps_file, &keep);
	int kept = write_keep(run->entry, keep_ended, &keep);
	if (kept && kept != -E_STATE)
		log_(LOG_DESK, LOG_WARN, "end of a job not kept job=%" PRId64 " err=%s", run->id,
			err_name(kept));
	if (err && err != -E_CANCELLED)
		log_(LOG_DESK, LOG_WARN, "job failed kind=%s job=%" PRId64 " why=%s", run->entry->kind->name,
			run->id, keep.message);
	tell(run->entry, keep.state, run->counts, keep.message);
}

/* On a thread of the pool. When the desk ends the record stays as it is, for the next process. */
static void serve(void *context, void *arg, int err)
{
	struct jobs_entry *entry = arg;
	struct job_run run = {
		.desk = entry->jobs->desk, .id = entry->id, .params = entry->params, .entry = entry
	};
	(void)context;
	if (!err && !atomic_load(&entry->cancelled)) {
		run.arena = arena_new(ARENA_MAX_BYTES);
		err = work(&run);
		if (err != -E_CLOSED)
			end_run(&run, err);
		run.arena = arena_free(run.arena);
		json_decref(run.counts);
		rights_unref(run.rights);
		if (run.catalogue && entry->kind->writes)
			shapes_written(run.desk->shapes, run.catalogue);
		catalogue_unref(run.catalogue);
		free(run.file);
	}
	entry_free(entry);
}

static int submit(struct jobs_entry *entry)
{
	const struct pool_job job = { .fn = serve, .arg = entry };
	return pool_submit(entry->jobs->pool, &job);
}

static unsigned open_jobs_of(struct jobs *jobs, int64_t owner)
{
	const struct jobs_entry *entry;
	unsigned n = 0;
	pthread_mutex_lock(&jobs->lock);
	LIST_FOREACH (entry, &jobs->entries, link)
		n += entry->owner == owner;
	pthread_mutex_unlock(&jobs->lock);
	return n;
}

int jobs_start(struct request *r, const struct job_spec *spec, int64_t *ret_id)
{
	struct jobs *jobs = r->desk->jobs;
	struct keep keep = { .spec = spec, .state = "failed", .message = "busy" };
	if (open_jobs_of(jobs, r->actor.user) >= USER_JOBS_MAX)
		return request_refuse(
			r, 409, "too_many_jobs", "%d of your jobs are not done yet", USER_JOBS_MAX);
	struct jobs_entry *entry = entry_new(jobs, spec, 0, r->actor.user);
	js_set_id(entry->params, JOB_KEY, signin_key(r));
	int err = write_keep(entry, keep_queued, &keep);
	if (err) {
		entry_free(entry);
		return err;
	}
	*ret_id = entry->id;
	tell(entry, "queued", NULL, NULL);
	err = submit(entry);
	if (err) {
		if (write_keep(entry, keep_ended, &keep))
			log_(LOG_DESK, LOG_DEBUG, "refused job not marked job=%" PRId64, entry->id);
		entry_free(entry);
	}
	return err;
}

/* A job that waits ends here; one that runs ends at its next step. */
static int keep_cancelled(struct db *db, void *arg)
{
	struct keep *k = arg;
	int64_t waits = 0;
	int err = db_one_int(db, "SELECT 1 FROM job WHERE id = $1 AND phase = 'queued'",
		ARGS(V_INT(k->entry->id)), &waits);
	k->size = waits;
	if (err == -E_NOT_FOUND)
		return 0;
	return err ? err : keep_ended(db, arg);
}

static struct jobs_entry *entry_find(struct jobs *jobs, int64_t id)
{
	struct jobs_entry *entry;
	LIST_FOREACH (entry, &jobs->entries, link)
		if (entry->id == id)
			return entry;
	return NULL;
}

/* The entry may end while its record is written: a copy of what that needs stands in for it. */
int jobs_cancel(struct desk *desk, int64_t id)
{
	struct jobs *jobs = desk->jobs;
	struct keep keep = { .state = "cancelled" };
	struct jobs_entry copy = { .jobs = jobs };
	pthread_mutex_lock(&jobs->lock);
	struct jobs_entry *entry = entry_find(jobs, id);
	if (entry) {
		atomic_store(&entry->cancelled, true);
		copy.id = id;
		copy.owner = entry->owner;
		copy.kind = entry->kind;
		copy.total = entry->total;
		copy.label = mem_strdup(entry->label);
		copy.resource = mem_strdup(entry->resource);
		copy.params = json_deep_copy(entry->params);
	}
	pthread_mutex_unlock(&jobs->lock);
	if (!entry)
		return -E_STATE;
	int err = write_keep(&copy, keep_cancelled, &keep);
	if (!err && keep.size)
		tell(&copy, "cancelled", NULL, NULL);
	free(copy.label);
	free(copy.resource);
	json_decref(copy.params);
	return err;
}

struct jobs *jobs_new(struct desk *desk)
{
	struct jobs *jobs = mem_alloc(sizeof(*jobs));
	jobs->desk = desk;
	pthread_mutex_init(&jobs->lock, NULL);
	LIST_INIT(&jobs->entries);
	return jobs;
}

/* One job that a former process left. */
static int take_up(struct jobs *jobs, struct rows *rows)
{
	CLEANUP(mem_freep) char *kind = str_dup(rows_str(rows, 1));
	CLEANUP(mem_freep) char *resource = str_dup(rows_str(rows, 2));
	CLEANUP(mem_freep) char *label = str_dup(rows_str(rows, 3));
	json_t *params = NULL;
	struct keep keep = { .state = "failed", .message = "restart" };
	struct job_spec spec = { .kind = kind_of(kind),
		.resource = rows_is_null(rows, 2) ? NULL : resource,
		.label = label,
		.total = rows_int(rows, 4) };
	static const struct job_kind unknown = { .name = "unknown" };
	bool resumes = spec.kind && spec.kind->resumes;
	if (js_parse(rows_str(rows, 6), rows_str(rows, 6).n, &params, NULL))
		params = json_object();
	spec.params = params;
	spec.kind = spec.kind ? spec.kind : &unknown;
	struct jobs_entry *entry = entry_new(jobs, &spec, rows_int(rows, 0), rows_int(rows, 5));
	json_decref(params);
	if (spec.kind->writes)
		shapes_doubt(jobs->desk->shapes);
	if (resumes && submit(entry) == 0)
		return 0;
	int err = write_keep(entry, keep_ended, &keep);
	log_(LOG_DESK, LOG_INFO, "job ended by a restart kind=%s job=%" PRId64, kind, entry->id);
	entry_free(entry);
	return err;
}

static int take_up_all(struct jobs *jobs)
{
	struct rows *rows;
	struct db *db = store_reader(jobs->desk->store);
	int err = db_query(db,
		"SELECT id, kind, resource, label, coalesce(total, 0), owner, params FROM job"
		" WHERE phase IN ('queued', 'running') ORDER BY id",
		NO_ARGS, &rows);
	if (!err) {
		while (!err && rows_next(rows))
			err = take_up(jobs, rows);
		int ended = rows_end(rows);
		err = err ? err : ended;
	}
	store_reader_return(jobs->desk->store, db);
	return err;
}

int jobs_open(struct jobs *jobs)
{
	const struct pool_opts opts = {
		.n_threads = JOBS_THREADS, .queue_max = QUEUE_MAX, .name = "desk-job"
	};
	CLEANUP(mem_freep) char *dir = mem_printf("%s/jobs", jobs->desk->options->data_dir);
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_from_errno(errno);
	int err = pool_new(&opts, &jobs->pool);
	return err ? err : take_up_all(jobs);
}

void jobs_close(struct jobs *jobs)
{
	jobs->pool = pool_free(jobs->pool);
}

void *jobs_free(struct jobs *jobs)
{
	if (!jobs)
		return NULL;
	pthread_mutex_destroy(&jobs->lock);
	free(jobs);
	return NULL;
}

struct sweep {
	struct desk *desk;
	int64_t now_ms;
};

/* Files first: a record that names a file which is gone answers 404, a file without a record stays for ever.
 */
static int forget_files(struct db *db, const struct sweep *s)
{
	struct rows *rows;
	int err = db_query(db,
		"SELECT file FROM (SELECT file, ended, row_number() OVER (PARTITION BY owner ORDER BY ended "
		"DESC)"
		" AS n FROM job WHERE file IS NOT NULL) AS x WHERE ended < $1 OR n > $2",
		ARGS(V_INT(s->now_ms - RESULT_DAYS * DAY_MS), V_INT(USER_RESULTS_MAX)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		CLEANUP(mem_freep)
		char *path =
			mem_printf("%s/" STR_FMT, s->desk->options->data_dir, STR_ARG(rows_str(rows, 0)));
		unlink(path);
	}
	return rows_end(rows);
}

static int forget(struct db *db, void *arg)
{
	const struct sweep *s = arg;
	int err = forget_files(db, s);
	if (!err)
		err = db_run(db,
			"UPDATE job SET file = NULL, file_size = NULL WHERE file IS NOT NULL AND (ended < $1 "
			"OR id IN"
			" (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY owner ORDER BY ended "
			"DESC) AS n"
			" FROM job WHERE file IS NOT NULL) AS x WHERE n > $2))",
			ARGS(V_INT(s->now_ms - RESULT_DAYS * DAY_MS), V_INT(USER_RESULTS_MAX)));
	if (!err) /* what became of each stands in the file */
		err = db_run(db,
			"DELETE FROM bulk_row WHERE parent IN (SELECT id FROM job WHERE ended IS NOT NULL)",
			NO_ARGS);
	if (!err)
		err = db_run(db, "DELETE FROM job WHERE ended < $1",
			ARGS(V_INT(s->now_ms - RECORD_DAYS * DAY_MS)));
	return err;
}

void jobs_sweep(struct jobs *jobs)
{
	struct sweep sweep = { jobs->desk, clock_wall_ms() };
	int64_t now_us = clock_mono_us();
	if (jobs->swept_us && now_us - jobs->swept_us < SWEEP_US)
		return;
	jobs->swept_us = now_us;
	int err = store_write(jobs->desk->store, STORE_BATCH, forget, &sweep);
	if (err)
		log_(LOG_DESK, LOG_WARN, "old jobs not removed err=%s", err_name(err));
}
