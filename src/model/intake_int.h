#ifndef LX_MODEL_INTAKE_INT_H
#define LX_MODEL_INTAKE_INT_H

#include "model/model.h"

/* By which times and amounts are read. */
struct intake_clock {
	int offset_min, money_digits;
};

/* A text as people write such a value; -E_INVALID with the fault. Of FT_CHOICES one choice. */
int intake_value(const struct field *f, struct str text, const struct intake_clock *clock, json_t **ret_value,
	struct fault *reterr_) MUST_CHECK;

/* Names of records that were looked up before. */
struct intake_refs {
	const struct actor *actor;
	json_t *known; /* {"skill\nbooking": id} */
};
/* The record that a text names by its title or by another field that names one alone. */
int intake_ref(struct intake_refs *refs, struct db *db, const struct field *f, struct str text,
	json_t **ret_id, struct fault *reterr_) MUST_CHECK;

#endif
