#ifndef LX_LIFE_API_H
#define LX_LIFE_API_H

#include "base/js.h"
#include "life/life.h"
#include "net/loop.h"

/* The centre's HTTP API as one of its users: requests run on libuv's workers, answers come on the loop in the
 * order of asking for one user. */
struct api_user;

/* status 0: nobody answered. answer is NULL without a JSON body; borrowed. */
typedef void (*api_fn)(void *arg, int status, const json_t *answer);

/* Strings are copied. Signs in by itself before the first request, and again when the session has ended. */
struct api_user *api_user_new(
	struct loop *loop, const struct life_options *where, const char *name, const char *password);
/* No answer comes any more; a request under way is waited for. NULL allowed; returns NULL. */
void *api_user_free(struct api_user *u);

/* path below /api/v1. Takes over body (NULL: none). fn may be NULL. */
void api_ask(struct api_user *u, const char *method, const char *path, json_t *body, api_fn fn, void *arg);

/* Whether something is under way or waits. */
bool api_is_busy(const struct api_user *u);

#endif
