/* Points (5), (6), (7) and (9): which way requests, ACKs and answers go. */
#include "rig.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define THREE_PROXIES                                                                                        \
	"Record-Route: <sip:192.0.2.31;lr>, <sip:192.0.2.32;lr>\nRecord-Route: <sip:192.0.2.33;lr;x=1>\n"

static void assert_routes(const struct sip_msg *msg, const char *const *routes)
{
	const struct sip_addr *a = msg->route;
	for (; *routes; routes++, a = a->next) {
		assert_non_null(a);
		assert_true(str_eqz(a->uri.raw, *routes));
	}
	assert_null(a);
}

static void assert_peer(struct rig *r, const char *transport, const char *peer)
{
	char text[ADDR_STRLEN];
	assert_string_equal(rig_last(r)->flow->ops->transport, transport);
	assert_string_equal(addr_to_string(&rig_last(r)->flow->peer, text), peer);
}

static void p05_ack_of_a_failure_belongs_to_the_transaction(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	rig_status(&r, invite, 404, "x");
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	assert_true(str_eq(ack->via->branch, invite->via->branch));
	assert_true(str_eq(ack->uri.raw, invite->uri.raw));
	assert_true(str_eqz(ack->to->tag, "x"));
	assert_int_equal(ack->cseq.number, invite->cseq.number);
	rig_status(&r, invite, 404, "x");
	assert_true(str_eq(rig_request(&r, SIP_ACK)->bytes, ack->bytes));
	rig_nothing(&r);
	obj_unref(s);
	rig_done(&r);
}

static void p06_the_caller_turns_the_route_set_round(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	rig_respond(&r, invite,
		&(struct rig_resp){ .status = 200, .tag = "pt", .body = "answer", .headers = THREE_PROXIES });
	static const char *const routes[] = { "sip:192.0.2.33;lr;x=1", "sip:192.0.2.32;lr",
		"sip:192.0.2.31;lr", NULL };
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	assert_routes(ack, routes);
	assert_true(str_eqz(ack->uri.raw, "sip:peer@192.0.2.1"));
	assert_peer(&r, "UDP", "192.0.2.33:5060");
	assert_true(!str_eq(ack->via->branch, invite->via->branch));
	session_hangup(s, NULL);
	assert_routes(rig_request(&r, SIP_BYE), routes);
	assert_peer(&r, "UDP", "192.0.2.33:5060");
	obj_unref(s);
	rig_done(&r);
}

static void take_call(struct rig *r, const char *headers)
{
	char tag[64];
	rig_send(r, &(struct rig_req){ .method = "INVITE", .body = "offer", .headers = headers });
	assert_int_equal(session_answer(r->session, STR("answer")), 0);
	struct sip_msg *ok = rig_response(r, 200);
	assert_int_equal(str_copy(ok->to->tag, tag, sizeof(tag)), 0);
	rig_send(r, &(struct rig_req){ .method = "ACK", .branch = "a", .to_tag = tag });
}

static void p06_the_callee_keeps_its_order(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	take_call(&r, THREE_PROXIES);
	static const char *const routes[] = { "sip:192.0.2.31;lr", "sip:192.0.2.32;lr",
		"sip:192.0.2.33;lr;x=1", NULL };
	session_hangup(r.session, NULL);
	assert_routes(rig_request(&r, SIP_BYE), routes);
	assert_peer(&r, "UDP", "192.0.2.31:5060");
	rig_done(&r);
}

static void p06_the_2xx_repeats_the_record_route(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer", .headers = THREE_PROXIES });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	struct sip_msg *ok = rig_response(&r, 200);
	assert_true(str_eqz(ok->record_route->uri.raw, "sip:192.0.2.31;lr"));
	assert_true(str_eqz(ok->record_route->next->next->uri.raw, "sip:192.0.2.33;lr;x=1"));
	rig_done(&r);
}

