#ifndef LX_ACD_ACD_H
#define LX_ACD_ACD_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who gets which contact. Pure: inputs are function calls with the monotonic time, outputs are decisions that
 * the caller drains with acd_next() after each input. Every input first lets what is due by now_us happen, so
 * the outcome does not depend on how punctually acd_tick() is called. Time never runs backwards (an earlier
 * now_us counts as the latest seen). One thread. Texts are copied; ids are the caller's and above 0. */
struct acd;

#define ACD_WORD_MAX 32                          /* bytes of a reason or tier, terminator included */
#define ACD_MS_MAX (INT64_C(366) * 86400 * 1000) /* longest duration accepted */
#define ACD_WAIT_UNKNOWN (-1)                    /* nobody works for that queue */
#define ACD_EXPLAIN_MAX 8                        /* candidates kept with a decision */

/* Kinds of contact. Voice is exclusive (nothing beside it) and needs the agent's phone; see channels[]. */
enum acd_channel { ACD_VOICE, ACD_CHAT, ACD_MAIL, ACD_CHANNEL__MAX };

/* The agent's states, as the journal names them. Each moment of an agent belongs to exactly one. */
enum acd_state {
	ACD_OFFLINE,
	ACD_READY,
	ACD_NOT_READY,
	ACD_RINGING,
	ACD_ON_CONTACT,
	ACD_WRAP_UP,
	ACD_STATE__MAX
};

/* On whose account a state changed. */
enum acd_by { ACD_BY_SYSTEM, ACD_BY_AGENT, ACD_BY_LEADER, ACD_BY_CALLER, ACD_BY_TIMEOUT, ACD_BY__MAX };

/* How an item left its queue (queue.left) and how an offer ended without being accepted (offer.ended). */
enum acd_left {
	ACD_LEFT_ANSWERED,
	ACD_LEFT_ABANDONED,
	ACD_LEFT_OVERFLOW, /* overflow_expected_ms or overflow_after_ms, or the queue was removed */
	ACD_LEFT_TIMEOUT,
	ACD_LEFT_FULL,
	ACD_LEFT_NO_AGENTS,
	ACD_LEFT_TRANSFERRED, /* acd_item_cancel() with that reason */
	ACD_LEFT__MAX
};
enum acd_offer_end {
	ACD_OFFER_TIMEOUT,
	ACD_OFFER_REFUSED,
	ACD_OFFER_UNREACHABLE,
	ACD_OFFER_WITHDRAWN,
	ACD_OFFER_END__MAX
};

/* What a queue does with callers while nobody who could serve them is signed in. */
enum acd_when_empty {
	ACD_EMPTY_WAIT,
	ACD_EMPTY_REFUSE, /* new ones leave at once with no_agents */
	ACD_EMPTY_LEAVE   /* waiting ones as well, when the last agent goes */
};

/* Whom a queue prefers among the free agents who may serve an item. Ties go to the one idle longest. */
enum acd_strategy {
	ACD_LONGEST_IDLE,
	ACD_LEVEL_FIRST, /* the highest sum of levels in the queue's skills; without skills all are equal */
	ACD_STRATEGY__MAX
};

/* Configuration: a whole revision at a time. */

struct acd_skill {
	int64_t skill;
	int level; /* 1…9, 9 is expert; in a requirement the least level */
};

struct acd_queue {
	int64_t id;
	const struct acd_skill *skills; /* an agent needs them all */
	size_t n_skills;
	const int64_t *agents; /* members; none: whoever has the skills */
	size_t n_agents;
	enum acd_strategy strategy;
	enum acd_when_empty when_empty;
	int priority;                 /* points, added to the item's */
	int64_t ring_timeout_ms;      /* 0: 20 s */
	int64_t wrap_up_ms;           /* 0: none */
	int64_t max_wait_ms;          /* 0: for ever */
	int64_t max_length;           /* 0: no limit */
	int64_t overflow_expected_ms; /* refuse entry when the estimate is above; 0: never */
	int64_t overflow_after_ms;    /* leave with overflow after this wait; 0: never */
	int64_t announce_every_ms;    /* 0: never */
	int64_t handle_ms;            /* first guess of a contact's length with wrap-up; 0: 180 s */
};

struct acd_agent {
	int64_t id;
	const struct acd_skill *skills;
	size_t n_skills;
	int capacity[ACD_CHANNEL__MAX]; /* at once; 0: the channel's usual, negative: none */
	int capacity_total;             /* over all channels; 0: 4 */
};

struct acd_tier {
	const char *name;
	int points; /* added to the priority of this customer's items */
};

struct acd_config {
	const int64_t *skills; /* the ids that exist */
	size_t n_skills;
	const struct acd_queue *queues;
	size_t n_queues;
	const struct acd_agent *agents;
	size_t n_agents;
	const struct acd_tier *tiers;
	size_t n_tiers;
	int64_t point_ms; /* ageing: one priority point outweighs this much waiting; 0: 60 s */
};

struct acd *acd_new(int64_t now_us);
void *acd_free(struct acd *acd); /* NULL allowed; returns NULL */

