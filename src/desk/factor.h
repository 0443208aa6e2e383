#ifndef LX_DESK_FACTOR_H
#define LX_DESK_FACTOR_H

#include "desk/signin.h"

/* The second factor of a sign-in: a code of an authenticator, or one of those kept for when it is lost. */

/* What a code that fits is: a time step or a kept code; either is good once. */
struct factor_proof {
	int64_t step;
	char hash[SIGNIN_HASH_CHARS + 1]; /* "" without */
};

/* Whether the user's second factor gives this code now; spaces and dashes in it do not matter. Changes
 * nothing. */
int factor_prove(struct db *db, int64_t user, const char *code, struct factor_proof *ret_proof,
	bool *ret_fits) MUST_CHECK;
/* Uses it up, in the transaction that begins the session; -E_UNAUTHORIZED when another was quicker. */
int factor_use(struct db *db, int64_t user, const struct factor_proof *proof) MUST_CHECK;
/* In the transaction that takes a user's second factor away. */
int factor_drop(struct db *db, int64_t user) MUST_CHECK;

#endif
