/* What can be said about a body without the database: its fields are known, may be written and are well
 * formed. Secrets leave here sealed, so the slow hash runs on the request's own thread. */
#include "base/js.h"
#include "base/mem.h"
#include "model/mask.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int faults_add(struct faults *faults, const char *code, const char *field, const char *fmt, ...)
{
	char text[sizeof(faults->list[0].text)];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (faults->n < MODEL_FAULTS_MAX)
		(void)fault_set(&faults->list[faults->n++], code, field, "%s", text);
	else
		faults->more++;
	return -E_INVALID;
}

struct level {
	const struct field *fields;
	size_t n_fields;
	const char *prefix; /* "" or "skills[1]." */
	bool is_new;
	bool is_child;
	struct faults *faults;
};

static const struct field *level_field(const struct level *l, const char *name)
{
	for (size_t i = 0; i < l->n_fields; i++)
		if (strcmp(l->fields[i].name, name) == 0)
			return &l->fields[i];
	return NULL;
}

static void refuse(const struct level *l, const char *code, const char *name, const char *text)
{
	char path[400];
	snprintf(path, sizeof(path), "%s%s", l->prefix, name);
	(void)faults_add(l->faults, code, path, "%s", text);
}

static bool is_base(const char *name)
{
	for (size_t i = 0; i < BASE_FIELDS; i++)
		if (strcmp(base_fields[i].name, name) == 0)
			return true;
	return false;
}

static json_t *draft_object(const struct level *l, const json_t *body);

static json_t *draft_list(const struct level *l, const struct field *f, const json_t *value)
{
	json_t *list = json_array();
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)value, i, item) {
		char prefix[80];
		snprintf(prefix, sizeof(prefix), "%s%s[%zu].", l->prefix, f->name, i);
		bool is_new = l->is_new || !json_object_get(item, "id");
		struct level below = { f->child->fields, f->child->n_fields, prefix, is_new, true,
			l->faults };
		json_array_append_new(list, draft_object(&below, item));
	}
	return list;
}

/* A good value in the form in which it is kept. */
static json_t *kept_value(const struct level *l, const struct field *f, json_t *value)
{
	if (f->type == FT_LIST)
		return draft_list(l, f, value);
	if (f->type == FT_SECRET && f->seal) {
		CLEANUP(mem_freep) char *sealed = f->seal(json_string_value(value));
		return json_string(sealed ? sealed : "");
	}
	return field_kind(f)->clean ? field_kind(f)->clean(f, value) : json_incref(value);
}

/* A word that was taken away from a custom field's choices may stand in the record already: that is seen when
 * it is read (custom_keep_words). */
static bool may_be_kept(const struct level *l, const struct field *f, const struct fault *fault)
{
	return !l->is_new && f->flags & F_CUSTOM && strcmp(fault->code, "choice") == 0;
}

/* The value as it will be stored, or NULL with a fault. */
static json_t *draft_value(const struct level *l, const struct field *f, json_t *value)
{
	struct fault fault = { 0 };
	if (json_is_null(value)) {
		if (!(f->flags & F_REQUIRED) && f->type != FT_LIST)
			return json_null();
		refuse(l, "required", f->name, "is required");
		return NULL;
	}
	if (f->flags & F_MASKED && mask_is(value))
		return json_incref(value); /* of what, is seen when the record is read */
	int err = field_kind(f)->check(f, value, &fault);
	if (!err && f->check)
		err = f->check(value, &fault);
	if (err && may_be_kept(l, f, &fault))
		return json_incref(value);
	if (err) {
		char name[224];
		snprintf(name, sizeof(name), "%s%s%s", f->name, fault.field[0] ? "." : "", fault.field);
		refuse(l, fault.code, name, fault.text);
		return NULL;
	}
	return kept_value(l, f, value);
}

/* An element of a list may carry its id and the names that reading added. */
static bool is_passed_over(const struct level *l, const char *name)
{
	size_t n = strlen(name);
	if (!l->is_child)
		return false;
	return strcmp(name, "id") == 0 || (n > 5 && strcmp(name + n - 5, "_name") == 0);
}

static void draft_given(const struct level *l, const json_t *body, json_t *draft)
{
	const char *name;
	json_t *value;
	json_object_foreach ((json_t *)body, name, value) {
		const struct field *f = level_field(l, name);
		if (is_passed_over(l, name)) {
			if (strcmp(name, "id") == 0)
				json_object_set(draft, name, value);
			continue;
		}
		if (!f) {
			bool base = !l->is_child && is_base(name);
			refuse(l, base ? "read_only" : "unknown", name,
				base ? "cannot be changed" : "there is no such field");
			continue;
		}
		if ((f->flags & F_READONLY) || ((f->flags & F_CREATE_ONLY) && !l->is_new)) {
			refuse(l, "read_only", name, "cannot be changed");
			continue;
		}
		json_object_set_new(draft, name, draft_value(l, f, value));
	}
	for (size_t i = 0; i < l->n_fields; i++)
		if (l->fields[i].type == FT_PHONE)
			phone_settle(&l->fields[i], draft);
}

static void draft_defaults(const struct level *l, const json_t *body, json_t *draft)
{
	for (size_t i = 0; i < l->n_fields; i++) {
		const struct field *f = &l->fields[i];
		json_t *value = NULL;
		if (json_object_get(body, f->name))
			continue;
		if (f->def && js_parse(str_from(f->def), strlen(f->def), &value, NULL) == 0)
			json_object_set_new(draft, f->name, value);
		else if (f->type == FT_LIST)
			json_object_set_new(draft, f->name, json_array());
		else if (f->flags & F_REQUIRED && !(f->flags & F_READONLY))
			refuse(l, "required", f->name, "is required");
	}
}

static json_t *draft_object(const struct level *l, const json_t *body)
{
	json_t *draft = json_object();
	if (!json_is_object(body)) {
		refuse(l, "type", "", "must be an object");
		return draft;
	}
	draft_given(l, body, draft);
	if (l->is_new)
		draft_defaults(l, body, draft);
	return draft;
}

int model_draft(const struct resource *res, const json_t *body, bool is_new, json_t **ret_draft,
	struct faults *faults)
{
	struct level top = { res->fields, res->n_fields, "", is_new, false, faults };
	faults->n = faults->more = 0;
	json_t *draft = draft_object(&top, body);
	if (faults->n) {
		json_decref(draft);
		return -E_INVALID;
	}
	if (is_new && res->complete)
		res->complete(draft);
	*ret_draft = draft;
	return 0;
}
