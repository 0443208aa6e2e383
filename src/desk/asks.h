#ifndef LX_DESK_ASKS_H
#define LX_DESK_ASKS_H

#include "base/js.h"
#include "desk/desk_int.h"

/* Answers a question of the switch from the database, on own_pool; one that comes too late is dropped there.
 */
void asks_answer(struct desk *desk, const json_t *ask);

/* Who calls from that number: {"customer", "name", "tier", "priority", "language"}, empty when nobody is
 * known. The customer changed last comes first when several have the number. */
int asks_lookup(struct db *db, const char *number, json_t *answer) MUST_CHECK;

#endif
