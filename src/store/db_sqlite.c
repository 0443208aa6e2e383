/* A SQLite connection behind the interface of db.h. Statements are cached by their text, so callers pass
 * plain SQL every time. SQLite numbers `$1` by first appearance (it is a name there), therefore `$n` becomes
 * `?n` before preparing. */
#include "store/db_int.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

#include <pthread.h>
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

struct lite {
	struct db db;
	sqlite3 *sqlite;
	struct statement *statements;
	bool has_at_commit; /* known to have the view of that name */
	struct buf insert;
};

struct lite_rows {
	struct rows rows;
	struct statement *st;
	int err;
};

static struct lite *lite_of(const struct db *db)
{
	return (struct lite *)(uintptr_t)db;
}

/* "UNIQUE constraint failed: agent.number, agent.x" gives "agent.number". */
static void note_conflict(struct lite *lite)
{
	struct str text = str_from(sqlite3_errmsg(lite->sqlite));
	(void)str_cut(&text, ':');
	text = str_trim(str_cut(&text, ','));
	if (str_copy(text, lite->db.conflict, sizeof(lite->db.conflict)))
		lite->db.conflict[0] = '\0';
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

static int err_of(struct lite *lite, int rc)
{
	if ((rc & 0xff) == SQLITE_CONSTRAINT) {
		note_conflict(lite);
		if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
			return -E_EXISTS;
		return rc == SQLITE_CONSTRAINT_FOREIGNKEY ? -E_STATE : -E_INVALID;
	}
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		if (meanings[i].rc == (rc & 0xff))
			return -(int)meanings[i].err;
	return -E_SYSTEM;
}

static int fail(struct lite *lite, int rc, const char *sql)
{
	int err = err_of(lite, rc);
	if (err == -E_SYSTEM || err == -E_INVALID)
		log_(LOG_STORE, LOG_DEBUG, "statement failed error=\"%s\" sql=\"%s\"",
			sqlite3_errmsg(lite->sqlite), sql);
	return err;
}

static int script(struct lite *lite, const char *sql)
{
	return fail(lite, sqlite3_exec(lite->sqlite, sql, NULL, NULL, NULL), sql);
}

static void statement_drop(struct lite *lite, struct statement *st)
{
	HASH_DEL(lite->statements, st);
	sqlite3_finalize(st->stmt);
	free(st->sql);
	free(st);
}

static void statements_trim(struct lite *lite, size_t keep)
{
	struct statement *st, *next;
	HASH_ITER (hh, lite->statements, st, next) {
		if (HASH_COUNT(lite->statements) <= keep)
			break;
		if (!st->busy)
			statement_drop(lite, st);
	}
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

static int statement_make(struct lite *lite, const char *sql, struct statement **ret_st)
{
	struct buf text;
	buf_init(&text, SQL_MAX_BYTES);
	rewrite(&text, sql);
	int err = buf_err(&text);
	sqlite3_stmt *stmt = NULL;
	if (!err)
		err = fail(lite,
			sqlite3_prepare_v3(
				lite->sqlite, text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT, &stmt, NULL),
			sql);
	buf_done(&text);
	if (err)
		return err;
	statements_trim(lite, STATEMENTS_MAX - 1);
	struct statement *st = mem_alloc(sizeof(*st));
	st->sql = mem_strdup(sql);
	st->stmt = stmt;
	HASH_ADD_KEYPTR(hh, lite->statements, st->sql, strlen(st->sql), st);
	*ret_st = st;
	return 0;
}

static int bind(struct lite *lite, sqlite3_stmt *stmt, const struct value *args, size_t n)
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
	return fail(lite, rc, sqlite3_sql(stmt));
}

static void statement_end(struct statement *st)
{
	sqlite3_reset(st->stmt);
	sqlite3_clear_bindings(st->stmt);
	st->busy = false;
}

static int statement_begin(
	struct lite *lite, const char *sql, const struct value *args, size_t n, struct statement **ret_st)
{
	struct statement *st = NULL;
	HASH_FIND_STR(lite->statements, sql, st);
	int err = 0;
	if (!st)
		err = statement_make(lite, sql, &st);
	else if (st->busy) /* the same query inside itself */
		err = -E_STATE;
	if (err)
		return err;
	st->busy = true;
	err = bind(lite, st->stmt, args, n);
	if (err)
		statement_end(st);
	*ret_st = st;
	return err;
}

static int lite_script(struct db *db, const char *sql)
{
	return script(lite_of(db), sql);
}

static int lite_run(struct db *db, const char *sql, const struct value *args, size_t n)
{
	struct lite *lite = lite_of(db);
	struct statement *st;
	int err = statement_begin(lite, sql, args, n, &st);
	if (err)
		return err;
	int rc;
	do {
		rc = sqlite3_step(st->stmt);
	} while (rc == SQLITE_ROW);
	err = fail(lite, rc, sql);
	statement_end(st);
	return err;
}

static int lite_query(
	struct db *db, const char *sql, const struct value *args, size_t n, struct rows **ret_rows)
{
	struct statement *st;
	int err = statement_begin(lite_of(db), sql, args, n, &st);
	if (err)
		return err;
	struct lite_rows *r = mem_alloc(sizeof(*r));
	*r = (struct lite_rows){ .rows.db = db, .st = st };
	*ret_rows = &r->rows;
	return 0;
}

static bool lite_next(struct rows *rows)
{
	struct lite_rows *r = (struct lite_rows *)rows;
	int rc = sqlite3_step(r->st->stmt);
	if (rc != SQLITE_ROW)
		r->err = fail(lite_of(rows->db), rc, r->st->sql);
	return rc == SQLITE_ROW;
}

static int lite_end(struct rows *rows)
{
	struct lite_rows *r = (struct lite_rows *)rows;
	int err = r->err;
	statement_end(r->st);
	free(r);
	return err;
}

static sqlite3_stmt *stmt_of(struct rows *rows)
{
	return ((struct lite_rows *)rows)->st->stmt;
}

static int64_t lite_int(struct rows *rows, int column)
{
	return sqlite3_column_int64(stmt_of(rows), column);
}

static struct str lite_str(struct rows *rows, int column)
{
	const char *p = (const char *)sqlite3_column_text(stmt_of(rows), column);
	return p ? (struct str){ p, (size_t)sqlite3_column_bytes(stmt_of(rows), column) } : STR_NONE;
}

static bool lite_is_null(struct rows *rows, int column)
{
	return sqlite3_column_type(stmt_of(rows), column) == SQLITE_NULL;
}

static const char *lite_error(const struct db *db)
{
	return sqlite3_errmsg(lite_of(db)->sqlite);
}

static int64_t lite_changes(const struct db *db)
{
	return sqlite3_total_changes64(lite_of(db)->sqlite);
}

static int lite_begin(struct db *db)
{
	return lite_run(db, "BEGIN IMMEDIATE", NO_ARGS);
}

/* What the layout wants done before a commit stands in triggers of a view. */
static int at_commit(struct lite *lite)
{
	int64_t has = 0;
	int err = lite->has_at_commit
		? 0
		: db_one_int(
			  &lite->db, "SELECT 1 FROM sqlite_schema WHERE name = 'at_commit'", NO_ARGS, &has);
	lite->has_at_commit |= has;
	if (!lite->has_at_commit)
		return err == -E_NOT_FOUND ? 0 : err;
	return lite_run(&lite->db, "INSERT INTO at_commit (now) VALUES (1)", NO_ARGS);
}

static int lite_commit(struct db *db)
{
	int err = at_commit(lite_of(db));
	return err ? err : lite_run(db, "COMMIT", NO_ARGS);
}

static int lite_put(struct db *db, const char *table, const char *columns, const struct value *args, size_t n)
{
	struct buf *text = &lite_of(db)->insert;
	db_print_insert(text, table, columns, n);
	int err = buf_err(text);
	return err ? err : lite_run(db, text->p, args, n);
}

static int lite_flush(struct db *db)
{
	(void)db;
	return 0;
}

static void lite_close(struct db *db)
{
	struct lite *lite = lite_of(db);
	statements_trim(lite, 0);
	sqlite3_close(lite->sqlite);
	buf_done(&lite->insert);
	free(lite);
}

static int configure(struct lite *lite)
{
	sqlite3_extended_result_codes(lite->sqlite, 1);
	sqlite3_busy_timeout(lite->sqlite, 5000);
	if (sqlite3_db_config(lite->sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) ||
		sqlite3_db_config(lite->sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL))
		return -E_SYSTEM;
	return script(lite,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
		"PRAGMA case_sensitive_like=ON; PRAGMA wal_autocheckpoint=4000;"
		"PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000");
}

/* Counting memory is a lock around every allocation, which writer and readers would wait for. */
static void set_up(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int lite_open(const char *place, bool read_only, struct db **ret_db, struct fault *reterr_)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, set_up);
	struct lite *lite = mem_alloc(sizeof(*lite));
	lite->db.kind = &db_sqlite;
	buf_init(&lite->insert, SQL_MAX_BYTES);
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (read_only ? 0 : SQLITE_OPEN_CREATE);
	int rc = sqlite3_open_v2(place, &lite->sqlite, flags, NULL);
	int err = rc ? err_of(lite, rc) : configure(lite);
	if (!err && read_only)
		err = script(lite, "PRAGMA query_only=ON");
	if (err) {
		log_(LOG_STORE, LOG_DEBUG, "cannot open database error=\"%s\"", lite_error(&lite->db));
		lite_close(&lite->db);
		(void)fault_set(reterr_, "open", "data", "cannot open %s: %s", place, err_text(err));
		return err;
	}
	*ret_db = &lite->db;
	return 0;
}

static const struct db_word words[] = {
	{ "@ID@", "INTEGER PRIMARY KEY" },
	{ "@INT@", "INTEGER" },
	{ "@JSON@", "TEXT" },
	{ "@STRICT@", "STRICT" },
	{ 0 },
};

const struct db_kind db_sqlite = {
	.name = "sqlite",
	.section = "sqlite",
	.words = words,
	.rebuild = "PRAGMA foreign_keys=OFF",
	.rebuilt = "PRAGMA foreign_keys=ON",
	.dangling = "SELECT count(*) FROM pragma_foreign_key_check",
	.open = lite_open,
	.close = lite_close,
	.script = lite_script,
	.run = lite_run,
	.query = lite_query,
	.next = lite_next,
	.end = lite_end,
	.get_int = lite_int,
	.get_str = lite_str,
	.is_null = lite_is_null,
	.error = lite_error,
	.changes = lite_changes,
	.begin = lite_begin,
	.commit = lite_commit,
	.post = lite_run,
	.put = lite_put,
	.flush = lite_flush,
};
