#ifndef LX_BASE_MEM_H
#define LX_BASE_MEM_H

#include <stddef.h>

/* Small allocations of fixed size: these abort when memory is out, so callers need no check. What a peer can
 * size goes through buf or arena, which have a cap and return -E_LIMIT. */
void *mem_alloc(size_t size);                     /* zeroed */
void *mem_array(size_t n, size_t size);           /* zeroed, overflow-checked */
void *mem_resize(void *p, size_t n, size_t size); /* realloc, new part not zeroed */
char *mem_strdup(const char *s);                  /* NULL gives NULL */
char *mem_strndup(const char *s, size_t n);
void *mem_dup(const void *p, size_t n);

/* Formats into fresh memory that the caller frees. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* `CLEANUP(mem_freep) char *s = …;` frees at the end of the scope; TAKE(s) hands it on. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define TAKE(p)                                                                                              \
	__extension__({                                                                                      \
		__typeof__(p) take_ = (p);                                                                   \
		(p) = NULL;                                                                                  \
		take_;                                                                                       \
	})
void mem_freep(void *pp);

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

#endif
