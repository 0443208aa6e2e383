#ifndef LX_DESK_JOBS_H
#define LX_DESK_JOBS_H

#include "base/js.h"
#include "desk/request.h"

/* Long work with a record of its own (resource `job`): it waits in a bounded queue, runs on threads of its
 * own, tells its owner how far it is, can be cancelled at any point, and leaves a file. */
struct jobs;

#define JOB_FILE_NAME_MAX 160
#define JOB_KEY "key" /* in its parameters: the API token that it was started with */

/* One run of a job, on a thread of the jobs' pool. */
struct job_run {
	struct desk *desk;
	int64_t id;
	const json_t *params;  /* as given at the start */
	struct actor actor;    /* its owner, as he is when it begins */
	struct rights *rights; /* the owner's */
	int64_t generation;    /* of rights */
	struct catalogue *catalogue;
	const char *language;
	struct arena *arena;      /* lives as long as the run */
	struct jobs_entry *entry; /* the jobs' own */
	/* Filled by the run: */
	json_t *counts;                    /* {word: number}, shown with the progress */
	char *file;                        /* result below the data folder; of job_file() */
	char file_name[JOB_FILE_NAME_MAX]; /* under which it is handed out */
	bool keeps_file;                   /* also when it failed or was cancelled */
	char message[64];                  /* word that says why it failed; "" takes the error's name */
};

struct job_kind {
	const char *name; /* field `kind` */
	/* Works until it is done (0), fails, or job_wanted() says no: then it returns what that returned. */
	int (*run)(struct job_run *run);
	/* Optional: in the transaction that writes how it ended ("done", "failed", "cancelled"). */
	int (*ended)(struct db *db, const json_t *params, const char *state, int64_t now_ms);
	bool writes; /* records, by the catalogue that it began with */
	/* Whether it is taken up again after a restart of the desk; others are failed with `restart`. */
	bool resumes;
};

/* Every kind there is. */
extern const struct job_kind *const job_kinds[];
extern const size_t job_kinds_n;

struct job_spec {
	const struct job_kind *kind;
	const char *resource; /* name of the one it is about, NULL for none */
	const char *label;    /* what the owner will know it by */
	const json_t *params;
	int64_t total; /* steps, 0 when not known */
	/* Optional: in the transaction that makes the job; its error makes none. */
	int (*also)(struct db *db, void *arg, int64_t job);
	void *also_arg;
};

/* Queues a job of the request's user. Refuses the request with 409 too_many_jobs when he has too many, with
 * 503 when the queue is full. */
int jobs_start(struct request *r, const struct job_spec *spec, int64_t *ret_id) MUST_CHECK;
/* Asks it to end. -E_STATE when it has ended already. Any thread but the writer's. */
int jobs_cancel(struct desk *desk, int64_t id) MUST_CHECK;

/* Replies with the job as the reader sees it. */
int reply_job(struct request *r, int64_t id, int status) MUST_CHECK;
/* Replies with a file of the data folder under that name. */
int reply_file(struct request *r, const char *path, const char *file_name) MUST_CHECK;

/* For runs. 0, -E_CANCELLED, or -E_CLOSED when the desk ends: asked between steps. */
int job_wanted(struct job_run *run) MUST_CHECK;
/* Its owner's rights as they are now; -E_FORBIDDEN when he is nobody any more. */
int job_renew(struct job_run *run, struct db *db) MUST_CHECK;
/* Told to the owner a few times a second, kept every second; total 0 leaves it. */
void job_progress(struct job_run *run, int64_t done, int64_t total);
/* Names the result's file and returns its path, which lives as long as the run. */
const char *job_file(struct job_run *run, const char *extension, const char *file_name);

struct jobs *jobs_new(struct desk *desk);
/* After the store is open: threads, and what a former process left. */
int jobs_open(struct jobs *jobs) MUST_CHECK;
void jobs_close(
	struct jobs *jobs); /* running ones stop at their next step and are taken up by the next process */
void *jobs_free(struct jobs *jobs); /* NULL allowed; returns NULL */
/* Removes results and records that are old; from the upkeep. */
void jobs_sweep(struct jobs *jobs);

/* Threads that need a reader each. */
#define JOBS_THREADS 2

#endif
