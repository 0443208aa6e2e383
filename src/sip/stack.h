#ifndef LX_SIP_STACK_H
#define LX_SIP_STACK_H

#include "base/err.h"
#include "base/str.h"
#include "base/timer.h"
#include "net/addr.h"
#include "sip/digest.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct session;
struct sip_flow;
struct sip_msg;
struct sip_stack;
struct registrar;

/* What digest needs of one account: both HA1 in lower-case hex under the stack's realm, "" when not kept. */
struct sip_account {
	char ha1_md5[33];
	char ha1_sha256[65];
	char aor[64]; /* user part it may register and call as */
};

enum stack_verdict {
	STACK_ADMIT,     /* go on; on_invite follows */
	STACK_CHALLENGE, /* only with credentials of an account; on_invite follows once they are right */
	STACK_REFUSE     /* 403 */
};

/* Called on the signalling thread; messages and strings are valid during the call. Any may be NULL. */
struct stack_handlers {
	/* Before a session exists: who may call in. Without it every caller is challenged. */
	enum stack_verdict (*on_admit)(void *arg, const struct sip_msg *invite, const struct sip_flow *flow);
	/* A new incoming session: attach handlers with session_attach() before returning (480 otherwise);
	 * keep it with obj_ref(). */
	void (*on_invite)(void *arg, struct session *s, const struct sip_msg *invite);
	/* A flow died; bindings and sessions have been told already. */
	void (*on_flow_down)(void *arg, struct sip_flow *flow);
	/* Credentials were given and are wrong; may be NULL. */
	void (*on_denied)(void *arg, const struct sip_msg *msg, const struct sip_flow *flow);
	/* Fills *ret_account; false when there is no such account. */
	bool (*find_account)(void *arg, struct str auth_user, struct sip_account *ret_account);
};

struct stack_opts {
	struct timers *timers;
	struct loop *loop;      /* NULL: the stack can neither listen nor connect (tests feed flows) */
	const char *user_agent; /* of User-Agent and Server; copied */
	const char *realm;      /* of our challenges; copied */
	const char
		*host; /* name or address in Via and Contact instead of the socket's, NULL for that; copied */
	/* Opens a flow to a peer, "UDP" or "TCP"; the caller gets a reference. NULL: the sockets of
	 * stack_listen().
	 */
	int (*open_flow)(
		void *arg, const char *transport, const struct addr *peer, struct sip_flow **ret_flow);
	unsigned max_flows;   /* connections, 0: 20,000 */
	unsigned max_txns;    /* open server transactions, 0: 50,000; above: 503 */
	unsigned calls_per_s; /* new incoming INVITEs, 0: unlimited; above: 503 with Retry-After */
	const struct stack_handlers *handlers;
	void *arg;
};

struct sip_stack *stack_new(const struct stack_opts *opts);
/* Drops every session, transaction and flow without a word to the peers; end calls before. NULL allowed. */
void *stack_free(struct sip_stack *stack);

/* SIP on UDP and TCP of one address (port 0: any, the same for both); *ret_bound may be NULL. */
int stack_listen(struct sip_stack *stack, const struct addr *addr, struct addr *ret_bound) MUST_CHECK;

/* New sessions and registrations get 503 with Retry-After from now on; calls in progress go on. */
void stack_drain(struct sip_stack *stack, bool on);

/* Which challenges phones get from now on; SHA-256 first at the start. */
void stack_set_digest_order(struct sip_stack *stack, enum digest_order order);

/* One whole message that came over a flow: what transports and edge threads feed. Never fails: what is not
 * SIP is answered by 400 or not at all. */
void stack_receive(struct sip_stack *stack, struct sip_flow *flow, struct str bytes);

/* REGISTER goes there (owned by the caller, who takes it away with NULL before freeing it). */
void stack_set_registrar(struct sip_stack *stack, struct registrar *registrar);

struct stack_counts {
	uint64_t received, sent, malformed, dropped, refused, retransmitted, denied;
	unsigned flows, txns, dialogs, sessions;
};
void stack_counts(const struct sip_stack *stack, struct stack_counts *ret_counts);

#endif
