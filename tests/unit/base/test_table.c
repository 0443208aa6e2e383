/* Hash table: many nodes through several growths, removal, equal keys, borders of the strings. */
#include "base/mem.h"
#include "base/table.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define MANY 3000

struct item {
	struct table_node node;
	char name[24];
};

static struct table_key key_of(const struct table *t, const char *a, const char *b)
{
	struct str parts[2] = { str_from(a), str_from(b) };
	return table_key(t, parts, 2);
}

static struct item *find(const struct table *t, const char *a, const char *b)
{
	struct table_key key = key_of(t, a, b);
	struct table_node *node = table_find(t, &key);
	return node ? CONTAINER_OF(node, struct item, node) : NULL;
}

static void finds_each_through_growth_and_removal(void **state)
{
	(void)state;
	struct table t;
	struct item *items = mem_array(MANY, sizeof(struct item));
	table_init(&t);
	for (int i = 0; i < MANY; i++) {
		snprintf(items[i].name, sizeof(items[i].name), "call-%d", i);
		struct table_key key = key_of(&t, items[i].name, "x");
		table_add(&t, &items[i].node, &key);
	}
	for (int i = 0; i < MANY; i += 2) {
		table_remove(&t, &items[i].node);
		table_remove(&t, &items[i].node);
	}
	assert_int_equal(t.n, MANY / 2);
	for (int i = 0; i < MANY; i++)
		assert_ptr_equal(find(&t, items[i].name, "x"), i % 2 ? &items[i] : NULL);
	struct table_node *node;
	while ((node = table_any(&t)))
		table_remove(&t, node);
	assert_int_equal(t.n, 0);
	table_done(&t);
	free(items);
}

static void borders_of_the_strings_count(void **state)
{
	(void)state;
	struct table t;
	struct item item = { 0 };
	table_init(&t);
	struct table_key key = key_of(&t, "ab", "c");
	table_add(&t, &item.node, &key);
	assert_null(find(&t, "a", "bc"));
	assert_null(find(&t, "abc", ""));
	assert_ptr_equal(find(&t, "ab", "c"), &item);
	table_remove(&t, &item.node);
	table_done(&t);
}

static void latest_of_equal_keys_comes_first(void **state)
{
	(void)state;
	struct table t;
	struct item one = { 0 }, two = { 0 }, filler[200] = { 0 };
	table_init(&t);
	struct table_key key = key_of(&t, "a", "b");
	table_add(&t, &one.node, &key);
	table_add(&t, &two.node, &key);
	for (size_t i = 0; i < ARRAY_LEN(filler); i++) {
		snprintf(filler[i].name, sizeof(filler[i].name), "%zu", i);
		struct table_key other = key_of(&t, filler[i].name, "");
		table_add(&t, &filler[i].node, &other);
	}
	assert_ptr_equal(table_find(&t, &key), &two.node);
	assert_ptr_equal(table_find_next(&two.node), &one.node);
	assert_null(table_find_next(&one.node));
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_through_growth_and_removal),
		cmocka_unit_test(borders_of_the_strings_count),
		cmocka_unit_test(latest_of_equal_keys_comes_first),
	};
	return unit_run(tests);
}
