/* The server and its connections. A connection keeps no buffer: the header is parsed where the socket was
 * read and copied once, into the request. While a request is with its handler further bytes stay unread in
 * the stream, and beyond a few kilobytes in the socket. */
#include "net/http_int.h"

#include "base/clock.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_KEEP_BYTES ((size_t)16 * 1024)
#define STREAM_IN_BYTES ((size_t)128 * 1024)
#define STREAM_OUT_BYTES                                                                                     \
	((size_t)256 * 1024 * 1024) /* never reached: the next request waits much earlier                    \
				     */
#define BODY_MEMORY_BYTES ((size_t)64 * 1024)
#define BODY_BYTES ((uint64_t)1024 * 1024)
#define BODY_RATE_MIN 500 /* bytes a second: less is a slow attack */

static void set_timer(struct http_conn *conn, int64_t ms)
{
	timer_start_in(loop_timers(conn->server->loop), &conn->timer, ms * CLOCK_MS_US);
}

static void stop_timer(struct http_conn *conn)
{
	timer_stop(loop_timers(conn->server->loop), &conn->timer);
}

/* The request goes on without its connection; who has it finds out by http_is_gone(). */
static void leave_request(struct http_conn *conn)
{
	struct request *r = conn->req;
	conn->req = NULL;
	if (!r)
		return;
	atomic_store(&r->gone, true);
	atomic_store(&r->dead, true);
	r->conn = NULL;
	if (r->handed) {
		conn->server->stats.in_flight--;
		http_flow_release(r, SIZE_MAX);
	} else {
		http_request_free(r);
	}
}

static void conn_free(struct http_conn *conn)
{
	stop_timer(conn);
	leave_request(conn);
	if (conn->file >= 0)
		close(conn->file);
	LIST_REMOVE(conn, next);
	conn->server->stats.connections--;
	obj_unref(conn->stream);
	free(conn);
}

static void conn_closed(void *arg, int err)
{
	(void)err;
	conn_free(arg);
}

static void timed_out(void *arg)
{
	struct http_conn *conn = arg;
	struct http_server *server = conn->server;
	if (conn->phase == HTTP_BODY) {
		uint64_t got = conn->req->pub.body_size;
		uint64_t least = (uint64_t)server->opts.body_ms * BODY_RATE_MIN / 1000;
		bool slow = got - conn->body_mark < least;
		conn->body_mark = got;
		if (!slow)
			set_timer(conn, server->opts.body_ms);
		else
			http_refuse(conn, 408);
	} else if (conn->phase == HTTP_HEADER && conn->scanned) {
		http_refuse(conn, 408);
	} else {
		stream_close(conn->stream);
	}
}

static bool name_allowed(const char *names, struct str host)
{
	struct str rest = str_from(names);
	bool bracketed = host.n && host.p[0] == '[';
	size_t n = bracketed ? str_find(host, ']') + 1 : str_find(host, ':');
	while (rest.n)
		if (str_caseeq(str_cut(&rest, ' '), str_sub(host, 0, n)))
			return true;
	return false;
}

static struct str moved(struct str s, const char *from, const char *to)
{
	return s.p ? (struct str){ to + (s.p - from), s.n } : s;
}

/* A request of its own: one copy of the bytes, and every view moved over to it. */
static struct request *request_of(struct http_conn *conn, const struct http_head *head, struct str bytes)
{
	struct request *r = http_request_new(conn->server->loop);
	const char *from = bytes.p;
	const char *to = r->head = mem_dup(bytes.p, bytes.n);
	r->headers = mem_array(head->n_headers ? head->n_headers : 1, sizeof(*r->headers));
	for (size_t i = 0; i < head->n_headers; i++) {
		r->headers[i].name = moved(head->headers[i].name, from, to);
		r->headers[i].value = moved(head->headers[i].value, from, to);
	}
	bool rooted = head->path.p >= from && head->path.p < from + bytes.n;
	r->pub.method = head->method;
	r->pub.path = rooted ? moved(head->path, from, to) : head->path;
	r->pub.query = head->query.n ? moved(head->query, from, to) : STR("");
	r->pub.host = moved(head->host, from, to);
	r->pub.headers = r->headers;
	r->pub.n_headers = head->n_headers;
	r->pub.peer = *stream_peer(conn->stream);
	r->pub.is_tls = stream_is_tls(conn->stream);
	r->pub.body_memory_max = BODY_MEMORY_BYTES;
	r->pub.body_max = BODY_BYTES;
	r->chunked = head->chunked;
	r->length = head->length;
	r->is_1_0 = head->is_1_0;
	r->keep_alive = head->keep_alive;
	r->expects = head->expects;
	r->conn = conn;
	return r;
}

