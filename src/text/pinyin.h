#ifndef LX_TEXT_PINYIN_H
#define LX_TEXT_PINYIN_H

#include "base/buf.h"

#include <stdint.h>

/* How Han characters are read, without tones: "zhang", and "lv" for what is written lü. */
#define PINYIN_SYLLABLE 8
#define PINYIN_READINGS_MAX 4

/* The readings of a character, the usual one first; at the beginning of a name the surname's. Returns their
 * number, 0 for what is no Han character or has none. */
size_t pinyin_readings_of(
	uint32_t character, bool begins, char ret_readings[PINYIN_READINGS_MAX][PINYIN_SYLLABLE]);

/* Key by which names are sorted as a dictionary does: Han by syllable, tone and character, so that one
 * surname stands together, the rest by small letters. Text behind the first PINYIN_KEY_LETTERS does not
 * count. */
#define PINYIN_KEY_LETTERS 24
void pinyin_sort_key(struct buf *out, struct str text);

#endif
