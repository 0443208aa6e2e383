#ifndef LX_MEDIA_LAW_H
#define LX_MEDIA_LAW_H

#include "media/media.h"

#include <stddef.h>
#include <stdint.h>

/* ITU-T G.711 by table. Any thread, once law_init() has run (media_new and recfile_open call it; calling it
 * again costs nothing). */
#define LAW_FRAME 160 /* samples of 20 ms */

void law_init(void);

extern int16_t law_linear[2][256];  /* [codec][byte]: 16-bit scale */
extern uint8_t law_convert[2][256]; /* [from codec][byte]: the same sound in the other law */

uint8_t law_encode(enum media_codec codec, int sample); /* clamps */
void law_encode_block(enum media_codec codec, const int16_t *src, size_t n, uint8_t *dst);
void law_decode_block(enum media_codec codec, const uint8_t *src, size_t n, int16_t *dst);
uint8_t law_silence(enum media_codec codec);

#endif
