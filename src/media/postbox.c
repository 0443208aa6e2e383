/* The way back to the loop. The loop may still hold our wake-up when the media end, so the box outlives
 * postbox_free() until that has run. */
#include "media/postbox.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>

struct letter {
	STAILQ_ENTRY(letter) link;
	struct media_event event;
};

STAILQ_HEAD(letters, letter);

struct postbox {
	pthread_mutex_t lock;
	struct letters letters;
	bool posted, closed;
	struct loop *loop;
	media_event_fn on_event;
	void *arg;
};

static void destroy(struct postbox *o)
{
	struct letter *l;

	while ((l = STAILQ_FIRST(&o->letters))) {
		STAILQ_REMOVE_HEAD(&o->letters, link);
		free(l);
	}
	pthread_mutex_destroy(&o->lock);
	free(o);
}

struct postbox *postbox_new(struct loop *loop, media_event_fn on_event, void *arg)
{
	struct postbox *o = mem_alloc(sizeof(*o));

	pthread_mutex_init(&o->lock, NULL);
	STAILQ_INIT(&o->letters);
	o->loop = loop;
	o->on_event = on_event;
	o->arg = arg;
	return o;
}

/* Takes one letter out; NULL ends the turn. */
static struct letter *take(struct postbox *o)
{
	struct letter *l;

	pthread_mutex_lock(&o->lock);
	l = o->closed ? NULL : STAILQ_FIRST(&o->letters);
	if (l)
		STAILQ_REMOVE_HEAD(&o->letters, link);
	else
		o->posted = false;
	pthread_mutex_unlock(&o->lock);
	return l;
}

static void deliver(void *arg)
{
	struct postbox *o = arg;
	struct letter *l;

	while ((l = take(o))) {
		if (!o->closed)
			o->on_event(&l->event, o->arg);
		free(l);
	}
	if (o->closed)
		destroy(o);
}

void postbox_free(struct postbox *o)
{
	o->closed = true;
	if (o->posted)
		loop_drain(o->loop); /* where deliver() waits, and nobody may turn the loop again */
	else
		destroy(o);
}

void postbox_put(struct postbox *o, const struct media_event *event)
{
	struct letter *l = mem_alloc(sizeof(*l));
	bool post;

	l->event = *event;
	pthread_mutex_lock(&o->lock);
	STAILQ_INSERT_TAIL(&o->letters, l, link);
	post = !o->posted;
	o->posted = true;
	pthread_mutex_unlock(&o->lock);
	if (post)
		loop_post(o->loop, deliver, o);
}
