#ifndef LX_DESK_CUSTOMERS_H
#define LX_DESK_CUSTOMERS_H

#include "desk/request.h"

/* Answers for a customer who is not there any more because he was merged; -E_NOT_FOUND for any other id. */
int customer_moved(struct request *r, int64_t id);
/* Within a change: gives a customer the contacts of his numbers that are nobody's. */
int customer_claim(struct db *db, const struct actor *actor, int64_t id) MUST_CHECK;

#endif
