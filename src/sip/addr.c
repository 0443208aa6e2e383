/* Via values and addresses. Display names are taken as people write them: UTF-8 and punctuation without
 * quotes are accepted, but never a comma, which would make two values of one. */
#include "sip/addr.h"

#include "base/mem.h"

#include <string.h>

/* Takes the backslashes out of a quoted string; without any the view itself. */
static int unquote(struct arena *arena, struct str inside, struct str *ret_text)
{
	*ret_text = inside;
	if (str_find(inside, '\\') == inside.n)
		return 0;
	char *p = arena_try(arena, inside.n + 1);
	if (!p)
		return -E_LIMIT;
	size_t n = 0;
	for (size_t i = 0; i < inside.n; i++) {
		if (inside.p[i] == '\\' && i + 1 < inside.n)
			i++;
		p[n++] = inside.p[i];
	}
	*ret_text = (struct str){ p, n };
	return 0;
}

static int parse_uri_within(struct lex *x, const char *end, struct sip_uri *uri)
{
	size_t at;
	int err = sip_uri_parse((struct str){ x->p, (size_t)(end - x->p) }, uri, &at);
	x->p = err ? x->p + at : end;
	return err;
}

/* "<" addr-spec ">"; the cursor is behind the '<'. */
static int bracketed(struct lex *x, struct sip_addr *addr)
{
	const char *end = memchr(x->p, '>', (size_t)(x->end - x->p));
	if (!end) {
		x->p = x->end;
		return -E_SYNTAX;
	}
	int err = parse_uri_within(x, end, &addr->uri);
	if (!err)
		x->p++;
	return err;
}

/* addr-spec without brackets: a ';' begins the parameters of the header, ',' and '?' may not occur. */
static int bare(struct lex *x, struct sip_addr *addr)
{
	const char *end = x->p;
	while (end < x->end && !strchr(";, \t", *end))
		end++;
	int err = parse_uri_within(x, end, &addr->uri);
	if (!err && !str_is_empty(addr->uri.headers)) {
		x->p = addr->uri.headers.p;
		err = -E_SYNTAX;
	}
	return err;
}

static bool ends_display_name(char c)
{
	return c == '<' || c == '>' || c == ',' || c == ';' || c == '"' || c == '@' || c == ':' || c == '?';
}

static int name_and_uri(struct arena *arena, struct lex *x, struct sip_addr *addr)
{
	struct str inside;
	const char *q = x->p;
	if (q < x->end && *q == '"') {
		int err = lex_quoted(x, &inside);
		if (!err)
			err = unquote(arena, inside, &addr->name);
		if (err)
			return err;
		return lex_take(x, '<') ? bracketed(x, addr) : -E_SYNTAX;
	}
	while (q < x->end && !ends_display_name(*q))
		q++;
	if (q == x->end || *q != '<')
		return bare(x, addr);
	addr->name = str_trim((struct str){ x->p, (size_t)(q - x->p) });
	x->p = q + 1;
	return bracketed(x, addr);
}

int sip_addr_scan(struct arena *arena, struct lex *x, struct sip_addr *ret_addr)
{
	struct sip_addr addr = { 0 };
	lex_space(x);
	const char *from = x->p;
	int err = name_and_uri(arena, x, &addr);
	if (err)
		return err;
	addr.addr = (struct str){ from, (size_t)(x->p - from) };
	err = lex_params(x, &addr.params);
	if (err)
		return err;
	addr.raw = (struct str){ from, (size_t)(x->p - from) };
	if (addr.params.n && !lex_param(addr.params, "tag", &addr.tag))
		addr.tag = STR_NONE;
	*ret_addr = addr;
	return 0;
}

static int via_protocol(struct lex *x, struct str *ret_transport)
{
	lex_space(x);
	const char *from = x->p;
	if (!str_caseeqz(lex_run(x, LEX_TOKEN), "SIP")) {
		x->p = from;
		return -E_SYNTAX;
	}
	if (!lex_take(x, '/') || str_is_empty(lex_run(x, LEX_TOKEN)) || !lex_take(x, '/'))
		return -E_SYNTAX;
	*ret_transport = lex_run(x, LEX_TOKEN);
	if (str_is_empty(*ret_transport) || x->p == x->end || (*x->p != ' ' && *x->p != '\t'))
		return -E_SYNTAX;
	lex_space(x);
	return 0;
}

static int via_params(struct sip_via *via)
{
	const struct {
		const char *name;
		struct str *value;
	} known[] = { { "branch", &via->branch }, { "received", &via->received }, { "maddr", &via->maddr } };
	struct lex x = lex_of(via->params);
	struct str name, value, rport = STR_NONE;
	while (lex_param_next(&x, &name, &value)) {
		for (size_t i = 0; i < ARRAY_LEN(known); i++)
			if (str_caseeqz(name, known[i].name))
				*known[i].value = value;
		if (str_caseeqz(name, "rport")) {
			via->has_rport = true;
			rport = value;
		}
	}
	uint32_t port = 0;
	int err = rport.n ? str_to_u32(rport, UINT16_MAX, &port) : 0;
	via->rport = (uint16_t)port;
	return err;
}

int sip_via_scan(struct lex *x, struct sip_via *ret_via)
{
	struct sip_via via = { 0 };
	lex_space(x);
	const char *from = x->p;
	int err = via_protocol(x, &via.transport);
	if (!err)
		err = lex_hostport(x, &via.host, &via.port);
	if (!err)
		err = lex_params(x, &via.params);
	if (!err && via.params.n)
		err = via_params(&via);
	if (err)
		return err;
	via.raw = str_trim((struct str){ from, (size_t)(x->p - from) });
	*ret_via = via;
	return 0;
}

static int finish(struct str s, struct lex *x, int err, size_t *ret_at)
{
	if (!err && !lex_end(x))
		err = -E_SYNTAX;
	if (ret_at)
		*ret_at = (size_t)(x->p - s.p);
	return err;
}

int sip_addr_parse(struct arena *arena, struct str s, struct sip_addr *ret_addr, size_t *ret_at)
{
	struct lex x = lex_of(s);
	int err = sip_addr_scan(arena, &x, ret_addr);
	return finish(s, &x, err, ret_at);
}

bool sip_addr_param(const struct sip_addr *addr, const char *name, struct str *ret_value)
{
	return lex_param(addr->params, name, ret_value);
}

int64_t sip_addr_expires(const struct sip_addr *addr, int64_t fallback)
{
	struct str value;
	uint64_t seconds;
	if (!sip_addr_param(addr, "expires", &value))
		return fallback;
	int err = str_to_u64(value, UINT32_MAX, &seconds);
	if (err == -E_LIMIT)
		return UINT32_MAX;
	return err ? fallback : (int64_t)seconds;
}

unsigned sip_addr_q(const struct sip_addr *addr)
{
	struct str value;
	unsigned q = 0, unit = 100;
	if (!sip_addr_param(addr, "q", &value) || value.n < 1 || value.n > 5 || value.p[0] < '0' ||
		value.p[0] > '1')
		return 1000;
	if (value.n > 1 && value.p[1] != '.')
		return 1000;
	q = value.p[0] == '1' ? 1000 : 0;
	for (size_t i = 2; i < value.n; i++, unit /= 10) {
		if (!lex_is(value.p[i], LEX_DIGIT))
			return 1000;
		q += (unsigned)(value.p[i] - '0') * unit;
	}
	return q > 1000 ? 1000 : q;
}
