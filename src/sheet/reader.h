#ifndef LX_SHEET_READER_H
#define LX_SHEET_READER_H

#include "base/err.h"
#include "sheet/cell.h"

#include <stdbool.h>
#include <stddef.h>

/* A table read row by row from a file that a person sent: CSV in the encodings that spreadsheets write, or
 * the cells of one sheet of an XLSX workbook. Nothing in the file is believed: what is unpacked, its depth,
 * its columns and the length of its texts have limits. One thread. */
struct sheet_reader;

enum sheet_encoding {
	SHEET_ENCODING_FOUND,
	SHEET_UTF8,
	SHEET_UTF16LE,
	SHEET_UTF16BE,
	SHEET_GB18030,
	SHEET_ENCODING__MAX
};

#define SHEET_SHEETS_MAX 64
#define SHEET_NAME_SIZE 128

struct sheet_reader_opts {
	int fd;                       /* read from its beginning; stays the caller's */
	const char *temp_dir;         /* for texts that many cells share; NULL: /tmp */
	enum sheet_encoding encoding; /* CSV */
	char delimiter;               /* CSV: comma, semicolon or tab; 0: the one that is found */
	unsigned sheet;               /* XLSX: from 0, in the order of the tabs */
	uint64_t unpacked_max;        /* XLSX: bytes [2 GB] */
};

struct sheet_info {
	enum sheet_format format;
	enum sheet_encoding encoding; /* CSV */
	char delimiter;
	unsigned n_sheets; /* XLSX */
	char sheets[SHEET_SHEETS_MAX][SHEET_NAME_SIZE];
};

struct sheet_row {
	int64_t n; /* as a spreadsheet counts, from 1 */
	const struct cell *cells;
	size_t n_cells; /* without the empty ones at the end; never 0 */
};

/* -E_INVALID with a fault whose code says why such a file is not read: file_kind, file_encrypted,
 * file_broken, file_large, file_encoding, file_binary, file_quote, file_columns, file_cell, file_doctype,
 * sheet. */
int sheet_reader_open(const struct sheet_reader_opts *opts, struct sheet_reader **ret_reader,
	struct fault *reterr_) MUST_CHECK;
const struct sheet_info *sheet_reader_info(const struct sheet_reader *r);
/* False at the end and on failure. Rows without any text are passed over; cells live until the next call. */
bool sheet_next(struct sheet_reader *r, struct sheet_row *ret_row);
/* What ended the rows: 0, or an error with its fault. Frees. */
int sheet_reader_close(struct sheet_reader *r, struct fault *reterr_) MUST_CHECK;

/* "utf-8", "utf-16le", "utf-16be", "gb18030" (also "gbk"); SHEET_ENCODING__MAX for another. */
enum sheet_encoding sheet_encoding_from_string(const char *name);
const char *sheet_encoding_to_string(enum sheet_encoding encoding);

#endif
