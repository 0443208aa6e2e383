#ifndef LX_NET_AUTHORITY_H
#define LX_NET_AUTHORITY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A certificate authority of this centre alone, for those who have no certificate of their own: it signs one
 * server certificate for the addresses that are listened on. Blocks on the disk. */

/* Files in the folder. The first is for everybody, the second holds the server's key and certificate; the
 * authority's own key is a third that nobody but authority_ensure() opens. */
#define AUTHORITY_CERT "ca.crt"
#define AUTHORITY_SERVER "server.pem"

struct authority_opts {
	const char *dir;          /* made when absent, 0700 */
	const char *const *addrs; /* ADDR:PORT; a wildcard stands for all addresses of this machine */
	size_t n_addrs;
	int64_t now_ms; /* wall time */
};

/* Makes what is missing, damaged, close to its end or not made out to one of our addresses; leaves the rest
 * as it is. Processes may call it at the same time. *ret_renewed: the server's certificate is a new one. */
int authority_ensure(const struct authority_opts *opts, bool *ret_renewed, struct fault *reterr_) MUST_CHECK;

#endif
