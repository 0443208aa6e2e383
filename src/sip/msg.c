/* The message parser: one pass over a copy of the bytes, line by line, with a reader per header field that
 * everybody needs. The first fault is kept and reading goes on, so that even a wrong request can be answered
 * with its Via, From, To, Call-ID and CSeq. Strict about line ends (CRLF only): the same rule in the framer
 * and here, and nothing copied from a message can ever carry a line of its own. */
#include "sip/msg.h"

#include "base/mem.h"
#include "sip/field.h"
#include "sip/lex.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What a message may grow to besides its own bytes: thousands of values in one line are refused. */
#define ARENA_MAX (512 * 1024)

struct parser {
	struct sip_msg *msg;
	char *p, *end;          /* not read yet */
	const char *value_from; /* of the header being read */
	size_t headers_room;
	uint64_t seen; /* single headers, bit per enum sip_hdr */
	struct sip_via **via_tail;
	struct sip_addr **contact_tail, **route_tail, **record_route_tail;
	int64_t content_length; /* -1 when absent */
	int err;
};

_Static_assert(SIP_HDR__MAX <= 64, "`seen` has a bit for each");

static void fault(struct parser *ps, const char *at, int status, const char *text, const char *name)
{
	struct sip_fault *f = &ps->msg->fault;
	if (ps->err)
		return;
	ps->err = status == 513 ? -E_LIMIT : -E_SYNTAX;
	f->status = ps->msg->is_request ? status : 0;
	f->at = (size_t)(at - ps->msg->bytes.p);
	snprintf(f->reason, sizeof(f->reason), "%s%s%s", text, *name ? " " : "", name);
}

static void fault_value(struct parser *ps, const char *at, int err, enum sip_hdr id)
{
	if (err == -E_LIMIT)
		fault(ps, at, 400, "Value out of range in", sip_hdr_name(id));
	else
		fault(ps, at, 400, "Malformed", sip_hdr_name(id));
}

static void *room(struct parser *ps, size_t n)
{
	void *p = arena_try(ps->msg->arena, n);
	if (!p)
		fault(ps, ps->value_from, 513, "Message too large", "");
	return p;
}

static void read_addr(struct parser *ps, enum sip_hdr id, struct str value, struct sip_addr *addr)
{
	size_t at;
	int err = sip_addr_parse(ps->msg->arena, value, addr, &at);
	if (err) {
		fault_value(ps, value.p + at, err, id);
		*addr = (struct sip_addr){ .raw = value };
	}
}

static void read_from(struct parser *ps, enum sip_hdr id, struct str value)
{
	read_addr(ps, id, value, ps->msg->from);
}

static void read_to(struct parser *ps, enum sip_hdr id, struct str value)
{
	read_addr(ps, id, value, ps->msg->to);
}

/* Phones put more into it than a word may have; what matters is that it is one visible word. */
static void read_call_id(struct parser *ps, enum sip_hdr id, struct str value)
{
	size_t n = 0;
	while (n < value.n && value.p[n] > ' ' && value.p[n] < 0x7f)
		n++;
	ps->msg->call_id = value;
	if (n < value.n || !n)
		fault_value(ps, value.p + n, -E_SYNTAX, id);
}

static void read_cseq(struct parser *ps, enum sip_hdr id, struct str value)
{
	struct lex x = lex_of(value);
	struct sip_cseq *cseq = &ps->msg->cseq;
	uint64_t number = 0;
	int err = lex_number(&x, INT32_MAX, &number);
	if (err == -E_LIMIT) {
		fault_value(ps, x.p, err, id);
		lex_run(&x, LEX_DIGIT);
		err = 0;
	}
	const char *gap = x.p;
	lex_space(&x);
	cseq->method_name = lex_run(&x, LEX_TOKEN);
	if (err || gap == x.p || str_is_empty(cseq->method_name) || !lex_end(&x))
		fault_value(ps, x.p, -E_SYNTAX, id);
	cseq->number = (uint32_t)number;
	cseq->method = sip_method_of(cseq->method_name);
}

static void read_max_forwards(struct parser *ps, enum sip_hdr id, struct str value)
{
	uint32_t hops;
	int err = str_to_u32(value, 255, &hops);
	if (err)
		fault_value(ps, value.p, err, id);
	else
		ps->msg->max_forwards = (int)hops;
}

