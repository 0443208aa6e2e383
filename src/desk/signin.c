/* Signing in and out. The database keeps a hash of the token only. Each sign-in of an agent gets a SIP
 * account of its own with a one-off secret for the browser's phone, which dies with it. A wrong name costs as
 * much time as a wrong password and gets the same answer. */
#include "desk/signin.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/attempts.h"
#include "desk/config_push.h"
#include "desk/factor.h"
#include "desk/guard.h"
#include "desk/hub.h"
#include "desk/peer.h"
#include "desk/routes.h"
#include "desk/rules.h"
#include "desk/shapes.h"
#include "desk/standing.h"
#include "model/search.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_CHARS 32
#define DAY_MS INT64_C(86400000)
#define SEEN_EVERY_MS INT64_C(60000)
#define NAME_MAX_BYTES 64
#define PASSWORD_MAX_BYTES 512

void signin_hash(struct str token, char *ret_hex)
{
	unsigned char hash[SIGNIN_HASH_CHARS / 2];
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)token.p, token.n, NULL, 0);
	str_hex(hash, sizeof(hash), ret_hex);
}

/* Columns of the signed-in user, in the order that fill_session() reads them. */
#define SESSION_SELECT                                                                                       \
	"SELECT s.id, s.expires, s.seen, s.phone_user, s.phone_secret, u.id, u.name, u.full_name,"           \
	" u.language, a.id, a.number, a.name, coalesce((SELECT c.value FROM counter c WHERE"                 \
	" c.name = 'rights'), 0), coalesce((SELECT c.value FROM counter c WHERE c.name = 'shapes'), 0), "    \
	"u.must_change, coalesce(u.password_changed, u.created), (SELECT "                                   \
	"p.password_days FROM setting p), u.second_factor, (SELECT count(*) FROM user_role ur JOIN role o "  \
	"ON"                                                                                                 \
	" o.id = ur.role WHERE ur.parent = u.id AND o.second_factor = 1) FROM session s JOIN app_user u ON " \
	"u.id = s.app_user"                                                                                  \
	" LEFT JOIN agent a ON a.id = u.agent"

/* The same of a program's key: its id is negative among those of sessions. */
#define TOKEN_SELECT                                                                                         \
	"SELECT -k.id, coalesce(k.expires, 0), coalesce(k.seen, 0), NULL, NULL, u.id, u.name, u.full_name,"  \
	" u.language, NULL, NULL, NULL, coalesce((SELECT c.value FROM counter c WHERE c.name = 'rights'),"   \
	" 0), coalesce((SELECT c.value FROM counter c WHERE c.name = 'shapes'), 0), k.name FROM api_token "  \
	"k JOIN app_user u ON u.id = k.app_user WHERE k.token = $1 AND"                                      \
	" (k.expires IS NULL OR k.expires > $2) AND k.state = 'active' AND u.state = 'active' AND "          \
	"u.deleted IS NULL"

static const char *keep(struct request *r, struct rows *rows, int column)
{
	struct str s = rows_str(rows, column);
	return s.p ? arena_strndup(r->arena, s) : NULL;
}

/* Whether the password must be another before anything else. */
static bool is_due(int64_t must_change, int64_t changed_ms, int64_t days)
{
	return must_change || (days && clock_wall_ms() - changed_ms > days * DAY_MS);
}

static void fill_session(struct request *r, struct rows *rows)
{
	struct session *s = &r->session;
	s->id = rows_int(rows, 0);
	s->expires_ms = rows_int(rows, 1);
	s->seen_ms = rows_int(rows, 2);
	s->phone_user = keep(r, rows, 3);
	s->phone_secret = keep(r, rows, 4);
	r->actor.user = rows_int(rows, 5);
	r->actor.name = s->user_name = keep(r, rows, 6);
	s->full_name = keep(r, rows, 7);
	s->language = keep(r, rows, 8);
	r->actor.agent = rows_int(rows, 9);
	s->agent_number = keep(r, rows, 10);
	s->agent_name = keep(r, rows, 11);
	s->generation = rows_int(rows, 12);
	s->shapes = rows_int(rows, 13);
	if (s->id <= 0)
		return;
	s->password_due = is_due(rows_int(rows, 14), rows_int(rows, 15), rows_int(rows, 16));
	s->second_factor = rows_int(rows, 17) != 0;
	s->factor_due = !s->second_factor && rows_int(rows, 18) > 0;
}

