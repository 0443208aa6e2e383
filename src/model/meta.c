/* The descriptors as JSON: for the browser, which draws lists and forms from them, and as OpenAPI. */
#include "base/js.h"
#include "model/mask.h"
#include "model/move.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static json_t *label_json(const struct label *label)
{
	return json_pack("{s:s, s:s}", "zh", label->zh, "en", label->en);
}

static json_t *choices_json(const struct choice *choices)
{
	json_t *list = json_array();
	for (const struct choice *c = choices; c->value; c++)
		json_array_append_new(
			list, json_pack("{s:s, s:o}", "value", c->value, "label", label_json(&c->label)));
	return list;
}

static json_t *default_json(const struct field *f)
{
	json_t *value = NULL;
	if (!f->def || js_parse(str_from(f->def), strlen(f->def), &value, NULL))
		return json_null();
	return value;
}

/* As people write it: of a decimal number the table has the count of its last digit. */
static json_t *limit_json(const struct field *f, int64_t limit)
{
	if (f->type != FT_NUM)
		return json_integer(limit);
	return json_real((double)limit / pow(10, f->digits));
}

static json_t *fields_json(const struct field *fields, size_t n);

static json_t *when_json(const char *when)
{
	struct str rest = str_from(when);
	struct str name = str_cut(&rest, ' ');
	json_t *values = json_array();
	while (rest.n) {
		struct str word = str_cut(&rest, ' ');
		json_array_append_new(values, json_stringn(word.p, word.n));
	}
	return json_pack("{s:s%, s:o}", "field", name.p, name.n, "values", values);
}

/* How a form shows it. */
static void add_drawing(const struct field *f, json_t *out)
{
	const struct unit *unit = f->unit ? f->unit : f->type == FT_MS ? &unit_seconds : NULL;
	if (unit) {
		json_object_set_new(out, "unit", label_json(&unit->label));
		js_set_int(out, "scale", unit->scale);
	}
	if (f->section)
		json_object_set_new(out, "section", label_json(f->section));
	if (f->when)
		json_object_set_new(out, "when", when_json(f->when));
}

static json_t *field_json(const struct field *f)
{
	json_t *out = json_object();
	js_set_str(out, "name", f->name);
	js_set_str(out, "type", field_kind(f)->name);
	json_object_set_new(out, "label", label_json(&f->label));
	if (f->help.en)
		json_object_set_new(out, "help", label_json(&f->help));
	js_set_bool(out, "required", f->flags & F_REQUIRED && !f->def);
	js_set_bool(out, "nullable", !(f->flags & F_REQUIRED));
	js_set_bool(out, "read_only", f->flags & F_READONLY);
	js_set_bool(out, "write_only", f->type == FT_SECRET);
	js_set_bool(out, "create_only", f->flags & F_CREATE_ONLY);
	js_set_bool(out, "unique", f->flags & F_UNIQUE);
	js_set_bool(out, "sortable", field_sorts(f));
	js_set_bool(out, "filterable", field_filters(f));
	js_set_bool(out, "range", field_kind(f)->ordered && field_filters(f));
	if (f->flags & F_COMPUTED)
		js_set_bool(out, "computed", true);
	if (f->flags & F_CUSTOM)
		js_set_bool(out, "custom", true);
	js_set_bool(out, "search", f->flags & F_SEARCH);
	if (check_format(f->check))
		js_set_str(out, "format", check_format(f->check));
	if (f->min || f->max) {
		json_object_set_new(out, "min", limit_json(f, f->min));
		json_object_set_new(out, "max", limit_json(f, f->max));
	}
	if (f->flags & F_MASKED)
		js_set_bool(out, "masked", true);
	if (f->type == FT_NUM)
		js_set_int(out, "digits", f->digits);
	js_set_str(out, "accept", f->accept);
	add_drawing(f, out);
	json_object_set_new(out, "default", default_json(f));
	if (f->choices)
		json_object_set_new(out, "choices", choices_json(f->choices));
	if (f->ref)
		js_set_str(out, "ref", resource_of_name(f->ref)->plural);
	if (f->child)
		json_object_set_new(out, "fields", fields_json(f->child->fields, f->child->n_fields));
	return out;
}

static json_t *fields_json(const struct field *fields, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, field_json(&fields[i]));
	return list;
}

