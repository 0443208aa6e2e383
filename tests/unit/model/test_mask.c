/* Masked fields: what somebody without the right to see them in clear sees, asks, sends back and reveals. */
#include "model_fix.h"

#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct visit {
	struct model_fix *fix;
	struct rights *rights;
	struct actor actor; /* may do all with customers but see them in clear */
	int64_t id;         /* of the customer */
	json_t *body, *answer;
};

static void visit_begin(struct visit *v, struct model_fix *fix, const char *more)
{
	static const char *const rights[] = { "customer.update", "customer.create", "audit.read" };
	*v = (struct visit){ .fix = fix };
	int64_t user = fix_user(fix, "looker", 0, "customer.read", "all");
	for (size_t i = 0; i <= ARRAY_LEN(rights); i++) {
		const char *right = i < ARRAY_LEN(rights) ? rights[i] : more;
		CLEANUP(mem_freep)
		char *sql = right
			? mem_printf("INSERT INTO role_grant (id, parent, position, right_name, scope)"
				     " SELECT %zu, role, %zu, '%s', 'all' FROM user_role WHERE parent"
				     " = %lld",
				  900 + i, 10 + i, right, (long long)user)
			: mem_strdup("SELECT 1");
		assert_int_equal(fix_sql(fix, sql), 0);
	}
	struct db *db = store_reader(fix->store);
	assert_int_equal(rights_load(db, user, &v->rights), 0);
	store_reader_return(fix->store, db);
	v->actor = (struct actor){ .user = user, .name = "looker", .rights = v->rights, .address = "::1" };
	json_t *body = json_pack("{s:s, s:[{s:s}, {s:s}]}", "name", "张三", "numbers", "number",
		"13800138000", "number", "8101");
	assert_int_equal(fix_create(fix, &customer_resource, body, &v->id), 0);
}

static void visit_end(struct visit *v)
{
	json_decref(v->answer);
	rights_unref(v->rights);
}

static json_t *read_it(struct visit *v, const struct actor *actor)
{
	json_t *record = NULL;
	struct db *db = store_reader(v->fix->store);
	assert_int_equal(model_get(db, &customer_resource, actor, v->id, &record), 0);
	store_reader_return(v->fix->store, db);
	return record;
}

static const char *number(const json_t *record, size_t i)
{
	return js_str(json_array_get(json_object_get(record, "numbers"), i), "number", "");
}

static void test_it_is_seen_in_part(void **state)
{
	struct visit v;
	visit_begin(&v, *state, NULL);
	json_t *record = read_it(&v, &v.actor);
	assert_string_equal(number(record, 0), "+86138****8000");
	assert_string_equal(number(record, 1), "****");
	json_decref(record);
	record = read_it(&v, &fix_admin);
	assert_string_equal(number(record, 0), "+8613800138000");
	json_decref(record);
	json_t *page = fix_list(v.fix, &customer_resource, &v.actor, NULL);
	char *text = js_print(page);
	assert_non_null(strstr(text, "+86138****8000"));
	assert_null(strstr(text, "00138"));
	free(text);
	json_decref(page);
	page = fix_list(v.fix, &audit_resource, &v.actor, "resource=customer", NULL);
	text = js_print(page);
	assert_non_null(strstr(text, "+86138****8000"));
	assert_null(strstr(text, "00138"));
	free(text);
	json_decref(page);
	visit_end(&v);
}

static void test_it_is_no_oracle(void **state)
{
	struct visit v;
	visit_begin(&v, *state, NULL);
	json_t *page = fix_list(v.fix, &customer_resource, &v.actor, "q=00138", NULL);
	assert_int_equal(js_int(page, "total", -1), 0);
	json_decref(page);
	page = fix_list(v.fix, &customer_resource, &fix_admin, "q=00138", NULL);
	assert_int_equal(js_int(page, "total", -1), 1);
	json_decref(page);
	assert_null(fix_list(v.fix, &customer_resource, &v.actor, "numbers.number=13800138000", NULL));
	page = fix_list(v.fix, &customer_resource, &fix_admin, "numbers.number=13800138000", NULL);
	assert_int_equal(js_int(page, "total", -1), 1);
	json_decref(page);
	visit_end(&v);
}

static int update(struct db *db, void *arg)
{
	struct visit *v = arg;
	struct change c = { .db = db,
		.ids = &v->fix->ids,
		.now_ms = clock_wall_ms(),
		.actor = &v->actor,
		.faults = &v->fix->faults };
	return model_update(&c, &customer_resource, v->id, 0, v->body);
}

