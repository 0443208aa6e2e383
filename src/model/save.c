/* Creating, changing and deleting a record inside one transaction: references exist, the resource's own rules
 * hold, the row and its children are written, the version rises, and the audit trail says who changed what.
 */
#include "base/js.h"
#include "base/mem.h"
#include "model/admit.h"
#include "model/outbox.h"
#include "model/children.h"
#include "model/custom.h"
#include "model/file.h"
#include "model/search.h"
#include "model/mask.h"
#include "model/move.h"
#include "model/trail.h"
#include "model/uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t fresh_id(const struct change *c)
{
	return id_next(c->ids, c->now_ms);
}

/* Field of the record that a broken uniqueness "table.column" means. */
static int taken(const struct change *c, const struct resource *res)
{
	struct str column = str_from(db_conflict(c->db));
	struct str table = str_cut(&column, '.');
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (f->type == FT_LIST ? str_eqz(table, f->child->table)
				       : str_eqz(table, res->table) && str_eqz(column, field_column(f)))
			return faults_add(c->faults, "taken", f->name,
				f->type == FT_LIST ? "names one thing twice" : "is in use already");
	}
	return -E_EXISTS;
}

/* One cannot refer to what one may not read; it is as if it were not there. */
static int check_ref(const struct change *c, const struct field *f, const char *path, const json_t *value)
{
	const struct resource *target = resource_of_name(f->ref);
	bool has = false;
	json_t *holder = json_pack("{s:O}", "id", value);
	int64_t id = js_id(holder, "id");
	json_decref(holder);
	int err = scope_has(c->db, c->actor, target, right_of(target, VERB_READ), id, &has);
	if (err || has)
		return err;
	return faults_add(c->faults, "not_found", path, "there is no such %s", f->ref);
}

/* Whether one of the old elements has this value already: what is left as it was needs no right. */
static bool was_there(const json_t *old_items, const char *name, const json_t *value)
{
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)old_items, i, item)
		if (json_equal(json_object_get(item, name), value))
			return true;
	return false;
}

static int check_refs_of(const struct change *c, const struct child *level, const char *prefix,
	const json_t *old_items, const json_t *values)
{
	for (size_t i = 0; i < level->n_fields; i++) {
		const struct field *f = &level->fields[i];
		const json_t *value = json_object_get(values, f->name);
		char path[96];
		if (f->type != FT_REF || f->flags & F_MAKER || !value || json_is_null(value) ||
			was_there(old_items, f->name, value))
			continue;
		snprintf(path, sizeof(path), "%s%s", prefix, f->name);
		int err = check_ref(c, f, path, value);
		if (err && err != -E_INVALID)
			return err;
	}
	return 0;
}

static int check_refs(
	const struct change *c, const struct resource *res, const json_t *old, const json_t *draft)
{
	const struct child top = { res->table, res->fields, res->n_fields };
	json_t *olds = old ? json_pack("[O]", old) : json_array();
	int err = check_refs_of(c, &top, "", olds, draft);
	json_decref(olds);
	for (size_t i = 0; i < res->n_fields && !err; i++) {
		const struct field *f = &res->fields[i];
		size_t k;
		json_t *item;
		if (f->type != FT_LIST)
			continue;
		json_array_foreach (json_object_get(draft, f->name), k, item) {
			char prefix[64];
			snprintf(prefix, sizeof(prefix), "%s[%zu].", f->name, k);
			if (!err)
				err = check_refs_of(c, f->child, prefix, json_object_get(old, f->name), item);
		}
	}
	return err ? err : c->faults->n ? -E_INVALID : 0;
}

static struct value stored(struct sql *q, const struct field *f, const json_t *value)
{
	return !value || json_is_null(value) ? V_NULL : field_kind(f)->to_sql(f, q->arena, value);
}

static json_t *plain_items(const struct child *child, const json_t *items)
{
	json_t *plain = json_array();
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)items, i, item)
		json_array_append_new(plain, children_plain(child, item));
	return plain;
}

