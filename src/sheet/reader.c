/* What both kinds of file have in common: which it is, and the row in hand. */
#include "sheet/reader_int.h"

#include "base/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const encodings[SHEET_ENCODING__MAX] = { "", "utf-8", "utf-16le", "utf-16be", "gb18030" };

enum sheet_encoding sheet_encoding_from_string(const char *name)
{
	for (int i = 1; i < SHEET_ENCODING__MAX; i++)
		if (strcmp(encodings[i], name) == 0)
			return (enum sheet_encoding)i;
	return strcmp(name, "gbk") == 0 ? SHEET_GB18030 : SHEET_ENCODING__MAX;
}

const char *sheet_encoding_to_string(enum sheet_encoding encoding)
{
	return encodings[encoding];
}

bool row_fail(struct sheet_reader *r, const char *code, const char *fmt, ...)
{
	char text[sizeof(r->fault.text)];
	va_list args;
	if (r->err)
		return false;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	r->err = fault_set(&r->fault, code, "file", "%s", text);
	return false;
}

void row_begin(struct sheet_reader *r)
{
	buf_reset(&r->text);
	r->n_slots = 0;
}

static struct slot *slot_of(struct sheet_reader *r, size_t column, size_t n)
{
	if (column >= SHEET_COLUMNS_MAX)
		(void)row_fail(r, "file_columns", "has more than %d columns", SHEET_COLUMNS_MAX);
	else if (n > SHEET_CELL_MAX_BYTES)
		(void)row_fail(r, "file_cell", "has a cell of more than %zu kB", SHEET_CELL_MAX_BYTES / 1024);
	if (r->err)
		return NULL;
	while (r->n_slots <= column)
		r->slots[r->n_slots++] = (struct slot){ .kind = CELL_EMPTY };
	return &r->slots[column];
}

void row_set(struct sheet_reader *r, size_t column, enum cell_kind kind, unsigned flags, struct str text)
{
	struct slot *slot = text.n ? slot_of(r, column, text.n) : NULL;
	if (!slot)
		return;
	*slot = (struct slot){ .kind = kind, .flags = flags, .at = r->text.n, .n = text.n };
	buf_adds(&r->text, text);
	if (buf_err(&r->text))
		(void)row_fail(r, "file_cell", "has a row of more than %zu MB", ROW_MAX_BYTES >> 20);
}

void row_set_direct(struct sheet_reader *r, size_t column, struct str text)
{
	struct slot *slot = text.n ? slot_of(r, column, text.n) : NULL;
	if (slot)
		*slot = (struct slot){ .kind = CELL_TEXT, .direct = text.p, .n = text.n };
}

bool row_end(struct sheet_reader *r, int64_t n, struct sheet_row *ret_row)
{
	if (r->err || r->n_slots == 0)
		return false;
	for (size_t i = 0; i < r->n_slots; i++) {
		const struct slot *slot = &r->slots[i];
		const char *p = slot->direct ? slot->direct : slot->n ? r->text.p + slot->at : "";
		r->cells[i] =
			(struct cell){ .kind = slot->kind, .flags = slot->flags, .text = { p, slot->n } };
	}
	*ret_row = (struct sheet_row){ n, r->cells, r->n_slots };
	return true;
}

/* By the first bytes: a name says nothing. */
static int open_kind(struct sheet_reader *r)
{
	unsigned char head[8] = { 0 };
	ssize_t n = pread(r->opts.fd, head, sizeof(head), 0);
	if (n < 0)
		return err_from_errno(errno);
	if (n == 0)
		(void)row_fail(r, "file_kind", "is empty");
	else if (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0)
		return xlsx_open(r);
	else if (memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
		(void)row_fail(r, "file_encrypted",
			"is an old .xls or a workbook with a password: save it as .xlsx without one");
	else if (memcmp(head, "%PDF", 4) == 0)
		(void)row_fail(r, "file_kind", "is a PDF");
	else
		return csv_open(r);
	return r->err;
}

static void reader_free(struct sheet_reader *r)
{
	csv_close(r);
	xlsx_close(r);
	buf_done(&r->text);
	free(r);
}

int sheet_reader_open(
	const struct sheet_reader_opts *opts, struct sheet_reader **ret_reader, struct fault *reterr_)
{
	struct sheet_reader *r = mem_alloc(sizeof(*r));
	r->opts = *opts;
	buf_init(&r->text, ROW_MAX_BYTES);
	int err = open_kind(r);
	if (!err)
		err = r->err;
	if (err) {
		if (err == -E_INVALID && reterr_)
			*reterr_ = r->fault;
		reader_free(r);
		return err;
	}
	*ret_reader = r;
	return 0;
}

const struct sheet_info *sheet_reader_info(const struct sheet_reader *r)
{
	return &r->info;
}

bool sheet_next(struct sheet_reader *r, struct sheet_row *ret_row)
{
	if (r->err)
		return false;
	return r->csv ? csv_next(r, ret_row) : xlsx_next(r, ret_row);
}

int sheet_reader_close(struct sheet_reader *r, struct fault *reterr_)
{
	int err = r->err;
	if (err && reterr_)
		*reterr_ = r->fault;
	reader_free(r);
	return err;
}
