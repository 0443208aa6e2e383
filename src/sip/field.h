#ifndef LX_SIP_FIELD_H
#define LX_SIP_FIELD_H

#include "sip/msg.h"

/* Header fields read only by those who need them. All take the value of one field (sip_msg_value()) and
 * return views into it; -E_SYNTAX when malformed, -E_LIMIT when a number is out of range. */

struct sip_param {
	struct str name;
	struct str value; /* without quotes, escapes untouched */
	bool quoted;
};

/* Authorization, Proxy-Authorization, WWW-Authenticate, Proxy-Authenticate: one per header line. */
enum { SIP_AUTH_PARAMS_MAX = 24 };
struct sip_auth {
	struct str scheme; /* "Digest" */
	struct sip_param params[SIP_AUTH_PARAMS_MAX];
	size_t n;
};
int sip_auth_parse(struct str value, struct sip_auth *ret_auth) MUST_CHECK;
/* p == NULL when absent. */
struct str sip_auth_param(const struct sip_auth *auth, const char *name);

struct sip_rack {
	uint32_t rseq, cseq;
	enum sip_method method;
};
int sip_rack_parse(struct str value, struct sip_rack *ret_rack) MUST_CHECK;
int sip_rseq_parse(struct str value, uint32_t *ret_rseq) MUST_CHECK;

struct sip_replaces { /* RFC 3891; also the Target-Dialog of RFC 4538 */
	struct str call_id, to_tag, from_tag;
	bool early_only;
};
int sip_replaces_parse(struct str value, struct sip_replaces *ret_replaces) MUST_CHECK;

enum sip_refresher { SIP_REFRESHER_NONE, SIP_REFRESHER_UAC, SIP_REFRESHER_UAS };
struct sip_session_expires { /* RFC 4028; Min-SE has the same form */
	uint32_t seconds;
	enum sip_refresher refresher;
};
int sip_session_expires_parse(struct str value, struct sip_session_expires *ret_expires) MUST_CHECK;

struct sip_event { /* Event of RFC 6665 */
	struct str package, id;
};
int sip_event_parse(struct str value, struct sip_event *ret_event) MUST_CHECK;

struct sip_reason { /* one value of Reason, RFC 3326 */
	struct str protocol;
	int cause; /* -1 when absent */
	struct str text;
};
int sip_reason_parse(struct str value, struct sip_reason *ret_reason) MUST_CHECK;

/* Seconds of Retry-After (its comment and parameters dropped), Min-Expires and the like. */
int sip_seconds_parse(struct str value, uint32_t *ret_seconds) MUST_CHECK;

/* "application/sdp; charset=x": type without parameters. -E_SYNTAX unless type "/" subtype. */
int sip_content_type_parse(struct str value, struct str *ret_type, struct str *ret_params) MUST_CHECK;

#endif
