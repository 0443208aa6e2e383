/* Reference counting. The live list is for tests and debug builds; it takes a lock because objects of
 * different threads share it, while the counts themselves belong to one thread each. */
#include "base/obj.h"

#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef LX_DEBUG_OBJ
static LIST_HEAD(, obj) live_list = LIST_HEAD_INITIALIZER(live_list);
static pthread_mutex_t live_lock = PTHREAD_MUTEX_INITIALIZER;

static void live_add(struct obj *o)
{
	pthread_mutex_lock(&live_lock);
	LIST_INSERT_HEAD(&live_list, o, live);
	pthread_mutex_unlock(&live_lock);
}

static void live_remove(struct obj *o)
{
	pthread_mutex_lock(&live_lock);
	LIST_REMOVE(o, live);
	pthread_mutex_unlock(&live_lock);
}

static size_t live_walk(int print)
{
	size_t n = 0;
	struct obj *o;
	pthread_mutex_lock(&live_lock);
	LIST_FOREACH (o, &live_list, live) {
		n++;
		if (print)
			fprintf(stderr, "live: %s %p refs=%u\n", o->type->name, (void *)o, o->refs);
	}
	pthread_mutex_unlock(&live_lock);
	return n;
}
#else
static void live_add(struct obj *o)
{
	(void)o;
}

static void live_remove(struct obj *o)
{
	(void)o;
}

static size_t live_walk(int print)
{
	(void)print;
	return 0;
}
#endif

void *obj_new(const struct obj_type *type)
{
	struct obj *o = mem_alloc(type->size);
	assert(type->size >= sizeof(struct obj));
	o->type = type;
	o->refs = 1;
	live_add(o);
	return o;
}

void *obj_ref(void *self)
{
	struct obj *o = self;
	if (o)
		o->refs++;
	return o;
}

void *obj_unref(void *self)
{
	struct obj *o = self;
	if (!o)
		return NULL;
	assert(o->refs > 0);
	if (--o->refs)
		return NULL;
	if (o->type->destroy)
		o->type->destroy(o);
	live_remove(o);
	free(o);
	return NULL;
}

size_t obj_live(void)
{
	return live_walk(0);
}

void obj_dump_live(void)
{
	live_walk(1);
}
