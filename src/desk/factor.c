/* Two-factor authentication. Whoever is signed in shows his password, gets a key for his authenticator and
 * shows that it works: from then on a sign-in asks for its code. Kept codes are for when it is lost; an
 * administrator can take a factor away, nobody can give one to another. */
#include "desk/factor.h"

#include "base/clock.h"
#include "base/mem.h"
#include "desk/edit.h"
#include "desk/hub.h"
#include "desk/routes.h"
#include "model/areas.h"
#include "model/totp.h"

#include <stdio.h>
#include <string.h>

#define CODES 10
#define CODE_CHARS 10 /* of 5 bits */
#define TYPED_MAX_BYTES 32
#define PASSWORD_MAX_BYTES 512

/* As it was meant: small letters and digits alone. */
static void plain(const char *typed, char ret[TYPED_MAX_BYTES + 1])
{
	size_t n = 0;
	for (; *typed && n < TYPED_MAX_BYTES; typed++) {
		if (*typed == ' ' || *typed == '-')
			continue;
		ret[n++] = (char)(*typed >= 'A' && *typed <= 'Z' ? *typed - 'A' + 'a' : *typed);
	}
	ret[n] = '\0';
}

/* The same code of two people has two hashes. */
static void hash_code(int64_t user, const char *code, char ret_hex[SIGNIN_HASH_CHARS + 1])
{
	CLEANUP(mem_freep) char *text = mem_printf("%" PRId64 " %s", user, code);
	signin_hash(str_from(text), ret_hex);
}

struct factor {
	uint8_t key[TOTP_KEY_BYTES];
	int64_t step, codes, created_ms;
	bool is_there;
};

static int read_factor(struct db *db, int64_t user, struct factor *ret)
{
	struct rows *rows;
	*ret = (struct factor){ 0 };
	int err = db_query(db,
		"SELECT f.key_hex, f.step, f.created, (SELECT count(*) FROM factor_code c WHERE c.app_user ="
		" f.app_user) FROM factor f WHERE f.app_user = $1",
		ARGS(V_INT(user)), &rows);
	if (err)
		return err;
	ret->is_there = rows_next(rows) && str_unhex(rows_str(rows, 0), ret->key, sizeof(ret->key)) == 0;
	if (ret->is_there) {
		ret->step = rows_int(rows, 1);
		ret->created_ms = rows_int(rows, 2);
		ret->codes = rows_int(rows, 3);
	}
	return rows_end(rows);
}

int factor_prove(struct db *db, int64_t user, const char *code, struct factor_proof *ret, bool *ret_fits)
{
	char text[TYPED_MAX_BYTES + 1];
	struct factor factor;
	int64_t kept = 0;
	*ret = (struct factor_proof){ 0 };
	*ret_fits = false;
	plain(code, text);
	int err = read_factor(db, user, &factor);
	if (err || !factor.is_there)
		return err;
	ret->step = totp_step(factor.key, str_from(text), clock_wall_ms() / 1000, factor.step);
	if (ret->step) {
		*ret_fits = true;
		return 0;
	}
	hash_code(user, text, ret->hash);
	err = db_one_int(db, "SELECT count(*) FROM factor_code WHERE app_user = $1 AND hash = $2",
		ARGS(V_INT(user), V_Z(ret->hash)), &kept);
	*ret_fits = kept > 0;
	return err;
}

int factor_use(struct db *db, int64_t user, const struct factor_proof *proof)
{
	struct rows *rows;
	int err = proof->step
		? db_query(db, "UPDATE factor SET step = $2 WHERE app_user = $1 AND step < $2 RETURNING step",
			  ARGS(V_INT(user), V_INT(proof->step)), &rows)
		: db_query(db, "DELETE FROM factor_code WHERE app_user = $1 AND hash = $2 RETURNING id",
			  ARGS(V_INT(user), V_Z(proof->hash)), &rows);
	if (err)
		return err;
	bool used = rows_next(rows);
	err = rows_end(rows);
	return err || used ? err : -E_UNAUTHORIZED;
}

