#ifndef LX_MODEL_BULK_H
#define LX_MODEL_BULK_H

#include "model/model.h"

/* The same change of many records: what was asked for, and what it comes to for one of them. */
struct bulk {
	const struct resource *res;
	enum verb verb;
	const char *action; /* of the transition table, else NULL; lives as long as the body */
	enum bulk_kind { BULK_ACT, BULK_PATCH, BULK_ADD, BULK_REMOVE } kind;
	json_t *draft; /* fields, or of each list the elements */
	json_t *given; /* BULK_REMOVE: the elements as they were named */
};

/* One of {"patch": {field: value}}, {"add": {list: [element]}}, {"remove": {list: [element]}} and {"action":
 * "delete", "restore", "purge" or one of the transition table}; other members are passed over. -E_FORBIDDEN
 * when the actor may not do that with any record. */
int bulk_read(const struct resource *res, const struct actor *actor, const json_t *body,
	struct bulk *ret_bulk, struct faults *faults) MUST_CHECK;
void bulk_done(struct bulk *bulk);
/* The draft for model_update() of that record, NULL for what is none; -E_NOT_FOUND when it is not there for
 * the actor. */
int bulk_draft(
	const struct bulk *bulk, const struct change *change, int64_t id, json_t **ret_draft) MUST_CHECK;
/* The word for it, for people: of an action that of its table. */
struct label bulk_label(const struct bulk *bulk);

#endif
