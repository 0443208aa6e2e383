#ifndef LX_DESK_INGEST_H
#define LX_DESK_INGEST_H

#include "base/js.h"
#include "desk/desk_int.h"

/* Events on their way from the switch into the database: kept until the switch says they are durable, then
 * written in batches, one transaction each. On the loop. */
struct ingest;

/* All up to n are in the database; `waiting` more are not yet. */
typedef void (*ingest_stored_fn)(void *arg, int64_t n, size_t waiting);

struct ingest *ingest_new(struct desk *desk, int64_t cursor, ingest_stored_fn stored, void *arg);
/* After the writer has ended. NULL allowed; returns NULL. */
void *ingest_free(struct ingest *ingest);

/* A connection to that node begins: what is not yet being written is forgotten, it comes again. */
void ingest_begin(struct ingest *ingest, int64_t node);
/* Takes a reference. -E_LIMIT when too much waits: cut the connection then. */
int ingest_event(struct ingest *ingest, json_t *event) MUST_CHECK;
void ingest_durable(struct ingest *ingest, int64_t n);
/* Events not in the database. */
size_t ingest_waiting(const struct ingest *ingest);
/* Number of the last event in the database. */
int64_t ingest_cursor(const struct ingest *ingest);

#endif
