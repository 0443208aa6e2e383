#include "ivr/ivr.c"

#include "cmd/machine.h"

static const char *const names[] = { "new", "playing", "prompting", "listening", "queued", "announcing",
	"transfer", "waiting", "ended" };
static const char *const events[] = { "start", "played", "digit", "due", "queue", "announce", "transfer",
	"hangup" };
_Static_assert(ARRAY_LEN(names) == RS__MAX && ARRAY_LEN(events) == RE__MAX, "a name each");

static int next(int state, int event)
{
	return run_fsm[state][event] ? state : -1;
}

const struct machine machine_flow_run = {
	.name = "Run of a call flow",
	.source = "src/ivr/ivr.c",
	.states = names,
	.events = events,
	.n_states = RS__MAX,
	.n_events = RE__MAX,
	.starts = 1u << RS_NEW,
	.end = RS_ENDED,
	.decides_elsewhere = true,
	.next = next,
};
