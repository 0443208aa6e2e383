/* The server as a client sees it: answers of every form, bodies, limits, times, and clients that misbehave.
 */
#include "net_fix.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/http.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct site {
	struct loop *loop;
	struct http_server *server;
	struct http_opts opts;
	struct fix_peer client;
	struct http_req *late; /* the request of /late */
	struct tls *server_tls, *client_tls;
	uint64_t file_size;
	int n_handled;
};

static const char digits[] = "0123456789";

static void reply_file(struct site *site, struct http_req *req)
{
	(void)site;
	char path[] = "/tmp/lx-http-XXXXXX";
	int fd = mkstemp(path);
	unlink(path);
	assert_int_equal(write(fd, digits, 10), 10);
	http_reply_content(req, &(struct http_content){ .type = "text/plain", .fd = fd, .size = 10 });
}

static void reply_big(struct site *site, struct http_req *req)
{
	(void)site;
	for (int i = 0; i < 300000; i++)
		buf_adds(&req->out, STR(digits));
	http_reply(req, 200);
}

static void reply_big_file(struct site *site, struct http_req *req)
{
	char path[] = "/tmp/lx-http-XXXXXX";
	int fd = mkstemp(path);
	(void)site;
	unlink(path);
	for (int i = 0; i < 3000; i++) {
		char line[1001];
		snprintf(line, sizeof(line), "%01000d", i);
		assert_int_equal(write(fd, line, 1000), 1000);
	}
	http_reply_content(req, &(struct http_content){ .type = "text/plain", .fd = fd, .size = 3000000 });
}

static void reply_stream(struct site *site, struct http_req *req)
{
	(void)site;
	http_set(req, "Content-Type", "text/csv");
	http_begin(req, 200);
	assert_int_equal(http_write(req, STR("first,")), 0);
	assert_int_equal(http_write(req, STR("")), 0);
	assert_int_equal(http_write(req, STR("second")), 0);
	http_end(req);
}

static void reply_sized(struct site *site, struct http_req *req)
{
	(void)site;
	http_begin_sized(req, 200, 12);
	assert_int_equal(http_write(req, STR("first,")), 0);
	if (!str_eqz(req->query, "short"))
		assert_int_equal(http_write(req, STR("second")), 0);
	http_end(req);
}

static void reply_content(struct site *site, struct http_req *req)
{
	(void)site;
	http_reply_content(req,
		&(struct http_content){
			.type = "audio/wav", .etag = "\"v1\"", .cache = "no-cache", .bytes = STR(digits) });
}

static void reply_echo(struct site *site, struct http_req *req)
{
	char part[4096];
	ssize_t n;
	site->file_size = req->body_fd >= 0 ? req->body_size : 0;
	if (req->body_fd < 0)
		buf_adds(&req->out, req->body);
	else
		while ((n = read(req->body_fd, part, sizeof(part))) > 0)
			buf_add(&req->out, part, (size_t)n);
	assert_int_equal(req->out.n, req->body_size);
	http_reply(req, 200);
}

static void keep_late(struct site *site, struct http_req *req)
{
	site->late = req;
}

static void reply_nothing(struct site *site, struct http_req *req)
{
	(void)site;
	http_reply_text(req, 204, NULL, STR_NONE);
}

static void reply_hello(struct site *site, struct http_req *req)
{
	(void)site;
	http_set(req, "X-Evil", "a\r\nSet-Cookie: b");
	http_reply_text(req, 200, "text/plain", STR("hello"));
}

static const struct {
	const char *path;
	void (*reply)(struct site *site, struct http_req *req);
} routes[] = {
	{ "/late", keep_late },
	{ "/echo", reply_echo },
	{ "/file", reply_file },
	{ "/big", reply_big },
	{ "/bigfile", reply_big_file },
	{ "/stream", reply_stream },
	{ "/sized", reply_sized },
	{ "/content", reply_content },
	{ "/nothing", reply_nothing },
	{ "/hello", reply_hello },
};

static void handle(void *arg, struct http_req *req)
{
	struct site *site = arg;
	site->n_handled++;
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (str_eqz(req->path, routes[i].path)) {
			routes[i].reply(site, req);
			return;
		}
	}
	http_reply_fault(req, -E_NOT_FOUND, NULL);
}

static void judge_head(void *arg, struct http_req *req)
{
	(void)arg;
	if (str_eqz(req->path, "/denied"))
		http_reply_fault(req, -E_FORBIDDEN, NULL);
	else if (str_eqz(req->path, "/echo"))
		req->body_max = 300000;
}

