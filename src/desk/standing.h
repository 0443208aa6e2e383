#ifndef LX_DESK_STANDING_H
#define LX_DESK_STANDING_H

#include "desk/desk_int.h"
#include "model/rights.h"

/* What each user holds, kept until the generation of rights has risen. Any thread. */
struct standing;

struct standing *standing_new(void);
void *standing_free(struct standing *standing); /* NULL allowed; returns NULL */

/* Who holds: a user, or one of his API tokens (0: none), which has a part of it. */
struct holder {
	int64_t user, token;
};

/* His rights as of that generation or later; the caller drops the reference. */
int standing_rights(struct standing *standing, struct db *db, const struct holder *holder, int64_t generation,
	struct rights **ret_rights) MUST_CHECK;
/* After a commit that raised the generation: live connections and what agents' phones show are cut anew.
 * Blocks as config_push.h says. */
void standing_changed(struct desk *desk, struct db *db);

#endif
