#ifndef LX_SIP_SDP_H
#define LX_SIP_SDP_H

#include "base/arena.h"
#include "base/buf.h"

/* Session descriptions (RFC 8866) as plain structs in an arena; text fields are views of the parsed text,
 * which must outlive them (sdp_parse() copies it into the arena). Unknown attributes are kept in order, so
 * that sdp_print(sdp_parse(x)) loses nothing. Everything a peer can repeat has a cap: -E_LIMIT beyond. */

enum {
	SDP_MAX = 32768,
	SDP_MEDIA_MAX = 16,
	SDP_FORMATS_MAX = 64,
	SDP_CANDIDATES_MAX = 40,
	SDP_ATTRS_MAX = 200, /* of one level; other lines likewise */
	SDP_GROUP_MAX = 16,
};

enum sdp_direction { SDP_SENDRECV, SDP_SENDONLY, SDP_RECVONLY, SDP_INACTIVE, SDP_DIRECTION_NONE };

enum sdp_setup { SDP_SETUP_NONE, SDP_SETUP_ACTIVE, SDP_SETUP_PASSIVE, SDP_SETUP_ACTPASS, SDP_SETUP_HOLDCONN };

enum sdp_proto {
	SDP_PROTO_OTHER,
	SDP_RTP_AVP,
	SDP_RTP_AVPF,
	SDP_RTP_SAVP,
	SDP_RTP_SAVPF,
	SDP_UDP_TLS_RTP_SAVP,
	SDP_UDP_TLS_RTP_SAVPF,
};

struct sdp_attr {
	struct str name;
	struct str value; /* p == NULL for a flag */
};
struct sdp_attrs {
	struct sdp_attr *v;
	size_t n, room;
};

/* A line that we only keep: i, u, e, p, b, t, r, z, k. */
struct sdp_line {
	char type;
	struct str value;
};
struct sdp_lines {
	struct sdp_line *v;
	size_t n, room;
};

struct sdp_origin {
	struct str username;
	uint64_t session_id, version;
	struct str net_type, addr_type, address;
};

struct sdp_connection {
	struct str addr_type; /* "IP4", "IP6"; p == NULL when there is no c= */
	struct str address;   /* as written, with the TTL of a multicast one */
};

/* One payload type of an audio or video stream with its rtpmap and fmtp. */
struct sdp_format {
	uint8_t pt;
	struct str name; /* of rtpmap, or of the static table of RFC 3551; empty when unknown */
	uint32_t rate;
	uint32_t channels; /* 1 when not given */
	struct str fmtp;   /* p == NULL when absent */
};

struct sdp_candidate {
	struct str foundation;
	uint32_t component; /* 1 RTP, 2 RTCP */
	struct str transport;
	uint32_t priority;
	struct str address;
	uint16_t port;
	struct str type; /* host, srflx, prflx, relay */
	struct str rest; /* raddr, rport, generation … as written */
};

struct sdp_fingerprint {
	struct str hash;  /* "sha-256" */
	struct str value; /* "AB:CD:…" */
};

/* What may stand at session and at media level. */
struct sdp_common {
	struct sdp_connection connection;
	enum sdp_direction direction; /* NONE when not said */
	struct str ice_ufrag, ice_pwd, ice_options;
	struct sdp_fingerprint fingerprint; /* the strongest of several */
	enum sdp_setup setup;
	struct sdp_attrs attrs; /* all lines, the above included, in order */
};

struct sdp_media {
	struct str type; /* "audio" */
	uint16_t port;
	uint32_t n_ports; /* of "49170/2", else 1 */
	struct str proto_name;
	enum sdp_proto proto;
	struct str formats_text;    /* the formats as written */
	struct sdp_format *formats; /* of RTP protocols only */
	size_t n_formats;
	struct sdp_common common;
	struct str mid;
	uint32_t ptime_ms, maxptime_ms; /* 0 when absent */
	bool rtcp_mux;
	uint16_t rtcp_port; /* of a=rtcp, 0 when absent */
	struct str rtcp_address;
	struct sdp_candidate *candidates;
	size_t n_candidates;
	struct str msid;
	uint32_t ssrc; /* of the first a=ssrc */
	bool has_ssrc;
	struct sdp_lines lines;
};

struct sdp {
	struct sdp_origin origin;
	struct str name; /* s= */
	struct sdp_lines lines;
	struct sdp_common common;
	bool ice_lite;
	struct str bundle[SDP_GROUP_MAX]; /* mids of the first a=group:BUNDLE */
	size_t n_bundle;
	struct sdp_media *media;
	size_t n_media;
};

/* -E_SYNTAX or -E_LIMIT; *ret_at (may be NULL) is the offset of what is wrong. Line ends may be CRLF or LF.
 */
int sdp_parse(struct arena *arena, struct str text, struct sdp **ret_sdp, size_t *ret_at) MUST_CHECK;
/* Writes what the structs say, in the order of RFC 8866 section 5; attributes from `attrs` only. */
void sdp_print(const struct sdp *sdp, struct buf *out);

/* For those who make a description: -E_LIMIT when the arena or SDP_ATTRS_MAX is full. */
int sdp_add_attr(struct arena *arena, struct sdp_attrs *attrs, struct str name, struct str value) MUST_CHECK;
int sdp_add_line(struct arena *arena, struct sdp_lines *lines, char type, struct str value) MUST_CHECK;

/* First attribute of that name (exact case), NULL when absent. */
const struct sdp_attr *sdp_attr(const struct sdp_attrs *attrs, const char *name);

/* The media line's own value, else the session's; SDP_SENDRECV when neither says. */
enum sdp_direction sdp_media_direction(const struct sdp *sdp, const struct sdp_media *m);
const struct sdp_connection *sdp_media_connection(const struct sdp *sdp, const struct sdp_media *m);

const char *sdp_direction_name(enum sdp_direction d);
const char *sdp_setup_name(enum sdp_setup s);
const char *sdp_proto_name(enum sdp_proto p);

#endif