static void read_content_length(struct parser *ps, enum sip_hdr id, struct str value)
{
	uint32_t length;
	int err = str_to_u32(value, INT32_MAX, &length);
	if (err)
		fault_value(ps, value.p, err, id);
	else
		ps->content_length = length;
}

/* RFC 3261 10.2.1.1 wants a malformed value ignored, not refused. */
static void read_expires(struct parser *ps, enum sip_hdr id, struct str value)
{
	uint64_t seconds;
	(void)id;
	int err = str_to_u64(value, UINT32_MAX, &seconds);
	if (!err)
		ps->msg->expires = (int64_t)seconds;
	else if (err == -E_LIMIT)
		ps->msg->expires = UINT32_MAX;
}

static void read_content_type(struct parser *ps, enum sip_hdr id, struct str value)
{
	struct str params;
	if (sip_content_type_parse(value, &ps->msg->content_type, &params))
		fault_value(ps, value.p, -E_SYNTAX, id);
}

static void read_via(struct parser *ps, enum sip_hdr id, struct str value)
{
	struct lex x = lex_of(value);
	do {
		struct sip_via *via = room(ps, sizeof(*via));
		if (!via)
			return;
		int err = sip_via_scan(&x, via);
		if (err) {
			fault_value(ps, x.p, err, id);
			return;
		}
		*ps->via_tail = via;
		ps->via_tail = &via->next;
	} while (lex_take(&x, ','));
	if (!lex_end(&x))
		fault_value(ps, x.p, -E_SYNTAX, id);
}

static void read_addrs(struct parser *ps, enum sip_hdr id, struct str value, struct sip_addr ***tail)
{
	struct lex x = lex_of(value);
	do {
		struct sip_addr *addr = room(ps, sizeof(*addr));
		if (!addr)
			return;
		int err = sip_addr_scan(ps->msg->arena, &x, addr);
		if (err) {
			fault_value(ps, x.p, err, id);
			return;
		}
		**tail = addr;
		*tail = &addr->next;
	} while (lex_take(&x, ','));
	if (!lex_end(&x))
		fault_value(ps, x.p, -E_SYNTAX, id);
}

static void read_contact(struct parser *ps, enum sip_hdr id, struct str value)
{
	bool star = str_eqz(value, "*");
	if (!star)
		read_addrs(ps, id, value, &ps->contact_tail);
	if ((star && ps->msg->contact) || ps->msg->contact_star)
		fault_value(ps, value.p, -E_SYNTAX, id);
	ps->msg->contact_star |= star;
}

static void read_route(struct parser *ps, enum sip_hdr id, struct str value)
{
	read_addrs(ps, id, value, &ps->route_tail);
}

static void read_record_route(struct parser *ps, enum sip_hdr id, struct str value)
{
	read_addrs(ps, id, value, &ps->record_route_tail);
}

static void read_options(struct parser *ps, enum sip_hdr id, struct str value)
{
	struct sip_msg *msg = ps->msg;
	unsigned *bits = id == SIP_HDR_SUPPORTED ? &msg->supported
		: id == SIP_HDR_REQUIRE          ? &msg->require
						 : &msg->proxy_require;
	while (value.n)
		*bits |= sip_option_of(str_trim(str_cut(&value, ',')));
}

typedef void reader_fn(struct parser *ps, enum sip_hdr id, struct str value);

static reader_fn *const readers[SIP_HDR__MAX] = {
	[SIP_HDR_VIA] = read_via,
	[SIP_HDR_FROM] = read_from,
	[SIP_HDR_TO] = read_to,
	[SIP_HDR_CALL_ID] = read_call_id,
	[SIP_HDR_CSEQ] = read_cseq,
	[SIP_HDR_CONTACT] = read_contact,
	[SIP_HDR_ROUTE] = read_route,
	[SIP_HDR_RECORD_ROUTE] = read_record_route,
	[SIP_HDR_MAX_FORWARDS] = read_max_forwards,
	[SIP_HDR_EXPIRES] = read_expires,
	[SIP_HDR_CONTENT_LENGTH] = read_content_length,
	[SIP_HDR_CONTENT_TYPE] = read_content_type,
	[SIP_HDR_SUPPORTED] = read_options,
	[SIP_HDR_REQUIRE] = read_options,
	[SIP_HDR_PROXY_REQUIRE] = read_options,
};

/* Whether any of eight bytes is below 0x20 or is 0x7f. */
static bool has_control(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t low = (eight - ones * 0x20) & ~eight & tops;
	uint64_t del = eight ^ (ones * 0x7f);
	return low || ((del - ones) & ~del & tops);
}

