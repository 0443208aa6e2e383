/* The audit trail's rows. Beside `changes` stand `names` under the same paths: a pair of names where the
 * values are references, of lists the same form with the names in place of the values; and under the path of
 * an element
 * ("skills[81]") the name by which people know it. */
#include "model/trail.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/search.h"

#include <stdlib.h>
#include <string.h>

struct note {
	const char *action, *resource;
	int64_t record;
	const char *name;
	const json_t *changes, *names;
};

static int insert(const struct change *c, const struct note *n)
{
	CLEANUP(mem_freep) char *changes = n->changes ? js_print(n->changes) : NULL;
	CLEANUP(mem_freep) char *names = json_object_size(n->names) ? js_print(n->names) : NULL;
	struct buf words;
	search_words(&words, c->actor->name, c->actor->address);
	int err = db_put(c->db, "audit",
		"id, version, created, updated, actor, actor_name, address, action, resource, record,"
		" record_name, changes, names, search",
		ARGS(V_INT(id_next(c->ids, c->now_ms)), V_INT(1), V_INT(c->now_ms), V_INT(c->now_ms),
			V_ID(c->actor->user), V_Z(c->actor->name), V_Z(c->actor->address), V_Z(n->action),
			V_Z(n->resource), V_ID(n->record), V_Z(n->name), V_Z(changes), V_Z(names),
			V_STR(buf_str(&words))));
	buf_done(&words);
	return err;
}

int model_audit(const struct change *c, const char *action, const char *resource, int64_t record,
	const json_t *changes)
{
	return insert(c, &(struct note){ action, resource, record, NULL, changes, NULL });
}

/* The name of a reference's target, deleted or not; NULL when there is none. */
static json_t *name_of(const struct change *c, const struct field *f, const json_t *value)
{
	const struct resource *target = resource_of_name(f->ref);
	const struct field *title = resource_field(target, str_from(target->title));
	struct rows *rows;
	json_t *name = NULL;
	if (!json_is_string(value) || !field_kind(title)->text || title->flags & F_MASKED)
		return NULL;
	CLEANUP(mem_freep)
	char *sql = mem_printf("SELECT t.%s FROM %s t WHERE t.id = $1", field_column(title), target->table);
	if (db_query(c->db, sql, ARGS(V_INT(strtoll(json_string_value(value), NULL, 10))), &rows))
		return NULL;
	if (rows_next(rows) && !rows_is_null(rows, 0)) {
		struct str text = rows_str(rows, 0);
		name = json_stringn(text.p, text.n);
	}
	return rows_end(rows) ? (json_decref(name), NULL) : name;
}

/* {"skill": "…"} of an element, NULL when it refers to nothing. */
static json_t *names_in(const struct change *c, const struct child *child, const json_t *item)
{
	json_t *names = NULL;
	for (size_t i = 0; i < child->n_fields; i++) {
		const struct field *f = &child->fields[i];
		json_t *name = f->type == FT_REF ? name_of(c, f, json_object_get(item, f->name)) : NULL;
		if (name && !names)
			names = json_object();
		if (name)
			json_object_set_new(names, f->name, name);
	}
	return names;
}

/* The names of one side of a pair, in its form; NULL for none. */
static json_t *names_of(const struct change *c, const struct field *f, const json_t *value)
{
	json_t *list, *item;
	size_t i;
	bool any = false;
	if (f->type == FT_REF)
		return name_of(c, f, value);
	if (f->type != FT_LIST || json_is_object(value))
		return f->type == FT_LIST ? names_in(c, f->child, value) : NULL;
	list = json_array();
	json_array_foreach ((json_t *)value, i, item) {
		json_t *names = json_is_object(item) ? names_in(c, f->child, item) : NULL;
		any |= names != NULL;
		json_array_append_new(list, names ? names : json_null());
	}
	if (any)
		return list;
	json_decref(list);
	return NULL;
}

