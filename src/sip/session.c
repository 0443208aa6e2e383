/* A session's life: states in one table, actions from above. The state changes before the action runs; the
 * only writer of it is session_fire(). The stack keeps every session that has not ended; afterwards the
 * transactions that still run (a BYE, an INVITE whose late 2xx must be acknowledged) keep it alive and
 * silent. */
#include "sip/session_int.h"

#include "base/log.h"
#include "base/mem.h"
#include "sip/reply.h"

#include <stdlib.h>
#include <string.h>

struct cell {
	bool legal;
	enum session_state next;
	void (*act)(struct session *s, const struct session_input *in);
};

/* What info and credentials point to. */
struct session_text {
	struct session_text *next;
	char bytes[];
};

static const char *const state_names[SES__MAX] = {
	[SES_CALLING] = "calling",
	[SES_PROGRESS] = "progress",
	[SES_CANCELLING] = "cancelling",
	[SES_RINGING] = "ringing",
	[SES_ACCEPTED] = "accepted",
	[SES_LEAVING] = "leaving",
	[SES_TALKING] = "talking",
	[SES_ENDED] = "ended",
};

static const char *const event_names[SEV__MAX] = {
	[SEV_PROVISIONAL] = "provisional",
	[SEV_ANSWERED] = "answered",
	[SEV_FAILED] = "failed",
	[SEV_HANGUP] = "hangup",
	[SEV_ANSWER] = "answer",
	[SEV_REJECT] = "reject",
	[SEV_CANCEL] = "cancel",
	[SEV_BYE] = "bye",
	[SEV_ACK] = "ack",
	[SEV_NO_ACK] = "no_ack",
	[SEV_GONE] = "gone",
	[SEV_LOST] = "lost",
	[SEV_DROP] = "drop",
};

static const char *const end_names[] = {
	[SESSION_END_HANGUP] = "hangup",
	[SESSION_END_CANCELLED] = "cancelled",
	[SESSION_END_REJECTED] = "rejected",
	[SESSION_END_TIMEOUT] = "timeout",
	[SESSION_END_UNREACHABLE] = "unreachable",
	[SESSION_END_NO_ACK] = "no_ack",
	[SESSION_END_GONE] = "gone",
};

const char *session_end_name(enum session_end end)
{
	return end_names[end];
}

struct str session_keep(struct session *s, struct str text)
{
	if (!text.p)
		return STR_NONE;
	struct session_text *kept = mem_alloc(sizeof(*kept) + text.n + 1);
	memcpy(kept->bytes, text.p, text.n);
	kept->next = s->texts;
	s->texts = kept;
	return (struct str){ kept->bytes, text.n };
}

static void session_destroy(void *self)
{
	struct session *s = self;
	while (s->texts) {
		struct session_text *text = s->texts;
		s->texts = text->next;
		free(text);
	}
	obj_unref(s->call);
	obj_unref(s->dialog);
	free(s->digest);
	free(s->reason);
}

static const struct obj_type session_type = { "session", sizeof(struct session), session_destroy };

static void on_flow_lost(void *arg)
{
	session_fire(arg, SEV_LOST, NULL);
}

void session_watch_flow(struct session *s, struct sip_flow *flow)
{
	if (flow && flow->ops->reliable && flow->alive)
		flow_watch(&s->watch, flow, on_flow_lost, s);
}

/* The stack's reference is the one that obj_new() made. */
struct session *session_new(struct sip_stack *stack, enum session_state state)
{
	struct session *s = obj_new(&session_type);
	s->stack = stack;
	s->state = state;
	s->linked = true;
	LIST_INSERT_HEAD(&stack->sessions, s, link);
	stack->counts.sessions++;
	session_uas_init(s);
	timer_init(&s->uac.retry, session_retry_reinvite, s);
	return s;
}

