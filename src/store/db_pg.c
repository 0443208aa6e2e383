/* A PostgreSQL connection behind the interface of db.h. Two things are not obvious. Rows arrive one by one,
 * so that a long list needs no memory; when another statement wants the connection meanwhile, what is still
 * to come is put aside first. And a connection that is lost comes back by itself, but never inside a
 * transaction: a read is repeated, a group of writes fails as a whole, and a commit whose answer was lost is
 * looked up by the transaction's number. */
#include "store/db_int.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/pg_connect.h"
#include "store/pg_int.h"
#include "store/pg_err.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define STATEMENTS_MAX 256
#define ARGS_MAX 256
#define TEXT_MAX_BYTES ((size_t)64 << 20)
#define RECONNECT_US CLOCK_S_US
#define SETTLE_US (6 * CLOCK_S_US)
#define SETTLE_MS 100
#define POSTED_MAX 128
#define OID_BOOL 16
#define OID_INT8 20

/* Which parameters are told to be int8; the server finds out the type of the others. */
struct ints {
	uint64_t bits[ARGS_MAX / 64];
};

struct statement {
	char *sql;
	char name[16];
	struct ints ints;
	UT_hash_handle hh;
};

struct row {
	PGresult *result;
};

struct pg_rows {
	struct rows rows;
	PGresult *row;      /* the one that is read now */
	struct row *aside;  /* came before somebody asked */
	size_t at, n, size; /* of them */
	int err;
};

static void statements_forget(struct pg *pg)
{
	struct statement *st, *next;
	HASH_ITER (hh, pg->statements, st, next) {
		HASH_DEL(pg->statements, st);
		free(st->sql);
		free(st);
	}
}

void pg_lose(struct pg *pg)
{
	if (pg->live)
		pg->live->err = -E_AWAY;
	pg->live = NULL;
	pg->posted = 0;
	pg->copying = NULL;
	copies_reset(&pg->copies);
	PQfinish(pg->conn);
	pg->conn = NULL;
	statements_forget(pg);
}

/* Takes note of an answer; 0 when it is a good one. */
int pg_note(struct pg *pg, const PGresult *res)
{
	int err = pg_err(pg->conn, res, pg->db.conflict, sizeof(pg->db.conflict));
	if (!err) {
		pg->broken = 0;
		return 0;
	}
	const char *text = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	snprintf(pg->error, sizeof(pg->error), "%s", text ? text : err_text(err));
	if (pg->broken && err == -E_STATE)
		err = pg->broken;
	pg->broken = pg->in_work ? err : 0;
	return err;
}

static int reconnect(struct pg *pg)
{
	struct fault fault = { .text = "" };
	int err = pg_connect(pg->url, pg->read_only, &pg->conn, &fault);
	if (!err)
		return 0;
	pg->retry_at_us = clock_mono_us() + RECONNECT_US;
	snprintf(pg->error, sizeof(pg->error), "%s", fault.text);
	return -E_AWAY;
}

static int ensure(struct pg *pg)
{
	if (pg->conn)
		return 0;
	if (pg->in_work || clock_mono_us() < pg->retry_at_us)
		return -E_AWAY;
	return reconnect(pg);
}

static void keep_aside(struct pg_rows *r, PGresult *res)
{
	if (r->n == r->size) {
		r->size = r->size ? 2 * r->size : 16;
		r->aside = mem_resize(r->aside, r->size, sizeof(*r->aside));
	}
	r->aside[r->n++].result = res;
}

/* Everything that still arrives is put aside (or away), so that the connection is free. */
void pg_settle(struct pg *pg, bool keep)
{
	struct pg_rows *r = pg->live;
	PGresult *res;
	while (r && (res = PQgetResult(pg->conn))) {
		if (keep && PQresultStatus(res) == PGRES_SINGLE_TUPLE) {
			keep_aside(r, res);
			continue;
		}
		int err = pg_note(pg, res);
		r->err = r->err ? r->err : err;
		PQclear(res);
	}
	pg->live = NULL;
}

