#ifndef LX_DESK_BIN_H
#define LX_DESK_BIN_H

#include "desk/desk_int.h"

/* From the upkeep: purges what has been in the bin for longer than the settings say, at the start and each
 * night; a few records at a time. */
void bin_sweep(struct desk *desk);

#endif
