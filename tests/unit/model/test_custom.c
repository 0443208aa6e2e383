/* Custom fields: a catalogue has them as fields like any other, a record keeps their values by the fields'
 * ids. */
#include "model_fix.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/catalogue.h"
#include "model/custom.h"
#include "model/custom_index.h"
#include "model/renew.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct catalogue *load(struct model_fix *fix)
{
	struct catalogue *catalogue = NULL;
	struct db *db = store_reader(fix->store);
	assert_int_equal(catalogue_load(db, &catalogue), 0);
	store_reader_return(fix->store, db);
	return catalogue;
}

/* {"name", "type"} with a label, and what else is given as pairs. */
static json_t *said(const char *name, const char *type, json_t *more)
{
	json_t *body = json_pack("{s:s, s:s, s:{s:s}}", "name", name, "type", type, "label", "zh-CN", name);
	json_object_update(body, more);
	json_decref(more);
	return body;
}

static int64_t add(struct model_fix *fix, const char *name, const char *type, json_t *more)
{
	int64_t id = 0;
	int err = fix_create(fix, &custom_field_resource, said(name, type, more), &id);
	if (err)
		fail_msg("%s: %s %s", name, fix->faults.list[0].field, fix->faults.list[0].code);
	return id;
}

static json_t *choices(const char *first, const char *second)
{
	return json_pack("{s:[{s:s, s:{s:s}}, {s:s, s:{s:s}}]}", "choices", "value", first, "label", "en",
		"One", "value", second, "label", "en", "Two");
}

static const struct field *field_of(const struct resource *res, const char *name)
{
	const struct field *f = resource_field(res, str_from(name));
	assert_non_null(f);
	return f;
}

static void test_catalogue(void **state)
{
	struct model_fix *fix = *state;
	struct catalogue *before = load(fix);
	assert_ptr_equal(catalogue_resource(before, &customer_resource), &customer_resource);
	int64_t later = add(
		fix, "later", "integer", json_pack("{s:i, s:i, s:i}", "position", 9, "min", -5, "max", 0));
	add(fix, "grade", "enum", choices("gold", "iron"));
	add(fix, "price", "money", json_pack("{s:f}", "max", 12.5));
	add(fix, "rate", "number", json_pack("{s:i, s:f}", "digits", 3, "min", 0.125));
	struct catalogue *now = load(fix);
	const struct resource *res = catalogue_of_name(now, "customer");
	assert_int_equal(res->n_fields, customer_resource.n_fields + 4);
	assert_true(catalogue_of_generation(now) > catalogue_of_generation(before));
	assert_ptr_equal(catalogue_of_plural(now, STR("queues")), &queue_resource);
	const struct field *f = field_of(res, "x_later");
	assert_ptr_equal(f, &res->fields[customer_resource.n_fields]); /* by position */
	assert_int_equal(f->min, -5);
	assert_int_equal(f->max, 0);
	assert_string_equal(f->label.en, "later"); /* where one language is wanting the other stands */
	assert_int_equal(field_of(res, "x_price")->max, 1250);
	assert_int_equal(field_of(res, "x_rate")->min, 125);
	assert_string_equal(field_of(res, "x_grade")->choices[1].label.en, "Two");
	assert_null(field_of(res, "x_grade")->choices[2].value);
	assert_int_equal(fix_delete(fix, &custom_field_resource, later, 0), 0);
	struct catalogue *last = load(fix);
	assert_null(resource_field(catalogue_of_name(last, "customer"), STR("x_later")));
	assert_non_null(resource_field(res, STR("x_later"))); /* who holds one keeps it */
	catalogue_unref(catalogue_ref(now));
	catalogue_unref(before);
	catalogue_unref(now);
	catalogue_unref(last);
}

