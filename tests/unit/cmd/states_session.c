#include "sip/session.c"

#include "cmd/machine.h"

static int next(int state, int event)
{
	return fsm[state][event].legal ? (int)fsm[state][event].next : -1;
}

const struct machine machine_session = {
	.name = "SIP session",
	.source = "src/sip/session.c",
	.states = state_names,
	.events = event_names,
	.n_states = SES__MAX,
	.n_events = SEV__MAX,
	.starts = 1u << SES_CALLING | 1u << SES_RINGING,
	.end = SES_ENDED,
	.next = next,
};
