#ifndef LX_SIP_FLOW_H
#define LX_SIP_FLOW_H

#include "base/err.h"
#include "base/obj.h"
#include "base/str.h"
#include "net/addr.h"

#include <stdbool.h>

struct sip_flow;
struct sip_stack;

/* What carries SIP to one peer: a UDP socket with the peer's address, or one TCP, TLS, WS or WSS connection.
 * A transport implements these; an edge thread's flow copies the bytes and posts them. All on the signalling
 * thread. */
struct flow_ops {
	const char *transport; /* as Via has it: "UDP", "TCP", "TLS", "WS", "WSS" */
	bool reliable;
	/* One whole message. -E_CLOSED when the peer is gone, -E_FULL when it reads too slowly (the transport
	 * then cuts it). Never calls back. */
	int (*send)(struct sip_flow *flow, struct str bytes) MUST_CHECK;
	/* UDP: the flow from the same socket to another port or host; the caller gets a reference. NULL
	 * otherwise. */
	struct sip_flow *(*sibling)(struct sip_flow *flow, const struct addr *peer);
	/* Ends the connection; the transport answers with flow_down(), at once or later. */
	void (*close)(struct sip_flow *flow);
	/* Frees what the transport allocated, when the last reference goes. */
	void (*destroy)(struct sip_flow *flow);
};

/* Somebody who must know when a flow dies: a binding, a transaction, a session. */
struct flow_watch {
	void (*fn)(void *arg);
	void *arg;
	LIST_ENTRY(flow_watch) link;
	struct sip_flow *flow; /* referenced while watching, NULL otherwise */
};

/* First member of every transport's own flow struct; referenced by everybody who may send on it. */
struct sip_flow {
	struct obj obj;
	const struct flow_ops *ops;
	struct sip_stack *stack; /* NULL once the stack is gone */
	struct addr local;       /* what we announce: address and port we listen on for this transport */
	struct addr peer;
	char sent_by[96]; /* of Via and Contact */
	bool alive;
	LIST_HEAD(, flow_watch) watches;
	LIST_ENTRY(sip_flow) link; /* in the stack's list */
};

/* Enters a fresh flow into the stack: -E_FULL above the limit of connections. UDP flows are not counted; what
 * holds them is. After a failure too
 * the caller drops it by obj_unref(). */
int flow_init(struct sip_flow *flow, const struct flow_ops *ops, struct sip_stack *stack,
	const struct addr *local, const struct addr *peer) MUST_CHECK;
/* To be put into the obj_type of a transport's flow. */
void flow_destroy(void *self);

/* -E_CLOSED on a dead flow without asking the transport. */
int flow_send(struct sip_flow *flow, struct str bytes) MUST_CHECK;
void flow_close(struct sip_flow *flow);

/* Told by the transport: the flow is dead for ever. Watches fire once, each after it was removed; the stack's
 * handler after them. */
void flow_down(struct sip_flow *flow);

void flow_watch(struct flow_watch *watch, struct sip_flow *flow, void (*fn)(void *arg), void *arg);
void flow_unwatch(struct flow_watch *watch); /* harmless when not watching */

bool flow_is_websocket(const struct sip_flow *flow);

#endif
