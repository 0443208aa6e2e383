/* The life of one interaction. Legs come and go; the call decides by its state and by the part a leg plays
 * (party, peer, trying, consult). It is over when its state is CS_ENDED, and cleared when the media threads
 * have given back every leg and the recording: only then interaction.ended is written, so that it is the last
 * word. */
#include "call/call.h"

#include "base/clock.h"
#include "base/log.h"
#include "call/exchange_int.h"
#include "call/visitor.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define CLEAR_WAIT_US (10 * CLOCK_S_US)

/* CS_NEW is never a next state: it stands for "not allowed". */
static const enum call_state call_fsm[CS__MAX][CE__MAX] = {
	[CS_NEW] = { [CE_FLOW] = CS_FLOW, [CE_CALL] = CS_CALLING, [CE_END] = CS_ENDED },
	[CS_FLOW] = { [CE_FLOW] = CS_FLOW,
		[CE_QUEUE] = CS_QUEUED,
		[CE_CALL] = CS_CALLING,
		[CE_END] = CS_ENDED },
	[CS_QUEUED] = { [CE_FLOW] = CS_FLOW, [CE_JOIN] = CS_TALKING, [CE_END] = CS_ENDED },
	[CS_CALLING] = { [CE_FLOW] = CS_FLOW,
		[CE_CALL] = CS_CALLING,
		[CE_JOIN] = CS_TALKING,
		[CE_END] = CS_ENDED },
	[CS_TALKING] = { [CE_HOLD] = CS_HELD,
		[CE_CONSULT] = CS_CONSULTING,
		[CE_FLOW] = CS_FLOW,
		[CE_CALL] = CS_CALLING,
		[CE_JOIN] = CS_TALKING,
		[CE_END] = CS_ENDED },
	[CS_HELD] = { [CE_RETRIEVE] = CS_TALKING,
		[CE_CONSULT] = CS_CONSULTING,
		[CE_FLOW] = CS_FLOW,
		[CE_CALL] = CS_CALLING,
		[CE_END] = CS_ENDED },
	[CS_CONFERENCE] = { [CE_RETRIEVE] = CS_TALKING,
		[CE_CONSULT] = CS_CONSULTING,
		[CE_JOIN] = CS_TALKING,
		[CE_END] = CS_ENDED },
	[CS_CONSULTING] = { [CE_RETRIEVE] = CS_TALKING,
		[CE_CONFERENCE] = CS_CONFERENCE,
		[CE_FLOW] = CS_FLOW,
		[CE_HOLD] = CS_HELD,
		[CE_JOIN] = CS_TALKING,
		[CE_END] = CS_ENDED },
};

bool call_fire(struct call *call, enum call_event event)
{
	enum call_state next = call_fsm[call->state][event];
	if (next == CS_NEW) {
		log_(LOG_CALL, LOG_DEBUG, "step refused call=%" PRId64 " state=%d event=%d", call->id,
			(int)call->state, (int)event);
		return false;
	}
	call->state = next;
	call->since_ms = clock_wall_ms();
	exchange_mark_call(call);
	return true;
}

const char *call_phase(const struct call *call)
{
	static const char *const names[] = { "flow", "flow", "queued", "ringing", "talking", "held",
		"consulting", "conference", "ended" };
	if (call->state == CS_QUEUED && call->trying)
		return "ringing";
	return names[call->state];
}

static void call_destroy(void *self)
{
	struct call *call = self;
	call->ivr = ivr_free(call->ivr);
	visitor_leave(call->visitor);
}

static const struct obj_type call_type = { "call", sizeof(struct call), call_destroy };

static void emit_object(struct call *call, enum event_kind kind, json_t *event)
{
	struct exchange *x = call->x;
	int64_t agent = js_id(event, "agent");
	x->last_event = x->sink->event(x->arg, kind, call->id, agent, event);
	json_decref(event);
}

void call_emit(struct call *call, enum event_kind kind, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	json_t *event = json_vpack_ex(NULL, 0, fmt, args);
	va_end(args);
	if (!event)
		event = json_object(); /* a peer's text that is not UTF-8: the event itself must not be lost
					*/
	js_set_id(event, "interaction", call->id);
	emit_object(call, kind, event);
}

