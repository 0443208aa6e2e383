/* RTP packets and the two ends of a stream. Two things are not obvious: a stranger's packets are counted in a
 * row and the count starts again whenever the believed stream speaks, and a relayed run keeps the party's own
 * gaps in sequence and time, so that loss stays visible to the receiver. */
#include "media/rtp.h"

#include "base/clock.h"

#include <string.h>

#define SEQ_FAR 3000 /* RFC 3550 A.1 MAX_DROPOUT */
#define WINDOW 64

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, (uint16_t)(v >> 16));
	put16(p + 2, (uint16_t)v);
}

int rtp_parse(const uint8_t *p, size_t n, struct rtp_packet *ret_packet)
{
	size_t head;

	if (n < RTP_HEADER_SIZE || p[0] >> 6 != 2)
		return -E_SYNTAX;
	head = RTP_HEADER_SIZE + 4 * (size_t)(p[0] & 15);
	if (p[0] & 0x10) {
		if (n < head + 4)
			return -E_SYNTAX;
		head += 4 + 4 * (size_t)get16(p + head + 2);
	}
	if (n < head)
		return -E_SYNTAX;
	if (p[0] & 0x20) {
		size_t padding = p[n - 1];

		if (!padding || padding > n - head)
			return -E_SYNTAX;
		n -= padding;
	}
	*ret_packet = (struct rtp_packet){ .pt = p[1] & 0x7f,
		.marker = p[1] >> 7,
		.seq = get16(p + 2),
		.ts = get32(p + 4),
		.ssrc = get32(p + 8),
		.payload = p + head,
		.n = n - head };
	return 0;
}

void rtp_write_header(uint8_t *dst, const struct rtp_packet *packet)
{
	dst[0] = 0x80;
	dst[1] = (uint8_t)(packet->pt | (packet->marker ? 0x80 : 0));
	put16(dst + 2, packet->seq);
	put32(dst + 4, packet->ts);
	put32(dst + 8, packet->ssrc);
}

bool rtp_is_rtcp(const uint8_t *p, size_t n)
{
	return n >= 2 && p[1] >= 192 && p[1] <= 223;
}

static void update_jitter(struct rtp_source *s, const struct rtp_packet *packet, int64_t now_us)
{
	uint32_t transit = (uint32_t)(now_us * RTP_RATE / CLOCK_S_US) - packet->ts;
	uint32_t ahead = transit - s->transit, behind = s->transit - transit;
	uint32_t distance = ahead < behind ? ahead : behind;

	s->transit = transit;
	if (distance < RTP_RATE)
		s->jitter += distance - ((s->jitter + 8) >> 4);
}

static void believe(struct rtp_source *s, const struct rtp_packet *packet, int64_t now_us)
{
	s->lost_before = rtp_source_lost(s);
	s->believed = true;
	s->ssrc = packet->ssrc;
	s->max_seq = s->run_seq = packet->seq;
	s->base_seq = packet->seq;
	s->seen = 1;
	s->cycles = 0;
	s->received = 1;
	s->expected_prior = s->received_prior = 0;
	s->transit = (uint32_t)(now_us * RTP_RATE / CLOCK_S_US) - packet->ts;
	s->run = 0;
}

static enum rtp_verdict stranger(
	struct rtp_source *s, const struct rtp_packet *packet, unsigned trust, int64_t now_us)
{
	if (s->run && s->run_ssrc == packet->ssrc && packet->seq == (uint16_t)(s->run_seq + 1))
		s->run++;
	else
		s->run = 1;
	s->run_ssrc = packet->ssrc;
	s->run_seq = packet->seq;
	if (s->run < trust)
		return RTP_PROBATION;
	believe(s, packet, now_us);
	return RTP_CHANGED;
}

enum rtp_verdict rtp_source_take(
	struct rtp_source *s, const struct rtp_packet *packet, unsigned trust, int64_t now_us)
{
	uint16_t ahead = (uint16_t)(packet->seq - s->max_seq);
	uint16_t behind = (uint16_t)-ahead;

