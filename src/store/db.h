#ifndef LX_STORE_DB_H
#define LX_STORE_DB_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* One connection to the database, used by one thread at a time. Statements are SQL text that SQLite and
 * PostgreSQL both understand, with parameters $1 …; they are prepared once per connection. The functions
 * below are all that the rest of the program knows of a database. */
struct db;
struct rows;

enum value_type { VALUE_NULL, VALUE_INT, VALUE_TEXT };

/* A parameter. Text is a view that must live until the call returns (db_run) or the rows end (db_query). */
struct value {
	enum value_type type;
	int64_t i;
	struct str s;
};

#define V_NULL ((struct value){ .type = VALUE_NULL })
#define V_INT(x) ((struct value){ .type = VALUE_INT, .i = (x) })
#define V_STR(x) value_str(x) /* STR_NONE is null */
#define V_Z(x) value_str(str_from(x))
#define V_ID(x) value_id(x) /* 0 is null */
struct value value_str(struct str s);
struct value value_id(int64_t id);

/* `db_run(db, sql, ARGS(V_INT(1), V_Z("x")))`, or NO_ARGS. */
#define ARGS(...)                                                                                            \
	(const struct value[]){ __VA_ARGS__ },                                                               \
		sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value)
#define NO_ARGS NULL, 0

/* Runs a statement to its end; rows are dropped. -E_EXISTS for a broken uniqueness, -E_STATE for a broken
 * reference, -E_FULL, -E_BUSY, -E_CORRUPT, -E_IO, -E_AWAY as they say. */
int db_run(struct db *db, const char *sql, const struct value *args, size_t n) MUST_CHECK;
/* The same, and need not be done yet when it returns: for writes of which only failure matters, inside
 * store_write(). What fails makes the next statement fail, or the whole piece of work. Saves a round trip to
 * PostgreSQL each time. */
int db_post(struct db *db, const char *sql, const struct value *args, size_t n) MUST_CHECK;
/* The same for a row that is added: db_post() of `INSERT INTO table (columns) VALUES ($1, …)`. The rows of
 * one table travel together, those that were put between two other statements go table by table: what a row
 * refers to is put before it. */
int db_put(
	struct db *db, const char *table, const char *columns, const struct value *args, size_t n) MUST_CHECK;
/* Until what was posted is done: what it, or another statement of this transaction that has not been rolled
 * back, met with. */
int db_flush(struct db *db) MUST_CHECK;
/* "sqlite" or "postgresql", where one text cannot serve both. */
const char *db_kind_name(const struct db *db);
/* What the database said about the last failure, for the log. */
const char *db_error(const struct db *db);
/* Constraint or column that the last -E_EXISTS named ("agent.number"), "" when unknown. */
const char *db_conflict(const struct db *db);

/* Starts a query. The rows belong to the caller until rows_end(). */
int db_query(struct db *db, const char *sql, const struct value *args, size_t n,
	struct rows **ret_rows) MUST_CHECK;
bool rows_next(struct rows *rows); /* false at the end and on failure */
int rows_end(struct rows *rows) MUST_CHECK;
int64_t rows_int(struct rows *rows, int column);    /* 0 for null */
struct str rows_str(struct rows *rows, int column); /* STR_NONE for null; valid until the next row */
bool rows_is_null(struct rows *rows, int column);

/* First column of the first row; *ret_value stays when there is no row: then -E_NOT_FOUND. */
int db_one_int(
	struct db *db, const char *sql, const struct value *args, size_t n, int64_t *ret_value) MUST_CHECK;

#endif
