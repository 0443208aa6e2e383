#ifndef LX_SHEET_NUMBER_H
#define LX_SHEET_NUMBER_H

#include "base/str.h"

#include <stdbool.h>

/* Numbers as spreadsheets store them, as people read them. */

#define NUMBER_SIZE 400

enum number_style { NUMBER_PLAIN, NUMBER_DATE, NUMBER_SPAN };

/* "1.38E10" by its digits "13800000000", without an exponent. *ret_flags gets CELL_ROUNDED when a spreadsheet
 * has kept fewer digits than there are. False when it is no number. */
bool number_to_text(struct str raw, char dst[NUMBER_SIZE], unsigned *ret_flags);
/* The text of a CSV cell like "1.38E+10", which was rounded for the eye. False when it is none. */
bool number_from_display(struct str text, char dst[NUMBER_SIZE], unsigned *ret_flags);
/* A count of days as "2026-11-22", "2026-11-22 10:30:00" or "10:30:00"; with NUMBER_SPAN as "36:30:00". False
 * when it is no day of a calendar. */
bool number_to_date(struct str raw, enum number_style style, bool from_1904, char dst[NUMBER_SIZE]);
/* What a format code of a workbook makes of a number. */
enum number_style number_style_of_code(const char *code);
enum number_style number_style_of_id(unsigned id); /* of those that need no code */

#endif
