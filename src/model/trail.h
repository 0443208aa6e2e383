#ifndef LX_MODEL_TRAIL_H
#define LX_MODEL_TRAIL_H

#include "model/record.h"

/* A row of the audit trail for the change of a record. It is readable when what it speaks of is gone: the
 * record's name, and the names of what references point at, as they are now, stand in it. */
struct trail {
	const char *action;
	const struct resource *res;
	int64_t id;
	const json_t *old, *now; /* NULL: none; of the first of them that is there is the name */
	const json_t *changes;   /* {path: [before, after]}, may be NULL */
};
int trail_add(const struct change *change, const struct trail *trail) MUST_CHECK;
/* Leaves out of a row the names of what the reader may not read. */
void trail_hide(const struct actor *actor, const struct resource *res, json_t *row);

#endif
