/* What turns bytes into words and back: hexadecimal, tokens, levels of the log, room in a buffer, what is
 * shown of a number. */
#include "base/buf.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/mask.h"
#include "unit.h"

#include <string.h>

static void hexadecimal(void **state)
{
	static const struct {
		const char *text;
		int err;
	} rows[] = {
		{ "00ff7A", 0 },
		{ "00ff7", -E_SYNTAX },
		{ "00ff7a0", -E_SYNTAX },
		{ "00fg7a", -E_SYNTAX },
		{ "", -E_SYNTAX },
	};
	static const unsigned char bytes[] = { 0x00, 0xff, 0x7a };
	unsigned char read[3];
	char text[7];
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(str_unhex(str_from(rows[i].text), read, sizeof(read)), rows[i].err);
	assert_int_equal(str_unhex(STR("00FF7a"), read, sizeof(read)), 0);
	assert_memory_equal(read, bytes, sizeof(bytes));
	str_hex(bytes, sizeof(bytes), text);
	assert_string_equal(text, "00ff7a");
}

static void tokens(void **state)
{
	char first[101], second[101];
	(void)state;
	id_token(first, 100);
	id_token(second, 100);
	assert_int_equal(strlen(first), 100);
	assert_int_equal(strspn(first, "abcdefghijklmnopqrstuvwxyz234567"), 100);
	assert_string_not_equal(first, second);
}

static void masks(void **state)
{
	static const struct {
		const char *text, *shown;
		bool number;
	} rows[] = {
		{ "13812348000", "138****8000", true },
		{ "+8613812348000", "+86138****8000", true },
		{ "8008001", "8****1", true },
		{ "800800", "8****0", false },
		{ "8001", "****", false },
		{ "", "****", false },
		{ "欧阳锋", "****", false },
		{ "上海市浦东新区", "上****区", false },
	};
	struct buf out;
	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&out);
		mask_add(&out, str_from(rows[i].text));
		assert_string_equal(out.p, rows[i].shown);
		assert_int_equal(mask_is_number(rows[i].text), rows[i].number);
	}
	buf_done(&out);
}

static void log_levels(void **state)
{
	(void)state;
	assert_int_equal(log_set_levels("sip=debug,warn"), 0);
	assert_false(log_enabled(LOG_SIP, LOG_INFO));
	assert_int_equal(log_set_levels("warn,sip=debug"), 0);
	assert_true(log_enabled(LOG_SIP, LOG_DEBUG));
	assert_false(log_enabled(LOG_NET, LOG_INFO));
	assert_int_equal(log_set_levels("trace,net=loud"), -E_SYNTAX);
	assert_int_equal(log_set_levels("trace,nothing=info"), -E_SYNTAX);
	assert_false(log_enabled(LOG_NET, LOG_INFO));
	log_set_level(LOG_NET, LOG_INFO);
	assert_true(log_enabled(LOG_NET, LOG_INFO));
	assert_int_equal(log_set_levels("info"), 0);
}

static void room_in_a_buffer(void **state)
{
	struct buf b;
	(void)state;
	buf_init(&b, 8);
	memcpy(buf_room(&b, 5), "abcde", 5);
	buf_claim(&b, 3);
	assert_true(str_eqz(buf_str(&b), "abc"));
	assert_null(buf_room(&b, 6));
	assert_int_equal(buf_err(&b), -E_LIMIT);
	buf_reset(&b);
	assert_non_null(buf_room(&b, 8));
	assert_int_equal(buf_err(&b), 0);
	buf_done(&b);
}

static void errors_worth_another_try(void **state)
{
	(void)state;
	assert_true(err_retryable(-E_BUSY));
	assert_true(err_retryable(E_TIMEOUT));
	assert_false(err_retryable(-E_SYNTAX));
	assert_false(err_retryable(0));
	assert_string_equal(err_name(-9999), err_name(-E_SYSTEM));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hexadecimal),
		cmocka_unit_test(tokens),
		cmocka_unit_test(masks),
		cmocka_unit_test(log_levels),
		cmocka_unit_test(room_in_a_buffer),
		cmocka_unit_test(errors_worth_another_try),
	};
	return unit_run(tests);
}
