/* A user's own password. He who has found an unlocked screen does not know the old one; whoever else is
 * signed in under this name is not any more. */
#include "base/mem.h"
#include "desk/routes.h"
#include "desk/rules.h"
#include "desk/signin.h"
#include "model/areas.h"

#include <string.h>

#define PASSWORD_MAX_BYTES 512

struct renewal {
	struct request *r;
	json_t *draft;
};

static int save(struct db *db, void *arg)
{
	struct renewal *w = arg;
	struct change c = request_change(w->r, db);
	struct actor himself = w->r->actor; /* his own needs no right */
	himself.rights = rights_all;
	c.actor = &himself;
	int err = model_update(&c, &user_resource, w->r->actor.user, 0, w->draft);
	return err ? err : rules_keep(db, c.ids, w->r->actor.user, c.now_ms);
}

static int check_old(struct request *r, const char *old)
{
	bool knows = false;
	int err = signin_knows_password(r, old, &knows);
	return err || knows ? err : faults_add(&r->faults, "wrong", "old_password", "is not your password");
}

int password_update(struct request *r)
{
	struct renewal w = { .r = r };
	struct fault fault = { 0 };
	const char *old = NULL, *made = NULL;
	int err = signin_need_person(r);
	if (!err)
		err = js_need_str(r->body, "old_password", 1, PASSWORD_MAX_BYTES, &old, &fault);
	if (!err)
		err = js_need_str(r->body, "password", 1, PASSWORD_MAX_BYTES, &made, &fault);
	if (err)
		return r->status ? err : faults_add(&r->faults, fault.code, fault.field, "%s", fault.text);
	err = check_old(r, old);
	if (!err && strcmp(old, made) == 0)
		err = faults_add(&r->faults, "same", "password", "must be another than before");
	if (err)
		return err;
	err = rules_check(r->db, r->actor.user, made, &r->faults);
	if (err)
		return err;
	json_t *body = json_pack("{s:s, s:b}", "password", made, "must_change", 0);
	err = model_draft(&user_resource, body, false, &w.draft, &r->faults);
	json_decref(body);
	if (!err)
		err = request_write(r, save, &w);
	json_decref(w.draft);
	if (err)
		return err;
	signin_end_all_of(r->desk, r->actor.user, r->session.id);
	return reply_none(r);
}
