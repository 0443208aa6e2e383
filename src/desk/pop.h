#ifndef LX_DESK_POP_H
#define LX_DESK_POP_H

#include "desk/request.h"

/* Adds `pop` to what agents/me tells: whether another system's page belongs to a contact, and of which
 * queues. */
int pop_describe(struct request *r, json_t *queues, json_t *out) MUST_CHECK;

#endif
