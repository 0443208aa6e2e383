/* CSV in every form that programs write it, and what is refused; numbers and days as spreadsheets keep them.
 * Workbooks are made by the tests of the API and by the fuzzer's seeds; one that we wrote ourselves is read
 * back here. */
#include "unit.h"

#include "base/buf.h"
#include "base/mem.h"
#include "sheet/number.h"
#include "sheet/reader.h"
#include "sheet/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int file_of(struct str bytes)
{
	char path[] = "/tmp/lx-read-XXXXXX";
	int fd = mkstemp(path);
	unlink(path);
	assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
	return fd;
}

static void add_cell(struct buf *out, const struct cell *cell)
{
	buf_addc(out, '[');
	buf_adds(out, cell->text);
	buf_addz(out, cell->flags & CELL_ROUNDED ? "~]" : "]");
}

/* "1:[a][b] 3:[c]", then the code of the fault if there is one. */
static char *rows_of(struct sheet_reader *reader)
{
	struct sheet_row row;
	struct buf out;
	struct fault fault = { .code = "" };
	buf_init(&out, 1 << 22);
	buf_addz(&out, "");
	while (sheet_next(reader, &row)) {
		buf_printf(&out, "%s%d:", out.n ? " " : "", (int)row.n);
		for (size_t i = 0; i < row.n_cells; i++)
			add_cell(&out, &row.cells[i]);
	}
	if (sheet_reader_close(reader, &fault))
		buf_printf(&out, " !%s", fault.code);
	return buf_take(&out);
}

static char *read_bytes(struct str bytes, const struct sheet_reader_opts *with, struct sheet_info *ret_info)
{
	struct sheet_reader_opts opts = *with;
	struct sheet_reader *reader;
	struct fault fault = { .code = "" };
	opts.fd = file_of(bytes);
	int err = sheet_reader_open(&opts, &reader, &fault);
	char *text = err ? mem_printf("!%s", fault.code) : NULL;
	if (!err) {
		*ret_info = *sheet_reader_info(reader);
		text = rows_of(reader);
	}
	close(opts.fd);
	return text;
}

static void assert_rows(struct str bytes, const char *wanted)
{
	struct sheet_info info;
	CLEANUP(mem_freep) char *text = read_bytes(bytes, &(struct sheet_reader_opts){ 0 }, &info);
	assert_string_equal(text, wanted);
}

static void test_lines_and_quotes(void **state)
{
	(void)state;
	assert_rows(STR("a,b\nc,d"), "1:[a][b] 2:[c][d]");
	assert_rows(STR("a,b\r\nc,d\r\n"), "1:[a][b] 2:[c][d]");
	assert_rows(STR("a,b\rc,d\r\r"), "1:[a][b] 2:[c][d]");
	assert_rows(STR("\n\na,,\n,,b\n"), "3:[a] 4:[][][b]");
	assert_rows(STR("\"a\"\"b\",\"c,\nd\"\ne"), "1:[a\"b][c,\nd] 2:[e]");
	assert_rows(STR("a\"b,\"c\"d,\"\"\"\""), "1:[a\"b][cd][\"]");
	assert_rows(STR("'=1+1,=\"0138\",'quoted',+86"), "1:[=1+1][0138]['quoted'][+86]");
	assert_rows(STR("1.38E+10,1.3800138000E+10,2E+0,E+1,1.E+5"),
		"1:[13800000000~][13800138000][2][E+1][1.E+5]");
}

static void test_what_is_no_table(void **state)
{
	(void)state;
	assert_rows(STR(""), "!file_kind");
	assert_rows(STR("%PDF-1.4"), "!file_kind");
	assert_rows(STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), "!file_encrypted");
	assert_rows(STR("PK\3\4 no table of contents"), "!file_broken");
	assert_rows(STR("a,\"b\nc"), " !file_quote");
	assert_rows(STR("a\nb\0c\n"), "1:[a] !file_binary");
	assert_rows(STR("a\n\xff\xff\xff\n"), "!file_encoding");
}

static void test_too_much(void **state)
{
	struct buf wide;
	(void)state;
	buf_init(&wide, 1 << 20);
	for (int i = 0; i < SHEET_COLUMNS_MAX; i++)
		buf_addz(&wide, "x,");
	assert_int_equal(buf_err(&wide), 0);
	buf_addz(&wide, "y");
	assert_rows(buf_str(&wide), " !file_columns");
	buf_reset(&wide);
	for (size_t i = 0; i <= SHEET_CELL_MAX_BYTES; i++)
		buf_addc(&wide, 'x');
	assert_rows(buf_str(&wide), " !file_cell");
	buf_done(&wide);
}

