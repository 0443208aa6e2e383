#include "base/mask.h"

#define NUMBER_DIGITS 7 /* of what could be somebody's */

static bool is_start(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* Index of the n-th character. */
static size_t at_character(struct str s, size_t n)
{
	size_t i = 0;
	for (; i < s.n; i++)
		if (is_start(s.p[i]) && n-- == 0)
			break;
	return i;
}

void mask_add(struct buf *out, struct str s)
{
	size_t n = 0, head, tail;
	for (size_t i = 0; i < s.n; i++)
		n += is_start(s.p[i]);
	head = n >= 10 ? 3 : n >= 5 ? 1 : 0;
	if (n >= 12 && *s.p == '+')
		head = n - 8; /* country and area or network */
	tail = n >= 10 ? 4 : n >= 5 ? 1 : 0;
	buf_adds(out, str_sub(s, 0, at_character(s, head)));
	buf_addz(out, MASK_STARS);
	buf_adds(out, str_sub(s, at_character(s, n - tail), s.n));
}

bool mask_is_number(const char *text)
{
	size_t digits = 0;
	for (; *text; text++)
		digits += *text >= '0' && *text <= '9';
	return digits >= NUMBER_DIGITS;
}
