/* Nothing that others refer to is deleted. Every reference stands in a descriptor, so they are found there.
 */
#include "model/uses.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 10

struct use {
	int64_t id;
	char name[200];
};

struct search {
	const struct change *c;
	const struct resource *target;
	int64_t id;
	size_t found;
	bool bin; /* what has been deleted counts too */
};

static bool counts(const struct search *s, const struct field *f)
{
	return f->type == FT_REF && strcmp(f->ref, s->target->name) == 0 &&
		!(f->flags & (F_READONLY | F_WEAK));
}

static int note(struct search *s, const struct resource *res, const struct use *use)
{
	char path[96];
	bool may_read = false;
	int err = scope_has(s->c->db, s->c->actor, res, right_of(res, VERB_READ), use->id, &may_read);
	may_read = may_read && may(s->c->actor, res, VERB_READ);
	if (err || s->c->faults->n >= SHOWN_MAX)
		return err;
	if (may_read)
		snprintf(path, sizeof(path), "%s/%" PRId64, res->plural, use->id);
	else
		snprintf(path, sizeof(path), "%s", res->plural);
	(void)faults_add(s->c->faults, "in_use", path, "%s", may_read ? use->name : "");
	return 0;
}

/* list is NULL for a field of the record itself. */
static int look(struct search *s, const struct resource *res, const struct field *list, const struct field *f)
{
	struct sql q;
	struct rows *rows;
	struct use uses[SHOWN_MAX];
	size_t n = 0;
	const struct field *title = resource_field(res, str_from(res->title));
	sql_init(&q);
	sql_add(&q, "SELECT DISTINCT t.id, t.%s FROM %s t", field_column(title), res->table);
	if (list)
		sql_add(&q, " JOIN %s c ON c.parent = t.id", list->child->table);
	sql_add(&q, " WHERE %s.%s = ", list ? "c" : "t", field_column(f));
	sql_arg(&q, V_INT(s->id));
	sql_add(&q, "%s LIMIT %d", res_keeps(res) && !s->bin ? " AND t.deleted IS NULL" : "", SHOWN_MAX);
	int err = sql_query(&q, s->c->db, &rows);
	if (!err) {
		for (; n < SHOWN_MAX && rows_next(rows); n++) {
			uses[n].id = rows_int(rows, 0);
			snprintf(uses[n].name, sizeof(uses[n].name), STR_FMT, STR_ARG(rows_str(rows, 1)));
		}
		err = rows_end(rows);
	}
	sql_done(&q);
	s->found += n;
	for (size_t i = 0; i < n && !err; i++)
		err = note(s, res, &uses[i]);
	return err;
}

static int look_at(struct search *s, const struct resource *res, const struct field *f)
{
	int err = counts(s, f) ? look(s, res, NULL, f) : 0;
	for (size_t i = 0; f->type == FT_LIST && i < f->child->n_fields && !err; i++)
		if (counts(s, &f->child->fields[i]))
			err = look(s, res, f, &f->child->fields[i]);
	return err;
}

static int look_everywhere(const struct change *c, const struct resource *res, int64_t id, bool bin)
{
	struct search s = { c, res, id, 0, bin };
	int err = 0;
	for (size_t i = 0; i < resources_n; i++)
		for (size_t k = 0; k < resources[i]->n_fields && !err; k++)
			err = look_at(&s, resources[i], &resources[i]->fields[k]);
	return err ? err : s.found ? -E_STATE : 0;
}

int uses_check(const struct change *c, const struct resource *res, int64_t id)
{
	return look_everywhere(c, res, id, false);
}

int uses_check_all(const struct change *c, const struct resource *res, int64_t id)
{
	return look_everywhere(c, res, id, true);
}
