/* Pages of a list put together are the whole list, in its order, whatever is filtered and however it is
 * sorted: more rows than SQLite is let sort, few of them, and those that children, a scope and words lead to.
 * What they are is asked of the database in plain words. */
#include "model_fix.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 6500
#define MANY_ROWS "6500"

static const struct {
	const char *filter, *sql; /* of customer t */
} filters[] = {
	{ "limit=500", "1 = 1" },
	{ "tier=normal", "t.tier = 'normal'" },
	{ "tier=gold", "t.tier = 'gold'" },
	{ "kind=prospect", "t.kind = 'prospect'" },
	{ "company=", "t.company IS NULL" },
	{ "birthday.min=2001-01-01", "t.birthday >= '2001-01-01'" },
	{ "created.max=1970-01-01T00:00:03Z", "t.created <= 3000" },
	{ "owner=7", "t.owner = 7" },
	{ "tags.tag=often", "t.id IN (SELECT parent FROM customer_tag WHERE tag = 'often')" },
	{ "tags.tag=seldom", "t.id IN (SELECT parent FROM customer_tag WHERE tag = 'seldom')" },
	{ "q=wo", "t.search LIKE '% wo %'" },
	{ "q=ab", "t.search LIKE '% ab %'" },
	{ "deleted=true", "1 = 1" },
};

static const struct {
	const char *sort, *sql;
} sorts[] = {
	{ "sort=name", "t.name_key, t.id" },
	{ "sort=-name", "t.name_key DESC, t.id DESC" },
	{ "sort=created", "t.created, t.id" },
	{ "sort=-created", "t.created DESC, t.id DESC" },
	{ "sort=tier", "t.tier, t.id" },
	{ "sort=-company", "coalesce(t.company, '') DESC, t.id DESC" },
	{ "sort=birthday", "coalesce(t.birthday, ''), t.id" },
	{ "sort=-id", "t.id DESC" },
};

/* Numbers that look random and are the same each time: i times a prime, modulo others. */
static const char *const making[] = {
	"INSERT INTO app_user (id, version, created, updated, name, full_name, language, password, state)"
	" VALUES (7, 1, 1, 1, 'seven', 'Seven', 'en', 'x', 'active')",
	"INSERT INTO customer (id, version, created, updated, name, kind, tier, language, company, birthday, "
	"owner,"
	" deleted, search, name_key) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i "
	"< " MANY_ROWS ") SELECT 1000 + i, 1, i * 7919 % 4001, i, 'n' || (i * 104729 % 997),"
	" CASE WHEN i * 7907 % 5 = 0 THEN 'prospect' ELSE 'customer' END,"
	" CASE WHEN i * 7901 % 9 = 0 THEN 'gold' ELSE 'normal' END, 'en',"
	" CASE WHEN i * 7883 % 3 = 0 THEN 'c' || (i * 7879 % 53) END,"
	" CASE WHEN i * 7877 % 2 = 0 THEN '200' || (i * 7873 % 10) || '-01-02' END,"
	" CASE WHEN i * 7867 % 4 = 0 THEN 7 END, CASE WHEN i * 7853 % 17 = 0 THEN i END,"
	" CASE WHEN i * 7841 % 3 > 0 THEN ' wo ' ELSE ' ' END || CASE WHEN i * 7829 % 31 = 0 THEN 'ab ' ELSE "
	"'' END,"
	" 'n' || (i * 104729 % 997) FROM n",
	"INSERT INTO customer_tag (id, parent, position, tag) SELECT id * 2, id, 0, 'often' FROM customer "
	"WHERE id % 7 < 6",
	"INSERT INTO customer_tag (id, parent, position, tag) SELECT id * 2 + 1, id, 1, 'seldom' FROM "
	"customer"
	" WHERE id % 211 = 0",
};

