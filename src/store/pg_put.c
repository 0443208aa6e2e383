/* Rows by COPY: one statement for all rows of a table costs the server half of what a statement for each
 * does. The rows of the first table go out while the others are still being put, so that the server works on
 * them meanwhile; its answer is read when all are there. */
#include "store/pg_int.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define COPY_MIN 8 /* fewer rows are sent as statements: COPY has to be asked first whether it may begin */
#define COPY_BYTES ((size_t)8 << 10)
#define SQL_MAX_BYTES ((size_t)64 << 10)

static int post_rows(struct pg *pg, const struct copy_table *t)
{
	struct buf sql;
	const struct copy_row *row;
	buf_init(&sql, SQL_MAX_BYTES);
	db_print_insert(&sql, t->name, t->columns, t->n_columns);
	int err = buf_err(&sql);
	TAILQ_FOREACH (row, &t->rows, next)
		if (!err)
			err = pg_post_one(pg, sql.p, row->values, t->n_columns);
	buf_done(&sql);
	return err;
}

static int copy_send(struct pg *pg, bool last)
{
	struct buf *text = &pg->text;
	if (!last && text->n < COPY_BYTES)
		return 0;
	int err = buf_err(text);
	if (!err && PQputCopyData(pg->conn, text->p, (int)text->n) != 1)
		err = -E_AWAY;
	buf_reset(text);
	return err;
}

/* With the rows that there are. */
static int copy_begin(struct pg *pg, struct copy_table *t)
{
	const struct copy_row *row;
	pg_settle(pg, true);
	int err = pg_drain(pg);
	if (err)
		return err;
	CLEANUP(mem_freep) char *sql = mem_printf("COPY %s (%s) FROM STDIN", t->name, t->columns);
	PGresult *res = PQexec(pg->conn, sql);
	err = PQresultStatus(res) == PGRES_COPY_IN ? 0 : pg_note(pg, res);
	PQclear(res);
	if (err)
		return err;
	pg->copying = t;
	buf_reset(&pg->text);
	TAILQ_FOREACH (row, &t->rows, next) {
		copy_print(&pg->text, row, t->n_columns);
		if (!err)
			err = copy_send(pg, false);
	}
	return err;
}

/* What is wrong on this side (refusal) ends the COPY too, and the transaction with it. */
static int copy_end(struct pg *pg, const char *refusal)
{
	PGresult *res;
	int err = refusal ? 0 : copy_send(pg, true);
	const char *why = refusal ? refusal : err ? err_text(err) : NULL;
	pg->copying = NULL;
	if (err != -E_AWAY && PQputCopyEnd(pg->conn, why) != 1)
		err = -E_AWAY;
	while (err != -E_AWAY && (res = PQgetResult(pg->conn))) {
		int one = pg_note(pg, res);
		err = err ? err : one;
		pg->changes += strtoll(PQcmdTuples(res), NULL, 10);
		PQclear(res);
	}
	return err;
}

static int write_table(struct pg *pg, struct copy_table *t)
{
	if (t->n_rows < COPY_MIN && t != pg->copying)
		return post_rows(pg, t);
	int err = t == pg->copying ? 0 : copy_begin(pg, t);
	return err ? err : copy_end(pg, NULL);
}

int pg_unload(struct pg *pg)
{
	int err = pg->copies.n && !pg->conn ? -E_AWAY : 0;
	for (size_t i = 0; i < pg->copies.n && !err; i++)
		err = write_table(pg, pg->copies.tables[i]);
	copies_reset(&pg->copies);
	if (err == -E_AWAY)
		pg_lose(pg);
	return err;
}

int pg_unload_for(struct pg *pg, const char *sql)
{
	if (strncmp(sql, "ROLLBACK", 8) != 0)
		return pg_unload(pg);
	if (pg->copying && copy_end(pg, "rolled back") == -E_AWAY)
		pg_lose(pg);
	copies_reset(&pg->copies);
	return 0;
}

static int add(struct pg *pg, const char *table, const char *columns, const struct value *args, size_t n,
	struct copy_table **ret_table)
{
	int err = copies_add(&pg->copies, table, columns, args, n, ret_table);
	if (err != -E_LIMIT || !pg->copies.n_rows)
		return err;
	err = pg_unload(pg);
	return err ? err : copies_add(&pg->copies, table, columns, args, n, ret_table);
}

int pg_put(struct db *db, const char *table, const char *columns, const struct value *args, size_t n)
{
	struct pg *pg = pg_of(db);
	struct copy_table *t;
	if (!pg->conn)
		return -E_AWAY;
	int err = add(pg, table, columns, args, n, &t);
	if (err || t != pg->copies.tables[0])
		return err;
	if (pg->copying) {
		copy_print(&pg->text, TAILQ_LAST(&t->rows, copy_rows), n);
		err = copy_send(pg, false);
	} else if (t->n_rows >= COPY_MIN) {
		err = copy_begin(pg, t);
	}
	if (err == -E_AWAY)
		pg_lose(pg);
	return err;
}
