#ifndef LX_SWITCH_PAST_H
#define LX_SWITCH_PAST_H

#include "switch/journal.h"
#include "switch/link.h"

/* Ends in the history whatever an earlier switch left open: what had begun in its interactions and the
 * interactions themselves, with cause switch_lost, at the last moment it is known to have lived. */
void past_close(const struct journal_past *past, struct link *link);

#endif