/* One answer of the pipeline; false at its end. */
static bool take_posted(struct pg *pg, int *err)
{
	PGresult *res = PQgetResult(pg->conn);
	ExecStatusType status = res ? PQresultStatus(res) : PGRES_FATAL_ERROR;
	if (!res) { /* between two statements */
		if (PQstatus(pg->conn) == CONNECTION_BAD)
			*err = -E_AWAY;
		return *err != -E_AWAY;
	}
	if (status != PGRES_PIPELINE_SYNC && status != PGRES_PIPELINE_ABORTED) {
		int one = pg_note(pg, res);
		*err = *err ? *err : one;
		pg->changes += strtoll(PQcmdTuples(res), NULL, 10);
	}
	PQclear(res);
	return status != PGRES_PIPELINE_SYNC && *err != -E_AWAY;
}

/* Until everything posted is done; the first failure. The connection is an ordinary one again. */
int pg_drain(struct pg *pg)
{
	int err = 0;
	if (!pg->posted)
		return 0;
	pg->posted = 0;
	if (!PQpipelineSync(pg->conn))
		err = -E_AWAY;
	while (err != -E_AWAY && take_posted(pg, &err))
		;
	if (err == -E_AWAY || !PQexitPipelineMode(pg->conn)) {
		pg_lose(pg);
		err = -E_AWAY;
	}
	return err;
}

static bool int_at(const struct ints *ints, size_t i)
{
	return ints->bits[i / 64] >> i % 64 & 1;
}

/* Whether a statement that was prepared with these types takes the values: a number always goes as int8, text
 * never. Null fits both. */
static bool fits(const struct statement *st, const struct value *args, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (args[i].type != VALUE_NULL && int_at(&st->ints, i) != (args[i].type == VALUE_INT))
			return false;
	return true;
}

static void statement_drop(struct pg *pg, struct statement *st)
{
	char sql[32];
	snprintf(sql, sizeof(sql), "DEALLOCATE %s", st->name);
	PQclear(PQexec(pg->conn, sql));
	HASH_DEL(pg->statements, st);
	free(st->sql);
	free(st);
}

/* The types of before stay where the new values say nothing. */
static int statement_make(struct pg *pg, const char *sql, const struct value *args, size_t n,
	struct ints ints, struct statement **ret_st)
{
	Oid types[ARGS_MAX] = { 0 };
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = UINT64_C(1) << i % 64;
		if (args[i].type == VALUE_INT)
			ints.bits[i / 64] |= bit;
		else if (args[i].type == VALUE_TEXT)
			ints.bits[i / 64] &= ~bit;
		types[i] = int_at(&ints, i) ? OID_INT8 : 0;
	}
	while (HASH_COUNT(pg->statements) >= STATEMENTS_MAX)
		statement_drop(pg, pg->statements);
	struct statement *st = mem_alloc(sizeof(*st));
	snprintf(st->name, sizeof(st->name), "s%u", ++pg->serial);
	PGresult *res = PQprepare(pg->conn, st->name, sql, (int)n, types);
	int err = pg_note(pg, res);
	PQclear(res);
	if (err) {
		free(st);
		return err;
	}
	st->sql = mem_strdup(sql);
	st->ints = ints;
	HASH_ADD_KEYPTR(hh, pg->statements, st->sql, strlen(st->sql), st);
	*ret_st = st;
	return 0;
}

static int statement_of(
	struct pg *pg, const char *sql, const struct value *args, size_t n, struct statement **ret_st)
{
	struct ints ints = { 0 };
	HASH_FIND_STR(pg->statements, sql, *ret_st);
	if (*ret_st && fits(*ret_st, args, n))
		return 0;
	int err = pg_drain(pg);
	if (err)
		return err;
	if (*ret_st) {
		ints = (*ret_st)->ints;
		statement_drop(pg, *ret_st);
	}
	return statement_make(pg, sql, args, n, ints, ret_st);
}

/* The values as terminated texts; NULL for null. */
static int print_values(struct pg *pg, const struct value *args, size_t n, const char **ret_values)
{
	size_t at[ARGS_MAX];
	buf_reset(&pg->text);
	for (size_t i = 0; i < n; i++) {
		at[i] = pg->text.n;
		if (args[i].type == VALUE_INT)
			buf_printf(&pg->text, "%lld", (long long)args[i].i);
		else if (args[i].type == VALUE_TEXT && memchr(args[i].s.p, '\0', args[i].s.n))
			return -E_INVALID;
		else if (args[i].type == VALUE_TEXT)
			buf_adds(&pg->text, args[i].s);
		buf_addc(&pg->text, '\0');
	}
	for (size_t i = 0; i < n; i++)
		ret_values[i] = args[i].type == VALUE_NULL ? NULL : pg->text.p + at[i];
	return buf_err(&pg->text);
}

