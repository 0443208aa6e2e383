#ifndef LX_DESK_ASSETS_H
#define LX_DESK_ASSETS_H

#include <stddef.h>

/* The browser's files, put into the binary at build time from web/dist (cmake/assets.cmake); none when that
 * folder was not built. Sorted by path (strcmp); everything is static and may be read from any thread. */
struct asset {
	const char *path; /* "/index.html" */
	const unsigned char *bytes;
	size_t size;
	const unsigned char *gz; /* gzip of the same bytes, NULL without a sibling */
	size_t gz_size;
	const char *etag; /* with its quotes */
	const char *mime;
};

extern const struct asset assets[];
extern const size_t assets_n;

#endif
