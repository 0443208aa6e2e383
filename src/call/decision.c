/* What the ACD decided becomes events, ringing phones and answers to flows. */
#include "base/log.h"
#include "call/exchange_int.h"

#include <inttypes.h>

static struct call *call_of(struct exchange *x, int64_t id)
{
	struct item *item = exchange_item(x, id);
	return item ? item->call : NULL;
}

/* For "consult" in events: true, or NULL, which leaves the field out. */
static json_t *is_consult(const struct exchange *x, int64_t id)
{
	const struct item *item = exchange_item(x, id);
	return item && item->consult ? json_true() : NULL;
}

/* The interaction of a contact: an item still known, or the call an agent's leg belongs to. */
static struct call *call_of_agent(struct exchange *x, int64_t agent)
{
	struct seat *seat = exchange_seat(x, agent);
	return seat->leg ? seat->leg->call : NULL;
}

static void item_entered(struct exchange *x, const struct acd_decision *d)
{
	struct item *item = exchange_item(x, d->item);
	if (item) {
		item->priority = d->priority;
		item->entered_us = d->at_us;
		call_emit(item->call, EV_QUEUE_ENTERED, "{s:s, s:s, s:i, s:i, s:o*}", "item",
			exchange_text(d->item), "queue", exchange_text(d->queue), "priority", d->priority,
			"position", (int)d->position, "consult", is_consult(x, d->item));
	}
	exchange_mark_queue(x, d->queue);
}

static void item_left(struct exchange *x, const struct acd_decision *d)
{
	const struct item *item = exchange_item(x, d->item);
	exchange_mark_queue(x, d->queue);
	if (!item)
		return;
	struct call *call = item->call;
	call_emit(call, EV_QUEUE_LEFT, "{s:s, s:s, s:s, s:I, s:o*}", "item", exchange_text(d->item), "queue",
		exchange_text(d->queue), "reason", acd_left_name(d->left), "waited_ms",
		(json_int_t)((d->at_us - item->entered_us) / 1000), "consult", is_consult(x, d->item));
	exchange_item_remove(x, d->item);
	if (d->left == ACD_LEFT_ANSWERED)
		return;
	if (call->item == d->item) {
		call->item = 0;
		if (call->state != CS_ENDED)
			call_queue_left(call, d->left);
	} else if (call->consult_item == d->item) {
		call_consult_left(call, d->left);
	}
}

