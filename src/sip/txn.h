#ifndef LX_SIP_TXN_H
#define LX_SIP_TXN_H

#include "base/obj.h"
#include "base/table.h"
#include "base/timer.h"
#include "sip/flow.h"
#include "sip/msg.h"

/* Transactions of RFC 3261 17 with RFC 6026 (Accepted) and RFC 4320 (no 408 to a non-INVITE). The stack holds
 * a reference until one ends. */
enum txn_kind { TXN_CLIENT_INVITE, TXN_CLIENT_OTHER, TXN_SERVER_INVITE, TXN_SERVER_OTHER, TXN_KIND__MAX };

enum txn_state {
	TXN_TRYING, /* Calling and Trying of RFC 3261 */
	TXN_PROCEEDING,
	TXN_COMPLETED,
	TXN_CONFIRMED,
	TXN_ACCEPTED,
	TXN_ENDED,
	TXN_STATE__MAX
};

struct txn;
struct txn_ack;

/* To who sent the request: every provisional response, each final one he must see (a 2xx to INVITE also when
 * it comes from another branch), and msg NULL with status 408 or 503 when time or flow ran out. */
typedef void (*txn_response_fn)(void *arg, const struct sip_msg *msg, int status);

struct txn {
	struct obj obj;
	struct sip_stack *stack;
	struct table_node node;
	enum txn_kind kind;
	enum txn_state state;
	enum sip_method method;
	struct sip_flow *flow;
	struct flow_watch watch;
	struct timer resend;   /* A, E, G, and the 100 of a server */
	struct timer deadline; /* B, D, F, H, I, J, K, L */
	int64_t interval_us;
	char *bytes; /* last message sent, to be repeated */
	size_t n_bytes;
	void *arg; /* the owner, referenced as an object until the transaction ends or forgets it */
	/* Client only. */
	txn_response_fn on_response;
	struct txn_ack *acks;
	bool is_limited; /* by txn_limit_wait() */
	/* Server only. */
	struct sip_msg *request; /* until the final response */
	struct table_node merge;
	char tag[17]; /* To tag of the answers */
	void (*on_cancel)(void *arg);
};

struct txn_request {
	struct sip_flow *flow;
	enum sip_method method;
	struct str branch;
	struct str bytes;
	txn_response_fn fn;
	void *owner; /* a struct obj: argument of fn, referenced meanwhile */
};

/* Fresh branch with the magic cookie. */
enum { TXN_BRANCH_SIZE = 7 + 20 + 1 };
void txn_branch(char dst[TXN_BRANCH_SIZE]);

/* Sends a request; ret_txn (may be NULL) gets a reference. -E_CLOSED when the flow is dead: fn is not called
 * then. */
int txn_request(struct sip_stack *stack, const struct txn_request *req, struct txn **ret_txn) MUST_CHECK;
/* Without a final answer in 64*T1 from now it is over: after CANCEL (RFC 3261 9.1) and BYE. */
void txn_limit_wait(struct txn *t);
/* ACK of the 2xx with this To tag: sent now and again with each repeat of that 2xx. */
int txn_ack_2xx(struct txn *t, struct str to_tag, struct sip_flow *flow, struct str bytes) MUST_CHECK;
/* Whether the request is still waiting for its final answer. */
bool txn_is_open(const struct txn *t);
/* The owner hears nothing more and is let go. */
void txn_forget(struct txn *t);

/* Gives a response to its transaction; false when there is none. */
bool txn_take_response(struct sip_stack *stack, const struct sip_msg *msg);

/* Repeats, and the ACK of a failure: true when a transaction took it. */
bool txn_take_repeat(struct sip_stack *stack, const struct sip_msg *msg);
/* Enters a new request; the caller gets a reference. `flow`: where answers go. */
struct txn *txn_accept(struct sip_stack *stack, struct sip_flow *flow, struct sip_msg *request);
/* The INVITE's transaction that a CANCEL means, borrowed, or NULL. */
struct txn *txn_of_cancel(struct sip_stack *stack, const struct sip_msg *cancel);
/* Calls fn(owner) when the peer cancels this INVITE; owner, an object, is referenced until txn_forget(). */
void txn_on_cancel(struct txn *t, void (*fn)(void *owner), void *owner);
void txn_cancel(struct txn *t);
/* Another request of the same Call-ID, From tag and CSeq is here by another path (RFC 3261 8.2.2.2). */
bool txn_is_merged(struct sip_stack *stack, const struct sip_msg *request);
/* Sends a response and remembers it; after the final one only repeats of a 2xx to INVITE are taken. */
int txn_respond(struct txn *t, int status, struct str bytes) MUST_CHECK;

/* Drops all of them silently. */
void txn_end_all(struct sip_stack *stack);

extern const char *const txn_state_names[TXN_STATE__MAX];

#endif
