/* What search finds: the tokens of texts, what a search becomes, and that each search finds what it should
 * and nothing else. */
#include "unit.h"

#include "base/mem.h"
#include "text/tokens.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *text, *tokens;
} columns[] = {
	{ "", " " },
	{ "  —，！ ", " " },
	{ "张三丰", " 张三 三丰 丰 zhangsanfeng zsf sanfeng sf feng f " },
	{ "张", " 张 zhang z " },
	{ "13800", " 138 380 800 00 0 " },
	{ "13", " 13 3 " },
	{ "７", " 7 " },
	{ "José García-Núñez", " jose garcia nunez " },
	{ "Straße Æsir", " strasse aesir " },
	{ "ＡＢＣ", " abc " },
	{ "A380机", " a380 380 80 0 机 ji j " },
	{ "zhang.san@example.com", " zhang san example com " },
	{ "Алексей ΣΙΣΥ", " алексей σισυ " },
	{ "さくら", " さく くら ら " },
	{ "李さ", " 李さ さ li l " },
	{ "\xff张\xe5", " 张 zhang z " },
	{ "e\xcc\x81t\xc3\xa9", " ete " },
	{ "\xcc\x81", " " },
	{ "吕布", " 吕布 布 lvbu lb lubu bu b " },
};

static void test_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct buf b;
		buf_init(&b, 4096);
		buf_addc(&b, ' ');
		tokens_add(&b, str_from(columns[i].text));
		assert_string_equal(b.p, columns[i].tokens);
		buf_done(&b);
	}
}

/* Whether the search finds the text, by what LIKE would say. */
static bool finds(const char *query, const char *text)
{
	struct terms terms;
	struct buf column, like;
	bool found = true;
	buf_init(&column, 1 << 20);
	buf_init(&like, 4096);
	buf_addc(&column, ' ');
	tokens_add(&column, str_from(text));
	assert_int_equal(terms_parse(str_from(query), &terms), 0);
	for (size_t i = 0; i < terms.n; i++) {
		buf_reset(&like);
		term_print_like(&terms.list[i], &like);
		size_t n = like.n - 1 - (like.p[like.n - 1] == '%'); /* without the signs of LIKE */
		CLEANUP(mem_freep) char *needle = mem_strndup(like.p + 1, n);
		if (terms.list[i].is_prefix)
			assert_true(like.p[like.n - 1] == '%');
		found = found && strstr(column.p, needle);
	}
	buf_done(&column);
	buf_done(&like);
	return found && terms.n;
}

static const struct {
	const char *query, *text;
	bool found;
} searches[] = {
	{ "张三", "张三", true },
	{ "三丰", "张三丰", true },
	{ "张丰", "张三丰", false },
	{ "丰", "张三丰", true },
	{ "三", "张三丰", true },
	{ "zhangsan", "张三", true },
	{ "ZhangS", "张三", true },
	{ "zs", "张三", true },
	{ "sanfeng", "张三丰", true },
	{ "angsan", "张三", false },
	{ "张 zs", "张三", true },
	{ "张 ls", "张三", false },
	{ "8000", "13800138000", true },
	{ "380 013", "13800138000", true },
	{ "1380013800", "13800138000", true },
	{ "13800138001", "13800138000", false },
	{ "00", "13800138000", true },
	{ "9", "13800138000", false },
	{ "garcia", "José García", true },
	{ "jose garc", "José García", true },
	{ "cia", "José García", false },
	{ "a380", "空客A380", true },
	{ "380", "空客A380", true },
	{ "", "张三", false },
	{ "%_'\"\\", "张三 %_'\"\\", false },
	/* surnames that are read otherwise than the character is elsewhere: both ways are typed */
	{ "shantianfang", "单田芳", true },
	{ "dantianfang", "单田芳", true },
	{ "stf", "单田芳", true },
	{ "zengzhiwei", "曾志伟", true },
	{ "cengzhiwei", "曾志伟", true },
	{ "xiexiaodong", "解晓东", true },
	{ "jiexiaodong", "解晓东", true },
	{ "qiuying", "仇英", true },
	{ "zhaliangyong", "查良镛", true },
	{ "chaliangyong", "查良镛", true },
	{ "ouwei", "区伟", true },
	{ "piaoshu", "朴树", true },
	{ "pushu", "朴树", true },
	{ "miaoxiao", "缪晓", true },
	{ "qinhai", "覃海", true },
	{ "tanhai", "覃海", true },
	{ "kanze", "阚泽", true },
	{ "zhangsunwuji", "长孙无忌", true },
	{ "yuchigong", "尉迟恭", true },
	{ "renzhengfei", "任正非", true },
	{ "huawei", "华为", true },
	/* characters of two readings anywhere */
	{ "chongqing", "重庆", true },
	{ "yinhang", "银行", true },
	{ "xiamen", "厦门", true },
	{ "zhangyue", "张乐", true },
	{ "zhangle", "张乐", true },
	{ "lvbu", "吕布", true },
	{ "lubu", "吕布", true },
	{ "xingdan", "姓单", true },
	{ "xingshan", "姓单", false }, /* a surname only where a name begins */
	/* long names: eight characters are read together, from each one on */
	{ "beijingshoudu", "北京首都国际机场股份有限公司", true },
	{ "gongsi", "北京首都国际机场股份有限公司", true },
	{ "国际机场", "北京首都国际机场股份有限公司", true },
	{ "gjjc", "北京首都国际机场股份有限公司", true },
};

