/* What one user holds: read in one go, never changed afterwards, thrown away when the generation has risen.
 * The scopes of all his roles are joined per right; teams below his own and members of the sets that his
 * grants name are spelt out as ids, so that a list needs no look at the tree. */
#include "base/mem.h"
#include "model/model.h"
#include "model/rights_int.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST_BYTES 32

struct set {
	int64_t id;
	struct people people;
};

struct held_set {
	int right;
	size_t set;
};

struct rights {
	atomic_uint refs;
	bool all;
	struct owner self;
	struct ids own_teams, teams; /* the second with those below */
	uint8_t *scopes;             /* by right */
	struct held_set *held;
	size_t n_held;
	struct set *sets;
	size_t n_sets;
	unsigned char digest[DIGEST_BYTES];
};

const struct rights rights_everything = { .all = true };

void ids_add(struct ids *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->list[i] == id)
			return;
	if (!id)
		return;
	if (ids->n == ids->size) {
		ids->size = ids->size ? 2 * ids->size : 8;
		ids->list = mem_resize(ids->list, ids->size, sizeof(*ids->list));
	}
	ids->list[ids->n++] = id;
}

bool ids_has(const struct ids *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->list[i] == id)
			return true;
	return false;
}

static void ids_join(struct ids *to, const struct ids *from)
{
	for (size_t i = 0; i < from->n; i++)
		ids_add(to, from->list[i]);
}

void people_done(struct people *people)
{
	free(people->users.list);
	free(people->teams.list);
	free(people->sites.list);
}

struct rights *rights_ref(struct rights *rights)
{
	if (rights)
		atomic_fetch_add(&rights->refs, 1);
	return rights;
}

void *rights_unref(struct rights *rights)
{
	if (!rights || atomic_fetch_sub(&rights->refs, 1) > 1)
		return NULL;
	for (size_t i = 0; i < rights->n_sets; i++)
		people_done(&rights->sets[i].people);
	free(rights->sets);
	free(rights->held);
	free(rights->scopes);
	free(rights->own_teams.list);
	free(rights->teams.list);
	free(rights);
	return NULL;
}

