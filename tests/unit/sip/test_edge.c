/* The edge on loopback: path, subprotocol and origin checked, a whole call to a browser's binding, and what
 * happens when the browser goes. */
#include "net/ws.h"
#include "rig.h"
#include "sip/edge.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct browser {
	struct ws *ws;
	int code;       /* of the end, 0 while it lives */
	char got[9000]; /* last message */
	unsigned n;
};

struct world {
	struct loop *loop;
	struct sip_stack *stack;
	struct sip_edge *edge;
	struct addr addr;
	struct session *session;
	char log[500];
};

static void note(struct world *w, const char *what)
{
	size_t n = strlen(w->log);
	snprintf(w->log + n, sizeof(w->log) - n, "%s|", what);
}

static void on_message(void *arg, struct str message, bool is_text)
{
	struct browser *b = arg;
	assert_true(is_text);
	assert_int_equal(str_copy(message, b->got, sizeof(b->got)), 0);
	b->n++;
}

static void on_closed(void *arg, int code)
{
	((struct browser *)arg)->code = code;
}

static const struct ws_handlers ws_handlers = { .message = on_message, .closed = on_closed };

static void browser_open(struct world *w, struct browser *b, const struct ws_target *wanted)
{
	struct ws_target target = *wanted;
	memset(b, 0, sizeof(*b));
	target.to = w->addr;
	assert_int_equal(ws_connect(w->loop, &target, NULL, &ws_handlers, b, &b->ws), 0);
}

static void browser_close(struct browser *b)
{
	b->ws = ws_drop(b->ws);
}

static void on_answered(struct session *s, void *arg, struct str sdp)
{
	(void)s;
	(void)sdp;
	note(arg, "answered");
}

static void on_flow_lost(struct session *s, void *arg)
{
	(void)s;
	note(arg, "flow_lost");
}

static void on_ended(struct session *s, void *arg, enum session_end end, int status)
{
	(void)s;
	(void)status;
	note(arg, session_end_name(end));
}

static const struct session_handlers session_handlers = {
	.on_answered = on_answered,
	.on_flow_lost = on_flow_lost,
	.on_ended = on_ended,
};

static enum stack_verdict on_admit(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	(void)arg;
	(void)invite;
	assert_string_equal(flow->ops->transport, "WS");
	return STACK_ADMIT;
}

static void on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	struct world *w = arg;
	(void)invite;
	w->session = obj_ref(s);
	session_attach(s, &session_handlers, w);
	assert_int_equal(session_answer(s, STR("answer")), 0);
}

static void on_flow_down(void *arg, struct sip_flow *flow)
{
	(void)flow;
	note(arg, "down");
}

static const struct stack_handlers stack_handlers = {
	.on_admit = on_admit,
	.on_invite = on_invite,
	.on_flow_down = on_flow_down,
};

static void world_open(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->loop = loop_new();
	struct stack_opts stack = {
		.timers = loop_timers(w->loop),
		.loop = w->loop,
		.handlers = &stack_handlers,
		.arg = w,
	};
	w->stack = stack_new(&stack);
	struct edge_opts edge = { .loop = w->loop, .stack = w->stack };
	assert_int_equal(addr_from_string(STR("127.0.0.1:0"), &edge.addr), 0);
	assert_int_equal(edge_open(&edge, &w->edge), 0);
	w->addr = edge_bound(w->edge);
}

static void world_close(struct world *w)
{
	obj_unref(w->session);
	edge_close(w->edge);
	stack_free(w->stack);
	for (int i = 0; i < 20; i++)
		loop_run_nowait(w->loop);
	loop_free(w->loop);
}

static void only_sip_at_its_path_from_this_host(void **state)
{
	(void)state;
	static const struct {
		struct ws_target target;
		bool ok;
	} cases[] = {
		{ { .path = "/sip", .protocol = "sip" }, true },
		{ { .path = "/sip", .protocol = "sip", .origin = "http://127.0.0.1:8080" }, true },
		{ { .path = "/sip", .protocol = "sip", .origin = "https://127.0.0.1" }, true },
		{ { .path = "/sip", .protocol = "sip", .origin = "https://evil.example" }, false },
		{ { .path = "/sip", .protocol = "sip", .origin = "http://127.0.0.1.evil.example:80" },
			false },
		{ { .path = "/sip", .protocol = "sip", .origin = "null" }, false },
		{ { .path = "/sip", .protocol = "chat" }, false },
		{ { .path = "/sip" }, false },
		{ { .path = "/", .protocol = "sip" }, false },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		struct browser b;
		world_open(&w);
		browser_open(&w, &b, &cases[i].target);
		while (!b.code && !ws_is_open(b.ws))
			loop_run_once(w.loop);
		assert_int_equal(ws_is_open(b.ws), cases[i].ok);
		if (cases[i].ok)
			assert_string_equal(ws_protocol(b.ws), "sip");
		browser_close(&b);
		world_close(&w);
	}
}