int factor_drop(struct db *db, int64_t user)
{
	int err = db_run(db, "DELETE FROM factor_code WHERE app_user = $1", ARGS(V_INT(user)));
	return err ? err : db_run(db, "DELETE FROM factor WHERE app_user = $1", ARGS(V_INT(user)));
}

int factor_read(struct request *r)
{
	struct factor factor;
	char since[32];
	int err = signin_need_person(r);
	if (!err)
		err = read_factor(r->db, r->actor.user, &factor);
	if (err)
		return err;
	bool on = factor.is_there && factor.step;
	clock_format_utc(factor.created_ms, since, sizeof(since));
	return reply_json(r, 200,
		json_pack("{s:b, s:o, s:I}", "active", on, "since", on ? json_string(since) : json_null(),
			"codes_left", (json_int_t)factor.codes));
}

static int need_text(struct request *r, const char *name, size_t most, const char **ret)
{
	struct fault fault = { 0 };
	int err = js_need_str(r->body, name, 1, most, ret, &fault);
	return err ? faults_add(&r->faults, fault.code, fault.field, "%s", fault.text) : 0;
}

/* He who has found an unlocked screen does not know the password. */
static int need_password(struct request *r)
{
	const char *password = NULL;
	bool knows = false;
	int err = signin_need_person(r);
	if (!err)
		err = need_text(r, "password", PASSWORD_MAX_BYTES, &password);
	if (!err)
		err = signin_knows_password(r, password, &knows);
	return err || knows ? err : faults_add(&r->faults, "wrong", "password", "is not your password");
}

struct making {
	struct request *r;
	const char *key_hex;
	struct factor_proof proof;
	char codes[CODES][CODE_CHARS + 1];
};

static int keep_key(struct db *db, void *arg)
{
	struct making *m = arg;
	int64_t user = m->r->actor.user;
	int err = factor_drop(db, user);
	if (err)
		return err;
	return db_run(db, "INSERT INTO factor (app_user, key_hex, created) VALUES ($1, $2, $3)",
		ARGS(V_INT(user), V_Z(m->key_hex), V_INT(clock_wall_ms())));
}

static int read_realm(struct request *r, const char **ret)
{
	struct rows *rows;
	*ret = "";
	int err = db_query(r->db, "SELECT realm FROM setting", NO_ARGS, &rows);
	if (err)
		return err;
	if (rows_next(rows))
		*ret = arena_strndup(r->arena, rows_str(rows, 0));
	return rows_end(rows);
}

int factor_create(struct request *r)
{
	uint8_t key[TOTP_KEY_BYTES];
	char hex[2 * TOTP_KEY_BYTES + 1], text[TOTP_TEXT_CHARS + 1];
	struct making m = { .r = r, .key_hex = hex };
	const char *realm;
	int err = need_password(r);
	if (!err && r->session.second_factor)
		return request_refuse(r, 409, "active", "the second factor is active already");
	if (!err)
		err = read_realm(r, &realm);
	id_random(key, sizeof(key));
	str_hex(key, sizeof(key), hex);
	totp_text(key, text);
	if (!err)
		err = request_write(r, keep_key, &m);
	if (err)
		return err;
	CLEANUP(mem_freep)
	char *uri = mem_printf(
		"otpauth://totp/Lingxi:%s@%s?secret=%s&issuer=Lingxi", r->session.user_name, realm, text);
	return reply_json(r, 201, json_pack("{s:s, s:s}", "key", text, "uri", uri));
}

static int make_codes(struct db *db, struct making *m)
{
	struct change c = request_change(m->r, db);
	char hash[SIGNIN_HASH_CHARS + 1];
	int64_t user = m->r->actor.user;
	int err = db_run(db, "DELETE FROM factor_code WHERE app_user = $1", ARGS(V_INT(user)));
	for (int i = 0; i < CODES && !err; i++) {
		id_token(m->codes[i], CODE_CHARS);
		hash_code(user, m->codes[i], hash);
		err = db_run(db, "INSERT INTO factor_code (id, app_user, hash) VALUES ($1, $2, $3)",
			ARGS(V_INT(id_next(c.ids, c.now_ms)), V_INT(user), V_Z(hash)));
	}
	return err;
}

