#ifndef LX_MODEL_MASK_H
#define LX_MODEL_MASK_H

#include "base/mask.h"
#include "model/record.h"

/* Fields that are shown in part, "138****8000", to whoever has no right to see them in clear. They would be
 * an oracle: he filters and searches by them only among the rows that he sees in clear, and sorts by them
 * only when these are all he may read. */

/* Whether the actor sees in clear all that he may read. */
bool mask_is_off(const struct resource *res, const struct actor *actor);
/* Appends " AND (…)" for the rows in alias that the actor sees in clear, which may be none. */
void mask_scope(struct sql *q, const struct resource *res, const struct actor *actor, const char *alias);
/* Whether that record is one of them. */
int mask_sees(struct db *db, const struct resource *res, const struct actor *actor, int64_t id,
	bool *ret_sees) MUST_CHECK;
/* Masks what the actor may not see of records, by one statement for many. */
int mask_records(
	struct db *db, const struct resource *res, const struct actor *actor, json_t *records) MUST_CHECK;
/* What is shown of a text instead; null for anything else. */
json_t *mask_of(const json_t *value);
/* A draft that sends a mask back keeps the value behind it; one that changed a part of it is refused. old is
 * NULL for a new record. */
int mask_keep(
	const struct change *c, const struct resource *res, const json_t *old, json_t *draft) MUST_CHECK;
/* The old and new values in a row of the audit trail. */
void mask_trail(const struct actor *actor, json_t *row);
/* Of a record that is gone for good: the trail's own rows keep of its masked values what masking leaves. */
int mask_forget(const struct change *c, const struct resource *res, int64_t id) MUST_CHECK;
/* Whether a text is what masking leaves of one. */
bool mask_is(const json_t *value);

#endif