static void offer_made(struct exchange *x, const struct acd_decision *d)
{
	struct call *call = call_of(x, d->item);
	bool consult = is_consult(x, d->item) != NULL;
	if (!call || call->trying ||
		(consult && call->consult)) { /* the agent is not to blame: the item goes, not his phone */
		if (acd_item_cancel(x->acd, d->item, ACD_LEFT_ABANDONED, exchange_now(x)) != 0)
			log_(LOG_CALL, LOG_DEBUG, "item was gone item=%" PRId64, d->item);
		return;
	}
	call_emit(call, EV_OFFER_MADE, "{s:s, s:s, s:s, s:s, s:s, s:I, s:o*}", "item", exchange_text(d->item),
		"offer", exchange_text(d->offer), "queue", exchange_text(d->queue), "agent",
		exchange_text(d->agent), "rule", acd_rule_name(d->rule), "deadline_ms",
		(json_int_t)((d->deadline_us - d->at_us) / 1000), "consult", is_consult(x, d->item));
	int err = call_ring_agent(call, d->agent, d->offer, consult ? LEG_CONSULT : LEG_AGENT);
	if (err && acd_offer_fail(x->acd, d->offer, ACD_OFFER_UNREACHABLE, exchange_now(x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "offer was over offer=%" PRId64, d->offer);
	exchange_mark_call(call);
	exchange_mark_queue(x, d->queue);
}

static void offer_accepted(struct exchange *x, const struct acd_decision *d)
{
	struct call *call = call_of_agent(x, d->agent);
	if (call)
		call_emit(call, EV_OFFER_ACCEPTED, "{s:s, s:s, s:s, s:I, s:o*}", "item",
			exchange_text(d->item), "offer", exchange_text(d->offer), "agent",
			exchange_text(d->agent), "rang_ms", (json_int_t)(d->lasted_us / 1000), "consult",
			is_consult(x, d->item));
	exchange_mark_queue(x, d->queue);
}

static void offer_ended(struct exchange *x, const struct acd_decision *d)
{
	struct call *call = call_of(x, d->item);
	if (!call)
		return;
	call_emit(call, EV_OFFER_ENDED, "{s:s, s:s, s:s, s:s, s:I}", "item", exchange_text(d->item), "offer",
		exchange_text(d->offer), "agent", exchange_text(d->agent), "reason",
		acd_offer_end_name(d->offer_end), "rang_ms", (json_int_t)(d->lasted_us / 1000));
	log_(LOG_CALL, LOG_INFO, "offer ended call=%" PRId64 " agent=%" PRId64 " reason=%s sip_status=%d",
		call->id, d->agent, acd_offer_end_name(d->offer_end), call->failed_status);
	call->failed_status = 0;
	struct leg *rung = is_consult(x, d->item) ? call->consult : call->trying;
	if (rung && rung->offer == d->offer) {
		rung->offer = 0;
		call_drop(call, rung, d->offer_end == ACD_OFFER_TIMEOUT ? "no_answer" : "cancelled");
	}
	exchange_mark_call(call);
	exchange_mark_queue(x, d->queue);
}

static void agent_state(struct exchange *x, const struct acd_decision *d)
{
	struct seat *seat = exchange_seat(x, d->agent);
	int64_t interaction = d->item && seat->leg ? seat->leg->call->id : 0;
	if (d->state == ACD_WRAP_UP)
		interaction = seat->wrapping;
	seat->signed_in = d->state != ACD_OFFLINE;
	exchange_emit(x, EV_AGENT_STATE, d->agent, "{s:s, s:s*, s:s*, s:s}", "state",
		acd_state_name(d->state), "reason", d->reason[0] ? d->reason : NULL, "interaction",
		interaction ? exchange_text(interaction) : NULL, "by", acd_by_name(d->by));
	exchange_mark_agent(x, d->agent);
	for (const struct site_queue *q = x->site->queues; q; q = q->hh.next)
		exchange_mark_queue(x, q->id);
}

static void wrap_up_ended(struct exchange *x, const struct acd_decision *d)
{
	struct seat *seat = exchange_seat(x, d->agent);
	exchange_emit(x, EV_WRAP_UP_ENDED, d->agent, "{s:s*, s:s, s:I}", "interaction",
		seat->wrapping ? exchange_text(seat->wrapping) : NULL, "by", acd_by_name(d->by), "lasted_ms",
		(json_int_t)(d->lasted_us / 1000));
	seat->wrapping = 0;
}

static void announce(struct exchange *x, const struct acd_decision *d)
{
	struct call *call = call_of(x, d->item);
	if (!call || !call->ivr || call->state != CS_QUEUED)
		return;
	const struct site_queue *q = site_queue(x->site, d->queue);
	ivr_announce(call->ivr, !q || q->announce_position ? d->position : 0,
		!q || q->announce_wait ? d->wait_ms : ACD_WAIT_UNKNOWN, exchange_now(x));
	call_flow_pump(call);
}

void exchange_decide(struct exchange *x, const struct acd_decision *d)
{
	static void (*const handlers[ACD_WHAT__MAX])(struct exchange * x, const struct acd_decision *d) = {
		[ACD_ITEM_ENTERED] = item_entered,
		[ACD_ITEM_LEFT] = item_left,
		[ACD_OFFER_MADE] = offer_made,
		[ACD_OFFER_ACCEPTED] = offer_accepted,
		[ACD_OFFER_ENDED] = offer_ended,
		[ACD_AGENT_STATE] = agent_state,
		[ACD_WRAP_UP_ENDED] = wrap_up_ended,
		[ACD_ANNOUNCE] = announce,
	};
	handlers[d->what](x, d);
}
