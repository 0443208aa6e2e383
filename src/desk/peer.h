#ifndef LX_DESK_PEER_H
#define LX_DESK_PEER_H

#include "base/js.h"
#include "desk/desk_int.h"

/* The switch, as the desk talks to it: hello with the cursor, events in, commands and configuration out, asks
 * answered. It lives on the loop; the functions marked so may be called from any thread. */
struct peer;

/* Connects, and again whenever the connection is lost. The events of that node are stored up to the cursor.
 */
int peer_new(struct desk *desk, int64_t node, int64_t cursor, struct peer **ret_peer) MUST_CHECK;
/* Ends the connection; whoever waits for a reply gets -E_CLOSED. On the loop, before the pools end. */
void peer_close(struct peer *peer);
/* After all other threads have ended. NULL allowed; returns NULL. */
void *peer_free(struct peer *peer);

/* Any thread but the loop's: sends a command and waits for its reply, 5 s at most. The command reference is
 * taken. 0 with *ret_reply when the switch did it; otherwise its error (fault filled), -E_CLOSED when it is
 * away, -E_TIMEOUT. */
int peer_command(struct peer *peer, json_t *command, json_t **ret_reply, struct fault *reterr_) MUST_CHECK;
/* Any thread but the loop's: signs an agent in or out at the switch without waiting. After each hello the
 * switch is told of every agent whether he is signed in, so that what a cut swallowed is said again. */
void peer_agent_presence(struct peer *peer, int64_t agent, bool present);

/* Any thread but the loop's: sends a configuration frame and waits for its acknowledgement. */
int peer_config(struct peer *peer, int64_t revision, json_t *frame, struct fault *reterr_) MUST_CHECK;

/* Any thread: the answer to an ask. */
void peer_answer(struct peer *peer, const json_t *reply);

/* Any thread: whether it is connected, and what the last configuration came to. */
struct peer_state {
	bool up;
	int64_t since_ms;
	int64_t node, boot;
	int64_t events, stored_n, waiting; /* received, stored up to, not yet stored */
};
void peer_state(struct peer *peer, struct peer_state *ret_state);

#endif
