#ifndef LX_MEDIA_G711_H
#define LX_MEDIA_G711_H

#include "media/media.h"

#include <stddef.h>
#include <stdint.h>

/* ITU-T G.711 by table. Any thread, once g711_init() has run (media_new and recfile_open call it; calling it
 * again costs nothing). */
#define G711_FRAME 160 /* samples of 20 ms */

void g711_init(void);

extern int16_t g711_linear[2][256];  /* [codec][byte]: 16-bit scale */
extern uint8_t g711_convert[2][256]; /* [from codec][byte]: the same sound in the other law */

uint8_t g711_encode(enum media_codec codec, int sample); /* clamps */
void g711_encode_block(enum media_codec codec, const int16_t *src, size_t n, uint8_t *dst);
void g711_decode_block(enum media_codec codec, const uint8_t *src, size_t n, int16_t *dst);
uint8_t g711_silence(enum media_codec codec);

#endif