static void on_clear_timer(void *arg);
static void on_ivr_timer(void *arg)
{
	struct call *call = arg;
	struct exchange *x = call->x;
	if (call->ivr)
		ivr_tick(call->ivr, exchange_now(x));
	call_flow_pump(call);
	exchange_settle(x);
}

static void on_lookup_timer(void *arg)
{
	struct call *call = arg;
	struct exchange *x = call->x;
	call_run_flow(call);
	exchange_settle(x);
}

struct call *call_new(struct exchange *x, const char *direction, const char *from, const char *to)
{
	struct call *call = obj_new(&call_type);
	call->x = x;
	call->id = exchange_id(x);
	call->direction = direction;
	call->started_ms = call->since_ms = clock_wall_ms();
	call->group = media_group_new(x->media);
	call->cause = "failed";
	call->ended_by = "system";
	TAILQ_INIT(&call->legs);
	snprintf(call->from, sizeof(call->from), "%s", from);
	snprintf(call->to, sizeof(call->to), "%s", to);
	snprintf(call->language, sizeof(call->language), "%s", x->site->setting.language);
	timer_init(&call->ivr_timer, on_ivr_timer, call);
	timer_init(&call->lookup_timer, on_lookup_timer, call);
	timer_init(&call->clear_timer, on_clear_timer, call);
	HASH_ADD(hh, x->calls, id, sizeof(call->id), call);
	exchange_mark_call(call);
	return call;
}

void call_started(struct call *call)
{
	call_emit(call, EV_INTERACTION_STARTED, "{s:s, s:s, s:s, s:s, s:s*, s:s*}", "channel", "voice",
		"direction", call->direction, "from", call->from, "to", call->to, "trunk",
		call->trunk ? exchange_text(call->trunk) : NULL, "did",
		call->did ? exchange_text(call->did) : NULL);
}

