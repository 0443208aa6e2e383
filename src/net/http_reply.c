/* Answers. They are built where the handler runs and sent by the loop: on another thread the finished request
 * is posted. An answer of known length goes out in one call, a file in pieces as the queue empties, a
 * streamed one in chunks whose writer is made to wait. */
#include "net/http_int.h"

#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_HIGH_BYTES ((size_t)256 * 1024)
#define FILE_PART_BYTES 32768

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 100, "Continue" },
	{ 101, "Switching Protocols" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 422, "Unprocessable Content" },
	{ 426, "Upgrade Required" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 499, "Client Closed Request" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
	{ 507, "Insufficient Storage" },
};

const char *http_reason(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Status";
}

static struct request *request_from(struct http_req *req)
{
	return CONTAINER_OF(req, struct request, pub);
}

/* Runs fn(r) on the loop: now when this is its thread. */
static void on_loop(struct request *r, loop_fn fn)
{
	if (loop_is_mine(r->loop))
		fn(r);
	else
		loop_post(r->loop, fn, r);
}

/* The head of an answer */

static const char *date_now(struct http_server *server)
{
	int64_t now_s = clock_wall_ms() / 1000;
	time_t t = (time_t)now_s;
	struct tm tm;
	if (server->date_s != now_s) {
		gmtime_r(&t, &tm);
		strftime(server->date, sizeof(server->date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
		server->date_s = now_s;
	}
	return server->date;
}

enum framing { BY_LENGTH, BY_CHUNKS, BY_CLOSING, NO_BODY };

static void print_framing(char *dst, size_t size, enum framing framing, uint64_t length)
{
	dst[0] = '\0';
	if (framing == BY_LENGTH)
		snprintf(dst, size, "Content-Length: %llu\r\n", (unsigned long long)length);
	else if (framing == BY_CHUNKS)
		snprintf(dst, size, "Transfer-Encoding: chunked\r\n");
}

static int send_head(struct request *r, enum framing framing, struct str body, uint64_t length)
{
	struct http_conn *conn = r->conn;
	char first[384], size[64];
	bool unread = r->in_head && (r->chunked || r->length);
	conn->close_after |= !r->keep_alive || unread || framing == BY_CLOSING;
	print_framing(size, sizeof(size), framing, length);
	snprintf(first, sizeof(first),
		"HTTP/1.1 %d %s\r\nDate: %s\r\n%s%sX-Content-Type-Options: nosniff\r\n", r->status,
		http_reason(r->status), date_now(conn->server), size,
		conn->close_after   ? "Connection: close\r\n"
			: r->is_1_0 ? "Connection: keep-alive\r\n"
				    : "");
	conn->server->stats.requests[r->status / 100 % 6]++;
	const struct str parts[] = { str_from(first), buf_str(&r->lines), STR("\r\n"),
		r->pub.method == HTTP_HEAD ? STR("") : body };
	return stream_sendv(conn->stream, parts, 4);
}

/* Leaves the connection, which may get another request from now on. */
static void part_from(struct request *r)
{
	struct http_conn *conn = r->conn;
	if (!conn)
		return;
	conn->req = NULL;
	r->conn = NULL;
	if (r->handed)
		conn->server->stats.in_flight--;
}

static void pump_file(struct http_conn *conn)
{
	char part[FILE_PART_BYTES];
	while (conn->file_left && stream_queued(conn->stream) < QUEUE_HIGH_BYTES) {
		size_t want = conn->file_left < sizeof(part) ? (size_t)conn->file_left : sizeof(part);
		ssize_t n = pread(conn->file, part, want, (off_t)conn->file_at);
		if (n <= 0 || stream_send(conn->stream, (struct str){ part, (size_t)n })) {
			conn->file_left = 0;
			stream_abort(conn->stream, -E_IO); /* shorter than it was */
			return;
		}
		conn->file_at += (uint64_t)n;
		conn->file_left -= (uint64_t)n;
	}
}

/* The next request waits while much of this answer does, or a peer that asks and never reads would fill us.
 */
static void finish_sending(struct http_conn *conn)
{
	if (conn->file_left)
		pump_file(conn);
	conn->sending = conn->file_left || stream_queued(conn->stream) > QUEUE_HIGH_BYTES;
	if (conn->sending)
		return;
	if (conn->file >= 0)
		close(conn->file);
	conn->file = -1;
	http_conn_next(conn);
}

static void send_now(struct request *r)
{
	struct http_conn *conn = r->conn;
	if (!conn) {
		http_request_free(r);
		return;
	}
	struct str body = r->keep.p ? r->keep : buf_str(&r->pub.out);
	bool none = r->status == 204 || r->status == 304 || r->status < 200;
	bool failed = buf_err(&r->pub.out) || buf_err(&r->lines);
	if (failed) {
		stream_abort(conn->stream, -E_LIMIT);
	} else {
		send_head(r, none ? NO_BODY : BY_LENGTH, none ? STR("") : body,
			r->file >= 0 ? r->file_left : body.n);
		if (r->file >= 0 && r->pub.method != HTTP_HEAD && !none) {
			conn->file = r->file;
			conn->file_at = r->file_at;
			conn->file_left = r->file_left;
			r->file = -1;
		}
	}
	part_from(r);
	http_request_free(r);
	finish_sending(conn);
}

/* Body and type of an application/problem+json (RFC 9457). */
/* The machine's word of a refusal that has no other: "content_too_large". */
static void code_of_reason(char *dst, size_t size, const char *reason)
{
	size_t i = 0;
	for (; reason[i] && i + 1 < size; i++)
		dst[i] = (char)(isalnum((unsigned char)reason[i]) ? tolower((unsigned char)reason[i]) : '_');
	dst[i] = '\0';
}

static void add_problem(struct request *r, int status, const char *code, const struct fault *fault)
{
	char own[48];
	json_t *problem = json_object();
	js_set_str(problem, "type", "about:blank");
	js_set_int(problem, "status", status);
	js_set_str(problem, "title", http_reason(status));
	code_of_reason(own, sizeof(own), http_reason(status));
	js_set_str(problem, "code", code ? code : own);
	if (fault) {
		json_t *one = json_object(), *all = json_array();
		js_set_str(problem, "detail", fault->text);
		js_set_str(one, "field", fault->field);
		js_set_str(one, "code", fault->code);
		js_set_str(one, "message", fault->text);
		json_array_append_new(all, one);
		json_object_set_new(problem, "errors", all);
	}
	char *text = js_print(problem);
	json_decref(problem);
	buf_reset(&r->pub.out);
	buf_addz(&r->pub.out, text);
	http_set(&r->pub, "Content-Type", "application/problem+json");
	free(text);
}

static void send_answer(void *arg)
{
	send_now(arg);
}

void http_refuse(struct http_conn *conn, int status)
{
	if (!conn->req) {
		conn->req = http_request_new(conn->server->loop);
		conn->req->conn = conn;
	}
	struct request *r = conn->req;
	conn->phase = HTTP_BUSY;
	r->status = status;
	r->keep_alive = false;
	if (conn->server->opts.refused)
		conn->server->opts.refused(conn->server->opts.arg, stream_peer(conn->stream), status);
	add_problem(r, status, NULL, NULL);
	send_now(r);
}

/* What handlers call */

void http_set(struct http_req *req, const char *name, const char *fmt, ...)
{
	struct request *r = request_from(req);
	char *value = NULL;
	va_list args;
	va_start(args, fmt);
	int n = vasprintf(&value, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	for (char *p = value; *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = ' ';
	buf_printf(&r->lines, "%s: %s\r\n", name, value);
	free(value);
}

void http_reply(struct http_req *req, int status)
{
	struct request *r = request_from(req);
	r->status = status;
	on_loop(r, send_answer);
}

void http_reply_text(struct http_req *req, int status, const char *type, struct str body)
{
	buf_reset(&req->out);
	buf_adds(&req->out, body);
	if (type)
		http_set(req, "Content-Type", "%s", type);
	http_reply(req, status);
}

void http_reply_fault(struct http_req *req, int err, const struct fault *fault)
{
	int status = err_http(err);
	if (status == 503)
		http_set(req, "Retry-After", "1");
	add_problem(request_from(req), status, err_name(err), fault);
	http_reply(req, status);
}

/* Parts and changes */

static struct str opaque(struct str etag)
{
	etag = str_trim(etag);
	return str_starts(etag, STR("W/")) ? str_sub(etag, 2, etag.n) : etag;
}

static bool any_etag(struct str list, const char *etag)
{
	while (list.n) {
		struct str one = opaque(str_cut(&list, ','));
		if (str_eqz(one, "*") || str_eq(one, opaque(str_from(etag))))
			return true;
	}
	return false;
}

struct range {
	uint64_t from, size;
};

static bool read_bound(struct str digits, bool *ret_there, uint64_t *ret_value)
{
	digits = str_trim(digits);
	*ret_there = digits.n > 0;
	*ret_value = 0;
	return !digits.n || !str_to_u64(digits, INT64_MAX - 1, ret_value);
}

/* What the bounds of "bytes=from-to" mean, both inclusive: 200 when they mean nothing (several ranges, too).
 */
static int read_bounds(struct str first, struct str last, uint64_t total, struct range *ret_range)
{
	bool has_from, has_to;
	uint64_t from, to;
	if (!read_bound(first, &has_from, &from) || !read_bound(last, &has_to, &to))
		return 200;
	if (!has_from && !has_to)
		return 200;
	if (!has_from) { /* the last `to` bytes */
		from = to < total ? total - to : 0;
		*ret_range = (struct range){ from, to ? total - from : 0 };
		return 206;
	}
	if (has_to && to < from)
		return 200;
	uint64_t end = has_to && to < total ? to + 1 : total;
	*ret_range = (struct range){ from, from < end ? end - from : 0 };
	return 206;
}

/* One range of `total` bytes: 200 when there is none that counts, 206, 416. */
static int parse_range(struct str value, uint64_t total, struct range *ret_range)
{
	struct str last = str_sub(value, 6, value.n);
	if (!str_casestarts(value, STR("bytes=")) || str_find(last, '-') == last.n)
		return 200;
	struct str first = str_cut(&last, '-');
	int status = read_bounds(first, last, total, ret_range);
	return status == 206 && !ret_range->size ? 416 : status;
}

static int choose_part(const struct http_req *req, const struct http_content *c, struct range *range)
{
	uint64_t total = c->bytes.p ? c->bytes.n : c->size;
	struct str value = http_header(req, "Range");
	struct str condition = http_header(req, "If-Range");
	*range = (struct range){ 0, total };
	if (c->etag && any_etag(http_header(req, "If-None-Match"), c->etag))
		return 304;
	if (req->method != HTTP_GET || !value.p)
		return 200;
	if (condition.p && !(c->etag && str_eqz(str_trim(condition), c->etag)))
		return 200; /* a weak or another tag: the whole */
	return parse_range(value, total, range);
}

void http_reply_content(struct http_req *req, const struct http_content *c)
{
	struct request *r = request_from(req);
	struct range range;
	unsigned long long total = c->bytes.p ? c->bytes.n : c->size;
	int status = choose_part(req, c, &range);
	r->file = c->bytes.p ? -1 : c->fd;
	if (c->etag)
		http_set(req, "ETag", "%s", c->etag);
	if (c->cache)
		http_set(req, "Cache-Control", "%s", c->cache);
	http_set(req, "Accept-Ranges", "bytes");
	if (status == 416) {
		http_set(req, "Content-Range", "bytes */%llu", total);
		range.size = 0;
	} else if (status != 304) {
		http_set(req, "Content-Type", "%s", c->type);
	}
	if (status == 206)
		http_set(req, "Content-Range", "bytes %llu-%llu/%llu", (unsigned long long)range.from,
			(unsigned long long)(range.from + range.size - 1), total);
	r->file_at = range.from;
	r->file_left = range.size;
	struct str part = str_sub(c->bytes, (size_t)range.from, (size_t)(range.from + range.size));
	if (c->bytes.p && c->keep)
		r->keep = part;
	else if (c->bytes.p)
		buf_adds(&req->out, part);
	http_reply(req, status);
}

/* Streamed answers */

struct part {
	struct request *r;
	size_t n;
	char bytes[];
};

static bool is_chunked_answer(const struct request *r)
{
	return !r->is_1_0 && !r->sized;
}

static enum framing stream_framing(const struct request *r)
{
	if (r->sized)
		return BY_LENGTH;
	return is_chunked_answer(r) ? BY_CHUNKS : BY_CLOSING;
}

static void begin_on_loop(void *arg)
{
	struct request *r = arg;
	if (r->conn)
		send_head(r, stream_framing(r), STR(""), r->left);
}

void http_begin(struct http_req *req, int status)
{
	struct request *r = request_from(req);
	r->status = status;
	on_loop(r, begin_on_loop);
}

void http_begin_sized(struct http_req *req, int status, uint64_t size)
{
	struct request *r = request_from(req);
	r->sized = true;
	r->left = size;
	http_begin(req, status);
}

void http_flow_release(struct request *r, size_t n)
{
	struct http_flow *flow = &r->flow;
	pthread_mutex_lock(&flow->lock);
	flow->pending -= n < flow->pending ? n : flow->pending;
	pthread_cond_signal(&flow->less);
	pthread_mutex_unlock(&flow->lock);
}

static int send_part(struct request *r, struct str bytes)
{
	char size[24];
	if (!r->conn)
		return -E_CLOSED;
	if (!bytes.n || r->pub.method == HTTP_HEAD)
		return 0;
	if (r->sized) {
		if (bytes.n > r->left)
			return -E_LIMIT;
		r->left -= bytes.n;
	}
	if (!is_chunked_answer(r))
		return stream_send(r->conn->stream, bytes);
	snprintf(size, sizeof(size), "%zx\r\n", bytes.n);
	const struct str parts[] = { str_from(size), bytes, STR("\r\n") };
	return stream_sendv(r->conn->stream, parts, 3);
}

static void part_on_loop(void *arg)
{
	struct part *part = arg;
	struct request *r = part->r;
	int e = send_part(r, (struct str){ part->bytes, part->n });
	if (!e && stream_queued(r->conn->stream) > QUEUE_HIGH_BYTES / 2)
		r->conn->owed += part->n;
	else
		http_flow_release(r, part->n);
	free(part);
}

/* Waits until less is on the way; false when there is nobody to send to. */
static bool claim(struct request *r, size_t n)
{
	struct http_flow *flow = &r->flow;
	pthread_mutex_lock(&flow->lock);
	while (flow->pending > QUEUE_HIGH_BYTES && !atomic_load(&r->dead))
		pthread_cond_wait(&flow->less, &flow->lock);
	bool alive = !atomic_load(&r->dead);
	flow->pending += alive ? n : 0;
	pthread_mutex_unlock(&flow->lock);
	return alive;
}

int http_write(struct http_req *req, struct str bytes)
{
	struct request *r = request_from(req);
	if (loop_is_mine(r->loop)) {
		if (r->conn && stream_queued(r->conn->stream) > QUEUE_HIGH_BYTES)
			return -E_AGAIN;
		return send_part(r, bytes);
	}
	if (!claim(r, bytes.n))
		return -E_CLOSED;
	struct part *part = mem_alloc(sizeof(*part) + bytes.n);
	part->r = r;
	part->n = bytes.n;
	if (bytes.n)
		memcpy(part->bytes, bytes.p, bytes.n);
	loop_post(r->loop, part_on_loop, part);
	return 0;
}

static void end_on_loop(void *arg)
{
	struct request *r = arg;
	struct http_conn *conn = r->conn;
	bool short_of = r->sized && r->left && r->pub.method != HTTP_HEAD;
	if (conn && is_chunked_answer(r) && r->pub.method != HTTP_HEAD)
		stream_send(conn->stream, STR("0\r\n\r\n"));
	if (conn && short_of)
		stream_abort(conn->stream, -E_IO);
	part_from(r);
	http_request_free(r);
	if (conn)
		finish_sending(conn);
}

void http_end(struct http_req *req)
{
	on_loop(request_from(req), end_on_loop);
}

static void cut_on_loop(void *arg)
{
	struct request *r = arg;
	if (r->conn)
		stream_abort(r->conn->stream, -E_CANCELLED);
	part_from(r);
	http_request_free(r);
}

void http_cut(struct http_req *req)
{
	on_loop(request_from(req), cut_on_loop);
}

void http_conn_drained(struct http_conn *conn)
{
	size_t owed = conn->owed;
	conn->owed = 0;
	if (owed && conn->req)
		http_flow_release(conn->req, owed);
	if (conn->sending)
		finish_sending(conn);
}
