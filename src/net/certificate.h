#ifndef LX_NET_CERTIFICATE_H
#define LX_NET_CERTIFICATE_H

#include "base/str.h"
#include "net/loop.h"
#include "net/tls.h"

/* What a serving process shows to its peers, looked after while it runs: files somebody gave, or a
 * certificate of the local authority (net/authority.h). Files that have changed are read again, without a
 * restart and by a libuv worker. Belongs to the loop. */
struct certificate;

struct certificate_opts {
	struct loop *loop;
	const char *cert_path, *key_path; /* PEM; NULL: the local authority's */
	const char *dir;                  /* the authority's folder */
	const char *addrs[2];             /* ADDR:PORT it is made out to */
	int64_t every_us;                 /* between two looks [an hour] */
	/* Optional: after each look but the first. err: the old certificate goes on serving. */
	void (*looked)(void *arg, int err, const struct fault *fault);
	void *arg;
};

/* Blocks on the disk: at the start of a process. */
int certificate_open(const struct certificate_opts *opts, struct certificate **ret_certificate,
	struct fault *reterr_) MUST_CHECK;
/* Waits for the worker. NULL allowed; returns NULL. */
void *certificate_close(struct certificate *c);

struct tls *certificate_tls(const struct certificate *c); /* for listeners; dies with the certificate */
/* The authority's own certificate in PEM for those who want to trust it, good until the next turn of the
 * loop; STR_NONE with given files. */
struct str certificate_authority(const struct certificate *c);

#endif