	if (!s->believed || packet->ssrc != s->ssrc)
		return stranger(s, packet, trust, now_us);
	if (ahead && ahead < SEQ_FAR) {
		if (packet->seq < s->max_seq)
			s->cycles += 1u << 16;
		s->seen = ahead < WINDOW ? s->seen << ahead | 1 : 1;
		s->max_seq = packet->seq;
	} else if (behind < WINDOW) {
		if (s->seen >> behind & 1)
			return RTP_DUPLICATE;
		s->seen |= UINT64_C(1) << behind;
	} else if (behind < SEQ_FAR) {
		return RTP_DUPLICATE;
	} else {
		return stranger(s, packet, trust < 2 ? 2 : trust, now_us);
	}
	s->run = 0;
	s->received++;
	update_jitter(s, packet, now_us);
	return RTP_TAKEN;
}

static uint64_t expected(const struct rtp_source *s)
{
	return s->believed ? (uint64_t)s->cycles + s->max_seq - s->base_seq + 1 : 0;
}

uint64_t rtp_source_lost(const struct rtp_source *s)
{
	uint64_t wanted = expected(s);

	return s->lost_before + (wanted > s->received ? wanted - s->received : 0);
}

uint32_t rtp_source_jitter_us(const struct rtp_source *s)
{
	return (uint32_t)((uint64_t)(s->jitter >> 4) * CLOCK_S_US / RTP_RATE);
}

void rtp_out_init(struct rtp_out *o, uint32_t ssrc, uint16_t seq, uint32_t ts)
{
	*o = (struct rtp_out){ .ssrc = ssrc, .next_seq = seq, .last_ts = ts };
}

void rtp_out_new_run(struct rtp_out *o)
{
	o->in_run = false;
}

uint32_t rtp_out_ts_at(const struct rtp_out *o, int64_t now_us)
{
	if (!o->sent)
		return o->last_ts;
	return o->last_ts + (uint32_t)((now_us - o->last_ts_us) * RTP_RATE / CLOCK_S_US);
}

/* Timestamp of the first packet of a run: by the clock, but never into what was sent already. */
static uint32_t first_ts(const struct rtp_out *o, int64_t now_us)
{
	uint32_t ts = rtp_out_ts_at(o, now_us);

	if (o->sent && (int32_t)(ts - (o->last_ts + o->last_count)) < 0)
		ts = o->last_ts + o->last_count;
	return ts;
}

static void remember(struct rtp_out *o, uint32_t ts, uint32_t samples, int64_t now_us)
{
	o->last_ts = ts;
	o->last_count = samples;
	o->last_ts_us = now_us;
	o->sent = true;
}

void rtp_out_next(struct rtp_out *o, struct rtp_packet *packet, uint32_t samples, int64_t now_us)
{
	bool first = !o->in_run || o->relaying;

	packet->ts = first ? first_ts(o, now_us) : o->last_ts + o->last_count;
	packet->seq = o->next_seq++;
	packet->marker = first;
	packet->ssrc = o->ssrc;
	o->in_run = true;
	o->relaying = false;
	remember(o, packet->ts, samples, now_us);
}

void rtp_out_event(struct rtp_out *o, struct rtp_packet *packet, bool begin, int64_t now_us)
{
	if (begin)
		remember(o, first_ts(o, now_us), 0, now_us);
	packet->ts = o->last_ts;
	packet->seq = o->next_seq++;
	packet->marker = begin;
	packet->ssrc = o->ssrc;
	o->in_run = false;
}

bool rtp_out_relay(struct rtp_out *o, struct rtp_packet *packet, uint32_t samples, int64_t now_us)
{
	bool first = !o->in_run || !o->relaying;
	uint16_t behind;

	if (first) {
		o->run_length = 0;
		o->add_seq = (uint16_t)(o->next_seq - packet->seq);
		o->add_ts = first_ts(o, now_us) - packet->ts;
		o->in_run = o->relaying = true;
	}
	packet->seq = (uint16_t)(packet->seq + o->add_seq);
	behind = (uint16_t)(o->next_seq - packet->seq);
	if (behind && behind < SEQ_FAR && behind > o->run_length)
		return false;
	packet->ts += o->add_ts;
	packet->ssrc = o->ssrc;
	packet->marker = packet->marker || first;
	if (!behind || behind >= SEQ_FAR) {
		o->run_length += (uint16_t)(1 - behind);
		o->next_seq = (uint16_t)(packet->seq + 1);
		remember(o, packet->ts, samples, now_us);
	}
	return true;
}

void rtp_out_count(struct rtp_out *o, size_t payload)
{
	o->packets++;
	o->bytes += payload;
}
