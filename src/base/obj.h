#ifndef LX_BASE_OBJ_H
#define LX_BASE_OBJ_H

#include <stddef.h>
#include <sys/queue.h>

/* Reference-counted object with a destructor, for what several parties outlive: call, leg, session,
 * connection. Embed `struct obj obj` as the FIRST member. Counts are not atomic: one loop owns the object,
 * other threads post messages. With LX_DEBUG_OBJ every live object is in its type's list; each test ends with
 * obj_live() == 0. */
struct obj_type {
	const char *name;
	size_t size;
	void (*destroy)(void *self); /* frees what the object owns, not the object */
};

struct obj {
	const struct obj_type *type;
	unsigned refs;
#ifdef LX_DEBUG_OBJ
	LIST_ENTRY(obj) live;
#endif
};

void *obj_new(const struct obj_type *type); /* zeroed, one reference */
void *obj_ref(void *self);                  /* NULL gives NULL */
void *obj_unref(void *self);                /* NULL allowed; returns NULL: p = obj_unref(p) */

/* Live objects of all types in this process, 0 when built without LX_DEBUG_OBJ; the second prints them. */
size_t obj_live(void);
void obj_dump_live(void);

#endif
