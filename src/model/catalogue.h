#ifndef LX_MODEL_CATALOGUE_H
#define LX_MODEL_CATALOGUE_H

#include "model/resource.h"

/* The resources as they are at one time: those of the program, and in place of one that takes custom fields
 * a copy of it that ends with them. Never changed once made: whoever works with records holds the
 * one that he began with, and knows resources by their name. NULL is the program's own alone. Any thread. */
struct catalogue;

/* The i-th of resources_n, in the order of resources[]. */
const struct resource *catalogue_at(const struct catalogue *catalogue, size_t i);
/* One of the program's as it is here; any other stays. */
const struct resource *catalogue_resource(const struct catalogue *catalogue, const struct resource *res);
/* NULL when there is none of that name. */
const struct resource *catalogue_of_name(const struct catalogue *catalogue, const char *name);
const struct resource *catalogue_of_plural(const struct catalogue *catalogue, struct str plural);

#endif
