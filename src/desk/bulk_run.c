/* The job of a bulk change. Which records it is for stands in table bulk_row before the first is touched, and
 * what became of each is written with the change itself: a run that is taken up goes on with those that have
 * no outcome. At the end the rows become a table that its owner can fetch. */
#include "desk/bulk.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/routes.h"
#include "desk/selection.h"
#include "model/field.h"
#include "model/intake.h"
#include "model/mask.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_US (25 * CLOCK_MS_US)
#define PIECE_MIN 16
#define PIECE_MAX 512

struct bulk_run {
	struct job_run *job;
	struct bulk bulk;
	bool dry, chinese;
	int64_t at, total; /* row behind which it goes on */
	int64_t counts[BULK_OUTCOME__MAX];
	size_t batch;
	struct bulk_row rows[PIECE_MAX];
	struct bulk_piece piece;
	int64_t took_us;
};

static void tell_progress(struct bulk_run *run)
{
	int64_t done = 0;
	json_decref(run->job->counts);
	run->job->counts = json_object();
	for (size_t i = 0; i < BULK_OUTCOME__MAX; i++) {
		js_set_int(run->job->counts, bulk_outcomes[i], run->counts[i]);
		done += run->counts[i];
	}
	job_progress(run->job, done, run->total);
}

/* Which records. */

int bulk_keep_rows(struct db *db, int64_t job, const struct bulk_row *rows, size_t n)
{
	int err = 0;
	for (size_t i = 0; i < n && !err; i++)
		err = db_post(db, "INSERT INTO bulk_row (parent, n, record, version) VALUES ($1, $2, $3, $4)",
			ARGS(V_INT(job), V_INT(rows[i].n), V_INT(rows[i].id), V_ID(rows[i].version)));
	return err;
}

struct selecting {
	struct bulk_run *run;
	const json_t *page;
	bool first;
	int64_t n;
};

/* With the last page the params say that all are there. */
static int keep_page(struct db *db, void *arg)
{
	struct selecting *s = arg;
	struct job_run *job = s->run->job;
	const json_t *items = json_object_get(s->page, "items");
	struct bulk_row row = { 0 };
	size_t i;
	json_t *item;
	int err = s->first ? db_run(db, "DELETE FROM bulk_row WHERE parent = $1", ARGS(V_INT(job->id))) : 0;
	json_array_foreach ((json_t *)items, i, item) {
		row = (struct bulk_row){ .n = s->n + (int64_t)i + 1, .id = js_id(item, "id") };
		if (!err)
			err = bulk_keep_rows(db, job->id, &row, 1);
	}
	if (err || js_str(s->page, "next", NULL))
		return err;
	json_t *params = json_copy((json_t *)job->params);
	js_set_bool(params, "selected", true);
	CLEANUP(mem_freep) char *text = js_print(params);
	json_decref(params);
	return db_run(db, "UPDATE job SET params = $2 WHERE id = $1", ARGS(V_INT(job->id), V_Z(text)));
}

static int read_page(struct bulk_run *run, const char *cursor, json_t **ret_page)
{
	const struct selection selection = { run->bulk.res, &run->job->actor,
		json_object_get(run->job->params, "query") };
	struct faults faults = { .n = 0 };
	struct db *db = store_reader(run->job->desk->store);
	int err = selection_page(db, &selection, cursor, SELECTION_PAGE_MAX, ret_page, &faults);
	store_reader_return(run->job->desk->store, db);
	return err;
}

/* Before anything is changed, so that what is changed cannot leave the selection half way. */
static int select_rows(struct bulk_run *run)
{
	struct selecting s = { .run = run, .first = true };
	CLEANUP(mem_freep) char *cursor = NULL;
	int err = 0;
	do {
		json_t *page = NULL;
		err = read_page(run, cursor, &page);
		if (err)
			return err;
		s.page = page;
		err = store_write(run->job->desk->store, STORE_BATCH, keep_page, &s);
		s.first = false;
		s.n += (int64_t)json_array_size(json_object_get(page, "items"));
		free(cursor);
		cursor = mem_strdup(js_str(page, "next", NULL));
		json_decref(page);
		if (!err)
			err = job_wanted(run->job);
	} while (cursor && !err);
	return err;
}