static json_t *shown(const struct field *f, const json_t *value)
{
	if (!value || json_is_null(value))
		return json_null();
	if (f->type == FT_SECRET)
		return json_string("***");
	return f->type == FT_LIST ? plain_items(f->child, value) : json_incref((json_t *)value);
}

/* {field: [old, new]} of what differs; a secret that is given always does, of a list each element is told. */
static json_t *changes_of(const struct resource *res, const json_t *old, const json_t *draft)
{
	json_t *changes = json_object();
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		const json_t *value = json_object_get(draft, f->name);
		if (!value)
			continue;
		if (old && f->type == FT_LIST) {
			children_changes(f, json_object_get(old, f->name), value, changes);
			continue;
		}
		json_t *before = shown(f, json_object_get(old, f->name));
		json_t *after = shown(f, value);
		if (f->type == FT_SECRET || !json_equal(before, after))
			json_object_set_new(changes, f->name, json_pack("[O, O]", before, after));
		json_decref(before);
		json_decref(after);
	}
	return changes;
}

static int own_rules(
	const struct change *c, const struct resource *res, const json_t *old, const json_t *record)
{
	if (!res->check)
		return 0;
	int err = res->check(c->db, old, record, c->faults);
	return err ? err : c->faults->n ? -E_INVALID : 0;
}

/* Whether the column is named for a new row. Where many rows travel together those which the draft leaves
 * empty are named too, so that all rows have the same columns. */
static bool is_named(const struct change *c, const struct field *f, const json_t *draft)
{
	bool empty = c->posts && !f->def && !(f->flags & (F_REQUIRED | F_READONLY));
	return field_is_stored(f) && (empty || json_object_get(draft, f->name));
}

static int insert(const struct change *c, const struct resource *res, int64_t id, const json_t *draft)
{
	struct sql q;
	struct derived derived;
	sql_init(&q);
	derived_make(q.arena, res, draft, &derived);
	sql_add(&q, "id, version, created, updated");
	sql_value(&q, V_INT(id));
	sql_value(&q, V_INT(1));
	sql_value(&q, V_INT(c->now_ms));
	sql_value(&q, V_INT(c->now_ms));
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (!is_named(c, f, draft))
			continue;
		sql_add(&q, ", %s", field_column(f));
		sql_value(&q, stored(&q, f, json_object_get(draft, f->name)));
	}
	for (size_t i = 0; i < derived.n; i++) {
		sql_add(&q, ", %s", derived.list[i].column);
		sql_value(&q, V_STR(derived.list[i].text));
	}
	if (custom_named(res, draft)) {
		sql_add(&q, ", custom");
		sql_value(&q, V_Z(custom_write(res, q.arena, STR_NONE, draft, draft)));
	}
	int err = sql_put(&q, c->db, res->table);
	if (!err && !c->posts)
		err = db_flush(c->db);
	sql_done(&q);
	return err;
}

/* In the trail and, for what must follow, in the outbox. */
static int record_change(const struct change *c, const struct trail *trail)
{
	int err = trail_add(c, trail);
	return err ? err : outbox_put(c, trail->res, trail->id);
}

static void set_maker(const struct change *c, const struct resource *res, json_t *draft)
{
	for (size_t i = 0; i < res->n_fields; i++)
		if (res->fields[i].flags & F_MAKER)
			js_set_id(draft, res->fields[i].name, c->actor->user);
}

