/* From a row of the table to the record that the API shows. Every column of the select list stands in the
 * order of the fields; a reference brings the name of its target in the column after it. */
#include "model/record.h"

#include "base/js.h"
#include "model/custom.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TOGETHER 50 /* records whose lists are read by one statement */

/* clang-format off */
const struct field base_fields[BASE_FIELDS] = {
	{ "id", .type = FT_ID, .flags = F_REQUIRED | F_READONLY, .label = { "编号", "Id" } },
	{ "version", .type = FT_INT, .flags = F_REQUIRED | F_READONLY, .label = { "版本", "Version" } },
	{ "created", .type = FT_TIME, .flags = F_REQUIRED | F_READONLY, .label = { "创建时间", "Created" } },
	{ "updated", .type = FT_TIME, .flags = F_REQUIRED | F_READONLY, .label = { "更新时间", "Updated" } },
};
const struct field deleted_field =
	{ "deleted", .type = FT_TIME, .flags = F_READONLY, .label = { "删除时间", "Deleted" } };
/* clang-format on */

void record_bin(struct sql *q, const struct resource *res, bool deleted)
{
	if (res_keeps(res))
		sql_add(q, " AND t.deleted IS %sNULL", deleted ? "NOT " : "");
}

static bool is_shown(const struct field *f)
{
	return f->type != FT_SECRET && f->type != FT_LIST && !(f->flags & F_CUSTOM);
}

void record_expr(struct sql *q, const struct field *f, const char *alias)
{
	if (f->sql)
		sql_add(q, "(%s)", f->sql);
	else
		sql_add(q, "%s.%s", alias, field_column(f));
}

/* The name behind a reference, for who may read its target. */
static void select_name(struct sql *q, const struct field *f, const char *alias, const struct actor *actor)
{
	const struct resource *target = resource_of_name(f->ref);
	const struct field *title = resource_field(target, str_from(target->title));
	int right = right_of(target, VERB_READ);
	bool known = !actor || f->flags & F_OPEN_NAME || may(actor, target, VERB_READ);
	bool always = !actor || f->flags & F_OPEN_NAME || rights_reach(actor->rights, right) & SCOPE_ALL;
	if (!known) {
		sql_add(q, ", NULL");
		return;
	}
	if (f->ref_name && always) {
		sql_add(q, ", %s", f->ref_name);
		return;
	}
	if (f->ref_name)
		sql_add(q, ", CASE WHEN EXISTS (SELECT 1");
	else
		sql_add(q, ", (SELECT r.%s", field_column(title));
	sql_add(q, " FROM %s r WHERE r.id = %s.%s", target->table, alias, field_column(f));
	scope_add(q, always ? NULL : actor, target, right, "r");
	sql_add(q, ")");
	if (f->ref_name)
		sql_add(q, " THEN %s END", f->ref_name);
}

/* A field of table `alias`; a reference is followed by the name of what it points at. */
static void select_field(struct sql *q, const struct field *f, const char *alias, const struct actor *actor)
{
	sql_add(q, ", ");
	record_expr(q, f, alias);
	if (f->type == FT_FILE)
		sql_add(q, ", (SELECT r.name FROM file r WHERE r.id = %s.%s)", alias, field_column(f));
	if (f->type == FT_REF)
		select_name(q, f, alias, actor);
}

void record_select(struct sql *q, const struct resource *res, const struct actor *actor)
{
	sql_add(q, "SELECT t.id, t.version, t.created, t.updated");
	for (size_t i = 0; i < res->n_fields; i++)
		if (is_shown(&res->fields[i]))
			select_field(q, &res->fields[i], "t", actor);
	sql_add(q, "%s", custom_has(res) ? ", t.custom" : "");
	sql_add(q, "%s FROM %s t", res_keeps(res) ? ", t.deleted" : "", res->table);
}

static json_t *read_value(struct rows *rows, const struct field *f, int column)
{
	const struct field_kind *kind = field_kind(f);
	if (rows_is_null(rows, column))
		return json_null();
	return kind->from_value(
		f, kind->text ? V_STR(rows_str(rows, column)) : V_INT(rows_int(rows, column)));
}

/* Sets the field, and the name behind a reference; moves *column on. */
static void read_field(struct rows *rows, const struct field *f, int *column, json_t *record)
{
	json_object_set_new(record, f->name, read_value(rows, f, *column));
	++*column;
	if (field_has_name(f)) {
		char name[64];
		struct str title = rows_str(rows, *column);
		snprintf(name, sizeof(name), "%s_name", f->name);
		json_object_set_new(record, name, title.p ? json_stringn(title.p, title.n) : json_null());
		++*column;
	}
}

json_t *record_from_row(struct rows *rows, const struct resource *res)
{
	json_t *record = json_object();
	int column = 0;
	for (size_t i = 0; i < BASE_FIELDS; i++)
		read_field(rows, &base_fields[i], &column, record);
	for (size_t i = 0; i < res->n_fields; i++)
		if (is_shown(&res->fields[i]))
			read_field(rows, &res->fields[i], &column, record);
	if (custom_has(res))
		custom_read(res, rows_str(rows, column++), record);
	if (res_keeps(res) && !rows_is_null(rows, column))
		read_field(rows, &deleted_field, &column, record);
	return record;
}

