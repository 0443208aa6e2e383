/* A leg joins a SIP session and a media stream. It makes every offer and answer itself (sip/negotiate.h is
 * pure) and tells its call only what a call wants to know. Not obvious: an incoming offer is answered into
 * `answer` at once, so that a wrong one is refused before anything rings, but sent only when the call
 * decides. */
#include "call/leg.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "call/call.h"
#include "call/exchange_int.h"
#include "sip/msg.h"
#include "sip/trunk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FORWARDS 70

static const enum leg_state leg_fsm[LS__MAX][LE__MAX] = {
	[LS_NEW] = { [LE_CALL] = LS_CALLING,
		[LE_PROGRESS] = LS_RINGING,
		[LE_ANSWER] = LS_UP,
		[LE_END] = LS_ENDED },
	[LS_CALLING] = { [LE_PROGRESS] = LS_RINGING, [LE_ANSWER] = LS_UP, [LE_END] = LS_ENDED },
	[LS_RINGING] = { [LE_PROGRESS] = LS_RINGING, [LE_ANSWER] = LS_UP, [LE_END] = LS_ENDED },
	[LS_UP] = { [LE_END] = LS_ENDED },
};

/* False for a step that is not in the table (LS_NEW is never a next state). */
static bool leg_fire(struct leg *leg, enum leg_event event)
{
	enum leg_state next = leg_fsm[leg->state][event];
	if (next == LS_NEW) {
		log_(LOG_CALL, LOG_DEBUG, "leg step refused leg=%" PRId64 " state=%d event=%d", leg->id,
			(int)leg->state, (int)event);
		return false;
	}
	leg->state = next;
	return true;
}

static void leg_destroy(void *self)
{
	struct leg *leg = self;
	obj_unref(leg->session);
	free(leg->answer);
}

static const struct obj_type leg_type = { "leg", sizeof(struct leg), leg_destroy };

/* The phone's own hold, as its last offer or answer said. */
static void follow_hold(struct leg *leg)
{
	bool held = line_is_held(&leg->line);
	if (held != leg->peer_held) {
		leg->peer_held = held;
		call_leg_held(leg, held);
	}
}

static int accept_answer(struct leg *leg, struct str answer)
{
	int err = line_accept(&leg->line, answer);
	if (!err)
		follow_hold(leg);
	return err;
}

static int make_offer(struct leg *leg, char **ret_text)
{
	int err = line_offer(&leg->line, ret_text);
	leg->offered |= !err;
	return err;
}

/* Everything but the session: that has ended already, or is being ended by the caller. */
static void finish(struct leg *leg, const char *cause, int sip_status)
{
	if (!leg_fire(leg, LE_END))
		return;
	leg->cause = cause;
	leg->sip_status = sip_status;
	timer_stop(leg->x->timers, &leg->ring_timer);
	line_close(&leg->line);
}

json_t *leg_rang_ms(struct leg *leg)
{
	int64_t since_us = leg->ringing_us;
	leg->ringing_us = 0;
	return since_us ? json_integer((exchange_now(leg->x) - since_us) / 1000) : NULL;
}

static void become_up(struct leg *leg)
{
	if (!leg_fire(leg, LE_ANSWER))
		return;
	timer_stop(leg->x->timers, &leg->ring_timer);
	media_stream_start(leg->x->media, leg->line.local.stream);
	call_leg_answered(leg);
}

static void on_progress(struct session *s, void *arg, int status, struct str sdp)
{
	struct leg *leg = arg;
	bool early = false;
	(void)s;
	if (sdp.p && leg->offered && accept_answer(leg, sdp) == 0)
		early = true;
	if (leg_fire(leg, LE_PROGRESS)) {
		if (!leg->ringing_us && (status != 183 || !early))
			leg->ringing_us = exchange_now(leg->x);
		call_leg_ringing(leg, early);
	}
	exchange_settle(leg->x);
}

static void on_answered(struct session *s, void *arg, struct str sdp)
{
	struct leg *leg = arg;
	int err = sdp.p ? accept_answer(leg, sdp) : -E_UNSUPPORTED;
	if (err && !line_is_agreed(&leg->line)) {
		session_hangup(s, "SIP;cause=488;text=\"no common codec\"");
		finish(leg, "failed", 488);
		call_leg_ended(leg);
	} else {
		leg->offered = false;
		become_up(leg);
	}
	exchange_settle(leg->x);
}

