/* The descriptors as OpenAPI: the paths of the collections, and the records as JSON Schema, as they are read
 * and as they are sent. */
#include "base/js.h"
#include "base/mem.h"
#include "model/field.h"
#include "model/move.h"
#include "model/record.h"
#include "sheet/writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A record as it is read, or a part of one as it is sent. */
enum schema_of { SHOWN, SENT };

static json_t *schema_of_child(const struct field *f, enum schema_of of);

static void schema_limits(const struct field *f, json_t *schema)
{
	static const char *const words[3][2] = { { "minimum", "maximum" }, { "minLength", "maxLength" },
		{ "minItems", "maxItems" } };
	bool text = f->type == FT_STR || f->type == FT_TEXT || f->type == FT_SECRET;
	const char *const *word = words[text ? 1 : f->type == FT_LIST ? 2 : 0];
	if (f->type == FT_I18N || f->type == FT_FILE)
		return;
	if (f->min || f->max)
		json_object_set_new(schema, word[0], field_limit(f, f->min));
	if (f->max)
		json_object_set_new(schema, word[1], field_limit(f, f->max));
	if (f->type == FT_NUM)
		json_object_set_new(schema, "multipleOf", json_real(pow(10, -f->digits)));
}

static json_t *words_of(const struct choice *choices)
{
	json_t *words = json_array();
	for (const struct choice *c = choices; c->value; c++)
		json_array_append_new(words, json_string(c->value));
	return words;
}

static json_t *schema_of_field(const struct field *f, enum schema_of of)
{
	const char *text = field_kind(f)->schema;
	json_t *schema = NULL;
	if (js_parse(str_from(text), strlen(text), &schema, NULL))
		return json_object();
	schema_limits(f, schema);
	if (f->type == FT_CHOICES) {
		json_object_set_new(schema, "items",
			json_pack("{s:s, s:o}", "type", "string", "enum", words_of(f->choices)));
	} else if (f->choices) {
		json_t *values = words_of(f->choices);
		if (!(f->flags & F_REQUIRED))
			json_array_append_new(values, json_null());
		json_object_set_new(schema, "enum", values);
	}
	if (f->child)
		json_object_set_new(schema, "items", schema_of_child(f, of));
	if (!(f->flags & F_REQUIRED) && f->type != FT_LIST)
		json_object_set_new(
			schema, "type", json_pack("[O, s]", json_object_get(schema, "type"), "null"));
	if (f->flags & F_READONLY)
		js_set_bool(schema, "readOnly", true);
	js_set_str(schema, "description", f->label.en);
	return schema;
}

static void add_property(json_t *schema, const char *name, json_t *property, bool required)
{
	json_object_set_new(json_object_get(schema, "properties"), name, property);
	if (required)
		json_array_append_new(json_object_get(schema, "required"), json_string(name));
}

static json_t *empty_schema(void)
{
	return json_pack("{s:s, s:{}, s:[]}", "type", "object", "properties", "required");
}

/* What reading shows: everything but secrets, null where there is nothing. */
static void add_shown(json_t *schema, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char name[64];
		if (fields[i].type == FT_SECRET)
			continue;
		add_property(schema, fields[i].name, schema_of_field(&fields[i], SHOWN), true);
		if (!field_has_name(&fields[i]))
			continue;
		snprintf(name, sizeof(name), "%s_name", fields[i].name);
		add_property(schema, name,
			json_pack("{s:[s, s], s:b}", "type", "string", "null", "readOnly", 1), true);
	}
}

/* What may be sent: the fields that can be set, once or again, and which a new record must have. */
static void add_sent(json_t *schema, const struct field *fields, size_t n, unsigned once)
{
	for (size_t i = 0; i < n; i++)
		if (!(fields[i].flags & F_READONLY) && (fields[i].flags & F_CREATE_ONLY) == once)
			add_property(schema, fields[i].name, schema_of_field(&fields[i], SENT),
				fields[i].flags & F_REQUIRED && !fields[i].def);
}

