/* A call in its flow: what the interpreter (ivr/) wants done is done to the party's leg and the ACD, and what
 * comes of it is told back. Waiting in a queue belongs to the flow too, so music and announcements have one
 * home; a transfer into a queue therefore runs a flow of a single queue node. */
#include "base/log.h"
#include "base/mem.h"
#include "call/exchange_int.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VARS_MAX 12

static void start_ivr(struct call *call, struct flow *flow)
{
	char time_text[8], weekday[4], date[16], customer[24];
	time_t now = (time_t)(call->started_ms / 1000);
	struct tm tm;
	localtime_r(&now, &tm);
	strftime(time_text, sizeof(time_text), "%H%M", &tm);
	strftime(weekday, sizeof(weekday), "%u", &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	snprintf(customer, sizeof(customer), "%" PRId64, call->customer);
	const struct ivr_var vars[VARS_MAX] = {
		{ "caller", call->from },
		{ "did", call->to },
		{ "tier", call->tier },
		{ "language", call->language },
		{ "name", call->name },
		{ "customer", call->customer ? customer : "" },
		{ "time", time_text },
		{ "weekday", weekday },
		{ "date", date },
	};
	call->ivr = ivr_new(flow, vars, 9);
	ivr_start(call->ivr, exchange_now(call->x));
	call_flow_pump(call);
}

void call_run_flow(struct call *call)
{
	const struct site *site = call->x->site;
	const struct site_did *did = site_did(site, call->to);
	const struct site_flow *flow = did ? site_flow(site, did->flow) : NULL;
	timer_stop(call->x->timers, &call->lookup_timer);
	if (call->state != CS_NEW)
		return;
	if (!flow || leg_answer(call->party) != 0 || !call_fire(call, CE_FLOW)) {
		call_end(call, flow ? "caller_hangup" : "not_found", "system");
		return;
	}
	call->flow = flow->id;
	call_emit(call, EV_FLOW_STARTED, "{s:s, s:I}", "flow", exchange_text(flow->id), "version",
		(json_int_t)flow->version);
	start_ivr(call, flow->flow);
}

void call_run_queue(struct call *call, int64_t queue)
{
	struct flow *flow = NULL;
	struct fault fault;
	json_t *graph = json_pack("{s:s, s:{s:{s:s, s:s, s:s}, s:{s:s}}}", "start", "queue", "nodes", "queue",
		"type", "queue", "queue", exchange_text(queue), "next", "end", "end", "type", "hangup");
	call_flow_stop(call);
	int err = flow_compile(graph, &flow, &fault);
	json_decref(graph);
	if (err || !call_fire(call, CE_FLOW)) {
		obj_unref(flow);
		call_end(call, "failed", "system");
		return;
	}
	call->flow = 0;
	start_ivr(call, flow);
	obj_unref(flow);
}

/* Paths of prompts the site knows; the others are left out. */
static size_t prompt_paths(
	const struct call *call, const struct ivr_action *a, const char **ret_paths, char **ret_memory)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n_prompts; i++) {
		const char *path = exchange_prompt(call->x, a->language, a->prompts[i]);
		if (path)
			ret_paths[n] = ret_memory[n] = mem_strdup(path), n++;
		else
			log_(LOG_CALL, LOG_DEBUG, "no such prompt name=%s language=%s", a->prompts[i],
				a->language);
	}
	return n;
}

static void do_play(struct call *call, const struct ivr_action *a, bool loop)
{
	const char *paths[IVR_PROMPTS_MAX] = { NULL };
	char *memory[IVR_PROMPTS_MAX];
	size_t n = prompt_paths(call, a, paths, memory);
	uint64_t play = call->party ? leg_play(call->party, paths, n, loop) : 0;
	for (size_t i = 0; i < n; i++)
		free(memory[i]);
	if (loop)
		return;
	call->ivr_play = play ? a->play : 0;
	call->ivr_media = play;
	if (!play)
		ivr_played(call->ivr, a->play, exchange_now(call->x));
}

static void do_music(struct call *call, const struct ivr_action *a)
{
	if (a->n_prompts)
		do_play(call, a, true);
	else if (call->party)
		call_music(call, call->party, call->last_queue);
}

