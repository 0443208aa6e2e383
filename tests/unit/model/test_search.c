/* What ?q= finds, in which order lists stand, and telephone numbers in any form; and records that were there
 * before all this. */
#include "model_fix.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/renew.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 12000

static int64_t customer(struct model_fix *fix, const char *name, const char *number)
{
	int64_t id = 0;
	json_t *numbers = number ? json_pack("[{s:s}]", "number", number) : json_array();
	assert_int_equal(fix_create(fix, &customer_resource,
				 json_pack("{s:s, s:o}", "name", name, "numbers", numbers), &id),
		0);
	return id;
}

/* Names on the page, with commas; the reference is the caller's. */
static char *names_of(const json_t *page)
{
	struct buf b;
	size_t i;
	json_t *item;
	buf_init(&b, 1 << 16);
	buf_addz(&b, "");
	json_array_foreach (json_object_get(page, "items"), i, item)
		buf_printf(&b, "%s%s", i ? "," : "", js_str(item, "name", ""));
	return buf_take(&b);
}

static void assert_found(struct model_fix *fix, const char *query, const char *names)
{
	json_t *page = fix_list(fix, &customer_resource, &fix_admin, query, "sort=name", NULL);
	assert_non_null(page);
	CLEANUP(mem_freep) char *found = names_of(page);
	if (strcmp(found ? found : "", names) != 0)
		fail_msg("%s found \"%s\", not \"%s\"", query, found, names);
	json_decref(page);
}

static void test_searches(void **state)
{
	static const struct {
		const char *query, *names;
	} cases[] = {
		{ "q=张三", "张三,张三丰" },
		{ "q=三丰", "张三丰" },
		{ "q=丰", "张三丰" },
		{ "q=zhangsan", "张三,张三丰" },
		{ "q=zs", "张三,张三丰" },
		{ "q=zsf", "张三丰" },
		{ "q=ZhangSanF", "张三丰" },
		{ "q=shan", "单田芳" },
		{ "q=dantian", "单田芳" },
		{ "q=garcia", "José García" },
		{ "q=8000", "张三" },
		{ "q=138 0013 8000", "张三" },
		{ "q=13800138000", "张三" },
		{ "q=8613800138000", "张三" },
		{ "q=010 8888", "张三丰" },
		{ "q=01088886666", "张三丰" },
		{ "q=1088886666", "张三丰" },
		{ "q=张 8888", "张三丰" },
		{ "q=张 8000", "张三" },
		{ "q=张 9999999", "" },
		{ "q=三张", "" },
		{ "q=%", "" },
		{ "q='; DROP TABLE customer; --", "" },
		{ "q=\" OR 1", "" },
	};
	struct model_fix *fix = *state;
	customer(fix, "张三", "138-0013-8000");
	customer(fix, "张三丰", "(010) 8888-6666 转 801");
	customer(fix, "单田芳", NULL);
	customer(fix, "José García", "10086");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_found(fix, cases[i].query, cases[i].names);
	json_t *page =
		fix_list(fix, &customer_resource, &fix_admin, "q=a b c d e f g h i j k l m n o p q", NULL);
	assert_null(page);
	assert_true(fix_names(&fix->faults, "q", "too_long"));
}

/* The index follows every change of a record, and of its children. */
static void test_changes_are_found(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = customer(fix, "王小明", "13900000001");
	assert_found(fix, "q=wxm", "王小明");
	assert_int_equal(fix_update(fix, &customer_resource, id, 0, json_pack("{s:s}", "name", "李小明")), 0);
	assert_found(fix, "q=wxm", "");
	assert_found(fix, "q=lxm", "李小明");
	assert_found(fix, "q=0000001", "李小明");
	assert_int_equal(fix_update(fix, &customer_resource, id, 0,
				 json_pack("{s:[{s:s}]}", "numbers", "number", "+86 137 1234 5678")),
		0);
	assert_found(fix, "q=0000001", "");
	assert_found(fix, "q=12345678", "李小明");
	assert_int_equal(fix_delete(fix, &customer_resource, id, 0), 0);
	assert_found(fix, "q=lxm", "");
}

