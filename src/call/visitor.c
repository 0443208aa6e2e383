/* An entry stays after its last call, so that hanging up and calling again is no way around the pace; the
 * oldest without a call makes room. */
#include "call/visitor.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_MAX 10000
#define SLICE_US CLOCK_S_US
#define BURST 30

static void drop(struct visitor *visitor)
{
	HASH_DEL(*visitor->all, visitor);
	free(visitor);
}

/* False when all have calls now. */
static bool make_room(struct visitor **all)
{
	struct visitor *visitor, *next;
	if (HASH_COUNT(*all) < KEPT_MAX)
		return true;
	HASH_ITER (hh, *all, visitor, next) {
		if (!visitor->calls) {
			drop(visitor);
			return true;
		}
	}
	return false;
}

static struct visitor *find(struct visitor **all, const struct addr *peer)
{
	unsigned char host[8] = { 0 };
	struct visitor *visitor = NULL;
	struct str site = addr_site(peer);
	memcpy(host, site.p, site.n);
	HASH_FIND(hh, *all, host, sizeof(host), visitor);
	if (visitor || !make_room(all))
		return visitor;
	visitor = mem_alloc(sizeof(*visitor));
	visitor->all = all;
	memcpy(visitor->host, host, sizeof(host));
	HASH_ADD(hh, *all, host, sizeof(visitor->host), visitor);
	return visitor;
}

struct visitor *visitor_enter(struct visitor **all, const struct addr *peer, size_t max, int64_t now_us)
{
	struct visitor *visitor = find(all, peer);
	if (!visitor)
		return NULL;
	if (visitor->ahead_us < now_us)
		visitor->ahead_us = now_us;
	if (visitor->calls >= max || visitor->ahead_us - now_us >= BURST * SLICE_US)
		return NULL;
	visitor->calls++;
	visitor->ahead_us += SLICE_US;
	return visitor;
}

void visitor_leave(struct visitor *visitor)
{
	if (visitor)
		visitor->calls--;
}

void visitors_free(struct visitor **all)
{
	struct visitor *visitor, *next;
	HASH_ITER (hh, *all, visitor, next)
		drop(visitor);
}
