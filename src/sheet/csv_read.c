/* CSV as programs write it: a quote opens a cell only at its beginning, what follows a closed quote belongs
 * to the cell, lines end with LF, CR or both, and the last one need not end. The delimiter is the one that
 * cuts the first lines into the most cells. */
#include "sheet/decode.h"
#include "sheet/number.h"
#include "sheet/reader_int.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE_LINES 20
#define SAMPLE_BYTES ((size_t)64 * 1024)

struct csv {
	struct decode *decode;
	struct str piece; /* not yet looked at */
	bool after_cr;    /* a LF that comes now belongs to the end before */
	bool ended;
	int64_t n; /* rows so far */
	struct buf cell;
	bool quoted;
};

/* -1 at the end of the file. */
static int peek(struct sheet_reader *r)
{
	struct csv *c = r->csv;
	while (c->piece.n == 0 && !c->ended && !r->err) {
		int err = decode_next(c->decode, &c->piece);
		if (err == -E_SYNTAX)
			(void)row_fail(r, "file_encoding", "has bytes near row %lld that are no %s",
				(long long)c->n + 1, sheet_encoding_to_string(r->info.encoding));
		else if (err)
			r->err = err;
		c->ended = c->piece.n == 0;
	}
	return c->piece.n ? (unsigned char)c->piece.p[0] : -1;
}

static void skip(struct csv *c)
{
	c->piece.p++;
	c->piece.n--;
}

/* As much as has no meaning in one step: most of a file is that. */
static void take_plain(struct sheet_reader *r, bool in_quotes)
{
	struct csv *c = r->csv;
	size_t n = 0;
	while (n < c->piece.n) {
		char ch = c->piece.p[n];
		if (ch == '"' || ch == '\0' ||
			(!in_quotes && (ch == r->info.delimiter || ch == '\n' || ch == '\r')))
			break;
		n++;
	}
	if (n == 0)
		n = 1;
	if (c->piece.p[0] == '\0')
		(void)row_fail(
			r, "file_binary", "has a NUL byte near row %lld: it is no text", (long long)c->n + 1);
	buf_add(&c->cell, c->piece.p, n);
	c->piece = str_sub(c->piece, n, c->piece.n);
	if (buf_err(&c->cell))
		(void)row_fail(r, "file_cell",
			"has a cell of more than %zu kB near row %lld: a quote may be open",
			SHEET_CELL_MAX_BYTES / 1024, (long long)c->n + 1);
}

static void take_quoted(struct sheet_reader *r)
{
	struct csv *c = r->csv;
	for (int ch; !r->err;) {
		ch = peek(r);
		if (ch < 0) {
			(void)row_fail(r, "file_quote", "ends within a quote that was opened in row %lld",
				(long long)c->n + 1);
			return;
		}
		if (ch != '"') {
			take_plain(r, true);
			continue;
		}
		skip(c);
		if (peek(r) != '"')
			return;
		buf_addc(&c->cell, '"');
		skip(c);
	}
}

/* Up to its delimiter or the line's end, which stays. */
static void take_cell(struct sheet_reader *r)
{
	struct csv *c = r->csv;
	buf_reset(&c->cell);
	c->quoted = peek(r) == '"';
	if (c->quoted) {
		skip(c);
		take_quoted(r);
	}
	for (int ch = peek(r); !r->err && ch >= 0 && ch != r->info.delimiter && ch != '\n' && ch != '\r';
		ch = peek(r))
		take_plain(r, false);
}

/* Spreadsheets and exports protect text from being taken for a formula or a number: '=1+1 and ="0138" are
 * that text. */
static struct str unprotected(struct str text)
{
	if (text.n > 1 && text.p[0] == '\'' && strchr("=+-@\t\r", text.p[1]))
		return str_sub(text, 1, text.n);
	if (text.n > 3 && str_starts(text, STR("=\"")) && text.p[text.n - 1] == '"' &&
		str_find(str_sub(text, 2, text.n), '"') == text.n - 3)
		return str_sub(text, 2, text.n - 1);
	return text;
}

static void set_cell(struct sheet_reader *r, size_t column)
{
	char digits[NUMBER_SIZE];
	unsigned flags = 0;
	struct str text = unprotected(buf_str(&r->csv->cell));
	if (number_from_display(text, digits, &flags))
		text = str_from(digits);
	row_set(r, column, CELL_TEXT, flags, text);
}

static void take_line_end(struct sheet_reader *r)
{
	struct csv *c = r->csv;
	int ch = peek(r);
	if (ch == '\r') {
		skip(c);
		ch = peek(r);
	}
	if (ch == '\n')
		skip(c);
}

bool csv_next(struct sheet_reader *r, struct sheet_row *ret_row)
{
	struct csv *c = r->csv;
	while (!r->err && peek(r) >= 0) {
		row_begin(r);
		for (size_t column = 0; !r->err; column++) {
			take_cell(r);
			set_cell(r, column);
			if (peek(r) != r->info.delimiter)
				break;
			skip(c);
		}
		take_line_end(r);
		c->n++;
		if (row_end(r, c->n, ret_row))
			return true;
	}
	return false;
}

/* How often each delimiter stands outside of quotes in the first lines. */
static char most_frequent(struct str sample)
{
	static const char candidates[] = ",;\t";
	size_t counts[sizeof(candidates)] = { 0 }, lines = 0, best = 0;
	bool in_quotes = false;
	for (size_t i = 0; i < sample.n && lines < SAMPLE_LINES; i++) {
		const char *found = sample.p[i] ? strchr(candidates, sample.p[i]) : NULL;
		in_quotes ^= sample.p[i] == '"';
		lines += !in_quotes && sample.p[i] == '\n';
		if (!in_quotes && found)
			counts[found - candidates]++;
	}
	for (size_t i = 1; i < sizeof(candidates) - 1; i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

/* Excel says it in a line of its own: "sep=;". */
static bool said(struct sheet_reader *r)
{
	struct csv *c = r->csv;
	if (c->piece.n < 6 || !str_casestarts(c->piece, STR("sep=")) ||
		(c->piece.p[5] != '\r' && c->piece.p[5] != '\n'))
		return false;
	r->info.delimiter = c->piece.p[4];
	c->piece = str_sub(c->piece, 5, c->piece.n);
	take_line_end(r);
	c->n++;
	return true;
}

int csv_open(struct sheet_reader *r)
{
	r->csv = mem_alloc(sizeof(*r->csv));
	r->info.format = SHEET_CSV;
	buf_init(&r->csv->cell, SHEET_CELL_MAX_BYTES);
	int err = decode_open(r->opts.fd, r->opts.encoding, &r->csv->decode);
	if (err)
		return err;
	r->info.encoding = decode_encoding(r->csv->decode);
	if (peek(r) < 0 && !r->err)
		(void)row_fail(r, "file_kind", "is empty");
	r->info.delimiter = most_frequent(str_sub(r->csv->piece, 0, SAMPLE_BYTES));
	if (!said(r) && r->opts.delimiter)
		r->info.delimiter = r->opts.delimiter;
	return r->err;
}

void csv_close(struct sheet_reader *r)
{
	if (!r->csv)
		return;
	decode_close(r->csv->decode);
	buf_done(&r->csv->cell);
	free(r->csv);
}
