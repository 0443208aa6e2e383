#ifndef LX_SHEET_WRITER_H
#define LX_SHEET_WRITER_H

#include "base/err.h"
#include "sheet/cell.h"

#include <stddef.h>

/* A table written row by row in constant memory, as CSV (RFC 4180, UTF-8 with a mark for spreadsheets) or as
 * an XLSX workbook with real numbers and times, a head that stays in view, and a second sheet that says where
 * it comes from. Text is never a formula. One thread. */
struct sheet_writer;

/* Where CSV goes: parts of any size. An error of it ends the writing. */
typedef int (*sheet_sink_fn)(void *arg, struct str part);

struct sheet_about {
	const char *name, *value;
};

struct sheet_writer_opts {
	enum sheet_format format;
	const char *path;     /* of the file to make; CSV: NULL when there is a sink */
	const char *temp_dir; /* XLSX: where rows stand until the file is packed; NULL: /tmp */
	sheet_sink_fn sink;
	void *arg;
	const char *title;               /* XLSX: of the sheet */
	const char *author;              /* XLSX: in the file's properties, like title */
	const char *about_title;         /* XLSX: name of the second sheet; NULL: none */
	const struct sheet_about *about; /* its lines */
	size_t n_about;
};

/* -E_IO, -E_FULL. Text of the options must live until the end. */
int sheet_writer_new(const struct sheet_writer_opts *opts, struct sheet_writer **ret_writer) MUST_CHECK;
/* A row of labels, before any other. */
int sheet_write_head(struct sheet_writer *w, const struct str *labels, size_t n) MUST_CHECK;
/* -E_LIMIT when the format takes no more rows. */
int sheet_write_row(struct sheet_writer *w, const struct cell *cells, size_t n) MUST_CHECK;
/* Adds a line to the second sheet, known only at the end. */
void sheet_write_about(struct sheet_writer *w, const char *name, const char *value);
/* Completes the file. The writer is freed in any case; without it sheet_writer_drop() frees and removes. */
int sheet_writer_end(struct sheet_writer *w) MUST_CHECK;
void *sheet_writer_drop(struct sheet_writer *w); /* NULL allowed; returns NULL */

/* "csv" or "xlsx", SHEET_FORMAT__MAX when it is neither. */
enum sheet_format sheet_format_from_string(const char *name);
const char *sheet_format_to_string(enum sheet_format format);
const char *sheet_format_mime(enum sheet_format format);

#endif
