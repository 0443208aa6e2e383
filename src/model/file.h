#ifndef LX_MODEL_FILE_H
#define LX_MODEL_FILE_H

#include "model/record.h"

/* Fields that hold an uploaded file. A file belongs to one record: the bytes are in the data folder, its row
 * says who may read it. */

/* Whether the files that the draft names may be taken: there, of this person or of this record, not too large
 * and of a type that the field accepts. -E_INVALID with `faults`. */
int files_check(
	const struct change *c, const struct resource *res, int64_t id, const json_t *draft) MUST_CHECK;
/* After the record is written: takes the new ones, lets go of those that it no longer names. old is NULL for
 * a new record. */
int files_take(const struct change *c, const struct resource *res, int64_t id, const json_t *old,
	const json_t *draft) MUST_CHECK;
/* Of a record that is gone for good. */
int files_release(const struct change *c, const struct resource *res, int64_t id) MUST_CHECK;

#endif
