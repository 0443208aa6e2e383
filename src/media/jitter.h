#ifndef LX_MEDIA_JITTER_H
#define LX_MEDIA_JITTER_H

#include "media/law.h"
#include "media/rtp.h"

#include <stdbool.h>

/* Evens out the arrival of one speaker for a mix on 20 ms ticks: 40 ms of delay, up to 256 ms of store. No
 * clock: time passes by jitter_next(). */
#define JITTER_SIZE 2048

struct jitter {
	int16_t ring[JITTER_SIZE]; /* by timestamp, zero where nothing came */
	bool running;
	uint32_t play_ts; /* of the next sample out */
	uint32_t end_ts;  /* behind the newest sample */
	int32_t least;    /* smallest depth in this second */
	unsigned ticks;
	unsigned late;
};

void jitter_put(struct jitter *j, const struct rtp_packet *packet, enum media_codec codec);
/* The next 20 ms; false (and silence) when nothing is stored. */
bool jitter_next(struct jitter *j, int16_t frame[LAW_FRAME]);
void jitter_reset(struct jitter *j);

#endif
