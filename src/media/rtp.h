#ifndef LX_MEDIA_RTP_H
#define LX_MEDIA_RTP_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RTP (RFC 3550) without sockets or clocks: packets, what is believed of a party's stream, and the continuity
 * of our own. */
#define RTP_HEADER_SIZE 12
#define RTP_RATE 8000

struct rtp_packet {
	uint8_t pt;
	bool marker;
	uint16_t seq;
	uint32_t ts, ssrc;
	const uint8_t *payload; /* within the bytes given; contributors, extension and padding are skipped */
	size_t n;
};

/* -E_SYNTAX for anything that is no RTP version 2 or does not fit its own lengths. */
int rtp_parse(const uint8_t *p, size_t n, struct rtp_packet *ret_packet) MUST_CHECK;
/* Writes 12 bytes from the fields; the payload is not touched. */
void rtp_write_header(uint8_t *dst, const struct rtp_packet *packet);
/* RFC 5761: whether bytes on a shared port are RTCP. */
bool rtp_is_rtcp(const uint8_t *p, size_t n);

enum rtp_verdict {
	RTP_TAKEN,     /* the next, or a late one that still counts */
	RTP_DUPLICATE, /* seen, or older than 64 packets */
	RTP_PROBATION, /* a stranger: not believed yet */
	RTP_CHANGED,   /* taken, and the stream is a new one (first packet, other SSRC, sequence restarted) */
};

/* What is known of the party's stream. A stranger (other SSRC, sequence far off) is believed after `trust`
 * packets in a row with no packet of the believed stream between them; so a shower of random SSRCs steals
 * nothing. Zeroed to begin with. */
struct rtp_source {
	bool believed;
	uint32_t ssrc;
	uint16_t max_seq;
	uint64_t seen; /* bit i: max_seq - i came */
	uint32_t cycles, base_seq;
	uint64_t received;
	uint32_t jitter; /* in 1/16 timestamp units */
	uint32_t transit;
	uint64_t lost_before, expected_prior, received_prior;
	unsigned run; /* packets in a row of the stranger below */
	uint32_t run_ssrc;
	uint16_t run_seq;
};

enum rtp_verdict rtp_source_take(
	struct rtp_source *s, const struct rtp_packet *packet, unsigned trust, int64_t now_us);
uint64_t rtp_source_lost(const struct rtp_source *s);
uint32_t rtp_source_jitter_us(const struct rtp_source *s);

/* Our outgoing stream: one SSRC, sequence and timestamp line whatever feeds it. A run is a stretch from one
 * feed: its first packet has the marker, and its timestamp steps by the clock from the last one. */
struct rtp_out {
	uint32_t ssrc;
	uint16_t next_seq;
	uint32_t last_ts;    /* of the newest packet */
	int64_t last_ts_us;  /* when that was sent */
	uint32_t last_count; /* samples in it */
	bool sent;           /* anything at all */
	bool in_run, relaying;
	uint16_t add_seq; /* relayed: ours minus theirs */
	uint32_t add_ts;
	uint32_t run_length; /* relayed: sequence numbers since the run began */
	uint64_t packets, bytes;
};

void rtp_out_init(struct rtp_out *o, uint32_t ssrc, uint16_t seq, uint32_t ts);
void rtp_out_new_run(struct rtp_out *o); /* the feed changes */
/* Own sound: fills seq, ts, marker and ssrc for `samples` more of it. */
void rtp_out_next(struct rtp_out *o, struct rtp_packet *packet, uint32_t samples, int64_t now_us);
/* A packet of a telephone event: `begin` steps the timestamp by the clock, later ones repeat it. */
void rtp_out_event(struct rtp_out *o, struct rtp_packet *packet, bool begin, int64_t now_us);
/* Relay: rewrites the same fields of a party's packet; false when it is older than the run and must not go
 * out. */
bool rtp_out_relay(struct rtp_out *o, struct rtp_packet *packet, uint32_t samples, int64_t now_us);
/* Timestamp of our line at a moment, for reports. */
uint32_t rtp_out_ts_at(const struct rtp_out *o, int64_t now_us);
/* Counts one sent packet. */
void rtp_out_count(struct rtp_out *o, size_t payload);

#endif
