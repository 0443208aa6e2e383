/* A workbook read as it comes: which sheets there are and where (by the relations of its parts, not by their
 * names), which formats mean dates, the texts that cells share, then one sheet row by row. A row's end pauses
 * the parser, so that no more than one row is in memory. */
#include "sheet/number.h"
#include "sheet/spill.h"
#include "sheet/xml.h"

#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNPACKED_MAX ((uint64_t)2 << 30)
#define ENTRIES_MAX 4096
#define PART_SIZE 512
#define STYLES_MAX 65536
#define FORMATS_MAX 4096
#define WORKBOOK_PART "xl/workbook.xml"

enum place { PLACE_NONE, PLACE_CELL, PLACE_TEXT, PLACE_SKIPPED };

struct relation {
	char id[64], part[PART_SIZE];
};

struct xlsx {
	struct sheet_reader *r;
	struct xml_package package;
	char workbook[PART_SIZE], strings[PART_SIZE], styles_part[PART_SIZE];
	const char *base; /* folder of the part whose relations are read */
	char ids[SHEET_SHEETS_MAX][64];
	struct relation relations[SHEET_SHEETS_MAX + 32];
	size_t n_relations;
	bool from_1904;
	/* styles */
	unsigned char *styles; /* enum number_style of each cell format */
	size_t n_styles;
	struct {
		unsigned id;
		enum number_style style;
	} formats[FORMATS_MAX];
	size_t n_formats;
	bool in_cell_formats;
	/* shared strings, and the sheet */
	struct spill *spill;
	struct xml *sheet;
	enum place place;
	unsigned skipped; /* depth within what is passed over */
	bool in_item;
	struct buf text;
	int64_t row;
	size_t column, next_column;
	char type[16];
	unsigned style;
	bool row_ended;
};

static struct xlsx *of(void *arg)
{
	return arg;
}

static void no_text(void *arg, const char *p, size_t n)
{
	(void)arg;
	(void)p;
	(void)n;
}

static void no_end(void *arg, struct xml *xml, const char *name)
{
	(void)arg;
	(void)xml;
	(void)name;
}

/* Parses a whole part; one that is not there is passed over. */
static int read_part(struct xlsx *x, const char *part, const struct xml_handlers *handlers)
{
	struct xml *xml = NULL;
	int err = xml_open(&x->package, part, handlers, x, &xml);
	if (err)
		return err == -E_NOT_FOUND ? 0 : err;
	err = xml_run(xml);
	xml_close(xml);
	return err;
}

