/* Strict reading of requests. Everything that two programs could understand differently is refused, because a
 * proxy in front may be the other one: bare line feeds, folded lines, space before a colon, two lengths, a
 * length beside chunks, two hosts. */
#include "net/http_parse.h"

#include <string.h>

#define CHUNK_LINE_MAX_BYTES 256
#define TRAILER_MAX_BYTES 8192

/* 1: may stand in a token (RFC 9110 section 5.6.2). */
static const unsigned char token_chars[256] = {
	['!'] = 1,
	['#'] = 1,
	['$'] = 1,
	['%'] = 1,
	['&'] = 1,
	['\''] = 1,
	['*'] = 1,
	['+'] = 1,
	['-'] = 1,
	['.'] = 1,
	['^'] = 1,
	['_'] = 1,
	['`'] = 1,
	['|'] = 1,
	['~'] = 1,
	['0' ... '9'] = 1,
	['A' ... 'Z'] = 1,
	['a' ... 'z'] = 1,
};

static const char *const method_names[] = {
#define X(code) [HTTP_##code] = #code,
	HTTP_METHOD_MAP(X)
#undef X
};

const char *http_method_name(enum http_method method)
{
	return method_names[method];
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!token_chars[(unsigned char)s.p[i]])
			return false;
	return s.n > 0;
}

size_t http_head_size(struct str in, size_t *scanned)
{
	size_t from = *scanned > 3 ? *scanned - 3 : 0;
	const char *end = in.n > from ? memmem(in.p + from, in.n - from, "\r\n\r\n", 4) : NULL;
	*scanned = in.n;
	return end ? (size_t)(end - in.p) + 4 : 0;
}

/* A line without its CRLF; a CR or LF elsewhere is a fault. */
static int next_line(struct str *rest, struct str *ret_line)
{
	size_t n = str_find(*rest, '\n');
	if (n == rest->n || !n || rest->p[n - 1] != '\r')
		return -E_SYNTAX;
	*ret_line = str_sub(*rest, 0, n - 1);
	*rest = str_sub(*rest, n + 1, rest->n);
	return memchr(ret_line->p, '\r', ret_line->n) ? -E_SYNTAX : 0;
}

static bool is_host_char(char c)
{
	return token_chars[(unsigned char)c] && c != '`' && c != '^' && c != '|' && c != '#' && c != '%';
}

static bool is_port(struct str s)
{
	uint32_t port;
	return str_is_empty(s) || !str_to_u32(s, 65535, &port);
}

/* "desk.example", "10.0.0.1:8080", "[::1]:8080". */
static bool is_host(struct str s)
{
	struct str rest = s;
	if (s.n && s.p[0] == '[') {
		struct addr a;
		struct str inside = str_cut(&rest, ']');
		if (inside.n == s.n || addr_from_host(str_sub(inside, 1, inside.n), 0, &a) || !addr_is_v6(&a))
			return false;
		return str_is_empty(rest) || (rest.p[0] == ':' && is_port(str_sub(rest, 1, rest.n)));
	}
	struct str name = str_cut(&rest, ':');
	for (size_t i = 0; i < name.n; i++)
		if (!is_host_char(name.p[i]))
			return false;
	return name.n && is_port(rest);
}

static int parse_method(struct str word, enum http_method *ret_method)
{
	if (!is_token(word))
		return 400;
	for (size_t i = 0; i < HTTP_METHOD__MAX; i++) {
		if (str_eqz(word, method_names[i])) {
			*ret_method = (enum http_method)i;
			return 0;
		}
	}
	return 501;
}

