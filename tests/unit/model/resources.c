/* The product's resources and one more: what is said of all is said of it too (parcel.c). */
#include "model_fix.h"

#include "base/mem.h"

const struct resource *const resources[] = {
#define X(name) &name##_resource,
	RESOURCES(X) X(parcel)
#undef X
};

const size_t resources_n = ARRAY_LEN(resources);
