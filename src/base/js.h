#ifndef LX_BASE_JS_H
#define LX_BASE_JS_H

#include "base/err.h"
#include "base/str.h"

#include <jansson.h>
#include <stdbool.h>

/* Jansson with our limits and our faults. Values are json_t with Jansson's reference counts, owned by one
 * thread. */

/* Parses one value that fills `text`. Depth above 32 or bytes above max_bytes give -E_LIMIT, wrong JSON
 * -E_SYNTAX with line and column in the fault (may be NULL). Duplicate keys are refused. The caller owns
 * *ret_value. */
int js_parse(struct str text, size_t max_bytes, json_t **ret_value, struct fault *reterr_) MUST_CHECK;

/* Compact text, keys in insertion order; the caller frees. */
char *js_print(const json_t *value);

/* Fields of an object with a default when absent; they never fail and never change the value. A string stays
 * owned by the object. Ids travel as decimal strings: js_id reads both forms, 0 when absent. */
const char *js_str(const json_t *object, const char *key, const char *def);
int64_t js_int(const json_t *object, const char *key, int64_t def);
bool js_bool(const json_t *object, const char *key, bool def);
int64_t js_id(const json_t *object, const char *key);

/* Checked fields: -E_INVALID with the field named when the type is wrong, out of range, or required and
 * absent. An absent optional field leaves *ret_… as it was. */
int js_need_str(const json_t *object, const char *key, size_t min, size_t max, const char **ret_text,
	struct fault *reterr_) MUST_CHECK;
int js_need_int(const json_t *object, const char *key, int64_t min, int64_t max, int64_t *ret_value,
	struct fault *reterr_) MUST_CHECK;

/* Setters for fresh objects; NULL text or id 0 sets nothing. */
void js_set_str(json_t *object, const char *key, const char *text);
void js_set_int(json_t *object, const char *key, int64_t value);
void js_set_bool(json_t *object, const char *key, bool value);
void js_set_id(json_t *object, const char *key, int64_t id);

/* For CLEANUP(). */
void js_unrefp(json_t **value);

#endif
