/* Allocation that does not fail: the process ends with a message instead, because nothing sensible can be
 * done when a few hundred bytes are not to be had. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *p)
{
	if (!p) {
		fputs("lingxi: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *mem_alloc(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *mem_array(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1));
}

void *mem_resize(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		checked(NULL);
	size_t bytes = n * size;
	return checked(realloc(p, bytes > 0 ? bytes : 1));
}

char *mem_strdup(const char *s)
{
	return s ? checked(strdup(s)) : NULL;
}

char *mem_strndup(const char *s, size_t n)
{
	return checked(strndup(s, n));
}

void *mem_dup(const void *p, size_t n)
{
	void *copy = checked(malloc(n ? n : 1));
	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *mem_printf(const char *fmt, ...)
{
	char *s = NULL;
	va_list args;
	va_start(args, fmt);
	if (vasprintf(&s, fmt, args) < 0)
		s = NULL;
	va_end(args);
	return checked(s);
}

void mem_freep(void *pp)
{
	void **p = pp;
	free(*p);
	*p = NULL;
}