/* The agent of an ended or replaced leg is free (wrap-up may follow). */
static void call_release_agent(struct leg *leg)
{
	struct exchange *x = leg->x;
	if (!leg->agent)
		return;
	struct seat *seat = exchange_seat(x, leg->agent);
	if (leg->contact)
		seat->wrapping = leg->call->id;
	if (seat->leg == leg) {
		seat->leg = NULL;
		timer_stop(x->timers, &seat->lost);
	}
	if (leg->contact && acd_contact_end(x->acd, leg->contact, -1, exchange_now(x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "contact was not known contact=%" PRId64, leg->contact);
	leg->contact = 0;
	exchange_mark_agent(x, leg->agent);
}

void call_drop(struct call *call, struct leg *leg, const char *cause)
{
	if (!leg)
		return;
	leg_hangup(leg, cause);
	call_release_agent(leg);
	if (call->trying == leg)
		call->trying = NULL;
	if (call->consult == leg)
		call->consult = NULL;
	if (call->peer == leg)
		call->peer = NULL;
	if (call->party == leg)
		call->party = NULL;
	if (call->replaced == leg)
		call->replaced = NULL;
}

/* Part of it has come to rest: when all has, interaction.ended is written and the call is freed. */
static void cleared(struct call *call)
{
	struct exchange *x = call->x;
	if (call->state != CS_ENDED || !TAILQ_EMPTY(&call->legs) || (call->record && !call->recorded))
		return;
	timer_stop(x->timers, &call->clear_timer);
	media_group_free(x->media, call->group);
	call_emit(call, EV_INTERACTION_ENDED, "{s:s, s:s}", "cause", call->cause, "by", call->ended_by);
	HASH_DEL(x->calls, call);
	exchange_unmark_call(call);
	TAILQ_INSERT_TAIL(&x->finished, call, link);
	x->sink->live(x->arg, "call", call->id, NULL);
}

void call_recorded(struct call *call, const struct call_recorded *how)
{
	call->recorded = true;
	call_emit(call, EV_RECORDING_ENDED, "{s:s, s:I, s:I, s:I, s:s}", "recording",
		exchange_text(call->recording), "duration_ms", (json_int_t)how->duration_ms, "bytes",
		(json_int_t)how->bytes, "missing_ms", (json_int_t)how->missing_ms, "reason", how->reason);
	cleared(call);
}

static void remove_leg(struct leg *leg)
{
	TAILQ_REMOVE(&leg->call->legs, leg, link);
	HASH_DEL(leg->x->legs, leg);
	obj_unref(leg);
}

/* The record or a leg never came back from the media threads: what began is ended without their figures. */
static void on_clear_timer(void *arg)
{
	static const struct call_recorded lost = { .reason = "media_lost" };
	struct call *call = arg;
	struct exchange *x = call->x;
	struct leg *leg, *next;
	log_(LOG_CALL, LOG_WARN, "media did not answer call=%" PRId64, call->id);
	if (call->record && !call->recorded)
		call_recorded(call, &lost);
	for (leg = TAILQ_FIRST(&call->legs); leg; leg = next) {
		next = TAILQ_NEXT(leg, link);
		leg_lost_by_media(leg);
	}
	exchange_settle(x);
}

void call_end(struct call *call, const char *cause, const char *by)
{
	struct exchange *x = call->x;
	struct leg *leg, *next;
	if (call->state == CS_ENDED)
		return;
	call->cause = cause;
	call->ended_by = by;
	if (strcmp(by, "system") == 0)
		log_(LOG_CALL, LOG_INFO, "call ended by the system call=%" PRId64 " cause=%s", call->id,
			cause);
	call_flow_stop(call);
	call_consult_stop(call);
	call_part(call);
	(void)call_fire(call, CE_END);
	timer_stop(x->timers, &call->lookup_timer);
	for (leg = TAILQ_FIRST(&call->legs); leg; leg = next) {
		next = TAILQ_NEXT(leg, link);
		call_drop(call, leg, leg->state == LS_UP ? "hangup" : "cancelled");
	}
	call_record_stop(call);
	if (call->bridge)
		media_bridge_close(x->media, call->bridge);
	timer_start_in(x->timers, &call->clear_timer, CLEAR_WAIT_US);
	cleared(call);
}

void call_leg_closed(struct leg *leg)
{
	struct call *call = leg->call;
	remove_leg(leg);
	cleared(call);
}

void call_leg_ringing(struct leg *leg, bool early_media)
{
	struct call *call = leg->call;
	struct leg *hearer = call->calling == CALLING_DIAL ? call->peer : call->party;
	exchange_mark_call(call);
	if (leg != call->trying || call->state != CS_CALLING || !hearer || call->replaced)
		return;
	if (!early_media)
		leg_play_tone(hearer, MEDIA_TONE_RINGBACK);
}

/* The agent took the offer; false when he was too late. */
static bool offer_taken(struct leg *leg)
{
	struct exchange *x = leg->x;
	int64_t offer = leg->offer;
	leg->offer = 0;
	if (!offer || acd_offer_accept(x->acd, offer, exchange_now(x)) == 0)
		return true;
	call_drop(leg->call, leg, "cancelled");
	return false;
}

static void offer_answered(struct call *call, struct leg *leg)
{
	struct exchange *x = call->x;
	if (!offer_taken(leg))
		return;
	leg->contact = call->item;
	call->trying = NULL;
	call->peer = leg;
	exchange_drain(x);
	call_queue_left(call, ACD_LEFT_ANSWERED);
	call_join(call);
}

static void tried_answered(struct call *call, struct leg *leg)
{
	call->trying = NULL;
	if (leg->contact && acd_contact_answered(call->x->acd, leg->contact, exchange_now(call->x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "contact was not ringing contact=%" PRId64, leg->contact);
	if (call->replaced) {
		struct leg *old = call->replaced;
		leg->contact = old->contact;
		old->contact = 0;
		call->peer = leg;
		call_drop(call, old, "failed");
		exchange_seat(call->x, leg->agent)->leg = leg;
		call_join(call);
		return;
	}
	if (call->calling == CALLING_DIAL)
		call->party = leg;
	else
		call->peer = leg;
	if (call->calling == CALLING_TRANSFER)
		call_emit(call, EV_TRANSFER_COMPLETED, "{s:s, s:s, s:s}", "agent",
			exchange_text(call->transferor), "kind", "blind", "target", call->target.number);
	if (call->calling == CALLING_FLOW && call->ivr) {
		ivr_transfer_result(call->ivr, IVR_TRANSFER_ANSWERED, exchange_now(call->x));
		call_flow_pump(call);
	}
	call->calling = CALLING_NOTHING;
	call_join(call);
}

void call_leg_answered(struct leg *leg)
{
	struct call *call = leg->call;
	call_emit(call, EV_LEG_ANSWERED, "{s:s, s:s, s:o*}", "leg", exchange_text(leg->id), "codec",
		line_codec(&leg->line), "rang_ms", leg_rang_ms(leg));
	exchange_mark_call(call);
	if (leg == call->trying && leg->offer)
		offer_answered(call, leg);
	else if (leg == call->trying)
		tried_answered(call, leg);
	else if (leg == call->consult && offer_taken(leg))
		call_consult_answered(call, leg);
	else if (leg == call->peer && call->calling == CALLING_DIAL)
		call_dial_party(call);
}

void call_leg_key(struct leg *leg, char key)
{
	struct call *call = leg->call;
	if (leg == call->party && call->ivr && (call->state == CS_FLOW || call->state == CS_QUEUED)) {
		ivr_digit(call->ivr, key, exchange_now(call->x));
		call_flow_pump(call);
	}
}

void call_leg_held(struct leg *leg, bool held)
{
	struct call *call = leg->call;
	int err = 0;
	if (leg != call->peer)
		return;
	if (held && call->state == CS_TALKING)
		err = call_hold(call, leg->agent);
	else if (!held && call->state == CS_HELD)
		err = call_retrieve(call, leg->agent);
	if (err)
		log_(LOG_CALL, LOG_DEBUG, "phone's hold not followed call=%" PRId64 " err=%s", call->id,
			err_name(err));
}

void call_leg_played(struct leg *leg, uint64_t play, int err)
{
	struct call *call = leg->call;
	if (err && err != -E_CANCELLED)
		log_(LOG_CALL, LOG_DEBUG, "prompt not played call=%" PRId64 " err=%s", call->id,
			err_name(err));
	if (call->ivr && call->ivr_play && play == call->ivr_media) {
		int64_t id = call->ivr_play;
		call->ivr_play = 0;
		ivr_played(call->ivr, id, exchange_now(call->x));
		call_flow_pump(call);
	}
}

static bool leg_was_refused(const struct leg *leg)
{
	return strcmp(leg->cause, "busy") == 0 || strcmp(leg->cause, "rejected") == 0;
}

/* False without an offer. */
static bool offer_failed(struct leg *leg)
{
	struct exchange *x = leg->x;
	int64_t offer = leg->offer;
	bool refused = leg_was_refused(leg);
	leg->offer = 0;
	leg->call->failed_status = leg->sip_status;
	if (offer &&
		acd_offer_fail(x->acd, offer, refused ? ACD_OFFER_REFUSED : ACD_OFFER_UNREACHABLE,
			exchange_now(x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "offer was over offer=%" PRId64, offer);
	return offer != 0;
}

/* A rung leg came to nothing. */
static void trying_failed(struct call *call, struct leg *leg)
{
	call->trying = NULL;
	if (call->replaced) {
		call->replaced = NULL; /* he may register once more before his time is over */
		return;
	}
	if (offer_failed(leg))
		return;
	if (call->calling == CALLING_TRANSFER || call->calling == CALLING_FLOW)
		call_transfer_failed(call, leg->cause);
	else
		call_end(call, leg_was_refused(leg) ? "rejected" : "failed", "system");
}

void call_leg_ended(struct leg *leg)
{
	struct call *call = leg->call;
	const char *by = leg->agent ? "agent" : "caller";
	call_release_agent(leg);
	exchange_mark_call(call);
	if (leg == call->trying)
		trying_failed(call, leg);
	else if (leg == call->consult && offer_failed(leg))
		call->consult = NULL; /* the peer waits on */
	else if (leg == call->consult)
		call_consult_ended(call, leg);
	else if (leg == call->peer && call_transfer_complete(call) == 0)
		exchange_mark_call(call); /* he hung up to join the party with whom he asked */
	else if (leg == call->peer || leg == call->party)
		call_end(call, leg->agent ? "agent_hangup" : "caller_hangup", by);
}