/* An element that is there already is known by its id and needs nothing else. */
static json_t *schema_of_child(const struct field *f, enum schema_of of)
{
	const struct child *child = f->child;
	json_t *schema = empty_schema();
	json_t *id = json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-9]+$");
	add_property(schema, "id", id, of == SHOWN);
	if (of == SHOWN) {
		add_shown(schema, child->fields, child->n_fields);
		return schema;
	}
	add_sent(schema, child->fields, child->n_fields, 0);
	json_t *required = json_incref(json_object_get(schema, "required"));
	json_object_del(schema, "required");
	json_object_set_new(
		schema, "anyOf", json_pack("[{s:[s]}, {s:o}]", "required", "id", "required", required));
	return schema;
}

/* Which there are, meta tells. */
static void add_custom(const struct resource *res, json_t *schema)
{
	if (res->can & RES_CUSTOM)
		json_object_set_new(schema, "patternProperties",
			json_pack("{s:{s:s}}", "^x_[a-z][a-z0-9_]*$", "description",
				"A custom field of this centre, as /api/v1/meta describes it"));
}

static json_t *schema_shown(const struct resource *res)
{
	json_t *schema = empty_schema();
	add_shown(schema, base_fields, BASE_FIELDS);
	add_shown(schema, res->fields, res->n_fields);
	if (res_keeps(res))
		add_property(schema, deleted_field.name, schema_of_field(&deleted_field, SHOWN), false);
	if (res->moves || res_keeps(res))
		add_property(schema, "actions",
			json_pack("{s:s, s:{s:s}, s:b, s:s}", "type", "array", "items", "type", "string",
				"readOnly", 1, "description", "What the reader may do with it now"),
			false);
	if (res->config || res->effect)
		add_property(schema, "config_fault",
			json_pack("{s:s, s:b, s:s}", "type", "object", "readOnly", 1, "description",
				"Why the switch refused what was changed"),
			false);
	add_custom(res, schema);
	return schema;
}

/* "{name}_change", and "{name}_new" with what is set once and what there must be. */
static void add_schemas_sent(const struct resource *res, json_t *schemas)
{
	char name[64];
	json_t *change = empty_schema(), *once = empty_schema();
	add_sent(change, res->fields, res->n_fields, 0);
	add_sent(once, res->fields, res->n_fields, F_CREATE_ONLY);
	json_array_extend(json_object_get(once, "required"), json_object_get(change, "required"));
	json_object_del(change, "required");
	add_custom(res, change);
	snprintf(name, sizeof(name), "%s_change", res->name);
	if (res->can & (RES_CREATE | RES_UPDATE))
		json_object_set(schemas, name, change);
	json_object_set_new(once, "allOf", json_pack("[{s:s+}]", "$ref", "#/components/schemas/", name));
	snprintf(name, sizeof(name), "%s_new", res->name);
	if (res->can & RES_CREATE)
		json_object_set(schemas, name, once);
	json_decref(change);
	json_decref(once);
}

json_t *model_openapi_schemas(void)
{
	json_t *schemas = json_object();
	for (size_t i = 0; i < resources_n; i++) {
		json_object_set_new(schemas, resources[i]->name, schema_shown(resources[i]));
		add_schemas_sent(resources[i], schemas);
	}
	return schemas;
}

static json_t *json_content(json_t *schema)
{
	return json_pack("{s:{s:{s:o}}}", "content", "application/json", "schema", schema);
}

static json_t *schema_ref(const char *name)
{
	return json_pack("{s:s+}", "$ref", "#/components/schemas/", name);
}

static json_t *schema_ref_of(const struct resource *res, const char *suffix)
{
	return json_pack("{s:s++}", "$ref", "#/components/schemas/", res->name, suffix);
}

/* An operation with its good answer; the refusals are the same everywhere and stand in `default`. */
static json_t *operation(
	const struct resource *res, const char *summary, const char *status, json_t *body, json_t *answer)
{
	json_t *good = answer ? json_content(answer) : json_object();
	js_set_str(good, "description", summary);
	json_t *op = json_pack("{s:s, s:[s], s:{s:o, s:{s:s}}}", "summary", summary, "tags", res->area,
		"responses", status, good, "default", "$ref", "#/components/responses/problem");
	if (body)
		json_object_set_new(op, "requestBody", json_content(body));
	return op;
}