static void add_pair(
	const struct change *c, const struct field *f, const char *path, const json_t *pair, json_t *names)
{
	json_t *before = names_of(c, f, json_array_get(pair, 0)),
	       *after = names_of(c, f, json_array_get(pair, 1));
	if (before || after)
		json_object_set_new(names, path,
			json_pack("[o, o]", before ? before : json_null(), after ? after : json_null()));
}

static const struct field *field_in(const struct child *child, const char *name)
{
	for (size_t i = 0; i < child->n_fields; i++)
		if (strcmp(child->fields[i].name, name) == 0)
			return &child->fields[i];
	return NULL;
}

static const json_t *element(const json_t *items, struct str id)
{
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)items, i, item)
		if (str_eqz(id, js_str(item, "id", "")))
			return item;
	return NULL;
}

/* Its first reference or text, unless that is not for everybody. */
static json_t *element_name(const struct change *c, const struct child *child, const json_t *item)
{
	for (size_t i = 0; i < child->n_fields; i++) {
		const struct field *f = &child->fields[i];
		json_t *value = json_object_get(item, f->name);
		if (f->flags & F_MASKED)
			return NULL;
		if (f->type == FT_REF)
			return name_of(c, f, value);
		if (json_is_string(value))
			return json_incref(value);
	}
	return NULL;
}

/* "skills[81].level": what the 81st is called, and the names of what it referred and refers to. */
static void add_part(const struct change *c, const struct trail *t, const struct field *list,
	const char *path, const json_t *pair, json_t *names)
{
	const char *dot = strrchr(path, '.');
	struct str rest = str_from(path);
	const struct field *f = field_in(list->child, dot + 1);
	(void)str_cut(&rest, '[');
	struct str id = str_cut(&rest, ']');
	const json_t *item = element(json_object_get(t->old, list->name), id);
	json_t *name = item ? element_name(c, list->child, item) : NULL;
	CLEANUP(mem_freep) char *whole = mem_strndup(path, (size_t)(dot - path));
	if (name)
		json_object_set_new(names, whole, name);
	if (f)
		add_pair(c, f, path, pair, names);
}

static void add_names(const struct change *c, const struct trail *t, json_t *names)
{
	const char *path;
	json_t *pair;
	json_object_foreach ((json_t *)t->changes, path, pair) {
		const struct field *f =
			resource_field(t->res, str_sub(str_from(path), 0, strcspn(path, "[")));
		if (f && f->type == FT_LIST && strchr(path, '.'))
			add_part(c, t, f, path, pair, names);
		else if (f)
			add_pair(c, f, path, pair, names);
	}
}

static const char *title_of(const struct trail *t)
{
	const struct field *title = resource_field(t->res, str_from(t->res->title));
	const char *name = js_str(t->old, t->res->title, NULL);
	return title->flags & F_MASKED ? NULL : name ? name : js_str(t->now, t->res->title, NULL);
}

int trail_add(const struct change *c, const struct trail *t)
{
	json_t *names = json_object();
	add_names(c, t, names);
	int err = insert(c, &(struct note){ t->action, t->res->name, t->id, title_of(t), t->changes, names });
	json_decref(names);
	return err;
}

static bool reads_all(const struct actor *actor, const struct field *f)
{
	const struct resource *target = f->type == FT_REF ? resource_of_name(f->ref) : NULL;
	return !target || target->can & RES_OPEN ||
		rights_reach(actor->rights, right_of(target, VERB_READ)) & SCOPE_ALL;
}

static bool is_open_to(const struct actor *actor, const struct resource *res, const char *path)
{
	const struct field *f = resource_field(res, str_sub(str_from(path), 0, strcspn(path, "[")));
	bool open = !f || reads_all(actor, f);
	for (size_t i = 0; f && f->child && i < f->child->n_fields; i++)
		open = open && reads_all(actor, &f->child->fields[i]);
	return open;
}

void trail_hide(const struct actor *actor, const struct resource *res, json_t *row)
{
	json_t *names = json_object_get(row, "names"), *one;
	const char *path;
	void *next;
	json_object_foreach_safe(names, next, path, one) if (!is_open_to(actor, res, path))
		json_object_del(names, path);
}
