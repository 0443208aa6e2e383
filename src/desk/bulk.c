/* POST /{plural}/bulk: which records, and what becomes of each. A savepoint holds one record, so that one
 * that is refused takes nothing with it; a dry run goes back to it in any case. */
#include "desk/bulk.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/hub.h"
#include "desk/outbox.h"
#include "desk/routes.h"
#include "desk/selection.h"
#include "desk/shapes.h"
#include "desk/signin.h"
#include "desk/standing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDS_MAX 10000

const char *const bulk_outcomes[BULK_OUTCOME__MAX] = { "done", "conflict", "forbidden", "refused" };

static bool is_of_the_row(int err)
{
	return err == -E_INVALID || err == -E_EXISTS || err == -E_NOT_FOUND || err == -E_CONFLICT ||
		err == -E_STATE || err == -E_FORBIDDEN;
}

static enum bulk_outcome outcome_of(int err, const struct faults *faults)
{
	bool beyond = err == -E_INVALID && faults->n && strcmp(faults->list[0].code, "scope") == 0;
	if (err == -E_CONFLICT)
		return BULK_CONFLICT;
	return err == -E_FORBIDDEN || beyond ? BULK_FORBIDDEN : BULK_REFUSED;
}

/* What refers to a record that was to be deleted is told by name: the field of the fault is its path. */
static void blame(struct bulk_row *row, int err, const struct faults *faults)
{
	row->outcome = outcome_of(err, faults);
	if ((err == -E_INVALID || err == -E_STATE) && faults->n)
		row->fault = faults->list[0];
	else
		(void)fault_set(&row->fault, err_name(err), "", "%s", err_text(err));
}

static int write_row(const struct bulk_piece *p, struct change *c, struct bulk_row *row)
{
	row->edit = (struct edit){ .res = p->bulk->res,
		.verb = p->bulk->verb,
		.action = p->bulk->action,
		.id = row->id,
		.version = row->version,
		.session = row->id == p->actor->user ? p->session : 0,
		.ended = p->ended };
	int err = bulk_draft(p->bulk, c, row->id, &row->edit.draft);
	if (!err)
		err = edit_write(c, &row->edit);
	json_decref(row->edit.draft);
	row->edit.draft = NULL;
	return err;
}

static int try_row(struct db *db, const struct bulk_piece *p, struct bulk_row *row)
{
	struct faults faults = { .n = 0 };
	struct change c = { .db = db,
		.ids = &p->desk->ids,
		.now_ms = clock_wall_ms(),
		.actor = p->actor,
		.faults = &faults };
	size_t n_ended = json_array_size(p->ended);
	int err = db_run(db, "SAVEPOINT bulk", NO_ARGS);
	if (err)
		return err;
	int wrong = write_row(p, &c, row);
	if (wrong && !is_of_the_row(wrong))
		return wrong;
	row->outcome = BULK_DONE;
	if (wrong)
		blame(row, wrong, &faults);
	while ((wrong || p->dry) && json_array_size(p->ended) > n_ended)
		json_array_remove(p->ended, n_ended);
	if (wrong || p->dry)
		err = db_run(db, "ROLLBACK TO bulk", NO_ARGS);
	return err ? err : db_run(db, "RELEASE bulk", NO_ARGS);
}

int bulk_write(struct db *db, struct bulk_piece *p)
{
	int err = 0;
	json_array_clear(p->ended);
	for (size_t i = 0; i < p->n && !err; i++)
		err = try_row(db, p, &p->rows[i]);
	return err;
}

static bool is_noted(const struct owners *owners, const struct owner *one)
{
	for (size_t i = 0; i < owners->n; i++)
		if (memcmp(&owners->list[i], one, sizeof(*one)) == 0)
			return true;
	return false;
}

/* Together: everybody whose rows are among them is told that the list is another now. */
static void tell_pages(const struct bulk_piece *p)
{
	struct owners told = { .n = 0 };
	bool any = false;
	for (size_t i = 0; i < p->n; i++) {
		const struct owners *owners = &p->rows[i].edit.owners;
		if (p->rows[i].outcome != BULK_DONE)
			continue;
		any = true;
		for (size_t k = 0; k < owners->n; k++) {
			if (is_noted(&told, &owners->list[k]))
				continue;
			if (told.n == OWNERS_MAX) {
				hub_changed(p->desk->hub, p->bulk->res, 0, &told);
				told.n = 0;
			}
			told.list[told.n++] = owners->list[k];
		}
	}
	if (any)
		hub_changed(p->desk->hub, p->bulk->res, 0, &told);
}

static void renew_rights(struct desk *desk)
{
	struct db *db = store_reader(desk->store);
	standing_changed(desk, db);
	store_reader_return(desk->store, db);
}

