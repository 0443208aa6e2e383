#ifndef LX_SIP_TRUNK_H
#define LX_SIP_TRUNK_H

#include "base/err.h"
#include "base/str.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines to other exchanges: known by the address their INVITEs come from, reached by their proxy. Signalling
 * thread. */
struct sip_stack;
struct session;
struct session_invite_opts;
struct trunks;

struct trunk_opts {
	int64_t id;
	const char *const *sources; /* "127.0.0.0/8", "2001:db8::/32", "192.0.2.1" */
	size_t n_sources;
	const char *proxy;     /* "host:port", "" for a trunk that only receives */
	const char *transport; /* "udp", "tcp" */
	const char *auth_user; /* "" for none */
	const char *password;
	const char *caller_id; /* user of From when the caller's own number is not to be shown, or "" */
	int64_t ping_ms;       /* OPTIONS to the proxy this often, 0: never */
};

struct trunks_handlers {
	/* The proxy began or ceased to answer OPTIONS. */
	void (*on_trunk_state)(void *arg, int64_t id, bool up);
};

struct trunks *trunks_new(struct sip_stack *stack, const struct trunks_handlers *handlers, void *arg);
void *trunks_free(struct trunks *t); /* NULL allowed */

/* Adds or replaces by id: all checked first, nothing changed on a fault. */
int trunks_set(struct trunks *t, const struct trunk_opts *opts, struct fault *reterr_) MUST_CHECK;
void trunks_remove(struct trunks *t, int64_t id);

/* Trunk an INVITE from this address belongs to: the longest matching prefix; 0 when none. */
int64_t trunks_match(const struct trunks *t, const struct addr *source);
/* False while its proxy does not answer OPTIONS, or for an unknown trunk. */
bool trunks_is_up(const struct trunks *t, int64_t id);

/* Calls `number` through the trunk: fills target, route, from, to and credentials into a copy of opts (the
 * rest stays) and does session_invite(). opts->from may be STR_NONE: the trunk's caller_id. -E_NOT_FOUND,
 * -E_UNREACHABLE. */
int trunks_invite(struct trunks *t, int64_t id, struct str number, const struct session_invite_opts *opts,
	struct session **ret_session) MUST_CHECK;

#endif
