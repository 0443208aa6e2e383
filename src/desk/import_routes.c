/* Imports over HTTP: the file, what is in it, what its columns are, the check, the run, and what was refused.
 */
#include "desk/imports.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/routes.h"
#include "model/areas.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES (UINT64_C(200) << 20)
#define OPEN_MAX 10
#define NAME_MAX_BYTES 200
#define SAMPLE_ROWS 20
#define SAMPLE_CHARS 200
#define ROWS_SHOWN 100
#define KEEP_MS (INT64_C(7) * 86400000)

void imports_admit(struct http_req *http)
{
	if (http->method != HTTP_POST || !str_eqz(http->path, "/api/v1/imports"))
		return;
	http->body_max = FILE_MAX_BYTES;
	http->body_memory_max = 64 * 1024;
}

static bool may_import(const struct request *r, const struct resource *res)
{
	return may(&r->actor, res, VERB_IMPORT);
}

static json_t *texts_of_row(const struct sheet_row *row)
{
	json_t *texts = json_array();
	for (size_t i = 0; i < row->n_cells; i++) {
		struct str text = row->cells[i].text;
		if (text.n > SAMPLE_CHARS)
			text.n = SAMPLE_CHARS;
		while (text.n && !str_is_utf8(text))
			text.n--;
		json_array_append_new(texts, json_stringn(text.p, text.n));
	}
	return texts;
}

/* What this user took such a column for the last time, else a guess. */
static int guess_column(
	struct request *r, const struct resource *res, const char *label, char *dst, size_t size)
{
	struct rows *rows;
	struct intake_column column;
	*dst = '\0';
	int err = db_query(r->db,
		"SELECT field FROM import_memory WHERE owner = $1 AND resource = $2 AND label = $3",
		ARGS(V_INT(r->actor.user), V_Z(res->name), V_Z(label)), &rows);
	if (err)
		return err;
	bool known = rows_next(rows) && str_copy(rows_str(rows, 0), dst, size) == 0;
	err = rows_end(rows);
	if (!known || (*dst && intake_column(res, dst, &column)))
		intake_guess(res, label, dst, size);
	return err;
}

static int columns_json(
	struct request *r, const struct resource *res, const json_t *rows, bool head, json_t **ret_columns)
{
	json_t *columns = json_array(), *row;
	size_t width = 0, i;
	int err = 0;
	json_array_foreach ((json_t *)rows, i, row)
		width = json_array_size(row) > width ? json_array_size(row) : width;
	for (size_t k = 0; k < width && !err; k++) {
		const char *label =
			head ? json_string_value(json_array_get(json_array_get(rows, 0), k)) : NULL;
		json_t *samples = json_array();
		char guess[96];
		json_array_foreach ((json_t *)rows, i, row) {
			json_t *text = json_array_get(row, k);
			if (i >= head && text && json_string_length(text) && json_array_size(samples) < 3)
				json_array_append(samples, text);
		}
		err = guess_column(r, res, label ? label : "", guess, sizeof(guess));
		json_array_append_new(columns,
			json_pack("{s:s, s:o, s:o}", "label", label ? label : "", "samples", samples, "field",
				*guess ? json_string(guess) : json_null()));
	}
	*ret_columns = columns;
	return err;
}

static void add_target(void *arg, const char *name, const struct field *f, const char *language)
{
	const char *suffix = !language ? "" : strcmp(language, "en") == 0 ? " (en)" : " (zh)";
	json_t *target = json_pack("{s:s, s:{s:s+, s:s+}, s:b, s:b}", "name", name, "label", "zh",
		f->label.zh, suffix, "en", f->label.en, suffix, "required",
		(f->flags & F_REQUIRED) && !f->def, "list", f->type == FT_LIST);
	json_array_append_new(arg, target);
}

static json_t *keys_json(const struct resource *res)
{
	struct match_key keys[MATCH_KEYS_MAX];
	json_t *names = json_array();
	size_t n = match_keys(res, keys);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(names, json_string(keys[i].field->name));
	return names;
}

