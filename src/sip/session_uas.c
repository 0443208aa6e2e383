/* Calls that come, and the server half of a re-INVITE: ringing, the 2xx repeated until its ACK, refusals. */
#include "base/log.h"
#include "base/mem.h"
#include "sip/reply.h"
#include "sip/session_int.h"

#include <stdlib.h>
#include <string.h>

/* Proxies forget an INVITE that rings silently for three minutes (RFC 3261 13.3.1.1). */
#define RING_AGAIN_US INT64_C(60000000)

static void release_txn(struct session *s)
{
	if (!s->uas.txn)
		return;
	txn_forget(s->uas.txn);
	s->uas.txn = obj_unref(s->uas.txn);
}

static void stop_repeating(struct session *s)
{
	timer_stop(s->stack->timers, &s->uas.repeat);
	timer_stop(s->stack->timers, &s->uas.limit);
	free(s->uas.ok);
	free(s->uas.ringing_sdp);
	s->uas.ok = s->uas.ringing_sdp = NULL;
	s->uas.ringing = 0;
}

static struct buf *begin(struct session *s, int status)
{
	char contact[160];
	dialog_contact(s->uas.txn->flow, contact, sizeof(contact));
	return reply_begin(s->uas.txn,
		&(struct reply){ .status = status,
			.tag = str_from(s->dialog->tag),
			.record_route = status < 300,
			.contact = status < 300 ? str_from(contact) : STR_NONE });
}

static int send_ringing(struct session *s)
{
	struct str sdp = str_from(s->uas.ringing_sdp);
	begin(s, s->uas.ringing);
	timer_start_in(s->stack->timers, &s->uas.repeat, RING_AGAIN_US);
	return reply_end(s->uas.txn, s->uas.ringing, sdp.n ? STR("application/sdp") : STR_NONE, sdp, NULL);
}

static void on_repeat(void *arg)
{
	struct session *s = arg;
	if (s->uas.ok) {
		struct str bytes = { s->uas.ok, s->uas.n_ok };
		s->uas.interval_us = s->uas.interval_us * 2 < SIP_T2_US ? s->uas.interval_us * 2 : SIP_T2_US;
		timer_start_in(s->stack->timers, &s->uas.repeat, s->uas.interval_us);
		if (txn_respond(s->uas.txn, 200, bytes))
			log_(LOG_SIP, LOG_DEBUG, "2xx not repeated");
	} else if (s->uas.ringing && s->uas.txn && send_ringing(s)) {
		log_(LOG_SIP, LOG_DEBUG, "ringing not repeated");
	}
}

static void on_limit(void *arg)
{
	struct session *s = arg;
	obj_ref(s);
	s->uas.waits_ack = false;
	stop_repeating(s);
	release_txn(s);
	session_fire(s, SEV_NO_ACK, NULL);
	obj_unref(s);
}

void session_uas_init(struct session *s)
{
	timer_init(&s->uas.repeat, on_repeat, s);
	timer_init(&s->uas.limit, on_limit, s);
}

/* An INVITE still open when the session ends is refused as cancelled. */
void session_uas_done(struct session *s)
{
	stop_repeating(s);
	if (s->uas.txn && txn_is_open(s->uas.txn) && !s->stack->closing) {
		begin(s, 487);
		if (reply_end(s->uas.txn, 487, STR_NONE, STR_NONE, NULL))
			log_(LOG_SIP, LOG_DEBUG, "487 not sent");
	}
	release_txn(s);
}

int session_ring(struct session *s, int status, struct str sdp)
{
	if (s->state != SES_RINGING || status <= 100 || status >= 200)
		return -E_STATE;
	s->uas.ringing = status;
	free(s->uas.ringing_sdp);
	s->uas.ringing_sdp = sdp.n ? str_dup(sdp) : NULL;
	return send_ringing(s);
}

