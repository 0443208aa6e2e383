#ifndef LX_DESK_DUTY_H
#define LX_DESK_DUTY_H

#include "desk/edit.h"
#include "desk/request.h"

/* What the desk does beside reading and changing records of certain resources: the one place where the
 * generic handlers meet them by name. All of it is optional. */
struct duty {
	const struct resource *res;
	/* What was typed for a record that is there, or for a new one (0); -E_INVALID with the faults. */
	int (*check)(struct db *db, int64_t id, const json_t *body, struct faults *faults);
	/* In the transaction, before and after the record is written; of an import's rows when `of_rows`. */
	int (*before)(struct db *db, struct edit *edit);
	int (*after)(const struct change *change, const struct edit *edit);
	bool of_rows;
	void (*follow)(struct desk *desk, const struct edit *edit); /* after the commit */
	/* What the answer to a new record has beside it. */
	int (*answer)(struct request *r, json_t *record, int64_t id);
	/* Answers for one that is not there; -E_NOT_FOUND. */
	int (*gone)(struct request *r, int64_t id);
};

/* Never NULL: one without any for all others. */
const struct duty *duty_of(const struct resource *res);

#endif
