#ifndef LX_SIP_ADDR_H
#define LX_SIP_ADDR_H

#include "base/arena.h"
#include "sip/lex.h"
#include "sip/uri.h"

/* The two kinds of structured value that every message has: Via, and addresses (From, To, Contact, Route …).
 * All views point into the parsed text. */

struct sip_via {
	struct sip_via *next;
	struct str raw;                     /* the whole value as written, for copying */
	struct str transport;               /* "UDP", "TCP", "TLS", "WS", "WSS", … as written */
	struct str host;                    /* sent-by, IPv6 without brackets */
	uint16_t port;                      /* 0 when absent */
	struct str params;                  /* from the first ';' on */
	struct str branch, received, maddr; /* p == NULL when absent */
	bool has_rport;
	uint16_t rport; /* 0: asked for, not filled in */
};

/* name-addr or addr-spec with parameters: From, To, Contact, Route, … */
struct sip_addr {
	struct sip_addr *next;
	struct str raw;  /* the whole value as written, for copying */
	struct str name; /* display name without quotes and escapes; may be other than UTF-8 */
	struct str addr; /* name and URI as written, without params */
	struct sip_uri uri;
	struct str params; /* from the first ';' on: sip_addr_param() */
	struct str tag;    /* p == NULL when absent */
};

/* Parses s (which must outlive the result) as name-addr or addr-spec with parameters; the arena takes a
 * display name that had escapes. *ret_at (may be NULL) is the offset of what is wrong. */
int sip_addr_parse(struct arena *arena, struct str s, struct sip_addr *ret_addr, size_t *ret_at) MUST_CHECK;

/* The same from a cursor, up to the comma or the end: for lists. */
int sip_addr_scan(struct arena *arena, struct lex *x, struct sip_addr *ret_addr) MUST_CHECK;
int sip_via_scan(struct lex *x, struct sip_via *ret_via) MUST_CHECK;

/* False when absent; the value is empty for a parameter without one. */
bool sip_addr_param(const struct sip_addr *addr, const char *name, struct str *ret_value);
/* Seconds of the `expires` parameter, or the fallback when absent or malformed. */
int64_t sip_addr_expires(const struct sip_addr *addr, int64_t fallback);
/* The `q` parameter in thousandths, 1000 when absent or malformed. */
unsigned sip_addr_q(const struct sip_addr *addr);

#endif