static bool has_body(const struct request *r)
{
	return r->chunked || r->length;
}

static void hand_over(struct http_conn *conn)
{
	struct http_server *server = conn->server;
	stop_timer(conn);
	conn->phase = HTTP_BUSY;
	int status = http_body_end(conn->req);
	if (status) {
		http_refuse(conn, status);
		return;
	}
	conn->req->handed = true;
	server->stats.in_flight++;
	server->opts.handler(server->opts.arg, &conn->req->pub);
}

static void begin_body(struct http_conn *conn)
{
	static const struct str go_on = STR("HTTP/1.1 100 Continue\r\n\r\n");
	struct request *r = conn->req;
	conn->phase = HTTP_BODY;
	conn->body_mark = 0;
	if (r->length > r->pub.body_max) {
		http_refuse(conn, 413);
		return;
	}
	if (r->expects)
		stream_send(conn->stream, go_on);
	set_timer(conn, conn->server->opts.body_ms);
}

static void begin_request(struct http_conn *conn, const struct http_head *head, struct str bytes)
{
	struct http_server *server = conn->server;
	struct request *r = conn->req = request_of(conn, head, bytes);
	if (server->opts.head) {
		stop_timer(conn);
		conn->phase = HTTP_BUSY;
		r->handed = r->in_head = true;
		server->stats.in_flight++;
		server->opts.head(server->opts.arg, &r->pub);
		if (conn->req != r)
			return; /* answered, or taken for a WebSocket */
		server->stats.in_flight--;
		r->handed = r->in_head = false;
	}
	if (has_body(r))
		begin_body(conn);
	else
		hand_over(conn);
}

static size_t take_header(struct http_conn *conn, struct str in)
{
	struct http_head head;
	bool is_first_look = !conn->scanned;
	if (is_first_look && str_starts(in, STR("\r\n")))
		return 2; /* some clients end a body with one too many */
	size_t n = http_head_size(in, &conn->scanned);
	if (!n && in.n > HTTP_HEAD_MAX_BYTES)
		http_refuse(conn, 431);
	else if (!n && is_first_look)
		set_timer(conn, conn->server->opts.header_ms);
	if (!n)
		return 0;
	int status = http_parse_head(str_sub(in, 0, n), &head);
	const char *names = conn->server->server_names;
	if (!status && names && !name_allowed(names, head.host))
		status = 421;
	if (status)
		http_refuse(conn, status);
	else
		begin_request(conn, &head, str_sub(in, 0, n));
	return n;
}

static size_t take_plain_body(struct http_conn *conn, struct str in)
{
	struct request *r = conn->req;
	uint64_t left = r->length - r->pub.body_size;
	struct str part = str_sub(in, 0, left < in.n ? (size_t)left : in.n);
	int status = http_body_add(r, part, conn->server->temp_dir);
	if (status)
		http_refuse(conn, status);
	else if (r->pub.body_size == r->length)
		hand_over(conn);
	return part.n;
}

static size_t take_chunked_body(struct http_conn *conn, struct str in)
{
	struct request *r = conn->req;
	struct str part;
	size_t used;
	int e = http_chunk_step(&r->chunks, in, &used, &part);
	if (e == -E_AGAIN)
		return 0;
	int status = e ? 400 : http_body_add(r, part, conn->server->temp_dir);
	if (status)
		http_refuse(conn, status);
	else if (r->chunks.at == HTTP_CHUNK_DONE)
		hand_over(conn);
	return used;
}

static size_t take(struct http_conn *conn, struct str in)
{
	switch (conn->phase) {
	case HTTP_HEADER:
		return take_header(conn, in);
	case HTTP_BODY:
		return conn->req->chunked ? take_chunked_body(conn, in) : take_plain_body(conn, in);
	case HTTP_BUSY:
		if (in.n > BUSY_KEEP_BYTES)
			stream_pause(conn->stream);
		return 0;
	case HTTP_LAST:
		break;
	}
	return in.n;
}

