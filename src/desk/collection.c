/* The collections of src/model over HTTP: rights, ETag and If-Match, and what follows a change:
 * the switch's configuration, the watchers, the sessions of a changed user. */
#include "desk/duty.h"
#include "desk/hub.h"
#include "desk/outbox.h"
#include "desk/routes.h"
#include "desk/shapes.h"
#include "desk/signin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STALE_MAX 5 /* times that fields are changed while one record is written */

static const struct resource *resource_of(const struct request *r)
{
	return catalogue_of_plural(r->actor.catalogue, str_from(r->parts[0]));
}

static void set_etag(struct request *r, const json_t *record)
{
	http_set(r->http, "ETag", "\"%" PRId64 "\"", js_int(record, "version", 0));
}

/* The format of a file that the list is wanted as; SHEET_FORMAT__MAX: as JSON. */
static int wanted_format(struct request *r, enum sheet_format *ret_format)
{
	const char *format = request_param(r, "format");
	*ret_format = SHEET_FORMAT__MAX;
	if (!format && str_casestarts(http_header(r->http, "Accept"), STR("text/csv")))
		*ret_format = SHEET_CSV;
	if (!format || strcmp(format, "json") == 0)
		return 0;
	*ret_format = sheet_format_from_string(format);
	if (*ret_format == SHEET_FORMAT__MAX)
		return faults_add(&r->faults, "choice", "format", "must be json, csv or xlsx");
	return 0;
}

int collection_list(struct request *r)
{
	const struct resource *res = resource_of(r);
	enum sheet_format format;
	json_t *page = NULL;
	if (!may(&r->actor, res, VERB_READ))
		return -E_FORBIDDEN;
	if (wanted_format(r, &format))
		return -E_INVALID;
	if (format != SHEET_FORMAT__MAX)
		return export_may(&r->actor, res) ? export_send(r, res, format) : -E_FORBIDDEN;
	struct list_query query = { .params = r->params, .n_params = r->n_params };
	int err = model_list(r->db, res, &r->actor, &query, &page, &r->faults);
	return err ? err : reply_json(r, 200, page);
}

/* A configuration that the switch refused is told with the record. */
static int reply_record(
	struct request *r, const struct resource *res, int64_t id, int status, const struct fault *refusal)
{
	const struct duty *duty = duty_of(res);
	json_t *record = NULL;
	int err = model_get(r->db, res, &r->actor, id, &record);
	if (err == -E_NOT_FOUND && status == 201) /* he may make them and not read them */
		return reply_json(r, status, json_pack("{s:o}", "id", json_sprintf("%" PRId64, id)));
	if (err == -E_NOT_FOUND && duty->gone)
		return duty->gone(r, id);
	if (!err && status == 201 && duty->answer)
		err = duty->answer(r, record, id);
	if (err) {
		json_decref(record);
		return err;
	}
	set_etag(r, record);
	if (refusal && refusal->code[0])
		json_object_set_new(record, "config_fault",
			json_pack("{s:s, s:s, s:s}", "field", refusal->field, "code", refusal->code,
				"message", refusal->text));
	return reply_json(r, status, record);
}

static bool is_of_bin(const struct request *r)
{
	const char *deleted = request_param(r, "deleted");
	return deleted && strcmp(deleted, "true") == 0;
}

int collection_read(struct request *r)
{
	const struct resource *res = resource_of(r);
	json_t *record = NULL;
	if (!may(&r->actor, res, VERB_READ))
		return -E_FORBIDDEN;
	if (!is_of_bin(r))
		return reply_record(r, res, request_id(r, 1), 200, NULL);
	int err = model_get_deleted(r->db, res, &r->actor, request_id(r, 1), &record);
	if (err)
		return err;
	set_etag(r, record);
	return reply_json(r, 200, record);
}

int collection_relations(struct request *r)
{
	const struct resource *res = resource_of(r);
	json_t *list = NULL;
	if (!may(&r->actor, res, VERB_READ))
		return -E_FORBIDDEN;
	int err = model_relations(r->db, res, &r->actor, request_id(r, 1), &list);
	return err ? err : reply_json(r, 200, json_pack("{s:o}", "items", list));
}

struct work {
	struct request *r;
	struct edit edit;
	struct fault refusal; /* of the switch */
	bool stale;           /* the body was checked by fields that are others now */
};

static int check_shapes(struct db *db, struct work *w)
{
	bool fits = true;
	int err = w->edit.res->can & RES_CUSTOM ? shapes_fit(db, w->r, &fits) : 0;
	w->stale = !err && !fits;
	return w->stale ? -E_AGAIN : err;
}

static int change(struct db *db, void *arg)
{
	struct work *w = arg;
	struct change c = request_change(w->r, db);
	int err = check_shapes(db, w);
	return err ? err : edit_write(&c, &w->edit);
}

/* What follows a commit and need not survive us; the rest is in the outbox. The switch's refusal does not
 * undo the record: when it comes in time it is told with it, and always in /health and in the log. */
static void follow_up(struct work *w)
{
	struct desk *desk = w->r->desk;
	const struct edit *e = &w->edit;
	signin_taken(desk, e->ended); /* first: who is signed out is not asked to come again */
	if (e->res->can & RES_RIGHTS)
		signin_renew(w->r);
	edit_follow(desk, e);
	hub_changed(desk->hub, e->res, e->id, &e->owners);
	if (e->effect && outbox_wait(desk->outbox, e->effect, &w->refusal) != -E_INVALID)
		w->refusal = (struct fault){ 0 };
}

