/* Lists: search, filters, one sort key and the id behind it, pages by cursor. A cursor holds the sort key and
 * the id of the last row seen, so that pages neither skip nor repeat while records come and go. What is not
 * understood is refused: a misspelt filter must not show everything. */
#include "base/js.h"
#include "base/mem.h"
#include "model/mask.h"
#include "model/search.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 500
#define COUNT_MAX 10001
#define FILTERS_MAX 40
#define CURSOR_MAX 1024
#define WALK_ROWS 2000
#define NO_CONDITIONS " WHERE 1 = 1"
#define SORTED_MAX 2000 /* rows that a search has found */
#define FEW_MAX 5000    /* rows that conditions have found */

/* How a database that would choose badly is made to look for a page. SQLite knows no limits when it chooses,
 * PostgreSQL not how often words are. */
enum way {
	WAY_FREE,
	WAY_FEW,  /* what fits is found by the conditions and sorted: the sort key is no index's */
	WAY_MANY, /* the order is walked through until a page has been found: "+t" is no index's (SQLite) */
};

struct listing {
	const struct resource *res;
	const struct list_query *query;
	const struct actor *actor;
	struct faults *faults;
	const char *cursor, *fields;
	bool lite;       /* SQLite */
	bool conditions; /* something but the bin and the search says which rows */
	enum way way;
	size_t driving; /* this parameter is about children, and they lead to the records; else none */
	struct search search;
	const struct field *sort;
	bool descending, deleted;
	int64_t found; /* by the search's index alone, at most COUNT_MAX */
	bool much;     /* more than are sorted */
	bool walk;     /* the beginning of the order, row by row, instead of all that is found */
	int64_t limit;
};

static const struct param *param_of(const struct list_query *query, const char *name)
{
	for (size_t i = 0; i < query->n_params; i++)
		if (strcmp(query->params[i].name, name) == 0)
			return &query->params[i];
	return NULL;
}

/* A value that never is null, for sorting and comparing. */
static void sort_key(struct sql *q, const struct field *f)
{
	char column[48];
	const char *none = field_kind(f)->text ? "''" : "0";
	sort_column(f, column);
	if (f->flags & F_SORT_KEY) {
		sql_add(q, "t.%s", column);
	} else if (f->flags & F_REQUIRED &&
		!(f->flags & F_CUSTOM)) { /* those may have come after the record */
		record_expr(q, f, "t");
	} else {
		sql_add(q, "coalesce(");
		record_expr(q, f, "t");
		sql_add(q, ", %s)", none);
	}
}

/* The same for the list's own order. */
static void order_key(struct sql *q, const struct listing *l)
{
	bool few = l->way == WAY_FEW;
	sql_add(q, few ? "coalesce(" : "");
	sort_key(q, l->sort);
	if (few)
		sql_add(q, ", %s)", field_kind(l->sort)->text ? "''" : "0");
}

/* Whether there are rows of the list that he does not see whole. */
static bool is_masked(const struct listing *l, const struct field *f)
{
	return f->flags & F_MASKED && !mask_is_off(l->res, l->actor);
}

static void read_sort(struct listing *l)
{
	const struct param *p = param_of(l->query, "sort");
	const char *name = p ? p->value : l->res->sort;
	l->descending = *name == '-';
	l->sort = resource_field(l->res, str_from(name + l->descending));
	if (!l->sort || !field_sorts(l->sort) || is_masked(l, l->sort))
		(void)faults_add(l->faults, "unknown", "sort", "cannot sort by this");
}

/* The bin is for who may restore. */
static int read_bin(struct listing *l, const struct actor *actor)
{
	const struct param *p = param_of(l->query, "deleted");
	if (!p || strcmp(p->value, "false") == 0)
		return 0;
	if (!res_keeps(l->res) || strcmp(p->value, "true") != 0)
		return faults_add(l->faults, "choice", "deleted", "must be true or false");
	l->deleted = true;
	return may(actor, l->res, VERB_RESTORE) ? 0 : -E_FORBIDDEN;
}

