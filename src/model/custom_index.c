/* What follows from custom fields outside of records' own columns. Indexes that should be are found by the
 * catalogue, those that are by the database's own tables; of words and of values that are to go a counter
 * tells. */
#include "model/custom_index.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/custom.h"
#include "model/field.h"
#include "model/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LOCK "7309463711" /* of PostgreSQL: whoever makes or drops such an index */
#define NEVER INT64_C(-1)

static bool is_sqlite(const struct db *db)
{
	return strcmp(db_kind_name(db), "sqlite") == 0;
}

static void name_index(const struct resource *res, const struct field *f, char dst[64])
{
	snprintf(dst, 64, "x_%s_%s", res->table, f->column);
}

/* A field of the catalogue that has, or should have, the index of that name. */
static bool is_wanted(const struct catalogue *catalogue, struct str name)
{
	char one[64];
	for (size_t i = 0; i < resources_n; i++) {
		const struct resource *res = catalogue_at(catalogue, i);
		for (size_t k = 0; k < res->n_fields; k++) {
			if (!(res->fields[k].flags & F_INDEXED))
				continue;
			name_index(res, &res->fields[k], one);
			if (str_eqz(name, one))
				return true;
		}
	}
	return false;
}

/* Those that are there: their names, each behind a blank. One that PostgreSQL did not finish is none. */
static int read_names(struct db *db, const struct catalogue *catalogue, struct buf *names, char ret_stray[64])
{
	struct rows *rows;
	int err = db_query(db,
		is_sqlite(db)
			? "SELECT name, 1 FROM sqlite_master WHERE type = 'index' AND name LIKE 'x\\_%'"
			  " ESCAPE '\\'"
			: "SELECT c.relname, CASE WHEN i.indisvalid THEN 1 ELSE 0 END FROM pg_index i"
			  " JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE 'x\\_%' ESCAPE '\\'"
			  " AND pg_table_is_visible(c.oid)",
		NO_ARGS, &rows);
	if (err)
		return err;
	*ret_stray = '\0';
	while (rows_next(rows)) {
		struct str name = rows_str(rows, 0);
		if (!rows_int(rows, 1) || !is_wanted(catalogue, name))
			(void)str_copy(name, ret_stray, 64);
		else
			buf_printf(names, " " STR_FMT, STR_ARG(name));
	}
	return rows_end(rows);
}

/* The sort key of list.c and the id behind it: filters and orders use it. */
static void make_step(
	struct db *db, const struct resource *res, const struct field *f, struct index_step *step)
{
	const char *none = field_kind(f)->text ? "''" : "0";
	snprintf(step->table, sizeof(step->table), "%s", res->table);
	snprintf(step->sql, sizeof(step->sql),
		"CREATE INDEX %sIF NOT EXISTS %s ON %s (coalesce(%s%s%s, %s), id)%s",
		is_sqlite(db) ? "" : "CONCURRENTLY ", step->name, res->table, "(", f->sql, ")", none,
		res_keeps(res) ? " WHERE deleted IS NULL" : "");
}

/* Expressions name the row `t`; in an index there is no such name. */
static void drop_alias(char *sql)
{
	for (char *at; (at = strstr(sql, "t.custom"));)
		memmove(at, at + 2, strlen(at + 2) + 1);
}

int index_next(struct db *db, const struct catalogue *catalogue, struct index_step *ret_step, bool *ret_found)
{
	struct buf names;
	buf_init(&names, 1 << 16);
	*ret_step = (struct index_step){ .drops = true };
	int err = read_names(db, catalogue, &names, ret_step->name);
	buf_addc(&names, ' ');
	*ret_found = !err && ret_step->name[0];
	for (size_t i = 0; i < resources_n && !err && !*ret_found; i++) {
		const struct resource *res = catalogue_at(catalogue, i);
		for (size_t k = 0; k < res->n_fields && !*ret_found; k++) {
			char name[64], mark[68];
			name_index(res, &res->fields[k], name);
			snprintf(mark, sizeof(mark), " %s ", name);
			if (!(res->fields[k].flags & F_INDEXED) || strstr(names.p, mark))
				continue;
			ret_step->drops = false;
			snprintf(ret_step->name, sizeof(ret_step->name), "%s", name);
			make_step(db, res, &res->fields[k], ret_step);
			drop_alias(ret_step->sql);
			*ret_found = true;
		}
	}
	buf_done(&names);
	return err;
}

static int drop(struct db *db, const char *name)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "DROP INDEX %sIF EXISTS %s", is_sqlite(db) ? "" : "CONCURRENTLY ", name);
	return db_run(db, sql, NO_ARGS);
}

/* PostgreSQL plans by what it has counted of an index's expression. */
static int make(struct db *db, const struct index_step *step)
{
	char sql[96];
	int err = db_run(db, step->sql, NO_ARGS);
	snprintf(sql, sizeof(sql), "ANALYZE %s", step->table);
	return err || is_sqlite(db) ? err : db_run(db, sql, NO_ARGS);
}

int index_carry_out(struct db *db, const struct index_step *step)
{
	int64_t locked = 1;
	int err = is_sqlite(db)
		? 0
		: db_one_int(db, "SELECT CASE WHEN pg_try_advisory_lock(" LOCK ") THEN 1 ELSE 0 END", NO_ARGS,
			  &locked);
	if (!err && !locked)
		err = -E_BUSY;
	if (err)
		return err;
	return step->drops ? drop(db, step->name) : make(db, step);
}