static void test_searches(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(searches); i++)
		if (finds(searches[i].query, searches[i].text) != searches[i].found)
			fail_msg("\"%s\" in \"%s\" should be %s", searches[i].query, searches[i].text,
				searches[i].found ? "found" : "missed");
}

/* Every part of a number finds it, and nothing finds what only stands in two neighbours together. */
static void test_parts(void **state)
{
	const char *number = "8613912345670";
	char text[64], part[16];
	(void)state;
	for (size_t from = 0; number[from]; from++)
		for (size_t n = 1; n <= strlen(number) - from; n++) {
			snprintf(part, sizeof(part), "%.*s", (int)n, number + from);
			assert_true(finds(part, number));
		}
	snprintf(text, sizeof(text), "%.6s %s", number, number + 6);
	assert_true(finds("2345670", text));
	assert_false(finds("12345670", text));
	assert_false(finds("三丰王", "张三丰 王五"));
}

static const struct {
	const char *query, *fts5, *tsquery;
} queries[] = {
	{ "张三丰", "\"张三 三丰\"", "'张三' <-> '三丰'" },
	{ "zs 800", "\"zs\"* AND \"800\"", "'zs':* & '800'" },
	{ "张 8000", "\"张\"* AND \"800 000\"", "'张':* & '800' <-> '000'" },
	{ "x\" OR 'y", "\"x\"* AND \"or\"* AND \"y\"*", "'x':* & 'or':* & 'y':*" },
};

static void test_queries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct terms terms;
		struct buf b;
		buf_init(&b, 4096);
		assert_int_equal(terms_parse(str_from(queries[i].query), &terms), 0);
		terms_print_fts5(&terms, &b);
		assert_string_equal(b.p, queries[i].fts5);
		buf_reset(&b);
		terms_print_tsquery(&terms, &b);
		assert_string_equal(b.p, queries[i].tsquery);
		buf_done(&b);
	}
}

static void test_limits(void **state)
{
	struct terms terms;
	struct buf b;
	(void)state;
	assert_int_equal(terms_parse(STR("a b c d e f g h i j k l m n o p q"), &terms), -E_LIMIT);
	buf_init(&b, 1 << 16);
	for (int i = 0; i < 400; i++)
		buf_addz(&b, "中文7");
	assert_int_equal(terms_parse(buf_str(&b), &terms), -E_LIMIT);
	buf_reset(&b);
	for (int i = 0; i < 200; i++)
		buf_addz(&b, "中");
	assert_int_equal(terms_parse(buf_str(&b), &terms), 0);
	assert_int_equal(terms.n, 1);
	assert_true(strlen(terms.list[0].text) < sizeof(terms.list[0].text));
	assert_true(finds(b.p, b.p)); /* what was left out finds more, not less */
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_searches),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_limits),
	};
	return unit_run(tests);
}
