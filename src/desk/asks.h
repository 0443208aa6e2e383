#ifndef LX_DESK_ASKS_H
#define LX_DESK_ASKS_H

#include "base/js.h"
#include "desk/desk_int.h"

/* Answers a question of the switch from the database, on own_pool; one that comes too late is dropped there.
 */
void asks_answer(struct desk *desk, const json_t *ask);

#endif
