/* The tables are those that the descriptors mean, alike on both databases; and from every earlier layout,
 * with rows in all its tables, the steps lead to the same one without losing a value. */
#include "unit.h"
#include "place.h"

#include "base/buf.h"
#include "base/embed.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/field.h"
#include "model/search.h"

#include <stdarg.h>

#define COLUMNS_MAX 1200
#define ROWS 3
#define TEXT_MAX_BYTES ((size_t)4 << 20)

struct column {
	char table[64], name[64], ref[64];
	bool text, required, filled;
};

struct layout {
	struct column columns[COLUMNS_MAX];
	size_t n;
};

extern const struct embed_file store_migrations[];

/* Columns that a step may empty, change or drop, with what they mean afterwards. */
static const struct {
	const char *table, *column;
} rewritten[] = {
	{ "migration", "applied" },
};

/* Values that a step looks at; any other text is one that is JSON too. */
static const struct {
	const char *table, *column, *value;
} known[] = {
	{ "app_user", "role", "agent" },
	{ "app_user", "language", "zh-CN" },
};

/* SQLite's indexes keep what is due to them in tables of their own. */
static const char *const columns_sql[] = {
	"SELECT l.name, c.name, c.type, c.\"notnull\" OR c.pk > 0, c.dflt_value IS NOT NULL, (SELECT "
	"f.\"table\" FROM"
	" pragma_foreign_key_list(l.name) f WHERE f.\"from\" = c.name) FROM pragma_table_list l JOIN"
	" pragma_table_info(l.name) c WHERE l.type = 'table' AND l.schema = 'main' AND l.name NOT LIKE "
	"'sqlite%' AND l.name NOT LIKE '%\\_due' ESCAPE '\\'"
	" ORDER BY l.name, c.name",
	"SELECT c.table_name, c.column_name, c.data_type, CASE c.is_nullable WHEN 'NO' THEN 1 ELSE 0 END, 0,"
	" (SELECT r.relname FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON "
	"r.oid ="
	" k.confrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1] WHERE k.contype = "
	"'f' AND"
	" t.relname = c.table_name AND a.attname = c.column_name) FROM information_schema.columns c JOIN"
	" information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema "
	"WHERE"
	" c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type <> 'tsvector' ORDER BY"
	" c.table_name COLLATE \"C\", c.column_name COLLATE \"C\"",
};

static bool is_postgres(const struct db *db)
{
	return strcmp(db_kind_name(db), "postgresql") == 0;
}

static void copy(struct rows *rows, int column, char *dst, size_t size)
{
	assert_int_equal(str_copy(rows_str(rows, column), dst, size), 0);
}

static void read_layout(struct db *db, struct layout *ret)
{
	struct rows *rows;
	ret->n = 0;
	if (db_query(db, columns_sql[is_postgres(db)], NO_ARGS, &rows))
		fail_msg("%s", db_error(db));
	while (rows_next(rows)) {
		char type[64];
		struct column *c = &ret->columns[ret->n++];
		assert_true(ret->n < COLUMNS_MAX);
		*c = (struct column){ .required = rows_int(rows, 3) };
		copy(rows, 0, c->table, sizeof(c->table));
		copy(rows, 1, c->name, sizeof(c->name));
		copy(rows, 2, type, sizeof(type));
		copy(rows, 5, c->ref, sizeof(c->ref));
		c->text = strcmp(type, "TEXT") == 0 || strcmp(type, "text") == 0 || strcmp(type, "json") == 0;
		if (!c->text && strcmp(type, "INTEGER") != 0 && strcmp(type, "bigint") != 0)
			fail_msg("%s.%s is %s", c->table, c->name, type);
	}
	assert_int_equal(rows_end(rows), 0);
}

static struct column *column_of(struct layout *layout, const char *table, const char *name)
{
	for (size_t i = 0; i < layout->n; i++)
		if (strcmp(layout->columns[i].table, table) == 0 &&
			strcmp(layout->columns[i].name, name) == 0)
			return &layout->columns[i];
	return NULL;
}

static void same_layout(const struct layout *a, const struct layout *b, const char *what)
{
	for (size_t i = 0; i < a->n || i < b->n; i++) {
		const struct column *x = &a->columns[i], *y = &b->columns[i];
		if (i >= a->n || i >= b->n || strcmp(x->table, y->table) != 0 ||
			strcmp(x->name, y->name) != 0 || x->text != y->text || x->required != y->required ||
			strcmp(x->ref, y->ref) != 0)
			fail_msg("%s: %s.%s (%d %d %s) and %s.%s (%d %d %s)", what, x->table, x->name,
				x->text, x->required, x->ref, y->table, y->name, y->text, y->required,
				y->ref);
	}
}

static int64_t last_step(void)
{
	int64_t n = 0;
	for (const struct embed_file *file = store_migrations; file->name; file++)
		n++;
	return n;
}