static int setup(void **state)
{
	model_setup(state);
	for (size_t i = 0; i < ARRAY_LEN(making); i++)
		assert_int_equal(fix_sql(*state, making[i]), 0);
	return 0;
}

struct ids {
	int64_t list[ROWS + 1];
	size_t n;
};

static void read_whole(
	struct model_fix *fix, const char *condition, const char *order, bool deleted, struct ids *ret)
{
	struct db *db = store_reader(fix->store);
	CLEANUP(mem_freep)
	char *sql = mem_printf("SELECT t.id FROM customer t WHERE %s AND t.deleted IS %sNULL ORDER BY %s",
		condition, deleted ? "NOT " : "", order);
	struct rows *rows;
	ret->n = 0;
	assert_int_equal(db_query(db, sql, NO_ARGS, &rows), 0);
	while (rows_next(rows) && ret->n < ROWS)
		ret->list[ret->n++] = rows_int(rows, 0);
	assert_int_equal(rows_end(rows), 0);
	store_reader_return(fix->store, db);
}

/* Page after page; what the first one says of their number. */
static int64_t read_pages(struct model_fix *fix, const struct actor *actor, const char *filter,
	const char *sort, struct ids *ret)
{
	char cursor[512] = "";
	int64_t total = -1;
	ret->n = 0;
	do {
		json_t *page = fix_list(fix, &customer_resource, actor, filter, sort, "limit=437",
			*cursor ? cursor : NULL, NULL);
		assert_non_null(page);
		const json_t *items = json_object_get(page, "items");
		const char *next = js_str(page, "next", NULL);
		for (size_t i = 0; i < json_array_size(items) && ret->n < ROWS; i++)
			ret->list[ret->n++] = js_id(json_array_get(items, i), "id");
		if (!*cursor)
			total = js_int(page, "total", -1);
		if (next)
			snprintf(cursor, sizeof(cursor), "cursor=%s", next);
		else
			cursor[0] = '\0';
		json_decref(page);
	} while (*cursor);
	return total;
}

static void expect_same(
	const struct ids *whole, const struct ids *pages, const char *filter, const char *sort)
{
	if (whole->n != pages->n)
		fail_msg("%s %s: %zu rows, in pages %zu", filter, sort, whole->n, pages->n);
	for (size_t i = 0; i < whole->n; i++)
		if (whole->list[i] != pages->list[i])
			fail_msg("%s %s: row %zu is %lld, in pages %lld", filter, sort, i,
				(long long)whole->list[i], (long long)pages->list[i]);
}

static void test_pages_are_the_whole(void **state)
{
	struct model_fix *fix = *state;
	struct ids *whole = mem_alloc(sizeof(*whole)), *pages = mem_alloc(sizeof(*pages));
	for (size_t f = 0; f < ARRAY_LEN(filters); f++)
		for (size_t s = f % 4; s < ARRAY_LEN(sorts); s += 4) {
			bool deleted = strcmp(filters[f].filter, "deleted=true") == 0;
			read_whole(fix, filters[f].sql, sorts[s].sql, deleted, whole);
			int64_t total = read_pages(fix, &fix_admin, filters[f].filter, sorts[s].sort, pages);
			expect_same(whole, pages, filters[f].filter, sorts[s].sort);
			assert_int_equal(total, (int64_t)whole->n);
		}
	free(whole);
	free(pages);
}

