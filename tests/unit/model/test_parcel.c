/* To add a resource is to add a table: that of parcel.c, which has no other code, is served, refused, listed,
 * moved, noted, described and printed. The generic tests beside this one run over it too. */
#include "model_fix.h"

#include "base/js.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

#define LINES_MAX 40

static void test_it_is_a_table_and_short(void **state)
{
	CLEANUP(mem_freep) char *path = mem_printf("%s/tests/unit/model/parcel.c", LX_SOURCE_DIR);
	FILE *file = fopen(path, "r");
	char row[512];
	int lines = 0;
	(void)state;
	assert_non_null(file);
	for (; fgets(row, sizeof(row), file); lines++)
		assert_true(row[0] != '{'); /* no function has a body there */
	fclose(file);
	assert_true(lines <= LINES_MAX);
}

static int64_t parcel(struct model_fix *fix, const char *code, double weight)
{
	int64_t id = 0;
	json_t *body = json_pack("{s:s, s:f}", "code", code, "weight", weight);
	assert_int_equal(fix_create(fix, &parcel_resource, body, &id), 0);
	return id;
}

static void test_it_is_written_and_refused(void **state)
{
	struct model_fix *fix = *state;
	const struct resource *res = &parcel_resource;
	int64_t id = parcel(fix, "AB-1", 2.5);
	CLEANUP(js_unrefp) json_t *record = fix_get(fix, res, id);
	assert_string_equal(js_str(record, "code", ""), "AB-1");
	assert_string_equal(js_str(record, "stage", ""), "packed");
	assert_int_equal(fix_create(fix, res,
				 json_pack("{s:s, s:f, s:b}", "code", "x", "weight", 99.9, "far", 1), NULL),
		-E_INVALID);
	static const char *const faults[][2] = { { "code", "too_short" }, { "weight", "range" },
		{ "far", "unknown" } };
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		assert_true(fix_names(&fix->faults, faults[i][0], faults[i][1]));
	assert_int_equal(fix_create(fix, res, json_pack("{s:s}", "code", "AB-1"), NULL), -E_INVALID);
	assert_true(fix_names(&fix->faults, "code", "taken"));
	assert_int_equal(fix_update(fix, res, id, 1, json_pack("{s:f}", "weight", 3.5)), 0);
	assert_int_equal(fix_update(fix, res, id, 1, json_pack("{s:f}", "weight", 4.5)), -E_CONFLICT);
	assert_int_equal(fix_delete(fix, res, id, 2), 0);
	assert_null(fix_get(fix, res, id));
	assert_int_equal(fix_restore(fix, res, id), 0);
}

static void test_it_is_listed(void **state)
{
	static const struct {
		const char *query, *first;
		int64_t n; /* -1: refused */
	} cases[] = {
		{ "code=AB-2", "AB-2", 1 },
		{ "weight.min=2", "AB-2", 2 },
		{ "stage=packed", "AB-1", 3 },
		{ "sort=-weight", "AB-3", 3 },
		{ "q=ab-3", "AB-3", 1 },
		{ "weight=heavy", NULL, -1 },
		{ "colour=red", NULL, -1 },
	};
	struct model_fix *fix = *state;
	for (int i = 1; i <= 3; i++)
		(void)parcel(fix, (char[]){ 'A', 'B', '-', (char)('0' + i), 0 }, i);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		json_t *page = fix_list(fix, &parcel_resource, &fix_admin, cases[i].query, NULL);
		const json_t *first = json_array_get(json_object_get(page, "items"), 0);
		assert_int_equal(page ? js_int(page, "total", -2) : -1, cases[i].n);
		if (first)
			assert_string_equal(js_str(first, "code", ""), cases[i].first);
		json_decref(page);
	}
	json_t *page = fix_list(fix, &parcel_resource, &fix_admin, "limit=2", NULL);
	CLEANUP(mem_freep) char *cursor = mem_printf("cursor=%s", js_str(page, "next", ""));
	json_t *next = fix_list(fix, &parcel_resource, &fix_admin, "limit=2", cursor, NULL);
	assert_int_equal(json_array_size(json_object_get(next, "items")), 1);
	json_decref(next);
	struct buf out;
	struct export_plan plan;
	assert_int_equal(model_export_plan(&parcel_resource, &(struct export_style){ .chinese = true },
				 "code,weight,stage", &plan, &fix->faults),
		0);
	fix_csv(&plan, page, &out);
	assert_non_null(strstr(out.p, "\"单号\",\"重量\",\"状态\"\r\n\"AB-1\",1.0,\"已打包\""));
	buf_done(&out);
	json_decref(page);
}

