/* Many values are asked for at once, always so many that the statement stays the same: the last is repeated.
 */
#include "model/match.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/mask.h"

#include <string.h>

#define AT_ONCE 64
#define ARENA_MAX_BYTES ((size_t)1 << 20)

size_t match_keys(const struct resource *res, struct match_key keys[MATCH_KEYS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < res->n_fields && n < MATCH_KEYS_MAX; i++) {
		const struct field *f = &res->fields[i];
		const struct field *part =
			f->type == FT_LIST && f->child->n_fields ? &f->child->fields[0] : NULL;
		const struct field *value = part ? part : f;
		bool key = f->flags & F_UNIQUE || value->flags & F_KEY;
		if (key && field_kind(value)->to_sql && value->type != FT_SECRET && value->type != FT_REF)
			keys[n++] = (struct match_key){ f, part };
	}
	return n;
}

bool match_is_unique(const struct match_key *key)
{
	return (key->field->flags & F_UNIQUE) != 0;
}

static void add_value(json_t *values, json_t *value)
{
	bool empty =
		!value || json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
	if (!empty)
		json_array_append(values, value);
}

void match_values(const struct match_key *key, const json_t *draft, json_t *values)
{
	json_t *value = json_object_get(draft, key->field->name), *item;
	size_t i;
	if (!key->part)
		add_value(values, value);
	else
		json_array_foreach (value, i, item)
			add_value(values, json_object_get(item, key->part->name));
}

struct wanted {
	struct value values[AT_ONCE];
	int64_t *ids;
	size_t n;
};

static void select_matches(struct sql *q, const struct resource *res, const struct match_key *key,
	const struct actor *actor, const struct wanted *w)
{
	if (key->part)
		sql_add(q, "SELECT c.%s, t.id FROM %s c JOIN %s t ON t.id = c.parent WHERE c.%s IN (",
			field_column(key->part), key->field->child->table, res->table,
			field_column(key->part));
	else
		sql_add(q, "SELECT t.%s, t.id FROM %s t WHERE t.%s IN (", field_column(key->field),
			res->table, field_column(key->field));
	for (size_t i = 0; i < AT_ONCE; i++) {
		sql_add(q, i ? ", " : "");
		sql_arg(q, w->values[i < w->n ? i : w->n - 1]);
	}
	sql_add(q, ")%s", res_keeps(res) ? " AND t.deleted IS NULL" : "");
	scope_add(q, actor, res, right_of(res, VERB_READ), "t");
	if ((key->part ? key->part : key->field)->flags & F_MASKED)
		mask_scope(q, res, actor, "t"); /* else whoever imports numbers learns whose they are */
	sql_add(q, " ORDER BY t.id DESC");
}

static bool is_value(const struct value *value, struct rows *rows)
{
	return value->type == VALUE_INT ? value->i == rows_int(rows, 0) : str_eq(value->s, rows_str(rows, 0));
}

static int find_some(struct db *db, const struct resource *res, const struct match_key *key,
	const struct actor *actor, const struct wanted *w)
{
	struct sql q;
	struct rows *rows;
	sql_init(&q);
	select_matches(&q, res, key, actor, w);
	int err = sql_query(&q, db, &rows);
	if (!err) {
		while (rows_next(rows))
			for (size_t i = 0; i < w->n; i++)
				if (is_value(&w->values[i], rows))
					w->ids[i] = rows_int(rows, 1);
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

int match_find(struct db *db, const struct resource *res, const struct match_key *key,
	const struct actor *actor, const json_t *values, int64_t *ret_ids)
{
	const struct field *f = key->part ? key->part : key->field;
	struct arena *arena = arena_new(ARENA_MAX_BYTES);
	size_t all = json_array_size(values);
	int err = 0;
	memset(ret_ids, 0, all * sizeof(*ret_ids));
	for (size_t from = 0; from < all && !err; from += AT_ONCE) {
		struct wanted w = { .ids = ret_ids + from };
		for (; w.n < AT_ONCE && from + w.n < all; w.n++)
			w.values[w.n] = field_kind(f)->to_sql(f, arena, json_array_get(values, from + w.n));
		err = find_some(db, res, key, actor, &w);
		arena_reset(arena);
	}
	arena_free(arena);
	return err;
}
