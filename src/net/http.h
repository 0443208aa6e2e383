#ifndef LX_NET_HTTP_H
#define LX_NET_HTTP_H

#include "base/buf.h"
#include "net/stream.h"

#include <stdatomic.h>

/* HTTP/1.1 server (RFC 9110, 9112), strict: what is malformed or ambiguous is refused and the connection
 * closed. One request of a connection is in flight; pipelined bytes wait. */
#define HTTP_METHOD_MAP(X) X(GET) X(HEAD) X(POST) X(PUT) X(PATCH) X(DELETE) X(OPTIONS)

enum http_method {
#define X(code) HTTP_##code,
	HTTP_METHOD_MAP(X)
#undef X
		HTTP_METHOD__MAX
};

const char *http_method_name(enum http_method method);

struct http_header {
	struct str name, value; /* value trimmed */
};

/* A request with its answer. It is handed to the server's handler on the loop and belongs to that until
 * exactly one of http_reply(), http_reply_text(), http_reply_fault(), http_reply_content(), http_end(),
 * http_cut() or ws_accept() takes it back: at once or later, on the loop or (all but ws_accept) on any other
 * thread. Whether the client is still there does not matter then. Text is not terminated. */
struct http_req {
	enum http_method method;
	struct str path;  /* as sent, begins with '/', no query */
	struct str query; /* after '?', may be empty */
	struct str host;
	const struct http_header *headers;
	size_t n_headers;
	struct str body; /* in memory, unless body_fd >= 0 */
	int body_fd;     /* unlinked file at offset 0 with body_size bytes; closed with the request */
	uint64_t body_size;
	struct addr peer;
	bool is_tls;
	void *user; /* the handler's own */

	/* May be changed in the `head` handler only. */
	size_t body_memory_max; /* longer bodies go to a file */
	uint64_t body_max;      /* longer ones are refused with 413 */

	struct buf out; /* body of the answer for http_reply(); at most 64 MB */
};

/* First header of that name, STR_NONE without; the second decodes one parameter of the query into dst
 * (-E_NOT_FOUND, -E_LIMIT, -E_SYNTAX for wrong %), the third finds a cookie. */
struct str http_header(const struct http_req *req, const char *name);
int http_query(const struct http_req *req, const char *name, char *dst, size_t size) MUST_CHECK;
struct str http_cookie(const struct http_req *req, const char *name);
/* Percent-decodes; -E_SYNTAX for wrong escapes, NUL and bad UTF-8. */
int http_unescape(struct str s, char *dst, size_t size) MUST_CHECK;

/* The client has gone: a long job may give up, and must still reply. Any thread. */
bool http_is_gone(const struct http_req *req);

/* Adds a header line to the answer; control characters in it are dropped. */
void http_set(struct http_req *req, const char *name, const char *fmt, ...) PRINTF(3, 4);

void http_reply(struct http_req *req, int status); /* with req->out as body */
/* The body is copied; type is NULL where there is none. */
void http_reply_text(struct http_req *req, int status, const char *type, struct str body);
/* What a status means in two or three words (RFC 9110); the title of a problem whose type is about:blank. */
const char *http_reason(int status);
/* application/problem+json (RFC 9457) with the status of err; fault may be NULL. */
void http_reply_fault(struct http_req *req, int err, const struct fault *fault);

/* Something that may be asked for in parts or only when changed: handles HEAD, If-None-Match, Range, If-Range
 * (200, 206, 304, 416). */
struct http_content {
	const char *type;
	const char *etag;  /* with its quotes; NULL: none */
	const char *cache; /* Cache-Control; NULL: none */
	struct str bytes;  /* copied, unless `keep` is set */
	bool keep;         /* bytes live for ever */
	int fd;            /* read instead of bytes when bytes.p is NULL; taken over */
	uint64_t size;     /* of the file */
};
void http_reply_content(struct http_req *req, const struct http_content *content);

/* An answer of unknown length: begin with headers set, write parts, end. On another thread than the loop's
 * http_write() waits while more than 256 kB are on the way; on the loop it returns -E_AGAIN then and takes
 * nothing. -E_CLOSED: the client has gone, still call http_end(). */
void http_begin(struct http_req *req, int status);
/* The same for exactly so many bytes; whoever ends it with fewer cuts the connection. */
void http_begin_sized(struct http_req *req, int status, uint64_t size);
int http_write(struct http_req *req, struct str part) MUST_CHECK;
void http_end(struct http_req *req);
void http_cut(
	struct http_req *req); /* instead of http_end(): the answer is not whole, the client shall notice */

/* Both run on the loop. */
typedef void (*http_fn)(void *arg, struct http_req *req);

struct http_opts {
	struct stream_opts stream; /* TLS, times, streams_max; the queues' limits are HTTP's own */
	http_fn handler;
	void *arg;
	/* Optional: the header is there, the body is not: sets the body limits of the route (64 kB in memory
	 * and 1 MB at most, otherwise), or replies at once; it keeps nothing. */
	void (*head)(void *arg, struct http_req *req);
	/* Optional: a request was refused that no handler has seen. */
	void (*refused)(void *arg, const struct addr *peer, int status);
	const char *server_names; /* optional: hosts allowed in Host, separated by spaces; others get 421 */
	const char *temp_dir;     /* for bodies in files; /tmp when NULL */
	int64_t header_ms;        /* for a whole header [10 s] */
	int64_t body_ms;          /* for a pause within a body [30 s] */
	int64_t keep_alive_ms;    /* between requests [60 s] */
};

struct http_server;

/* Errors of listener_open(). opts are copied. */
int http_listen(struct loop *loop, const struct addr *local, const struct http_opts *opts,
	struct http_server **ret_server) MUST_CHECK;
/* Stops listening and cuts all connections; requests in flight may still be replied to afterwards, as long as
 * the loop lives. Not from within a handler. NULL allowed; returns NULL. */
void *http_close(struct http_server *server);
const struct addr *http_local(const struct http_server *server);

/* Requests answered, by class of status: [1] is 1xx … [5]. */
struct http_stats {
	uint64_t requests[6];
	size_t connections, in_flight;
	uint64_t refused; /* connections closed because their address had too many */
};
void http_stats(const struct http_server *server, struct http_stats *ret_stats);

#endif
