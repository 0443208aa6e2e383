/* Forms of text that several resources ask for. */
#include "base/mem.h"
#include "base/str.h"
#include "model/field.h"
#include "model/rights.h"
#include "text/phone.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static bool all_of(const json_t *value, const char *allowed)
{
	const char *text = json_string_value(value);
	return *text && strspn(text, allowed) == json_string_length(value);
}

int check_word(const json_t *value, struct fault *reterr_)
{
	if (all_of(value, "abcdefghijklmnopqrstuvwxyz0123456789_.-"))
		return 0;
	return fault_set(reterr_, "format_word", "", "may have small letters, digits, '_', '.' and '-' only");
}

int check_digits(const json_t *value, struct fault *reterr_)
{
	if (all_of(value, "0123456789*#+"))
		return 0;
	return fault_set(reterr_, "format_digits", "", "must be a number to dial (digits, *, #, +)");
}

int check_ascii(const json_t *value, struct fault *reterr_)
{
	for (const char *p = json_string_value(value); *p; p++)
		if (*p < ' ' || *p > '~')
			return fault_set(reterr_, "format_ascii", "", "may have ASCII characters only");
	return 0;
}

static bool is_network(struct str part)
{
	char host[64];
	unsigned char bytes[16];
	struct str bits = part;
	struct str address = str_cut(&bits, '/');
	uint32_t n = 0;
	if (str_copy(address, host, sizeof(host)))
		return false;
	bool v4 = inet_pton(AF_INET, host, bytes) == 1;
	if (!v4 && inet_pton(AF_INET6, host, bytes) != 1)
		return false;
	return address.n == part.n || str_to_u32(bits, v4 ? 32 : 128, &n) == 0;
}

int check_cidrs(const json_t *value, struct fault *reterr_)
{
	struct str rest = str_from(json_string_value(value));
	while (rest.n) {
		struct str part = str_trim(str_cut(&rest, ','));
		if (!is_network(part))
			return fault_set(reterr_, "format_networks", "",
				"\"" STR_FMT "\" is no address and no network",
				STR_ARG(str_sub(part, 0, 60)));
	}
	return 0;
}

int check_host_port(const json_t *value, struct fault *reterr_)
{
	const char *text = json_string_value(value);
	const char *colon = strrchr(text, ':');
	uint32_t port = 0;
	if (!*text || (colon && colon > text && !str_to_u32(str_from(colon + 1), 65535, &port) && port))
		return 0;
	return fault_set(reterr_, "format_host_port", "", "must be HOST:PORT");
}

int check_path(const json_t *value, struct fault *reterr_)
{
	const char *text = json_string_value(value);
	if (*text != '/' && !strstr(text, ".."))
		return 0;
	return fault_set(reterr_, "format_path", "", "must be a path below the data folder");
}

/* Part of an address, of a column's name and of a key of JSON: nothing but small letters, digits and "_". */
int check_name(const json_t *value, struct fault *reterr_)
{
	const char *name = json_string_value(value);
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (n == json_string_length(value) && *name >= 'a')
		return 0;
	return fault_set(reterr_, "format_name", "",
		"may have small letters, digits and '_', and begins with a letter");
}

int check_mail(const json_t *value, struct fault *reterr_)
{
	struct str host = str_from(json_string_value(value));
	struct str who = str_cut(&host, '@');
	bool plain = true;
	for (const char *p = json_string_value(value); *p; p++)
		plain = plain && *p > ' ' && *p <= '~' && !strchr("<>()[],;:\\\"", *p) &&
			!(*p >= 'A' && *p <= 'Z');
	if (plain && who.n && str_find(host, '.') && str_find(host, '.') + 1 < host.n &&
		str_find(host, '@') == host.n)
		return 0;
	return fault_set(reterr_, "format_mail", "", "is no mail address (small letters)");
}

int check_region(const json_t *value, struct fault *reterr_)
{
	return phone_check_region(json_string_value(value), reterr_);
}

static const struct {
	field_check_fn check;
	const char *name;
} formats[] = { { check_word, "word" }, { check_digits, "digits" }, { check_cidrs, "networks" },
	{ check_host_port, "host_port" }, { check_ascii, "ascii" }, { check_path, "path" },
	{ check_pop_url, "url" }, { check_region, "region" }, { check_mail, "mail" },
	{ check_name, "name" } };

const char *check_format(field_check_fn check)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i].check == check)
			return formats[i].name;
	return NULL;
}

static bool is_pop_word(struct str word)
{
	static const char *const known[] = { "number", "called", "name", "tier", "customer", "queue",
		"interaction", "agent_number" };
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eqz(word, known[i]))
			return true;
	return false;
}

