#ifndef LX_MODEL_MASK_H
#define LX_MODEL_MASK_H

#include "model/record.h"

/* Fields that are shown in part, "138****8000", to whoever has no right to see them in clear. They would be
 * an oracle: such a reader neither filters nor sorts nor searches by them. */

/* Whether the field may not be asked about by this actor. */
bool mask_hides(const struct resource *res, const struct actor *actor, const struct field *f);
/* Whether a search for digits would find, for this actor, what is masked for him. */
bool mask_blinds(const struct resource *res, const struct actor *actor);
/* Masks what the actor may not see of a record. */
int mask_record(
	struct db *db, const struct resource *res, const struct actor *actor, json_t *record) MUST_CHECK;
/* A draft that sends a mask back keeps the value behind it; one that changed a part of it is refused. old is
 * NULL for a new record. */
int mask_keep(
	const struct change *c, const struct resource *res, const json_t *old, json_t *draft) MUST_CHECK;
/* The old and new values in a row of the audit trail. */
void mask_trail(const struct actor *actor, json_t *row);
/* Whether a text is what masking leaves of one. */
bool mask_is(const json_t *value);

#endif
