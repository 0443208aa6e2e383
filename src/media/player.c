/* The player's list. Tones are those of China (GB/T 3380): 450 Hz with cadences. 450 Hz and 1 kHz repeat
 * exactly after 160 samples, so a tone is one table and a position. */
#include "media/player.h"

#include "base/mem.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PER_MS 8
#define AMPLITUDE 5800 /* about -15 dBm0 */

static const struct tone {
	int hz, on_ms, off_ms;
} tones[] = {
	[MEDIA_TONE_RINGBACK] = { 450, 1000, 4000 },
	[MEDIA_TONE_BUSY] = { 450, 350, 350 },
	[MEDIA_TONE_CONGESTION] = { 450, 700, 700 },
	[MEDIA_TONE_DIAL] = { 450, 1000, 0 },
	[MEDIA_TONE_BEEP] = { 1000, 200, 0 },
};
static int16_t waves[2][LAW_FRAME]; /* 450 Hz, 1 kHz */

static void fill_waves(void)
{
	for (int i = 0; i < LAW_FRAME; i++) {
		waves[0][i] = (int16_t)(AMPLITUDE * sin(2 * M_PI * 450 * i / 8000));
		waves[1][i] = (int16_t)(AMPLITUDE * sin(2 * M_PI * 1000 * i / 8000));
	}
}

static int16_t tone_sample(enum media_tone tone, int64_t at)
{
	const struct tone *t = &tones[tone];

	if (at % ((t->on_ms + t->off_ms) * PER_MS) >= t->on_ms * PER_MS)
		return 0;
	return waves[t->hz == 1000][at % LAW_FRAME];
}

struct player *player_new(size_t n)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct player *p = mem_alloc(sizeof(*p));

	pthread_once(&once, fill_waves);
	p->items = mem_array(n, sizeof(*p->items));
	p->n = n;
	p->gain = MEDIA_UNITY;
	return p;
}

void player_free(struct player *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		sound_unref(p->items[i].sound);
	free(p->items);
	free(p);
}

void player_set(struct player *p, size_t i, const struct media_item *item, struct sound *sound)
{
	struct player_item *it = &p->items[i];

	*it = (struct player_item){ .sound = sound, .kind = item->kind, .tone = item->tone };
	if (sound)
		it->samples = (int64_t)sound->n;
	else if (item->kind == MEDIA_ITEM_TONE && item->tone == MEDIA_TONE_BEEP && !item->ms)
		it->samples = tones[MEDIA_TONE_BEEP].on_ms * PER_MS;
	else
		it->samples = item->ms ? (int64_t)item->ms * PER_MS : INT64_MAX;
}

static int64_t total(const struct player *p)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->items[i].samples == INT64_MAX)
			return INT64_MAX;
		sum += p->items[i].samples;
	}
	return sum;
}

void player_seek(struct player *p, int64_t ms)
{
	int64_t all = total(p), left = ms * PER_MS;

	p->current = 0;
	p->at = 0;
	p->ended = all == 0 || (left >= all && !p->loop);
	if (p->ended)
		return;
	for (left %= all; left >= p->items[p->current].samples; p->current++)
		left -= p->items[p->current].samples;
	p->at = left;
}

static void item_samples(const struct player *p, const struct player_item *it, int16_t *dst, size_t n)
{
	if (it->kind == MEDIA_ITEM_SILENCE)
		memset(dst, 0, n * sizeof(*dst));
	else if (it->sound)
		memcpy(dst, it->sound->samples + p->at, n * sizeof(*dst));
	else
		for (size_t i = 0; i < n; i++)
			dst[i] = tone_sample(it->tone, p->at + (int64_t)i);
}

/* Steps to the next item when the current one is used up. */
static void advance(struct player *p)
{
	while (!p->ended && p->at >= p->items[p->current].samples) {
		p->at = 0;
		if (++p->current < p->n)
			continue;
		p->current = 0;
		p->ended = !p->loop;
	}
}

static void apply_gain(int16_t *frame, int gain)
{
	if (gain == MEDIA_UNITY)
		return;
	for (size_t i = 0; i < LAW_FRAME; i++) {
		int v = frame[i] * gain / MEDIA_UNITY;

		frame[i] = (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
	}
}

bool player_next(struct player *p, int16_t frame[LAW_FRAME])
{
	size_t done = 0;

	if (p->ended)
		return false;
	while (done < LAW_FRAME && !p->ended) {
		const struct player_item *it = &p->items[p->current];
		size_t n = LAW_FRAME - done;

		if ((int64_t)n > it->samples - p->at)
			n = (size_t)(it->samples - p->at);
		item_samples(p, it, frame + done, n);
		done += n;
		p->at += (int64_t)n;
		advance(p);
	}
	p->played += (int64_t)done;
	memset(frame + done, 0, (LAW_FRAME - done) * sizeof(*frame));
	apply_gain(frame, p->gain);
	return done > 0;
}
