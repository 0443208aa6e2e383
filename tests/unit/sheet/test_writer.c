/* What is written stands in the file as it was meant; more than one sheet; failures leave no file. */
#include "unit.h"

#include "base/buf.h"
#include "base/mem.h"
#include "sheet/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int into_buf(void *arg, struct str part)
{
	buf_adds(arg, part);
	return 0;
}

static const struct str labels[] = { { "名称", 6 }, { "n", 1 } };

static struct cell text(const char *z)
{
	return (struct cell){ .kind = CELL_TEXT, .text = str_from(z) };
}

static void test_csv(void **state)
{
	struct buf out;
	struct sheet_writer *w;
	(void)state;
	buf_init(&out, 1 << 20);
	const struct sheet_writer_opts opts = { .format = SHEET_CSV, .sink = into_buf, .arg = &out };
	const struct cell cells[] = {
		text("a \"b\"\r\nc"),
		text("=1+1"),
		text("+86 138"),
		text("@x"),
		text("-"),
		{ .kind = CELL_EMPTY },
		{ .kind = CELL_NUMBER, .value = -5, .decimals = 2 },
		{ .kind = CELL_NUMBER, .value = INT64_MIN },
		{ .kind = CELL_TIME, .value = 1795000000123 },
		{ .kind = CELL_DATE, .value = 1795000000123 },
	};
	assert_int_equal(sheet_writer_new(&opts, &w), 0);
	assert_int_equal(sheet_write_head(w, labels, 2), 0);
	assert_int_equal(sheet_write_row(w, cells, ARRAY_LEN(cells)), 0);
	assert_int_equal(sheet_writer_end(w), 0);
	assert_string_equal(out.p,
		"\xef\xbb\xbf\"名称\",\"n\"\r\n\"a \"\"b\"\"\r\nc\",\"'=1+1\",\"+86 "
		"138\",\"'@x\",\"-\",,-0.05,"
		"-9223372036854775808,\"2026-11-18 11:06:40\",\"2026-11-18\"\r\n");
	buf_done(&out);
}

static int refuse(void *arg, struct str part)
{
	(void)arg;
	(void)part;
	return -E_CLOSED;
}

static void test_sink_refuses(void **state)
{
	struct sheet_writer *w;
	const struct sheet_writer_opts opts = { .format = SHEET_CSV, .sink = refuse };
	(void)state;
	assert_int_equal(sheet_writer_new(&opts, &w), 0);
	const struct cell cell = text("x");
	int err = 0;
	for (int i = 0; i < 100000 && !err; i++)
		err = sheet_write_row(w, &cell, 1);
	assert_int_equal(err, -E_CLOSED);
	assert_null(sheet_writer_drop(w));
}

static void test_no_folder(void **state)
{
	struct sheet_writer *w;
	struct sheet_writer_opts opts = { .format = SHEET_CSV, .path = "/nowhere/x.csv", .title = "x" };
	(void)state;
	assert_int_equal(sheet_writer_new(&opts, &w), -E_NOT_FOUND);
	opts.format = SHEET_XLSX;
	assert_int_equal(sheet_writer_new(&opts, &w), 0);
	assert_true(sheet_writer_end(w) < 0);
}

static void test_dropped_leaves_no_file(void **state)
{
	char path[] = "/tmp/lx-sheet-XXXXXX";
	struct sheet_writer *w;
	(void)state;
	for (int format = 0; format < SHEET_FORMAT__MAX; format++) {
		close(mkstemp(path));
		const struct sheet_writer_opts opts = {
			.format = (enum sheet_format)format, .path = path, .title = "x"
		};
		assert_int_equal(sheet_writer_new(&opts, &w), 0);
		assert_int_equal(sheet_write_head(w, labels, 2), 0);
		assert_null(sheet_writer_drop(w));
		assert_int_not_equal(access(path, F_OK), 0);
		memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	}
	assert_null(sheet_writer_drop(NULL));
}

static void test_formats(void **state)
{
	(void)state;
	assert_int_equal(sheet_format_from_string("xlsx"), SHEET_XLSX);
	assert_int_equal(sheet_format_from_string("pdf"), SHEET_FORMAT__MAX);
	assert_int_equal(sheet_format_from_string(NULL), SHEET_FORMAT__MAX);
	assert_string_equal(sheet_format_to_string(SHEET_CSV), "csv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_sink_refuses),
		cmocka_unit_test(test_no_folder),
		cmocka_unit_test(test_dropped_leaves_no_file),
		cmocka_unit_test(test_formats),
	};
	return unit_run(tests);
}
