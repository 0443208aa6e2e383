#ifndef LX_DESK_SEEN_H
#define LX_DESK_SEEN_H

#include "base/str.h"

/* Which row of a file had a value first: sixteen bytes a value, for a million rows that must not stand in
 * memory. */
struct seen;

struct seen *seen_new(void);
void *seen_free(struct seen *seen); /* NULL allowed; returns NULL */
/* The row that had this value of that field first, 0 when this is it. */
int64_t seen_find(const struct seen *seen, size_t field, struct str value);
void seen_add(struct seen *seen, size_t field, struct str value, int64_t row);

#endif
