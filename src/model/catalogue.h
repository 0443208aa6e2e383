#ifndef LX_MODEL_CATALOGUE_H
#define LX_MODEL_CATALOGUE_H

#include "model/resource.h"

/* The resources as they are at one time: those of the program, and in place of one that takes custom fields
 * a copy of it that ends with them. Counted, never changed once made: whoever works with records holds the
 * one that he began with, and knows resources by their name. NULL is the program's own alone. Any thread. */
struct catalogue;

/* As the database says now. */
int catalogue_load(struct db *db, struct catalogue **ret_catalogue) MUST_CHECK;
struct catalogue *catalogue_ref(struct catalogue *catalogue); /* NULL gives NULL */
void *catalogue_unref(struct catalogue *catalogue);           /* NULL allowed; returns NULL */

/* Raised by each change of what records are like; a reader compares it with that of what it keeps. */
int catalogue_generation(struct db *db, int64_t *ret_generation) MUST_CHECK;
int catalogue_changed(struct db *db) MUST_CHECK;                    /* in the transaction that changes */
int64_t catalogue_of_generation(const struct catalogue *catalogue); /* -1 of NULL */

/* The i-th of resources_n, in the order of resources[]. */
const struct resource *catalogue_at(const struct catalogue *catalogue, size_t i);
/* One of the program's as it is here; any other stays. */
const struct resource *catalogue_resource(const struct catalogue *catalogue, const struct resource *res);
/* NULL when there is none of that name. */
const struct resource *catalogue_of_name(const struct catalogue *catalogue, const char *name);
const struct resource *catalogue_of_plural(const struct catalogue *catalogue, struct str plural);

#endif
