/* The far end of the stack under test. */
#include "rig.h"

#include "base/buf.h"
#include "base/mem.h"
#include "sip/build.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_flow {
	struct sip_flow flow;
	struct rig *rig;
};

static void note(struct rig *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void note(struct rig *r, const char *fmt, ...)
{
	va_list args;
	size_t n = strlen(r->log);
	va_start(args, fmt);
	vsnprintf(r->log + n, sizeof(r->log) - n, fmt, args);
	va_end(args);
	n = strlen(r->log);
	assert_true(n + 2 < sizeof(r->log));
	memcpy(r->log + n, "|", 2);
}

static int fake_send(struct sip_flow *flow, struct str bytes)
{
	struct rig *r = CONTAINER_OF(flow, struct fake_flow, flow)->rig;
	struct sip_msg *msg = NULL;
	if (str_eqz(bytes, "\r\n")) {
		note(r, "pong");
		return 0;
	}
	/* an answer lacks what its request lacked */
	if (sip_msg_parse(bytes, SIP_STREAM, &msg))
		assert_true(r->may_be_malformed && msg);
	assert_true(r->n_sent < RIG_MAX_SENT);
	r->sent[r->n_sent++] =
		(struct rig_sent){ .msg = msg, .flow = obj_ref(flow), .at_us = r->timers.now_us };
	return 0;
}

static void fake_close(struct sip_flow *flow)
{
	flow_down(flow);
}

static struct sip_flow *fake_sibling(struct sip_flow *flow, const struct addr *peer)
{
	char text[ADDR_STRLEN];
	struct rig *r = CONTAINER_OF(flow, struct fake_flow, flow)->rig;
	return rig_flow(r, "UDP", addr_to_string(peer, text));
}

static const struct flow_ops udp_ops = {
	.transport = "UDP", .send = fake_send, .close = fake_close, .sibling = fake_sibling
};
static const struct flow_ops tcp_ops = {
	.transport = "TCP", .reliable = true, .send = fake_send, .close = fake_close
};
static const struct flow_ops ws_ops = {
	.transport = "WS", .reliable = true, .send = fake_send, .close = fake_close
};
static const struct obj_type fake_flow_type = { "fake_flow", sizeof(struct fake_flow), flow_destroy };

struct sip_flow *rig_flow(struct rig *r, const char *transport, const char *peer)
{
	struct addr local, far;
	const struct flow_ops *ops = &udp_ops;
	if (!strcmp(transport, "TCP"))
		ops = &tcp_ops;
	if (!strcmp(transport, "WS"))
		ops = &ws_ops;
	assert_int_equal(addr_from_string(STR("192.0.2.9:5060"), &local), 0);
	assert_int_equal(addr_from_string(str_from(peer), &far), 0);
	struct fake_flow *f = obj_new(&fake_flow_type);
	f->rig = r;
	if (flow_init(&f->flow, ops, r->stack, &local, &far))
		return obj_unref(f);
	return &f->flow;
}

static int open_flow(void *arg, const char *transport, const struct addr *peer, struct sip_flow **ret_flow)
{
	struct rig *r = arg;
	char text[ADDR_STRLEN];
	if (r->refuse && !strcmp(r->refuse, transport))
		return -E_UNREACHABLE;
	for (size_t i = 0; i < r->n_opened; i++)
		if (r->opened[i]->alive && addr_eq(&r->opened[i]->peer, peer) &&
			!strcmp(r->opened[i]->ops->transport, transport)) {
			*ret_flow = obj_ref(r->opened[i]);
			return 0;
		}
	assert_true(r->n_opened < ARRAY_LEN(r->opened));
	struct sip_flow *flow = rig_flow(r, transport, addr_to_string(peer, text));
	r->opened[r->n_opened++] = flow;
	*ret_flow = obj_ref(flow);
	return 0;
}

static void on_progress(struct session *s, void *arg, int status, struct str sdp)
{
	(void)s;
	note(arg, "progress %d%s" STR_FMT, status, sdp.n ? " " : "", STR_ARG(sdp));
}

static void on_answered(struct session *s, void *arg, struct str sdp)
{
	(void)s;
	note(arg, "answered%s" STR_FMT, sdp.n ? " " : "", STR_ARG(sdp));
}

static void on_offer(struct session *s, void *arg, struct str sdp)
{
	(void)s;
	note(arg, "offer%s" STR_FMT, sdp.n ? " " : "", STR_ARG(sdp));
}

static void on_ack(struct session *s, void *arg, struct str sdp)
{
	(void)s;
	note(arg, "ack%s" STR_FMT, sdp.n ? " " : "", STR_ARG(sdp));
}

static void on_reinvited(struct session *s, void *arg, int status, struct str sdp)
{
	(void)s;
	note(arg, "reinvited %d%s" STR_FMT, status, sdp.n ? " " : "", STR_ARG(sdp));
}

static void on_key(struct session *s, void *arg, char key, int duration_ms)
{
	(void)s;
	note(arg, "key %c %d", key, duration_ms);
}

static void on_flow_lost(struct session *s, void *arg)
{
	(void)s;
	note(arg, "flow_lost");
}

static void on_ended(struct session *s, void *arg, enum session_end end, int status)
{
	(void)s;
	note(arg, "ended %s %d", session_end_name(end), status);
}

static enum stack_verdict on_admit(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	struct rig *r = arg;
	(void)invite;
	(void)flow;
	return r->verdict;
}

static void on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	struct rig *r = arg;
	const struct session_info *info = session_info(s);
	note(r, "invite " STR_FMT " from " STR_FMT "%s", STR_ARG(info->local_user),
		STR_ARG(info->remote_user), invite->body.n ? "" : " no offer");
	if (r->no_attach)
		return;
	obj_unref(r->session);
	r->session = obj_ref(s);
	session_attach(s, &r->session_handlers, r);
}

