#ifndef LX_DESK_GUARD_H
#define LX_DESK_GUARD_H

#include "base/str.h"

#include <jansson.h>

/* Who tries too often: names, with the address, after wrong passwords, addresses at doors that need no
 * sign-in. Any thread. What it remembers has a cap; the oldest goes first. */
struct guard;

struct guard *guard_new(void);
void *guard_free(struct guard *guard); /* NULL allowed; returns NULL */

/* Milliseconds until that name may try again, 0 when it may. An unknown name is treated like a known one. */
int64_t guard_wait_ms(struct guard *guard, struct str name, int64_t now_us);
/* A wrong password; so many lock the name, each further one doubles the time up to 32 times. */
struct guard_limits {
	int64_t failures, lock_ms;
};
void guard_failed(struct guard *guard, struct str name, const struct guard_limits *limits, int64_t now_us);
void guard_succeeded(struct guard *guard, struct str name);
/* [{"address", "failures", "locked_ms"}] of a user, by all addresses ("ADDRESS USER" is the name). */
json_t *guard_failures_of(struct guard *guard, const char *user, int64_t now_us);
void guard_unlock(struct guard *guard, const char *user);

/* Whether something that this address does is to be told: once an hour for each kind. */
bool guard_tells(struct guard *guard, const char *kind, struct str address, int64_t now_us);

/* Takes one of the address's 200 tokens, of which 10 a second come back; false when there is none. */
bool guard_admit(struct guard *guard, struct str address, int64_t now_us);

#endif
