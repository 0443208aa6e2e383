/* What each field type does, shown on a resource that has one of each. */
#include "model_fix.h"

#include "base/js.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t sample_with(struct model_fix *fix, const char *name, json_t *value)
{
	int64_t id = 0;
	json_t *body = fix_body(fix, &sample_resource);
	json_object_set_new(body, name, value);
	assert_int_equal(fix_create(fix, &sample_resource, body, &id), 0);
	return id;
}

static void test_every_type_is_filtered_and_sorted(void **state)
{
	static const struct {
		const char *filter;
		int64_t n; /* of two; -1: refused */
	} cases[] = {
		{ "rate=12.5", 1 },
		{ "rate=12.50", 1 },
		{ "rate=-0.07", 1 },
		{ "rate.min=0", 1 },
		{ "rate.min=-0.07", 2 },
		{ "rate.max=-0.08", 0 },
		{ "rate=1.234", -1 },
		{ "rate=1e3", -1 },
		{ "rate=.5", -1 },
		{ "rate=", 0 },
		{ "price.min=1", 2 },
		{ "colours=sea_green", 1 },
		{ "colours=red", 1 },
		{ "colours=nonsense", -1 },
		{ "colours.min=red", -1 },
		{ "day=2024-02-29", 1 },
		{ "day.min=2024-02-29", 1 },
		{ "day.max=2024-02-28", 1 },
		{ "day=2023-02-29", -1 },
		{ "title=x", -1 },
		{ "sort=title", -1 },
		{ "sort=colours", -1 },
		{ "sort=rate", 2 },
		{ "sort=-day", 2 },
		{ "parts.weight=0.125", 1 },
	};
	struct model_fix *fix = *state;
	json_t *body = fix_body(fix, &sample_resource);
	json_object_set_new(body, "rate", json_real(12.5));
	json_object_set_new(body, "day", json_string("2024-02-29"));
	json_object_set_new(body, "colours", json_pack("[s, s, s]", "blue", "sea_green", "blue"));
	json_object_set_new(json_array_get(json_object_get(body, "parts"), 0), "weight", json_real(0.125));
	int64_t id = 0;
	assert_int_equal(fix_create(fix, &sample_resource, body, &id), 0);
	json_t *record = fix_get(fix, &sample_resource, id);
	char *text = js_print(record);
	assert_non_null(strstr(text, "\"rate\":12.5,"));
	assert_non_null(strstr(text, "\"weight\":0.125"));
	assert_non_null(strstr(text, "\"colours\":[\"sea_green\",\"blue\"]"));
	free(text);
	json_decref(record);
	body = fix_body(fix, &sample_resource);
	json_object_set_new(body, "rate", json_real(-0.07));
	json_object_set_new(body, "day", json_string("2024-02-01"));
	json_object_set_new(body, "colours", json_pack("[s]", "red"));
	assert_int_equal(fix_create(fix, &sample_resource, body, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		json_t *page = fix_list(fix, &sample_resource, &fix_admin, cases[i].filter, NULL);
		int64_t n = page ? js_int(page, "total", -2) : -1;
		if (n != cases[i].n)
			fail_msg("%s found %lld", cases[i].filter, (long long)n);
		json_decref(page);
	}
}

/* What a value is written as does not make a change of it. */
static void test_the_same_in_another_form_is_no_change(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = sample_with(fix, "rate", json_integer(12));
	json_t *record = fix_get(fix, &sample_resource, id);
	CLEANUP(js_unrefp)
	json_t *body = json_pack("{s:i, s:[s, s, s], s:s}", "rate", 12, "colours", "sea_green", "red", "red",
		"at", "2026-11-21T18:00:00+08:00");
	assert_int_equal(fix_update(fix, &sample_resource, id, 0, json_incref(body)), 0);
	json_decref(record);
	record = fix_get(fix, &sample_resource, id);
	assert_string_equal(js_str(record, "at", ""), "2026-11-21T10:00:00.000Z");
	assert_int_equal(js_int(record, "version", 0), 2);
	json_object_set_new(body, "at", json_string("2026-11-21T10:00:00Z"));
	assert_int_equal(fix_update(fix, &sample_resource, id, 0, json_incref(body)), 0);
	json_decref(record);
	record = fix_get(fix, &sample_resource, id);
	assert_int_equal(js_int(record, "version", 0), 2);
	json_decref(record);
}

static void test_all_faults_are_told(void **state)
{
	struct model_fix *fix = *state;
	json_t *body = json_object();
	for (int i = 0; i < MODEL_FAULTS_MAX + 7; i++) {
		char name[16];
		snprintf(name, sizeof(name), "no%d", i);
		json_object_set_new(body, name, json_true());
	}
	assert_int_equal(fix_create(fix, &reason_resource, body, NULL), -E_INVALID);
	assert_int_equal(fix->faults.n, MODEL_FAULTS_MAX);
	assert_int_equal(fix->faults.more, 10); /* code, name, name_en are wanting too */
}

static json_t *last_changes(struct model_fix *fix, int64_t id)
{
	char filter[64];
	snprintf(filter, sizeof(filter), "record=%lld", (long long)id);
	json_t *page = fix_list(fix, &audit_resource, &fix_admin, filter, "sort=-id", NULL);
	json_t *changes =
		json_incref(json_object_get(json_array_get(json_object_get(page, "items"), 0), "changes"));
	json_decref(page);
	return changes;
}

static json_t *part(const char *id, json_t *skill, double weight)
{
	json_t *item = json_object();
	js_set_str(item, "id", id);
	if (skill)
		json_object_set(item, "skill", skill);
	json_object_set_new(item, "weight", json_real(weight));
	return item;
}

/* Keep, change, exchange what is unique, remove, add and put in another order, all in one PATCH. */
static void test_children_are_edited_by_id(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = 0;
	assert_int_equal(fix_create(fix, &sample_resource, fix_body(fix, &sample_resource), &id), 0);
	json_t *old = fix_get(fix, &sample_resource, id), *parts = json_object_get(old, "parts");
	const char *a = js_str(json_array_get(parts, 0), "id", ""),
		   *b = js_str(json_array_get(parts, 1), "id", "");
	json_t *skill_a = json_object_get(json_array_get(parts, 0), "skill");
	json_t *skill_b = json_object_get(json_array_get(parts, 1), "skill");
	json_t *body = json_pack("{s:[o, o]}", "parts", part(b, skill_a, 1.5), part(a, skill_b, 2));
	assert_int_equal(fix_update(fix, &sample_resource, id, 1, body), 0);
	json_t *record = fix_get(fix, &sample_resource, id), *now = json_object_get(record, "parts");
	assert_int_equal(json_array_size(now), 2);
	assert_string_equal(js_str(json_array_get(now, 0), "id", ""), b);
	assert_true(json_equal(json_object_get(json_array_get(now, 0), "skill"), skill_a));
	json_t *changes = last_changes(fix, id);
	char path[64];
	snprintf(path, sizeof(path), "parts[%s].skill", a);
	json_t *pair = json_object_get(changes, path);
	assert_true(json_equal(json_array_get(pair, 0), skill_a));
	assert_true(json_equal(json_array_get(pair, 1), skill_b));
	assert_non_null(json_object_get(changes, "parts[]"));
	json_decref(changes);
	json_decref(record);

	body = json_pack("{s:[{s:s}]}", "parts", "id", a); /* one stays as it is, one goes */
	assert_int_equal(fix_update(fix, &sample_resource, id, 2, body), 0);
	record = fix_get(fix, &sample_resource, id);
	now = json_array_get(json_object_get(record, "parts"), 0);
	assert_true(json_equal(json_object_get(now, "skill"), skill_b));
	assert_true(json_real_value(json_object_get(now, "weight")) == 2);
	changes = last_changes(fix, id);
	snprintf(path, sizeof(path), "parts[%s]", b);
	assert_int_equal(json_object_size(changes), 1);
	assert_true(json_is_null(json_array_get(json_object_get(changes, path), 1)));
	json_decref(changes);
	json_decref(record);

	static const char *const strangers[] = { "99", "x" };
	for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
		body = json_pack("{s:[{s:s}]}", "parts", "id", strangers[i]);
		assert_int_equal(fix_update(fix, &sample_resource, id, 0, body), -E_INVALID);
		assert_true(fix_names(&fix->faults, "parts[0].id", "not_found"));
	}
	body = json_pack("{s:[{s:s}, {s:s}]}", "parts", "id", a, "id", a);
	assert_int_equal(fix_update(fix, &sample_resource, id, 0, body), -E_INVALID);
	assert_true(fix_names(&fix->faults, "parts[1].id", "taken"));
	body = json_pack("{s:[o]}", "parts", part(NULL, NULL, 1));
	assert_int_equal(fix_update(fix, &sample_resource, id, 0, body), -E_INVALID);
	assert_true(fix_names(&fix->faults, "parts[0].skill", "required"));
	json_decref(old);
}

