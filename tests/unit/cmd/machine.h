#ifndef LX_TESTS_MACHINE_H
#define LX_TESTS_MACHINE_H

#include <stdbool.h>

#include "base/mem.h"

/* A state machine as its table has it. Each is described in a file of its own, which includes the source of
 * the machine: the tables are static, and nobody but its test has to see one from outside. */
struct machine {
	const char *name, *source;
	const char *const *states, *const *events;
	int n_states, n_events;
	unsigned starts;                   /* a bit per state */
	int end;                           /* state that nothing leaves, -1: it has none */
	bool shares_events;                /* with others: need not use each */
	bool decides_elsewhere;            /* next() says only whether the cell is there */
	int (*next)(int state, int event); /* -1: not possible */
};

extern const struct machine machine_item, machine_agent, machine_call, machine_leg, machine_flow_run,
	machine_session;
extern const struct machine machine_txns[4];
/* Sets a leg's state, lets the event happen and gives the state after it. */
int machine_leg_fire(int state, int event);

#endif
