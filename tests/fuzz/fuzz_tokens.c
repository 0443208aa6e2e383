/* Any bytes as the text of a record and as a search. The column is words with one blank between, of letters
 * that need no care in a query; a text that can be searched finds itself; a key is not longer than its
 * letters. */
#include "base/mem.h"
#include "text/pinyin.h"
#include "text/tokens.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define TEXT_MAX 2048

static void check_words(struct str column)
{
	for (size_t i = 0; i < column.n; i++) {
		unsigned char c = (unsigned char)column.p[i];
		assert(c >= 0x80 || isdigit(c) || islower(c) || c == ' ');
		assert(c != ' ' || i + 1 == column.n || column.p[i + 1] != ' ');
	}
}

static void check_found(const struct term *term, const char *column)
{
	struct buf like;
	buf_init(&like, 1024);
	term_print_like(term, &like);
	size_t n = like.n - 1 - (like.p[like.n - 1] == '%');
	if (!term->is_prefix && like.p[like.n - 1] == ' ')
		n = like.n - 1;
	CLEANUP(mem_freep) char *needle = mem_strndup(like.p + 1, n);
	assert(strstr(column, needle));
	buf_done(&like);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size < TEXT_MAX ? size : TEXT_MAX };
	struct terms terms;
	struct buf column, key, query;
	buf_init(&column, 1 << 20);
	buf_init(&key, 1 << 12);
	buf_init(&query, 1 << 14);
	buf_addc(&column, ' ');
	tokens_add(&column, text);
	assert(!buf_err(&column));
	check_words(buf_str(&column));
	if (terms_parse(text, &terms) == 0)
		for (size_t i = 0; i < terms.n; i++)
			check_found(&terms.list[i], column.p);
	terms_print_fts5(&terms, &query);
	terms_print_tsquery(&terms, &query);
	assert(!buf_err(&query));
	pinyin_sort_key(&key, text);
	assert(!buf_err(&key) && key.n <= PINYIN_KEY_LETTERS * 16);
	buf_done(&column);
	buf_done(&key);
	buf_done(&query);
	return 0;
}
