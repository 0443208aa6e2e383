/* A spreadsheet's number is a double with at most 15 digits that count, and a date is one that a format shows
 * as such. Day 60 of the calendar from 1900 is the 29th of February of a year that had none: days before it
 * are one later. */
#include "sheet/number.h"

#include "sheet/cell.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DIGITS_KEPT 15
#define DAY_S 86400
#define DAYS_MAX 2958465.0 /* 9999-12-31 */
#define DAYS_TO_1970 25569
#define DAYS_1904 1462
#define LEAP_DAY_1900 60

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static bool to_double(struct str raw, double *ret_value)
{
	char text[64], *end;
	if (str_copy(raw, text, sizeof(text)) || !raw.n || strspn(text, "0123456789+-.eE") != raw.n)
		return false;
	*ret_value = strtod(text, &end);
	return *end == '\0' && isfinite(*ret_value);
}

static void drop_zeros(char *text)
{
	char *end = text + strlen(text);
	while (end > text && end[-1] == '0')
		*--end = '\0';
	if (end > text && end[-1] == '.')
		end[-1] = '\0';
}

bool number_to_text(struct str raw, char dst[NUMBER_SIZE], unsigned *ret_flags)
{
	double value;
	struct str digits = str_starts(raw, STR("-")) ? str_sub(raw, 1, raw.n) : raw;
	*ret_flags = 0;
	if (is_digits(digits) && raw.n < 64)
		return str_copy(raw, dst, NUMBER_SIZE) == 0;
	if (!to_double(raw, &value))
		return false;
	if (value == floor(value)) {
		*ret_flags = fabs(value) >= 1e15 ? CELL_ROUNDED : 0;
		snprintf(dst, NUMBER_SIZE, "%.0f", value == 0 ? 0.0 : value);
		return true;
	}
	snprintf(dst, NUMBER_SIZE, "%.*g", DIGITS_KEPT, value);
	if (strchr(dst, 'e')) {
		int places = DIGITS_KEPT - 1 - (int)floor(log10(fabs(value)));
		snprintf(dst, NUMBER_SIZE, "%.*f", places, value);
		drop_zeros(dst);
	}
	return true;
}

bool number_from_display(struct str text, char dst[NUMBER_SIZE], unsigned *ret_flags)
{
	size_t mark = str_find(text, 'E');
	struct str mantissa = str_sub(text, 0, mark), exponent = str_sub(text, mark + 2, text.n);
	uint32_t power = 0;
	double value;
	if (mark + 2 >= text.n || text.p[mark + 1] != '+' || str_to_u32(exponent, 30, &power))
		return false;
	struct str fraction = mantissa;
	struct str whole = str_cut(&fraction, '.');
	bool pointed = whole.n < mantissa.n;
	if (whole.n != 1 || !is_digits(whole) || (pointed && !is_digits(fraction)) ||
		!to_double(text, &value))
		return false;
	snprintf(dst, NUMBER_SIZE, "%.0f", value);
	*ret_flags = power > (pointed ? fraction.n : 0) ? CELL_ROUNDED : 0;
	return true;
}

bool number_to_date(struct str raw, enum number_style style, bool from_1904, char dst[NUMBER_SIZE])
{
	double value;
	struct tm tm;
	if (!to_double(raw, &value) || value < 0 || value > DAYS_MAX)
		return false;
	int64_t seconds = (int64_t)llround(value * DAY_S);
	int64_t days = seconds / DAY_S;
	int clock = (int)(seconds % DAY_S);
	char time_text[32];
	snprintf(time_text, sizeof(time_text), "%02d:%02d:%02d", clock / 3600, clock / 60 % 60, clock % 60);
	if (style == NUMBER_SPAN) {
		snprintf(dst, NUMBER_SIZE, "%" PRId64 "%s", days * 24 + clock / 3600, time_text + 2);
		return true;
	}
	if (days == 0 && !from_1904) {
		snprintf(dst, NUMBER_SIZE, "%s", time_text);
		return true;
	}
	days += from_1904 ? DAYS_1904 : days < LEAP_DAY_1900 ? 1 : 0;
	time_t at = (time_t)((days - DAYS_TO_1970) * DAY_S);
	if (!gmtime_r(&at, &tm))
		return false;
	snprintf(dst, NUMBER_SIZE, "%04d-%02d-%02d%s%s", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		clock ? " " : "", clock ? time_text : "");
	return true;
}

/* Behind the quoted, escaped or bracketed part that begins at p. */
static const char *behind(const char *p)
{
	char end = *p == '"' ? '"' : ']';
	if (*p == '\\' || *p == '_' || *p == '*')
		return p[1] ? p + 2 : p + 1;
	const char *close = strchr(p + 1, end);
	return close ? close + 1 : p + strlen(p);
}

static bool is_span(const char *p)
{
	return p[0] == '[' && strchr("hHmMsS", p[1]) && p[1];
}

enum number_style number_style_of_code(const char *code)
{
	if (strncasecmp(code, "general", 7) == 0)
		return NUMBER_PLAIN;
	for (const char *p = code; *p;) {
		if (is_span(p))
			return NUMBER_SPAN;
		if (strchr("\"[\\_*", *p)) {
			p = behind(p);
			continue;
		}
		if (strchr("yYmMdDhHsS", *p))
			return NUMBER_DATE;
		p++;
	}
	return NUMBER_PLAIN;
}

enum number_style number_style_of_id(unsigned id)
{
	static const struct {
		unsigned from, to;
		enum number_style style;
	} known[] = { { 14, 22, NUMBER_DATE }, { 27, 36, NUMBER_DATE }, { 45, 45, NUMBER_DATE },
		{ 46, 46, NUMBER_SPAN }, { 47, 47, NUMBER_DATE }, { 50, 58, NUMBER_DATE } };
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (id >= known[i].from && id <= known[i].to)
			return known[i].style;
	return NUMBER_PLAIN;
}
