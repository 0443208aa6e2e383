#ifndef LX_MODEL_SQL_H
#define LX_MODEL_SQL_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/db.h"

/* A statement under construction with its parameters. Names come from descriptors, never from a request; what
 * a request says becomes a parameter. An overflow sticks in the text and shows when it is run. */
#define SQL_ARGS_MAX 4096 /* lists of ids of a scope are long */

struct sql {
	struct buf text;
	struct arena *arena; /* keeps copies of text parameters */
	struct value args[SQL_ARGS_MAX];
	size_t n;
};

void sql_init(struct sql *q);
void sql_done(struct sql *q);
void sql_add(struct sql *q, const char *fmt, ...) PRINTF(2, 3);
/* Appends `$n` for the value; text is copied. */
void sql_arg(struct sql *q, struct value value);
/* Keeps the value only, for sql_put(). */
void sql_value(struct sql *q, struct value value);
int sql_run(struct sql *q, struct db *db) MUST_CHECK;
int sql_post(struct sql *q, struct db *db) MUST_CHECK;
/* A new row: the text names its columns, the values are theirs. */
int sql_put(struct sql *q, struct db *db, const char *table) MUST_CHECK;
int sql_query(struct sql *q, struct db *db, struct rows **ret_rows) MUST_CHECK;

#endif