static void p06_a_strict_router_gets_itself_as_the_request_uri(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	take_call(&r, "Record-Route: <sip:192.0.2.41>, <sip:192.0.2.42;lr>\n");
	session_hangup(r.session, NULL);
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	static const char *const routes[] = { "sip:192.0.2.42;lr", "sip:peer@192.0.2.1", NULL };
	assert_true(str_eqz(bye->uri.raw, "sip:192.0.2.41"));
	assert_routes(bye, routes);
	assert_peer(&r, "UDP", "192.0.2.41:5060");
	rig_done(&r);
}

static void p06_a_reinvite_moves_the_target(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_talking_in(&r, tag, sizeof(tag));
	rig_send(&r,
		&(struct rig_req){ .method = "INVITE",
			.branch = "m",
			.to_tag = tag,
			.cseq = 2,
			.body = "offer",
			.headers = "Contact: <sip:moved@192.0.2.77:5070>\n" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	rig_response(&r, 200);
	rig_mid(&r, "ACK", "n", tag, 2, NULL);
	assert_int_equal(session_reinvite(r.session, STR("ours")), 0);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(invite->uri.raw, "sip:moved@192.0.2.77:5070"));
	assert_peer(&r, "UDP", "192.0.2.77:5070");
	rig_respond(&r, invite,
		&(struct rig_resp){
			.status = 200, .tag = "ft", .body = "yes", .contact = "sip:again@192.0.2.78" });
	assert_true(str_eqz(rig_request(&r, SIP_ACK)->uri.raw, "sip:again@192.0.2.78"));
	session_hangup(r.session, NULL);
	rig_request(&r, SIP_BYE);
	assert_peer(&r, "UDP", "192.0.2.78:5060");
	rig_done(&r);
}

static void p07_answers_follow_received_and_rport(void **state)
{
	(void)state;
	static const struct {
		const char *via;
		const char *to;
		const char *received;
		unsigned rport;
	} cases[] = {
		{ "SIP/2.0/UDP 10.0.0.5:6000;branch=z9hG4bKv1;rport", "192.0.2.1:5060", "192.0.2.1", 5060 },
		{ "SIP/2.0/UDP 10.0.0.5:6000;branch=z9hG4bKv2", "192.0.2.1:6000", "192.0.2.1", 0 },
		{ "SIP/2.0/UDP phone.example;branch=z9hG4bKv3", "192.0.2.1:5060", "192.0.2.1", 0 },
		{ "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKv4", "192.0.2.1:5060", NULL, 0 },
		{ "SIP/2.0/UDP 192.0.2.1:5999;branch=z9hG4bKv5;rport", "192.0.2.1:5060", "192.0.2.1", 5060 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig r;
		rig_init(&r, "UDP");
		rig_send(&r, &(struct rig_req){ .method = "OPTIONS", .via = cases[i].via });
		struct sip_msg *ok = rig_response(&r, 200);
		assert_peer(&r, "UDP", cases[i].to);
		assert_true(cases[i].received ? str_eqz(ok->via->received, cases[i].received)
					      : !ok->via->received.p);
		assert_int_equal(ok->via->rport, cases[i].rport);
		rig_done(&r);
	}
}

static void p07_connections_answer_themselves_and_dead_flows_get_nothing(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "WS");
	struct sip_flow *flow = rig_flow(&r, "WS", "192.0.2.50:40000");
	rig_send(&r,
		&(struct rig_req){ .method = "INVITE",
			.body = "offer",
			.flow = flow,
			.via = "SIP/2.0/WS x7.invalid;branch=z9hG4bKw",
			.headers = "Contact: <sip:u@x7.invalid;transport=ws>\n" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	struct sip_msg *ok = rig_response(&r, 200);
	char tag[64];
	assert_int_equal(str_copy(ok->to->tag, tag, sizeof(tag)), 0);
	assert_ptr_equal(rig_last(&r)->flow, flow);
	rig_send(&r, &(struct rig_req){ .method = "ACK", .branch = "k", .to_tag = tag, .flow = flow });
	flow_down(flow);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|ack|flow_lost|");
	assert_int_equal(r.downs, 1);
	assert_null(session_flow(r.session));
	assert_int_equal(session_reinvite(r.session, STR("x")), -E_CLOSED);
	session_hangup(r.session, NULL);
	rig_nothing(&r);
	assert_int_equal(r.n_opened, 1);
	obj_unref(flow);
	rig_done(&r);
}

static void p07_behind_a_websocket_even_proxies_are_reached_by_it(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "WS");
	take_call(&r, "Record-Route: <sip:192.0.2.31;lr>\n");
	session_hangup(r.session, NULL);
	rig_request(&r, SIP_BYE);
	assert_ptr_equal(rig_last(&r)->flow, r.flow);
	rig_done(&r);
}

static void p07_a_caller_gone_before_the_answer_ends_the_call(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "TCP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	flow_down(r.flow);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|ended unreachable 503|");
	assert_int_equal(session_answer(r.session, STR("late")), -E_STATE);
	rig_nothing(&r);
	rig_done(&r);
}

static void p07_a_closed_tcp_connection_is_opened_again(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "TCP");
	rig_talking_in(&r, tag, sizeof(tag));
	flow_down(r.flow);
	assert_string_equal(rig_log(&r), "");
	assert_int_equal(session_reinvite(r.session, STR("ours")), 0);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_peer(&r, "TCP", "192.0.2.1:5060");
	assert_ptr_not_equal(rig_last(&r)->flow, r.flow);
	rig_respond(&r, invite, &(struct rig_resp){ .status = 200, .tag = "ft", .body = "yes" });
	rig_request(&r, SIP_ACK);
	assert_string_equal(rig_log(&r), "reinvited 200 yes|");
	rig_done(&r);
}