static int try_update(struct visit *v, json_t *body)
{
	int err = model_draft(&customer_resource, body, false, &v->body, &v->fix->faults);
	json_decref(body);
	if (err)
		return err;
	err = store_write(v->fix->store, STORE_PEOPLE, update, v);
	json_decref(v->body);
	return err;
}

static void test_a_mask_sent_back_changes_nothing(void **state)
{
	struct visit v;
	visit_begin(&v, *state, NULL);
	json_t *record = read_it(&v, &v.actor), *numbers = json_object_get(record, "numbers");
	json_array_append_new(numbers, json_pack("{s:s}", "number", "13900139000"));
	assert_int_equal(try_update(&v, json_pack("{s:s, s:O}", "name", "李四", "numbers", numbers)), 0);
	json_t *now = read_it(&v, &fix_admin);
	assert_string_equal(number(now, 0), "+8613800138000");
	assert_string_equal(number(now, 1), "8101");
	assert_string_equal(number(now, 2), "+8613900139000");
	json_decref(now);
	js_set_str(json_array_get(numbers, 0), "number", "+86139****8000");
	assert_int_equal(try_update(&v, json_pack("{s:O}", "numbers", numbers)), -E_INVALID);
	assert_true(fix_names(&v.fix->faults, "numbers[0].number", "masked"));
	json_decref(record);
	json_t *body = json_pack("{s:s, s:[{s:s}]}", "name", "x", "numbers", "number", "+86138****8000");
	assert_int_equal(fix_create(v.fix, &customer_resource, body, NULL), -E_INVALID);
	assert_true(fix_names(&v.fix->faults, "numbers[0].number", "masked"));
	visit_end(&v);
}

static int reveal(struct db *db, void *arg)
{
	struct visit *v = arg;
	struct change c = { .db = db,
		.ids = &v->fix->ids,
		.now_ms = clock_wall_ms(),
		.actor = &v->actor,
		.faults = &v->fix->faults };
	return model_reveal(&c, &customer_resource, v->id, v->body, &v->answer);
}

static int try_reveal(struct visit *v, const char *field, const char *reason)
{
	v->body = json_pack("{s:s, s:s}", "field", field, "reason", reason);
	v->fix->faults.n = 0;
	json_decref(v->answer);
	v->answer = NULL;
	int err = store_write(v->fix->store, STORE_PEOPLE, reveal, v);
	json_decref(v->body);
	return err;
}

static void test_one_at_a_time_with_a_reason(void **state)
{
	struct visit v;
	char path[64];
	visit_begin(&v, *state, "customer.reveal");
	json_t *record = read_it(&v, &v.actor);
	snprintf(path, sizeof(path), "numbers[%s].number",
		js_str(json_array_get(json_object_get(record, "numbers"), 0), "id", ""));
	json_decref(record);
	assert_int_equal(try_reveal(&v, path, "客户要求回电"), 0);
	assert_string_equal(js_str(v.answer, "value", ""), "+8613800138000");
	json_t *page = fix_list(v.fix, &audit_resource, &v.actor, "action=reveal", NULL);
	json_t *changes = json_object_get(json_array_get(json_object_get(page, "items"), 0), "changes");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(changes, "reason"), 1)), "客户要求回电");
	json_decref(page);
	assert_int_equal(try_reveal(&v, path, "  "), -E_INVALID);
	assert_true(fix_names(&v.fix->faults, "reason", "required"));
	static const char *const wrong[] = { "name", "numbers[1].number", "numbers", "nonsense", "numbers[",
		"" };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_int_equal(try_reveal(&v, wrong[i], "why"), -E_INVALID);
		assert_true(fix_names(&v.fix->faults, "field", "not_found"));
	}
	int n = 1;
	while (try_reveal(&v, path, "again") == 0)
		n++;
	assert_int_equal(n, 60);
	assert_int_equal(try_reveal(&v, path, "again"), -E_AGAIN);
	visit_end(&v);
}

static void test_the_right_is_needed(void **state)
{
	struct visit v;
	visit_begin(&v, *state, NULL);
	assert_int_equal(try_reveal(&v, "numbers[1].number", "why"), -E_FORBIDDEN);
	visit_end(&v);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_it_is_seen_in_part),
		T(test_it_is_no_oracle),
		T(test_a_mask_sent_back_changes_nothing),
		T(test_one_at_a_time_with_a_reason),
		T(test_the_right_is_needed),
	};
	return unit_run(tests);
}
