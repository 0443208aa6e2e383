/* Our stream to a party. Whatever feeds it (a relayed speaker, the mix, a player, keys) goes through rtp_out,
 * so the party sees one SSRC with one sequence and one time line. */
#include "media/port.h"

#include "base/clock.h"
#include "media/mixer.h"
#include "media/rtcp.h"
#include "media/secure.h"

#include <string.h>
#include <sys/socket.h>

#define HEADROOM RTP_HEADER_SIZE
#define RELAY_MAX 1400 /* bytes of payload */
#define REPORT_US (5 * CLOCK_S_US)
#define PLAY_WAIT_TICKS 250 /* five seconds */

static bool may_send(const struct thread *t, const struct port *p)
{
	if (p->secure && !secure_may_send(p, t->now_us))
		return false;
	return p->negotiated && p->direction & MEDIA_SEND && addr_is_set(latch_target(&p->latch));
}

static const struct addr *rtp_target(const struct port *p)
{
	return p->no_latch && addr_is_set(&p->latch.said) ? &p->latch.said : latch_target(&p->latch);
}

/* Sends the payload that stands in t->copy behind the room for a header. */
static void send_packet(struct thread *t, struct port *p, const struct rtp_packet *packet)
{
	const struct addr *to = rtp_target(p);
	size_t n = RTP_HEADER_SIZE + packet->n;

	rtp_write_header(t->copy, packet);
	if (p->secure && !secure_protect(p, t->copy, &n, false))
		return;
	if (sendto(p->rtp.fd, t->copy, n, MSG_DONTWAIT | MSG_NOSIGNAL, p->connected ? NULL : &to->sa,
		    p->connected ? 0 : addr_len(to)) != (ssize_t)n)
		return;
	rtp_out_count(&p->out, packet->n);
	thread_count(&t->counts.packets_out, 1);
}

/* Whether something of our own keeps relayed packets out. */
static bool is_taken(const struct port *p)
{
	return (p->player && !p->play_mix) || keys_out_busy(&p->keys_out);
}

static bool relay_fields(
	struct thread *t, const struct port *from, struct port *to, struct rtp_packet *packet)
{
	if (!may_send(t, to) || is_taken(to) || packet->n > RELAY_MAX)
		return false;
	if (to->relayed != from->id || to->relayed_epoch != from->epoch)
		rtp_out_new_run(&to->out);
	to->relayed = from->id;
	to->relayed_epoch = from->epoch;
	return rtp_out_relay(&to->out, packet, (uint32_t)packet->n, t->now_us);
}

static void transform(
	uint8_t *dst, const struct rtp_packet *packet, enum media_codec from, enum media_codec to, int gain)
{
	const uint8_t *src = packet->payload;

	if (gain != MEDIA_UNITY)
		for (size_t i = 0; i < packet->n; i++)
			dst[i] = law_encode(to, law_linear[from][src[i]] * gain / MEDIA_UNITY);
	else if (from != to)
		for (size_t i = 0; i < packet->n; i++)
			dst[i] = law_convert[from][src[i]];
	else
		memcpy(dst, src, packet->n);
}

void port_relay(struct thread *t, const struct port *from, const struct relay *relay,
	const struct rtp_packet *packet, enum media_codec codec)
{
	struct port *to = relay->to;
	struct rtp_packet out = *packet;

	if (!relay_fields(t, from, to, &out))
		return;
	out.pt = to->pt;
	transform(t->copy + HEADROOM, packet, codec, to->codec, relay->gain);
	send_packet(t, to, &out);
}

void port_relay_key(
	struct thread *t, const struct port *from, const struct relay *relay, const struct rtp_packet *packet)
{
	struct port *to = relay->to;
	struct rtp_packet out = *packet;

	if (!to->dtmf_pt || !relay_fields(t, from, to, &out))
		return;
	out.pt = to->dtmf_pt;
	memcpy(t->copy + HEADROOM, packet->payload, packet->n);
	send_packet(t, to, &out);
}

static void send_key(struct thread *t, struct port *p)
{
	struct rtp_packet out = { .pt = p->dtmf_pt, .n = KEYS_PAYLOAD_SIZE };
	enum keys_step step = keys_out_step(&p->keys_out, t->copy + HEADROOM);

	if (step == KEYS_PAUSE || !may_send(t, p))
		return;
	rtp_out_event(&p->out, &out, step == KEYS_BEGIN, t->now_us);
	send_packet(t, p, &out);
}

