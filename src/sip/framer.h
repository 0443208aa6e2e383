#ifndef LX_SIP_FRAMER_H
#define LX_SIP_FRAMER_H

#include "base/buf.h"

/* Cuts the bytes of one TCP or TLS connection into messages (RFC 3261 18.3) and finds the pings of RFC 5626
 * 4.4.1. The owner feeds what he reads and takes out what is whole until SIP_FRAME_NONE. */
enum sip_frame {
	SIP_FRAME_NONE,    /* feed more */
	SIP_FRAME_MESSAGE, /* one whole message, for sip_msg_parse(…, SIP_STREAM, …) */
	SIP_FRAME_PING,    /* CRLF CRLF: send one CRLF back */
	SIP_FRAME_PONG,    /* a single CRLF: the answer to our ping */
	SIP_FRAME_BROKEN,  /* the head of a message whose end cannot be known: parse it (it has a fault),
			      answer,  close the connection. Nothing more comes out. */
};

struct sip_framer {
	struct buf in;
	size_t at;      /* start of what is not taken out yet */
	size_t scanned; /* bytes after `at` known not to end the head */
	size_t need;    /* length of the message whose head is known, 0 */
	bool crlf;      /* a CRLF stood here: a second one makes it a ping */
	bool broken;
};

void sip_framer_init(struct sip_framer *f);
void sip_framer_done(struct sip_framer *f);

/* Takes over a copy of the bytes. -E_LIMIT when more piles up than a message may have, which happens only if
 * sip_framer_next() is not drained or a head does not end: close the connection. */
int sip_framer_feed(struct sip_framer *f, struct str bytes) MUST_CHECK;

/* *ret_bytes is a view that stays good until the next feed; empty for anything but MESSAGE and BROKEN. */
enum sip_frame sip_framer_next(struct sip_framer *f, struct str *ret_bytes);

/* True while a message has begun and not ended: a slow peer is cut by the owner's timer. */
bool sip_framer_is_midway(const struct sip_framer *f);

#endif
