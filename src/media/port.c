/* The life of a port on its media thread. Moving one is detach here and attach there: the sockets stay open
 * and what comes meanwhile waits in them, so a move costs no packet. */
#include "media/port.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "media/mixer.h"
#include "media/secure.h"
#include "media/tap.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define REPORT_SPREAD_US (4 * CLOCK_S_US)
#define CONNECTED_QUIET_US (2 * CLOCK_S_US)

static void on_fast(struct thread *t, struct ticker *ticker)
{
	port_frame(t, CONTAINER_OF(ticker, struct port, fast), NULL);
}

static void watch_silence(struct thread *t, struct port *p)
{
	if (!p->started || p->silent || !(p->direction & MEDIA_RECV) ||
		t->now_us - p->last_in_us < t->silence_us)
		return;
	p->silent = true;
	thread_emit(t, &(struct media_event){ .kind = MEDIA_SILENT, .id = p->id, .tag = p->tag });
}

/* While the party speaks from where SDP said, the socket is connected to him: the kernel finds the way once
 * instead of for each packet, and strangers do not wake us. Silent for two seconds, he may come from
 * elsewhere. */
static void port_connect(struct thread *t, struct port *p)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	bool settled = !p->secure && latch_is_locked(&p->latch) && addr_eq(&p->latch.peer, &p->latch.said) &&
		t->now_us - p->last_in_us < CONNECTED_QUIET_US;

	if (settled == p->connected)
		return;
	if (settled)
		p->connected = !connect(p->rtp.fd, &p->latch.peer.sa, addr_len(&p->latch.peer));
	else
		p->connected = connect(p->rtp.fd, &nobody, sizeof(nobody)) != 0;
}

/* Once a second. */
static void on_slow(struct thread *t, struct ticker *ticker)
{
	struct port *p = CONTAINER_OF(ticker, struct port, slow);
	struct key key;

	watch_silence(t, p);
	port_connect(t, p);
	if (p->secure)
		secure_watch(t, p);
	if (keys_flush(&p->keys_in, t->now_us, &key))
		thread_emit(t,
			&(struct media_event){ .kind = MEDIA_DTMF,
				.id = p->id,
				.tag = p->tag,
				.dtmf = { .key = key.c, .duration_ms = key.duration_ms } });
	if (t->now_us >= p->next_report_us && p->negotiated)
		port_report(t, p, false);
}

struct port *port_new(uint64_t id, uint64_t tag, const struct pair_open *pair)
{
	struct port *p = mem_alloc(sizeof(*p));
	uint32_t random[3];

	id_random(random, sizeof(random));
	p->id = id;
	p->tag = tag;
	p->rtp = (struct poller){ .fd = pair->fds[0], .fn = port_on_rtp };
	p->rtcp = (struct poller){ .fd = pair->fds[1], .fn = port_on_rtcp };
	p->fast.fn = on_fast;
	p->slow.fn = on_slow;
	p->direction = MEDIA_SENDRECV;
	p->stale_ssrc = pair->stale_ssrc;
	rtp_out_init(&p->out, random[0], (uint16_t)random[1], random[2]);
	id_token(p->cname, sizeof(p->cname) - 4);
	return p;
}

void port_attach(struct thread *t, struct port *p)
{
	p->thread = t;
	LIST_INSERT_HEAD(&t->ports, p, link);
	atomic_fetch_add_explicit(&t->counts.ports, 1, memory_order_relaxed);
	if (thread_poll(t, &p->rtp) || (p->rtcp.fd >= 0 && thread_poll(t, &p->rtcp)))
		thread_emit(t,
			&(struct media_event){
				.kind = MEDIA_SILENT, .id = p->id, .tag = p->tag, .err = -E_SYSTEM });
	if (!p->last_in_us)
		p->last_in_us = t->now_us;
	if (!p->next_report_us)
		p->next_report_us = t->now_us + CLOCK_S_US + (int64_t)(p->out.ssrc % REPORT_SPREAD_US);
	thread_tick_slow(t, &p->slow);
	if (p->secure)
		secure_attach(t, p);
	port_retick(t, p);
}

void port_detach(struct thread *t, struct port *p)
{
	if (p->mixer)
		mixer_remove(t, p->mixer, p);
	if (p->tap)
		tap_unfeed(t, p->tap, p);
	port_play_stop(t, p, -E_CANCELLED);
	if (p->secure)
		secure_detach(t, p);
	thread_untick(t, &p->fast);
	thread_untick(t, &p->slow);
	thread_unpoll(t, &p->rtp);
	if (p->rtcp.fd >= 0)
		thread_unpoll(t, &p->rtcp);
	LIST_REMOVE(p, link);
	atomic_fetch_sub_explicit(&t->counts.ports, 1, memory_order_relaxed);
	rtp_out_new_run(&p->out);
	p->relayed = 0;
	p->thread = NULL;
}

