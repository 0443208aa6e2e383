#ifndef LX_DESK_BULK_H
#define LX_DESK_BULK_H

#include "desk/edit.h"
#include "desk/jobs.h"
#include "model/bulk.h"

/* Many records changed alike: few at once in the request, more as a job. Each stands or falls alone, with the
 * rights that the one who asks has to it. */

#define BULK_AT_ONCE 50

enum bulk_outcome { BULK_DONE, BULK_CONFLICT, BULK_FORBIDDEN, BULK_REFUSED, BULK_OUTCOME__MAX };
extern const char *const bulk_outcomes[BULK_OUTCOME__MAX];

/* One record on its way. */
struct bulk_row {
	int64_t n, id, version; /* version 0: any */
	enum bulk_outcome outcome;
	struct fault fault; /* of one that is not done */
	struct edit edit;
};

/* Some of them, written in one transaction. */
struct bulk_piece {
	struct desk *desk;
	const struct bulk *bulk;
	const struct actor *actor;
	int64_t session;
	bool dry; /* found out and undone */
	struct bulk_row *rows;
	size_t n;
	json_t *ended; /* sign-ins */
};

/* Inside store_write(). Only what is no matter of a record fails it. */
int bulk_write(struct db *db, struct bulk_piece *piece) MUST_CHECK;
/* After the commit. `whole`: the pages are told of each record and not of all together. The switch's refusal,
 * if there was one in time. */
void bulk_follow(const struct bulk_piece *piece, bool whole, struct fault *ret_refusal);

/* The rows of the job in {parent}, in the transaction that makes it. */
int bulk_keep_rows(struct db *db, int64_t job, const struct bulk_row *rows, size_t n) MUST_CHECK;
extern const struct job_kind bulk_job;

#endif