/* Which searched custom fields there are, in one number; 0 for none. */
static int64_t print_of(const struct resource *res)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		uint64_t hash = UINT64_C(14695981039346656037);
		if (!(f->flags & F_CUSTOM) || !(f->flags & F_SEARCH))
			continue;
		for (const char *p = f->column; *p; p++)
			hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
		sum += hash; /* in whatever order they stand */
	}
	return (int64_t)(sum & INT64_MAX);
}

static void counter_of(const struct resource *res, char dst[80])
{
	snprintf(dst, 80, "words_%s", res->name);
}

int custom_words_next(struct db *db, const struct catalogue *catalogue, const struct resource **ret_res)
{
	*ret_res = NULL;
	for (size_t i = 0; i < resources_n; i++) {
		const struct resource *res = catalogue_at(catalogue, i);
		char name[80];
		int64_t made = 0;
		if (!(res->can & RES_CUSTOM))
			continue;
		counter_of(res, name);
		int err = db_one_int(db, "SELECT value FROM counter WHERE name = $1", ARGS(V_Z(name)), &made);
		if (err && err != -E_NOT_FOUND)
			return err;
		if (made == print_of(res))
			continue;
		*ret_res = res;
		return 0;
	}
	return 0;
}

static int set_counter(struct db *db, const struct resource *res, int64_t value)
{
	char name[80];
	counter_of(res, name);
	return db_run(db,
		"INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value ="
		" excluded.value",
		ARGS(V_Z(name), V_INT(value)));
}

int custom_words_made(struct db *db, const struct resource *res)
{
	return set_counter(db, res, print_of(res));
}

int custom_words_forget(struct db *db)
{
	int err = 0;
	for (size_t i = 0; i < resources_n && !err; i++)
		if (resources[i]->can & RES_CUSTOM)
			err = set_counter(db, resources[i], NEVER);
	return err;
}

#define GONE "gone_"

int custom_values_note(struct db *db, const json_t *field)
{
	char name[120];
	snprintf(name, sizeof(name), GONE "%s_f%" PRId64, js_str(field, "resource", ""), js_id(field, "id"));
	return db_run(db, "INSERT INTO counter (name, value) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING",
		ARGS(V_Z(name)));
}

/* The first of the counters: whose records, under which key, behind which of them. A name of another
 * version's resource gives NULL. */
struct leftover {
	char name[120];
	const char *key;
	const struct resource *res;
	int64_t after;
};

static int find_leftover(struct db *db, struct leftover *ret, bool *ret_found)
{
	struct rows *rows;
	*ret_found = false;
	int err = db_query(db,
		"SELECT name, value FROM counter WHERE name LIKE 'gone\\_%' ESCAPE '\\' ORDER BY name LIMIT "
		"1",
		NO_ARGS, &rows);
	if (err)
		return err;
	if (rows_next(rows) && str_copy(rows_str(rows, 0), ret->name, sizeof(ret->name)) == 0) {
		char resource[64] = "";
		const char *from = ret->name + strlen(GONE), *key = strrchr(from, '_');
		*ret_found = true;
		ret->after = rows_int(rows, 1);
		ret->key = key ? key + 1 : "";
		if (key &&
			str_copy((struct str){ from, (size_t)(key - from) }, resource, sizeof(resource)) == 0)
			ret->res = resource_of_name(resource);
	}
	return rows_end(rows);
}

static int take_out(struct db *db, const struct leftover *l, int64_t last)
{
	char sql[320];
	snprintf(sql, sizeof(sql),
		is_sqlite(db) ? "UPDATE %s SET custom = json_remove(custom, '$.' || $3) WHERE id > $1 AND id "
				"<= $2 AND"
				" json_type(custom, '$.' || $3) IS NOT NULL"
			      : "UPDATE %s SET custom = (custom::jsonb - $3::text)::json WHERE id > $1 AND "
				"id <= $2 AND"
				" custom -> $3::text IS NOT NULL",
		l->res->table);
	int err = db_run(db, sql, ARGS(V_INT(l->after), V_INT(last), V_Z(l->key)));
	return err ? err
		   : db_run(db, "UPDATE counter SET value = $2 WHERE name = $1",
			     ARGS(V_Z(l->name), V_INT(last)));
}

int custom_values_step(struct db *db, unsigned limit, bool *ret_more)
{
	struct leftover l = { .res = NULL };
	char sql[160];
	int64_t last = 0;
	int err = find_leftover(db, &l, ret_more);
	if (err || !*ret_more)
		return err;
	if (l.res) {
		snprintf(sql, sizeof(sql),
			"SELECT coalesce(max(id), 0) FROM (SELECT id FROM %s WHERE id > $1 ORDER BY id LIMIT "
			"%u)"
			" AS piece",
			l.res->table, limit);
		err = db_one_int(db, sql, ARGS(V_INT(l.after)), &last);
	}
	if (!err && last)
		return take_out(db, &l, last);
	return err ? err : db_run(db, "DELETE FROM counter WHERE name = $1", ARGS(V_Z(l.name)));
}
