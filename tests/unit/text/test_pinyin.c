/* Keys by which names are sorted. */
#include "unit.h"

#include "base/mem.h"
#include "text/pinyin.h"

#include <string.h>

static char *key_of(const char *text)
{
	struct buf b;
	buf_init(&b, 4096);
	pinyin_sort_key(&b, str_from(text));
	buf_addc(&b, '\0');
	return buf_take(&b);
}

/* Each row stands before the next. */
static const char *const dictionary[] = {
	"12 Monkeys",
	"99",
	"阿杜",
	"Alice",
	"安然",
	"Bob",
	"陈达",
	"陈小",
	"李四",
	"Lisa",
	"单田芳", /* shan, not dan */
	"王五",
	"詹姆", /* zhan before zhang */
	"张三",
	"张伟",
	"章三", /* one surname stands together */
	"Zoë",
	"左思",
};

static void test_order(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < ARRAY_LEN(dictionary); i++) {
		CLEANUP(mem_freep) char *a = key_of(dictionary[i]);
		CLEANUP(mem_freep) char *b = key_of(dictionary[i + 1]);
		if (strcmp(a, b) >= 0)
			fail_msg("%s (%s) does not stand before %s (%s)", dictionary[i], a, dictionary[i + 1],
				b);
	}
}

static void test_keys(void **state)
{
	static const struct {
		const char *text, *key;
	} rows[] = {
		{ "张三", "zhang1张 san1三" },
		{ "朴 树", "piao2朴 shu4树" },
		{ " Ann-Marie ", "ann marie" },
		{ "吕A1", "lv3吕 a1" },
		{ "ANN", "ann" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_freep) char *key = key_of(rows[i].text);
		assert_string_equal(key, rows[i].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_order), cmocka_unit_test(test_keys) };
	return unit_run(tests);
}
