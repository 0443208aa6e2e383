#ifndef LX_STORE_PG_COPY_H
#define LX_STORE_PG_COPY_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/db.h"

#include <sys/queue.h>

/* Rows that wait to go into their tables together. Parents come before their children: a table stands where
 * its first row was put. */
#define COPY_TABLES_MAX 64
#define COPY_ROWS_MAX 2000

struct copy_row {
	TAILQ_ENTRY(copy_row) next;
	struct value values[];
};

struct copy_table {
	const char *name, *columns; /* "id, name" */
	size_t n_columns, n_rows;
	TAILQ_HEAD(copy_rows, copy_row) rows;
};

struct copies {
	struct arena *arena;
	struct copy_table *tables[COPY_TABLES_MAX];
	size_t n, n_rows;
};

void copies_init(struct copies *c);
void copies_done(struct copies *c);
void copies_reset(struct copies *c);
/* Keeps a copy of the row, the last of *ret_table. -E_LIMIT when there are too many already, -E_INVALID for
 * text that the server would not take. */
int copies_add(struct copies *c, const char *table, const char *columns, const struct value *values, size_t n,
	struct copy_table **ret_table) MUST_CHECK;
/* A row as a line of COPY's text format. */
void copy_print(struct buf *out, const struct copy_row *row, size_t n);

#endif
