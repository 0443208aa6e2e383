/* Requests within the dialog, both ways: re-INVITE, BYE, INFO. */
#include "base/id.h"
#include "base/log.h"
#include "base/mem.h"
#include "sip/reply.h"
#include "sip/session_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REINVITE_TRIES 10
#define MS_US INT64_C(1000)
#define MAX_KEY_MS 60000

static void bye_answered(void *owner, struct uac *u, const struct sip_msg *msg, int status)
{
	(void)owner;
	(void)u;
	(void)msg;
	log_(LOG_SIP, LOG_DEBUG, "BYE answered status=%d", status);
}

void session_send_bye(struct session *s, struct dialog *d, const char *reason)
{
	CLEANUP(mem_freep) char *lines = NULL;
	struct session_header header = { "Reason", reason };
	struct uac *bye = NULL;
	if (reason && session_header_lines(&header, 1, &lines))
		log_(LOG_SIP, LOG_DEBUG, "reason of the hang-up cannot be sent");
	struct uac_opts opts = {
		.dialog = d,
		.method = SIP_BYE,
		.headers = str_from(lines),
		.digest = s->digest,
		.credentials = s->digest ? &s->credentials : NULL,
		.fn = bye_answered,
		.owner = s,
	};
	int e = uac_send(&opts, &bye);
	if (e)
		log_(LOG_SIP, LOG_DEBUG, "BYE not sent err=%s", err_name(e));
	obj_unref(bye);
}

static void got_bye(struct session *s, struct txn *t, const struct sip_msg *msg, struct sip_flow *flow)
{
	(void)msg;
	(void)flow;
	reply_status(t, 200);
	session_fire(s, SEV_BYE, &(struct session_input){ .status = 200 });
}

static void got_options(struct session *s, struct txn *t, const struct sip_msg *msg, struct sip_flow *flow)
{
	(void)s;
	(void)msg;
	(void)flow;
	reply_with(t, 200, SIP_HDR_ALLOW, SIP_ALLOW);
}

/* "Signal=5" and "Duration=160", a line each. */
static int parse_relay(struct str body, struct str *ret_signal, uint32_t *ret_duration_ms)
{
	while (body.n) {
		struct str value = str_trim(str_cut(&body, '\n'));
		struct str name = str_trim(str_cut(&value, '='));
		if (str_caseeqz(name, "Signal"))
			*ret_signal = str_trim(value);
		else if (str_caseeqz(name, "Duration") &&
			str_to_u32(str_trim(value), MAX_KEY_MS, ret_duration_ms))
			return -E_SYNTAX;
	}
	return 0;
}

static bool parse_key(const struct sip_msg *msg, char *ret_key, uint32_t *ret_duration_ms)
{
	struct str signal = STR_NONE;
	if (str_caseeqz(msg->content_type, "application/dtmf"))
		signal = str_trim(msg->body);
	else if (!str_caseeqz(msg->content_type, "application/dtmf-relay") ||
		parse_relay(msg->body, &signal, ret_duration_ms))
		return false;
	if (signal.n != 1 || !strchr("0123456789*#ABCDabcd", signal.p[0]))
		return false;
	*ret_key = signal.p[0];
	return true;
}

static void got_info(struct session *s, struct txn *t, const struct sip_msg *msg, struct sip_flow *flow)
{
	char key;
	uint32_t duration_ms = 100;
	(void)flow;
	if (!msg->body.n) {
		reply_status(t, 200);
		return;
	}
	if (!parse_key(msg, &key, &duration_ms)) {
		reply_with(t, 415, SIP_HDR_ACCEPT, "application/dtmf-relay, application/dtmf");
		return;
	}
	reply_status(t, 200);
	if (s->handlers && s->handlers->on_key)
		s->handlers->on_key(s, s->arg, key, (int)duration_ms);
}

