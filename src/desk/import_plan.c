/* What a person said about the table that he sent, read from the body of a request or from the import's
 * record. */
#include "desk/imports.h"

#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OFFSET_MAX_MIN (14 * 60)

static const char *const choices[IMPORT_CHOICE__MAX] = { "skip", "update", "create" };

enum import_choice import_choice_of(const char *name)
{
	int i = 0;
	while (i < IMPORT_CHOICE__MAX && strcmp(choices[i], name) != 0)
		i++;
	return (enum import_choice)i;
}

/* Lists and texts of languages take several columns, all others one. */
static bool is_twice(const struct import_plan *plan, const struct intake_column *column)
{
	for (size_t i = 0; i < plan->n_columns; i++) {
		const struct intake_column *other = &plan->columns[i];
		if (other->field == column->field && other->language == column->language)
			return column->field->type != FT_LIST;
	}
	return false;
}

static int read_column(struct import_plan *plan, size_t i, const json_t *name, struct faults *faults)
{
	struct intake_column column = { .field = NULL };
	char path[32];
	snprintf(path, sizeof(path), "columns[%zu]", i);
	if (json_is_string(name) && json_string_length(name) > 0) {
		if (intake_column(plan->res, json_string_value(name), &column))
			return faults_add(faults, "unknown", path, "there is no such field to be imported");
		if (is_twice(plan, &column))
			return faults_add(faults, "taken", path, "two columns cannot be the same field");
	} else if (!json_is_null(name) && !json_is_string(name)) {
		return faults_add(faults, "type", path, "must be the name of a field, or null");
	}
	plan->columns[plan->n_columns++] = column;
	return 0;
}

static int read_columns(struct import_plan *plan, const json_t *columns, struct faults *faults)
{
	size_t i, mapped = 0;
	json_t *name;
	int err = 0;
	if (!json_is_array(columns) || json_array_size(columns) > SHEET_COLUMNS_MAX)
		return faults_add(faults, "type", "columns", "must be a list of names of fields");
	json_array_foreach ((json_t *)columns, i, name)
		if (!err)
			err = read_column(plan, i, name, faults);
	for (i = 0; i < plan->n_columns; i++)
		mapped += plan->columns[i].field != NULL;
	if (!err && !mapped)
		err = faults_add(faults, "required", "columns", "at least one column must be a field");
	return err;
}

static bool is_mapped(const struct import_plan *plan, const struct field *f)
{
	for (size_t i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].field == f)
			return true;
	return false;
}

static bool is_named(const json_t *names, const char *name)
{
	size_t i;
	json_t *one;
	json_array_foreach ((json_t *)names, i, one)
		if (json_is_string(one) && strcmp(json_string_value(one), name) == 0)
			return true;
	return false;
}

/* Those that are named, or all that have a column. */
static int read_keys(struct import_plan *plan, const json_t *names, struct faults *faults)
{
	struct match_key all[MATCH_KEYS_MAX];
	size_t n = match_keys(plan->res, all);
	bool given = names && !json_is_null(names);
	if (given && !json_is_array(names))
		return faults_add(faults, "type", "keys", "must be a list of names of fields");
	for (size_t i = 0; i < n; i++)
		if (is_mapped(plan, all[i].field) && (!given || is_named(names, all[i].field->name)))
			plan->keys[plan->n_keys++] = all[i];
	if (given && plan->n_keys != json_array_size(names))
		return faults_add(faults, "choice", "keys", "must be mapped fields that tell records apart");
	return 0;
}

