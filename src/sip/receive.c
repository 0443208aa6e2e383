/* The way in: a message becomes a response for a transaction, a request for a dialog, or a new request that
 * is checked in the order of RFC 3261 8.2 and then given to whom its method belongs. What cannot be answered
 * is dropped. */
#include "base/log.h"
#include "sip/auth.h"
#include "sip/build.h"
#include "sip/dialog.h"
#include "sip/lex.h"
#include "sip/registrar_int.h"
#include "sip/reply.h"
#include "sip/session_int.h"
#include "sip/stack_int.h"

#include <string.h>

#define RETRY_AFTER_S 5

struct incoming {
	struct sip_stack *stack;
	struct sip_flow *flow;      /* it came over */
	enum stack_verdict verdict; /* on a new call */
	struct txn *t;
	struct sip_msg *msg;
};

static void options(const struct incoming *in)
{
	int status = in->stack->draining ? 503 : 200;
	struct buf *out = reply_begin(in->t, &(struct reply){ .status = status });
	sip_build_header(out, SIP_HDR_ALLOW, STR(SIP_ALLOW));
	sip_build_header(out, SIP_HDR_ACCEPT, STR(SIP_ACCEPT));
	sip_build_named(out, STR("Accept-Encoding"), STR("identity"));
	sip_build_named(out, STR("Accept-Language"), STR("zh, en"));
	sip_build_header(out, SIP_HDR_SUPPORTED, STR(SIP_SUPPORTED_TEXT));
	if (reply_end(in->t, status, STR_NONE, STR_NONE, NULL))
		log_(LOG_SIP, LOG_DEBUG, "OPTIONS not answered");
}

static void register_(const struct incoming *in)
{
	if (in->stack->registrar)
		registrar_receive(in->stack->registrar, in->t, in->msg, in->flow);
	else
		reply_with(in->t, 405, SIP_HDR_ALLOW, SIP_ALLOW);
}

/* A call of ours came back with the number it was sent to: nobody on its way made it another call. */
static bool is_own_call(const struct incoming *in)
{
	struct dialog_way way;
	struct dialog *d = dialog_find(in->stack, in->msg->call_id, in->msg->from->tag, STR(""));
	if (!d)
		return false;
	dialog_way(d, &way);
	return str_eq(way.uri, in->msg->uri.raw);
}

static void invite(const struct incoming *in)
{
	struct sip_account account;
	struct str user = STR_NONE;
	if (is_own_call(in)) {
		reply_status(in->t, 482);
		return;
	}
	if (in->verdict == STACK_REFUSE)
		reply_status(in->t, 403);
	else if (in->verdict == STACK_ADMIT || !auth_check(in->t, in->msg, &account, &user))
		session_incoming(in->stack, in->t, in->msg, in->flow, user);
}

static void no_such_transaction(const struct incoming *in)
{
	reply_status(in->t, 481);
}

static void (*const outside[SIP_METHOD__MAX])(const struct incoming *in) = {
	[SIP_INVITE] = invite,
	[SIP_OPTIONS] = options,
	[SIP_REGISTER] = register_,
	[SIP_BYE] = no_such_transaction,
	[SIP_INFO] = no_such_transaction,
};

static bool body_is_unknown(const struct sip_msg *msg)
{
	struct str disposition = sip_msg_value(msg, SIP_HDR_CONTENT_DISPOSITION);
	struct str encoding = sip_msg_value(msg, SIP_HDR_CONTENT_ENCODING);
	struct str handling = STR_NONE;
	if (msg->method != SIP_INVITE || !msg->body.n)
		return false;
	if (encoding.n && !str_caseeqz(encoding, "identity"))
		return true;
	if (str_caseeqz(msg->content_type, "application/sdp"))
		return false;
	struct str params = str_sub(disposition, str_find(disposition, ';'), disposition.n);
	return !(lex_param(params, "handling", &handling) && str_caseeqz(handling, "optional"));
}

