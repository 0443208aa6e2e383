/* One search over what the reader may see, a few of each kind: for the field that finds anything (Ctrl+K). */
#include "base/js.h"
#include "base/mem.h"
#include "desk/routes.h"
#include "model/areas.h"

#include <stdio.h>
#include <string.h>

#define EACH_DEFAULT "5"
#define EACH_MAX 20

/* What is searched, in the order in which it is shown; what a record is called, and what stands beside it:
 * names of fields, the first that has something. */
static const struct {
	const struct resource *res;
	const char *title[3], *subtitle[4];
	const char *page; /* of the browser, before the id */
} kinds[] = {
	{ &customer_resource, { "name" }, { "company" }, "/customers" },
	{ &agent_resource, { "name" }, { "number" }, "/admin/agents" },
	{ &user_resource, { "full_name", "name" }, { "name" }, "/admin/users" },
	{ &team_resource, { "name" }, { "leader_name" }, "/admin/teams" },
	{ &queue_resource, { "name" }, { NULL }, "/admin/queues" },
	{ &did_resource, { "name" }, { "number" }, "/admin/dids" },
	{ &interaction_resource, { "customer_name", "party", "from" }, { "started" }, "/interactions" },
};

static const char *first_of(const json_t *record, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n && names[i]; i++) {
		const char *text = js_str(record, names[i], "");
		if (*text)
			return text;
	}
	const json_t *number = json_array_get(json_object_get(record, "numbers"), 0);
	return js_str(number, "number", NULL);
}

static void add_found(size_t kind, const json_t *page, json_t *items)
{
	size_t i;
	json_t *record;
	json_array_foreach (json_object_get(page, "items"), i, record) {
		const char *id = js_str(record, "id", "");
		json_t *item = json_pack("{s:s, s:s, s:o}", "resource", kinds[kind].res->plural, "id", id,
			"path", json_sprintf("%s/%s", kinds[kind].page, id));
		js_set_str(item, "title", first_of(record, kinds[kind].title, ARRAY_LEN(kinds[kind].title)));
		js_set_str(item, "subtitle",
			first_of(record, kinds[kind].subtitle, ARRAY_LEN(kinds[kind].subtitle)));
		json_array_append_new(items, item);
	}
}

int find_read(struct request *r)
{
	const char *q = request_param(r, "q"), *limit = request_param(r, "limit");
	const struct param params[] = { { "q", q }, { "limit", limit ? limit : EACH_DEFAULT } };
	const struct list_query query = {
		.params = params, .n_params = ARRAY_LEN(params), .limit_max = EACH_MAX, .count_max = 1
	};
	if (!q || !*q)
		return faults_add(&r->faults, "required", "q", "is required");
	json_t *items = json_array();
	int err = 0;
	for (size_t i = 0; i < ARRAY_LEN(kinds) && !err; i++) {
		json_t *page = NULL;
		if (!may(&r->actor, kinds[i].res, VERB_READ))
			continue;
		const struct resource *res = catalogue_resource(r->actor.catalogue, kinds[i].res);
		err = model_list(r->db, res, &r->actor, &query, &page, &r->faults);
		if (!err)
			add_found(i, page, items);
		json_decref(page);
	}
	if (err) {
		json_decref(items);
		return err;
	}
	return reply_json(r, 200, json_pack("{s:o}", "items", items));
}
