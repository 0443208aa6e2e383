/* One function per kind of event, in a table. Stretches (in a flow, waiting, ringing, talking, held, wrapping
 * up) are open or closed; an interaction that ends closes all but the wrap-up, which the agent ends later. */
#include "desk/project.h"

#include <string.h>

#define TIME_MAX_MS INT64_C(8640000000000) /* a hundred thousand days: sums of times never overflow */

static void set(char *dst, size_t size, const char *text)
{
	snprintf(dst, size, "%s", text);
}
#define SET(field, text) set((field), sizeof(field), (text))

int event_from_json(const json_t *json, int64_t node, struct event *ret_event)
{
	*ret_event = (struct event){
		.node = node,
		.n = js_int(json, "n", 0),
		.boot = js_int(json, "boot", 0),
		.at_ms = js_int(json, "at", 0),
		.mono_ms = js_int(json, "mono", 0) / 1000,
		.kind = event_from_name(js_str(json, "kind", "")),
		.interaction = js_id(json, "interaction"),
		.agent = js_id(json, "agent"),
		.body = json,
	};
	bool in_time = ret_event->at_ms > 0 && ret_event->at_ms < TIME_MAX_MS && ret_event->mono_ms >= 0 &&
		ret_event->mono_ms < TIME_MAX_MS;
	bool named = json_is_string(json_object_get(json, "kind"));
	return ret_event->n > 0 && in_time && named ? 0 : -E_INVALID;
}

/* The switch may have been started again meanwhile: then its new clock says nothing of the old stretch. */
static int64_t now_of(const struct contact *c, const struct event *ev)
{
	return ev->boot == c->boot ? ev->mono_ms : c->started_mono + ev->at_ms - c->started_ms;
}

static void open_at(int64_t *since, int64_t now)
{
	if (*since == NOTHING)
		*since = now;
}

static void close_at(int64_t *since, int64_t now, int64_t *total)
{
	if (*since != NOTHING && now > *since)
		*total += now - *since;
	*since = NOTHING;
}

void contact_begin(struct contact *c, const struct event *ev)
{
	*c = (struct contact){
		.id = ev->interaction,
		.node = ev->node,
		.boot = ev->boot,
		.started_ms = ev->at_ms,
		.queued_ms = NOTHING,
		.answered_ms = NOTHING,
		.ended_ms = NOTHING,
		.started_mono = ev->mono_ms,
		.flow_since = NOTHING,
		.wait_since = NOTHING,
		.ring_since = NOTHING,
		.talk_since = NOTHING,
		.hold_since = NOTHING,
		.wrap_up_since = NOTHING,
	};
	SET(c->channel, js_str(ev->body, "channel", "voice"));
	SET(c->direction, js_str(ev->body, "direction", "inbound"));
	SET(c->from, js_str(ev->body, "from", ""));
	SET(c->to, js_str(ev->body, "to", ""));
	SET(c->phase, "open");
	c->trunk = js_id(ev->body, "trunk");
	c->did = js_id(ev->body, "did");
}

typedef int64_t (*apply_fn)(struct contact *c, const struct event *ev, int64_t now);

static int64_t on_customer(struct contact *c, const struct event *ev, int64_t now)
{
	(void)now;
	c->customer = js_id(ev->body, "customer");
	SET(c->customer_name, js_str(ev->body, "name", ""));
	SET(c->tier, js_str(ev->body, "tier", ""));
	SET(c->language, js_str(ev->body, "language", ""));
	return 0;
}

static int64_t on_flow_started(struct contact *c, const struct event *ev, int64_t now)
{
	(void)ev;
	open_at(&c->flow_since, now);
	return 0;
}

static int64_t on_flow_ended(struct contact *c, const struct event *ev, int64_t now)
{
	(void)ev;
	close_at(&c->flow_since, now, &c->flow_ms);
	return 0;
}

static int64_t on_queue_entered(struct contact *c, const struct event *ev, int64_t now)
{
	close_at(&c->flow_since, now, &c->flow_ms);
	open_at(&c->wait_since, now);
	c->queue = js_id(ev->body, "queue");
	if (c->queued_ms == NOTHING)
		c->queued_ms = ev->at_ms;
	return 0;
}

static int64_t on_queue_left(struct contact *c, const struct event *ev, int64_t now)
{
	const char *reason = js_str(ev->body, "reason", "");
	close_at(&c->wait_since, now, &c->wait_ms);
	close_at(&c->ring_since, now, &c->ring_ms);
	if (strcmp(reason, "answered") != 0 && strcmp(reason, "abandoned") != 0)
		open_at(&c->flow_since, now); /* overflow, timeout, full: the flow goes on */
	return 0;
}

static int64_t on_offer_made(struct contact *c, const struct event *ev, int64_t now)
{
	(void)ev;
	c->offers++;
	open_at(&c->ring_since, now);
	return 0;
}

static int64_t on_offer_ended(struct contact *c, const struct event *ev, int64_t now)
{
	close_at(&c->ring_since, now, &c->ring_ms);
	return -ev->agent;
}

static int64_t taken_by(struct contact *c, const struct event *ev)
{
	if (!ev->agent)
		return 0;
	c->agent = ev->agent;
	if (c->answered_ms == NOTHING)
		c->answered_ms = ev->at_ms;
	return ev->agent;
}

