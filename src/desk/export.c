/* Lists as files: at once up to a bounded number of rows, as a job beyond. Page after page, each read with a
 * reader of its own, so that a million rows need the memory of one page and hold no transaction open. A file
 * that carries who and when: its name does, and in a workbook the second sheet and the properties too. */
#include "base/clock.h"
#include "base/mem.h"
#include "desk/jobs.h"
#include "desk/routes.h"
#include "desk/selection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIRECT_ROWS_MAX 10000
#define PAGE_ROWS 1000
#define COUNT_MAX INT64_C(100000000)
#define OFFSET_MAX_MIN (14 * 60)
#define TEXT_MAX 2000

/* What is exported, for whom; strings live as long as the run. */
struct export
{
	struct desk *desk;
	const struct resource *res;
	const struct actor *actor;
	struct export_style style;
	enum sheet_format format;
	struct param params[REQUEST_PARAMS_MAX];
	size_t n_params;
	const char *fields;
	struct faults faults;
	int64_t rows, total;
	struct job_run *run; /* NULL: at once */
	struct db *db;       /* at once: the request's reader */
	struct sheet_writer *out;
	char name[JOB_FILE_NAME_MAX];
	char when[64];
	char currency[4];
};

bool export_may(const struct actor *actor, const struct resource *res)
{
	return may(actor, res, VERB_READ) && may(actor, res, VERB_EXPORT);
}

static const char *param_value(const struct export *e, const char *name)
{
	for (size_t i = 0; i < e->n_params; i++)
		if (strcmp(e->params[i].name, name) == 0)
			return e->params[i].value;
	return NULL;
}

/* The page behind the cursor; without an order of the reader's in the order of making, which no table is ever
 * sorted for. */
static int read_page(
	struct export *e, const char *cursor, int64_t count_max, unsigned limit, json_t **ret_page)
{
	struct param params[REQUEST_PARAMS_MAX + 3];
	char limit_text[16];
	size_t n = 0;
	snprintf(limit_text, sizeof(limit_text), "%u", limit);
	for (size_t i = 0; i < e->n_params; i++)
		params[n++] = e->params[i];
	params[n++] = (struct param){ "limit", limit_text };
	if (!param_value(e, "sort"))
		params[n++] = (struct param){ "sort", "id" };
	if (cursor)
		params[n++] = (struct param){ "cursor", cursor };
	struct list_query query = { .params = params,
		.n_params = n,
		.limit_max = PAGE_ROWS,
		.count_max = count_max,
		.verb = VERB_EXPORT };
	struct db *db = e->db ? e->db : store_reader(e->desk->store);
	int err = model_list(db, e->res, e->actor, &query, ret_page, &e->faults);
	if (!e->db)
		store_reader_return(e->desk->store, db);
	return err;
}

static int step(struct export *e, const struct export_plan *plan, json_t *page)
{
	int err = model_export_rows(plan, page, e->out);
	e->rows += (int64_t)json_array_size(json_object_get(page, "items"));
	if (err || !e->run)
		return err;
	job_progress(e->run, e->rows, e->total);
	err = job_wanted(e->run);
	return err ? err : export_may(e->actor, e->res) ? 0 : -E_FORBIDDEN;
}

/* The first page is there already. Takes it. */
static int write_pages(struct export *e, const struct export_plan *plan, json_t *page)
{
	int err = model_export_head(plan, e->out);
	while (!err) {
		err = step(e, plan, page);
		CLEANUP(mem_freep) char *cursor = mem_strdup(js_str(page, "next", NULL));
		json_decref(page);
		page = NULL;
		if (err || !cursor)
			break;
		err = read_page(e, cursor, 0, PAGE_ROWS, &page);
	}
	json_decref(page);
	return err;
}

static const char *clock_text(const struct export *e, char *dst, size_t size)
{
	char utc[32];
	int minutes = abs(e->style.offset_min);
	clock_format_utc(clock_wall_ms() + e->style.offset_min * INT64_C(60000), utc, sizeof(utc));
	snprintf(dst, size, "%.10s %.8s UTC%c%02d:%02d", utc, utc + 11, e->style.offset_min < 0 ? '-' : '+',
		minutes / 60, minutes % 60);
	return dst;
}

