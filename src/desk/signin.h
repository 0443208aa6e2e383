#ifndef LX_DESK_SIGNIN_H
#define LX_DESK_SIGNIN_H

#include "desk/request.h"

#define SIGNIN_COOKIE "lingxi"
#define SIGNIN_TOKEN_MARK "lx_" /* begins an API token */
#define SIGNIN_HASH_CHARS 64
#define SIGNIN_IDLE_MS INT64_C(43200000) /* 12 h without a request end it */

/* Fills the actor and the session of the request; -E_UNAUTHORIZED for a token that is none (any more). */
int signin_find(struct request *r, struct str token) MUST_CHECK;

/* After a change of what people may do: the request goes on with the rights of now, the live connections are
 * cut anew. */
void signin_renew(struct request *r);

/* What the database keeps of a token, as hexadecimal: SIGNIN_HASH_CHARS and a NUL. */
void signin_hash(struct str token, char *ret_hex);
/* The program's key that the request came with, 0 for a person. */
int64_t signin_key(const struct request *r);
/* Refuses a program's key. */
int signin_need_person(struct request *r) MUST_CHECK;
void signin_end_one(struct desk *desk, int64_t session);

/* Whether the signed-in user's password is this; guarded against guessing as a sign-in is. */
int signin_knows_password(struct request *r, const char *password, bool *ret_knows) MUST_CHECK;
/* Ends the sessions of a user whose password has changed, all but `keep`. */
void signin_end_all_of(struct desk *desk, int64_t user, int64_t keep);
/* The same inside the transaction that changes or deletes the user, and before it does, for afterwards nobody
 * knows whose phones they were: appends to `ended` what signin_taken() carries out after the commit. */
int signin_take_all_of(struct db *db, int64_t user, int64_t keep, json_t *ended) MUST_CHECK;
void signin_taken(struct desk *desk, const json_t *ended);
/* Ends those that have been idle too long; on own_pool. */
void signin_sweep(struct desk *desk);

/* Configuration rows of the phones of all who are signed in, appended; and every agent as [id, is signed in].
 */
int signin_account_rows(struct db *db, json_t *rows) MUST_CHECK;
int signin_agents(struct db *db, json_t *agents) MUST_CHECK;

#endif
