#ifndef LX_CMD_RUN_H
#define LX_CMD_RUN_H

#include "cmd/options.h"

/* Starts switch and desk as processes of this binary and watches them until SIGTERM or SIGINT: one that dies
 * is started again, one that hangs is killed first. argv are the options as given. Returns the exit status.
 */
int run_centre(const struct options *options, char **argv, int argc);

#endif
