#ifndef LX_TEXT_PHONE_H
#define LX_TEXT_PHONE_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

/* Telephone numbers as people write them, in the one form in which they are stored and compared. */
#define PHONE_NUMBER 32
#define PHONE_EXTENSION 12

struct phone {
	char number[PHONE_NUMBER];       /* "+8613800138000", or the digits of a short or service number */
	char extension[PHONE_EXTENSION]; /* digits, "" without */
};

/* Whether that is a country: -E_INVALID with code "format_region" if not. */
int phone_check_region(const char *region, struct fault *reterr_) MUST_CHECK;
/* The country that numbers without a country code are of, as ISO 3166 ("CN", which it is at first): one for
 * the whole process, any thread may set it. */
void phone_set_home(const char *region);

/* 0, or -E_INVALID with code "format_phone" for what is no number. */
int phone_parse(struct str text, struct phone *ret_phone, struct fault *reterr_) MUST_CHECK;

/* What is dialled from home for a stored number: "13800138000", "01088886666", "0016502530000". */
void phone_dialled(const char *number, char ret_digits[PHONE_NUMBER]);

#endif