static void read_limit(struct listing *l)
{
	const struct param *p = param_of(l->query, "limit");
	uint32_t n = LIMIT_DEFAULT;
	uint32_t max = l->query->limit_max ? l->query->limit_max : LIMIT_MAX;
	if (p && (str_to_u32(str_from(p->value), max, &n) || n == 0))
		(void)faults_add(l->faults, "range", "limit", "must be between 1 and %u", max);
	l->limit = n;
}

/* A pattern that finds the text anywhere, as a parameter. */
static void add_pattern(struct sql *q, struct str needle)
{
	struct buf pattern;
	buf_init(&pattern, 4096);
	buf_addc(&pattern, '%');
	for (size_t i = 0; i < needle.n; i++) {
		if (strchr("%_\\", needle.p[i]))
			buf_addc(&pattern, '\\');
		buf_addc(&pattern, needle.p[i]);
	}
	buf_addc(&pattern, '%');
	sql_arg(q, V_STR(buf_str(&pattern)));
	buf_done(&pattern);
}

/* The value of a filter as a parameter; a fault when it is none of the field's type. */
static void add_filter_value(
	struct sql *q, const struct listing *l, const struct field *f, const struct param *p)
{
	const struct field_kind *kind = field_kind(f);
	json_t *value = kind->from_text(f, p->value);
	if (value && kind->contains)
		add_pattern(q, kind->to_sql(f, q->arena, value).s);
	else if (value)
		sql_arg(q, kind->to_sql(f, q->arena, value));
	else
		(void)faults_add(l->faults, "type", p->name, "\"%.60s\" is no %s", p->value, kind->name);
	json_decref(value);
}

/* By what is masked, among those rows alone that he sees whole. */
static bool is_filterable(const struct listing *l, const struct field *f)
{
	return f && field_filters(f) && (!is_masked(l, f) || may(l->actor, l->res, VERB_CLEAR));
}

static void add_clear(struct sql *q, const struct listing *l, const struct field *f)
{
	if (is_masked(l, f))
		mask_scope(q, l->res, l->actor, "t");
}

/* The index of a custom field is of its sort key: said of that too, so that it is used. */
static void add_index_bound(struct sql *q, const struct listing *l, const struct param *p,
	const struct field *f, const char *comparison)
{
	if (!(f->flags & F_INDEXED) || !*p->value || l->way == WAY_MANY)
		return;
	sort_key(q, f);
	sql_add(q, " %s ", comparison);
	add_filter_value(q, l, f, p);
	sql_add(q, " AND ");
}

/* All values given for one name, joined by OR. */
static void add_equal(
	struct sql *q, const struct listing *l, const struct field *f, size_t first, const char *alias)
{
	const char *name = l->query->params[first].name;
	const char *join = "";
	for (size_t i = first; i < l->query->n_params; i++) {
		const struct param *p = &l->query->params[i];
		if (strcmp(p->name, name) != 0)
			continue;
		sql_add(q, "%s", join);
		add_index_bound(q, l, p, f, "=");
		record_expr(q, f, alias);
		if (*p->value) {
			sql_add(q, field_kind(f)->contains ? " LIKE " : " = ");
			add_filter_value(q, l, f, p);
			sql_add(q, "%s", field_kind(f)->contains ? " ESCAPE '\\'" : "");
		} else {
			sql_add(q, " IS NULL");
		}
		join = " OR ";
	}
}

static void unknown_filter(const struct listing *l, const struct param *p)
{
	(void)faults_add(l->faults, "unknown", p->name, "no such filter");
}

/* Of the records' table in a condition. */
static const char *alias_of(const struct listing *l)
{
	return l->way == WAY_MANY ? "+t" : "t";
}

static void add_range(
	struct sql *q, const struct listing *l, const struct param *p, struct str name, bool is_min)
{
	const struct field *f = resource_field(l->res, name);
	if (!is_filterable(l, f) || !field_kind(f)->ordered) {
		unknown_filter(l, p);
		return;
	}
	add_clear(q, l, f);
	sql_add(q, " AND ");
	add_index_bound(q, l, p, f, is_min ? ">=" : "<=");
	record_expr(q, f, alias_of(l));
	sql_add(q, " %s ", is_min ? ">=" : "<=");
	add_filter_value(q, l, f, p);
}