static void on_offer(struct session *s, void *arg, struct str sdp)
{
	struct leg *leg = arg;
	char *text = NULL;
	int err = sdp.p ? line_answer(&leg->line, sdp, &text) : make_offer(leg, &text);
	if (!err)
		err = session_answer(s, str_from(text));
	else
		err = session_reject(s, err_sip(err), NULL, 0);
	if (err)
		log_(LOG_CALL, LOG_DEBUG, "re-INVITE not answered leg=%" PRId64 " err=%s", leg->id,
			err_name(err));
	else
		follow_hold(leg);
	free(text);
	exchange_settle(leg->x);
}

static void on_ack(struct session *s, void *arg, struct str sdp)
{
	struct leg *leg = arg;
	(void)s;
	if (!leg->offered)
		return;
	leg->offered = false;
	if (!sdp.p || accept_answer(leg, sdp) != 0) {
		leg_hangup(leg, "failed");
		call_leg_ended(leg);
	}
	exchange_settle(leg->x);
}

static void on_key(struct session *s, void *arg, char key, int duration_ms)
{
	struct leg *leg = arg;
	(void)s;
	(void)duration_ms;
	call_leg_key(leg, key);
	exchange_settle(leg->x);
}

static void on_flow_lost(struct session *s, void *arg)
{
	struct leg *leg = arg;
	(void)s;
	call_leg_lost(leg);
	exchange_settle(leg->x);
}

static const char *cause_of(enum session_end end, int status)
{
	switch (end) {
	case SESSION_END_HANGUP:
		return "hangup";
	case SESSION_END_CANCELLED:
		return "cancelled";
	case SESSION_END_TIMEOUT:
		return "no_answer";
	case SESSION_END_UNREACHABLE:
		return "unreachable";
	case SESSION_END_REJECTED:
		if (status == 486 || status == 600)
			return "busy";
		if (status == 408 || status == 404 || status == 410 || status == 480)
			return "unreachable";
		return status >= 500 && status < 600 ? "failed" : "rejected";
	default:
		return "failed";
	}
}

static void on_ended(struct session *s, void *arg, enum session_end end, int status)
{
	struct leg *leg = arg;
	struct exchange *x = leg->x;
	(void)s;
	finish(leg, cause_of(end, status), status);
	call_leg_ended(leg);
	exchange_settle(x);
}

static const struct session_handlers session_handlers = {
	.on_progress = on_progress,
	.on_answered = on_answered,
	.on_offer = on_offer,
	.on_ack = on_ack,
	.on_key = on_key,
	.on_flow_lost = on_flow_lost,
	.on_ended = on_ended,
};

static void on_ring_timer(void *arg)
{
	struct leg *leg = arg;
	struct exchange *x = leg->x;
	leg_hangup(leg, "no_answer");
	call_leg_ended(leg);
	exchange_settle(x);
}

static struct leg *new_leg(struct call *call, enum leg_role role)
{
	struct leg *leg = obj_new(&leg_type);
	leg->x = call->x;
	leg->call = call;
	leg->id = exchange_id(call->x);
	leg->role = role;
	leg->cause = "failed";
	timer_init(&leg->ring_timer, on_ring_timer, leg);
	return leg;
}

/* The call holds the one reference. */
static void enter(struct leg *leg)
{
	TAILQ_INSERT_TAIL(&leg->call->legs, leg, link);
	HASH_ADD(hh, leg->x->legs, id, sizeof(leg->id), leg);
	call_emit(leg->call, EV_LEG_STARTED, "{s:s, s:s, s:s, s:s, s:s*, s:s%}", "leg",
		exchange_text(leg->id), "role", leg_role_name(leg->role), "direction",
		leg->outgoing ? "outbound" : "inbound", "address", leg->address, "agent",
		leg->agent ? exchange_text(leg->agent) : NULL, "call_id",
		session_info(leg->session)->call_id.p, session_info(leg->session)->call_id.n);
}

