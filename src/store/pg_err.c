/* From SQLSTATE to our errors. Only the codes are looked at: the server speaks its own language. */
#include "store/pg_err.h"

#include "base/mem.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

/* Whole codes before their classes; any other is -E_SYSTEM. */
static const struct {
	const char *state;
	enum err err;
} meanings[] = {
	{ "23505", E_EXISTS },                  /* unique_violation */
	{ "23503", E_STATE },                   /* foreign_key_violation */
	{ "23", E_INVALID },                    /* not null, check */
	{ "22", E_INVALID },                    /* data: no number, out of range, no UTF-8 */
	{ "53100", E_FULL },                    /* disk_full */
	{ "53200", E_NOMEM },                   /* out_of_memory */
	{ "53", E_BUSY },                       /* too many connections */
	{ "54", E_LIMIT },                      /* program_limit_exceeded */
	{ "40", E_BUSY },                       /* serialization, deadlock */
	{ "55P03", E_BUSY },                    /* lock_not_available */
	{ "57014", E_TIMEOUT },                 /* query_canceled */
	{ "57", E_AWAY },                       /* shutdown, crash, starting */
	{ "08", E_AWAY },                       /* connection */
	{ "25006", E_AWAY },                    /* read_only_sql_transaction: a standby */
	{ "25P02", E_STATE },                   /* in_failed_sql_transaction */
	{ "58", E_IO }, { "XX001", E_CORRUPT }, /* data_corrupted */
	{ "XX002", E_CORRUPT },                 /* index_corrupted */
};

static const char *state_of(const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	return state ? state : "";
}

/* "Key (number)=(8001) already exists." whatever the server's language: "table.number". */
static void note_conflict(const PGresult *res, char *conflict, size_t size)
{
	const char *table = PQresultErrorField(res, PG_DIAG_TABLE_NAME);
	struct str detail = str_from(PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL));
	(void)str_cut(&detail, '(');
	struct str keys = str_cut(&detail, ')');
	struct str column = str_trim(str_cut(&keys, ','));
	snprintf(conflict, size, "%s." STR_FMT, table ? table : "", STR_ARG(column));
}

int pg_err(const PGconn *conn, const PGresult *res, char *conflict, size_t size)
{
	ExecStatusType status = res ? PQresultStatus(res) : PGRES_FATAL_ERROR;
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE)
		return 0;
	if (PQstatus(conn) == CONNECTION_BAD)
		return -E_AWAY;
	const char *state = state_of(res);
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0) {
			if (meanings[i].err == E_EXISTS)
				note_conflict(res, conflict, size);
			return -(int)meanings[i].err;
		}
	return -E_SYSTEM;
}

bool pg_is_stale(const PGresult *res)
{
	const char *state = state_of(res);
	return strcmp(state, "26000") == 0 || strcmp(state, "0A000") == 0;
}
