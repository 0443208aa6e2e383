#include "call/call.c"

#include "cmd/machine.h"

static const char *const names[] = { "new", "flow", "queued", "calling", "talking", "held", "consulting",
	"conference", "ended" };
static const char *const events[] = { "flow", "queue", "call", "join", "hold", "retrieve", "consult",
	"conference", "end" };
_Static_assert(ARRAY_LEN(names) == CS__MAX && ARRAY_LEN(events) == CE__MAX, "a name each");

static int next(int state, int event)
{
	enum call_state to = call_fsm[state][event];
	return to == CS_NEW ? -1 : (int)to;
}

const struct machine machine_call = {
	.name = "Call",
	.source = "src/call/call.c",
	.states = names,
	.events = events,
	.n_states = CS__MAX,
	.n_events = CE__MAX,
	.starts = 1u << CS_NEW,
	.end = CS_ENDED,
	.next = next,
};