/* Origin form, "*", or absolute form, whose authority then counts as Host (RFC 9112 section 3.2). */
static int parse_target(struct str target, struct http_head *head)
{
	if (target.n > HTTP_TARGET_MAX_BYTES)
		return 414;
	for (size_t i = 0; i < target.n; i++)
		if (target.p[i] <= ' ' || target.p[i] > '~' || target.p[i] == '#')
			return 400;
	bool absolute = str_casestarts(target, STR("http://")) || str_casestarts(target, STR("https://"));
	if (absolute) {
		size_t at = str_find(target, ':') + 3;
		size_t slash = at + str_find(str_sub(target, at, target.n), '/');
		head->host = str_sub(target, at, slash);
		target = slash < target.n ? str_sub(target, slash, target.n) : STR("/");
		if (!is_host(head->host))
			return 400;
	}
	bool star = str_eqz(target, "*") && head->method == HTTP_OPTIONS;
	if (!star && (!target.n || target.p[0] != '/'))
		return 400;
	head->query = target;
	head->path = str_cut(&head->query, '?');
	return 0;
}

static int parse_request_line(struct str line, struct http_head *head)
{
	struct str method = str_cut(&line, ' ');
	struct str target = str_cut(&line, ' ');
	int status = parse_method(method, &head->method);
	if (status)
		return status;
	if (!str_starts(line, STR("HTTP/")) || line.n != 8)
		return 400;
	head->is_1_0 = str_eqz(line, "HTTP/1.0");
	if (!head->is_1_0 && !str_eqz(line, "HTTP/1.1"))
		return 505;
	head->keep_alive = !head->is_1_0;
	return parse_target(target, head);
}

static int parse_header_line(struct str line, struct http_header *header)
{
	size_t colon = str_find(line, ':');
	if (colon == line.n)
		return 400;
	header->name = str_sub(line, 0, colon);
	header->value = str_trim(str_sub(line, colon + 1, line.n));
	if (!is_token(header->name)) /* a folded line begins with a space, which is none */
		return 400;
	for (size_t i = 0; i < header->value.n; i++) {
		unsigned char c = (unsigned char)header->value.p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return 400;
	}
	return 0;
}

bool http_list_has(struct str list, const char *token)
{
	while (list.n)
		if (str_caseeqz(str_trim(str_cut(&list, ',')), token))
			return true;
	return false;
}

static int take_host(struct http_head *head, struct str value)
{
	if (!is_host(value))
		return 400;
	if (str_is_empty(head->host))
		head->host = value;
	return 0;
}

static int take_length(struct http_head *head, struct str value)
{
	return str_to_u64(value, INT64_MAX, &head->length) ? 400 : 0;
}

static int take_coding(struct http_head *head, struct str value)
{
	if (head->is_1_0)
		return 400;
	head->chunked = true;
	return str_caseeqz(value, "chunked") ? 0 : 501;
}

static int take_expect(struct http_head *head, struct str value)
{
	head->expects = !head->is_1_0;
	return str_caseeqz(value, "100-continue") ? 0 : 417;
}

/* Headers that steer the connection; each may come once. */
static const struct {
	const char *name;
	int (*take)(struct http_head *head, struct str value);
} steering[] = {
	{ "Host", take_host },
	{ "Content-Length", take_length },
	{ "Transfer-Encoding", take_coding },
	{ "Expect", take_expect },
};
#define N_STEERING (sizeof(steering) / sizeof(steering[0]))

static int steer(struct http_head *head, const struct http_header *header, unsigned *seen)
{
	for (unsigned i = 0; i < N_STEERING; i++) {
		if (!str_caseeqz(header->name, steering[i].name))
			continue;
		if (*seen & 1u << i)
			return 400;
		*seen |= 1u << i;
		return steering[i].take(head, header->value);
	}
	if (str_caseeqz(header->name, "Connection")) {
		if (http_list_has(header->value, "close"))
			head->keep_alive = false;
		else if (head->is_1_0 && http_list_has(header->value, "keep-alive"))
			head->keep_alive = true;
	}
	return 0;
}

static int parse_headers(struct str rest, struct http_head *head)
{
	unsigned seen = 0;
	struct str line;
	for (;;) {
		if (next_line(&rest, &line))
			return 400;
		if (!line.n)
			break;
		if (head->n_headers == HTTP_HEADERS_MAX)
			return 431;
		struct http_header *header = &head->headers[head->n_headers++];
		int status = parse_header_line(line, header);
		if (!status)
			status = steer(head, header, &seen);
		if (status)
			return status;
	}
	bool has_host = seen & 1, has_length = seen & 2;
	return (!has_host && !head->is_1_0) || (has_length && head->chunked) ? 400 : 0;
}

