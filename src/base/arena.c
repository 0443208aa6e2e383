/* A chain of chunks; the first stays over a reset so that a busy connection allocates nothing at all. */
#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE 4096

struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

struct hook {
	struct hook *next;
	void (*fn)(void *arg);
	void *arg;
};

struct arena {
	struct chunk *head; /* newest; the oldest is kept at reset */
	struct hook *hooks;
	size_t total, max;
};

struct arena *arena_new(size_t max)
{
	struct arena *a = mem_alloc(sizeof(*a));
	a->max = max;
	return a;
}

void arena_reset(struct arena *a)
{
	while (a->hooks) {
		struct hook *hook = a->hooks;
		a->hooks = hook->next;
		hook->fn(hook->arg);
	}
	while (a->head && a->head->next) {
		struct chunk *next = a->head->next;
		free(a->head);
		a->head = next;
	}
	if (a->head)
		a->head->used = 0;
	a->total = 0;
}

void *arena_free(struct arena *a)
{
	if (a) {
		arena_reset(a);
		free(a->head);
		free(a);
	}
	return NULL;
}

void *arena_try(struct arena *a, size_t n)
{
	size_t step = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (step < n || step > a->max || a->total > a->max - step)
		return NULL;
	if (!a->head || a->head->size - a->head->used < step) {
		size_t size = step > CHUNK_SIZE ? step : CHUNK_SIZE;
		struct chunk *c = mem_resize(NULL, sizeof(*c) + size, 1); /* zeroed piece by piece below */
		c->size = size;
		c->used = 0;
		c->next = a->head;
		a->head = c;
	}
	void *p = a->head->bytes + a->head->used;
	a->head->used += step;
	a->total += step;
	return memset(p, 0, n);
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p = arena_try(a, n);
	if (!p)
		abort();
	return p;
}

char *arena_strndup(struct arena *a, struct str s)
{
	char *p = arena_try(a, s.n + 1);
	if (p && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_strndup(a, s);
	return p ? (struct str){ p, s.n } : STR_NONE;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	char *p = n < 0 ? NULL : arena_try(a, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(args);
	return p;
}

void arena_on_reset(struct arena *a, void (*fn)(void *arg), void *arg)
{
	struct hook *hook = arena_alloc(a, sizeof(*hook));
	*hook = (struct hook){ a->hooks, fn, arg };
	a->hooks = hook;
}
