/* A SQLite connection behind the interface of db.h. Statements are cached by their text, so callers pass
 * plain SQL every time. SQLite numbers `$1` by first appearance (it is a name there), therefore `$n` becomes
 * `?n` before preparing. */
#include "store/db_int.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define STATEMENTS_MAX 256
#define SQL_MAX_BYTES (256 * 1024)

struct statement {
	char *sql;
	sqlite3_stmt *stmt;
	bool busy;
	UT_hash_handle hh;
};

struct db {
	sqlite3 *sqlite;
	struct statement *statements;
	char conflict[96];
};

struct rows {
	struct db *db;
	struct statement *st;
	int err;
};

struct value value_str(struct str s)
{
	return (struct value){ .type = s.p ? VALUE_TEXT : VALUE_NULL, .s = s };
}

struct value value_id(int64_t id)
{
	return (struct value){ .type = id ? VALUE_INT : VALUE_NULL, .i = id };
}

/* "UNIQUE constraint failed: agent.number, agent.x" gives "agent.number". */
static void note_conflict(struct db *db)
{
	struct str text = str_from(sqlite3_errmsg(db->sqlite));
	(void)str_cut(&text, ':');
	text = str_trim(str_cut(&text, ','));
	if (str_copy(text, db->conflict, sizeof(db->conflict)))
		db->conflict[0] = '\0';
}

/* What SQLite's primary result codes mean here; any other is -E_SYSTEM. */
static const struct {
	int rc;
	enum err err;
} meanings[] = {
	{ SQLITE_OK, E_OK },
	{ SQLITE_ROW, E_OK },
	{ SQLITE_DONE, E_OK },
	{ SQLITE_BUSY, E_BUSY },
	{ SQLITE_LOCKED, E_BUSY },
	{ SQLITE_FULL, E_FULL },
	{ SQLITE_CORRUPT, E_CORRUPT },
	{ SQLITE_NOTADB, E_CORRUPT },
	{ SQLITE_IOERR, E_IO },
	{ SQLITE_CANTOPEN, E_IO },
	{ SQLITE_READONLY, E_IO },
	{ SQLITE_TOOBIG, E_LIMIT },
};

static int err_of(struct db *db, int rc)
{
	if ((rc & 0xff) == SQLITE_CONSTRAINT) {
		note_conflict(db);
		if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
			return -E_EXISTS;
		return rc == SQLITE_CONSTRAINT_FOREIGNKEY ? -E_STATE : -E_INVALID;
	}
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		if (meanings[i].rc == (rc & 0xff))
			return -(int)meanings[i].err;
	return -E_SYSTEM;
}

static int fail(struct db *db, int rc, const char *sql)
{
	int err = err_of(db, rc);
	if (err == -E_SYSTEM || err == -E_INVALID)
		log_(LOG_STORE, LOG_DEBUG, "statement failed error=\"%s\" sql=\"%s\"",
			sqlite3_errmsg(db->sqlite), sql);
	return err;
}

int db_script(struct db *db, const char *sql)
{
	return fail(db, sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL), sql);
}

static int configure(struct db *db)
{
	sqlite3_extended_result_codes(db->sqlite, 1);
	sqlite3_busy_timeout(db->sqlite, 5000);
	if (sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) ||
		sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL))
		return -E_SYSTEM;
	return db_script(db,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
		"PRAGMA case_sensitive_like=ON; PRAGMA wal_autocheckpoint=4000;"
		"PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000");
}

int db_open(const char *path, bool read_only, struct db **ret_db)
{
	struct db *db = mem_alloc(sizeof(*db));
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (read_only ? 0 : SQLITE_OPEN_CREATE);
	int rc = sqlite3_open_v2(path, &db->sqlite, flags, NULL);
	int err = rc ? err_of(db, rc) : configure(db);
	if (!err && read_only)
		err = db_script(db, "PRAGMA query_only=ON");
	if (err) {
		log_(LOG_STORE, LOG_DEBUG, "cannot open database error=\"%s\"", db_error(db));
		db_close(db);
		return err;
	}
	*ret_db = db;
	return 0;
}

static void statement_drop(struct db *db, struct statement *st)
{
	HASH_DEL(db->statements, st);
	sqlite3_finalize(st->stmt);
	free(st->sql);
	free(st);
}

static void statements_trim(struct db *db, size_t keep)
{
	struct statement *st, *next;
	HASH_ITER (hh, db->statements, st, next) {
		if (HASH_COUNT(db->statements) <= keep)
			break;
		if (!st->busy)
			statement_drop(db, st);
	}
}

void *db_close(struct db *db)
{
	if (!db)
		return NULL;
	statements_trim(db, 0);
	sqlite3_close(db->sqlite);
	free(db);
	return NULL;
}

