#ifndef LX_TESTS_IVR_SCRIPT_H
#define LX_TESTS_IVR_SCRIPT_H

#include "base/buf.h"
#include "ivr/flow.h"

/* A call through a flow: each line of the script is "MS input arguments", each action a line of the answer.
 * Inputs are rows of a table in script.c. */
void script_run(struct flow *flow, const char *script, struct buf *answer);

#endif
