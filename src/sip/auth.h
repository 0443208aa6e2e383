#ifndef LX_SIP_AUTH_H
#define LX_SIP_AUTH_H

#include "sip/stack.h"
#include "sip/txn.h"

/* Demands digest credentials of an incoming request. 0: *ret_account and *ret_user (a view of the message)
 * are whose they are; -E_UNAUTHORIZED: a challenge, 400, or 403 to whoever guesses, has been sent and the
 * transaction is answered. */
int auth_check(struct txn *t, const struct sip_msg *msg, struct sip_account *ret_account,
	struct str *ret_user) MUST_CHECK;

/* Asks a request that came without credentials for them, and remembers nothing: a forged sender gets one
 * message and not eleven, and a flood of strangers takes neither memory nor the allowance of calls. */
void auth_challenge(struct sip_flow *flow, const struct sip_msg *msg);

#endif