/* The part that a target means from its folder; "" for what is outside of the package or tries to be. */
static void resolve(const char *base, const char *target, char dst[PART_SIZE])
{
	const char *name = *target == '/' ? target + 1 : target;
	if (strncmp(name, "./", 2) == 0)
		name += 2;
	if (strstr(name, "..") || strchr(name, '\\') || strchr(name, ':'))
		name = "";
	int n = *target == '/' || !*name ? snprintf(dst, PART_SIZE, "%s", name)
					 : snprintf(dst, PART_SIZE, "%s%s", base, name);
	if (n < 0 || n >= PART_SIZE)
		dst[0] = '\0';
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

static void on_relation(void *arg, struct xml *xml, const char *name, const char **attributes)
{
	struct xlsx *x = of(arg);
	const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target"),
		   *mode = xml_attribute(attributes, "TargetMode");
	char part[PART_SIZE];
	(void)xml;
	if (strcmp(name, "Relationship") != 0 || !id || !type || !target ||
		(mode && strcmp(mode, "External") == 0))
		return;
	resolve(x->base, target, part);
	if (ends_with(type, "/officeDocument"))
		memcpy(x->workbook, part, PART_SIZE);
	else if (ends_with(type, "/sharedStrings"))
		memcpy(x->strings, part, PART_SIZE);
	else if (ends_with(type, "/styles"))
		memcpy(x->styles_part, part, PART_SIZE);
	else if (ends_with(type, "/worksheet") && x->n_relations < ARRAY_LEN(x->relations) &&
		strlen(id) < 64) {
		struct relation *relation = &x->relations[x->n_relations++];
		snprintf(relation->id, sizeof(relation->id), "%s", id);
		memcpy(relation->part, part, PART_SIZE);
	}
}

static const struct xml_handlers relation_handlers = { on_relation, no_end, no_text };

static const char *part_of(const struct xlsx *x, const char *id)
{
	for (size_t i = 0; i < x->n_relations; i++)
		if (strcmp(x->relations[i].id, id) == 0)
			return x->relations[i].part;
	return NULL;
}

/* Charts and dialogs have tabs too, but no cells. */
static void on_workbook(void *arg, struct xml *xml, const char *name, const char **attributes)
{
	struct xlsx *x = of(arg);
	struct sheet_info *info = &x->r->info;
	(void)xml;
	if (strcmp(name, "workbookPr") == 0) {
		const char *value = xml_attribute(attributes, "date1904");
		x->from_1904 = value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
	} else if (strcmp(name, "sheet") == 0) {
		const char *id = xml_attribute_prefixed(attributes, "id"),
			   *label = xml_attribute(attributes, "name");
		if (!id || !label || !part_of(x, id) || info->n_sheets >= SHEET_SHEETS_MAX ||
			strlen(id) >= 64)
			return;
		snprintf(x->ids[info->n_sheets], 64, "%s", id);
		struct str cut = str_from(label);
		while (str_copy(cut, info->sheets[info->n_sheets], SHEET_NAME_SIZE) || !str_is_utf8(cut))
			cut.n--;
		info->n_sheets++;
	}
}

static const struct xml_handlers workbook_handlers = { on_workbook, no_end, no_text };

/* Styles: a cell names one of the cellXfs, that names a number format, and that may be one of the workbook's
 * own. */

static unsigned number_attribute(const char **attributes, const char *name, unsigned max)
{
	const char *text = xml_attribute(attributes, name);
	uint32_t n = 0;
	return text && str_to_u32(str_from(text), max, &n) == 0 ? n : 0;
}

static void add_style(struct xlsx *x, unsigned format)
{
	enum number_style style = number_style_of_id(format);
	for (size_t i = 0; i < x->n_formats; i++)
		if (x->formats[i].id == format)
			style = x->formats[i].style;
	if (!x->styles)
		x->styles = mem_array(STYLES_MAX, 1);
	if (x->n_styles < STYLES_MAX)
		x->styles[x->n_styles++] = (unsigned char)style;
}

static void on_style(void *arg, struct xml *xml, const char *name, const char **attributes)
{
	struct xlsx *x = of(arg);
	(void)xml;
	if (strcmp(name, "cellXfs") == 0) {
		x->in_cell_formats = true;
	} else if (strcmp(name, "xf") == 0 && x->in_cell_formats) {
		add_style(x, number_attribute(attributes, "numFmtId", UINT16_MAX));
	} else if (strcmp(name, "numFmt") == 0 && x->n_formats < FORMATS_MAX) {
		const char *code = xml_attribute(attributes, "formatCode");
		x->formats[x->n_formats].id = number_attribute(attributes, "numFmtId", UINT16_MAX);
		x->formats[x->n_formats++].style = number_style_of_code(code ? code : "");
	}
}

static void on_style_end(void *arg, struct xml *xml, const char *name)
{
	(void)xml;
	if (strcmp(name, "cellXfs") == 0)
		of(arg)->in_cell_formats = false;
}

static const struct xml_handlers style_handlers = { on_style, on_style_end, no_text };

/* Text: of <t> alone, and not of the reading aids (<rPh>) that stand beside it. */

static void on_text(void *arg, const char *p, size_t n)
{
	struct xlsx *x = of(arg);
	if (x->place != PLACE_TEXT)
		return;
	buf_add(&x->text, p, n);
	if (buf_err(&x->text))
		(void)row_fail(
			x->r, "file_cell", "has a cell of more than %zu kB", SHEET_CELL_MAX_BYTES / 1024);
}

/* "_x000D_" is how a workbook writes a character that XML cannot. */
static bool is_escape(const char *p, size_t n, char *ret_char)
{
	unsigned char bytes[2];
	if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_' ||
		str_unhex((struct str){ p + 2, 4 }, bytes, sizeof(bytes)) || bytes[0] || bytes[1] >= 0x80)
		return false;
	*ret_char = (char)bytes[1];
	return true;
}

static struct str unescaped(struct buf *text)
{
	size_t n = 0;
	for (size_t i = 0; i < text->n; n++) {
		bool escape = is_escape(text->p + i, text->n - i, &text->p[n]);
		if (!escape)
			text->p[n] = text->p[i];
		i += escape ? 7 : 1;
	}
	return (struct str){ text->p ? text->p : "", n };
}

static bool skip_start(struct xlsx *x, const char *name)
{
	if (x->skipped || strcmp(name, "rPh") == 0)
		x->skipped++;
	return x->skipped > 0;
}

