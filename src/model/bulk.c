/* What many records are to become. The body is checked once, as that of a PATCH is; for elements of lists
 * each record gets a draft of its own: those that it has, by their ids, and the new ones, or without those
 * that go.
 */
#include "model/bulk.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/custom.h"
#include "model/mask.h"
#include "model/record.h"

#include <stdio.h>
#include <string.h>

static const struct label labels[] = {
	[BULK_ACT] = { "删除", "Delete" },
	[BULK_PATCH] = { "修改", "Change" },
	[BULK_ADD] = { "添加", "Add" },
	[BULK_REMOVE] = { "移除", "Remove" },
};

/* Of one record alone by its nature: nobody gives many records one sign-in name, password or file. */
static bool is_single(const struct field *f)
{
	return f->flags & F_UNIQUE || f->type == FT_SECRET || f->type == FT_FILE;
}

static void check_fields(const struct resource *res, const json_t *patch, struct faults *faults)
{
	const char *name;
	json_t *value;
	json_object_foreach ((json_t *)patch, name, value) {
		const struct field *f = resource_field(res, str_from(name));
		if (f && is_single(f))
			(void)faults_add(faults, "single", name, "is of one record alone");
	}
	if (!json_object_size(patch))
		(void)faults_add(faults, "required", "patch", "names no field");
}

/* Whoever does not see a value cannot find out which records have it by taking it away. */
static bool hides_any(const struct resource *res, const struct actor *actor, const struct field *list)
{
	for (size_t i = 0; i < list->child->n_fields; i++)
		if (list->child->fields[i].flags & F_MASKED && !mask_is_off(res, actor))
			return true;
	return false;
}

static void check_lists(
	const struct resource *res, const struct actor *actor, const json_t *lists, struct faults *faults)
{
	const char *name;
	json_t *items, *item;
	size_t i;
	json_object_foreach ((json_t *)lists, name, items) {
		const struct field *f = resource_field(res, str_from(name));
		if (!f || f->type != FT_LIST)
			(void)faults_add(faults, "unknown", name, "there is no such list");
		else if (hides_any(res, actor, f))
			(void)faults_add(faults, "masked", name, "is masked for you");
		json_array_foreach (items, i, item)
			if (json_object_get(item, "id"))
				(void)faults_add(
					faults, "unknown", name, "elements are named by what they are");
	}
	if (!json_object_size(lists))
		(void)faults_add(faults, "required", "", "names no list");
}

static bool is_elsewhere(const struct resource *res, const char *action)
{
	for (const struct transition *m = res->moves; m && m->action; m++)
		if (strcmp(m->action, action) == 0)
			return m->elsewhere;
	return false;
}

static int read_action(const struct actor *actor, const char *action, struct bulk *b, struct faults *faults)
{
	if (strcmp(action, "delete") == 0 && b->res->can & RES_DELETE)
		b->verb = VERB_DELETE;
	else if (strcmp(action, "restore") == 0 && res_keeps(b->res))
		b->verb = VERB_RESTORE;
	else if (strcmp(action, "purge") == 0 && res_keeps(b->res))
		b->verb = VERB_PURGE;
	else if (model_has_action(b->res, action, &b->verb) && !is_elsewhere(b->res, action))
		b->action = action;
	else
		return faults_add(faults, "choice", "action", "there is no such action");
	return may(actor, b->res, b->verb) ? 0 : -E_FORBIDDEN;
}

static int read_draft(const struct actor *actor, json_t *fields, struct bulk *b, struct faults *faults)
{
	b->verb = VERB_UPDATE;
	if (!may(actor, b->res, VERB_UPDATE))
		return -E_FORBIDDEN;
	if (!json_is_object(fields))
		return faults_add(faults, "type", "", "what to change must be an object");
	if (b->kind == BULK_PATCH)
		check_fields(b->res, fields, faults);
	else
		check_lists(b->res, actor, fields, faults);
	int err = faults->n ? -E_INVALID : model_draft(b->res, fields, false, &b->draft, faults);
	if (!err) /* known before the first record is looked at */
		err = custom_keep_words(b->res, NULL, b->draft, faults);
	if (!err && b->kind == BULK_REMOVE)
		b->given = json_incref(fields);
	return err;
}