static void test_delimiters(void **state)
{
	static const struct {
		struct str bytes;
		char delimiter;
	} cases[] = { { { "a;b;c\n1,5;2;3\n", 14 }, ';' }, { { "a\tb\n", 4 }, '\t' }, { { "a,b\n", 4 }, ',' },
		{ { "\"a;b;c\",d\n", 10 }, ',' }, { { "x\n", 2 }, ',' }, { { "sep=|\na|b\n", 10 }, '|' } };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sheet_info info;
		CLEANUP(mem_freep)
		char *text = read_bytes(cases[i].bytes, &(struct sheet_reader_opts){ 0 }, &info);
		assert_non_null(text);
		assert_int_equal(info.delimiter, cases[i].delimiter);
	}
	struct sheet_info info;
	CLEANUP(mem_freep)
	char *text = read_bytes(STR("a,b,c;d\n"), &(struct sheet_reader_opts){ .delimiter = ';' }, &info);
	assert_string_equal(text, "1:[a,b,c][d]");
}

static void test_encodings(void **state)
{
	static const struct {
		struct str bytes;
		enum sheet_encoding encoding;
	} cases[] = { { { "\xe5\xbc\xa0,1\n", 6 }, SHEET_UTF8 },
		{ { "\xef\xbb\xbf\xe5\xbc\xa0,1\n", 9 }, SHEET_UTF8 },
		{ { "\xd5\xc5,1\n", 5 }, SHEET_GB18030 },
		{ { "\xff\xfe\x20\x5f,\0"
		    "1\0\n\0",
			  10 },
			SHEET_UTF16LE },
		{ { "\xfe\xff\x5f\x20\0,\0"
		    "1\0\n",
			  10 },
			SHEET_UTF16BE } };
	struct sheet_info info;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		CLEANUP(mem_freep)
		char *text = read_bytes(cases[i].bytes, &(struct sheet_reader_opts){ 0 }, &info);
		assert_string_equal(text, "1:[张][1]");
		assert_int_equal(info.encoding, cases[i].encoding);
	}
	CLEANUP(mem_freep)
	char *wrong = read_bytes(
		STR("\xe5\xbc\xa0,1\n"), &(struct sheet_reader_opts){ .encoding = SHEET_GB18030 }, &info);
	assert_string_not_equal(wrong, "1:[张][1]");
	assert_int_equal(sheet_encoding_from_string("gbk"), SHEET_GB18030);
	assert_int_equal(sheet_encoding_from_string("latin1"), SHEET_ENCODING__MAX);
	assert_string_equal(sheet_encoding_to_string(SHEET_UTF16BE), "utf-16be");
}

/* The mark that tells the encoding comes after 64 kB of plain letters. */
static void test_late_characters(void **state)
{
	struct buf bytes;
	struct sheet_info info;
	(void)state;
	buf_init(&bytes, 1 << 20);
	for (int i = 0; i < 40000; i++)
		buf_addz(&bytes, "ab\n");
	buf_addz(&bytes, "\xd5\xc5\n");
	CLEANUP(mem_freep) char *text = read_bytes(buf_str(&bytes), &(struct sheet_reader_opts){ 0 }, &info);
	assert_int_equal(info.encoding, SHEET_GB18030);
	assert_non_null(strstr(text, " 40001:[张]"));
	buf_done(&bytes);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *raw, *text;
		unsigned flags;
	} cases[] = { { "1.38E10", "13800000000", 0 }, { "1.3800138E+10", "13800138000", 0 },
		{ "0.1", "0.1", 0 }, { "110101199003071234", "110101199003071234", 0 },
		{ "1.1010119900307101E+17", "110101199003071008", CELL_ROUNDED }, { "-5", "-5", 0 },
		{ "1E-7", "0.0000001", 0 }, { "0.30000000000000004", "0.3", 0 }, { "-0.0", "0", 0 } };
	char text[NUMBER_SIZE];
	unsigned flags;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(number_to_text(str_from(cases[i].raw), text, &flags));
		assert_string_equal(text, cases[i].text);
		assert_int_equal(flags, cases[i].flags);
	}
	assert_false(number_to_text(STR("0x10"), text, &flags));
	assert_false(number_to_text(STR("1e999"), text, &flags));
	assert_false(number_to_text(STR("1 2"), text, &flags));
}

