/* Who may give what: nobody gives rights that he does not have, nor touches those of somebody who has more.
 * What somebody has is compared as it works out: by the users, teams and sites that each of his rights
 * reaches, so that the same role means more with one who stands higher. */
#include "base/js.h"
#include "base/mem.h"
#include "model/admit.h"
#include "model/areas.h"
#include "model/rights_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLDERS_MAX 500

#define HOLDERS_OF_ROLE "SELECT parent FROM user_role WHERE role = $1"
#define HOLDERS_OF_SET                                                                                       \
	"SELECT DISTINCT ur.parent FROM user_role ur JOIN role_grant g ON g.parent = ur.role WHERE"          \
	" g.data_set = $1"
/* Those who look down on a team: its own people and leader, and those of the teams above it. */
#define ABOVE_TEAM                                                                                           \
	"WITH RECURSIVE up (id) AS (SELECT CAST($1 AS BIGINT) UNION SELECT t.above FROM team t JOIN up u ON" \
	" t.id = u.id WHERE t.above IS NOT NULL) SELECT a.id FROM app_user a WHERE a.team IN"                \
	" (SELECT id FROM up) UNION SELECT l.leader FROM team l WHERE l.id IN (SELECT id FROM up) AND"       \
	" l.leader IS NOT NULL"

static bool ids_within(const struct ids *inner, const struct ids *outer, const struct ids *except)
{
	for (size_t i = 0; i < inner->n; i++)
		if (!ids_has(outer, inner->list[i]) && !ids_has(except, inner->list[i]))
			return false;
	return true;
}

static bool users_within(const struct rights *inner, const struct rights *outer, int right,
	const struct people *in, const struct people *out, const struct people *ex)
{
	const struct owner self = rights_self(inner);
	for (size_t i = 0; i < in->users.n; i++) {
		int64_t user = in->users.list[i];
		if (ids_has(&out->users, user) || ids_has(&ex->users, user))
			continue;
		if (user != self.user || !rights_cover(outer, right, &self, 1))
			return false;
	}
	return true;
}

/* `except` (or NULL) is what the inner one had before. */
static bool right_within(const struct rights *inner, const struct rights *outer, const struct rights *except,
	int right, int64_t fresh_team)
{
	struct people in, out, ex;
	unsigned reach = rights_reach(inner, right);
	if (!reach || (reach == SCOPE_OWN && right_is_own(right)) ||
		(rights_reach(outer, right) | rights_reach(except, right)) & SCOPE_ALL)
		return true;
	if (reach & SCOPE_ALL)
		return false;
	rights_people(inner, right, &in);
	rights_people(outer, right, &out);
	rights_people(except, right, &ex);
	ids_add(&ex.teams, fresh_team);
	bool within = users_within(inner, outer, right, &in, &out, &ex) &&
		ids_within(&in.teams, &out.teams, &ex.teams) && ids_within(&in.sites, &out.sites, &ex.sites);
	people_done(&in);
	people_done(&out);
	people_done(&ex);
	return within;
}

static bool is_within(const struct rights *inner, const struct rights *outer, const struct rights *except,
	int64_t fresh_team)
{
	if (rights_reach(inner, RIGHT_NONE) && !rights_reach(outer, RIGHT_NONE)) /* all, for ever */
		return rights_reach(except, RIGHT_NONE) != 0;
	for (int right = 0; right < rights_max(); right++)
		if (!right_within(inner, outer, except, right, fresh_team))
			return false;
	return true;
}

/* A grant works out differently for each holder: it must be no wider by its word. */
static bool grant_within(const struct rights *outer, int right, unsigned scope, int64_t set)
{
	unsigned reach = rights_reach(outer, right);
	unsigned wider = SCOPE_ALL;
	if (scope == SCOPE_SET)
		return reach & SCOPE_ALL || rights_hold_set(outer, right, set);
	if (scope == SCOPE_OWN)
		wider |= SCOPE_OWN | SCOPE_TEAM | SCOPE_TEAMS | SCOPE_SITE;
	if (scope == SCOPE_TEAM)
		wider |= SCOPE_TEAM | SCOPE_TEAMS;
	if (scope == SCOPE_TEAMS || scope == SCOPE_SITE)
		wider |= scope;
	return (reach & wider) != 0;
}