static json_t *page_schema(const struct resource *res)
{
	return json_pack("{s:s, s:{s:{s:s, s:o}, s:{s:[s, s]}, s:{s:[s, s]}}, s:[s, s, s]}", "type", "object",
		"properties", "items", "type", "array", "items", schema_ref(res->name), "next", "type",
		"string", "null", "total", "type", "integer", "null", "required", "items", "next", "total");
}

/* Beside these the fields themselves are filters. */
static json_t *list_parameters(void)
{
	static const char *const words[][2] = {
		{ "q", "Words that the record has" },
		{ "sort", "A field, with - before it the other way round" },
		{ "limit", "How many at most" },
		{ "cursor", "What `next` of the page before says" },
		{ "fields",
			"Names, separated by commas: the records have these members alone, and their id" },
	};
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", words[i][0], "in", "query",
				"description", words[i][1], "schema", "type", "string"));
	return list;
}

static json_t *list_operation(const struct resource *res)
{
	json_t *op = operation(res, "list", "200", NULL, page_schema(res));
	json_object_set_new(op, "parameters", list_parameters());
	json_t *good = json_object_get(json_object_get(op, "responses"), "200");
	if (res->can & RES_EXPORT)
		for (int format = 0; format < SHEET_FORMAT__MAX; format++)
			json_object_set_new(json_object_get(good, "content"),
				sheet_format_mime((enum sheet_format)format), json_object());
	return op;
}

/* Who may make a record and not read it is told its id alone. */
static json_t *made_schema(const struct resource *res)
{
	return json_pack("{s:[o, {s:s, s:{s:{s:s}}, s:[s]}]}", "anyOf", schema_ref(res->name), "type",
		"object", "properties", "id", "type", "string", "required", "id");
}

static json_t *revealed_schema(void)
{
	return json_pack("{s:s, s:{s:{s:s}, s:{}}, s:[s, s]}", "type", "object", "properties", "field",
		"type", "string", "value", "required", "field", "value");
}

static json_t *id_parameter(void)
{
	return json_pack("[{s:s, s:s, s:b, s:{s:s}}]", "name", "id", "in", "path", "required", 1, "schema",
		"type", "string");
}

static void add_action(
	json_t *paths, const struct resource *res, const char *action, json_t *body, json_t *answer)
{
	char path[128];
	snprintf(path, sizeof(path), "/api/v1/%s/{id}/%s", res->plural, action);
	json_object_set_new(paths, path,
		json_pack("{s:o, s:o}", "parameters", id_parameter(), "post",
			operation(res, action, "200", body, answer)));
}

static void add_actions(json_t *paths, const struct resource *res)
{
	const struct transition *move;
	if (res_keeps(res))
		add_action(paths, res, "restore", NULL, schema_ref(res->name));
	if (res->can & RES_MASKED)
		add_action(paths, res, "reveal", model_reveal_body(), revealed_schema());
	for (size_t i = 0; (move = move_at(res, i)); i++)
		add_action(paths, res, move->action, NULL, schema_ref(res->name));
}

static void add_paths(json_t *paths, const struct resource *res)
{
	char path[96];
	json_t *all = json_object(), *one = json_object();
	json_object_set_new(all, "get", list_operation(res));
	if (res->can & RES_CREATE)
		json_object_set_new(all, "post",
			operation(res, "create", "201", schema_ref_of(res, "_new"), made_schema(res)));
	json_object_set_new(one, "get", operation(res, "read", "200", NULL, schema_ref(res->name)));
	if (res->can & RES_UPDATE)
		json_object_set_new(one, "patch",
			operation(
				res, "change", "200", schema_ref_of(res, "_change"), schema_ref(res->name)));
	if (res->can & RES_DELETE)
		json_object_set_new(one, "delete", operation(res, "delete", "204", NULL, NULL));
	json_object_set_new(one, "parameters", id_parameter());
	snprintf(path, sizeof(path), "/api/v1/%s", res->plural);
	json_object_set_new(paths, path, all);
	add_actions(paths, res);
	snprintf(path, sizeof(path), "/api/v1/%s/{id}", res->plural);
	json_object_set_new(paths, path, one);
}

json_t *model_openapi_paths(void)
{
	json_t *paths = json_object();
	for (size_t i = 0; i < resources_n; i++)
		add_paths(paths, resources[i]);
	return paths;
}
