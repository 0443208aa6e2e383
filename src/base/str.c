/* String views. No function here writes a terminator into foreign memory. */
#include "base/str.h"

#include "base/err.h"
#include "base/mem.h"

#include <string.h>
#include <strings.h>

struct str str_from(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){ s.p ? s.p + from : NULL, to - from };
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_is_empty(struct str s)
{
	return s.n == 0;
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eqz(struct str a, const char *z)
{
	return str_eq(a, str_from(z));
}

bool str_caseeq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

bool str_caseeqz(struct str a, const char *z)
{
	return str_caseeq(a, str_from(z));
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){ s.p, prefix.n }, prefix);
}

bool str_casestarts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_caseeq((struct str){ s.p, prefix.n }, prefix);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	if (order)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

size_t str_find(struct str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
	return hit ? (size_t)(hit - s.p) : s.n;
}

struct str str_cut(struct str *rest, char c)
{
	size_t at = str_find(*rest, c);
	struct str head = str_sub(*rest, 0, at);
	*rest = str_sub(*rest, at + 1, rest->n);
	return head;
}

int str_to_u64(struct str s, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;
	if (s.n == 0)
		return -E_SYNTAX;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(s.p[i] - '0');
		if (digit > 9)
			return -E_SYNTAX;
		if (digit > max || value > (max - digit) / 10)
			return -E_LIMIT;
		value = value * 10 + digit;
	}
	*ret_value = value;
	return 0;
}

int str_to_u32(struct str s, uint32_t max, uint32_t *ret_value)
{
	uint64_t value;
	int err = str_to_u64(s, max, &value);
	if (!err)
		*ret_value = (uint32_t)value;
	return err;
}

int str_copy(struct str s, char *dst, size_t size)
{
	if (s.n >= size) {
		dst[0] = '\0';
		return -E_LIMIT;
	}
	if (s.n)
		memcpy(dst, s.p, s.n);
	dst[s.n] = '\0';
	return 0;
}

char *str_dup(struct str s)
{
	return mem_strndup(s.p ? s.p : "", s.n);
}

/* Length of the well-formed sequence that starts at p, 0 when it is none. */
static size_t utf8_len(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char from, to, second_from, second_to, len;
	} forms[] = {
		{ 0x00, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (p[0] < forms[i].from || p[0] > forms[i].to)
			continue;
		if (forms[i].len > n)
			return 0;
		if (forms[i].len > 1 && (p[1] < forms[i].second_from || p[1] > forms[i].second_to))
			return 0;
		for (size_t k = 2; k < forms[i].len; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].len;
	}
	return 0;
}

bool str_is_utf8(struct str s)
{
	size_t i = 0;
	while (i < s.n) {
		size_t len = utf8_len((const unsigned char *)s.p + i, s.n - i);
		if (!len)
			return false;
		i += len;
	}
	return true;
}

void str_hex(const void *bytes, size_t n, char *dst)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i++) {
		*dst++ = digits[p[i] >> 4];
		*dst++ = digits[p[i] & 15];
	}
	*dst = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -E_SYNTAX;
}

int str_unhex(struct str s, void *ret_bytes, size_t n)
{
	unsigned char *out = ret_bytes;
	if (s.n != 2 * n)
		return -E_SYNTAX;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(s.p[2 * i]), low = hex_digit(s.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return -E_SYNTAX;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}