int64_t signin_key(const struct request *r)
{
	return r->session.id < 0 ? -r->session.id : 0;
}

static int load(struct request *r, struct db *db, const char *hash, bool is_token)
{
	struct rows *rows;
	int err = db_query(db,
		is_token ? TOKEN_SELECT
			 : SESSION_SELECT
			" WHERE s.token = $1 AND s.expires > $2 AND u.state = 'active' AND u.deleted IS NULL",
		ARGS(V_Z(hash), V_INT(clock_wall_ms())), &rows);
	if (err)
		return err;
	bool found = rows_next(rows);
	if (found)
		fill_session(r, rows);
	if (found && is_token) {
		const char *name = keep(r, rows, 14);
		r->actor.name = arena_printf(r->arena, "%s (%s)", r->session.user_name, name);
	}
	err = rows_end(rows);
	if (err || !found)
		return err ? err : -E_UNAUTHORIZED;
	r->rights = rights_unref(r->rights);
	err = standing_rights(r->desk->standing, db, &(struct holder){ r->actor.user, signin_key(r) },
		r->session.generation, &r->rights);
	r->actor.rights = r->rights;
	r->catalogue = catalogue_unref(r->catalogue);
	if (!err)
		err = shapes_catalogue(r->desk->shapes, db, r->session.shapes, &r->catalogue);
	r->actor.catalogue = r->catalogue;
	return err == -E_NOT_FOUND ? -E_UNAUTHORIZED : err;
}

void signin_renew(struct request *r)
{
	struct rights *rights = NULL;
	int64_t generation = 0;
	int err = rights_generation(r->db, &generation);
	standing_changed(r->desk, r->db);
	if (!err)
		err = standing_rights(r->desk->standing, r->db,
			&(struct holder){ r->actor.user, signin_key(r) }, generation, &rights);
	if (err) /* he himself is gone */
		return;
	rights_unref(r->rights);
	r->actor.rights = r->rights = rights;
}

static int touch(struct db *db, void *arg)
{
	int64_t now = clock_wall_ms(), id = *(int64_t *)arg;
	if (id < 0)
		return db_run(
			db, "UPDATE api_token SET seen = $2 WHERE id = $1", ARGS(V_INT(-id), V_INT(now)));
	return db_run(db, "UPDATE session SET seen = $2, expires = $3 WHERE id = $1",
		ARGS(V_INT(id), V_INT(now), V_INT(now + SIGNIN_IDLE_MS)));
}

static void touched(int err, void *arg)
{
	if (err)
		log_(LOG_DESK, LOG_WARN, "session not renewed err=%s", err_name(err));
	free(arg);
}

int signin_find(struct request *r, struct str token)
{
	char hash[SIGNIN_HASH_CHARS + 1];
	signin_hash(token, hash);
	int err = load(r, r->db, hash, str_starts(token, STR(SIGNIN_TOKEN_MARK)));
	if (err || clock_wall_ms() - r->session.seen_ms < SEEN_EVERY_MS)
		return err;
	int64_t *id = mem_dup(&r->session.id, sizeof(*id));
	if (store_post(r->desk->store, STORE_PEOPLE, touch, touched, id))
		free(id);
	return 0;
}

