/* Customers beyond what every resource has: who may be the same person, making one of two, and what has been
 * changed. All contacts and all changes of one that was merged are those of the one it went into. */
#include "base/js.h"
#include "base/mem.h"
#include "desk/customers.h"
#include "desk/hub.h"
#include "desk/routes.h"
#include "desk/shapes.h"
#include "model/alike.h"
#include "model/areas.h"
#include "model/mask.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HISTORY_MAX 200
#define MERGED_MAX 30

static const struct resource *customers_of(const struct request *r)
{
	return catalogue_resource(r->actor.catalogue, &customer_resource);
}

static int reply_alike(struct request *r, const json_t *person, int64_t except)
{
	json_t *list = NULL;
	int err = alike_find(r->db, &r->actor, person, except, &list);
	return err ? err : reply_json(r, 200, json_pack("{s:o}", "items", list));
}

int customer_duplicates(struct request *r)
{
	json_t *record = NULL;
	int64_t id = request_id(r, 1);
	int err = model_get(r->db, customers_of(r), &r->actor, id, &record);
	json_decref(record);
	record = NULL;
	if (!err)
		err = record_read(r->db, customers_of(r), id, &record); /* as it is, not as it is shown */
	if (!err)
		err = reply_alike(r, record, id);
	json_decref(record);
	return err;
}

int customers_like(struct request *r)
{
	static const char *const known[] = { "name", "number", "mail", "identity" };
	json_t *person = json_pack("{s:[], s:[]}", "numbers", "mails");
	for (size_t i = 0; i < r->n_params; i++) {
		const struct param *p = &r->params[i];
		size_t which = 0;
		while (which < ARRAY_LEN(known) && strcmp(known[which], p->name) != 0)
			which++;
		if (which == ARRAY_LEN(known)) {
			(void)faults_add(&r->faults, "unknown", p->name, "no such filter");
		} else if (which == 1 || which == 2) {
			json_t *list = json_object_get(person, which == 1 ? "numbers" : "mails");
			json_array_append_new(list, json_pack("{s:s}", p->name, p->value));
		} else {
			js_set_str(person, p->name, p->value);
		}
	}
	int err = r->faults.n ? -E_INVALID : reply_alike(r, person, 0);
	json_decref(person);
	return err;
}

/* What was not known of the one and is of the other, and what is to be taken from the other. */
static json_t *merged_draft(struct request *r, const json_t *one, const json_t *other)
{
	const struct resource *res = customers_of(r);
	const json_t *choices = json_object_get(r->body, "fields");
	json_t *draft = json_object();
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		json_t *mine = json_object_get(one, f->name), *its = json_object_get(other, f->name);
		const char *choice = js_str(choices, f->name, json_is_null(mine) ? "other" : "this");
		if (strcmp(choice, "this") != 0 && strcmp(choice, "other") != 0)
			(void)faults_add(&r->faults, "choice", f->name, "must be \"this\" or \"other\"");
		if (f->flags & (F_READONLY | F_CREATE_ONLY) || f->type == FT_LIST || !its)
			continue;
		if (strcmp(choice, "other") == 0)
			json_object_set(draft, f->name, its);
	}
	return draft;
}

static bool has_element(const json_t *list, const char *key, const json_t *value)
{
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)list, i, item)
		if (json_equal(json_object_get(item, key), value))
			return true;
	return false;
}

/* Elements of both; two of the same number, address or tag are one. */
static void add_lists(const struct resource *res, const json_t *one, const json_t *other, json_t *draft)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		size_t k;
		json_t *item;
		if (f->type != FT_LIST)
			continue;
		const char *key = f->child->fields[0].name;
		json_t *list = json_deep_copy(json_object_get(one, f->name));
		json_array_foreach (json_object_get(other, f->name), k, item) {
			bool keyed = strcmp(key, "kind") != 0; /* addresses and consents are kept, each */
			if (keyed && has_element(list, key, json_object_get(item, key)))
				continue;
			json_t *copy = json_deep_copy(item);
			json_object_del(copy, "id");
			json_array_append_new(list, copy);
		}
		json_object_set_new(draft, f->name, list);
	}
}

struct merge {
	struct request *r;
	int64_t id, other, version, other_version;
	bool fits; /* its catalogue is the latest */
};

