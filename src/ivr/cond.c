/* Conditions: a tree of all/any lists whose leaves compare one variable. */
#include "ivr/cond.h"

#include "base/js.h"
#include "base/mem.h"
#include "ivr/flow_int.h"

#include <stdio.h>
#include <string.h>

#define LIST_MAX 64
#define VALUE_MAX 256

typedef bool (*compare_fn)(const char *left, const char *const *values, size_t n);

struct cond {
	compare_fn compare; /* a leaf; else a list */
	const char *variable;
	const char *const *values;
	const struct cond **list;
	size_t n;
	bool any;
};

/* Both as whole numbers of up to 18 digits, else -E_SYNTAX. */
static int numbers(const char *a, const char *b, uint64_t *ret_a, uint64_t *ret_b)
{
	int err = str_to_u64(str_from(a), UINT64_C(999999999999999999), ret_a);
	return err ? err : str_to_u64(str_from(b), UINT64_C(999999999999999999), ret_b);
}

static int order(const char *a, const char *b)
{
	uint64_t x, y;
	if (numbers(a, b, &x, &y) == 0)
		return (x > y) - (x < y);
	return strcmp(a, b);
}

static bool is_in(const char *left, const char *const *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(left, values[i]) == 0)
			return true;
	return false;
}

static bool is_not(const char *left, const char *const *values, size_t n)
{
	return !is_in(left, values, n);
}

static bool is_less(const char *left, const char *const *values, size_t n)
{
	(void)n;
	return order(left, values[0]) < 0;
}

static bool is_greater(const char *left, const char *const *values, size_t n)
{
	(void)n;
	return order(left, values[0]) > 0;
}

static bool has_prefix(const char *left, const char *const *values, size_t n)
{
	(void)n;
	return str_starts(str_from(left), str_from(values[0]));
}

static const struct {
	const char *name;
	compare_fn compare;
	bool list;
} ops[] = {
	{ "eq", is_in, false },
	{ "ne", is_not, false },
	{ "lt", is_less, false },
	{ "gt", is_greater, false },
	{ "prefix", has_prefix, false },
	{ "in", is_in, true },
};

static int parse_value(const json_t *json, const char *path, struct arena *arena, const char **ret_value,
	struct fault *reterr_)
{
	const char *text = json_string_value(json);
	if (!text)
		return fault_set(reterr_, "type", path, "a value to compare with must be text");
	if (json_string_length(json) > VALUE_MAX || strlen(text) != json_string_length(json))
		return fault_set(reterr_, "too_long", path, "a value may have %d bytes", VALUE_MAX);
	*ret_value = arena_strndup(arena, str_from(text));
	return *ret_value ? 0 : -E_LIMIT;
}

static int parse_values(
	const json_t *json, const char *path, struct arena *arena, struct cond *cond, struct fault *reterr_)
{
	size_t n = json_is_array(json) ? json_array_size(json) : 1;
	if (n == 0 || n > LIST_MAX)
		return fault_set(
			reterr_, "range", path, "a list to compare with has 1 to %d values", LIST_MAX);
	const char **values = arena_try(arena, n * sizeof(*values));
	if (!values)
		return -E_LIMIT;
	cond->values = values;
	cond->n = n;
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_is_array(json) ? json_array_get(json, i) : json;
		int err = parse_value(value, path, arena, &values[i], reterr_);
		if (err)
			return err;
	}
	return 0;
}

static int parse_leaf(
	const json_t *json, const char *path, struct arena *arena, struct cond *cond, struct fault *reterr_)
{
	char field[128];
	const char *variable = js_str(json, "var", ""), *op = js_str(json, "op", "");
	snprintf(field, sizeof(field), "%.80s.var", path);
	if (!flow_is_variable(variable))
		return fault_set(reterr_, "invalid", field, "var must be the name of a variable");
	cond->variable = arena_strndup(arena, str_from(variable));
	snprintf(field, sizeof(field), "%.80s.value", path);
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		const json_t *value = json_object_get(json, "value");
		if (strcmp(op, ops[i].name) != 0)
			continue;
		if (json_is_array(value) != ops[i].list)
			return fault_set(reterr_, "type", field,
				ops[i].list ? "in needs a list" : "a single text is needed");
		cond->compare = ops[i].compare;
		return cond->variable ? parse_values(value, field, arena, cond, reterr_) : -E_LIMIT;
	}
	snprintf(field, sizeof(field), "%.80s.op", path);
	return fault_set(reterr_, "unknown", field, "op must be one of eq, ne, lt, gt, prefix, in");
}

static int parse(const json_t *json, const char *path, struct arena *arena, int depth,
	const struct cond **ret_cond, struct fault *reterr_)
{
	const json_t *all = json_object_get(json, "all"), *any = json_object_get(json, "any");
	const json_t *list = all ? all : any;
	struct cond *cond = arena_try(arena, sizeof(*cond));
	if (!cond)
		return -E_LIMIT;
	*ret_cond = cond;
	if (!list)
		return parse_leaf(json, path, arena, cond, reterr_);
	if (depth == COND_DEPTH)
		return fault_set(reterr_, "too_deep", path, "conditions nest at most %d deep", COND_DEPTH);
	cond->n = json_array_size(list);
	cond->any = !all;
	if (cond->n == 0 || cond->n > LIST_MAX || (all && any))
		return fault_set(reterr_, "range", path, "all or any needs a list of 1 to %d", LIST_MAX);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	cond->list = arena_try(arena, cond->n * sizeof(*cond->list));
	int err = cond->list ? 0 : -E_LIMIT;
	for (size_t i = 0; !err && i < cond->n; i++) {
		char field[128];
		snprintf(field, sizeof(field), "%.80s.%s.%zu", path, all ? "all" : "any", i);
		err = parse(json_array_get(list, i), field, arena, depth + 1, &cond->list[i], reterr_);
	}
	return err;
}

int cond_parse(const json_t *json, const char *path, struct arena *arena, const struct cond **ret_cond,
	struct fault *reterr_)
{
	return parse(json, path, arena, 0, ret_cond, reterr_);
}

bool cond_holds(const struct cond *cond, cond_value_fn value, void *arg)
{
	if (cond->compare) {
		const char *left = value(arg, cond->variable);
		return cond->compare(left ? left : "", cond->values, cond->n);
	}
	for (size_t i = 0; i < cond->n; i++)
		if (cond_holds(cond->list[i], value, arg) == cond->any)
			return cond->any;
	return !cond->any;
}