int model_create(const struct change *c, const struct resource *res, const json_t *draft, int64_t *ret_id)
{
	struct access access = { .res = res, .verb = VERB_CREATE, .draft = draft };
	int64_t id = access.id = fresh_id(c);
	set_maker(c, res, (json_t *)(uintptr_t)draft);
	int err = access_begin(c, &access);
	if (!err)
		err = mask_keep(c, res, NULL, (json_t *)(uintptr_t)draft);
	if (!err)
		err = check_refs(c, res, NULL, draft);
	if (!err)
		err = files_check(c, res, id, draft);
	if (!err)
		err = own_rules(c, res, NULL, draft);
	if (!err)
		err = insert(c, res, id, draft);
	if (!err)
		err = children_write(c, res, id, NULL, draft);
	if (!err)
		err = files_take(c, res, id, NULL, draft);
	err = access_end(c, &access, err);
	if (err)
		return err == -E_EXISTS ? taken(c, res) : err;
	json_t *changes = changes_of(res, NULL, draft);
	err = record_change(c, &(struct trail){ "create", res, id, NULL, draft, changes });
	json_decref(changes);
	*ret_id = id;
	return err;
}

/* Read anew: what other fields have there, deleted ones and those that this change does not know, stays. */
static int set_custom(const struct change *c, const struct resource *res, int64_t id, struct sql *q,
	const json_t *changes, const json_t *record)
{
	struct sql read;
	struct rows *rows;
	if (!custom_named(res, changes))
		return 0;
	sql_init(&read);
	sql_add(&read, "SELECT custom FROM %s WHERE id = ", res->table);
	sql_arg(&read, V_INT(id));
	int err = sql_query(&read, c->db, &rows);
	if (!err) {
		struct str column = rows_next(rows) ? rows_str(rows, 0) : STR_NONE;
		const char *text = custom_write(res, q->arena, column, changes, record);
		sql_add(q, ", custom = ");
		sql_arg(q, V_Z(text));
		err = rows_end(rows);
		err = err ? err : text ? 0 : -E_LIMIT;
	}
	sql_done(&read);
	return err;
}

static int update(const struct change *c, const struct resource *res, int64_t id, const json_t *changes,
	const json_t *record)
{
	struct sql q;
	struct derived derived;
	sql_init(&q);
	derived_make(q.arena, res, record, &derived);
	sql_add(&q, "UPDATE %s SET version = version + 1, updated = ", res->table);
	sql_arg(&q, V_INT(c->now_ms));
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (!json_object_get(changes, f->name) || !field_is_stored(f))
			continue;
		sql_add(&q, ", %s = ", field_column(f));
		sql_arg(&q, stored(&q, f, json_object_get(record, f->name)));
	}
	for (size_t i = 0; i < derived.n; i++) {
		sql_add(&q, ", %s = ", derived.list[i].column);
		sql_arg(&q, V_STR(derived.list[i].text));
	}
	int err = set_custom(c, res, id, &q, changes, record);
	sql_add(&q, " WHERE id = ");
	sql_arg(&q, V_INT(id));
	if (!err)
		err = c->posts ? sql_post(&q, c->db) : sql_run(&q, c->db);
	sql_done(&q);
	return err;
}

static int update_changed(const struct change *c, const struct resource *res, int64_t id, const json_t *old,
	const json_t *draft)
{
	json_t *changes = changes_of(res, old, draft);
	struct access access = { .res = res, .verb = VERB_UPDATE, .id = id, .old = old, .draft = draft };
	int err = access_begin(c, &access);
	if (!err && json_object_size(changes)) {
		json_t *merged = json_copy((json_t *)old);
		json_object_update(merged, (json_t *)draft);
		err = own_rules(c, res, old, merged);
		if (!err)
			err = update(c, res, id, changes, merged);
		json_decref(merged);
		if (!err)
			err = children_write(c, res, id, old, draft);
		if (!err)
			err = files_take(c, res, id, old, draft);
		if (!err)
			err = record_change(c, &(struct trail){ "update", res, id, old, NULL, changes });
	}
	err = access_end(c, &access, err);
	json_decref(changes);
	return err == -E_EXISTS ? taken(c, res) : err;
}

