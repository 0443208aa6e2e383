#ifndef LX_MODEL_ADMIT_H
#define LX_MODEL_ADMIT_H

#include "model/model.h"
#include "model/rights_int.h"

/* Whether a change may be made: looked at before, when the record still is what it was, and after, when it is
 * what it shall be; both within one transaction. */
struct access {
	const struct resource *res;
	enum verb verb;
	int64_t id;
	const json_t *old, *draft; /* NULL for a new record, for one that goes */
	int64_t masters;           /* active users with all rights, before */
	struct ids touched;        /* users whose rights the change may change */
	struct rights **before;    /* what they held, where that matters */
};

int access_begin(const struct change *change, struct access *access) MUST_CHECK;
/* Passes an earlier error on; call it after access_begin() whatever happened. */
int access_end(const struct change *change, struct access *access, int err) MUST_CHECK;
/* The first of the fields that the draft names, for a fault. */
const char *access_field(const struct access *access, const char *const *names, size_t n);

/* Whether the actor may give and take what the change gives and takes (cover.c). */
int cover_begin(const struct change *change, struct access *access) MUST_CHECK;
int cover_end(const struct change *change, struct access *access) MUST_CHECK;
void cover_done(struct access *access);

#endif
