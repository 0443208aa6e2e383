/* Telephone numbers as people write them. */
#include "unit.h"

#include "base/mem.h"
#include "text/phone.h"
#include "text/phone_library.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *text, *number, *extension, *dialled;
} chinese[] = {
	{ "13800138000", "+8613800138000", "", "13800138000" },
	{ "138 0013 8000", "+8613800138000", "", "13800138000" },
	{ "138-0013-8000", "+8613800138000", "", "13800138000" },
	{ "+86 138 0013 8000", "+8613800138000", "", "13800138000" },
	{ "008613800138000", "+8613800138000", "", "13800138000" },
	{ "8613800138000", "+8613800138000", "", "13800138000" },
	{ "013800138000", "+8613800138000", "", "13800138000" },
	{ "１３８００１３８０００", "+8613800138000", "", "13800138000" },
	{ "＋86（138）00138000", "+8613800138000", "", "13800138000" },
	{ "(010) 8888-6666 转 801", "+861088886666", "801", "01088886666" },
	{ "010-88886666转801", "+861088886666", "801", "01088886666" },
	{ "010-88886666 分机 801", "+861088886666", "801", "01088886666" },
	{ "010-88886666-801", "+861088886666", "801", "01088886666" },
	{ "+86 10 8888 6666 ext. 801", "+861088886666", "801", "01088886666" },
	{ "010 88886666 x801", "+861088886666", "801", "01088886666" },
	{ "010 88886666#801", "+861088886666", "801", "01088886666" },
	{ "01088886666,801", "+861088886666", "801", "01088886666" },
	{ "0755-26770000", "+8675526770000", "", "075526770000" },
	{ "400-800-1234", "+864008001234", "", "4008001234" },
	{ "4008001234", "+864008001234", "", "4008001234" },
	{ "10086", "10086", "", "10086" },
	{ "95555", "95555", "", "95555" },
	{ "110", "110", "", "110" },
	{ "12306", "12306", "", "12306" },
	{ "8001", "8001", "", "8001" },
	{ "*72", "*72", "", "*72" },
	{ "88886666", "88886666", "", "88886666" }, /* no area code: not a whole number */
	{ "+1 650-253-0000", "+16502530000", "", "0016502530000" },
	{ "001 650 253 0000", "+16502530000", "", "0016502530000" },
	{ "+852 2123 4567", "+85221234567", "", "0085221234567" },
	{ "+44 (0)20 7946 0018", "+442079460018", "", "00442079460018" },
};

static const char *const wrong[] = { "", "1", "+", "-", "abc", "1380013800a", "张三",
	"138001380001380013800138", "13800138000\xff", "ext 801", "12+34", "010-88886666转801转802", "1@2" };

static void read_all(void)
{
	for (size_t i = 0; i < ARRAY_LEN(chinese); i++) {
		struct phone phone;
		struct fault fault = { 0 };
		char dialled[PHONE_NUMBER];
		if (phone_parse(str_from(chinese[i].text), &phone, &fault))
			fail_msg("\"%s\": %s", chinese[i].text, fault.text);
		assert_string_equal(phone.number, chinese[i].number);
		assert_string_equal(phone.extension, chinese[i].extension);
		phone_dialled(phone.number, dialled);
		assert_string_equal(dialled, chinese[i].dialled);
	}
}

static void test_chinese(void **state)
{
	(void)state;
	read_all();
}

/* Mobile numbers are known by their form: the library would say the same. */
static void test_mobiles_are_dialled_as_the_library_says(void **state)
{
	(void)state;
	for (int n = 300; n < 1000; n++) {
		char number[PHONE_NUMBER], dialled[PHONE_NUMBER], text[2 * PHONE_NUMBER],
			digits[PHONE_NUMBER];
		size_t k = 0;
		snprintf(number, sizeof(number), "+861%d%07d", n, n * 9973);
		phone_dialled(number, dialled);
		assert_true(phone_library_dialled(number, "CN", text, sizeof(text)));
		for (const char *p = text; *p; p++)
			if (*p >= '0' && *p <= '9')
				digits[k++] = *p;
		digits[k] = '\0';
		assert_string_equal(dialled, digits);
	}
}

/* The form is its own form. */
static void test_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(chinese); i++) {
		struct phone once, twice;
		assert_int_equal(phone_parse(str_from(chinese[i].text), &once, NULL), 0);
		assert_int_equal(phone_parse(str_from(once.number), &twice, NULL), 0);
		assert_string_equal(once.number, twice.number);
		assert_string_equal(twice.extension, "");
	}
}

static void test_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct phone phone;
		struct fault fault = { 0 };
		if (phone_parse(str_from(wrong[i]), &phone, &fault) != -E_INVALID)
			fail_msg("\"%s\" was taken for %s", wrong[i], phone.number);
		assert_string_equal(fault.code, "format_phone");
	}
}

static void test_home(void **state)
{
	struct phone phone;
	struct fault fault = { 0 };
	char dialled[PHONE_NUMBER];
	(void)state;
	assert_int_equal(phone_check_region("XX", &fault), -E_INVALID);
	assert_int_equal(phone_check_region("China", &fault), -E_INVALID);
	assert_int_equal(phone_check_region("US", &fault), 0);
	phone_set_home("XX");
	read_all();
	phone_set_home("US");
	assert_int_equal(phone_parse(STR("(650) 253-0000 ext 12"), &phone, &fault), 0);
	assert_string_equal(phone.number, "+16502530000");
	assert_string_equal(phone.extension, "12");
	phone_dialled("+8613800138000", dialled);
	assert_string_equal(dialled, "0118613800138000");
	phone_set_home("CN");
	read_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_mobiles_are_dialled_as_the_library_says),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_home),
	};
	return unit_run(tests);
}
