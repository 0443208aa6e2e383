/* The documents printed from the tables are those that stand in the tree. */
#include "unit.h"

#include "base/mem.h"
#include "desk/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES ((size_t)4 << 20)

static void read_file(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");
	char part[4096];
	size_t n;
	while (file && (n = fread(part, 1, sizeof(part), file)) > 0)
		buf_add(out, part, n);
	if (file)
		fclose(file);
}

static void assert_fresh(const char *what, const char *file)
{
	struct buf printed, stored;
	CLEANUP(mem_freep) char *path = mem_printf("%s/%s", LX_SOURCE_DIR, file);
	buf_init(&printed, MAX_BYTES);
	buf_init(&stored, MAX_BYTES);
	assert_int_equal(desk_print(what, &printed), 0);
	read_file(path, &stored);
	if (!str_eq(buf_str(&printed), buf_str(&stored)))
		fail_msg("%s is stale: build/lingxi print %s > %s", file, what, file);
	buf_done(&printed);
	buf_done(&stored);
}

static void test_openapi(void **state)
{
	(void)state;
	assert_fresh("openapi", "docs/api/openapi.json");
}

static void test_types(void **state)
{
	(void)state;
	assert_fresh("ts", "web/src/api/types.ts");
}

static void test_answers(void **state)
{
	(void)state;
	assert_fresh("answers", "web/src/api/answers.ts");
}

static void test_reference(void **state)
{
	(void)state;
	assert_fresh("md", "docs/api/reference.md");
}

static void test_no_other(void **state)
{
	struct buf out;
	(void)state;
	buf_init(&out, MAX_BYTES);
	assert_int_equal(desk_print("nonsense", &out), -E_NOT_FOUND);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openapi),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_no_other),
	};
	return unit_run(tests);
}