/* A host stands in the address itself: a caller's name must not choose where the agent is led. */
int check_pop_url(const json_t *value, struct fault *reterr_)
{
	struct str rest = str_from(json_string_value(value));
	size_t scheme = str_starts(rest, STR("https://")) ? 8 : str_starts(rest, STR("http://")) ? 7 : 0;
	size_t host = strcspn(rest.p + scheme, "/?#{}@ ");
	for (size_t i = 0; i < rest.n; i++)
		if (rest.p[i] <= ' ' || rest.p[i] > '~' || strchr("\"<>\\", rest.p[i]))
			return fault_set(reterr_, "format_url", "", "has a character that no address has");
	if (!scheme || !host || (rest.p[scheme + host] && !strchr("/?#", rest.p[scheme + host])))
		return fault_set(reterr_, "format_url", "", "must be an address (https://HOST/…)");
	while (str_find(rest, '{') < rest.n) {
		(void)str_cut(&rest, '{');
		struct str word = str_cut(&rest, '}');
		if (!is_pop_word(word))
			return fault_set(reterr_, "format_url", "", "there is no {" STR_FMT "}",
				STR_ARG(str_sub(word, 0, 40)));
	}
	return 0;
}

/* Digits of a fixed width at *at, which moves on. */
static bool digits(struct str s, size_t *at, size_t width, int *ret_value)
{
	uint32_t n;
	if (str_to_u32(str_sub(s, *at, *at + width), 9999, &n) || *at + width > s.n)
		return false;
	*at += width;
	*ret_value = (int)n;
	return true;
}

static bool sign(struct str s, size_t *at, const char *allowed)
{
	if (*at >= s.n || !s.p[*at] || !strchr(allowed, s.p[*at]))
		return false;
	++*at;
	return true;
}

static bool zone(struct str s, size_t *at, int *ret_minutes)
{
	int hours = 0, minutes = 0;
	*ret_minutes = 0;
	if (*at == s.n || sign(s, at, "Zz"))
		return true;
	bool minus = s.p[*at] == '-';
	if (!sign(s, at, "+-") || !digits(s, at, 2, &hours) || !sign(s, at, ":") ||
		!digits(s, at, 2, &minutes))
		return false;
	*ret_minutes = (hours * 60 + minutes) * (minus ? -1 : 1);
	return true;
}

static bool time_of_day(struct str s, size_t *at, struct tm *tm, int *ret_ms)
{
	if (*at == s.n)
		return true;
	if (!sign(s, at, "Tt ") || !digits(s, at, 2, &tm->tm_hour) || !sign(s, at, ":") ||
		!digits(s, at, 2, &tm->tm_min))
		return false;
	if (sign(s, at, ":") && !digits(s, at, 2, &tm->tm_sec))
		return false;
	if (!sign(s, at, "."))
		return true;
	int weight = 100;
	while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') {
		*ret_ms += weight * (s.p[(*at)++] - '0');
		weight /= 10;
	}
	return true;
}

static bool day(struct str s, size_t *at, struct tm *tm)
{
	return digits(s, at, 4, &tm->tm_year) && sign(s, at, "-") && digits(s, at, 2, &tm->tm_mon) &&
		sign(s, at, "-") && digits(s, at, 2, &tm->tm_mday);
}

static int days_of(const struct tm *tm)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = tm->tm_year;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return tm->tm_mon == 2 && leap ? 29 : days[tm->tm_mon - 1];
}

static bool exists(const struct tm *tm)
{
	return tm->tm_mon >= 1 && tm->tm_mon <= 12 && tm->tm_mday >= 1 && tm->tm_mday <= days_of(tm) &&
		tm->tm_hour <= 23 && tm->tm_min <= 59 && tm->tm_sec <= 60;
}

int time_from_text(struct str text, int64_t *ret_ms)
{
	struct tm tm = { 0 };
	size_t at = 0;
	int ms = 0, minutes = 0;
	uint64_t unix_ms;
	if (text.n > 10 && str_to_u64(text, INT64_MAX / 2, &unix_ms) == 0) {
		*ret_ms = (int64_t)unix_ms;
		return 0;
	}
	if (!day(text, &at, &tm) || !time_of_day(text, &at, &tm, &ms) || !zone(text, &at, &minutes) ||
		at != text.n || !exists(&tm))
		return -E_SYNTAX;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*ret_ms = ((int64_t)timegm(&tm) - minutes * INT64_C(60)) * 1000 + ms;
	return 0;
}

int check_right(const json_t *value, struct fault *reterr_)
{
	if (right_named(json_string_value(value)) >= 0)
		return 0;
	return fault_set(reterr_, "choice", "", "is no right");
}
