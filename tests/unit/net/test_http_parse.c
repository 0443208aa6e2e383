/* Requests as bytes: what is read from good ones, the status of bad ones, chunks split everywhere. */
#include "unit.h"
#include "net/http_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int parse(const char *text, struct http_head *head)
{
	size_t scanned = 0;
	struct str in = str_from(text);
	size_t n = http_head_size(in, &scanned);
	return n ? http_parse_head(str_sub(in, 0, n), head) : -1;
}

static void a_request_is_read(void **state)
{
	(void)state;
	struct http_head h;
	assert_int_equal(parse("PATCH /api/v1/queues/5?limit=3&q=a%20b HTTP/1.1\r\nHost: desk.test:8080\r\n"
			       "Content-Length: 42\r\nX-Empty:\r\nAccept:  text/html , */*\t\r\n\r\n",
				 &h),
		0);
	assert_int_equal(h.method, HTTP_PATCH);
	assert_true(str_eqz(h.path, "/api/v1/queues/5"));
	assert_true(str_eqz(h.query, "limit=3&q=a%20b"));
	assert_true(str_eqz(h.host, "desk.test:8080"));
	assert_int_equal(h.length, 42);
	assert_int_equal(h.n_headers, 4);
	assert_true(str_eqz(h.headers[3].value, "text/html , */*"));
	assert_true(str_eqz(h.headers[2].value, ""));
	assert_true(h.keep_alive && !h.chunked && !h.expects && !h.is_1_0);
}

static void forms_of_the_target(void **state)
{
	(void)state;
	struct http_head h;
	assert_int_equal(parse("GET http://other.test/a?b HTTP/1.1\r\nHost: x\r\n\r\n", &h), 0);
	assert_true(str_eqz(h.host, "other.test") && str_eqz(h.path, "/a") && str_eqz(h.query, "b"));
	assert_int_equal(parse("GET HTTPS://[::1]:44 HTTP/1.1\r\nHost: x\r\n\r\n", &h), 0);
	assert_true(str_eqz(h.host, "[::1]:44") && str_eqz(h.path, "/") && h.query.n == 0);
	assert_int_equal(parse("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", &h), 0);
	assert_true(str_eqz(h.path, "*"));
	assert_int_equal(parse("GET /? HTTP/1.1\r\nHost: x\r\n\r\n", &h), 0);
	assert_true(str_eqz(h.path, "/") && h.query.n == 0);
}