/* First byte that may not stand in a header: control characters other than a tab, unless a backslash quotes
 * them (RFC 3261 quoted-pair, never CR or LF). */
static const char *find_control(const char *p, const char *end)
{
	const char *from = p;
	while (p < end) {
		uint64_t eight;
		if (end - p >= 8 && (memcpy(&eight, p, 8), !has_control(eight))) {
			p += 8;
			continue;
		}
		const char *stop = end - p >= 8 ? p + 8 : end;
		for (; p < stop; p++) {
			bool control = ((unsigned char)*p < ' ' && *p != '\t') || *p == 0x7f;
			if (control && (p == from || p[-1] != '\\' || *p == '\r' || *p == '\n'))
				return p;
		}
	}
	return NULL;
}

/* One header with its folded lines; the folds become spaces. -E_AGAIN without a line end. */
static int next_line(struct parser *ps, struct str *ret_line)
{
	char *from = ps->p, *q = from;
	for (;;) {
		q = memchr(q, '\r', (size_t)(ps->end - q));
		if (!q || ps->end - q < 2)
			return -E_AGAIN;
		if (q[1] != '\n') {
			q++;
			continue;
		}
		if (q == from || ps->end - q < 3 || (q[2] != ' ' && q[2] != '\t'))
			break;
		q[0] = q[1] = ' ';
	}
	ps->p = q + 2;
	*ret_line = (struct str){ from, (size_t)(q - from) };
	return 0;
}

static struct sip_header *add_header(struct parser *ps)
{
	struct sip_msg *msg = ps->msg;
	if (msg->n_headers == ps->headers_room) {
		size_t n = ps->headers_room ? ps->headers_room * 2 : 25;
		struct sip_header *v = n > SIP_HEADERS_MAX ? NULL : arena_try(msg->arena, n * sizeof(*v));
		if (!v) {
			fault(ps, ps->value_from, 513, "Too many header fields", "");
			return NULL;
		}
		if (msg->n_headers)
			memcpy(v, msg->headers, msg->n_headers * sizeof(*v));
		msg->headers = v;
		ps->headers_room = n;
	}
	return &msg->headers[msg->n_headers++];
}

static void read_header(struct parser *ps, struct str line)
{
	struct lex x = lex_of(line);
	struct str name = lex_run(&x, LEX_TOKEN);
	ps->value_from = line.p;
	const char *bad = find_control(line.p, x.end);
	if (str_is_empty(name) || !lex_take(&x, ':') || bad) {
		fault(ps, bad ? bad : x.p, 400, "Malformed header field", "");
		return;
	}
	struct sip_header *h = add_header(ps);
	if (!h)
		return;
	*h = (struct sip_header){ sip_hdr_of(name), name, str_trim(lex_rest(&x)) };
	uint64_t bit = UINT64_C(1) << h->id;
	if ((ps->seen & bit) && sip_hdr_is_single(h->id)) {
		fault(ps, line.p, 400, "More than one", sip_hdr_name(h->id));
		return;
	}
	ps->seen |= bit;
	if (readers[h->id])
		readers[h->id](ps, h->id, h->value);
}

static void read_headers(struct parser *ps)
{
	struct str line;
	for (;;) {
		if (next_line(ps, &line)) {
			fault(ps, ps->end, 400, "Header fields without an end", "");
			ps->p = ps->end;
			return;
		}
		if (!line.n)
			return;
		read_header(ps, line);
		if (ps->err == -E_LIMIT)
			return;
	}
}

/* The version stands behind the last blank that "SIP/" follows. */
static size_t find_version(struct str line)
{
	for (size_t i = line.n; i-- > 1;)
		if (line.n - i >= 4 && (line.p[i] | 0x20) == 's' && line.p[i - 1] == ' ' &&
			!strncasecmp(line.p + i, "SIP/", 4))
			return i;
	return line.n;
}

static void check_version(struct parser *ps, struct str version)
{
	struct lex x = lex_of(str_sub(version, 4, version.n));
	if (str_caseeqz(version, "SIP/2.0"))
		return;
	bool digits = lex_run(&x, LEX_DIGIT).n && x.p < x.end && *x.p == '.';
	x.p += digits;
	digits = digits && lex_run(&x, LEX_DIGIT).n && x.p == x.end;
	if (digits)
		fault(ps, version.p, 505, "Version Not Supported", "");
	else
		fault(ps, x.p, 400, "Malformed request line", "");
}