static void test_values_stay(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = 0, one = add(fix, "one", "string", NULL);
	struct catalogue *first = load(fix);
	const struct resource *old = catalogue_of_name(first, "customer");
	add(fix, "two", "choices", choices("a", "b"));
	struct catalogue *second = load(fix);
	const struct resource *res = catalogue_of_name(second, "customer");
	json_t *body = json_pack("{s:s, s:s, s:[s, s]}", "name", "甲", "x_one", "x", "x_two", "b", "a");
	assert_int_equal(fix_create(fix, res, body, &id), 0);
	/* Who does not know a field leaves its value alone. */
	assert_int_equal(fix_update(fix, old, id, 0, json_pack("{s:s}", "x_one", "y")), 0);
	assert_int_equal(fix_update(fix, &customer_resource, id, 0, json_pack("{s:s}", "company", "乙")), 0);
	json_t *record = fix_get(fix, res, id), *wanted = json_pack("[s, s]", "a", "b");
	assert_string_equal(js_str(record, "x_one", ""), "y");
	assert_true(json_equal(json_object_get(record, "x_two"), wanted));
	json_decref(wanted);
	json_decref(record);
	assert_int_equal(fix_update(fix, res, id, 0, json_pack("{s:n}", "x_two")), 0);
	/* Deleted, hidden; restored, there again. */
	assert_int_equal(fix_delete(fix, &custom_field_resource, one, 0), 0);
	struct catalogue *third = load(fix);
	record = fix_get(fix, catalogue_of_name(third, "customer"), id);
	assert_null(json_object_get(record, "x_one"));
	assert_true(json_is_null(json_object_get(record, "x_two")));
	json_decref(record);
	assert_int_equal(fix_restore(fix, &custom_field_resource, one), 0);
	record = fix_get(fix, old, id);
	assert_string_equal(js_str(record, "x_one", ""), "y");
	json_decref(record);
	catalogue_unref(first);
	catalogue_unref(second);
	catalogue_unref(third);
}

static void test_limits(void **state)
{
	struct model_fix *fix = *state;
	add(fix, "n", "integer", json_pack("{s:i, s:i}", "min", -5, "max", 0));
	add(fix, "t", "string", json_pack("{s:i, s:i}", "min", 2, "max", 3));
	add(fix, "d", "duration", json_pack("{s:f}", "max", 1.5));
	add(fix, "r", "number", json_pack("{s:i, s:f}", "digits", 1, "max", -0.5));
	struct catalogue *catalogue = load(fix);
	const struct resource *res = catalogue_of_name(catalogue, "customer");
	const struct {
		const char *body, *field, *code;
	} cases[] = { { "{\"x_n\":1}", "x_n", "range" }, { "{\"x_n\":-6}", "x_n", "range" },
		{ "{\"x_n\":0}", NULL, NULL }, { "{\"x_n\":-5}", NULL, NULL },
		{ "{\"x_t\":\"甲\"}", "x_t", "too_short" }, { "{\"x_t\":\"甲乙丙\"}", NULL, NULL },
		{ "{\"x_t\":\"甲乙丙丁\"}", "x_t", "too_long" }, { "{\"x_d\":1500}", NULL, NULL },
		{ "{\"x_d\":1501}", "x_d", "range" }, { "{\"x_r\":-0.5}", NULL, NULL },
		{ "{\"x_r\":0}", "x_r", "range" }, { "{\"x_r\":-0.55}", "x_r", "digits" } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		json_t *body = NULL;
		assert_int_equal(js_parse(str_from(cases[i].body), 100, &body, NULL), 0);
		js_set_str(body, "name", "界");
		int err = fix_create(fix, res, body, NULL);
		if (err != (cases[i].field ? -E_INVALID : 0) ||
			(err && !fix_names(&fix->faults, cases[i].field, cases[i].code)))
			fail_msg("%s gave %d %s", cases[i].body, err, err ? fix->faults.list[0].code : "");
	}
	catalogue_unref(catalogue);
}

static bool has_word(const char *words, const char *word)
{
	struct str rest = str_from(words);
	while (rest.n)
		if (str_eqz(str_cut(&rest, ' '), word))
			return true;
	return false;
}

