/* The field types: how a value is checked, stored, shown and filtered. JSON is the form outside, a
 * `struct value` the form in the database. */
#include "model/field.h"

#include "base/clock.h"
#include "base/js.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STR_MAX 200
#define TEXT_MAX 4000
#define NUM_MAX INT64_C(999999999999999)        /* 15 digits: a double tells them all apart */
#define INT_MAX_SHOWN INT64_C(9007199254740991) /* what a browser can hold */

json_t *field_limit(const struct field *f, int64_t limit)
{
	if (f->type != FT_NUM)
		return json_integer(limit);
	return json_real((double)limit / pow(10, f->digits));
}

const char *field_column(const struct field *f)
{
	return f->column ? f->column : f->name;
}

static int wrong_type(struct fault *reterr_, const char *what)
{
	return fault_set(reterr_, "type", "", "must be %s", what);
}

/* Characters, not bytes: limits are read by people. */
static size_t characters(const json_t *value)
{
	const char *p = json_string_value(value);
	size_t n = 0;
	for (size_t i = 0; i < json_string_length(value); i++)
		n += ((unsigned char)p[i] & 0xc0) != 0x80;
	return n;
}

static bool has_control(const json_t *value, bool lines)
{
	const char *p = json_string_value(value);
	for (size_t i = 0; i < json_string_length(value); i++) {
		bool line = lines && (p[i] == '\n' || p[i] == '\r' || p[i] == '\t');
		if (((unsigned char)p[i] < 0x20 && !line) || p[i] == 0x7f)
			return true;
	}
	return false;
}

static int check_length(const struct field *f, const json_t *value, int64_t def_max, struct fault *reterr_)
{
	int64_t max = f->max ? f->max : def_max;
	int64_t n = (int64_t)characters(value);
	if (n < f->min)
		return fault_set(reterr_, "too_short", "", "needs at least %" PRId64 " characters", f->min);
	if (n > max)
		return fault_set(reterr_, "too_long", "", "may have at most %" PRId64 " characters", max);
	return 0;
}

int check_text_of(const struct field *f, const json_t *value, int64_t max, struct fault *reterr_)
{
	if (!json_is_string(value))
		return wrong_type(reterr_, "text");
	if (has_control(value, f->type == FT_TEXT))
		return fault_set(reterr_, "format_control", "", "has control characters");
	return check_length(f, value, max, reterr_);
}

static int check_str(const struct field *f, const json_t *value, struct fault *reterr_)
{
	return check_text_of(f, value, f->type == FT_TEXT ? TEXT_MAX : STR_MAX, reterr_);
}

static int check_int(const struct field *f, const json_t *value, struct fault *reterr_)
{
	int64_t max = f->max || f->min < 0 ? f->max : INT_MAX_SHOWN;
	if (!json_is_integer(value))
		return wrong_type(reterr_, "a whole number");
	if (json_integer_value(value) < f->min || json_integer_value(value) > max)
		return fault_set(
			reterr_, "range", "", "must be between %" PRId64 " and %" PRId64, f->min, max);
	return 0;
}

/* The number as a count of its last digit; false when it has more digits than that. */
static bool num_units(const struct field *f, const json_t *value, int64_t *ret_units)
{
	double units = json_number_value(value) * pow(10, f->digits);
	*ret_units = 0;
	if (!(fabs(units) <= (double)NUM_MAX))
		return false;
	*ret_units = llround(units);
	return fabs(units - (double)*ret_units) <= 1e-9 * fmax(1, fabs(units));
}

static int check_num(const struct field *f, const json_t *value, struct fault *reterr_)
{
	int64_t units = 0, max = f->max || f->min < 0 ? f->max : NUM_MAX;
	char low[32], high[32];
	if (!json_is_number(value))
		return wrong_type(reterr_, "a number");
	bool exact = num_units(f, value, &units);
	if (fabs(json_number_value(value)) * pow(10, f->digits) > (double)NUM_MAX || units < f->min ||
		units > max) {
		decimal_to_text(f->min, f->digits, low, sizeof(low));
		decimal_to_text(max, f->digits, high, sizeof(high));
		return fault_set(reterr_, "range", "", "must be between %s and %s", low, high);
	}
	if (!exact)
		return fault_set(
			reterr_, "digits", "", "may have at most %d digits behind the point", f->digits);
	return 0;
}

static int check_bool(const struct field *f, const json_t *value, struct fault *reterr_)
{
	(void)f;
	return json_is_boolean(value) ? 0 : wrong_type(reterr_, "true or false");
}

static int check_enum(const struct field *f, const json_t *value, struct fault *reterr_)
{
	if (!json_is_string(value))
		return wrong_type(reterr_, "text");
	for (const struct choice *c = f->choices; c->value; c++)
		if (strcmp(c->value, json_string_value(value)) == 0)
			return 0;
	return fault_set(reterr_, "choice", "", "is none of the choices");
}

static int64_t id_of(const json_t *value)
{
	uint64_t id;
	return str_to_u64(str_from(json_string_value(value)), INT64_MAX, &id) ? 0 : (int64_t)id;
}

