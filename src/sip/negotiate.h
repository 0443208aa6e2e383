#ifndef LX_SIP_NEGOTIATE_H
#define LX_SIP_NEGOTIATE_H

#include "base/buf.h"
#include "sip/sdp.h"

/* Offer and answer of one audio stream (RFC 3264, 8829 as far as an ICE-lite server needs it), PURE: what we
 * can do, what was agreed so far and what the other side says go in; text and the agreed media come out. All
 * structs are plain values without pointers into a message and may be copied to another thread. A function
 * that fails changes nothing. Kept: number and order of m-lines (what we cannot use gets port 0), o= with a
 * stable session id and a version that rises only when our text changes, payload numbers once agreed. */

enum negotiate_codec {
	NEGOTIATE_PCMA,
	NEGOTIATE_PCMU,
	NEGOTIATE_OPUS,
	NEGOTIATE_CODEC__MAX,
};

enum {
	NEGOTIATE_MEDIA_MAX = 8,      /* m-lines */
	NEGOTIATE_CANDIDATES_MAX = 8, /* of the remote, UDP only, component 1 */
	NEGOTIATE_ADDR_SIZE = 46,
	NEGOTIATE_UFRAG_SIZE = 257,
	NEGOTIATE_NO_PT = 255,
};

/* Our side. The caller owns the strings while the function runs. */
struct negotiate_caps {
	enum negotiate_codec codecs[NEGOTIATE_CODEC__MAX]; /* the preferred first; of an offer we take the
							 first of ours, so that legs need no transcoding */
	size_t n_codecs;
	bool dtmf;          /* telephone-event/8000 */
	uint32_t ptime_ms;  /* 0 means 20 */
	struct str address; /* of our RTP socket, IPv4 or IPv6 literal */
	uint16_t rtp_port;
	uint16_t rtcp_port;           /* 0: rtp_port + 1 */
	enum sdp_direction direction; /* what we want: SENDRECV; SENDONLY holds; INACTIVE */
	bool dtls;       /* we have a certificate; offers are UDP/TLS/RTP/SAVPF when offer_dtls too */
	bool offer_dtls; /* first offer to a browser; a later one keeps what was agreed */
	struct str ice_ufrag, ice_pwd; /* ours, with dtls */
	struct str fingerprint;        /* "sha-256 AB:CD:…" */
	uint64_t session_id;           /* random, < 2^62; read when the state is new */
	uint32_t ssrc;                 /* ours, with dtls; 0: not announced */
	struct str cname;
};

struct negotiate_candidate {
	char address[NEGOTIATE_ADDR_SIZE];
	uint16_t port;
	uint32_t priority;
};

/* What both agreed on, for the media side. */
struct negotiate_media {
	enum negotiate_codec codec;
	uint8_t pt_send, pt_recv;           /* codec: the number we send, the one we receive */
	uint8_t dtmf_pt_send, dtmf_pt_recv; /* NEGOTIATE_NO_PT without telephone-event */
	uint32_t ptime_ms;                  /* to send with */
	bool send, recv;                    /* our own directions */
	bool remote_hold;                   /* the other side holds: sendonly, inactive or address 0.0.0.0 */
	char address[NEGOTIATE_ADDR_SIZE];  /* where to send RTP; "" while on hold by 0.0.0.0 */
	uint16_t port;
	char rtcp_address[NEGOTIATE_ADDR_SIZE];
	uint16_t rtcp_port; /* same as port with rtcp_mux */
	bool rtcp_mux;
	bool dtls;        /* the rest only then */
	bool dtls_client; /* we start the handshake (a=setup:active); else passive */
	char fingerprint_hash[16];
	char fingerprint[192];
	char ice_ufrag[NEGOTIATE_UFRAG_SIZE];
	char ice_pwd[NEGOTIATE_UFRAG_SIZE];
	struct negotiate_candidate candidates[NEGOTIATE_CANDIDATES_MAX];
	size_t n_candidates;
	bool remote_ice_lite;
	bool ice_restart; /* ufrag or pwd differ from the ones agreed before */
};

/* One m-line as both know it. */
struct negotiate_line {
	char type[16], proto[32], formats[64], mid[32];
	bool has_mid;
};

/* What is kept between the rounds: zero it to start, copy it as you like. */
struct negotiate_state {
	uint64_t session_id, version;
	uint64_t text_hash; /* of our last text without o= */
	struct negotiate_line lines[NEGOTIATE_MEDIA_MAX];
	size_t n_lines;
	size_t audio;   /* index of the line in use */
	bool has_local; /* we have sent a description */
	bool has_media; /* `media` is agreed */
	bool bundle;    /* the audio line is in the agreed BUNDLE group */
	bool dtls;
	uint8_t pts[NEGOTIATE_CODEC__MAX]; /* payload numbers we gave them, 0 unset */
	uint8_t dtmf_pt;
	struct negotiate_media media;
};

/* Our offer, for an INVITE, an empty INVITE's 2xx, a re-INVITE (all codecs again), hold and resume. */
int negotiate_offer(
	const struct negotiate_caps *caps, struct negotiate_state *state, struct buf *out) MUST_CHECK;

/* Their offer: our answer is appended to out. -E_UNSUPPORTED (488) without a common codec or with a protocol
 * we refuse, -E_INVALID (400) when the offer contradicts itself or the session so far. */
int negotiate_answer(const struct negotiate_caps *caps, struct negotiate_state *state,
	const struct sdp *offer, struct buf *out) MUST_CHECK;

/* Their answer to our last offer. -E_UNSUPPORTED when they took nothing, -E_INVALID when it does not fit. */
int negotiate_accept(const struct negotiate_caps *caps, struct negotiate_state *state,
	const struct sdp *answer) MUST_CHECK;

/* Whether an offer restarts ICE (other ufrag or pwd than agreed): the answer then needs fresh ones of ours in
 * the caps. */
bool negotiate_is_ice_restart(const struct negotiate_state *state, const struct sdp *offer);

const char *negotiate_codec_name(enum negotiate_codec codec); /* "PCMA" */

#endif