static const struct field *child_field(const struct field *list, struct str name)
{
	for (size_t i = 0; list && list->type == FT_LIST && i < list->child->n_fields; i++)
		if (str_eqz(name, list->child->fields[i].name))
			return &list->child->fields[i];
	return NULL;
}

static void add_child_filter(
	struct sql *q, const struct listing *l, size_t i, struct str list, struct str name)
{
	const struct field *parent = resource_field(l->res, list);
	const struct field *f = child_field(parent, name);
	if (!is_filterable(l, f)) {
		unknown_filter(l, &l->query->params[i]);
		return;
	}
	if (l->driving == i)
		sql_add(q, " AND t.id = c.parent AND (");
	else if (l->way == WAY_MANY)
		sql_add(q, " AND EXISTS (SELECT 1 FROM %s c WHERE c.parent = t.id AND (",
			parent->child->table);
	else
		sql_add(q, " AND t.id IN (SELECT c.parent FROM %s c WHERE (", parent->child->table);
	add_equal(q, l, f, i, "c");
	sql_add(q, l->driving == i ? ")" : "))");
	add_clear(q, l, f);
}

static void add_filter(struct sql *q, const struct listing *l, size_t i)
{
	const struct param *p = &l->query->params[i];
	struct str tail = str_from(p->name);
	struct str head = str_cut(&tail, '.');
	bool whole = head.n == strlen(p->name);
	if (!whole && (str_eqz(tail, "min") || str_eqz(tail, "max"))) {
		add_range(q, l, p, head, str_eqz(tail, "min"));
		return;
	}
	if (param_of(l->query, p->name) != p) /* taken together with the first of that name */
		return;
	if (!whole) {
		add_child_filter(q, l, i, head, tail);
		return;
	}
	const struct field *f = resource_field(l->res, head);
	if (!is_filterable(l, f)) {
		unknown_filter(l, p);
		return;
	}
	sql_add(q, " AND (");
	add_equal(q, l, f, i, alias_of(l));
	sql_add(q, ")");
	add_clear(q, l, f);
}