static void refuse_body(struct txn *t)
{
	struct buf *out = reply_begin(t, &(struct reply){ .status = 415 });
	sip_build_header(out, SIP_HDR_ACCEPT, STR(SIP_ACCEPT));
	sip_build_named(out, STR("Accept-Encoding"), STR("identity"));
	sip_build_named(out, STR("Accept-Language"), STR("zh, en"));
	if (reply_end(t, 415, STR_NONE, STR_NONE, NULL))
		log_(LOG_SIP, LOG_DEBUG, "415 not sent");
}

static void refuse_options(struct txn *t, const struct sip_msg *msg)
{
	struct buf *out = reply_begin(t, &(struct reply){ .status = 420 });
	sip_build_header(
		out, SIP_HDR_UNSUPPORTED, sip_msg_unsupported(msg, SIP_HDR_REQUIRE, SIP_SUPPORTED_BITS));
	if (reply_end(t, 420, STR_NONE, STR_NONE, NULL))
		log_(LOG_SIP, LOG_DEBUG, "420 not sent");
}

static bool needs_unknown(const struct sip_msg *msg)
{
	return sip_msg_unsupported(msg, SIP_HDR_REQUIRE, SIP_SUPPORTED_BITS).n > 0;
}

/* What every request must satisfy; false when the answer has been given. Without hops left a call ends here,
 * because it may go on from us; what is meant for us alone has arrived. */
static bool is_acceptable(const struct incoming *in)
{
	const struct sip_msg *msg = in->msg;
	if (msg->method == SIP_OTHER_METHOD)
		reply_with(in->t, 501, SIP_HDR_ALLOW, SIP_ALLOW);
	else if (msg->uri.scheme == SIP_SCHEME_OTHER)
		reply_status(in->t, 416);
	else if (msg->max_forwards == 0 && msg->method == SIP_INVITE && !msg->to->tag.p)
		reply_status(in->t, 483);
	else if (needs_unknown(msg))
		refuse_options(in->t, msg);
	else if (body_is_unknown(msg))
		refuse_body(in->t);
	else
		return true;
	return false;
}

/* A CANCEL that means nothing is answered without a transaction, so that it costs nothing. */
static void cancel(struct sip_stack *stack, struct sip_flow *flow, struct sip_flow *back, struct sip_msg *msg)
{
	struct txn *invite_txn = txn_of_cancel(stack, msg);
	if (!invite_txn) {
		reply_stateless(flow, msg, 481, NULL, 0);
		return;
	}
	struct txn *t = txn_accept(stack, back, msg);
	obj_ref(invite_txn);
	reply_begin(t, &(struct reply){ .status = 200, .tag = str_from(invite_txn->tag) });
	if (reply_end(t, 200, STR_NONE, STR_NONE, NULL))
		log_(LOG_SIP, LOG_DEBUG, "CANCEL not answered");
	txn_cancel(invite_txn);
	obj_unref(invite_txn);
	obj_unref(t);
}

static void inside(const struct incoming *in)
{
	struct dialog *d = dialog_of_message(in->stack, in->msg);
	if (!d || !d->user) {
		reply_status(in->t, 481);
		return;
	}
	obj_ref(d);
	d->user->on_request(d->user_arg, in->t, in->msg, in->flow);
	obj_unref(d);
}

static enum stack_verdict judge(const struct incoming *in)
{
	const struct sip_stack *stack = in->stack;
	if (!stack->handlers.on_admit)
		return STACK_CHALLENGE;
	return stack->handlers.on_admit(stack->opts.arg, in->msg, in->flow);
}

/* A call or registration by somebody who has yet to say who he is. */
static bool lacks_credentials(const struct incoming *in)
{
	const struct sip_msg *msg = in->msg;
	bool asked = (msg->method == SIP_INVITE && !msg->to->tag.p && in->verdict == STACK_CHALLENGE) ||
		(msg->method == SIP_REGISTER && in->stack->registrar);
	return asked && !sip_msg_value(msg, SIP_HDR_AUTHORIZATION).p && !is_own_call(in);
}

