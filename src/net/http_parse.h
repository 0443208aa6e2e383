#ifndef LX_NET_HTTP_PARSE_H
#define LX_NET_HTTP_PARSE_H

#include "net/http.h"

/* The bytes of HTTP/1.1 requests (RFC 9112), without memory of its own: views into what was given. */
#define HTTP_HEAD_MAX_BYTES 16384
#define HTTP_TARGET_MAX_BYTES 8192
#define HTTP_HEADERS_MAX 100

struct http_head {
	enum http_method method;
	struct str path, query, host;
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t n_headers;
	uint64_t length; /* Content-Length */
	bool chunked;
	bool is_1_0;
	bool keep_alive;
	bool expects; /* 100-continue */
};

/* Size of the header at the front of `in`, empty line included; 0 when its end has not come. *scanned is
 * where the last search ended: 0 at first. */
size_t http_head_size(struct str in, size_t *scanned);

/* A whole header. 0, or the status to refuse it with: 400, 414, 417, 431, 501, 505. */
int http_parse_head(struct str in, struct http_head *ret_head);

struct http_chunks {
	enum { HTTP_CHUNK_SIZE, HTTP_CHUNK_DATA, HTTP_CHUNK_TRAILER, HTTP_CHUNK_DONE } at;
	bool crlf_due; /* the end of the chunk before */
	uint64_t left; /* of this chunk */
	size_t trailer_bytes;
};

/* One step through a chunked body: *ret_used bytes of `in` are done with, *ret_data are those of them that
 * belong to the body. 0, -E_AGAIN when more must come, -E_SYNTAX. Go on until at == HTTP_CHUNK_DONE. */
int http_chunk_step(
	struct http_chunks *chunks, struct str in, size_t *ret_used, struct str *ret_data) MUST_CHECK;

/* Whether one of the comma-separated elements of a list is `token`, in any case. */
bool http_list_has(struct str list, const char *token);

#endif