/* What forms show for a type is what the check takes with it. */
static void test_what_goes_with_a_type(void **state)
{
	struct model_fix *fix = *state;
	const struct resource *res = &custom_field_resource;
	const struct choice *types = field_of(res, "type")->choices;
	for (const struct choice *type = types; type->value; type++)
		for (size_t i = 0; i < res->n_fields; i++) {
			const struct field *f = &res->fields[i];
			if (!f->when)
				continue;
			json_t *value = f->type == FT_BOOL ? json_true()
				: f->type == FT_LIST       ? NULL
							   : json_integer(2);
			json_t *more = value ? json_pack("{s:o}", f->name, value) : choices("a", "b");
			bool needs = !value || strcmp(type->value, "enum") == 0 ||
				strcmp(type->value, "choices") == 0;
			if (needs && value) {
				json_t *words = choices("a", "b");
				json_object_update(more, words);
				json_decref(words);
			}
			int err = fix_create(fix, res, said("word", type->value, more), NULL);
			bool refused = err && fix_names(&fix->faults, f->name, "unfit");
			if (refused == has_word(f->when, type->value))
				fail_msg("%s of a %s: %d", f->name, type->value, err);
			assert_int_equal(fix_sql(fix, "DELETE FROM custom_field"), 0);
		}
}

static int carry_out(struct db *db, void *arg)
{
	return index_carry_out(db, arg);
}

/* All steps until there is none more. */
static size_t settle(struct model_fix *fix, const struct catalogue *catalogue)
{
	bool more = true;
	size_t n = 0;
	for (; more; n++) {
		struct index_step step;
		struct db *db = store_reader(fix->store);
		assert_int_equal(index_next(db, catalogue, &step, &more), 0);
		store_reader_return(fix->store, db);
		if (more)
			assert_int_equal(store_apart(fix->store, carry_out, &step), 0);
		assert_true(n < 20);
	}
	return n - 1;
}

static bool uses_index(struct model_fix *fix, const char *where, int64_t id)
{
	char sql[600], name[64];
	bool used = false;
	struct rows *rows;
	struct db *db = store_reader(fix->store);
	bool sqlite = strcmp(db_kind_name(db), "sqlite") == 0;
	snprintf(name, sizeof(name), "x_customer_f%" PRId64, id);
	snprintf(sql, sizeof(sql), "EXPLAIN %s SELECT t.id FROM customer t WHERE t.deleted IS NULL AND %s",
		sqlite ? "QUERY PLAN" : "", where);
	if (!sqlite)
		assert_int_equal(db_run(db, "SET enable_seqscan = off", NO_ARGS), 0);
	if (db_query(db, sql, NO_ARGS, &rows))
		fail_msg("%s: %s", sql, db_error(db));
	while (rows_next(rows)) {
		struct str line = rows_str(rows, sqlite ? 3 : 0);
		for (size_t i = 0; i + strlen(name) <= line.n; i++)
			used |= str_starts(str_sub(line, i, line.n), str_from(name));
	}
	assert_int_equal(rows_end(rows), 0);
	store_reader_return(fix->store, db);
	return used;
}

static void test_indexes(void **state)
{
	struct model_fix *fix = *state;
	char where[400];
	int64_t text = add(fix, "code", "string", json_pack("{s:b}", "indexed", 1));
	int64_t number = add(fix, "figure", "integer", json_pack("{s:b}", "indexed", 1));
	struct catalogue *catalogue = load(fix);
	const struct resource *res = catalogue_of_name(catalogue, "customer");
	assert_int_equal(settle(fix, catalogue), 2);
	assert_int_equal(settle(fix, catalogue), 0);
	const struct field *f = field_of(res, "x_code"), *n = field_of(res, "x_figure");
	snprintf(where, sizeof(where), "coalesce((%s), '') = 'b'", f->sql);
	assert_true(uses_index(fix, where, text));
	snprintf(where, sizeof(where), "coalesce((%s), 0) >= 7", n->sql);
	assert_true(uses_index(fix, where, number));
	snprintf(where, sizeof(where), "1 = 1 ORDER BY coalesce((%s), ''), t.id", f->sql);
	assert_true(uses_index(fix, where, text));
	for (int i = 0; i < 9; i++)
		assert_int_equal(fix_create(fix, res,
					 json_pack("{s:s, s:s, s:i}", "name", "引", "x_code",
						 i % 2 ? "b" : "a", "x_figure", i),
					 NULL),
			0);
	static const struct {
		const char *filter, *sort;
		int64_t n;
	} queries[] = { { "x_code=b", "sort=-x_code", 4 }, { "x_figure.min=7", "sort=x_figure", 2 },
		{ "x_figure=0", "sort=id", 1 }, { "x_figure.max=0", "sort=id", 1 },
		{ "x_code=", "sort=id", 0 } };
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		json_t *page = fix_list(fix, res, &fix_admin, queries[i].filter, queries[i].sort, NULL);
		assert_int_equal(js_int(page, "total", -1), queries[i].n);
		json_decref(page);
	}
	catalogue_unref(catalogue);
	assert_int_equal(
		fix_update(fix, &custom_field_resource, text, 0, json_pack("{s:b}", "indexed", 0)), 0);
	assert_int_equal(fix_delete(fix, &custom_field_resource, number, 0), 0);
	catalogue = load(fix);
	assert_int_equal(settle(fix, catalogue), 2);
	catalogue_unref(catalogue);
}

