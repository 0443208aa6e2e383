/* Sign-ins that are ended by hand, locks that are taken off, and keys for programs. The database keeps a hash
 * of a key; it is told once. */
#include "base/clock.h"
#include "base/mem.h"
#include "desk/guard.h"
#include "desk/hub.h"
#include "desk/routes.h"
#include "desk/signin.h"
#include "model/areas.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_CHARS 40
#define HINT_CHARS 7

static int note_revoking(struct db *db, void *arg)
{
	struct request *r = arg;
	struct change change = request_change(r, db);
	return model_audit(&change, "delete", "session", request_id(r, 1), NULL);
}

int session_revoke(struct request *r)
{
	int64_t id = request_id(r, 1);
	json_t *session = NULL;
	bool has = false;
	if (!may(&r->actor, &session_resource, VERB_DELETE))
		return -E_FORBIDDEN;
	int err = model_get(r->db, &session_resource, &r->actor, id, &session);
	json_decref(session);
	if (!err)
		err = scope_has(r->db, &r->actor, &session_resource, right_of(&session_resource, VERB_DELETE),
			id, &has);
	if (!err && !has)
		err = -E_FORBIDDEN;
	if (!err)
		err = request_write(r, note_revoking, r);
	if (err)
		return err;
	signin_end_one(r->desk, id);
	return reply_none(r);
}

struct leaving {
	struct request *r;
	json_t *ended;
};

static int end_others(struct db *db, void *arg)
{
	struct leaving *l = arg;
	struct change change = request_change(l->r, db);
	json_array_clear(l->ended);
	int err = signin_take_all_of(db, l->r->actor.user, l->r->session.id, l->ended);
	size_t i;
	json_t *row;
	json_array_foreach (l->ended, i, row)
		if (!err)
			err = model_audit(&change, "delete", "session",
				json_integer_value(json_array_get(row, 0)), NULL);
	return err;
}

int sessions_end_others(struct request *r)
{
	struct leaving l = { .r = r };
	int err = signin_need_person(r);
	if (!err && !may(&r->actor, &session_resource, VERB_DELETE))
		err = -E_FORBIDDEN;
	if (err)
		return err;
	l.ended = json_array();
	err = request_write(r, end_others, &l);
	if (!err)
		signin_taken(r->desk, l.ended);
	json_decref(l.ended);
	return err ? err : reply_none(r);
}

struct making {
	struct request *r;
	json_t *draft;
	int64_t id;
};

static int make(struct db *db, void *arg)
{
	struct making *m = arg;
	struct change c = request_change(m->r, db);
	struct actor maker = m->r->actor; /* that he may has been looked at */
	maker.rights = rights_all;
	c.actor = &maker;
	return model_create(&c, &api_token_resource, m->draft, &m->id);
}

/* Nobody gives a key what he does not hold. */
static void check_rights(struct request *r, const json_t *draft)
{
	size_t i;
	json_t *item;
	json_array_foreach (json_object_get(draft, "rights"), i, item) {
		char field[64];
		snprintf(field, sizeof(field), "rights[%zu].right", i);
		if (!may_do(&r->actor, js_str(item, "right", "")))
			(void)faults_add(&r->faults, "beyond", field, "is not yours to give");
	}
}

static int reply_made(struct request *r, int64_t id, const char *key)
{
	json_t *record = NULL;
	struct actor maker = r->actor;
	maker.rights = rights_all;
	int err = model_get(r->db, &api_token_resource, &maker, id, &record);
	if (err)
		return err;
	js_set_str(record, "secret", key);
	http_set(r->http, "Location", "/api/v1/api_tokens/%" PRId64, id);
	return reply_json(r, 201, record);
}

int token_create(struct request *r)
{
	char key[sizeof(SIGNIN_TOKEN_MARK) + KEY_CHARS], hash[SIGNIN_HASH_CHARS + 1], hint[HINT_CHARS + 1];
	struct making m = { .r = r };
	int err = signin_need_person(r);
	if (!err)
		err = model_draft(&api_token_resource, r->body, true, &m.draft, &r->faults);
	if (err)
		return err;
	check_rights(r, m.draft);
	snprintf(key, sizeof(key), "%s", SIGNIN_TOKEN_MARK);
	id_token(key + strlen(SIGNIN_TOKEN_MARK), KEY_CHARS);
	signin_hash(str_from(key), hash);
	snprintf(hint, sizeof(hint), "%.*s", HINT_CHARS, key);
	js_set_id(m.draft, "user", r->actor.user);
	js_set_str(m.draft, "token", hash);
	js_set_str(m.draft, "hint", hint);
	if (r->faults.n)
		err = -E_INVALID;
	if (!err)
		err = request_write(r, make, &m);
	json_decref(m.draft);
	return err ? err : reply_made(r, m.id, key);
}

/* The user in the path, within that right. */
static int read_user(struct request *r, int right, json_t **ret_user)
{
	bool has = false;
	int err = model_get(r->db, &user_resource, &r->actor, request_id(r, 1), ret_user);
	if (!err)
		err = scope_has(r->db, &r->actor, &user_resource, right, request_id(r, 1), &has);
	return err ? err : has ? 0 : -E_FORBIDDEN;
}

int locks_read(struct request *r)
{
	CLEANUP(js_unrefp) json_t *user = NULL;
	int err = read_user(r, right_of(&user_resource, VERB_READ), &user);
	if (err)
		return err;
	json_t *locks = guard_failures_of(r->desk->guard, js_str(user, "name", ""), clock_mono_us());
	return reply_json(r, 200, json_pack("{s:o}", "items", locks));
}

static int note_unlocking(struct db *db, void *arg)
{
	struct request *r = arg;
	struct change change = request_change(r, db);
	return model_audit(&change, "unlock", "user", request_id(r, 1), NULL);
}

int locks_clear(struct request *r)
{
	CLEANUP(js_unrefp) json_t *user = NULL;
	int err = read_user(r, right_named("user.unlock"), &user);
	if (!err)
		err = request_write(r, note_unlocking, r);
	if (err)
		return err;
	guard_unlock(r->desk->guard, js_str(user, "name", ""));
	return reply_none(r);
}
