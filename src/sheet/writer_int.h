#ifndef LX_SHEET_WRITER_INT_H
#define LX_SHEET_WRITER_INT_H

#include "base/buf.h"
#include "sheet/writer.h"

#include <xlsxwriter.h>

struct sheet_writer {
	struct sheet_writer_opts opts;
	/* CSV */
	struct buf out;
	int fd;
	/* XLSX */
	lxw_workbook *book;
	lxw_worksheet *sheet, *about;
	lxw_format *head, *time, *date, *decimals[5], *bold;
	uint32_t row, about_row;
	unsigned sheets;
	struct str *labels; /* repeated on each further sheet */
	size_t n_labels;
};

int csv_writer_open(struct sheet_writer *w) MUST_CHECK;
int csv_write_row(struct sheet_writer *w, const struct cell *cells, size_t n) MUST_CHECK;
int csv_writer_end(struct sheet_writer *w) MUST_CHECK;
void csv_writer_drop(struct sheet_writer *w);

int xlsx_writer_open(struct sheet_writer *w) MUST_CHECK;
int xlsx_write_head(struct sheet_writer *w) MUST_CHECK;
int xlsx_write_row(struct sheet_writer *w, const struct cell *cells, size_t n) MUST_CHECK;
int xlsx_writer_end(struct sheet_writer *w) MUST_CHECK;
void xlsx_writer_drop(struct sheet_writer *w);

#endif
