/* Numbers in two languages. Chinese composes 0 to 99 from the digits and "ten", English from the words up to
 * nineteen and the tens; an agent's or account number is read digit by digit, with 幺 for one as on any
 * Chinese telephone. */
#include "ivr/say.h"

#include "base/mem.h"

#include <stdbool.h>
#include <string.h>

#define MINUTE_MS 60000
#define WAIT_MAX_MINUTES 60

static const char *const numbers[] = { "number.0", "number.1", "number.2", "number.3", "number.4", "number.5",
	"number.6", "number.7", "number.8", "number.9", "number.10", "number.11", "number.12", "number.13",
	"number.14", "number.15", "number.16", "number.17", "number.18", "number.19" };
static const char *const tens[] = { "", "", "number.20", "number.30", "number.40", "number.50", "number.60",
	"number.70", "number.80", "number.90" };
static const char *const digit_names[] = { "digit.0", "digit.1", "digit.2", "digit.3", "digit.4", "digit.5",
	"digit.6", "digit.7", "digit.8", "digit.9" };

static bool is_english(const char *language)
{
	return language && strncmp(language, "en", 2) == 0;
}

void say_prompt(struct say *say, const char *name)
{
	if (say->n < SAY_MAX)
		say->prompts[say->n++] = name;
}

static void english_below_hundred(struct say *say, unsigned number)
{
	if (number < ARRAY_LEN(numbers)) {
		say_prompt(say, numbers[number]);
		return;
	}
	say_prompt(say, tens[number / 10]);
	if (number % 10)
		say_prompt(say, numbers[number % 10]);
}

static void english(struct say *say, unsigned number)
{
	if (number >= 1000) {
		english_below_hundred(say, number / 1000);
		say_prompt(say, "number.1000");
	}
	if (number % 1000 >= 100) {
		say_prompt(say, numbers[number % 1000 / 100]);
		say_prompt(say, "number.100");
	}
	if (number % 100 || number == 0)
		english_below_hundred(say, number % 100);
}

/* 10 is 十 alone, 110 is 一百一十; a gap inside is said once as 零: 1005 is 一千零五. */
static void chinese(struct say *say, unsigned number)
{
	static const struct {
		unsigned unit;
		const char *name;
	} units[] = { { 1000, "number.1000" }, { 100, "number.100" }, { 10, "number.10" }, { 1, NULL } };
	bool said = false, gap = false;
	if (number == 0)
		say_prompt(say, numbers[0]);
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		unsigned digit = number / units[i].unit % 10;
		if (!digit) {
			gap = said;
			continue;
		}
		if (gap)
			say_prompt(say, numbers[0]);
		gap = false;
		if (said || digit != 1 || units[i].unit != 10)
			say_prompt(say, numbers[digit]);
		if (units[i].name)
			say_prompt(say, units[i].name);
		said = true;
	}
}

void say_number(struct say *say, const char *language, unsigned number)
{
	if (number > 9999) {
		char digits[11];
		size_t n = sizeof(digits) - 1;
		digits[n] = '\0';
		for (; number; number /= 10)
			digits[--n] = (char)('0' + number % 10);
		say_digits(say, language, digits + n);
	} else if (is_english(language)) {
		english(say, number);
	} else {
		chinese(say, number);
	}
}

void say_digits(struct say *say, const char *language, const char *digits)
{
	(void)language; /* the same names in both: digit.1 is 幺, or "one" */
	for (; *digits; digits++)
		if (*digits >= '0' && *digits <= '9')
			say_prompt(say, digit_names[*digits - '0']);
}

/* Counting people and minutes: two is 两 there, not 二. */
static void say_count(struct say *say, const char *language, unsigned number)
{
	if (number == 2 && !is_english(language))
		say_prompt(say, "number.liang");
	else
		say_number(say, language, number);
}

void say_position(struct say *say, const char *language, size_t position, int64_t wait_ms)
{
	int64_t minutes = (wait_ms + MINUTE_MS - 1) / MINUTE_MS;
	if (position == 1) {
		say_prompt(say, "queue.next");
	} else if (position > 1) {
		say_prompt(say, "queue.before");
		say_count(say, language, (unsigned)(position - 1));
		say_prompt(say, position == 2 ? "queue.person" : "queue.persons");
	}
	if (wait_ms < 0)
		return;
	if (minutes > WAIT_MAX_MINUTES) {
		say_prompt(say, "queue.wait_long");
	} else if (minutes <= 1) {
		say_prompt(say, "queue.wait_short");
	} else {
		say_prompt(say, "queue.wait");
		say_count(say, language, (unsigned)minutes);
		say_prompt(say, "queue.minutes");
	}
}

void say_agent(struct say *say, const char *language, const char *number)
{
	if (is_english(language))
		say_prompt(say, "agent.before");
	say_digits(say, language, number);
	if (!is_english(language))
		say_prompt(say, "agent.after");
}