int leg_new_incoming(struct call *call, struct session *s, const struct sip_msg *invite, struct leg **ret_leg)
{
	struct leg *leg = new_leg(call, LEG_CALLER);
	bool has_offer = invite->body.n && str_caseeqz(invite->content_type, "application/sdp");
	int err = str_copy(session_info(s)->remote_user, leg->address, sizeof(leg->address));
	if (!err)
		err = line_open(&leg->line, leg->x->media, call->group, (uint64_t)leg->id,
			has_offer && line_offer_is_secure(invite->body));
	if (!err)
		err = has_offer ? line_answer(&leg->line, invite->body, &leg->answer)
				: make_offer(leg, &leg->answer);
	if (err) {
		line_close(&leg->line);
		obj_unref(leg);
		return err;
	}
	leg->session = obj_ref(s);
	session_attach(s, &session_handlers, leg);
	enter(leg);
	*ret_leg = leg;
	return 0;
}

/* Max-Forwards for a leg of this call: one less than its caller came with, so that a call that our own trunk
 * sends back to us does not go round for ever. 0 when there is none left. */
static unsigned hops_left(const struct call *call)
{
	const struct leg *leg;
	TAILQ_FOREACH (leg, &call->legs, link)
		if (!leg->outgoing)
			return session_info(leg->session)->max_forwards - 1;
	return MAX_FORWARDS;
}

static int place(struct leg *leg, const struct leg_call_opts *opts, struct str sdp)
{
	char interaction[24], from_uri[160];
	struct session_header headers[3] = { { "X-Lingxi-Interaction", interaction } };
	struct session_invite_opts invite = {
		.flow = opts->flow,
		.target = opts->target,
		.max_forwards = hops_left(leg->call),
		.from_name = str_from(opts->from_name),
		.sdp = sdp,
		.headers = headers,
		.n_headers = 1,
		.handlers = &session_handlers,
		.arg = leg,
	};
	if (!invite.max_forwards)
		return -E_UNREACHABLE;
	snprintf(interaction, sizeof(interaction), "%" PRId64, leg->call->id);
	if (opts->auto_answer) {
		headers[1] = (struct session_header){ "Alert-Info",
			"<http://www.notused.com>;info=alert-autoanswer;delay=0" };
		headers[2] = (struct session_header){ "Call-Info", "<sip:lingxi>;answer-after=0" };
		invite.n_headers = 3;
	}
	if (opts->from && opts->from[0]) {
		snprintf(from_uri, sizeof(from_uri), "sip:%s@%s", opts->from, leg->x->site->setting.realm);
		invite.from = str_from(from_uri);
	}
	if (opts->trunk) {
		invite.n_headers = 0;
		return trunks_invite(
			leg->x->trunks, opts->trunk, str_from(opts->address), &invite, &leg->session);
	}
	return session_invite(leg->x->stack, &invite, &leg->session);
}

int leg_new_outgoing(struct call *call, const struct leg_call_opts *opts, struct leg **ret_leg)
{
	struct leg *leg = new_leg(call, opts->role);
	char *sdp = NULL;
	leg->outgoing = true;
	leg->agent = opts->agent;
	leg->contact = opts->contact ? opts->contact : leg->id;
	leg->offer = opts->offer;
	snprintf(leg->address, sizeof(leg->address), "%s", opts->address);
	int err = line_open(&leg->line, leg->x->media, call->group, (uint64_t)leg->id, opts->secure);
	if (!err)
		err = make_offer(leg, &sdp);
	if (!err)
		err = place(leg, opts, str_from(sdp));
	free(sdp);
	if (err) {
		line_close(&leg->line);
		obj_unref(leg);
		return err;
	}
	(void)leg_fire(leg, LE_CALL);
	if (opts->ring_ms)
		timer_start_in(leg->x->timers, &leg->ring_timer, opts->ring_ms * CLOCK_MS_US);
	enter(leg);
	*ret_leg = leg;
	return 0;
}

void leg_ring(struct leg *leg)
{
	if (leg->state == LS_NEW && session_ring(leg->session, 180, STR_NONE) == 0)
		(void)leg_fire(leg, LE_PROGRESS);
}

int leg_answer(struct leg *leg)
{
	if (leg->state != LS_NEW && leg->state != LS_RINGING)
		return -E_STATE;
	int err = session_answer(leg->session, str_from(leg->answer));
	if (err)
		return err;
	become_up(leg);
	return 0;
}

