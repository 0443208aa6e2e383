#ifndef LX_DESK_EDIT_H
#define LX_DESK_EDIT_H

#include "base/js.h"
#include "desk/desk_int.h"
#include "model/model.h"

/* One change of one record as the desk makes it: that of the model, what the desk keeps beside such records
 * in the same transaction (duty.h), and what follows the commit. */
struct edit {
	const struct resource *res;
	enum verb verb;
	const char *action; /* of its transition table, NULL with the verbs of rights.h */
	json_t *draft;      /* VERB_CREATE, VERB_UPDATE */
	int64_t id, version;
	int64_t session; /* of who asks: it stays when he changes himself */
	json_t *ended;   /* array that gets the sign-ins which end */
	/* Filled by writing: */
	struct owners owners; /* before and after */
	int64_t effect;       /* what follows in the outbox */
};

/* Inside store_write(). */
int edit_write(const struct change *change, struct edit *edit) MUST_CHECK;
/* After the commit: what need not survive us, but for telling the pages and the outbox. */
void edit_follow(struct desk *desk, const struct edit *edit);

#endif