/* Where the elements of a row's parent go: its list in the record of that id. */
static json_t *list_of(json_t *records, const char *name, int64_t id)
{
	size_t i;
	json_t *record;
	json_array_foreach (records, i, record)
		if (js_id(record, "id") == id)
			return json_object_get(record, name);
	return NULL;
}

static void select_children(
	struct sql *q, const struct child *child, const struct actor *actor, const json_t *records)
{
	size_t i;
	json_t *record;
	sql_add(q, "SELECT c.parent, c.id");
	for (i = 0; i < child->n_fields; i++)
		select_field(q, &child->fields[i], "c", actor);
	sql_add(q, " FROM %s c WHERE c.parent IN (", child->table);
	json_array_foreach ((json_t *)records, i, record) {
		sql_add(q, i ? ", " : "");
		sql_arg(q, V_INT(js_id(record, "id")));
	}
	sql_add(q, ") ORDER BY c.parent, c.position, c.id");
}

/* One list of a few records, by one statement. */
static int read_children(struct db *db, const struct field *list, const struct actor *actor, json_t *records)
{
	const struct child *child = list->child;
	struct sql q;
	struct rows *rows;
	size_t k;
	json_t *record;
	json_array_foreach (records, k, record)
		json_object_set_new(record, list->name, json_array());
	sql_init(&q);
	select_children(&q, child, actor, records);
	int err = sql_query(&q, db, &rows);
	if (!err) {
		while (rows_next(rows)) {
			json_t *item = json_object();
			int column = 2;
			js_set_id(item, "id", rows_int(rows, 1));
			for (size_t i = 0; i < child->n_fields; i++)
				read_field(rows, &child->fields[i], &column, item);
			json_array_append_new(list_of(records, list->name, rows_int(rows, 0)), item);
		}
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

static int read_lists(struct db *db, const struct resource *res, const struct actor *actor, json_t *records)
{
	int err = 0;
	for (size_t i = 0; i < res->n_fields && !err; i++)
		if (res->fields[i].type == FT_LIST)
			err = read_children(db, &res->fields[i], actor, records);
	return err;
}

int record_add_children(struct db *db, const struct resource *res, const struct actor *actor, json_t *record)
{
	json_t *one = json_pack("[O]", record);
	int err = read_lists(db, res, actor, one);
	json_decref(one);
	return err;
}

int records_add_children(
	struct db *db, const struct resource *res, const struct actor *actor, json_t *records)
{
	int err = 0;
	for (size_t from = 0; from < json_array_size(records) && !err; from += TOGETHER) {
		json_t *some = json_array();
		for (size_t i = from; i < from + TOGETHER && i < json_array_size(records); i++)
			json_array_append(some, json_array_get(records, i));
		err = read_lists(db, res, actor, some);
		json_decref(some);
	}
	return err;
}

int record_get(struct db *db, const struct resource *res, const struct actor *actor, int64_t id, bool deleted,
	json_t **ret_record)
{
	struct sql q;
	struct rows *rows;
	json_t *record = NULL;
	sql_init(&q);
	record_select(&q, res, actor);
	sql_add(&q, " WHERE t.id = ");
	sql_arg(&q, V_INT(id));
	record_bin(&q, res, deleted);
	scope_add(&q, actor, res, right_of(res, deleted ? VERB_RESTORE : VERB_READ), "t");
	int err = sql_query(&q, db, &rows);
	if (!err) {
		if (rows_next(rows))
			record = record_from_row(rows, res);
		err = rows_end(rows);
	}
	sql_done(&q);
	if (!err)
		err = record ? record_add_children(db, res, actor, record) : -E_NOT_FOUND;
	if (err)
		json_decref(record);
	else
		*ret_record = record;
	return err;
}

int record_read(struct db *db, const struct resource *res, int64_t id, json_t **ret_record)
{
	return record_get(db, res, NULL, id, false, ret_record);
}

static int present(
	struct db *db, const struct resource *res, const struct actor *actor, int err, json_t **ret_record)
{
	if (err)
		return err;
	json_t *one = json_pack("[O]", *ret_record);
	err = records_present(db, res, actor, one);
	json_decref(one);
	if (err)
		json_decref(*ret_record);
	return err;
}

int model_get(
	struct db *db, const struct resource *res, const struct actor *actor, int64_t id, json_t **ret_record)
{
	int err = record_get(db, res, actor, id, false, ret_record);
	return present(db, res, actor, err, ret_record);
}

int model_get_deleted(
	struct db *db, const struct resource *res, const struct actor *actor, int64_t id, json_t **ret_record)
{
	if (!res_keeps(res) || !may(actor, res, VERB_RESTORE))
		return -E_NOT_FOUND;
	int err = record_get(db, res, actor, id, true, ret_record);
	return present(db, res, actor, err, ret_record);
}
