#ifndef LX_DESK_ME_H
#define LX_DESK_ME_H

#include "base/js.h"
#include "model/model.h"

/* Queues whose live values one sees: those that he serves (as a member, or by his skills where a queue has no
 * members), and those that agents whom he may watch serve. */
#define ME_QUEUES_MAX 500
int me_queue_ids(struct db *db, const struct actor *actor, int64_t *ret_ids, size_t *ret_n) MUST_CHECK;

#endif
