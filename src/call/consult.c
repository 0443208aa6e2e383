/* Consult: the peer asks somebody while the party is held and hears music. The consulted leg is in the bridge
 * with the peer alone until the call is handed over (transfer.c). */
#include "base/log.h"
#include "call/exchange_int.h"

#include <inttypes.h>

int call_consult(struct call *call, int64_t agent, const struct target *target)
{
	struct leg *leg = NULL;
	bool talking = call->state == CS_TALKING;
	if (!call->party || !call->peer || call->consult || (!talking && call->state != CS_HELD))
		return -E_STATE;
	if (target->kind == TARGET_QUEUE)
		return -E_UNSUPPORTED;
	int err = talking ? call_hold(call, agent) : 0;
	if (!err)
		err = call_ring_target(call, target, LEG_CONSULT, &leg);
	if (err) {
		if (talking && call_retrieve(call, agent) != 0)
			log_(LOG_CALL, LOG_DEBUG, "held party not retrieved call=%" PRId64, call->id);
		return err;
	}
	call->consult = leg;
	call->target = *target;
	call->transferor = agent;
	(void)call_fire(call, CE_CONSULT);
	call_emit(call, EV_CONSULT_STARTED, "{s:s, s:s}", "agent", exchange_text(agent), "target",
		target->number);
	(void)leg_play_tone(call->peer, MEDIA_TONE_RINGBACK);
	return 0;
}

void call_consult_answered(struct call *call)
{
	struct exchange *x = call->x;
	struct leg *leg = call->consult;
	if (leg->contact && acd_contact_answered(x->acd, leg->contact, exchange_now(x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "contact was not ringing contact=%" PRId64, leg->contact);
	leg_play_stop(call->peer);
	media_bridge_add(x->media, call->bridge, leg->line.local.stream);
	media_bridge_link(
		x->media, call->bridge, call->peer->line.local.stream, leg->line.local.stream, MEDIA_UNITY);
	exchange_mark_call(call);
}

static void consult_over(struct call *call, const char *reason)
{
	leg_play_stop(call->peer);
	call_emit(call, EV_CONSULT_ENDED, "{s:s, s:s}", "agent", exchange_text(call->transferor), "reason",
		reason);
	call->consult = NULL;
	(void)call_fire(call, CE_HOLD);
}

int call_consult_cancel(struct call *call, const char *reason)
{
	struct leg *leg = call->consult;
	if (call->state != CS_CONSULTING || !leg)
		return -E_STATE;
	consult_over(call, reason);
	call_drop(call, leg, leg->state == LS_UP ? "hangup" : "cancelled");
	return call_retrieve(call, call->transferor);
}

void call_consult_ended(struct call *call)
{
	const char *cause = call->consult->cause;
	if (call->state == CS_CONSULTING)
		consult_over(call, cause);
	else
		call->consult = NULL;
}
