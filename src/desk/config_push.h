#ifndef LX_DESK_CONFIG_PUSH_H
#define LX_DESK_CONFIG_PUSH_H

#include "desk/desk_int.h"
#include "model/model.h"

/* Keeps the switch's configuration equal to the database: all of it after a hello or a refusal, then what
 * changes. Pushes go one at a time, and read the database under the same lock, so that the last one sent is
 * the newest. Blocks: not on the loop. */

/* After a record was saved. The fault says why the switch refused; nothing is lost then, the next push is a
 * full one. 0 also when the switch is away: it gets everything with its hello. */
int config_push_record(struct desk *desk, const struct resource *res, int64_t id, struct fault *reterr_);
/* Rows that are no record's: phones of sign-ins. The array is taken. */
void config_push_rows(struct desk *desk, json_t *rows);
/* After a change of what people may do: agents who now see numbers whole on their phones, and who no longer
 * do. */
void config_push_rights(struct desk *desk);
/* Everything: on own_pool after a hello, and for many records at once. */
int config_push_all(struct desk *desk, struct fault *reterr_);

/* A push that failed, and was not refused, is tried again. */
void config_push_again(struct desk *desk);

struct config_state {
	int64_t revision, acked;
	bool refused;
	struct fault fault;
};

struct config_push;
struct config_push *config_push_new(void);
void *config_push_free(struct config_push *push); /* NULL allowed; returns NULL */
void config_push_lost(struct config_push *push);  /* the switch is new: the next push is a full one */
void config_push_state(struct config_push *push, struct config_state *ret_state);

#endif