/* Rows of ids into a list. */
static int read_ids(struct db *db, const char *sql, int64_t arg, struct ids *ids)
{
	struct rows *rows;
	int err = db_query(db, sql, ARGS(V_INT(arg)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		ids_add(ids, rows_int(rows, 0));
	return rows_end(rows);
}

#define BELOW(start)                                                                                         \
	"WITH RECURSIVE below (id) AS (" start " UNION SELECT t.id FROM team t JOIN below b ON"              \
	" t.above = b.id) SELECT id FROM below ORDER BY id"
#define TEAMS_OF_USER                                                                                        \
	"SELECT u.team FROM app_user u WHERE u.id = $1 AND u.team IS NOT NULL UNION"                         \
	" SELECT l.id FROM team l WHERE l.leader = $1"

static int read_self(struct db *db, int64_t user, struct rights *r)
{
	struct rows *rows;
	int err = db_query(db, "SELECT team, site FROM app_user WHERE id = $1", ARGS(V_INT(user)), &rows);
	if (err)
		return err;
	bool found = rows_next(rows);
	if (found)
		r->self = (struct owner){ user, rows_int(rows, 0), rows_int(rows, 1) };
	err = rows_end(rows);
	if (!err && !found)
		err = -E_NOT_FOUND;
	if (!err)
		err = read_ids(db, TEAMS_OF_USER " ORDER BY 1", user, &r->own_teams);
	if (!err)
		err = read_ids(db, BELOW(TEAMS_OF_USER), user, &r->teams);
	return err;
}

static size_t set_of(struct rights *r, int64_t id)
{
	for (size_t i = 0; i < r->n_sets; i++)
		if (r->sets[i].id == id)
			return i;
	r->sets = mem_resize(r->sets, r->n_sets + 1, sizeof(*r->sets));
	r->sets[r->n_sets] = (struct set){ .id = id };
	return r->n_sets++;
}

static void hold(struct rights *r, const char *name, const char *scope, int64_t set)
{
	int right = right_named(name);
	unsigned bit = scope_of_name(scope);
	if (right < 0 || !(right_scopes(right) & bit)) /* of a version that knew another word */
		return;
	r->scopes[right] |= (uint8_t)bit;
	if (bit != SCOPE_SET)
		return;
	size_t at = set_of(r, set);
	r->held = mem_resize(r->held, r->n_held + 1, sizeof(*r->held));
	r->held[r->n_held++] = (struct held_set){ right, at };
}

static int read_grants(struct db *db, int64_t user, struct rights *r)
{
	struct rows *rows;
	int err = db_query(db,
		"SELECT o.all_rights, g.right_name, g.scope, g.data_set FROM user_role ur JOIN role o ON"
		" o.id = ur.role LEFT JOIN role_grant g ON g.parent = o.id WHERE ur.parent = $1"
		" ORDER BY g.data_set, o.id, g.position",
		ARGS(V_INT(user)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		char name[RIGHT_NAME_MAX], scope[16];
		r->all |= rows_int(rows, 0) != 0;
		if (!str_copy(rows_str(rows, 1), name, sizeof(name)) &&
			!str_copy(rows_str(rows, 2), scope, sizeof(scope)) && name[0])
			hold(r, name, scope, rows_int(rows, 3));
	}
	return rows_end(rows);
}

static int read_set(struct db *db, struct set *set)
{
	struct people *p = &set->people;
	int err = read_ids(db,
		"SELECT m.app_user FROM data_set_member m WHERE m.parent = $1 AND m.app_user IS NOT NULL"
		" ORDER BY 1",
		set->id, &p->users);
	if (!err)
		err = read_ids(db,
			"SELECT m.site FROM data_set_member m WHERE m.parent = $1 AND m.site IS NOT NULL"
			" ORDER BY 1",
			set->id, &p->sites);
	if (!err)
		err = read_ids(db,
			"SELECT m.team FROM data_set_member m WHERE m.parent = $1 AND m.team IS NOT NULL"
			" ORDER BY 1",
			set->id, &p->teams);
	if (!err)
		err = read_ids(db,
			BELOW("SELECT m.team FROM data_set_member m WHERE m.parent = $1 AND m.below = 1"),
			set->id, &p->teams);
	return err;
}

static void digest(crypto_generichash_state *state, const void *bytes, size_t n)
{
	if (n)
		(void)crypto_generichash_update(state, bytes, (unsigned long long)n);
}

static void digest_ids(crypto_generichash_state *state, const struct ids *ids)
{
	digest(state, &ids->n, sizeof(ids->n));
	digest(state, ids->list, ids->n * sizeof(*ids->list));
}

/* Everything is read in a fixed order, so that equal rights have equal digests. */
static void make_digest(struct rights *r)
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
	digest(&state, &r->self, sizeof(r->self));
	digest(&state, r->all ? "a" : "-", 1);
	digest(&state, r->scopes, (size_t)rights_max());
	digest_ids(&state, &r->own_teams);
	digest_ids(&state, &r->teams);
	for (size_t i = 0; i < r->n_held; i++) {
		digest(&state, &r->held[i].right, sizeof(r->held[i].right));
		digest(&state, &r->sets[r->held[i].set].id, sizeof(r->sets->id));
	}
	for (size_t i = 0; i < r->n_sets; i++) {
		digest_ids(&state, &r->sets[i].people.users);
		digest_ids(&state, &r->sets[i].people.teams);
		digest_ids(&state, &r->sets[i].people.sites);
	}
	crypto_generichash_final(&state, r->digest, DIGEST_BYTES);
}

static void hold_own(struct rights *r)
{
	for (int right = 0; right < rights_max(); right++)
		if (right_is_own(right))
			r->scopes[right] |= SCOPE_OWN;
}

static int read_all(struct db *db, int64_t user, struct rights *r)
{
	int err = read_self(db, user, r);
	hold_own(r);
	if (!err)
		err = read_grants(db, user, r);
	for (size_t i = 0; i < r->n_sets && !err; i++)
		err = read_set(db, &r->sets[i]);
	return err;
}

/* Keeps those that the token names; who has all has no more than these either. */
static int narrow(struct db *db, int64_t token, struct rights *r)
{
	struct rows *rows;
	uint8_t *kept = mem_alloc((size_t)rights_max());
	int err = db_query(
		db, "SELECT right_name FROM api_token_right WHERE parent = $1", ARGS(V_INT(token)), &rows);
	if (!err) {
		while (rows_next(rows)) {
			char name[RIGHT_NAME_MAX];
			int right = str_copy(rows_str(rows, 0), name, sizeof(name)) ? RIGHT_NONE
										    : right_named(name);
			if (right != RIGHT_NONE)
				kept[right] = (uint8_t)rights_reach(r, right);
		}
		err = rows_end(rows);
	}
	free(r->scopes);
	r->scopes = kept;
	r->all = false;
	return err;
}

static int load(struct db *db, int64_t user, int64_t token, struct rights **ret_rights)
{
	struct rights *r = mem_alloc(sizeof(*r));
	atomic_init(&r->refs, 1);
	r->scopes = mem_alloc((size_t)rights_max());
	int err = read_all(db, user, r);
	if (!err && token)
		err = narrow(db, token, r);
	if (err) {
		rights_unref(r);
		return err;
	}
	make_digest(r);
	*ret_rights = r;
	return 0;
}

int rights_load(struct db *db, int64_t user, struct rights **ret_rights)
{
	return load(db, user, 0, ret_rights);
}

int rights_load_token(struct db *db, int64_t user, int64_t token, struct rights **ret_rights)
{
	return load(db, user, token, ret_rights);
}

bool rights_equal(const struct rights *a, const struct rights *b)
{
	return memcmp(a->digest, b->digest, DIGEST_BYTES) == 0;
}

int rights_generation(struct db *db, int64_t *ret_generation)
{
	*ret_generation = 0;
	return db_one_int(db, "SELECT coalesce(max(value), 0) FROM counter WHERE name = 'rights'", NO_ARGS,
		ret_generation);
}

int rights_changed(struct db *db)
{
	return db_run(db,
		"INSERT INTO counter (name, value) VALUES ('rights', 1) ON CONFLICT (name) DO UPDATE SET"
		" value = counter.value + 1",
		NO_ARGS);
}

unsigned rights_reach(const struct rights *rights, int right)
{
	if (rights && rights->all)
		return SCOPE_ALL;
	return rights && right >= 0 && right < rights_max() ? rights->scopes[right] : 0;
}

void rights_people(const struct rights *r, int right, struct people *people)
{
	unsigned reach = rights_reach(r, right);
	*people = (struct people){ 0 };
	if (!r)
		return;
	if (reach & SCOPE_OWN)
		ids_add(&people->users, r->self.user);
	if (reach & SCOPE_TEAM)
		ids_join(&people->teams, &r->own_teams);
	if (reach & SCOPE_TEAMS)
		ids_join(&people->teams, &r->teams);
	if (reach & SCOPE_SITE)
		ids_add(&people->sites, r->self.site);
	for (size_t i = 0; i < r->n_held; i++) {
		const struct people *more = &r->sets[r->held[i].set].people;
		if (r->held[i].right != right)
			continue;
		ids_join(&people->users, &more->users);
		ids_join(&people->teams, &more->teams);
		ids_join(&people->sites, &more->sites);
	}
}

static bool ids_within(const struct ids *inner, const struct ids *outer)
{
	for (size_t i = 0; i < inner->n; i++)
		if (!ids_has(outer, inner->list[i]))
			return false;
	return true;
}

bool rights_within(const struct rights *rights, int inner, int outer)
{
	struct people in, out;
	if (!rights_reach(rights, inner) || rights_reach(rights, outer) & SCOPE_ALL)
		return true;
	if (rights_reach(rights, inner) & SCOPE_ALL)
		return false;
	rights_people(rights, inner, &in);
	rights_people(rights, outer, &out);
	bool within = ids_within(&in.users, &out.users) && ids_within(&in.teams, &out.teams) &&
		ids_within(&in.sites, &out.sites);
	people_done(&in);
	people_done(&out);
	return within;
}

struct owner rights_self(const struct rights *rights)
{
	return rights->self;
}

bool rights_hold_set(const struct rights *r, int right, int64_t set)
{
	for (size_t i = 0; i < r->n_held; i++)
		if (r->held[i].right == right && r->sets[r->held[i].set].id == set)
			return true;
	return false;
}

static bool people_have(const struct people *p, const struct owner *o)
{
	return (o->user && ids_has(&p->users, o->user)) || (o->team && ids_has(&p->teams, o->team)) ||
		(o->site && ids_has(&p->sites, o->site));
}

static bool sets_have(const struct rights *r, int right, const struct owner *o)
{
	for (size_t i = 0; i < r->n_held; i++)
		if (r->held[i].right == right && people_have(&r->sets[r->held[i].set].people, o))
			return true;
	return false;
}

/* The same without making lists: the live values ask for each watcher. */
static bool covers_one(const struct rights *r, int right, unsigned reach, const struct owner *o)
{
	if (reach & SCOPE_OWN && o->user == r->self.user)
		return true;
	if (reach & SCOPE_TEAM && o->team && ids_has(&r->own_teams, o->team))
		return true;
	if (reach & SCOPE_TEAMS && o->team && ids_has(&r->teams, o->team))
		return true;
	if (reach & SCOPE_SITE && o->site && o->site == r->self.site)
		return true;
	return reach & SCOPE_SET && sets_have(r, right, o);
}

bool rights_cover(const struct rights *rights, int right, const struct owner *owners, size_t n)
{
	unsigned reach = rights_reach(rights, right);
	if (reach & SCOPE_ALL)
		return true;
	for (size_t i = 0; reach && i < n; i++)
		if (covers_one(rights, right, reach, &owners[i]))
			return true;
	return false;
}
