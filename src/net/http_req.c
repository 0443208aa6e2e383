/* What handlers ask of a request. */
#include "net/http_int.h"

#include "base/mem.h"

#include <string.h>

struct str http_header(const struct http_req *req, const char *name)
{
	for (size_t i = 0; i < req->n_headers; i++)
		if (str_caseeqz(req->headers[i].name, name))
			return req->headers[i].value;
	return STR_NONE;
}

struct str http_cookie(const struct http_req *req, const char *name)
{
	for (size_t i = 0; i < req->n_headers; i++) {
		if (!str_caseeqz(req->headers[i].name, "Cookie"))
			continue;
		struct str rest = req->headers[i].value;
		while (rest.n) {
			struct str value = str_trim(str_cut(&rest, ';'));
			if (str_eqz(str_cut(&value, '='), name))
				return value;
		}
	}
	return STR_NONE;
}

static int unescape(struct str s, bool plus_is_space, char *dst, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (n + 1 >= size)
			return -E_LIMIT;
		if (c == '%' && (i + 2 >= s.n || str_unhex(str_sub(s, i + 1, i + 3), &c, 1)))
			return -E_SYNTAX;
		if (s.p[i] == '%')
			i += 2;
		else if (c == '+' && plus_is_space)
			c = ' ';
		if (!c)
			return -E_SYNTAX;
		dst[n++] = c;
	}
	if (!size)
		return -E_LIMIT;
	dst[n] = '\0';
	return str_is_utf8((struct str){ dst, n }) ? 0 : -E_SYNTAX;
}

int http_unescape(struct str s, char *dst, size_t size)
{
	return unescape(s, false, dst, size);
}

int http_query(const struct http_req *req, const char *name, char *dst, size_t size)
{
	struct str rest = req->query;
	while (rest.n) {
		struct str value = str_cut(&rest, '&');
		struct str key = str_cut(&value, '=');
		char word[64];
		if (!unescape(key, true, word, sizeof(word)) && !strcmp(word, name))
			return unescape(value, true, dst, size);
	}
	return -E_NOT_FOUND;
}

bool http_is_gone(const struct http_req *req)
{
	const struct request *r = CONTAINER_OF(req, const struct request, pub);
	return atomic_load_explicit(&r->gone, memory_order_relaxed);
}
