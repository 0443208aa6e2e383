/* From records to the cells of a table, in the reader's language and by his clock. What is written here can
 * be read again by an import: choices by their label, references by their title, lists as "booking:5;
 * refunds:3". */
#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"
#include "model/mask.h"
#include "model/field.h"
#include "model/model.h"
#include "text/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX_BYTES ((size_t)256 * 1024)
#define ARENA_MAX_BYTES ((size_t)16 << 20)
#define MINUTE_MS INT64_C(60000)

static bool is_exported(const struct field *f)
{
	return f->type != FT_SECRET;
}

static void add_field(struct export_plan *plan, const struct field *f)
{
	if (plan->n < EXPORT_FIELDS_MAX)
		plan->fields[plan->n++] = f;
}

static void add_all(const struct resource *res, struct export_plan *plan)
{
	static const char *const first[] = { "id", "created", "updated" };
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		add_field(plan, resource_field(res, str_from(first[i])));
	for (size_t i = 0; i < res->n_fields; i++)
		if (is_exported(&res->fields[i]))
			add_field(plan, &res->fields[i]);
}

int model_export_plan(const struct resource *res, const struct export_style *style, const char *names,
	struct export_plan *ret_plan, struct faults *faults)
{
	struct str rest = str_from(names);
	*ret_plan = (struct export_plan){ .style = *style };
	if (str_is_empty(rest))
		add_all(res, ret_plan);
	while (rest.n) {
		struct str name = str_trim(str_cut(&rest, ','));
		const struct field *f = resource_field(res, name);
		if (!f || !is_exported(f))
			return faults_add(faults, "unknown", "fields", "no field \"" STR_FMT "\"",
				STR_ARG(str_sub(name, 0, 40)));
		add_field(ret_plan, f);
	}
	return 0;
}

/* Times name their zone, spans their unit. */
static struct str label_of(struct arena *arena, const struct field *f, const struct export_style *style)
{
	const char *label = style->chinese ? f->label.zh : f->label.en;
	int minutes = abs(style->offset_min);
	const char *text = label;
	if (f->type == FT_MS)
		text = arena_printf(arena, "%s (%s)", label, style->chinese ? "秒" : "s");
	else if (f->type == FT_MONEY && style->currency)
		text = arena_printf(arena, "%s (%s)", label, style->currency);
	else if (f->type == FT_TIME && minutes)
		text = arena_printf(arena, "%s (UTC%c%02d:%02d)", label, style->offset_min < 0 ? '-' : '+',
			minutes / 60, minutes % 60);
	else if (f->type == FT_TIME)
		text = arena_printf(arena, "%s (UTC)", label);
	return str_from(text);
}

int model_export_head(const struct export_plan *plan, struct sheet_writer *out)
{
	struct str labels[EXPORT_FIELDS_MAX];
	struct arena *arena = arena_new(ARENA_MAX_BYTES);
	for (size_t i = 0; i < plan->n; i++)
		labels[i] = label_of(arena, plan->fields[i], &plan->style);
	int err = sheet_write_head(out, labels, plan->n);
	arena_free(arena);
	return err;
}

static struct str choice_of(const struct field *f, const char *value, const struct export_style *style)
{
	for (const struct choice *c = f->choices; c && c->value && value; c++)
		if (strcmp(c->value, value) == 0)
			return str_from(style->chinese ? c->label.zh : c->label.en);
	return str_from(value);
}

static struct cell text_cell(struct str text)
{
	return (struct cell){ .kind = text.n ? CELL_TEXT : CELL_EMPTY, .text = text };
}

static struct cell printed_cell(struct arena *arena, const json_t *value)
{
	CLEANUP(mem_freep) char *text = js_print(value);
	return text_cell(arena_str(arena, str_from(text)));
}

static struct cell time_cell(const char *text, int offset_min, enum cell_kind kind)
{
	int64_t ms;
	if (!text || time_from_text(str_from(text), &ms))
		return (struct cell){ .kind = CELL_EMPTY };
	return (struct cell){ .kind = kind, .value = ms + offset_min * MINUTE_MS };
}

struct source {
	struct arena *arena;
	const struct export_style *style;
};

static struct cell cell_of(const struct source *s, const struct field *f, const json_t *record);

static struct cell joined_cell(const struct source *s, struct buf *text)
{
	struct cell cell = text_cell(buf_err(text) ? STR("…") : arena_str(s->arena, buf_str(text)));
	buf_done(text);
	return cell;
}

static void add_cell(struct buf *text, const struct cell *cell)
{
	char number[32];
	if (cell->kind == CELL_NUMBER) {
		decimal_to_text(cell->value, (int)cell->decimals, number, sizeof(number));
		buf_addz(text, number);
	} else {
		buf_adds(text, cell->text);
	}
}