static int read_for_change(
	const struct change *c, const struct resource *res, int64_t id, int64_t if_version, json_t **ret_old)
{
	int err = record_get(c->db, res, c->actor, id, false, ret_old);
	if (!err && if_version && js_int(*ret_old, "version", 0) != if_version) {
		json_decref(*ret_old);
		err = -E_CONFLICT;
	}
	return err;
}

int model_update(
	const struct change *c, const struct resource *res, int64_t id, int64_t if_version, json_t *draft)
{
	json_t *old = NULL;
	int err = read_for_change(c, res, id, if_version, &old);
	if (err)
		return err;
	err = mask_keep(c, res, old, draft);
	if (!err && !c->takes_old_words)
		err = custom_keep_words(res, old, draft, c->faults);
	if (!err)
		err = children_merge(c, res, old, draft);
	if (!err)
		err = check_refs(c, res, old, draft);
	if (!err)
		err = files_check(c, res, id, draft);
	if (!err)
		err = update_changed(c, res, id, old, draft);
	json_decref(old);
	return err;
}

/* [value, null] of all that was said. */
static json_t *gone(const struct resource *res, const json_t *old)
{
	json_t *changes = changes_of(res, NULL, old), *pair;
	const char *name;
	void *next;
	json_object_foreach_safe(changes, next, name, pair)
		json_object_set_new(changes, name, json_pack("[O, n]", json_array_get(pair, 1)));
	return changes;
}

static int mark(const struct change *c, const struct resource *res, int64_t id, struct value deleted)
{
	char sql[160];
	snprintf(sql, sizeof(sql),
		"UPDATE %s SET deleted = $1, version = version + 1, updated = $2 WHERE id = $3", res->table);
	return db_run(c->db, sql, ARGS(deleted, V_INT(c->now_ms), V_INT(id)));
}

static int remove_row(const struct change *c, const struct resource *res, int64_t id)
{
	char sql[96];
	snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE id = $1", res->table);
	int err = db_run(c->db, sql, ARGS(V_INT(id)));
	return err ? err : files_release(c, res, id);
}

int model_delete(const struct change *c, const struct resource *res, int64_t id, int64_t if_version)
{
	json_t *old = NULL;
	int err = read_for_change(c, res, id, if_version, &old);
	if (err)
		return err;
	struct access access = { .res = res, .verb = VERB_DELETE, .id = id, .old = old };
	err = access_begin(c, &access);
	if (!err)
		err = own_rules(c, res, old, NULL);
	if (!err)
		err = uses_check(c, res, id);
	if (!err)
		err = res_keeps(res) ? mark(c, res, id, V_INT(c->now_ms)) : remove_row(c, res, id);
	err = access_end(c, &access, err);
	if (!err) {
		json_t *changes = gone(res, old);
		err = record_change(c, &(struct trail){ "delete", res, id, old, NULL, changes });
		json_decref(changes);
	}
	json_decref(old);
	return err;
}

int model_restore(const struct change *c, const struct resource *res, int64_t id, int64_t if_version)
{
	json_t *record = NULL;
	int err = res_keeps(res) ? record_get(c->db, res, c->actor, id, true, &record) : -E_NOT_FOUND;
	if (err)
		return err;
	if (if_version && js_int(record, "version", 0) != if_version)
		err = -E_CONFLICT;
	struct access access = { .res = res, .verb = VERB_RESTORE, .id = id, .draft = record };
	if (!err)
		err = access_begin(c, &access);
	if (!err)
		err = check_refs(c, res, NULL, record);
	if (!err)
		err = own_rules(c, res, NULL, record);
	if (!err)
		err = mark(c, res, id, V_NULL);
	err = access_end(c, &access, err);
	if (!err)
		err = record_change(c, &(struct trail){ "restore", res, id, record, NULL, NULL });
	json_decref(record);
	return err == -E_EXISTS ? taken(c, res) : err;
}