static void test_csv_of_every_type(void **state)
{
	struct model_fix *fix = *state;
	json_t *body = fix_body(fix, &sample_resource);
	json_object_set_new(body, "price", json_integer(123456));
	json_object_set_new(body, "rate", json_real(-0.5));
	json_object_set_new(body, "title", json_pack("{s:s}", "en", "only English"));
	assert_int_equal(fix_create(fix, &sample_resource, body, NULL), 0);
	json_t *page = fix_list(fix, &sample_resource, &fix_admin, NULL);
	struct buf out;
	const struct export_style style = { .chinese = true, .currency = "CNY", .money_digits = 2 };
	struct export_plan plan;
	assert_int_equal(model_export_plan(&sample_resource, &style, "", &plan, &fix->faults), 0);
	fix_csv(&plan, page, &out);
	static const char *const wanted[] = { ",\"价格 (CNY)\",", ",1234.56,", ",-0.50,", ",\"红; 海绿\",",
		",\"only English\"," };
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (!strstr(out.p, wanted[i]))
			fail_msg("no %s in %s", wanted[i], out.p);
	buf_done(&out);
	json_decref(page);
}

/* A file belongs to one record, and to none again when that lets it go. */
static void test_a_file_has_one_holder(void **state)
{
	struct model_fix *fix = *state;
	const struct resource *res = &sample_resource;
	json_t *paper = fix_file(fix, "application/pdf", 5, fix_admin.user);
	int64_t id = sample_with(fix, "paper", json_incref(paper));
	assert_int_equal(
		fix_count(fix, "SELECT count(*) FROM file WHERE holder = 'sample' AND released IS NULL"), 1);
	json_t *record = fix_get(fix, res, id);
	assert_non_null(strstr(js_str(record, "paper_name", ""), "a "));
	json_decref(record);
	json_t *second = fix_body(fix, res);
	json_object_set(second, "paper", paper);
	assert_int_equal(fix_create(fix, res, second, NULL), -E_INVALID);
	assert_true(fix_names(&fix->faults, "paper", "not_found"));
	assert_int_equal(fix_update(fix, res, id, 0, json_pack("{s:O}", "paper", paper)), 0);
	json_t *other = fix_file(fix, "image/png", 5, fix_admin.user);
	assert_int_equal(fix_update(fix, res, id, 0, json_pack("{s:o}", "paper", other)), 0);
	assert_int_equal(fix_count(fix, "SELECT count(*) FROM file WHERE holder = 'sample'"), 1);
	assert_int_equal(fix_count(fix, "SELECT count(*) FROM file WHERE released > 1"), 1);
	assert_int_equal(fix_delete(fix, res, id, 0), 0); /* which can be taken back, with the file */
	assert_int_equal(fix_count(fix, "SELECT count(*) FROM file WHERE released > 1"), 1);
	json_decref(paper);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_every_type_is_filtered_and_sorted),
		T(test_the_same_in_another_form_is_no_change),
		T(test_all_faults_are_told),
		T(test_children_are_edited_by_id),
		T(test_csv_of_every_type),
		T(test_a_file_has_one_holder),
	};
	return unit_run(tests);
}
