#ifndef LX_SIP_EDGE_H
#define LX_SIP_EDGE_H

#include "net/addr.h"

/* Where browsers come in: SIP over WebSocket (RFC 7118) at the path /sip, subprotocol "sip", plain or with
 * TLS. Each connection becomes a flow of the stack. */
struct loop;
struct tls;
struct sip_edge;
struct sip_stack;

struct edge_opts {
	struct loop *loop; /* of the stack */
	struct sip_stack *stack;
	struct addr addr;   /* port 0: any */
	struct tls *tls;    /* NULL: plain; outlives the edge */
	unsigned max_peers; /* 0: 20,000 */
	unsigned host_max;  /* connections of one address, 0: any number */
};

/* -E_EXISTS when the port is taken. */
int edge_open(const struct edge_opts *opts, struct sip_edge **ret_edge) MUST_CHECK;
struct addr edge_bound(const struct sip_edge *edge);
/* Connections open, and how many were refused because their address had too many. */
void edge_counts(const struct sip_edge *edge, size_t *ret_open, uint64_t *ret_refused);
/* Before stack_free(). NULL allowed; returns NULL. */
void *edge_close(struct sip_edge *edge);

#endif
