#ifndef LX_DESK_PRINT_H
#define LX_DESK_PRINT_H

#include <jansson.h>

/* OpenAPI 3.1 of everything under /api/v1: the routes of routes.c and the collections of src/model. */
json_t *print_openapi(const char *version);

#endif
