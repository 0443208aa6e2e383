/* What the command line may say, and what is told to somebody who mistypes it. */
#include "unit.h"

#include "base/mem.h"
#include "cmd/options.h"

#include <string.h>

#define WORDS_MAX 6

static int parse(const char *const *words, struct options *ret_options, struct fault *fault)
{
	char *argv[WORDS_MAX] = { 0 };
	int argc = 0;
	for (; argc < WORDS_MAX && words[argc]; argc++)
		argv[argc] = (char *)words[argc];
	memset(fault, 0, sizeof(*fault));
	return options_read(argc, argv, 0, ret_options, fault);
}

static void test_refused(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		const char *code, *field;
	} rows[] = {
		{ { "--dtaa", "x" }, "unknown", "--dtaa" },
		{ { "data" }, "unknown", "data" },
		{ { "--data" }, "required", "--data" },
		{ { "--tls", "--node" }, "required", "--node" },
		{ { "--node", "many" }, "format", "--node" },
		{ { "--node", "-1" }, "format", "--node" },
		{ { "--node", "64" }, "range", "--node" },
		{ { "--cert", "a.pem" }, "required", "--cert" },
		{ { "--tls", "--key", "a.key" }, "required", "--cert" },
		{ { "--http", "8080" }, "format", "--http" },
		{ { "--edge", "nowhere:80" }, "format", "--edge" },
		{ { "--sip", "127.0.0.1" }, "format", "--sip" },
		{ { "--demo", "--http", "192.0.2.1:80" }, "loopback", "--http" },
		{ { "--demo", "--edge", "0.0.0.0:81" }, "loopback", "--edge" },
		{ { "--sip", "[::]:5060", "--demo" }, "loopback", "--sip" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct options options;
		struct fault fault;
		assert_int_equal(parse(rows[i].words, &options, &fault), -E_INVALID);
		assert_string_equal(fault.field, rows[i].field);
		assert_string_equal(fault.code, rows[i].code);
		assert_true(fault.text[0]);
	}
}

static void test_taken(void **state)
{
	static const char *const words[WORDS_MAX] = { "--data", "here", "--node", "63", "--quiet" };
	struct options options;
	struct fault fault;
	(void)state;
	assert_int_equal(parse(words, &options, &fault), 0);
	assert_string_equal(options.data_dir, "here");
	assert_int_equal(options.node, 63);
	assert_true(options.quiet);
	assert_false(options.demo);
	assert_false(options.tls);
	assert_string_equal(options.http, "127.0.0.1:8080");
}

/* Passwords and voices do not travel in the clear beyond this machine. */
static void test_tls_beyond_loopback(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		bool tls;
	} rows[] = {
		{ { NULL }, false },
		{ { "--http", "127.0.0.2:80", "--edge", "[::1]:81" }, false },
		{ { "--tls" }, true },
		{ { "--http", "192.0.2.1:80" }, true },
		{ { "--edge", "0.0.0.0:81" }, true },
		{ { "--cert", "a.pem", "--key", "a.key" }, true },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct options options;
		struct fault fault;
		assert_int_equal(parse(rows[i].words, &options, &fault), 0);
		assert_int_equal(options.tls, rows[i].tls);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_tls_beyond_loopback),
	};
	return unit_run(tests);
}