static void site_init(struct site *site)
{
	struct addr any = fix_addr("127.0.0.1:0");
	struct http_opts given = site->opts;
	struct tls *server_tls = site->server_tls, *client_tls = site->client_tls;
	*site = (struct site){
		.loop = loop_new(), .opts = given, .server_tls = server_tls, .client_tls = client_tls
	};
	site->opts.stream.tls = server_tls;
	site->opts.handler = handle;
	site->opts.arg = site;
	site->opts.head = judge_head;
	assert_int_equal(http_listen(site->loop, &any, &site->opts, &site->server), 0);
}

static void client_open(struct site *site)
{
	const struct stream_opts opts = { .tls = site->client_tls };
	fix_peer_done(&site->client);
	site->client = (struct fix_peer){ 0 };
	assert_int_equal(stream_connect(site->loop, http_local(site->server), &opts, &fix_peer_handlers,
				 &site->client, &site->client.s),
		0);
	buf_init(&site->client.got, 64 * 1024 * 1024);
}

static void site_done(struct site *site)
{
	struct http_stats stats;
	fix_peer_done(&site->client);
	http_stats(site->server, &stats);
	assert_int_equal(stats.in_flight, 0);
	site->server = http_close(site->server);
	loop_free(site->loop);
}

static bool got(const struct site *site, const char *text)
{
	return site->client.got.n && strstr(site->client.got.p, text);
}

/* Sends the request on a connection of its own and returns the whole answer up to the end of the connection.
 */
static const char *ask(struct site *site, struct str request)
{
	client_open(site);
	assert_int_equal(stream_send(site->client.s, request), 0);
	RUN_UNTIL(site->loop, site->client.n_closed);
	return site->client.got.n ? site->client.got.p : "";
}

static void expect(struct site *site, const char *request, const char *first, const char *contains)
{
	const char *answer = ask(site, str_from(request));
	if (strncmp(answer, first, strlen(first)) || !strstr(answer, contains))
		fail_msg("for %s\n%s\ninstead of %s … %s", request, answer, first, contains);
}

#define CLOSE " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"

