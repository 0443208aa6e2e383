/* Records written by older versions get the columns of this one; those that are written meanwhile have them.
 * Progress is not kept: a desk that is stopped in the middle begins anew and finds most of it done. */
#include "model/renew.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/custom_index.h"
#include "model/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTER "search_layout"

int renewal_is_done(struct db *db, bool *ret_done)
{
	int64_t layout = 0;
	int err = db_one_int(db, "SELECT value FROM counter WHERE name = $1", ARGS(V_Z(COUNTER)), &layout);
	*ret_done = layout >= SEARCH_LAYOUT;
	return err == -E_NOT_FOUND ? 0 : err;
}

static int finish(struct db *db)
{
	return db_run(db,
		"INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET"
		" value = excluded.value",
		ARGS(V_Z(COUNTER), V_INT(SEARCH_LAYOUT)));
}

/* Of a table of its own with such columns. */
static bool is_renewed(const struct resource *res)
{
	bool view = res->search && strcmp(res->search->key, "id") != 0;
	return search_has(res) && !view;
}

/* Gives the number of a record, or of an element, its stored form; *ret_changed tells whether it was another.
 */
static json_t *in_form(const struct field *f, json_t *record, bool *ret_changed)
{
	json_t *value = json_object_get(record, f->name);
	struct fault ignored;
	*ret_changed = false;
	if (f->type != FT_PHONE || !json_is_string(value) || check_phone(f, value, &ignored))
		return value;
	json_t *clean = clean_phone(f, value);
	*ret_changed = !json_equal(clean, value);
	json_object_set_new(record, f->name, clean);
	if (f->beside)
		phone_settle(f, record);
	return json_object_get(record, f->name);
}

/* An element whose number turns out to be that of another one goes. */
static int renew_element(
	struct db *db, const struct child *child, const struct field *f, int64_t parent, json_t *item)
{
	bool changed;
	char sql[200];
	int64_t other = 0, id = js_id(item, "id");
	json_t *value = in_form(f, item, &changed);
	if (!changed)
		return 0;
	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE parent = $1 AND %s = $2 AND id <> $3",
		child->table, field_column(f));
	int err = db_one_int(db, sql, ARGS(V_INT(parent), V_Z(json_string_value(value)), V_INT(id)), &other);
	if (!err) {
		snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE id = $1", child->table);
		return db_run(db, sql, ARGS(V_INT(id)));
	}
	if (err != -E_NOT_FOUND)
		return err;
	if (f->beside) {
		snprintf(sql, sizeof(sql), "UPDATE %s SET %s = $1, %s = $2 WHERE id = $3", child->table,
			field_column(f), f->beside);
		return db_run(db, sql,
			ARGS(V_Z(json_string_value(value)), V_Z(js_str(item, f->beside, NULL)), V_INT(id)));
	}
	snprintf(sql, sizeof(sql), "UPDATE %s SET %s = $1 WHERE id = $2", child->table, field_column(f));
	return db_run(db, sql, ARGS(V_Z(json_string_value(value)), V_INT(id)));
}

static int renew_lists(struct db *db, const struct resource *res, int64_t id, json_t *record)
{
	int err = 0;
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		size_t k;
		json_t *item;
		if (f->type != FT_LIST)
			continue;
		json_array_foreach (json_object_get(record, f->name), k, item)
			for (size_t n = 0; n < f->child->n_fields && !err; n++)
				if (f->child->fields[n].type == FT_PHONE)
					err = renew_element(db, f->child, &f->child->fields[n], id, item);
	}
	return err;
}

