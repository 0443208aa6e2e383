#ifndef LX_TESTS_SIP_RIG_H
#define LX_TESTS_SIP_RIG_H

/* A stack under test with a clock the test turns and flows whose far end the test plays: what the stack sends
 * lands in a queue of parsed messages, what the test writes is received at once. */
#include "base/timer.h"
#include "sip/flow.h"
#include "sip/msg.h"
#include "sip/session.h"
#include "sip/stack.h"

#define RIG_MAX_SENT 400
#define MS INT64_C(1000)
#define SEC INT64_C(1000000)

struct rig_sent {
	struct sip_msg *msg;
	struct sip_flow *flow;
	int64_t at_us;
};

struct rig {
	struct timers timers;
	struct sip_stack *stack;
	struct sip_flow *flow; /* the first peer's */
	struct rig_sent sent[RIG_MAX_SENT];
	size_t n_sent, taken;
	struct sip_flow *opened[16]; /* by the stack */
	size_t n_opened;
	const char *refuse; /* transport that cannot be opened */
	/* The application above the stack. */
	struct session *session; /* the last incoming one, referenced */
	struct stack_handlers handlers;
	struct session_handlers session_handlers;
	char log[2000]; /* "progress 180|answered v=0|…": every handler called */
	char text[70000];
	bool no_attach, quiet, may_be_malformed;
	enum stack_verdict verdict;
	unsigned downs;
};

/* transport: "UDP", "TCP" or "WS" of the first flow, whose peer is 192.0.2.1:5060. */
void rig_init(struct rig *r, const char *transport);
void rig_init_with(struct rig *r, const char *transport, struct stack_opts *opts);
void rig_done(struct rig *r);

/* Another flow; the caller owns the reference. */
struct sip_flow *rig_flow(struct rig *r, const char *transport, const char *peer);

/* Turns the clock in small steps. */
void rig_run(struct rig *r, int64_t us);

/* The next message sent, NULL when there is none; good until rig_done(). */
struct sip_msg *rig_next(struct rig *r);
/* Next one, which must be a request of that method or a response of that status. */
struct sip_msg *rig_request(struct rig *r, enum sip_method method);
struct sip_msg *rig_response(struct rig *r, int status);
void rig_nothing(struct rig *r);             /* nothing more was sent */
struct rig_sent *rig_last(struct rig *r);    /* of the message rig_next() returned */
size_t rig_count(struct rig *r, int status); /* not taken yet, with that status; 0 counts requests */
void rig_forget_sent(struct rig *r);

/* Feeds text with LF line ends; Content-Length and the empty line are added, `body` too. */
void rig_feed(struct rig *r, struct sip_flow *flow, const char *head, const char *body);
void rig_feedf(struct rig *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A plain request of a call from the peer: what is varied stands in the options, the rest is made up. */
struct rig_req {
	const char *method;
	const char *uri;     /* sip:4008001234@192.0.2.9 */
	const char *to;      /* URI */
	const char *branch;  /* without the cookie; "b1" */
	const char *call_id; /* "call-1" */
	const char *from_tag;
	const char *to_tag;  /* NULL: none */
	unsigned cseq;       /* 1 */
	const char *headers; /* more lines with LF */
	const char *body;    /* SDP, NULL: none */
	const char *via;     /* whole value of Via instead of the usual */
	struct sip_flow *flow;
};
void rig_send(struct rig *r, const struct rig_req *req);
/* A request within the dialog; body NULL: none. */
void rig_mid(struct rig *r, const char *method, const char *branch, const char *tag, unsigned cseq,
	const char *body);

/* Answers a request the stack sent. tag NULL: none; contact is added with status < 300. */
struct rig_resp {
	int status;
	const char *tag;
	const char *headers;
	const char *body;
	const char *contact; /* URI; NULL: sip:peer@192.0.2.1 */
};
void rig_respond(struct rig *r, const struct sip_msg *request, const struct rig_resp *resp);
void rig_status(struct rig *r, const struct sip_msg *request, int status, const char *tag);

/* Places a call to sip:9001@192.0.2.1 with this offer. */
struct session *rig_call(struct rig *r, const char *sdp);
/* A call that is up: caller's or callee's side. */
struct session *rig_talking_out(struct rig *r);
struct session *rig_talking_in(struct rig *r, char *ret_tag, size_t size);

/* The handlers' log so far, which is emptied. */
const char *rig_log(struct rig *r);
struct str rig_header(const struct sip_msg *msg, const char *name);
void rig_assert_header(const struct sip_msg *msg, const char *name, const char *value);

#endif