/* "booking:5; refunds:3": elements as their fields, in the order of the descriptor. */
static struct cell list_cell(const struct source *s, const struct field *f, const json_t *items)
{
	struct buf text;
	size_t i;
	json_t *item;
	buf_init(&text, LIST_MAX_BYTES);
	json_array_foreach ((json_t *)items, i, item) {
		buf_addz(&text, i ? "; " : "");
		for (size_t k = 0; k < f->child->n_fields; k++) {
			struct cell cell = cell_of(s, &f->child->fields[k], item);
			buf_addz(&text, k && cell.kind ? ":" : "");
			add_cell(&text, &cell);
		}
	}
	return joined_cell(s, &text);
}

/* All chosen, by their labels. */
static struct cell choices_cell(const struct source *s, const struct field *f, const json_t *values)
{
	struct buf text;
	size_t i;
	json_t *value;
	buf_init(&text, LIST_MAX_BYTES);
	json_array_foreach ((json_t *)values, i, value) {
		buf_addz(&text, i ? "; " : "");
		buf_adds(&text, choice_of(f, json_string_value(value), s->style));
	}
	return joined_cell(s, &text);
}

/* Text of two languages as the reader reads it, or the other. */
static struct cell i18n_cell(const struct source *s, const json_t *value)
{
	const char *zh = js_str(value, "zh-CN", NULL), *en = js_str(value, "en", NULL);
	return text_cell(str_from(s->style->chinese ? (zh ? zh : en) : (en ? en : zh)));
}

static struct cell number_cell(int64_t units, int digits)
{
	return (struct cell){ .kind = CELL_NUMBER, .value = units, .decimals = (unsigned)digits };
}

static struct cell bool_cell(const struct source *s, bool value)
{
	if (s->style->chinese)
		return text_cell(value ? STR("是") : STR("否"));
	return text_cell(value ? STR("Yes") : STR("No"));
}

/* As it is dialled from here: a table would take +86… for a sum. */
static struct cell phone_cell(const struct source *s, const json_t *value)
{
	char dialled[PHONE_NUMBER];
	const char *number = json_string_value(value);
	if (mask_is(value)) /* what is left of one is no number */
		return text_cell(arena_str(s->arena, str_from(number)));
	phone_dialled(number, dialled);
	return text_cell(arena_str(s->arena, str_from(dialled)));
}

/* A value that is there. */
static struct cell value_cell(const struct source *s, const struct field *f, const json_t *value)
{
	switch (f->type) {
	case FT_TIME:
		return time_cell(json_string_value(value), s->style->offset_min, CELL_TIME);
	case FT_DATE:
		return time_cell(json_string_value(value), 0, CELL_DATE);
	case FT_LIST:
		return list_cell(s, f, value);
	case FT_CHOICES:
		return choices_cell(s, f, value);
	case FT_I18N:
		return i18n_cell(s, value);
	case FT_BOOL:
		return bool_cell(s, json_is_true(value));
	case FT_MS:
		return number_cell(json_integer_value(value), 3);
	case FT_MONEY:
		return number_cell(json_integer_value(value), s->style->money_digits);
	case FT_NUM:
		return number_cell(field_kind(f)->to_sql(f, s->arena, value).i, f->digits);
	case FT_INT:
		return number_cell(json_integer_value(value), 0);
	case FT_PHONE:
		return phone_cell(s, value);
	default:
		return json_is_string(value) ? text_cell(choice_of(f, json_string_value(value), s->style))
					     : printed_cell(s->arena, value);
	}
}

static struct cell cell_of(const struct source *s, const struct field *f, const json_t *record)
{
	const json_t *value = json_object_get(record, f->name);
	char name[80];
	snprintf(name, sizeof(name), "%s_name", f->name);
	if (field_has_name(f) && json_is_string(json_object_get(record, name)))
		value = json_object_get(record, name);
	if (!value || json_is_null(value))
		return (struct cell){ .kind = CELL_EMPTY };
	return value_cell(s, f, value);
}

int model_export_rows(const struct export_plan *plan, const json_t *page, struct sheet_writer *out)
{
	struct cell cells[EXPORT_FIELDS_MAX];
	struct source source = { arena_new(ARENA_MAX_BYTES), &plan->style };
	int err = 0;
	size_t k;
	json_t *record;
	json_array_foreach (json_object_get(page, "items"), k, record) {
		for (size_t i = 0; i < plan->n; i++)
			cells[i] = cell_of(&source, plan->fields[i], record);
		if (!err)
			err = sheet_write_row(out, cells, plan->n);
		arena_reset(source.arena);
	}
	arena_free(source.arena);
	return err;
}