static void test_numbers_have_one_form(void **state)
{
	static const char *const same[] = { "numbers.number=13800138000", "numbers.number=+86 138-0013-8000",
		"numbers.number=008613800138000", "numbers.number=013800138000" };
	struct model_fix *fix = *state;
	int64_t id = customer(fix, "张三", "0086 138 0013 8000");
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		assert_found(fix, same[i], "张三");
	assert_null(fix_list(fix, &customer_resource, &fix_admin, "numbers.number=abc", NULL));
	json_t *body = json_pack("{s:[{s:s}, {s:s}, {s:s, s:s}]}", "numbers", "number", "010-88886666转801",
		"number", "95555", "number", "021 6666 8888 x 12", "extension", "99");
	assert_int_equal(fix_update(fix, &customer_resource, id, 0, body), 0);
	json_t *record = fix_get(fix, &customer_resource, id);
	const json_t *numbers = json_object_get(record, "numbers");
	static const char *const shown[][2] = { { "+861088886666", "801" }, { "95555", "" },
		{ "+862166668888", "99" } };
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		assert_string_equal(js_str(json_array_get(numbers, i), "number", ""), shown[i][0]);
		assert_string_equal(js_str(json_array_get(numbers, i), "extension", ""), shown[i][1]);
	}
	json_decref(record);
	/* two ways of writing are one number */
	body = json_pack("{s:s, s:[{s:s}, {s:s}]}", "name", "x", "numbers", "number", "13800138000", "number",
		"+8613800138000");
	assert_int_equal(fix_create(fix, &customer_resource, body, NULL), -E_INVALID);
	assert_true(fix_names(&fix->faults, "numbers", "taken"));
}

/* All pages of a list; no record twice. Gives how many, and the first name. */
static size_t all_pages(struct model_fix *fix, const char *query, const char *sort, char *ret_first)
{
	size_t n = 0;
	char cursor[512] = "";
	int64_t last = 0;
	do {
		json_t *page = fix_list(fix, &customer_resource, &fix_admin, query, "limit=500", sort,
			*cursor ? cursor : NULL, NULL);
		assert_non_null(page);
		const json_t *items = json_object_get(page, "items");
		if (!n)
			snprintf(ret_first, 64, "%s", js_str(json_array_get(items, 0), "name", ""));
		for (size_t i = 0; i < json_array_size(items); i++, n++) {
			int64_t id = js_id(json_array_get(items, i), "id");
			assert_true(id != last);
			last = id;
		}
		const char *next = js_str(page, "next", NULL);
		if (next)
			snprintf(cursor, sizeof(cursor), "cursor=%s", next);
		else
			cursor[0] = '\0';
		json_decref(page);
	} while (*cursor);
	return n;
}

/* More than is counted: the newest come first, or the order that was asked for, and paging misses none. */
static void test_very_much_is_found(void **state)
{
	struct model_fix *fix = *state;
	char first[64];
	customer(fix, "白一", NULL);
	assert_int_equal(
		fix_sql(fix,
			"INSERT INTO customer (id, version, created, updated, name, tier, language,"
			" search, name_key) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 12000) SELECT 1000 + i, 1, i, i, '客户' || i, 'normal', 'zh-CN',"
			" ' 客户 户 kehu kh ' || (CASE WHEN i % 100 = 0 THEN '百 ' ELSE '' END),"
			" 'ke4客 hu4户' || (100000 + i) FROM n"),
		0);
	json_t *page = fix_list(fix, &customer_resource, &fix_admin, "q=客户", NULL);
	assert_int_equal(js_int(page, "total", 0), 10001);
	assert_string_equal(
		js_str(json_array_get(json_object_get(page, "items"), 0), "name", ""), "客户12000");
	json_decref(page);
	assert_int_equal(all_pages(fix, "q=客户", "tier=normal", first), MANY);
	assert_string_equal(first, "客户12000");
	assert_int_equal(all_pages(fix, "q=kh", "sort=name", first), MANY);
	assert_string_equal(first, "客户1");
	assert_int_equal(all_pages(fix, "q=kehu", "sort=-name", first), MANY);
	assert_string_equal(first, "客户12000");
	assert_int_equal(all_pages(fix, "q=kehu", "sort=-tier", first), MANY);
	assert_int_equal(all_pages(fix, "q=kehu 百", "sort=name", first), MANY / 100);
	assert_string_equal(first, "客户100");
	assert_int_equal(all_pages(fix, "q=bai", "sort=name", first), 1);
}

static void test_names_are_sorted_as_in_a_dictionary(void **state)
{
	static const char *const names[] = { "张三", "阿里", "单田芳", "Bob", "陈二", "张伟", "章三",
		"安宁" };
	struct model_fix *fix = *state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		customer(fix, names[i], NULL);
	json_t *page = fix_list(fix, &customer_resource, &fix_admin, "sort=name", NULL);
	CLEANUP(mem_freep) char *found = names_of(page);
	assert_string_equal(found, "阿里,安宁,Bob,陈二,单田芳,张三,张伟,章三");
	json_decref(page);
}

struct renew_work {
	struct renewal renewal;
	size_t steps;
	bool beside; /* somebody else writes as much between the steps */
};

