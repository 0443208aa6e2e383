#ifndef LX_DESK_ME_H
#define LX_DESK_ME_H

#include "base/js.h"
#include "store/db.h"

/* Queues that an agent serves: as a member, or by his skills where a queue has no members. */
#define ME_QUEUES_MAX 200
int me_queue_ids(struct db *db, int64_t agent, int64_t *ret_ids, size_t *ret_n) MUST_CHECK;

#endif
