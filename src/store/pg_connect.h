#ifndef LX_STORE_PG_CONNECT_H
#define LX_STORE_PG_CONNECT_H

#include "base/err.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

/* A connection to PostgreSQL, set up as we use it. */

/* -E_AWAY when the server does not answer or is starting (the fault's code says which), -E_FORBIDDEN when it
 * refuses us, -E_UNSUPPORTED for one that we cannot use. */
int pg_connect(const char *url, bool read_only, PGconn **ret_conn, struct fault *reterr_) MUST_CHECK;

#endif
