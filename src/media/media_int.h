#ifndef LX_MEDIA_MEDIA_INT_H
#define LX_MEDIA_MEDIA_INT_H

#include "media/media.h"
#include "media/mixer.h"
#include "media/pairs.h"
#include "media/port.h"
#include "media/secure.h"
#include "media/sounds.h"
#include "media/tap.h"
#include "media/thread.h"

/* Shared by the files that make up the signalling side: media*.c. An id is a slot's generation and index; a
 * slot keeps what the signalling thread must know of a thing that lives elsewhere. */
enum slot_kind { SLOT_FREE, SLOT_GROUP, SLOT_STREAM, SLOT_BRIDGE, SLOT_PLAY, SLOT_RECORD };

struct slot {
	enum slot_kind kind;
	uint32_t generation;
	uint32_t next_free;
	bool closing; /* ordered to end; only its last event is still to come */
	unsigned thread;
	union {
		struct {
			struct port *port;
			uint16_t udp_port;
			bool has_keys, secure;
			uint64_t play; /* the newest */
		} stream;
		struct mixer *mixer;
		struct tap *tap;
		struct {
			uint64_t stream;
		} play;
	};
};

struct media {
	struct media_options options;
	char public[MEDIA_IP_SIZE];
	struct pairs *pairs;
	struct thread **threads;
	unsigned *load; /* groups and streams per thread */
	unsigned n_threads;
	struct sounds *sounds;
	struct pool *writer;
	struct postbox *postbox;
	struct loop_later ring; /* a turn's orders wake a thread once */
	struct dtls_context *dtls;
	struct slot *slots;
	uint32_t n_slots, first_free;
	uint64_t last_ticket;
};

uint64_t media_slot_new(struct media *m, enum slot_kind kind, unsigned thread, struct slot **ret_slot);
/* NULL unless the id is of this kind and its thing has not been ordered to end. */
struct slot *media_slot(struct media *m, uint64_t id, enum slot_kind kind);
/* The same for things that are ending. */
struct slot *media_slot_any(struct media *m, uint64_t id, enum slot_kind kind);
void media_slot_free(struct media *m, struct slot *slot);

/* A message from the signalling thread with room for what any of them carries. */
struct order {
	struct msg msg;
	struct port *port, *other;
	struct mixer *mixer;
	struct tap *tap;
	struct player *player;
	struct media_play play;
	uint64_t id;
	struct thread *to;
	int value, more;
	union {
		struct media_remote remote;
		char keys[KEYS_QUEUE + 1];
		struct ice_secret ice;
	};
};

struct order *media_order(msg_fn fn);
void media_send(struct media *m, unsigned thread, struct order *o);

/* An event made on the signalling thread; it arrives like the others. */
void media_note(struct media *m, const struct media_event *event);
/* media_stream.c: the stream goes to a thread, by ticket. */
void media_stream_to_thread(struct media *m, struct slot *stream, unsigned thread);

#endif
