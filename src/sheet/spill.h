#ifndef LX_SHEET_SPILL_H
#define LX_SHEET_SPILL_H

#include "base/err.h"
#include "base/str.h"

/* Many texts in a file without a name, found by their number: what a workbook's cells share may be larger
 * than what memory should hold. */
struct spill;

int spill_new(const char *dir, struct spill **ret_spill) MUST_CHECK;
int spill_add(struct spill *s, struct str text) MUST_CHECK; /* before spill_done() */
int spill_done(struct spill *s) MUST_CHECK;
/* False when there is none of that number. */
bool spill_get(const struct spill *s, uint64_t n, struct str *ret_text);
void *spill_free(struct spill *s); /* NULL allowed; returns NULL */

#endif
