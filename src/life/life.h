#ifndef LX_LIFE_LIFE_H
#define LX_LIFE_LIFE_H

#include "base/err.h"

#include <stdbool.h>

/* Life for the demo centre: callers and robot agents of our own, who place and take real SIP calls with real
 * sound through the running centre, as people would. A process of its own that uses only what the centre
 * offers to anybody: SIP and the HTTP API. */
struct life_options {
	const char *http;     /* ADDR:PORT of the desk */
	const char *sip;      /* ADDR:PORT of the switch */
	bool tls;             /* the desk speaks HTTPS */
	const char *ca_path;  /* whom to trust then; NULL: whoever is there, on loopback */
	const char *data_dir; /* spoken lines are kept below its life/ */
	const char *version;
};

/* Runs until SIGTERM or SIGINT; 0 then. */
int life_run(const struct life_options *options, struct fault *reterr_) MUST_CHECK;

#endif
