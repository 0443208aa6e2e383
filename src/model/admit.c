/* What a change may not do, whoever may make it: leave the rows that its right is for, or leave nobody who
 * has all rights; nor give what its maker does not have (cover.c). What changes people's rights raises their
 * generation. */
#include "model/admit.h"

#include "base/js.h"
#include "base/mem.h"

#include <string.h>

#define MASTERS                                                                                              \
	"SELECT count(*) FROM app_user u WHERE u.state = 'active' AND u.deleted IS NULL AND EXISTS (SELECT " \
	"1 "                                                                                                 \
	"FROM user_role ur"                                                                                  \
	" JOIN role o ON o.id = ur.role WHERE ur.parent = u.id AND o.all_rights = 1)"

/* Who has all rights need not be asked about each. */
static bool must_cover(const struct change *c, const struct access *a)
{
	return a->res->can & RES_RIGHTS && !rights_reach(c->actor->rights, RIGHT_NONE);
}

/* Some values are not everybody's to give, as sharing with others. Who has given one may take it back. */
static int check_given(const struct change *c, const struct access *a)
{
	int err = 0;
	for (size_t i = 0; i < a->res->n_fields; i++) {
		const struct field *f = &a->res->fields[i];
		const json_t *value = f->right ? json_object_get(a->draft, f->name) : NULL;
		json_t *usual = NULL;
		if (!value || json_equal(value, json_object_get(a->old, f->name)) ||
			may_do(c->actor, f->right))
			continue;
		bool is_usual = f->def && js_parse(str_from(f->def), strlen(f->def), &usual, NULL) == 0 &&
			json_equal(value, usual);
		json_decref(usual);
		if (!is_usual)
			err = faults_add(c->faults, "beyond", f->name, "needs the right %s", f->right);
	}
	return err;
}

int access_begin(const struct change *c, struct access *a)
{
	bool has = true;
	int right = right_of(a->res, a->verb);
	int err = 0;
	a->masters = 0;
	if (a->verb != VERB_CREATE && !(rights_reach(c->actor->rights, right) & SCOPE_ALL))
		err = scope_has(c->db, c->actor, a->res, right, a->id, &has);
	if (!err && !has)
		return -E_FORBIDDEN;
	if (!err)
		err = check_given(c, a);
	if (!err && a->res->can & RES_RIGHTS)
		err = db_one_int(c->db, MASTERS, NO_ARGS, &a->masters);
	if (!err && must_cover(c, a))
		err = cover_begin(c, a);
	return err;
}

const char *access_field(const struct access *a, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_object_get(a->draft, names[i]))
			return names[i];
	return "";
}

/* A team that he has made below his own is his from now on. */
static int reach_now(const struct change *c, struct rights **ret_rights)
{
	return c->actor->user ? rights_load(c->db, c->actor->user, ret_rights) : 0;
}

static int check_reach(const struct change *c, const struct access *a)
{
	static const char *const names[] = { "team", "site", "user", "agent", "parent", "leader" };
	int right = right_of(a->res, a->verb);
	struct rights *now = NULL;
	struct actor actor = *c->actor;
	bool has = true;
	if (a->verb == VERB_DELETE || a->verb == VERB_PURGE ||
		rights_reach(c->actor->rights, right) & SCOPE_ALL)
		return 0;
	int err = a->res->can & RES_RIGHTS ? reach_now(c, &now) : 0;
	if (now)
		actor.rights = now;
	if (!err)
		err = scope_has(c->db, &actor, a->res, right, a->id, &has);
	rights_unref(now);
	if (err || has)
		return err;
	return faults_add(c->faults, "scope", access_field(a, names, ARRAY_LEN(names)),
		"would put it where you have no right to it");
}

static int check_masters(const struct change *c, const struct access *a)
{
	static const char *const names[] = { "state", "roles", "all_rights" };
	int64_t left = 0;
	int err = a->masters ? db_one_int(c->db, MASTERS, NO_ARGS, &left) : 0;
	if (err || !a->masters || left)
		return err;
	return faults_add(c->faults, "last_admin", access_field(a, names, ARRAY_LEN(names)),
		"somebody with all rights must stay");
}

int access_end(const struct change *c, struct access *a, int err)
{
	if (!err)
		err = check_reach(c, a);
	if (!err && a->res->can & RES_RIGHTS)
		err = check_masters(c, a);
	if (!err && must_cover(c, a))
		err = cover_end(c, a);
	if (!err && a->res->can & RES_RIGHTS)
		err = rights_changed(c->db);
	if (!err && a->res->can & RES_SHAPES)
		err = catalogue_changed(c->db);
	cover_done(a);
	return err;
}