static void on_flow_down(void *arg, struct sip_flow *flow)
{
	struct rig *r = arg;
	(void)flow;
	r->downs++;
}

void rig_init_with(struct rig *r, const char *transport, struct stack_opts *opts)
{
	bool (*find_account)(void *, struct str, struct sip_account *) =
		opts->handlers ? opts->handlers->find_account : NULL;
	memset(r, 0, sizeof(*r));
	timers_init(&r->timers, 1000 * SEC);
	r->session_handlers = (struct session_handlers){
		.on_progress = on_progress,
		.on_answered = on_answered,
		.on_offer = on_offer,
		.on_ack = on_ack,
		.on_reinvited = on_reinvited,
		.on_key = on_key,
		.on_flow_lost = on_flow_lost,
		.on_ended = on_ended,
	};
	r->handlers = (struct stack_handlers){
		.on_admit = on_admit,
		.on_invite = on_invite,
		.on_flow_down = on_flow_down,
		.find_account = find_account,
	};
	opts->timers = &r->timers;
	opts->user_agent = "Test";
	opts->realm = "lingxi";
	opts->handlers = &r->handlers;
	opts->arg = r;
	opts->open_flow = open_flow;
	r->stack = stack_new(opts);
	r->flow = rig_flow(r, transport, "192.0.2.1:5060");
	/* The stack reaches the first peer over that flow too. */
	r->opened[r->n_opened++] = obj_ref(r->flow);
}

void rig_init(struct rig *r, const char *transport)
{
	struct stack_opts opts = { 0 };
	rig_init_with(r, transport, &opts);
}

void rig_done(struct rig *r)
{
	obj_unref(r->session);
	rig_forget_sent(r);
	for (size_t i = 0; i < r->n_opened; i++)
		obj_unref(r->opened[i]);
	stack_free(r->stack);
	obj_unref(r->flow);
	timers_done(&r->timers);
}

void rig_forget_sent(struct rig *r)
{
	for (size_t i = 0; i < r->n_sent; i++) {
		obj_unref(r->sent[i].msg);
		obj_unref(r->sent[i].flow);
	}
	r->n_sent = r->taken = 0;
}