int bulk_read(const struct resource *res, const struct actor *actor, const json_t *body,
	struct bulk *ret_bulk, struct faults *faults)
{
	static const char *const words[] = {
		[BULK_ACT] = "action", [BULK_PATCH] = "patch", [BULK_ADD] = "add", [BULK_REMOVE] = "remove"
	};
	json_t *value = NULL;
	size_t n = 0;
	*ret_bulk = (struct bulk){ .res = res };
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		json_t *one = json_object_get(body, words[i]);
		if (!one)
			continue;
		n++;
		value = one;
		ret_bulk->kind = (enum bulk_kind)i;
	}
	if (n != 1)
		return faults_add(faults, n ? "needless" : "required", "action",
			"one of patch, add, remove and action says what to do");
	if (ret_bulk->kind != BULK_ACT)
		return read_draft(actor, value, ret_bulk, faults);
	if (!json_is_string(value))
		return faults_add(faults, "type", "action", "must be text");
	return read_action(actor, json_string_value(value), ret_bulk, faults);
}

void bulk_done(struct bulk *b)
{
	json_decref(b->draft);
	json_decref(b->given);
	*b = (struct bulk){ 0 };
}

/* Whether the element has what was said: `names` of them in `wanted`, all of it when NULL. */
static bool is_such(const struct field *list, const json_t *item, const json_t *wanted, const json_t *names)
{
	for (size_t i = 0; i < list->child->n_fields; i++) {
		const char *name = list->child->fields[i].name;
		json_t *value = json_object_get(item, name), *want = json_object_get(wanted, name);
		if (names && !json_object_get(names, name))
			continue;
		if (!json_equal(value ? value : json_null(), want ? want : json_null()))
			return false;
	}
	return true;
}

static bool is_any(const struct field *list, const json_t *item, const json_t *wanted, const json_t *given)
{
	size_t i;
	json_t *want;
	json_array_foreach ((json_t *)wanted, i, want)
		if (is_such(list, item, want, given ? json_array_get(given, i) : NULL))
			return true;
	return false;
}

/* The elements that are there, by their ids, without those that go. */
static json_t *kept(const struct bulk *b, const struct field *list, const json_t *old, const json_t *wanted)
{
	const json_t *given = json_object_get(b->given, list->name);
	json_t *items = json_array(), *item;
	size_t i;
	json_array_foreach ((json_t *)old, i, item)
		if (b->kind == BULK_ADD || !is_any(list, item, wanted, given))
			json_array_append_new(items, json_pack("{s:O}", "id", json_object_get(item, "id")));
	return items;
}

static void add_new(const struct field *list, const json_t *old, const json_t *wanted, json_t *items)
{
	size_t i;
	json_t *want;
	json_array_foreach ((json_t *)wanted, i, want)
		if (!is_any(list, want, old, NULL))
			json_array_append_new(items, json_deep_copy(want));
}

static int draft_lists(const struct bulk *b, const struct change *c, const json_t *old, json_t *draft)
{
	const char *name;
	json_t *wanted;
	json_object_foreach (b->draft, name, wanted) {
		const struct field *f = resource_field(b->res, str_from(name));
		const json_t *had = json_object_get(old, name);
		json_t *items = kept(b, f, had, wanted);
		if (b->kind == BULK_ADD)
			add_new(f, had, wanted, items);
		json_object_set_new(draft, name, items);
		if (f->max && json_array_size(items) > (size_t)f->max)
			(void)faults_add(c->faults, "too_long", name, "has at most %d elements", (int)f->max);
	}
	return c->faults->n ? -E_INVALID : 0;
}

int bulk_draft(const struct bulk *b, const struct change *c, int64_t id, json_t **ret_draft)
{
	json_t *old = NULL;
	*ret_draft = NULL;
	if (b->kind == BULK_ACT)
		return 0;
	if (b->kind == BULK_PATCH) {
		*ret_draft = json_deep_copy(b->draft);
		return 0;
	}
	int err = record_get(c->db, b->res, c->actor, id, false, &old);
	if (err)
		return err;
	json_t *draft = json_object();
	err = draft_lists(b, c, old, draft);
	json_decref(old);
	if (err)
		json_decref(draft);
	else
		*ret_draft = draft;
	return err;
}

struct label bulk_label(const struct bulk *b)
{
	static const struct label restore = { "恢复", "Restore" }, purge = { "彻底清除", "Purge" };
	for (const struct transition *m = b->action ? b->res->moves : NULL; m && m->action; m++)
		if (strcmp(m->action, b->action) == 0)
			return m->label;
	return b->verb == VERB_RESTORE ? restore : b->verb == VERB_PURGE ? purge : labels[b->kind];
}
