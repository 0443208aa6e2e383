/* What begins must end. Each pair of kinds names the field that tells one from another; the events of the
 * open interactions are gone through once, and what has begun without an end is ended by a copy of its
 * beginning. The order of the table is the order of the ends. */
#include "switch/past.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static const struct pair {
	enum event_kind start, end, other_end;
	const char *key;      /* field that both share */
	const char *cause;    /* field that says why it ended, NULL for none */
	const char *duration; /* field with the time it lasted, NULL for none */
} pairs[] = {
	{ EV_FLOW_STARTED, EV_FLOW_ENDED, EV__MAX, "flow", "reason", NULL },
	{ EV_OFFER_MADE, EV_OFFER_ENDED, EV_OFFER_ACCEPTED, "offer", "reason", "rang_ms" },
	{ EV_QUEUE_ENTERED, EV_QUEUE_LEFT, EV__MAX, "item", "reason", "waited_ms" },
	{ EV_CONSULT_STARTED, EV_CONSULT_ENDED, EV__MAX, "agent", "reason", NULL },
	{ EV_MUTE_STARTED, EV_MUTE_ENDED, EV__MAX, "leg", NULL, NULL },
	{ EV_HOLD_STARTED, EV_HOLD_ENDED, EV__MAX, "leg", NULL, NULL },
	{ EV_BRIDGE_JOINED, EV_BRIDGE_PARTED, EV__MAX, "leg", NULL, NULL },
	{ EV_RECORDING_STARTED, EV_RECORDING_ENDED, EV__MAX, "recording", "reason", "duration_ms" },
	{ EV_LEG_STARTED, EV_LEG_ENDED, EV__MAX, "leg", "cause", NULL },
};

static void name_of(const struct pair *pair, const json_t *event, char *dst, size_t size)
{
	snprintf(dst, size, "%s/%s", js_str(event, "interaction", ""), js_str(event, pair->key, ""));
}

/* The beginnings without an end, by name, in the order they began. */
static json_t *open_of(const struct pair *pair, const json_t *events)
{
	json_t *open = json_object(), *event;
	size_t i;
	json_array_foreach (events, i, event) {
		enum event_kind kind = event_from_name(js_str(event, "kind", ""));
		char name[80];
		name_of(pair, event, name, sizeof(name));
		if (kind == pair->start)
			json_object_set(open, name, event);
		else if (kind == pair->end || (kind == pair->other_end && kind != EV__MAX))
			json_object_del(open, name);
	}
	return open;
}

static void end_one(const struct pair *pair, const json_t *start, int64_t at_ms, struct link *link)
{
	static const char *const own[] = { "n", "boot", "at", "mono", "kind" };
	json_t *end = json_copy((json_t *)start);
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		json_object_del(end, own[i]);
	if (pair->cause)
		js_set_str(end, pair->cause, "switch_lost");
	if (pair->duration) {
		int64_t lasted = at_ms - js_int(start, "at", at_ms);
		js_set_int(end, pair->duration, lasted > 0 ? lasted : 0);
	}
	(void)link_event(link, pair->end, at_ms, end);
	json_decref(end);
}

/* Wrap-ups belong to agents: their interaction had ended before. */
static void end_wrap_ups(const struct journal_past *past, struct link *link)
{
	size_t i;
	const json_t *state;
	json_array_foreach (past->agents, i, state) {
		if (strcmp(js_str(state, "state", ""), "wrap_up") != 0)
			continue;
		int64_t lasted = past->heartbeat_ms - js_int(state, "at", past->heartbeat_ms);
		json_t *ended = json_pack("{s:s, s:s, s:s*, s:I}", "agent", js_str(state, "agent", ""), "by",
			"system", "interaction", js_str(state, "interaction", NULL), "lasted_ms",
			(json_int_t)(lasted > 0 ? lasted : 0));
		(void)link_event(link, EV_WRAP_UP_ENDED, past->heartbeat_ms, ended);
		json_decref(ended);
	}
}

void past_close(const struct journal_past *past, struct link *link)
{
	size_t i;
	const json_t *id;
	for (size_t k = 0; k < ARRAY_LEN(pairs); k++) {
		json_t *open = open_of(&pairs[k], past->events), *start;
		const char *name;
		json_object_foreach (open, name, start)
			end_one(&pairs[k], start, past->heartbeat_ms, link);
		json_decref(open);
	}
	json_array_foreach (past->open, i, id) {
		json_t *ended = json_pack("{s:s, s:s, s:s}", "interaction", json_string_value(id), "cause",
			"switch_lost", "by", "system");
		(void)link_event(link, EV_INTERACTION_ENDED, past->heartbeat_ms, ended);
		json_decref(ended);
	}
	end_wrap_ups(past, link);
}
