#ifndef LX_SIP_DIALOG_H
#define LX_SIP_DIALOG_H

#include "base/buf.h"
#include "base/obj.h"
#include "base/table.h"
#include "sip/build.h"
#include "sip/flow.h"

struct dialog;
struct txn;

/* What a dialog's user is asked; all on the signalling thread. */
struct dialog_user {
	/* A request within the dialog; the user checks its CSeq and answers the transaction. */
	void (*on_request)(void *arg, struct txn *t, struct sip_msg *msg, struct sip_flow *flow);
	void (*on_ack)(void *arg, const struct sip_msg *msg);
};

struct dialog_route {
	char *value; /* as Record-Route had it */
	char *uri;
	bool is_loose;
};

/* A dialog of RFC 3261 12, or the call about to become one (no tag of the peer yet). In the stack's table
 * while it has a user. */
struct dialog {
	struct obj obj;
	struct sip_stack *stack;
	struct table_node node;
	bool is_caller; /* we made the Call-ID */
	char *call_id, *tag, *peer_tag;
	char *local_name, *local_uri, *remote_name, *remote_uri; /* of From and To */
	char *target;                                            /* remote target as a Route value, "<URI>" */
	struct dialog_route *routes;                             /* in the order to send them */
	size_t n_routes;
	uint32_t cseq; /* of our last request */
	uint32_t peer_cseq;
	bool has_peer_cseq;
	struct sip_flow *flow; /* the way the first message took: also when a name cannot be resolved */
	bool pinned; /* requests go over that flow and no other: connections, and peers behind NAT */
	const struct dialog_user *user;
	void *user_arg;
};

struct dialog_start {
	struct str local_name, local_uri, remote_uri;
	struct str target;
	struct str route;      /* URI of an outbound proxy, or STR_NONE */
	struct sip_flow *flow; /* pins, or NULL */
};
/* A call of ours that has no answer yet. */
struct dialog *dialog_new(struct sip_stack *stack, const struct dialog_start *start);
/* The dialog a response (101…299) to our INVITE makes; flow: the way it came. */
struct dialog *dialog_fork(const struct dialog *call, const struct sip_msg *response, struct sip_flow *flow);
/* The dialog a request makes, with our tag; flow: where it came from. */
struct dialog *dialog_of_request(
	struct sip_stack *stack, const struct sip_msg *request, struct sip_flow *flow, struct str tag);

/* Enters it into the table; requests go to the user from now on. NULL takes it out. */
void dialog_set_user(struct dialog *d, const struct dialog_user *user, void *arg);

/* Borrowed, or NULL. */
struct dialog *dialog_find(struct sip_stack *stack, struct str call_id, struct str tag, struct str peer_tag);
struct dialog *dialog_of_message(struct sip_stack *stack, const struct sip_msg *request);

/* Contact of a re-INVITE or its 2xx becomes the target (RFC 3261 12.2), its flow the dialog's when pinned. */
void dialog_refresh(struct dialog *d, const struct sip_msg *msg, struct sip_flow *flow);

/* CSeq of a request from the peer (RFC 3261 12.2.2): 0, or -E_STATE when it is out of order. */
int dialog_take_cseq(struct dialog *d, const struct sip_msg *request) MUST_CHECK;

/* What a request to the peer looks like: request URI and Route values, a first strict router considered
 * (RFC 3261 12.2.1.1). The strings are the dialog's. */
struct dialog_way {
	struct str uri;
	struct str routes[SIP_ROUTES_MAX];
	size_t n_routes;
};
void dialog_way(const struct dialog *d, struct dialog_way *ret_way);

/* Above this a datagram may be cut to pieces on its way (RFC 3261 18.1.1). */
enum { DIALOG_UDP_MAX = 1300 };

/* A reference to the flow towards the next hop. `size`: above 1,300 bytes a UDP hop becomes TCP unless
 * udp_only. -E_CLOSED when pinned to a dead flow, -E_UNREACHABLE without a way. */
int dialog_open_flow(struct dialog *d, size_t size, bool udp_only, struct sip_flow **ret_flow) MUST_CHECK;

/* "<sip:host:port;transport=…>" for messages over this flow. */
void dialog_contact(const struct sip_flow *flow, char *dst, size_t size);

#endif
