/* What is shown of a number or a name to whoever may not see it whole. Masking happens last, when a record is
 * given out; checks, uniqueness and what follows a change see the values themselves. */
#include "model/mask.h"

#include "base/buf.h"
#include "base/js.h"
#include "base/mem.h"
#include "model/custom.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TELLING_DIGITS 5 /* of a part of a number, as people search for them */
#define TEXT_MAX_BYTES 4096
#define TOGETHER 64 /* records that are asked about by one statement */

json_t *mask_of(const json_t *value)
{
	struct buf out;
	if (!json_is_string(value))
		return json_null();
	buf_init(&out, TEXT_MAX_BYTES * 4);
	mask_add(&out, (struct str){ json_string_value(value), json_string_length(value) });
	json_t *text = json_stringn(out.p, out.n);
	buf_done(&out);
	return text;
}

bool mask_is(const json_t *value)
{
	return json_is_string(value) && strstr(json_string_value(value), MASK_STARS);
}

static bool sees_all(const struct resource *res, const struct actor *actor)
{
	return !(res->can & RES_MASKED) || !actor ||
		rights_reach(actor->rights, right_of(res, VERB_CLEAR)) & SCOPE_ALL;
}

bool mask_is_off(const struct resource *res, const struct actor *actor)
{
	return sees_all(res, actor) ||
		(may(actor, res, VERB_CLEAR) &&
			rights_within(actor->rights, right_of(res, VERB_READ), right_of(res, VERB_CLEAR)));
}

void mask_scope(struct sql *q, const struct resource *res, const struct actor *actor, const char *alias)
{
	if (!sees_all(res, actor))
		scope_add(q, actor, res, right_of(res, VERB_CLEAR), alias);
}

int mask_sees(
	struct db *db, const struct resource *res, const struct actor *actor, int64_t id, bool *ret_sees)
{
	*ret_sees = sees_all(res, actor);
	if (*ret_sees || !may(actor, res, VERB_CLEAR))
		return 0;
	return scope_has(db, actor, res, right_of(res, VERB_CLEAR), id, ret_sees);
}

static bool has_word(const char *words, const char *word)
{
	struct str rest = str_from(words);
	while (rest.n)
		if (str_eqz(str_cut(&rest, ' '), word))
			return true;
	return false;
}

/* Whether nothing is to be hidden of this value. */
static bool is_open(const struct field *f, const json_t *object)
{
	const char *text = js_str(object, f->name, "");
	if (f->open_by && has_word(f->open_with, js_str(object, f->open_by, "")))
		return true;
	return f->flags & F_DIALLED && !mask_is_number(text);
}

static void mask_fields(const struct field *fields, size_t n, json_t *object)
{
	for (size_t i = 0; i < n; i++) {
		json_t *value = json_object_get(object, fields[i].name);
		if (fields[i].flags & F_MASKED && json_is_string(value) && !is_open(&fields[i], object))
			json_object_set_new(object, fields[i].name, mask_of(value));
	}
}

static void mask_record(const struct resource *res, json_t *record)
{
	mask_fields(res->fields, res->n_fields, record);
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		size_t k;
		json_t *item;
		if (f->type == FT_LIST)
			json_array_foreach (json_object_get(record, f->name), k, item)
				mask_fields(f->child->fields, f->child->n_fields, item);
	}
}