static int write_beside(struct db *db, size_t step)
{
	int64_t id = 1000 + 2 * (int64_t)step;
	return db_run(db,
		"INSERT INTO customer (id, version, created, updated, name, tier, language) VALUES ($1, 1, "
		"1, 1,"
		" 'x', 'gold', 'en'), ($2, 1, 1, 1, 'y', 'gold', 'en')",
		ARGS(V_INT(id), V_INT(id + 1)));
}

static int renew(struct db *db, void *arg)
{
	struct renew_work *w = arg;
	bool done = false;
	int err = renewal_is_done(db, &done);
	for (; !done && !err; w->steps++) {
		bool last = w->renewal.resource == resources_n;
		err = renewal_step(db, &w->renewal, 2);
		if (!err && w->beside)
			err = write_beside(db, w->steps);
		done = last;
		if (!err && w->steps == 500)
			err = -E_LIMIT;
	}
	if (!err)
		err = renewal_is_done(db, &done);
	assert_true(err || done);
	return err;
}

/* It ends although there are more records after each step than before. */
static void test_renewal_ends(void **state)
{
	struct model_fix *fix = *state;
	struct renew_work w = { .beside = true };
	assert_int_equal(store_write(fix->store, STORE_BATCH, renew, &w), 0);
}

/* What an older version has written is found, sorted and compared after the upgrade. */
static void test_old_records_are_renewed(void **state)
{
	struct model_fix *fix = *state;
	customer(fix, "新客户", "13800000009");
	static const char *const old[] = {
		"INSERT INTO customer (id, version, created, updated, name, tier, language) VALUES"
		" (11, 1, 1, 1, '张三', 'gold', 'zh-CN'), (12, 1, 1, 1, '李四', 'normal', 'zh-CN'),"
		" (13, 1, 1, 1, '王五', 'normal', 'zh-CN')",
		"INSERT INTO customer_number (id, parent, position, number) VALUES (21, 11, 0, "
		"'13800138000'),"
		" (22, 11, 1, '+8613800138000'), (23, 12, 0, '010-88886666转5'), (24, 13, 0, 'nonsense')",
		"INSERT INTO interaction (id, version, created, updated, node, boot, channel, direction,"
		" from_number, to_number, phase, started, flow_ms, wait_ms, ring_ms, talk_ms, hold_ms, "
		"wrap_up_ms,"
		" started_mono, ends, offers) VALUES (31, 1, 1, 1, 1, 1, 'voice', 'inbound', '013800138000', "
		"'400',"
		" 'ended', 1, 0, 0, 0, 0, 0, 0, 1, 1, 0), (32, 1, 1, 1, 1, 1, 'voice', 'outbound', '8001',"
		" '13800138000', 'ended', 1, 0, 0, 0, 0, 0, 0, 1, 1, 0)",
	};
	for (size_t i = 0; i < ARRAY_LEN(old); i++)
		assert_int_equal(fix_sql(fix, old[i]), 0);
	assert_found(fix, "q=zs", "");
	struct renew_work w = { .steps = 0 };
	assert_int_equal(store_write(fix->store, STORE_BATCH, renew, &w), 0);
	assert_true(w.renewal.renewed >= 5);
	assert_found(fix, "q=zs", "张三");
	assert_found(fix, "q=8888", "李四");
	assert_found(fix, "numbers.number=13800138000", "张三");
	assert_found(fix, "numbers.number=01088886666", "李四");
	assert_found(fix, "q=ww", "王五");
	json_t *record = fix_get(fix, &customer_resource, 11);
	assert_int_equal(json_array_size(json_object_get(record, "numbers")), 1);
	json_decref(record);
	record = fix_get(fix, &customer_resource, 12);
	assert_string_equal(
		js_str(json_array_get(json_object_get(record, "numbers"), 0), "extension", ""), "5");
	json_decref(record);
	json_t *page = fix_list(fix, &interaction_resource, &fix_admin, "party=13800138000", NULL);
	assert_int_equal(js_int(page, "total", 0), 2);
	json_decref(page);
	page = fix_list(fix, &interaction_resource, &fix_admin, "q=8613800", NULL);
	assert_int_equal(js_int(page, "total", 0), 2);
	json_decref(page);
	/* once is enough */
	w = (struct renew_work){ .steps = 0 };
	assert_int_equal(store_write(fix->store, STORE_BATCH, renew, &w), 0);
	assert_int_equal(w.steps, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, model_setup, model_teardown)
	const struct CMUnitTest tests[] = {
		T(test_searches),
		T(test_changes_are_found),
		T(test_numbers_have_one_form),
		T(test_very_much_is_found),
		T(test_names_are_sorted_as_in_a_dictionary),
		T(test_renewal_ends),
		T(test_old_records_are_renewed),
	};
	return unit_run(tests);
}
