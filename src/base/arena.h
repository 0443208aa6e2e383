#ifndef LX_BASE_ARENA_H
#define LX_BASE_ARENA_H

#include "base/err.h"
#include "base/str.h"

/* Memory that dies at once with a request, a SIP message, a flow step or a query: no frees in between. Small
 * allocations abort when the machine has no memory; the cap makes arena_try() return NULL and arena_alloc()
 * abort, so what a peer can size goes through arena_try(). */
struct arena;

struct arena *arena_new(size_t max);
void *arena_free(struct arena *a); /* NULL allowed; returns NULL */
void arena_reset(struct arena *a); /* runs the release hooks, keeps the first chunk */

void *arena_alloc(struct arena *a, size_t n);       /* zeroed, aligned for any type */
void *arena_try(struct arena *a, size_t n);         /* the same, NULL above the cap */
char *arena_strndup(struct arena *a, struct str s); /* terminated; NULL above the cap */
struct str arena_str(struct arena *a, struct str s);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3); /* NULL above the cap */

/* Calls fn(arg) at reset or free, last registered first: for references held by the request. */
void arena_on_reset(struct arena *a, void (*fn)(void *arg), void *arg);

#endif
