#ifndef LX_CMD_OPTIONS_H
#define LX_CMD_OPTIONS_H

#include "base/err.h"

#include <stdbool.h>

/* What the command line says. Strings are those of argv. */
struct options {
	const char *data_dir;
	const char *db; /* postgres://…; NULL: SQLite in the data folder */
	const char *http, *edge, *sip, *rtp;
	const char *cert_path, *key_path;
	bool tls; /* asked for, or needed: a certificate is given, or somebody listens beyond loopback */
	const char *log;
	bool demo;
	bool quiet;       /* demo without callers and robot agents */
	int heartbeat_fd; /* set by the watcher for its children */
	int node;
	int host_max;    /* connections of one address, to pages and edge each */
	int visitor_max; /* calls of visitors from one address at once */
	int journal_kb;  /* for tests: memory of the journal */
};

#define OPTIONS_VERSION "0.1.0"

/* Reads argv[from…]; -E_INVALID with the fault naming the option. Checks that --demo stays on
 * loopback addresses. */
int options_read(
	int argc, char **argv, int from, struct options *ret_options, struct fault *reterr_) MUST_CHECK;
void options_usage(void);

#endif