/* Applies the differences to the running centre: agents who vanished are signed out (after their contact),
 * items of a removed queue leave with overflow, changed skills count at once, changed limits and priorities
 * for what comes after. Refused whole (-E_INVALID, field such as "queue.5.skills") it changes nothing. */
int acd_config(
	struct acd *acd, const struct acd_config *config, int64_t now_us, struct fault *reterr_) MUST_CHECK;

/* Agents. */

/* Signing in makes him not_ready (reason "signed_in"); again: no change. -E_NOT_FOUND. */
int acd_sign_in(struct acd *acd, int64_t agent, int64_t now_us) MUST_CHECK;
/* At once when he has no contact (an offer is withdrawn), else after it and its wrap-up. */
int acd_sign_out(struct acd *acd, int64_t agent, enum acd_by by, int64_t now_us) MUST_CHECK;

/* What he asks for. During an offer or a contact it is remembered and takes effect after the wrap-up; in
 * wrap-up ready ends the wrap-up, not_ready waits for its end. -E_STATE when not signed in. */
int acd_set_ready(struct acd *acd, int64_t agent, enum acd_by by, int64_t now_us) MUST_CHECK;
/* After limit_ms (0: none) the reason becomes "overdue": the seconds above the limit count apart. Asked again
 * with the same reason the limit counts from now. */
int acd_set_not_ready(struct acd *acd, int64_t agent, const char *reason, int64_t limit_ms, enum acd_by by,
	int64_t now_us) MUST_CHECK;

/* Whether calls can reach his phone. A ready agent without is not_ready, reason "unreachable", and ready
 * again when it is back. Agents start without. Say it again after every new registration: that also mends an
 * offer that ended as unreachable. */
int acd_set_phone(struct acd *acd, int64_t agent, bool reachable, int64_t now_us) MUST_CHECK;

/* After a restart: puts back what the journal knew of him. `state` READY asks for ready (taken up when the
 * phone is back), NOT_READY for the reason; contacts are announced by acd_occupy(). */
int acd_resume(struct acd *acd, int64_t agent, enum acd_state state, const char *reason, int64_t since_us,
	int64_t now_us) MUST_CHECK;

/* Items that wait in a queue. */

struct acd_item {
	int64_t id;
	int64_t queue;
	enum acd_channel channel;
	int priority;                   /* points above the queue's */
	const char *tier;               /* NULL or unknown: no points */
	const struct acd_skill *skills; /* beside the queue's */
	size_t n_skills;
	int64_t since_us;   /* 0: as it enters. He came from another queue: his age counts from here, this
			       queue's clocks do not */
	int64_t entered_us; /* 0: now. After a restart: when it entered, and it is taken back unconditionally
			     */
};

/* Decides at once: an entered decision, then an offer, or left with full, no_agents or overflow (then the
 * item is gone). -E_NOT_FOUND (queue or skill), -E_EXISTS, -E_INVALID. */
int acd_item_add(struct acd *acd, const struct acd_item *item, int64_t now_us) MUST_CHECK;

/* The caller is gone (ABANDONED), or somebody took him elsewhere (TRANSFERRED). While offered the offer is
 * withdrawn. -E_NOT_FOUND; -E_STATE when an agent has accepted it already. */
int acd_item_cancel(struct acd *acd, int64_t item, enum acd_left why, int64_t now_us) MUST_CHECK;

/* Offers. */

/* The agent took it: he is on the contact until acd_contact_end(). -E_STATE when the offer is not open any
 * more (late, withdrawn, answered elsewhere): the caller then clears that leg. */
int acd_offer_accept(struct acd *acd, int64_t offer, int64_t now_us) MUST_CHECK;
/* REFUSED or UNREACHABLE: the item keeps its place, the agent becomes not_ready with reason "refused" or
 * "unreachable" ("no_answer" when the deadline passed). -E_STATE as above. */
int acd_offer_fail(struct acd *acd, int64_t offer, enum acd_offer_end why, int64_t now_us) MUST_CHECK;

/* Contacts. */

struct acd_contact {
	int64_t id; /* same number space as items */
	int64_t agent;
	enum acd_channel channel;
	bool ringing;       /* he is being called; on_contact from acd_contact_answered() on */
	int64_t wrap_up_ms; /* after it; 0: none */
};

/* A contact without a queue: direct, consult, outbound, or one found after a restart. Allowed while
 * not_ready and in wrap-up (which it ends). -E_NOT_FOUND, -E_EXISTS, -E_STATE (not signed in), -E_BUSY (no
 * room beside what he has). */
int acd_occupy(struct acd *acd, const struct acd_contact *contact, int64_t now_us) MUST_CHECK;
int acd_contact_answered(struct acd *acd, int64_t contact, int64_t now_us) MUST_CHECK;

/* Ends a queue item that was accepted, or an occupied contact. wrap_up_ms below 0: as the queue or
 * acd_occupy() said; otherwise this much. -E_NOT_FOUND. */