static void answers_have_their_form(void **state)
{
	static const struct {
		const char *request, *first, *contains;
	} cases[] = {
		{ "GET /hello" CLOSE "\r\n", "HTTP/1.1 200 OK\r\nDate: ", "Content-Length: 5\r\n" },
		{ "GET /hello" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\nhello" },
		{ "GET /hello" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "X-Evil: a  Set-Cookie: b\r\n" },
		{ "HEAD /hello" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n" },
		{ "GET /hello HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Connection: close\r\n" },
		{ "GET /no" CLOSE "\r\n", "HTTP/1.1 404 Not Found\r\n", "\"code\":\"not_found\"" },
		{ "GET /nothing" CLOSE "\r\n", "HTTP/1.1 204 No Content\r\n", "Connection: close\r\n" },
		{ "GET /stream" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n" },
		{ "GET /stream" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n",
			"\r\n\r\n6\r\nfirst,\r\n6\r\nsecond\r\n0\r\n\r\n" },
		{ "GET /stream HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\nfirst,second" },
		{ "GET /sized" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 12\r\n" },
		{ "GET /sized" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\nfirst,second" },
		{ "GET /file" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\n0123456789" },
		{ "GET /file" CLOSE "Range: bytes=3-\r\n\r\n", "HTTP/1.1 206 Partial Content\r\n",
			"\r\n\r\n3456789" },
		{ "POST /echo" CLOSE "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 200 OK\r\n", "\r\n\r\nabc" },
		{ "\r\nGET /hello" CLOSE "\r\n", "HTTP/1.1 200 OK\r\n", "hello" },
		{ "POST /echo" CLOSE "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\n", "\r\n\r\nabc" },
		{ "POST /echo" CLOSE "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
			"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", "\r\n\r\nab" },
		{ "POST /denied" CLOSE "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
			"HTTP/1.1 403 Forbidden\r\n", "Connection: close\r\n" },
	};
	struct site site = { .opts = { .server_names = NULL } };
	(void)state;
	site_init(&site);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&site, cases[i].request, cases[i].first, cases[i].contains);
	const char *answer = ask(&site, STR("HEAD /hello" CLOSE "\r\n"));
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	answer = ask(&site, STR("GET /nothing" CLOSE "\r\n"));
	assert_null(strstr(answer, "\r\nContent-"));
	ask(&site,
		STR("GET /sized?short HTTP/1.1\r\nHost: a\r\n\r\n")); /* cut, though it could be kept alive */
	assert_false(got(&site, "second"));
	site_done(&site);
}

static void parts_and_conditions(void **state)
{
	static const struct {
		const char *headers;
		int status;
		const char *contains;
	} cases[] = {
		{ "", 200, "Accept-Ranges: bytes\r\n" },
		{ "Range: bytes=0-0\r\n", 206, "Content-Range: bytes 0-0/10\r\n" },
		{ "Range: bytes=2-4\r\n", 206, "\r\n\r\n234" },
		{ "Range: bytes=7-\r\n", 206, "\r\n\r\n789" },
		{ "Range: bytes=-2\r\n", 206, "\r\n\r\n89" },
		{ "Range: bytes=-99\r\n", 206, "Content-Range: bytes 0-9/10\r\n" },
		{ "Range: bytes=5-99\r\n", 206, "Content-Range: bytes 5-9/10\r\n" },
		{ "Range: bytes=10-\r\n", 416, "Content-Range: bytes */10\r\n" },
		{ "Range: bytes=-0\r\n", 416, "Content-Length: 0\r\n" },
		{ "Range: bytes=0-1,3-4\r\n", 200, "\r\n\r\n0123456789" },
		{ "Range: bytes=4-2\r\n", 200, "\r\n\r\n0123456789" },
		{ "Range: bytes=\r\n", 200, "\r\n\r\n0123456789" },
		{ "Range: bytes=5\r\n", 200, "\r\n\r\n0123456789" },
		{ "Range: bytes=a-b\r\n", 200, "\r\n\r\n0123456789" },
		{ "Range: lines=1-2\r\n", 200, "\r\n\r\n0123456789" },
		{ "Range: bytes=1-1\r\nIf-Range: \"v1\"\r\n", 206, "\r\n\r\n1" },
		{ "Range: bytes=1-1\r\nIf-Range: \"v0\"\r\n", 200, "\r\n\r\n0123456789" },
		{ "Range: bytes=1-1\r\nIf-Range: W/\"v1\"\r\n", 200, "\r\n\r\n0123456789" },
		{ "If-None-Match: \"v1\"\r\n", 304, "ETag: \"v1\"\r\n" },
		{ "If-None-Match: \"v0\", W/\"v1\"\r\n", 304, "Cache-Control: no-cache\r\n" },
		{ "If-None-Match: *\r\n", 304, "" },
		{ "If-None-Match: \"v2\"\r\n", 200, "\r\n\r\n0123456789" },
	};
	struct site site = { .n_handled = 0 };
	(void)state;
	site_init(&site);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char request[300], first[32];
		snprintf(request, sizeof(request), "GET /content" CLOSE "%s\r\n", cases[i].headers);
		snprintf(first, sizeof(first), "HTTP/1.1 %d ", cases[i].status);
		expect(&site, request, first, cases[i].contains);
		if (cases[i].status == 304)
			assert_string_equal(strstr(site.client.got.p, "\r\n\r\n"), "\r\n\r\n");
	}
	site_done(&site);
}

static void wrong_requests_are_refused_and_cut(void **state)
{
	static const struct {
		const char *request, *first;
	} cases[] = {
		{ "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 " },
		{ "BREW / HTTP/1.1\r\nHost: a\r\n\r\nGET /hello" CLOSE "\r\n", "HTTP/1.1 501 " },
		{ "GET / HTTP/3.0\r\n\r\n", "HTTP/1.1 505 " },
		{ "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 300001\r\n\r\nabc", "HTTP/1.1 413 " },
		{ "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\nabc", "HTTP/1.1 413 " },
		{ "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
			"HTTP/1.1 400 " },
		{ "POST /denied HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", "HTTP/1.1 403 " },
	};
	struct site site = { .n_handled = 0 };
	(void)state;
	site_init(&site);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&site, cases[i].request, cases[i].first, "Connection: close\r\n");
	assert_int_equal(site.n_handled, 0);
	char *huge = mem_alloc(40000);
	memset(huge, 'a', 40000);
	memcpy(huge, "GET /", 5);
	const char *answer = ask(&site, (struct str){ huge, 40000 });
	assert_memory_equal(answer, "HTTP/1.1 431 ", 13);
	free(huge);
	site_done(&site);
}

static void names_are_checked(void **state)
{
	struct site site = { .opts = { .server_names = "desk.test [::1] 127.0.0.1" } };
	(void)state;
	site_init(&site);
	expect(&site, "GET /hello HTTP/1.1\r\nHost: evil.test\r\n\r\n", "HTTP/1.1 421 ", "");
	expect(&site, "GET /hello HTTP/1.1\r\nHost: desk.test.evil\r\n\r\n", "HTTP/1.1 421 ", "");
	expect(&site, "GET /hello HTTP/1.1\r\nConnection: close\r\nHost: DESK.test:99\r\n\r\n",
		"HTTP/1.1 200 ", "");
	expect(&site, "GET /hello HTTP/1.1\r\nConnection: close\r\nHost: [::1]:8080\r\n\r\n", "HTTP/1.1 200 ",
		"");
	site_done(&site);
}

static void requests_are_read_at_every_split(void **state)
{
	static const struct str requests[] = {
		STR("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nplain"),
		STR("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
		    "chunked\r\n\r\n3\r\npla\r\n2\r\nin\r\n0\r\n\r\n"),
	};
	struct site site = { .n_handled = 0 };
	(void)state;
	site_init(&site);
	client_open(&site);
	RUN_UNTIL(site.loop, site.client.connected);
	for (size_t r = 0; r < 2; r++) {
		for (size_t i = 1; i < requests[r].n; i++) {
			buf_reset(&site.client.got);
			assert_int_equal(stream_send(site.client.s, str_sub(requests[r], 0, i)), 0);
			for (int turn = 0; turn < 3; turn++)
				loop_run_nowait(site.loop);
			assert_int_equal(site.client.got.n, 0);
			assert_int_equal(
				stream_send(site.client.s, str_sub(requests[r], i, requests[r].n)), 0);
			RUN_UNTIL(site.loop, got(&site, "\r\n\r\nplain"));
		}
	}
	site_done(&site);
}

static void pipelined_requests_wait_their_turn(void **state)
{
	struct site site = { .n_handled = 0 };
	(void)state;
	site_init(&site);
	client_open(&site);
	assert_int_equal(stream_send(site.client.s,
				 STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
				     "GET /late HTTP/1.1\r\nHost: a\r\n\r\n"
				     "GET /content HTTP/1.1\r\nHost: a\r\n\r\n")),
		0);
	RUN_UNTIL(site.loop, got(&site, "hello") && site.late);
	fix_run_for(site.loop, 5);
	assert_int_equal(site.n_handled, 2);
	assert_false(got(&site, digits));
	http_reply_text(site.late, 200, "text/plain", STR("at last"));
	RUN_UNTIL(site.loop, got(&site, digits));
	assert_true(strstr(site.client.got.p, "at last") < strstr(site.client.got.p, digits));
	site_done(&site);
}

/* A client that sends without end while its request is being worked on is made to wait by the socket. */
static void a_flood_behind_a_request_is_held_back(void **state)
{
	struct site site = { .n_handled = 0 };
	static char flood[8000000];
	(void)state;
	site_init(&site);
	client_open(&site);
	assert_int_equal(stream_send(site.client.s, STR("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")), 0);
	RUN_UNTIL(site.loop, site.late);
	memset(flood, 'x', sizeof(flood));
	assert_int_equal(stream_send(site.client.s, (struct str){ flood, sizeof(flood) }), 0);
	fix_run_for(site.loop, 20);
	assert_int_equal(site.client.n_closed, 0);
	assert_true(stream_queued(site.client.s) > 0);
	http_reply(site.late, 200);
	RUN_UNTIL(site.loop, site.client.n_closed);
	assert_true(got(&site, "HTTP/1.1 200 "));
	site_done(&site);
}

static void large_bodies_go_to_a_file(void **state)
{
	struct site site = { .n_handled = 0 };
	struct buf b;
	(void)state;
	site_init(&site);
	for (int chunked = 0; chunked < 2; chunked++) {
		buf_init(&b, 400000);
		buf_addz(&b, "POST /echo" CLOSE);
		buf_addz(&b,
			chunked ? "Transfer-Encoding: chunked\r\n\r\n30D40\r\n"
				: "Content-Length: 200000\r\n\r\n");
		for (int i = 0; i < 20000; i++)
			buf_addz(&b, digits);
		buf_addz(&b, chunked ? "\r\n0\r\n\r\n" : "");
		const char *answer = ask(&site, buf_str(&b));
		assert_int_equal(site.file_size, 200000);
		const char *body = strstr(answer, "\r\n\r\n") + 4;
		assert_int_equal(strlen(body), 200000);
		assert_memory_equal(body + 199990, digits, 10);
		buf_done(&b);
	}
	buf_init(&b, 400000);
	buf_addz(&b, "POST /echo" CLOSE "Transfer-Encoding: chunked\r\n\r\n49400\r\n");
	for (int i = 0; i < 30010; i++)
		buf_addz(&b, digits);
	assert_memory_equal(ask(&site, buf_str(&b)), "HTTP/1.1 413 ", 13);
	assert_true(got(&site, "\"code\":\"content_too_large\""));
	buf_done(&b);
	site_done(&site);
}

static void ask_for_large_answers(struct site *site)
{
	site_init(site);
	const char *answer = ask(site, STR("GET /big" CLOSE "\r\n"));
	assert_int_equal(strlen(strstr(answer, "\r\n\r\n") + 4), 3000000);
	answer = ask(site, STR("GET /bigfile" CLOSE "\r\n"));
	const char *body = strstr(answer, "\r\n\r\n") + 4;
	assert_int_equal(strlen(body), 3000000);
	assert_memory_equal(body + 2999990, "0000002999", 10);
	answer = ask(site, STR("GET /bigfile" CLOSE "Range: bytes=1999-2000999\r\n\r\n"));
	body = strstr(answer, "\r\n\r\n") + 4;
	assert_int_equal(strlen(body), 1999001);
	assert_memory_equal(body, "100000", 6);
	site_done(site);
}

static void large_answers_arrive_whole(void **state)
{
	struct site site = { .n_handled = 0 };
	char dir[64], cert[96], key[96];
	(void)state;
	ask_for_large_answers(&site);
	fix_dir(dir, sizeof(dir));
	snprintf(cert, sizeof(cert), "%s/cert.pem", dir);
	snprintf(key, sizeof(key), "%s/key.pem", dir);
	fix_cert(cert, key, "desk.test");
	memset(&site, 0, sizeof(site));
	assert_int_equal(tls_server_new(cert, key, &site.server_tls, NULL), 0);
	assert_int_equal(tls_client_new(NULL, &site.client_tls, NULL), 0);
	ask_for_large_answers(&site);
	tls_free(site.server_tls);
	tls_free(site.client_tls);
	fix_dir_remove(dir);
}

static void a_late_reply_to_nobody_is_dropped(void **state)
{
	struct site site = { .n_handled = 0 };
	(void)state;
	site_init(&site);
	client_open(&site);
	assert_int_equal(stream_send(site.client.s, STR("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")), 0);
	RUN_UNTIL(site.loop, site.late);
	assert_false(http_is_gone(site.late));
	stream_abort(site.client.s, -E_CANCELLED);
	RUN_UNTIL(site.loop, http_is_gone(site.late));
	http_reply_text(site.late, 200, "text/plain", STR("nobody reads this"));
	client_open(&site);
	site.late = NULL;
	assert_int_equal(stream_send(site.client.s, STR("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")), 0);
	RUN_UNTIL(site.loop, site.late);
	site.server = http_close(site.server);
	assert_true(http_is_gone(site.late));
	http_begin(site.late, 200);
	assert_int_equal(http_write(site.late, STR("x")), -E_CLOSED);
	http_end(site.late);
	fix_peer_done(&site.client);
	loop_free(site.loop);
}

static void a_client_that_ended_its_half_is_answered(void **state)
{
	struct site site = { .n_handled = 0 };
	(void)state;
	site_init(&site);
	client_open(&site);
	RUN_UNTIL(site.loop, site.client.connected);
	assert_int_equal(stream_send(site.client.s, STR("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")), 0);
	RUN_UNTIL(site.loop, site.late);
	stream_close(site.client.s);
	RUN_UNTIL(site.loop, http_is_gone(site.late));
	assert_int_equal(site.client.n_closed, 0);
	http_reply(site.late, 200);
	RUN_UNTIL(site.loop, site.client.n_closed);
	assert_int_equal(site.client.err, 0);
	site_done(&site);
}

static void slow_clients_are_cut(void **state)
{
	struct site site = { .opts = { .header_ms = 60, .body_ms = 60, .keep_alive_ms = 40 } };
	static const char trickle[] = "GET /hello HTTP/1.1\r\nHost: a\r\n";
	(void)state;
	site_init(&site);
	client_open(&site);
	for (size_t i = 0; i < sizeof(trickle) && !site.client.n_closed; i++) {
		stream_send(site.client.s, (struct str){ trickle + i, 1 });
		fix_run_for(site.loop, 10);
	}
	RUN_UNTIL(site.loop, site.client.n_closed);
	assert_true(got(&site, "HTTP/1.1 408 "));
	assert_memory_equal(
		ask(&site, STR("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\nabc")),
		"HTTP/1.1 408 ", 13);
	assert_string_equal(ask(&site, STR("")), "");
	assert_memory_equal(ask(&site, STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")), "HTTP/1.1 200 ", 13);
	site_done(&site);
}

static void words_of_a_request_are_found(void **state)
{
	static const struct http_header headers[] = {
		{ STR("Cookie"), STR("a=1; session=xyz ;b=2") },
		{ STR("cookie"), STR("c=3") },
	};
	struct http_req req = { .query = STR("q=%E5%AE%BD+a&empty=&bad=%zz&nul=%00&limit=20&x%79=1&cut=%E5"),
		.headers = headers,
		.n_headers = 2 };
	char text[16];
	(void)state;
	assert_int_equal(http_query(&req, "q", text, sizeof(text)), 0);
	assert_string_equal(text, "\xe5\xae\xbd a");
	assert_int_equal(http_query(&req, "empty", text, sizeof(text)), 0);
	assert_string_equal(text, "");
	assert_int_equal(http_query(&req, "xy", text, sizeof(text)), 0);
	assert_int_equal(http_query(&req, "bad", text, sizeof(text)), -E_SYNTAX);
	assert_int_equal(http_query(&req, "nul", text, sizeof(text)), -E_SYNTAX);
	assert_int_equal(http_query(&req, "cut", text, sizeof(text)), -E_SYNTAX);
	assert_int_equal(http_query(&req, "none", text, sizeof(text)), -E_NOT_FOUND);
	assert_int_equal(http_query(&req, "limit", text, 2), -E_LIMIT);
	assert_true(str_eqz(http_cookie(&req, "session"), "xyz"));
	assert_true(str_eqz(http_cookie(&req, "c"), "3"));
	assert_null(http_cookie(&req, "d").p);
	assert_int_equal(http_unescape(STR("/a%2Fb+c"), text, sizeof(text)), 0);
	assert_string_equal(text, "/a/b+c");
}

static void requests_are_counted(void **state)
{
	struct site site = { .n_handled = 0 };
	struct http_stats stats;
	(void)state;
	site_init(&site);
	ask(&site, STR("GET /hello" CLOSE "\r\n"));
	ask(&site, STR("GET /no" CLOSE "\r\n"));
	ask(&site, STR("nonsense\r\n\r\n"));
	RUN_UNTIL(site.loop, (http_stats(site.server, &stats), stats.connections == 0));
	assert_int_equal(stats.requests[2], 1);
	assert_int_equal(stats.requests[4], 1);
	assert_int_equal(stats.requests[5], 1);
	site_done(&site);
}

static void nothing_is_left_behind(void **state)
{
	int before = fix_count_fds();
	for (int i = 0; i < 2; i++) {
		large_bodies_go_to_a_file(state);
		parts_and_conditions(state);
		a_late_reply_to_nobody_is_dropped(state);
	}
	assert_int_equal(fix_count_fds(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_have_their_form),
		cmocka_unit_test(parts_and_conditions),
		cmocka_unit_test(wrong_requests_are_refused_and_cut),
		cmocka_unit_test(names_are_checked),
		cmocka_unit_test(requests_are_read_at_every_split),
		cmocka_unit_test(pipelined_requests_wait_their_turn),
		cmocka_unit_test(a_flood_behind_a_request_is_held_back),
		cmocka_unit_test(large_bodies_go_to_a_file),
		cmocka_unit_test(large_answers_arrive_whole),
		cmocka_unit_test(a_late_reply_to_nobody_is_dropped),
		cmocka_unit_test(a_client_that_ended_its_half_is_answered),
		cmocka_unit_test(slow_clients_are_cut),
		cmocka_unit_test(words_of_a_request_are_found),
		cmocka_unit_test(requests_are_counted),
		cmocka_unit_test(nothing_is_left_behind),
	};
	return unit_run(tests);
}