/* Contacts go over, and so do those that went into the other one before. */
static int move_rows(struct db *db, const struct merge *m, int64_t now_ms)
{
	int err = db_run(db, "UPDATE interaction SET customer = $1 WHERE customer = $2",
		ARGS(V_INT(m->id), V_INT(m->other)));
	if (!err)
		err = db_run(db, "UPDATE customer_merged SET target = $1 WHERE target = $2",
			ARGS(V_INT(m->id), V_INT(m->other)));
	if (!err)
		err = db_run(db, "INSERT INTO customer_merged (id, target, at) VALUES ($1, $2, $3)",
			ARGS(V_INT(m->other), V_INT(m->id), V_INT(now_ms)));
	return err;
}

/* A prospect into whom a customer goes is one from now on, whoever may convert others. */
static int convert_with(const struct change *change, const struct resource *res, int64_t id,
	const json_t *one, const json_t *other)
{
	struct change c = *change;
	struct actor merger = *change->actor;
	if (strcmp(js_str(one, "kind", ""), "prospect") != 0 ||
		strcmp(js_str(other, "kind", ""), "customer") != 0)
		return 0;
	merger.rights = rights_all;
	c.actor = &merger;
	return model_move(&c, res, id, 0, "convert");
}

/* What is of custom fields, out of the body: values that were good once go over as they are, also those that
 * could not be chosen any more. */
static json_t *take_custom(const struct resource *res, json_t *body)
{
	json_t *custom = json_object();
	for (size_t i = 0; i < res->n_fields; i++) {
		json_t *value = json_object_get(body, res->fields[i].name);
		if (!(res->fields[i].flags & F_CUSTOM) || !value)
			continue;
		json_object_set(custom, res->fields[i].name, value);
		json_object_del(body, res->fields[i].name);
	}
	return custom;
}

static int write_merged(struct db *db, const struct merge *m, const json_t *one, const json_t *other)
{
	struct change c = request_change(m->r, db);
	c.takes_old_words = true;
	const struct resource *res = customers_of(m->r);
	json_t *body = merged_draft(m->r, one, other), *draft = NULL;
	json_t *custom = take_custom(res, body);
	add_lists(res, one, other, body);
	int err = m->r->faults.n ? -E_INVALID : 0;
	struct faults faults = { .n = 0 };
	if (!err && (err = model_draft(res, body, false, &draft, &faults)))
		m->r->faults = faults;
	json_object_update(draft, custom);
	json_decref(custom);
	if (!err)
		err = move_rows(db, m, c.now_ms);
	if (!err)
		err = model_delete(&c, res, m->other, m->other_version);
	if (!err)
		err = model_update(&c, res, m->id, m->version, draft);
	if (!err)
		err = convert_with(&c, res, m->id, one, other);
	if (!err) {
		json_t *changes = json_pack("{s:[n, o], s:[n, O]}", "other",
			json_sprintf("%" PRId64, m->other), "other_name", json_object_get(other, "name"));
		err = model_audit(&c, "merge", "customer", m->id, changes);
		json_decref(changes);
	}
	json_decref(body);
	json_decref(draft);
	return err;
}

/* A customer whom the actor may read, with what is masked for him in clear: it is merged, not shown. */
static int read_whole(struct db *db, struct request *r, int64_t id, json_t **ret_record)
{
	json_t *shown = NULL;
	int err = model_get(db, customers_of(r), &r->actor, id, &shown);
	json_decref(shown);
	return err ? err : record_read(db, customers_of(r), id, ret_record);
}

static int merge_work(struct db *db, void *arg)
{
	struct merge *m = arg;
	json_t *one = NULL, *other = NULL;
	int err = shapes_fit(db, m->r, &m->fits);
	if (!err && !m->fits)
		err = -E_AGAIN;
	if (!err)
		err = read_whole(db, m->r, m->id, &one);
	if (!err && read_whole(db, m->r, m->other, &other))
		err = faults_add(&m->r->faults, "not_found", "other", "there is no such customer");
	if (!err)
		err = write_merged(db, m, one, other);
	json_decref(one);
	json_decref(other);
	return err;
}

