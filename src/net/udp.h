#ifndef LX_NET_UDP_H
#define LX_NET_UDP_H

#include "net/addr.h"
#include "net/loop.h"

/* A UDP socket on a loop, for signalling. Belongs to the loop's thread. */
struct udp;

/* One datagram; the bytes are good until the handler returns. It may close the socket. */
typedef void (*udp_recv_fn)(void *arg, struct str data, const struct addr *from);

/* Binds and receives. Port 0 takes a free one. -E_EXISTS when the port is taken, -E_UNREACHABLE when the
 * address is not of this machine. */
int udp_open(struct loop *loop, const struct addr *local, udp_recv_fn fn, void *arg,
	struct udp **ret_udp) MUST_CHECK;
void *udp_close(struct udp *udp); /* no handler afterwards; NULL allowed; returns NULL */

/* Sends at once or not at all: -E_AGAIN when the socket's buffer is full, -E_LIMIT when the datagram is too
 * long for it. */
int udp_send(struct udp *udp, const struct addr *to, struct str data) MUST_CHECK;

const struct addr *udp_local(const struct udp *udp);

#endif
