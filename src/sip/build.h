#ifndef LX_SIP_BUILD_H
#define LX_SIP_BUILD_H

#include "sip/msg.h"

/* Writes messages into a buf (an error sticks there: check buf_err() once at the end). A message is a head,
 * any number of further headers, and sip_build_end(). Values must not contain CR or LF; one that does sets
 * the buffer's error to -E_SYNTAX, so nobody injects a header. */

enum { SIP_ROUTES_MAX = 20 };

struct sip_build_addr {
	struct str name; /* display name, plain text; quoted and escaped here */
	struct str uri;
	struct str tag; /* empty: none */
};

/* Order: Via, Route, Max-Forwards, From, To, Call-ID, CSeq, Contact. Empty values are left out. */
struct sip_build_request {
	enum sip_method method;
	struct str uri;           /* request URI */
	struct str transport;     /* of Via: "UDP", "TCP", "TLS", "WS", "WSS" */
	struct str sent_by;       /* "192.0.2.1:5060", "[2001:db8::1]:5060" */
	struct str branch;        /* with the magic cookie */
	bool no_rport;            /* leaves out ;rport (RFC 3581) */
	const struct str *routes; /* values of Route, "<sip:…;lr>", in order */
	size_t n_routes;
	unsigned max_forwards; /* 0 means 70 */
	struct sip_build_addr from, to;
	struct str call_id;
	uint32_t cseq;
	struct str contact; /* the whole value, "<sip:…>;…" */
};
void sip_build_request(struct buf *out, const struct sip_build_request *r);

/* ACK of a failure, or CANCEL, of an INVITE we sent: request URI, topmost Via, Route, From, Call-ID and CSeq
 * number of `invite` (as parsed from our own bytes), To of `to` (the response for an ACK, the INVITE for a
 * CANCEL). Ends the message (RFC 3261 9.1, 17.1.1.3). */
void sip_build_from_invite(
	struct buf *out, enum sip_method method, const struct sip_msg *invite, const struct sip_addr *to);

struct sip_build_response {
	const struct sip_msg *request;
	int status;
	struct str reason;   /* empty: the phrase of RFC 3261 */
	struct str to_tag;   /* added when To has none and status is not 100 */
	struct str received; /* peer's address; written to the topmost Via as RFC 3261 18.2.1 and 3581 say: */
	uint16_t rport;      /* received when sent-by differs or rport was asked for, rport when asked for */
	bool record_route;   /* copy Record-Route (2xx and 101–199 that make a dialog) */
	struct str contact;  /* the whole value */
};
/* Order: Via, Record-Route, From, To, Call-ID, CSeq, Contact. */
void sip_build_response(struct buf *out, const struct sip_build_response *r);

void sip_build_header(struct buf *out, enum sip_hdr hdr, struct str value);
void sip_build_named(struct buf *out, struct str name, struct str value);
void sip_build_number(struct buf *out, enum sip_hdr hdr, uint64_t value);

/* Content-Type when there is a body, Content-Length always, the body. */
void sip_build_end(struct buf *out, struct str content_type, struct str body);

/* A quoted string with its escapes. */
void sip_build_quoted(struct buf *out, struct str text);

/* Reason phrase of a status code; the class's when the code is unknown. */
const char *sip_reason_phrase(int status);

#endif
