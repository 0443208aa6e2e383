/* Character classes and the cursor of the SIP parsers. The cursor never passes `end`, and a failing function
 * leaves it on the offending byte: that is the error's position which the message parser reports. */
#include "sip/lex.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define ALNUM (LEX_TOKEN | LEX_USER | LEX_HOST | LEX_PARAM | LEX_HEAD)
#define UNRESERVED (LEX_USER | LEX_PARAM | LEX_HEAD)

const unsigned char lex_class[256] = {
	['0' ... '9'] = ALNUM | LEX_DIGIT | LEX_HEX,
	['A' ... 'F'] = ALNUM | LEX_HEX,
	['G' ... 'Z'] = ALNUM,
	['a' ... 'f'] = ALNUM | LEX_HEX,
	['g' ... 'z'] = ALNUM,
	['-'] = ALNUM,
	['.'] = ALNUM,
	['_'] = ALNUM,
	['!'] = UNRESERVED | LEX_TOKEN,
	['~'] = UNRESERVED | LEX_TOKEN,
	['*'] = UNRESERVED | LEX_TOKEN,
	['\''] = UNRESERVED | LEX_TOKEN,
	['('] = UNRESERVED,
	[')'] = UNRESERVED,
	['%'] = LEX_TOKEN,
	['+'] = UNRESERVED | LEX_TOKEN,
	['`'] = LEX_TOKEN,
	['&'] = LEX_USER | LEX_PARAM,
	['='] = LEX_USER,
	['$'] = LEX_USER | LEX_PARAM | LEX_HEAD,
	[','] = LEX_USER,
	[';'] = LEX_USER,
	['?'] = LEX_USER | LEX_HEAD,
	['/'] = LEX_USER | LEX_PARAM | LEX_HEAD,
	['#'] = LEX_USER,
	['['] = LEX_PARAM | LEX_HEAD,
	[']'] = LEX_PARAM | LEX_HEAD,
	[':'] = LEX_PARAM | LEX_HEAD,
};

struct lex lex_of(struct str s)
{
	return (struct lex){ s.p, s.p ? s.p + s.n : s.p };
}

struct str lex_rest(const struct lex *x)
{
	return (struct str){ x->p, (size_t)(x->end - x->p) };
}

struct str lex_run(struct lex *x, unsigned classes)
{
	const char *from = x->p;
	while (x->p < x->end && lex_is(*x->p, classes))
		x->p++;
	return (struct str){ from, (size_t)(x->p - from) };
}

void lex_space(struct lex *x)
{
	while (x->p < x->end && (*x->p == ' ' || *x->p == '\t'))
		x->p++;
}

bool lex_take(struct lex *x, char c)
{
	const char *from = x->p;
	lex_space(x);
	if (x->p == x->end || *x->p != c) {
		x->p = from;
		return false;
	}
	x->p++;
	lex_space(x);
	return true;
}

bool lex_end(struct lex *x)
{
	lex_space(x);
	return x->p == x->end;
}

int lex_quoted(struct lex *x, struct str *ret_inside)
{
	if (x->p == x->end || *x->p != '"')
		return -E_SYNTAX;
	const char *from = x->p + 1;
	for (const char *q = from; q < x->end; q++) {
		if (*q == '\\') {
			q++;
		} else if (*q == '"') {
			*ret_inside = (struct str){ from, (size_t)(q - from) };
			x->p = q + 1;
			return 0;
		}
	}
	return -E_SYNTAX;
}

int lex_number(struct lex *x, uint64_t max, uint64_t *ret_value)
{
	const char *from = x->p;
	int err = str_to_u64(lex_run(x, LEX_DIGIT), max, ret_value);
	if (err)
		x->p = from;
	return err;
}

static int ipv6_literal(struct lex *x, struct str *ret_host)
{
	struct in6_addr ignored;
	char text[INET6_ADDRSTRLEN];
	struct lex in = { x->p + 1, x->end };
	const char *from = in.p;
	while (in.p < in.end && (lex_is(*in.p, LEX_HEX) || *in.p == ':' || *in.p == '.'))
		in.p++;
	*ret_host = (struct str){ from, (size_t)(in.p - from) };
	if (in.p == in.end || *in.p != ']' || str_copy(*ret_host, text, sizeof(text)) ||
		inet_pton(AF_INET6, text, &ignored) != 1)
		return -E_SYNTAX;
	x->p = in.p + 1;
	return 0;
}

int lex_hostport(struct lex *x, struct str *ret_host, uint16_t *ret_port)
{
	uint64_t port = 0;
	if (x->p < x->end && *x->p == '[') {
		if (ipv6_literal(x, ret_host))
			return -E_SYNTAX;
	} else {
		*ret_host = lex_run(x, LEX_HOST);
		if (str_is_empty(*ret_host))
			return -E_SYNTAX;
	}
	*ret_port = 0;
	if (!lex_take(x, ':'))
		return 0;
	int err = lex_number(x, UINT16_MAX, &port);
	if (!err)
		*ret_port = (uint16_t)port;
	return err;
}

/* token, host or anything that cannot be confused with what separates values: branches with '=' or '@' and
 * bare IPv6 addresses are about. */
static bool is_param_value(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && !strchr(";,\"<>?", c);
}

static int one_param(struct lex *x)
{
	struct str ignored;
	if (str_is_empty(lex_run(x, LEX_TOKEN)))
		return -E_SYNTAX;
	if (!lex_take(x, '='))
		return 0;
	if (x->p < x->end && *x->p == '"')
		return lex_quoted(x, &ignored);
	const char *from = x->p;
	while (x->p < x->end && is_param_value(*x->p))
		x->p++;
	return x->p > from ? 0 : -E_SYNTAX;
}

int lex_params(struct lex *x, struct str *ret_params)
{
	const char *from = NULL;
	for (;;) {
		struct lex at = *x;
		if (!lex_take(&at, ';'))
			break;
		if (!from) {
			lex_space(x);
			from = x->p;
		}
		*x = at;
		int err = one_param(x);
		if (err)
			return err;
	}
	*ret_params = (struct str){ from, from ? (size_t)(x->p - from) : 0 };
	return 0;
}

bool lex_param_next(struct lex *x, struct str *ret_name, struct str *ret_value)
{
	struct str ignored;
	if (!lex_take(x, ';'))
		return false;
	*ret_name = lex_run(x, LEX_TOKEN | LEX_PARAM);
	*ret_value = STR_NONE;
	if (str_is_empty(*ret_name))
		return false;
	if (!lex_take(x, '='))
		return true;
	const char *from = x->p;
	if (x->p < x->end && *x->p == '"') {
		if (lex_quoted(x, &ignored))
			return false;
	} else {
		while (x->p < x->end && *x->p != ';' && *x->p != ' ' && *x->p != '\t')
			x->p++;
	}
	*ret_value = (struct str){ from, (size_t)(x->p - from) };
	return true;
}

bool lex_param(struct str params, const char *name, struct str *ret_value)
{
	struct lex x = lex_of(params);
	struct str found, value;
	while (lex_param_next(&x, &found, &value)) {
		if (!str_caseeqz(found, name))
			continue;
		if (value.n >= 2 && value.p[0] == '"')
			value = str_sub(value, 1, value.n - 1);
		*ret_value = value;
		return true;
	}
	return false;
}
