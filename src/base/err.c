/* Error codes and their meanings. The table lives in the header as an X-macro; here it becomes rows. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

struct err_row {
	const char *name;
	const char *text;
	int http;
	int sip;
	int retryable;
};

static const struct err_row rows[] = {
#define X(code, name, http, sip, retry, text) [E_##code] = { name, text, http, sip, retry },
	ERR_MAP(X)
#undef X
};

static const struct err_row *row_of(int err)
{
	if (err < 0)
		err = -err;
	return &rows[err < E__MAX ? err : E_SYSTEM];
}

int fault_set(struct fault *fault, const char *code, const char *field, const char *fmt, ...)
{
	if (fault) {
		va_list args;
		snprintf(fault->code, sizeof(fault->code), "%s", code);
		snprintf(fault->field, sizeof(fault->field), "%s", field);
		va_start(args, fmt);
		vsnprintf(fault->text, sizeof(fault->text), fmt, args);
		va_end(args);
	}
	return -E_INVALID;
}

const char *err_name(int err)
{
	return row_of(err)->name;
}

const char *err_text(int err)
{
	return row_of(err)->text;
}

int err_http(int err)
{
	return row_of(err)->http;
}

int err_sip(int err)
{
	return row_of(err)->sip;
}

int err_retryable(int err)
{
	return row_of(err)->retryable;
}

int err_from_errno(int sys_errno)
{
	switch (sys_errno) {
	case 0:
		return 0;
	case EAGAIN:
	case EINTR:
		return -E_AGAIN;
	case ENOMEM:
	case ENOBUFS:
		return -E_NOMEM;
	case ENOENT:
		return -E_NOT_FOUND;
	case EEXIST:
	case EADDRINUSE:
		return -E_EXISTS;
	case EACCES:
	case EPERM:
		return -E_FORBIDDEN;
	case ENOSPC:
	case EDQUOT:
		return -E_FULL;
	case ETIMEDOUT:
		return -E_TIMEOUT;
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
		return -E_UNREACHABLE;
	case ECONNRESET:
	case EPIPE:
		return -E_CLOSED;
	default:
		return -E_IO;
	}
}