static int renew_step(struct db *db, void *arg)
{
	return renewal_step(db, arg, 2);
}

static int64_t found(struct model_fix *fix, const struct resource *res, const char *query)
{
	json_t *page = fix_list(fix, res, &fix_admin, query, NULL);
	int64_t n = js_int(page, "total", -1);
	json_decref(page);
	return n;
}

/* Renews words until nothing is to do; how many records were written. */
static int64_t renew_words(struct model_fix *fix, const struct catalogue *catalogue)
{
	const struct resource *res = NULL;
	struct db *db = store_reader(fix->store);
	assert_int_equal(custom_words_next(db, catalogue, &res), 0);
	store_reader_return(fix->store, db);
	if (!res)
		return -1;
	struct renewal renewal = renewal_of_words(catalogue, res);
	while (!renewal_is_through(&renewal))
		assert_int_equal(store_write(fix->store, STORE_BATCH, renew_step, &renewal), 0);
	return renewal.renewed;
}

static void test_words(void **state)
{
	struct model_fix *fix = *state;
	int64_t field = add(fix, "pet", "string", NULL);
	struct catalogue *catalogue = load(fix);
	assert_int_equal(renew_words(fix, catalogue), -1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			fix_create(fix, catalogue_of_name(catalogue, "customer"),
				json_pack("{s:s, s:s}", "name", "丁", "x_pet", i ? "大象" : "河马"), NULL),
			0);
	catalogue_unref(catalogue);
	assert_int_equal(
		fix_update(fix, &custom_field_resource, field, 0, json_pack("{s:b}", "searched", 1)), 0);
	catalogue = load(fix);
	const struct resource *res = catalogue_of_name(catalogue, "customer");
	assert_int_equal(found(fix, res, "q=daxiang"), 0);
	assert_int_equal(renew_words(fix, catalogue), 3);
	assert_int_equal(renew_words(fix, catalogue), -1);
	assert_int_equal(found(fix, res, "q=daxiang"), 2);
	assert_int_equal(
		fix_create(fix, res, json_pack("{s:s, s:s}", "name", "戊", "x_pet", "大象"), NULL), 0);
	assert_int_equal(found(fix, res, "q=daxiang"), 3);
	catalogue_unref(catalogue);
	assert_int_equal(fix_delete(fix, &custom_field_resource, field, 0), 0);
	catalogue = load(fix);
	assert_int_equal(renew_words(fix, catalogue), 4);
	assert_int_equal(found(fix, &customer_resource, "q=daxiang"), 0);
	catalogue_unref(catalogue);
}

static void test_how_many(void **state)
{
	struct model_fix *fix = *state;
	char name[16];
	for (int i = 0; i < CUSTOM_FIELDS_MAX; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		add(fix, name, "integer", json_pack("{s:b}", "indexed", i < CUSTOM_INDEXES_MAX));
	}
	assert_int_equal(fix_create(fix, &custom_field_resource,
				 said("more", "string", json_pack("{s:b}", "indexed", 1)), NULL),
		-E_INVALID);
	assert_true(fix_names(&fix->faults, "resource", "too_many"));
	assert_true(fix_names(&fix->faults, "indexed", "too_many"));
	struct catalogue *catalogue = load(fix);
	assert_int_equal(catalogue_of_name(catalogue, "customer")->n_fields,
		customer_resource.n_fields + CUSTOM_FIELDS_MAX);
	assert_true(catalogue_of_name(catalogue, "customer")->n_fields < EXPORT_FIELDS_MAX);
	catalogue_unref(catalogue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_catalogue, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_values_stay, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_limits, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_what_goes_with_a_type, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_indexes, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_words, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_how_many, model_setup, model_teardown),
	};
	return unit_run(tests);
}
