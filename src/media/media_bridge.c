/* Bridges and records as the signalling thread sees them. A port may be named in a message to a thread only
 * while it lives there, so every call compares threads first: a stream on another one has left anyway. */
#include "media/media_int.h"

#include "base/mem.h"

#include <string.h>

static void do_mixer_attach(struct thread *t, struct msg *msg)
{
	mixer_attach(t, ((struct order *)msg)->mixer);
}

static void do_mixer_end(struct thread *t, struct msg *msg)
{
	mixer_end(t, ((struct order *)msg)->mixer);
}

static void do_mixer_add(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	mixer_add(t, o->mixer, o->port);
}

static void do_mixer_remove(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	mixer_remove(t, o->mixer, o->port);
}

static void do_mixer_set(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	mixer_set(t, o->mixer, o->port, o->other, o->value);
}

static void do_tap_attach(struct thread *t, struct msg *msg)
{
	tap_attach(t, ((struct order *)msg)->tap);
}

static void do_tap_feed(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	tap_feed(t, o->tap, o->port, (enum media_channel)o->value);
}

static void do_tap_unfeed(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	tap_unfeed(t, o->tap, o->port);
}

static void do_tap_end(struct thread *t, struct msg *msg)
{
	tap_end(t, ((struct order *)msg)->tap);
}

/* For a bridge or a record and a stream, which may be NULL. */
static struct order *pair_order(
	enum slot_kind kind, const struct slot *slot, const struct slot *stream, msg_fn fn)
{
	struct order *o = media_order(fn);

	if (kind == SLOT_BRIDGE)
		o->mixer = slot->mixer;
	else
		o->tap = slot->tap;
	if (stream)
		o->port = stream->stream.port;
	return o;
}

int media_bridge_new(struct media *m, uint64_t group, uint64_t *ret_bridge)
{
	struct slot *g = media_slot(m, group, SLOT_GROUP);
	struct slot *slot;
	unsigned thread;

	if (!g)
		return -E_NOT_FOUND;
	thread = g->thread;
	*ret_bridge = media_slot_new(m, SLOT_BRIDGE, thread, &slot);
	slot->mixer = mixer_new();
	media_send(m, thread, pair_order(SLOT_BRIDGE, slot, NULL, do_mixer_attach));
	return 0;
}

void media_bridge_add(struct media *m, uint64_t bridge, uint64_t stream)
{
	struct slot *b = media_slot(m, bridge, SLOT_BRIDGE);
	struct slot *s = media_slot(m, stream, SLOT_STREAM);

	if (!b || !s)
		return;
	media_stream_to_thread(m, s, b->thread);
	media_send(m, b->thread, pair_order(SLOT_BRIDGE, b, s, do_mixer_add));
}

void media_bridge_remove(struct media *m, uint64_t bridge, uint64_t stream)
{
	struct slot *b = media_slot(m, bridge, SLOT_BRIDGE);
	struct slot *s = media_slot(m, stream, SLOT_STREAM);

	if (b && s && b->thread == s->thread)
		media_send(m, b->thread, pair_order(SLOT_BRIDGE, b, s, do_mixer_remove));
}

void media_bridge_hear(struct media *m, uint64_t bridge, uint64_t hearer, uint64_t speaker, int gain)
{
	struct slot *b = media_slot(m, bridge, SLOT_BRIDGE);
	struct slot *to = media_slot(m, hearer, SLOT_STREAM);
	struct slot *from = media_slot(m, speaker, SLOT_STREAM);
	struct order *o;

	if (!b || !to || !from || to->thread != b->thread || from->thread != b->thread)
		return;
	o = pair_order(SLOT_BRIDGE, b, to, do_mixer_set);
	o->other = from->stream.port;
	o->value = gain < 0 ? 0 : gain > 4 * MEDIA_UNITY ? 4 * MEDIA_UNITY : gain;
	media_send(m, b->thread, o);
}

void media_bridge_link(struct media *m, uint64_t bridge, uint64_t a, uint64_t b, int gain)
{
	media_bridge_hear(m, bridge, a, b, gain);
	media_bridge_hear(m, bridge, b, a, gain);
}

void media_bridge_close(struct media *m, uint64_t bridge)
{
	struct slot *b = media_slot(m, bridge, SLOT_BRIDGE);

	if (!b)
		return;
	media_send(m, b->thread, pair_order(SLOT_BRIDGE, b, NULL, do_mixer_end));
	media_slot_free(m, b);
}

int media_record_start(struct media *m, const struct media_record_options *options, uint64_t *ret_record)
{
	struct slot *g = media_slot(m, options->group, SLOT_GROUP);
	struct slot *slot;
	unsigned thread;

	if (!g)
		return -E_NOT_FOUND;
	thread = g->thread;
	*ret_record = media_slot_new(m, SLOT_RECORD, thread, &slot);
	slot->tap = tap_new(*ret_record, options, m->writer, m->postbox);
	media_send(m, thread, pair_order(SLOT_RECORD, slot, NULL, do_tap_attach));
	return 0;
}

/* Feeds and unfeeds alike. */
static void record_order(struct media *m, uint64_t record, uint64_t stream, msg_fn fn, int value)
{
	struct slot *r = media_slot(m, record, SLOT_RECORD);
	struct slot *s = media_slot(m, stream, SLOT_STREAM);
	struct order *o;

	if (!r || !s || r->thread != s->thread)
		return;
	o = pair_order(SLOT_RECORD, r, s, fn);
	o->value = value;
	media_send(m, r->thread, o);
}

void media_record_feed(struct media *m, uint64_t record, uint64_t stream, enum media_channel channel)
{
	record_order(m, record, stream, do_tap_feed, (int)channel);
}

void media_record_unfeed(struct media *m, uint64_t record, uint64_t stream)
{
	record_order(m, record, stream, do_tap_unfeed, 0);
}

void media_record_stop(struct media *m, uint64_t record)
{
	struct slot *r = media_slot(m, record, SLOT_RECORD);

	if (!r)
		return;
	r->closing = true;
	media_send(m, r->thread, pair_order(SLOT_RECORD, r, NULL, do_tap_end));
}
