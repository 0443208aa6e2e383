/* Names are compared by their sound, for that is what was heard when they were written down. */
#include "text/alike.h"

#include "text/letters.h"
#include "text/pinyin.h"

#include <string.h>

#define SOUND_MAX 96

void name_sound(struct buf *out, struct str name)
{
	struct letter l;
	size_t at = 0;
	bool begins = true;
	while (letter_next(name, &at, &l)) {
		char ways[PINYIN_READINGS_MAX][PINYIN_SYLLABLE];
		if (l.kind == LETTER_NONE)
			continue;
		bool read = l.kind == LETTER_HAN && pinyin_readings_of(l.c, begins, ways);
		buf_addz(out, read ? ways[0] : l.text);
		begins = false;
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to change, add or leave out to make one of the other. */
static size_t distance(struct str a, struct str b)
{
	size_t row[SOUND_MAX + 1];
	for (size_t i = 0; i <= b.n; i++)
		row[i] = i;
	for (size_t i = 1; i <= a.n; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t k = 1; k <= b.n; k++) {
			size_t changed = corner + (a.p[i - 1] != b.p[k - 1]);
			corner = row[k];
			row[k] = least(changed, least(row[k], row[k - 1]) + 1);
		}
	}
	return row[b.n];
}

bool names_are_alike(struct str a, struct str b)
{
	struct buf x, y;
	buf_init(&x, 4096);
	buf_init(&y, 4096);
	name_sound(&x, a);
	name_sound(&y, b);
	size_t longer = x.n > y.n ? x.n : y.n;
	size_t allowed = longer >= 12 ? 2 : longer >= 8 ? 1 : 0;
	bool alike = x.n && y.n && x.n <= SOUND_MAX && y.n <= SOUND_MAX &&
		distance(buf_str(&x), buf_str(&y)) <= allowed;
	buf_done(&x);
	buf_done(&y);
	return alike;
}
