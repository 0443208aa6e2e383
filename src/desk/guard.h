#ifndef LX_DESK_GUARD_H
#define LX_DESK_GUARD_H

#include "base/str.h"

/* Who tries too often: names, with the address, after wrong passwords, addresses at doors that need no
 * sign-in. Any thread. What it remembers has a cap; the oldest goes first. */
struct guard;

struct guard *guard_new(void);
void *guard_free(struct guard *guard); /* NULL allowed; returns NULL */

/* Milliseconds until that name may try again, 0 when it may. An unknown name is treated like a known one. */
int64_t guard_wait_ms(struct guard *guard, struct str name, int64_t now_us);
/* A wrong password; the fifth locks the name for 30 s, each further one doubles that up to 15 minutes. */
void guard_failed(struct guard *guard, struct str name, int64_t now_us);
void guard_succeeded(struct guard *guard, struct str name);

/* Takes one of the address's 200 tokens, of which 10 a second come back; false when there is none. */
bool guard_admit(struct guard *guard, struct str address, int64_t now_us);

#endif