void bulk_follow(const struct bulk_piece *p, bool whole, struct fault *ret_refusal)
{
	int64_t effect = 0;
	signin_taken(p->desk, p->ended);
	if (p->bulk->res->can & RES_RIGHTS)
		renew_rights(p->desk);
	for (size_t i = 0; i < p->n; i++) {
		const struct edit *e = &p->rows[i].edit;
		if (p->rows[i].outcome != BULK_DONE)
			continue;
		edit_follow(p->desk, e);
		effect = e->effect > effect ? e->effect : effect;
		if (whole)
			hub_changed(p->desk->hub, e->res, e->id, &e->owners);
	}
	if (!whole)
		tell_pages(p);
	*ret_refusal = (struct fault){ 0 };
	if (effect && outbox_wait(p->desk->outbox, effect, ret_refusal) != -E_INVALID)
		*ret_refusal = (struct fault){ 0 };
}

/* What the request asks for. */
struct asked {
	struct request *r;
	const struct resource *res;
	struct bulk bulk;
	json_t *pairs; /* of the list's query */
	struct bulk_row *rows;
	size_t n;
	int64_t total;
	bool dry;
};

static void check_members(struct request *r)
{
	const json_t *value = json_object_get(r->body, "dry");
	if (value && !json_is_boolean(value))
		(void)faults_add(&r->faults, "type", "dry", "must be true or false");
	if (!json_object_get(r->body, "ids") == !json_object_get(r->body, "query"))
		(void)faults_add(&r->faults, "required", "ids", "either ids or query says which records");
}

static int by_id(const void *a, const void *b)
{
	int64_t left = ((const struct bulk_row *)a)->id, right = ((const struct bulk_row *)b)->id;
	return left < right ? -1 : left > right;
}

/* ["5", {"id": "7", "version": 3}]. In the order of their ids, so that two who change the same records go
 * through them in the same way. */
static int read_ids(struct asked *a)
{
	const json_t *ids = json_object_get(a->r->body, "ids");
	size_t i;
	json_t *item;
	if (!json_is_array(ids) || !json_array_size(ids) || json_array_size(ids) > IDS_MAX)
		return faults_add(&a->r->faults, "range", "ids", "must be a list of 1 to %d", IDS_MAX);
	a->rows = mem_array(json_array_size(ids), sizeof(*a->rows));
	json_array_foreach ((json_t *)ids, i, item) {
		json_t *one = json_is_string(item) ? json_pack("{s:O}", "id", item) : json_incref(item);
		struct bulk_row *row = &a->rows[a->n++];
		row->id = js_id(one, "id");
		row->version = js_int(one, "version", 0);
		json_decref(one);
		if (row->id <= 0 || row->version < 0)
			return faults_add(
				&a->r->faults, "type", "ids", "must hold ids, or {\"id\", \"version\"}");
	}
	qsort(a->rows, a->n, sizeof(*a->rows), by_id);
	for (i = 0; i < a->n; i++) {
		a->rows[i].n = (int64_t)i + 1;
		if (i && a->rows[i].id == a->rows[i - 1].id)
			return faults_add(&a->r->faults, "taken", "ids", "names a record twice");
	}
	a->total = (int64_t)a->n;
	return 0;
}

static int read_selection(struct asked *a)
{
	const struct selection selection = { a->res, &a->r->actor, a->pairs };
	json_t *page = NULL, *item;
	size_t i;
	int err = selection_read(a->r, json_object_get(a->r->body, "query"), a->pairs);
	if (!err)
		err = selection_page(a->r->db, &selection, NULL, BULK_AT_ONCE, &page, &a->r->faults);
	if (err)
		return err;
	a->total = js_int(page, "total", 0);
	a->rows = mem_array(BULK_AT_ONCE, sizeof(*a->rows));
	json_array_foreach (json_object_get(page, "items"), i, item)
		a->rows[a->n++] = (struct bulk_row){ .n = (int64_t)i + 1, .id = js_id(item, "id") };
	json_decref(page);
	return 0;
}

static int read_asked(struct asked *a)
{
	struct request *r = a->r;
	check_members(r);
	if (r->faults.n)
		return -E_INVALID;
	int err = bulk_read(a->res, &r->actor, r->body, &a->bulk, &r->faults);
	if (err)
		return err;
	a->dry = json_is_true(json_object_get(r->body, "dry"));
	return json_object_get(r->body, "ids") ? read_ids(a) : read_selection(a);
}

/* At once. */

static json_t *uses_json(const struct fault *fault)
{
	struct str id = str_from(fault->field);
	struct str plural = str_cut(&id, '/');
	json_t *use = json_pack("{s:s%}", "resource", plural.p, plural.n);
	if (id.n) {
		js_set_str(use, "id", id.p);
		js_set_str(use, "name", fault->text);
	}
	return use;
}

