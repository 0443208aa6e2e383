/* URIs as views. Two things are not obvious: the user part may contain ';', '?' and '/', so the '@' is looked
 * for first; and in a comparison an escaped reserved character differs from the plain one, while any other
 * escape equals its character (RFC 3261 19.1.4). */
#include "sip/uri.h"

#include "base/mem.h"
#include "sip/lex.h"

#include <string.h>
#include <strings.h>

/* More parameters than this and the comparison (quadratic) asks for equal text. */
#define PARAMS_COMPARED 32

enum { END = -1 };

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return (c | 0x20) - 'a' + 10;
}

/* The longest run of these characters and of escapes. */
static struct str escaped_run(struct lex *x, unsigned classes)
{
	const char *from = x->p;
	for (;;) {
		lex_run(x, classes);
		if (x->end - x->p < 3 || *x->p != '%' || !lex_is(x->p[1], LEX_HEX) ||
			!lex_is(x->p[2], LEX_HEX))
			break;
		x->p += 3;
	}
	return (struct str){ from, (size_t)(x->p - from) };
}

static int parse_userinfo(struct lex *x, struct sip_uri *uri)
{
	const char *at = x->p < x->end ? memchr(x->p, '@', (size_t)(x->end - x->p)) : NULL;
	if (!at)
		return 0;
	struct lex in = { x->p, at };
	uri->user = escaped_run(&in, LEX_USER);
	if (!str_is_empty(uri->user) && in.p < in.end && *in.p == ':') {
		in.p++;
		uri->password = escaped_run(&in, LEX_USER);
	}
	x->p = in.p;
	if (in.p < in.end || str_is_empty(uri->user))
		return -E_SYNTAX;
	x->p = at + 1;
	return 0;
}

static int parse_uri_params(struct lex *x, struct str *ret_params)
{
	const char *from = x->p;
	while (x->p < x->end && *x->p == ';') {
		x->p++;
		if (str_is_empty(escaped_run(x, LEX_PARAM)))
			return -E_SYNTAX;
		if (x->p == x->end || *x->p != '=')
			continue;
		x->p++;
		if (str_is_empty(escaped_run(x, LEX_PARAM)))
			return -E_SYNTAX;
	}
	*ret_params = (struct str){ from, (size_t)(x->p - from) };
	return 0;
}

static int parse_uri_headers(struct lex *x, struct str *ret_headers)
{
	if (x->p == x->end || *x->p != '?')
		return 0;
	const char *from = ++x->p;
	for (;;) {
		if (str_is_empty(escaped_run(x, LEX_HEAD)) || x->p == x->end || *x->p != '=')
			return -E_SYNTAX;
		x->p++;
		escaped_run(x, LEX_HEAD);
		if (x->p == x->end || *x->p != '&')
			break;
		x->p++;
	}
	*ret_headers = (struct str){ from, (size_t)(x->p - from) };
	return 0;
}

static int parse_sip(struct lex *x, struct sip_uri *uri)
{
	int err = parse_userinfo(x, uri);
	const char *host = x->p;
	if (!err)
		err = lex_hostport(x, &uri->host, &uri->port);
	struct str written = { host, (size_t)(x->p - host) };
	if (!err && str_find(written, ' ') < written.n) {
		x->p = host + str_find(written, ' ');
		err = -E_SYNTAX;
	}
	if (!err)
		err = parse_uri_params(x, &uri->params);
	if (!err)
		err = parse_uri_headers(x, &uri->headers);
	return err;
}

static int parse_tel(struct lex *x, struct sip_uri *uri)
{
	const char *from = x->p;
	while (x->p < x->end && (lex_is(*x->p, LEX_HEX) || strchr("+-.()*#", *x->p)) && *x->p)
		x->p++;
	uri->user = (struct str){ from, (size_t)(x->p - from) };
	return str_is_empty(uri->user) ? -E_SYNTAX : parse_uri_params(x, &uri->params);
}

/* Any other scheme: visible characters that a URI may have. */
static int parse_other(struct lex *x)
{
	const char *from = x->p;
	while (x->p<x->end && * x->p> ' ' && *x->p != 0x7f && !strchr("<>\"\\^`{|}", *x->p))
		x->p++;
	return x->p > from ? 0 : -E_SYNTAX;
}

