#ifndef LX_SHEET_READER_INT_H
#define LX_SHEET_READER_INT_H

#include "base/buf.h"
#include "sheet/reader.h"

#define ROW_MAX_BYTES ((size_t)4 << 20)

struct csv;
struct xlsx;

struct sheet_reader {
	struct sheet_reader_opts opts;
	struct sheet_info info;
	struct fault fault;
	int err;
	struct csv *csv;
	struct xlsx *xlsx;
	/* The row in hand: texts stand in `text` one after the other, or elsewhere when `direct` is set. */
	struct buf text;
	struct slot {
		enum cell_kind kind;
		unsigned flags;
		const char *direct;
		size_t at, n;
	} slots[SHEET_COLUMNS_MAX];
	size_t n_slots;
	struct cell cells[SHEET_COLUMNS_MAX];
};

/* Puts a text into a column of the row in hand; the row's limits hold. */
void row_begin(struct sheet_reader *r);
void row_set(struct sheet_reader *r, size_t column, enum cell_kind kind, unsigned flags, struct str text);
void row_set_direct(struct sheet_reader *r, size_t column, struct str text);
/* The cells; false when all are empty. */
bool row_end(struct sheet_reader *r, int64_t n, struct sheet_row *ret_row);
/* Keeps the first failure; returns false. */
bool row_fail(struct sheet_reader *r, const char *code, const char *fmt, ...) PRINTF(3, 4);

int csv_open(struct sheet_reader *r) MUST_CHECK;
bool csv_next(struct sheet_reader *r, struct sheet_row *ret_row);
void csv_close(struct sheet_reader *r);

int xlsx_open(struct sheet_reader *r) MUST_CHECK;
bool xlsx_next(struct sheet_reader *r, struct sheet_row *ret_row);
void xlsx_close(struct sheet_reader *r);

#endif
