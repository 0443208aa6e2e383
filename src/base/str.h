#ifndef LX_BASE_STR_H
#define LX_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A view of bytes owned by somebody else; not terminated. An absent value has p == NULL, an empty one n == 0.
 */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct str str_from(const char *z);                       /* NULL gives STR_NONE */
struct str str_sub(struct str s, size_t from, size_t to); /* clamped */
struct str str_trim(struct str s);                        /* spaces, tabs, CR and LF at both ends */

bool str_is_empty(struct str s);
bool str_eq(struct str a, struct str b);
bool str_eqz(struct str a, const char *z);
bool str_caseeq(struct str a, struct str b); /* ASCII */
bool str_caseeqz(struct str a, const char *z);
bool str_starts(struct str s, struct str prefix);
bool str_casestarts(struct str s, struct str prefix);
int str_cmp(struct str a, struct str b);

/* Index of the first c, or s.n. */
size_t str_find(struct str s, char c);

/* Cuts *rest at the first c and returns what stood before; the c is dropped. Without a c all of it. */
struct str str_cut(struct str *rest, char c);

/* Decimal digits only, no sign, no space; -E_SYNTAX, or -E_LIMIT above max. */
int str_to_u64(struct str s, uint64_t max, uint64_t *ret_value);
int str_to_u32(struct str s, uint32_t max, uint32_t *ret_value);

/* Copies into a terminated array; -E_LIMIT (and an empty string) when it does not fit. */
int str_copy(struct str s, char *dst, size_t size);

/* Fresh terminated copy that the caller frees. */
char *str_dup(struct str s);

/* Whether the bytes are well-formed UTF-8 (RFC 3629). */
bool str_is_utf8(struct str s);

/* Lower-case hexadecimal; dst has room for 2 n + 1. */
void str_hex(const void *bytes, size_t n, char *dst);
/* -E_SYNTAX unless s is exactly 2 n hexadecimal digits. */
int str_unhex(struct str s, void *ret_bytes, size_t n);

#endif
