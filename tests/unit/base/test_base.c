/* Strings, buffers, arenas, ids, JSON and errors: the small bricks. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/js.h"
#include "base/log.h"
#include "base/mem.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void str_numbers(void **state)
{
	(void)state;
	uint64_t v = 0;
	assert_int_equal(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &v), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(str_to_u64(STR("18446744073709551616"), UINT64_MAX, &v), -E_LIMIT);
	assert_int_equal(str_to_u64(STR("256"), 255, &v), -E_LIMIT);
	assert_int_equal(str_to_u64(STR("7"), 5, &v), -E_LIMIT);
	assert_int_equal(str_to_u64(STR(""), 5, &v), -E_SYNTAX);
	assert_int_equal(str_to_u64(STR("-1"), 5, &v), -E_SYNTAX);
}

static void str_views(void **state)
{
	(void)state;
	struct str rest = STR("a,b,,c");
	assert_true(str_eqz(str_cut(&rest, ','), "a"));
	assert_true(str_eqz(str_cut(&rest, ','), "b"));
	assert_true(str_is_empty(str_cut(&rest, ',')));
	assert_true(str_eqz(str_cut(&rest, ','), "c"));
	assert_int_equal(rest.n, 0);
	assert_true(str_eqz(str_trim(STR(" \t x y\r\n")), "x y"));
	assert_true(str_caseeqz(STR("InViTe"), "invite"));
	assert_true(str_cmp(STR("ab"), STR("abc")) < 0);
	char small[3];
	assert_int_equal(str_copy(STR("abc"), small, sizeof(small)), -E_LIMIT);
	assert_string_equal(small, "");
}

static void str_utf8(void **state)
{
	(void)state;
	assert_true(str_is_utf8(STR("灵犀 ok \xf0\x9f\x98\x80")));
	assert_false(str_is_utf8(STR("\xc0\xaf")));
	assert_false(str_is_utf8(STR("\xed\xa0\x80")));
	assert_false(str_is_utf8(STR("\xf4\x90\x80\x80")));
	assert_false(str_is_utf8(STR("\xe7\x81")));
}

static void buf_cap_sticks(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10);
	buf_addz(&b, "12345");
	buf_printf(&b, "%d", 67890);
	assert_int_equal(buf_err(&b), 0);
	assert_string_equal(b.p, "1234567890");
	buf_addc(&b, 'x');
	assert_int_equal(buf_err(&b), -E_LIMIT);
	assert_int_equal(b.n, 10);
	buf_reset(&b);
	buf_add_u64(&b, 42);
	buf_consume(&b, 1);
	assert_string_equal(b.p, "2");
	char *taken = buf_take(&b);
	assert_string_equal(taken, "2");
	free(taken);
	buf_done(&b);
}

static void count_up(void *arg)
{
	++*(int *)arg;
}

static void arena_caps_and_hooks(void **state)
{
	(void)state;
	int released = 0;
	struct arena *a = arena_new(10000);
	for (int i = 0; i < 100; i++)
		assert_int_equal((uintptr_t)arena_alloc(a, 7) % _Alignof(max_align_t), 0);
	assert_string_equal(arena_printf(a, "%s-%d", "x", 5), "x-5");
	assert_null(arena_try(a, 9000));
	assert_non_null(arena_try(a, 6000));
	arena_on_reset(a, count_up, &released);
	arena_reset(a);
	assert_int_equal(released, 1);
	assert_non_null(arena_try(a, 9000));
	a = arena_free(a);
	assert_null(a);
}

static void ids_rise_even_when_the_clock_steps_back(void **state)
{
	(void)state;
	struct id_source src = { .node = 3 };
	int64_t last = 0;
	for (int i = 0; i < 200000; i++) {
		int64_t id = id_next(&src, 1795000000000 - i % 3);
		assert_true(id > last);
		last = id;
	}
}

static void json_limits_and_faults(void **state)
{
	(void)state;
	json_t *v = NULL;
	struct fault fault;
	const char *name = NULL;
	char deep[80];
	memset(deep, '[', 40);
	memset(deep + 40, ']', 40);
	assert_int_equal(js_parse((struct str){ deep, 80 }, 1000, &v, &fault), -E_LIMIT);
	assert_int_equal(js_parse(STR("{\"a\":1,\"a\":2}"), 1000, &v, &fault), -E_SYNTAX);
	assert_int_equal(js_parse(STR("{\"a\": tru}"), 1000, &v, &fault), -E_SYNTAX);
	assert_int_equal(js_parse(STR("{\"id\":\"12\",\"name\":\"ab\",\"x\":1.5}"), 1000, &v, &fault), 0);
	assert_int_equal(js_id(v, "id"), 12);
	assert_int_equal(js_need_str(v, "name", 3, 5, &name, &fault), -E_INVALID);
	assert_string_equal(fault.field, "name");
	assert_string_equal(fault.code, "too_short");
	assert_int_equal(js_need_str(v, "name", 1, 5, &name, &fault), 0);
	assert_string_equal(name, "ab");
	int64_t n = 9;
	assert_int_equal(js_need_int(v, "x", 0, 5, &n, &fault), -E_INVALID);
	assert_int_equal(js_need_int(v, "absent", 0, 5, &n, &fault), 0);
	assert_int_equal(n, 9);
	js_unrefp(&v);
}

/* Our text is Jansson's, and is read back as the same value. */
static void json_is_printed_as_jansson_does(void **state)
{
	static const char *const texts[] = { "{}", "[]", "null", "-9223372036854775808", "1.0",
		"{\"a\":[1,-2,{\"b\":null}],\"c\":true,\"d\":false,\"e\":\"\"}",
		"[\"\\\"q\\\\ /\\u0001\\u001f\x7f\",\"航班\xf0\x9f\x9b\xab\",[[[]]],{\"\":{}}]" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		json_t *v = NULL;
		assert_int_equal(js_parse(str_from(texts[i]), 1000, &v, NULL), 0);
		CLEANUP(mem_freep)
		char *ours = js_print(v), *theirs = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
		assert_string_equal(ours, theirs);
		js_unrefp(&v);
	}
	CLEANUP(mem_freep) char *nothing = js_print(NULL);
	assert_string_equal(nothing, "null");
}