static bool is_full(struct sip_stack *stack, const struct sip_msg *msg)
{
	return stack->counts.txns >= stack->opts.max_txns && !dialog_of_message(stack, msg);
}

static void new_request(
	struct sip_stack *stack, struct sip_flow *flow, struct sip_flow *back, struct sip_msg *msg)
{
	bool merged = txn_is_merged(stack, msg);
	bool is_call = msg->method == SIP_INVITE && !msg->to->tag.p;
	struct incoming in = { .stack = stack, .flow = flow, .verdict = STACK_CHALLENGE, .msg = msg };
	if (is_call && !merged)
		in.verdict = judge(&in);
	if (lacks_credentials(&in) && !merged) {
		auth_challenge(flow, msg);
		return;
	}
	if (is_full(stack, msg) || (is_call && !merged && !stack_take_call(stack))) {
		reply_stateless(flow, msg, 503, NULL, RETRY_AFTER_S);
		return;
	}
	in.t = txn_accept(stack, back, msg);
	if (merged)
		reply_status(in.t, 482);
	else if (!is_acceptable(&in))
		stack->counts.refused++;
	else if (msg->to->tag.p && msg->method != SIP_REGISTER)
		inside(&in);
	else if (outside[msg->method])
		outside[msg->method](&in);
	else
		reply_with(in.t, 405, SIP_HDR_ALLOW, SIP_ALLOW);
	obj_unref(in.t);
}

static void acknowledge(struct sip_stack *stack, const struct sip_msg *msg)
{
	struct dialog *d = dialog_of_message(stack, msg);
	if (!d || !d->user) {
		stack->counts.dropped++;
		return;
	}
	obj_ref(d);
	d->user->on_ack(d->user_arg, msg);
	obj_unref(d);
}

static void receive_request(struct sip_stack *stack, struct sip_flow *flow, struct sip_msg *msg)
{
	if (txn_take_repeat(stack, msg))
		return;
	if (msg->method == SIP_ACK) {
		acknowledge(stack, msg);
		return;
	}
	struct sip_flow *back = reply_flow(flow, msg);
	if (!back)
		stack->counts.dropped++;
	else if (msg->method == SIP_CANCEL)
		cancel(stack, flow, back, msg);
	else
		new_request(stack, flow, back, msg);
	obj_unref(back);
}

static bool is_ping(struct str bytes)
{
	return bytes.n <= 4 && !str_trim(bytes).n;
}

static void refuse_malformed(struct sip_stack *stack, struct sip_flow *flow, const struct sip_msg *msg)
{
	stack->counts.malformed++;
	if (msg && msg->fault.status && sip_msg_is_answerable(msg))
		reply_stateless(flow, msg, msg->fault.status, msg->fault.reason, 0);
}

void stack_receive(struct sip_stack *stack, struct sip_flow *flow, struct str bytes)
{
	struct sip_msg *msg = NULL;
	bool datagram = !flow->ops->reliable || flow_is_websocket(flow);
	stack->counts.received++;
	if (!flow->alive)
		return;
	if (is_ping(bytes)) {
		if (bytes.n == 4 && flow->ops->reliable && flow_send(flow, STR("\r\n")))
			log_(LOG_SIP, LOG_DEBUG, "ping not answered");
		return;
	}
	obj_ref(flow);
	if (sip_msg_parse(bytes, datagram ? SIP_DATAGRAM : SIP_STREAM, &msg))
		refuse_malformed(stack, flow, msg);
	else if (msg->is_request)
		receive_request(stack, flow, msg);
	else if (msg->via->next || !txn_take_response(stack, msg)) /* RFC 3261 8.1.3.3 */
		stack->counts.dropped++;
	obj_unref(msg);
	obj_unref(flow);
}
