#ifndef LX_CALL_CALL_H
#define LX_CALL_CALL_H

#include "acd/acd.h"
#include "base/js.h"
#include "base/timer.h"
#include "call/leg.h"
#include "ivr/ivr.h"
#include "wire/event.h"

/* One voice interaction from its first leg to its last trace. */
enum call_state {
	CS_NEW,
	CS_FLOW,
	CS_QUEUED,
	CS_CALLING,
	CS_TALKING,
	CS_HELD,
	CS_CONSULTING,
	CS_CONFERENCE,
	CS_ENDED,
	CS__MAX
};
enum call_event {
	CE_FLOW,
	CE_QUEUE,
	CE_CALL,
	CE_JOIN,
	CE_HOLD,
	CE_RETRIEVE,
	CE_CONSULT,
	CE_CONFERENCE,
	CE_END,
	CE__MAX
};

enum target_kind { TARGET_AGENT, TARGET_QUEUE, TARGET_NUMBER };
struct target {
	enum target_kind kind;
	int64_t id;      /* agent or queue */
	char number[64]; /* number, or the agent's extension */
};

/* Why a leg is being rung while the call is CS_CALLING. */
enum calling_why { CALLING_NOTHING, CALLING_DIAL, CALLING_TRANSFER, CALLING_FLOW };

struct exchange;
struct visitor;
struct call {
	struct obj obj;
	UT_hash_handle hh;      /* by id, in the exchange */
	TAILQ_ENTRY(call) link; /* once finished */
	struct exchange *x;
	int64_t id;
	enum call_state state; /* written by call_fire() only */
	const char *direction; /* inbound, outbound, internal */
	char from[64], to[64];
	int64_t did, trunk;
	struct visitor *visitor; /* whose call counts for his address; NULL of others */
	char language[16], tier[32], kind[16], name[128];
	int64_t customer;
	int64_t started_ms, since_ms; /* wall: of the call, of its phase */
	uint64_t group, bridge;
	TAILQ_HEAD(, leg) legs;
	struct leg *party;    /* the customer, or who was called */
	struct leg *peer;     /* who talks with him */
	struct leg *trying;   /* being rung to become peer or party */
	struct leg *consult;  /* whom the peer asks */
	struct leg *replaced; /* peer whose phone vanished, while `trying` rings it again */
	enum calling_why calling;
	struct target target; /* of the transfer or dial under way */
	int64_t transferor;   /* agent who transferred, 0 without */
	struct ivr *ivr;
	struct timer ivr_timer, lookup_timer, clear_timer;
	int64_t ivr_play;   /* the run's play under way */
	uint64_t ivr_media; /* and what media calls it */
	int64_t flow;       /* 0: a queue without a flow of the user's */
	int64_t queue, item, last_queue;
	int64_t consult_item, consult_queue; /* where the peer waits for somebody to ask */
	const char *consult_ended;           /* why asking came to nothing though he holds on, NULL without */
	int64_t waiting_us;                  /* mono: since when his waiting counts, over queues */
	int priority;                        /* points the flow gave him */
	uint64_t record;
	int64_t recording;
	bool recorded; /* the file is closed */
	bool joined;   /* party and peer are bridged */
	bool held;     /* hold.started was written */
	bool marked;   /* in exchange.marked_calls */
	LIST_ENTRY(call) mark;
	const char *cause, *ended_by;
	int failed_status; /* SIP status of the last ringing that came to nothing */
};
TAILQ_HEAD(call_list, call);

/* The exchange owns it until it has ended and every leg is closed. */
struct call *call_new(struct exchange *x, const char *direction, const char *from, const char *to);
void call_started(struct call *call); /* emits interaction.started */

/* Only writer of the state; false for a step that is not in the table. */
bool call_fire(struct call *call, enum call_event event);
const char *call_phase(const struct call *call);

/* Emits an event with the call's id; fmt and what follows are json_pack()'s. */
void call_emit(struct call *call, enum event_kind kind, const char *fmt, ...);

/* Ends it for everybody. `cause` as in wire/README.md. */
void call_end(struct call *call, const char *cause, const char *by);
/* Its recording has come to an end: writes recording.ended. */
struct call_recorded {
	int64_t duration_ms, bytes, missing_ms;
	const char *reason;
};
void call_recorded(struct call *call, const struct call_recorded *how);
/* Ends one leg of ours and lets its agent go. */
void call_drop(struct call *call, struct leg *leg, const char *cause);

