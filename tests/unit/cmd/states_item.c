#include "acd/item.c"

#include "cmd/machine.h"

static const char *const names[] = { "new", "waiting", "offered", "ringing", "talking", "wrap_up", "gone" };
static const char *const events[] = { "enter", "offer", "return", "ring", "talk", "wrap_up", "end" };
_Static_assert(ARRAY_LEN(names) == IS__MAX && ARRAY_LEN(events) == IE__MAX, "a name each");

static int next(int state, int event)
{
	enum item_state to = item_fsm[state][event];
	return to == IS_NEW ? -1 : (int)to;
}

const struct machine machine_item = {
	.name = "Item of a queue",
	.source = "src/acd/item.c",
	.states = names,
	.events = events,
	.n_states = IS__MAX,
	.n_events = IE__MAX,
	.starts = 1u << IS_NEW,
	.end = IS_GONE,
	.next = next,
};