static int send(struct pg *pg, const char *sql, const struct value *args, size_t n, bool posted)
{
	const char *values[ARGS_MAX];
	struct statement *st = NULL;
	int err = n > ARGS_MAX ? -E_LIMIT : print_values(pg, args, n, values);
	if (!err)
		err = statement_of(pg, sql, args, n, &st);
	if (!err && posted && !PQenterPipelineMode(pg->conn))
		err = -E_AWAY;
	if (!err && !PQsendQueryPrepared(pg->conn, st->name, (int)n, values, NULL, NULL, 0))
		err = -E_AWAY;
	return err;
}

static void discard_rest(struct pg *pg)
{
	PGresult *res;
	while (pg->conn && (res = PQgetResult(pg->conn)))
		PQclear(res);
}

/* One try; *ret_first is the first answer, the others are still to come. */
static int start_once(
	struct pg *pg, const char *sql, const struct value *args, size_t n, PGresult **ret_first)
{
	int err = ensure(pg);
	if (err)
		return err;
	pg_settle(pg, true);
	err = pg_drain(pg);
	if (!err)
		err = send(pg, sql, args, n, false);
	if (err)
		return err;
	(void)PQsetSingleRowMode(pg->conn);
	*ret_first = PQgetResult(pg->conn);
	err = pg_note(pg, *ret_first);
	if (err && pg_is_stale(*ret_first)) {
		discard_rest(pg);
		statements_forget(pg);
		err = -E_AGAIN;
	}
	return err;
}

/* Outside of a transaction a lost connection and a forgotten statement cost a second try. */
static int start(struct pg *pg, const char *sql, const struct value *args, size_t n, PGresult **ret_first)
{
	for (int tries = 0;; tries++) {
		*ret_first = NULL;
		int err = start_once(pg, sql, args, n, ret_first);
		if (!err)
			return 0;
		PQclear(*ret_first);
		bool connected = pg->conn != NULL;
		if (err == -E_AWAY)
			pg_lose(pg);
		else
			discard_rest(pg);
		bool repeat = connected && (err == -E_AWAY || err == -E_AGAIN) && !pg->in_work && !tries;
		if (!repeat) {
			if (err == -E_SYSTEM || err == -E_INVALID)
				log_(LOG_STORE, LOG_DEBUG, "statement failed error=\"%s\" sql=\"%s\"",
					pg->error, sql);
			return err;
		}
	}
}

int pg_post_one(struct pg *pg, const char *sql, const struct value *args, size_t n)
{
	if (!pg->conn)
		return -E_AWAY;
	pg_settle(pg, true);
	int err = send(pg, sql, args, n, true);
	if (err == -E_AWAY)
		pg_lose(pg);
	if (err)
		return err;
	return ++pg->posted < POSTED_MAX ? 0 : pg_drain(pg);
}

static int pg_post(struct db *db, const char *sql, const struct value *args, size_t n)
{
	struct pg *pg = pg_of(db);
	int err = pg_unload_for(pg, sql);
	return err ? err : pg_post_one(pg, sql, args, n);
}

static int pg_flush(struct db *db)
{
	struct pg *pg = pg_of(db);
	int err = pg_unload(pg);
	if (!err)
		err = pg_drain(pg);
	return err ? err : pg->broken;
}

static int pg_run(struct db *db, const char *sql, const struct value *args, size_t n)
{
	struct pg *pg = pg_of(db);
	PGresult *res;
	int err = pg_unload_for(pg, sql);
	if (err)
		return err;
	if (pg->posted) { /* goes with the others */
		err = pg_post_one(pg, sql, args, n);
		return err ? err : pg_drain(pg);
	}
	err = start(pg, sql, args, n, &res);
	if (err)
		return err;
	for (; res; res = PQgetResult(pg->conn)) {
		err = err ? err : pg_note(pg, res);
		pg->changes += strtoll(PQcmdTuples(res), NULL, 10);
		PQclear(res);
	}
	if (err == -E_AWAY)
		pg_lose(pg);
	return err;
}