/* From its legs. */
void call_leg_ringing(struct leg *leg, bool early_media);
void call_leg_answered(struct leg *leg);
void call_leg_key(struct leg *leg, char key);
void call_leg_held(struct leg *leg, bool held);
void call_leg_lost(struct leg *leg);
void call_leg_played(struct leg *leg, uint64_t play, int err);
void call_leg_ended(struct leg *leg);
void call_leg_closed(struct leg *leg);

/* Flow (flow_run.c). */
void call_run_flow(struct call *call);                 /* of its DID */
void call_run_queue(struct call *call, int64_t queue); /* waits in a queue without a flow of the user's */
void call_flow_pump(struct call *call);
void call_flow_stop(struct call *call);
/* An item of his, or of the peer's consult, into a queue; its id, 0 when the ACD refuses. */
int64_t call_wait_in(struct call *call, int64_t queue, bool consult);
void call_wait_cancel(struct call *call, int64_t *item); /* 0: nothing to do */
/* His item has left: goes on in the queue it overflows to, or by the flow's branch. */
void call_queue_left(struct call *call, enum acd_left left);

/* Three-way (conference.c): party, peer and the consulted one hear each other. */
int call_conference(struct call *call) MUST_CHECK;
int call_split(struct call *call, int64_t agent) MUST_CHECK; /* back to the consult */
/* It is over: one of the three goes. */
void call_conference_over(struct call *call, const char *reason);

/* Talk (talk.c). */
void call_join(struct call *call); /* party and peer hear each other */
void call_part(struct call *call);
int call_hold(struct call *call, int64_t agent) MUST_CHECK;
int call_retrieve(struct call *call, int64_t agent) MUST_CHECK;
/* Mutes party and peer for each other without parting them; the one who waits hears music. */
void call_separate(struct call *call, bool on);
void call_hold_started(struct call *call, int64_t agent);
void call_hold_ended(struct call *call, int64_t agent);
int call_mute(struct call *call, struct leg *leg, bool on) MUST_CHECK;
void call_music(struct call *call, struct leg *leg, int64_t queue); /* as of that queue */
void call_record_stop(struct call *call);

/* Ringing somebody (ring.c). */
/* Rings an agent's phone as call->trying. offer 0: direct, he is occupied first. */
int call_ring_agent(struct call *call, int64_t agent, int64_t offer, enum leg_role role) MUST_CHECK;
/* Rings once more the agent whom this leg rings, so that his phone answers by itself. */
int call_ring_again(struct call *call, struct leg *old) MUST_CHECK;
/* Rings whatever the target is; queues are not rung. */
int call_ring_target(
	struct call *call, const struct target *target, enum leg_role role, struct leg **ret_leg) MUST_CHECK;
int call_dial(struct exchange *x, int64_t agent, const char *to, struct call **ret_call) MUST_CHECK;
void call_from_phone(struct call *call, const char *number); /* an agent's own phone called */
void call_dial_party(struct call *call);                     /* the agent's leg is up: now the number */

/* Transfer (transfer.c). */
int call_transfer(struct call *call, int64_t agent, const struct target *target) MUST_CHECK;
int call_transfer_complete(struct call *call) MUST_CHECK;
void call_transfer_failed(struct call *call, const char *cause);

/* Consult (consult.c). */
bool call_is_consulting(const struct call *call); /* alone or with the party */
/* -E_STATE with a fault when a queue takes nobody now. */
int call_consult(
	struct call *call, int64_t agent, const struct target *target, struct fault *reterr_) MUST_CHECK;
int call_consult_cancel(struct call *call, const char *reason) MUST_CHECK;
void call_consult_answered(struct call *call, struct leg *leg);
void call_consult_ended(struct call *call, struct leg *leg);
/* The queue that was asked gave the item up. */
void call_consult_left(struct call *call, enum acd_left left);
/* The party takes the place of the peer who waits; the peer is gone already. False when nobody waits. */
bool call_consult_take_over(struct call *call);
void call_consult_stop(struct call *call); /* the call ends */

#endif
