#ifndef LX_CALL_LEG_H
#define LX_CALL_LEG_H

#include "base/obj.h"
#include "base/timer.h"
#include "call/line.h"
#include "sip/session.h"

#include <jansson.h>
#include <sys/queue.h>
#include <uthash.h>

/* One party of a call: a SIP session and its media stream. What happens to it goes up to its call (call_leg_…
 * in call/call.h). Ended is ended: the leg stays in its call until the media thread has given its last
 * counts. */
struct call;
struct exchange;
struct sip_msg;

enum leg_role { LEG_CALLER, LEG_AGENT, LEG_CONSULT, LEG_EXTERNAL };
enum leg_state { LS_NEW, LS_CALLING, LS_RINGING, LS_UP, LS_ENDED, LS__MAX };
enum leg_event { LE_CALL, LE_PROGRESS, LE_ANSWER, LE_END, LE__MAX };

struct leg {
	struct obj obj;
	TAILQ_ENTRY(leg) link; /* in its call */
	UT_hash_handle hh;     /* by id, in the exchange */
	struct exchange *x;
	struct call *call; /* borrowed: the call outlives its legs */
	int64_t id;
	enum leg_state state; /* written by leg_fire() only */
	enum leg_role role;
	bool outgoing;
	int64_t agent;   /* who sits there, 0 for nobody of ours */
	int64_t contact; /* what the agent is busy with in the ACD: a queue item or this leg */
	int64_t offer;   /* open offer that this leg rings for, 0 without */
	char address[64];
	bool offered; /* our offer is out, the answer comes with 2xx or ACK */
	bool peer_held;
	bool muted;
	bool was_silent; /* leg.silent was written */
	struct session *session;
	struct line line;
	uint64_t play;     /* what is being played to it, 0 nothing */
	char *answer;      /* SDP to answer the INVITE with */
	const char *cause; /* how it ended, for the journal */
	int sip_status;
	int64_t ringing_us;      /* mono: its phone rings since; 0: it did not, or that is told */
	struct timer ring_timer; /* rung without an offer: until then he must answer */
};

/* An incoming leg: takes a reference of the session and answers nothing yet. -E_UNSUPPORTED (488) without a
 * codec or protocol in common, -E_BUSY without a free port. */
int leg_new_incoming(
	struct call *call, struct session *s, const struct sip_msg *invite, struct leg **ret_leg) MUST_CHECK;

struct leg_call_opts {
	enum leg_role role;
	const char *address; /* number as dialled, for the journal */
	int64_t agent, contact, offer;
	bool secure;
	bool auto_answer;
	int64_t trunk; /* out through this, or 0: by flow and target */
	struct sip_flow *flow;
	struct str target;
	const char *from, *from_name;
	int64_t ring_ms; /* gives up with no_answer after this; 0: somebody else watches */
};

/* Calls somebody; the outcome comes to the call, never during this function. */
int leg_new_outgoing(struct call *call, const struct leg_call_opts *opts, struct leg **ret_leg) MUST_CHECK;

/* Actions. None of them does anything on an ended leg. */
void leg_ring(struct leg *leg);
int leg_answer(struct leg *leg) MUST_CHECK;          /* -E_STATE when the caller has gone meanwhile */
void leg_hangup(struct leg *leg, const char *cause); /* in every state; the call hears nothing more of it */
void leg_refuse(struct leg *leg, int sip_status, const char *cause);
void leg_mute(struct leg *leg, bool on);
int leg_keys(struct leg *leg, const char *keys) MUST_CHECK;

/* Plays prompts (paths) or a tone; replaces what plays. Returns the play's id, 0 when nothing could be
 * started. */
uint64_t leg_play(struct leg *leg, const char *const *paths, size_t n, bool loop);
uint64_t leg_play_tone(struct leg *leg, enum media_tone tone);
void leg_play_stop(struct leg *leg);

/* From the exchange. */
void leg_media_event(struct leg *leg, const struct media_event *event);
/* Its stream was closed long ago and never gave its counts: leg.ended is written without them. */
void leg_lost_by_media(struct leg *leg);

/* For an event: how long its phone rang, NULL when it did not. Told once. */
json_t *leg_rang_ms(struct leg *leg);

const char *leg_role_name(enum leg_role role);

#endif
