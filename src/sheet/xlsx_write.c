/* A workbook by libxlsxwriter in its constant-memory mode: each row is in a temporary file before the next
 * one begins. Numbers and times are numbers with a format, so that a spreadsheet can reckon with them; what
 * has more digits than a spreadsheet keeps is text. */
#include "sheet/writer_int.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 1048576
#define SHEETS_MAX 16
#define CELL_MAX_CHARACTERS 32767
#define DIGITS_KEPT INT64_C(999999999999999)
#define DAY_MS 86400000.0
#define DAYS_TO_1970 25569.0

static int err_of(lxw_error error)
{
	switch (error) {
	case LXW_NO_ERROR:
		return 0;
	case LXW_ERROR_MEMORY_MALLOC_FAILED:
		return -E_NOMEM;
	case LXW_ERROR_ZIP_FILE_OPERATION:
	case LXW_ERROR_ZIP_FILE_ADD:
	case LXW_ERROR_ZIP_CLOSE:
	case LXW_ERROR_CREATING_TMPFILE:
	case LXW_ERROR_CREATING_XLSX_FILE:
		return errno == ENOSPC ? -E_FULL : -E_IO;
	default:
		return -E_INVALID;
	}
}

static void make_formats(struct sheet_writer *w)
{
	static const char *const decimals[] = { "0", "0.0", "0.00", "0.000", "0.0000" };
	w->head = workbook_add_format(w->book);
	format_set_bold(w->head);
	format_set_bottom(w->head, LXW_BORDER_THIN);
	format_set_bg_color(w->head, 0xE8EEF4);
	w->bold = workbook_add_format(w->book);
	format_set_bold(w->bold);
	w->time = workbook_add_format(w->book);
	format_set_num_format(w->time, "yyyy-mm-dd hh:mm:ss");
	w->date = workbook_add_format(w->book);
	format_set_num_format(w->date, "yyyy-mm-dd");
	for (size_t i = 0; i < ARRAY_LEN(w->decimals); i++) {
		w->decimals[i] = workbook_add_format(w->book);
		format_set_num_format(w->decimals[i], decimals[i]);
	}
}

/* Names of sheets have at most 31 characters and none of []:*?/\ ; ours come from descriptors. */
static int add_sheet(struct sheet_writer *w)
{
	char name[128];
	if (w->sheets >= SHEETS_MAX)
		return -E_LIMIT;
	w->sheets++;
	snprintf(name, sizeof(name), w->sheets > 1 ? "%s %u" : "%s", w->opts.title, w->sheets);
	w->sheet = workbook_add_worksheet(w->book, name);
	w->row = 0;
	return w->sheet ? 0 : -E_INVALID;
}

int xlsx_writer_open(struct sheet_writer *w)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = (char *)w->opts.temp_dir };
	w->book = workbook_new_opt(w->opts.path, &options);
	if (!w->book)
		return -E_NOMEM;
	lxw_doc_properties properties = { .title = (char *)w->opts.title, .author = (char *)w->opts.author };
	make_formats(w);
	int err = err_of(workbook_set_properties(w->book, &properties));
	if (!err)
		err = add_sheet(w);
	if (err) {
		lxw_workbook_free(w->book);
		return err;
	}
	return 0;
}

/* A width that holds the label; Chinese characters are twice as wide, and what stands below is often longer.
 */
static double width_of(struct str label)
{
	double width = 4;
	for (size_t i = 0; i < label.n; i++) {
		unsigned char c = (unsigned char)label.p[i];
		width += (c & 0xc0) == 0x80 ? 0 : c >= 0xe0 ? 2 : 1;
	}
	return width < 14 ? 14 : width > 60 ? 60 : width;
}

int xlsx_write_head(struct sheet_writer *w)
{
	lxw_error error = LXW_NO_ERROR;
	for (size_t i = 0; i < w->n_labels && !error; i++)
		error = worksheet_set_column(
			w->sheet, (lxw_col_t)i, (lxw_col_t)i, width_of(w->labels[i]), NULL);
	worksheet_freeze_panes(w->sheet, 1, 0);
	for (size_t i = 0; i < w->n_labels && !error; i++)
		error = worksheet_write_string(w->sheet, 0, (lxw_col_t)i, w->labels[i].p, w->head);
	w->row = 1;
	return err_of(error);
}

/* Longer text than a cell takes is cut at a character. */
static lxw_error write_text(struct sheet_writer *w, lxw_col_t column, struct str text)
{
	size_t characters = 0, n = 0;
	for (; n < text.n && characters <= CELL_MAX_CHARACTERS; n++)
		characters += ((unsigned char)text.p[n] & 0xc0) != 0x80;
	if (characters > CELL_MAX_CHARACTERS)
		n--;
	char *copy = mem_strndup(text.p, n);
	lxw_error error = worksheet_write_string(w->sheet, w->row, column, copy, NULL);
	free(copy);
	return error;
}

static lxw_error write_number(struct sheet_writer *w, lxw_col_t column, const struct cell *cell)
{
	unsigned decimals = cell->decimals < ARRAY_LEN(w->decimals) ? cell->decimals : 0;
	double value = (double)cell->value / pow(10, cell->decimals);
	char text[32];
	if (cell->value <= DIGITS_KEPT && cell->value >= -DIGITS_KEPT)
		return worksheet_write_number(w->sheet, w->row, column, value, w->decimals[decimals]);
	snprintf(text, sizeof(text), "%lld", (long long)cell->value);
	return worksheet_write_string(w->sheet, w->row, column, text, NULL);
}

static lxw_error write_cell(struct sheet_writer *w, lxw_col_t column, const struct cell *cell)
{
	double days = (double)cell->value / DAY_MS + DAYS_TO_1970;
	switch (cell->kind) {
	case CELL_EMPTY:
		return LXW_NO_ERROR;
	case CELL_NUMBER:
		return write_number(w, column, cell);
	case CELL_TIME:
		return worksheet_write_number(w->sheet, w->row, column, days, w->time);
	case CELL_DATE:
		return worksheet_write_number(w->sheet, w->row, column, days, w->date);
	default:
		return write_text(w, column, cell->text);
	}
}

int xlsx_write_row(struct sheet_writer *w, const struct cell *cells, size_t n)
{
	lxw_error error = LXW_NO_ERROR;
	if (w->row >= ROWS_MAX) {
		int err = add_sheet(w);
		if (!err)
			err = xlsx_write_head(w);
		if (err)
			return err;
	}
	for (size_t i = 0; i < n && !error; i++)
		error = write_cell(w, (lxw_col_t)i, &cells[i]);
	w->row++;
	return err_of(error);
}

void sheet_write_about(struct sheet_writer *w, const char *name, const char *value)
{
	if (w->opts.format != SHEET_XLSX || !w->opts.about_title)
		return;
	if (!w->about) {
		w->about = workbook_add_worksheet(w->book, w->opts.about_title);
		if (!w->about)
			return;
		worksheet_set_column(w->about, 0, 0, 20, NULL);
		worksheet_set_column(w->about, 1, 1, 80, NULL);
	}
	worksheet_write_string(w->about, w->about_row, 0, name, w->bold);
	worksheet_write_string(w->about, w->about_row, 1, value, NULL);
	w->about_row++;
}

int xlsx_writer_end(struct sheet_writer *w)
{
	for (size_t i = 0; i < w->opts.n_about; i++)
		sheet_write_about(w, w->opts.about[i].name, w->opts.about[i].value);
	errno = 0;
	return err_of(workbook_close(w->book));
}

void xlsx_writer_drop(struct sheet_writer *w)
{
	lxw_workbook_free(w->book);
}
