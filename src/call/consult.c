/* Consult: the peer asks somebody while the party is held and hears music. The consulted leg is in the bridge
 * with the peer alone until the call is handed over (transfer.c). Asked may be a queue: then the peer waits
 * there with an item of his own, which the party takes over when the peer goes before somebody has come. */
#include "base/log.h"
#include "call/exchange_int.h"

#include <inttypes.h>
#include <string.h>

bool call_is_consulting(const struct call *call)
{
	return call->state == CS_CONSULTING || call->state == CS_CONFERENCE;
}

static void consult_over(struct call *call, const char *reason)
{
	bool three = call->state == CS_CONFERENCE;
	call_conference_over(call, reason);
	leg_play_stop(call->peer);
	call_emit(call, EV_CONSULT_ENDED, "{s:s, s:s}", "agent", exchange_text(call->transferor), "reason",
		reason);
	call->consult = NULL;
	call->consult_queue = 0;
	call->consult_ended = strcmp(reason, "cancelled") == 0 ? NULL : reason;
	(void)call_fire(call, three ? CE_RETRIEVE : CE_HOLD);
}

/* The peer waits in a queue, with its music. */
static bool wait_in(struct call *call, int64_t queue)
{
	call->consult_queue = queue;
	call->consult_item = call_wait_in(call, queue, true);
	if (call->consult_item)
		call_music(call, call->peer, queue);
	return call->consult_item != 0;
}

static int may_consult(const struct call *call, const struct target *target)
{
	if (!call->party || !call->peer || call->consult)
		return -E_STATE;
	if (call->state != CS_TALKING && call->state != CS_HELD)
		return -E_STATE;
	return target->kind == TARGET_QUEUE && !site_queue(call->x->site, target->id) ? -E_NOT_FOUND : 0;
}

int call_consult(struct call *call, int64_t agent, const struct target *target, struct fault *reterr_)
{
	struct leg *leg = NULL;
	bool talking = call->state == CS_TALKING;
	int err = may_consult(call, target);
	if (err)
		return err;
	err = talking ? call_hold(call, agent) : 0;
	if (!err && target->kind != TARGET_QUEUE)
		err = call_ring_target(call, target, LEG_CONSULT, &leg);
	if (err) {
		if (talking && call_retrieve(call, agent) != 0)
			log_(LOG_CALL, LOG_DEBUG, "held party not retrieved call=%" PRId64, call->id);
		return err;
	}
	call->consult = leg;
	call->target = *target;
	call->transferor = agent;
	call->waiting_us = exchange_now(call->x);
	(void)call_fire(call, CE_CONSULT);
	call_emit(call, EV_CONSULT_STARTED, "{s:s, s:s}", "agent", exchange_text(agent), "target",
		target->number);
	if (leg)
		(void)leg_play_tone(call->peer, MEDIA_TONE_RINGBACK);
	else if (!wait_in(call, target->id))
		consult_over(call, "failed");
	exchange_drain(call->x);
	if (call->state == CS_CONSULTING)
		return 0;
	if (talking && call_retrieve(call, agent) != 0)
		log_(LOG_CALL, LOG_DEBUG, "held party not retrieved call=%" PRId64, call->id);
	(void)fault_set(reterr_, "queue_takes_nobody", "target", "the queue takes nobody now");
	return -E_STATE;
}

bool call_consult_take_over(struct call *call)
{
	struct exchange *x = call->x;
	struct item *item = exchange_item(x, call->consult_item);
	if (!item)
		return false;
	call->item = item->id;
	call->queue = call->last_queue = call->consult_queue;
	call->consult_item = call->consult_queue = 0;
	call_emit(call, EV_QUEUE_LEFT, "{s:s, s:s, s:s, s:I, s:b}", "item", exchange_text(item->id), "queue",
		exchange_text(call->queue), "reason", acd_left_name(ACD_LEFT_TRANSFERRED), "waited_ms",
		(json_int_t)((exchange_now(x) - item->entered_us) / 1000), "consult", 1);
	size_t position = 0;
	int64_t wait_ms;
	if (acd_item_place(x->acd, item->id, &position, &wait_ms) != 0)
		log_(LOG_CALL, LOG_DEBUG, "item has no place item=%" PRId64, item->id);
	item->consult = false;
	item->entered_us = exchange_now(x);
	call_emit(call, EV_QUEUE_ENTERED, "{s:s, s:s, s:i, s:i}", "item", exchange_text(item->id), "queue",
		exchange_text(call->queue), "priority", item->priority, "position", (int)position);
	call->trying = call->consult; /* who is rung already rings on */
	call->consult = NULL;
	if (call->trying)
		call->trying->role = LEG_AGENT;
	return true;
}

void call_consult_stop(struct call *call)
{
	call_wait_cancel(call, &call->consult_item);
	call_conference_over(call, call->cause);
	if (call_is_consulting(call))
		call_emit(call, EV_CONSULT_ENDED, "{s:s, s:s}", "agent", exchange_text(call->transferor),
			"reason", call->cause);
}

void call_consult_left(struct call *call, enum acd_left left)
{
	const struct site_queue *q = site_queue(call->x->site, call->consult_queue);
	call->consult_item = 0;
	if (left == ACD_LEFT_OVERFLOW && q && q->overflow_queue && wait_in(call, q->overflow_queue))
		return;
	if (call->state == CS_CONSULTING)
		consult_over(call, acd_left_name(left));
}

void call_consult_answered(struct call *call, struct leg *leg)
{
	struct exchange *x = call->x;
	if (call->consult_item) {
		leg->contact = call->consult_item;
		call->consult_item = call->consult_queue = 0;
		exchange_drain(x);
	} else if (leg->contact && acd_contact_answered(x->acd, leg->contact, exchange_now(x)) != 0) {
		log_(LOG_CALL, LOG_DEBUG, "contact was not ringing contact=%" PRId64, leg->contact);
	}
	leg_play_stop(call->peer);
	media_bridge_add(x->media, call->bridge, leg->line.local.stream);
	media_bridge_link(
		x->media, call->bridge, call->peer->line.local.stream, leg->line.local.stream, MEDIA_UNITY);
	exchange_mark_call(call);
}

int call_consult_cancel(struct call *call, const char *reason)
{
	struct leg *leg;
	bool three = call->state == CS_CONFERENCE;
	if (!call_is_consulting(call))
		return -E_STATE;
	call_wait_cancel(call, &call->consult_item);
	leg = call->consult; /* with the item went who was rung for it */
	consult_over(call, reason);
	if (leg)
		call_drop(call, leg, leg->state == LS_UP ? "hangup" : "cancelled");
	return three ? 0 : call_retrieve(call, call->transferor);
}

void call_consult_ended(struct call *call, struct leg *leg)
{
	if (call_is_consulting(call))
		consult_over(call, leg->cause);
	else
		call->consult = NULL;
}