int acd_contact_end(struct acd *acd, int64_t contact, int64_t wrap_up_ms, int64_t now_us) MUST_CHECK;

/* He is done before the limit. -E_STATE when he is not in wrap-up. */
int acd_wrap_up_end(struct acd *acd, int64_t agent, enum acd_by by, int64_t now_us) MUST_CHECK;

/* Time. */

void acd_tick(struct acd *acd, int64_t now_us);
int64_t acd_next_wake(const struct acd *acd); /* INT64_MAX: never */

/* Decisions. */

/* How item and agent came together: the item came and the queue's strategy chose him, or he came free and
 * took the first item. */
enum acd_rule { ACD_RULE_LONGEST_IDLE, ACD_RULE_LEVEL_FIRST, ACD_RULE_FIRST_ITEM, ACD_RULE__MAX };

enum acd_what {
	ACD_ITEM_ENTERED,   /* item, queue, priority (sum), position */
	ACD_ITEM_LEFT,      /* item, queue, left, lasted_us (waited); agent when answered */
	ACD_OFFER_MADE,     /* offer, item, queue, agent, deadline_us, rule: ring him */
	ACD_OFFER_ACCEPTED, /* offer, item, queue, agent, lasted_us (rang) */
	ACD_OFFER_ENDED,    /* offer, item, queue, agent, offer_end, lasted_us: stop ringing */
	ACD_AGENT_STATE,    /* agent, state, reason, since_us, by, item (contact of the state, or 0) */
	ACD_WRAP_UP_ENDED,  /* item, agent, by, lasted_us */
	ACD_ANNOUNCE,       /* item, queue, position (1 is next), wait_ms (or ACD_WAIT_UNKNOWN) */
	ACD_WHAT__MAX
};

struct acd_decision {
	enum acd_what what;
	int64_t at_us;
	int64_t item, queue, agent, offer;
	int priority;
	size_t position;
	int64_t deadline_us, lasted_us, since_us, wait_ms;
	enum acd_rule rule;
	enum acd_left left;
	enum acd_offer_end offer_end;
	enum acd_state state;
	enum acd_by by;
	char reason[ACD_WORD_MAX];
};

/* Takes the oldest; false when all are drained. Inputs may be given while draining. */
bool acd_next(struct acd *acd, struct acd_decision *ret_decision);

/* Questions; they change nothing. */

struct acd_agent_view {
	enum acd_state state;
	char reason[ACD_WORD_MAX];
	int64_t since_us;
	int64_t limit_us; /* end of wrap-up or when the reason becomes overdue; 0: none */
	int64_t item;     /* what he rings with, talks to or wraps up; 0: nothing */
	bool reachable;
	bool wants_ready;                 /* after what he is doing now */
	int64_t spent_us[ACD_STATE__MAX]; /* since acd_new(); they add up to the time passed */
};
int acd_agent_view(const struct acd *acd, int64_t agent, struct acd_agent_view *ret_view) MUST_CHECK;
/* Whether a contact of that channel can go to him now: he asked for work, is reachable and has room. */
bool acd_agent_is_free(const struct acd *acd, int64_t agent, enum acd_channel channel);

struct acd_queue_view {
	size_t waiting, offered;
	int64_t longest_since_us;      /* entry of the oldest that waits or is offered; 0: none */
	size_t ready, busy, not_ready; /* signed-in agents who could serve it */
	int64_t expected_wait_ms;      /* of one who came now, or ACD_WAIT_UNKNOWN */
};
int acd_queue_view(const struct acd *acd, int64_t queue, struct acd_queue_view *ret_view) MUST_CHECK;

/* Place in the queue (1 is next, offered ones count as 0) and the expected wait. -E_NOT_FOUND. */
int acd_item_place(
	const struct acd *acd, int64_t item, size_t *ret_position, int64_t *ret_wait_ms) MUST_CHECK;

/* Why the item's latest offer went to this agent. */
struct acd_candidate {
	int64_t agent;
	int64_t idle_ms;
	int level;     /* the lowest of his levels in the skills needed; 0: none needed */
	int level_sum; /* by which level_first ranks him; 0 with other strategies */
};
struct acd_explain {
	int64_t at_us, offer, agent;
	enum acd_rule rule;
	int64_t waited_ms;   /* of the item, at the decision */
	int priority;        /* points of the item */
	size_t left_waiting; /* items that stayed in the queue */
	size_t n_candidates; /* in candidates[], as the rule ranks them */
	struct acd_candidate candidates[ACD_EXPLAIN_MAX];
};
/* Until the contact has ended. -E_NOT_FOUND without an offer. */
int acd_explain(const struct acd *acd, int64_t item, struct acd_explain *ret_explain) MUST_CHECK;

/* Names for the journal: "on_contact", "no_agents", "refused", "agent". */
const char *acd_state_name(enum acd_state state);
const char *acd_left_name(enum acd_left left);
const char *acd_offer_end_name(enum acd_offer_end end);
const char *acd_by_name(enum acd_by by);
const char *acd_rule_name(enum acd_rule rule);

#endif
