/* How people write values in tables: 是 and yes, 2026/11/22 and 2026年11月22日, ¥1,234.50, a choice by its
 * label in either language, a record by its name. What is ambiguous is refused: nobody knows whether 3/4/2026
 * is in March or in April. */
#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"
#include "model/intake_int.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 256
#define KNOWN_MAX 20000
#define MINUTE_MS INT64_C(60000)

static bool is_one_of(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (str_caseeqz(text, *words))
			return true;
	return false;
}

static json_t *bool_of(struct str text)
{
	static const char *const yes[] = { "是", "对", "有", "启用", "√", "✓", "yes", "y", "true", "1", "on",
		NULL };
	static const char *const no[] = { "否", "不", "无", "停用", "×", "✗", "no", "n", "false", "0", "off",
		NULL };
	return is_one_of(text, yes) ? json_true() : is_one_of(text, no) ? json_false() : NULL;
}

static json_t *choice_of(const struct field *f, struct str text)
{
	for (const struct choice *c = f->choices; c->value; c++)
		if (str_caseeqz(text, c->value) || str_eqz(text, c->label.zh) ||
			str_caseeqz(text, c->label.en))
			return json_string(c->value);
	return NULL;
}

/* Without the signs of currencies and the commas of thousands. */
static bool plain_number(struct str text, char dst[TEXT_SIZE])
{
	static const char *const signs[] = { "¥", "￥", "$", "€", "CNY", "USD", "EUR", "元" };
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		struct str sign = str_from(signs[i]);
		if (str_starts(text, sign))
			text = str_trim(str_sub(text, sign.n, text.n));
		if (text.n > sign.n && str_eq(str_sub(text, text.n - sign.n, text.n), sign))
			text = str_trim(str_sub(text, 0, text.n - sign.n));
	}
	size_t comma = str_find(text, ',');
	bool grouped = comma > 0 && comma <= (str_starts(text, STR("-")) ? 4u : 3u);
	for (size_t i = 0; i < text.n && n + 1 < TEXT_SIZE; i++) {
		if (text.p[i] == ',' && grouped && i + 3 < text.n)
			continue;
		dst[n++] = text.p[i];
	}
	dst[n] = '\0';
	return n > 0 && text.n < TEXT_SIZE;
}

static json_t *decimal_of(struct str text, int digits, bool is_real)
{
	char plain[TEXT_SIZE];
	int64_t units = 0, scale = 1;
	if (!plain_number(text, plain) || decimal_from_text(str_from(plain), digits, &units))
		return NULL;
	for (int i = 0; i < digits; i++)
		scale *= 10;
	return is_real ? json_real((double)units / (double)scale) : json_integer(units);
}

/* "12:30:05" or seconds with a fraction. */
static json_t *span_of(struct str text)
{
	uint32_t part = 0;
	int64_t seconds = 0;
	if (str_find(text, ':') == text.n)
		return decimal_of(text, 3, false);
	for (int i = 0; i < 3 && text.n; i++) {
		if (str_to_u32(str_cut(&text, ':'), i ? 59 : 999999, &part))
			return NULL;
		seconds = seconds * 60 + part;
	}
	return text.n ? NULL : json_integer(seconds * 1000);
}

/* The digits of one part of a day, and what stands behind it: one of the marks, or the end. */
static bool day_part(struct str *rest, size_t width, const char *const *marks, uint32_t *ret_value)
{
	size_t n = 0;
	while (n < rest->n && n < width && rest->p[n] >= '0' && rest->p[n] <= '9')
		n++;
	if (str_to_u32(str_sub(*rest, 0, n), 9999, ret_value))
		return false;
	*rest = str_sub(*rest, n, rest->n);
	for (; *marks; marks++)
		if (str_starts(*rest, str_from(*marks))) {
			*rest = str_sub(*rest, strlen(*marks), rest->n);
			return true;
		}
	return false;
}

/* 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日, 20261122; *rest is what stands behind the day. */
static bool day_of(struct str *rest, char dst[16])
{
	static const char *const years[] = { "-", "/", ".", "年", NULL },
				 *const months[] = { "-", "/", ".", "月", NULL };
	static const char *const days[] = { "日", "号", "", NULL };
	uint32_t year, month, day, all;
	if (rest->n >= 8 && str_to_u32(str_sub(*rest, 0, 8), 99999999, &all) == 0) {
		snprintf(dst, 16, "%04u-%02u-%02u", all / 10000 % 10000, all / 100 % 100, all % 100);
		*rest = str_trim(str_sub(*rest, 8, rest->n));
		return true;
	}
	struct str text = *rest;
	if (!day_part(&text, 4, years, &year) || rest->n - text.n < 5 ||
		!day_part(&text, 2, months, &month) || !day_part(&text, 2, days, &day))
		return false;
	snprintf(dst, 16, "%04u-%02u-%02u", year % 10000, month % 100, day % 100);
	*rest = str_sub(str_trim(text), str_starts(text, STR("T")) ? 1 : 0, text.n);
	return true;
}

static bool is_midnight(struct str text)
{
	return !text.n || str_eqz(text, "00:00:00") || str_eqz(text, "0:00:00") || str_eqz(text, "00:00") ||
		str_eqz(text, "0:00");
}

static bool exists(const char *day)
{
	int64_t ms;
	char back[32];
	if (time_from_text(str_from(day), &ms))
		return false;
	clock_format_utc(ms, back, sizeof(back));
	return strncmp(day, back, 10) == 0;
}

