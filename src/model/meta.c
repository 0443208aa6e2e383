/* The descriptors as JSON, for the browser, which draws lists and forms from them. */
#include "base/js.h"
#include "model/mask.h"
#include "model/move.h"

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
		json_object_set_new(out, "min", field_limit(f, f->min));
		json_object_set_new(out, "max", field_limit(f, f->max));
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