static int check_id(const struct field *f, const json_t *value, struct fault *reterr_)
{
	(void)f;
	return id_of(value) ? 0 : wrong_type(reterr_, "an id (digits as text)");
}

static int check_time(const struct field *f, const json_t *value, struct fault *reterr_)
{
	int64_t ms;
	(void)f;
	return time_from_text(str_from(json_string_value(value)), &ms)
		? wrong_type(reterr_, "a time (RFC 3339)")
		: 0;
}

static int check_json(const struct field *f, const json_t *value, struct fault *reterr_)
{
	(void)f;
	return json_is_object(value) ? 0 : wrong_type(reterr_, "an object");
}

static int check_list(const struct field *f, const json_t *value, struct fault *reterr_)
{
	int64_t max = f->max ? f->max : 500;
	if (!json_is_array(value))
		return wrong_type(reterr_, "a list");
	if ((int64_t)json_array_size(value) > max)
		return fault_set(reterr_, "too_long", "", "may have at most %" PRId64 " entries", max);
	if ((int64_t)json_array_size(value) < f->min)
		return fault_set(reterr_, "too_short", "", "needs at least %" PRId64 " entries", f->min);
	return 0;
}

static struct value text_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	(void)f;
	(void)arena;
	return value_str((struct str){ json_string_value(value), json_string_length(value) });
}

static struct value int_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	(void)f;
	(void)arena;
	return V_INT(json_integer_value(value));
}

static struct value bool_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	(void)f;
	(void)arena;
	return V_INT(json_is_true(value));
}

static struct value id_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	(void)f;
	(void)arena;
	return V_ID(id_of(value));
}

static struct value time_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	(void)f;
	int64_t ms = 0;
	(void)arena;
	return time_from_text(str_from(json_string_value(value)), &ms) ? V_NULL : V_INT(ms);
}

static struct value json_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	(void)f;
	char *text = js_print(value);
	struct str copy = arena_str(arena, str_from(text));
	free(text);
	return V_STR(copy);
}

static struct value num_to_sql(const struct field *f, struct arena *arena, const json_t *value)
{
	int64_t units = 0;
	(void)arena;
	return num_units(f, value, &units) ? V_INT(units) : V_NULL;
}

static json_t *clean_num(const struct field *f, const json_t *value)
{
	int64_t units = 0;
	return num_units(f, value, &units) ? json_real((double)units / pow(10, f->digits)) : json_null();
}

static json_t *num_from_value(const struct field *f, struct value value)
{
	return json_real((double)value.i / pow(10, f->digits));
}

static json_t *num_from_text(const struct field *f, const char *text)
{
	int64_t units = 0;
	if (decimal_from_text(str_from(text), f->digits, &units))
		return NULL;
	return json_real((double)units / pow(10, f->digits));
}

static json_t *text_from_value(const struct field *f, struct value value)
{
	(void)f;
	return json_stringn(value.s.p ? value.s.p : "", value.s.n);
}

static json_t *int_from_value(const struct field *f, struct value value)
{
	(void)f;
	return json_integer(value.i);
}

static json_t *bool_from_value(const struct field *f, struct value value)
{
	(void)f;
	return json_boolean(value.i);
}

static json_t *id_from_value(const struct field *f, struct value value)
{
	(void)f;
	return json_sprintf("%" PRId64, value.i);
}

static json_t *clean_time(const struct field *f, const json_t *value)
{
	char text[32];
	int64_t ms = 0;
	(void)f;
	if (time_from_text(str_from(json_string_value(value)), &ms))
		return json_null();
	clock_format_utc(ms, text, sizeof(text));
	return json_string(text);
}

static json_t *time_from_value(const struct field *f, struct value value)
{
	(void)f;
	char text[32];
	clock_format_utc(value.i, text, sizeof(text));
	return json_string(text);
}

static json_t *json_from_value(const struct field *f, struct value value)
{
	(void)f;
	json_t *json = NULL;
	return js_parse(value.s, value.s.n, &json, NULL) ? json_null() : json;
}

static json_t *text_from_text(const struct field *f, const char *text)
{
	(void)f;
	return json_string(text);
}

static json_t *int_from_text(const struct field *f, const char *text)
{
	(void)f;
	bool negative = *text == '-';
	uint64_t n;
	if (str_to_u64(str_from(text + negative), (uint64_t)INT_MAX_SHOWN, &n))
		return NULL;
	return json_integer(negative ? -(json_int_t)n : (json_int_t)n);
}

static json_t *bool_from_text(const struct field *f, const char *text)
{
	(void)f;
	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		return json_true();
	return strcmp(text, "false") == 0 || strcmp(text, "0") == 0 ? json_false() : NULL;
}

static json_t *id_from_text(const struct field *f, const char *text)
{
	(void)f;
	json_t *value = json_string(text);
	if (!id_of(value)) {
		json_decref(value);
		return NULL;
	}
	return value;
}

static json_t *time_from_filter(const struct field *f, const char *text)
{
	(void)f;
	int64_t ms;
	return time_from_text(str_from(text), &ms) ? NULL : json_string(text);
}

