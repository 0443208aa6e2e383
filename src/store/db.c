/* A connection of whichever kind: what is alike is here, the rest goes to the back end. */
#include "store/db_int.h"

#include "base/buf.h"

#include <string.h>

struct value value_str(struct str s)
{
	return (struct value){ .type = s.p ? VALUE_TEXT : VALUE_NULL, .s = s };
}

struct value value_id(int64_t id)
{
	return (struct value){ .type = id ? VALUE_INT : VALUE_NULL, .i = id };
}

/* `postgres://…`, else the path of a file. */
static const struct db_kind *kind_of(const char *place)
{
	struct str s = str_from(place);
	return str_starts(s, STR("postgres://")) || str_starts(s, STR("postgresql://")) ? &db_pg : &db_sqlite;
}

int db_open(const char *place, bool read_only, struct db **ret_db, struct fault *reterr_)
{
	return kind_of(place)->open(place, read_only, ret_db, reterr_);
}

void *db_close(struct db *db)
{
	if (db)
		db->kind->close(db);
	return NULL;
}

int db_script(struct db *db, const char *sql)
{
	return db->kind->script(db, sql);
}

int db_begin(struct db *db)
{
	return db->kind->begin(db);
}

int db_commit(struct db *db)
{
	return db->kind->commit(db);
}

int db_post(struct db *db, const char *sql, const struct value *args, size_t n)
{
	return db->kind->post(db, sql, args, n);
}

int db_put(struct db *db, const char *table, const char *columns, const struct value *args, size_t n)
{
	return db->kind->put(db, table, columns, args, n);
}

void db_print_insert(struct buf *out, const char *table, const char *columns, size_t n)
{
	buf_reset(out);
	buf_addz(out, "INSERT INTO ");
	buf_addz(out, table);
	buf_addz(out, " (");
	buf_addz(out, columns);
	for (size_t i = 0; i < n; i++) {
		buf_addz(out, i ? ", $" : ") VALUES ($");
		buf_add_u64(out, i + 1);
	}
	buf_addc(out, ')');
}

int db_flush(struct db *db)
{
	return db->kind->flush(db);
}

int64_t db_changes(const struct db *db)
{
	return db->kind->changes(db);
}

int db_run(struct db *db, const char *sql, const struct value *args, size_t n)
{
	return db->kind->run(db, sql, args, n);
}

const char *db_kind_name(const struct db *db)
{
	return db->kind->name;
}

const char *db_error(const struct db *db)
{
	return db->kind->error(db);
}

const char *db_conflict(const struct db *db)
{
	return db->conflict;
}

int db_query(struct db *db, const char *sql, const struct value *args, size_t n, struct rows **ret_rows)
{
	return db->kind->query(db, sql, args, n, ret_rows);
}

bool rows_next(struct rows *rows)
{
	return rows->db->kind->next(rows);
}

int rows_end(struct rows *rows)
{
	return rows->db->kind->end(rows);
}

int64_t rows_int(struct rows *rows, int column)
{
	return rows->db->kind->get_int(rows, column);
}

struct str rows_str(struct rows *rows, int column)
{
	return rows->db->kind->get_str(rows, column);
}

bool rows_is_null(struct rows *rows, int column)
{
	return rows->db->kind->is_null(rows, column);
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