int session_answer(struct session *s, struct str sdp)
{
	struct str bytes = STR_NONE;
	if (!s->uas.txn || s->uas.ok || !s->handlers)
		return -E_STATE;
	struct buf *out = begin(s, 200);
	sip_build_header(out, SIP_HDR_ALLOW, STR(SIP_ALLOW));
	sip_build_header(out, SIP_HDR_SUPPORTED, STR(SIP_SUPPORTED_TEXT));
	int e = reply_end(s->uas.txn, 200, sdp.n ? STR("application/sdp") : STR_NONE, sdp, &bytes);
	if (e)
		return e;
	stop_repeating(s);
	s->uas.ok = mem_dup(bytes.p, bytes.n);
	s->uas.n_ok = bytes.n;
	s->uas.waits_ack = true;
	s->uas.interval_us = SIP_T1_US;
	txn_forget(s->uas.txn);
	timer_start_in(s->stack->timers, &s->uas.repeat, SIP_T1_US);
	timer_start_in(s->stack->timers, &s->uas.limit, SIP_64T1_US);
	session_fire(s, SEV_ANSWER, NULL);
	return 0;
}

int session_reject(struct session *s, int status, const struct session_header *headers, size_t n_headers)
{
	CLEANUP(mem_freep) char *lines = NULL;
	if (!s->uas.txn || s->uas.ok || status < 300 || status > 699)
		return -E_STATE;
	int e = session_header_lines(headers, n_headers, &lines);
	if (e)
		return e;
	obj_ref(s);
	struct buf *out = begin(s, status);
	buf_addz(out, lines ? lines : "");
	e = reply_end(s->uas.txn, status, STR_NONE, STR_NONE, NULL);
	stop_repeating(s);
	release_txn(s);
	if (s->state == SES_RINGING)
		s->handlers = NULL;
	session_fire(s, SEV_REJECT, NULL);
	obj_unref(s);
	return e;
}

void session_uas_acknowledged(struct session *s)
{
	s->uas.waits_ack = false;
	stop_repeating(s);
	release_txn(s);
}

static void on_cancelled(void *owner)
{
	session_fire(owner, SEV_CANCEL, NULL);
}

/* The peer may cancel a re-INVITE too: the session stands, the offer is gone. */
static void on_reinvite_cancelled(void *owner)
{
	struct session *s = owner;
	obj_ref(s);
	session_uas_done(s);
	obj_unref(s);
}

void session_uas_take(struct session *s, struct txn *t, const struct sip_msg *invite)
{
	s->uas.txn = obj_ref(t);
	s->uas.cseq = invite->cseq.number;
	s->uas.has_offer = session_body(invite).n > 0;
	txn_on_cancel(t, s->state == SES_RINGING ? on_cancelled : on_reinvite_cancelled, s);
}

static void fill_info(
	struct session *s, const struct sip_msg *invite, struct sip_flow *flow, struct str auth_user)
{
	struct session_info *info = &s->info;
	info->call_id = session_keep(s, invite->call_id);
	info->local_user = session_keep(s, invite->uri.user);
	info->remote_user = session_keep(s, invite->from->uri.user);
	info->remote_name = session_keep(s, invite->from->name);
	info->remote_uri = session_keep(s, invite->from->uri.raw);
	info->auth_user = session_keep(s, auth_user);
	info->peer = flow->peer;
	info->max_forwards = invite->max_forwards < 0 ? 70 : (unsigned)invite->max_forwards;
}

void session_incoming(struct sip_stack *stack, struct txn *t, struct sip_msg *invite, struct sip_flow *flow,
	struct str auth_user)
{
	if (!invite->contact) {
		reply_begin(
			t, &(struct reply){ .status = 400, .reason = STR("Missing Contact header field") });
		if (reply_end(t, 400, STR_NONE, STR_NONE, NULL))
			log_(LOG_SIP, LOG_DEBUG, "400 not sent");
		return;
	}
	struct session *s = obj_ref(session_new(stack, SES_RINGING));
	s->dialog = dialog_of_request(stack, invite, flow, str_from(t->tag));
	dialog_set_user(s->dialog, &session_dialog_user, s);
	fill_info(s, invite, flow, auth_user);
	session_uas_take(s, t, invite);
	session_watch_flow(s, flow);
	if (stack->handlers.on_invite)
		stack->handlers.on_invite(stack->opts.arg, s, invite);
	if (!s->handlers && s->state == SES_RINGING)
		session_hangup(s, NULL);
	obj_unref(s);
}