static struct media_stats port_stats(const struct port *p)
{
	return (struct media_stats){ .packets_in = p->packets_in,
		.bytes_in = p->bytes_in,
		.packets_out = p->out.packets,
		.bytes_out = p->out.bytes,
		.lost = rtp_source_lost(&p->in),
		.dropped = p->dropped,
		.jitter_us = rtp_source_jitter_us(&p->in),
		.peer_lost = p->peer_lost,
		.round_trip_us = p->round_trip_us,
		.ssrc_in = p->in.believed ? p->in.ssrc : 0 };
}

void port_end(struct thread *t, struct port *p)
{
	port_report(t, p, true);
	port_detach(t, p);
	thread_emit(t,
		&(struct media_event){
			.kind = MEDIA_CLOSED, .id = p->id, .tag = p->tag, .stats = port_stats(p) });
	secure_free(p->secure);
	close(p->rtp.fd);
	if (p->rtcp.fd >= 0)
		close(p->rtcp.fd);
	free(p->relays);
	free(p->jitter);
	free(p);
}

/* An address of SDP; none when it is empty, any, or has no port. */
static struct addr said_addr(const struct media_addr *a)
{
	struct addr addr = { 0 };

	if (!a->port || addr_from_host(str_from(a->ip), a->port, &addr) || addr_is_any(&addr))
		return (struct addr){ 0 };
	return addr;
}

void port_set_remote(struct thread *t, struct port *p, const struct media_remote *remote)
{
	struct addr said = said_addr(&remote->rtp);

	if (p->secure)
		secure_set_remote(t, p, remote);
	else
		latch_say(&p->latch, &said);
	p->rtcp_said = said_addr(&remote->rtcp);
	p->mux = remote->rtcp_mux || p->secure;
	p->no_latch = remote->no_latch;
	port_connect(t, p);
	p->codec = remote->codec;
	p->pt = remote->pt;
	p->dtmf_pt = remote->dtmf_pt;
	p->pt_recv = remote->pt_recv ? remote->pt_recv : remote->pt;
	p->dtmf_pt_recv = remote->dtmf_pt_recv ? remote->dtmf_pt_recv : remote->dtmf_pt;
	if (remote->direction != (enum media_direction)p->direction) {
		p->last_in_us = t->now_us;
		p->silent = false;
	}
	p->direction = remote->direction;
	p->negotiated = true;
}

void port_start(struct thread *t, struct port *p)
{
	p->started = true;
	p->last_in_us = t->now_us;
}

void port_mute(struct thread *t, struct port *p, bool on)
{
	if (p->muted == on)
		return;
	p->muted = on;
	if (p->mixer)
		mixer_plan(t, p->mixer);
}

void port_retick(struct thread *t, struct port *p)
{
	if (p->mode != PORT_MIX && (p->player || keys_out_busy(&p->keys_out) || p->mode == PORT_SILENCE)) {
		thread_tick_fast(t, &p->fast);
	} else {
		thread_untick(t, &p->fast);
		if (p->mode != PORT_MIX && !p->out.relaying)
			rtp_out_new_run(&p->out);
	}
}

void port_keys(struct thread *t, struct port *p, const char *keys, int on_ms, int off_ms)
{
	if (!keys_out_add(&p->keys_out, keys, on_ms, off_ms))
		port_retick(t, p);
}

/* A mixing player makes a mix of what was relayed. */
static void replan(struct thread *t, struct port *p, bool mix_changed)
{
	if (p->mixer && mix_changed)
		mixer_plan(t, p->mixer);
	port_retick(t, p);
}

void port_play(
	struct thread *t, struct port *p, struct player *player, const struct media_play *play, uint64_t id)
{
	port_play_stop(t, p, -E_CANCELLED);
	p->player = player;
	p->play_id = id;
	p->play_tag = play->tag;
	p->play_mix = play->mix;
	p->play_waited = 0;
	replan(t, p, play->mix);
}

void port_play_stop(struct thread *t, struct port *p, int err)
{
	struct media_event event = { .kind = MEDIA_PLAYED, .id = p->play_id, .tag = p->play_tag, .err = err };

	if (!p->player)
		return;
	event.play.stream = p->id;
	event.play.played_ms = p->player->played / 8;
	player_free(TAKE(p->player));
	p->play_id = 0;
	replan(t, p, p->play_mix);
	thread_emit(t, &event);
}
