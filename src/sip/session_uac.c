/* Calls we place: early dialogs, the 2xx that wins and those that come too late, CANCEL. */
#include "base/log.h"
#include "base/mem.h"
#include "sip/session_int.h"

#include <stdlib.h>
#include <string.h>

/* Each fork's own dialog, made by its first provisional answer with a tag. */
static void note_early(struct session *s, const struct sip_msg *msg, struct sip_flow *flow)
{
	if (!msg->to->tag.n)
		return;
	for (size_t i = 0; i < s->n_early; i++)
		if (str_eqz(msg->to->tag, s->early[i]->peer_tag)) {
			dialog_refresh(s->early[i], msg, NULL);
			return;
		}
	if (s->n_early == SESSION_EARLY_MAX)
		return;
	struct dialog *d = dialog_fork(s->call, msg, flow);
	dialog_set_user(d, &session_dialog_user, s);
	s->early[s->n_early++] = d;
}

void session_drop_early(struct session *s)
{
	while (s->n_early) {
		struct dialog *d = s->early[--s->n_early];
		dialog_set_user(d, NULL, NULL);
		obj_unref(d);
	}
}

void session_uac_progress(struct session *s, const struct session_input *in)
{
	note_early(s, in->msg, uac_flow(in->uac));
	if (in->status > 100 && s->handlers && s->handlers->on_progress)
		s->handlers->on_progress(s, s->arg, in->status, session_body(in->msg));
}

/* Route set and target are taken anew from the 2xx, whatever the early dialog had (RFC 3261 13.2.2.4). */
void session_uac_answered(struct session *s, const struct session_input *in)
{
	session_drop_early(s);
	s->dialog = dialog_fork(s->call, in->msg, uac_flow(in->uac));
	dialog_set_user(s->dialog, &session_dialog_user, s);
	session_watch_flow(s, s->dialog->flow);
	if (s->uac.has_offer) {
		int e = uac_ack(s->uac.uac, s->dialog, STR_NONE, STR_NONE);
		if (e)
			log_(LOG_SIP, LOG_DEBUG, "ACK not sent err=%s", err_name(e));
		s->uac.uac = obj_unref(s->uac.uac);
	} else {
		s->uac.waits_ack = true;
	}
	if (s->handlers && s->handlers->on_answered)
		s->handlers->on_answered(s, s->arg, session_body(in->msg));
}

/* We hung up, or another branch has won: this one is taken and ended (RFC 3261 13.2.2.4). */
void session_uac_answered_too_late(struct session *s, const struct session_input *in)
{
	struct dialog *d = dialog_fork(s->call, in->msg, uac_flow(in->uac));
	int e = uac_ack(in->uac, d, STR_NONE, STR_NONE);
	if (e)
		log_(LOG_SIP, LOG_DEBUG, "ACK not sent err=%s", err_name(e));
	session_send_bye(s, d, s->reason);
	obj_unref(d);
}

void session_uac_failed(struct session *s, const struct session_input *in)
{
	enum session_end end = SESSION_END_REJECTED;
	if (!in->msg)
		end = in->status == 408 ? SESSION_END_TIMEOUT : SESSION_END_UNREACHABLE;
	session_end_with(s, end, in->status);
}

/* Before anything was heard CANCEL has to wait for the first provisional answer (RFC 3261 9.1), which comes
 * here again. */
void session_uac_cancel(struct session *s, const struct session_input *in)
{
	if (in->text && !s->reason)
		s->reason = mem_strdup(in->text);
	if (s->uac.cancelled)
		return;
	s->uac.cancelled = s->uac.uac && !uac_cancel(s->uac.uac);
}

static void on_invite_response(void *owner, struct uac *u, const struct sip_msg *msg, int status)
{
	struct session *s = owner;
	struct session_input in = { .msg = msg, .status = status, .uac = u };
	if (status < 200)
		session_fire(s, SEV_PROVISIONAL, &in);
	else if (status >= 300)
		session_fire(s, SEV_FAILED, &in);
	else if (!s->dialog || !str_eqz(msg->to->tag, s->dialog->peer_tag))
		session_fire(s, SEV_ANSWERED, &in);
}

static int check_uri(struct str text)
{
	struct sip_uri uri;
	return sip_uri_parse(text, &uri, NULL) || uri.scheme == SIP_SCHEME_OTHER ? -E_SYNTAX : 0;
}

static int check_opts(const struct session_invite_opts *opts)
{
	int e = check_uri(opts->target);
	if (!e)
		e = check_uri(opts->from);
	if (!e && opts->to.n)
		e = check_uri(opts->to);
	if (!e && opts->route.n)
		e = check_uri(opts->route);
	return e;
}

static void fill_info(struct session *s, const struct session_invite_opts *opts)
{
	struct sip_uri uri;
	struct session_info *info = &s->info;
	info->call_id = session_keep(s, str_from(s->call->call_id));
	info->remote_uri = session_keep(s, str_from(s->call->remote_uri));
	if (!sip_uri_parse(str_from(s->call->local_uri), &uri, NULL))
		info->local_user = session_keep(s, uri.user);
	if (!sip_uri_parse(info->remote_uri, &uri, NULL))
		info->remote_user = uri.user;
	info->max_forwards = opts->max_forwards ? opts->max_forwards : 70;
	if (opts->auth_user.n) {
		s->credentials.user = session_keep(s, opts->auth_user);
		s->credentials.password = session_keep(s, opts->auth_password);
		s->digest = mem_alloc(sizeof(*s->digest));
	}
}

static int send_invite(struct session *s, const struct session_invite_opts *opts)
{
	CLEANUP(mem_freep) char *lines = NULL;
	int e = session_header_lines(opts->headers, opts->n_headers, &lines);
	if (e)
		return e;
	struct uac_opts request = {
		.dialog = s->call,
		.method = SIP_INVITE,
		.headers = str_from(lines),
		.type = opts->sdp.n ? STR("application/sdp") : STR_NONE,
		.body = opts->sdp,
		.max_forwards = opts->max_forwards,
		.digest = s->digest,
		.credentials = s->digest ? &s->credentials : NULL,
		.fn = on_invite_response,
		.owner = s,
	};
	e = uac_send(&request, &s->uac.uac);
	if (!e && uac_flow(s->uac.uac))
		s->info.peer = uac_flow(s->uac.uac)->peer;
	return e == -E_CLOSED ? -E_UNREACHABLE : e;
}

int session_invite(
	struct sip_stack *stack, const struct session_invite_opts *opts, struct session **ret_session)
{
	int e = check_opts(opts);
	if (e)
		return e;
	struct session *s = session_new(stack, SES_CALLING);
	struct dialog_start start = {
		.local_name = opts->from_name,
		.local_uri = opts->from,
		.remote_uri = opts->to.n ? opts->to : opts->target,
		.target = opts->target,
		.route = opts->route,
		.flow = opts->flow,
	};
	s->call = dialog_new(stack, &start);
	dialog_set_user(s->call, &session_dialog_user, s);
	s->uac.has_offer = opts->sdp.n > 0;
	fill_info(s, opts);
	e = send_invite(s, opts);
	if (e) {
		session_finish(s);
		return e;
	}
	s->handlers = opts->handlers;
	s->arg = opts->arg;
	*ret_session = obj_ref(s);
	return 0;
}