static json_t *info_json(const struct sheet_info *info)
{
	json_t *json = json_object(), *sheets = json_array();
	char delimiter[2] = { info->delimiter, '\0' };
	js_set_str(json, "format", sheet_format_to_string(info->format));
	for (unsigned i = 0; i < info->n_sheets; i++)
		json_array_append_new(sheets, json_string(info->sheets[i]));
	json_object_set_new(json, "sheets", sheets);
	if (info->format == SHEET_CSV) {
		js_set_str(json, "encoding", sheet_encoding_to_string(info->encoding));
		js_set_str(json, "delimiter", delimiter);
	}
	return json;
}

/* The first rows, each column with its label, some of its texts, and what it probably is. */
static int preview(
	struct request *r, const struct import_row *row, const struct import_plan *plan, json_t **ret_preview)
{
	struct sheet_reader *reader = NULL;
	struct sheet_row one;
	struct fault fault = { .code = "" };
	int fd = -1;
	int err = import_open(r->desk, row, plan, &fd, &reader, &fault);
	if (err)
		return err == -E_INVALID ? faults_add(&r->faults, fault.code, fault.field, "%s", fault.text)
					 : err;
	json_t *json = info_json(sheet_reader_info(reader)), *rows = json_array(), *columns = NULL,
	       *targets = json_array();
	while (json_array_size(rows) < SAMPLE_ROWS && sheet_next(reader, &one))
		json_array_append_new(rows, texts_of_row(&one));
	err = sheet_reader_close(reader, &fault);
	close(fd);
	if (err == -E_INVALID)
		(void)faults_add(&r->faults, fault.code, fault.field, "%s", fault.text);
	if (!err)
		err = columns_json(r, row->res, rows, plan->head, &columns);
	intake_names(row->res, add_target, targets);
	js_set_int(json, "sheet", plan->sheet);
	js_set_bool(json, "head", plan->head);
	json_object_set_new(json, "columns", columns ? columns : json_array());
	json_object_set_new(json, "rows", rows);
	json_object_set_new(json, "targets", targets);
	json_object_set_new(json, "keys", keys_json(row->res));
	if (err)
		json_decref(json);
	else
		*ret_preview = json;
	return err;
}

/* A table that somebody else has sent has in clear what may be masked for this reader. */
static bool sees_whole(const struct request *r, const struct resource *res)
{
	return !(res->can & RES_MASKED) ||
		rights_reach(r->actor.rights, right_of(res, VERB_CLEAR)) & SCOPE_ALL;
}

static int read_row(struct request *r, struct import_row *ret_row)
{
	json_t *record = NULL;
	int err = model_get(r->db, &import_resource, &r->actor, request_id(r, 1), &record);
	bool own = js_id(record, "owner") == r->actor.user;
	json_decref(record);
	if (!err)
		err = import_read(r->db, r->actor.catalogue, r->arena, request_id(r, 1), ret_row);
	if (!err && (!may_import(r, ret_row->res) || !(own || sees_whole(r, ret_row->res)))) {
		import_done(ret_row);
		err = -E_FORBIDDEN;
	}
	return err;
}

static int reply_import(struct request *r, int64_t id, int status, json_t *preview_json)
{
	json_t *record = NULL;
	int err = model_get(r->db, &import_resource, &r->actor, id, &record);
	if (err) {
		json_decref(preview_json);
		return err;
	}
	if (preview_json)
		json_object_set_new(record, "preview", preview_json);
	return reply_json(r, status, record);
}

/* The upload. */

struct upload {
	struct request *r;
	const struct resource *res;
	const char *name;
	int64_t id;
};

static int insert(struct db *db, void *arg)
{
	struct upload *u = arg;
	const struct change c = request_change(u->r, db);
	int64_t open = 0;
	int err = db_one_int(db,
		"SELECT count(*) FROM import WHERE owner = $1 AND phase NOT IN ('done', 'cancelled')",
		ARGS(V_INT(c.actor->user)), &open);
	if (err)
		return err;
	if (open >= OPEN_MAX)
		return request_refuse(
			u->r, 409, "too_many_imports", "%d of your imports are not done yet", OPEN_MAX);
	u->id = id_next(c.ids, c.now_ms);
	return db_run(db,
		"INSERT INTO import (id, version, created, updated, resource, phase, file_name, file_size, "
		"owner)"
		" VALUES ($1, 1, $2, $2, $3, 'uploaded', $4, $5, $6)",
		ARGS(V_INT(u->id), V_INT(c.now_ms), V_Z(u->res->name), V_Z(u->name),
			V_INT((int64_t)u->r->http->body_size), V_INT(c.actor->user)));
}