/* As "abcde-fghij". */
static int reply_codes(struct request *r, const struct making *m)
{
	json_t *codes = json_array();
	for (int i = 0; i < CODES; i++)
		json_array_append_new(codes,
			json_sprintf("%.*s-%s", CODE_CHARS / 2, m->codes[i], m->codes[i] + CODE_CHARS / 2));
	return reply_json(r, 200, json_pack("{s:o}", "codes", codes));
}

/* The user's own field says whether he has one, so that it stands in lists and in the trail. */
static int set_field(const struct change *c, int64_t user, bool on, struct edit *e)
{
	e->res = &user_resource;
	e->verb = VERB_UPDATE;
	e->id = user;
	e->draft = json_pack("{s:b}", "second_factor", on);
	int err = edit_write(c, e);
	json_decref(e->draft);
	e->draft = NULL;
	return err;
}

static void tell_field(struct request *r, const struct edit *e)
{
	edit_follow(r->desk, e);
	hub_changed(r->desk->hub, e->res, e->id, &e->owners);
}

struct switching {
	struct making making;
	struct edit edit;
	int64_t user;
	bool on, himself;
};

static int switch_factor(struct db *db, void *arg)
{
	struct switching *s = arg;
	struct request *r = s->making.r;
	struct change c = request_change(r, db);
	struct actor himself = r->actor; /* his own needs no right */
	himself.rights = rights_all;
	if (s->himself)
		c.actor = &himself;
	int err = s->on ? factor_use(db, s->user, &s->making.proof) : 0;
	if (!err && s->on)
		err = make_codes(db, &s->making);
	return err ? err : set_field(&c, s->user, s->on, &s->edit);
}

int factor_confirm(struct request *r)
{
	struct switching s = { .making = { .r = r }, .user = r->actor.user, .on = true, .himself = true };
	const char *code = NULL;
	bool fits = false;
	int err = signin_need_person(r);
	if (!err && r->session.second_factor)
		return request_refuse(r, 409, "active", "the second factor is active already");
	if (!err)
		err = need_text(r, "code", TYPED_MAX_BYTES, &code);
	if (!err)
		err = factor_prove(r->db, r->actor.user, code, &s.making.proof, &fits);
	if (!err && !fits)
		err = faults_add(&r->faults, "wrong", "code", "is not what the key gives now");
	if (!err)
		err = request_write(r, switch_factor, &s);
	if (err)
		return err;
	tell_field(r, &s.edit);
	return reply_codes(r, &s.making);
}

static int write_codes(struct db *db, void *arg)
{
	struct making *m = arg;
	struct change c = request_change(m->r, db);
	int err = make_codes(db, m);
	return err ? err : model_audit(&c, "factor_codes", "user", m->r->actor.user, NULL);
}

int factor_codes(struct request *r)
{
	struct making m = { .r = r };
	int err = need_password(r);
	if (!err && !r->session.second_factor)
		return request_refuse(r, 409, "not_active", "there is no second factor");
	if (!err)
		err = request_write(r, write_codes, &m);
	return err ? err : reply_codes(r, &m);
}

int factor_end(struct request *r)
{
	struct switching s = { .making = { .r = r }, .user = r->actor.user, .himself = true };
	int err = need_password(r);
	if (!err)
		err = request_write(r, switch_factor, &s);
	if (err)
		return err;
	tell_field(r, &s.edit);
	return reply_none(r);
}

int factor_reset(struct request *r)
{
	struct switching s = { .making = { .r = r }, .user = request_id(r, 1) };
	if (!may(&r->actor, &user_resource, VERB_UPDATE))
		return -E_FORBIDDEN;
	int err = request_write(r, switch_factor, &s);
	if (err)
		return err;
	tell_field(r, &s.edit);
	return reply_none(r);
}