/* What amounts of money are in. */
static int read_currency(struct export *e)
{
	struct db *db = e->db ? e->db : store_reader(e->desk->store);
	int err = model_currency(db, e->currency, &e->style.money_digits);
	e->style.currency = e->currency;
	if (!e->db)
		store_reader_return(e->desk->store, db);
	return err;
}

/* "customers_20261122-101500_admin.xlsx" */
static void name_file(struct export *e)
{
	const char *w = clock_text(e, e->when, sizeof(e->when));
	snprintf(e->name, sizeof(e->name), "%s_%.4s%.2s%.2s-%.2s%.2s%.2s_%s.%s", e->res->plural, w, w + 5,
		w + 8, w + 11, w + 14, w + 17, e->actor->name, sheet_format_to_string(e->format));
}

/* The filters as people may read them: "tier=gold q=zhang". */
static char *filter_text(const struct export *e)
{
	struct buf text;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < e->n_params; i++)
		buf_printf(&text, "%s%s=%s", i ? " " : "", e->params[i].name, e->params[i].value);
	if (buf_err(&text)) {
		buf_done(&text);
		return mem_strdup("…");
	}
	return buf_take(&text);
}

static void write_about(struct export *e)
{
	static const struct label labels[] = { { "内容", "Content" }, { "导出人", "Exported by" },
		{ "导出时间", "Exported at" }, { "筛选条件", "Filter" }, { "行数", "Rows" } };
	CLEANUP(mem_freep) char *filter = filter_text(e);
	char rows[24];
	snprintf(rows, sizeof(rows), "%" PRId64, e->rows);
	const char *const values[] = { e->style.chinese ? e->res->labels.zh : e->res->labels.en,
		e->actor->name, e->when, filter, rows };
	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		sheet_write_about(e->out, e->style.chinese ? labels[i].zh : labels[i].en, values[i]);
}

static int open_writer(struct export *e, const char *path, sheet_sink_fn sink, void *arg)
{
	const struct sheet_writer_opts opts = {
		.format = e->format,
		.path = path,
		.temp_dir = e->desk->options->data_dir,
		.sink = sink,
		.arg = arg,
		.title = e->style.chinese ? e->res->labels.zh : e->res->labels.en,
		.author = e->actor->name,
		.about_title = e->style.chinese ? "导出信息" : "About this export",
	};
	return sheet_writer_new(&opts, &e->out);
}

static int close_writer(struct export *e, int err)
{
	if (err) {
		e->out = sheet_writer_drop(e->out);
		return err;
	}
	write_about(e);
	return sheet_writer_end(TAKE(e->out));
}

struct audited {
	struct export *e;
	json_t *changes;
};

static int audit(struct db *db, void *arg)
{
	struct audited *a = arg;
	struct faults faults = { .n = 0 };
	struct change c = { .db = db,
		.ids = &a->e->desk->ids,
		.now_ms = clock_wall_ms(),
		.actor = a->e->actor,
		.faults = &faults };
	return model_audit(&c, "export", a->e->res->name, 0, a->changes);
}

/* Whoever takes records out of the centre is known. */
static int write_audit(struct export *e)
{
	CLEANUP(mem_freep) char *filter = filter_text(e);
	json_t *changes = json_pack("{s:[n, I], s:[n, s], s:[n, s]}", "rows", (json_int_t)e->rows, "format",
		sheet_format_to_string(e->format), "filter", filter);
	if (e->fields && *e->fields)
		json_object_set_new(changes, "fields", json_pack("[n, s]", e->fields));
	int err = store_write(e->desk->store, STORE_PEOPLE, audit, &(struct audited){ e, changes });
	json_decref(changes);
	return err;
}

/* At once. */

static int to_http(void *arg, struct str part)
{
	return http_write(arg, part);
}

static int send_csv(struct export *e, struct request *r, const struct export_plan *plan, json_t *page)
{
	int err = open_writer(e, NULL, to_http, r->http);
	if (err) {
		json_decref(page);
		return err;
	}
	request_attachment(r, e->name);
	http_set(r->http, "Cache-Control", "private, no-store");
	http_set(r->http, "Content-Type", "text/csv; charset=utf-8");
	http_begin(r->http, 200);
	err = close_writer(e, write_pages(e, plan, page));
	if (!err)
		err = write_audit(e);
	if (err)
		http_cut(r->http); /* a list that stops in the middle must not look whole */
	else
		http_end(r->http);
	return 0;
}

