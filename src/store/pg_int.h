#ifndef LX_STORE_PG_INT_H
#define LX_STORE_PG_INT_H

#include "base/buf.h"
#include "store/db_int.h"
#include "store/pg_copy.h"

#include <libpq-fe.h>

/* What the two halves of the PostgreSQL back end share: statements (db_pg.c), rows that are put (pg_put.c).
 */

struct pg {
	struct db db;
	char *url;
	PGconn *conn; /* NULL: lost */
	bool read_only;
	bool in_work; /* in a transaction of the writer */
	int broken;   /* why the server wants to hear nothing more of this transaction */
	char xid[24]; /* its number */
	int64_t retry_at_us;
	struct statement *statements;
	unsigned serial;
	struct pg_rows *live;       /* whose rows are still arriving; nothing is posted meanwhile */
	unsigned posted;            /* statements whose answers nobody has looked at */
	struct copies copies;       /* rows that were put and are not written yet */
	struct copy_table *copying; /* whose rows go out already: the first of them; NULL: none do */
	int64_t changes;
	struct buf text; /* parameters in the server's form */
	char error[256];
};

static inline struct pg *pg_of(const struct db *db)
{
	return (struct pg *)(uintptr_t)db;
}

void pg_lose(struct pg *pg);
/* Takes note of an answer; 0 when it is a good one. */
int pg_note(struct pg *pg, const PGresult *res) MUST_CHECK;
/* Rows that still arrive are put aside, or away. */
void pg_settle(struct pg *pg, bool keep);
/* Until everything posted is done; the first failure. The connection is an ordinary one again. */
int pg_drain(struct pg *pg) MUST_CHECK;
int pg_post_one(struct pg *pg, const char *sql, const struct value *args, size_t n) MUST_CHECK;

int pg_put(
	struct db *db, const char *table, const char *columns, const struct value *args, size_t n) MUST_CHECK;
/* Writes the rows that were put, before another statement; those that a rollback would undo at once are
 * dropped. */
int pg_unload(struct pg *pg) MUST_CHECK;
int pg_unload_for(struct pg *pg, const char *sql) MUST_CHECK;

#endif
