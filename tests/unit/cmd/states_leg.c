#include "call/leg.c"

#include "cmd/machine.h"

static const char *const names[] = { "new", "calling", "ringing", "up", "ended" };
static const char *const events[] = { "call", "progress", "answer", "end" };
_Static_assert(ARRAY_LEN(names) == LS__MAX && ARRAY_LEN(events) == LE__MAX, "a name each");

static int next(int state, int event)
{
	enum leg_state to = leg_fsm[state][event];
	return to == LS_NEW ? -1 : (int)to;
}

int machine_leg_fire(int state, int event)
{
	struct leg leg = { .state = (enum leg_state)state };
	bool moved = leg_fire(&leg, (enum leg_event)event);
	return moved ? (int)leg.state : -1 - (leg.state != (enum leg_state)state);
}

const struct machine machine_leg = {
	.name = "Leg of a call",
	.source = "src/call/leg.c",
	.states = names,
	.events = events,
	.n_states = LS__MAX,
	.n_events = LE__MAX,
	.starts = 1u << LS_NEW,
	.end = LS_ENDED,
	.next = next,
};