/* By its name: what else it was stands in the row of its deletion. */
static int note_purge(const struct change *c, const struct resource *res, int64_t id, const json_t *record)
{
	const struct field *title = resource_field(res, str_from(res->title));
	json_t *name = json_object_get(record, res->title);
	json_t *changes =
		title->flags & F_MASKED ? json_object() : json_pack("{s:[O?, n]}", res->title, name);
	int err = record_change(c, &(struct trail){ "purge", res, id, record, NULL, changes });
	json_decref(changes);
	return err;
}

static int purge_row(const struct change *c, const struct resource *res, int64_t id, const json_t *record)
{
	int err = mask_forget(c, res, id);
	if (!err)
		err = remove_row(c, res, id);
	return err || !res->purged ? err : res->purged(c->db, record);
}

int model_purge(const struct change *c, const struct resource *res, int64_t id, int64_t if_version)
{
	json_t *record = NULL;
	struct access access = { .res = res, .verb = VERB_PURGE, .id = id };
	int err = res_keeps(res) ? record_get(c->db, res, NULL, id, true, &record) : -E_NOT_FOUND;
	if (err)
		return err;
	bool has = rights_reach(c->actor->rights, right_of(res, VERB_PURGE)) & SCOPE_ALL;
	if (!has)
		err = scope_has(c->db, c->actor, res, right_of(res, VERB_PURGE), id, &has);
	if (!err && !has)
		err = -E_NOT_FOUND;
	if (!err && if_version && js_int(record, "version", 0) != if_version)
		err = -E_CONFLICT;
	access.old = record;
	if (!err)
		err = access_begin(c, &access);
	if (!err)
		err = uses_check_all(c, res, id);
	if (!err)
		err = purge_row(c, res, id, record);
	err = access_end(c, &access, err);
	if (!err)
		err = note_purge(c, res, id, record);
	json_decref(record);
	return err;
}

static int check_guard(const struct change *c, const struct transition *move, const json_t *old)
{
	struct fault fault = { 0 };
	if (!move->guard || !move->guard(old, &fault))
		return 0;
	(void)faults_add(c->faults, fault.code, fault.field, "%s", fault.text);
	return -E_STATE;
}

static int move(const struct change *c, const struct resource *res, const struct transition *m, json_t *old)
{
	char sql[192];
	const struct field *f = resource_field(res, str_from(res->state));
	json_t *draft = json_pack("{s:s}", f->name, m->to), *moved = json_copy(old);
	struct access access = { .res = res,
		.verb = move_verb(res, m->action),
		.id = js_id(old, "id"),
		.old = old,
		.draft = draft };
	json_object_update(moved, draft);
	snprintf(sql, sizeof(sql), "UPDATE %s SET %s = $1, version = version + 1, updated = $2 WHERE id = $3",
		res->table, field_column(f));
	int err = access_begin(c, &access);
	if (!err)
		err = check_guard(c, m, old);
	if (!err)
		err = own_rules(c, res, old, moved);
	if (!err)
		err = db_run(c->db, sql, ARGS(V_Z(m->to), V_INT(c->now_ms), V_INT(access.id)));
	err = access_end(c, &access, err);
	json_t *changes = changes_of(res, old, draft);
	if (!err)
		err = record_change(c, &(struct trail){ m->action, res, access.id, old, NULL, changes });
	json_decref(changes);
	json_decref(draft);
	json_decref(moved);
	return err;
}

int model_move(const struct change *c, const struct resource *res, int64_t id, int64_t if_version,
	const char *action)
{
	json_t *old = NULL;
	int err = read_for_change(c, res, id, if_version, &old);
	if (err)
		return err;
	const char *state = js_str(old, res->state, "");
	const struct transition *m = move_from(res, state, action);
	if (m) {
		err = move(c, res, m, old);
	} else {
		(void)faults_add(c->faults, "state", res->state, "not possible in the state %s", state);
		err = -E_STATE;
	}
	json_decref(old);
	return err;
}