void session_finish(struct session *s)
{
	if (!s->linked)
		return;
	s->linked = false;
	s->handlers = NULL;
	LIST_REMOVE(s, link);
	s->stack->counts.sessions--;
	timer_stop(s->stack->timers, &s->uac.retry);
	session_uas_done(s);
	session_drop_early(s);
	flow_unwatch(&s->watch);
	free(s->uac.sdp);
	s->uac.sdp = NULL;
	if (s->uac.uac)
		uac_limit_wait(s->uac.uac);
	s->uac.uac = obj_unref(s->uac.uac);
	if (s->call)
		dialog_set_user(s->call, NULL, NULL);
	if (s->dialog)
		dialog_set_user(s->dialog, NULL, NULL);
	obj_unref(s);
}

void session_drop_all(struct sip_stack *stack)
{
	struct session *s;
	while ((s = LIST_FIRST(&stack->sessions)))
		session_fire(s, SEV_DROP, NULL);
}

void session_end_with(struct session *s, enum session_end end, int status)
{
	const struct session_handlers *handlers = s->handlers;
	s->handlers = NULL;
	if (handlers && handlers->on_ended)
		handlers->on_ended(s, s->arg, end, status);
}

struct str session_body(const struct sip_msg *msg)
{
	if (!msg || !msg->body.n || !str_caseeqz(msg->content_type, "application/sdp"))
		return STR_NONE;
	return msg->body;
}

int session_header_lines(const struct session_header *headers, size_t n, char **ret_lines)
{
	struct buf lines;
	buf_init(&lines, 4096);
	for (size_t i = 0; i < n; i++)
		sip_build_named(&lines, str_from(headers[i].name), str_from(headers[i].value));
	int e = buf_err(&lines);
	if (!e)
		*ret_lines = lines.n ? buf_take(&lines) : NULL;
	buf_done(&lines);
	return e;
}

static const struct cell fsm[SES__MAX][SEV__MAX];

void session_fire(struct session *s, enum session_event event, const struct session_input *in)
{
	static const struct session_input nothing;
	const struct cell *cell = &fsm[s->state][event];
	log_(LOG_SIP, LOG_TRACE, "session state=%s event=%s legal=%d", state_names[s->state],
		event_names[event], cell->legal);
	if (!cell->legal)
		return;
	obj_ref(s);
	s->state = cell->next;
	if (cell->act)
		cell->act(s, in ? in : &nothing);
	if (s->state == SES_ENDED)
		session_finish(s);
	obj_unref(s);
}

static void ended_by_bye(struct session *s, const struct session_input *in)
{
	session_end_with(s, SESSION_END_HANGUP, in->status);
}

static void ended_by_cancel(struct session *s, const struct session_input *in)
{
	(void)in;
	session_end_with(s, SESSION_END_CANCELLED, 487);
}

static void ended_unreachable(struct session *s, const struct session_input *in)
{
	(void)in;
	session_end_with(s, SESSION_END_UNREACHABLE, 503);
}

static void ended_gone(struct session *s, const struct session_input *in)
{
	session_send_bye(s, s->dialog, NULL);
	session_end_with(s, SESSION_END_GONE, in->status);
}

static void ended_without_ack(struct session *s, const struct session_input *in)
{
	(void)in;
	session_send_bye(s, s->dialog, NULL);
	session_end_with(s, SESSION_END_NO_ACK, 408);
}

static void say_bye(struct session *s, const struct session_input *in)
{
	if (s->uac.waits_ack && session_ack(s, STR_NONE))
		log_(LOG_SIP, LOG_DEBUG, "late offer not acknowledged");
	session_send_bye(s, s->dialog, in->text ? in->text : s->reason);
}

static void keep_reason(struct session *s, const struct session_input *in)
{
	free(s->reason);
	s->reason = mem_strdup(in->text);
}

static void refuse_call(struct session *s, const struct session_input *in)
{
	(void)in;
	if (s->uas.txn)
		reply_status(s->uas.txn, 480);
}

static void tell_ack(struct session *s, const struct session_input *in)
{
	if (s->handlers && s->handlers->on_ack)
		s->handlers->on_ack(s, s->arg, in->sdp);
}

/* Only a browser cannot be called back: to others a new connection is opened when there is something to say.
 */
static void tell_lost(struct session *s, const struct session_input *in)
{
	(void)in;
	if (!s->dialog->pinned || !flow_is_websocket(s->dialog->flow))
		return;
	if (s->handlers && s->handlers->on_flow_lost)
		s->handlers->on_flow_lost(s, s->arg);
}

