#ifndef LX_CALL_VISITOR_H
#define LX_CALL_VISITOR_H

#include "net/addr.h"

#include <stddef.h>
#include <uthash.h>

/* How many calls of strangers an address (IPv6: a /64) has, and how fast they come. */
struct visitor {
	unsigned char host[8];
	size_t calls;     /* at once */
	int64_t ahead_us; /* each call costs a slice of time; what it has used is ahead of the clock */
	struct visitor **all;
	UT_hash_handle hh;
};

/* One more call. NULL when that address has its fill: `max` at once, or too many in a short time. */
struct visitor *visitor_enter(struct visitor **all, const struct addr *peer, size_t max, int64_t now_us);
/* It is over; NULL allowed. */
void visitor_leave(struct visitor *visitor);
void visitors_free(struct visitor **all);

#endif
