/* The column `custom` of a record: from its text to members of the record and back. */
#include "base/js.h"
#include "base/mem.h"
#include "model/custom.h"
#include "model/field.h"
#include "model/model.h"

#include <stdlib.h>

bool custom_has(const struct resource *res)
{
	return res->n_fields && res->fields[res->n_fields - 1].flags & F_CUSTOM;
}

bool custom_named(const struct resource *res, const json_t *object)
{
	for (size_t i = 0; i < res->n_fields; i++)
		if (res->fields[i].flags & F_CUSTOM && json_object_get(object, res->fields[i].name))
			return true;
	return false;
}

static json_t *shown(const struct field *f, const json_t *stored)
{
	const struct field_kind *kind = field_kind(f);
	if (kind->text && json_is_string(stored))
		return kind->from_value(
			f, V_STR(((struct str){ json_string_value(stored), json_string_length(stored) })));
	if (!kind->text && json_is_integer(stored))
		return kind->from_value(f, V_INT(json_integer_value(stored)));
	return json_null();
}

static json_t *parsed(struct str column)
{
	json_t *object = NULL;
	if (!column.p || js_parse(column, column.n, &object, NULL))
		return json_object();
	return object;
}

void custom_read(const struct resource *res, struct str column, json_t *record)
{
	if (!custom_has(res))
		return;
	json_t *object = parsed(column);
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (f->flags & F_CUSTOM)
			json_object_set_new(record, f->name, shown(f, json_object_get(object, f->column)));
	}
	json_decref(object);
}

static json_t *stored(const struct field *f, struct arena *arena, const json_t *value)
{
	const struct value v = field_kind(f)->to_sql(f, arena, value);
	if (v.type == VALUE_INT)
		return json_integer(v.i);
	return v.type == VALUE_TEXT ? json_stringn(v.s.p, v.s.n) : json_null();
}

const char *custom_write(const struct resource *res, struct arena *arena, struct str column,
	const json_t *changed, const json_t *record)
{
	json_t *object = parsed(column);
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		const json_t *value = json_object_get(record, f->name);
		if (!(f->flags & F_CUSTOM) || !json_object_get(changed, f->name))
			continue;
		if (!value || json_is_null(value))
			json_object_del(object, f->column);
		else
			json_object_set_new(object, f->column, stored(f, arena, value));
	}
	CLEANUP(mem_freep) char *text = js_print(object);
	json_decref(object);
	return arena_strndup(arena, str_from(text));
}

/* Of the list the choices there are, in their order, and behind them those that were. NULL: another word. */
static json_t *kept_words(const struct field *f, const json_t *old, const json_t *words)
{
	json_t *kept = field_kind(f)->clean(f, words), *item;
	size_t i;
	json_array_foreach ((json_t *)words, i, item) {
		const char *word = json_string_value(item);
		if (!word || (!choices_have(kept, word) && !choices_have(old, word))) {
			json_decref(kept);
			return NULL;
		}
		if (!choices_have(kept, word))
			json_array_append(kept, item);
	}
	return kept;
}

static bool is_word_kept(const struct field *f, const json_t *old, const json_t *word)
{
	struct fault ignored;
	return json_equal(old, word) || !field_kind(f)->check(f, word, &ignored);
}

int custom_keep_words(const struct resource *res, const json_t *old, json_t *draft, struct faults *faults)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		const json_t *value = json_object_get(draft, f->name), *had = json_object_get(old, f->name);
		if (!(f->flags & F_CUSTOM) || !value || json_is_null(value))
			continue;
		json_t *kept = f->type == FT_CHOICES ? kept_words(f, had, value) : NULL;
		bool good = f->type == FT_CHOICES ? kept != NULL
						  : f->type != FT_ENUM || is_word_kept(f, had, value);
		if (kept)
			json_object_set_new(draft, f->name, kept);
		if (!good)
			(void)faults_add(
				faults, "choice", f->name, "has something that is none of the choices");
	}
	return faults->n ? -E_INVALID : 0;
}