/* What is done with them. */

static int next_rows(struct db *db, struct bulk_run *run)
{
	struct rows *rows;
	int err = db_query(db,
		"SELECT n, record, coalesce(version, 0) FROM bulk_row WHERE parent = $1 AND n > $2"
		" AND outcome IS NULL ORDER BY n LIMIT $3",
		ARGS(V_INT(run->job->id), V_INT(run->at), V_INT((int64_t)run->batch)), &rows);
	if (err)
		return err;
	run->piece.n = 0;
	while (run->piece.n < run->batch && rows_next(rows))
		run->rows[run->piece.n++] = (struct bulk_row){
			.n = rows_int(rows, 0), .id = rows_int(rows, 1), .version = rows_int(rows, 2)
		};
	return rows_end(rows);
}

static int keep_outcome(struct db *db, int64_t job, const struct bulk_row *row)
{
	bool done = row->outcome == BULK_DONE;
	return db_post(db,
		"UPDATE bulk_row SET outcome = $3, field = $4, code = $5, reason = $6 WHERE parent = $1 AND "
		"n = $2",
		ARGS(V_INT(job), V_INT(row->n), V_Z(bulk_outcomes[row->outcome]),
			V_Z(done ? NULL : row->fault.field), V_Z(done ? NULL : row->fault.code),
			V_Z(done ? NULL : row->fault.text)));
}

static int write_piece(struct db *db, void *arg)
{
	struct bulk_run *run = arg;
	int64_t began_us = clock_mono_us();
	int err = job_renew(run->job, db);
	if (!err)
		err = next_rows(db, run);
	if (!err)
		err = bulk_write(db, &run->piece);
	for (size_t i = 0; i < run->piece.n && !err; i++)
		err = keep_outcome(db, run->job->id, &run->rows[i]);
	run->took_us = clock_mono_us() - began_us;
	return err;
}

/* Nobody who wants to write waits longer for a piece than for a page. */
static void set_pace(struct bulk_run *run)
{
	size_t n = run->batch;
	if (run->took_us > PIECE_US)
		n = (size_t)((int64_t)n * PIECE_US / run->took_us);
	else if (run->took_us * 2 < PIECE_US)
		n *= 2;
	run->batch = n < PIECE_MIN ? PIECE_MIN : n > PIECE_MAX ? PIECE_MAX : n;
}

static void follow_up(struct bulk_run *run)
{
	struct fault refusal;
	for (size_t i = 0; i < run->piece.n; i++)
		run->counts[run->rows[i].outcome]++;
	run->at = run->rows[run->piece.n - 1].n;
	if (run->dry)
		return;
	bulk_follow(&run->piece, false, &refusal);
	if (refusal.code[0])
		log_(LOG_DESK, LOG_WARN, "the switch refuses what was changed code=%s", refusal.code);
}

static int write_rows(struct bulk_run *run)
{
	int err = 0;
	while (!err) {
		err = store_write(run->job->desk->store, STORE_BATCH, write_piece, run);
		if (err || run->piece.n == 0)
			break;
		follow_up(run);
		set_pace(run);
		tell_progress(run);
		err = job_wanted(run->job);
	}
	return err;
}

/* What a run before this one has done. */
static int read_counts(struct bulk_run *run)
{
	struct rows *rows;
	struct db *db = store_reader(run->job->desk->store);
	int err = db_query(db,
		"SELECT coalesce(outcome, ''), count(*) FROM bulk_row WHERE parent = $1 GROUP BY 1",
		ARGS(V_INT(run->job->id)), &rows);
	if (!err) {
		while (rows_next(rows)) {
			struct str word = rows_str(rows, 0);
			run->total += rows_int(rows, 1);
			for (size_t i = 0; i < BULK_OUTCOME__MAX; i++)
				if (str_eqz(word, bulk_outcomes[i]))
					run->counts[i] = rows_int(rows, 1);
		}
		err = rows_end(rows);
	}
	store_reader_return(run->job->desk->store, db);
	return err;
}

