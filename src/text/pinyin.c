/* Readings come out of ICU's tables (cmake/pinyin_table.c). ICU knows one reading per character and the
 * surnames that differ; what people also type is added here: characters that are read in two ways in names
 * and places, u for ü, and surnames that ICU has not, or reads as nobody does. */
#include "text/pinyin.h"

#include "base/mem.h"
#include "text/letters.h"
#include "text/pinyin_table.h"

#include <stdlib.h>
#include <string.h>

/* Surnames before ICU's, with the tone. */
static const struct {
	uint32_t character;
	const char *syllable;
} surnames[] = {
	{ 0x6734, "piao2" },  /* 朴 */
	{ 0x7f2a, "miao4" },  /* 缪 */
	{ 0x8983, "qin2" },   /* 覃 */
	{ 0x961a, "kan4" },   /* 阚 */
	{ 0x90c7, "xun2" },   /* 郇 */
	{ 0x76d6, "ge3" },    /* 盖 */
	{ 0x9ed1, "he4" },    /* 黑 */
	{ 0x796d, "zhai4" },  /* 祭 */
	{ 0x8c0c, "chen2" },  /* 谌 */
	{ 0x6d17, "xian3" },  /* 洗 */
	{ 0x957f, "zhang3" }, /* 长孙 */
	{ 0x9577, "zhang3" }, /* 長孫 */
};

/* A second reading, wherever the character stands. */
static const struct {
	uint32_t character;
	const char *syllable;
} seconds[] = {
	{ 0x91cd, "chong" }, /* 重 */
	{ 0x884c, "hang" },  /* 行 */
	{ 0x957f, "zhang" }, /* 长 */
	{ 0x9577, "zhang" }, /* 長 */
	{ 0x4e50, "yue" },   /* 乐 */
	{ 0x6a02, "yue" },   /* 樂 */
	{ 0x671d, "zhao" },  /* 朝 */
	{ 0x90fd, "du" },    /* 都 */
	{ 0x8c03, "tiao" },  /* 调 */
	{ 0x4f20, "zhuan" }, /* 传 */
	{ 0x85cf, "zang" },  /* 藏 */
	{ 0x6821, "jiao" },  /* 校 */
	{ 0x53a6, "xia" },   /* 厦 */
	{ 0x868c, "beng" },  /* 蚌 */
	{ 0x8398, "xin" },   /* 莘 */
	{ 0x831c, "xi" },    /* 茜 */
	{ 0x5a1c, "nuo" },   /* 娜 */
	{ 0x665f, "cheng" }, /* 晟 */
	{ 0x76db, "cheng" }, /* 盛 */
	{ 0x67cf, "bo" },    /* 柏 */
	{ 0x8c37, "yu" },    /* 谷 */
	{ 0x53c2, "shen" },  /* 参 */
	{ 0x4f1a, "kuai" },  /* 会 */
	{ 0x7387, "lv" },    /* 率 */
	{ 0x5c09, "yu" },    /* 尉 */
	{ 0x7f2a, "mou" },   /* 缪 */
	{ 0x8983, "tan" },   /* 覃 */
	{ 0x9697, "kui" },   /* 隗 */
	{ 0x516d, "lu" },    /* 六 */
	{ 0x6cca, "po" },    /* 泊 */
	{ 0x8584, "bao" },   /* 薄 */
	{ 0x79d8, "bi" },    /* 秘 */
	{ 0x53f6, "xie" },   /* 叶 */
	{ 0x4fde, "shu" },   /* 俞 */
	{ 0x5361, "qia" },   /* 卡 */
	{ 0x8d3e, "gu" },    /* 贾 */
	{ 0x8f66, "ju" },    /* 车 */
	{ 0x5b93, "fu" },    /* 宓 */
};

static const char *usual(uint32_t c)
{
	bool known = c >= PINYIN_FIRST && c <= PINYIN_LAST;
	return known ? pinyin_syllables[pinyin_readings[c - PINYIN_FIRST]] : "";
}

static const char *surname(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(surnames); i++)
		if (surnames[i].character == c)
			return surnames[i].syllable;
	for (const struct pinyin_surname *s = pinyin_surnames; s->character; s++)
		if (s->character == c)
			return pinyin_syllables[s->syllable];
	return usual(c);
}

/* Appends a reading without its tone, unless it is there. */
static size_t add(char readings[PINYIN_READINGS_MAX][PINYIN_SYLLABLE], size_t n, const char *syllable)
{
	size_t len = strcspn(syllable, "12345");
	if (!len || len >= PINYIN_SYLLABLE || n == PINYIN_READINGS_MAX)
		return n;
	for (size_t i = 0; i < n; i++)
		if (strncmp(readings[i], syllable, len) == 0 && !readings[i][len])
			return n;
	memcpy(readings[n], syllable, len);
	readings[n][len] = '\0';
	return n + 1;
}

size_t pinyin_readings_of(
	uint32_t character, bool begins, char ret_readings[PINYIN_READINGS_MAX][PINYIN_SYLLABLE])
{
	size_t n = begins ? add(ret_readings, 0, surname(character)) : 0;
	n = add(ret_readings, n, usual(character));
	for (size_t i = 0; i < ARRAY_LEN(seconds) && n; i++)
		if (seconds[i].character == character)
			n = add(ret_readings, n, seconds[i].syllable);
	char *umlaut = n ? strchr(ret_readings[0], 'v') : NULL;
	if (umlaut && n < PINYIN_READINGS_MAX) {
		memcpy(ret_readings[n], ret_readings[0], PINYIN_SYLLABLE);
		ret_readings[n][umlaut - ret_readings[0]] = 'u';
		n++;
	}
	return n;
}

void pinyin_sort_key(struct buf *out, struct str text)
{
	struct letter l;
	size_t at = 0;
	bool begins = true, blank = false;
	for (size_t n = 0; n < PINYIN_KEY_LETTERS && letter_next(text, &at, &l); n++) {
		if (l.kind == LETTER_NONE) {
			blank = !begins;
			continue;
		}
		if (blank)
			buf_addc(out, ' ');
		if (l.kind == LETTER_HAN) {
			buf_addz(out, begins ? surname(l.c) : usual(l.c));
			buf_addz(out, l.text);
		} else {
			buf_addz(out, l.text);
		}
		blank = l.kind == LETTER_HAN;
		begins = false;
	}
}