/* Two conditions at once, and a reader who sees his own alone. */
static void test_conditions_together(void **state)
{
	struct model_fix *fix = *state;
	struct ids *whole = mem_alloc(sizeof(*whole)), *pages = mem_alloc(sizeof(*pages));
	int64_t user = fix_user(fix, "own", 0, "customer.read", "own");
	struct rights *rights = NULL;
	struct db *db = store_reader(fix->store);
	assert_int_equal(rights_load(db, user, &rights), 0);
	store_reader_return(fix->store, db);
	char sql[128];
	snprintf(sql, sizeof(sql), "UPDATE customer SET owner = %lld WHERE owner = 7", (long long)user);
	assert_int_equal(fix_sql(fix, sql), 0);
	snprintf(sql, sizeof(sql), "t.owner = %lld AND t.search LIKE '%% wo %%'", (long long)user);
	struct actor own = { .user = user, .name = "own", .address = "", .rights = rights };
	for (size_t s = 0; s < ARRAY_LEN(sorts); s += 5) {
		read_whole(fix, sql, sorts[s].sql, false, whole);
		assert_int_equal(read_pages(fix, &own, "q=wo", sorts[s].sort, pages), (int64_t)whole->n);
		expect_same(whole, pages, "own q=wo", sorts[s].sort);
	}
	rights_unref(rights);
	free(whole);
	free(pages);
}

static int gone_and_back(struct model_fix *fix, bool deleted)
{
	json_t *page = fix_list(
		fix, &customer_resource, &fix_admin, "q=ab", deleted ? "deleted=true" : "limit=1", NULL);
	int64_t total = js_int(page, "total", -1);
	json_decref(page);
	return (int)total;
}

/* Search finds what is there, and in the bin what is in the bin, also after a way forth and back. */
static void test_bin_is_searched(void **state)
{
	struct model_fix *fix = *state;
	struct ids *there = mem_alloc(sizeof(*there));
	read_whole(fix, "t.search LIKE '% ab %'", "t.id", false, there);
	int n = gone_and_back(fix, false), binned = gone_and_back(fix, true);
	assert_int_equal(n, (int)there->n);
	assert_true(binned > 0);
	assert_int_equal(fix_delete(fix, &customer_resource, there->list[3], 0), 0);
	assert_int_equal(gone_and_back(fix, false), n - 1);
	assert_int_equal(gone_and_back(fix, true), binned + 1);
	assert_int_equal(fix_restore(fix, &customer_resource, there->list[3]), 0);
	assert_int_equal(gone_and_back(fix, false), n);
	assert_int_equal(gone_and_back(fix, true), binned);
	free(there);
}

/* The orders that a descriptor says have an index do: its first columns are those. */
static void test_indexes_are_there(void **state)
{
	struct model_fix *fix = *state;
	for (size_t r = 0; r < resources_n; r++)
		for (const char *const *index = resources[r]->indexes; index && *index; index++) {
			struct str sort = str_from(*index);
			struct str first = str_cut(&sort, ' ');
			char column[48], other[48] = "", sql[600];
			if (sort.n)
				sort_column(resource_field(resources[r], sort), other);
			sort_column(resource_field(resources[r], first), column);
			const char *table =
				resources[r]->search && strcmp(resources[r]->search->key, "id") != 0
				? "recording"
				: resources[r]->table;
			if (place_is_postgres())
				snprintf(sql, sizeof(sql),
					"SELECT count(*) FROM pg_indexes WHERE tablename = '%s' AND indexdef "
					"LIKE '%%(%s%s%s%%'",
					table, column, *other ? ", " : "", other);
			else
				snprintf(sql, sizeof(sql),
					"SELECT count(*) FROM sqlite_schema WHERE tbl_name = '%s' AND sql "
					"LIKE '%%(%s%s%s%%'",
					table, column, *other ? ", " : "", other);
			if (fix_count(fix, sql) == 0)
				fail_msg("%s: no index begins with %s", resources[r]->name, *index);
		}
}

/* What the lists of an operator's day ask SQLite, and with which index it answers: on a million rows another
 * one takes a hundred times as long, and nothing else would show. */
