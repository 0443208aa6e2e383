/* Placing sound by its arrival. Within a feed, timestamps say how far apart packets stand. The mean distance
 * between where a packet stands and where it would stand had it been placed when it came (its lag) shows the
 * drift between the party's clock and ours; it is corrected by moving the feed when a packet is silent, in
 * small steps when it never is, and at once when a packet is more than 200 ms off (a jump, or the end of a
 * gap). A chunk goes out when its half second is over and once more if a late packet touched it, so that a
 * kill never costs more than one. */
#include "media/recorder.h"

#include "base/clock.h"
#include "media/law.h"

#include <stdlib.h>
#include <string.h>

#define REORDER (RECFILE_RATE / 5)      /* 200 ms */
#define DRIFT_SOFT (RECFILE_RATE / 100) /* 10 ms: corrected in silence */
#define DRIFT_HARD (RECFILE_RATE / 25)  /* 40 ms: corrected in sound too, … */
#define DRIFT_STEP (RECFILE_RATE / 50)  /* … in steps of 20 ms */
#define SILENT 96                       /* highest sample of a silent packet */
#define SETTLED 64
#define PACKET_MAX (RECFILE_RATE / 5)
#define CHUNK RECFILE_CHUNK_SAMPLES

static int64_t place_of(const struct recorder *r, int64_t now_us)
{
	return (now_us - r->start_us) * RECFILE_RATE / CLOCK_S_US;
}

static void clear_slot(struct recorder *r, struct recorder_slot *slot, int64_t index)
{
	slot->index = index;
	slot->flags = r->paused ? RECFILE_PAUSED : 0;
	slot->given = slot->dirty = false;
	memset(slot->alaw, law_silence(MEDIA_PCMA), sizeof(slot->alaw));
}

static void give(struct recorder *r, struct recorder_slot *slot, uint16_t samples)
{
	struct recfile_chunk chunk = { .index = (uint32_t)slot->index,
		.samples = samples,
		.flags = slot->flags,
		.alaw = { slot->alaw[0], slot->alaw[1] } };

	slot->given = true;
	slot->dirty = false;
	r->on_chunk(r->arg, &chunk);
}

/* The slot of a chunk; NULL when that is older than what is kept. Opening a chunk gives out what stood in its
 * slot. */
static struct recorder_slot *slot_of(struct recorder *r, int64_t index)
{
	struct recorder_slot *slot = &r->slots[index & 1];

	if (slot->index == index)
		return slot;
	if (slot->index > index || index < r->next - 1)
		return NULL;
	if (slot->index >= 0 && (slot->dirty || !slot->given))
		give(r, slot, CHUNK);
	clear_slot(r, slot, index);
	return slot;
}

void recorder_init(struct recorder *r, int64_t now_us, recorder_chunk_fn on_chunk, void *arg)
{
	memset(r, 0, sizeof(*r));
	r->start_us = now_us;
	r->on_chunk = on_chunk;
	r->arg = arg;
	r->slots[1].index = -1;
	clear_slot(r, &r->slots[0], 0);
}

void recorder_feed_init(struct recorder *r, struct recorder_feed *feed, enum media_channel channel)
{
	*feed = (struct recorder_feed){ .channel = channel };
	r->feeds[channel]++;
}

void recorder_feed_done(struct recorder *r, struct recorder_feed *feed)
{
	r->feeds[feed->channel]--;
	feed->anchored = false;
}

static void put_samples(uint8_t *dst, const uint8_t *src, size_t n, enum media_codec codec, bool mixed)
{
	if (mixed) {
		for (size_t i = 0; i < n; i++)
			dst[i] = law_encode(
				MEDIA_PCMA, law_linear[MEDIA_PCMA][dst[i]] + law_linear[codec][src[i]]);
	} else if (codec == MEDIA_PCMA) {
		memcpy(dst, src, n);
	} else {
		for (size_t i = 0; i < n; i++)
			dst[i] = law_convert[MEDIA_PCMU][src[i]];
	}
}

