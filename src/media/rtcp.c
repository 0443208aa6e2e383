/* RTCP in and out. The parser walks every part to its end before it believes any, because a compound packet
 * that does not add up is noise (RFC 3550 A.2). */
#include "media/rtcp.h"

#include <string.h>

#define PARTS_MAX 32
#define BLOCK_SIZE 24
#define NTP_UNIX INT64_C(2208988800) /* seconds from 1900 to 1970 */

enum rtcp_type { RTCP_SR = 200, RTCP_RR = 201, RTCP_SDES = 202, RTCP_BYE = 203 };

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*p++ = (uint8_t)(v >> shift);
	return p;
}

static void read_block(const uint8_t *p, struct rtcp_block *b)
{
	uint32_t loss = get32(p + 4);

	b->ssrc = get32(p);
	b->fraction = (uint8_t)(loss >> 24);
	b->lost = (int32_t)(loss & 0xffffff);
	if (b->lost & 0x800000)
		b->lost -= 0x1000000;
	b->max_seq = get32(p + 8);
	b->jitter = get32(p + 12);
	b->last_sr = get32(p + 16);
	b->delay = get32(p + 20);
}

/* One SR or RR of n bytes, header included. */
static int read_report(const uint8_t *p, size_t n, uint32_t about, struct rtcp_report *r)
{
	size_t count = p[0] & 31;
	size_t head = p[1] == RTCP_SR ? 28 : 8;

	if (n < head + count * BLOCK_SIZE)
		return -E_SYNTAX;
	r->ssrc = get32(p + 4);
	if (p[1] == RTCP_SR) {
		r->sender = true;
		r->ntp = (uint64_t)get32(p + 8) << 32 | get32(p + 12);
		r->rtp_ts = get32(p + 16);
		r->packets = get32(p + 20);
		r->bytes = get32(p + 24);
	}
	for (size_t i = 0; i < count; i++) {
		const uint8_t *block = p + head + i * BLOCK_SIZE;

		if (get32(block) != about)
			continue;
		r->has_block = true;
		read_block(block, &r->block);
	}
	return 0;
}

/* Of the packet at p, header included; 0 when it is none, or not the last though it is padded. */
static size_t length_of(const uint8_t *p, size_t n)
{
	if (n < 4 || p[0] >> 6 != 2)
		return 0;
	size_t length = 4 * ((size_t)p[2] << 8 | p[3]) + 4;
	return length > n || (p[0] & 0x20 && length != n) ? 0 : length;
}

int rtcp_parse(const uint8_t *p, size_t n, uint32_t about, struct rtcp_report *ret_report)
{
	struct rtcp_report r = { 0 };

	if (n < 8 || (p[1] != RTCP_SR && p[1] != RTCP_RR))
		return -E_SYNTAX;
	for (int part = 0; n; part++) {
		size_t length = length_of(p, n);
		int err = 0;

		if (part == PARTS_MAX || !length)
			return -E_SYNTAX;
		if (p[1] == RTCP_SR || p[1] == RTCP_RR)
			err = read_report(p, length, about, &r);
		else if (p[1] == RTCP_BYE)
			r.bye = true;
		if (err)
			return err;
		p += length;
		n -= length;
	}
	*ret_report = r;
	return 0;
}

static uint8_t *put_head(uint8_t *p, unsigned count, enum rtcp_type type, size_t bytes)
{
	return put32(p, 2u << 30 | count << 24 | (uint32_t)type << 16 | (uint32_t)(bytes / 4 - 1));
}

static uint8_t *put_block(uint8_t *p, const struct rtcp_block *b)
{
	p = put32(p, b->ssrc);
	p = put32(p, (uint32_t)b->fraction << 24 | ((uint32_t)b->lost & 0xffffff));
	p = put32(p, b->max_seq);
	p = put32(p, b->jitter);
	p = put32(p, b->last_sr);
	return put32(p, b->delay);
}

size_t rtcp_build(uint8_t *dst, const struct rtcp_report *r, const char *cname)
{
	size_t name = strnlen(cname, 63);
	size_t sdes = (4 + 4 + 2 + name + 1 + 3) / 4 * 4; /* ended by one to four zeros */
	uint8_t *p = dst;

	p = put_head(p, r->has_block, r->sender ? RTCP_SR : RTCP_RR,
		(r->sender ? 28u : 8u) + (r->has_block ? BLOCK_SIZE : 0u));
	p = put32(p, r->ssrc);
	if (r->sender) {
		p = put32(p, (uint32_t)(r->ntp >> 32));
		p = put32(p, (uint32_t)r->ntp);
		p = put32(p, r->rtp_ts);
		p = put32(p, r->packets);
		p = put32(p, r->bytes);
	}
	if (r->has_block)
		p = put_block(p, &r->block);
	memset(p, 0, sdes);
	put32(put_head(p, 1, RTCP_SDES, sdes), r->ssrc);
	p[8] = 1;
	p[9] = (uint8_t)name;
	memcpy(p + 10, cname, name);
	p += sdes;
	if (r->bye)
		p = put32(put_head(p, 1, RTCP_BYE, 8), r->ssrc);
	return (size_t)(p - dst);
}

uint64_t rtcp_ntp(int64_t wall_ms)
{
	uint64_t seconds = (uint64_t)(wall_ms / 1000 + NTP_UNIX);

	return seconds << 32 | ((uint64_t)(wall_ms % 1000) << 32) / 1000;
}

uint32_t rtcp_ntp_middle(uint64_t ntp)
{
	return (uint32_t)(ntp >> 16);
}