/* Which of up to TOGETHER records from `from` on he sees in clear: a bit for each. */
static int find_clear(struct db *db, const struct resource *res, const struct actor *actor,
	const json_t *records, size_t from, uint64_t *ret_clear)
{
	struct sql q;
	struct rows *rows;
	size_t n = json_array_size(records) - from < TOGETHER ? json_array_size(records) - from : TOGETHER;
	*ret_clear = 0;
	if (!may(actor, res, VERB_CLEAR))
		return 0;
	sql_init(&q);
	sql_add(&q, "SELECT t.id FROM %s t WHERE t.id IN (", res->table);
	for (size_t i = 0; i < TOGETHER; i++) { /* always so many that the statement stays the same */
		sql_add(&q, i ? ", " : "");
		sql_arg(&q, V_INT(js_id(json_array_get(records, from + (i < n ? i : n - 1)), "id")));
	}
	sql_add(&q, ")");
	mask_scope(&q, res, actor, "t");
	int err = sql_query(&q, db, &rows);
	if (!err) {
		while (rows_next(rows))
			for (size_t i = 0; i < n; i++)
				if (js_id(json_array_get(records, from + i), "id") == rows_int(rows, 0))
					*ret_clear |= UINT64_C(1) << i;
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

int mask_records(struct db *db, const struct resource *res, const struct actor *actor, json_t *records)
{
	uint64_t clear = 0;
	int err = 0;
	if (sees_all(res, actor))
		return 0;
	for (size_t i = 0; i < json_array_size(records) && !err; i++) {
		if (i % TOGETHER == 0)
			err = find_clear(db, res, actor, records, i, &clear);
		if (!err && !(clear >> i % TOGETHER & 1))
			mask_record(res, json_array_get(records, i));
	}
	return err;
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
		json_t *shown = mask_of(before);
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
			json_array_set_new(pair, at, mask_of(value));
}

/* "numbers[81].number" and "numbers[81]" are about the list `numbers`. A custom field that is gone may have
 * been a masked one. */
static void mask_pair(const struct resource *res, const char *path, json_t *pair)
{
	const struct field *f = resource_field(res, str_sub(str_from(path), 0, strcspn(path, "[")));
	bool gone = !f && res->can & RES_CUSTOM && str_starts(str_from(path), STR(CUSTOM_PREFIX));
	bool hidden = gone || (f && f->flags & (F_MASKED | F_PAST_MASK));
	for (size_t i = 0; i < json_array_size(pair); i++) {
		json_t *value = json_array_get(pair, i);
		if (hidden && !json_is_null(value) && (gone || json_is_string(value)))
			json_array_set_new(pair, i, mask_of(value));
		if (f && f->type == FT_LIST)
			mask_in_list(f, path, pair, i);
	}
}

/* What an export was asked for, in words: "party=13800138000 sort=-started". */
static json_t *without_numbers(const json_t *value)
{
	static const char digits[] = "0123456789";
	struct buf out;
	buf_init(&out, TEXT_MAX_BYTES);
	for (const char *p = json_string_value(value); *p;) {
		size_t n = strspn(p, digits);
		buf_adds(&out, n >= TELLING_DIGITS ? STR(MASK_STARS) : (struct str){ p, n ? n : 1 });
		p += n ? n : 1;
	}
	json_t *text = json_stringn(out.p, out.n);
	buf_done(&out);
	return text;
}

static void mask_filter(json_t *pair)
{
	for (size_t i = 0; i < json_array_size(pair); i++)
		if (json_is_string(json_array_get(pair, i)))
			json_array_set_new(pair, i, without_numbers(json_array_get(pair, i)));
}

/* Few of one record, so that all of them are held at once. */
static int read_trail(const struct change *c, const struct resource *res, int64_t id, json_t *trail)
{
	struct rows *rows;
	int err = db_query(c->db,
		"SELECT id, changes FROM audit WHERE resource = $1 AND record = $2 AND changes IS NOT NULL",
		ARGS(V_Z(res->name), V_INT(id)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		json_t *changes = NULL;
		struct str text = rows_str(rows, 1);
		if (js_parse(text, text.n, &changes, NULL) == 0)
			json_array_append_new(
				trail, json_pack("[I, o]", (json_int_t)rows_int(rows, 0), changes));
	}
	return rows_end(rows);
}

int mask_forget(const struct change *c, const struct resource *res, int64_t id)
{
	json_t *trail = json_array(), *row, *pair;
	const char *path;
	size_t i;
	int err = res->can & RES_MASKED ? read_trail(c, res, id, trail) : 0;
	json_array_foreach (trail, i, row) {
		json_t *changes = json_array_get(row, 1), *was = json_deep_copy(changes);
		json_object_foreach (changes, path, pair)
			mask_pair(res, path, pair);
		CLEANUP(mem_freep) char *text = js_print(changes);
		if (!err && !json_equal(changes, was))
			err = db_run(c->db, "UPDATE audit SET changes = $2 WHERE id = $1",
				ARGS(V_INT(json_integer_value(json_array_get(row, 0))), V_Z(text)));
		json_decref(was);
	}
	json_decref(trail);
	return err;
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
	if (strcmp(js_str(row, "action", ""), "export") == 0)
		mask_filter(json_object_get(json_object_get(row, "changes"), "filter"));
}
