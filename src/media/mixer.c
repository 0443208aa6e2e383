/* Bridges. Every change of the matrix, of a mute or of what is played over a bridge ends in mixer_plan(),
 * which derives the relays and modes from scratch: there is one place that decides, and nothing to keep in
 * step. */
#include "media/mixer.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define SEATS 4

/* One speaker's part of this tick. */
struct voice {
	int16_t frame[LAW_FRAME];
	bool sounds;
};

static void mix_for(
	const struct mixer *m, size_t hearer, const struct voice *voices, int16_t frame[LAW_FRAME])
{
	const uint16_t *gains = m->gains + hearer * m->size;
	int32_t sum[LAW_FRAME] = { 0 };

	for (size_t s = 0; s < m->n; s++) {
		if (!gains[s] || s == hearer || !voices[s].sounds)
			continue;
		for (size_t i = 0; i < LAW_FRAME; i++)
			sum[i] += voices[s].frame[i] * gains[s];
	}
	for (size_t i = 0; i < LAW_FRAME; i++) {
		int32_t v = sum[i] / MEDIA_UNITY;

		frame[i] = (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
	}
}

static void on_tick(struct thread *t, struct ticker *ticker)
{
	struct mixer *m = CONTAINER_OF(ticker, struct mixer, ticker);
	struct voice *voices = mem_array(m->n, sizeof(*voices));
	int16_t frame[LAW_FRAME];

	for (size_t i = 0; i < m->n; i++) {
		struct port *p = m->seats[i];

		voices[i].sounds = p->mixed && !p->muted && jitter_next(p->jitter, voices[i].frame);
	}
	for (size_t i = 0; i < m->n; i++) {
		if (m->seats[i]->mode != PORT_MIX)
			continue;
		mix_for(m, i, voices, frame);
		port_frame(t, m->seats[i], frame);
	}
	free(voices);
}

struct mixer *mixer_new(void)
{
	struct mixer *m = mem_alloc(sizeof(*m));

	m->ticker.fn = on_tick;
	return m;
}

void mixer_attach(struct thread *t, struct mixer *m)
{
	LIST_INSERT_HEAD(&t->mixers, m, link);
	atomic_fetch_add_explicit(&t->counts.mixers, 1, memory_order_relaxed);
}

void mixer_end(struct thread *t, struct mixer *m)
{
	while (m->n)
		mixer_remove(t, m, m->seats[m->n - 1]);
	thread_untick(t, &m->ticker);
	LIST_REMOVE(m, link);
	atomic_fetch_sub_explicit(&t->counts.mixers, 1, memory_order_relaxed);
	free(m->seats);
	free(m->gains);
	free(m);
}

static void grow(struct mixer *m)
{
	size_t size = m->size ? m->size * 2 : SEATS;
	uint16_t *gains = mem_array(size * size, sizeof(*gains));

	for (size_t h = 0; h < m->n; h++)
		memcpy(gains + h * size, m->gains + h * m->size, m->n * sizeof(*gains));
	free(m->gains);
	m->gains = gains;
	m->seats = mem_resize(m->seats, size, sizeof(struct port *));
	m->size = size;
}

void mixer_add(struct thread *t, struct mixer *m, struct port *p)
{
	if (p->mixer == m)
		return;
	if (p->mixer)
		mixer_remove(t, p->mixer, p);
	if (m->n == m->size)
		grow(m);
	p->mixer = m;
	p->seat = m->n;
	m->seats[m->n++] = p;
	mixer_plan(t, m);
}

/* The last seat moves into the gap, row and column with it. */
void mixer_remove(struct thread *t, struct mixer *m, struct port *p)
{
	size_t gap = p->seat, last = m->n - 1;

	if (p->mixer != m)
		return;
	m->seats[gap] = m->seats[last];
	m->seats[gap]->seat = gap;
	memcpy(m->gains + gap * m->size, m->gains + last * m->size, m->n * sizeof(*m->gains));
	for (size_t h = 0; h < m->n; h++) {
		m->gains[h * m->size + gap] = m->gains[h * m->size + last];
		m->gains[h * m->size + last] = 0;
	}
	memset(m->gains + last * m->size, 0, m->size * sizeof(*m->gains));
	m->n = last;
	p->mixer = NULL;
	p->mode = PORT_IDLE;
	p->n_relays = 0;
	p->mixed = false;
	port_retick(t, p);
	mixer_plan(t, m);
}

void mixer_set(
	struct thread *t, struct mixer *m, const struct port *hearer, const struct port *speaker, int gain)
{
	if (hearer->mixer != m || speaker->mixer != m || hearer == speaker)
		return;
	m->gains[hearer->seat * m->size + speaker->seat] = (uint16_t)gain;
	mixer_plan(t, m);
}

static void add_relay(struct port *from, struct port *to, int gain)
{
	if (from->n_relays == from->relays_size) {
		from->relays_size = from->relays_size ? from->relays_size * 2 : 2;
		from->relays = mem_resize(from->relays, from->relays_size, sizeof(*from->relays));
	}
	from->relays[from->n_relays++] = (struct relay){ to, gain };
}

/* How many the hearer hears; *ret_speaker is the last of them. */
static size_t count_speakers(const struct mixer *m, size_t hearer, size_t *ret_speaker)
{
	size_t n = 0;

	for (size_t s = 0; s < m->n; s++) {
		if (!m->gains[hearer * m->size + s] || m->seats[s]->muted)
			continue;
		*ret_speaker = s;
		n++;
	}
	return n;
}

static void mark_mixed(struct mixer *m, size_t hearer)
{
	for (size_t s = 0; s < m->n; s++)
		if (m->gains[hearer * m->size + s])
			m->seats[s]->mixed = true;
}

static void plan_hearer(struct mixer *m, size_t hearer)
{
	struct port *p = m->seats[hearer];
	size_t speaker = 0;
	size_t n = count_speakers(m, hearer, &speaker);

	if (n == 0) {
		p->mode = PORT_SILENCE;
	} else if (n == 1 && !(p->player && p->play_mix)) {
		p->mode = PORT_RELAY;
		add_relay(m->seats[speaker], p, m->gains[hearer * m->size + speaker]);
	} else {
		p->mode = PORT_MIX;
		mark_mixed(m, hearer);
	}
}

void mixer_plan(struct thread *t, struct mixer *m)
{
	bool mixes = false;

	for (size_t i = 0; i < m->n; i++) {
		m->seats[i]->n_relays = 0;
		m->seats[i]->mixed = false;
	}
	for (size_t i = 0; i < m->n; i++)
		plan_hearer(m, i);
	for (size_t i = 0; i < m->n; i++) {
		struct port *p = m->seats[i];

		mixes = mixes || p->mode == PORT_MIX;
		if (p->mixed && !p->jitter)
			p->jitter = mem_alloc(sizeof(*p->jitter));
		else if (!p->mixed && p->jitter)
			free(TAKE(p->jitter));
		port_retick(t, p);
	}
	if (mixes)
		thread_tick_fast(t, &m->ticker);
	else
		thread_untick(t, &m->ticker);
}
