#ifndef LX_SIP_UAC_H
#define LX_SIP_UAC_H

#include "sip/dialog.h"
#include "sip/digest.h"
#include "sip/txn.h"

/* One outgoing request of a dialog through all its attempts: challenges are answered (401 and 407, together
 * too), a large one goes to TCP and comes back to UDP when nobody listens there. */
struct uac;

/* msg NULL: local outcome 408 or 503. Provisional answers too; the last call brings the final one, but of an
 * INVITE each further 2xx follows. */
typedef void (*uac_fn)(void *owner, struct uac *u, const struct sip_msg *msg, int status);

struct uac_opts {
	struct dialog *dialog;
	enum sip_method method;
	struct str headers; /* complete lines, each with its CRLF */
	struct str type, body;
	unsigned max_forwards;
	struct digest_client *digest; /* what the peers' challenges taught; belongs to the owner */
	const struct digest_credentials *credentials; /* likewise; NULL: challenges are final */
	uac_fn fn;
	void *owner; /* a struct obj, referenced until the transaction ended */
};

/* Sends it; *ret_uac gets a reference. fn is not called during this call. */
int uac_send(const struct uac_opts *opts, struct uac **ret_uac) MUST_CHECK;
/* Sends CANCEL for an INVITE; -E_STATE before a provisional answer and after the final one. */
int uac_cancel(struct uac *u) MUST_CHECK;
/* Acknowledges a 2xx on the way of the dialog it made, with the credentials of the INVITE (RFC
 * 3261 13.2.2.4). */
int uac_ack(struct uac *u, struct dialog *d, struct str type, struct str body) MUST_CHECK;
/* The owner waits no longer than 64*T1 from now. */
void uac_limit_wait(struct uac *u);
struct sip_flow *uac_flow(const struct uac *u); /* of the last attempt, borrowed */

#endif