static void p07_a_phone_behind_nat_is_reached_by_its_flow(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r,
		&(struct rig_req){ .method = "INVITE",
			.body = "offer",
			.via = "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bKnat;rport",
			.headers = "Contact: <sip:phone@10.0.0.5:5060>\n" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	assert_int_equal(str_copy(rig_response(&r, 200)->to->tag, tag, sizeof(tag)), 0);
	rig_send(&r, &(struct rig_req){ .method = "ACK", .branch = "k", .to_tag = tag });
	session_hangup(r.session, NULL);
	assert_true(str_eqz(rig_request(&r, SIP_BYE)->uri.raw, "sip:phone@10.0.0.5:5060"));
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	rig_done(&r);
}

static void p07_behind_a_proxy_that_does_not_stay_the_contact_counts(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r,
		&(struct rig_req){ .method = "INVITE",
			.body = "offer",
			.via = "SIP/2.0/UDP 192.0.2.1:5099;branch=z9hG4bKpx;rport, "
			       "SIP/2.0/UDP 192.0.2.80;branch=z9hG4bKua",
			.headers = "Contact: <sip:phone@192.0.2.80>\n" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	assert_int_equal(str_copy(rig_response(&r, 200)->to->tag, tag, sizeof(tag)), 0);
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	rig_send(&r, &(struct rig_req){ .method = "ACK", .branch = "k", .to_tag = tag });
	session_hangup(r.session, NULL);
	rig_request(&r, SIP_BYE);
	assert_peer(&r, "UDP", "192.0.2.80:5060");
	rig_done(&r);
}

static void p07_a_browser_that_comes_back_takes_the_dialog_along(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "WS");
	rig_talking_in(&r, tag, sizeof(tag));
	flow_down(r.flow);
	struct sip_flow *flow = rig_flow(&r, "WS", "192.0.2.51:40001");
	rig_send(&r,
		&(struct rig_req){ .method = "INVITE",
			.branch = "back",
			.to_tag = tag,
			.cseq = 2,
			.body = "offer",
			.flow = flow,
			.headers = "Contact: <sip:u@y8.invalid;transport=ws>\n" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	rig_response(&r, 200);
	assert_ptr_equal(session_flow(r.session), flow);
	obj_unref(flow);
	rig_done(&r);
}

static void p09_a_large_request_goes_to_tcp(void **state)
{
	(void)state;
	struct rig r;
	static char sdp[1400];
	memset(sdp, 'x', sizeof(sdp) - 1);
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, sdp);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_peer(&r, "TCP", "192.0.2.1:5060");
	assert_true(str_eqz(invite->via->transport, "TCP"));
	rig_nothing(&r);
	/* Nobody listens there: UDP after all, on a new branch. */
	flow_down(rig_last(&r)->flow);
	struct sip_msg *again = rig_request(&r, SIP_INVITE);
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	assert_true(str_eqz(again->via->transport, "UDP"));
	assert_false(str_eq(again->via->branch, invite->via->branch));
	assert_string_equal(rig_log(&r), "");
	obj_unref(s);
	rig_done(&r);
}

static void p09_udp_is_kept_where_tcp_cannot_be_opened(void **state)
{
	(void)state;
	struct rig r;
	static char sdp[1400];
	memset(sdp, 'x', sizeof(sdp) - 1);
	rig_init(&r, "UDP");
	r.refuse = "TCP";
	struct session *s = rig_call(&r, sdp);
	rig_request(&r, SIP_INVITE);
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	obj_unref(s);
	rig_done(&r);
}

static void p09_a_small_one_stays_with_udp(void **state)
{
	(void)state;
	struct rig r;
	static char sdp[700];
	memset(sdp, 'x', sizeof(sdp) - 1);
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, sdp);
	rig_request(&r, SIP_INVITE);
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	obj_unref(s);
	rig_done(&r);
}

static void p06_names_we_cannot_resolve_fall_back_to_the_way_it_came(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	rig_respond(&r, rig_request(&r, SIP_INVITE),
		&(struct rig_resp){
			.status = 200, .tag = "pt", .body = "answer", .contact = "sip:x@sbc.example" });
	assert_true(str_eqz(rig_request(&r, SIP_ACK)->uri.raw, "sip:x@sbc.example"));
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	session_hangup(s, NULL);
	rig_request(&r, SIP_BYE);
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	obj_unref(s);
	rig_done(&r);
}

static void p06_an_outbound_proxy_is_no_route_of_the_dialog(void **state)
{
	(void)state;
	struct rig r;
	struct session *s = NULL;
	rig_init(&r, "UDP");
	struct session_invite_opts opts = {
		.target = STR("sip:1@carrier.example"),
		.route = STR("sip:192.0.2.90;lr"),
		.from = STR("sip:8001@lingxi.test"),
		.sdp = STR("offer"),
		.handlers = &r.session_handlers,
		.arg = &r,
	};
	assert_int_equal(session_invite(r.stack, &opts, &s), 0);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	static const char *const routes[] = { "sip:192.0.2.90;lr", NULL };
	static const char *const none[] = { NULL };
	assert_routes(invite, routes);
	assert_peer(&r, "UDP", "192.0.2.90:5060");
	rig_respond(&r, invite, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "answer" });
	assert_routes(rig_request(&r, SIP_ACK), none);
	assert_peer(&r, "UDP", "192.0.2.1:5060");
	obj_unref(s);
	rig_done(&r);
}

