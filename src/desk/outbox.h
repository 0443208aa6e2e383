#ifndef LX_DESK_OUTBOX_H
#define LX_DESK_OUTBOX_H

#include "desk/desk_int.h"

/* Carries out what follows the changes (model/outbox.h), on a thread of its own: in their order, again after
 * a pause when it does not succeed, and after a restart what the desk before has left. */
struct outbox;

struct outbox *outbox_new(struct desk *desk);
int outbox_open(
	struct outbox *outbox) MUST_CHECK; /* starts; the database, the pools and the peer are there */
void outbox_close(struct outbox *outbox);  /* ends the thread; who waits is let go */
void *outbox_free(struct outbox *outbox);  /* NULL allowed; returns NULL */

/* After a change: wakes it and waits for that effect, for a moment: its error, the fault for a refusal;
 * -E_TIMEOUT when it was not reached in time and goes on without us. */
int outbox_wait(struct outbox *outbox, int64_t effect, struct fault *reterr_);
/* Effects that are still to be carried out, as of the last look. */
int64_t outbox_waiting(struct outbox *outbox);

#endif
