/* Reads the marks and words around a number, and leaves to libphonenumber what belongs to countries:
 * prefixes, lengths, which numbers exist. What it does not take for a full number stays the digits as they
 * are dialled: 10086, 95555, an extension of the house. */
#include "text/phone.h"

#include "base/mem.h"
#include "text/letters.h"
#include "text/phone_library.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_MIN 2
#define DIGITS_MAX 20

/* Two letters in one word. */
static _Atomic unsigned home = ('C' << 8) | 'N';

struct writing {
	char digits[DIGITS_MAX + 2]; /* with a leading + */
	char extension[PHONE_EXTENSION];
	size_t n, n_extension, last_group; /* where the digits behind the last hyphen begin */
	bool in_extension;
};

static void region_of_home(char ret_region[3])
{
	unsigned both = atomic_load(&home);
	ret_region[0] = (char)(both >> 8);
	ret_region[1] = (char)(both & 0xff);
	ret_region[2] = '\0';
}

int phone_check_region(const char *region, struct fault *reterr_)
{
	if (strlen(region) == 2 && phone_library_knows(region))
		return 0;
	return fault_set(reterr_, "format_region", "", "is no country (two letters of ISO 3166)");
}

void phone_set_home(const char *region)
{
	if (phone_check_region(region, NULL))
		return;
	atomic_store(&home, ((unsigned)(unsigned char)region[0] << 8) | (unsigned char)region[1]);
}

static bool is_one_of(uint32_t c, const char *marks)
{
	return c < 0x80 && c && strchr(marks, (int)c);
}

/* What stands between a number and its extension: x, ext., extension, #, 转, 轉, 分机, 分機, 内线. */
static bool begins_extension(const struct writing *w, const struct letter *l)
{
	static const uint32_t words[] = { 0x8f6c, 0x8f49, 0x5206, 0x673a, 0x6a5f, 0x5185, 0x5167, 0x7ebf,
		0x7dda };
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (l->c == words[i])
			return w->n > 0;
	return w->n > 0 && is_one_of(l->c | 0x20, "extnsio");
}

static bool put(char *digits, size_t *n, size_t max, char c)
{
	if (*n == max)
		return false;
	digits[(*n)++] = c;
	return true;
}

static bool take_extension(struct writing *w, const struct letter *l)
{
	if (l->kind == LETTER_DIGIT)
		return put(w->extension, &w->n_extension, PHONE_EXTENSION - 1, (char)l->c);
	return is_one_of(l->c, " .:=-#") || (!w->n_extension && begins_extension(w, l));
}

static bool is_mark(uint32_t c)
{
	return is_one_of(c, " ()-./") || c == 0xa0 || (c >= 0x2010 && c <= 0x2015) || c == 0xb7;
}

/* One character of what was written; false when it belongs to no number. A * or # is dialled when the number
 * is a code (*72), and begins an extension behind a full one. */
static bool take(struct writing *w, const struct letter *l)
{
	bool code = is_one_of(l->c, "*#");
	if (w->in_extension)
		return take_extension(w, l);
	if (l->kind == LETTER_DIGIT || (code && (w->n < 7 || strpbrk(w->digits, "*#"))))
		return put(w->digits, &w->n, DIGITS_MAX + 1, (char)l->c);
	if (l->c == '+')
		return w->n == 0 && put(w->digits, &w->n, DIGITS_MAX + 1, '+');
	if (l->c == '-')
		w->last_group = w->n;
	if (is_mark(l->c))
		return true;
	w->in_extension = code || is_one_of(l->c, ",;") || begins_extension(w, l);
	return w->in_extension;
}

/* 010-88886666-801: the last group is an extension when what stands before it is a number and the whole is
 * not. */
static bool take_last_group(struct writing *w, const char *region, struct phone *ret_phone)
{
	size_t n = w->n - w->last_group;
	char *rest = w->digits + w->last_group;
	if (!w->last_group || w->n_extension || n == 0 || n > 6)
		return false;
	memcpy(ret_phone->extension, rest, n);
	ret_phone->extension[n] = '\0';
	*rest = '\0';
	return phone_library_e164(w->digits, region, ret_phone->number, PHONE_NUMBER);
}

/* Most numbers of a Chinese centre: known by their form, without asking the library (30 us). */
static bool is_chinese_mobile(const char *digits, const char *region, char ret_number[PHONE_NUMBER])
{
	size_t n = strlen(digits);
	bool abroad = strncmp(digits, "+86", 3) == 0;
	if (n != (abroad ? 14u : 11u) || (!abroad && strcmp(region, "CN") != 0))
		return false;
	const char *last = digits + n - 11;
	if (last[0] != '1' || last[1] < '3' || strspn(last, "0123456789") != 11)
		return false;
	snprintf(ret_number, PHONE_NUMBER, "+86%s", last);
	return true;
}

static int refuse(struct fault *reterr_)
{
	return fault_set(reterr_, "format_phone", "", "is no telephone number");
}

int phone_parse(struct str text, struct phone *ret_phone, struct fault *reterr_)
{
	struct writing w = { .n = 0 };
	struct letter l;
	char region[3], whole[sizeof(w.digits)];
	size_t at = 0;
	*ret_phone = (struct phone){ .number = "" };
	region_of_home(region);
	while (letter_next(text, &at, &l))
		if (!take(&w, &l))
			return refuse(reterr_);
	size_t n = w.n - (w.digits[0] == '+');
	if (n < DIGITS_MIN || n > DIGITS_MAX)
		return refuse(reterr_);
	memcpy(whole, w.digits, sizeof(whole));
	memcpy(ret_phone->extension, w.extension, sizeof(w.extension));
	if (is_chinese_mobile(whole, region, ret_phone->number))
		return 0;
	if (strpbrk(whole, "*#") ||
		(!phone_library_e164(whole, region, ret_phone->number, PHONE_NUMBER) &&
			!take_last_group(&w, region, ret_phone))) {
		memcpy(ret_phone->extension, w.extension, sizeof(w.extension));
		memcpy(ret_phone->number, whole, sizeof(whole));
	}
	return 0;
}

void phone_dialled(const char *number, char ret_digits[PHONE_NUMBER])
{
	char region[3], text[2 * PHONE_NUMBER];
	size_t n = 0;
	region_of_home(region);
	const char *first = text;
	if (strcmp(region, "CN") == 0 && is_chinese_mobile(number, region, text))
		first += strlen("+86");
	else if (*number != '+' || !phone_library_dialled(number, region, text, sizeof(text)))
		snprintf(text, sizeof(text), "%s", number);
	for (const char *p = first; *p && n + 1 < PHONE_NUMBER; p++)
		if (is_one_of((unsigned char)*p, "0123456789*#") || (p == text && *p == '+'))
			ret_digits[n++] = *p;
	ret_digits[n] = '\0';
}
