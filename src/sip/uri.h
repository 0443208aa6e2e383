#ifndef LX_SIP_URI_H
#define LX_SIP_URI_H

#include "base/buf.h"
#include "base/str.h"

/* sip, sips and tel URIs as views of the text they were parsed from (RFC 3261 section 19, RFC 3966). Of any
 * other scheme only `raw` and `scheme_name` are set. */
enum sip_scheme { SIP_SCHEME_SIP, SIP_SCHEME_SIPS, SIP_SCHEME_TEL, SIP_SCHEME_OTHER };

struct sip_uri {
	struct str raw; /* all of it */
	struct str scheme_name;
	enum sip_scheme scheme;
	struct str user;     /* escapes untouched; of a tel URI the number; p == NULL without user part */
	struct str password; /* p == NULL when absent */
	struct str host;     /* an IPv6 literal without brackets */
	uint16_t port;       /* 0 when absent */
	struct str params;   /* from the first ';' on: sip_uri_param() */
	struct str headers;  /* after the '?' */
};

/* The whole of s must be one URI. *ret_at (may be NULL) is the offset of what is wrong. */
int sip_uri_parse(struct str s, struct sip_uri *ret_uri, size_t *ret_at) MUST_CHECK;
/* Writes the URI from its parts (`raw` is not used), so a caller may set them himself. */
void sip_uri_print(const struct sip_uri *uri, struct buf *out);
/* Equality of section 19.1.4; `transport` in one only is unequal, as in its examples. tel URIs compare their
 * digits, other schemes their letters. */
bool sip_uri_eq(const struct sip_uri *a, const struct sip_uri *b);

/* False when absent; the value is empty for a parameter without one. */
bool sip_uri_param(const struct sip_uri *uri, const char *name, struct str *ret_value);
bool sip_uri_is_lr(const struct sip_uri *uri);

/* User part with its escapes decoded, without parameters of the user part (";phone-context=…"). -E_LIMIT
 * when it does not fit, -E_SYNTAX when it has a NUL. */
int sip_uri_user(const struct sip_uri *uri, char *dst, size_t size) MUST_CHECK;
/* User part as a telephone number: '+' and digits, '*', '#', separators dropped. -E_SYNTAX when it is none.
 */
int sip_uri_number(const struct sip_uri *uri, char *dst, size_t size) MUST_CHECK;

/* Appends s as a user part, escaping what must be. */
void sip_uri_add_user(struct buf *out, struct str s);

#endif
