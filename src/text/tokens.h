#ifndef LX_TEXT_TOKENS_H
#define LX_TEXT_TOKENS_H

#include "base/buf.h"

/* What search finds, as words with a blank around each, for a full-text index that splits at blanks:
 *  - Han: every pair of neighbours, and the last one alone; how up to eight of them are read, joined, from
 *    every one on, and their initials: 张三丰 gives 张三 三丰 丰 zhangsanfeng sanfeng feng zsf sf f;
 *  - digits: every three neighbours, the last two, the last one;
 *  - Latin words in small letters without accents; one with digits in it whole, too.
 * A search is the same pieces as phrases, and prefixes where a piece is too short or a word goes on. */

/* Appends the tokens of one value; a column begins with a blank of the caller's. */
void tokens_add(struct buf *out, struct str text);

/* One thing that must be found: words in this order (`phrase`, with blanks between), or a word that begins
 * so. */
struct term {
	bool is_prefix;
	char text[192];
};

#define TERMS_MAX 16
struct terms {
	struct term list[TERMS_MAX];
	size_t n; /* 0: nothing in it can be searched, so nothing is found */
};

/* What somebody typed. More than TERMS_MAX terms, or longer ones than fit, are -E_LIMIT. */
int terms_parse(struct str text, struct terms *ret_terms) MUST_CHECK;

/* The search as SQLite's FTS5 and as PostgreSQL's tsquery want it; n > 0. */
void terms_print_fts5(const struct terms *terms, struct buf *out);
void terms_print_tsquery(const struct terms *terms, struct buf *out);
/* What stands in a column of tokens where the term is found, for LIKE: "% zs%", "% 138 380 %". */
void term_print_like(const struct term *term, struct buf *out);

#endif
