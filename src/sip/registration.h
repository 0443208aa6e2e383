#ifndef LX_SIP_REGISTRATION_H
#define LX_SIP_REGISTRATION_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Our own registration at somebody else's registrar (RFC 3261 10): renewed before it ends, tried again when
 * it fails. Signalling thread. */
struct registration;
struct sip_stack;

struct registration_opts {
	const char *registrar; /* URI: "sip:192.0.2.1:5060" */
	const char *aor;       /* URI: "sip:8001@example.org" */
	const char *contact;   /* URI where we are to be called */
	const char *user, *password;
	uint32_t expires_s; /* 0: 300 */
	/* Registered now, or not any more. */
	void (*on_state)(void *arg, bool registered);
	void *arg;
};

/* Sends the first REGISTER at once; all strings are copied. */
struct registration *registration_new(struct sip_stack *stack, const struct registration_opts *opts);
/* Takes the binding away without waiting for the answer; no handler afterwards. NULL allowed; returns NULL.
 */
void *registration_free(struct registration *r);

#endif
