#ifndef LX_DESK_PROJECT_H
#define LX_DESK_PROJECT_H

#include "base/js.h"
#include "wire/event.h"

/* What an interaction is, derived from its events one by one. Pure: no database, no clock, so that a test may
 * feed it any list. Durations come from the monotonic times of one boot of the switch. */
struct event {
	int64_t node, n, boot;
	int64_t at_ms, mono_ms;
	enum event_kind kind;
	int64_t interaction, agent;
	const json_t *body;
};

/* 0 with a view of the object, -E_INVALID when it is no event. An unknown kind is EV__MAX. */
int event_from_json(const json_t *json, int64_t node, struct event *ret_event) MUST_CHECK;

#define PROJECT_TEXT 64

/* A row of table interaction without what people write into it. A moment or a stretch that is not there is
 * NOTHING. */
#define NOTHING INT64_MIN
struct contact {
	int64_t id, node, boot, version;
	char channel[16], direction[16], from[PROJECT_TEXT], to[PROJECT_TEXT];
	char customer_name[2 * PROJECT_TEXT], tier[16], language[16], phase[16], outcome[16], cause[24];
	int64_t trunk, did, customer, queue, agent, recording;
	int64_t started_ms, queued_ms, answered_ms, ended_ms; /* wall */
	int64_t flow_ms, wait_ms, ring_ms, talk_ms, hold_ms, wrap_up_ms;
	int64_t started_mono;
	int64_t flow_since, wait_since, ring_since, talk_since, hold_since,
		wrap_up_since; /* mono, open stretches */
	int64_t bridged;       /* whether caller and agent are joined */
	int64_t ends, offers;
};

/* From interaction.started. */
void contact_begin(struct contact *c, const struct event *ev);
/* Any later event. Returns the agent who thereby takes part, negated the one who was rung in vain, 0 for
 * nobody. */
int64_t contact_apply(struct contact *c, const struct event *ev);

#endif