static const struct site_queue *queue_named(const struct site *site, const char *name)
{
	uint64_t id = 0;
	const struct site_queue *q = NULL;
	if (str_to_u64(str_from(name), INT64_MAX, &id) == 0)
		q = site_queue(site, (int64_t)id);
	return q ? q : site_queue_by_name(site, name);
}

int64_t call_wait_in(struct call *call, int64_t queue, bool consult)
{
	struct exchange *x = call->x;
	const struct acd_item item = {
		.id = exchange_id(x),
		.queue = queue,
		.channel = ACD_VOICE,
		.priority = call->priority,
		.tier = call->tier,
		.since_us = call->waiting_us,
	};
	exchange_item_add(x, item.id, call, consult);
	int err = acd_item_add(x->acd, &item, exchange_now(x));
	if (!err)
		return item.id;
	log_(LOG_CALL, LOG_DEBUG, "item refused call=%" PRId64 " err=%s", call->id, err_name(err));
	exchange_item_remove(x, item.id);
	return 0;
}

void call_wait_cancel(struct call *call, int64_t *item)
{
	struct exchange *x = call->x;
	int64_t id = *item;
	*item = 0;
	if (!id)
		return;
	if (acd_item_cancel(x->acd, id, ACD_LEFT_ABANDONED, exchange_now(x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "item was gone item=%" PRId64, id);
	exchange_drain(x);
}

static bool enter_queue(struct call *call, int64_t queue)
{
	call->item = call_wait_in(call, queue, false);
	if (call->item)
		call->queue = call->last_queue = queue;
	return call->item != 0;
}

static void do_enqueue(struct call *call, const struct ivr_action *a)
{
	struct exchange *x = call->x;
	const struct site_queue *q = queue_named(x->site, a->target);
	if (!q || !call_fire(call, CE_QUEUE)) {
		ivr_queue_result(call->ivr, IVR_QUEUE_NO_AGENTS, exchange_now(x));
		return;
	}
	if (call_consult_take_over(call))
		return; /* the transfer was completed while the peer waited there */
	call->priority = a->priority;
	call->waiting_us = exchange_now(x);
	if (!enter_queue(call, q->id)) {
		(void)call_fire(call, CE_FLOW);
		ivr_queue_result(call->ivr, IVR_QUEUE_NO_AGENTS, exchange_now(x));
	}
}

static void do_transfer(struct call *call, const struct ivr_action *a)
{
	struct exchange *x = call->x;
	struct target target = { .kind = TARGET_NUMBER };
	const struct site_agent *agent = NULL;
	uint64_t id = 0;
	struct leg *leg = NULL;
	if (a->kind == IVR_TARGET_QUEUE) {
		const struct site_queue *q = queue_named(x->site, a->target);
		if (q)
			call_run_queue(call, q->id);
		else
			ivr_transfer_result(call->ivr, IVR_TRANSFER_FAILED, exchange_now(x));
		return;
	}
	if (a->kind == IVR_TARGET_AGENT) {
		agent = site_agent_by_extension(x->site, a->target);
		if (!agent && str_to_u64(str_from(a->target), INT64_MAX, &id) == 0)
			agent = site_agent(x->site, (int64_t)id);
		target.kind = TARGET_AGENT;
		target.id = agent ? agent->id : 0;
	}
	snprintf(target.number, sizeof(target.number), "%s", agent ? agent->extension : a->target);
	call->target = target;
	call->calling = CALLING_FLOW;
	int err = call_fire(call, CE_CALL) ? call_ring_target(call, &target, LEG_AGENT, &leg) : -E_STATE;
	if (!err) {
		call->trying = leg;
		return;
	}
	call->calling = CALLING_NOTHING;
	(void)call_fire(call, CE_FLOW);
	ivr_transfer_result(
		call->ivr, err == -E_BUSY ? IVR_TRANSFER_BUSY : IVR_TRANSFER_FAILED, exchange_now(x));
}

/* What the caller decided goes into the history; that a prompt was played or a queue entered is told by other
 * events. */
static void do_step(struct call *call, const struct ivr_action *a)
{
	if (strcmp(a->type, "play") == 0 || strcmp(a->type, "queue") == 0)
		return;
	call_emit(call, EV_FLOW_STEP, "{s:s, s:s, s:s*, s:s*, s:s*}", "node", a->node, "type", a->type,
		"result", a->result && a->result[0] ? a->result : NULL, "key",
		a->key && a->key[0] ? a->key : NULL, "label", a->label);
}

static void do_ended(struct call *call, const struct ivr_action *a)
{
	if (call->flow)
		call_emit(call, EV_FLOW_ENDED, "{s:s, s:s}", "flow", exchange_text(call->flow), "reason",
			a->cause);
	call->ivr = ivr_free(call->ivr);
	call->ivr_play = 0;
	timer_stop(call->x->timers, &call->ivr_timer);
}

static void do_action(struct call *call, const struct ivr_action *a)
{
	switch (a->what) {
	case IVR_PLAY:
		do_play(call, a, false);
		break;
	case IVR_STOP:
		call->ivr_play = 0;
		if (call->party)
			leg_play_stop(call->party);
		break;
	case IVR_MUSIC:
		do_music(call, a);
		break;
	case IVR_ENQUEUE:
		do_enqueue(call, a);
		break;
	case IVR_TRANSFER:
		do_transfer(call, a);
		break;
	case IVR_HANGUP:
		call_end(call, "flow_hangup", "flow");
		break;
	case IVR_STEP:
		do_step(call, a);
		break;
	case IVR_ENDED:
		do_ended(call, a);
		break;
	}
}

/* The language a caller chose is the call's from then on: whoever answers is announced in it. */
static void follow_language(struct call *call)
{
	const char *language = ivr_value(call->ivr, "language");
	if (language && language[0])
		snprintf(call->language, sizeof(call->language), "%s", language);
}

void call_flow_pump(struct call *call)
{
	struct ivr_action action;
	if (call->ivr)
		follow_language(call);
	while (call->ivr && ivr_next(call->ivr, &action))
		do_action(call, &action);
	if (!call->ivr)
		return;
	int64_t wake = ivr_next_wake(call->ivr);
	if (wake == INT64_MAX)
		timer_stop(call->x->timers, &call->ivr_timer);
	else
		timer_start(call->x->timers, &call->ivr_timer, wake);
}

void call_flow_stop(struct call *call)
{
	struct exchange *x = call->x;
	struct ivr_action action;
	call_wait_cancel(call, &call->item);
	timer_stop(x->timers, &call->ivr_timer);
	if (!call->ivr)
		return;
	ivr_hangup(call->ivr, exchange_now(x));
	while (call->ivr && ivr_next(call->ivr, &action)) {
		if (action.what == IVR_STEP)
			do_step(call, &action);
		else if (action.what == IVR_ENDED)
			do_ended(call, &action);
	}
	call->ivr = ivr_free(call->ivr);
	call->ivr_play = 0;
}

void call_queue_left(struct call *call, enum acd_left left)
{
	static const enum ivr_queue_result results[] = {
		[ACD_LEFT_ANSWERED] = IVR_QUEUE_ANSWERED,
		[ACD_LEFT_ABANDONED] = IVR_QUEUE_NO_AGENTS,
		[ACD_LEFT_OVERFLOW] = IVR_QUEUE_OVERFLOW,
		[ACD_LEFT_TIMEOUT] = IVR_QUEUE_TIMEOUT,
		[ACD_LEFT_FULL] = IVR_QUEUE_FULL,
		[ACD_LEFT_NO_AGENTS] = IVR_QUEUE_NO_AGENTS,
		[ACD_LEFT_TRANSFERRED] = IVR_QUEUE_NO_AGENTS,
	};
	const struct site_queue *q = site_queue(call->x->site, call->queue);
	call->item = 0;
	if (left == ACD_LEFT_OVERFLOW && q && q->overflow_queue && enter_queue(call, q->overflow_queue))
		return;
	if (left != ACD_LEFT_ANSWERED && !call_fire(call, CE_FLOW))
		return;
	if (call->ivr) {
		ivr_queue_result(call->ivr, results[left], exchange_now(call->x));
		call_flow_pump(call);
	}
}