void rig_run(struct rig *r, int64_t us)
{
	int64_t end = r->timers.now_us + us;
	while (timers_next(&r->timers) <= end)
		timers_run(&r->timers,
			timers_next(&r->timers) > r->timers.now_us ? timers_next(&r->timers)
								   : r->timers.now_us);
	timers_run(&r->timers, end);
}

struct sip_msg *rig_next(struct rig *r)
{
	return r->taken < r->n_sent ? r->sent[r->taken++].msg : NULL;
}

struct sip_msg *rig_request(struct rig *r, enum sip_method method)
{
	struct sip_msg *msg = rig_next(r);
	assert_non_null(msg);
	assert_true(msg->is_request);
	assert_string_equal(sip_method_name(msg->method), sip_method_name(method));
	return msg;
}

struct sip_msg *rig_response(struct rig *r, int status)
{
	struct sip_msg *msg = rig_next(r);
	assert_non_null(msg);
	assert_false(msg->is_request);
	assert_int_equal(msg->status, status);
	return msg;
}

void rig_nothing(struct rig *r)
{
	struct sip_msg *msg = rig_next(r);
	if (msg)
		fail_msg("unexpected: " STR_FMT, STR_ARG(msg->bytes));
}

struct rig_sent *rig_last(struct rig *r)
{
	return &r->sent[r->taken - 1];
}

size_t rig_count(struct rig *r, int status)
{
	size_t n = 0;
	for (size_t i = r->taken; i < r->n_sent; i++)
		n += r->sent[i].msg->status == status;
	return n;
}

void rig_feed(struct rig *r, struct sip_flow *flow, const char *head, const char *body)
{
	struct buf b;
	buf_init(&b, sizeof(r->text));
	for (const char *p = head; *p; p++) {
		if (*p == '\n')
			buf_addc(&b, '\r');
		buf_addc(&b, *p);
	}
	if (body)
		buf_addz(&b, "Content-Type: application/sdp\r\n");
	buf_printf(&b, "Content-Length: %zu\r\n\r\n%s", body ? strlen(body) : 0, body ? body : "");
	assert_int_equal(buf_err(&b), 0);
	stack_receive(r->stack, flow, buf_str(&b));
	buf_done(&b);
}

void rig_feedf(struct rig *r, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, args);
	va_end(args);
	rig_feed(r, r->flow, r->text, NULL);
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static bool has(const struct rig_req *req, const char *header)
{
	return strstr(or_else(req->headers, ""), header) != NULL;
}

void rig_send(struct rig *r, const struct rig_req *req)
{
	struct buf b;
	struct sip_flow *flow = req->flow ? req->flow : r->flow;
	buf_init(&b, sizeof(r->text));
	buf_printf(&b, "%s %s SIP/2.0\n", req->method, or_else(req->uri, "sip:4008001234@192.0.2.9"));
	if (req->via)
		buf_printf(&b, "Via: %s\n", req->via);
	else
		buf_printf(&b, "Via: SIP/2.0/%s 192.0.2.1:5060;branch=z9hG4bK%s;rport\n",
			flow->ops->transport, or_else(req->branch, "b1"));
	buf_printf(&b, "From: \"Caller\" <sip:13800000000@192.0.2.1>;tag=%s\n", or_else(req->from_tag, "ft"));
	buf_printf(&b, "To: <%s>", or_else(req->to, "sip:4008001234@192.0.2.9"));
	buf_printf(&b, "%s%s\n", req->to_tag ? ";tag=" : "", or_else(req->to_tag, ""));
	buf_printf(&b, "Call-ID: %s\nCSeq: %u %s\n", or_else(req->call_id, "call-1"),
		req->cseq ? req->cseq : 1, req->method);
	if (!has(req, "Max-Forwards"))
		buf_addz(&b, "Max-Forwards: 70\n");
	if (!strcmp(req->method, "INVITE") && !has(req, "Contact:"))
		buf_addz(&b, "Contact: <sip:peer@192.0.2.1>\n");
	buf_addz(&b, or_else(req->headers, ""));
	assert_int_equal(buf_err(&b), 0);
	rig_feed(r, flow, b.p, req->body);
	buf_done(&b);
}

