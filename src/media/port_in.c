/* A party's packets on their way in: is it RTP, is it his, is it new; then keys, the record, and whoever
 * hears him. The record comes first because relaying may change nothing it needs, and the packet itself is
 * never altered. */
#include "media/port.h"

#include "base/clock.h"
#include "base/mem.h"
#include "media/rtcp.h"
#include "media/secure.h"
#include "media/tap.h"

#include <sys/socket.h>

#define PT_COMFORT_NOISE 13

static ssize_t receive(struct thread *t, int fd, struct addr *ret_from)
{
	socklen_t length = sizeof(*ret_from);

	*ret_from = (struct addr){ 0 };
	return recvfrom(fd, t->packet, THREAD_PACKET, MSG_DONTWAIT, &ret_from->sa, &length);
}

static void drop(struct thread *t, struct port *p)
{
	p->dropped++;
	thread_count(&t->counts.dropped, 1);
}

/* The codec of a packet's payload type; false when it is no sound of ours. */
static bool codec_of(const struct port *p, uint8_t pt, enum media_codec *ret_codec)
{
	if (pt == 8)
		*ret_codec = MEDIA_PCMA;
	else if (pt == 0)
		*ret_codec = MEDIA_PCMU;
	else if (p->negotiated && pt == p->pt_recv)
		*ret_codec = p->codec;
	else
		return false;
	return true;
}

static void emit_key(struct thread *t, const struct port *p, struct key key)
{
	thread_emit(t,
		&(struct media_event){ .kind = MEDIA_DTMF,
			.id = p->id,
			.tag = p->tag,
			.dtmf = { .key = key.c, .duration_ms = key.duration_ms } });
}

static void take_key(struct thread *t, struct port *p, const struct rtp_packet *packet)
{
	struct key keys[2];
	size_t n = keys_take(&p->keys_in, packet, t->now_us, keys);

	for (size_t i = 0; i < n; i++)
		emit_key(t, p, keys[i]);
	if (p->muted)
		return;
	for (size_t i = 0; i < p->n_relays; i++)
		port_relay_key(t, p, &p->relays[i], packet);
}

static void take_sound(
	struct thread *t, struct port *p, const struct rtp_packet *packet, enum media_codec codec)
{
	if (p->muted || !(p->direction & MEDIA_RECV) || !packet->n)
		return;
	if (p->tap)
		tap_take(t, p, packet, codec);
	if (p->mixed && p->jitter)
		jitter_put(p->jitter, packet, codec);
	for (size_t i = 0; i < p->n_relays; i++)
		port_relay(t, p, &p->relays[i], packet, codec);
}

static void begin_epoch(struct port *p)
{
	p->epoch++;
	p->feed.anchored = false;
	p->keys_in = (struct keys_in){ 0 };
	if (p->jitter)
		jitter_reset(p->jitter);
}

static void note_arrival(struct thread *t, struct port *p, size_t payload)
{
	p->packets_in++;
	p->bytes_in += payload;
	p->last_in_us = t->now_us;
	thread_count(&t->counts.packets_in, 1);
	if (p->silent) {
		p->silent = false;
		thread_emit(t, &(struct media_event){ .kind = MEDIA_SOUND, .id = p->id, .tag = p->tag });
	}
}

static void note_first(struct thread *t, struct port *p, const struct addr *from)
{
	struct media_event event = { .kind = MEDIA_FIRST_PACKET, .id = p->id, .tag = p->tag };
	char host[ADDR_STRLEN];

	p->first_seen = true;
	(void)str_copy(str_from(addr_to_host(from, host)), event.peer.ip, sizeof(event.peer.ip));
	event.peer.port = addr_port(from);
	thread_emit(t, &event);
}

/* Whether the packet counts: right kind, right sender, not seen before. */
static bool admit(struct thread *t, struct port *p, const struct rtp_packet *packet, const struct addr *from)
{
	enum rtp_verdict verdict;

	if (p->stale_ssrc == packet->ssrc && p->stale_ssrc && !addr_eq(from, &p->latch.said))
		return false;
	if (!p->secure && !latch_take(&p->latch, from, packet, t->now_us))
		return false;
	verdict = rtp_source_take(&p->in, packet, p->in.believed ? 2 : 1, t->now_us);
	if (verdict == RTP_CHANGED)
		begin_epoch(p);
	return verdict == RTP_TAKEN || verdict == RTP_CHANGED;
}

void port_take_rtp(struct thread *t, struct port *p, const uint8_t *bytes, size_t n, const struct addr *from)
{
	struct rtp_packet packet;
	enum media_codec codec = MEDIA_PCMA;
	bool key, sound;

	if (rtp_parse(bytes, n, &packet)) {
		drop(t, p);
		return;
	}
	key = p->dtmf_pt_recv && packet.pt == p->dtmf_pt_recv;
	sound = !key && codec_of(p, packet.pt, &codec);
	if ((!key && !sound && packet.pt != PT_COMFORT_NOISE) || !admit(t, p, &packet, from)) {
		drop(t, p);
		return;
	}
	note_arrival(t, p, packet.n);
	if (!p->first_seen)
		note_first(t, p, from);
	if (key)
		take_key(t, p, &packet);
	else if (sound)
		take_sound(t, p, &packet, codec);
}

void port_take_rtcp(struct thread *t, struct port *p, const uint8_t *bytes, size_t n)
{
	struct rtcp_report r;

	if (rtcp_parse(bytes, n, p->out.ssrc, &r)) {
		drop(t, p);
		return;
	}
	if (r.sender && p->in.believed && r.ssrc == p->in.ssrc) {
		p->last_sr = rtcp_ntp_middle(r.ntp);
		p->last_sr_us = t->now_us;
	}
	if (!r.has_block)
		return;
	p->peer_lost = r.block.lost > 0 ? (uint32_t)r.block.lost : 0;
	if (r.block.last_sr) {
		uint32_t trip = rtcp_ntp_middle(rtcp_ntp(t->now_wall_ms)) - r.block.last_sr - r.block.delay;

		if (trip < 60u << 16)
			p->round_trip_us = (uint32_t)((uint64_t)trip * CLOCK_S_US >> 16);
	}
}

void port_on_rtp(struct thread *t, struct poller *poller)
{
	struct port *p = CONTAINER_OF(poller, struct port, rtp);
	struct addr from;
	ssize_t n = receive(t, poller->fd, &from);

	if (n <= 0)
		return;
	if (p->secure) {
		secure_take(t, p, t->packet, (size_t)n, &from);
		return;
	}
	if (rtp_is_rtcp(t->packet, (size_t)n)) {
		if (p->mux && addr_eq(&from, latch_target(&p->latch)))
			port_take_rtcp(t, p, t->packet, (size_t)n);
		return;
	}
	port_take_rtp(t, p, t->packet, (size_t)n, &from);
}

void port_on_rtcp(struct thread *t, struct poller *poller)
{
	struct port *p = CONTAINER_OF(poller, struct port, rtcp);
	struct addr from;
	ssize_t n = receive(t, poller->fd, &from);

	if (n <= 0)
		return;
	if (addr_eq_host(&from, latch_target(&p->latch)) && rtp_is_rtcp(t->packet, (size_t)n))
		port_take_rtcp(t, p, t->packet, (size_t)n);
	else
		drop(t, p);
}
