/* Error codes and their meanings. The table lives in the header as an X-macro; here it becomes rows. */
#include "base/err.h"

#include "base/mem.h"

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

static const struct {
	int sys_errno;
	int err;
} errno_rows[] = {
	{ 0, 0 },
	{ EAGAIN, -E_AGAIN },
	{ EINTR, -E_AGAIN },
	{ ENOMEM, -E_NOMEM },
	{ ENOBUFS, -E_NOMEM },
	{ ENOENT, -E_NOT_FOUND },
	{ EEXIST, -E_EXISTS },
	{ EADDRINUSE, -E_EXISTS },
	{ EACCES, -E_FORBIDDEN },
	{ EPERM, -E_FORBIDDEN },
	{ ENOSPC, -E_FULL },
	{ EDQUOT, -E_FULL },
	{ ETIMEDOUT, -E_TIMEOUT },
	{ ECONNREFUSED, -E_UNREACHABLE },
	{ EHOSTUNREACH, -E_UNREACHABLE },
	{ ENETUNREACH, -E_UNREACHABLE },
	{ ECONNRESET, -E_CLOSED },
	{ EPIPE, -E_CLOSED },
};

int err_from_errno(int sys_errno)
{
	for (size_t i = 0; i < ARRAY_LEN(errno_rows); i++)
		if (errno_rows[i].sys_errno == sys_errno)
			return errno_rows[i].err;
	return -E_IO;
}