static int delete_row(struct db *db, void *arg)
{
	const struct upload *u = arg;
	return db_run(db, "DELETE FROM import WHERE id = $1", ARGS(V_INT(u->id)));
}

static int copy_body(const struct http_req *http, int to)
{
	struct str rest = http->body;
	uint64_t left = http->body_fd >= 0 ? http->body_size : 0;
	while (rest.n || left) {
		ssize_t n =
			left ? sendfile(to, http->body_fd, NULL, (size_t)left) : write(to, rest.p, rest.n);
		if (n <= 0 && errno != EINTR)
			return n ? err_from_errno(errno) : -E_IO;
		if (n > 0 && left)
			left -= (uint64_t)n;
		else if (n > 0)
			rest = str_sub(rest, (size_t)n, rest.n);
	}
	return 0;
}

static int write_file(struct upload *u)
{
	CLEANUP(mem_freep) char *dir = mem_printf("%s/imports", u->r->desk->options->data_dir);
	CLEANUP(mem_freep) char *path = import_path(u->r->desk, u->id, "upload");
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_from_errno(errno);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_from_errno(errno);
	int err = copy_body(u->r->http, fd);
	if (close(fd) && !err)
		err = err_from_errno(errno);
	return err;
}

static void remove_files(const struct desk *desk, int64_t id)
{
	static const char *const endings[] = { "upload", "lines", "refused" };
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		CLEANUP(mem_freep) char *path = import_path(desk, id, endings[i]);
		unlink(path);
	}
}

static int read_query(struct upload *u)
{
	struct request *r = u->r;
	const char *plural = request_param(r, "resource"), *name = request_param(r, "name");
	u->res = plural ? catalogue_of_plural(r->actor.catalogue, str_from(plural)) : NULL;
	if (!u->res || !(u->res->can & RES_IMPORT))
		return faults_add(&r->faults, "choice", "resource",
			"must be a collection that can be imported, in the query");
	if (!may_import(r, u->res))
		return -E_FORBIDDEN;
	const char *slash = name ? strrchr(name, '/') : NULL;
	u->name = slash ? slash + 1 : name;
	if (!u->name || !*u->name || strlen(u->name) > NAME_MAX_BYTES)
		return faults_add(&r->faults, "required", "name", "must be the file's name, in the query");
	if (r->http->body_size == 0)
		return faults_add(&r->faults, "file_kind", "file", "is empty");
	return 0;
}

int import_create(struct request *r)
{
	struct upload u = { .r = r };
	struct import_plan plan = { .head = true };
	json_t *json = NULL;
	int err = read_query(&u);
	if (!err)
		err = request_write(r, insert, &u);
	if (err)
		return err;
	err = write_file(&u);
	const struct import_row row = { .id = u.id, .res = u.res };
	if (!err)
		err = preview(r, &row, &plan, &json);
	if (err) {
		remove_files(r->desk, u.id);
		return request_write(r, delete_row, &u) ? -E_IO : err;
	}
	http_set(r->http, "Location", "/api/v1/imports/%" PRId64, u.id);
	return reply_import(r, u.id, 201, json);
}