static void steering_headers(void **state)
{
	(void)state;
	struct http_head h;
	assert_int_equal(parse("GET / HTTP/1.0\r\n\r\n", &h), 0);
	assert_true(h.is_1_0 && !h.keep_alive);
	assert_int_equal(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", &h), 0);
	assert_true(h.keep_alive);
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", &h), 0);
	assert_false(h.keep_alive);
	assert_int_equal(parse("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nExpect: "
			       "100-Continue\r\n\r\n",
				 &h),
		0);
	assert_true(h.chunked && h.expects);
}

#define GET "GET / HTTP/1.1\r\nHost: a\r\n"

static const struct {
	const char *text;
	int status;
} bad_requests[] = {
	{ "\r\n\r\n", 400 },
	{ "GET\r\n\r\n", 400 },
	{ "GET /\r\n\r\n", 400 },
	{ "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400 },
	{ " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET / http/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400 },
	{ "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
	{ "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505 },
	{ "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
	{ "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
	{ "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
	{ "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET /\xe4\xbd\xa0 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET http://a b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\n\r\n", 400 },
	{ GET "Host: a\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: [1.2.3.4]\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
	{ GET "X\r\n\r\n", 400 },
	{ GET ": x\r\n\r\n", 400 },
	{ GET "A b: x\r\n\r\n", 400 },
	{ GET "X: a\r\n b\r\n\r\n", 400 },
	{ GET "X: a\r\n\tb: c\r\n\r\n", 400 },
	{ GET "X: a\nY: b\r\n\r\n", 400 },
	{ GET "X: a\rb\r\n\r\n", 400 },
	{ GET "X: a\x01\r\n\r\n", 400 },
	{ GET "Content-Length: -1\r\n\r\n", 400 },
	{ GET "Content-Length: +1\r\n\r\n", 400 },
	{ GET "Content-Length: 1 1\r\n\r\n", 400 },
	{ GET "Content-Length:\r\n\r\n", 400 },
	{ GET "Content-Length: 0x10\r\n\r\n", 400 },
	{ GET "Content-Length: 1, 1\r\n\r\n", 400 },
	{ GET "Content-Length: 99999999999999999999\r\n\r\n", 400 },
	{ GET "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400 },
	{ GET "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
	{ GET "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400 },
	{ GET "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
	{ GET "Transfer-Encoding: gzip, chunked\r\n\r\n", 501 },
	{ GET "Transfer-Encoding: xchunked\r\n\r\n", 501 },
	{ GET "Transfer-Encoding:\r\n\r\n", 501 },
	{ "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
	{ GET "Expect: more\r\n\r\n", 417 },
};

static void bad_requests_have_a_status(void **state)
{
	struct http_head h;
	(void)state;
	for (size_t i = 0; i < sizeof(bad_requests) / sizeof(bad_requests[0]); i++) {
		int status = parse(bad_requests[i].text, &h);
		if (status != bad_requests[i].status)
			fail_msg(
				"%d instead of %d: %s", status, bad_requests[i].status, bad_requests[i].text);
	}
	assert_int_equal(http_parse_head(STR("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"), &h), 400);
}

static char *repeat(const char *first, const char *part, size_t n, const char *last)
{
	struct buf b;
	buf_init(&b, 1000000);
	buf_addz(&b, first);
	for (size_t i = 0; i < n; i++)
		buf_addz(&b, part);
	buf_addz(&b, last);
	return buf_take(&b);
}

static void sizes_are_limited(void **state)
{
	(void)state;
	struct http_head h;
	char *text = repeat("GET /", "a", HTTP_TARGET_MAX_BYTES, " HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(parse(text, &h), 414);
	free(text);
	text = repeat(GET, "X: y\r\n", HTTP_HEADERS_MAX - 1, "\r\n");
	assert_int_equal(parse(text, &h), 0);
	free(text);
	text = repeat(GET, "X: y\r\n", HTTP_HEADERS_MAX, "\r\n");
	assert_int_equal(parse(text, &h), 431);
	free(text);
	text = repeat(GET "X: ", "y", HTTP_HEAD_MAX_BYTES, "\r\n\r\n");
	assert_int_equal(parse(text, &h), 431);
	free(text);
}

static void the_end_of_a_header_is_found_at_every_split(void **state)
{
	(void)state;
	struct str text = STR(GET "X: 1\r\n\r\nbody");
	for (size_t i = 0; i < text.n; i++) {
		size_t scanned = 0;
		size_t whole = text.n - 4;
		size_t n = http_head_size(str_sub(text, 0, i), &scanned);
		assert_int_equal(n, i >= whole ? whole : 0);
		if (!n)
			assert_int_equal(http_head_size(text, &scanned), whole);
	}
}

/* Feeds `in` in two pieces, keeping what was not used, as the connection does. */
static int unchunk(struct str in, size_t split, struct buf *out, size_t *ret_used)
{
	struct http_chunks chunks = { .at = HTTP_CHUNK_SIZE };
	size_t used = 0;
	for (int piece = 0; piece < 2; piece++) {
		size_t end = piece ? in.n : split;
		int e = 0;
		while (!e && chunks.at != HTTP_CHUNK_DONE) {
			struct str data;
			size_t n;
			e = http_chunk_step(&chunks, str_sub(in, used, end), &n, &data);
			if (e && e != -E_AGAIN)
				return e;
			if (!e)
				buf_adds(out, data);
			used += e ? 0 : n;
		}
	}
	*ret_used = used;
	return chunks.at == HTTP_CHUNK_DONE ? 0 : -E_AGAIN;
}

static void chunks_are_joined_at_every_split(void **state)
{
	(void)state;
	struct str in =
		STR("5\r\nhello\r\n1;ext=\"a\"\r\n \r\nA\r\n0123456789\r\n000\r\nX-Sum: 1\r\n\r\nnext");
	for (size_t i = 0; i <= in.n; i++) {
		struct buf out;
		size_t used;
		buf_init(&out, 1000);
		assert_int_equal(unchunk(in, i, &out, &used), 0);
		assert_true(str_eqz(buf_str(&out), "hello 0123456789"));
		assert_int_equal(used, in.n - 4);
		buf_done(&out);
	}
}

static void bad_chunks_are_refused(void **state)
{
	static const struct {
		const char *text;
		int e;
	} cases[] = {
		{ "x\r\n", -E_SYNTAX },
		{ "\r\n", -E_SYNTAX },
		{ "-1\r\n", -E_SYNTAX },
		{ "0x5\r\nhello\r\n", -E_SYNTAX },
		{ "5\nhello\r\n", -E_SYNTAX },
		{ "5\r\nhelloX", -E_SYNTAX },
		{ "5\r\nhello\n0\r\n\r\n", -E_SYNTAX },
		{ "5\r\nhello\r\n0\r\nbad trailer\r\n\r\n", -E_SYNTAX },
		{ "FFFFFFFFFFFFFFFF\r\n", -E_SYNTAX },
		{ "5 5\r\nhello", -E_SYNTAX },
		{ "5\r\nhel", -E_AGAIN },
		{ "5\r\nhello\r\n0\r\n", -E_AGAIN },
		{ "5", -E_AGAIN },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out;
		size_t used;
		struct str in = str_from(cases[i].text);
		buf_init(&out, 1000);
		int e = unchunk(in, in.n, &out, &used);
		if (e != cases[i].e)
			fail_msg("%d instead of %d: %s", e, cases[i].e, cases[i].text);
		buf_done(&out);
	}
}

static void endless_chunk_lines_are_refused(void **state)
{
	(void)state;
	struct buf out;
	size_t used;
	char *text = repeat("5;", "a", 1000, "");
	buf_init(&out, 1000);
	assert_int_equal(unchunk(str_from(text), 3, &out, &used), -E_SYNTAX);
	free(text);
	text = repeat("5;", "a", 1000, "\r\nhello\r\n0\r\n\r\n");
	assert_int_equal(unchunk(str_from(text), strlen(text), &out, &used), -E_SYNTAX);
	free(text);
	text = repeat("0\r\n", "X: yyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", 1000, "\r\n");
	assert_int_equal(unchunk(str_from(text), 3, &out, &used), -E_SYNTAX);
	free(text);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read),
		cmocka_unit_test(forms_of_the_target),
		cmocka_unit_test(steering_headers),
		cmocka_unit_test(bad_requests_have_a_status),
		cmocka_unit_test(sizes_are_limited),
		cmocka_unit_test(the_end_of_a_header_is_found_at_every_split),
		cmocka_unit_test(chunks_are_joined_at_every_split),
		cmocka_unit_test(bad_chunks_are_refused),
		cmocka_unit_test(endless_chunk_lines_are_refused),
	};
	return unit_run(tests);
}