static int add_role_names(const struct request *r, json_t *names)
{
	struct rows *rows;
	int err = db_query(r->db,
		"SELECT o.name FROM user_role ur JOIN role o ON o.id = ur.role WHERE ur.parent = $1"
		" ORDER BY ur.position",
		ARGS(V_INT(r->actor.user)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		json_array_append_new(names, json_stringn(rows_str(rows, 0).p, rows_str(rows, 0).n));
	return rows_end(rows);
}

static json_t *session_json(const struct request *r)
{
	char expires[32];
	json_t *out = json_object(), *user = json_object(), *agent = json_null();
	clock_format_utc(r->session.expires_ms, expires, sizeof(expires));
	if (r->session.id > 0)
		js_set_id(out, "id", r->session.id);
	js_set_id(user, "id", r->actor.user);
	js_set_str(user, "name", r->session.user_name);
	js_set_str(user, "full_name", r->session.full_name);
	js_set_str(user, "language", r->session.language);
	if (r->actor.agent) {
		agent = json_object();
		js_set_id(agent, "id", r->actor.agent);
		js_set_str(agent, "number", r->session.agent_number);
		js_set_str(agent, "name", r->session.agent_name);
	}
	json_object_set_new(out, "expires", r->session.expires_ms ? json_string(expires) : json_null());
	json_object_set_new(out, "user", user);
	json_object_set_new(out, "agent", agent);
	json_object_set_new(out, "rights", rights_held_json(r->rights));
	js_set_bool(out, "password_due", r->session.password_due);
	js_set_bool(out, "second_factor", r->session.second_factor);
	js_set_bool(out, "factor_due", r->session.factor_due);
	return out;
}

struct sign_in {
	struct request *r;
	const char *hash, *phone_user, *phone_secret, *action;
	int64_t user, id;
	const struct factor_proof *proof; /* NULL without a second factor */
};

static int insert_session(struct db *db, void *arg)
{
	struct sign_in *in = arg;
	struct change change = request_change(in->r, db);
	struct buf words;
	search_words(&words, in->r->actor.address, NULL);
	in->id = id_next(&in->r->desk->ids, change.now_ms);
	int err = in->proof ? factor_use(db, in->user, in->proof) : 0;
	if (!err)
		err = db_run(db,
			"INSERT INTO session (id, token, app_user, created, updated, seen, expires, address, "
			"phone_user,"
			" phone_secret, user_agent, search) VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7, $8, "
			"$9, $10)",
			ARGS(V_INT(in->id), V_Z(in->hash), V_INT(in->user), V_INT(change.now_ms),
				V_INT(change.now_ms + SIGNIN_IDLE_MS), V_Z(in->r->actor.address),
				V_Z(in->phone_user), V_Z(in->phone_secret), V_Z(attempt_program(in->r)),
				V_STR(buf_str(&words))));
	buf_done(&words);
	if (!err)
		err = attempt_write(
			&change, &(struct attempt){ in->user, NULL, "ok", attempt_program(in->r) });
	return err ? err : model_audit(&change, in->action, "session", 0, NULL);
}

/* Name, password and agent's extension of an active user; the hash is NULL for an unknown one. */
struct candidate {
	int64_t user;
	const char *hash, *extension;
	bool second_factor;
	struct factor_proof proof;
};

static int find_user(struct request *r, const char *name, struct candidate *ret)
{
	struct rows *rows;
	int err = db_query(r->db,
		"SELECT u.id, u.password, a.extension, u.second_factor FROM app_user u LEFT JOIN agent a ON"
		" a.id = u.agent WHERE u.name = $1 AND u.state = 'active' AND u.deleted IS NULL",
		ARGS(V_Z(name)), &rows);
	if (err)
		return err;
	*ret = (struct candidate){ 0 };
	if (rows_next(rows))
		*ret = (struct candidate){ rows_int(rows, 0), keep(r, rows, 1), keep(r, rows, 2),
			rows_int(rows, 3) != 0, { 0 } };
	return rows_end(rows);
}

/* As slow as a real one. */
static bool password_fits(const struct candidate *candidate, const char *password)
{
	if (candidate->hash)
		return secret_verify(candidate->hash, password);
	free(secret_hash(password));
	return false;
}

/* Of a name and the address that it comes from; locked by too many failures. */
static int check_lock(struct request *r, const char *who)
{
	int64_t wait_ms = guard_wait_ms(r->desk->guard, str_from(who), clock_mono_us());
	if (!wait_ms)
		return 0;
	http_set(r->http, "Retry-After", "%" PRId64, (wait_ms + 999) / 1000);
	return request_refuse(
		r, 429, "locked", "too many wrong passwords, wait %" PRId64 " s", (wait_ms + 999) / 1000);
}

static int count_failure(struct request *r, const char *who)
{
	struct rules rules;
	int err = rules_read(r->db, &rules);
	if (err)
		return err;
	const struct guard_limits limits = { rules.lock_after, rules.lock_ms };
	guard_failed(r->desk->guard, str_from(who), &limits, clock_mono_us());
	log_(LOG_DESK, LOG_WARN, "sign-in refused who=%s", LOG_Q(str_from(who)));
	return 0;
}

/* Whether the password is his; wrong ones count, too many lock. A name is locked for the address that guessed
 * alone, or a stranger could keep a whole shift from signing in. */
static int weigh_password(struct request *r, const char *who, const char *name, const char *password,
	struct candidate *ret, bool *ret_fits)
{
	int err = check_lock(r, who);
	if (!err)
		err = find_user(r, name, ret);
	if (err)
		return err;
	*ret_fits = password_fits(ret, password);
	return *ret_fits ? 0 : count_failure(r, who);
}

/* Wrong codes count as wrong passwords do: who knows one does not guess the other. */
static int check_code(struct request *r, const char *who, const char *name, struct candidate *candidate)
{
	const char *code = js_str(r->body, "code", "");
	bool fits = false;
	if (!candidate->second_factor)
		return 0;
	if (!*code)
		return request_refuse(r, 401, "second_factor", "a code of the second factor is needed");
	int err = factor_prove(r->db, candidate->user, code, &candidate->proof, &fits);
	if (err || fits)
		return err;
	err = count_failure(r, who);
	attempt_note(r, name, "code");
	return err ? err : request_refuse(r, 401, "second_factor_wrong", "the code is wrong");
}

static char *who_tries(const struct request *r, const char *name)
{
	return mem_printf("%s %s", r->net, name);
}

static int check_candidate(struct request *r, const char *name, const char *password, struct candidate *ret)
{
	bool fits = false;
	CLEANUP(mem_freep) char *who = who_tries(r, name);
	int err = weigh_password(r, who, name, password, ret, &fits);
	if (err && r->status == 429)
		attempt_note(r, name, "locked");
	if (err)
		return err;
	if (!fits) {
		attempt_note(r, name, ret->user ? "password" : "unknown");
		return request_refuse(r, 401, "credentials", "the name or the password is wrong");
	}
	err = check_code(r, who, name, ret);
	if (!err)
		guard_succeeded(r->desk->guard, str_from(who));
	return err;
}

int signin_knows_password(struct request *r, const char *password, bool *ret_knows)
{
	struct candidate himself;
	CLEANUP(mem_freep) char *who = who_tries(r, r->session.user_name);
	int err = weigh_password(r, who, r->session.user_name, password, &himself, ret_knows);
	if (!err && *ret_knows)
		guard_succeeded(r->desk->guard, str_from(who));
	return err;
}

static void set_cookie(struct request *r, const char *token, int64_t seconds)
{
	http_set(r->http, "Set-Cookie", "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Strict%s",
		SIGNIN_COOKIE, token, seconds, r->http->is_tls ? "; Secure" : "");
}

/* Tells the switch of the phone and that the agent is here; a switch that is away learns it when it is back.
 */
static void announce(struct request *r)
{
	if (!r->actor.agent)
		return;
	json_t *rows = json_array(), *row = NULL;
	CLEANUP(mem_freep) char *id = mem_printf("%" PRId64, r->session.id);
	CLEANUP(mem_freep) char *user = mem_strdup(r->session.phone_user);
	struct str aor = str_from(user);
	CLEANUP(mem_freep) char *extension = str_dup(str_cut(&aor, '.'));
	if (model_account_row(r->db, id, r->session.phone_user, extension, r->session.phone_secret, &row) ==
		0)
		json_array_append_new(rows, row);
	config_push_rows(r->desk, rows);
	peer_agent_presence(r->desk->peer, r->actor.agent, true);
}

static int reply_session(struct request *r, const char *token)
{
	json_t *roles = json_array();
	int err = add_role_names(r, roles);
	json_t *out = session_json(r);
	json_object_set_new(json_object_get(out, "user"), "roles", roles);
	js_set_str(out, "token", token);
	if (!err)
		return reply_json(r, 200, out);
	json_decref(out);
	return err;
}

int signin_read(struct request *r)
{
	return reply_session(r, NULL);
}

#define ALL_OTHERS "s.app_user = $1 AND s.id <> $2"

struct ending {
	const char *condition; /* on table session s */
	int64_t a, b;
	enum hub_end why;
	json_t *ended; /* [[session, agent, others], …] */
};

/* Takes sessions away and notes which, whose, and whether the agent is still here by another. */
static int end_sessions(struct db *db, void *arg)
{
	struct ending *e = arg;
	struct rows *rows;
	CLEANUP(mem_freep)
	char *find = mem_printf("SELECT s.id, coalesce(u.agent, 0) FROM session s JOIN app_user u"
				" ON u.id = s.app_user WHERE %s",
		e->condition);
	int err = db_query(db, find, ARGS(V_INT(e->a), V_INT(e->b)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		json_array_append_new(e->ended,
			json_pack("[I, I, I]", (json_int_t)rows_int(rows, 0), (json_int_t)rows_int(rows, 1),
				(json_int_t)0));
	err = rows_end(rows);
	size_t i;
	json_t *row;
	json_array_foreach (e->ended, i, row)
		if (!err)
			err = db_run(db, "DELETE FROM session WHERE id = $1",
				ARGS(V_INT(json_integer_value(json_array_get(row, 0)))));
	json_array_foreach (e->ended, i, row) {
		int64_t others = 0;
		if (!err)
			err = db_one_int(db,
				"SELECT count(*) FROM session s JOIN app_user u ON u.id = s.app_user WHERE"
				" u.agent = $1",
				ARGS(V_INT(json_integer_value(json_array_get(row, 1)))), &others);
		json_array_set_new(row, 2, json_integer(others));
	}
	return err;
}

/* The phones go, and so do the live connections and, with the last session, the agent. */
static void tell_ended(struct desk *desk, const json_t *list, enum hub_end why)
{
	json_t *rows = json_array();
	size_t i;
	json_t *row;
	json_array_foreach ((json_t *)list, i, row) {
		int64_t id = json_integer_value(json_array_get(row, 0));
		int64_t agent = json_integer_value(json_array_get(row, 1));
		hub_end_session(desk->hub, id, why);
		if (!agent)
			continue;
		json_array_append_new(rows,
			json_pack("{s:s, s:o, s:n}", "kind", "account", "id", json_sprintf("%" PRId64, id),
				"row"));
		if (json_integer_value(json_array_get(row, 2)) == 0)
			peer_agent_presence(desk->peer, agent, false);
	}
	config_push_rows(desk, rows);
}

static void end_where(struct desk *desk, struct ending e)
{
	e.ended = json_array();
	int err = store_write(desk->store, STORE_PEOPLE, end_sessions, &e);
	if (err)
		log_(LOG_DESK, LOG_WARN, "sessions not ended err=%s", err_name(err));
	else
		tell_ended(desk, e.ended, e.why);
	json_decref(e.ended);
}

/* An agent sits in one place at a time: a page, which says take_over, is asked before it takes him from
 * another page that is open, and his other sign-ins end. Programs, which do not say it, are not concerned. */
enum seat { SEAT_SHARED, SEAT_FREE, SEAT_TAKEN };

static int begin(struct request *r, const struct candidate *who, enum seat seat)
{
	char token[TOKEN_CHARS + 1], hash[SIGNIN_HASH_CHARS + 1], tail[7], secret[25], phone[64];
	struct sign_in in = { .r = r,
		.hash = hash,
		.user = who->user,
		.proof = who->second_factor ? &who->proof : NULL,
		.action = seat == SEAT_TAKEN ? "take_over" : "sign_in" };
	id_token(token, TOKEN_CHARS);
	id_token(tail, sizeof(tail) - 1);
	id_token(secret, sizeof(secret) - 1);
	signin_hash(str_from(token), hash);
	if (who->extension) {
		snprintf(phone, sizeof(phone), "%s.%s", who->extension, tail);
		in.phone_user = phone;
		in.phone_secret = secret;
	}
	r->actor.user = who->user;
	int err = request_write(r, insert_session, &in);
	if (err == -E_UNAUTHORIZED)
		return request_refuse(r, 401, "second_factor_wrong", "the code was used already");
	if (!err)
		err = load(r, r->db, hash, false);
	if (err)
		return err;
	announce(r);
	if (seat != SEAT_SHARED)
		end_where(r->desk,
			(struct ending){ .condition = ALL_OTHERS,
				.a = who->user,
				.b = r->session.id,
				.why = HUB_TAKEN_OVER });
	set_cookie(r, token, SIGNIN_IDLE_MS / 1000);
	return reply_session(r, token);
}

static int find_seat(struct request *r, const struct candidate *who, enum seat *ret_seat)
{
	const json_t *take_over = json_object_get(r->body, "take_over");
	*ret_seat = SEAT_SHARED;
	if (!json_is_boolean(take_over) || !who->extension)
		return 0;
	bool held = hub_user_watches(r->desk->hub, who->user);
	if (held && !json_is_true(take_over)) {
		attempt_note(r, r->actor.name, "elsewhere");
		return request_refuse(r, 409, "elsewhere", "this agent is signed in at another place");
	}
	*ret_seat = held ? SEAT_TAKEN : SEAT_FREE;
	return 0;
}

int signin_create(struct request *r)
{
	struct fault fault = { 0 };
	struct candidate who = { 0 };
	const char *name = NULL, *password = NULL;
	enum seat seat = SEAT_SHARED;
	int err = js_need_str(r->body, "username", 1, NAME_MAX_BYTES, &name, &fault);
	if (!err)
		err = js_need_str(r->body, "password", 1, PASSWORD_MAX_BYTES, &password, &fault);
	if (err)
		return faults_add(&r->faults, fault.code, fault.field, "%s", fault.text);
	r->actor.name = name;
	err = check_candidate(r, name, password, &who);
	if (!err)
		err = find_seat(r, &who, &seat);
	return err ? err : begin(r, &who, seat);
}

/* What a person does at his own place, a program that has a key of his does not. */
int signin_need_person(struct request *r)
{
	return r->session.id > 0 ? 0 : request_refuse(r, 403, "person", "not with an API token");
}

int signin_delete(struct request *r)
{
	int err = signin_need_person(r);
	if (err)
		return err;
	end_where(r->desk, (struct ending){ .condition = "s.id = $1 AND $2 = 0", .a = r->session.id });
	set_cookie(r, "", 0);
	return reply_none(r);
}

void signin_end_one(struct desk *desk, int64_t session)
{
	end_where(desk, (struct ending){ .condition = "s.id = $1 AND $2 = 0", .a = session });
}

void signin_end_all_of(struct desk *desk, int64_t user, int64_t kept)
{
	end_where(desk, (struct ending){ .condition = ALL_OTHERS, .a = user, .b = kept });
}

int signin_take_all_of(struct db *db, int64_t user, int64_t kept, json_t *ended)
{
	struct ending e = { .condition = ALL_OTHERS, .a = user, .b = kept, .ended = ended };
	return end_sessions(db, &e);
}

void signin_taken(struct desk *desk, const json_t *ended)
{
	tell_ended(desk, ended, HUB_SIGNED_OUT);
}

void signin_sweep(struct desk *desk)
{
	end_where(desk, (struct ending){ .condition = "s.expires < $1 AND $2 = 0", .a = clock_wall_ms() });
}

int signin_account_rows(struct db *db, json_t *rows)
{
	struct rows *found;
	json_t *list = json_array(), *entry, *row;
	size_t i;
	int err = db_query(db,
		"SELECT s.id, s.phone_user, s.phone_secret, a.extension FROM session s JOIN app_user u"
		" ON u.id = s.app_user JOIN agent a ON a.id = u.agent WHERE s.phone_user IS NOT NULL"
		" AND u.state = 'active' AND u.deleted IS NULL AND s.expires > $1",
		ARGS(V_INT(clock_wall_ms())), &found);
	if (!err) {
		while (rows_next(found))
			json_array_append_new(list,
				json_pack("{s:o, s:s%, s:s%, s:s%}", "id",
					json_sprintf("%" PRId64, rows_int(found, 0)), "user",
					rows_str(found, 1).p, rows_str(found, 1).n, "secret",
					rows_str(found, 2).p, rows_str(found, 2).n, "aor",
					rows_str(found, 3).p, rows_str(found, 3).n));
		err = rows_end(found);
	}
	json_array_foreach (list, i, entry) {
		if (!err)
			err = model_account_row(db, js_str(entry, "id", ""), js_str(entry, "user", ""),
				js_str(entry, "aor", ""), js_str(entry, "secret", ""), &row);
		if (!err)
			json_array_append_new(rows, row);
	}
	json_decref(list);
	return err;
}

int signin_agents(struct db *db, json_t *agents)
{
	struct rows *rows;
	int err = db_query(db,
		"SELECT a.id, EXISTS (SELECT 1 FROM session s JOIN app_user u ON u.id = s.app_user WHERE"
		" u.agent = a.id AND u.state = 'active' AND u.deleted IS NULL AND s.expires > $1) FROM agent "
		"a "
		"WHERE a.deleted IS NULL",
		ARGS(V_INT(clock_wall_ms())), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		json_array_append_new(
			agents, json_pack("[I, b]", (json_int_t)rows_int(rows, 0), rows_int(rows, 1) != 0));
	return rows_end(rows);
}