/* Another offer is open: ours (491), or his own earlier one (500). RFC 3261 14.2. */
static bool is_in_the_way(struct session *s, struct txn *t)
{
	char seconds[8];
	if (s->uas.txn || s->state != SES_TALKING) {
		uint32_t random;
		id_random(&random, sizeof(random));
		snprintf(seconds, sizeof(seconds), "%u", (unsigned)(random % 11));
		reply_with(t, 500, SIP_HDR_RETRY_AFTER, seconds);
		return true;
	}
	if (s->uac.uac) {
		reply_status(t, 491);
		return true;
	}
	return false;
}

static void got_reinvite(struct session *s, struct txn *t, const struct sip_msg *msg, struct sip_flow *flow)
{
	if (is_in_the_way(s, t))
		return;
	if (!s->handlers || !s->handlers->on_offer) {
		reply_status(t, 488);
		return;
	}
	dialog_refresh(s->dialog, msg, flow);
	session_watch_flow(s, flow);
	session_uas_take(s, t, msg);
	s->handlers->on_offer(s, s->arg, session_body(msg));
}

static void (*const inside[SIP_METHOD__MAX])(
	struct session *s, struct txn *t, const struct sip_msg *msg, struct sip_flow *flow) = {
	[SIP_INVITE] = got_reinvite,
	[SIP_BYE] = got_bye,
	[SIP_INFO] = got_info,
	[SIP_OPTIONS] = got_options,
};

static void on_request(void *arg, struct txn *t, struct sip_msg *msg, struct sip_flow *flow)
{
	struct session *s = arg;
	struct dialog *d = dialog_of_message(s->stack, msg);
	if (!d || dialog_take_cseq(d, msg)) {
		reply_begin(t, &(struct reply){ .status = 500, .reason = STR("CSeq out of order") });
		if (reply_end(t, 500, STR_NONE, STR_NONE, NULL))
			log_(LOG_SIP, LOG_DEBUG, "500 not sent");
	} else if (inside[msg->method]) {
		obj_ref(s);
		inside[msg->method](s, t, msg, flow);
		obj_unref(s);
	} else {
		reply_with(t, 405, SIP_HDR_ALLOW, SIP_ALLOW);
	}
}

static void on_ack(void *arg, const struct sip_msg *msg)
{
	struct session *s = arg;
	struct session_input in = { .msg = msg, .sdp = session_body(msg) };
	if (!s->uas.waits_ack || msg->cseq.number != s->uas.cseq)
		return;
	session_uas_acknowledged(s);
	session_fire(s, SEV_ACK, &in);
}

const struct dialog_user session_dialog_user = { .on_request = on_request, .on_ack = on_ack };

/* The one who made the Call-ID waits longer, so that the two do not meet again (RFC 3261 14.1). */
static int64_t back_off_us(const struct session *s)
{
	uint32_t random;
	id_random(&random, sizeof(random));
	if (s->dialog->is_caller)
		return (2100 + (int64_t)(random % 191) * 10) * MS_US;
	return (int64_t)(random % 201) * 10 * MS_US;
}

static void reinvite_ends(struct session *s, int status, struct str sdp)
{
	s->uac.uac = obj_unref(s->uac.uac);
	free(s->uac.sdp);
	s->uac.sdp = NULL;
	if (s->handlers && s->handlers->on_reinvited)
		s->handlers->on_reinvited(s, s->arg, status, sdp);
}

static void reinvite_accepted(struct session *s, struct uac *u, const struct sip_msg *msg)
{
	bool ended = s->state == SES_ENDED;
	if (!ended && u != s->uac.uac)
		return;
	dialog_refresh(s->dialog, msg, NULL);
	if (!ended && !s->uac.has_offer) {
		s->uac.waits_ack = true;
		if (s->handlers && s->handlers->on_reinvited)
			s->handlers->on_reinvited(s, s->arg, msg->status, session_body(msg));
		return;
	}
	if (uac_ack(u, s->dialog, STR_NONE, STR_NONE))
		log_(LOG_SIP, LOG_DEBUG, "ACK not sent");
	if (!ended)
		reinvite_ends(s, msg->status, session_body(msg));
}

