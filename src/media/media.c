/* The signalling side: ids, threads and events. An id is looked up in a table of slots that only this thread
 * sees; the pointers in it belong to media threads and are only ever put into messages. */
#include "media/media_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WRITER_QUEUE 8192 /* chunks of 8 kB: 64 MB */
#define NONE UINT32_MAX

uint64_t media_slot_new(struct media *m, enum slot_kind kind, unsigned thread, struct slot **ret_slot)
{
	uint32_t index = m->first_free;
	struct slot *slot;

	if (index == NONE) {
		uint32_t size = m->n_slots ? m->n_slots * 2 : 64;

		m->slots = mem_resize(m->slots, size, sizeof(*m->slots));
		memset(m->slots + m->n_slots, 0, (size - m->n_slots) * sizeof(*m->slots));
		for (index = size; index-- > m->n_slots;) {
			m->slots[index].next_free = m->first_free;
			m->first_free = index;
		}
		m->n_slots = size;
		index = m->first_free;
	}
	slot = &m->slots[index];
	m->first_free = slot->next_free;
	*slot = (struct slot){ .kind = kind, .generation = slot->generation + 1, .thread = thread };
	*ret_slot = slot;
	return (uint64_t)slot->generation << 32 | (index + 1);
}

struct slot *media_slot_any(struct media *m, uint64_t id, enum slot_kind kind)
{
	uint32_t index = (uint32_t)id - 1;
	struct slot *slot;

	if (index >= m->n_slots)
		return NULL;
	slot = &m->slots[index];
	return slot->kind == kind && slot->generation == (uint32_t)(id >> 32) ? slot : NULL;
}

struct slot *media_slot(struct media *m, uint64_t id, enum slot_kind kind)
{
	struct slot *slot = media_slot_any(m, id, kind);

	return slot && !slot->closing ? slot : NULL;
}

void media_slot_free(struct media *m, struct slot *slot)
{
	slot->kind = SLOT_FREE;
	slot->next_free = m->first_free;
	m->first_free = (uint32_t)(slot - m->slots);
}

struct order *media_order(msg_fn fn)
{
	struct order *o = mem_alloc(sizeof(*o));

	o->msg.fn = fn;
	return o;
}

void media_send(struct media *m, unsigned thread, struct order *o)
{
	thread_post(m->threads[thread], &o->msg);
	loop_later(m->options.loop, &m->ring);
}

static void ring(void *arg)
{
	struct media *m = arg;

	for (unsigned i = 0; i < m->n_threads; i++)
		thread_ring(m->threads[i]);
}

void media_note(struct media *m, const struct media_event *event)
{
	postbox_put(m->postbox, event);
}

/* Last events free what the slot stood for; others of a thing that is ending are dropped. */
static bool settle(struct media *m, const struct media_event *event)
{
	struct slot *slot;

	switch (event->kind) {
	case MEDIA_CLOSED:
		slot = media_slot_any(m, event->id, SLOT_STREAM);
		assert(slot);
		pairs_give_back(m->pairs, slot->stream.udp_port, event->stats.ssrc_in, clock_mono_us());
		m->load[slot->thread]--;
		media_slot_free(m, slot);
		return true;
	case MEDIA_PLAYED:
		slot = media_slot_any(m, event->id, SLOT_PLAY);
		if (slot)
			media_slot_free(m, slot);
		return slot;
	case MEDIA_RECORDED:
		slot = media_slot_any(m, event->id, SLOT_RECORD);
		if (slot)
			media_slot_free(m, slot);
		return slot;
	case MEDIA_RECORD_FAILED:
		return media_slot_any(m, event->id, SLOT_RECORD);
	default:
		return media_slot(m, event->id, SLOT_STREAM);
	}
}

static void on_event(const struct media_event *event, void *arg)
{
	struct media *m = arg;

	if (settle(m, event))
		m->options.on_event(event, m->options.arg);
}

static unsigned default_threads(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 2 ? (unsigned)cores - 1 : 1;
}

static int start_threads(struct media *m)
{
	unsigned n = m->options.threads ? m->options.threads : default_threads();
	int64_t silence_ms = m->options.silence_ms ? m->options.silence_ms : 5000;

	m->threads = mem_array(n, sizeof(struct thread *));
	m->load = mem_array(n, sizeof(*m->load));
	while (m->n_threads < n) {
		struct thread *t = thread_new(m->postbox, silence_ms * CLOCK_MS_US);
		int err = thread_start(t);

		if (err) {
			thread_free(t);
			return err;
		}
		m->threads[m->n_threads++] = t;
	}
	return 0;
}