static int read_request_line(struct parser *ps, struct str line)
{
	struct sip_msg *msg = ps->msg;
	struct lex x = lex_of(line);
	size_t version = find_version(line), at;
	msg->method_name = lex_run(&x, LEX_TOKEN);
	size_t from = msg->method_name.n + 1;
	if (from == 1 || version == line.n || x.p == x.end || *x.p != ' ' || version < from)
		return -E_SYNTAX;
	msg->is_request = true;
	msg->method = sip_method_of(msg->method_name);
	struct str uri = str_sub(line, from, version > from ? version - 1 : from);
	const char *bad = find_control(line.p, line.p + line.n);
	if (bad)
		fault(ps, bad, 400, "Malformed request line", "");
	check_version(ps, str_sub(line, version, line.n));
	if (sip_uri_parse(uri, &msg->uri, &at))
		fault(ps, uri.p + at, 400, "Malformed request URI", "");
	else if (!str_is_empty(msg->uri.headers))
		fault(ps, msg->uri.headers.p, 400, "Header fields in request URI", "");
	return 0;
}

static int read_status_line(struct parser *ps, struct str line)
{
	struct lex x = lex_of(str_sub(line, 8, line.n));
	struct sip_msg *msg = ps->msg;
	const char *from = x.p;
	uint64_t status = 0;
	int err = lex_number(&x, 699, &status);
	if (err || x.p - from != 3 || status < 100 || (x.p < x.end && *x.p != ' '))
		fault(ps, from, 0, "Malformed status code", "");
	msg->status = (int)status;
	msg->reason = str_trim(lex_rest(&x));
	const char *bad = find_control(msg->reason.p, x.end);
	if (bad)
		fault(ps, bad, 0, "Malformed reason phrase", "");
	return 0;
}

static int read_first_line(struct parser *ps)
{
	struct str line;
	while (ps->end - ps->p >= 2 && ps->p[0] == '\r' && ps->p[1] == '\n')
		ps->p += 2;
	ps->value_from = ps->p;
	char *from = ps->p, *end = memchr(from, '\r', (size_t)(ps->end - from));
	if (!end || ps->end - end < 2 || end[1] != '\n')
		return -E_SYNTAX;
	line = (struct str){ from, (size_t)(end - from) };
	ps->p = end + 2;
	if (str_casestarts(line, STR("SIP/2.0 ")))
		return read_status_line(ps, line);
	return read_request_line(ps, line);
}

static void check_mandatory(struct parser *ps)
{
	static const enum sip_hdr mandatory[] = { SIP_HDR_VIA, SIP_HDR_FROM, SIP_HDR_TO, SIP_HDR_CALL_ID,
		SIP_HDR_CSEQ };
	struct sip_msg *msg = ps->msg;
	for (size_t i = 0; i < ARRAY_LEN(mandatory); i++)
		if (!(ps->seen & UINT64_C(1) << mandatory[i]))
			fault(ps, ps->p, 400, "Missing", sip_hdr_name(mandatory[i]));
	if (!msg->is_request) {
		msg->method = msg->cseq.method;
		msg->method_name = msg->cseq.method_name;
		return;
	}
	if (!str_eq(msg->cseq.method_name, msg->method_name))
		fault(ps, msg->cseq.method_name.p, 400, "Method differs in CSeq", "");
	if (msg->contact_star && msg->method != SIP_REGISTER)
		fault(ps, ps->p, 400, "Malformed", sip_hdr_name(SIP_HDR_CONTACT));
	if (msg->method == SIP_INVITE && !msg->contact)
		fault(ps, ps->p, 400, "Missing", sip_hdr_name(SIP_HDR_CONTACT));
}

static void read_body(struct parser *ps, enum sip_framing framing)
{
	struct str rest = { ps->p, (size_t)(ps->end - ps->p) };
	if (ps->content_length < 0 && framing == SIP_STREAM)
		fault(ps, ps->p, 400, "Missing", sip_hdr_name(SIP_HDR_CONTENT_LENGTH));
	if (ps->content_length > (int64_t)rest.n)
		fault(ps, ps->end, 400, "Body shorter than", sip_hdr_name(SIP_HDR_CONTENT_LENGTH));
	if (ps->content_length >= 0)
		rest = str_sub(rest, 0, (size_t)ps->content_length);
	ps->msg->body = rest;
}

