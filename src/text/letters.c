/* Characters and their kinds. Kana, Hangul and Thai have no blanks between words, so they are searched by
 * pairs like Han; a combining accent is dropped, as is the accent of a composed letter. */
#include "text/letters.h"

#include "base/mem.h"
#include "text/pinyin_table.h"

#include <string.h>

#define FULL_WIDTH_FIRST 0xff01 /* stands for '!' */
#define FULL_WIDTH_LAST 0xff5e
#define WIDE_BLANK 0x3000

/* What is neither Latin word nor separator, by its range. */
static const struct {
	uint32_t first, last;
	enum letter_kind kind;
} ranges[] = {
	{ 0x0080, 0x00a9, LETTER_NONE },
	{ 0x00aa, 0x00aa, LETTER_LATIN },
	{ 0x00ab, 0x00b4, LETTER_NONE },
	{ 0x00b6, 0x00b9, LETTER_NONE },
	{ 0x00ba, 0x00ba, LETTER_LATIN },
	{ 0x00bb, 0x00bf, LETTER_NONE },
	{ 0x0e00, 0x0eff, LETTER_HAN },
	{ 0x1100, 0x11ff, LETTER_HAN },
	{ 0x2000, 0x2bff, LETTER_NONE },
	{ 0x2e80, 0x2fdf, LETTER_HAN },
	{ 0x2ff0, 0x3004, LETTER_NONE },
	{ 0x3005, 0x3007, LETTER_HAN },
	{ 0x3008, 0x3020, LETTER_NONE },
	{ 0x3030, 0x3030, LETTER_NONE },
	{ 0x3041, 0x9fff, LETTER_HAN },
	{ 0xac00, 0xd7ff, LETTER_HAN },
	{ 0xe000, 0xf8ff, LETTER_NONE },
	{ 0xf900, 0xfaff, LETTER_HAN },
	{ 0xfe00, 0xfe6f, LETTER_NONE },
	{ 0xff00, 0xff65, LETTER_NONE },
	{ 0xff66, 0xffdc, LETTER_HAN },
	{ 0xffdd, 0xffff, LETTER_NONE },
	{ 0x1d000, 0x1faff, LETTER_NONE },
	{ 0x20000, 0x323af, LETTER_HAN },
	{ 0xe0000, 0x10ffff, LETTER_NONE },
};

/* Length of the character at p and its value; 0 when it is none. */
static size_t decode(struct str s, size_t at, uint32_t *ret_c)
{
	unsigned char first = (unsigned char)s.p[at];
	size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (at + n > s.n || !str_is_utf8(str_sub(s, at, at + n)))
		return 0;
	*ret_c = n == 1 ? first : first & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		*ret_c = (*ret_c << 6) | ((unsigned char)s.p[at + i] & 0x3f);
	return n;
}

static enum letter_kind ascii(uint32_t c, struct letter *l)
{
	bool upper = c >= 'A' && c <= 'Z';
	l->text[0] = (char)(upper ? c + 'a' - 'A' : c);
	l->text[1] = '\0';
	if (c >= '0' && c <= '9')
		return LETTER_DIGIT;
	return upper || (c >= 'a' && c <= 'z') ? LETTER_LATIN : LETTER_NONE;
}

static enum letter_kind kind_of(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].kind;
	return LETTER_LATIN;
}

bool letter_next(struct str s, size_t *at, struct letter *ret_letter)
{
	struct letter *l = ret_letter;
	*l = (struct letter){ .kind = LETTER_NONE };
	if (*at >= s.n)
		return false;
	size_t n = decode(s, *at, &l->c), from = *at;
	*at += n ? n : 1;
	if (!n)
		return true;
	if (l->c == WIDE_BLANK)
		l->c = ' ';
	if (l->c >= FULL_WIDTH_FIRST && l->c <= FULL_WIDTH_LAST)
		l->c -= FULL_WIDTH_FIRST - '!';
	if (l->c < 0x80) {
		l->kind = ascii(l->c, l);
	} else if (l->c >= FOLD_FIRST && l->c <= FOLD_LAST) {
		const char *folded = fold_letters[l->c - FOLD_FIRST];
		bool accent = l->c >= 0x300 && l->c <= 0x36f;
		memcpy(l->text, folded, sizeof(l->text));
		l->kind = *folded || accent ? LETTER_LATIN : LETTER_NONE;
	} else {
		l->kind = kind_of(l->c);
		memcpy(l->text, s.p + from, n);
	}
	return true;
}
