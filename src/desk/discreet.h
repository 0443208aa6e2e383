#ifndef LX_DESK_DISCREET_H
#define LX_DESK_DISCREET_H

#include "base/js.h"

/* What of a contact's events and live values (src/wire) is told to whom: its numbers as the descriptors of
 * contacts have them, and the customer it was found to be of. */
struct telling {
	bool numbers;  /* in clear */
	bool customer; /* his name and what goes with it */
};

/* Cuts an event, a leg or a live value of a call to that. */
void discreet_cut(json_t *object, const struct telling *telling);
/* The text of one as text that the caller frees; NULL when it is none. */
char *discreet_text(struct str text, const struct telling *telling);

#endif
