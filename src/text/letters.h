#ifndef LX_TEXT_LETTERS_H
#define LX_TEXT_LETTERS_H

#include "base/str.h"

/* One character after the other, as search sees it: full-width forms are plain ones, letters are small and
 * have no accents, and each belongs to a kind. */
enum letter_kind {
	LETTER_NONE,  /* blank, punctuation, symbol */
	LETTER_DIGIT, /* 0-9 */
	LETTER_LATIN, /* of a word that blanks end */
	LETTER_HAN,   /* has no blanks around: searched by pairs */
};

struct letter {
	enum letter_kind kind;
	uint32_t c;   /* the character, after full-width was made plain */
	char text[8]; /* how it is searched, terminated */
};

/* The character at *at, which moves on; false at the end. Bytes that are no UTF-8 are LETTER_NONE. */
bool letter_next(struct str s, size_t *at, struct letter *ret_letter);

#endif
