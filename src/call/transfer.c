/* Transfer. It is a change of the bridge: the party stays where he is and hears music until somebody takes
 * over. A blind transfer that fails puts him back into the queue he came from, else the call ends. */
#include "call/exchange_int.h"

static void emit_target(struct call *call, enum event_kind kind, const char *how, const char *cause)
{
	call_emit(call, kind, "{s:s, s:s*, s:s, s:s*}", "agent", exchange_text(call->transferor), "kind", how,
		"target", call->target.number, "cause", cause);
}

/* The peer goes; the party waits. */
static void release_peer(struct call *call)
{
	struct leg *peer = call->peer;
	call_part(call);
	call->peer = NULL;
	call_drop(call, peer, "hangup");
	call_music(call, call->party, call->last_queue);
}

int call_transfer(struct call *call, int64_t agent, const struct target *target)
{
	struct leg *leg = NULL;
	if (!call->party || !call->peer || (call->state != CS_TALKING && call->state != CS_HELD))
		return -E_STATE;
	call->target = *target;
	call->transferor = agent;
	if (target->kind == TARGET_QUEUE) {
		if (!site_queue(call->x->site, target->id))
			return -E_NOT_FOUND;
		emit_target(call, EV_TRANSFER_STARTED, "blind", NULL);
		release_peer(call);
		call_run_queue(call, target->id);
		emit_target(call, EV_TRANSFER_COMPLETED, "blind", NULL);
		return 0;
	}
	int err = call_ring_target(call, target, LEG_AGENT, &leg);
	if (err)
		return err;
	emit_target(call, EV_TRANSFER_STARTED, "blind", NULL);
	release_peer(call);
	(void)call_fire(call, CE_CALL);
	call->calling = CALLING_TRANSFER;
	call->trying = leg;
	return 0;
}

void call_transfer_failed(struct call *call, const char *cause)
{
	enum calling_why why = call->calling;
	call->calling = CALLING_NOTHING;
	if (why == CALLING_FLOW && call->ivr) {
		enum ivr_transfer_result result = IVR_TRANSFER_FAILED;
		if (cause[0] == 'b')
			result = IVR_TRANSFER_BUSY;
		else if (cause[0] == 'n')
			result = IVR_TRANSFER_NO_ANSWER;
		leg_play_stop(call->party);
		(void)call_fire(call, CE_FLOW);
		ivr_transfer_result(call->ivr, result, exchange_now(call->x));
		call_flow_pump(call);
		return;
	}
	emit_target(call, EV_TRANSFER_FAILED, "blind", cause);
	if (call->last_queue)
		call_run_queue(call, call->last_queue);
	else
		call_end(call, "failed", "system");
}

/* Nobody has come yet: the party waits in the peer's place. */
static int complete_waiting(struct call *call)
{
	emit_target(call, EV_TRANSFER_STARTED, "attended", NULL);
	call_emit(call, EV_CONSULT_ENDED, "{s:s, s:s}", "agent", exchange_text(call->transferor), "reason",
		"transferred");
	release_peer(call);
	call_run_queue(call, call->consult_queue);
	emit_target(call, EV_TRANSFER_COMPLETED, "attended", NULL);
	return 0;
}

int call_transfer_complete(struct call *call)
{
	struct leg *peer = call->peer, *next = call->consult;
	if (!call_is_consulting(call) || !call->party)
		return -E_STATE;
	if (call->consult_item)
		return complete_waiting(call);
	if (!next || next->state != LS_UP)
		return -E_STATE;
	emit_target(call, EV_TRANSFER_STARTED, "attended", NULL);
	call_conference_over(call, "transferred");
	call_part(call);
	media_bridge_remove(call->x->media, call->bridge, next->line.local.stream);
	call->consult = NULL;
	call->peer = next;
	next->role = next->agent ? LEG_AGENT : LEG_EXTERNAL;
	call_drop(call, peer, "hangup");
	call_emit(call, EV_CONSULT_ENDED, "{s:s, s:s}", "agent", exchange_text(call->transferor), "reason",
		"transferred");
	call_join(call);
	emit_target(call, EV_TRANSFER_COMPLETED, "attended", NULL);
	return 0;
}
