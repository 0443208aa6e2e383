#ifndef LX_STORE_STORE_H
#define LX_STORE_STORE_H

#include "store/db.h"

/* The database of one centre, SQLite or PostgreSQL: a writer thread that gathers what is to be written into
 * few commits, and a set of readers. Any thread may call these functions. */
struct store;

/* Who goes first when several want to write. */
enum store_priority { STORE_EVENTS, STORE_PEOPLE, STORE_BATCH, STORE_PRIORITY__MAX };

struct store_options {
	const char *path; /* of the database file, whose folder exists, or postgres://USER@HOST/DATABASE */
	unsigned readers; /* most readers at once */
};

/* Opens or makes the database and brings it to this version's layout. -E_UNSUPPORTED when a newer version of
 * the program has written it; the fault tells the person. */
int store_open(
	const struct store_options *options, struct store **ret_store, struct fault *reterr_) MUST_CHECK;
/* Writes what is queued, then closes; all readers have been given back. NULL allowed; returns NULL. */
void *store_close(struct store *store);

/* Work inside a transaction, on the writer thread; an error undoes this piece of work only. It must be short
 * (a batch cuts itself into pieces) and must not call store_write(). */
typedef int (*store_work_fn)(struct db *db, void *arg);
/* Tells that the work is on disk (0) or is not; on the writer thread, so it only posts. */
typedef void (*store_done_fn)(int err, void *arg);

/* Runs the work and returns when it is on disk: the work's error, -E_BUSY at once when too much is queued. */
int store_write(struct store *store, enum store_priority priority, store_work_fn work, void *arg) MUST_CHECK;
/* The same in two steps: what was begun must be waited for, once. */
struct store_wait;
int store_begin(struct store *store, enum store_priority priority, store_work_fn work, void *arg,
	struct store_wait **ret_wait) MUST_CHECK;
int store_wait(struct store_wait *wait) MUST_CHECK;
/* The same without waiting; done is called exactly once unless this returns an error. */
int store_post(struct store *store, enum store_priority priority, store_work_fn work, store_done_fn done,
	void *arg) MUST_CHECK;

/* Runs what no transaction may be around, or what would hold the writer up for long, on a connection of its
 * own and returns when it is done; where a database has one writer only (SQLite), as a piece of work of
 * STORE_BATCH. */
int store_apart(struct store *store, store_work_fn work, void *arg) MUST_CHECK;

/* Borrows a reading connection, waiting for a free one; give it back soon, for a long reader makes the log
 * file grow. */
struct db *store_reader(struct store *store);
void store_reader_return(struct store *store, struct db *db);

/* For /metrics and health: commits so far, pieces of work waiting now, and whether the disk takes what is
 * written. */
struct store_counts {
	int64_t commits, works, failed;
	size_t waiting;
	/* of the last commit with changes: -E_FULL, -E_IO, -E_CORRUPT, -E_AWAY; 0 when all is well */
	int err;
	const char *kind; /* "sqlite", "postgresql" */
};
void store_counts(struct store *store, struct store_counts *ret_counts);

#endif
