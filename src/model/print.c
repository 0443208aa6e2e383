/* The descriptors as TypeScript, Markdown and CSV. */
#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"
#include "model/custom.h"
#include "model/field.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void model_print_camel(struct buf *out, struct str name)
{
	bool upper = true;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (c != '_')
			buf_addc(out, upper && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
		upper = c == '_';
	}
}

static void add_camel(struct buf *out, const char *name)
{
	model_print_camel(out, str_from(name));
}

static void ts_type(struct buf *out, const struct resource *res, const struct field *f)
{
	if (f->choices) {
		bool many = f->type == FT_CHOICES;
		buf_addz(out, many ? "(" : "");
		for (const struct choice *c = f->choices; c->value; c++)
			buf_printf(out, "%s'%s'", c == f->choices ? "" : " | ", c->value);
		buf_addz(out, many ? ")[]" : "");
	} else if (f->child) {
		add_camel(out, res->name);
		add_camel(out, f->name);
		buf_addz(out, "Item[]");
	} else {
		buf_addz(out, field_kind(f)->ts);
	}
	if (!(f->flags & F_REQUIRED) && f->type != FT_LIST)
		buf_addz(out, " | null");
}

static void ts_fields(struct buf *out, const struct resource *res, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &fields[i];
		buf_printf(out, "  %s%s: ", f->name, f->type == FT_SECRET ? "?" : "");
		ts_type(out, res, f);
		buf_addz(out, ";\n");
		if (field_has_name(f))
			buf_printf(out, "  %s_name: string | null;\n", f->name);
	}
}

static void ts_interface(struct buf *out, const struct resource *res)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (!f->child)
			continue;
		buf_addz(out, "export interface ");
		add_camel(out, res->name);
		add_camel(out, f->name);
		buf_addz(out, "Item {\n  id?: string;\n");
		ts_fields(out, res, f->child->fields, f->child->n_fields);
		buf_addz(out, "}\n\n");
	}
	buf_addz(out, "export interface ");
	add_camel(out, res->name);
	buf_addz(out, " {\n");
	ts_fields(out, res, base_fields, BASE_FIELDS);
	ts_fields(out, res, res->fields, res->n_fields);
	if (res->moves)
		buf_addz(out, "  actions?: string[];\n");
	if (res_keeps(res))
		buf_addz(out, "  deleted?: string;\n");
	if (res->can & RES_CUSTOM)
		buf_addz(out, "  [custom: `" CUSTOM_PREFIX "${string}`]: unknown;\n");
	buf_addz(out, "}\n\n");
}

void model_print_ts(struct buf *out)
{
	buf_addz(out,
		"// Printed by `lingxi print ts` from the tables of src/model; not edited by "
		"hand.\n\n");
	for (size_t i = 0; i < resources_n; i++)
		ts_interface(out, resources[i]);
	buf_addz(out, "export interface Resources {\n");
	for (size_t i = 0; i < resources_n; i++) {
		buf_printf(out, "  %s: ", resources[i]->plural);
		add_camel(out, resources[i]->name);
		buf_addz(out, ";\n");
	}
	buf_addz(out, "}\n");
}

/* Which rights there are for the records and with which scopes they can be granted. */
static void md_scopes(struct buf *out, unsigned scopes)
{
	const char *join = " (";
	if (scopes == SCOPE_ALL)
		return;
	for (size_t i = 0; scope_choices[i].value; i++) {
		if (!(scopes & 1u << i))
			continue;
		buf_printf(out, "%s%s", join, scope_choices[i].value);
		join = " ";
	}
	buf_addc(out, ')');
}

static void md_rights(struct buf *out, const struct resource *res)
{
	const char *join = "Rights: ";
	char name[96];
	size_t n = strlen(res->name);
	for (int right = 0; right < rights_max(); right++) {
		if (!right_name(right, name, sizeof(name)) || strncmp(name, res->name, n) != 0 ||
			name[n] != '.')
			continue;
		buf_printf(out, "%s`%s`", join, name);
		join = ", ";
		md_scopes(out, right_scopes(right));
	}
	buf_addz(out, res->can & RES_OPEN ? ". Everybody who is signed in reads.\n" : ".\n");
}

static void md_limits(struct buf *out, const struct field *f)
{
	char low[32], high[32];
	int digits = f->type == FT_NUM ? f->digits : 0;
	decimal_to_text(f->min, digits, low, sizeof(low));
	decimal_to_text(f->max, digits, high, sizeof(high));
	buf_printf(out, ", %s–%s", low, high);
}

static void md_field(struct buf *out, const struct field *f, const char *prefix)
{
	buf_printf(out, "| `%s%s` | %s", prefix, f->name, field_kind(f)->name);
	if (f->ref)
		buf_printf(out, " → %s", resource_of_name(f->ref)->plural);
	for (const struct choice *c = f->choices; c && c->value; c++)
		buf_printf(out, "%s %s", c == f->choices ? ":" : ",", c->value);
	if (f->min || f->max)
		md_limits(out, f);
	else if (f->type == FT_NUM)
		buf_printf(out, ", %d digits behind the point", f->digits);
	buf_printf(out, " | %s%s%s | %s, %s |\n", f->flags & F_REQUIRED ? "required " : "",
		f->flags & F_READONLY              ? "read-only "
			: f->flags & F_CREATE_ONLY ? "set once "
						   : "",
		f->flags & F_UNIQUE ? "unique" : "", f->label.en, f->label.zh);
	for (size_t i = 0; f->child && i < f->child->n_fields; i++) {
		CLEANUP(mem_freep) char *below = mem_printf("%s[].", f->name);
		md_field(out, &f->child->fields[i], below);
	}
}

void model_print_md(struct buf *out)
{
	for (size_t i = 0; i < resources_n; i++) {
		const struct resource *res = resources[i];
		buf_printf(out, "\n## %s: `/api/v1/%s`\n\n", res->labels.en, res->plural);
		md_rights(out, res);
		buf_addz(out, "\n| field | type | rule | label |\n| --- | --- | --- | --- |\n");
		for (size_t k = 0; k < res->n_fields; k++)
			md_field(out, &res->fields[k], "");
		if (res->can & RES_CUSTOM)
			buf_addz(out,
				"\nBeside these every record has the custom fields of this centre, each as "
				"`" CUSTOM_PREFIX "` and its name (`custom_fields`): `/api/v1/meta` "
				"describes them as it does all others, with"
				" `\"custom\": true`.\n");
	}
}