static bool is_alpha(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static int parse_scheme(struct lex *x, struct sip_uri *uri)
{
	const char *from = x->p;
	if (x->p == x->end || !is_alpha(*x->p))
		return -E_SYNTAX;
	while (x->p < x->end && (is_alpha(*x->p) || lex_is(*x->p, LEX_DIGIT) || strchr("+-.", *x->p)) &&
		*x->p)
		x->p++;
	uri->scheme_name = (struct str){ from, (size_t)(x->p - from) };
	if (x->p == x->end || *x->p != ':')
		return -E_SYNTAX;
	x->p++;
	uri->scheme = SIP_SCHEME_OTHER;
	if (str_caseeqz(uri->scheme_name, "sip"))
		uri->scheme = SIP_SCHEME_SIP;
	else if (str_caseeqz(uri->scheme_name, "sips"))
		uri->scheme = SIP_SCHEME_SIPS;
	else if (str_caseeqz(uri->scheme_name, "tel"))
		uri->scheme = SIP_SCHEME_TEL;
	return 0;
}

int sip_uri_parse(struct str s, struct sip_uri *ret_uri, size_t *ret_at)
{
	struct lex x = lex_of(s);
	struct sip_uri uri = { .raw = s };
	int err = parse_scheme(&x, &uri);
	if (!err) {
		if (uri.scheme == SIP_SCHEME_TEL)
			err = parse_tel(&x, &uri);
		else if (uri.scheme == SIP_SCHEME_OTHER)
			err = parse_other(&x);
		else
			err = parse_sip(&x, &uri);
	}
	if (!err && x.p < x.end)
		err = -E_SYNTAX;
	if (ret_at)
		*ret_at = (size_t)(x.p - s.p);
	if (!err)
		*ret_uri = uri;
	return err;
}

void sip_uri_print(const struct sip_uri *uri, struct buf *out)
{
	if (uri->scheme == SIP_SCHEME_OTHER) {
		buf_adds(out, uri->raw);
		return;
	}
	buf_addz(out,
		uri->scheme == SIP_SCHEME_SIPS          ? "sips:"
			: uri->scheme == SIP_SCHEME_TEL ? "tel:"
							: "sip:");
	buf_adds(out, uri->user);
	if (uri->password.p) {
		buf_addc(out, ':');
		buf_adds(out, uri->password);
	}
	if (uri->scheme != SIP_SCHEME_TEL) {
		bool ipv6 = str_find(uri->host, ':') < uri->host.n;
		buf_addz(out, uri->user.p ? "@" : "");
		buf_addz(out, ipv6 ? "[" : "");
		buf_adds(out, uri->host);
		buf_addz(out, ipv6 ? "]" : "");
		if (uri->port) {
			buf_addc(out, ':');
			buf_add_u64(out, uri->port);
		}
	}
	buf_adds(out, uri->params);
	if (!str_is_empty(uri->headers)) {
		buf_addc(out, '?');
		buf_adds(out, uri->headers);
	}
}

/* Next character with its escape decoded; reserved ones keep a mark when they were escaped. */
static int next_char(struct lex *x)
{
	if (x->p == x->end)
		return END;
	unsigned char c = (unsigned char)*x->p++;
	if (c != '%' || x->end - x->p < 2)
		return c;
	int value = hex_value(x->p[0]) << 4 | hex_value(x->p[1]);
	x->p += 2;
	return value && strchr(";/?:@&=+$,", value) ? value | 0x100 : value;
}

static int fold_case(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static bool text_eq(struct str a, struct str b, bool ignore_case)
{
	struct lex x = lex_of(a), y = lex_of(b);
	if (!a.p != !b.p)
		return false;
	for (;;) {
		int c = next_char(&x), d = next_char(&y);
		if (ignore_case) {
			c = fold_case(c);
			d = fold_case(d);
		}
		if (c != d)
			return false;
		if (c == END)
			return true;
	}
}

static size_t count(struct str s, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

static bool find_param(struct str params, struct str name, struct str *ret_value)
{
	struct lex x = lex_of(params);
	struct str other;
	while (lex_param_next(&x, &other, ret_value))
		if (text_eq(other, name, true))
			return true;
	return false;
}

/* These must stand in both or in none. */
static bool is_strict_param(struct str name)
{
	static const char *const strict[] = { "transport", "user", "ttl", "method", "maddr" };
	for (size_t i = 0; i < ARRAY_LEN(strict); i++)
		if (str_caseeqz(name, strict[i]))
			return true;
	return false;
}

static bool params_match(struct str a, struct str b)
{
	struct lex x = lex_of(a);
	struct str name, value, other;
	while (lex_param_next(&x, &name, &value)) {
		if (find_param(b, name, &other)) {
			if (!text_eq(value, other, true))
				return false;
		} else if (is_strict_param(name)) {
			return false;
		}
	}
	return true;
}

static bool params_eq(struct str a, struct str b)
{
	if (str_caseeq(a, b))
		return true;
	if (count(a, ';') > PARAMS_COMPARED || count(b, ';') > PARAMS_COMPARED)
		return false;
	return params_match(a, b) && params_match(b, a);
}

static bool headers_contain(struct str all, struct str header)
{
	struct str name = str_cut(&header, '=');
	while (all.n) {
		struct str other = str_cut(&all, '&'), other_name = str_cut(&other, '=');
		if (text_eq(name, other_name, true) && text_eq(header, other, false))
			return true;
	}
	return false;
}

static bool headers_eq(struct str a, struct str b)
{
	size_t n = count(a, '&');
	if (n != count(b, '&') || str_is_empty(a) != str_is_empty(b))
		return false;
	if (n > PARAMS_COMPARED)
		return str_eq(a, b);
	for (struct str rest = a; rest.n;)
		if (!headers_contain(b, str_cut(&rest, '&')))
			return false;
	for (struct str rest = b; rest.n;)
		if (!headers_contain(a, str_cut(&rest, '&')))
			return false;
	return true;
}

static bool tel_eq(const struct sip_uri *a, const struct sip_uri *b)
{
	char x[64], y[64];
	return !sip_uri_number(a, x, sizeof(x)) && !sip_uri_number(b, y, sizeof(y)) && !strcasecmp(x, y) &&
		params_eq(a->params, b->params);
}

bool sip_uri_eq(const struct sip_uri *a, const struct sip_uri *b)
{
	if (a->scheme != b->scheme)
		return false;
	if (a->scheme == SIP_SCHEME_OTHER)
		return str_caseeq(a->raw, b->raw);
	if (a->scheme == SIP_SCHEME_TEL)
		return tel_eq(a, b);
	return text_eq(a->user, b->user, false) && text_eq(a->password, b->password, false) &&
		str_caseeq(a->host, b->host) && a->port == b->port && params_eq(a->params, b->params) &&
		headers_eq(a->headers, b->headers);
}

bool sip_uri_param(const struct sip_uri *uri, const char *name, struct str *ret_value)
{
	return lex_param(uri->params, name, ret_value);
}

bool sip_uri_is_lr(const struct sip_uri *uri)
{
	struct str ignored;
	return sip_uri_param(uri, "lr", &ignored);
}

/* Decodes %HH of any part; -E_SYNTAX for a bad escape or a NUL. */
static int sip_uri_unescape(struct str s, char *dst, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		int c = (unsigned char)s.p[i];
		if (c == '%') {
			if (s.n - i < 3 || !lex_is(s.p[i + 1], LEX_HEX) || !lex_is(s.p[i + 2], LEX_HEX))
				return -E_SYNTAX;
			c = hex_value(s.p[i + 1]) << 4 | hex_value(s.p[i + 2]);
			i += 2;
		}
		if (!c)
			return -E_SYNTAX;
		if (n + 1 >= size)
			return -E_LIMIT;
		dst[n++] = (char)c;
	}
	if (n >= size)
		return -E_LIMIT;
	dst[n] = '\0';
	return 0;
}

int sip_uri_user(const struct sip_uri *uri, char *dst, size_t size)
{
	return sip_uri_unescape(str_sub(uri->user, 0, str_find(uri->user, ';')), dst, size);
}

int sip_uri_number(const struct sip_uri *uri, char *dst, size_t size)
{
	char text[128];
	size_t n = 0;
	int err = sip_uri_user(uri, text, sizeof(text));
	if (err)
		return err;
	for (const char *p = text; *p; p++) {
		if (strchr("-.()", *p) || (*p == ' ' && p > text))
			continue;
		if (!lex_is(*p, LEX_DIGIT) && *p != '*' && *p != '#' && !(*p == '+' && p == text))
			return -E_SYNTAX;
		if (n + 1 >= size)
			return -E_LIMIT;
		dst[n++] = *p;
	}
	dst[n] = '\0';
	return n > (text[0] == '+') ? 0 : -E_SYNTAX;
}

void sip_uri_add_user(struct buf *out, struct str s)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (lex_is((char)c, LEX_USER) && !strchr("#;?", c)) {
			buf_addc(out, (char)c);
			continue;
		}
		buf_addc(out, '%');
		buf_addc(out, digits[c >> 4]);
		buf_addc(out, digits[c & 15]);
	}
}