static int64_t on_offer_accepted(struct contact *c, const struct event *ev, int64_t now)
{
	close_at(&c->ring_since, now, &c->ring_ms);
	close_at(&c->wait_since, now, &c->wait_ms);
	return taken_by(c, ev);
}

static int64_t on_leg_started(struct contact *c, const struct event *ev, int64_t now)
{
	(void)c;
	(void)now;
	return ev->agent; /* already while it rings: his page shows who calls */
}

static int64_t on_bridge_joined(struct contact *c, const struct event *ev, int64_t now)
{
	c->bridged = 1;
	close_at(&c->flow_since, now, &c->flow_ms);
	open_at(&c->talk_since, now);
	return taken_by(c, ev);
}

static int64_t on_bridge_parted(struct contact *c, const struct event *ev, int64_t now)
{
	(void)ev;
	c->bridged = 0;
	close_at(&c->talk_since, now, &c->talk_ms);
	return 0;
}

static int64_t on_hold_started(struct contact *c, const struct event *ev, int64_t now)
{
	(void)ev;
	close_at(&c->talk_since, now, &c->talk_ms);
	open_at(&c->hold_since, now);
	return 0;
}

static int64_t on_hold_ended(struct contact *c, const struct event *ev, int64_t now)
{
	(void)ev;
	close_at(&c->hold_since, now, &c->hold_ms);
	if (c->bridged)
		open_at(&c->talk_since, now);
	return 0;
}

static int64_t on_recording_started(struct contact *c, const struct event *ev, int64_t now)
{
	(void)now;
	c->recording = js_id(ev->body, "recording");
	return 0;
}

/* The agent works on after the call. */
static int64_t on_agent_state(struct contact *c, const struct event *ev, int64_t now)
{
	if (strcmp(js_str(ev->body, "state", ""), "wrap_up") != 0)
		return 0;
	open_at(&c->wrap_up_since, now);
	if (c->ended_ms != NOTHING)
		SET(c->phase, "wrap_up");
	return 0;
}

static int64_t on_wrap_up_ended(struct contact *c, const struct event *ev, int64_t now)
{
	close_at(&c->wrap_up_since, now, &c->wrap_up_ms);
	(void)ev;
	if (c->ended_ms != NOTHING)
		SET(c->phase, "ended");
	return 0;
}

static const char *outcome_of(const struct contact *c)
{
	if (c->answered_ms != NOTHING)
		return "answered";
	if (strcmp(c->cause, "caller_hangup") == 0 && c->queued_ms != NOTHING)
		return "abandoned";
	bool served = strcmp(c->cause, "caller_hangup") == 0 || strcmp(c->cause, "flow_hangup") == 0 ||
		strcmp(c->cause, "transferred") == 0;
	return served && strcmp(c->direction, "inbound") == 0 ? "flow" : "failed";
}

static int64_t on_ended(struct contact *c, const struct event *ev, int64_t now)
{
	c->ends++;
	if (c->ends > 1)
		return 0;
	close_at(&c->flow_since, now, &c->flow_ms);
	close_at(&c->wait_since, now, &c->wait_ms);
	close_at(&c->ring_since, now, &c->ring_ms);
	close_at(&c->talk_since, now, &c->talk_ms);
	close_at(&c->hold_since, now, &c->hold_ms);
	c->bridged = 0;
	c->ended_ms = ev->at_ms < c->started_ms ? c->started_ms : ev->at_ms;
	SET(c->cause, js_str(ev->body, "cause", "failed"));
	SET(c->outcome, outcome_of(c));
	SET(c->phase, c->wrap_up_since == NOTHING ? "ended" : "wrap_up");
	return 0;
}

static const apply_fn table[EV__MAX] = {
	[EV_INTERACTION_CUSTOMER] = on_customer,
	[EV_INTERACTION_ENDED] = on_ended,
	[EV_LEG_STARTED] = on_leg_started,
	[EV_FLOW_STARTED] = on_flow_started,
	[EV_FLOW_ENDED] = on_flow_ended,
	[EV_QUEUE_ENTERED] = on_queue_entered,
	[EV_QUEUE_LEFT] = on_queue_left,
	[EV_OFFER_MADE] = on_offer_made,
	[EV_OFFER_ACCEPTED] = on_offer_accepted,
	[EV_OFFER_ENDED] = on_offer_ended,
	[EV_BRIDGE_JOINED] = on_bridge_joined,
	[EV_BRIDGE_PARTED] = on_bridge_parted,
	[EV_HOLD_STARTED] = on_hold_started,
	[EV_HOLD_ENDED] = on_hold_ended,
	[EV_RECORDING_STARTED] = on_recording_started,
	[EV_AGENT_STATE] = on_agent_state,
	[EV_WRAP_UP_ENDED] = on_wrap_up_ended,
};

int64_t contact_apply(struct contact *c, const struct event *ev)
{
	if (ev->kind >= EV__MAX || !table[ev->kind])
		return 0;
	/* an agent who waits for a colleague: the customer is on hold, his waiting is another thing */
	if (ev->kind != EV_OFFER_ENDED && js_bool(ev->body, "consult", false))
		return 0;
	return table[ev->kind](c, ev, now_of(c, ev));
}
