/* A wrong password costs a slice of time; who is more slices ahead than the burst waits until they have
 * passed. Nothing is added while he waits, so a right phone at the same address is let in within one slice.
 */
#include "sip/brake.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"

#include <stdlib.h>
#include <sys/queue.h>

#define ENTRIES_MAX 10000
#define SLICE_US (6 * CLOCK_S_US)
#define BURST 10

struct guesser {
	struct table_node node;
	TAILQ_ENTRY(guesser) used;
	int64_t ahead_us; /* his slices are spent up to here */
};

struct brake {
	struct table table;
	TAILQ_HEAD(, guesser) quietest_first;
};

struct brake *brake_new(void)
{
	struct brake *brake = mem_alloc(sizeof(*brake));
	table_init(&brake->table);
	TAILQ_INIT(&brake->quietest_first);
	return brake;
}

static void drop(struct brake *brake, struct guesser *g)
{
	table_remove(&brake->table, &g->node);
	TAILQ_REMOVE(&brake->quietest_first, g, used);
	free(g);
}

void *brake_free(struct brake *brake)
{
	if (!brake)
		return NULL;
	while (!TAILQ_EMPTY(&brake->quietest_first))
		drop(brake, TAILQ_FIRST(&brake->quietest_first));
	table_done(&brake->table);
	free(brake);
	return NULL;
}

static struct table_key key_of(const struct brake *brake, const struct addr *peer, struct str user)
{
	const struct str parts[] = { addr_site(peer), user };
	return table_key(&brake->table, parts, ARRAY_LEN(parts));
}

static struct guesser *find(const struct brake *brake, const struct table_key *key)
{
	struct table_node *node = table_find(&brake->table, key);
	return node ? CONTAINER_OF(node, struct guesser, node) : NULL;
}

bool brake_allows(const struct brake *brake, const struct addr *peer, struct str user, int64_t now_us)
{
	const struct table_key key = key_of(brake, peer, user);
	const struct guesser *g = find(brake, &key);
	return !g || g->ahead_us - now_us <= (BURST - 1) * SLICE_US;
}

void brake_denied(struct brake *brake, const struct addr *peer, struct str user, int64_t now_us)
{
	const struct table_key key = key_of(brake, peer, user);
	struct guesser *g = find(brake, &key);
	if (g) {
		TAILQ_REMOVE(&brake->quietest_first, g, used);
	} else {
		if (brake->table.n >= ENTRIES_MAX)
			drop(brake, TAILQ_FIRST(&brake->quietest_first));
		g = mem_alloc(sizeof(*g));
		table_add(&brake->table, &g->node, &key);
	}
	TAILQ_INSERT_TAIL(&brake->quietest_first, g, used);
	g->ahead_us = (g->ahead_us > now_us ? g->ahead_us : now_us) + SLICE_US;
}
