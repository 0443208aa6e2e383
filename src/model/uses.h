#ifndef LX_MODEL_USES_H
#define LX_MODEL_USES_H

#include "model/record.h"

/* What refers to a record, found by the descriptors alone: whoever does keeps it from being deleted. History
 * (read-only fields) and F_WEAK references do not. -E_STATE when there are any, with `faults` as in
 * model_delete(). */
int uses_check(const struct change *c, const struct resource *res, int64_t id) MUST_CHECK;
/* The same before it is gone for good: of those in the bin too. */
int uses_check_all(const struct change *c, const struct resource *res, int64_t id) MUST_CHECK;

#endif
