#ifndef LX_MODEL_ADMIT_H
#define LX_MODEL_ADMIT_H

#include "model/model.h"

/* Whether a change may be made: looked at before, when the record still is what it was, and after, when it is
 * what it shall be; both within one transaction. */
struct access {
	const struct resource *res;
	enum verb verb;
	int64_t id;
	int64_t masters; /* enabled users with all rights, before */
};

int access_begin(const struct change *change, struct access *access) MUST_CHECK;
/* Passes an earlier error on. `draft` names the field of a fault; NULL when the record is deleted. */
int access_end(const struct change *change, struct access *access, const json_t *draft, int err) MUST_CHECK;

#endif