static void msg_destroy(void *self)
{
	struct sip_msg *msg = self;
	arena_free(msg->arena);
}

static const struct obj_type msg_type = { "sip_msg", sizeof(struct sip_msg), msg_destroy };

int sip_msg_parse(struct str bytes, enum sip_framing framing, struct sip_msg **ret_msg)
{
	*ret_msg = NULL;
	if (bytes.n > SIP_MSG_MAX)
		return -E_LIMIT;
	struct sip_msg *msg = obj_new(&msg_type);
	msg->arena = arena_new(ARENA_MAX);
	char *copy = arena_strndup(msg->arena, bytes);
	msg->bytes = (struct str){ copy, bytes.n };
	msg->from = arena_alloc(msg->arena, sizeof(*msg->from));
	msg->to = arena_alloc(msg->arena, sizeof(*msg->to));
	msg->max_forwards = -1;
	msg->expires = -1;
	struct parser ps = {
		.msg = msg,
		.p = copy,
		.end = copy + bytes.n,
		.via_tail = &msg->via,
		.contact_tail = &msg->contact,
		.route_tail = &msg->route,
		.record_route_tail = &msg->record_route,
		.content_length = -1,
	};
	if (read_first_line(&ps)) {
		obj_unref(msg);
		return -E_SYNTAX;
	}
	read_headers(&ps);
	check_mandatory(&ps);
	read_body(&ps, framing);
	*ret_msg = msg;
	return ps.err;
}

bool sip_msg_is_answerable(const struct sip_msg *msg)
{
	return msg->is_request && msg->method != SIP_ACK && msg->via;
}

const struct sip_header *sip_msg_header(const struct sip_msg *msg, enum sip_hdr id, size_t n)
{
	for (size_t i = 0; i < msg->n_headers; i++)
		if (msg->headers[i].id == id && n-- == 0)
			return &msg->headers[i];
	return NULL;
}

struct str sip_msg_value(const struct sip_msg *msg, enum sip_hdr id)
{
	const struct sip_header *h = sip_msg_header(msg, id, 0);
	return h ? h->value : STR_NONE;
}

struct str sip_msg_value_of(const struct sip_msg *msg, const char *name)
{
	for (size_t i = 0; i < msg->n_headers; i++)
		if (str_caseeqz(msg->headers[i].name, name))
			return msg->headers[i].value;
	enum sip_hdr id = sip_hdr_of(str_from(name));
	return id == SIP_HDR_OTHER ? STR_NONE : sip_msg_value(msg, id);
}

/* Offset of the comma that ends the value which starts at `from`, or the length. */
static size_t value_end(struct str line, size_t from)
{
	bool quoted = false, bracketed = false;
	for (size_t i = from; i < line.n; i++) {
		char c = line.p[i];
		if (quoted) {
			i += c == '\\';
			quoted = c != '"';
		} else if (c == '"') {
			quoted = true;
		} else if (c == '<' || c == '>') {
			bracketed = c == '<';
		} else if (c == ',' && !bracketed) {
			return i;
		}
	}
	return line.n;
}

bool sip_msg_list_next(
	const struct sip_msg *msg, enum sip_hdr id, struct sip_list_pos *pos, struct str *ret_value)
{
	while (pos->header < msg->n_headers) {
		const struct sip_header *h = &msg->headers[pos->header];
		if (h->id != id || pos->offset >= h->value.n) {
			pos->header++;
			pos->offset = 0;
			continue;
		}
		size_t end = value_end(h->value, pos->offset);
		*ret_value = str_trim(str_sub(h->value, pos->offset, end));
		pos->offset = end + 1;
		if (ret_value->n)
			return true;
	}
	return false;
}

struct str sip_msg_unsupported(const struct sip_msg *msg, enum sip_hdr id, unsigned known)
{
	struct sip_list_pos pos = { 0 };
	struct str tag, list = STR_NONE;
	char *p = NULL;
	while (sip_msg_list_next(msg, id, &pos, &tag)) {
		if (sip_option_of(tag) & known)
			continue;
		if (!p)
			p = arena_try(msg->arena, msg->bytes.n * 2);
		if (!p)
			return STR("unknown");
		if (list.n) {
			memcpy(p + list.n, ", ", 2);
			list.n += 2;
		}
		memcpy(p + list.n, tag.p, tag.n);
		list = (struct str){ p, list.n + tag.n };
	}
	return list;
}