static void numbers_are_printed_as_people_write_them(void **state)
{
	static const char *const texts[] = { "0.1", "1e300", "-0.07", "12.34", "1.0", "999999999999.999",
		"0.30000000000000004" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		json_t *v = NULL;
		assert_int_equal(js_parse(str_from(texts[i]), 1000, &v, NULL), 0);
		CLEANUP(mem_freep) char *text = js_print(v);
		assert_string_equal(text, texts[i]);
		js_unrefp(&v);
	}
}

/* Jansson shortens some of the control characters; what matters is that the reader gets them back. */
static void json_text_survives(void **state)
{
	char all[129];
	(void)state;
	for (int i = 0; i < 128; i++)
		all[i] = (char)(i ? i : 1);
	all[128] = '\0';
	json_t *v = json_string(all), *back = NULL;
	CLEANUP(mem_freep) char *text = js_print(v);
	assert_int_equal(js_parse(str_from(text), 1000, &back, NULL), 0);
	assert_string_equal(json_string_value(back), all);
	js_unrefp(&v);
	js_unrefp(&back);
}

static void errors_map_to_protocols(void **state)
{
	(void)state;
	assert_int_equal(err_http(-E_INVALID), 422);
	assert_int_equal(err_sip(E_BUSY), 486);
	assert_string_equal(err_name(-99999), "system");
	assert_int_equal(err_from_errno(ENOSPC), -E_FULL);
}

static void peer_text_cannot_forge_a_line(void **state)
{
	(void)state;
	assert_string_equal(log_quote("a\n\"b\x01", 5), "\"a\\x0a\\\"b\\x01\"");
	assert_int_equal(log_set_levels("sip=nonsense"), -E_SYNTAX);
	assert_int_equal(log_set_levels("warn,sip=debug"), 0);
	assert_true(log_enabled(LOG_SIP, LOG_DEBUG));
	assert_false(log_enabled(LOG_NET, LOG_INFO));
}

static void utc_text(void **state)
{
	(void)state;
	char text[32];
	clock_format_utc(1795000000123, text, sizeof(text));
	assert_string_equal(text, "2026-11-18T11:06:40.123Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(str_numbers),
		cmocka_unit_test(str_views),
		cmocka_unit_test(str_utf8),
		cmocka_unit_test(buf_cap_sticks),
		cmocka_unit_test(arena_caps_and_hooks),
		cmocka_unit_test(ids_rise_even_when_the_clock_steps_back),
		cmocka_unit_test(json_limits_and_faults),
		cmocka_unit_test(json_is_printed_as_jansson_does),
		cmocka_unit_test(numbers_are_printed_as_people_write_them),
		cmocka_unit_test(json_text_survives),
		cmocka_unit_test(errors_map_to_protocols),
		cmocka_unit_test(peer_text_cannot_forge_a_line),
		cmocka_unit_test(utc_text),
	};
	return unit_run(tests);
}
