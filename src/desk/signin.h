#ifndef LX_DESK_SIGNIN_H
#define LX_DESK_SIGNIN_H

#include "desk/request.h"

#define SIGNIN_COOKIE "lingxi"
#define SIGNIN_IDLE_MS INT64_C(43200000) /* 12 h without a request end it */

/* Fills the actor and the session of the request; -E_UNAUTHORIZED for a token that is none (any more). */
int signin_find(struct request *r, struct str token) MUST_CHECK;

/* Whether the signed-in user's password is this; guarded against guessing as a sign-in is. */
int signin_knows_password(struct request *r, const char *password, bool *ret_knows) MUST_CHECK;
/* Ends the sessions of a user whose rights or password have changed, all but `keep`. */
void signin_end_all_of(struct desk *desk, int64_t user, int64_t keep);
/* Ends those that have been idle too long; on own_pool. */
void signin_sweep(struct desk *desk);

/* Configuration rows of the phones of all who are signed in, appended; and every agent as [id, is signed in].
 */
int signin_account_rows(struct db *db, json_t *rows) MUST_CHECK;
int signin_agents(struct db *db, json_t *agents) MUST_CHECK;

#endif