/* What this reader cannot ask about: he is not offered it. */
static void limit_masked(json_t *fields, bool filters)
{
	size_t i;
	json_t *field;
	json_array_foreach (fields, i, field) {
		limit_masked(json_object_get(field, "fields"), filters);
		if (!js_bool(field, "masked", false))
			continue;
		js_set_bool(field, "sortable", false);
		js_set_bool(field, "filterable", filters && js_bool(field, "filterable", false));
	}
}

static json_t *fields_for(const struct resource *res, const struct actor *actor)
{
	json_t *fields = fields_json(res->fields, res->n_fields);
	if (!mask_is_off(res, actor))
		limit_masked(fields, may(actor, res, VERB_CLEAR));
	return fields;
}

static json_t *resource_json(const struct resource *res, const struct actor *actor)
{
	json_t *columns = json_array();
	for (size_t i = 0; i < res->n_fields; i++)
		if (res->fields[i].flags & F_COLUMN)
			json_array_append_new(columns, json_string(res->fields[i].name));
	json_t *rights = json_pack("{s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b}", "read",
		may(actor, res, VERB_READ), "create", may(actor, res, VERB_CREATE), "update",
		may(actor, res, VERB_UPDATE), "delete", may(actor, res, VERB_DELETE), "restore",
		may(actor, res, VERB_RESTORE), "purge", may(actor, res, VERB_PURGE), "export",
		may(actor, res, VERB_EXPORT), "import", may(actor, res, VERB_IMPORT), "clear",
		may(actor, res, VERB_CLEAR), "reveal", may(actor, res, VERB_REVEAL));
	json_t *actions = json_array();
	const struct transition *move;
	for (size_t i = 0; (move = move_at(res, i)); i++)
		json_array_append_new(actions,
			json_pack("{s:s, s:o}", "name", move->action, "label", label_json(&move->label)));
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b}", "name",
		res->name, "plural", res->plural, "label", label_json(&res->label), "labels",
		label_json(&res->labels), "area", res->area, "title", res->title, "sort", res->sort,
		"columns", columns, "rights", rights, "actions", actions, "fields", fields_for(res, actor),
		"own", (res->can & RES_OWN) != 0, "single", (res->can & RES_SINGLE) != 0);
}

json_t *model_meta(const struct actor *actor)
{
	json_t *list = json_array();
	for (size_t i = 0; i < resources_n; i++) {
		const struct resource *res = catalogue_at(actor->catalogue, i);
		if (may(actor, res, VERB_READ))
			json_array_append_new(list, resource_json(res, actor));
	}
	return json_pack("{s:o, s:o}", "resources", list, "rights", rights_json());
}

static json_t *schema_of_fields(const struct field *fields, size_t n, bool top, bool keeps);

static void schema_limits(const struct field *f, json_t *schema)
{
	static const char *const words[3][2] = { { "minimum", "maximum" }, { "minLength", "maxLength" },
		{ "minItems", "maxItems" } };
	bool text = f->type == FT_STR || f->type == FT_TEXT || f->type == FT_SECRET;
	const char *const *word = words[text ? 1 : f->type == FT_LIST ? 2 : 0];
	if (f->type == FT_I18N || f->type == FT_FILE)
		return;
	if (f->min || f->max)
		json_object_set_new(schema, word[0], limit_json(f, f->min));
	if (f->max)
		json_object_set_new(schema, word[1], limit_json(f, f->max));
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

static json_t *schema_of_field(const struct field *f)
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
		json_object_set_new(schema, "items",
			schema_of_fields(f->child->fields, f->child->n_fields, false, false));
	if (!(f->flags & F_REQUIRED) && f->type != FT_LIST)
		json_object_set_new(
			schema, "type", json_pack("[O, s]", json_object_get(schema, "type"), "null"));
	if (f->flags & F_READONLY)
		js_set_bool(schema, "readOnly", true);
	js_set_str(schema, "description", f->label.en);
	return schema;
}

static void add_schemas(json_t *properties, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_object_set_new(properties, fields[i].name, schema_of_field(&fields[i]));
		if (field_has_name(&fields[i])) {
			char name[64];
			snprintf(name, sizeof(name), "%s_name", fields[i].name);
			json_object_set_new(properties, name,
				json_pack("{s:[s, s], s:b}", "type", "string", "null", "readOnly", 1));
		}
	}
}