/* Checks the body and writes. */
static int attempt(struct request *r, struct work *w)
{
	struct edit *e = &w->edit;
	const struct duty *duty = duty_of(e->res);
	bool draws = e->verb == VERB_CREATE || e->verb == VERB_UPDATE;
	int err = 0;
	if (draws)
		err = model_draft(e->res, r->body, e->verb == VERB_CREATE, &e->draft, &r->faults);
	if (!err && draws && duty->check)
		err = duty->check(r->db, e->id, r->body, &r->faults);
	if (!err)
		err = request_write(r, change, w);
	json_decref(e->draft);
	e->draft = NULL;
	return err;
}

static int run(struct request *r, struct work *w)
{
	struct edit *e = &w->edit;
	e->ended = json_array();
	if (e->verb == VERB_UPDATE && e->id == r->actor.user)
		e->session = r->session.id;
	int err = attempt(r, w);
	for (int n = 0; n < STALE_MAX && err == -E_AGAIN && w->stale; n++) {
		err = shapes_renew(r); /* the resource that it had is gone with its catalogue */
		e->res = resource_of(r);
		if (!err)
			err = attempt(r, w);
	}
	if (!err)
		follow_up(w);
	json_decref(e->ended);
	return err;
}

int collection_create(struct request *r)
{
	struct work w = { .r = r, .edit = { .res = resource_of(r), .verb = VERB_CREATE } };
	if (!may(&r->actor, w.edit.res, VERB_CREATE))
		return -E_FORBIDDEN;
	int err = run(r, &w);
	if (err)
		return err;
	http_set(r->http, "Location", "/api/v1/%s/%" PRId64, w.edit.res->plural, w.edit.id);
	return reply_record(r, w.edit.res, w.edit.id, 201, &w.refusal);
}

/* With the record as it is now, so that the page can show what the other has changed. */
static int reply_conflict(struct request *r, const struct work *w)
{
	json_t *record = NULL;
	int err = model_get(r->db, w->edit.res, &r->actor, w->edit.id, &record);
	if (err)
		return err;
	set_etag(r, record);
	r->extra = json_pack("{s:o}", "current", record);
	return -E_CONFLICT;
}

int collection_update(struct request *r)
{
	struct work w = { .r = r,
		.edit = { .res = resource_of(r), .verb = VERB_UPDATE, .id = request_id(r, 1) } };
	if (!may(&r->actor, w.edit.res, VERB_UPDATE))
		return -E_FORBIDDEN;
	w.edit.version = request_version(r);
	int err = run(r, &w);
	if (err == -E_CONFLICT)
		return reply_conflict(r, &w);
	return err ? err : reply_record(r, w.edit.res, w.edit.id, 200, &w.refusal);
}

/* [{"resource": "queues", "id", "name"}] of what refers to it. */
static int reply_in_use(struct request *r)
{
	json_t *uses = json_array();
	for (size_t i = 0; i < r->faults.n; i++) {
		struct str id = str_from(r->faults.list[i].field);
		struct str plural = str_cut(&id, '/');
		json_t *use = json_pack("{s:s%}", "resource", plural.p, plural.n);
		if (id.n) {
			js_set_str(use, "id", id.p);
			js_set_str(use, "name", r->faults.list[i].text);
		}
		json_array_append_new(uses, use);
	}
	r->extra = json_pack("{s:o}", "uses", uses);
	return request_refuse(r, 409, "in_use", "something else refers to it");
}

/* What is in the bin is deleted for good. */
int collection_delete(struct request *r)
{
	struct work w = { .r = r,
		.edit = { .res = resource_of(r), .verb = VERB_DELETE, .id = request_id(r, 1) } };
	if (is_of_bin(r))
		w.edit.verb = VERB_PURGE;
	if (!may(&r->actor, w.edit.res, w.edit.verb))
		return -E_FORBIDDEN;
	w.edit.version = request_version(r);
	int err = run(r, &w);
	if (err == -E_STATE)
		return reply_in_use(r);
	return err ? err : reply_none(r);
}

struct revealing {
	struct request *r;
	const struct resource *res;
	json_t *answer;
};

static int do_reveal(struct db *db, void *arg)
{
	struct revealing *w = arg;
	struct change c = request_change(w->r, db);
	return model_reveal(&c, w->res, request_id(w->r, 1), w->r->body, &w->answer);
}

static int reveal(struct request *r, const struct resource *res)
{
	struct revealing w = { r, res, NULL };
	if (!may(&r->actor, res, VERB_REVEAL))
		return -E_FORBIDDEN;
	int err = request_write(r, do_reveal, &w);
	if (err == -E_AGAIN) {
		http_set(r->http, "Retry-After", "600");
		return request_refuse(r, 429, "too_many", "too many values revealed within the hour");
	}
	if (err)
		json_decref(w.answer);
	return err ? err : reply_json(r, 200, w.answer);
}

int collection_act(struct request *r)
{
	if (resource_of(r)->can & RES_MASKED && strcmp(r->parts[2], "reveal") == 0)
		return reveal(r, resource_of(r));
	struct work w = { .r = r,
		.edit = { .res = resource_of(r), .verb = VERB_RESTORE, .id = request_id(r, 1) } };
	bool restore = res_keeps(w.edit.res) && strcmp(r->parts[2], "restore") == 0;
	if (!restore && !model_has_action(w.edit.res, r->parts[2], &w.edit.verb))
		return -E_NOT_FOUND;
	if (!may(&r->actor, w.edit.res, w.edit.verb))
		return -E_FORBIDDEN;
	w.edit.action = restore ? NULL : r->parts[2];
	w.edit.version = request_version(r);
	int err = run(r, &w);
	if (err == -E_STATE && r->faults.n)
		return request_refuse(r, 409, r->faults.list[0].code, "%s", r->faults.list[0].text);
	return err ? err : reply_record(r, w.edit.res, w.edit.id, 200, &w.refusal);
}
