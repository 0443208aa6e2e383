/* From a record to what refers to it: every reference stands in a descriptor, and is a filter of the list of
 * those who have it, which knows what the reader may see. */
#include "base/js.h"
#include "base/mem.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct relating {
	struct db *db;
	const struct resource *target;
	const struct actor *actor;
	char id[24];
	json_t *list;
};

static int count(struct relating *r, const struct resource *res, const char *filter, int64_t *ret_total)
{
	const struct param params[] = { { filter, r->id }, { "limit", "1" }, { "fields", "id" },
		{ "sort", "id" } };
	const struct list_query query = { .params = params, .n_params = ARRAY_LEN(params) };
	struct faults faults = { .n = 0 };
	json_t *page = NULL;
	int err = model_list(r->db, res, r->actor, &query, &page, &faults);
	*ret_total = err ? 0 : js_int(page, "total", 0);
	json_decref(page);
	return err;
}

/* list is NULL for a field of the record itself. */
static int relate(
	struct relating *r, const struct resource *res, const struct field *list, const struct field *f)
{
	char name[96];
	int64_t total = 0;
	const struct label *label = list ? &list->label : &f->label;
	if (f->type != FT_REF || strcmp(f->ref, r->target->name) != 0 || !field_filters(f))
		return 0;
	snprintf(name, sizeof(name), "%s%s%s", list ? list->name : "", list ? "." : "", f->name);
	int err = count(r, res, name, &total);
	if (total)
		json_array_append_new(r->list,
			json_pack("{s:s, s:s, s:{s:s, s:s}, s:I}", "resource", res->plural, "field", name,
				"label", "zh", label->zh, "en", label->en, "total", (json_int_t)total));
	return err;
}

static int relate_all(struct relating *r, const struct resource *res)
{
	int err = 0;
	for (size_t i = 0; i < res->n_fields && !err; i++) {
		const struct field *f = &res->fields[i];
		err = relate(r, res, NULL, f);
		for (size_t k = 0; f->type == FT_LIST && k < f->child->n_fields && !err; k++)
			err = relate(r, res, f, &f->child->fields[k]);
	}
	return err;
}

int model_relations(struct db *db, const struct resource *res, const struct actor *actor, int64_t id,
	json_t **ret_relations)
{
	struct relating r = { .db = db, .target = res, .actor = actor, .list = json_array() };
	json_t *record = NULL;
	int err = record_get(db, res, actor, id, false, &record);
	json_decref(record);
	snprintf(r.id, sizeof(r.id), "%" PRId64, id);
	for (size_t i = 0; i < resources_n && !err; i++) {
		const struct resource *other = catalogue_at(actor->catalogue, i);
		if (may(actor, other, VERB_READ))
			err = relate_all(&r, other);
	}
	if (err)
		json_decref(r.list);
	else
		*ret_relations = r.list;
	return err;
}
