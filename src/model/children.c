/* Child records inside a change of their parent. Elements are known by their id: one that comes with it is
 * changed where it differs and keeps what was not said of it, one without is new, one that does not come is
 * removed, and their order is the order of the list. */
#include "model/children.h"

#include "base/js.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *element(const json_t *items, int64_t id)
{
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)items, i, item)
		if (id && js_id(item, "id") == id)
			return item;
	return NULL;
}

static const json_t *value_of(const json_t *item, const struct field *f)
{
	const json_t *value = json_object_get(item, f->name);
	return value && !json_is_null(value) ? value : NULL;
}

static bool is_same(const struct child *child, const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < child->n_fields; i++) {
		const json_t *left = value_of(a, &child->fields[i]), *right = value_of(b, &child->fields[i]);
		if (left ? !json_equal(left, right) : right != NULL)
			return false;
	}
	return true;
}

/* What was not said of an element that is there stays. */
static void keep_values(const struct child *child, const json_t *was, json_t *item)
{
	for (size_t i = 0; i < child->n_fields; i++) {
		const char *name = child->fields[i].name;
		json_t *value = json_object_get(was, name);
		if (!json_object_get(item, name) && value)
			json_object_set(item, name, value);
	}
}

static int merge_list(const struct change *c, const struct field *f, const json_t *old, json_t *items)
{
	size_t i;
	json_t *item;
	json_array_foreach (items, i, item) {
		int64_t id = js_id(item, "id");
		const json_t *was = element(old, id);
		char path[80];
		if (!json_object_get(item, "id"))
			continue;
		snprintf(path, sizeof(path), "%s[%zu].id", f->name, i);
		if (!was)
			(void)faults_add(c->faults, "not_found", path, "there is no such element here");
		else
			keep_values(f->child, was, item);
		for (size_t k = 0; k < i && was; k++)
			if (js_id(json_array_get(items, k), "id") == id)
				(void)faults_add(c->faults, "taken", path, "stands here twice");
	}
	return c->faults->n ? -E_INVALID : 0;
}

int children_merge(const struct change *c, const struct resource *res, const json_t *old, json_t *draft)
{
	int err = 0;
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		json_t *items = json_object_get(draft, f->name);
		if (f->type == FT_LIST && items && merge_list(c, f, json_object_get(old, f->name), items))
			err = -E_INVALID;
	}
	return err;
}

static int insert(const struct change *c, const struct child *child, int64_t parent, int64_t position,
	const json_t *item)
{
	struct sql q;
	int64_t id = js_id(item, "id");
	sql_init(&q);
	sql_add(&q, "id, parent, position");
	sql_value(&q, V_INT(id ? id : id_next(c->ids, c->now_ms)));
	sql_value(&q, V_INT(parent));
	sql_value(&q, V_INT(position));
	for (size_t i = 0; i < child->n_fields; i++) {
		const struct field *f = &child->fields[i];
		const json_t *value = value_of(item, f);
		sql_add(&q, ", %s", field_column(f));
		sql_value(&q, value ? field_kind(f)->to_sql(f, q.arena, value) : V_NULL);
	}
	int err = sql_put(&q, c->db, child->table);
	if (!err && !c->posts)
		err = db_flush(c->db);
	sql_done(&q);
	return err;
}

static int remove_one(const struct change *c, const struct child *child, int64_t id)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE id = $1", child->table);
	return db_run(c->db, sql, ARGS(V_INT(id)));
}

static int move(const struct change *c, const struct child *child, int64_t id, size_t position)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "UPDATE %s SET position = $1 WHERE id = $2", child->table);
	return db_run(c->db, sql, ARGS(V_INT((int64_t)position), V_INT(id)));
}

/* What goes or changes leaves first, so that two elements may exchange what is unique among them. */
static int write_list(
	const struct change *c, const struct field *f, int64_t parent, const json_t *old, const json_t *items)
{
	int err = 0;
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)old, i, item) {
		const json_t *now = element(items, js_id(item, "id"));
		if (!err && (!now || !is_same(f->child, item, now)))
			err = remove_one(c, f->child, js_id(item, "id"));
	}
	json_array_foreach ((json_t *)items, i, item) {
		const json_t *was = element(old, js_id(item, "id"));
		if (!old)
			json_object_del(item, "id"); /* of another record, copied */
		if (err)
			break;
		if (!was || !is_same(f->child, was, item))
			err = insert(c, f->child, parent, (int64_t)i, item);
		else if (json_array_get(old, i) != was)
			err = move(c, f->child, js_id(item, "id"), i);
	}
	return err;
}

int children_write(const struct change *c, const struct resource *res, int64_t id, const json_t *old,
	const json_t *draft)
{
	int err = 0;
	for (size_t i = 0; i < res->n_fields && !err; i++) {
		const struct field *f = &res->fields[i];
		const json_t *items = json_object_get(draft, f->name);
		if (f->type == FT_LIST && items)
			err = write_list(c, f, id, old ? json_object_get(old, f->name) : NULL, items);
	}
	return err;
}

json_t *children_plain(const struct child *child, const json_t *item)
{
	json_t *row = json_object();
	for (size_t k = 0; k < child->n_fields; k++) {
		json_t *value = json_object_get(item, child->fields[k].name);
		json_object_set(row, child->fields[k].name, value ? value : json_null());
	}
	return row;
}

static void note_element(
	const struct field *f, const json_t *was, const json_t *now, int64_t id, json_t *changes)
{
	for (size_t i = 0; i < f->child->n_fields; i++) {
		const struct field *part = &f->child->fields[i];
		json_t *before = json_object_get(was, part->name), *after = json_object_get(now, part->name);
		char path[160];
		if (!value_of(was, part) && !value_of(now, part))
			continue;
		if (json_equal(before, after))
			continue;
		snprintf(path, sizeof(path), "%s[%" PRId64 "].%s", f->name, id, part->name);
		json_object_set_new(changes, path,
			json_pack("[O, O]", before ? before : json_null(), after ? after : json_null()));
	}
}

/* Ids of the elements that were there and stay, in the order of the list. */
static json_t *kept_order(const json_t *items, const json_t *others)
{
	json_t *order = json_array();
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)items, i, item)
		if (element(others, js_id(item, "id")))
			json_array_append(order, json_object_get(item, "id"));
	return order;
}

void children_changes(const struct field *f, const json_t *old, const json_t *items, json_t *changes)
{
	size_t i;
	json_t *item;
	char path[96];
	json_array_foreach ((json_t *)old, i, item) {
		int64_t id = js_id(item, "id");
		const json_t *now = element(items, id);
		snprintf(path, sizeof(path), "%s[%" PRId64 "]", f->name, id);
		if (now)
			note_element(f, item, now, id, changes);
		else
			json_object_set_new(
				changes, path, json_pack("[o, n]", children_plain(f->child, item)));
	}
	json_array_foreach ((json_t *)items, i, item) {
		snprintf(path, sizeof(path), "%s[+%zu]", f->name, i);
		if (!element(old, js_id(item, "id")))
			json_object_set_new(
				changes, path, json_pack("[n, o]", children_plain(f->child, item)));
	}
	json_t *before = kept_order(old, items), *after = kept_order(items, old);
	snprintf(path, sizeof(path), "%s[]", f->name);
	if (!json_equal(before, after))
		json_object_set_new(changes, path, json_pack("[O, O]", before, after));
	json_decref(before);
	json_decref(after);
}
