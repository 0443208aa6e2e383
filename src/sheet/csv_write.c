/* CSV as spreadsheets take it: a mark of UTF-8 first, lines end with CR LF, every text in quotes. One that
 * begins as a formula does gets an apostrophe, for spreadsheets would run it; a plain number stays. */
#include "sheet/writer_int.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FLUSH_BYTES ((size_t)64 * 1024)

static int to_file(struct sheet_writer *w, struct str part)
{
	while (part.n) {
		ssize_t n = write(w->fd, part.p, part.n);
		if (n < 0 && errno != EINTR)
			return err_from_errno(errno);
		if (n > 0)
			part = str_sub(part, (size_t)n, part.n);
	}
	return 0;
}

static int flush(struct sheet_writer *w)
{
	int err = buf_err(&w->out);
	if (!err)
		err = w->opts.sink ? w->opts.sink(w->opts.arg, buf_str(&w->out))
				   : to_file(w, buf_str(&w->out));
	buf_reset(&w->out);
	return err;
}

int csv_writer_open(struct sheet_writer *w)
{
	buf_addz(&w->out, "\xef\xbb\xbf");
	if (w->opts.sink)
		return 0;
	w->fd = open(w->opts.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return w->fd < 0 ? err_from_errno(errno) : 0;
}

static bool is_plain_number(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!text.p[i] || !strchr("+-0123456789. ", text.p[i]))
			return false;
	return true;
}

static void add_text(struct buf *out, struct str text)
{
	buf_addc(out, '"');
	if (text.n && text.p[0] && strchr("=+-@\t\r", text.p[0]) && !is_plain_number(text))
		buf_addc(out, '\'');
	while (text.n) {
		size_t n = str_find(text, '"');
		buf_add(out, text.p, n);
		if (n < text.n)
			buf_addz(out, "\"\"");
		text = str_sub(text, n + 1, text.n);
	}
	buf_addc(out, '"');
}

static void add_number(struct buf *out, const struct cell *cell)
{
	int64_t unit = 1;
	for (unsigned i = 0; i < cell->decimals; i++)
		unit *= 10;
	bool negative = cell->value < 0;
	uint64_t whole = negative ? -(uint64_t)cell->value : (uint64_t)cell->value;
	buf_printf(out, "%s%" PRIu64, negative ? "-" : "", whole / (uint64_t)unit);
	if (cell->decimals)
		buf_printf(out, ".%0*" PRIu64, (int)cell->decimals, whole % (uint64_t)unit);
}

static void add_cell(struct buf *out, const struct cell *cell)
{
	char text[32];
	if (cell->kind == CELL_NUMBER) {
		add_number(out, cell);
	} else if (cell->kind == CELL_TIME || cell->kind == CELL_DATE) {
		clock_format_utc(cell->value, text, sizeof(text));
		if (cell->kind == CELL_DATE)
			buf_printf(out, "\"%.10s\"", text);
		else
			buf_printf(out, "\"%.10s %.8s\"", text, text + 11);
	} else if (cell->kind != CELL_EMPTY) {
		add_text(out, cell->text);
	}
}

int csv_write_row(struct sheet_writer *w, const struct cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(&w->out, ',');
		add_cell(&w->out, &cells[i]);
	}
	buf_addz(&w->out, "\r\n");
	return w->out.n >= FLUSH_BYTES || w->out.err ? flush(w) : 0;
}

int csv_writer_end(struct sheet_writer *w)
{
	int err = flush(w);
	if (w->fd >= 0 && close(w->fd) && !err)
		err = err_from_errno(errno);
	return err;
}

void csv_writer_drop(struct sheet_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
}