/* RFC 3261 19.1.5: the header fields of a Contact are not part of a request URI. */
static void header_fields_of_a_target_are_left_out(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	rig_respond(&r, rig_request(&r, SIP_INVITE),
		&(struct rig_resp){ .status = 200,
			.tag = "pt",
			.body = "answer",
			.contact = "sip:peer@192.0.2.1;x=y?Subject=z" });
	assert_true(str_eqz(rig_request(&r, SIP_ACK)->uri.raw, "sip:peer@192.0.2.1;x=y"));
	assert_int_equal(session_reinvite(s, STR("hold")), 0);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(invite->uri.raw, "sip:peer@192.0.2.1;x=y"));
	rig_status(&r, invite, 488, "pt");
	rig_request(&r, SIP_ACK);
	session_hangup(s, NULL);
	obj_unref(s);
	rig_done(&r);
}

static void ways_that_do_not_exist(void **state)
{
	(void)state;
	static const struct {
		const char *target;
		int err;
	} cases[] = {
		{ "sip:1@phone.example", -E_UNREACHABLE },
		{ "sips:1@192.0.2.1", -E_UNREACHABLE },
		{ "sip:1@192.0.2.1;transport=ws", -E_UNREACHABLE },
		{ "sip:1@", -E_SYNTAX },
		{ "mailto:a@b", -E_SYNTAX },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig r;
		struct session *s = NULL;
		rig_init(&r, "UDP");
		struct session_invite_opts opts = {
			.target = str_from(cases[i].target),
			.from = STR("sip:8001@lingxi.test"),
			.sdp = STR("offer"),
			.handlers = &r.session_handlers,
			.arg = &r,
		};
		assert_int_equal(session_invite(r.stack, &opts, &s), cases[i].err);
		assert_null(s);
		rig_nothing(&r);
		rig_done(&r);
	}
}

