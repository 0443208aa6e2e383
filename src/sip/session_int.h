#ifndef LX_SIP_SESSION_INT_H
#define LX_SIP_SESSION_INT_H

#include "sip/dialog.h"
#include "sip/digest.h"
#include "sip/session.h"
#include "sip/stack_int.h"
#include "sip/txn.h"
#include "sip/uac.h"

/* Shared by the files of a session: session.c (life, actions, the table of states), session_uac.c (calls we
 * place), session_uas.c (calls that come), session_mid.c (requests within the dialog). */
enum session_state {
	SES_CALLING,    /* caller: nothing heard */
	SES_PROGRESS,   /* caller: provisional answer */
	SES_CANCELLING, /* caller: hung up before the final answer */
	SES_RINGING,    /* callee: not answered */
	SES_ACCEPTED,   /* callee: 2xx sent, no ACK yet */
	SES_LEAVING,    /* callee: hung up before that ACK */
	SES_TALKING,
	SES_ENDED,
	SES__MAX
};

enum session_event {
	SEV_PROVISIONAL,
	SEV_ANSWERED,
	SEV_FAILED,
	SEV_HANGUP, /* ours, as are ANSWER and REJECT */
	SEV_ANSWER,
	SEV_REJECT,
	SEV_CANCEL, /* the peer's, as are BYE and ACK */
	SEV_BYE,
	SEV_ACK,
	SEV_NO_ACK,
	SEV_GONE,
	SEV_LOST,
	SEV_DROP, /* the stack ends */
	SEV__MAX
};

struct session_input {
	const struct sip_msg *msg;
	int status;
	struct str sdp;
	const char *text; /* Reason of a hang-up */
	struct uac *uac;  /* whose response it is */
};

/* An INVITE from the peer: the first one or a re-INVITE. */
struct session_uas {
	struct txn *txn;     /* NULL when none is open */
	struct timer repeat; /* of the 2xx, or of long ringing */
	struct timer limit;  /* for the ACK */
	int64_t interval_us;
	char *ok; /* the 2xx until its ACK */
	size_t n_ok;
	uint32_t cseq;
	int ringing; /* last provisional status, 0 */
	char *ringing_sdp;
	bool has_offer;
	bool waits_ack;
};

/* An INVITE of ours: the first one or a re-INVITE. */
struct session_uac {
	struct uac *uac;    /* NULL when none is open */
	struct timer retry; /* after 491 */
	char *sdp;          /* of a re-INVITE, for the retry; "" for none */
	bool has_offer;
	bool waits_ack; /* answered with an offer: session_ack() has to come */
	bool cancelled;
	unsigned tries;
};

enum { SESSION_EARLY_MAX = 8 };

struct session {
	struct obj obj;
	struct sip_stack *stack;
	LIST_ENTRY(session) link;
	bool linked;
	enum session_state state;
	const struct session_handlers *handlers; /* NULL once nothing calls back */
	void *arg;
	struct dialog *call;   /* caller: as it was before any answer; each fork is made from it */
	struct dialog *dialog; /* NULL until there is one */
	struct dialog *early[SESSION_EARLY_MAX];
	size_t n_early;
	struct session_uas uas;
	struct session_uac uac;
	struct digest_client *digest;
	struct digest_credentials credentials;
	struct flow_watch watch;
	struct session_info info;
	struct session_text *texts; /* what info and credentials point to */
	char *reason;               /* of a hang-up that had to wait */
};

void session_fire(struct session *s, enum session_event event, const struct session_input *in);
extern const struct dialog_user session_dialog_user;

/* session.c */
struct session *session_new(struct sip_stack *stack, enum session_state state);
/* Lets go of everything that is not needed to end politely, and of the stack's reference. */
void session_finish(struct session *s);
/* The last call of the application. */
void session_end_with(struct session *s, enum session_end end, int status);
void session_drop_all(struct sip_stack *stack);
/* SDP of a message, or STR_NONE. */
struct str session_body(const struct sip_msg *msg);
/* Extra headers as lines; the caller frees. -E_SYNTAX for CR or LF. */
int session_header_lines(const struct session_header *headers, size_t n, char **ret_lines) MUST_CHECK;
/* A copy that lives as long as the session. */
struct str session_keep(struct session *s, struct str text);
void session_watch_flow(struct session *s, struct sip_flow *flow);

/* session_uac.c */
void session_uac_progress(struct session *s, const struct session_input *in);
void session_uac_answered(struct session *s, const struct session_input *in);
void session_uac_answered_too_late(struct session *s, const struct session_input *in);
void session_uac_failed(struct session *s, const struct session_input *in);
void session_uac_cancel(struct session *s, const struct session_input *in);
void session_drop_early(struct session *s);

/* session_uas.c */
void session_incoming(struct sip_stack *stack, struct txn *t, struct sip_msg *invite, struct sip_flow *flow,
	struct str auth_user);
/* Makes the INVITE the one that session_answer() and session_reject() mean. */
void session_uas_take(struct session *s, struct txn *t, const struct sip_msg *invite);
/* Its 2xx needs no repeating any more. */
void session_uas_acknowledged(struct session *s);
void session_uas_init(struct session *s);
void session_uas_done(struct session *s);

/* session_mid.c */
void session_send_bye(struct session *s, struct dialog *d, const char *reason);
void session_retry_reinvite(void *arg);

#endif