static int open_range(struct media *m)
{
	const struct media_options *o = &m->options;
	int64_t rest_ms = o->port_rest_ms ? o->port_rest_ms : 10000;
	const char *told = o->public ? o->public : o->ip;
	struct addr local;
	int err = addr_from_host(str_from(o->ip), o->port_low, &local);

	if (!err)
		err = str_copy(str_from(told), m->public, sizeof(m->public));
	return err ? -E_INVALID
		   : pairs_new(&local, o->port_low, o->port_high, rest_ms * CLOCK_MS_US, &m->pairs);
}

static int start(struct media *m)
{
	int err = open_range(m);

	if (!err)
		err = dtls_context_new(&m->dtls);
	if (!err)
		err = sounds_new(m->options.loop, &m->sounds);
	if (!err)
		err = pool_new(&(struct pool_opts){ .n_threads = 1,
				       .queue_max = WRITER_QUEUE,
				       .name = "recordings",
				       .gather_ms = 20 },
			&m->writer);
	return err ? err : start_threads(m);
}

int media_new(const struct media_options *options, struct media **ret_media)
{
	struct media *m = mem_alloc(sizeof(*m));
	int err;

	law_init();
	m->options = *options;
	m->first_free = NONE;
	m->ring = (struct loop_later){ .fn = ring, .arg = m };
	m->postbox = postbox_new(options->loop, on_event, m);
	err = start(m);
	if (err) {
		media_free(m);
		return err;
	}
	*ret_media = m;
	return 0;
}

/* The threads first: what they end still goes to the writer. The writer before the postbox: it reports there.
 */
void media_free(struct media *m)
{
	if (!m)
		return;
	loop_later_stop(m->options.loop, &m->ring);
	for (unsigned i = 0; i < m->n_threads; i++)
		thread_stop(m->threads[i]);
	for (unsigned i = 0; i < m->n_threads; i++)
		thread_free(m->threads[i]);
	pool_free(m->writer);
	sounds_free(m->sounds);
	postbox_free(m->postbox);
	pairs_free(m->pairs);
	dtls_context_free(m->dtls);
	free(m->threads);
	free(m->load);
	free(m->slots);
	free(m);
}

uint64_t media_group_new(struct media *m)
{
	unsigned best = 0;
	struct slot *slot;

	for (unsigned i = 1; i < m->n_threads; i++)
		if (m->load[i] < m->load[best])
			best = i;
	m->load[best]++;
	return media_slot_new(m, SLOT_GROUP, best, &slot);
}

void media_group_free(struct media *m, uint64_t group)
{
	struct slot *slot = media_slot(m, group, SLOT_GROUP);

	if (!slot)
		return;
	m->load[slot->thread]--;
	media_slot_free(m, slot);
}

static void add_counts(const struct thread *t, struct media_totals *totals)
{
	const struct thread_counts *c = &t->counts;
	struct timespec cpu;
	clockid_t clock;

	totals->packets_in += atomic_load_explicit(&c->packets_in, memory_order_relaxed);
	totals->packets_out += atomic_load_explicit(&c->packets_out, memory_order_relaxed);
	totals->dropped += atomic_load_explicit(&c->dropped, memory_order_relaxed);
	totals->late_ticks += atomic_load_explicit(&c->late_ticks, memory_order_relaxed);
	totals->streams += atomic_load_explicit(&c->ports, memory_order_relaxed);
	totals->bridges += atomic_load_explicit(&c->mixers, memory_order_relaxed);
	totals->records += atomic_load_explicit(&c->taps, memory_order_relaxed);
	if (!pthread_getcpuclockid(t->id, &clock) && !clock_gettime(clock, &cpu))
		totals->cpu_us += cpu.tv_sec * CLOCK_S_US + cpu.tv_nsec / 1000;
}

void media_totals(struct media *m, struct media_totals *ret_totals)
{
	*ret_totals = (struct media_totals){ .ports_free = pairs_available(m->pairs, clock_mono_us()) };
	for (unsigned i = 0; i < m->n_threads; i++)
		add_counts(m->threads[i], ret_totals);
}