/* What is stored now, for comparison. */
static int is_stale(
	struct db *db, const struct resource *res, int64_t id, const struct derived *derived, bool *ret_stale)
{
	struct sql q;
	struct rows *rows;
	sql_init(&q);
	sql_add(&q, "SELECT id");
	for (size_t i = 0; i < derived->n; i++)
		sql_add(&q, ", %s", derived->list[i].column);
	sql_add(&q, " FROM %s WHERE id = ", res->table);
	sql_arg(&q, V_INT(id));
	int err = sql_query(&q, db, &rows);
	if (!err) {
		bool found = rows_next(rows);
		for (size_t i = 0; i < derived->n && found; i++)
			*ret_stale = *ret_stale || !str_eq(rows_str(rows, (int)i + 1), derived->list[i].text);
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

static void set_phones(struct sql *q, const struct resource *res, json_t *record, bool *ret_changed)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		bool changed;
		const struct field *f = &res->fields[i];
		json_t *value = in_form(f, record, &changed);
		if (f->type != FT_PHONE || !json_is_string(value) || !field_is_stored(f))
			continue;
		sql_add(q, "%s = ", field_column(f));
		sql_arg(q, V_Z(json_string_value(value)));
		sql_add(q, ", ");
		*ret_changed = *ret_changed || changed;
	}
}

static int renew_one(struct db *db, const struct resource *res, json_t *record, struct renewal *r)
{
	struct sql q;
	struct derived derived;
	int64_t id = js_id(record, "id");
	bool stale = res->renew && res->renew(record);
	int err = renew_lists(db, res, id, record);
	sql_init(&q);
	sql_add(&q, "UPDATE %s SET ", res->table);
	set_phones(&q, res, record, &stale);
	derived_make(q.arena, res, record, &derived);
	for (size_t i = 0; i < derived.n; i++) {
		sql_add(&q, "%s%s = ", i ? ", " : "", derived.list[i].column);
		sql_arg(&q, V_STR(derived.list[i].text));
	}
	sql_add(&q, " WHERE id = ");
	sql_arg(&q, V_INT(id));
	if (!err && !stale)
		err = is_stale(db, res, id, &derived, &stale);
	if (!err && stale) {
		err = sql_run(&q, db);
		r->renewed++;
	}
	sql_done(&q);
	return err;
}

/* The last record that there is when its table's turn comes: an import of hours is not walked behind. */
static int find_last(struct db *db, const struct resource *res, struct renewal *r)
{
	char sql[96];
	snprintf(sql, sizeof(sql), "SELECT coalesce(max(id), 0) FROM %s", res->table);
	return db_one_int(db, sql, NO_ARGS, &r->last);
}

static int read_some(
	struct db *db, const struct resource *res, const struct renewal *r, unsigned limit, json_t *records)
{
	struct sql q;
	struct rows *rows;
	sql_init(&q);
	record_select(&q, res, NULL);
	sql_add(&q, " WHERE t.id > ");
	sql_arg(&q, V_INT(r->after));
	sql_add(&q, " AND t.id <= ");
	sql_arg(&q, V_INT(r->last));
	sql_add(&q, " ORDER BY t.id LIMIT %u", limit);
	int err = sql_query(&q, db, &rows);
	if (!err) {
		while (rows_next(rows))
			json_array_append_new(records, record_from_row(rows, res));
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

struct renewal renewal_of_words(const struct catalogue *catalogue, const struct resource *res)
{
	struct renewal r = { .catalogue = catalogue, .only = res };
	while (strcmp(resources[r.resource]->name, res->name) != 0)
		r.resource++;
	return r;
}

bool renewal_is_through(const struct renewal *r)
{
	return r->resource == resources_n;
}

/* Its last records have been looked at. */
static int end_resource(struct db *db, struct renewal *r)
{
	r->resource = r->only ? resources_n : r->resource + 1;
	r->after = r->last = 0;
	return r->only ? custom_words_made(db, r->only) : 0;
}

int renewal_step(struct db *db, struct renewal *r, unsigned limit)
{
	while (r->resource < resources_n && !is_renewed(resources[r->resource]))
		r->resource++;
	if (renewal_is_through(r))
		return finish(db);
	const struct resource *res = catalogue_at(r->catalogue, r->resource);
	json_t *records = json_array(), *record;
	size_t i;
	int err = r->last ? 0 : find_last(db, res, r);
	if (!err)
		err = read_some(db, res, r, limit, records);
	json_array_foreach (records, i, record) {
		if (!err)
			err = record_add_children(db, res, NULL, record);
		if (!err)
			err = renew_one(db, res, record, r);
		r->after = js_id(record, "id");
		r->looked++;
	}
	if (!err && json_array_size(records) < limit)
		err = end_resource(db, r);
	json_decref(records);
	return err;
}
