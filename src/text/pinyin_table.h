#ifndef LX_TEXT_PINYIN_TABLE_H
#define LX_TEXT_PINYIN_TABLE_H

#include <stdint.h>

/* What cmake/pinyin_table.c prints out of ICU when the program is built. */

#define PINYIN_FIRST 0x3400 /* the Han characters with a reading */
#define PINYIN_LAST 0x9fff
#define FOLD_FIRST 0xc0 /* Latin with accents, Greek, Cyrillic, Armenian */
#define FOLD_LAST 0x58f

extern const char pinyin_syllables[][8]; /* "zhang1"; the first is "": none */
extern const uint16_t pinyin_readings[]; /* of PINYIN_FIRST … PINYIN_LAST */
extern const char fold_letters[][8]; /* of FOLD_FIRST … FOLD_LAST: small, without accents; "": no letter */

/* Characters that are read otherwise at the beginning of a name; the last has character 0. */
struct pinyin_surname {
	uint16_t character, syllable;
};
extern const struct pinyin_surname pinyin_surnames[];

#endif
