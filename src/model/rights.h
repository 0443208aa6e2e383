#ifndef LX_MODEL_RIGHTS_H
#define LX_MODEL_RIGHTS_H

#include "model/resource.h"
#include "store/db.h"

/* What people may do. A right is a word: "queue.update" comes from the descriptors, a few more from a table
 * in rights.c. Roles, which are records, give rights, each with the scope of the rows it is for; what a user
 * holds is the union over his roles. */
struct actor;
struct sql;

enum verb {
	VERB_READ,
	VERB_CREATE,
	VERB_UPDATE,
	VERB_DELETE,
	VERB_RESTORE,
	VERB_PURGE,
	VERB_EXPORT,
	VERB_IMPORT,
	VERB_CLEAR,
	VERB_REVEAL,
	VERB__MAX /* behind it come the actions of the resource's transition table (move.h) */
};

enum scope_bit {
	SCOPE_OWN = 1,
	SCOPE_TEAM = 2,  /* of the own team and of teams one leads */
	SCOPE_TEAMS = 4, /* and below */
	SCOPE_SITE = 8,
	SCOPE_SET = 16, /* of a named set */
	SCOPE_ALL = 32
};

/* A right is known by its number, which holds while the program runs. */
#define RIGHT_NONE (-1)
#define RIGHT_NAME_MAX 96
int right_of(const struct resource *res, enum verb verb);
int right_named(const char *name);
bool right_name(int right, char *ret_name, size_t size); /* false: there is none of that number */
int rights_max(void);                                    /* numbers are below */
unsigned right_scopes(int right);                        /* SCOPE_… that it can be granted with */
bool right_is_own(int right);                            /* everybody has it for his own rows */
extern const struct choice scope_choices[];
unsigned scope_of_name(const char *name); /* 0: none */

/* What one user holds, as read at one time. Counted; any thread. */
struct rights;
extern const struct rights rights_everything;
#define rights_all (&rights_everything)
/* -E_NOT_FOUND when there is no such user. */
int rights_load(struct db *db, int64_t user, struct rights **ret_rights) MUST_CHECK;
/* Of them those alone that the API token names. */
int rights_load_token(struct db *db, int64_t user, int64_t token, struct rights **ret_rights) MUST_CHECK;
struct rights *rights_ref(struct rights *rights);
void *rights_unref(struct rights *rights); /* NULL allowed; returns NULL */
bool rights_equal(const struct rights *a, const struct rights *b);
/* Raised by each change of what people may do; a reader compares it with that of what it keeps. */
int rights_generation(struct db *db, int64_t *ret_generation) MUST_CHECK;
int rights_changed(struct db *db) MUST_CHECK; /* in the transaction that changes */

/* The scopes of a right, 0 when it is not held. Rights NULL hold nothing. */
unsigned rights_reach(const struct rights *rights, int right);

/* Whether every row within the one right is within the other too, by what it was granted for. */
bool rights_within(const struct rights *rights, int inner, int outer);

/* Whom a row belongs to; 0 is nobody. */
struct owner {
	int64_t user, team, site;
};
#define OWNERS_MAX 16
struct owners {
	struct owner list[OWNERS_MAX];
	size_t n;
};
/* Whether a row with these owners is within that right. */
bool rights_cover(const struct rights *rights, int right, const struct owner *owners, size_t n);

/* Whether he may do that with some rows at least: of an open resource everybody reads. */
bool may(const struct actor *actor, const struct resource *res, enum verb verb);
bool may_do(const struct actor *actor, const char *right);

/* Appends " AND (…)" for the rows of `res` in alias that the right is held for; nothing when for all. An
 * actor of NULL is the program itself. */
void scope_add(
	struct sql *q, const struct actor *actor, const struct resource *res, int right, const char *alias);
/* Whether the record is there and within the right. */
int scope_has(struct db *db, const struct actor *actor, const struct resource *res, int right, int64_t id,
	bool *ret_has) MUST_CHECK;
/* Appends the owners of records as they are now, each once; those beyond OWNERS_MAX are dropped. */
int scope_owners_of(struct db *db, const struct resource *res, const int64_t *ids, size_t n,
	struct owners *owners) MUST_CHECK;
/* The same of one. */
int scope_owners(struct db *db, const struct resource *res, int64_t id, struct owners *owners) MUST_CHECK;
json_t *rights_json(void); /* all rights as the browser draws them */
json_t *rights_held_json(const struct rights *rights);

#endif