void session_attach(struct session *s, const struct session_handlers *handlers, void *arg)
{
	if (s->state == SES_ENDED)
		return;
	s->handlers = handlers;
	s->arg = arg;
}

void session_hangup(struct session *s, const char *reason)
{
	struct session_input in = { .text = reason };
	s->handlers = NULL;
	session_fire(s, SEV_HANGUP, &in);
}

const struct session_info *session_info(const struct session *s)
{
	return &s->info;
}

struct sip_flow *session_flow(const struct session *s)
{
	struct sip_flow *flow = s->dialog ? s->dialog->flow : NULL;
	if (!flow && s->uac.uac)
		flow = uac_flow(s->uac.uac);
	return flow && flow->alive ? flow : NULL;
}

/* clang-format off */
#define GO(state, action) { true, SES_##state, action }
static const struct cell fsm[SES__MAX][SEV__MAX] = {
	[SES_CALLING] = {
		[SEV_DROP] = GO(ENDED, NULL),
		[SEV_PROVISIONAL] = GO(PROGRESS, session_uac_progress),
		[SEV_ANSWERED] = GO(TALKING, session_uac_answered),
		[SEV_FAILED] = GO(ENDED, session_uac_failed),
		[SEV_HANGUP] = GO(CANCELLING, session_uac_cancel),
	},
	[SES_PROGRESS] = {
		[SEV_DROP] = GO(ENDED, NULL),
		[SEV_PROVISIONAL] = GO(PROGRESS, session_uac_progress),
		[SEV_ANSWERED] = GO(TALKING, session_uac_answered),
		[SEV_FAILED] = GO(ENDED, session_uac_failed),
		[SEV_HANGUP] = GO(CANCELLING, session_uac_cancel),
	},
	[SES_CANCELLING] = {
		[SEV_DROP] = GO(ENDED, NULL),
		[SEV_PROVISIONAL] = GO(CANCELLING, session_uac_cancel),
		[SEV_ANSWERED] = GO(ENDED, session_uac_answered_too_late),
		[SEV_FAILED] = GO(ENDED, NULL),
	},
	[SES_RINGING] = {
		[SEV_DROP] = GO(ENDED, NULL),
		[SEV_ANSWER] = GO(ACCEPTED, NULL),
		[SEV_REJECT] = GO(ENDED, NULL),
		[SEV_HANGUP] = GO(ENDED, refuse_call),
		[SEV_CANCEL] = GO(ENDED, ended_by_cancel),
		[SEV_BYE] = GO(ENDED, ended_by_cancel),
		[SEV_LOST] = GO(ENDED, ended_unreachable),
	},
	[SES_ACCEPTED] = {
		[SEV_DROP] = GO(ENDED, NULL),
		[SEV_ACK] = GO(TALKING, tell_ack),
		[SEV_HANGUP] = GO(LEAVING, keep_reason),
		[SEV_BYE] = GO(ENDED, ended_by_bye),
		[SEV_NO_ACK] = GO(ENDED, ended_without_ack),
		[SEV_LOST] = GO(ACCEPTED, tell_lost),
	},
	[SES_LEAVING] = {
		[SEV_DROP] = GO(ENDED, NULL),
		[SEV_ACK] = GO(ENDED, say_bye),
		[SEV_BYE] = GO(ENDED, NULL),
		[SEV_NO_ACK] = GO(ENDED, say_bye),
	},
	[SES_TALKING] = {
		[SEV_DROP] = GO(ENDED, NULL),
		[SEV_ANSWERED] = GO(TALKING, session_uac_answered_too_late),
		[SEV_HANGUP] = GO(ENDED, say_bye),
		[SEV_BYE] = GO(ENDED, ended_by_bye),
		[SEV_ACK] = GO(TALKING, tell_ack),
		[SEV_NO_ACK] = GO(ENDED, ended_without_ack),
		[SEV_GONE] = GO(ENDED, ended_gone),
		[SEV_LOST] = GO(TALKING, tell_lost),
	},
	[SES_ENDED] = {
		[SEV_ANSWERED] = GO(ENDED, session_uac_answered_too_late),
	},
};
/* clang-format on */
