/* Jitter for mixing. The play position starts 40 ms before the first packet. A speaker whose clock is slow
 * runs it dry and starts again; one whose clock is fast piles up, and when the smallest depth of a whole
 * second stays above twice the delay a frame is skipped. */
#include "media/jitter.h"

#include <string.h>

#define DELAY 320
#define SECOND 50 /* ticks */

void jitter_reset(struct jitter *j)
{
	memset(j, 0, sizeof(*j));
}

static void start(struct jitter *j, uint32_t ts)
{
	memset(j->ring, 0, sizeof(j->ring));
	j->running = true;
	j->play_ts = ts - DELAY;
	j->end_ts = ts;
	j->least = INT32_MAX;
	j->ticks = 0;
}

void jitter_put(struct jitter *j, const struct rtp_packet *packet, enum media_codec codec)
{
	int32_t ahead = (int32_t)(packet->ts - j->play_ts);
	bool newest = (int32_t)(packet->ts - j->end_ts) >= 0;

	if (packet->n > JITTER_SIZE - DELAY)
		return;
	if (j->running && ahead < 0 && !newest) {
		j->late++;
		return;
	}
	if (!j->running || ahead < 0 || ahead + (int32_t)packet->n > JITTER_SIZE)
		start(j, packet->ts);
	for (size_t i = 0; i < packet->n; i++)
		j->ring[(packet->ts + i) % JITTER_SIZE] = law_linear[codec][packet->payload[i]];
	if ((int32_t)(packet->ts + (uint32_t)packet->n - j->end_ts) > 0)
		j->end_ts = packet->ts + (uint32_t)packet->n;
}

static void take(struct jitter *j, int16_t *dst)
{
	for (size_t i = 0; i < LAW_FRAME; i++) {
		int16_t *slot = &j->ring[(j->play_ts + i) % JITTER_SIZE];

		dst[i] = *slot;
		*slot = 0;
	}
	j->play_ts += LAW_FRAME;
}

bool jitter_next(struct jitter *j, int16_t frame[LAW_FRAME])
{
	int32_t depth = (int32_t)(j->end_ts - j->play_ts);

	if (!j->running || depth <= 0) {
		memset(frame, 0, LAW_FRAME * sizeof(*frame));
		j->running = false;
		return false;
	}
	if (depth < j->least)
		j->least = depth;
	if (++j->ticks == SECOND) {
		if (j->least > 2 * DELAY)
			take(j, frame);
		j->ticks = 0;
		j->least = INT32_MAX;
	}
	take(j, frame);
	return true;
}
