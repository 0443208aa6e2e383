#ifndef LX_SWITCH_SWITCH_H
#define LX_SWITCH_SWITCH_H

#include "base/err.h"

#include <stdbool.h>

/* The call-plane process. */
struct switch_options {
	const char *data_dir;  /* exists; journal, set-up and recordings are below it */
	const char *socket;    /* path of the Unix socket the desk connects to */
	const char *sip;       /* ADDR:PORT, UDP and TCP */
	const char *edge;      /* ADDR:PORT of SIP over WebSocket */
	const char *rtp;       /* ADDR:LOW-HIGH */
	const char *http;      /* ADDR:PORT of the desk, for the certificate alone */
	bool tls;              /* on the edge */
	const char *cert_path; /* PEM; NULL: of the local authority below data_dir */
	const char *key_path;
	const char *version;    /* of the program */
	unsigned node;          /* 0…63 */
	unsigned media_threads; /* 0: one less than the cores */
	unsigned host_max;      /* connections of one address to the edge, 0: any number */
	unsigned visitor_max;   /* calls of strangers from one address at once, 0: any number */
	unsigned journal_kb;    /* events kept in memory while the disk refuses; 0: 64 MB */
	int heartbeat_fd;       /* a byte a second for the watcher, -1 for nobody */
};

/* Serves until SIGTERM or SIGINT, ends calls in order, and returns 0. On failure to start the fault tells
 * why. */
int switch_run(const struct switch_options *options, struct fault *reterr_) MUST_CHECK;

#endif
