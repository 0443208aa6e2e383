/* What is shown of a number or a name to whoever may not see it whole. Masking happens last, when a record is
 * given out; checks, uniqueness and what follows a change see the values themselves. */
#include "model/mask.h"

#include "base/buf.h"
#include "base/js.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STARS "****"
#define TEXT_MAX_BYTES 4096

static bool is_start(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* Index of the n-th character. */
static size_t at_character(struct str s, size_t n)
{
	size_t i = 0;
	for (; i < s.n; i++)
		if (is_start(s.p[i]) && n-- == 0)
			break;
	return i;
}

/* Of a long one the first three characters and the last four; of a short one next to nothing. */
static json_t *masked(const json_t *value)
{
	if (!json_is_string(value))
		return json_null();
	struct str s = { json_string_value(value), json_string_length(value) };
	size_t n = 0, head, tail;
	struct buf out;
	for (size_t i = 0; i < s.n; i++)
		n += is_start(s.p[i]);
	head = n >= 10 ? 3 : n >= 5 ? 1 : 0;
	if (n >= 12 && *s.p == '+')
		head = n - 8; /* country and area or network */
	tail = n >= 10 ? 4 : n >= 5 ? 1 : 0;
	buf_init(&out, TEXT_MAX_BYTES * 4);
	buf_adds(&out, str_sub(s, 0, at_character(s, head)));
	buf_addz(&out, STARS);
	buf_adds(&out, str_sub(s, at_character(s, n - tail), s.n));
	json_t *text = json_stringn(out.p, out.n);
	buf_done(&out);
	return text;
}

bool mask_is(const json_t *value)
{
	return json_is_string(value) && strstr(json_string_value(value), STARS);
}

static bool sees_all(const struct resource *res, const struct actor *actor)
{
	return !(res->can & RES_MASKED) || !actor ||
		(may(actor, res, VERB_CLEAR) &&
			rights_reach(actor->rights, right_of(res, VERB_CLEAR)) & SCOPE_ALL);
}

bool mask_hides(const struct resource *res, const struct actor *actor, const struct field *f)
{
	return f->flags & F_MASKED && !sees_all(res, actor);
}

bool mask_blinds(const struct resource *res, const struct actor *actor)
{
	return !sees_all(res, actor);
}

static int sees(struct db *db, const struct resource *res, const struct actor *actor, int64_t id, bool *ret)
{
	*ret = sees_all(res, actor);
	if (*ret || !may(actor, res, VERB_CLEAR))
		return 0;
	return scope_has(db, actor, res, right_of(res, VERB_CLEAR), id, ret);
}

static void mask_fields(const struct field *fields, size_t n, json_t *object)
{
	for (size_t i = 0; i < n; i++) {
		json_t *value = json_object_get(object, fields[i].name);
		if (fields[i].flags & F_MASKED && json_is_string(value))
			json_object_set_new(object, fields[i].name, masked(value));
	}
}

int mask_record(struct db *db, const struct resource *res, const struct actor *actor, json_t *record)
{
	bool clear = true;
	int err = sees(db, res, actor, js_id(record, "id"), &clear);
	if (err || clear)
		return err;
	mask_fields(res->fields, res->n_fields, record);
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		size_t k;
		json_t *item;
		if (f->type == FT_LIST)
			json_array_foreach (json_object_get(record, f->name), k, item)
				mask_fields(f->child->fields, f->child->n_fields, item);
	}
	return 0;
}

/* The fields of one level; `was` is what is there, NULL when nothing is. */
static void keep_level(
	const struct change *c, const struct child *level, const char *prefix, const json_t *was, json_t *now)
{
	for (size_t i = 0; i < level->n_fields; i++) {
		const struct field *f = &level->fields[i];
		json_t *value = json_object_get(now, f->name), *before = json_object_get(was, f->name);
		char path[160];
		if (!(f->flags & F_MASKED) || !mask_is(value))
			continue;
		json_t *shown = masked(before);
		bool same = json_equal(shown, value);
		json_decref(shown);
		snprintf(path, sizeof(path), "%s%s", prefix, f->name);
		if (same)
			json_object_set(now, f->name, before);
		else
			(void)faults_add(c->faults, "masked", path, "is masked: write it whole");
	}
}

static const json_t *element(const json_t *items, int64_t id)
{
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)items, i, item)
		if (id && js_id(item, "id") == id)
			return item;
	return NULL;
}

int mask_keep(const struct change *c, const struct resource *res, const json_t *old, json_t *draft)
{
	const struct child top = { res->table, res->fields, res->n_fields };
	if (!(res->can & RES_MASKED))
		return 0;
	keep_level(c, &top, "", old, draft);
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		size_t k;
		json_t *item;
		if (f->type != FT_LIST)
			continue;
		json_array_foreach (json_object_get(draft, f->name), k, item) {
			char prefix[96];
			snprintf(prefix, sizeof(prefix), "%s[%zu].", f->name, k);
			keep_level(c, f->child, prefix,
				element(json_object_get(old, f->name), js_id(item, "id")), item);
		}
	}
	return c->faults->n ? -E_INVALID : 0;
}

/* What the trail says of a list: an element, all of them, or one field of one. */
static void mask_in_list(const struct field *list, const char *path, json_t *pair, size_t at)
{
	const struct child *child = list->child;
	json_t *value = json_array_get(pair, at), *item;
	const char *dot = strrchr(path, '.');
	size_t k;
	if (json_is_object(value))
		mask_fields(child->fields, child->n_fields, value);
	json_array_foreach (value, k, item)
		mask_fields(child->fields, child->n_fields, item);
	for (size_t n = 0; dot && n < child->n_fields && json_is_string(value); n++)
		if (strcmp(child->fields[n].name, dot + 1) == 0 && child->fields[n].flags & F_MASKED)
			json_array_set_new(pair, at, masked(value));
}

/* "numbers[81].number" and "numbers[81]" are about the list `numbers`. */
static void mask_pair(const struct resource *res, const char *path, json_t *pair)
{
	const struct field *f = resource_field(res, str_sub(str_from(path), 0, strcspn(path, "[")));
	for (size_t i = 0; f && i < json_array_size(pair); i++) {
		json_t *value = json_array_get(pair, i);
		if (f->flags & F_MASKED && json_is_string(value))
			json_array_set_new(pair, i, masked(value));
		if (f->type == FT_LIST)
			mask_in_list(f, path, pair, i);
	}
}

void mask_trail(const struct actor *actor, json_t *row)
{
	const struct resource *res = catalogue_of_name(actor->catalogue, js_str(row, "resource", ""));
	const char *path;
	json_t *pair;
	if (!res || sees_all(res, actor))
		return;
	json_object_foreach (json_object_get(row, "changes"), path, pair)
		mask_pair(res, path, pair);
}