static struct db *open_at(const char *path, int64_t step)
{
	struct db *db = NULL;
	struct fault fault = { .text = "" };
	int err = db_open(path, false, &db, &fault);
	if (!err)
		err = migrate(db, step, &fault);
	if (err)
		fail_msg("step %d: %s", (int)step, fault.text);
	return db;
}

/* `may_complete`: the resource fills in what it was not given. */
static void expect_column(struct layout *layout, const char *table, const struct field *f, bool may_complete)
{
	const char *name = field_column(f);
	if (!field_is_stored(f))
		return;
	const struct column *c = column_of(layout, table, name);
	if (!c)
		fail_msg("%s has no column %s", table, name);
	if (f->flags & F_REQUIRED && !c->required)
		fail_msg("%s.%s may be null, its field may not", table, name);
	if (!(f->flags & F_REQUIRED) && c->required && !may_complete)
		fail_msg("%s.%s may not be null, its field may", table, name);
}

static void test_tables_are_the_descriptors(void **state)
{
	struct place place;
	struct layout *layout = mem_alloc(sizeof(*layout));
	(void)state;
	place_make_empty(&place);
	struct db *db = open_at(place.path, 0);
	read_layout(db, layout);
	for (size_t i = 0; i < resources_n; i++) {
		const struct resource *res = resources[i];
		if (!column_of(layout, res->table, "id"))
			continue; /* a view */
		if (search_has(res) && !column_of(layout, res->table, "search"))
			fail_msg("%s is searched and has no column for it", res->table);
		for (size_t k = 0; k < res->n_fields; k++) {
			const struct field *f = &res->fields[k];
			expect_column(layout, res->table, f, res->complete != NULL);
			for (size_t m = 0; f->type == FT_LIST && m < f->child->n_fields; m++)
				expect_column(layout, f->child->table, &f->child->fields[m], false);
		}
	}
	db_close(db);
	place_remove(&place);
	free(layout);
}

/* The same tables on SQLite and PostgreSQL. */
static void test_both_are_alike(void **state)
{
	struct place place;
	struct layout *ours = mem_alloc(sizeof(*ours)), *other = mem_alloc(sizeof(*other));
	(void)state;
	place_make_empty(&place);
	struct db *db = open_at(place.path, 0);
	struct db *lite = open_at(":memory:", 0);
	read_layout(db, ours);
	read_layout(lite, other);
	same_layout(ours, other, "the databases differ");
	db_close(lite);
	db_close(db);
	place_remove(&place);
	free(ours);
	free(other);
}

static const char *known_value(const struct column *c)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i].table, c->table) == 0 && strcmp(known[i].column, c->name) == 0)
			return known[i].value;
	return NULL;
}

/* Row `row` of table number `table`; references name the row of the same number there. */
static int64_t id_of(const struct layout *layout, const char *table, int row)
{
	size_t at = 0;
	while (at < layout->n && strcmp(layout->columns[at].table, table) != 0)
		at++;
	return (int64_t)at * 100 + 50 + row;
}

static bool is_filled(const struct layout *layout, const char *table)
{
	for (size_t i = 0; i < layout->n; i++)
		if (strcmp(layout->columns[i].table, table) == 0)
			return layout->columns[i].filled;
	return false;
}

static void add_value(struct buf *sql, const struct layout *layout, const struct column *c, int row)
{
	const char *value = known_value(c);
	if (*c->ref && !is_filled(layout, c->ref))
		buf_addz(sql, "NULL");
	else if (*c->ref)
		buf_printf(sql, "%lld", (long long)id_of(layout, c->ref, row));
	else if (strcmp(c->name, "id") == 0)
		buf_printf(sql, "%lld", (long long)id_of(layout, c->table, row));
	else if (!c->text)
		buf_printf(sql, "%d", 10 + row);
	else if (value)
		buf_printf(sql, "'%s'", value);
	else
		buf_printf(sql, "'{\"%s\":\"值 %d\"}'", c->name, row);
}

static void fill_row(struct db *db, const struct layout *layout, size_t first, size_t end, int row)
{
	struct buf sql;
	buf_init(&sql, TEXT_MAX_BYTES);
	buf_printf(&sql, "INSERT INTO %s (", layout->columns[first].table);
	for (size_t i = first; i < end; i++)
		buf_printf(&sql, "%s%s", i > first ? ", " : "", layout->columns[i].name);
	buf_addz(&sql, ") VALUES (");
	for (size_t i = first; i < end; i++) {
		buf_addz(&sql, i > first ? ", " : "");
		add_value(&sql, layout, &layout->columns[i], row);
	}
	buf_addz(&sql, ")");
	if (db_run(db, sql.p, NO_ARGS))
		fail_msg("%s: %s", sql.p, db_error(db));
	buf_done(&sql);
}

static size_t end_of(const struct layout *layout, size_t first)
{
	size_t end = first;
	while (end < layout->n && strcmp(layout->columns[end].table, layout->columns[first].table) == 0)
		end++;
	return end;
}