static int send_xlsx(struct export *e, struct request *r, const struct export_plan *plan, json_t *page)
{
	char token[17];
	id_token(token, sizeof(token) - 1);
	CLEANUP(mem_freep) char *path = mem_printf("%s/jobs/now-%s.xlsx", e->desk->options->data_dir, token);
	int err = open_writer(e, path, NULL, NULL);
	if (err) {
		json_decref(page);
		return err;
	}
	err = close_writer(e, write_pages(e, plan, page));
	if (!err)
		err = write_audit(e);
	if (!err)
		err = reply_file(r, path, e->name);
	unlink(path);
	return err;
}

static int read_offset(const char *text, int *ret_minutes)
{
	bool west = text && *text == '-';
	uint32_t minutes = 0;
	if (text && str_to_u32(str_from(text + west), OFFSET_MAX_MIN, &minutes))
		return -E_INVALID;
	*ret_minutes = west ? -(int)minutes : (int)minutes;
	return 0;
}

int export_send(struct request *r, const struct resource *res, enum sheet_format format)
{
	struct export e = { .desk = r->desk, .res = res, .actor = &r->actor, .format = format, .db = r->db };
	const char *language = request_param(r, "lang");
	struct export_plan plan;
	json_t *page = NULL;
	e.style.chinese = strncmp(language ? language : r->session.language, "zh", 2) == 0;
	e.fields = request_param(r, "fields");
	if (read_offset(request_param(r, "offset_min"), &e.style.offset_min))
		return faults_add(
			&r->faults, "range", "offset_min", "must be minutes, at most %d", OFFSET_MAX_MIN);
	for (size_t i = 0; i < r->n_params; i++)
		if (!selection_is_page_word(r->params[i].name))
			e.params[e.n_params++] = r->params[i];
	name_file(&e);
	int err = read_currency(&e);
	if (!err)
		err = model_export_plan(res, &e.style, e.fields, &plan, &r->faults);
	if (!err)
		err = read_page(&e, NULL, DIRECT_ROWS_MAX + 1, PAGE_ROWS, &page);
	if (err == -E_INVALID && e.faults.n)
		r->faults = e.faults;
	if (err)
		return err;
	if (js_int(page, "total", 0) > DIRECT_ROWS_MAX) {
		json_decref(page);
		return faults_add(&r->faults, "too_many", "format",
			"more than %d rows: POST /api/v1/%s/export makes the file as a job", DIRECT_ROWS_MAX,
			res->plural);
	}
	return format == SHEET_CSV ? send_csv(&e, r, &plan, page) : send_xlsx(&e, r, &plan, page);
}

/* As a job. */

static void add_param(struct export *e, const char *name, const char *value)
{
	if (e->n_params < REQUEST_PARAMS_MAX)
		e->params[e->n_params++] = (struct param){ name, value };
}

static int read_params(struct export *e, const json_t *params)
{
	size_t i;
	json_t *pair;
	e->res = catalogue_of_name(e->actor->catalogue, js_str(params, "resource", ""));
	e->format = sheet_format_from_string(js_str(params, "format", ""));
	e->style.chinese = strncmp(js_str(params, "lang", "zh"), "zh", 2) == 0;
	e->style.offset_min = (int)js_int(params, "offset_min", 0);
	e->fields = js_str(params, "fields", NULL);
	json_array_foreach (json_object_get(params, "query"), i, pair)
		add_param(e, json_string_value(json_array_get(pair, 0)),
			json_string_value(json_array_get(pair, 1)));
	return e->res && e->format < SHEET_FORMAT__MAX ? 0 : -E_UNSUPPORTED;
}

