#ifndef LX_MEDIA_TAP_H
#define LX_MEDIA_TAP_H

#include "media/port.h"
#include "net/pool.h"

/* A record on a media thread: ports feed it, a recorder places their sound, finished chunks go to the
 * writer's pool (one thread, so in order). The thread itself never touches the disk. */
struct tap {
	LIST_ENTRY(tap) link;
	uint64_t id, tag;
	struct recorder recorder;
	struct ticker ticker;
	LIST_HEAD(, port) feeds;
	struct pool *writer;
	struct tap_file *file; /* the writer's from now on */
	struct thread *thread;
	bool failed; /* the writer could not keep up */
	bool ending;
	int64_t duration_ms;
};

/* On the signalling thread; path is copied. */
struct tap *tap_new(uint64_t id, const struct media_record_options *options, struct pool *writer,
	struct postbox *postbox);

/* On the media thread. */
void tap_attach(struct thread *t, struct tap *tap);
void tap_feed(struct thread *t, struct tap *tap, struct port *p, enum media_channel channel);
void tap_unfeed(struct thread *t, struct tap *tap, struct port *p);
void tap_take(struct thread *t, struct port *p, const struct rtp_packet *packet, enum media_codec codec);
/* Gives the rest to the writer; MEDIA_RECORDED comes from there. Frees the tap. */
void tap_end(struct thread *t, struct tap *tap);

#endif
