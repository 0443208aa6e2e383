/* Names that may be one person's. */
#include "unit.h"

#include "base/mem.h"
#include "text/alike.h"

static void test_names(void **state)
{
	static const struct {
		const char *a, *b;
		bool alike;
	} cases[] = {
		{ "张三", "张三", true },
		{ "李丽", "李莉", true },
		{ "张三", "章三", true },
		{ "单田芳", "Shan Tianfang", true },
		{ "张三", "张四", false },
		{ "张三", "张三丰", false },
		{ "王伟", "王薇", true },
		{ "Jon Smith", "John Smith", true },
		{ "José García", "JOSE GARCIA", true },
		{ "John Smith", "Jane Smith", false },
		{ "Ann", "Anna", false },
		{ "", "", false },
		{ "张三", "", false },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool alike = names_are_alike(str_from(cases[i].a), str_from(cases[i].b));
		if (alike != cases[i].alike ||
			alike != names_are_alike(str_from(cases[i].b), str_from(cases[i].a)))
			fail_msg("\"%s\" and \"%s\"", cases[i].a, cases[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names) };
	return unit_run(tests);
}
