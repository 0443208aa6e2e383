#ifndef LX_MODEL_CUSTOM_H
#define LX_MODEL_CUSTOM_H

#include "base/arena.h"
#include "model/resource.h"

/* Fields that administrators add (resource `custom_field`). In a catalogue they are fields as any other,
 * named "x_" and their name, with F_CUSTOM; a record keeps their values in its column `custom`, as an object
 * {"f81": …} by the ids of the fields, each value as a column of its type would have it. What stands there
 * under ids that a catalogue does not know is of fields that were deleted, or are newer, and stays. */
#define CUSTOM_PREFIX "x_"
#define CUSTOM_FIELDS_MAX 60  /* of one resource */
#define CUSTOM_INDEXES_MAX 10 /* of them */

/* What can be said of fields of a type. */
enum custom_trait {
	CUSTOM_SEARCHED = 1,
	CUSTOM_MASKED = 2,
	CUSTOM_INDEXED = 4,
	CUSTOM_LENGTH = 8, /* min and max are of characters */
	CUSTOM_RANGE = 16, /* min and max are of values */
	CUSTOM_DIGITS = 32,
	CUSTOM_CHOICES = 64,
	CUSTOM_LISTED = 128
};
/* False for a type that custom fields do not have. */
bool custom_type(const char *name, enum field_type *ret_type, unsigned *ret_traits);
/* Most characters of a text of that type. */
int64_t custom_length_max(enum field_type type);

/* Whether the descriptor, which is of a catalogue, has such fields. */
bool custom_has(const struct resource *res);
/* Into the record what the column says, NULL: nothing. */
void custom_read(const struct resource *res, struct str column, json_t *record);
/* The column after a change: what it says (NULL: nothing) with the values of the record in place of its own
 * for the fields that `changed` names. Text in the arena, NULL above its cap. */
const char *custom_write(const struct resource *res, struct arena *arena, struct str column,
	const json_t *changed, const json_t *record);
/* A choice that was taken away from a field stays where it was chosen: of the draft's custom choices each
 * must be one of the field's or stand in `old` (NULL: nothing does). Puts them in order. */
struct faults;
int custom_keep_words(
	const struct resource *res, const json_t *old, json_t *draft, struct faults *faults) MUST_CHECK;
/* Whether the object names a custom field of the resource. */
bool custom_named(const struct resource *res, const json_t *object);

#endif