static size_t conn_data(void *arg, struct str bytes)
{
	struct http_conn *conn = arg;
	size_t used = 0, n;
	assert(!conn->reading);
	conn->reading = true;
	do {
		n = take(conn, str_sub(bytes, used, bytes.n));
		used += n;
	} while (n && used < bytes.n && !conn->detached);
	conn->reading = false;
	if (conn->detached)
		conn_free(conn);
	return used;
}

/* The client sends no more. It may still read, so what it asked is answered, then the end. */
static void conn_ended(void *arg)
{
	struct http_conn *conn = arg;
	if (conn->phase != HTTP_BUSY) {
		stream_close(conn->stream);
		return;
	}
	conn->close_after = true;
	if (conn->req)
		atomic_store(&conn->req->gone, true);
}

static void conn_drained(void *arg)
{
	http_conn_drained(arg);
}

static const struct stream_handlers conn_handlers = {
	.data = conn_data,
	.closed = conn_closed,
	.drained = conn_drained,
	.ended = conn_ended,
};

void http_conn_next(struct http_conn *conn)
{
	if (conn->close_after) {
		conn->phase = HTTP_LAST;
		stop_timer(conn);
		stream_close(conn->stream);
		return;
	}
	conn->phase = HTTP_HEADER;
	conn->scanned = 0;
	set_timer(conn, conn->server->opts.keep_alive_ms);
	stream_resume(conn->stream);
}

struct stream *http_take_stream(struct http_req *req)
{
	struct request *r = CONTAINER_OF(req, struct request, pub);
	struct http_conn *conn = r->conn;
	if (!conn)
		return NULL;
	struct stream *s = obj_ref(conn->stream);
	conn->server->stats.in_flight--;
	conn->server->stats.requests[1]++;
	conn->req = NULL;
	conn->detached = true;
	r->conn = NULL;
	if (!conn->reading)
		conn_free(conn);
	return s;
}

static void accepted(void *arg, struct stream *s)
{
	struct http_server *server = arg;
	struct http_conn *conn = mem_alloc(sizeof(*conn));
	conn->server = server;
	conn->stream = s;
	conn->file = -1;
	timer_init(&conn->timer, timed_out, conn);
	LIST_INSERT_HEAD(&server->conns, conn, next);
	server->stats.connections++;
	stream_set_handlers(s, &conn_handlers, conn);
	set_timer(conn, server->opts.header_ms);
}

static void set_default(int64_t *value, int64_t def)
{
	*value = *value ? *value : def;
}

int http_listen(struct loop *loop, const struct addr *local, const struct http_opts *opts,
	struct http_server **ret_server)
{
	struct http_server *server = mem_alloc(sizeof(*server));
	server->loop = loop;
	server->opts = *opts;
	set_default(&server->opts.header_ms, 10000);
	set_default(&server->opts.body_ms, 30000);
	set_default(&server->opts.keep_alive_ms, 60000);
	server->opts.stream.in_max = STREAM_IN_BYTES;
	server->opts.stream.out_max = STREAM_OUT_BYTES;
	LIST_INIT(&server->conns);
	int e = listener_open(loop, local, &server->opts.stream, accepted, server, &server->listener);
	if (e) {
		free(server);
		return e;
	}
	server->server_names = mem_strdup(opts->server_names);
	server->temp_dir = mem_strdup(opts->temp_dir ? opts->temp_dir : "/tmp");
	*ret_server = server;
	return 0;
}

void *http_close(struct http_server *server)
{
	if (!server)
		return NULL;
	listener_close(server->listener);
	while (!LIST_EMPTY(&server->conns)) {
		struct http_conn *conn = LIST_FIRST(&server->conns);
		stream_drop(obj_ref(conn->stream));
		conn_free(conn);
	}
	free(server->server_names);
	free(server->temp_dir);
	free(server);
	return NULL;
}

const struct addr *http_local(const struct http_server *server)
{
	return listener_local(server->listener);
}

void http_stats(const struct http_server *server, struct http_stats *ret_stats)
{
	*ret_stats = server->stats;
	ret_stats->refused = listener_refused(server->listener);
}