/* What it must refer to is there. */
static bool can_fill(const struct layout *layout, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		if (layout->columns[i].required && *layout->columns[i].ref &&
			!is_filled(layout, layout->columns[i].ref))
			return false;
	return true;
}

static void fill(struct db *db, struct layout *layout)
{
	size_t left = 1;
	for (int pass = 0; left; pass++) {
		left = 0;
		assert_true(pass < 10);
		for (size_t first = 0, end; first < layout->n; first = end) {
			end = end_of(layout, first);
			if (layout->columns[first].filled ||
				strcmp(layout->columns[first].table, "migration") == 0)
				continue;
			if (!can_fill(layout, first, end)) {
				left++;
				continue;
			}
			for (int row = 1; row <= ROWS; row++)
				fill_row(db, layout, first, end, row);
			for (size_t i = first; i < end; i++)
				layout->columns[i].filled = true;
		}
	}
}

static bool is_rewritten(const struct column *c)
{
	for (size_t i = 0; i < ARRAY_LEN(rewritten); i++)
		if (strcmp(rewritten[i].table, c->table) == 0 && strcmp(rewritten[i].column, c->name) == 0)
			return true;
	return false;
}

/* "SELECT a || '|' || b … FROM table" of the columns that both layouts have. */
static void select_common(
	struct buf *sql, const struct layout *old, size_t first, size_t end, struct layout *new)
{
	buf_addz(sql, "SELECT ''");
	for (size_t i = first; i < end; i++)
		if (column_of(new, old->columns[i].table, old->columns[i].name) &&
			!is_rewritten(&old->columns[i]))
			buf_printf(
				sql, " || '|' || coalesce(CAST(%s AS TEXT), 'null')", old->columns[i].name);
	buf_printf(sql, " FROM %s ORDER BY 1", old->columns[first].table);
}

/* All rows of all tables that both have, a line each. */
static char *dump(struct db *db, const struct layout *old, struct layout *new)
{
	struct buf out;
	buf_init(&out, TEXT_MAX_BYTES);
	for (size_t first = 0, end; first < old->n; first = end) {
		struct rows *rows;
		struct buf sql;
		end = end_of(old, first);
		if (end_of(new, 0) && !column_of(new, old->columns[first].table, old->columns[first].name) &&
			!column_of(new, old->columns[first].table, "id"))
			continue; /* a table that is no more */
		buf_init(&sql, TEXT_MAX_BYTES);
		select_common(&sql, old, first, end, new);
		if (db_query(db, sql.p, NO_ARGS, &rows))
			fail_msg("%s: %s", sql.p, db_error(db));
		while (rows_next(rows))
			buf_printf(&out, "%s" STR_FMT "\n", old->columns[first].table,
				STR_ARG(rows_str(rows, 0)));
		assert_int_equal(rows_end(rows), 0);
		buf_done(&sql);
	}
	return buf_take(&out);
}

/* Each line of `before` stands in `after`, which may have more. */
static void nothing_lost(const char *before, const char *after, int64_t step)
{
	struct str rest = str_from(before);
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		CLEANUP(mem_freep) char *text = mem_printf(STR_FMT "\n", STR_ARG(line));
		if (!strstr(after, text))
			fail_msg("from layout %d: lost or changed: %s", (int)step, text);
	}
}

/* The new layout is known from a fresh database. */
static void upgrade_from(int64_t step, struct layout *new)
{
	struct place place;
	struct layout *old = mem_alloc(sizeof(*old)), *reached = mem_alloc(sizeof(*reached));
	int64_t dangling = 0;
	place_make_empty(&place);
	struct db *db = open_at(place.path, step);
	read_layout(db, old);
	fill(db, old);
	char *before = dump(db, old, new);
	db_close(db);
	db = open_at(place.path, 0);
	char *after = dump(db, old, new);
	nothing_lost(before, after, step);
	read_layout(db, reached);
	same_layout(new, reached, "another layout than a fresh one");
	if (db->kind->dangling)
		assert_int_equal(db_one_int(db, db->kind->dangling, NO_ARGS, &dangling), 0);
	assert_int_equal(dangling, 0);
	db_close(db);
	place_remove(&place);
	free(before);
	free(after);
	free(old);
	free(reached);
}

static void test_from_every_layout(void **state)
{
	struct place place;
	struct layout *new = mem_alloc(sizeof(*new));
	(void)state;
	place_make_empty(&place);
	struct db *db = open_at(place.path, 0);
	read_layout(db, new);
	db_close(db);
	place_remove(&place);
	for (int64_t step = 1; step <= last_step(); step++)
		upgrade_from(step, new);
	free(new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_the_descriptors),
		cmocka_unit_test(test_both_are_alike),
		cmocka_unit_test(test_from_every_layout),
	};
	return unit_run(tests);
}
