#ifndef LX_MODEL_CHILDREN_H
#define LX_MODEL_CHILDREN_H

#include "model/record.h"

/* Lists of child records within a change of the record that has them. */

/* Completes the elements of the draft by what is there; refuses ids that are not, with `faults`. */
int children_merge(
	const struct change *c, const struct resource *res, const json_t *old, json_t *draft) MUST_CHECK;
/* Writes the lists of the draft; old is NULL for a new record. */
int children_write(const struct change *c, const struct resource *res, int64_t id, const json_t *old,
	const json_t *draft) MUST_CHECK;
/* Adds what differs: "members[81].agent": [old, new], "members[82]": [element, null] of one removed,
 * "members[+0]": [null, element] of a new one by its place, "members[]": [ids, ids] of another order. */
void children_changes(const struct field *f, const json_t *old, const json_t *items, json_t *changes);
/* Only the fields of the descriptor, without id and shown names. */
json_t *children_plain(const struct child *child, const json_t *item);

#endif
