#ifndef LX_SIP_BRAKE_H
#define LX_SIP_BRAKE_H

#include "base/str.h"
#include "net/addr.h"

/* Slows whoever guesses SIP passwords: from one address (IPv6: a /64) ten wrong ones for a user are free,
 * then one in six seconds is looked at. The user's own phone elsewhere notices nothing. Unknown users count
 * alike. What it remembers has a cap; the one that has been quiet longest goes first. One thread. */
struct brake;

struct brake *brake_new(void);
void *brake_free(struct brake *brake); /* NULL allowed; returns NULL */

/* Whether credentials for that user are looked at now. */
bool brake_allows(const struct brake *brake, const struct addr *peer, struct str user, int64_t now_us);
void brake_denied(struct brake *brake, const struct addr *peer, struct str user, int64_t now_us);

#endif
