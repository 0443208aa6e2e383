#ifndef LX_CMD_ASK_H
#define LX_CMD_ASK_H

#include "base/err.h"

#include <stddef.h>

/* A new password from standard input: on a terminal asked for twice and not shown, otherwise one line.
 * -E_INVALID with the fault for a person: none came, it is too long, or the two differ. */
int ask_password(const char *user, char *dst, size_t size, struct fault *reterr_) MUST_CHECK;

#endif