int import_preview(struct request *r)
{
	struct import_row row;
	static const char *const words[] = { "encoding", "delimiter", "sheet", "head" };
	json_t *options = json_object(), *json = NULL;
	int err = read_row(r, &row);
	if (err) {
		json_decref(options);
		return err;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		js_set_str(options, words[i], request_param(r, words[i]));
	const char *sheet = request_param(r, "sheet"), *head = request_param(r, "head");
	uint32_t n = 0;
	if (sheet && str_to_u32(str_from(sheet), SHEET_SHEETS_MAX, &n))
		err = faults_add(&r->faults, "range", "sheet", "must be a number of a sheet");
	json_object_set_new(options, "sheet", json_integer(n));
	json_object_set_new(options, "head", json_boolean(!head || strcmp(head, "false") != 0));
	struct import_plan plan;
	if (!err)
		err = import_plan_read(row.res, options, &plan, &r->faults);
	/* The columns are what is asked for here, not what is said. */
	if (err == -E_INVALID && r->faults.n == 1 && strcmp(r->faults.list[0].field, "columns") == 0)
		err = (int)(r->faults.n = 0);
	if (!err)
		err = preview(r, &row, &plan, &json);
	json_decref(options);
	import_done(&row);
	return err ? err : reply_json(r, 200, json);
}

/* The mapping. */

struct mapping {
	struct request *r;
	const struct import_row *row;
	json_t *labels;
	bool refused;
};

static int remember(struct db *db, const struct mapping *m)
{
	const json_t *columns = json_object_get(m->r->body, "columns");
	size_t i;
	json_t *label;
	int err = 0;
	json_array_foreach (m->labels, i, label) {
		const char *field = json_string_value(json_array_get(columns, i));
		if (err || json_string_length(label) == 0 || i >= json_array_size(columns))
			continue;
		err = db_run(db,
			"INSERT INTO import_memory (owner, resource, label, field) VALUES ($1, $2, $3, $4)"
			" ON CONFLICT (owner, resource, label) DO UPDATE SET field = excluded.field",
			ARGS(V_INT(m->r->actor.user), V_Z(m->row->res->name), V_Z(json_string_value(label)),
				V_Z(field ? field : "")));
	}
	return err;
}

/* Only while nothing works on it. */
static int claim(struct db *db, int64_t id, bool *ret_free)
{
	int64_t free_ = 0;
	int err = db_one_int(db,
		"SELECT 1 FROM import WHERE id = $1 AND phase IN ('uploaded', 'mapped', 'checked', 'failed')",
		ARGS(V_INT(id)), &free_);
	*ret_free = free_;
	return err == -E_NOT_FOUND ? 0 : err;
}

static int write_mapping(struct db *db, void *arg)
{
	struct mapping *m = arg;
	bool is_free = false;
	CLEANUP(mem_freep) char *plan = js_print(m->r->body);
	int err = claim(db, m->row->id, &is_free);
	m->refused = !is_free;
	if (err || !is_free)
		return err;
	err = db_run(db,
		"UPDATE import SET plan = $2, phase = 'mapped', at_row = NULL, counts = NULL, message = "
		"NULL, updated = $3,"
		" version = version + 1 WHERE id = $1",
		ARGS(V_INT(m->row->id), V_Z(plan), V_INT(clock_wall_ms())));
	return err ? err : remember(db, m);
}

static int busy(struct request *r)
{
	return request_refuse(r, 409, "state", "the import is not in a state for this");
}

static json_t *labels_of(const json_t *preview_json)
{
	json_t *labels = json_array(), *column;
	size_t i;
	json_array_foreach (json_object_get(preview_json, "columns"), i, column)
		json_array_append(labels, json_object_get(column, "label"));
	return labels;
}

int import_map(struct request *r)
{
	struct import_row row;
	struct import_plan plan;
	json_t *json = NULL;
	int err = read_row(r, &row);
	if (err)
		return err;
	err = import_plan_read(row.res, r->body, &plan, &r->faults);
	if (!err)
		err = preview(r, &row, &plan, &json);
	struct mapping m = { .r = r, .row = &row };
	if (!err) {
		m.labels = labels_of(json);
		err = request_write(r, write_mapping, &m);
	}
	json_decref(m.labels);
	json_decref(json);
	import_done(&row);
	if (!err && m.refused)
		err = busy(r);
	return err ? err : reply_import(r, request_id(r, 1), 200, NULL);
}

/* Check and run. */

struct start {
	int64_t id;
	const char *state, *from;
};

/* With the job, so that there is never one without the other. */
static int write_start(struct db *db, void *arg, int64_t job)
{
	const struct start *s = arg;
	struct rows *rows;
	bool right = false;
	int err = db_query(db, "SELECT phase FROM import WHERE id = $1", ARGS(V_INT(s->id)), &rows);
	if (err)
		return err;
	if (rows_next(rows)) {
		CLEANUP(mem_freep) char *phase = str_dup(rows_str(rows, 0));
		right = strstr(s->from, phase) != NULL;
	}
	err = rows_end(rows);
	if (!err && !right)
		err = -E_STATE;
	return err ? err
		   : db_run(db,
			     "UPDATE import SET phase = $2, job = $3, updated = $4, version = version + 1 "
			     "WHERE id = $1",
			     ARGS(V_INT(s->id), V_Z(s->state), V_INT(job), V_INT(clock_wall_ms())));
}

static int start(struct request *r, const struct job_kind *kind, struct start *s)
{
	struct import_row row;
	int64_t job = 0;
	s->id = request_id(r, 1);
	int err = read_row(r, &row);
	if (err)
		return err;
	json_t *params = json_object();
	js_set_id(params, "import", row.id);
	const struct job_spec spec = {
		.kind = kind,
		.resource = row.res->name,
		.label = row.file_name,
		.params = params,
		.total = row.total,
		.also = write_start,
		.also_arg = s,
	};
	err = row.plan ? jobs_start(r, &spec, &job) : -E_STATE;
	json_decref(params);
	import_done(&row);
	if (err == -E_STATE && !r->status)
		err = busy(r);
	return err ? err : reply_import(r, s->id, 202, NULL);
}

int import_check(struct request *r)
{
	return start(r, &import_check_job,
		&(struct start){ .state = "checking", .from = "mapped checked failed" });
}

int import_start(struct request *r)
{
	return start(r, &import_run_job, &(struct start){ .state = "running", .from = "checked" });
}

static int write_cancelled(struct db *db, void *arg)
{
	const int64_t *id = arg;
	return db_run(db,
		"UPDATE import SET phase = 'cancelled', updated = $2, version = version + 1 WHERE id = $1 "
		"AND phase NOT IN"
		" ('checking', 'running', 'done', 'cancelled')",
		ARGS(V_INT(*id), V_INT(clock_wall_ms())));
}

int import_cancel(struct request *r)
{
	struct import_row row;
	int64_t id = request_id(r, 1);
	int err = read_row(r, &row);
	if (err)
		return err;
	bool works = strcmp(row.phase, "checking") == 0 || strcmp(row.phase, "running") == 0;
	bool ended = strcmp(row.phase, "done") == 0 || strcmp(row.phase, "cancelled") == 0;
	int64_t job = row.job;
	import_done(&row);
	if (ended)
		return busy(r);
	if (works)
		err = jobs_cancel(r->desk, job);
	else
		err = request_write(r, write_cancelled, &id);
	if (!works && !err)
		remove_files(r->desk, id);
	if (err == -E_STATE)
		return busy(r);
	return err ? err : reply_import(r, id, 200, NULL);
}

/* What the check has found. */

static json_t *parsed(struct rows *rows, int column)
{
	json_t *value = NULL;
	struct str text = rows_str(rows, column);
	return js_parse(text, text.n, &value, NULL) ? json_null() : value;
}

/* The name of the record that a row names. */
static json_t *record_name(struct request *r, const struct resource *res, int64_t id)
{
	json_t *record = NULL;
	if (!id || model_get(r->db, res, &r->actor, id, &record))
		return json_null();
	json_t *name = json_incref(json_object_get(record, res->title));
	json_decref(record);
	return name ? name : json_null();
}

static json_t *row_json(struct request *r, const struct resource *res, struct rows *rows)
{
	json_t *row = json_object();
	js_set_int(row, "n", rows_int(rows, 0));
	json_object_set_new(row, "outcome", json_stringn(rows_str(rows, 1).p, rows_str(rows, 1).n));
	js_set_id(row, "record", rows_int(rows, 2));
	json_object_set_new(row, "record_name", record_name(r, res, rows_int(rows, 2)));
	json_object_set_new(
		row, "twin", rows_is_null(rows, 3) ? json_null() : json_integer(rows_int(rows, 3)));
	json_object_set_new(row, "cells", parsed(rows, 4));
	json_object_set_new(row, "errors", parsed(rows, 5));
	json_object_set_new(row, "choice",
		rows_is_null(rows, 6) ? json_null() : json_stringn(rows_str(rows, 6).p, rows_str(rows, 6).n));
	return row;
}

int import_rows(struct request *r)
{
	struct import_row row;
	struct rows *rows;
	const char *outcome = request_param(r, "outcome"), *after = request_param(r, "after");
	uint64_t behind = 0;
	if (after && str_to_u64(str_from(after), INT64_MAX, &behind))
		return faults_add(&r->faults, "type", "after", "must be the number of a row");
	int err = read_row(r, &row);
	if (err)
		return err;
	json_t *items = json_array();
	err = db_query(r->db,
		"SELECT x.n, x.outcome, x.record, x.twin, x.cells, x.faults, c.choice FROM import_row x LEFT "
		"JOIN import_choice c"
		" ON c.parent = x.parent AND c.n = x.n WHERE x.parent = $1 AND x.n > $2 AND (x.outcome = $3 "
		"OR $3 = '')"
		" ORDER BY x.n LIMIT $4",
		ARGS(V_INT(row.id), V_INT((int64_t)behind), V_Z(outcome ? outcome : ""), V_INT(ROWS_SHOWN)),
		&rows);
	if (!err) {
		while (rows_next(rows))
			json_array_append_new(items, row_json(r, row.res, rows));
		err = rows_end(rows);
	}
	import_done(&row);
	if (err) {
		json_decref(items);
		return err;
	}
	return reply_json(r, 200, json_pack("{s:o}", "items", items));
}

struct chosen {
	int64_t id, n;
	const char *choice;
	bool refused;
};

static int write_choice(struct db *db, void *arg)
{
	struct chosen *c = arg;
	bool is_free = false;
	int err = claim(db, c->id, &is_free);
	c->refused = !is_free;
	if (err || !is_free)
		return err;
	err = db_run(db, "DELETE FROM import_choice WHERE parent = $1 AND n = $2",
		ARGS(V_INT(c->id), V_INT(c->n)));
	if (!err && c->choice)
		err = db_run(db, "INSERT INTO import_choice (parent, n, choice) VALUES ($1, $2, $3)",
			ARGS(V_INT(c->id), V_INT(c->n), V_Z(c->choice)));
	return err;
}

int import_choose(struct request *r)
{
	struct import_row row;
	struct chosen c = { .n = request_id(r, 3) };
	const json_t *choice = json_object_get(r->body, "choice");
	int err = read_row(r, &row);
	if (err)
		return err;
	c.id = row.id;
	import_done(&row);
	c.choice = json_string_value(choice);
	if (!choice ||
		(!json_is_null(choice) && (!c.choice || import_choice_of(c.choice) == IMPORT_CHOICE__MAX)))
		return faults_add(&r->faults, "choice", "choice", "must be skip, update, create or null");
	if (!c.n)
		return -E_NOT_FOUND;
	err = request_write(r, write_choice, &c);
	if (!err && c.refused)
		err = busy(r);
	return err ? err : reply_import(r, c.id, 200, NULL);
}

int import_refused(struct request *r)
{
	struct import_row row;
	int err = read_row(r, &row);
	if (err)
		return err;
	const char *dot = strrchr(row.file_name, '.');
	bool xlsx = dot && strcasecmp(dot, ".xlsx") == 0;
	CLEANUP(mem_freep)
	char *name = mem_printf("%.*s_%s.%s", dot ? (int)(dot - row.file_name) : 100, row.file_name,
		strncmp(r->session.language, "zh", 2) == 0 ? "拒绝的行" : "refused", xlsx ? "xlsx" : "csv");
	CLEANUP(mem_freep) char *path = refused_path(r->desk, row.id);
	bool works = strcmp(row.phase, "checking") == 0 || strcmp(row.phase, "running") == 0;
	import_done(&row);
	return works ? busy(r) : reply_file(r, path, name);
}

/* Old ones. */

static int take_old(struct db *db, void *arg)
{
	json_t *ids = arg;
	struct rows *rows;
	int64_t before = clock_wall_ms() - KEEP_MS;
	int err = db_query(db,
		"SELECT id FROM import WHERE updated < $1 AND phase NOT IN ('checking', 'running') LIMIT 100",
		ARGS(V_INT(before)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		json_array_append_new(ids, json_integer(rows_int(rows, 0)));
	err = rows_end(rows);
	for (size_t i = 0; i < json_array_size(ids) && !err; i++)
		err = db_run(db, "DELETE FROM import WHERE id = $1",
			ARGS(V_INT(json_integer_value(json_array_get(ids, i)))));
	return err;
}

void imports_sweep(struct desk *desk)
{
	json_t *ids = json_array(), *id;
	size_t i;
	int err = store_write(desk->store, STORE_BATCH, take_old, ids);
	json_array_foreach (ids, i, id)
		if (!err)
			remove_files(desk, json_integer_value(id));
	if (err)
		log_(LOG_DESK, LOG_WARN, "old imports were not removed err=%s", err_name(err));
	json_decref(ids);
}
