/* Snapshots of the descriptors. Everything in one lives in its arena, and dies with it; what comes from the
 * database and becomes part of a statement is a number or a word of ours. */
#include "model/catalogue.h"

#include "base/arena.h"
#include "base/js.h"
#include "base/mem.h"
#include "model/custom.h"
#include "model/field.h"
#include "model/model.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX_BYTES ((size_t)64 << 20)
#define INT_EXTREME INT64_C(9007199254740991) /* as in field.c */
#define NUM_EXTREME INT64_C(999999999999999)
#define COUNTER "shapes"

static const struct label of_centre = { "自定义", "Custom" };

struct catalogue {
	atomic_uint refs;
	int64_t generation;
	struct arena *arena;
	const struct resource **list; /* resources_n of them */
};

struct catalogue *catalogue_ref(struct catalogue *catalogue)
{
	if (catalogue)
		atomic_fetch_add(&catalogue->refs, 1);
	return catalogue;
}

void *catalogue_unref(struct catalogue *catalogue)
{
	if (!catalogue || atomic_fetch_sub(&catalogue->refs, 1) > 1)
		return NULL;
	arena_free(catalogue->arena);
	free(catalogue);
	return NULL;
}

int catalogue_generation(struct db *db, int64_t *ret_generation)
{
	*ret_generation = 0;
	return db_one_int(db, "SELECT coalesce(max(value), 0) FROM counter WHERE name = $1",
		ARGS(V_Z(COUNTER)), ret_generation);
}

int catalogue_changed(struct db *db)
{
	return db_run(db,
		"INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value ="
		" counter.value + 1",
		ARGS(V_Z(COUNTER)));
}

int64_t catalogue_of_generation(const struct catalogue *catalogue)
{
	return catalogue ? catalogue->generation : -1;
}

const struct resource *catalogue_at(const struct catalogue *catalogue, size_t i)
{
	return catalogue ? catalogue->list[i] : resources[i];
}

const struct resource *catalogue_of_name(const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < resources_n; i++)
		if (strcmp(resources[i]->name, name) == 0)
			return catalogue_at(catalogue, i);
	return NULL;
}

const struct resource *catalogue_of_plural(const struct catalogue *catalogue, struct str plural)
{
	for (size_t i = 0; i < resources_n; i++)
		if (str_eqz(plural, resources[i]->plural))
			return catalogue_at(catalogue, i);
	return NULL;
}

const struct resource *catalogue_resource(const struct catalogue *catalogue, const struct resource *res)
{
	const struct resource *now = catalogue ? catalogue_of_name(catalogue, res->name) : NULL;
	return now ? now : res;
}

/* Reading them. */

/* One custom field and the resource that it is of. */
struct entry {
	int64_t id;
	const struct resource *res;
	struct field field;
	struct choice *choices;
	size_t n_choices, size;
};

struct reading {
	struct catalogue *catalogue;
	struct arena *arena;
	struct entry *entries;
	size_t n;
	bool sqlite;
	int money_digits;
};

/* {"zh-CN", "en"}: where one is wanting the other stands. */
static struct label read_label(struct reading *r, struct rows *rows, int column)
{
	struct str text = rows_str(rows, column);
	json_t *object = NULL;
	if (!text.p || js_parse(text, text.n, &object, NULL))
		return (struct label){ NULL, NULL };
	const char *zh = js_str(object, "zh-CN", NULL), *en = js_str(object, "en", NULL);
	const struct label label = { arena_strndup(r->arena, str_from(zh ? zh : en)),
		arena_strndup(r->arena, str_from(en ? en : zh)) };
	json_decref(object);
	return label;
}

static int64_t scale_of(const struct reading *r, const struct field *f)
{
	int digits = f->type == FT_NUM ? f->digits
		: f->type == FT_MONEY  ? r->money_digits
		: f->type == FT_MS     ? 3
				       : 0;
	return llround(pow(10, digits));
}

/* Limits in the field's own unit; the table has ten-thousandths. Where nothing was said all that the type can
 * hold. */
static void set_limits(const struct reading *r, struct rows *rows, int column, struct field *f, unsigned can)
{
	int64_t scale = scale_of(r, f), extreme = f->type == FT_NUM ? NUM_EXTREME : INT_EXTREME;
	if (can & CUSTOM_LENGTH) {
		f->min = 0;
		f->max = custom_length_max(f->type);
	} else if (can & CUSTOM_RANGE) {
		f->min = f->type == FT_MS ? 0 : -extreme;
		f->max = extreme;
	}
	if (!rows_is_null(rows, column))
		f->min = rows_int(rows, column) / 10000 * scale +
			rows_int(rows, column) % 10000 * scale / 10000;
	if (!rows_is_null(rows, column + 1))
		f->max = rows_int(rows, column + 1) / 10000 * scale +
			rows_int(rows, column + 1) % 10000 * scale / 10000;
}

/* The value in a row of table t, as a column of the type would have it. */
static const char *expression(const struct reading *r, const struct field *f)
{
	if (!field_kind(f)->text)
		return arena_printf(r->arena, "CAST(t.custom ->> '%s' AS BIGINT)", f->column);
	return arena_printf(
		r->arena, r->sqlite ? "t.custom ->> '%s'" : "(t.custom ->> '%s') COLLATE \"C\"", f->column);
}

static unsigned flags_of(struct rows *rows, int column)
{
	static const unsigned flags[] = { F_REQUIRED, F_COLUMN, F_SEARCH, F_INDEXED, F_MASKED, F_PAST_MASK };
	unsigned all = F_CUSTOM;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (rows_int(rows, column + (int)i))
			all |= flags[i];
	return all;
}

