/* The stream framer. The head ends at CRLF CRLF, the same rule as in the message parser; only Content-Length
 * is read here, and only to know where the message ends: everything else, and every fault, is the parser's.
 * Bytes taken out stay in place until the next feed, so that the view of a message needs no copy. */
#include "sip/framer.h"

#include "sip/msg.h"

#include <string.h>

/* A message of full size and one read behind it. */
#define IN_MAX (SIP_MSG_MAX + 65536)

void sip_framer_init(struct sip_framer *f)
{
	*f = (struct sip_framer){ 0 };
	buf_init(&f->in, IN_MAX);
}

void sip_framer_done(struct sip_framer *f)
{
	buf_done(&f->in);
}

int sip_framer_feed(struct sip_framer *f, struct str bytes)
{
	if (f->at)
		buf_consume(&f->in, f->at);
	f->at = 0;
	if (f->broken)
		return 0;
	buf_adds(&f->in, bytes);
	return buf_err(&f->in);
}

static struct str pending(const struct sip_framer *f)
{
	return str_sub(buf_str(&f->in), f->at, f->in.n);
}

/* Length of the head with its empty line, 0 while it has no end. */
static size_t find_head(struct sip_framer *f, struct str in)
{
	const char *p = in.p + f->scanned;
	while (in.n - (size_t)(p - in.p) >= 4) {
		const char *hit = memchr(p, '\r', in.n - (size_t)(p - in.p) - 3);
		if (!hit)
			break;
		if (!memcmp(hit, "\r\n\r\n", 4))
			return (size_t)(hit - in.p) + 4;
		p = hit + 1;
	}
	f->scanned = in.n >= 3 ? in.n - 3 : 0;
	return 0;
}

/* Cuts off one header field with its folded lines. */
static struct str next_field(struct str *head)
{
	size_t i = 0;
	while (i + 2 < head->n) {
		if (head->p[i] == '\r' && head->p[i + 1] == '\n' && head->p[i + 2] != ' ' &&
			head->p[i + 2] != '\t')
			break;
		i++;
	}
	struct str field = str_sub(*head, 0, i);
	*head = str_sub(*head, i + 2, head->n);
	return field;
}

/* Reads the one Content-Length; without it, or with two, the message's end is unknown. */
static int body_length(struct str head, uint32_t *ret_length)
{
	bool found = false;
	next_field(&head);
	while (head.n) {
		struct str value = next_field(&head);
		struct str name = str_trim(str_cut(&value, ':'));
		if (sip_hdr_of(name) != SIP_HDR_CONTENT_LENGTH)
			continue;
		if (found || str_to_u32(str_trim(value), SIP_MSG_MAX, ret_length))
			return -E_SYNTAX;
		found = true;
	}
	return found ? 0 : -E_SYNTAX;
}

static enum sip_frame broken(struct sip_framer *f, size_t n, struct str *ret_bytes)
{
	*ret_bytes = str_sub(pending(f), 0, n);
	f->at = f->in.n;
	f->broken = true;
	return SIP_FRAME_BROKEN;
}

/* CRLFs before a message: two are a ping, one is a pong or nothing (RFC 3261 7.5). The first of two that come
 * apart has gone out as a pong by then, which nobody minds. */
static enum sip_frame keep_alive(struct sip_framer *f)
{
	struct str in = pending(f);
	if (in.n && in.p[0] != '\r')
		f->crlf = false;
	if (in.n < 2 || in.p[0] != '\r' || in.p[1] != '\n')
		return SIP_FRAME_NONE;
	bool both = !f->crlf && in.n >= 4 && in.p[2] == '\r' && in.p[3] == '\n';
	bool ping = f->crlf || both;
	f->at += both ? 4 : 2;
	f->crlf = !ping;
	return ping ? SIP_FRAME_PING : SIP_FRAME_PONG;
}

enum sip_frame sip_framer_next(struct sip_framer *f, struct str *ret_bytes)
{
	uint32_t length;
	*ret_bytes = STR_NONE;
	if (f->broken)
		return SIP_FRAME_NONE;
	if (!f->need) {
		enum sip_frame kind = keep_alive(f);
		if (kind != SIP_FRAME_NONE)
			return kind;
		struct str in = pending(f);
		size_t head = find_head(f, in);
		if (!head)
			return in.n > SIP_MSG_MAX ? broken(f, SIP_MSG_MAX, ret_bytes) : SIP_FRAME_NONE;
		f->scanned = 0;
		if (body_length(str_sub(in, 0, head), &length) || head + length > SIP_MSG_MAX)
			return broken(f, head, ret_bytes);
		f->need = head + length;
	}
	if (pending(f).n < f->need)
		return SIP_FRAME_NONE;
	*ret_bytes = str_sub(pending(f), 0, f->need);
	f->at += f->need;
	f->need = 0;
	return SIP_FRAME_MESSAGE;
}

bool sip_framer_is_midway(const struct sip_framer *f)
{
	return f->at < f->in.n && !f->broken;
}