static json_t *date_of(struct str text)
{
	char day[16];
	if (!day_of(&text, day) || !is_midnight(text) || !exists(day))
		return NULL;
	return json_string(day);
}

/* By the clock of who wrote the table, unless it says its zone. */
static json_t *time_of(struct str text, int offset_min)
{
	char day[16], whole[64], utc[32];
	int64_t ms;
	if (text.n > 19 && time_from_text(text, &ms) == 0)
		return json_stringn(text.p, text.n);
	if (!day_of(&text, day) || !exists(day) || text.n > 12)
		return NULL;
	bool short_hour = text.n > 1 && text.p[1] == ':';
	snprintf(whole, sizeof(whole), "%s%s%s" STR_FMT, day, text.n ? " " : "", short_hour ? "0" : "",
		STR_ARG(text));
	if (time_from_text(str_from(whole), &ms))
		return NULL;
	clock_format_utc(ms - offset_min * MINUTE_MS, utc, sizeof(utc));
	return json_string(utc);
}

static json_t *json_of(struct str text)
{
	json_t *value = NULL;
	return js_parse(text, text.n, &value, NULL) ? NULL : value;
}

static json_t *value_of(const struct field *f, struct str text, const struct intake_clock *clock)
{
	switch (f->type) {
	case FT_INT:
		return decimal_of(text, 0, false);
	case FT_NUM:
		return decimal_of(text, f->digits, true);
	case FT_MONEY:
		return decimal_of(text, clock->money_digits, false);
	case FT_BOOL:
		return bool_of(text);
	case FT_ENUM:
	case FT_CHOICES:
		return choice_of(f, text);
	case FT_MS:
		return span_of(text);
	case FT_DATE:
		return date_of(text);
	case FT_TIME:
		return time_of(text, clock->offset_min);
	case FT_JSON:
		return json_of(text);
	default:
		return json_stringn(text.p, text.n);
	}
}

static const char *wanted(const struct field *f)
{
	switch (f->type) {
	case FT_BOOL:
		return "must be yes or no";
	case FT_DATE:
		return "must be a day, year first: 2026-11-22";
	case FT_TIME:
		return "must be a time: 2026-11-22 10:30:00";
	case FT_MS:
		return "must be seconds, or hours, minutes and seconds: 1:30:00";
	default:
		return "must be a number";
	}
}

int intake_value(const struct field *f, struct str text, const struct intake_clock *clock, json_t **ret_value,
	struct fault *reterr_)
{
	*ret_value = value_of(f, text, clock);
	if (*ret_value)
		return 0;
	if (f->type == FT_ENUM || f->type == FT_CHOICES)
		return fault_set(reterr_, "choice", f->name, "\"" STR_FMT "\" is none of the choices",
			STR_ARG(str_sub(text, 0, 60)));
	return fault_set(reterr_, "type", f->name, "%s", wanted(f));
}

/* Fields that name one record alone; of a row that is not deleted the title may do that too. */
static bool is_name(const struct resource *res, const struct field *f)
{
	bool text = f->type == FT_STR || f->type == FT_ENUM;
	return text && (f->flags & F_UNIQUE || strcmp(f->name, res->title) == 0);
}

/* -E_NOT_FOUND, or -E_EXISTS when there are several. */
static int find(
	struct intake_refs *refs, struct db *db, const struct resource *res, struct str text, int64_t *ret_id)
{
	struct sql q;
	struct rows *rows;
	int found = 0;
	sql_init(&q);
	sql_add(&q, "SELECT t.id FROM %s t WHERE (1 = 0", res->table);
	for (size_t i = 0; i < res->n_fields; i++)
		if (is_name(res, &res->fields[i])) {
			sql_add(&q, " OR t.%s = ", field_column(&res->fields[i]));
			sql_arg(&q, V_STR(text));
		}
	sql_add(&q, ")%s", res_keeps(res) ? " AND t.deleted IS NULL" : "");
	scope_add(&q, refs->actor, res, right_of(res, VERB_READ), "t");
	sql_add(&q, " LIMIT 2");
	int err = sql_query(&q, db, &rows);
	if (!err) {
		for (; rows_next(rows); found++)
			*ret_id = rows_int(rows, 0);
		err = rows_end(rows);
	}
	sql_done(&q);
	return err ? err : found == 0 ? -E_NOT_FOUND : found > 1 ? -E_EXISTS : 0;
}

int intake_ref(struct intake_refs *refs, struct db *db, const struct field *f, struct str text,
	json_t **ret_id, struct fault *reterr_)
{
	CLEANUP(mem_freep) char *key = mem_printf("%s\n" STR_FMT, f->ref, STR_ARG(text));
	json_t *known = json_object_get(refs->known, key);
	int64_t id = json_integer_value(known);
	int err = known ? 0 : find(refs, db, resource_of_name(f->ref), text, &id);
	if (err == -E_NOT_FOUND)
		return fault_set(reterr_, "not_found", f->name, "there is no %s \"" STR_FMT "\"", f->ref,
			STR_ARG(str_sub(text, 0, 60)));
	if (err == -E_EXISTS)
		return fault_set(reterr_, "ambiguous", f->name, "there are several of that name");
	if (err)
		return err;
	if (json_object_size(refs->known) >= KNOWN_MAX)
		json_object_clear(refs->known);
	if (!known)
		json_object_set_new(refs->known, key, json_integer(id));
	*ret_id = json_sprintf("%" PRId64, id);
	return 0;
}