static void on_reinvite_response(void *owner, struct uac *u, const struct sip_msg *msg, int status)
{
	struct session *s = owner;
	if (status < 200)
		return;
	if (status < 300) {
		reinvite_accepted(s, u, msg);
		return;
	}
	if (s->state == SES_ENDED)
		return;
	if (status == 481 || status == 408) {
		session_fire(s, SEV_GONE, &(struct session_input){ .status = status });
	} else if (status == 491 && s->uac.tries < MAX_REINVITE_TRIES) {
		s->uac.uac = obj_unref(s->uac.uac);
		timer_start_in(s->stack->timers, &s->uac.retry, back_off_us(s));
	} else {
		reinvite_ends(s, status, STR_NONE);
	}
}

static int send_reinvite(struct session *s)
{
	struct str sdp = str_from(s->uac.sdp);
	struct uac_opts opts = {
		.dialog = s->dialog,
		.method = SIP_INVITE,
		.type = sdp.n ? STR("application/sdp") : STR_NONE,
		.body = sdp,
		.digest = s->digest,
		.credentials = s->digest ? &s->credentials : NULL,
		.fn = on_reinvite_response,
		.owner = s,
	};
	s->uac.tries++;
	return uac_send(&opts, &s->uac.uac);
}

/* After a 491; meanwhile the peer's own re-INVITE may have come, which goes first. */
void session_retry_reinvite(void *arg)
{
	struct session *s = arg;
	if (s->state != SES_TALKING)
		return;
	if (s->uas.txn) {
		timer_start_in(s->stack->timers, &s->uac.retry, back_off_us(s));
		return;
	}
	int e = send_reinvite(s);
	if (e)
		reinvite_ends(s, err_sip(e), STR_NONE);
}

int session_reinvite(struct session *s, struct str sdp)
{
	if (s->state == SES_ACCEPTED)
		return -E_BUSY;
	if (s->state != SES_TALKING || !s->handlers)
		return -E_STATE;
	if (s->uas.txn || s->uac.uac || timer_is_pending(&s->uac.retry))
		return -E_BUSY;
	free(s->uac.sdp);
	s->uac.sdp = sdp.n ? str_dup(sdp) : mem_strdup("");
	s->uac.has_offer = sdp.n > 0;
	s->uac.tries = 0;
	return send_reinvite(s);
}

int session_ack(struct session *s, struct str sdp)
{
	if (!s->uac.waits_ack || !s->uac.uac)
		return -E_STATE;
	s->uac.waits_ack = false;
	int e = uac_ack(s->uac.uac, s->dialog, sdp.n ? STR("application/sdp") : STR_NONE, sdp);
	s->uac.uac = obj_unref(s->uac.uac);
	return e;
}

static void on_info_response(void *owner, struct uac *u, const struct sip_msg *msg, int status)
{
	(void)u;
	(void)msg;
	if (status == 481 || status == 408)
		session_fire(owner, SEV_GONE, &(struct session_input){ .status = status });
}

int session_send_key(struct session *s, char key, int duration_ms)
{
	char body[64];
	struct uac *u = NULL;
	if (s->state != SES_TALKING)
		return -E_STATE;
	snprintf(body, sizeof(body), "Signal=%c\r\nDuration=%d\r\n", key, duration_ms);
	struct uac_opts opts = {
		.dialog = s->dialog,
		.method = SIP_INFO,
		.type = STR("application/dtmf-relay"),
		.body = str_from(body),
		.digest = s->digest,
		.credentials = s->digest ? &s->credentials : NULL,
		.fn = on_info_response,
		.owner = s,
	};
	int e = uac_send(&opts, &u);
	obj_unref(u);
	return e;
}