static void on_string(void *arg, struct xml *xml, const char *name, const char **attributes)
{
	struct xlsx *x = of(arg);
	(void)xml;
	(void)attributes;
	if (skip_start(x, name))
		return;
	if (strcmp(name, "si") == 0) {
		x->in_item = true;
		buf_reset(&x->text);
	} else if (strcmp(name, "t") == 0 && x->in_item) {
		x->place = PLACE_TEXT;
	}
}

static void on_string_end(void *arg, struct xml *xml, const char *name)
{
	struct xlsx *x = of(arg);
	(void)xml;
	if (x->skipped) {
		x->skipped--;
		return;
	}
	x->place = PLACE_NONE;
	if (strcmp(name, "si") == 0) {
		int err = spill_add(x->spill, unescaped(&x->text));
		x->in_item = false;
		if (err && !x->r->err)
			x->r->err = err;
	}
}

static const struct xml_handlers string_handlers = { on_string, on_string_end, on_text };

/* The sheet. */

/* "BC7" is column 54; -1 when it is no such name. */
static int64_t column_of(const char *name)
{
	int64_t column = 0;
	for (; *name >= 'A' && *name <= 'Z' && column < 1000000; name++)
		column = column * 26 + (*name - 'A') + 1;
	return column - 1;
}

static void cell_start(struct xlsx *x, const char **attributes)
{
	const char *name = xml_attribute(attributes, "r"), *type = xml_attribute(attributes, "t");
	int64_t column = name ? column_of(name) : -1;
	x->column = column >= 0 ? (size_t)column : x->next_column;
	x->next_column = x->column + 1;
	snprintf(x->type, sizeof(x->type), "%s", type ? type : "n");
	x->style = number_attribute(attributes, "s", STYLES_MAX);
	buf_reset(&x->text);
}

static void on_cell(void *arg, struct xml *xml, const char *name, const char **attributes)
{
	struct xlsx *x = of(arg);
	(void)xml;
	if (skip_start(x, name))
		return;
	if (strcmp(name, "row") == 0) {
		unsigned row = number_attribute(attributes, "r", 1048576);
		x->row = row > x->row ? row : x->row + 1;
		x->next_column = 0;
		row_begin(x->r);
	} else if (strcmp(name, "c") == 0) {
		cell_start(x, attributes);
	} else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
		x->place = PLACE_TEXT;
	}
}

static void set_shared(struct xlsx *x, struct str raw)
{
	uint64_t n;
	struct str text;
	if (str_to_u64(str_trim(raw), UINT32_MAX, &n) || !x->spill || !spill_get(x->spill, n, &text))
		(void)row_fail(x->r, "file_broken", "has a cell in row %lld whose text is missing",
			(long long)x->row);
	else
		row_set_direct(x->r, x->column, text);
}

static void set_number(struct xlsx *x, struct str raw)
{
	char text[NUMBER_SIZE];
	unsigned flags = 0;
	enum number_style style =
		x->style < x->n_styles ? (enum number_style)x->styles[x->style] : NUMBER_PLAIN;
	raw = str_trim(raw);
	if (style != NUMBER_PLAIN && number_to_date(raw, style, x->from_1904, text))
		row_set(x->r, x->column, style == NUMBER_DATE ? CELL_TIME : CELL_TEXT, 0, str_from(text));
	else if (number_to_text(raw, text, &flags))
		row_set(x->r, x->column, CELL_NUMBER, flags, str_from(text));
	else
		row_set(x->r, x->column, CELL_TEXT, 0, raw);
}

static void set_bool(struct xlsx *x, struct str raw)
{
	row_set(x->r, x->column, CELL_BOOL, 0, str_eqz(str_trim(raw), "0") ? STR("FALSE") : STR("TRUE"));
}

static void set_error(struct xlsx *x, struct str raw)
{
	row_set(x->r, x->column, CELL_ERROR, 0, raw);
}

static void set_day(struct xlsx *x, struct str raw)
{
	row_set(x->r, x->column, CELL_TIME, 0, raw);
}

static void set_text(struct xlsx *x, struct str raw)
{
	(void)raw;
	row_set(x->r, x->column, CELL_TEXT, 0, unescaped(&x->text));
}

/* By its type; one that nobody knows is text. */
static void set_cell(struct xlsx *x)
{
	static const struct {
		const char *type;
		void (*set)(struct xlsx *x, struct str raw);
	} types[] = { { "n", set_number }, { "s", set_shared }, { "b", set_bool }, { "e", set_error },
		{ "d", set_day } };
	struct str raw = buf_str(&x->text);
	void (*set)(struct xlsx *, struct str) = set_text;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].type, x->type) == 0)
			set = types[i].set;
	if (raw.n)
		set(x, raw);
}

