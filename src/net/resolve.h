#ifndef LX_NET_RESOLVE_H
#define LX_NET_RESOLVE_H

#include "net/addr.h"
#include "net/loop.h"

/* Addresses of a host name, looked up on a thread of its own: nothing on the loop waits for DNS, and neither
 * does its end. */
struct resolve;

enum { RESOLVE_ADDRS_MAX = 8 };

/* n == 0: no such name, or nobody to ask. The addresses carry the port; the struct resolve is gone. */
typedef void (*resolve_fn)(void *arg, const struct addr *addrs, size_t n);

/* Calls fn once on the loop, never during this call. */
struct resolve *resolve_start(struct loop *loop, const char *host, uint16_t port, resolve_fn fn, void *arg);
/* fn is not called any more; on the loop's thread, before fn was. NULL allowed; returns NULL. */
void *resolve_cancel(struct resolve *r);

#endif