/* The table of what became of each. */

static const struct label heads[] = { { "编号", "Id" }, { "名称", "Name" }, { "结果", "Outcome" },
	{ "字段", "Field" }, { "原因", "Reason" } };

static const struct choice outcome_labels[] = {
	{ "done", { "完成", "Done" } },
	{ "would_be_done", { "可以完成", "Would be done" } },
	{ "conflict", { "已被他人修改", "Changed by somebody else" } },
	{ "forbidden", { "没有权限", "Not allowed" } },
	{ "refused", { "未通过", "Refused" } },
	{ "", { "未处理", "Not reached" } },
};

static const char *label_in(const struct bulk_run *run, const struct label *label)
{
	return run->chinese ? label->zh : label->en;
}

static const char *outcome_label(const struct bulk_run *run, struct str word)
{
	size_t i = 0;
	if (run->dry && str_eqz(word, "done"))
		word = STR("would_be_done");
	while (i + 1 < ARRAY_LEN(outcome_labels) && !str_eqz(word, outcome_labels[i].value))
		i++;
	return label_in(run, &outcome_labels[i].label);
}

static struct cell text_cell(struct str text)
{
	return (struct cell){ .kind = text.n ? CELL_TEXT : CELL_EMPTY, .text = text };
}

/* Of a field of the record, or of the list in which something refers to it: "queues/5". */
static const char *field_label(const struct bulk_run *run, struct str path, char *dst, size_t size)
{
	size_t end = 0;
	while (end < path.n && !strchr(".[/", path.p[end]))
		end++;
	const struct field *f = resource_field(run->bulk.res, str_sub(path, 0, end));
	const struct resource *other = f ? NULL : resource_of_plural(str_sub(path, 0, end));
	if (f)
		return label_in(run, &f->label);
	if (other)
		return label_in(run, &other->label);
	snprintf(dst, size, STR_FMT, STR_ARG(path));
	return dst;
}

static const char *reason(
	const struct bulk_run *run, struct str code, struct str text, char *dst, size_t size)
{
	char word[32];
	snprintf(word, sizeof(word), STR_FMT, STR_ARG(code));
	const char *zh = run->chinese ? intake_reason_zh(word) : NULL;
	if (strcmp(word, "in_use") == 0)
		snprintf(dst, size, run->chinese ? "仍在使用 " STR_FMT : "in use " STR_FMT, STR_ARG(text));
	else
		snprintf(dst, size, STR_FMT, STR_ARG(zh ? str_from(zh) : text));
	return dst;
}

static int write_line(const struct bulk_run *run, struct rows *rows, struct sheet_writer *out)
{
	char id[24], path[96], why[300];
	snprintf(id, sizeof(id), "%" PRId64, rows_int(rows, 1));
	const struct cell cells[] = { text_cell(str_from(id)), text_cell(rows_str(rows, 2)),
		text_cell(str_from(outcome_label(run, rows_str(rows, 3)))),
		text_cell(str_from(field_label(run, rows_str(rows, 4), path, sizeof(path)))),
		text_cell(str_from(reason(run, rows_str(rows, 5), rows_str(rows, 6), why, sizeof(why)))) };
	return sheet_write_row(out, cells, ARRAY_LEN(cells));
}

