#ifndef LX_MEDIA_MEDIA_H
#define LX_MEDIA_MEDIA_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The signalling side of media. Every call here belongs to the signalling thread, copies its arguments, posts
 * a message to a media thread and returns at once; what happened comes back as an event on the same thread's
 * loop, never from inside a call. Things are named by ids that are never used twice; 0 is no thing. Naming a
 * thing that has ended is no mistake (events cross): void calls do nothing then, others return -E_NOT_FOUND.
 */
struct media;
struct loop;

enum media_codec { MEDIA_PCMA, MEDIA_PCMU };

/* As we see it: MEDIA_SEND means we send sound to the party. */
enum media_direction { MEDIA_INACTIVE = 0, MEDIA_SEND = 1, MEDIA_RECV = 2, MEDIA_SENDRECV = 3 };

enum media_setup { MEDIA_SETUP_PASSIVE, MEDIA_SETUP_ACTIVE }; /* our DTLS role: server, client */

#define MEDIA_IP_SIZE 46
#define MEDIA_UNITY 256 /* gain of 0 dB; linear, up to 1024 */

struct media_addr {
	char ip[MEDIA_IP_SIZE]; /* numeric, IPv4 or IPv6; "" or 0.0.0.0 is none */
	uint16_t port;
};

enum media_event_kind {
	MEDIA_FIRST_PACKET,  /* id = stream: the party's first valid packet, its address is locked */
	MEDIA_DTMF,          /* id = stream: one RFC 4733 key, at its end */
	MEDIA_SILENT,        /* id = stream: started, no packet for five seconds; err: never will be */
	MEDIA_SOUND,         /* id = stream: packets again after MEDIA_SILENT */
	MEDIA_SECURED,       /* id = stream: DTLS done, fingerprint right, keys in use */
	MEDIA_SECURE_FAILED, /* id = stream: handshake, fingerprint or ICE consent failed; err tells */
	MEDIA_PLAYED,        /* id = play: ended; err 0, -E_CANCELLED (stopped, replaced), or why it failed */
	MEDIA_RECORD_FAILED, /* id = record: some sound is not written (-E_FULL: disk), said once; it is tried
			      * again with the next */
	MEDIA_RECORDED,      /* id = record: file complete and closed; the last event of a record */
	MEDIA_CLOSED,        /* id = stream: the last event of a stream, with its counts */
};

struct media_stats {
	uint64_t packets_in, bytes_in, packets_out, bytes_out; /* RTP; bytes without headers */
	uint64_t lost;                                         /* of the party's packets */
	uint64_t dropped;                                      /* invalid, forged, late */
	uint32_t jitter_us;
	uint32_t peer_lost;     /* from the party's reports */
	uint32_t round_trip_us; /* 0 when unknown */
	uint32_t ssrc_in;       /* the party's, 0 when never heard */
};

struct media_event {
	enum media_event_kind kind;
	uint64_t id;
	uint64_t tag; /* as given when the thing was made */
	int err;      /* 0 or -E_X */
	union {
		struct {
			char key; /* 0-9 * # A-D */
			int duration_ms;
		} dtmf;
		struct media_addr peer; /* first packet */
		struct {
			uint64_t stream;
			int64_t played_ms;
		} play;
		struct {
			int64_t duration_ms;
			int64_t bytes;
			int64_t missing_ms; /* of it, what could not be written */
		} record;
		struct media_stats stats; /* closed */
	};
};

typedef void (*media_event_fn)(const struct media_event *event, void *arg);

struct media_options {
	unsigned threads;   /* 0: one less than the cores, at least one */
	const char *ip;     /* local address of all sockets, numeric */
	const char *public; /* what peers are told instead, or NULL */
	uint16_t port_low, port_high;
	struct loop *loop; /* of the calling thread; outlives the media */
	media_event_fn on_event;
	void *arg;
	int64_t port_rest_ms; /* 0: ten seconds */
	int64_t silence_ms;   /* 0: five seconds */
};

/* Starts the threads. -E_INVALID for an address or range that cannot serve, -E_SYSTEM. */
int media_new(const struct media_options *options, struct media **ret_media) MUST_CHECK;
/* Closes everything, completes the recordings and joins the threads (some milliseconds); no event comes
 * any more. NULL allowed. */
void media_free(struct media *m);

/* A group is what must live on one thread: the legs, bridge and record of a call. Free it when the call ends;
 * what is still in it lives on. */
uint64_t media_group_new(struct media *m);
void media_group_free(struct media *m, uint64_t group);

struct media_stream_options {
	uint64_t group;
	uint64_t tag;
	bool secure; /* ICE-lite and DTLS-SRTP, RTCP on the RTP port */
};

/* What the offer or answer says about our end. */
struct media_local {
	uint64_t stream;
	struct media_addr rtp; /* even port */
	uint16_t rtcp_port;    /* rtp.port + 1, or rtp.port when secure */
	uint32_t ssrc;
	char cname[20];
	char ice_ufrag[9], ice_pwd[25]; /* secure only */
	char fingerprint[104];          /* secure only: "sha-256 AB:CD:…" */
};

/* Binds the ports at once. -E_BUSY when no port is free, -E_NOT_FOUND for the group. */
int media_stream_open(struct media *m, const struct media_stream_options *options,
	struct media_local *ret_local) MUST_CHECK;

/* The party's end as negotiated, plain data; zero what does not apply. May be called again (re-INVITE): only
 * what differs has an effect. pt is what we send; 0 and 8 are understood in any case, and what the two _recv
 * say, when set. */
