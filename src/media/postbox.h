#ifndef LX_MEDIA_POSTBOX_H
#define LX_MEDIA_POSTBOX_H

#include "media/media.h"
#include "net/loop.h"

/* Events on their way to the signalling thread: any thread puts, the loop's thread gets them in each sender's
 * order, one wake-up for as many as have gathered. */
struct postbox;

struct postbox *postbox_new(struct loop *loop, media_event_fn on_event, void *arg);
/* On the loop's thread, after all who put have ended: what is left is dropped. */
void postbox_free(struct postbox *o);
void postbox_put(struct postbox *o, const struct media_event *event);

#endif