void rig_mid(struct rig *r, const char *method, const char *branch, const char *tag, unsigned cseq,
	const char *body)
{
	rig_send(r,
		&(struct rig_req){
			.method = method, .branch = branch, .to_tag = tag, .cseq = cseq, .body = body });
}

void rig_respond(struct rig *r, const struct sip_msg *request, const struct rig_resp *resp)
{
	struct buf b;
	char contact[300];
	snprintf(contact, sizeof(contact), "<%s>", resp->contact ? resp->contact : "sip:peer@192.0.2.1");
	struct sip_build_response response = {
		.request = request,
		.status = resp->status,
		.to_tag = str_from(resp->tag),
		.contact = resp->status < 300 && request->method == SIP_INVITE ? str_from(contact) : STR_NONE,
	};
	struct sip_flow *flow = r->flow;
	for (size_t i = 0; i < r->n_sent; i++)
		if (r->sent[i].msg == request)
			flow = r->sent[i].flow;
	buf_init(&b, 60000);
	sip_build_response(&b, &response);
	for (const char *p = resp->headers ? resp->headers : ""; *p; p++) {
		if (*p == '\n')
			buf_addc(&b, '\r');
		buf_addc(&b, *p);
	}
	sip_build_end(&b, resp->body ? STR("application/sdp") : STR_NONE, str_from(resp->body));
	assert_int_equal(buf_err(&b), 0);
	stack_receive(r->stack, flow, buf_str(&b));
	buf_done(&b);
}

void rig_status(struct rig *r, const struct sip_msg *request, int status, const char *tag)
{
	rig_respond(r, request, &(struct rig_resp){ .status = status, .tag = tag });
}

struct session *rig_call(struct rig *r, const char *sdp)
{
	struct session *s = NULL;
	struct session_invite_opts opts = {
		.target = STR("sip:9001@192.0.2.1"),
		.from = STR("sip:8001@lingxi.test"),
		.from_name = STR("Lingxi"),
		.sdp = str_from(sdp),
		.handlers = &r->session_handlers,
		.arg = r,
	};
	assert_int_equal(session_invite(r->stack, &opts, &s), 0);
	return s;
}

struct session *rig_talking_out(struct rig *r)
{
	struct session *s = rig_call(r, "offer");
	rig_respond(r, rig_request(r, SIP_INVITE),
		&(struct rig_resp){ .status = 200, .tag = "pt", .body = "answer" });
	rig_request(r, SIP_ACK);
	assert_string_equal(rig_log(r), "answered answer|");
	return s;
}

struct session *rig_talking_in(struct rig *r, char *ret_tag, size_t size)
{
	rig_send(r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_answer(r->session, STR("answer")), 0);
	struct sip_msg *ok = rig_response(r, 200);
	assert_int_equal(str_copy(ok->to->tag, ret_tag, size), 0);
	rig_send(r, &(struct rig_req){ .method = "ACK", .branch = "ack1", .to_tag = ret_tag });
	assert_string_equal(rig_log(r), "invite 4008001234 from 13800000000|ack|");
	return r->session;
}

const char *rig_log(struct rig *r)
{
	static char copy[sizeof(r->log)];
	memcpy(copy, r->log, sizeof(copy));
	r->log[0] = 0;
	return copy;
}

struct str rig_header(const struct sip_msg *msg, const char *name)
{
	return sip_msg_value_of(msg, name);
}

void rig_assert_header(const struct sip_msg *msg, const char *name, const char *value)
{
	struct str have = sip_msg_value_of(msg, name);
	if (!str_eqz(have, value))
		fail_msg("%s is \"" STR_FMT "\", not \"%s\"", name, STR_ARG(have), value);
}
