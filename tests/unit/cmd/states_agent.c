#include "acd/agent.c"

#include "cmd/machine.h"

static const char *const names[] = { "offline", "ready", "not_ready", "ringing", "on_contact", "wrap_up" };
_Static_assert(ARRAY_LEN(names) == ACD_STATE__MAX, "a name each");

static int next(int state, int event)
{
	return agent_moves[state][event] ? event : -1;
}

const struct machine machine_agent = {
	.name = "Agent",
	.source = "src/acd/agent.c",
	.states = names,
	.events = names,
	.n_states = ACD_STATE__MAX,
	.n_events = ACD_STATE__MAX,
	.starts = 1u << ACD_OFFLINE,
	.end = -1,
	.next = next,
};
