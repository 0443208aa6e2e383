/* Streams as the signalling thread sees them. */
#include "media/media_int.h"

#include "base/clock.h"
#include "base/mem.h"

#include <string.h>
#include <unistd.h>

static void do_attach(struct thread *t, struct msg *msg)
{
	port_attach(t, ((struct order *)msg)->port);
}

static void do_remote(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	port_set_remote(t, o->port, &o->remote);
}

static void do_start(struct thread *t, struct msg *msg)
{
	port_start(t, ((struct order *)msg)->port);
}

static void do_mute(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	port_mute(t, o->port, o->value);
}

static void do_keys(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	port_keys(t, o->port, o->keys, o->value, o->more);
}

static void do_close(struct thread *t, struct msg *msg)
{
	port_end(t, ((struct order *)msg)->port);
}

static void do_leave(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	port_detach(t, o->port);
	thread_hand_over(o->to, o->id, o->port);
}

static void do_await(struct thread *t, struct msg *msg)
{
	thread_await(t, ((struct order *)msg)->id);
}

static void do_restart_ice(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	(void)t;
	secure_restart(o->port, &o->ice);
}

static struct order *port_order(const struct slot *stream, msg_fn fn)
{
	struct order *o = media_order(fn);

	o->port = stream->stream.port;
	return o;
}

void media_stream_to_thread(struct media *m, struct slot *stream, unsigned thread)
{
	unsigned from = stream->thread;
	struct order *leave, *await;

	if (from == thread)
		return;
	leave = port_order(stream, do_leave);
	await = media_order(do_await);
	leave->id = await->id = ++m->last_ticket;
	leave->to = m->threads[thread];
	media_send(m, from, leave);
	media_send(m, thread, await);
	m->load[from]--;
	m->load[thread]++;
	stream->thread = thread;
}

static void fill_secret(const struct media *m, const struct ice_secret *secret, struct media_local *local)
{
	memcpy(local->ice_ufrag, secret->ufrag, sizeof(local->ice_ufrag));
	memcpy(local->ice_pwd, secret->pwd, sizeof(local->ice_pwd));
	memcpy(local->fingerprint, dtls_context_fingerprint(m->dtls), sizeof(local->fingerprint));
}

static void fill_local(const struct media *m, const struct port *p, uint16_t port, struct media_local *local)
{
	memcpy(local->rtp.ip, m->public, sizeof(local->rtp.ip));
	local->rtp.port = port;
	local->rtcp_port = (uint16_t)(p->rtcp.fd >= 0 ? port + 1 : port);
	local->ssrc = p->out.ssrc;
	memcpy(local->cname, p->cname, sizeof(local->cname));
}

int media_stream_open(
	struct media *m, const struct media_stream_options *options, struct media_local *ret_local)
{
	struct slot *group = media_slot(m, options->group, SLOT_GROUP);
	struct media_local local = { 0 };
	struct slot *slot;
	unsigned thread;
	struct pair_open pair;
	int err;

	if (!group)
		return -E_NOT_FOUND;
	err = pairs_open(m->pairs, !options->secure, clock_mono_us(), &pair);
	if (err)
		return err;
	thread = group->thread;
	local.stream = media_slot_new(m, SLOT_STREAM, thread, &slot);
	slot->stream.udp_port = pair.port;
	slot->stream.port = port_new(local.stream, options->tag, &pair);
	fill_local(m, slot->stream.port, pair.port, &local);
	if (options->secure) {
		struct ice_secret secret;

		ice_secret_make(&secret);
		slot->stream.port->secure = secure_new(m->dtls, &secret);
		slot->stream.secure = true;
		fill_secret(m, &secret, &local);
	}
	m->load[thread]++;
	media_send(m, thread, port_order(slot, do_attach));
	*ret_local = local;
	return 0;
}

int media_stream_set_remote(struct media *m, uint64_t stream, const struct media_remote *remote)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM);
	struct order *o;

	if (!slot)
		return -E_NOT_FOUND;
	slot->stream.has_keys = remote->dtmf_pt;
	o = port_order(slot, do_remote);
	o->remote = *remote;
	media_send(m, slot->thread, o);
	return 0;
}

int media_stream_restart_ice(struct media *m, uint64_t stream, struct media_local *ret_local)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM);
	struct order *o;

	if (!slot)
		return -E_NOT_FOUND;
	if (!slot->stream.secure)
		return -E_UNSUPPORTED;
	o = port_order(slot, do_restart_ice);
	ice_secret_make(&o->ice);
	fill_secret(m, &o->ice, ret_local);
	media_send(m, slot->thread, o);
	return 0;
}

void media_stream_start(struct media *m, uint64_t stream)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM);

	if (slot)
		media_send(m, slot->thread, port_order(slot, do_start));
}

void media_stream_mute(struct media *m, uint64_t stream, bool on)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM);
	struct order *o;

	if (!slot)
		return;
	o = port_order(slot, do_mute);
	o->value = on;
	media_send(m, slot->thread, o);
}

void media_stream_move(struct media *m, uint64_t stream, uint64_t group)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM);
	struct slot *to = media_slot(m, group, SLOT_GROUP);

	if (slot && to)
		media_stream_to_thread(m, slot, to->thread);
}

void media_stream_close(struct media *m, uint64_t stream)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM);

	if (!slot)
		return;
	slot->closing = true;
	media_send(m, slot->thread, port_order(slot, do_close));
}

int media_stream_dtmf(struct media *m, uint64_t stream, const char *keys, int on_ms, int off_ms)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM);
	struct order *o;

	if (!slot)
		return -E_NOT_FOUND;
	if (!slot->stream.has_keys)
		return -E_UNSUPPORTED;
	if (!keys_are_valid(keys))
		return -E_INVALID;
	if (strlen(keys) > KEYS_QUEUE)
		return -E_LIMIT;
	o = port_order(slot, do_keys);
	memcpy(o->keys, keys, strlen(keys));
	o->value = on_ms;
	o->more = off_ms;
	media_send(m, slot->thread, o);
	return 0;
}