static void add(int16_t *dst, const int16_t *src)
{
	for (size_t i = 0; i < LAW_FRAME; i++) {
		int v = dst[i] + src[i];

		dst[i] = (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
	}
}

/* What the party hears of us in these 20 ms. */
static void compose(struct thread *t, struct port *p, const int16_t *mix, int16_t frame[LAW_FRAME])
{
	int16_t played[LAW_FRAME];
	bool plays = p->player && player_next(p->player, played);

	if (p->player && !plays)
		port_play_stop(t, p, 0);
	if (plays && !p->play_mix) {
		memcpy(frame, played, sizeof(played));
		return;
	}
	if (mix)
		memcpy(frame, mix, sizeof(played));
	else
		memset(frame, 0, sizeof(played));
	if (plays)
		add(frame, played);
}

/* What is played to a leg that is still shaking hands, or whose answer is still to come, waits for it a
 * while: a greeting should not begin in its middle. */
static bool waits(struct thread *t, struct port *p)
{
	bool deaf = !p->negotiated || (p->secure && !secure_may_send(p, t->now_us));

	return p->player && deaf && p->play_waited++ < PLAY_WAIT_TICKS;
}

void port_frame(struct thread *t, struct port *p, const int16_t *mix)
{
	struct rtp_packet out = { .n = LAW_FRAME };
	int16_t frame[LAW_FRAME];
	bool idle;

	if (keys_out_busy(&p->keys_out)) {
		send_key(t, p);
		if (!keys_out_busy(&p->keys_out))
			port_retick(t, p);
		return;
	}
	if (waits(t, p))
		return;
	compose(t, p, mix, frame);
	idle = !p->player && p->mode != PORT_MIX && p->mode != PORT_SILENCE;
	if (idle)
		return;
	out.pt = p->pt;
	if (!may_send(t, p)) {
		rtp_out_new_run(&p->out);
		return;
	}
	rtp_out_next(&p->out, &out, LAW_FRAME, t->now_us);
	law_encode_block(p->codec, frame, LAW_FRAME, t->copy + HEADROOM);
	send_packet(t, p, &out);
}

static void fill_block(struct thread *t, struct port *p, struct rtcp_report *r)
{
	struct rtp_source *in = &p->in;
	uint64_t lost = rtp_source_lost(in);
	uint64_t expected = in->received + (lost - in->lost_before);
	uint64_t wanted = expected - in->expected_prior, got = in->received - in->received_prior;

	if (!in->believed)
		return;
	in->expected_prior = expected;
	in->received_prior = in->received;
	r->has_block = true;
	r->block = (struct rtcp_block){ .ssrc = in->ssrc,
		.fraction = (uint8_t)(wanted > got ? (wanted - got) * 255 / wanted : 0),
		.lost = (int32_t)(lost < 0x7fffff ? lost : 0x7fffff),
		.max_seq = in->cycles + in->max_seq,
		.jitter = in->jitter >> 4,
		.last_sr = p->last_sr };
	if (p->last_sr)
		r->block.delay = (uint32_t)(((t->now_us - p->last_sr_us) << 16) / CLOCK_S_US);
}

/* Where reports go: where SDP said while the party is where SDP said, else beside his RTP. */
static struct addr report_target(const struct port *p)
{
	struct addr to = *rtp_target(p);

	if (p->mux)
		return to;
	if (addr_is_set(&p->rtcp_said) && addr_eq(&to, &p->latch.said))
		return p->rtcp_said;
	addr_set_port(&to, (uint16_t)(addr_port(&to) + 1));
	return to;
}

void port_report(struct thread *t, struct port *p, bool bye)
{
	struct rtcp_report r = { .ssrc = p->out.ssrc, .sender = p->out.sent, .bye = bye };
	int fd = p->mux ? p->rtp.fd : p->rtcp.fd;
	uint8_t bytes[RTCP_SIZE_MAX + SEAL_ROOM];
	struct addr to;
	size_t n;

	if (!p->negotiated || !addr_is_set(rtp_target(p)) || fd < 0)
		return;
	to = report_target(p);
	r.ntp = rtcp_ntp(t->now_wall_ms);
	r.rtp_ts = rtp_out_ts_at(&p->out, t->now_us);
	r.packets = (uint32_t)p->out.packets;
	r.bytes = (uint32_t)p->out.bytes;
	fill_block(t, p, &r);
	n = rtcp_build(bytes, &r, p->cname);
	if (p->secure && (!secure_may_send(p, t->now_us) || !secure_protect(p, bytes, &n, true)))
		return;
	sendto(fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL, &to.sa, addr_len(&to));
	p->next_report_us = t->now_us + REPORT_US;
}