static void test_it_moves_and_is_noted(void **state)
{
	static const char *const noted[] = { "send", "update", "create" };
	struct model_fix *fix = *state;
	int64_t id = parcel(fix, "AB-1", 1);
	assert_true(right_named("parcel.send") >= 0);
	assert_int_equal(fix_update(fix, &parcel_resource, id, 0, json_pack("{s:n}", "weight")), 0);
	assert_int_equal(fix_move(fix, &parcel_resource, id, "send"), 0);
	assert_int_equal(fix_move(fix, &parcel_resource, id, "send"), -E_STATE);
	json_t *page = fix_list(fix, &audit_resource, &fix_admin, "resource=parcel", "sort=-id", NULL);
	const json_t *items = json_object_get(page, "items");
	assert_int_equal(json_array_size(items), ARRAY_LEN(noted));
	for (size_t i = 0; i < ARRAY_LEN(noted); i++)
		assert_string_equal(js_str(json_array_get(items, i), "action", ""), noted[i]);
	json_decref(page);
	const struct actor nobody = { .name = "nobody" };
	for (int verb = 0; verb < VERB__MAX; verb++)
		assert_false(may(&nobody, &parcel_resource, (enum verb)verb));
}

static const json_t *at(const json_t *value, const char *const *names)
{
	for (; *names; names++)
		value = json_object_get(value, *names);
	return value;
}

static void test_it_is_described(void **state)
{
	const char *const answer[] = { "/api/v1/parcels/{id}/send", "post", "responses", "200", NULL };
	const char *const sent[] = { "parcel_new", "allOf", NULL },
			  *const shown[] = { "parcel", "properties", "stage", NULL };
	struct buf out;
	json_t *meta = model_meta(&fix_admin), *found = NULL, *res;
	json_t *paths = model_openapi_paths(), *schemas = model_openapi_schemas();
	size_t i;
	(void)state;
	json_array_foreach (json_object_get(meta, "resources"), i, res)
		if (strcmp(js_str(res, "name", ""), "parcel") == 0)
			found = res;
	assert_int_equal(json_array_size(json_object_get(found, "fields")), 3);
	assert_int_equal(json_array_size(json_object_get(found, "columns")), 3);
	assert_int_equal(json_array_size(json_object_get(found, "actions")), 1);
	assert_non_null(at(paths, answer));
	assert_non_null(at(schemas, sent));
	assert_non_null(at(schemas, shown));
	json_decref(meta);
	json_decref(paths);
	json_decref(schemas);
	buf_init(&out, 1 << 20);
	model_print_ts(&out);
	assert_non_null(strstr(out.p, "  stage: 'packed' | 'sent';\n"));
	assert_non_null(strstr(out.p, "  parcels: Parcel;\n"));
	buf_reset(&out);
	model_print_md(&out);
	assert_non_null(strstr(out.p, "## Parcels: `/api/v1/parcels`"));
	assert_non_null(strstr(out.p, "`parcel.send`"));
	buf_done(&out);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_a_table_and_short),
		T(test_it_is_written_and_refused),
		T(test_it_is_listed),
		T(test_it_moves_and_is_noted),
		T(test_it_is_described),
	};
	return unit_run(tests);
}
