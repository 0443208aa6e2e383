#include "sip/txn.c"

#include "cmd/machine.h"

static int next(enum txn_kind kind, int state, int event)
{
	const struct cell *cell = &fsm[kind][state][event];
	return cell->legal ? (int)cell->next : -1;
}

static int client_invite(int state, int event)
{
	return next(TXN_CLIENT_INVITE, state, event);
}

static int client_other(int state, int event)
{
	return next(TXN_CLIENT_OTHER, state, event);
}

static int server_invite(int state, int event)
{
	return next(TXN_SERVER_INVITE, state, event);
}

static int server_other(int state, int event)
{
	return next(TXN_SERVER_OTHER, state, event);
}

#define TXN(title, cells)                                                                                    \
	{                                                                                                    \
		.name = title, .source = "src/sip/txn.c", .states = txn_state_names, .events = event_names,  \
		.n_states = TXN_STATE__MAX, .n_events = EV__MAX, .starts = 1u << TXN_TRYING,                 \
		.end = TXN_ENDED, .shares_events = true, .next = cells                                       \
	}
const struct machine machine_txns[4] = {
	TXN("SIP transaction: INVITE, client", client_invite),
	TXN("SIP transaction: others, client", client_other),
	TXN("SIP transaction: INVITE, server", server_invite),
	TXN("SIP transaction: others, server", server_other),
};