int customer_merge(struct request *r)
{
	struct merge m = { .r = r,
		.id = request_id(r, 1),
		.other = js_id(r->body, "other"),
		.version = request_version(r),
		.other_version = js_int(r->body, "other_version", 0) };
	struct owners owners = { .n = 0 };
	json_t *record = NULL;
	if (!may(&r->actor, customers_of(r), VERB_UPDATE) || !may(&r->actor, customers_of(r), VERB_DELETE))
		return -E_FORBIDDEN;
	if (!m.other || m.other == m.id)
		return faults_add(
			&r->faults, m.other ? "choice" : "required", "other", "must be another customer");
	int err = scope_owners(r->db, customers_of(r), m.other, &owners);
	if (!err)
		err = request_write(r, merge_work, &m);
	if (err == -E_AGAIN && !m.fits && !(err = shapes_renew(r)))
		err = request_write(r, merge_work, &m);
	if (!err)
		err = scope_owners(r->db, customers_of(r), m.id, &owners);
	if (err)
		return err;
	hub_changed(r->desk->hub, customers_of(r), m.other, &owners);
	hub_changed(r->desk->hub, customers_of(r), m.id, &owners);
	err = model_get(r->db, customers_of(r), &r->actor, m.id, &record);
	return err ? err : reply_json(r, 200, record);
}

int customer_moved(struct request *r, int64_t id)
{
	int64_t target = 0;
	bool reads = false;
	int err = db_one_int(
		r->db, "SELECT target FROM customer_merged WHERE id = $1", ARGS(V_INT(id)), &target);
	if (!err)
		err = scope_has(r->db, &r->actor, &customer_resource, right_of(&customer_resource, VERB_READ),
			target, &reads);
	if (err || !reads)
		return err ? err : -E_NOT_FOUND;
	http_set(r->http, "Location", "/api/v1/customers/%" PRId64, target);
	return reply_json(r, 308, json_pack("{s:o}", "merged_into", json_sprintf("%" PRId64, target)));
}

/* The ids whose changes are this customer's, as filters of the audit trail. */
static int add_merged(struct request *r, int64_t id, struct list_query *query, struct param *params)
{
	struct rows *rows;
	int err =
		db_query(r->db, "SELECT id FROM customer_merged WHERE target = $1 ORDER BY at DESC LIMIT $2",
			ARGS(V_INT(id), V_INT(MERGED_MAX)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		params[query->n_params++] =
			(struct param){ "record", arena_printf(r->arena, "%" PRId64, rows_int(rows, 0)) };
	return rows_end(rows);
}

/* Whoever may read the customer reads what was changed of him, and by whom. */
int customer_history(struct request *r)
{
	struct param params[MERGED_MAX + 6] = { { "resource", "customer" }, { "sort", "-created" },
		{ "record", r->parts[1] } };
	struct list_query query = {
		.params = params, .n_params = 3, .limit_max = HISTORY_MAX, .whole = true
	};
	static const char *const passed_on[] = { "limit", "cursor" };
	json_t *customer = NULL, *page = NULL;
	int64_t id = request_id(r, 1);
	int err = model_get(r->db, customers_of(r), &r->actor, id, &customer);
	json_decref(customer);
	if (!err)
		err = add_merged(r, id, &query, params);
	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(passed_on); i++)
		if (request_param(r, passed_on[i]))
			params[query.n_params++] =
				(struct param){ passed_on[i], request_param(r, passed_on[i]) };
	err = model_list(r->db, &audit_resource, &r->actor, &query, &page, &r->faults);
	return err ? err : reply_json(r, 200, page);
}

/* Contacts of a number nobody had become his who has it now; of those alone whose numbers the maker may see,
 * or he would learn by this which are of a number that he tries. */
int customer_claim(struct db *db, const struct actor *actor, int64_t id)
{
	struct sql q;
	sql_init(&q);
	sql_add(&q, "UPDATE interaction AS t SET customer = ");
	sql_arg(&q, V_INT(id));
	sql_add(&q,
		" WHERE t.customer IS NULL AND t.party IN (SELECT n.number FROM customer_number n WHERE "
		"n.parent = ");
	sql_arg(&q, V_INT(id));
	sql_add(&q, ")");
	mask_scope(&q, &interaction_resource, actor, "t");
	int err = sql_run(&q, db);
	sql_done(&q);
	return err;
}
