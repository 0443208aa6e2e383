#ifndef LX_BASE_MASK_H
#define LX_BASE_MASK_H

#include "base/buf.h"

/* What is shown of a number or a name to whoever may not see it whole: "138****8000". Pure. */

#define MASK_STARS "****"

/* Appends of a long text the first three characters and the last four (after a "+" those before the last
 * eight), of a short one next to nothing. UTF-8. */
void mask_add(struct buf *out, struct str text);
/* Whether a text that may be a telephone number is one that could be somebody's: an extension or a service
 * number is shorter. */
bool mask_is_number(const char *text);

#endif
