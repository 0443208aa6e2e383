/* States, over every transition table there is, and fields that are computed. */
#include "model_fix.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/move.h"

#include <stdio.h>
#include <string.h>

static bool is_choice(const struct field *f, struct str word)
{
	for (const struct choice *c = f->choices; c->value; c++)
		if (str_eqz(word, c->value))
			return true;
	return false;
}

static void test_tables_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; fix_resource(i); i++) {
		const struct resource *res = fix_resource(i);
		assert_true((res->moves != NULL) == (res->state != NULL));
		assert_null(res->moves ? move_at(res, MOVES_MAX) : NULL);
		for (const struct transition *m = res->moves; m && m->action; m++) {
			const struct field *f = resource_field(res, str_from(res->state));
			struct str from = str_from(m->from);
			assert_true(
				f && f->type == FT_ENUM && f->flags & (F_READONLY | F_CREATE_ONLY) && f->def);
			assert_true(is_choice(f, str_from(m->to)));
			assert_non_null(m->label.zh);
			assert_string_not_equal(m->action, "purge");
			assert_string_not_equal(m->action, "delete");
			assert_string_not_equal(m->action, "restore");
			assert_string_not_equal(m->action, "reveal");
			while (from.n)
				assert_true(is_choice(f, str_cut(&from, ' ')));
		}
	}
}

static const char *state_of(struct model_fix *fix, const struct resource *res, int64_t id, char *dst)
{
	json_t *record = fix_get(fix, res, id);
	snprintf(dst, 64, "%s", js_str(record, res->state, ""));
	json_decref(record);
	return dst;
}

/* From every state each action either leads where the table says or is refused. */
static void try_all(struct model_fix *fix, const struct resource *res, int64_t id, const char *from)
{
	const struct transition *at;
	char now[64];
	CLEANUP(mem_freep)
	char *reset = mem_printf("UPDATE %s SET %s = '%s' WHERE id = %lld", res->table,
		field_column(resource_field(res, str_from(res->state))), from, (long long)id);
	for (size_t n = 0; (at = move_at(res, n)); n++) {
		const struct transition *m = move_from(res, from, at->action);
		assert_int_equal(fix_sql(fix, reset), 0);
		json_t *record = fix_get(fix, res, id);
		bool told = false;
		size_t i;
		json_t *action;
		json_array_foreach (json_object_get(record, "actions"), i, action)
			told = told || strcmp(json_string_value(action), at->action) == 0;
		json_decref(record);
		assert_int_equal(told, m != NULL);
		assert_int_equal(fix_move(fix, res, id, at->action), m ? 0 : -E_STATE);
		assert_string_equal(state_of(fix, res, id, now), m ? m->to : from);
	}
	assert_int_equal(fix_move(fix, res, id, "nonsense"), -E_STATE);
}

static void test_every_table_moves_as_it_says(void **state)
{
	struct model_fix *fix = *state;
	for (size_t i = 0; fix_resource(i); i++) {
		const struct resource *res = fix_resource(i);
		int64_t id = 0;
		if (!res->moves || !(res->can & RES_CREATE))
			continue;
		assert_int_equal(fix_create(fix, res, fix_body(fix, res), &id), 0);
		assert_int_equal(
			fix_update(fix, res, id, 0, json_pack("{s:s}", res->state, res->moves[0].to)),
			-E_INVALID);
		assert_true(fix_names(&fix->faults, res->state, "read_only"));
		const struct choice *c = resource_field(res, str_from(res->state))->choices;
		for (; c->value; c++)
			try_all(fix, res, id, c->value);
	}
}

static void test_a_guard_says_why_not(void **state)
{
	struct model_fix *fix = *state;
	const struct resource *res = &sample_resource;
	int64_t id = 0;
	json_t *body = fix_body(fix, res);
	json_object_set_new(body, "note", json_null());
	assert_int_equal(fix_create(fix, res, body, &id), 0);
	assert_int_equal(fix_move(fix, res, id, "end"), -E_STATE);
	assert_true(fix_names(&fix->faults, "note", "required"));
	json_t *record = fix_get(fix, res, id);
	assert_int_equal(json_array_size(json_object_get(record, "actions")), 1);
	json_decref(record);
	assert_int_equal(fix_update(fix, res, id, 0, json_pack("{s:s}", "note", "over")), 0);
	assert_int_equal(fix_move(fix, res, id, "end"), 0);
	json_t *page = fix_list(fix, &audit_resource, &fix_admin, "sort=-id", "limit=1", NULL);
	json_t *row = json_array_get(json_object_get(page, "items"), 0);
	assert_string_equal(js_str(row, "action", ""), "end");
	json_t *pair = json_object_get(json_object_get(row, "changes"), "stage");
	assert_string_equal(json_string_value(json_array_get(pair, 1)), "ended");
	json_decref(page);
}

static void test_computed_fields(void **state)
{
	struct model_fix *fix = *state;
	const struct resource *res = &sample_resource;
	int64_t id = 0, other = 0;
	json_t *body = fix_body(fix, res), *parts = json_object_get(body, "parts");
	json_object_set_new(json_array_get(parts, 0), "weight", json_real(1.5));
	json_object_set_new(json_array_get(parts, 1), "weight", json_real(0.25));
	assert_int_equal(fix_create(fix, res, body, &id), 0);
	assert_int_equal(fix_create(fix, res, fix_body(fix, res), &other), 0);
	assert_int_equal(fix_update(fix, res, id, 0, json_pack("{s:s}", "note", "once more")), 0);
	json_t *record = fix_get(fix, res, id);
	assert_int_equal(js_int(record, "age", 0), 20);
	assert_int_equal(js_int(record, "weigh", 0), 1750);
	json_decref(record);
	assert_int_equal(fix_update(fix, res, id, 0, json_pack("{s:i}", "age", 1)), -E_INVALID);
	static const struct {
		const char *query;
		int64_t n;
	} cases[] = { { "age=20", 1 }, { "age.min=11", 1 }, { "age.max=30", 2 }, { "sort=-age", 2 },
		{ "sort=weigh", -1 }, { "weigh=1750", -1 }, { "weigh.min=1", -1 } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		json_t *page = fix_list(fix, res, &fix_admin, cases[i].query, NULL);
		assert_int_equal(page ? js_int(page, "total", -2) : -1, cases[i].n);
		json_decref(page);
	}
	json_t *page = fix_list(fix, res, &fix_admin, "sort=-age", "limit=1", NULL);
	assert_int_equal(js_id(json_array_get(json_object_get(page, "items"), 0), "id"), id);
	CLEANUP(mem_freep) char *cursor = mem_printf("cursor=%s", js_str(page, "next", ""));
	json_t *next = fix_list(fix, res, &fix_admin, "sort=-age", "limit=1", cursor, NULL);
	assert_int_equal(js_id(json_array_get(json_object_get(next, "items"), 0), "id"), other);
	json_decref(page);
	json_decref(next);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_sound),
		T(test_every_table_moves_as_it_says),
		T(test_a_guard_says_why_not),
		T(test_computed_fields),
	};
	return unit_run(tests);
}
