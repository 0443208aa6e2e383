/* The descriptors as TypeScript, Markdown and CSV. */
#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"
#include "model/field.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* "agent_skill" as AgentSkill. */
static void add_camel(struct buf *out, const char *name)
{
	bool upper = true;
	for (; *name; name++) {
		if (*name != '_')
			buf_addc(out,
				upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name);
		upper = *name == '_';
	}
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
		if (f->type == FT_REF)
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
	buf_addz(out, "}\n\n");
}

void model_print_ts(struct buf *out)
{
	buf_addz(
		out, "// Printed by `lingxi print ts` from the tables of src/model; not edited by hand.\n\n");
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

static void md_rights(struct buf *out, unsigned roles)
{
	const char *join = "";
	for (unsigned role = ROLE_ADMIN; role <= ROLE_AGENT; role <<= 1)
		if (roles & role) {
			buf_printf(out, "%s%s", join, role_name((enum role)role));
			join = ", ";
		}
	if (!roles)
		buf_addz(out, "nobody");
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
		buf_printf(out, "\n## %s: `/api/v1/%s`\n\nRead: ", res->labels.en, res->plural);
		md_rights(out, res->read);
		buf_addz(out, ". Create: ");
		md_rights(out, res->create);
		buf_addz(out, ". Change: ");
		md_rights(out, res->update);
		buf_addz(out, ". Delete: ");
		md_rights(out, res->remove);
		buf_addz(out, ".\n\n| field | type | rule | label |\n| --- | --- | --- | --- |\n");
		for (size_t k = 0; k < res->n_fields; k++)
			md_field(out, &res->fields[k], "");
	}
}

/* Quotes when needed; a leading = + - @ gets an apostrophe, for spreadsheets would run it. A plain number
 * stays. */
static void csv_text(struct buf *out, const char *text)
{
	bool number = *text && strspn(text, "+-0123456789. ") == strlen(text);
	bool guard = *text && strchr("=+-@\t\r", *text) && !number;
	buf_addc(out, '"');
	if (guard)
		buf_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_addc(out, '"');
		buf_addc(out, *text);
	}
	buf_addc(out, '"');
}

/* The clock of the reader, in a form that spreadsheets take for a time. */
static void csv_time(struct buf *out, const char *text, const struct csv_style *style)
{
	char local[32];
	int64_t ms;
	if (time_from_text(str_from(text), &ms))
		return;
	clock_format_utc(ms + style->offset_min * INT64_C(60000), local, sizeof(local));
	buf_printf(out, "\"%.10s %.8s\"", local, local + 11);
}

/* A choice by its label, or NULL. */
static const char *csv_choice(const struct field *f, const char *value, const struct csv_style *style)
{
	for (const struct choice *c = f->choices; c && c->value && value; c++)
		if (strcmp(c->value, value) == 0)
			return style->chinese ? c->label.zh : c->label.en;
	return NULL;
}

/* All chosen, by their labels. */
static void csv_choices(
	struct buf *out, const struct field *f, const json_t *value, const struct csv_style *style)
{
	struct buf text;
	size_t i;
	json_t *item;
	buf_init(&text, (size_t)1 << 16);
	json_array_foreach ((json_t *)value, i, item) {
		const char *label = csv_choice(f, json_string_value(item), style);
		buf_printf(&text, "%s%s", i ? ", " : "", label ? label : json_string_value(item));
	}
	csv_text(out, text.p ? text.p : "");
	buf_done(&text);
}

/* Text of two languages as the reader reads it, or the other. */
static void csv_i18n(struct buf *out, const json_t *value, const struct csv_style *style)
{
	const char *zh = js_str(value, "zh-CN", NULL), *en = js_str(value, "en", NULL);
	const char *text = style->chinese ? (zh ? zh : en) : (en ? en : zh);
	csv_text(out, text ? text : "");
}

/* What is no text of its own. */
static void csv_figure(
	struct buf *out, const struct field *f, const json_t *value, const struct csv_style *style)
{
	char decimal[32];
	if (f->type == FT_MS && json_is_integer(value)) {
		buf_printf(out, "%.3f", (double)json_integer_value(value) / 1000);
	} else if (f->type == FT_MONEY && json_is_integer(value)) {
		decimal_to_text(json_integer_value(value), style->money_digits, decimal, sizeof(decimal));
		buf_addz(out, decimal);
	} else if (f->type == FT_CHOICES) {
		csv_choices(out, f, value, style);
	} else if (f->type == FT_I18N) {
		csv_i18n(out, value, style);
	} else {
		CLEANUP(mem_freep) char *printed = js_print(value);
		csv_text(out, printed);
	}
}

static void csv_value(
	struct buf *out, const struct field *f, const json_t *record, const struct csv_style *style)
{
	const json_t *value = json_object_get(record, f->name);
	CLEANUP(mem_freep) char *name = f->type == FT_REF ? mem_printf("%s_name", f->name) : NULL;
	if (name && json_is_string(json_object_get(record, name)))
		value = json_object_get(record, name);
	const char *text = json_string_value(value), *choice = csv_choice(f, text, style);
	if (text && f->type == FT_TIME) {
		csv_time(out, text, style);
	} else if (text) {
		csv_text(out, choice ? choice : text);
	} else if (value && !json_is_null(value)) {
		csv_figure(out, f, value, style);
	}
}

/* Times name their zone, spans their unit. */
static void csv_label(struct buf *out, const struct field *f, const struct csv_style *style)
{
	const char *label = style->chinese ? f->label.zh : f->label.en;
	int minutes = abs(style->offset_min);
	CLEANUP(mem_freep) char *text = NULL;
	if (f->type == FT_MS)
		text = mem_printf("%s (%s)", label, style->chinese ? "秒" : "s");
	else if (f->type == FT_MONEY && style->currency)
		text = mem_printf("%s (%s)", label, style->currency);
	else if (f->type == FT_TIME && minutes)
		text = mem_printf("%s (UTC%c%02d:%02d)", label, style->offset_min < 0 ? '-' : '+',
			minutes / 60, minutes % 60);
	else
		text = mem_printf("%s%s", label, f->type == FT_TIME ? " (UTC)" : "");
	csv_text(out, text);
}

/* The base fields but the version, then the resource's own; NULL behind the last. */
static const struct field *csv_field(const struct resource *res, size_t i)
{
	static const char *const first[] = { "created", "updated" };
	if (i < ARRAY_LEN(first))
		return resource_field(res, str_from(first[i]));
	i -= ARRAY_LEN(first);
	return i < res->n_fields ? &res->fields[i] : NULL;
}

void model_csv_head(const struct resource *res, const struct csv_style *style, struct buf *out)
{
	const struct field *f;
	buf_addz(out, "\xef\xbb\xbf\"id\"");
	for (size_t i = 0; (f = csv_field(res, i)); i++)
		if (f->type != FT_SECRET) {
			buf_addc(out, ',');
			csv_label(out, f, style);
		}
	buf_addz(out, "\r\n");
}

void model_csv_rows(
	const struct resource *res, const json_t *page, const struct csv_style *style, struct buf *out)
{
	size_t k;
	json_t *record;
	const struct field *f;
	json_array_foreach (json_object_get(page, "items"), k, record) {
		csv_text(out, js_str(record, "id", ""));
		for (size_t i = 0; (f = csv_field(res, i)); i++)
			if (f->type != FT_SECRET) {
				buf_addc(out, ',');
				csv_value(out, f, record, style);
			}
		buf_addz(out, "\r\n");
	}
}
