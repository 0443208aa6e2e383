/* Writing of messages by plain appends: no format strings on the way of a call. Every value is looked through
 * for CR and LF, since a line break in a display name or URI would be a header of somebody else's making. */
#include "sip/build.h"

#include "base/mem.h"

#include <string.h>

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 100, "Trying" },
	{ 180, "Ringing" },
	{ 181, "Call Is Being Forwarded" },
	{ 182, "Queued" },
	{ 183, "Session Progress" },
	{ 199, "Early Dialog Terminated" },
	{ 200, "OK" },
	{ 202, "Accepted" },
	{ 204, "No Notification" },
	{ 300, "Multiple Choices" },
	{ 301, "Moved Permanently" },
	{ 302, "Moved Temporarily" },
	{ 305, "Use Proxy" },
	{ 380, "Alternative Service" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 407, "Proxy Authentication Required" },
	{ 408, "Request Timeout" },
	{ 410, "Gone" },
	{ 412, "Conditional Request Failed" },
	{ 413, "Request Entity Too Large" },
	{ 414, "Request-URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Unsupported URI Scheme" },
	{ 420, "Bad Extension" },
	{ 421, "Extension Required" },
	{ 422, "Session Interval Too Small" },
	{ 423, "Interval Too Brief" },
	{ 430, "Flow Failed" },
	{ 439, "First Hop Lacks Outbound Support" },
	{ 480, "Temporarily Unavailable" },
	{ 481, "Call/Transaction Does Not Exist" },
	{ 482, "Loop Detected" },
	{ 483, "Too Many Hops" },
	{ 484, "Address Incomplete" },
	{ 485, "Ambiguous" },
	{ 486, "Busy Here" },
	{ 487, "Request Terminated" },
	{ 488, "Not Acceptable Here" },
	{ 489, "Bad Event" },
	{ 491, "Request Pending" },
	{ 493, "Undecipherable" },
	{ 500, "Server Internal Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Server Time-out" },
	{ 505, "Version Not Supported" },
	{ 513, "Message Too Large" },
	{ 600, "Busy Everywhere" },
	{ 603, "Decline" },
	{ 604, "Does Not Exist Anywhere" },
	{ 606, "Not Acceptable" },
};

const char *sip_reason_phrase(int status)
{
	static const char *const classes[] = { "Trying", "OK", "Redirection", "Request Failure",
		"Server Failure", "Global Failure" };
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	size_t class = (size_t)(status / 100) - 1;
	return class < ARRAY_LEN(classes) ? classes[class] : "Unknown";
}

/* One value, which must not break its line. */
static void value(struct buf *out, struct str s)
{
	if (s.n && (memchr(s.p, '\r', s.n) || memchr(s.p, '\n', s.n)))
		out->err = -E_SYNTAX;
	buf_adds(out, s);
}

static void end_line(struct buf *out)
{
	buf_add(out, "\r\n", 2);
}

static void begin(struct buf *out, enum sip_hdr hdr)
{
	buf_addz(out, sip_hdr_name(hdr));
	buf_add(out, ": ", 2);
}

void sip_build_header(struct buf *out, enum sip_hdr hdr, struct str text)
{
	begin(out, hdr);
	value(out, text);
	end_line(out);
}

void sip_build_named(struct buf *out, struct str name, struct str text)
{
	value(out, name);
	buf_add(out, ": ", 2);
	value(out, text);
	end_line(out);
}

void sip_build_number(struct buf *out, enum sip_hdr hdr, uint64_t number)
{
	begin(out, hdr);
	buf_add_u64(out, number);
	end_line(out);
}

void sip_build_quoted(struct buf *out, struct str text)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '\r' || c == '\n') {
			out->err = -E_SYNTAX;
		} else if (c == '"' || c == '\\' || ((unsigned char)c < ' ' && c != '\t') || c == 0x7f) {
			buf_addc(out, '\\');
		}
		buf_addc(out, c);
	}
	buf_addc(out, '"');
}

static void sip_build_addr_value(struct buf *out, const struct sip_build_addr *addr)
{
	if (addr->name.n) {
		sip_build_quoted(out, addr->name);
		buf_addc(out, ' ');
	}
	buf_addc(out, '<');
	value(out, addr->uri);
	buf_addc(out, '>');
	if (addr->tag.n) {
		buf_addz(out, ";tag=");
		value(out, addr->tag);
	}
}

static void sip_build_addr(struct buf *out, enum sip_hdr hdr, const struct sip_build_addr *addr)
{
	begin(out, hdr);
	sip_build_addr_value(out, addr);
	end_line(out);
}

static void cseq(struct buf *out, uint64_t number, enum sip_method method)
{
	begin(out, SIP_HDR_CSEQ);
	buf_add_u64(out, number);
	buf_addc(out, ' ');
	buf_addz(out, sip_method_name(method));
	end_line(out);
}

static void request_line(struct buf *out, enum sip_method method, struct str uri)
{
	buf_addz(out, sip_method_name(method));
	buf_addc(out, ' ');
	value(out, uri);
	buf_addz(out, " SIP/2.0\r\n");
}

