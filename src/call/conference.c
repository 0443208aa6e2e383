/* Three-way: a consult in which the party takes part. Nothing but gains of the bridge and feeds of the record
 * change; the legs stay in their parts, so that the peer can go back to the consult, leave the other two to
 * each other (transfer.c) or let the third go. The record has the party on the left, the others on the right.
 */
#include "call/exchange_int.h"

static void third(struct call *call, bool on)
{
	struct media *media = call->x->media;
	uint64_t stream = call->consult->line.local.stream;
	media_bridge_link(media, call->bridge, call->party->line.local.stream, stream, on ? MEDIA_UNITY : 0);
	if (call->record && on)
		media_record_feed(media, call->record, stream, MEDIA_CHANNEL_AGENT);
	else if (call->record)
		media_record_unfeed(media, call->record, stream);
}

int call_conference(struct call *call)
{
	struct leg *leg = call->consult;
	if (!call->party || !call->peer || !leg || leg->state != LS_UP || !call_fire(call, CE_CONFERENCE))
		return -E_STATE;
	call_separate(call, false);
	call_hold_ended(call, call->peer->agent);
	third(call, true);
	call_emit(call, EV_CONFERENCE_STARTED, "{s:s, s:s, s:s}", "agent", exchange_text(call->transferor),
		"target", call->target.number, "leg", exchange_text(leg->id));
	return 0;
}

void call_conference_over(struct call *call, const char *reason)
{
	if (call->state != CS_CONFERENCE)
		return;
	if (call->consult)
		third(call, false);
	call_emit(call, EV_CONFERENCE_ENDED, "{s:s, s:s}", "agent", exchange_text(call->transferor), "reason",
		reason);
}

int call_split(struct call *call, int64_t agent)
{
	if (call->state != CS_CONFERENCE)
		return -E_STATE;
	call_conference_over(call, "split");
	call_separate(call, true);
	call_hold_started(call, agent);
	return call_fire(call, CE_CONSULT) ? 0 : -E_STATE;
}
