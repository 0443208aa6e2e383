/* Snapshots of the descriptors. */
#include "model/catalogue.h"

#include <string.h>

struct catalogue {
	const struct resource **list; /* resources_n of them */
};

const struct resource *catalogue_at(const struct catalogue *catalogue, size_t i)
{
	return catalogue ? catalogue->list[i] : resources[i];
}

const struct resource *catalogue_of_name(const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < resources_n; i++)
		if (strcmp(resources[i]->name, name) == 0)
			return catalogue_at(catalogue, i);
	return NULL;
}

const struct resource *catalogue_of_plural(const struct catalogue *catalogue, struct str plural)
{
	for (size_t i = 0; i < resources_n; i++)
		if (str_eqz(plural, resources[i]->plural))
			return catalogue_at(catalogue, i);
	return NULL;
}

const struct resource *catalogue_resource(const struct catalogue *catalogue, const struct resource *res)
{
	const struct resource *now = catalogue ? catalogue_of_name(catalogue, res->name) : NULL;
	return now ? now : res;
}
