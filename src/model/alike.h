#ifndef LX_MODEL_ALIKE_H
#define LX_MODEL_ALIKE_H

#include "model/model.h"

/* Customers who may be the same person as one who has these numbers, mail addresses, identity or name: a
 * record, or a part of one. Up to ALIKE_MAX of those whom the actor may read, the surest first:
 * [{"id", "name", "kind", "tier", "number", "reasons": ["number", "mail", "identity", "name"]}]. `except` is
 * the record's own id, or 0. */
#define ALIKE_MAX 20
int alike_find(struct db *db, const struct actor *actor, const json_t *person, int64_t except,
	json_t **ret_list) MUST_CHECK;

#endif
