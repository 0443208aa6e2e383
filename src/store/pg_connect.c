/* Connecting, and saying why not. libpq has no code for a connection that was refused, so the server is asked
 * again whether it is there at all (PQping). A URL holds a password: nothing here quotes one, nor what libpq
 * says of one that it cannot read. */
#include "store/pg_connect.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

#define VERSION_MIN 130000
#define PLACE_SIZE 160

/* Ours first, so that the URL may say otherwise; a server that vanished is noticed within seconds. */
static const char *const keywords[] = { "application_name", "connect_timeout", "keepalives_idle",
	"keepalives_interval", "keepalives_count", "tcp_user_timeout", "gssencmode", "dbname",
	"client_encoding", NULL };

static void values_for(const char *url, const char **ret_values)
{
	const char *values[] = { "lingxi", "4", "10", "5", "3", "15000", "disable", url, "UTF8", NULL };
	memcpy(ret_values, values, sizeof(values));
}

static const char *option_of(const PQconninfoOption *options, const char *name)
{
	for (; options->keyword; options++)
		if (strcmp(options->keyword, name) == 0)
			return options->val ? options->val : "";
	return "";
}

/* "postgres://user@host:port/db", without its password. */
static void place_of(const char *url, char *dst, size_t size)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	snprintf(dst, size, "postgres://…");
	if (!options)
		return;
	const char *user = option_of(options, "user"), *port = option_of(options, "port");
	snprintf(dst, size, "postgres://%s%s%s%s%s/%s", user, *user ? "@" : "", option_of(options, "host"),
		*port ? ":" : "", port, option_of(options, "dbname"));
	PQconninfoFree(options);
}

/* The first line of what libpq says, without "connection to server at … failed:". */
static struct str reason_of(const PGconn *conn)
{
	struct str text = str_from(PQerrorMessage(conn));
	struct str line = str_trim(str_cut(&text, '\n')), mark = STR("failed: ");
	for (size_t i = 0; i + mark.n < line.n; i++)
		if (str_starts(str_sub(line, i, line.n), mark))
			return str_sub(line, i + mark.n, line.n);
	return line;
}

static int refusal(const char *url, const char *const *values, const PGconn *conn, struct fault *reterr_)
{
	char place[PLACE_SIZE];
	struct str reason = reason_of(conn);
	place_of(url, place, sizeof(place));
	PGPing ping = PQpingParams(keywords, values, 1);
	if (ping == PQPING_OK || ping == PQPING_NO_ATTEMPT) {
		(void)fault_set(
			reterr_, "refused", "db", "%s refuses: " STR_FMT " (--db)", place, STR_ARG(reason));
		return -E_FORBIDDEN;
	}
	(void)fault_set(reterr_, ping == PQPING_REJECT ? "starting" : "unreachable", "db",
		"the database %s cannot be reached: " STR_FMT " (--db)", place, STR_ARG(reason));
	return -E_AWAY;
}

/* What the server must be for us. */
static int check_server(const char *url, const PGconn *conn, struct fault *reterr_)
{
	char place[PLACE_SIZE];
	const char *encoding = PQparameterStatus(conn, "server_encoding");
	int version = PQserverVersion(conn);
	place_of(url, place, sizeof(place));
	if (version < VERSION_MIN)
		(void)fault_set(reterr_, "version", "db",
			"%s is PostgreSQL %d; it takes 13 or a later one (--db)", place, version / 10000);
	else if (!encoding || strcmp(encoding, "UTF8") != 0)
		(void)fault_set(reterr_, "encoding", "db",
			"%s is encoded in %s; it must be UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE "
			"template0 (--db)",
			place, encoding ? encoding : "?");
	else
		return 0;
	return -E_UNSUPPORTED;
}

static void on_notice(void *arg, const char *message)
{
	(void)arg;
	log_(LOG_STORE, LOG_DEBUG, "notice text=\"%s\"", message);
}

static int set_up(PGconn *conn, bool read_only)
{
	PGresult *res = PQexec(conn,
		read_only ? "SET standard_conforming_strings = on; SET jit = off;"
			    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
			  : "SET standard_conforming_strings = on; SET jit = off");
	int err = PQresultStatus(res) == PGRES_COMMAND_OK ? 0 : -E_AWAY;
	PQclear(res);
	return err;
}

/* A server that was starting a moment ago has refused, and is there when it is asked why: a refusal counts
 * when it is repeated. */
static PGconn *reach(const char *const *values)
{
	PGconn *conn = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(conn) == CONNECTION_OK || PQpingParams(keywords, values, 1) != PQPING_OK)
		return conn;
	PQfinish(conn);
	return PQconnectdbParams(keywords, values, 1);
}

int pg_connect(const char *url, bool read_only, PGconn **ret_conn, struct fault *reterr_)
{
	const char *values[ARRAY_LEN(keywords)];
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	int err = 0;
	if (!options) {
		(void)fault_set(reterr_, "format", "db", "--db needs postgres://USER@HOST/DATABASE");
		return -E_INVALID;
	}
	PQconninfoFree(options);
	values_for(url, values);
	PGconn *conn = reach(values);
	if (PQstatus(conn) != CONNECTION_OK)
		err = refusal(url, values, conn, reterr_);
	else
		err = check_server(url, conn, reterr_);
	if (!err) {
		PQsetNoticeProcessor(conn, on_notice, NULL);
		err = set_up(conn, read_only);
	}
	if (err)
		PQfinish(conn);
	else
		*ret_conn = conn;
	return err;
}