static json_t *schema_of_fields(const struct field *fields, size_t n, bool top, bool keeps)
{
	json_t *properties = json_object();
	json_t *required = json_array();
	if (top)
		add_schemas(properties, base_fields, BASE_FIELDS);
	add_schemas(properties, fields, n);
	if (keeps)
		add_schemas(properties, &deleted_field, 1);
	if (top)
		json_object_set_new(properties, "actions",
			json_pack("{s:s, s:{s:s}, s:b, s:s}", "type", "array", "items", "type", "string",
				"readOnly", 1, "description", "What the reader may do with it now"));
	for (size_t i = 0; i < n; i++)
		if (fields[i].flags & F_REQUIRED && !fields[i].def && !(fields[i].flags & F_READONLY))
			json_array_append_new(required, json_string(fields[i].name));
	return json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties, "required", required);
}

json_t *model_openapi_schemas(void)
{
	json_t *schemas = json_object();
	for (size_t i = 0; i < resources_n; i++) {
		const struct resource *res = resources[i];
		json_t *schema = schema_of_fields(res->fields, res->n_fields, true, res_keeps(res));
		if (res->can & RES_CUSTOM) /* which there are, meta tells */
			json_object_set_new(schema, "patternProperties",
				json_pack("{s:{s:s}}", "^x_[a-z][a-z0-9_]*$", "description",
					"A custom field of this centre, as /api/v1/meta describes it"));
		json_object_set_new(schemas, res->name, schema);
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

/* An operation with its good answer; the refusals are the same everywhere and stand in `default`. */
static json_t *operation(
	const struct resource *res, const char *summary, const char *status, bool body, json_t *answer)
{
	json_t *good = answer ? json_content(answer) : json_object();
	js_set_str(good, "description", summary);
	json_t *op = json_pack("{s:s, s:[s], s:{s:o, s:{s:s}}}", "summary", summary, "tags", res->area,
		"responses", status, good, "default", "$ref", "#/components/responses/problem");
	if (body)
		json_object_set_new(op, "requestBody", json_content(schema_ref(res->name)));
	return op;
}

static json_t *page_schema(const struct resource *res)
{
	return json_pack("{s:s, s:{s:{s:s, s:o}, s:{s:[s, s]}, s:{s:[s, s]}}}", "type", "object",
		"properties", "items", "type", "array", "items", schema_ref(res->name), "next", "type",
		"string", "null", "total", "type", "integer", "null");
}

static json_t *id_parameter(void)
{
	return json_pack("[{s:s, s:s, s:b, s:{s:s}}]", "name", "id", "in", "path", "required", 1, "schema",
		"type", "string");
}

static void add_action(json_t *paths, const struct resource *res, const char *action)
{
	char path[128];
	snprintf(path, sizeof(path), "/api/v1/%s/{id}/%s", res->plural, action);
	json_object_set_new(paths, path,
		json_pack("{s:o, s:o}", "parameters", id_parameter(), "post",
			operation(res, action, "200", false, schema_ref(res->name))));
}

static void add_paths(json_t *paths, const struct resource *res)
{
	char path[96];
	json_t *all = json_object(), *one = json_object();
	json_object_set_new(all, "get", operation(res, "list", "200", false, page_schema(res)));
	if (res->can & RES_CREATE)
		json_object_set_new(
			all, "post", operation(res, "create", "201", true, schema_ref(res->name)));
	json_object_set_new(one, "get", operation(res, "read", "200", false, schema_ref(res->name)));
	if (res->can & RES_UPDATE)
		json_object_set_new(
			one, "patch", operation(res, "change", "200", true, schema_ref(res->name)));
	if (res->can & RES_DELETE)
		json_object_set_new(one, "delete", operation(res, "delete", "204", false, NULL));
	json_object_set_new(one, "parameters", id_parameter());
	snprintf(path, sizeof(path), "/api/v1/%s", res->plural);
	json_object_set_new(paths, path, all);
	if (res_keeps(res))
		add_action(paths, res, "restore");
	if (res->can & RES_MASKED)
		add_action(paths, res, "reveal");
	const struct transition *move;
	for (size_t i = 0; (move = move_at(res, i)); i++)
		add_action(paths, res, move->action);
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
