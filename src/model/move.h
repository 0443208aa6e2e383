#ifndef LX_MODEL_MOVE_H
#define LX_MODEL_MOVE_H

#include "model/record.h"

/* States of records: the tables in descriptors, read. */

/* The transition of that action out of that state; NULL when there is none. */
const struct transition *move_from(const struct resource *res, const char *state, const char *action);
/* The n-th distinct action, NULL behind the last. */
const struct transition *move_at(const struct resource *res, size_t n);
/* The number of an action's right within the rights of the resource; VERB__MAX + MOVES_MAX when unknown. */
enum verb move_verb(const struct resource *res, const char *action);

#endif