/* What this version does not know, as after a step back, is left out. */
static void read_entry(struct reading *r, struct rows *rows)
{
	struct entry *e = &r->entries[r->n];
	struct field *f = &e->field;
	unsigned can;
	char name[64], type[32];
	*e = (struct entry){ .id = rows_int(rows, 0) };
	if (str_copy(rows_str(rows, 1), name, sizeof(name)) ||
		str_copy(rows_str(rows, 3), type, sizeof(type)) || !(e->res = resource_of_name(name)) ||
		!(e->res->can & RES_CUSTOM) || !custom_type(type, &f->type, &can) ||
		str_copy(rows_str(rows, 2), name, sizeof(name)))
		return;
	f->name = arena_printf(r->arena, CUSTOM_PREFIX "%s", name);
	f->column = arena_printf(r->arena, "f%" PRId64, e->id);
	f->label = read_label(r, rows, 4);
	f->help = read_label(r, rows, 5);
	f->section = &of_centre;
	f->digits = (int)rows_int(rows, 6);
	set_limits(r, rows, 7, f, can);
	f->flags = flags_of(rows, 9);
	f->sql = expression(r, f);
	if (can & CUSTOM_CHOICES)
		f->choices = e->choices = arena_alloc(r->arena, sizeof(*e->choices));
	if (f->name && f->sql && f->label.zh)
		r->n++;
}

static int read_fields(struct reading *r, struct db *db)
{
	struct rows *rows;
	size_t max = resources_n * CUSTOM_FIELDS_MAX;
	r->entries = arena_alloc(r->arena, max * sizeof(*r->entries));
	int err = db_query(db,
		"SELECT c.id, c.resource, c.name, c.type, c.label, c.help, coalesce(c.digits, 0), "
		"c.min_value,"
		" c.max_value, c.required, c.listed, c.searched, c.indexed, c.masked, EXISTS (SELECT 1 FROM"
		" custom_field o WHERE o.resource = c.resource AND o.name = c.name AND o.masked = 1 AND "
		"o.deleted"
		" IS NOT NULL) FROM custom_field c WHERE c.deleted IS NULL ORDER BY c.position, c.id",
		NO_ARGS, &rows);
	if (err)
		return err;
	while (r->n < max && rows_next(rows))
		read_entry(r, rows);
	return rows_end(rows);
}

static struct entry *entry_of(const struct reading *r, int64_t id)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->entries[i].id == id)
			return &r->entries[i];
	return NULL;
}

/* Behind the last of them always stands an empty one. */
static void add_choice(struct reading *r, struct rows *rows)
{
	struct entry *e = entry_of(r, rows_int(rows, 0));
	if (!e || !e->choices)
		return;
	if (e->n_choices + 2 > e->size) {
		e->size = 2 * (e->n_choices + 2);
		struct choice *more = arena_alloc(r->arena, e->size * sizeof(*more));
		memcpy(more, e->choices, e->n_choices * sizeof(*more));
		e->field.choices = e->choices = more;
	}
	e->choices[e->n_choices++] =
		(struct choice){ arena_strndup(r->arena, rows_str(rows, 1)), read_label(r, rows, 2) };
}

static int read_choices(struct reading *r, struct db *db)
{
	struct rows *rows;
	int err = db_query(db,
		"SELECT parent, value, label FROM custom_field_choice ORDER BY parent, position, id", NO_ARGS,
		&rows);
	if (err)
		return err;
	while (rows_next(rows))
		add_choice(r, rows);
	return rows_end(rows);
}

/* The program's own, or a copy that ends with the fields of this resource. */
static const struct resource *with_fields(const struct reading *r, const struct resource *res)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n; i++)
		n += r->entries[i].res == res;
	if (!n)
		return res;
	struct field *fields = arena_alloc(r->arena, (res->n_fields + n) * sizeof(*fields));
	struct resource *copy = arena_alloc(r->arena, sizeof(*copy));
	memcpy(copy, res, sizeof(*copy));
	memcpy(fields, res->fields, res->n_fields * sizeof(*fields));
	copy->fields = fields;
	for (size_t i = 0; i < r->n; i++)
		if (r->entries[i].res == res)
			fields[copy->n_fields++] = r->entries[i].field;
	return copy;
}

int catalogue_load(struct db *db, struct catalogue **ret_catalogue)
{
	char currency[4];
	struct catalogue *catalogue = mem_alloc(sizeof(*catalogue));
	catalogue->arena = arena_new(ARENA_MAX_BYTES);
	atomic_store(&catalogue->refs, 1);
	struct reading r = { .catalogue = catalogue,
		.arena = catalogue->arena,
		.sqlite = strcmp(db_kind_name(db), "sqlite") == 0 };
	int err = catalogue_generation(
		db, &catalogue->generation); /* first: what changes meanwhile is read again */
	if (!err)
		err = model_currency(db, currency, &r.money_digits);
	if (!err)
		err = read_fields(&r, db);
	if (!err)
		err = read_choices(&r, db);
	if (err) {
		catalogue_unref(catalogue);
		return err;
	}
	catalogue->list = arena_alloc(catalogue->arena, resources_n * sizeof(const struct resource *));
	for (size_t i = 0; i < resources_n; i++)
		catalogue->list[i] = with_fields(&r, resources[i]);
	*ret_catalogue = catalogue;
	return 0;
}
