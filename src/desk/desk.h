#ifndef LX_DESK_DESK_H
#define LX_DESK_DESK_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

/* The application-plane process. */
struct desk_options {
	const char *data_dir;      /* exists; database, recordings, certificates are below it */
	const char *db;            /* postgres://…; NULL: SQLite below data_dir */
	const char *http;          /* ADDR:PORT, "127.0.0.1:8080"; port 0 takes a free one */
	const char *switch_socket; /* path of the switch's Unix socket */
	const char *edge;          /* ADDR:PORT of SIP over WebSocket, for the browser's phone */
	bool tls;                  /* must be set on any but a loopback address */
	const char *cert_path;     /* PEM; NULL: of the local authority below data_dir */
	const char *key_path;
	const char *version; /* of the program */
	unsigned host_max;   /* connections of one address, 0: any number */
	bool demo;           /* seed the demo centre when the database is new */
	/* Optional: told once, when it serves, at which address. On the desk's thread. */
	void (*ready)(void *arg, const char *http);
	void *ready_arg;
};

/* Serves until SIGTERM or SIGINT; 0 then. On failure to start the fault tells the person why. */
int desk_run(const struct desk_options *options, struct fault *reterr_) MUST_CHECK;

/* Gives a user of the centre in that folder (and database, NULL for SQLite), which is stopped, another
 * password and ends his sign-ins. -E_INVALID with the fault for a person. */
int desk_set_password(const char *data_dir, const char *db, const char *user, const char *password,
	struct fault *reterr_) MUST_CHECK;

/* "openapi", "ts" or "md": what docs/api and web/src/api hold. -E_NOT_FOUND for another word. */
int desk_print(const char *what, struct buf *out) MUST_CHECK;

#endif