/* A record that is not there for the reader has no name for him either. */
static json_t *row_json(struct asked *a, const struct bulk_row *row)
{
	json_t *record = NULL, *out = json_object();
	const char *title = a->res->title;
	bool in_use = strcmp(row->fault.code, "in_use") == 0;
	bool bin = a->bulk.verb == VERB_RESTORE || a->bulk.verb == VERB_PURGE;
	js_set_id(out, "id", row->id);
	int err = bin ? model_get_deleted(a->r->db, a->res, &a->r->actor, row->id, &record)
		      : model_get(a->r->db, a->res, &a->r->actor, row->id, &record);
	if (!err)
		json_object_set(out, "name", json_object_get(record, title));
	json_decref(record);
	js_set_str(out, "outcome", bulk_outcomes[row->outcome]);
	js_set_str(out, "field", in_use ? "" : row->fault.field);
	js_set_str(out, "code", row->fault.code);
	js_set_str(out, "message", in_use ? "something else refers to it" : row->fault.text);
	if (in_use)
		json_object_set_new(out, "uses", json_pack("[o]", uses_json(&row->fault)));
	return out;
}

static int reply_rows(struct asked *a, const struct fault *refusal)
{
	int64_t counts[BULK_OUTCOME__MAX] = { 0 };
	json_t *items = json_array(), *of = json_object();
	for (size_t i = 0; i < a->n; i++) {
		counts[a->rows[i].outcome]++;
		if (a->rows[i].outcome != BULK_DONE)
			json_array_append_new(items, row_json(a, &a->rows[i]));
	}
	for (size_t i = 0; i < BULK_OUTCOME__MAX; i++)
		js_set_int(of, bulk_outcomes[i], counts[i]);
	json_t *out = json_pack("{s:I, s:b, s:o, s:o}", "total", (json_int_t)a->n, "dry", a->dry, "counts",
		of, "items", items);
	if (refusal->code[0])
		json_object_set_new(out, "config_fault",
			json_pack("{s:s, s:s, s:s}", "field", refusal->field, "code", refusal->code,
				"message", refusal->text));
	return reply_json(a->r, 200, out);
}

static int write_now(struct db *db, void *arg)
{
	return bulk_write(db, arg);
}

static int do_at_once(struct asked *a)
{
	struct fault refusal = { 0 };
	struct bulk_piece piece = { .desk = a->r->desk,
		.bulk = &a->bulk,
		.actor = &a->r->actor,
		.session = a->r->session.id,
		.dry = a->dry,
		.rows = a->rows,
		.n = a->n,
		.ended = json_array() };
	int err = request_write(a->r, write_now, &piece);
	if (!err && !a->dry) {
		bulk_follow(&piece, true, &refusal);
		if (a->res->can & RES_CUSTOM)
			shapes_written(a->r->desk->shapes, a->r->catalogue);
		if (a->res->can & RES_RIGHTS)
			signin_renew(a->r);
	}
	json_decref(piece.ended);
	return err ? err : reply_rows(a, &refusal);
}

/* As a job. */

static int keep_rows(struct db *db, void *arg, int64_t job)
{
	const struct asked *a = arg;
	return json_object_get(a->r->body, "ids") ? bulk_keep_rows(db, job, a->rows, a->n) : 0;
}

/* What its run needs: the act as it was sent, and which records. */
static json_t *params_of(const struct asked *a)
{
	static const char *const words[] = { "patch", "add", "remove", "action" };
	json_t *params = json_pack("{s:s, s:b, s:s}", "resource", a->res->name, "dry", a->dry, "lang",
		js_str(a->r->body, "lang", a->r->session.language));
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (json_object_get(a->r->body, words[i]))
			json_object_set(params, words[i], json_object_get(a->r->body, words[i]));
	if (json_object_get(a->r->body, "ids"))
		js_set_bool(params, "selected", true);
	else
		json_object_set(params, "query", a->pairs);
	return params;
}

static int do_as_job(struct asked *a)
{
	struct label what = bulk_label(&a->bulk);
	bool chinese = strncmp(js_str(a->r->body, "lang", a->r->session.language), "zh", 2) == 0;
	json_t *params = params_of(a);
	int64_t id = 0;
	const char *trial = !a->dry ? "" : chinese ? "（预演）" : " (trial)";
	CLEANUP(mem_freep)
	char *label = chinese ? mem_printf("%s · %s%s", a->res->labels.zh, what.zh, trial)
			      : mem_printf("%s · %s%s", a->res->labels.en, what.en, trial);
	const struct job_spec spec = { .kind = &bulk_job,
		.resource = a->res->name,
		.label = label,
		.params = params,
		.total = a->total,
		.also = keep_rows,
		.also_arg = a };
	int err = jobs_start(a->r, &spec, &id);
	json_decref(params);
	return err ? err : reply_job(a->r, id, 202);
}

int bulk_create(struct request *r)
{
	struct asked a = { .r = r,
		.res = catalogue_of_plural(r->actor.catalogue, str_from(r->parts[0])),
		.pairs = json_array() };
	int err = read_asked(&a);
	if (!err)
		err = a.total <= BULK_AT_ONCE ? do_at_once(&a) : do_as_job(&a);
	bulk_done(&a.bulk);
	json_decref(a.pairs);
	free(a.rows);
	return err;
}
