#ifndef LX_BASE_EMBED_H
#define LX_BASE_EMBED_H

#include <stddef.h>

/* A file built into the binary by lx_embed() of cmake/embed.cmake. The bytes are followed by a terminator; a
 * table ends with a row whose name is NULL. */
struct embed_file {
	const char *name; /* without its folder */
	const char *bytes;
	size_t size;
};

#endif
