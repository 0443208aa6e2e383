/* Socket addresses as values. Unused bytes are always zero, so hosts compare as bytes. */
#include "net/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

int addr_from_host(struct str host, uint16_t port, struct addr *ret_addr)
{
	char text[INET6_ADDRSTRLEN];
	struct addr a = { 0 };
	bool bracketed = host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
	if (bracketed)
		host = str_sub(host, 1, host.n - 1);
	if (memchr(host.p ? host.p : "", '\0', host.n) || str_copy(host, text, sizeof(text)))
		return -E_SYNTAX;
	if (!bracketed && inet_pton(AF_INET, text, &a.v4.sin_addr) == 1)
		a.sa.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1)
		a.sa.sa_family = AF_INET6;
	else
		return -E_SYNTAX;
	addr_set_port(&a, port);
	*ret_addr = a;
	return 0;
}

int addr_from_string(struct str text, struct addr *ret_addr)
{
	uint32_t port;
	size_t colon = text.n;
	while (colon && text.p[colon - 1] != ':')
		colon--;
	if (!colon || str_to_u32(str_sub(text, colon, text.n), UINT16_MAX, &port))
		return -E_SYNTAX;
	struct str host = str_sub(text, 0, colon - 1);
	if (str_find(host, ':') < host.n && host.p[0] != '[')
		return -E_SYNTAX;
	return addr_from_host(host, (uint16_t)port, ret_addr);
}

void addr_from_sockaddr(const struct sockaddr *sa, struct addr *ret_addr)
{
	struct addr a = { 0 };
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;
		a.v4.sin_family = AF_INET;
		a.v4.sin_port = in->sin_port;
		a.v4.sin_addr = in->sin_addr;
	} else if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)sa;
		if (IN6_IS_ADDR_V4MAPPED(&in->sin6_addr)) {
			a.v4.sin_family = AF_INET;
			memcpy(&a.v4.sin_addr, in->sin6_addr.s6_addr + 12, 4);
			a.v4.sin_port = in->sin6_port;
		} else {
			a.v6 = *in;
			a.v6.sin6_flowinfo = 0;
		}
	}
	*ret_addr = a;
}

const char *addr_to_host(const struct addr *a, char *dst)
{
	if (a->sa.sa_family == AF_INET)
		inet_ntop(AF_INET, &a->v4.sin_addr, dst, ADDR_STRLEN);
	else if (a->sa.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &a->v6.sin6_addr, dst, ADDR_STRLEN);
	else
		dst[0] = '\0';
	return dst;
}

const char *addr_to_string(const struct addr *a, char *dst)
{
	char host[ADDR_STRLEN];
	addr_to_host(a, host);
	snprintf(dst, ADDR_STRLEN, addr_is_v6(a) ? "[%.46s]:%u" : "%.46s:%u", host, addr_port(a));
	return dst;
}

uint16_t addr_port(const struct addr *a)
{
	return ntohs(addr_is_v6(a) ? a->v6.sin6_port : a->v4.sin_port);
}

void addr_set_port(struct addr *a, uint16_t port)
{
	if (addr_is_v6(a))
		a->v6.sin6_port = htons(port);
	else
		a->v4.sin_port = htons(port);
}

socklen_t addr_len(const struct addr *a)
{
	return addr_is_v6(a) ? sizeof(a->v6) : sizeof(a->v4);
}

bool addr_is_set(const struct addr *a)
{
	return a->sa.sa_family != 0;
}

bool addr_is_v6(const struct addr *a)
{
	return a->sa.sa_family == AF_INET6;
}

struct str addr_site(const struct addr *a)
{
	if (addr_is_v6(a))
		return (struct str){ (const char *)&a->v6.sin6_addr, 8 };
	return (struct str){ (const char *)&a->v4.sin_addr, sizeof(a->v4.sin_addr) };
}

bool addr_is_loopback(const struct addr *a)
{
	if (addr_is_v6(a))
		return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
	return a->sa.sa_family == AF_INET && ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
}

bool addr_is_any(const struct addr *a)
{
	if (addr_is_v6(a))
		return IN6_IS_ADDR_UNSPECIFIED(&a->v6.sin6_addr);
	return a->sa.sa_family == AF_INET && a->v4.sin_addr.s_addr == INADDR_ANY;
}

static int cmp_host(const struct addr *a, const struct addr *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return a->sa.sa_family < b->sa.sa_family ? -1 : 1;
	if (!addr_is_v6(a))
		return memcmp(&a->v4.sin_addr, &b->v4.sin_addr, sizeof(a->v4.sin_addr));
	if (a->v6.sin6_scope_id != b->v6.sin6_scope_id)
		return a->v6.sin6_scope_id < b->v6.sin6_scope_id ? -1 : 1;
	return memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof(a->v6.sin6_addr));
}

int addr_cmp(const struct addr *a, const struct addr *b)
{
	int order = cmp_host(a, b);
	return order ? order : addr_port(a) - addr_port(b);
}

bool addr_eq(const struct addr *a, const struct addr *b)
{
	return addr_cmp(a, b) == 0;
}

bool addr_eq_host(const struct addr *a, const struct addr *b)
{
	return cmp_host(a, b) == 0;
}

static const unsigned char *host_bytes(const struct addr *a, size_t *ret_n)
{
	*ret_n = addr_is_v6(a) ? 16 : 4;
	return addr_is_v6(a) ? (const void *)&a->v6.sin6_addr : (const void *)&a->v4.sin_addr;
}

uint32_t addr_hash(const struct addr *a)
{
	size_t n;
	const unsigned char *p = host_bytes(a, &n);
	uint32_t h = 2166136261u ^ addr_port(a);
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 16777619u;
	return h ^ h >> 15;
}

int cidr_from_string(struct str text, struct cidr *ret_cidr)
{
	struct cidr c;
	struct str rest = text;
	struct str host = str_cut(&rest, '/');
	int e = addr_from_host(host, 0, &c.net);
	if (e)
		return e;
	uint32_t most = addr_is_v6(&c.net) ? 128 : 32;
	uint32_t bits = most;
	if (host.n < text.n && str_to_u32(rest, most, &bits))
		return -E_SYNTAX;
	c.bits = bits;
	*ret_cidr = c;
	return 0;
}

bool cidr_has(const struct cidr *c, const struct addr *a)
{
	size_t n;
	if (c->net.sa.sa_family != a->sa.sa_family)
		return false;
	const unsigned char *net = host_bytes(&c->net, &n);
	const unsigned char *host = host_bytes(a, &n);
	size_t whole = c->bits / 8;
	unsigned rest = c->bits % 8;
	if (memcmp(net, host, whole))
		return false;
	return !rest || ((net[whole] ^ host[whole]) >> (8 - rest)) == 0;
}