static int run_export(struct job_run *run)
{
	struct export e = { .desk = run->desk, .actor = &run->actor, .run = run };
	struct export_plan plan;
	json_t *page = NULL;
	int err = read_params(&e, run->params);
	if (!err && !export_may(&run->actor, e.res))
		err = -E_FORBIDDEN;
	if (!err)
		err = read_currency(&e);
	if (!err)
		err = model_export_plan(e.res, &e.style, e.fields, &plan, &e.faults);
	if (!err)
		err = read_page(&e, NULL, COUNT_MAX, PAGE_ROWS, &page);
	if (err)
		return err;
	e.total = js_int(page, "total", 0);
	name_file(&e);
	err = open_writer(&e, job_file(run, sheet_format_to_string(e.format), e.name), NULL, NULL);
	if (err) {
		json_decref(page);
		return err;
	}
	err = close_writer(&e, write_pages(&e, &plan, page));
	if (!err)
		err = write_audit(&e);
	if (!err)
		job_progress(run, e.rows, e.rows);
	return err;
}

const struct job_kind export_job = { .name = "export", .run = run_export, .resumes = true };

/* ["name", "tier"] or "name,tier" as the latter. */
static int read_fields(struct request *r, const json_t *fields, json_t *params)
{
	struct buf names;
	size_t i;
	json_t *one;
	buf_init(&names, TEXT_MAX);
	if (json_is_string(fields))
		buf_addz(&names, json_string_value(fields));
	json_array_foreach ((json_t *)fields, i, one) {
		buf_addz(&names, i ? "," : "");
		buf_addz(&names, json_is_string(one) ? json_string_value(one) : "?");
	}
	bool right = !fields || json_is_null(fields) || json_is_string(fields) || json_is_array(fields);
	bool fits = !buf_err(&names);
	if (right && fits && names.n)
		js_set_str(params, "fields", names.p);
	buf_done(&names);
	return right && fits ? 0 : faults_add(&r->faults, "type", "fields", "must be a list of names");
}

static int read_body(struct request *r, const struct resource *res, json_t *params)
{
	struct fault fault = { 0 };
	const char *format = NULL, *lang = r->session.language;
	int64_t offset = 0;
	json_t *pairs = json_array();
	json_object_set_new(params, "query", pairs);
	js_set_str(params, "resource", res->name);
	int err = js_need_str(r->body, "format", 1, 8, &format, &fault);
	if (!err && json_object_get(r->body, "lang"))
		err = js_need_str(r->body, "lang", 2, 8, &lang, &fault);
	if (!err && json_object_get(r->body, "offset_min"))
		err = js_need_int(r->body, "offset_min", -OFFSET_MAX_MIN, OFFSET_MAX_MIN, &offset, &fault);
	if (err)
		return faults_add(&r->faults, fault.code, fault.field, "%s", fault.text);
	if (sheet_format_from_string(format) == SHEET_FORMAT__MAX)
		return faults_add(&r->faults, "choice", "format", "must be csv or xlsx");
	js_set_str(params, "format", format);
	js_set_str(params, "lang", lang);
	js_set_int(params, "offset_min", offset);
	err = selection_read(r, json_object_get(r->body, "query"), pairs);
	return err ? err : read_fields(r, json_object_get(r->body, "fields"), params);
}

/* Whatever the run would refuse is refused here already. */
static int try_out(struct request *r, const json_t *params)
{
	struct export e = { .desk = r->desk, .actor = &r->actor, .db = r->db };
	struct export_plan plan;
	json_t *page = NULL;
	int err = read_params(&e, params);
	if (!err)
		err = model_export_plan(e.res, &e.style, e.fields, &plan, &r->faults);
	if (err)
		return err;
	err = read_page(&e, NULL, 1, 1, &page);
	if (err == -E_INVALID)
		r->faults = e.faults;
	if (!err)
		json_decref(page);
	return err;
}

int export_create(struct request *r)
{
	const struct resource *res = catalogue_of_plural(r->actor.catalogue, str_from(r->parts[0]));
	int64_t id = 0;
	if (!export_may(&r->actor, res))
		return -E_FORBIDDEN;
	json_t *params = json_object();
	int err = read_body(r, res, params);
	if (!err)
		err = try_out(r, params);
	if (!err) {
		bool chinese = strncmp(js_str(params, "lang", "zh"), "zh", 2) == 0;
		const struct job_spec spec = {
			.kind = &export_job,
			.resource = res->name,
			.label = chinese ? res->labels.zh : res->labels.en,
			.params = params,
		};
		err = jobs_start(r, &spec, &id);
	}
	json_decref(params);
	return err ? err : reply_job(r, id, 202);
}
