#ifndef LX_SIP_SESSION_H
#define LX_SIP_SESSION_H

#include "base/err.h"
#include "base/str.h"
#include "net/addr.h"

#include <stddef.h>

/* One INVITE usage as caller or callee: what a call leg is built on. SDP passes through untouched; whoever
 * owns the media makes offers and answers, at once or later. A struct obj: keep it with obj_ref(), drop it
 * with obj_unref(); the stack keeps its own reference as long as the peer may still send something. After
 * on_ended, session_hangup() or session_reject() of an INVITE nothing calls back. */
struct session;
struct sip_flow;
struct sip_msg;
struct sip_stack;

enum session_end {
	SESSION_END_HANGUP,      /* the peer sent BYE */
	SESSION_END_CANCELLED,   /* the caller gave up before our answer */
	SESSION_END_REJECTED,    /* a final failure to our INVITE: the status tells */
	SESSION_END_TIMEOUT,     /* no answer at all to our INVITE: 408 */
	SESSION_END_UNREACHABLE, /* no flow to the peer, or it died before the answer: 503 */
	SESSION_END_NO_ACK,      /* our 2xx was never acknowledged; BYE is sent */
	SESSION_END_GONE         /* 481 or 408 inside the dialog (RFC 5057) */
};
const char *session_end_name(enum session_end end);

/* Any may be NULL. `sdp` is STR_NONE when the message carried none and is valid during the call. Handlers may
 * call any action, also session_hangup(). */
struct session_handlers {
	/* Caller: 101…199; with several early dialogs, of each of them. */
	void (*on_progress)(struct session *s, void *arg, int status, struct str sdp);
	/* Caller: 2xx. `sdp` is the answer, or the offer when we invited without one: then session_ack() must
	 * follow, at once or later. */
	void (*on_answered)(struct session *s, void *arg, struct str sdp);
	/* re-INVITE from the peer: answer with session_answer() or session_reject(), at once or later. `sdp`
	 * is its offer; STR_NONE asks for our full offer, and on_ack brings the answer. */
	void (*on_offer)(struct session *s, void *arg, struct str sdp);
	/* Callee and re-INVITE from the peer: our 2xx is acknowledged; `sdp` is the answer when we had to
	 * offer. */
	void (*on_ack)(struct session *s, void *arg, struct str sdp);
	/* How our session_reinvite() ended: 2xx with the answer (or the offer: session_ack()), or the
	 * failure; 491 has been retried within. The dialog stands after a failure. */
	void (*on_reinvited)(struct session *s, void *arg, int status, struct str sdp);
	/* INFO with a key: application/dtmf-relay or application/dtmf. */
	void (*on_key)(struct session *s, void *arg, char key, int duration_ms);
	/* The browser's connection died (RFC 5626 flow; others are called back): the session stands, but
	 * nothing reaches the peer until he comes back; the application decides how long to wait. */
	void (*on_flow_lost)(struct session *s, void *arg);
	void (*on_ended)(struct session *s, void *arg, enum session_end end, int status);
};

/* An extra header of an INVITE or a response: Alert-Info, Answer-Mode, Call-Info, X-…; CR and LF are refused.
 */
struct session_header {
	const char *name;
	const char *value;
};

struct session_invite_opts {
	struct sip_flow *flow; /* over this one (a binding's); NULL: where route or target lead */
	struct str target;     /* request URI */
	struct str route;      /* URI of an outbound proxy, or STR_NONE */
	struct str from;       /* our URI, e.g. sip:8001@example.org */
	struct str from_name;  /* display name, UTF-8, or STR_NONE */
	struct str to;         /* URI; STR_NONE: the target */
	struct str sdp;        /* the offer; STR_NONE asks for the peer's */
	struct str auth_user;  /* credentials for 401 and 407, or STR_NONE */
	struct str auth_password;
	unsigned max_forwards; /* 0: 70; a back-to-back call passes what it got less one */
	const struct session_header *headers;
	size_t n_headers;
	const struct session_handlers *handlers;
	void *arg;
};

/* Places a call; all strings are copied. The caller owns *ret_session. -E_UNREACHABLE without a way to the
 * target, -E_SYNTAX for a wrong URI or header. Outcomes on the wire come through the handlers, never during
 * this call. */
int session_invite(struct sip_stack *stack, const struct session_invite_opts *opts,
	struct session **ret_session) MUST_CHECK;

/* Callee, inside on_invite. */
void session_attach(struct session *s, const struct session_handlers *handlers, void *arg);

/* Callee: 101…199, e.g. 180, or 183 with early media; repeated each minute (RFC 3261 13.3.1.1). */
int session_ring(struct session *s, int status, struct str sdp) MUST_CHECK;
/* Callee: 200 with the answer, or with our offer when the INVITE had none; also answers on_offer. -E_STATE
 * when nothing waits for an answer (the caller cancelled meanwhile). */
int session_answer(struct session *s, struct str sdp) MUST_CHECK;
/* Refuses the INVITE (ending the session) or the pending re-INVITE (the session stands). status 300…699. */
int session_reject(
	struct session *s, int status, const struct session_header *headers, size_t n_headers) MUST_CHECK;
/* A new offer in mid-call, or STR_NONE to ask for the peer's. -E_BUSY while an offer of either side is open:
 * try again after on_reinvited, on_ack or on_offer. */
int session_reinvite(struct session *s, struct str sdp) MUST_CHECK;
/* Our answer to the offer that a 2xx brought. */
int session_ack(struct session *s, struct str sdp) MUST_CHECK;
/* INFO with application/dtmf-relay. */
int session_send_key(struct session *s, char key, int duration_ms) MUST_CHECK;
/* Ends it in every state: CANCEL, 487/480, BYE, or BYE after ACK, whatever is right; the rest happens by
 * itself. No handler is called any more. `reason` (may be NULL) becomes a Reason header, e.g.
 * "SIP;cause=200;text=\"elsewhere\"". */
void session_hangup(struct session *s, const char *reason);

/* What is known of the call from its start on; strings live as long as the session. */
struct session_info {
	struct str call_id;
	struct str local_user;  /* we as callee: the called number (request URI); as caller: From */
	struct str remote_user; /* he as caller: From, or P-Asserted-Identity is left to on_invite */
	struct str remote_name; /* display name, or STR_NONE */
	struct str remote_uri;
	struct str auth_user; /* account whose credentials were right, or STR_NONE */
	struct addr peer;     /* address the INVITE came from or went to */
	unsigned max_forwards;
};
const struct session_info *session_info(const struct session *s);
struct sip_flow *session_flow(const struct session *s); /* borrowed; NULL when lost */

#endif
