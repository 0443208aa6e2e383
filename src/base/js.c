/* The few calls to Jansson that everybody needs, with a cap on size and depth. Printing is our own:
 * json_dumps() remembers every container by its printed address to find loops, and took a third of the
 * signalling thread's instructions per call. */
#include "base/js.h"

#include "base/buf.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32

/* Where the string that begins before `i` ends. */
static size_t end_of_string(struct str text, size_t i)
{
	for (; i < text.n && text.p[i] != '"'; i++)
		if (text.p[i] == '\\')
			i++;
	return i;
}

/* Depth of brackets outside strings; cheap enough to run before Jansson recurses. */
static size_t depth_of(struct str text)
{
	size_t depth = 0, deepest = 0;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '"') {
			i = end_of_string(text, i + 1);
		} else if (c == '[' || c == '{') {
			if (++depth > deepest)
				deepest = depth;
		} else if ((c == ']' || c == '}') && depth) {
			depth--;
		}
	}
	return deepest;
}

int js_parse(struct str text, size_t max_bytes, json_t **ret_value, struct fault *reterr_)
{
	json_error_t error;
	if (text.n > max_bytes) {
		(void)fault_set(reterr_, "too_long", "", "JSON of %zu bytes, at most %zu are allowed", text.n,
			max_bytes);
		return -E_LIMIT;
	}
	if (depth_of(text) > DEPTH_MAX) {
		(void)fault_set(reterr_, "too_deep", "", "JSON nested deeper than %d levels", DEPTH_MAX);
		return -E_LIMIT;
	}
	*ret_value =
		json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!*ret_value) {
		(void)fault_set(reterr_, "syntax", "", "line %d, column %d: %s", error.line, error.column,
			error.text);
		return -E_SYNTAX;
	}
	return 0;
}

static void print_text(struct buf *out, struct str text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t from = 0;
	buf_addc(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		char escape[] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_adds(out, str_sub(text, from, i));
		from = i + 1;
		if (c >= 0x20)
			escape[1] = (char)c;
		buf_add(out, escape, c >= 0x20 ? 2 : sizeof(escape));
	}
	buf_adds(out, str_sub(text, from, text.n));
	buf_addc(out, '"');
}

static void print_int(struct buf *out, json_int_t value)
{
	if (value < 0)
		buf_addc(out, '-');
	buf_add_u64(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* Jansson knows how to round: 0.1 in the 15 digits that a person would write, unless that is another number.
 */
static void print_real(struct buf *out, const json_t *value)
{
	CLEANUP(mem_freep) char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	CLEANUP(mem_freep) char *exact = json_dumps(value, JSON_ENCODE_ANY);
	bool same = text && strtod(text, NULL) == json_real_value(value);
	buf_addz(out, same ? text : exact ? exact : "null");
}

static void print_value(struct buf *out, const json_t *value);

static void print_object(struct buf *out, const json_t *object)
{
	const char *key;
	const json_t *value;
	char before = '{';
	json_object_foreach ((json_t *)(uintptr_t)object, key, value) {
		buf_addc(out, before);
		print_text(out, str_from(key));
		buf_addc(out, ':');
		print_value(out, value);
		before = ',';
	}
	buf_addz(out, before == '{' ? "{}" : "}");
}

static void print_array(struct buf *out, const json_t *array)
{
	size_t n = json_array_size(array);
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		print_value(out, json_array_get(array, i));
	}
	buf_addc(out, ']');
}

/* Trees are ours or no deeper than js_parse() allows. */
static void print_value(struct buf *out, const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_OBJECT:
		print_object(out, value);
		return;
	case JSON_ARRAY:
		print_array(out, value);
		return;
	case JSON_STRING:
		print_text(out, (struct str){ json_string_value(value), json_string_length(value) });
		return;
	case JSON_INTEGER:
		print_int(out, json_integer_value(value));
		return;
	case JSON_REAL:
		print_real(out, value);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		buf_addz(out, json_is_true(value) ? "true" : "false");
		return;
	case JSON_NULL:
		buf_addz(out, "null");
	}
}

char *js_print(const json_t *value)
{
	struct buf out;
	buf_init(&out, SIZE_MAX / 4);
	print_value(&out, value);
	return buf_take(&out);
}

const char *js_str(const json_t *object, const char *key, const char *def)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : def;
}

int64_t js_int(const json_t *object, const char *key, int64_t def)
{
	const json_t *value = json_object_get(object, key);
	return json_is_integer(value) ? json_integer_value(value) : def;
}

bool js_bool(const json_t *object, const char *key, bool def)
{
	const json_t *value = json_object_get(object, key);
	return json_is_boolean(value) ? json_is_true(value) : def;
}

int64_t js_id(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	uint64_t id = 0;
	if (json_is_integer(value))
		return json_integer_value(value) > 0 ? json_integer_value(value) : 0;
	if (json_is_string(value) && str_to_u64(str_from(json_string_value(value)), INT64_MAX, &id) == 0)
		return (int64_t)id;
	return 0;
}

int js_need_str(const json_t *object, const char *key, size_t min, size_t max, const char **ret_text,
	struct fault *reterr_)
{
	const json_t *value = json_object_get(object, key);
	size_t n = json_string_length(value);
	if (!value && min == 0)
		return 0;
	if (!value)
		return fault_set(reterr_, "required", key, "%s is required", key);
	if (!json_is_string(value))
		return fault_set(reterr_, "type", key, "%s must be text", key);
	if (n < min)
		return fault_set(reterr_, "too_short", key, "%s needs at least %zu bytes", key, min);
	if (n > max || strlen(json_string_value(value)) != n)
		return fault_set(reterr_, "too_long", key, "%s may have at most %zu bytes", key, max);
	*ret_text = json_string_value(value);
	return 0;
}

int js_need_int(const json_t *object, const char *key, int64_t min, int64_t max, int64_t *ret_value,
	struct fault *reterr_)
{
	const json_t *value = json_object_get(object, key);
	if (!value)
		return 0;
	if (!json_is_integer(value))
		return fault_set(reterr_, "type", key, "%s must be a whole number", key);
	if (json_integer_value(value) < min || json_integer_value(value) > max)
		return fault_set(
			reterr_, "range", key, "%s must be between %" PRId64 " and %" PRId64, key, min, max);
	*ret_value = json_integer_value(value);
	return 0;
}

void js_set_str(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_string(text));
}

void js_set_int(json_t *object, const char *key, int64_t value)
{
	json_object_set_new(object, key, json_integer(value));
}

void js_set_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

void js_set_id(json_t *object, const char *key, int64_t id)
{
	char text[24];
	if (id) {
		snprintf(text, sizeof(text), "%" PRId64, id);
		js_set_str(object, key, text);
	}
}

void js_unrefp(json_t **value)
{
	json_decref(*value);
	*value = NULL;
}