void leg_hangup(struct leg *leg, const char *cause)
{
	if (leg->state == LS_ENDED)
		return;
	session_hangup(leg->session, NULL);
	finish(leg, cause, 0);
}

void leg_refuse(struct leg *leg, int sip_status, const char *cause)
{
	if (leg->state == LS_ENDED)
		return;
	if (session_reject(leg->session, sip_status, NULL, 0) != 0)
		session_hangup(leg->session, NULL);
	finish(leg, cause, sip_status);
}

void leg_mute(struct leg *leg, bool on)
{
	leg->muted = on;
	media_stream_mute(leg->x->media, leg->line.local.stream, on);
}

int leg_keys(struct leg *leg, const char *keys)
{
	return leg->state == LS_UP ? media_stream_dtmf(leg->x->media, leg->line.local.stream, keys, 0, 0)
				   : -E_STATE;
}

static uint64_t start_play(struct leg *leg, const struct media_item *items, size_t n, bool loop)
{
	const struct media_play play = { .items = items, .n = n, .loop = loop, .tag = (uint64_t)leg->id };
	uint64_t id = 0;
	if (leg->state == LS_ENDED || media_play(leg->x->media, leg->line.local.stream, &play, &id) != 0)
		id = 0;
	leg->play = id;
	return id;
}

uint64_t leg_play(struct leg *leg, const char *const *paths, size_t n, bool loop)
{
	struct media_item items[64] = { 0 };
	if (n > ARRAY_LEN(items))
		n = ARRAY_LEN(items);
	for (size_t i = 0; i < n; i++)
		items[i] = (struct media_item){ .kind = MEDIA_ITEM_FILE, .path = paths[i] };
	return n ? start_play(leg, items, n, loop) : 0;
}

uint64_t leg_play_tone(struct leg *leg, enum media_tone tone)
{
	const struct media_item item = { .kind = MEDIA_ITEM_TONE, .tone = tone };
	return start_play(leg, &item, 1, false);
}

void leg_play_stop(struct leg *leg)
{
	if (leg->play)
		media_play_stop(leg->x->media, leg->play);
	leg->play = 0;
}

static void closed(struct leg *leg, const struct media_stats *stats)
{
	if (leg->state != LS_ENDED)
		leg_hangup(leg, "failed");
	call_emit(leg->call, EV_LEG_ENDED, "{s:s, s:s, s:i, s:I, s:I, s:o*}", "leg", exchange_text(leg->id),
		"cause", leg->cause, "sip_status", leg->sip_status, "packets_in",
		(json_int_t)stats->packets_in, "packets_lost", (json_int_t)stats->lost, "rang_ms",
		leg_rang_ms(leg));
	call_leg_closed(leg);
}

void leg_lost_by_media(struct leg *leg)
{
	static const struct media_stats unknown;
	closed(leg, &unknown);
}

void leg_media_event(struct leg *leg, const struct media_event *event)
{
	switch (event->kind) {
	case MEDIA_DTMF:
		call_leg_key(leg, event->dtmf.key);
		break;
	case MEDIA_SILENT:
		if (leg->was_silent)
			break; /* said once: a party that pauses would fill the history */
		leg->was_silent = true;
		log_(LOG_CALL, LOG_WARN, "no sound comes from a leg call=%" PRId64 " leg=%" PRId64 " role=%s",
			leg->call->id, leg->id, leg_role_name(leg->role));
		call_emit(leg->call, EV_LEG_SILENT, "{s:s}", "leg", exchange_text(leg->id));
		break;
	case MEDIA_SECURE_FAILED:
		leg_hangup(leg, "failed");
		call_leg_ended(leg);
		break;
	case MEDIA_PLAYED:
		if (event->id == leg->play) {
			leg->play = 0;
			call_leg_played(leg, event->id, event->err);
		}
		break;
	case MEDIA_CLOSED:
		closed(leg, &event->stats);
		break;
	default:
		break;
	}
}

const char *leg_role_name(enum leg_role role)
{
	static const char *const names[] = { "caller", "agent", "consult", "external" };
	return names[role];
}
