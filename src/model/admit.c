/* What a change may not do, whoever may make it: leave the rows that its right is for, or leave nobody who
 * has all rights. What changes people's rights raises their generation. */
#include "model/admit.h"

#include "base/mem.h"

#include <string.h>

#define MASTERS                                                                                              \
	"SELECT count(*) FROM app_user u WHERE u.enabled = 1 AND EXISTS (SELECT 1 FROM user_role ur"         \
	" JOIN role o ON o.id = ur.role WHERE ur.parent = u.id AND o.all_rights = 1)"

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
	if (!err && a->res->can & RES_RIGHTS)
		err = db_one_int(c->db, MASTERS, NO_ARGS, &a->masters);
	return err;
}

/* The field that took the record away, for the fault. */
static const char *field_of(const json_t *draft, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_object_get(draft, names[i]))
			return names[i];
	return "";
}

static int check_reach(const struct change *c, const struct access *a, const json_t *draft)
{
	static const char *const names[] = { "team", "site", "user", "agent", "parent", "leader" };
	int right = right_of(a->res, a->verb);
	bool has = true;
	if (a->verb == VERB_DELETE || rights_reach(c->actor->rights, right) & SCOPE_ALL)
		return 0;
	int err = scope_has(c->db, c->actor, a->res, right, a->id, &has);
	if (err || has)
		return err;
	return faults_add(c->faults, "scope", field_of(draft, names, ARRAY_LEN(names)),
		"would put it where you have no right to it");
}

static int check_masters(const struct change *c, const struct access *a, const json_t *draft)
{
	static const char *const names[] = { "enabled", "roles", "all_rights" };
	int64_t left = 0;
	int err = a->masters ? db_one_int(c->db, MASTERS, NO_ARGS, &left) : 0;
	if (err || !a->masters || left)
		return err;
	return faults_add(c->faults, "last_admin", field_of(draft, names, ARRAY_LEN(names)),
		"somebody with all rights must stay");
}

int access_end(const struct change *c, struct access *a, const json_t *draft, int err)
{
	if (!err)
		err = check_reach(c, a, draft);
	if (!err && a->res->can & RES_RIGHTS)
		err = check_masters(c, a, draft);
	if (!err && a->res->can & RES_RIGHTS)
		err = rights_changed(c->db);
	return err;
}
