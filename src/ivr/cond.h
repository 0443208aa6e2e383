#ifndef LX_IVR_COND_H
#define LX_IVR_COND_H

#include "base/arena.h"

#include <jansson.h>

/* Conditions on variables: {"var", "op", "value"} or {"all": […]} or {"any": […]}, nested at most COND_DEPTH
 * deep. op: eq, ne, lt, gt, prefix, in (value is a list). An unset variable reads as "". lt and gt compare
 * numbers when both sides are whole numbers, else bytes: "0935" works as a time of day, "2026-11-21" as a
 * date. */
struct cond;

#define COND_DEPTH 6

typedef const char *(*cond_value_fn)(void *arg, const char *variable); /* NULL: unset */

/* The condition lives in the arena. -E_INVALID with the field below `path`; -E_LIMIT when the arena is full.
 */
int cond_parse(const json_t *json, const char *path, struct arena *arena, const struct cond **ret_cond,
	struct fault *reterr_) MUST_CHECK;

bool cond_holds(const struct cond *cond, cond_value_fn value, void *arg);

#endif