static void on_cell_end(void *arg, struct xml *xml, const char *name)
{
	struct xlsx *x = of(arg);
	if (x->skipped) {
		x->skipped--;
		return;
	}
	x->place = PLACE_NONE;
	if (strcmp(name, "c") == 0) {
		set_cell(x);
	} else if (strcmp(name, "row") == 0) {
		x->row_ended = true;
		xml_pause(xml);
	}
}

static const struct xml_handlers sheet_handlers = { on_cell, on_cell_end, on_text };

bool xlsx_next(struct sheet_reader *r, struct sheet_row *ret_row)
{
	struct xlsx *x = r->xlsx;
	for (;;) {
		int err = xml_run(x->sheet);
		if (err && err != -E_AGAIN && !r->err)
			r->err = err;
		if (r->err || !x->row_ended)
			return false;
		x->row_ended = false;
		if (row_end(r, x->row, ret_row))
			return true;
	}
}

static int open_zip(struct xlsx *x)
{
	int error = 0;
	int fd = dup(x->r->opts.fd);
	if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0) {
		if (fd >= 0)
			close(fd);
		return -E_IO;
	}
	x->package.zip = zip_fdopen(fd, 0, &error);
	if (!x->package.zip) {
		close(fd);
		(void)row_fail(
			x->r, "file_broken", "is no whole workbook: its table of contents does not add up");
	} else if (zip_get_num_entries(x->package.zip, 0) > ENTRIES_MAX) {
		(void)row_fail(x->r, "file_large", "has more than %d parts", ENTRIES_MAX);
	}
	return x->r->err;
}

/* "xl/workbook.xml": its folder "xl/" and its relations "xl/_rels/workbook.xml.rels". */
static void split(const char *part, char folder[PART_SIZE], char relations[3 * PART_SIZE])
{
	const char *slash = strrchr(part, '/');
	int n = slash ? (int)(slash - part) + 1 : 0;
	snprintf(folder, PART_SIZE, "%.*s", n, part);
	snprintf(relations, 3 * PART_SIZE, "%s_rels/%s.rels", folder, part + n);
}

static int read_strings(struct xlsx *x)
{
	if (!x->strings[0])
		return 0;
	int err = spill_new(x->r->opts.temp_dir, &x->spill);
	if (!err)
		err = read_part(x, x->strings, &string_handlers);
	return err ? err : spill_done(x->spill);
}

static int read_outline(struct xlsx *x)
{
	char folder[PART_SIZE], relations[3 * PART_SIZE];
	x->base = "";
	snprintf(x->workbook, PART_SIZE, WORKBOOK_PART);
	int err = read_part(x, "_rels/.rels", &relation_handlers);
	split(x->workbook, folder, relations);
	x->base = folder;
	if (!err)
		err = read_part(x, relations, &relation_handlers);
	x->base = "";
	if (!err)
		err = read_part(x, x->workbook, &workbook_handlers);
	if (!err && x->r->info.n_sheets == 0)
		(void)row_fail(x->r, "file_kind", "is a ZIP file, but no workbook with sheets");
	return err ? err : x->r->err;
}

static int open_sheet(struct xlsx *x)
{
	unsigned n = x->r->opts.sheet;
	if (n >= x->r->info.n_sheets) {
		(void)row_fail(x->r, "sheet", "has no sheet %u", n + 1);
		return x->r->err;
	}
	int err = xml_open(&x->package, part_of(x, x->ids[n]), &sheet_handlers, x, &x->sheet);
	if (err == -E_NOT_FOUND)
		(void)row_fail(x->r, "file_broken", "names a sheet that it does not have");
	return x->r->err ? x->r->err : err;
}

int xlsx_open(struct sheet_reader *r)
{
	struct xlsx *x = mem_alloc(sizeof(*x));
	r->xlsx = x;
	r->info.format = SHEET_XLSX;
	x->r = x->package.reader = r;
	x->package.unpacked_max = r->opts.unpacked_max ? r->opts.unpacked_max : UNPACKED_MAX;
	buf_init(&x->text, SHEET_CELL_MAX_BYTES);
	int err = open_zip(x);
	if (!err)
		err = read_outline(x);
	if (!err && x->styles_part[0])
		err = read_part(x, x->styles_part, &style_handlers);
	if (!err)
		err = read_strings(x);
	return err ? err : open_sheet(x);
}

void xlsx_close(struct sheet_reader *r)
{
	struct xlsx *x = r->xlsx;
	if (!x)
		return;
	xml_close(x->sheet);
	spill_free(x->spill);
	if (x->package.zip)
		zip_discard(x->package.zip);
	buf_done(&x->text);
	free(x->styles);
	free(x);
}