static void test_days(void **state)
{
	static const struct {
		const char *raw, *text;
		bool from_1904;
		enum number_style style;
	} cases[] = { { "1", "1900-01-01", false, NUMBER_DATE }, { "59", "1900-02-28", false, NUMBER_DATE },
		{ "61", "1900-03-01", false, NUMBER_DATE },
		{ "46348.4375", "2026-11-22 10:30:00", false, NUMBER_DATE },
		{ "44886", "2026-11-22", true, NUMBER_DATE }, { "0.5", "12:00:00", false, NUMBER_DATE },
		{ "1.520833333333333", "36:30:00", false, NUMBER_SPAN } };
	static const struct {
		const char *code;
		enum number_style style;
	} codes[] = { { "General", NUMBER_PLAIN }, { "0.00", NUMBER_PLAIN },
		{ "yyyy\"年\"m\"月\"", NUMBER_DATE }, { "\"day\" 0", NUMBER_PLAIN },
		{ "[Red]0", NUMBER_PLAIN }, { "[h]:mm", NUMBER_SPAN }, { "[$-804]yyyy", NUMBER_DATE },
		{ "\\d0", NUMBER_PLAIN }, { "0\"", NUMBER_PLAIN }, { "_", NUMBER_PLAIN } };
	char text[NUMBER_SIZE];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(number_to_date(str_from(cases[i].raw), cases[i].style, cases[i].from_1904, text));
		assert_string_equal(text, cases[i].text);
	}
	assert_false(number_to_date(STR("-1"), NUMBER_DATE, false, text));
	assert_false(number_to_date(STR("3000000"), NUMBER_DATE, false, text));
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		assert_int_equal(number_style_of_code(codes[i].code), codes[i].style);
	assert_int_equal(number_style_of_id(14), NUMBER_DATE);
	assert_int_equal(number_style_of_id(46), NUMBER_SPAN);
	assert_int_equal(number_style_of_id(0), NUMBER_PLAIN);
}

static void test_what_we_wrote(void **state)
{
	char path[] = "/tmp/lx-sheet-XXXXXX";
	const struct sheet_writer_opts opts = {
		.format = SHEET_XLSX, .path = path, .title = "客户", .about_title = "说明"
	};
	const struct str labels[] = { { "a", 1 }, { "b", 1 } };
	const struct cell cells[] = { { .kind = CELL_TEXT, .text = STR("=1+1") }, { .kind = CELL_EMPTY },
		{ .kind = CELL_TIME, .value = 1795343400000 }, { .kind = CELL_DATE, .value = 1795305600000 },
		{ .kind = CELL_NUMBER, .value = 1234, .decimals = 2 },
		{ .kind = CELL_NUMBER, .value = 1234567890123456789 },
		{ .kind = CELL_TEXT, .text = STR("say \"<&>\"") } };
	struct sheet_writer *w;
	struct sheet_reader *reader;
	(void)state;
	int fd = mkstemp(path);
	close(fd);
	assert_int_equal(sheet_writer_new(&opts, &w), 0);
	assert_int_equal(sheet_write_head(w, labels, 2), 0);
	assert_int_equal(sheet_write_row(w, cells, ARRAY_LEN(cells)), 0);
	sheet_write_about(w, "who", "me");
	assert_int_equal(sheet_writer_end(w), 0);
	FILE *file = fopen(path, "rb");
	struct sheet_reader_opts from = { .fd = fileno(file) };
	assert_int_equal(sheet_reader_open(&from, &reader, NULL), 0);
	assert_int_equal(sheet_reader_info(reader)->n_sheets, 2);
	assert_string_equal(sheet_reader_info(reader)->sheets[0], "客户");
	CLEANUP(mem_freep) char *text = rows_of(reader);
	assert_string_equal(text,
		"1:[a][b] 2:[=1+1][][2026-11-22 10:30:00][2026-11-22][12.34][1234567890123456789][say "
		"\"<&>\"]");
	from.sheet = 1;
	assert_int_equal(sheet_reader_open(&from, &reader, NULL), 0);
	CLEANUP(mem_freep) char *about = rows_of(reader);
	assert_string_equal(about, "1:[who][me]");
	from.sheet = 2;
	struct fault fault;
	assert_int_equal(sheet_reader_open(&from, &reader, &fault), -E_INVALID);
	assert_string_equal(fault.code, "sheet");
	fclose(file);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_and_quotes),
		cmocka_unit_test(test_what_is_no_table),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_delimiters),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_late_characters),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_what_we_wrote),
	};
	return unit_run(tests);
}
