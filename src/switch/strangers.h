#ifndef LX_SWITCH_STRANGERS_H
#define LX_SWITCH_STRANGERS_H

#include "net/addr.h"

/* Addresses that call without being a trunk's: each is told once a minute with how often it has called since,
 * so that a wrong trunk is found and a scanner does not fill the disk. Plain memory of its owner. */
#define STRANGERS_KEPT 64

struct strangers {
	struct {
		struct addr addr;
		int64_t told_us; /* when it was last told */
		int64_t calls;   /* since */
	} rows[STRANGERS_KEPT];
	int64_t total;
};

/* One more call from there. How many are to be told now, 0 for none: it has been told within the minute, or
 * as many others have. */
int64_t strangers_note(struct strangers *s, const struct addr *from, int64_t now_us);

#endif
