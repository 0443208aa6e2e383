#ifndef LX_BASE_ERR_H
#define LX_BASE_ERR_H

/* Every fallible function returns 0 or a negated enum err: `return -E_LIMIT;`. This table is the only place
 * where a domain error meets a protocol. Columns: code, API name, HTTP status, SIP status, retryable, text.
 */
#define ERR_MAP(X)                                                                                           \
	X(OK, "ok", 200, 200, 0, "success")                                                                  \
	X(AGAIN, "again", 503, 503, 1, "not now, try again")                                                 \
	X(NOMEM, "no_memory", 503, 503, 1, "out of memory")                                                  \
	X(LIMIT, "limit", 413, 513, 0, "larger than allowed")                                                \
	X(SYNTAX, "syntax", 400, 400, 0, "malformed")                                                        \
	X(INVALID, "invalid", 422, 400, 0, "not acceptable")                                                 \
	X(UNSUPPORTED, "unsupported", 415, 488, 0, "not supported")                                          \
	X(UNAUTHORIZED, "unauthorized", 401, 401, 0, "sign-in needed")                                       \
	X(FORBIDDEN, "forbidden", 403, 403, 0, "not allowed")                                                \
	X(NOT_FOUND, "not_found", 404, 404, 0, "not found")                                                  \
	X(EXISTS, "exists", 409, 482, 0, "exists already")                                                   \
	X(CONFLICT, "conflict", 412, 491, 1, "somebody else was first")                                      \
	X(STATE, "state", 409, 481, 0, "not possible in this state")                                         \
	X(BUSY, "busy", 503, 486, 1, "busy")                                                                 \
	X(TIMEOUT, "timeout", 504, 408, 1, "took too long")                                                  \
	X(CANCELLED, "cancelled", 499, 487, 0, "cancelled")                                                  \
	X(CLOSED, "closed", 503, 480, 1, "connection closed")                                                \
	X(UNREACHABLE, "unreachable", 502, 480, 1, "cannot be reached")                                      \
	X(AUTH, "auth", 403, 403, 0, "authentication failed")                                                \
	X(CORRUPT, "corrupt", 500, 500, 0, "stored data are damaged")                                        \
	X(FULL, "full", 507, 503, 1, "no space left")                                                        \
	X(AWAY, "database_away", 503, 503, 1, "the database cannot be reached")                              \
	X(UNSURE, "unsure", 504, 504, 0, "it is not known whether this was written")                         \
	X(IO, "io", 500, 500, 1, "input/output error")                                                       \
	X(SYSTEM, "system", 500, 500, 0, "internal error")

enum err {
#define X(code, name, http, sip, retry, text) E_##code,
	ERR_MAP(X)
#undef X
		E__MAX
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* What a user did wrong, for the person who must mend it. Filled through a last `reterr_` parameter. */
struct fault {
	char code[32];  /* machine word: required, too_long, unknown, … */
	char field[96]; /* path of the field, "" when it is the whole */
	char text[256]; /* English sentence */
};

/* Fills `fault` (may be NULL) and returns -E_INVALID, so that a check ends with `return fault_set(…)`. */
int fault_set(struct fault *fault, const char *code, const char *field, const char *fmt, ...) PRINTF(4, 5);

/* All of these accept 0, -E_X and E_X alike; an unknown code reads as E_SYSTEM. */
const char *err_name(int err);
const char *err_text(int err);
int err_http(int err);
int err_sip(int err);
int err_retryable(int err);

/* The -E_X that says best what an errno (positive) means. */
int err_from_errno(int sys_errno);

#endif