void sip_build_request(struct buf *out, const struct sip_build_request *r)
{
	request_line(out, r->method, r->uri);
	buf_addz(out, "Via: SIP/2.0/");
	value(out, r->transport);
	buf_addc(out, ' ');
	value(out, r->sent_by);
	if (!r->no_rport)
		buf_addz(out, ";rport");
	buf_addz(out, ";branch=");
	value(out, r->branch);
	end_line(out);
	for (size_t i = 0; i < r->n_routes; i++)
		sip_build_header(out, SIP_HDR_ROUTE, r->routes[i]);
	sip_build_number(out, SIP_HDR_MAX_FORWARDS, r->max_forwards ? r->max_forwards : 70);
	sip_build_addr(out, SIP_HDR_FROM, &r->from);
	sip_build_addr(out, SIP_HDR_TO, &r->to);
	sip_build_header(out, SIP_HDR_CALL_ID, r->call_id);
	cseq(out, r->cseq, r->method);
	if (r->contact.n)
		sip_build_header(out, SIP_HDR_CONTACT, r->contact);
}

void sip_build_from_invite(
	struct buf *out, enum sip_method method, const struct sip_msg *invite, const struct sip_addr *to)
{
	request_line(out, method, invite->uri.raw);
	sip_build_header(out, SIP_HDR_VIA, invite->via->raw);
	for (const struct sip_addr *route = invite->route; route; route = route->next)
		sip_build_header(out, SIP_HDR_ROUTE, route->raw);
	sip_build_number(out, SIP_HDR_MAX_FORWARDS, 70);
	sip_build_header(out, SIP_HDR_FROM, invite->from->raw);
	sip_build_header(out, SIP_HDR_TO, to->raw);
	sip_build_header(out, SIP_HDR_CALL_ID, invite->call_id);
	cseq(out, invite->cseq.number, method);
	sip_build_end(out, STR_NONE, STR_NONE);
}

/* received and rport may stand in the request already, from a peer who has no business to: drop them. */
static void top_via(struct buf *out, const struct sip_via *via, struct str received, uint16_t rport)
{
	struct lex x = lex_of(via->params);
	struct str name, text;
	bool differs = received.n && !str_caseeq(received, via->host);
	begin(out, SIP_HDR_VIA);
	value(out,
		str_trim(str_sub(
			via->raw, 0, via->params.n ? (size_t)(via->params.p - via->raw.p) : via->raw.n)));
	while (lex_param_next(&x, &name, &text)) {
		if (received.n && (str_caseeqz(name, "received") || str_caseeqz(name, "rport")))
			continue;
		buf_addc(out, ';');
		value(out, name);
		if (text.p) {
			buf_addc(out, '=');
			value(out, text);
		}
	}
	if (via->has_rport && received.n) {
		buf_addz(out, ";rport=");
		buf_add_u64(out, rport);
	}
	if (differs || (via->has_rport && received.n)) {
		buf_addz(out, ";received=");
		value(out, received);
	}
	end_line(out);
}

/* Copies a header of the request as it came; leaves out what it lacks. */
static void echo(struct buf *out, const struct sip_msg *request, enum sip_hdr hdr)
{
	struct str text = sip_msg_value(request, hdr);
	if (text.p)
		sip_build_header(out, hdr, text);
}

static void echo_to(struct buf *out, const struct sip_build_response *r)
{
	const struct sip_addr *to = r->request->to;
	if (!to->raw.p)
		return;
	begin(out, SIP_HDR_TO);
	value(out, to->raw);
	if (!to->tag.p && r->to_tag.n && r->status != 100) {
		buf_addz(out, ";tag=");
		value(out, r->to_tag);
	}
	end_line(out);
}

void sip_build_response(struct buf *out, const struct sip_build_response *r)
{
	const struct sip_msg *request = r->request;
	buf_addz(out, "SIP/2.0 ");
	buf_add_u64(out, (uint64_t)r->status);
	buf_addc(out, ' ');
	if (r->reason.n)
		value(out, r->reason);
	else
		buf_addz(out, sip_reason_phrase(r->status));
	end_line(out);
	for (const struct sip_via *via = request->via; via; via = via->next) {
		if (via == request->via)
			top_via(out, via, r->received, r->rport);
		else
			sip_build_header(out, SIP_HDR_VIA, via->raw);
	}
	if (r->record_route)
		for (const struct sip_addr *rr = request->record_route; rr; rr = rr->next)
			sip_build_header(out, SIP_HDR_RECORD_ROUTE, rr->raw);
	echo(out, request, SIP_HDR_FROM);
	echo_to(out, r);
	echo(out, request, SIP_HDR_CALL_ID);
	echo(out, request, SIP_HDR_CSEQ);
	if (r->contact.n)
		sip_build_header(out, SIP_HDR_CONTACT, r->contact);
}

void sip_build_end(struct buf *out, struct str content_type, struct str body)
{
	if (body.n)
		sip_build_header(out, SIP_HDR_CONTENT_TYPE, content_type);
	sip_build_number(out, SIP_HDR_CONTENT_LENGTH, body.n);
	end_line(out);
	buf_adds(out, body);
}
