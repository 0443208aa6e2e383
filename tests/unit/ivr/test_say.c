/* Numbers as prompts, and that the demo has a text for each of them. */
#include "ivr/say.h"
#include "unit.h"

#include "base/buf.h"
#include "base/js.h"
#include "base/mem.h"

#include <string.h>

static const struct {
	unsigned number;
	const char *zh, *en;
} numbers[] = {
	{ 0, "0", "0" },
	{ 2, "2", "2" },
	{ 10, "10", "10" },
	{ 12, "10 2", "12" },
	{ 20, "2 10", "20" },
	{ 99, "9 10 9", "90 9" },
	{ 100, "1 100", "1 100" },
	{ 105, "1 100 0 5", "1 100 5" },
	{ 110, "1 100 1 10", "1 100 10" },
	{ 1005, "1 1000 0 5", "1 1000 5" },
	{ 1050, "1 1000 0 5 10", "1 1000 50" },
	{ 9999, "9 1000 9 100 9 10 9", "9 1000 9 100 90 9" },
};

static void check_texts(const struct say *say, const char *language)
{
	json_error_t error;
	json_t *rows = json_load_file(LX_SOURCE_DIR "/standard/sentences.json", 0, &error);
	assert_non_null(rows);
	for (size_t i = 0; i < say->n; i++) {
		bool found = false;
		for (size_t k = 0; !found && k < json_array_size(rows); k++) {
			const json_t *row = json_array_get(rows, k);
			found = strcmp(js_str(row, "name", ""), say->prompts[i]) == 0 &&
				strcmp(js_str(row, "language", ""), language) == 0 &&
				*js_str(row, "text", "");
		}
		if (!found)
			print_error("no text for %s in %s\n", say->prompts[i], language);
		assert_true(found);
	}
	json_decref(rows);
}

static void says(const struct say *say, const char *language, const char *prefix, const char *expected)
{
	struct buf b;
	buf_init(&b, 4096);
	for (size_t i = 0; i < say->n; i++) {
		const char *name = say->prompts[i];
		size_t n = strlen(prefix);
		buf_printf(&b, "%s%s", i ? " " : "", strncmp(name, prefix, n) == 0 ? name + n : name);
	}
	assert_string_equal(b.p, expected);
	buf_done(&b);
	check_texts(say, language);
}

static void numbers_compose(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct say zh = { .n = 0 }, en = { .n = 0 };
		say_number(&zh, "zh-CN", numbers[i].number);
		says(&zh, "zh-CN", "number.", numbers[i].zh);
		say_number(&en, "en", numbers[i].number);
		says(&en, "en", "number.", numbers[i].en);
	}
	struct say large = { .n = 0 };
	say_number(&large, "zh-CN", 10086);
	says(&large, "zh-CN", "digit.", "1 0 0 8 6");
}

static void places_in_the_queue(void **state)
{
	(void)state;
	static const struct {
		const char *language;
		size_t position;
		int64_t wait_ms;
		const char *expected;
	} cases[] = {
		{ "zh-CN", 1, -1, "next" },
		{ "zh-CN", 3, -1, "before number.liang persons" },
		{ "zh-CN", 13, 60000, "before number.10 number.2 persons wait_short" },
		{ "zh-CN", 2, 60001, "before number.1 person wait number.liang minutes" },
		{ "en", 2, 600000, "before number.1 person wait number.10 minutes" },
		{ "zh-CN", 0, 60000, "wait_short" },
		{ "en", 22, 3600001, "before number.20 number.1 persons wait_long" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct say say = { .n = 0 };
		say_position(&say, cases[i].language, cases[i].position, cases[i].wait_ms);
		says(&say, cases[i].language, "queue.", cases[i].expected);
	}
}

static void agents_digit_by_digit(void **state)
{
	(void)state;
	struct say zh = { .n = 0 }, en = { .n = 0 };
	say_agent(&zh, "zh-CN", "8001");
	says(&zh, "zh-CN", "digit.", "8 0 0 1 agent.after");
	say_agent(&en, "en-GB", "8012");
	says(&en, "en", "digit.", "agent.before 8 0 1 2");
}

static void what_does_not_fit_is_dropped(void **state)
{
	(void)state;
	struct say say = { .n = 0 };
	say_digits(&say, "en", "0123456789 0123456789 0123456789 0123456789");
	assert_int_equal(say.n, SAY_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_compose),
		cmocka_unit_test(places_in_the_queue),
		cmocka_unit_test(agents_digit_by_digit),
		cmocka_unit_test(what_does_not_fit_is_dropped),
	};
	return unit_run(tests);
}
