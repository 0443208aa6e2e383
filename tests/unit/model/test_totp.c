/* Codes of an authenticator: the values of RFC 6238, appendix B (their last six digits), and what a code is
 * worth. */
#include "model/totp.h"

#include "unit.h"

#include "base/mem.h"

#include <string.h>

static const uint8_t key[TOTP_KEY_BYTES + 1] = "12345678901234567890";

static void test_values_of_the_rfc(void **state)
{
	static const struct {
		int64_t at_s;
		const char *code;
	} known[] = { { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" },
		{ 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" } };
	char code[TOTP_DIGITS + 1];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		totp_code(key, known[i].at_s / 30, code);
		assert_string_equal(code, known[i].code);
		assert_int_equal(totp_step(key, str_from(code), known[i].at_s, 0), known[i].at_s / 30);
	}
}

static void test_text_is_base32(void **state)
{
	char text[TOTP_TEXT_CHARS + 1];
	(void)state;
	totp_text(key, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void test_one_step_each_way_and_once(void **state)
{
	const struct str code = STR("050471"); /* of step 37037037 */
	const int64_t step = 37037037, at_s = step * 30;
	(void)state;
	assert_int_equal(totp_step(key, code, at_s - 1, 0), step);
	assert_int_equal(totp_step(key, code, at_s + 59, 0), step);
	assert_int_equal(totp_step(key, code, at_s - 31, 0), 0);
	assert_int_equal(totp_step(key, code, at_s + 60, 0), 0);
	assert_int_equal(totp_step(key, code, at_s, step - 1), step);
	assert_int_equal(totp_step(key, code, at_s, step), 0);
	assert_int_equal(totp_step(key, STR("50471"), at_s, 0), 0);
	assert_int_equal(totp_step(key, STR("0504710"), at_s, 0), 0);
	assert_int_equal(totp_step(key, STR_NONE, at_s, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_of_the_rfc),
		cmocka_unit_test(test_text_is_base32),
		cmocka_unit_test(test_one_step_each_way_and_once),
	};
	return unit_run(tests);
}