static void put_at(struct recorder *r, enum media_channel channel, int64_t at,
	const struct rtp_packet *packet, enum media_codec codec)
{
	const uint8_t *src = packet->payload;
	size_t n = packet->n;

	if (at < 0) {
		size_t before = (size_t)-at < n ? (size_t)-at : n;

		src += before;
		n -= before;
		at = 0;
	}
	while (n) {
		struct recorder_slot *slot = slot_of(r, at / CHUNK);
		int64_t from = at % CHUNK;
		size_t part = (size_t)(CHUNK - from) < n ? (size_t)(CHUNK - from) : n;

		if (slot) {
			put_samples(slot->alaw[channel] + from, src, part, codec, r->feeds[channel] > 1);
			slot->dirty = slot->given;
		}
		src += part;
		at += (int64_t)part;
		n -= part;
	}
}

static bool is_silent(const struct rtp_packet *packet, enum media_codec codec)
{
	for (size_t i = 0; i < packet->n; i++)
		if (abs(law_linear[codec][packet->payload[i]]) > SILENT)
			return false;
	return true;
}

/* Moves the feed towards its packets' arrival if it is time to; returns the packet's new place. */
static int64_t correct_drift(struct recorder_feed *feed, int64_t at, bool silent)
{
	int32_t lag = feed->lag_64 / 64;
	int32_t step = 0;

	if (feed->settling < SETTLED)
		return at;
	if (silent && feed->was_silent && abs(lag) > DRIFT_SOFT)
		step = lag;
	else if (abs(lag) > DRIFT_HARD)
		step = lag > 0 ? DRIFT_STEP : -DRIFT_STEP;
	feed->lag_64 -= step * 64;
	return at + step;
}

/* Where the packet belongs; false when nowhere. */
static bool place(struct recorder_feed *feed, const struct rtp_packet *packet, int64_t arrival, bool silent,
	int64_t *ret_at)
{
	int64_t at = feed->at + (int32_t)(packet->ts - feed->ts);
	int64_t lag = arrival - at;
	bool in_order = (int16_t)(packet->seq - feed->seq) > 0;

	if (feed->anchored && !in_order) {
		*ret_at = at;
		return lag <= REORDER && lag >= -REORDER;
	}
	if (!feed->anchored || lag > REORDER || lag < -REORDER) {
		feed->anchored = true;
		feed->lag_64 = 0;
		feed->settling = 0;
		at = arrival;
	} else {
		feed->lag_64 += ((int32_t)lag * 64 - feed->lag_64) / 64;
		if (feed->settling < SETTLED)
			feed->settling++;
		at = correct_drift(feed, at, silent);
	}
	feed->was_silent = silent;
	feed->at = at;
	feed->ts = packet->ts;
	feed->seq = packet->seq;
	*ret_at = at;
	return true;
}

void recorder_take(struct recorder *r, struct recorder_feed *feed, const struct rtp_packet *packet,
	enum media_codec codec, int64_t now_us)
{
	int64_t at;

	if (!packet->n || packet->n > PACKET_MAX)
		return;
	recorder_tick(r, now_us);
	if (place(feed, packet, place_of(r, now_us) - (int64_t)packet->n, is_silent(packet, codec), &at) &&
		!r->paused)
		put_at(r, feed->channel, at, packet, codec);
}

void recorder_tick(struct recorder *r, int64_t now_us)
{
	int64_t now = place_of(r, now_us);

	while ((r->next + 1) * CHUNK <= now) {
		struct recorder_slot *slot = slot_of(r, r->next);

		if (slot && !slot->given)
			give(r, slot, CHUNK);
		r->next++;
	}
	for (size_t i = 0; i < 2; i++) {
		struct recorder_slot *slot = &r->slots[i];

		if (slot->dirty && now > (slot->index + 1) * CHUNK + REORDER)
			give(r, slot, CHUNK);
	}
}

void recorder_pause(struct recorder *r, bool on, int64_t now_us)
{
	struct recorder_slot *slot;

	recorder_tick(r, now_us);
	r->paused = on;
	slot = slot_of(r, place_of(r, now_us) / CHUNK);
	if (on && slot)
		slot->flags |= RECFILE_PAUSED;
}

int64_t recorder_finish(struct recorder *r, int64_t now_us)
{
	int64_t now = place_of(r, now_us);
	struct recorder_slot *slot;

	recorder_tick(r, now_us);
	for (size_t i = 0; i < 2; i++)
		if (r->slots[i].dirty)
			give(r, &r->slots[i], CHUNK);
	slot = slot_of(r, r->next);
	if (slot && now % CHUNK) {
		slot->flags |= RECFILE_LAST;
		give(r, slot, (uint16_t)(now % CHUNK));
	}
	return now * 1000 / RECFILE_RATE;
}
