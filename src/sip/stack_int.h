#ifndef LX_SIP_STACK_INT_H
#define LX_SIP_STACK_INT_H

#include "base/buf.h"
#include "base/obj.h"
#include "base/table.h"
#include "sip/digest.h"
#include "sip/flow.h"
#include "sip/stack.h"

/* Timers of RFC 3261 17, in microseconds. */
#define SIP_T1_US INT64_C(500000)
#define SIP_T2_US INT64_C(4000000)
#define SIP_T4_US INT64_C(5000000)
#define SIP_64T1_US (64 * SIP_T1_US)

#define SIP_ALLOW "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO"
#define SIP_ACCEPT "application/sdp"
#define SIP_SUPPORTED_TEXT "outbound"
#define SIP_SUPPORTED_BITS ((unsigned)SIP_OPTION_OUTBOUND | (unsigned)SIP_OPTION_PATH)

struct brake;
struct digest_server;
struct transport;

/* What the parts of the stack share: see stack.c for its life, receive.c for the way in. */
struct sip_stack {
	struct stack_opts opts;
	struct stack_handlers handlers;
	char *user_agent, *realm, *host;
	struct timers *timers;
	struct digest_server *digest;
	struct brake *brake;
	enum digest_order digest_order; /* towards phones; browsers have MD5 alone */
	struct registrar *registrar;
	struct transport *transport; /* NULL before stack_listen() */
	LIST_HEAD(, sip_flow) flows;
	LIST_HEAD(, session) sessions;
	struct table clients; /* client transactions: branch, sent-by, method */
	struct table servers; /* server transactions, likewise */
	struct table merges;  /* server transactions outside a dialog: Call-ID, From tag, CSeq, method */
	struct table dialogs; /* Call-ID, our tag, peer's tag */
	struct buf out;       /* the message being built */
	struct stack_counts counts;
	int64_t tokens_us; /* bucket of new calls: their time already spent */
	bool draining;
	bool closing;
};

static inline int64_t stack_now(const struct sip_stack *stack)
{
	return stack->timers->now_us;
}

/* A reference to a flow that reaches the peer; reuses a connection we opened. */
int stack_open_flow(struct sip_stack *stack, const char *transport, const struct addr *peer,
	struct sip_flow **ret_flow) MUST_CHECK;

/* Takes one new call from the allowance of this second: false means 503. */
bool stack_take_call(struct sip_stack *stack);

/* Flows and connections of the sockets (transport.c). */
int transport_open_flow(struct transport *t, const char *name, const struct addr *peer,
	struct sip_flow **ret_flow) MUST_CHECK;
void *transport_free(struct transport *t);

#endif