/* `$n` to `?n`, outside of text in quotes. */
static void rewrite(struct buf *out, const char *sql)
{
	bool quoted = false;
	for (const char *p = sql; *p; p++) {
		if (*p == '\'')
			quoted = !quoted;
		buf_addc(out, *p == '$' && !quoted ? '?' : *p);
	}
}

static int statement_make(struct db *db, const char *sql, struct statement **ret_st)
{
	struct buf text;
	buf_init(&text, SQL_MAX_BYTES);
	rewrite(&text, sql);
	int err = buf_err(&text);
	sqlite3_stmt *stmt = NULL;
	if (!err)
		err = fail(db,
			sqlite3_prepare_v3(
				db->sqlite, text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT, &stmt, NULL),
			sql);
	buf_done(&text);
	if (err)
		return err;
	statements_trim(db, STATEMENTS_MAX - 1);
	struct statement *st = mem_alloc(sizeof(*st));
	st->sql = mem_strdup(sql);
	st->stmt = stmt;
	HASH_ADD_KEYPTR(hh, db->statements, st->sql, strlen(st->sql), st);
	*ret_st = st;
	return 0;
}

static int bind(struct db *db, sqlite3_stmt *stmt, const struct value *args, size_t n)
{
	int rc = 0;
	for (size_t i = 0; i < n && !rc; i++) {
		int at = (int)i + 1;
		if (args[i].type == VALUE_INT)
			rc = sqlite3_bind_int64(stmt, at, args[i].i);
		else if (args[i].type == VALUE_TEXT)
			rc = sqlite3_bind_text64(
				stmt, at, args[i].s.p, args[i].s.n, SQLITE_STATIC, SQLITE_UTF8);
		else
			rc = sqlite3_bind_null(stmt, at);
	}
	return fail(db, rc, sqlite3_sql(stmt));
}

static void statement_end(struct statement *st)
{
	sqlite3_reset(st->stmt);
	sqlite3_clear_bindings(st->stmt);
	st->busy = false;
}

static int statement_begin(
	struct db *db, const char *sql, const struct value *args, size_t n, struct statement **ret_st)
{
	struct statement *st = NULL;
	HASH_FIND_STR(db->statements, sql, st);
	int err = 0;
	if (!st)
		err = statement_make(db, sql, &st);
	else if (st->busy) /* the same query inside itself */
		err = -E_STATE;
	if (err)
		return err;
	st->busy = true;
	err = bind(db, st->stmt, args, n);
	if (err)
		statement_end(st);
	*ret_st = st;
	return err;
}

int db_run(struct db *db, const char *sql, const struct value *args, size_t n)
{
	struct statement *st;
	int err = statement_begin(db, sql, args, n, &st);
	if (err)
		return err;
	int rc;
	do {
		rc = sqlite3_step(st->stmt);
	} while (rc == SQLITE_ROW);
	err = fail(db, rc, sql);
	statement_end(st);
	return err;
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_total_changes64(db->sqlite);
}

const char *db_error(const struct db *db)
{
	return sqlite3_errmsg(db->sqlite);
}

const char *db_conflict(const struct db *db)
{
	return db->conflict;
}

int db_query(struct db *db, const char *sql, const struct value *args, size_t n, struct rows **ret_rows)
{
	struct statement *st;
	int err = statement_begin(db, sql, args, n, &st);
	if (err)
		return err;
	struct rows *rows = mem_alloc(sizeof(*rows));
	*rows = (struct rows){ .db = db, .st = st };
	*ret_rows = rows;
	return 0;
}

bool rows_next(struct rows *rows)
{
	int rc = sqlite3_step(rows->st->stmt);
	if (rc != SQLITE_ROW)
		rows->err = fail(rows->db, rc, rows->st->sql);
	return rc == SQLITE_ROW;
}

int rows_end(struct rows *rows)
{
	int err = rows->err;
	statement_end(rows->st);
	free(rows);
	return err;
}

int64_t rows_int(struct rows *rows, int column)
{
	return sqlite3_column_int64(rows->st->stmt, column);
}

struct str rows_str(struct rows *rows, int column)
{
	const char *p = (const char *)sqlite3_column_text(rows->st->stmt, column);
	return p ? (struct str){ p, (size_t)sqlite3_column_bytes(rows->st->stmt, column) } : STR_NONE;
}

bool rows_is_null(struct rows *rows, int column)
{
	return sqlite3_column_type(rows->st->stmt, column) == SQLITE_NULL;
}

int db_one_int(struct db *db, const char *sql, const struct value *args, size_t n, int64_t *ret_value)
{
	struct rows *rows;
	int err = db_query(db, sql, args, n, &rows);
	if (err)
		return err;
	bool found = rows_next(rows);
	if (found)
		*ret_value = rows_int(rows, 0);
	err = rows_end(rows);
	return err ? err : found ? 0 : -E_NOT_FOUND;
}
