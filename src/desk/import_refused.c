/* Refused rows stand in a file of JSON lines while the job runs, so that a job taken up again knows which
 * were written for rows that the database has not committed. At the end they become a table of the upload's
 * kind: the same columns, the reason and the number of the row behind them, so that it can be mended and sent
 * again. */
#include "desk/imports.h"

#include "base/buf.h"
#include "base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)8 << 20)
#define REASON_MAX_BYTES 4000

struct refused {
	struct desk *desk;
	int64_t import;
	FILE *file;
};

char *import_path(const struct desk *desk, int64_t import, const char *ending)
{
	return mem_printf("%s/imports/%" PRId64 ".%s", desk->options->data_dir, import, ending);
}

char *refused_path(const struct desk *desk, int64_t import)
{
	return import_path(desk, import, "refused");
}

/* A line of any length without its end; NULL at the end of the file. */
static json_t *next_line(FILE *file, char **line, size_t *size)
{
	json_t *value = NULL;
	ssize_t n = getline(line, size, file);
	if (n <= 0 || (*line)[n - 1] != '\n')
		return NULL;
	return js_parse((struct str){ *line, (size_t)n - 1 }, LINE_MAX_BYTES, &value, NULL) ? NULL : value;
}

/* Cuts off what was written for rows behind at_row. */
static int cut_behind(struct refused *refused, int64_t at_row)
{
	CLEANUP(mem_freep) char *line = NULL;
	size_t size = 0;
	off_t end = 0;
	json_t *row;
	while ((row = next_line(refused->file, &line, &size))) {
		bool kept = js_int(row, "n", 0) <= at_row;
		json_decref(row);
		if (!kept)
			break;
		end = ftello(refused->file);
	}
	if (fseeko(refused->file, end, SEEK_SET) || ftruncate(fileno(refused->file), end))
		return err_from_errno(errno);
	return 0;
}

int refused_open(struct desk *desk, int64_t import, bool keep, int64_t at_row, struct refused **ret_refused)
{
	CLEANUP(mem_freep) char *path = import_path(desk, import, "lines");
	struct refused *refused = mem_alloc(sizeof(*refused));
	*refused = (struct refused){ .desk = desk, .import = import };
	refused->file = keep ? fopen(path, "r+e") : NULL;
	int err = refused->file ? cut_behind(refused, at_row) : 0;
	if (!refused->file)
		refused->file = fopen(path, "w+e");
	if (!refused->file)
		err = err_from_errno(errno);
	if (err)
		refused = refused_drop(refused);
	*ret_refused = refused;
	return err;
}

int refused_add(struct refused *refused, int64_t n, const struct str *cells, size_t n_cells,
	const struct intake_faults *faults)
{
	json_t *texts = json_array(), *reasons = json_array();
	for (size_t i = 0; i < n_cells; i++)
		json_array_append_new(texts, json_stringn(cells[i].p ? cells[i].p : "", cells[i].n));
	for (size_t i = 0; i < faults->n; i++)
		json_array_append_new(reasons,
			json_pack("[i, s, s]", faults->list[i].column, faults->list[i].fault.code,
				faults->list[i].fault.text));
	json_t *row = json_pack("{s:I, s:o, s:o}", "n", (json_int_t)n, "cells", texts, "faults", reasons);
	CLEANUP(mem_freep) char *line = js_print(row);
	json_decref(row);
	return fprintf(refused->file, "%s\n", line) < 0 || fflush(refused->file) ? err_from_errno(errno) : 0;
}

/* "Phone: must be …; Tier: …" */
static struct str reasons_of(struct buf *out, const json_t *faults, const struct import_plan *plan)
{
	size_t i;
	json_t *fault;
	bool chinese = strcmp(plan->language, "zh-CN") == 0;
	buf_reset(out);
	json_array_foreach ((json_t *)faults, i, fault) {
		int64_t column = json_integer_value(json_array_get(fault, 0));
		const struct field *f =
			column >= 0 && (size_t)column < plan->n_columns ? plan->columns[column].field : NULL;
		const char *zh = intake_reason_zh(json_string_value(json_array_get(fault, 1)));
		const char *text = json_string_value(json_array_get(fault, 2));
		buf_addz(out, i ? "; " : "");
		if (f)
			buf_printf(out, "%s: ", chinese ? f->label.zh : f->label.en);
		buf_addz(out, chinese && zh ? zh : text);
	}
	return buf_err(out) ? STR("…") : buf_str(out);
}

static int write_rows(
	struct refused *refused, const struct import_plan *plan, size_t width, struct sheet_writer *out)
{
	CLEANUP(mem_freep) char *line = NULL;
	struct cell *cells = mem_array(width + 2, sizeof(*cells));
	struct buf reason;
	char number[24];
	size_t size = 0;
	json_t *row;
	int err = 0;
	buf_init(&reason, REASON_MAX_BYTES);
	rewind(refused->file);
	while (!err && (row = next_line(refused->file, &line, &size))) {
		const json_t *texts = json_object_get(row, "cells");
		for (size_t i = 0; i < width; i++) {
			struct str text = str_from(json_string_value(json_array_get(texts, i)));
			cells[i] = (struct cell){ .kind = text.n ? CELL_TEXT : CELL_EMPTY, .text = text };
		}
		snprintf(number, sizeof(number), "%" PRId64, js_int(row, "n", 0));
		cells[width] = (struct cell){ .kind = CELL_TEXT,
			.text = reasons_of(&reason, json_object_get(row, "faults"), plan) };
		cells[width + 1] = (struct cell){ .kind = CELL_TEXT, .text = str_from(number) };
		err = sheet_write_row(out, cells, width + 2);
		json_decref(row);
	}
	buf_done(&reason);
	free(cells);
	return err;
}

static int write_table(struct refused *refused, const struct import_plan *plan, struct sheet_writer *out,
	const struct str *labels, size_t n_labels)
{
	bool chinese = strcmp(plan->language, "zh-CN") == 0;
	size_t width = n_labels > plan->n_columns ? n_labels : plan->n_columns;
	struct str *head = mem_array(width + 2, sizeof(*head));
	for (size_t i = 0; i < width; i++)
		head[i] = i < n_labels ? labels[i] : STR("");
	head[width] = chinese ? STR("拒绝原因") : STR("Why refused");
	head[width + 1] = chinese ? STR("原行号") : STR("Row");
	int err = n_labels ? sheet_write_head(out, head, width + 2) : 0;
	free(head);
	return err ? err : write_rows(refused, plan, width, out);
}

int refused_close(struct refused *refused, const struct import_plan *plan, enum sheet_format format,
	const struct str *labels, size_t n_labels)
{
	CLEANUP(mem_freep) char *path = refused_path(refused->desk, refused->import);
	struct sheet_writer *out = NULL;
	const struct sheet_writer_opts opts = {
		.format = format,
		.path = path,
		.temp_dir = refused->desk->options->data_dir,
		.title = strcmp(plan->language, "zh-CN") == 0 ? "拒绝的行" : "Refused rows",
	};
	int err = sheet_writer_new(&opts, &out);
	if (!err)
		err = write_table(refused, plan, out, labels, n_labels);
	if (err)
		sheet_writer_drop(out);
	else
		err = sheet_writer_end(out);
	refused_drop(refused);
	return err;
}

void *refused_drop(struct refused *refused)
{
	if (refused && refused->file)
		fclose(refused->file);
	free(refused);
	return NULL;
}
