#ifndef LX_SHEET_CELL_H
#define LX_SHEET_CELL_H

#include "base/str.h"

#include <stdint.h>

/* One cell of a table, on its way in or out. Text is always there when reading: a number by its digits, a
 * time as "2026-11-22 10:30:00". */
enum cell_kind {
	CELL_EMPTY,
	CELL_TEXT,
	CELL_NUMBER, /* value / 10^decimals */
	CELL_TIME,   /* value: ms of a clock on a wall since 1970-01-01 00:00 */
	CELL_DATE,   /* likewise, of a day */
	CELL_BOOL,
	CELL_ERROR, /* reading: what a spreadsheet could not compute, "#N/A" */
};

enum cell_flag {
	CELL_ROUNDED = 1, /* the spreadsheet has thrown digits away: 1.38E+10, or more than 15 of them */
};

struct cell {
	enum cell_kind kind;
	unsigned flags;
	struct str text;
	int64_t value;
	unsigned decimals;
};

#define SHEET_XLSX_MIME "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
enum sheet_format { SHEET_CSV, SHEET_XLSX, SHEET_FORMAT__MAX };

#define SHEET_COLUMNS_MAX 512
#define SHEET_CELL_MAX_BYTES ((size_t)128 * 1024)

#endif
