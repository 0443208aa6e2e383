/* How things stand now, for the pages. Changes only mark; a timer a few milliseconds later says each marked
 * thing once. Queues change with every agent and caller, so they are said five times a second at most. */
#include "base/clock.h"
#include "base/mem.h"
#include "call/exchange_int.h"

#include <stdlib.h>

#define FLUSH_WAIT_US (5 * CLOCK_MS_US)
#define QUEUE_WAIT_US (200 * CLOCK_MS_US)

static void schedule(struct exchange *x)
{
	if (!timer_is_pending(&x->live_timer))
		timer_start_in(x->timers, &x->live_timer, FLUSH_WAIT_US);
}

void exchange_mark_agent(struct exchange *x, int64_t agent)
{
	struct seat *seat = exchange_seat(x, agent);
	if (!seat->marked)
		LIST_INSERT_HEAD(&x->marked_seats, seat, mark);
	seat->marked = true;
	schedule(x);
}

void exchange_mark_call(struct call *call)
{
	if (call->state == CS_ENDED)
		return; /* its end is said when it is cleared */
	if (!call->marked)
		LIST_INSERT_HEAD(&call->x->marked_calls, call, mark);
	call->marked = true;
	schedule(call->x);
}

void exchange_unmark_call(struct call *call)
{
	if (call->marked)
		LIST_REMOVE(call, mark);
	call->marked = false;
}

void exchange_mark_queue(struct exchange *x, int64_t queue)
{
	struct queue_mark *mark = NULL;
	HASH_FIND(hh, x->queue_marks, &queue, sizeof(queue), mark);
	if (!mark) {
		mark = mem_alloc(sizeof(*mark));
		mark->queue = queue;
		HASH_ADD(hh, x->queue_marks, queue, sizeof(mark->queue), mark);
	}
	schedule(x);
}

static int64_t wall_of(const struct exchange *x, int64_t mono_us)
{
	return mono_us ? clock_wall_ms() - (exchange_now(x) - mono_us) / 1000 : 0;
}

static void say_agent_row(struct exchange *x, struct seat *seat)
{
	struct acd_agent_view view;
	const struct site_agent *agent = site_agent(x->site, seat->agent);
	if (!agent || acd_agent_view(x->acd, seat->agent, &view) != 0) {
		x->sink->live(x->arg, "agent", seat->agent, NULL);
		return;
	}
	int64_t interaction = seat->leg ? seat->leg->call->id : 0;
	if (view.state == ACD_WRAP_UP)
		interaction = seat->wrapping;
	json_t *value = json_pack("{s:s, s:s*, s:I, s:s*, s:b, s:s}", "state", acd_state_name(view.state),
		"reason", view.reason[0] ? view.reason : NULL, "since", (json_int_t)wall_of(x, view.since_us),
		"interaction", interaction ? exchange_text(interaction) : NULL, "phone", view.reachable,
		"number", agent->number);
	if (view.limit_us)
		js_set_int(value, "limit", wall_of(x, view.limit_us));
	x->sink->live(x->arg, "agent", seat->agent, value);
	json_decref(value);
}

static void say_queue_row(struct exchange *x, int64_t queue)
{
	struct acd_queue_view view;
	if (acd_queue_view(x->acd, queue, &view) != 0) {
		x->sink->live(x->arg, "queue", queue, NULL);
		return;
	}
	json_t *value = json_pack("{s:i, s:i, s:i, s:i, s:i, s:I}", "waiting", (int)view.waiting, "offered",
		(int)view.offered, "ready", (int)view.ready, "busy", (int)view.busy, "not_ready",
		(int)view.not_ready, "expected_wait_ms", (json_int_t)view.expected_wait_ms);
	if (view.longest_since_us)
		js_set_int(value, "longest_since", wall_of(x, view.longest_since_us));
	x->sink->live(x->arg, "queue", queue, value);
	json_decref(value);
}

static json_t *legs_of(const struct call *call)
{
	static const char *const states[] = { "new", "calling", "ringing", "up", "ended" };
	json_t *list = json_array();
	struct leg *leg;
	TAILQ_FOREACH (leg, &call->legs, link) {
		json_t *item;
		if (leg->state == LS_ENDED)
			continue;
		item = json_pack("{s:s, s:s, s:s, s:s, s:b}", "id", exchange_text(leg->id), "role",
			leg_role_name(leg->role), "state", states[leg->state], "address", leg->address,
			"muted", leg->muted);
		if (item)
			js_set_id(item, "agent", leg->agent);
		json_array_append_new(list, item);
	}
	return list;
}

static void say_call_row(struct call *call)
{
	struct exchange *x = call->x;
	const struct leg *agent = call->peer && call->peer->agent ? call->peer : call->trying;
	if (call->state == CS_ENDED)
		return;
	json_t *value = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:o}", "direction", call->direction, "from",
		call->from, "to", call->to, "phase", call_phase(call), "since", (json_int_t)call->since_ms,
		"started", (json_int_t)call->started_ms, "legs", legs_of(call));
	if (!value)
		return; /* a number that is not text */
	if (call->name[0])
		js_set_str(value, "name", call->name);
	if (call->tier[0])
		js_set_str(value, "tier", call->tier);
	if (call->kind[0])
		js_set_str(value, "kind", call->kind);
	js_set_id(value, "customer", call->customer);
	js_set_id(value, "queue", call->queue);
	js_set_id(value, "agent", agent ? agent->agent : 0);
	js_set_id(value, "consult_queue", call->consult_queue);
	js_set_id(value, "consult_agent", call->consult ? call->consult->agent : 0);
	if (call->state == CS_HELD && call->consult_ended) {
		js_set_str(value, "consult_ended", call->consult_ended);
		js_set_str(value, "consult_target", call->target.number);
	}
	x->sink->live(x->arg, "call", call->id, value);
	json_decref(value);
}

static void flush_queues(struct exchange *x)
{
	struct queue_mark *mark, *next;
	if (!x->queue_marks)
		return;
	if (exchange_now(x) - x->queues_said_us < QUEUE_WAIT_US) {
		timer_start(x->timers, &x->live_timer, x->queues_said_us + QUEUE_WAIT_US);
		return;
	}
	x->queues_said_us = exchange_now(x);
	HASH_ITER (hh, x->queue_marks, mark, next) {
		HASH_DEL(x->queue_marks, mark);
		say_queue_row(x, mark->queue);
		free(mark);
	}
}

void exchange_live_flush(struct exchange *x)
{
	while (!LIST_EMPTY(&x->marked_calls)) {
		struct call *call = LIST_FIRST(&x->marked_calls);
		exchange_unmark_call(call);
		say_call_row(call);
	}
	while (!LIST_EMPTY(&x->marked_seats)) {
		struct seat *seat = LIST_FIRST(&x->marked_seats);
		LIST_REMOVE(seat, mark);
		seat->marked = false;
		say_agent_row(x, seat);
	}
	flush_queues(x);
}

void exchange_live_all(struct exchange *x)
{
	for (const struct site_agent *a = x->site->agents; a; a = a->hh.next)
		exchange_mark_agent(x, a->id);
	for (const struct site_queue *q = x->site->queues; q; q = q->hh.next)
		exchange_mark_queue(x, q->id);
	for (struct call *call = x->calls; call; call = call->hh.next)
		exchange_mark_call(call);
}
