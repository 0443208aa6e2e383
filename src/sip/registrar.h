#ifndef LX_SIP_REGISTRAR_H
#define LX_SIP_REGISTRAR_H

#include "base/err.h"
#include "base/str.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who can be reached where (RFC 3261 10, 5626, 7118): bindings per address of record, each with the flow its
 * REGISTER came over; a binding dies with its flow or its time. Signalling thread. */
struct registrar;
struct sip_flow;
struct sip_stack;

/* One way to reach somebody; strings and flow are the registrar's: valid until the next turn of the loop,
 * flow by obj_ref() for longer. */
struct binding_info {
	struct str aor;      /* user part, as the account has it */
	struct str contact;  /* request URI to send to; browsers give sip:x@y.invalid;transport=ws */
	struct str instance; /* +sip.instance without <>, or STR_NONE */
	struct str user_agent;
	struct sip_flow *flow; /* requests go over this */
	struct addr local, peer;
	int64_t expires_us; /* on the clock of the timers */
	int64_t id;         /* no two bindings of a registrar have the same, restored ones included */
	struct str call_id; /* of the last REGISTER, as is cseq */
	uint32_t cseq;
	uint32_t reg_id; /* 0: none */
};

struct registrar_handlers {
	/* A new binding, not a refresh. */
	void (*on_registered)(void *arg, const struct binding_info *binding);
	/* The same binding again: the phone lives. May be NULL. */
	void (*on_refreshed)(void *arg, const struct binding_info *binding);
	/* Expired, removed, replaced, or its flow died. */
	void (*on_unregistered)(void *arg, const struct binding_info *binding);
	/* New or refreshed, and its way (UDP) may outlive this process: worth keeping for registrar_restore()
	 * until on_unregistered. */
	void (*on_keep)(void *arg, const struct binding_info *binding);
};

struct registrar_opts {
	uint32_t min_expires_s;     /* 0: 30; shorter ones get 423 */
	uint32_t max_expires_s;     /* 0: 3600 */
	uint32_t default_expires_s; /* 0: 600 */
	unsigned max_bindings;      /* per address of record, 0: 5 */
	const struct registrar_handlers *handlers;
	void *arg;
};

/* Takes the REGISTER requests of the stack; accounts come from the stack's find_account, and an account may
 * register its own aor only. */
struct registrar *registrar_new(struct sip_stack *stack, const struct registrar_opts *opts);
void *registrar_free(struct registrar *r); /* before stack_free(); no handler is called. NULL allowed */

/* Fills up to n bindings of living flows, newest first; returns how many there are. */
size_t registrar_lookup(
	const struct registrar *r, struct str aor, struct binding_info *ret_bindings, size_t n);
/* Puts back what on_keep told an earlier process, oldest first; `flow` is ignored, the handlers are called as
 * for a new one. -E_TIMEOUT when it has expired, -E_UNREACHABLE when we no longer listen where it was made.
 */
int registrar_restore(struct registrar *r, const struct binding_info *binding) MUST_CHECK;
/* Drops the bindings of an account that is gone; on_unregistered follows for each. */
void registrar_forget(struct registrar *r, struct str aor);
size_t registrar_count(const struct registrar *r);

#endif
