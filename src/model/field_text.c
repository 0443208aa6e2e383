/* Field types that are more than one plain value: several choices of a list, a text in both languages, a day
 * of the calendar, a number with digits behind its point. */
#include "base/js.h"
#include "model/field.h"
#include "text/phone.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define I18N_MAX 200
#define UNITS_MAX INT64_C(999999999999999) /* 15 digits in all */

bool choices_have(const json_t *list, const char *word)
{
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)list, i, item)
		if (json_is_string(item) && strcmp(json_string_value(item), word) == 0)
			return true;
	return false;
}

static bool is_choice(const struct field *f, const char *word)
{
	for (const struct choice *c = f->choices; c->value && word; c++)
		if (strcmp(c->value, word) == 0)
			return true;
	return false;
}

int check_choices(const struct field *f, const json_t *value, struct fault *reterr_)
{
	size_t i;
	json_t *item;
	if (!json_is_array(value))
		return fault_set(reterr_, "type", "", "must be a list of words");
	if (f->flags & F_REQUIRED && json_array_size(value) == 0)
		return fault_set(reterr_, "required", "", "needs one of the choices at least");
	json_array_foreach ((json_t *)value, i, item)
		if (!is_choice(f, json_string_value(item)))
			return fault_set(reterr_, "choice", "", "has something that is none of the choices");
	return 0;
}

/* Each once, in the order of the field's list. */
json_t *clean_choices(const struct field *f, const json_t *value)
{
	json_t *list = json_array();
	for (const struct choice *c = f->choices; c->value; c++)
		if (choices_have(value, c->value))
			json_array_append_new(list, json_string(c->value));
	return list;
}

/* "|gold|vip|": a filter finds one word between its bars. */
struct value choices_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	char *text = arena_printf(arena, "|");
	size_t i;
	json_t *item;
	(void)f;
	if (json_is_string(value))
		return V_Z(arena_printf(arena, "|%s|", json_string_value(value)));
	json_array_foreach ((json_t *)value, i, item)
		if (text)
			text = arena_printf(arena, "%s%s|", text, json_string_value(item));
	return V_Z(text);
}

json_t *choices_from_value(const struct field *f, struct value value)
{
	json_t *list = json_array();
	struct str rest = value.s;
	(void)f;
	while (rest.n) {
		struct str word = str_cut(&rest, '|');
		if (word.n)
			json_array_append_new(list, json_stringn(word.p, word.n));
	}
	return list;
}

json_t *choice_from_text(const struct field *f, const char *text)
{
	return is_choice(f, text) ? json_string(text) : NULL;
}

int check_i18n(const struct field *f, const json_t *value, struct fault *reterr_)
{
	const char *language;
	json_t *text;
	if (!json_is_object(value))
		return fault_set(reterr_, "type", "", "must be an object of texts by language");
	if (json_object_size(value) == 0)
		return fault_set(reterr_, "required", "", "needs a text in one language at least");
	json_object_foreach ((json_t *)value, language, text) {
		if (strcmp(language, "zh-CN") != 0 && strcmp(language, "en") != 0)
			return fault_set(reterr_, "unknown", language, "is no language of the pages");
		int err = check_text_of(f, text, I18N_MAX, reterr_);
		if (err) {
			snprintf(reterr_->field, sizeof(reterr_->field), "%s", language);
			return err;
		}
	}
	return 0;
}

/* "2026-11-21" and a day that there is. */
static bool is_date(struct str text)
{
	int64_t ms;
	return text.n == 10 && text.p[4] == '-' && time_from_text(text, &ms) == 0;
}

int check_date(const struct field *f, const json_t *value, struct fault *reterr_)
{
	(void)f;
	if (json_is_string(value) && is_date(str_from(json_string_value(value))))
		return 0;
	return fault_set(reterr_, "type", "", "must be a day (2026-11-21)");
}

json_t *date_from_text(const struct field *f, const char *text)
{
	(void)f;
	return is_date(str_from(text)) ? json_string(text) : NULL;
}

static bool is_digits(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n > 0;
}

/* "-12", "0.50": digits before a point and behind it. */
static bool is_decimal(struct str text)
{
	struct str rest = str_starts(text, STR("-")) ? str_sub(text, 1, text.n) : text;
	size_t all = rest.n;
	struct str whole = str_cut(&rest, '.');
	return is_digits(whole) && (whole.n == all || is_digits(rest));
}

int decimal_from_text(struct str text, int digits, int64_t *ret_units)
{
	bool minus = text.n && text.p[0] == '-';
	struct str fraction = str_sub(text, minus, text.n);
	struct str whole = str_cut(&fraction, '.');
	uint64_t units = 0;
	int seen = 0;
	if (!is_decimal(text))
		return -E_SYNTAX;
	for (size_t i = 0; i < whole.n + fraction.n; i++) {
		char c = i < whole.n ? whole.p[i] : fraction.p[i - whole.n];
		if (i >= whole.n && ++seen > digits && c != '0')
			return -E_INVALID;
		if (seen <= digits)
			units = units * 10 + (uint64_t)(c - '0');
		if (units > (uint64_t)UNITS_MAX)
			return -E_LIMIT;
	}
	for (; seen < digits; seen++)
		units *= 10;
	if (units > (uint64_t)UNITS_MAX)
		return -E_LIMIT;
	*ret_units = minus ? -(int64_t)units : (int64_t)units;
	return 0;
}

void decimal_to_text(int64_t units, int digits, char *dst, size_t size)
{
	uint64_t abs = units < 0 ? 0 - (uint64_t)units : (uint64_t)units, one = 1;
	for (int i = 0; i < digits; i++)
		one *= 10;
	if (digits)
		snprintf(dst, size, "%s%" PRIu64 ".%0*" PRIu64, units < 0 ? "-" : "", abs / one, digits,
			abs % one);
	else
		snprintf(dst, size, "%s%" PRIu64, units < 0 ? "-" : "", abs);
}

#define WRITTEN_MAX 64
#define EXTENSION ";ext="

int check_phone(const struct field *f, const json_t *value, struct fault *reterr_)
{
	struct phone phone;
	int err = check_text_of(f, value, WRITTEN_MAX, reterr_);
	return err ? err : phone_parse(str_from(json_string_value(value)), &phone, reterr_);
}

json_t *clean_phone(const struct field *f, const json_t *value)
{
	struct phone phone;
	if (phone_parse(str_from(json_string_value(value)), &phone, NULL))
		return json_null(); /* it was checked */
	if (f->beside && phone.extension[0])
		return json_sprintf("%s" EXTENSION "%s", phone.number, phone.extension);
	return json_string(phone.number);
}

void phone_settle(const struct field *f, json_t *record)
{
	const char *text = json_string_value(json_object_get(record, f->name));
	const char *mark = text ? strstr(text, EXTENSION) : NULL;
	if (!mark)
		return;
	if (!json_string_value(json_object_get(record, f->beside)))
		js_set_str(record, f->beside, mark + strlen(EXTENSION));
	json_object_set_new(record, f->name, json_stringn(text, (size_t)(mark - text)));
}

json_t *phone_from_text(const struct field *f, const char *text)
{
	struct phone phone;
	(void)f;
	return phone_parse(str_from(text), &phone, NULL) ? NULL : json_string(phone.number);
}