static int read_words(struct import_plan *plan, const json_t *json, struct faults *faults)
{
	const char *encoding = js_str(json, "encoding", ""), *delimiter = js_str(json, "delimiter", "");
	const char *language = js_str(json, "lang", "zh-CN");
	int64_t sheet = js_int(json, "sheet", 0), offset = js_int(json, "offset_min", 0);
	plan->encoding = *encoding ? sheet_encoding_from_string(encoding) : SHEET_ENCODING_FOUND;
	if (plan->encoding == SHEET_ENCODING__MAX)
		return faults_add(
			faults, "choice", "encoding", "must be utf-8, utf-16le, utf-16be or gb18030");
	if (strlen(delimiter) > 1 || (*delimiter && !strchr(",;\t|", *delimiter)))
		return faults_add(
			faults, "choice", "delimiter", "must be a comma, a semicolon, a tab or a bar");
	if (sheet < 0 || sheet >= SHEET_SHEETS_MAX)
		return faults_add(faults, "range", "sheet", "must be between 0 and %d", SHEET_SHEETS_MAX - 1);
	if (offset < -OFFSET_MAX_MIN || offset > OFFSET_MAX_MIN)
		return faults_add(
			faults, "range", "offset_min", "must be minutes, at most %d", OFFSET_MAX_MIN);
	plan->delimiter = *delimiter;
	plan->sheet = (unsigned)sheet;
	plan->offset_min = (int)offset;
	plan->head = js_bool(json, "head", true);
	plan->language = strncmp(language, "zh", 2) == 0 ? "zh-CN" : "en";
	return 0;
}

int import_plan_read(
	const struct resource *res, const json_t *json, struct import_plan *ret_plan, struct faults *faults)
{
	*ret_plan = (struct import_plan){ .res = res };
	int err = read_words(ret_plan, json, faults);
	if (!err)
		err = read_columns(ret_plan, json_object_get(json, "columns"), faults);
	if (!err)
		err = read_keys(ret_plan, json_object_get(json, "keys"), faults);
	ret_plan->duplicates = import_choice_of(js_str(json, "duplicates", "skip"));
	if (!err && ret_plan->duplicates == IMPORT_CHOICE__MAX)
		err = faults_add(faults, "choice", "duplicates", "must be skip, update or create");
	return err;
}

static json_t *parsed(struct rows *rows, int column)
{
	json_t *value = NULL;
	struct str text = rows_str(rows, column);
	return text.p && js_parse(text, text.n, &value, NULL) == 0 ? value : NULL;
}

int import_read(struct db *db, const struct catalogue *catalogue, struct arena *arena, int64_t id,
	struct import_row *ret_row)
{
	struct rows *rows;
	bool found = false;
	int err = db_query(db,
		"SELECT resource, phase, file_name, owner, coalesce(at_row, 0), coalesce(total, 0), "
		"coalesce(job, 0),"
		" plan, counts FROM import WHERE id = $1",
		ARGS(V_INT(id)), &rows);
	*ret_row = (struct import_row){ .id = id };
	if (err)
		return err;
	if (rows_next(rows)) {
		const char *resource = arena_strndup(arena, rows_str(rows, 0));
		ret_row->res = resource ? catalogue_of_name(catalogue, resource) : NULL;
		ret_row->phase = arena_strndup(arena, rows_str(rows, 1));
		ret_row->file_name = arena_strndup(arena, rows_str(rows, 2));
		ret_row->owner = rows_int(rows, 3);
		ret_row->at_row = rows_int(rows, 4);
		ret_row->total = rows_int(rows, 5);
		ret_row->job = rows_int(rows, 6);
		ret_row->plan = parsed(rows, 7);
		ret_row->counts = parsed(rows, 8);
		found = ret_row->res != NULL;
	}
	err = rows_end(rows);
	if (!err && !found)
		err = -E_NOT_FOUND;
	if (err)
		import_done(ret_row);
	return err;
}

void import_done(struct import_row *row)
{
	json_decref(row->plan);
	json_decref(row->counts);
	row->plan = row->counts = NULL;
}

int import_open(struct desk *desk, const struct import_row *row, const struct import_plan *plan, int *ret_fd,
	struct sheet_reader **ret_reader, struct fault *reterr_)
{
	CLEANUP(mem_freep) char *path = import_path(desk, row->id, "upload");
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*ret_fd < 0)
		return fault_set(
			reterr_, "file_gone", "file", "the file is not kept any more: send it again");
	const struct sheet_reader_opts opts = {
		.fd = *ret_fd,
		.temp_dir = desk->options->data_dir,
		.encoding = plan->encoding,
		.delimiter = plan->delimiter,
		.sheet = plan->sheet,
	};
	int err = sheet_reader_open(&opts, ret_reader, reterr_);
	if (err)
		close(*ret_fd);
	return err;
}