static bool is_control(const char *name)
{
	static const char *const words[] = { "q", "sort", "limit", "cursor", "fields", "format", "lang",
		"deleted", "offset_min" };
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static void add_conditions(struct sql *q, const struct listing *l, const struct actor *actor)
{
	sql_add(q, NO_CONDITIONS);
	record_bin(q, l->res, l->deleted);
	scope_add(q, l->query->whole ? NULL : actor, l->res, right_of(l->res, VERB_READ), alias_of(l));
	if (l->query->verb != VERB_READ)
		scope_add(q, actor, l->res, right_of(l->res, l->query->verb), alias_of(l));
	if (l->deleted)
		scope_add(q, actor, l->res, right_of(l->res, VERB_RESTORE), alias_of(l));
	search_conditions(q, &l->search);
	for (size_t i = 0; i < l->query->n_params; i++)
		if (!is_control(l->query->params[i].name))
			add_filter(q, l, i);
}

static const char *value_of(const struct list_query *query, const char *name)
{
	const struct param *p = param_of(query, name);
	return p && *p->value ? p->value : NULL;
}

/* The sort name stands in the cursor, so that one made under another order is refused. */
static char *cursor_make(const struct listing *l, const json_t *key, const char *id)
{
	json_t *cursor = json_pack("[s, O, s]", l->sort->name, key, id);
	CLEANUP(mem_freep) char *text = js_print(cursor);
	json_decref(cursor);
	size_t size = sodium_base64_encoded_len(strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = mem_alloc(size);
	sodium_bin2base64(out, size, (const unsigned char *)text, strlen(text),
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return out;
}

static json_t *cursor_read(const struct listing *l)
{
	unsigned char text[CURSOR_MAX];
	size_t n = 0;
	json_t *cursor = NULL;
	if (sodium_base642bin(text, sizeof(text), l->cursor, strlen(l->cursor), NULL, &n, NULL,
		    sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
		js_parse((struct str){ (const char *)text, n }, sizeof(text), &cursor, NULL) == 0 &&
		json_array_size(cursor) == 3 && json_is_string(json_array_get(cursor, 0)) &&
		strcmp(json_string_value(json_array_get(cursor, 0)), l->sort->name) == 0)
		return cursor;
	json_decref(cursor);
	(void)faults_add(l->faults, "format", "cursor", "is not from this list");
	return NULL;
}

static struct value key_value(const json_t *key)
{
	return json_is_integer(key) ? V_INT(json_integer_value(key)) : V_Z(json_string_value(key));
}

static void add_cursor(struct sql *q, const struct listing *l)
{
	json_t *cursor = cursor_read(l);
	uint64_t id = 0;
	if (!cursor)
		return;
	struct value key = key_value(json_array_get(cursor, 1));
	if (str_to_u64(str_from(json_string_value(json_array_get(cursor, 2))), INT64_MAX, &id))
		(void)faults_add(l->faults, "format", "cursor", "is not from this list");
	sql_add(q, " AND (");
	order_key(q, l);
	sql_add(q, ", t.id) %s (", l->descending ? "<" : ">");
	sql_arg(q, key);
	sql_add(q, ", ");
	sql_arg(q, V_INT((int64_t)id));
	sql_add(q, ")");
	json_decref(cursor);
}

/* SQLite's order of the index is that of the id; for any other order, "+" keeps it from walking through the
 * whole table in that order to ask the index about each row. */
static void add_order(struct sql *q, const struct listing *l)
{
	const char *way = l->descending ? " DESC" : "";
	if (l->search.fts5 && l->sort == base_fields && search_is_by_id(&l->search)) {
		sql_add(q, " ORDER BY s.rowid%s", way);
		return;
	}
	sql_add(q, " ORDER BY %s", l->search.fts5 ? "+" : "");
	order_key(q, l);
	sql_add(q, "%s, t.id%s", way, way);
}

/* Finds what is wrong with the filters, too. */
static bool has_conditions(const struct listing *l, const struct actor *actor)
{
	struct sql all, bin;
	struct listing rest = *l;
	rest.search.wanted = false;
	sql_init(&all);
	sql_init(&bin);
	add_conditions(&all, &rest, actor);
	sql_add(&bin, NO_CONDITIONS);
	record_bin(&bin, l->res, l->deleted);
	bool has = strcmp(all.text.p, bin.text.p) != 0;
	sql_done(&all);
	sql_done(&bin);
	return has;
}

/* The first parameter about children; the number of parameters when there is none. */
static size_t first_about_children(const struct listing *l)
{
	size_t i = 0;
	for (; i < l->query->n_params; i++) {
		struct str tail = str_from(l->query->params[i].name);
		const struct field *f = resource_field(l->res, str_cut(&tail, '.'));
		if (f && f->type == FT_LIST && child_field(f, tail))
			break;
	}
	return i;
}

/* Whether this filter is all that says which rows. */
static bool is_alone(const struct listing *l, const struct actor *actor, size_t which)
{
	struct listing rest = *l;
	struct param others[FILTERS_MAX];
	struct list_query query = *l->query;
	query.params = others;
	query.n_params = 0;
	for (size_t i = 0; i < l->query->n_params; i++)
		if (strcmp(l->query->params[i].name, l->query->params[which].name) != 0)
			others[query.n_params++] = l->query->params[i];
	rest.query = &query;
	return !l->search.wanted && !l->deleted && !has_conditions(&rest, actor);
}

/* Rows that children lead to. Alone they need not be looked at: what is in the bin is counted out. */
static void select_by_children(
	struct sql *q, const struct listing *l, const struct actor *actor, size_t which)
{
	struct listing led = *l;
	struct str name = str_from(l->query->params[which].name);
	const struct field *list = resource_field(l->res, str_cut(&name, '.'));
	led.driving = which;
	if (is_alone(l, actor, which) && !is_masked(l, child_field(list, name))) {
		sql_add(q, "SELECT DISTINCT c.parent FROM %s c WHERE (", list->child->table);
		add_equal(q, l, child_field(list, name), which, "c");
		sql_add(q, ")");
		if (res_keeps(l->res))
			sql_add(q, " AND c.parent NOT IN (SELECT t.id FROM %s t WHERE t.deleted IS NOT NULL)",
				l->res->table);
		return;
	}
	sql_add(q, "SELECT DISTINCT t.id FROM %s c CROSS JOIN %s t", list->child->table, l->res->table);
	search_join(q, &l->search);
	add_conditions(q, &led, actor);
}

/* Whether an index has the rows of one of the conditions, and all that counting asks for. */
static bool is_counted_by_index(const struct listing *l, const struct actor *actor)
{
	struct param none;
	struct list_query query = *l->query;
	struct listing scope = *l;
	for (size_t i = 0; i < l->query->n_params; i++) {
		size_t n = strlen(l->query->params[i].name);
		for (const char *const *index = l->res->indexes; index && *index; index++)
			if (strncmp(*index, l->query->params[i].name, n) == 0 && (*index)[n] == ' ')
				return true;
	}
	query.params = &none;
	query.n_params = 0;
	scope.query = &query;
	return has_conditions(&scope, actor);
}

static void select_count(struct sql *q, const struct listing *l, const struct actor *actor, int64_t max)
{
	struct listing counted = *l;
	size_t children = first_about_children(l);
	bool led = children < l->query->n_params;
	counted.way = WAY_FREE;
	sql_add(q, "SELECT count(*) FROM (");
	if (led && (l->lite || is_alone(l, actor, children))) {
		select_by_children(q, &counted, actor, children);
	} else {
		counted.search.aside = l->search.fts5 && l->much && is_counted_by_index(l, actor);
		sql_add(q, "SELECT 1 FROM %s t", l->res->table);
		search_join(q, &counted.search);
		add_conditions(q, &counted, actor);
	}
	sql_add(q, " LIMIT ");
	sql_arg(q, V_INT(max));
	sql_add(q, ") AS x");
}

/* At most max; a search alone has been counted by its index already. */
static int count(
	struct db *db, const struct listing *l, const struct actor *actor, int64_t max, int64_t *ret_total)
{
	struct sql q;
	if (l->search.indexed && !l->search.narrowed && !l->conditions &&
		(l->found < COUNT_MAX || max <= COUNT_MAX)) {
		*ret_total = l->found < max ? l->found : max;
		return 0;
	}
	sql_init(&q);
	select_count(&q, l, actor, max);
	int err = buf_err(&q.text);
	if (!err)
		err = db_one_int(db, q.text.p, q.args, q.n, ret_total);
	sql_done(&q);
	return err;
}

/* The first rows of the order, whatever they are: where very much is found, a page of it is among them. */
static void add_walk(struct sql *q, const struct listing *l)
{
	sql_add(q, " AND t.id IN (SELECT t.id FROM %s t WHERE 1 = 1", l->res->table);
	if (l->cursor)
		add_cursor(q, l);
	add_order(q, l);
	sql_add(q, " LIMIT %d)", WALK_ROWS);
}

static void select_page(struct sql *q, const struct listing *l, const struct actor *actor)
{
	record_select(q, l->res, actor);
	search_join(q, &l->search);
	add_conditions(q, l, actor);
	if (l->cursor)
		add_cursor(q, l);
	if (l->walk)
		add_walk(q, l);
	add_order(q, l);
	sql_add(q, " LIMIT ");
	sql_arg(q, V_INT(l->limit + 1));
}

/* The sort key of a record as its row has it, which an older version may have made: a page goes on from
 * there. */
static int key_of(struct db *db, const struct listing *l, const json_t *record, json_t **ret_key)
{
	struct sql q;
	struct rows *rows;
	sql_init(&q);
	sql_add(&q, "SELECT ");
	order_key(&q, l);
	sql_add(&q, " FROM %s t WHERE t.id = ", l->res->table);
	sql_arg(&q, V_INT(js_id(record, "id")));
	int err = sql_query(&q, db, &rows);
	if (!err) {
		bool found = rows_next(rows), text = field_kind(l->sort)->text;
		struct str s = found && text ? rows_str(rows, 0) : STR_NONE;
		*ret_key = text ? json_stringn(s.p ? s.p : "", s.n)
				: json_integer(found ? rows_int(rows, 0) : 0);
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

/* Rows into items; one row more than asked for tells that there is a next page. */
static int read_page(
	struct db *db, const struct listing *l, const struct actor *actor, struct sql *q, json_t *page)
{
	struct rows *rows;
	json_t *items = json_object_get(page, "items");
	json_t *last = NULL;
	int err = sql_query(q, db, &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		if ((int64_t)json_array_size(items) == l->limit) {
			last = json_array_get(items, json_array_size(items) - 1);
			break;
		}
		json_array_append_new(items, record_from_row(rows, l->res));
	}
	err = rows_end(rows);
	if (last && !err) {
		CLEANUP(js_unrefp) json_t *key = NULL;
		err = key_of(db, l, last, &key);
		CLEANUP(mem_freep)
		char *next = cursor_make(l, key ? key : json_null(), js_str(last, "id", ""));
		js_set_str(page, "next", next);
	}
	if (!err)
		err = records_add_children(db, l->res, actor, items);
	if (!err && actor)
		err = records_present(db, l->res, actor, items);
	return err;
}

static bool is_shown_name(const struct resource *res, struct str name)
{
	const struct field *f = resource_field(res, name);
	size_t tail = strlen("_name");
	if (f)
		return f->type != FT_SECRET;
	if (name.n <= tail || !str_eqz(str_sub(name, name.n - tail, name.n), "_name"))
		return false;
	f = resource_field(res, str_sub(name, 0, name.n - tail));
	return f && field_has_name(f);
}

static void check_fields(const struct listing *l)
{
	struct str rest = str_from(l->fields);
	while (rest.n) {
		struct str part = str_trim(str_cut(&rest, ','));
		if (!is_shown_name(l->res, part))
			(void)faults_add(l->faults, "unknown", "fields", "no field \"" STR_FMT "\"",
				STR_ARG(str_sub(part, 0, 40)));
	}
}

/* ?fields= keeps the id and what was named. */
static void cut_fields(const struct listing *l, json_t *page)
{
	size_t i;
	json_t *item;
	json_array_foreach (json_object_get(page, "items"), i, item) {
		json_t *cut = json_object();
		struct str rest = str_from(l->fields);
		json_object_set(cut, "id", json_object_get(item, "id"));
		while (rest.n) {
			char name[64];
			struct str part = str_trim(str_cut(&rest, ','));
			json_t *value =
				str_copy(part, name, sizeof(name)) ? NULL : json_object_get(item, name);
			if (value)
				json_object_set(cut, name, value);
		}
		json_array_set_new(json_object_get(page, "items"), i, cut);
	}
}

static int select_and_read(struct db *db, const struct listing *l, const struct actor *actor, json_t *page)
{
	struct sql q;
	sql_init(&q);
	select_page(&q, l, actor);
	int err = l->faults->n ? -E_INVALID : read_page(db, l, actor, &q, page);
	sql_done(&q);
	return err;
}

/* Whether an index holds the rows with one value of `filter`, or all of them when that is NULL, in the order
 * of the sort. */
static bool has_index(const struct listing *l, const struct field *filter)
{
	char wanted[96];
	snprintf(wanted, sizeof(wanted), "%s%s%s", filter ? filter->name : "", filter ? " " : "",
		l->sort->name);
	for (const char *const *index = l->res->indexes; index && *index; index++)
		if (strcmp(*index, wanted) == 0)
			return true;
	return !filter && (l->sort == base_fields || l->sort->flags & F_INDEXED);
}

static bool is_ordered_within(const struct listing *l)
{
	for (size_t i = 0; i < l->query->n_params; i++) {
		const struct field *f = resource_field(l->res, str_from(l->query->params[i].name));
		if (f && has_index(l, f))
			return true;
	}
	return false;
}

/* Whether a cursor goes on in the order of a search that found very much. */
static bool is_by_id(const struct listing *l)
{
	struct listing by_id = *l;
	struct faults ignored = { .n = 0 };
	by_id.sort = base_fields;
	by_id.faults = &ignored;
	json_t *cursor = cursor_read(&by_id);
	json_decref(cursor);
	return cursor != NULL;
}

/* Where more is found than anybody pages through, sorting all of it is not worth the wait: the newest come
 * first when no order was asked for. */
static int settle_order(struct db *db, struct listing *l)
{
	int err = search_count(db, &l->search, COUNT_MAX, &l->found);
	l->much = l->found > SORTED_MAX;
	bool free = !param_of(l->query, "sort") && search_is_by_id(&l->search);
	if (!err && free && (l->cursor ? is_by_id(l) : l->much)) {
		l->sort = base_fields;
		l->descending = true;
	}
	return err;
}

/* Whether so few rows fit that they are better sorted, or so many that a page of them comes up early in the
 * order. *total is counted for it when it is not known. */
static int settle_way(struct db *db, struct listing *l, const struct actor *actor, int64_t *total)
{
	int err = 0;
	if (l->search.indexed && !l->lite)
		l->way = l->much && l->sort == base_fields ? WAY_FREE : WAY_FEW;
	if (!l->lite || l->search.wanted || l->deleted || !l->conditions || is_ordered_within(l))
		return 0;
	if (*total < 0)
		err = count(db, l, actor, FEW_MAX + 1, total);
	if (!err && *total <= FEW_MAX)
		l->way = WAY_FEW;
	else if (!err && has_index(l, NULL))
		l->way = WAY_MANY;
	return err;
}

/* Of very much in another order, the beginning of that order is looked through, and only when it does not
 * fill a page, all that was found. */
static int read_in_order(struct db *db, const struct listing *l, const struct actor *actor, json_t *page)
{
	if (l->much && l->sort != base_fields && l->search.fts5 && has_index(l, NULL)) {
		struct listing walk = *l;
		walk.walk = true;
		walk.search.indexed = walk.search.fts5 = false;
		int err = select_and_read(db, &walk, actor, page);
		if (err || !json_is_null(json_object_get(page, "next")))
			return err;
		json_array_clear(json_object_get(page, "items"));
	}
	return select_and_read(db, l, actor, page);
}

/* The first page tells how many there are; where it is not full it has shown them all. */
static int count_first(
	struct db *db, const struct listing *l, const struct actor *actor, const json_t *page, int64_t *total)
{
	int64_t max = l->query->count_max ? l->query->count_max : COUNT_MAX;
	if (page && json_is_null(json_object_get(page, "next"))) {
		*total = (int64_t)json_array_size(json_object_get(page, "items"));
		return 0;
	}
	return count(db, l, actor, max, total);
}

static int read_list(struct db *db, struct listing *l, const struct actor *actor, json_t *page)
{
	int64_t total = -1;
	l->conditions = has_conditions(l, actor);
	int err = l->faults->n ? -E_INVALID : settle_order(db, l);
	if (!err && l->lite && !l->cursor)
		err = count_first(db, l, actor, NULL, &total);
	if (!err) {
		int64_t known = total;
		err = settle_way(db, l, actor, &known);
	}
	if (!err)
		err = read_in_order(db, l, actor, page);
	if (!err && !l->cursor && total < 0)
		err = count_first(db, l, actor, page, &total);
	if (!err && !l->cursor)
		js_set_int(page, "total", total);
	return err;
}

int model_list(struct db *db, const struct resource *res, const struct actor *actor,
	const struct list_query *query, json_t **ret_page, struct faults *faults)
{
	struct listing l = {
		.res = res, .query = query, .actor = actor, .faults = faults, .driving = SIZE_MAX
	};
	faults->n = faults->more = 0;
	if (query->n_params > FILTERS_MAX)
		return faults_add(faults, "too_long", "", "more than %d parameters", FILTERS_MAX);
	l.cursor = value_of(query, "cursor");
	l.fields = value_of(query, "fields");
	l.lite = strcmp(db_kind_name(db), "sqlite") == 0;
	int err = read_bin(&l, actor);
	if (err == -E_FORBIDDEN)
		return err;
	read_sort(&l);
	read_limit(&l);
	if (l.fields)
		check_fields(&l);
	err = search_init(&l.search, res, value_of(query, "q"), db, faults);
	search_narrow(&l.search, actor);
	if (l.deleted) /* no index has what is in the bin */
		l.search.indexed = l.search.fts5 = false;
	if (faults->n)
		return -E_INVALID;
	if (err)
		return err;
	json_t *page = json_pack("{s:[], s:n, s:n}", "items", "next", "total");
	err = read_list(db, &l, actor, page);
	if (!err && l.fields)
		cut_fields(&l, page);
	if (err)
		json_decref(page);
	else
		*ret_page = page;
	return err;
}
