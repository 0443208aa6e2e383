/* A row becomes a body in three steps: each cell is read by its column's field, cells of one list are put
 * together, and each element remembers its column, so that a later fault can name it. What a spreadsheet has
 * rounded is refused: a number that lost its digits is worse than none. */
#include "model/intake.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/intake_int.h"
#include "model/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGINS_MAX 64

struct intake {
	struct intake_opts opts;
	struct intake_column columns[SHEET_COLUMNS_MAX];
	struct intake_refs refs;
};

struct intake *intake_new(const struct intake_opts *opts)
{
	struct intake *in = mem_alloc(sizeof(*in));
	in->opts = *opts;
	in->opts.n_columns = opts->n_columns < SHEET_COLUMNS_MAX ? opts->n_columns : SHEET_COLUMNS_MAX;
	memcpy(in->columns, opts->columns, in->opts.n_columns * sizeof(*opts->columns));
	in->opts.columns = in->columns;
	in->refs = (struct intake_refs){ .actor = opts->actor, .known = json_object() };
	return in;
}

void *intake_free(struct intake *in)
{
	if (!in)
		return NULL;
	json_decref(in->refs.known);
	free(in);
	return NULL;
}

static void blame(struct intake_faults *faults, int column, const struct fault *fault)
{
	if (faults->n < INTAKE_FAULTS_MAX)
		faults->list[faults->n++] = (struct intake_fault){ column, *fault };
}

/* Between the elements of one cell. */
static size_t separator(struct str s)
{
	static const char *const marks[] = { ";", ",", "\n", "\xef\xbc\x9b", "\xef\xbc\x8c", "\xe3\x80\x81" };
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (str_starts(s, str_from(marks[i])))
			return strlen(marks[i]);
	return 0;
}

static struct str cut_element(struct str *rest)
{
	size_t n = 0;
	while (n < rest->n && !separator(str_sub(*rest, n, rest->n)))
		n++;
	struct str element = str_trim(str_sub(*rest, 0, n));
	size_t skip = n < rest->n ? separator(str_sub(*rest, n, rest->n)) : 0;
	*rest = str_sub(*rest, n + skip, rest->n);
	return element;
}

struct reading {
	struct intake *in;
	struct db *db;
	struct intake_faults *faults;
	int column;
	unsigned flags;
	int err;
};

/* One value of a field, NULL with a fault. */
static json_t *read_value(struct reading *r, const struct field *f, struct str text)
{
	struct fault fault = { .code = "" };
	const struct intake_clock clock = { r->in->opts.offset_min, r->in->opts.money_digits };
	json_t *value = NULL;
	int err = 0;
	if (r->flags & CELL_ROUNDED && f->type != FT_NUM && f->type != FT_INT)
		err = fault_set(&fault, "rounded", f->name,
			"the spreadsheet has rounded this number: its digits are lost");
	else if (f->type == FT_REF)
		err = intake_ref(&r->in->refs, r->db, f, text, &value, &fault);
	else
		err = intake_value(f, text, &clock, &value, &fault);
	if (err == -E_INVALID)
		blame(r->faults, r->column, &fault);
	else if (err)
		r->err = err;
	return err ? NULL : value;
}

/* "booking:5": the fields of an element in their order, separated by colons. */
static json_t *read_element(struct reading *r, const struct child *child, struct str text)
{
	json_t *element = json_object();
	for (size_t i = 0; i < child->n_fields && text.n; i++) {
		bool last = i + 1 == child->n_fields;
		struct str part = str_trim(last ? text : str_cut(&text, ':'));
		json_t *value = part.n ? read_value(r, &child->fields[i], part) : NULL;
		if (value)
			json_object_set_new(element, child->fields[i].name, value);
		if (last)
			break;
	}
	return element;
}

static void read_list(struct reading *r, const struct field *f, struct str text, json_t *body)
{
	json_t *list = json_object_get(body, f->name);
	if (!list) {
		list = json_array();
		json_object_set_new(body, f->name, list);
	}
	while (text.n) {
		struct str element = cut_element(&text);
		if (element.n && json_array_size(list) < ORIGINS_MAX)
			json_array_append_new(list, read_element(r, f->child, element));
	}
}

static void read_choices(struct reading *r, const struct field *f, struct str text, json_t *body)
{
	json_t *list = json_array();
	while (text.n) {
		struct str element = cut_element(&text);
		json_t *value = element.n ? read_value(r, f, element) : NULL;
		if (value)
			json_array_append_new(list, value);
	}
	json_object_set_new(body, f->name, list);
}

static void read_i18n(struct reading *r, const struct intake_column *c, struct str text, json_t *body)
{
	json_t *texts = json_object_get(body, c->field->name);
	const char *language = c->language ? c->language : r->in->opts.language;
	if (!texts) {
		texts = json_object();
		json_object_set_new(body, c->field->name, texts);
	}
	json_object_set_new(texts, language, json_stringn(text.p, text.n));
}

static void read_cell(struct reading *r, const struct intake_column *c, const struct cell *cell, json_t *body)
{
	struct str text = str_trim(cell->text);
	struct fault fault = { .code = "" };
	r->flags = cell->flags;
	if (!text.n)
		return;
	if (cell->kind == CELL_ERROR) {
		(void)fault_set(&fault, "error", c->field->name, "the spreadsheet could not compute this");
		blame(r->faults, r->column, &fault);
	} else if (c->field->type == FT_LIST) {
		read_list(r, c->field, text, body);
	} else if (c->field->type == FT_CHOICES) {
		read_choices(r, c->field, text, body);
	} else if (c->field->type == FT_I18N) {
		read_i18n(r, c, text, body);
	} else {
		json_t *value = read_value(r, c->field, text);
		if (value)
			json_object_set_new(body, c->field->name, value);
	}
}

int intake_body(struct intake *in, struct db *db, const struct sheet_row *row, json_t **ret_body,
	struct intake_faults *faults)
{
	struct reading r = { .in = in, .db = db, .faults = faults };
	json_t *body = json_object();
	faults->n = 0;
	for (size_t i = 0; i < row->n_cells && i < in->opts.n_columns && !r.err; i++) {
		r.column = (int)i;
		if (in->columns[i].field)
			read_cell(&r, &in->columns[i], &row->cells[i], body);
	}
	int err = r.err ? r.err : faults->n ? -E_INVALID : 0;
	if (err)
		json_decref(body);
	else
		*ret_body = body;
	return err;
}

/* The first column of the field that a fault's path begins with: "numbers[1].number" is one of numbers. */
static int column_of(const struct intake *in, const char *path)
{
	size_t n = strcspn(path, "[.");
	for (size_t i = 0; i < in->opts.n_columns; i++) {
		const struct field *f = in->columns[i].field;
		if (f && strlen(f->name) == n && strncmp(f->name, path, n) == 0)
			return (int)i;
	}
	return INTAKE_NO_COLUMN;
}

void intake_blame(const struct intake *in, const struct faults *from, struct intake_faults *faults)
{
	for (size_t i = 0; i < from->n; i++)
		blame(faults, column_of(in, from->list[i].field), &from->list[i]);
}
