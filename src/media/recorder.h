#ifndef LX_MEDIA_RECORDER_H
#define LX_MEDIA_RECORDER_H

#include "media/media.h"
#include "media/recfile.h"
#include "media/rtp.h"

/* The pure core of a record: packets and the time in, finished chunks out. Sound is placed by its ARRIVAL:
 * the timestamps give the spacing within a feed, the clock gives its place, so two parties whose clocks
 * differ stay together. It does no I/O and allocates nothing: 16 kB for the newest second. */
struct recorder;

/* Takes the chunk at once (copies it); an index comes again when a late packet changed it. */
typedef void (*recorder_chunk_fn)(void *arg, const struct recfile_chunk *chunk);

/* One party's way into a channel. */
struct recorder_feed {
	enum media_channel channel;
	bool anchored, was_silent;
	uint32_t ts;       /* of the newest packet */
	int64_t at;        /* where that stands in the record, in samples */
	int32_t lag_64;    /* mean of (arrival - place), in 1/64 samples */
	uint16_t seq;      /* newest */
	uint32_t settling; /* packets since the anchor, up to 64 */
};

struct recorder {
	int64_t start_us;
	recorder_chunk_fn on_chunk;
	void *arg;
	int64_t next; /* index of the first chunk not yet given out */
	bool paused;
	unsigned feeds[RECFILE_CHANNELS];
	struct recorder_slot {
		int64_t index; /* -1 when empty */
		uint16_t flags;
		bool given, dirty;
		uint8_t alaw[RECFILE_CHANNELS][RECFILE_CHUNK_SAMPLES];
	} slots[2];
};

void recorder_init(struct recorder *r, int64_t now_us, recorder_chunk_fn on_chunk, void *arg);
/* Feeds of one channel are mixed. A feed starts anew with init; recorder_feed_done takes it out. */
void recorder_feed_init(struct recorder *r, struct recorder_feed *feed, enum media_channel channel);
void recorder_feed_done(struct recorder *r, struct recorder_feed *feed);
/* A packet of valid, not repeated sound. */
void recorder_take(struct recorder *r, struct recorder_feed *feed, const struct rtp_packet *packet,
	enum media_codec codec, int64_t now_us);
/* Gives out what is complete; to be called every 20 ms or so. */
void recorder_tick(struct recorder *r, int64_t now_us);
void recorder_pause(struct recorder *r, bool on, int64_t now_us);
/* Gives out the rest, the last chunk shortened; returns the duration. */
int64_t recorder_finish(struct recorder *r, int64_t now_us);

#endif
