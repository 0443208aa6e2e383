#ifndef LX_SIP_LEX_H
#define LX_SIP_LEX_H

#include "base/err.h"
#include "base/str.h"

/* Scanning of SIP text: character classes of RFC 3261 section 25 and a cursor over a view. When a function
 * fails, the cursor stands on the byte that is wrong. */
struct lex {
	const char *p, *end;
};

enum {
	LEX_TOKEN = 1, /* token */
	LEX_USER = 2,  /* user part of a URI without escapes; '#' too, which phones send raw */
	LEX_HOST = 4,  /* host name; '_' too, which names in use have */
	LEX_PARAM = 8, /* uri-parameter without escapes */
	LEX_HEAD = 16, /* header of a URI without escapes */
	LEX_DIGIT = 32,
	LEX_HEX = 64,
};
extern const unsigned char lex_class[256];

static inline bool lex_is(char c, unsigned classes)
{
	return (lex_class[(unsigned char)c] & classes) != 0;
}

struct lex lex_of(struct str s);
struct str lex_rest(const struct lex *x);
struct str lex_run(struct lex *x, unsigned classes); /* the longest run, may be empty */
void lex_space(struct lex *x);                       /* spaces and tabs */
bool lex_take(struct lex *x, char c);                /* c with white space around it */
bool lex_end(struct lex *x);                         /* nothing but white space left */

/* From '"' to the matching '"'; the view is what stands between, escapes untouched. */
int lex_quoted(struct lex *x, struct str *ret_inside) MUST_CHECK;
/* Decimal number; -E_SYNTAX without a digit, -E_LIMIT above max. */
int lex_number(struct lex *x, uint64_t max, uint64_t *ret_value) MUST_CHECK;
/* host [":" port] of a URI or Via: an IPv6 literal comes without its brackets. port is 0 when absent. */
int lex_hostport(struct lex *x, struct str *ret_host, uint16_t *ret_port) MUST_CHECK;
/* All of *(";" name ["=" value]): the view starts at the first ';' and is empty without any. */
int lex_params(struct lex *x, struct str *ret_params) MUST_CHECK;

/* Value of a parameter in such a view, names compared without case; a quoted value without its quotes.
 * The value is empty when the parameter has none. */
bool lex_param(struct str params, const char *name, struct str *ret_value);
/* Walks such a view: false at the end. Values as written, quotes included. */
bool lex_param_next(struct lex *params, struct str *ret_name, struct str *ret_value);

#endif