/* A record that was not there for the owner, or was not looked at, keeps its name from him. */
static void select_lines(struct sql *q, const struct bulk_run *run, int64_t at)
{
	const struct resource *res = run->bulk.res;
	const struct field *title = resource_field(res, str_from(res->title));
	sql_add(q, "SELECT b.n, b.record, ");
	if (field_kind(title)->text && (!(title->flags & F_MASKED) || mask_is_off(res, &run->job->actor)))
		sql_add(q, "CASE WHEN b.outcome IS NULL OR b.code = 'not_found' THEN NULL ELSE t.%s END",
			field_column(title));
	else
		sql_add(q, "NULL");
	sql_add(q,
		", b.outcome, b.field, b.code, b.reason FROM bulk_row b LEFT JOIN %s t ON t.id = b.record"
		" WHERE b.parent = ",
		res->table);
	sql_arg(q, V_INT(run->job->id));
	sql_add(q, " AND b.n > ");
	sql_arg(q, V_INT(at));
	sql_add(q, " ORDER BY b.n LIMIT %d", SELECTION_PAGE_MAX);
}

static int write_some(struct bulk_run *run, struct sheet_writer *out, int64_t *at, size_t *ret_n)
{
	struct sql q;
	struct rows *rows;
	struct db *db = store_reader(run->job->desk->store);
	sql_init(&q);
	select_lines(&q, run, *at);
	int err = sql_query(&q, db, &rows);
	*ret_n = 0;
	if (!err) {
		while (!err && rows_next(rows)) {
			*at = rows_int(rows, 0);
			++*ret_n;
			err = write_line(run, rows, out);
		}
		int ended = rows_end(rows);
		err = err ? err : ended;
	}
	sql_done(&q);
	store_reader_return(run->job->desk->store, db);
	return err;
}

static int write_file(struct bulk_run *run)
{
	struct str labels[ARRAY_LEN(heads)];
	struct sheet_writer *out;
	char name[JOB_FILE_NAME_MAX];
	size_t n = 0;
	int64_t at = 0;
	snprintf(name, sizeof(name), "%s_%" PRId64 ".csv", run->bulk.res->plural, run->job->id);
	const struct sheet_writer_opts opts = { .format = SHEET_CSV,
		.path = job_file(run->job, "csv", name) };
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		labels[i] = str_from(label_in(run, &heads[i]));
	int err = sheet_writer_new(&opts, &out);
	if (err)
		return err;
	err = sheet_write_head(out, labels, ARRAY_LEN(labels));
	do {
		if (!err)
			err = write_some(run, out, &at, &n);
	} while (!err && n == SELECTION_PAGE_MAX);
	if (!err)
		return sheet_writer_end(out);
	out = sheet_writer_drop(out);
	return err;
}

static int begin(struct bulk_run *run, struct job_run *job)
{
	struct faults faults = { .n = 0 };
	const struct resource *res =
		catalogue_of_name(job->actor.catalogue, js_str(job->params, "resource", ""));
	if (!res)
		return -E_UNSUPPORTED;
	run->job = job;
	run->batch = PIECE_MIN;
	run->dry = json_is_true(json_object_get(job->params, "dry"));
	run->chinese = strncmp(js_str(job->params, "lang", "zh"), "zh", 2) == 0;
	int err = bulk_read(res, &job->actor, job->params, &run->bulk, &faults);
	run->piece = (struct bulk_piece){ .desk = job->desk,
		.bulk = &run->bulk,
		.actor = &job->actor,
		.dry = run->dry,
		.rows = run->rows,
		.ended = json_array() };
	return err;
}

/* What was done stands in the file, however it ends. */
static int work(struct bulk_run *run)
{
	int err = 0;
	if (!json_is_true(json_object_get(run->job->params, "selected")))
		err = select_rows(run);
	if (!err)
		err = read_counts(run);
	if (!err)
		err = write_rows(run);
	tell_progress(run);
	if (err == -E_CLOSED)
		return err;
	int written = write_file(run);
	run->job->keeps_file = !written;
	return err ? err : written;
}

static int run_bulk(struct job_run *job)
{
	struct bulk_run *run = mem_alloc(sizeof(*run));
	*run = (struct bulk_run){ 0 };
	int err = begin(run, job);
	if (!err)
		err = work(run);
	json_decref(run->piece.ended);
	bulk_done(&run->bulk);
	free(run);
	return err;
}

const struct job_kind bulk_job = { .name = "bulk", .run = run_bulk, .writes = true, .resumes = true };
