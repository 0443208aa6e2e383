/* The list of all resources, in a file of its own: a test may have another list. */
#include "base/mem.h"
#include "model/areas.h"

const struct resource *const resources[] = {
#define X(name) &name##_resource,
	RESOURCES(X)
#undef X
};

const size_t resources_n = ARRAY_LEN(resources);