/* Whether the actor holds all that the role gives, as it stands in the database now. */
static int role_within(const struct change *c, int64_t role, bool *ret_within)
{
	struct rows *rows;
	*ret_within = true;
	int err = db_query(c->db,
		"SELECT o.all_rights, g.right_name, g.scope, g.data_set FROM role o LEFT JOIN role_grant g ON"
		" g.parent = o.id WHERE o.id = $1",
		ARGS(V_INT(role)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		char name[RIGHT_NAME_MAX] = "", scope[16] = "";
		bool known = !str_copy(rows_str(rows, 1), name, sizeof(name)) &&
			!str_copy(rows_str(rows, 2), scope, sizeof(scope));
		if (rows_int(rows, 0))
			*ret_within = false;
		if (name[0] && known && right_named(name) != RIGHT_NONE &&
			!grant_within(
				c->actor->rights, right_named(name), scope_of_name(scope), rows_int(rows, 3)))
			*ret_within = false;
	}
	return rows_end(rows);
}

static int list_users(const struct change *c, const char *sql, int64_t arg, struct ids *users)
{
	struct rows *rows;
	int err = db_query(c->db, sql, ARGS(V_INT(arg)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		ids_add(users, rows_int(rows, 0));
	return rows_end(rows);
}

/* Those of a team may have had more than the actor before: what they gain is weighed. */
static bool is_weighed_by_gain(const struct access *a)
{
	return strcmp(a->res->name, "team") == 0;
}

/* Whose rights a change may change, by the record or, of a team, by the one above it. */
static int list_touched(const struct change *c, const struct access *a, struct ids *users)
{
	static const struct {
		const char *resource, *sql;
	} touching[] = {
		{ "role", HOLDERS_OF_ROLE },
		{ "data_set", HOLDERS_OF_SET },
		{ "team", ABOVE_TEAM },
	};
	int64_t above = js_id(a->draft, "parent");
	int err = 0;
	for (size_t i = 0; i < ARRAY_LEN(touching) && !err; i++)
		if (strcmp(a->res->name, touching[i].resource) == 0)
			err = list_users(c, touching[i].sql, is_weighed_by_gain(a) ? above : a->id, users);
	if (strcmp(a->res->name, "user") == 0)
		ids_add(users, a->id);
	ids_add(users, js_id(a->draft, "leader"));
	return err;
}

static int weigh_user(const struct change *c, struct access *a, size_t i, bool after, bool *ret_within)
{
	struct rights *now = NULL;
	int err = rights_load(c->db, a->touched.list[i], &now);
	if (err)
		return err == -E_NOT_FOUND ? 0 : err;
	if (is_weighed_by_gain(a) && !after) {
		a->before[i] = rights_ref(now);
	} else if (is_weighed_by_gain(a)) {
		int64_t fresh = a->verb == VERB_CREATE ? a->id : 0;
		*ret_within &= is_within(now, c->actor->rights, a->before[i], fresh);
	} else {
		*ret_within &= is_within(now, c->actor->rights, NULL, 0);
	}
	rights_unref(now);
	return 0;
}

static int weigh(const struct change *c, struct access *a, bool after, bool *ret_within)
{
	int err = 0;
	*ret_within = a->touched.n <= HOLDERS_MAX;
	for (size_t i = 0; i < a->touched.n && *ret_within && !err; i++)
		err = weigh_user(c, a, i, after, ret_within);
	if (!err && *ret_within && strcmp(a->res->name, "role") == 0)
		err = role_within(c, a->id, ret_within);
	return err;
}

int cover_begin(const struct change *c, struct access *a)
{
	bool within = true;
	int err = list_touched(c, a, &a->touched);
	a->before = mem_array(a->touched.n + 1, sizeof(struct rights *));
	if (!err)
		err = weigh(c, a, false, &within);
	return err ? err : within ? 0 : -E_FORBIDDEN;
}

/* To sit at an agent's place is to have what was done there. */
static int check_seat(const struct change *c, const struct access *a)
{
	int64_t agent = js_id(a->draft, "agent");
	bool has = true;
	int err = 0;
	if (strcmp(a->res->name, "user") == 0 && agent && agent != js_id(a->old, "agent"))
		err = scope_has(c->db, c->actor, &agent_resource, right_of(&agent_resource, VERB_UPDATE),
			agent, &has);
	if (err || has)
		return err;
	return faults_add(c->faults, "beyond", "agent", "is not yours to give");
}

int cover_end(const struct change *c, struct access *a)
{
	static const char *const names[] = { "roles", "grants", "members", "leader", "parent", "team",
		"site" };
	bool within = true;
	int err = check_seat(c, a);
	if (!err && a->verb != VERB_DELETE)
		err = weigh(c, a, true, &within);
	if (err || within)
		return err;
	bool all = json_is_true(json_object_get(a->draft, "all_rights"));
	return faults_add(c->faults, "beyond", all ? "all_rights" : access_field(a, names, ARRAY_LEN(names)),
		"gives rights that you do not have");
}

void cover_done(struct access *a)
{
	for (size_t i = 0; a->before && i < a->touched.n; i++)
		rights_unref(a->before[i]);
	free(a->before);
	free(a->touched.list);
}
