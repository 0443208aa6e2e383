/* A request as bytes. What is accepted and written down again reads the same; a chunked body gives the same
 * bytes whole and one by one. */
#include "net/http_parse.h"

#include <assert.h>
#include <string.h>

static void print_again(const struct http_head *h, struct buf *out)
{
	buf_printf(out, "%s ", http_method_name(h->method));
	buf_adds(out, h->path);
	if (h->query.n) {
		buf_addc(out, '?');
		buf_adds(out, h->query);
	}
	buf_addz(out, h->is_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
	for (size_t i = 0; i < h->n_headers; i++) {
		buf_adds(out, h->headers[i].name);
		buf_addz(out, ":");
		buf_adds(out, h->headers[i].value);
		buf_addz(out, "\r\n");
	}
	buf_addz(out, "\r\n");
}

static void check_head(struct str head)
{
	struct http_head h, again;
	struct buf out;
	int status = http_parse_head(head, &h);
	assert(status == 0 || (status >= 400 && status < 600));
	if (status)
		return;
	buf_init(&out, 65536);
	print_again(&h, &out);
	assert(!http_parse_head(buf_str(&out), &again));
	assert(str_eq(h.path, again.path) && str_eq(h.query, again.query));
	assert(h.n_headers == again.n_headers && h.length == again.length && h.chunked == again.chunked);
	assert(!(h.chunked && h.length));
	buf_done(&out);
}

static int unchunk(struct str in, size_t step, struct buf *out)
{
	struct http_chunks chunks = { .at = HTTP_CHUNK_SIZE };
	size_t used = 0, seen = 0;
	for (;;) {
		struct str data;
		size_t n;
		int e = http_chunk_step(&chunks, str_sub(in, used, seen), &n, &data);
		if (!e && chunks.at == HTTP_CHUNK_DONE)
			return 0;
		if (e == -E_AGAIN && seen == in.n)
			return e;
		if (e && e != -E_AGAIN)
			return e;
		if (e)
			seen = seen + step < in.n ? seen + step : in.n;
		else
			buf_adds(out, data);
		used += e ? 0 : n;
	}
}

static void check_chunks(struct str body)
{
	struct buf whole, single;
	buf_init(&whole, 1 << 20);
	buf_init(&single, 1 << 20);
	int a = unchunk(body, body.n + 1, &whole);
	int b = unchunk(body, 1, &single);
	assert(a == b);
	if (!a)
		assert(str_eq(buf_str(&whole), buf_str(&single)));
	buf_done(&whole);
	buf_done(&single);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str in = { (const char *)bytes, n };
	size_t scanned = 0;
	size_t head = http_head_size(in, &scanned);
	if (head)
		check_head(str_sub(in, 0, head));
	check_chunks(str_sub(in, head, in.n));
	return 0;
}
