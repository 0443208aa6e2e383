/* Text is cut into runs of one kind; each kind has its way into the column and into a search. Pairs and
 * threes overlap, so that any part of a run is a row of neighbouring tokens, and the rest at a run's end
 * keeps a row from reaching into the next run. */
#include "text/tokens.h"

#include "text/letters.h"
#include "text/pinyin.h"

#include <string.h>

#define RUN_MAX 256 /* characters looked at together; a longer run is two */
#define READ_MAX 8  /* characters read together */
#define VARIANTS_MAX 4
#define WORD_MAX 64

struct run {
	enum letter_kind kind;
	bool mixed; /* letters and digits in one word */
	size_t n;
	struct letter letters[RUN_MAX];
};

static bool is_word(enum letter_kind kind)
{
	return kind == LETTER_LATIN || kind == LETTER_DIGIT;
}

/* The next characters of one kind; a word may have digits in it. */
static bool run_next(struct str text, size_t *at, struct run *run)
{
	struct letter l;
	size_t before = *at;
	run->n = 0;
	run->kind = LETTER_NONE;
	run->mixed = false;
	while (run->n < RUN_MAX && letter_next(text, at, &l)) {
		bool ends = l.kind != run->kind && !(is_word(l.kind) && is_word(run->kind));
		if (run->n && ends) {
			*at = before;
			return true;
		}
		before = *at;
		if (l.kind == LETTER_NONE)
			continue;
		run->mixed = run->mixed || (run->n && l.kind != run->kind);
		run->kind = l.kind;
		run->letters[run->n++] = l;
	}
	return run->n > 0;
}

static void add_letters(struct buf *out, const struct run *run, size_t from, size_t n)
{
	for (size_t i = from; i < from + n && i < run->n; i++)
		buf_addz(out, run->letters[i].text);
	buf_addc(out, ' ');
}

/* Overlapping pieces of `width` characters, then shorter ones to the end. */
static void add_pieces(struct buf *out, const struct run *run, size_t from, size_t to, size_t width)
{
	for (size_t i = from; i < to; i++)
		add_letters(out, run, i, to - i < width ? to - i : width);
}

static void add_digits(struct buf *out, const struct run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		size_t end = i;
		while (end < run->n && run->letters[end].kind == LETTER_DIGIT)
			end++;
		if (end > i) {
			add_pieces(out, run, i, end, 3);
			i = end;
		}
	}
}

/* A word in one piece, without what is over WORD_MAX; nothing when only accents are in it. */
static size_t word_of(const struct run *run, char *word)
{
	size_t n = 0;
	for (size_t i = 0; i < run->n; i++) {
		size_t len = strlen(run->letters[i].text);
		if (n + len >= WORD_MAX)
			break;
		memcpy(word + n, run->letters[i].text, len);
		n += len;
	}
	word[n] = '\0';
	return n;
}

/* How the characters of a run are read, each in a few ways. */
struct reading {
	size_t n;
	char ways[PINYIN_READINGS_MAX][PINYIN_SYLLABLE];
};

/* One way to read characters first … end, the `variant`-th of all. */
static void read_aloud(const struct reading *first, const struct reading *end, size_t variant,
	char *ret_whole, char *ret_initials)
{
	char *whole = ret_whole, *initials = ret_initials;
	for (const struct reading *r = first; r < end; r++) {
		const char *way = r->ways[variant % r->n];
		size_t len = strlen(way);
		memcpy(whole, way, len);
		whole += len;
		*initials++ = *way;
		variant /= r->n;
	}
	*whole++ = ' ';
	*initials++ = ' ';
	*whole = *initials = '\0';
}

