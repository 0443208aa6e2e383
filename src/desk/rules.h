#ifndef LX_DESK_RULES_H
#define LX_DESK_RULES_H

#include "base/id.h"
#include "model/model.h"

/* What the settings ask of passwords, and how fast guessing locks. */
struct rules {
	int64_t least, classes, history, days; /* days 0: a password does not age */
	int64_t lock_after, lock_ms;
};

int rules_read(struct db *db, struct rules *ret_rules) MUST_CHECK;
/* Refuses, with `faults`, a password that breaks them. user 0: somebody new. Slow on purpose. */
int rules_check(struct db *db, int64_t user, const char *password, struct faults *faults) MUST_CHECK;
/* In the transaction that has set a password: it is remembered, and its age begins. */
int rules_keep(struct db *db, struct id_source *ids, int64_t user, int64_t now_ms) MUST_CHECK;

#endif
