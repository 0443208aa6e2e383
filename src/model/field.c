/* The twelve field types: how a value is checked, stored, shown and filtered. JSON is the form outside, a
 * `struct value` the form in the database. */
#include "model/field.h"

#include "base/clock.h"
#include "base/js.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define STR_MAX 200
#define TEXT_MAX 4000
#define INT_MAX_SHOWN INT64_C(9007199254740991) /* what a browser can hold */

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

static int check_str(const struct field *f, const json_t *value, struct fault *reterr_)
{
	if (!json_is_string(value))
		return wrong_type(reterr_, "text");
	if (has_control(value, f->type == FT_TEXT))
		return fault_set(reterr_, "format_control", "", "has control characters");
	return check_length(f, value, f->type == FT_TEXT ? TEXT_MAX : STR_MAX, reterr_);
}

static int check_int(const struct field *f, const json_t *value, struct fault *reterr_)
{
	int64_t max = f->max ? f->max : INT_MAX_SHOWN;
	if (!json_is_integer(value))
		return wrong_type(reterr_, "a whole number");
	if (json_integer_value(value) < f->min || json_integer_value(value) > max)
		return fault_set(
			reterr_, "range", "", "must be between %" PRId64 " and %" PRId64, f->min, max);
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

static struct value text_to_sql(struct arena *arena, const json_t *value)
{
	(void)arena;
	return value_str((struct str){ json_string_value(value), json_string_length(value) });
}

static struct value int_to_sql(struct arena *arena, const json_t *value)
{
	(void)arena;
	return V_INT(json_integer_value(value));
}

static struct value bool_to_sql(struct arena *arena, const json_t *value)
{
	(void)arena;
	return V_INT(json_is_true(value));
}

static struct value id_to_sql(struct arena *arena, const json_t *value)
{
	(void)arena;
	return V_ID(id_of(value));
}

static struct value time_to_sql(struct arena *arena, const json_t *value)
{
	int64_t ms = 0;
	(void)arena;
	return time_from_text(str_from(json_string_value(value)), &ms) ? V_NULL : V_INT(ms);
}

static struct value json_to_sql(struct arena *arena, const json_t *value)
{
	char *text = js_print(value);
	struct str copy = arena_str(arena, str_from(text));
	free(text);
	return V_STR(copy);
}

static json_t *text_from_sql(struct rows *rows, int column)
{
	struct str s = rows_str(rows, column);
	return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *int_from_sql(struct rows *rows, int column)
{
	return json_integer(rows_int(rows, column));
}

static json_t *bool_from_sql(struct rows *rows, int column)
{
	return json_boolean(rows_int(rows, column));
}

static json_t *id_from_sql(struct rows *rows, int column)
{
	return json_sprintf("%" PRId64, rows_int(rows, column));
}

static json_t *time_from_sql(struct rows *rows, int column)
{
	char text[32];
	clock_format_utc(rows_int(rows, column), text, sizeof(text));
	return json_string(text);
}

static json_t *json_from_sql(struct rows *rows, int column)
{
	json_t *value = NULL;
	struct str s = rows_str(rows, column);
	return js_parse(s, s.n, &value, NULL) ? json_null() : value;
}

static json_t *text_from_text(const char *text)
{
	return json_string(text);
}

static json_t *int_from_text(const char *text)
{
	bool negative = *text == '-';
	uint64_t n;
	if (str_to_u64(str_from(text + negative), (uint64_t)INT_MAX_SHOWN, &n))
		return NULL;
	return json_integer(negative ? -(json_int_t)n : (json_int_t)n);
}

static json_t *bool_from_text(const char *text)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		return json_true();
	return strcmp(text, "false") == 0 || strcmp(text, "0") == 0 ? json_false() : NULL;
}

static json_t *id_from_text(const char *text)
{
	json_t *value = json_string(text);
	if (!id_of(value)) {
		json_decref(value);
		return NULL;
	}
	return value;
}

static json_t *time_from_filter(const char *text)
{
	int64_t ms;
	return time_from_text(str_from(text), &ms) ? NULL : json_string(text);
}

/* clang-format off */
const struct field_kind field_kinds[FT__MAX] = {
	[FT_STR] = { "string", "string", "{\"type\":\"string\"}", true, check_str, text_to_sql, text_from_sql, text_from_text },
	[FT_TEXT] = { "text", "string", "{\"type\":\"string\"}", true, check_str, text_to_sql, text_from_sql, text_from_text },
	[FT_INT] = { "integer", "number", "{\"type\":\"integer\"}", true, check_int, int_to_sql, int_from_sql, int_from_text },
	[FT_BOOL] = { "boolean", "boolean", "{\"type\":\"boolean\"}", true, check_bool, bool_to_sql, bool_from_sql, bool_from_text },
	[FT_ENUM] = { "enum", "string", "{\"type\":\"string\"}", true, check_enum, text_to_sql, text_from_sql, text_from_text },
	[FT_REF] = { "ref", "string", "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}", true, check_id, id_to_sql, id_from_sql, id_from_text },
	[FT_ID] = { "id", "string", "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}", true, check_id, id_to_sql, id_from_sql, id_from_text },
	[FT_TIME] = { "time", "string", "{\"type\":\"string\",\"format\":\"date-time\"}", true, check_time, time_to_sql, time_from_sql, time_from_filter },
	[FT_MS] = { "duration", "number", "{\"type\":\"integer\"}", true, check_int, int_to_sql, int_from_sql, int_from_text },
	[FT_SECRET] = { "secret", "string", "{\"type\":\"string\",\"writeOnly\":true}", true, check_str, text_to_sql, NULL, NULL },
	[FT_JSON] = { "json", "Record<string, unknown>", "{\"type\":\"object\"}", true, check_json, json_to_sql, json_from_sql, NULL },
	[FT_LIST] = { "list", "unknown[]", "{\"type\":\"array\"}", false, check_list, NULL, NULL, NULL },
};
/* clang-format on */