static int pg_query(
	struct db *db, const char *sql, const struct value *args, size_t n, struct rows **ret_rows)
{
	struct pg *pg = pg_of(db);
	PGresult *first;
	int err = pg_unload(pg);
	if (!err)
		err = start(pg, sql, args, n, &first);
	if (err)
		return err;
	struct pg_rows *r = mem_alloc(sizeof(*r));
	r->rows.db = db;
	pg->live = r;
	if (PQresultStatus(first) == PGRES_SINGLE_TUPLE) {
		keep_aside(r, first);
	} else {
		PQclear(first);
		pg_settle(pg, false);
	}
	*ret_rows = &r->rows;
	return 0;
}

static bool pg_next(struct rows *rows)
{
	struct pg_rows *r = (struct pg_rows *)rows;
	struct pg *pg = pg_of(rows->db);
	PQclear(r->row);
	r->row = NULL;
	if (r->at < r->n) {
		r->row = r->aside[r->at++].result;
		return true;
	}
	if (pg->live != r)
		return false;
	PGresult *res = PQgetResult(pg->conn);
	if (res && PQresultStatus(res) == PGRES_SINGLE_TUPLE) {
		r->row = res;
		return true;
	}
	r->err = pg_note(pg, res);
	PQclear(res);
	if (r->err == -E_AWAY)
		pg_lose(pg);
	else
		pg_settle(pg, false);
	return false;
}

static int pg_end(struct rows *rows)
{
	struct pg_rows *r = (struct pg_rows *)rows;
	struct pg *pg = pg_of(rows->db);
	if (pg->live == r)
		pg_settle(pg, false);
	PQclear(r->row);
	while (r->at < r->n)
		PQclear(r->aside[r->at++].result);
	int err = r->err;
	free(r->aside);
	free(r);
	return err;
}

static const PGresult *row_of(struct rows *rows)
{
	return ((struct pg_rows *)rows)->row;
}

static struct str pg_str(struct rows *rows, int column)
{
	const PGresult *row = row_of(rows);
	if (PQgetisnull(row, 0, column))
		return STR_NONE;
	const char *text = PQgetvalue(row, 0, column);
	if (PQftype(row, column) == OID_BOOL) /* "t" or "f", where SQLite has numbers */
		return *text == 't' ? STR("1") : STR("0");
	return (struct str){ text, (size_t)PQgetlength(row, 0, column) };
}

static int64_t pg_int(struct rows *rows, int column)
{
	struct str text = pg_str(rows, column);
	return text.p ? strtoll(text.p, NULL, 10) : 0;
}

static bool pg_is_null(struct rows *rows, int column)
{
	return PQgetisnull(row_of(rows), 0, column);
}

static const char *pg_error(const struct db *db)
{
	return pg_of(db)->error;
}

static int64_t pg_changes(const struct db *db)
{
	return pg_of(db)->changes;
}

/* Statements without rows. */
static int exec(struct pg *pg, const char *sql)
{
	pg_settle(pg, true);
	int err = pg_unload_for(pg, sql);
	if (err || pg_drain(pg) == -E_AWAY)
		return err ? err : -E_AWAY;
	PGresult *res = PQexec(pg->conn, sql);
	err = pg_note(pg, res);
	PQclear(res);
	if (err == -E_AWAY)
		pg_lose(pg);
	return err;
}

static int pg_script(struct db *db, const char *sql)
{
	struct pg *pg = pg_of(db);
	int err = ensure(pg);
	if (!err)
		err = exec(pg, sql);
	if (strncmp(sql, "ROLLBACK", 8) == 0) {
		pg->in_work = false;
		pg->broken = 0;
		return err == -E_AWAY ? 0 : err;
	}
	return err;
}

static int begin_once(struct pg *pg)
{
	int err = ensure(pg);
	if (err)
		return err;
	PGresult *res = PQexec(pg->conn, "BEGIN; SELECT pg_current_xact_id()");
	err = pg_note(pg, res);
	if (!err) {
		snprintf(pg->xid, sizeof(pg->xid), "%s", PQgetvalue(res, 0, 0));
		pg->in_work = true;
	}
	PQclear(res);
	if (err == -E_AWAY)
		pg_lose(pg);
	return err;
}

static int pg_begin(struct db *db)
{
	struct pg *pg = pg_of(db);
	bool connected = pg->conn != NULL;
	pg->in_work = false;
	pg->broken = 0;
	int err = begin_once(pg);
	return err == -E_AWAY && connected ? begin_once(pg) : err;
}