static void an_extra_header_cannot_be_two(void **state)
{
	(void)state;
	struct rig r;
	struct session *s = NULL;
	rig_init(&r, "UDP");
	struct session_header headers[] = { { "Alert-Info", "<urn:x>;info=alert-autoanswer" },
		{ "X-Note", "a\r\nContact: <sip:evil@x>" } };
	struct session_invite_opts opts = {
		.target = STR("sip:1@192.0.2.1"),
		.from = STR("sip:8001@lingxi.test"),
		.headers = headers,
		.n_headers = 2,
	};
	assert_int_equal(session_invite(r.stack, &opts, &s), -E_SYNTAX);
	opts.n_headers = 1;
	assert_int_equal(session_invite(r.stack, &opts, &s), 0);
	rig_assert_header(rig_request(&r, SIP_INVITE), "Alert-Info", "<urn:x>;info=alert-autoanswer");
	obj_unref(s);
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p05_ack_of_a_failure_belongs_to_the_transaction),
		cmocka_unit_test(p06_the_caller_turns_the_route_set_round),
		cmocka_unit_test(p06_the_callee_keeps_its_order),
		cmocka_unit_test(p06_the_2xx_repeats_the_record_route),
		cmocka_unit_test(p06_a_strict_router_gets_itself_as_the_request_uri),
		cmocka_unit_test(p06_a_reinvite_moves_the_target),
		cmocka_unit_test(p07_answers_follow_received_and_rport),
		cmocka_unit_test(p07_connections_answer_themselves_and_dead_flows_get_nothing),
		cmocka_unit_test(p07_behind_a_websocket_even_proxies_are_reached_by_it),
		cmocka_unit_test(p07_a_caller_gone_before_the_answer_ends_the_call),
		cmocka_unit_test(p07_a_closed_tcp_connection_is_opened_again),
		cmocka_unit_test(p07_a_phone_behind_nat_is_reached_by_its_flow),
		cmocka_unit_test(p07_behind_a_proxy_that_does_not_stay_the_contact_counts),
		cmocka_unit_test(p07_a_browser_that_comes_back_takes_the_dialog_along),
		cmocka_unit_test(p09_a_large_request_goes_to_tcp),
		cmocka_unit_test(p09_udp_is_kept_where_tcp_cannot_be_opened),
		cmocka_unit_test(p09_a_small_one_stays_with_udp),
		cmocka_unit_test(p06_names_we_cannot_resolve_fall_back_to_the_way_it_came),
		cmocka_unit_test(p06_an_outbound_proxy_is_no_route_of_the_dialog),
		cmocka_unit_test(header_fields_of_a_target_are_left_out),
		cmocka_unit_test(ways_that_do_not_exist),
		cmocka_unit_test(an_extra_header_cannot_be_two),
	};
	return unit_run(tests);
}
