#ifndef LX_DESK_SEED_H
#define LX_DESK_SEED_H

#include "desk/desk_int.h"

/* What a new database begins with: the demo centre of demo/, or an administrator with a random password that
 * is printed once. Does nothing when there are users already. */
int seed(struct desk *desk, struct fault *reterr_) MUST_CHECK;

#endif
