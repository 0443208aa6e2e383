#ifndef LX_NET_ADDR_H
#define LX_NET_ADDR_H

#include "base/err.h"
#include "base/str.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* A numeric IPv4 or IPv6 address with a port; sa.sa_family is 0 when none is there. */
struct addr {
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
};

#define ADDR_STRLEN 56 /* "[" IPv6 "]:65535" and a terminator */

/* "192.0.2.1:5060" or "[2001:db8::1]:5060"; the port must be there. -E_SYNTAX for anything else, names too.
 */
int addr_from_string(struct str text, struct addr *ret_addr) MUST_CHECK;
/* Host without port, IPv6 with or without brackets. */
int addr_from_host(struct str host, uint16_t port, struct addr *ret_addr) MUST_CHECK;
/* IPv4 mapped into IPv6 becomes IPv4; other families give an empty address. */
void addr_from_sockaddr(const struct sockaddr *sa, struct addr *ret_addr);

/* Both write into dst of ADDR_STRLEN and return it; the second leaves port and brackets out. */
const char *addr_to_string(const struct addr *a, char *dst);
const char *addr_to_host(const struct addr *a, char *dst);

uint16_t addr_port(const struct addr *a);
void addr_set_port(struct addr *a, uint16_t port);
socklen_t addr_len(const struct addr *a);

bool addr_is_set(const struct addr *a);
bool addr_is_v6(const struct addr *a);
bool addr_is_loopback(const struct addr *a);
bool addr_is_any(const struct addr *a);                        /* 0.0.0.0 or :: */
int addr_cmp(const struct addr *a, const struct addr *b);      /* total order, port last */
bool addr_eq(const struct addr *a, const struct addr *b);      /* host and port */
bool addr_eq_host(const struct addr *a, const struct addr *b); /* host alone */
uint32_t addr_hash(const struct addr *a);
/* The bytes that tell one site from another, a view: the address, or the /64 that whoever has IPv6 may choose
 * from. */
struct str addr_site(const struct addr *a);

/* "10.0.0.0/8", "2001:db8::/32" or a single address. */
struct cidr {
	struct addr net;
	unsigned bits;
};

int cidr_from_string(struct str text, struct cidr *ret_cidr) MUST_CHECK;
bool cidr_has(const struct cidr *c, const struct addr *a);

#endif
