/* Growing bytes with a cap, so that no peer decides how much memory we use. */
#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_done(struct buf *b)
{
	free(b->p);
	buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	b->err = 0;
	if (b->p)
		b->p[0] = '\0';
}

void *buf_room(struct buf *b, size_t n)
{
	if (b->err)
		return NULL;
	if (n > b->max || b->n > b->max - n) {
		b->err = -E_LIMIT;
		return NULL;
	}
	if (b->n + n + 1 > b->size) {
		size_t size = b->size ? b->size : 128;
		while (size < b->n + n + 1)
			size *= 2;
		b->p = mem_resize(b->p, size, 1);
		b->size = size;
	}
	return b->p + b->n;
}

void buf_claim(struct buf *b, size_t n)
{
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	char *room = buf_room(b, n);
	if (!room)
		return;
	if (n)
		memcpy(room, p, n);
	buf_claim(b, n);
}

void buf_adds(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void buf_addz(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	size_t room = b->size > b->n ? b->size - b->n : 0;
	int n = b->err ? -1 : vsnprintf(room ? b->p + b->n : NULL, room, fmt, args);
	if (n >= 0 && (size_t)n < room && b->n + (size_t)n <= b->max) {
		b->n += (size_t)n;
	} else if (n >= 0) {
		char *p = buf_room(b, (size_t)n);
		if (p) {
			vsnprintf(p, (size_t)n + 1, fmt, again);
			b->n += (size_t)n;
		}
	}
	va_end(again);
	va_end(args);
}

void buf_add_u64(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_consume(struct buf *b, size_t n)
{
	if (n > b->n)
		n = b->n;
	b->n -= n;
	if (b->p) {
		memmove(b->p, b->p + n, b->n);
		b->p[b->n] = '\0';
	}
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p ? b->p : "", b->n };
}

int buf_err(const struct buf *b)
{
	return b->err;
}

char *buf_take(struct buf *b)
{
	char *p = b->p ? b->p : mem_strdup("");
	b->p = NULL;
	buf_done(b);
	return p;
}