struct media_remote {
	struct media_addr rtp;  /* none: nothing is sent until the party's packets come */
	struct media_addr rtcp; /* none: rtp port + 1 */
	bool rtcp_mux;
	bool no_latch; /* send to rtp whatever address the packets come from */
	enum media_codec codec;
	uint8_t pt;
	uint8_t dtmf_pt;               /* telephone-event; 0 is none */
	uint8_t pt_recv, dtmf_pt_recv; /* what the party sends, 0: the same numbers */
	enum media_direction direction;
	char ice_ufrag[257], ice_pwd[257]; /* secure; "" until the answer is known */
	char fingerprint[104];  /* secure: "sha-256 AB:CD:…" as in a=fingerprint; "" until known */
	enum media_setup setup; /* secure: our role */
};
int media_stream_set_remote(struct media *m, uint64_t stream, const struct media_remote *remote) MUST_CHECK;

/* New ICE credentials for a restart, put into *ret_local; the old hold until the party uses the new.
 * -E_UNSUPPORTED for a plain stream. */
int media_stream_restart_ice(struct media *m, uint64_t stream, struct media_local *ret_local) MUST_CHECK;

/* The call is answered: from now on silence is an event. Media flow before that too (early media). */
void media_stream_start(struct media *m, uint64_t stream);
/* Nobody hears the party, the record neither. */
void media_stream_mute(struct media *m, uint64_t stream, bool on);
/* Moves a leg to another call, on whatever thread that lives; it leaves its bridge, record and play. */
void media_stream_move(struct media *m, uint64_t stream, uint64_t group);
/* Ends it everywhere; the port rests ten seconds. MEDIA_CLOSED follows. */
void media_stream_close(struct media *m, uint64_t stream);
/* Sends keys by RFC 4733, after those still being sent; -E_UNSUPPORTED when the party has no
 * telephone-event, -E_INVALID for a wrong key. 0 ms: 100 on, 60 off. */
int media_stream_dtmf(struct media *m, uint64_t stream, const char *keys, int on_ms, int off_ms) MUST_CHECK;

/* A bridge says who hears whom. Fresh members hear nothing. Adding a stream of another group moves it here
 * first; adding one of another bridge takes it out there. */
int media_bridge_new(struct media *m, uint64_t group, uint64_t *ret_bridge) MUST_CHECK;
void media_bridge_add(struct media *m, uint64_t bridge, uint64_t stream);
void media_bridge_remove(struct media *m, uint64_t bridge, uint64_t stream);
/* One cell: `hearer` hears `speaker` with this gain; 0 is not at all. Both must have been added. */
void media_bridge_hear(struct media *m, uint64_t bridge, uint64_t hearer, uint64_t speaker, int gain);
/* Two cells: a and b hear each other with this gain. */
void media_bridge_link(struct media *m, uint64_t bridge, uint64_t a, uint64_t b, int gain);
void media_bridge_close(struct media *m, uint64_t bridge); /* the members live on */

enum media_item_kind { MEDIA_ITEM_FILE, MEDIA_ITEM_TONE, MEDIA_ITEM_SILENCE };
enum media_tone {
	MEDIA_TONE_RINGBACK,
	MEDIA_TONE_BUSY,
	MEDIA_TONE_CONGESTION,
	MEDIA_TONE_DIAL,
	MEDIA_TONE_BEEP
};

struct media_item {
	enum media_item_kind kind;
	const char *path; /* file: WAV, 8 kHz mono, 16 bit or G.711; or raw .al/.ul */
	enum media_tone tone;
	int ms; /* tone, silence: how long; 0 is endless */
};

struct media_play {
	const struct media_item *items; /* one after the other without a gap */
	size_t n;                       /* up to 64 */
	bool loop;
	bool mix;         /* over what the bridge gives, not instead of it */
	int gain;         /* 0 reads as MEDIA_UNITY */
	int64_t start_ms; /* offset from the beginning of the list */
	uint64_t tag;
};

/* Plays to the party of one stream; replaces what it plays (that ends with -E_CANCELLED). A missing or wrong
 * file ends the play with MEDIA_PLAYED and err. *ret_play may be NULL. */
int media_play(
	struct media *m, uint64_t stream, const struct media_play *play, uint64_t *ret_play) MUST_CHECK;
void media_play_stop(struct media *m, uint64_t play);

enum media_channel { MEDIA_CHANNEL_CALLER, MEDIA_CHANNEL_AGENT };

struct media_record_options {
	uint64_t group;
	const char *path; /* created, with its folders; the format is media/recfile.h */
	uint64_t key_id;  /* stored in the header, 0 for now */
	uint64_t tag;
};

/* Records what parties say. Feed streams of the same group; a stream feeds one channel of one record, a
 * channel may have several (three-way). A fed stream that leaves is taken out. */
int media_record_start(
	struct media *m, const struct media_record_options *options, uint64_t *ret_record) MUST_CHECK;
void media_record_feed(struct media *m, uint64_t record, uint64_t stream, enum media_channel channel);
void media_record_unfeed(struct media *m, uint64_t record, uint64_t stream);
void media_record_stop(struct media *m, uint64_t record); /* MEDIA_RECORDED follows */

/* Counts since the start, for metrics. */
struct media_totals {
	uint64_t packets_in, packets_out, dropped, late_ticks;
	unsigned streams, bridges, records, ports_free;
	int64_t cpu_us; /* of all media threads */
};
void media_totals(struct media *m, struct media_totals *ret_totals);

#endif
