#ifndef LX_SIP_REPLY_H
#define LX_SIP_REPLY_H

#include "base/buf.h"
#include "sip/txn.h"

/* Responses of the stack: a head, any headers the caller adds, an end that sends it. One at a time. */
struct reply {
	int status;
	struct str reason;  /* STR_NONE: the usual phrase */
	struct str tag;     /* of To; STR_NONE: the transaction's */
	bool record_route;  /* of a response that makes or is in a dialog */
	struct str contact; /* the whole value, or STR_NONE */
};

/* Writes the head into the stack's buffer, to which the caller may add headers. */
struct buf *reply_begin(struct txn *t, const struct reply *r);
/* Ends and sends it; ret_bytes (may be NULL) is a view of the message, good until the next one is built. */
int reply_end(struct txn *t, int status, struct str type, struct str body, struct str *ret_bytes);
/* Begin and end in one; failures of the wire are of no interest. */
void reply_status(struct txn *t, int status);
/* With one header. */
void reply_with(struct txn *t, int status, enum sip_hdr hdr, const char *value);
/* Without a transaction: overload and malformed requests. retry_after_s 0: none. */
void reply_stateless(struct sip_flow *flow, const struct sip_msg *request, int status, const char *reason,
	unsigned retry_after_s);

/* The same in two steps, for more header lines in between. */
struct buf *reply_stateless_begin(
	struct sip_flow *flow, const struct sip_msg *request, int status, const char *reason);
void reply_stateless_end(struct sip_flow *flow, const struct sip_msg *request);

/* Where answers to this request go: RFC 3261 18.2.2 and 3581. The caller gets a reference. */
struct sip_flow *reply_flow(struct sip_flow *flow, const struct sip_msg *request);

#endif
