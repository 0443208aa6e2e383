#ifndef LX_STORE_PG_ERR_H
#define LX_STORE_PG_ERR_H

#include "base/err.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

/* What PostgreSQL's answers mean here. */

/* 0 for an answer that is none of failure; -E_AWAY when the connection is gone. For a broken uniqueness
 * `conflict` gets "table.column". */
int pg_err(const PGconn *conn, const PGresult *res, char *conflict, size_t size);
/* The statement must be prepared anew: tables changed below it, or the server forgot it. */
bool pg_is_stale(const PGresult *res);

#endif