static void say(struct world *w, struct browser *b, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void say(struct world *w, struct browser *b, const char *fmt, ...)
{
	char text[3000];
	unsigned before = b->n;
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	assert_int_equal(ws_send(b->ws, (struct str){ text, (size_t)n }), 0);
	while (b->n == before && !strstr(fmt, "ACK "))
		loop_run_once(w->loop);
}

static void value_of(const char *message, const char *name, char *dst, size_t size)
{
	struct sip_msg *msg = NULL;
	assert_int_equal(sip_msg_parse(str_from(message), SIP_DATAGRAM, &msg), 0);
	struct str value = !strcmp(name, "tag") ? msg->to->tag : sip_msg_value_of(msg, name);
	assert_int_equal(str_copy(value, dst, size), 0);
	obj_unref(msg);
}

#define HEAD(method, cseq)                                                                                   \
	method " sip:8001@lingxi SIP/2.0\r\nVia: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKe" cseq       \
	       "\r\nFrom: <sip:visitor@x.invalid>;tag=v\r\nCall-ID: e1\r\nCSeq: " cseq " " method "\r\n"

static void a_browser_calls_and_goes(void **state)
{
	(void)state;
	struct world w;
	struct browser b;
	char tag[64], contact[200];
	world_open(&w);
	browser_open(&w, &b, &(struct ws_target){ .path = "/sip", .protocol = "sip" });
	say(&w, &b,
		HEAD("INVITE",
			"1") "To: <sip:8001@lingxi>\r\nContact: <sip:q@df7jal23ls0d.invalid;transport=ws>\r\n"
			     "Max-Forwards: 70\r\nContent-Type: application/sdp\r\n\r\noffer");
	assert_memory_equal(b.got, "SIP/2.0 200", 11);
	value_of(b.got, "tag", tag, sizeof(tag));
	value_of(b.got, "Contact", contact, sizeof(contact));
	assert_non_null(strstr(contact, "127.0.0.1:"));
	assert_non_null(strstr(contact, ";transport=ws"));
	say(&w, &b, HEAD("ACK", "1") "To: <sip:8001@lingxi>;tag=%s\r\n\r\n", tag);
	say(&w, &b, "\r\n\r\n");
	assert_string_equal(b.got, "\r\n");
	assert_int_equal(session_send_key(w.session, '1', 100), 0);
	while (strncmp(b.got, "INFO sip:q@df7jal23ls0d.invalid;transport=ws", 44) != 0)
		loop_run_once(w.loop);
	assert_string_equal(w.log, "");
	browser_close(&b);
	while (strcmp(w.log, "flow_lost|down|") != 0)
		loop_run_once(w.loop);
	assert_int_equal(session_reinvite(w.session, STR("x")), -E_CLOSED);
	session_hangup(w.session, NULL);
	world_close(&w);
}

static void the_edge_may_close_under_a_call(void **state)
{
	(void)state;
	struct world w;
	struct browser b;
	world_open(&w);
	browser_open(&w, &b, &(struct ws_target){ .path = "/sip", .protocol = "sip" });
	say(&w, &b,
		HEAD("INVITE",
			"1") "To: <sip:8001@lingxi>\r\nContact: <sip:q@df7jal23ls0d.invalid;transport=ws>\r\n"
			     "Max-Forwards: 70\r\nContent-Type: application/sdp\r\n\r\noffer");
	w.edge = edge_close(w.edge);
	assert_string_equal(w.log, "flow_lost|down|");
	while (!b.code)
		loop_run_once(w.loop);
	browser_close(&b);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_sip_at_its_path_from_this_host),
		cmocka_unit_test(a_browser_calls_and_goes),
		cmocka_unit_test(the_edge_may_close_under_a_call),
	};
	return unit_run(tests);
}
