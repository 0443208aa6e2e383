#ifndef LX_MEDIA_PLAYER_H
#define LX_MEDIA_PLAYER_H

#include "media/law.h"
#include "media/sound.h"

#include <stdbool.h>

/* A list of sounds, tones and silences as a flow of samples; no I/O, no clock. */
struct player_item {
	struct sound *sound; /* owned reference, or NULL */
	enum media_item_kind kind;
	enum media_tone tone;
	int64_t samples; /* length; INT64_MAX when endless */
};

struct player {
	struct player_item *items;
	size_t n;
	bool loop;
	int gain;
	size_t current;
	int64_t at;     /* samples into the current item */
	int64_t played; /* samples since the start */
	bool ended;
};

struct player *player_new(size_t n);
void player_free(struct player *p); /* NULL allowed */
/* Fills item i; takes the reference to the sound. */
void player_set(struct player *p, size_t i, const struct media_item *item, struct sound *sound);
/* Places the start; beyond the end of a list that does not loop nothing is played. */
void player_seek(struct player *p, int64_t ms);
/* The next 20 ms, filled up with silence at the end; false when there was nothing left at all. */
bool player_next(struct player *p, int16_t frame[LAW_FRAME]);

#endif
