#ifndef LX_SWITCH_PHONES_H
#define LX_SWITCH_PHONES_H

#include "sip/registrar.h"
#include "switch/journal.h"

/* Registrations of phones outlive the switch: those a later process can use (UDP) are kept in the journal's
 * file and put back at the next start for what is left of their time. No credentials are among them.
 * Signalling thread; the journal writes on its own. */

void phones_keep(struct journal *j, const struct binding_info *binding, int64_t now_us);
void phones_drop(struct journal *j, const struct binding_info *binding);

/* Restores what journal_past.phones holds into the registrar, whose handlers hear of each; what cannot be
 * restored goes from the file too. Returns how many are back. */
size_t phones_restore(struct journal *j, struct registrar *registrar, const json_t *phones, int64_t now_us);

#endif