#define ID_SCHEMA "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}"
#define I18N_SCHEMA                                                                                          \
	"{\"type\":\"object\",\"properties\":{\"zh-CN\":{\"type\":\"string\"},\"en\":{\"type\":\"string\"}}" \
	","                                                                                                  \
	"\"additionalProperties\":false,\"minProperties\":1}"

/* clang-format off */
const struct field_kind field_kinds[FT__MAX] = {
	[FT_STR] = { "string", .ts = "string", .schema = "{\"type\":\"string\"}", .stored = true, .text = true, .sortable = true,
		.check = check_str, .to_sql = text_to_sql, .from_value = text_from_value, .from_text = text_from_text },
	[FT_TEXT] = { "text", .ts = "string", .schema = "{\"type\":\"string\"}", .stored = true, .text = true,
		.check = check_str, .to_sql = text_to_sql, .from_value = text_from_value },
	[FT_INT] = { "integer", .ts = "number", .schema = "{\"type\":\"integer\"}", .stored = true, .sortable = true, .ordered = true,
		.check = check_int, .to_sql = int_to_sql, .from_value = int_from_value, .from_text = int_from_text },
	[FT_NUM] = { "number", .ts = "number", .schema = "{\"type\":\"number\"}", .stored = true, .sortable = true, .ordered = true,
		.check = check_num, .clean = clean_num, .to_sql = num_to_sql, .from_value = num_from_value, .from_text = num_from_text },
	[FT_MONEY] = { "money", .ts = "number", .schema = "{\"type\":\"integer\"}", .stored = true, .sortable = true, .ordered = true,
		.check = check_int, .to_sql = int_to_sql, .from_value = int_from_value, .from_text = int_from_text },
	[FT_PHONE] = { "phone", .ts = "string", .schema = "{\"type\":\"string\"}", .stored = true, .text = true, .sortable = true,
		.check = check_phone, .clean = clean_phone, .to_sql = text_to_sql, .from_value = text_from_value, .from_text = phone_from_text },
	[FT_BOOL] = { "boolean", .ts = "boolean", .schema = "{\"type\":\"boolean\"}", .stored = true, .sortable = true,
		.check = check_bool, .to_sql = bool_to_sql, .from_value = bool_from_value, .from_text = bool_from_text },
	[FT_ENUM] = { "enum", .ts = "string", .schema = "{\"type\":\"string\"}", .stored = true, .text = true, .sortable = true,
		.check = check_enum, .to_sql = text_to_sql, .from_value = text_from_value, .from_text = text_from_text },
	[FT_CHOICES] = { "choices", .ts = "string", .schema = "{\"type\":\"array\",\"uniqueItems\":true}", .stored = true, .text = true, .contains = true,
		.check = check_choices, .clean = clean_choices, .to_sql = choices_to_sql, .from_value = choices_from_value, .from_text = choice_from_text },
	[FT_REF] = { "ref", .ts = "string", .schema = ID_SCHEMA, .stored = true, .sortable = true,
		.check = check_id, .to_sql = id_to_sql, .from_value = id_from_value, .from_text = id_from_text },
	[FT_ID] = { "id", .ts = "string", .schema = ID_SCHEMA, .stored = true, .sortable = true,
		.check = check_id, .to_sql = id_to_sql, .from_value = id_from_value, .from_text = id_from_text },
	[FT_TIME] = { "time", .ts = "string", .schema = "{\"type\":\"string\",\"format\":\"date-time\"}", .stored = true, .sortable = true, .ordered = true,
		.check = check_time, .clean = clean_time, .to_sql = time_to_sql, .from_value = time_from_value, .from_text = time_from_filter },
	[FT_DATE] = { "date", .ts = "string", .schema = "{\"type\":\"string\",\"format\":\"date\"}", .stored = true, .text = true, .sortable = true, .ordered = true,
		.check = check_date, .to_sql = text_to_sql, .from_value = text_from_value, .from_text = date_from_text },
	[FT_MS] = { "duration", .ts = "number", .schema = "{\"type\":\"integer\"}", .stored = true, .sortable = true, .ordered = true,
		.check = check_int, .to_sql = int_to_sql, .from_value = int_from_value, .from_text = int_from_text },
	[FT_SECRET] = { "secret", .ts = "string", .schema = "{\"type\":\"string\",\"writeOnly\":true}", .stored = true, .text = true,
		.check = check_str, .to_sql = text_to_sql },
	[FT_I18N] = { "i18n", .ts = "{ 'zh-CN'?: string; en?: string }", .schema = I18N_SCHEMA, .stored = true, .text = true,
		.check = check_i18n, .to_sql = json_to_sql, .from_value = json_from_value },
	[FT_JSON] = { "json", .ts = "Record<string, unknown>", .schema = "{\"type\":\"object\"}", .stored = true, .text = true,
		.check = check_json, .to_sql = json_to_sql, .from_value = json_from_value },
	[FT_FILE] = { "file", .ts = "string", .schema = ID_SCHEMA, .stored = true,
		.check = check_id, .to_sql = id_to_sql, .from_value = id_from_value },
	[FT_LIST] = { "list", .ts = "unknown[]", .schema = "{\"type\":\"array\"}", .check = check_list },
};
/* clang-format on */
