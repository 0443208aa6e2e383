/* Which rows somebody may have to do with, as SQL. Lists of ids are padded to powers of two with their last
 * one, so that few different statements come into being. */
#include "base/mem.h"
#include "model/record.h"
#include "model/rights_int.h"

#include <string.h>

#define OWNERS_AT_ONCE 128

/* The expression with "@" as the alias of its table. */
static void add_aliased(struct sql *q, const char *expr, const char *alias)
{
	const char *mark;
	while ((mark = strchr(expr, '@')) != NULL) {
		sql_add(q, "%.*s%s", (int)(mark - expr), expr, alias);
		expr = mark + 1;
	}
	sql_add(q, "%s", expr);
}

static void add_ids(struct sql *q, const int64_t *ids, size_t n)
{
	size_t padded = 1;
	while (padded < n)
		padded *= 2;
	for (size_t i = 0; i < padded; i++) {
		sql_add(q, i ? ", " : "");
		sql_arg(q, V_INT(ids[i < n ? i : n - 1]));
	}
}

struct term {
	const char *expr;
	const struct ids *ids;
};

static void add_terms(struct sql *q, const struct scope *scope, const struct people *p, const char *alias)
{
	const struct term terms[] = { { scope->user, &p->users }, { scope->team, &p->teams },
		{ scope->site, &p->sites } };
	const char *join = "("; /* "1 = 0 OR" before them would keep SQLite from their indexes */
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		if (!terms[i].expr || !terms[i].ids->n)
			continue;
		sql_add(q, "%s", join);
		join = " OR ";
		add_aliased(q, terms[i].expr, alias);
		sql_add(q, " IN (");
		add_ids(q, terms[i].ids->list, terms[i].ids->n);
		sql_add(q, ")");
	}
	sql_add(q, *join == '(' ? "(1 = 0)" : ")");
}

static const struct scope *scope_for(const struct resource *res, int right)
{
	return res->writers && right != right_of(res, VERB_READ) ? res->writers : res->scope;
}

void scope_add(
	struct sql *q, const struct actor *actor, const struct resource *res, int right, const char *alias)
{
	struct people people;
	const struct scope *scope = scope_for(res, right);
	if (!actor || rights_reach(actor->rights, right) & SCOPE_ALL)
		return;
	if (res->can & RES_OPEN && right == right_of(res, VERB_READ))
		return;
	if (!rights_reach(actor->rights, right) || !scope) {
		sql_add(q, " AND 1 = 0");
		return;
	}
	rights_people(actor->rights, right, &people);
	sql_add(q, " AND ");
	if (scope->through) {
		sql_add(q, "EXISTS (SELECT 1 FROM ");
		add_aliased(q, scope->through, alias);
		sql_add(q, " AND ");
	}
	add_terms(q, scope, &people, alias);
	if (scope->through)
		sql_add(q, ")");
	people_done(&people);
}

int scope_has(struct db *db, const struct actor *actor, const struct resource *res, int right, int64_t id,
	bool *ret_has)
{
	struct sql q;
	struct rows *rows;
	sql_init(&q);
	sql_add(&q, "SELECT 1 FROM %s t WHERE t.id = ", res->table);
	sql_arg(&q, V_INT(id));
	if (right == right_of(res, VERB_READ))
		record_bin(&q, res, false);
	scope_add(&q, actor, res, right, "t");
	int err = sql_query(&q, db, &rows);
	if (!err) {
		*ret_has = rows_next(rows);
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

static void add_owner_column(struct sql *q, const char *expr)
{
	if (expr)
		add_aliased(q, expr, "t");
	else
		sql_add(q, "NULL");
}

static void add_owner(struct owners *owners, struct owner one)
{
	for (size_t i = 0; i < owners->n; i++) {
		const struct owner *o = &owners->list[i];
		if (o->user == one.user && o->team == one.team && o->site == one.site)
			return;
	}
	if (owners->n < OWNERS_MAX)
		owners->list[owners->n++] = one;
}

static int read_owners(
	struct db *db, const struct resource *res, const int64_t *ids, size_t n, struct owners *owners)
{
	struct sql q;
	struct rows *rows;
	sql_init(&q);
	sql_add(&q, "SELECT DISTINCT ");
	add_owner_column(&q, res->scope->user);
	sql_add(&q, ", ");
	add_owner_column(&q, res->scope->team);
	sql_add(&q, ", ");
	add_owner_column(&q, res->scope->site);
	sql_add(&q, " FROM %s t", res->table);
	if (res->scope->through) {
		sql_add(&q, ", ");
		add_aliased(&q, res->scope->through, "t");
	}
	sql_add(&q, "%s t.id IN (", res->scope->through ? " AND" : " WHERE");
	add_ids(&q, ids, n);
	sql_add(&q, ")");
	int err = sql_query(&q, db, &rows);
	if (!err) {
		while (rows_next(rows))
			add_owner(owners,
				(struct owner){ rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2) });
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

int scope_owners_of(
	struct db *db, const struct resource *res, const int64_t *ids, size_t n, struct owners *owners)
{
	int err = 0;
	for (size_t i = 0; i < n && !err && res->scope && owners->n < OWNERS_MAX; i += OWNERS_AT_ONCE)
		err = read_owners(db, res, ids + i, n - i < OWNERS_AT_ONCE ? n - i : OWNERS_AT_ONCE, owners);
	return err;
}

int scope_owners(struct db *db, const struct resource *res, int64_t id, struct owners *owners)
{
	return scope_owners_of(db, res, &id, 1, owners);
}