static const struct {
	const char *params[3];
	const char *page, *count; /* NULL: no matter */
} plans[] = {
	{ { "sort=-created", "fields=name" }, "INDEX customer_created", "COVERING INDEX customer_" },
	{ { "sort=name", "fields=tier" }, "INDEX customer_name_key", NULL },
	{ { "sort=name", "tier=gold" }, "INDEX customer_tier (tier=?",
		"COVERING INDEX customer_tier (tier=?" },
	{ { "sort=name", "kind=prospect" }, "INDEX customer_kind (kind=?",
		"COVERING INDEX customer_kind (kind=?" },
	{ { "sort=name", "owner=7" }, "INDEX customer_owner (owner=?",
		"COVERING INDEX customer_owner (owner=?" },
	{ { "sort=-created", "tier=normal" }, "INDEX customer_created", NULL },
	{ { "sort=name", "tags.tag=often" }, "INDEX customer_name_key",
		"COVERING INDEX customer_tag_tag (tag=?" },
	{ { "sort=name", "tier=gold", "kind=prospect" }, "INDEX customer_", "COVERING INDEX customer_" },
};

#define STATEMENTS_MAX 128
struct statements {
	char *list[STATEMENTS_MAX];
	size_t n;
};

/* Of lists of customers that this connection has prepared. */
static void read_statements(struct db *db, struct statements *ret)
{
	struct rows *rows;
	ret->n = 0;
	assert_int_equal(db_query(db,
				 "SELECT sql FROM sqlite_stmt WHERE sql LIKE 'SELECT %customer%LIMIT%' AND "
				 "sql NOT LIKE "
				 "'%sqlite_stmt%'",
				 NO_ARGS, &rows),
		0);
	while (rows_next(rows) && ret->n < STATEMENTS_MAX)
		ret->list[ret->n++] = str_dup(rows_str(rows, 0));
	assert_int_equal(rows_end(rows), 0);
}

static void drop_statements(struct statements *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i]);
}

static bool is_among(const struct statements *s, const char *sql)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->list[i], sql) == 0)
			return true;
	return false;
}

static char *plan_of(struct db *db, const char *sql)
{
	struct rows *rows;
	struct buf text;
	CLEANUP(mem_freep) char *explain = mem_printf("EXPLAIN QUERY PLAN %s", sql);
	buf_init(&text, 8192);
	assert_int_equal(db_query(db, explain, NO_ARGS, &rows), 0);
	while (rows_next(rows)) {
		buf_adds(&text, rows_str(rows, 3));
		buf_addz(&text, "; ");
	}
	assert_int_equal(rows_end(rows), 0);
	return buf_take(&text);
}

static void expect_plan(struct db *db, const char *sql, const char *page, const char *count)
{
	bool counts = strstr(sql, "count(*)") != NULL;
	const char *wanted = counts ? count : page;
	CLEANUP(mem_freep) char *plan = plan_of(db, sql);
	if (wanted && (!strstr(plan, wanted) || strstr(plan, "SCAN t;") || strstr(plan, "FOR ORDER BY")))
		fail_msg("not by %s: %s\n%s", wanted, plan, sql);
}

static void test_plans(void **state)
{
	struct model_fix *fix = *state;
	if (place_is_postgres())
		skip();
	struct db *db = store_reader(fix->store);
	store_reader_return(fix->store, db); /* the one that every list takes */
	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		struct statements before, after;
		read_statements(db, &before);
		json_t *page = fix_list(fix, &customer_resource, &fix_admin, plans[i].params[0],
			plans[i].params[1], plans[i].params[2], NULL);
		assert_non_null(page);
		json_decref(page);
		read_statements(db, &after);
		size_t fresh = 0;
		for (size_t k = 0; k < after.n; k++)
			if (!is_among(&before, after.list[k])) {
				fresh++;
				expect_plan(db, after.list[k], plans[i].page, plans[i].count);
			}
		if (fresh == 0)
			fail_msg("%s %s: nothing was asked", plans[i].params[0], plans[i].params[1]);
		drop_statements(&before);
		drop_statements(&after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pages_are_the_whole, setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_conditions_together, setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_bin_is_searched, setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_plans, setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_indexes_are_there, model_setup, model_teardown),
	};
	return unit_run(tests);
}