int http_parse_head(struct str in, struct http_head *ret_head)
{
	struct str line;
	ret_head->host = ret_head->query = STR_NONE;
	ret_head->n_headers = 0;
	ret_head->length = 0;
	ret_head->chunked = ret_head->expects = false;
	if (in.n > HTTP_HEAD_MAX_BYTES)
		return 431;
	if (next_line(&in, &line))
		return 400;
	int status = parse_request_line(line, ret_head);
	return status ? status : parse_headers(in, ret_head);
}

/* Hexadecimal size, then possibly an extension, which nobody uses and we only step over. */
static int parse_chunk_size(struct str line, uint64_t *ret_size)
{
	struct str digits = str_cut(&line, ';');
	uint64_t size = 0;
	digits = str_trim(digits);
	if (!digits.n || digits.n > 15)
		return -E_SYNTAX;
	for (size_t i = 0; i < digits.n; i++) {
		char c = digits.p[i];
		if (c >= '0' && c <= '9')
			size = size << 4 | (uint64_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			size = size << 4 | (uint64_t)((c | 0x20) - 'a' + 10);
		else
			return -E_SYNTAX;
	}
	*ret_size = size;
	return 0;
}

/* The line at the front with its CRLF; -E_AGAIN while it may still come. */
static int chunk_line(struct str in, size_t max, struct str *ret_line, size_t *ret_used)
{
	size_t n = str_find(in, '\n');
	if (n > max)
		return -E_SYNTAX; /* whether its end has come or not: how it was split must not matter */
	if (n == in.n)
		return -E_AGAIN;
	struct str rest = in;
	*ret_used = n + 1;
	return next_line(&rest, ret_line);
}

static int step_size(struct http_chunks *chunks, struct str in, size_t *ret_used)
{
	struct str line = STR_NONE;
	size_t skip = chunks->crlf_due ? 2 : 0;
	if (in.n < skip)
		return in.n && in.p[0] != '\r' ? -E_SYNTAX : -E_AGAIN;
	if (skip && memcmp(in.p, "\r\n", 2))
		return -E_SYNTAX;
	int e = chunk_line(str_sub(in, skip, in.n), CHUNK_LINE_MAX_BYTES, &line, ret_used);
	if (e)
		return e;
	*ret_used += skip;
	e = parse_chunk_size(line, &chunks->left);
	chunks->crlf_due = true;
	chunks->at = chunks->left ? HTTP_CHUNK_DATA : HTTP_CHUNK_TRAILER;
	return e;
}

static int step_trailer(struct http_chunks *chunks, struct str in, size_t *ret_used)
{
	struct str line = STR_NONE;
	struct http_header header;
	int e = chunk_line(in, TRAILER_MAX_BYTES, &line, ret_used);
	if (e)
		return e;
	chunks->trailer_bytes += *ret_used;
	if (chunks->trailer_bytes > TRAILER_MAX_BYTES || (line.n && parse_header_line(line, &header)))
		return -E_SYNTAX;
	if (!line.n)
		chunks->at = HTTP_CHUNK_DONE;
	return 0;
}

int http_chunk_step(struct http_chunks *chunks, struct str in, size_t *ret_used, struct str *ret_data)
{
	*ret_used = 0;
	*ret_data = STR_NONE;
	switch (chunks->at) {
	case HTTP_CHUNK_SIZE:
		return step_size(chunks, in, ret_used);
	case HTTP_CHUNK_TRAILER:
		return step_trailer(chunks, in, ret_used);
	case HTTP_CHUNK_DATA:
		if (!in.n)
			return -E_AGAIN;
		*ret_used = in.n < chunks->left ? in.n : (size_t)chunks->left;
		*ret_data = str_sub(in, 0, *ret_used);
		chunks->left -= *ret_used;
		if (!chunks->left)
			chunks->at = HTTP_CHUNK_SIZE;
		return 0;
	case HTTP_CHUNK_DONE:
		break;
	}
	return 0;
}