/* What became of the transaction whose commit was not answered: 0 when it is on disk, -E_AWAY when it never
 * was, -E_BUSY while its server process has not ended. */
static int ask_outcome(struct pg *pg)
{
	const char *xid = pg->xid;
	PGresult *res = PQexecParams(
		pg->conn, "SELECT pg_xact_status(CAST($1 AS xid8))", 1, NULL, &xid, NULL, NULL, 0);
	int err = pg_note(pg, res);
	const char *status = !err && PQntuples(res) == 1 ? PQgetvalue(res, 0, 0) : "";
	if (err)
		err = -E_BUSY;
	else if (strcmp(status, "committed") == 0)
		err = 0;
	else if (strcmp(status, "aborted") == 0)
		err = -E_AWAY;
	else
		err = *status ? -E_BUSY : -E_UNSURE;
	PQclear(res);
	return err;
}

static int settle_commit(struct pg *pg)
{
	int64_t until = clock_mono_us() + SETTLE_US;
	for (;;) {
		if (pg->conn && PQstatus(pg->conn) == CONNECTION_BAD)
			pg_lose(pg);
		int err = pg->conn || !reconnect(pg) ? ask_outcome(pg) : -E_BUSY;
		if (err != -E_BUSY)
			return err;
		if (clock_mono_us() > until)
			return -E_UNSURE;
		poll(NULL, 0, SETTLE_MS);
	}
}

/* The server answers a commit of a transaction that has failed with ROLLBACK, and no error. */
static int pg_commit(struct db *db)
{
	struct pg *pg = pg_of(db);
	if (!pg->conn)
		return -E_AWAY;
	pg_settle(pg, true);
	int err = pg_unload(pg);
	if (!err)
		err = pg_drain(pg);
	if (err)
		return err;
	int broken = pg->broken;
	PGresult *res = PQexec(pg->conn, "COMMIT");
	err = pg_note(pg, res);
	if (!err && strcmp(PQcmdStatus(res), "COMMIT") != 0)
		err = broken ? broken : -E_STATE;
	PQclear(res);
	pg->in_work = false;
	if (err == -E_AWAY) {
		pg_lose(pg);
		err = settle_commit(pg);
	}
	return err;
}

static void pg_close(struct db *db)
{
	struct pg *pg = pg_of(db);
	pg_lose(pg);
	copies_done(&pg->copies);
	buf_done(&pg->text);
	free(pg->url);
	free(pg);
}

static int pg_open(const char *place, bool read_only, struct db **ret_db, struct fault *reterr_)
{
	PGconn *conn = NULL;
	int err = pg_connect(place, read_only, &conn, reterr_);
	if (err)
		return err;
	struct pg *pg = mem_alloc(sizeof(*pg));
	pg->db.kind = &db_pg;
	pg->conn = conn;
	pg->read_only = read_only;
	pg->url = mem_strdup(place);
	buf_init(&pg->text, TEXT_MAX_BYTES);
	copies_init(&pg->copies);
	*ret_db = &pg->db;
	return 0;
}

static const struct db_word words[] = {
	{ "@ID@", "BIGINT PRIMARY KEY" },
	{ "@INT@", "BIGINT" },
	{ "@JSON@", "JSON" },
	{ "@STRICT@", "" },
	{ "TEXT", "TEXT COLLATE \"C\"" },
	{ 0 },
};

#define LAYOUT_LOCK "7595440218023121" /* "lingxi" on a dialler, more or less: any number that is ours */

const struct db_kind db_pg = {
	.name = "postgresql",
	.section = "postgres",
	.words = words,
	.lock = "SET lock_timeout = '60s'; SELECT pg_advisory_lock(" LAYOUT_LOCK "); SET lock_timeout = 0",
	.unlock = "SELECT pg_advisory_unlock(" LAYOUT_LOCK ")",
	.open = pg_open,
	.close = pg_close,
	.script = pg_script,
	.run = pg_run,
	.query = pg_query,
	.next = pg_next,
	.end = pg_end,
	.get_int = pg_int,
	.get_str = pg_str,
	.is_null = pg_is_null,
	.error = pg_error,
	.changes = pg_changes,
	.begin = pg_begin,
	.commit = pg_commit,
	.post = pg_post,
	.put = pg_put,
	.flush = pg_flush,
};
