/* What CSV and XLSX have in common. Labels are kept: a table that is longer than a sheet goes on in the next
 * one under the same head. */
#include "sheet/writer_int.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const formats[SHEET_FORMAT__MAX] = { "csv", "xlsx" };

enum sheet_format sheet_format_from_string(const char *name)
{
	int i = 0;
	while (i < SHEET_FORMAT__MAX && (!name || strcmp(formats[i], name) != 0))
		i++;
	return (enum sheet_format)i;
}

const char *sheet_format_to_string(enum sheet_format format)
{
	return formats[format];
}

const char *sheet_format_mime(enum sheet_format format)
{
	return format == SHEET_CSV ? "text/csv" : SHEET_XLSX_MIME;
}

static void writer_free(struct sheet_writer *w)
{
	for (size_t i = 0; i < w->n_labels; i++)
		free((char *)w->labels[i].p);
	free(w->labels);
	buf_done(&w->out);
	free(w);
}

int sheet_writer_new(const struct sheet_writer_opts *opts, struct sheet_writer **ret_writer)
{
	struct sheet_writer *w = mem_alloc(sizeof(*w));
	w->opts = *opts;
	w->fd = -1;
	buf_init(&w->out, 2 * SHEET_COLUMNS_MAX * SHEET_CELL_MAX_BYTES);
	int err = opts->format == SHEET_CSV ? csv_writer_open(w) : xlsx_writer_open(w);
	if (err)
		writer_free(w);
	else
		*ret_writer = w;
	return err;
}

int sheet_write_head(struct sheet_writer *w, const struct str *labels, size_t n)
{
	w->labels = mem_array(n, sizeof(*labels));
	w->n_labels = n;
	for (size_t i = 0; i < n; i++)
		w->labels[i] = (struct str){ str_dup(labels[i]), labels[i].n };
	if (w->opts.format == SHEET_XLSX)
		return xlsx_write_head(w);
	struct cell *cells = mem_array(n, sizeof(*cells));
	for (size_t i = 0; i < n; i++)
		cells[i] = (struct cell){ .kind = CELL_TEXT, .text = labels[i] };
	int err = csv_write_row(w, cells, n);
	free(cells);
	return err;
}

int sheet_write_row(struct sheet_writer *w, const struct cell *cells, size_t n)
{
	return w->opts.format == SHEET_XLSX ? xlsx_write_row(w, cells, n) : csv_write_row(w, cells, n);
}

int sheet_writer_end(struct sheet_writer *w)
{
	int err = w->opts.format == SHEET_XLSX ? xlsx_writer_end(w) : csv_writer_end(w);
	if (err && w->opts.path)
		unlink(w->opts.path);
	writer_free(w);
	return err;
}

void *sheet_writer_drop(struct sheet_writer *w)
{
	if (!w)
		return NULL;
	if (w->opts.format == SHEET_XLSX)
		xlsx_writer_drop(w);
	else
		csv_writer_drop(w);
	if (w->opts.path)
		unlink(w->opts.path);
	writer_free(w);
	return NULL;
}