static void add_readings_from(struct buf *out, const struct reading *first, const struct reading *end)
{
	char known[VARIANTS_MAX][READ_MAX + 2];
	size_t variants = 1, n_known = 0;
	const struct reading *to = first;
	while (to < end && to->n && to - first < READ_MAX)
		variants *= (to++)->n;
	for (size_t v = 0; v < variants && v < VARIANTS_MAX && to > first; v++) {
		char whole[READ_MAX * PINYIN_SYLLABLE + 2], *initials = known[n_known];
		size_t same = 0;
		read_aloud(first, to, v, whole, initials);
		buf_addz(out, whole);
		while (same < n_known && strcmp(known[same], initials) != 0)
			same++;
		if (same == n_known) {
			buf_addz(out, initials);
			n_known++;
		}
	}
}

static void add_readings(struct buf *out, const struct run *run)
{
	struct reading readings[RUN_MAX];
	for (size_t i = 0; i < run->n; i++)
		readings[i].n = pinyin_readings_of(run->letters[i].c, i == 0, readings[i].ways);
	for (size_t i = 0; i < run->n; i++)
		add_readings_from(out, &readings[i], &readings[run->n]);
}

void tokens_add(struct buf *out, struct str text)
{
	struct run run;
	char word[WORD_MAX];
	size_t at = 0;
	while (run_next(text, &at, &run)) {
		if (run.kind == LETTER_HAN) {
			add_pieces(out, &run, 0, run.n, 2);
			add_readings(out, &run);
			continue;
		}
		if ((run.kind == LETTER_LATIN || run.mixed) && word_of(&run, word)) {
			buf_addz(out, word);
			buf_addc(out, ' ');
		}
		add_digits(out, &run);
	}
}

/* A row of overlapping pieces; what does not fit is left out, so that more is found, never less. */
static void phrase(struct term *term, const struct run *run, size_t width)
{
	size_t n = 0;
	for (size_t i = 0; i + width <= run->n; i++) {
		char piece[3 * sizeof(run->letters[0].text)];
		size_t len = 0;
		for (size_t k = i; k < i + width; k++) {
			size_t letter = strlen(run->letters[k].text);
			memcpy(piece + len, run->letters[k].text, letter);
			len += letter;
		}
		if (n + len + 2 > sizeof(term->text))
			break;
		if (n)
			term->text[n++] = ' ';
		memcpy(term->text + n, piece, len);
		n += len;
	}
	term->text[n] = '\0';
}

static struct term term_of(const struct run *run)
{
	struct term term = { .is_prefix = true };
	size_t width = run->kind == LETTER_HAN ? 2 : 3;
	bool word = run->kind == LETTER_LATIN || run->mixed || run->n < width;
	if (word) {
		(void)word_of(run, term.text);
	} else {
		term.is_prefix = false;
		phrase(&term, run, width);
	}
	return term;
}

int terms_parse(struct str text, struct terms *ret_terms)
{
	struct run run;
	size_t at = 0;
	ret_terms->n = 0;
	while (run_next(text, &at, &run)) {
		struct term term = term_of(&run);
		if (!term.text[0])
			continue;
		if (ret_terms->n == TERMS_MAX)
			return -E_LIMIT;
		ret_terms->list[ret_terms->n++] = term;
	}
	return 0;
}

void terms_print_fts5(const struct terms *terms, struct buf *out)
{
	for (size_t i = 0; i < terms->n; i++) {
		const struct term *t = &terms->list[i];
		buf_printf(out, "%s\"%s\"%s", i ? " AND " : "", t->text, t->is_prefix ? "*" : "");
	}
}

void terms_print_tsquery(const struct terms *terms, struct buf *out)
{
	for (size_t i = 0; i < terms->n; i++) {
		struct str rest = str_from(terms->list[i].text);
		buf_addz(out, i ? " & '" : "'");
		buf_adds(out, str_cut(&rest, ' '));
		buf_addc(out, '\'');
		while (rest.n) {
			buf_addz(out, " <-> '");
			buf_adds(out, str_cut(&rest, ' '));
			buf_addc(out, '\'');
		}
		if (terms->list[i].is_prefix)
			buf_addz(out, ":*");
	}
}

void term_print_like(const struct term *term, struct buf *out)
{
	buf_printf(out, "%% %s%s", term->text, term->is_prefix ? "%" : " %");
}
