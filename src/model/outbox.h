#ifndef LX_MODEL_OUTBOX_H
#define LX_MODEL_OUTBOX_H

#include "model/model.h"

/* What is to follow a change: rows of table `outbox`, written with the change itself, so that it follows
 * even when the desk dies right after the commit (desk/outbox.h carries it out). An effect looks at the
 * record as it then is: carrying it out twice does no harm. */
#define OUTBOX_CONFIG "config" /* the switch learns the record */
#define OUTBOX_SPEAK "speak"   /* the sound of a prompt's text is made anew */

/* Notes what follows the change of this record, if anything; *change->effect is the last of it. */
int outbox_put(const struct change *change, const struct resource *res, int64_t record) MUST_CHECK;

/* One that is due. */
struct effect {
	int64_t id, record;
	int64_t tries; /* so far */
	char kind[16];
	const struct resource *res; /* NULL: none of this version's */
	int err;                    /* what carrying it out met with, filled by who did */
};

/* The first of those that are due, in the order of the changes; *ret_n of at most `max`. */
int outbox_due(
	struct db *db, int64_t now_ms, struct effect *ret_effects, size_t max, size_t *ret_n) MUST_CHECK;
/* How many there are, and when the next one is due (INT64_MAX: none). */
int outbox_state(struct db *db, int64_t *ret_waiting, int64_t *ret_due_ms) MUST_CHECK;
/* Takes away what is done or refused for good, and puts off the others, longer each time. In store_write().
 */
int outbox_settle(struct db *db, int64_t now_ms, const struct effect *effects, size_t n) MUST_CHECK;

#endif
