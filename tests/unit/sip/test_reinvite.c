/* Points (4), (13) and (14): offers in mid-call, glare, late offers, failures inside a dialog; keys by INFO.
 */
#include "rig.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void talking(struct rig *r, char tag[64])
{
	rig_init(r, "UDP");
	rig_talking_in(r, tag, 64);
}

static void p04_two_open_offers_get_491_and_500(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	/* Ours is open: his gets 491. */
	assert_int_equal(session_reinvite(r.session, STR("ours")), 0);
	struct sip_msg *ours = rig_request(&r, SIP_INVITE);
	assert_int_equal(session_reinvite(r.session, STR("more")), -E_BUSY);
	rig_mid(&r, "INVITE", "g", tag, 2, "his");
	rig_response(&r, 491);
	rig_respond(&r, ours, &(struct rig_resp){ .status = 200, .tag = "ft", .body = "yes" });
	rig_request(&r, SIP_ACK);
	assert_string_equal(rig_log(&r), "reinvited 200 yes|");
	/* His is open: a second one of his gets 500 with Retry-After. */
	rig_mid(&r, "INVITE", "h", tag, 3, "one");
	rig_mid(&r, "INVITE", "i", tag, 4, "two");
	uint32_t seconds;
	assert_int_equal(str_to_u32(rig_header(rig_response(&r, 500), "Retry-After"), 10, &seconds), 0);
	assert_int_equal(session_reinvite(r.session, STR("ours")), -E_BUSY);
	assert_int_equal(session_answer(r.session, STR("fine")), 0);
	assert_int_equal(rig_response(&r, 200)->cseq.number, 3);
	rig_mid(&r, "ACK", "j", tag, 3, NULL);
	assert_string_equal(rig_log(&r), "offer one|ack|");
	rig_done(&r);
}

static int64_t retry_after_491(struct rig *r, struct session *s)
{
	assert_int_equal(session_reinvite(s, STR("hold")), 0);
	rig_status(r, rig_request(r, SIP_INVITE), 491, NULL);
	rig_request(r, SIP_ACK);
	int64_t from = r->timers.now_us;
	rig_run(r, 5 * SEC);
	struct sip_msg *again = rig_request(r, SIP_INVITE);
	int64_t waited = rig_last(r)->at_us - from;
	assert_true(str_eqz(again->body, "hold"));
	rig_respond(r, again, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "held" });
	rig_forget_sent(r);
	assert_string_equal(rig_log(r), "reinvited 200 held|");
	return waited;
}

static void p04_after_491_the_owner_of_the_call_id_waits_longer(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	for (int i = 0; i < 20; i++) {
		int64_t waited = retry_after_491(&r, r.session);
		assert_true(waited >= 0 && waited <= 2 * SEC && waited % (10 * MS) == 0);
	}
	rig_done(&r);
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	for (int i = 0; i < 20; i++) {
		int64_t waited = retry_after_491(&r, s);
		assert_true(waited >= 2100 * MS && waited <= 4 * SEC && waited % (10 * MS) == 0);
	}
	obj_unref(s);
	rig_done(&r);
}

static void p04_his_offer_goes_first_while_we_wait(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	assert_int_equal(session_reinvite(r.session, STR("ours")), 0);
	rig_status(&r, rig_request(&r, SIP_INVITE), 491, NULL);
	rig_request(&r, SIP_ACK);
	rig_mid(&r, "INVITE", "g", tag, 2, "his");
	assert_string_equal(rig_log(&r), "offer his|");
	rig_run(&r, 3 * SEC);
	assert_int_equal(rig_count(&r, 0), 0);
	rig_forget_sent(&r);
	assert_int_equal(session_answer(r.session, STR("yes")), 0);
	rig_response(&r, 200);
	rig_mid(&r, "ACK", "h", tag, 2, NULL);
	rig_run(&r, 3 * SEC);
	assert_true(str_eqz(rig_request(&r, SIP_INVITE)->body, "ours"));
	rig_done(&r);
}

static void p04_an_old_cseq_gets_500(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	rig_mid(&r, "INFO", "x", tag, 9, NULL);
	rig_response(&r, 200);
	rig_mid(&r, "BYE", "y", tag, 8, NULL);
	rig_response(&r, 500);
	rig_mid(&r, "BYE", "z", tag, 9, NULL);
	rig_response(&r, 500);
	assert_string_equal(rig_log(&r), "");
	rig_done(&r);
}

/* The number of the INVITE itself counts. */
static void p04_a_cseq_before_the_call_gets_500(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .cseq = 7, .body = "offer" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	assert_int_equal(str_copy(rig_response(&r, 200)->to->tag, tag, sizeof(tag)), 0);
	rig_mid(&r, "ACK", "a", tag, 7, NULL);
	rig_mid(&r, "INFO", "b", tag, 6, NULL);
	rig_response(&r, 500);
	rig_mid(&r, "INFO", "c", tag, 8, NULL);
	rig_response(&r, 200);
	rig_done(&r);
}

static void p13_late_offer_as_caller(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, NULL);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_int_equal(invite->body.n, 0);
	struct rig_resp ok = { .status = 200, .tag = "pt", .body = "their offer" };
	rig_respond(&r, invite, &ok);
	rig_nothing(&r);
	/* The peer repeats while we think about it. */
	rig_respond(&r, invite, &ok);
	rig_nothing(&r);
	assert_int_equal(session_ack(s, STR("our answer")), 0);
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	assert_true(str_eqz(ack->body, "our answer"));
	rig_respond(&r, invite, &ok);
	assert_true(str_eq(rig_request(&r, SIP_ACK)->bytes, ack->bytes));
	assert_string_equal(rig_log(&r), "answered their offer|");
	obj_unref(s);
	rig_done(&r);
}

/* Whoever answered must see his 2xx acknowledged before the BYE. */
static void p13_hanging_up_on_a_late_offer_acknowledges_it(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, NULL);
	struct rig_resp ok = { .status = 200, .tag = "pt", .body = "their offer" };
	rig_respond(&r, rig_request(&r, SIP_INVITE), &ok);
	session_hangup(s, NULL);
	rig_request(&r, SIP_ACK);
	rig_request(&r, SIP_BYE);
	obj_unref(s);
	rig_log(&r);

	s = rig_talking_out(&r);
	assert_int_equal(session_reinvite(s, STR_NONE), 0);
	rig_respond(&r, rig_request(&r, SIP_INVITE), &ok);
	session_hangup(s, NULL);
	rig_request(&r, SIP_ACK);
	rig_request(&r, SIP_BYE);
	obj_unref(s);
	rig_done(&r);
}

/* A peer who rings on a re-INVITE and then is silent holds nothing for ever. */
static void a_reinvite_left_open_by_a_hangup_ends(void **state)
{
	(void)state;
	struct rig r;
	struct stack_counts counts;
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	assert_int_equal(session_reinvite(s, STR("hold")), 0);
	rig_status(&r, rig_request(&r, SIP_INVITE), 180, "pt");
	session_hangup(s, NULL);
	rig_status(&r, rig_request(&r, SIP_BYE), 200, "pt");
	obj_unref(s);
	rig_run(&r, 33 * SEC);
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.txns, 0);
	rig_done(&r);
}

static void p13_late_offer_as_callee(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE" });
	assert_int_equal(session_answer(r.session, STR("our offer")), 0);
	struct sip_msg *ok = rig_response(&r, 200);
	assert_true(str_eqz(ok->body, "our offer"));
	assert_int_equal(str_copy(ok->to->tag, tag, sizeof(tag)), 0);
	rig_send(&r, &(struct rig_req){ .method = "ACK", .branch = "a", .to_tag = tag, .body = "answer" });
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000 no offer|ack answer|");
	rig_done(&r);
}

static void p13_an_empty_reinvite_gets_a_full_offer(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	rig_mid(&r, "INVITE", "e", tag, 2, NULL);
	assert_string_equal(rig_log(&r), "offer|");
	/* Asynchronously: 100 keeps the peer calm meanwhile. */
	rig_run(&r, SEC);
	rig_response(&r, 100);
	assert_int_equal(session_answer(r.session, STR("full offer")), 0);
	assert_true(str_eqz(rig_response(&r, 200)->body, "full offer"));
	rig_mid(&r, "ACK", "f", tag, 2, "answer");
	assert_string_equal(rig_log(&r), "ack answer|");
	rig_done(&r);
}

static void p13_our_empty_reinvite_is_acknowledged_with_the_answer(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	assert_int_equal(session_reinvite(s, STR_NONE), 0);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_int_equal(invite->body.n, 0);
	rig_respond(&r, invite, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "offer 2" });
	rig_nothing(&r);
	assert_int_equal(session_ack(s, STR("answer 2")), 0);
	assert_true(str_eqz(rig_request(&r, SIP_ACK)->body, "answer 2"));
	assert_string_equal(rig_log(&r), "reinvited 200 offer 2|");
	obj_unref(s);
	rig_done(&r);
}

static void p13_a_refused_offer_leaves_the_call(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	rig_mid(&r, "INVITE", "e", tag, 2, "video");
	const struct session_header warning = { "Warning", "304 lingxi \"no common codec\"" };
	assert_int_equal(session_reject(r.session, 488, &warning, 1), 0);
	rig_assert_header(rig_response(&r, 488), "Warning", "304 lingxi \"no common codec\"");
	rig_mid(&r, "ACK", "e", tag, 2, NULL);
	assert_string_equal(rig_log(&r), "offer video|");
	assert_int_equal(session_reinvite(r.session, STR("ours")), 0);
	rig_request(&r, SIP_INVITE);
	rig_done(&r);
}

static void p13_a_cancelled_reinvite_leaves_the_call(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	rig_mid(&r, "INVITE", "e", tag, 2, "hold");
	rig_mid(&r, "CANCEL", "e", tag, 2, NULL);
	assert_int_equal(rig_response(&r, 200)->cseq.method, SIP_CANCEL);
	assert_int_equal(rig_response(&r, 487)->cseq.method, SIP_INVITE);
	assert_int_equal(session_answer(r.session, STR("late")), -E_STATE);
	assert_string_equal(rig_log(&r), "offer hold|");
	rig_done(&r);
}

static void p14_481_and_408_end_the_dialog_others_do_not(void **state)
{
	(void)state;
	static const struct {
		int status; /* 0: no answer at all */
		const char *log;
	} cases[] = {
		{ 400, "reinvited 400|" },
		{ 403, "reinvited 403|" },
		{ 480, "reinvited 480|" },
		{ 486, "reinvited 486|" },
		{ 488, "reinvited 488|" },
		{ 500, "reinvited 500|" },
		{ 503, "reinvited 503|" },
		{ 603, "reinvited 603|" },
		{ 481, "ended gone 481|" },
		{ 408, "ended gone 408|" },
		{ 0, "ended gone 408|" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig r;
		rig_init(&r, "UDP");
		struct session *s = rig_talking_out(&r);
		assert_int_equal(session_reinvite(s, STR("offer 2")), 0);
		struct sip_msg *invite = rig_request(&r, SIP_INVITE);
		if (cases[i].status)
			rig_status(&r, invite, cases[i].status, "pt");
		else
			rig_run(&r, 33 * SEC);
		assert_string_equal(rig_log(&r), cases[i].log);
		obj_unref(s);
		rig_done(&r);
	}
}

static void an_unanswered_reinvite_is_given_up(void **state)
{
	(void)state;
	struct rig r;
	struct stack_counts counts;
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	assert_int_equal(session_reinvite(s, STR("offer 2")), 0);
	rig_status(&r, rig_request(&r, SIP_INVITE), 100, NULL);
	session_hangup(s, NULL);
	rig_status(&r, rig_request(&r, SIP_BYE), 200, NULL);
	obj_unref(s);
	rig_run(&r, 40 * SEC);
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.txns, 0);
	s = rig_call(&r, "offer");
	rig_status(&r, rig_request(&r, SIP_INVITE), 100, NULL);
	rig_run(&r, 601 * SEC);
	assert_string_equal(rig_log(&r), "ended timeout 408|");
	obj_unref(s);
	rig_done(&r);
}

static void p14_the_same_for_info(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	assert_int_equal(session_send_key(s, '5', 160), 0);
	struct sip_msg *info = rig_request(&r, SIP_INFO);
	assert_true(str_eqz(info->body, "Signal=5\r\nDuration=160\r\n"));
	rig_status(&r, info, 501, NULL);
	assert_string_equal(rig_log(&r), "");
	assert_int_equal(session_send_key(s, '6', 160), 0);
	rig_status(&r, rig_request(&r, SIP_INFO), 481, NULL);
	assert_string_equal(rig_log(&r), "ended gone 481|");
	obj_unref(s);
	rig_done(&r);
}

static void send_info(struct rig *r, const char *tag, unsigned cseq, const char *type, const char *body)
{
	char text[800];
	snprintf(text, sizeof(text),
		"INFO sip:x@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKi%u;rport\r\n"
		"From: <sip:a@b>;tag=ft\r\nTo: <sip:c@d>;tag=%s\r\nCall-ID: call-1\r\nCSeq: %u INFO\r\n"
		"Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
		cseq, tag, cseq, type, strlen(body), body);
	stack_receive(r->stack, r->flow, str_from(text));
}

static void keys_by_info(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	talking(&r, tag);
	send_info(&r, tag, 2, "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n");
	rig_response(&r, 200);
	send_info(&r, tag, 3, "application/dtmf-relay", "Duration = 250\nSignal = #\n");
	rig_response(&r, 200);
	send_info(&r, tag, 4, "application/dtmf", "7");
	rig_response(&r, 200);
	send_info(&r, tag, 5, "application/dtmf-relay", "Signal=55\r\n");
	rig_response(&r, 415);
	send_info(&r, tag, 6, "text/plain", "5");
	rig_response(&r, 415);
	send_info(&r, tag, 7, "application/dtmf-relay", "Signal=5\r\nDuration=99999999999\r\n");
	rig_response(&r, 415);
	assert_string_equal(rig_log(&r), "key 5 160|key # 250|key 7 100|");
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p04_two_open_offers_get_491_and_500),
		cmocka_unit_test(p04_after_491_the_owner_of_the_call_id_waits_longer),
		cmocka_unit_test(p04_his_offer_goes_first_while_we_wait),
		cmocka_unit_test(p04_an_old_cseq_gets_500),
		cmocka_unit_test(p04_a_cseq_before_the_call_gets_500),
		cmocka_unit_test(p13_late_offer_as_caller),
		cmocka_unit_test(p13_hanging_up_on_a_late_offer_acknowledges_it),
		cmocka_unit_test(a_reinvite_left_open_by_a_hangup_ends),
		cmocka_unit_test(p13_late_offer_as_callee),
		cmocka_unit_test(p13_an_empty_reinvite_gets_a_full_offer),
		cmocka_unit_test(p13_our_empty_reinvite_is_acknowledged_with_the_answer),
		cmocka_unit_test(p13_a_refused_offer_leaves_the_call),
		cmocka_unit_test(p13_a_cancelled_reinvite_leaves_the_call),
		cmocka_unit_test(p14_481_and_408_end_the_dialog_others_do_not),
		cmocka_unit_test(an_unanswered_reinvite_is_given_up),
		cmocka_unit_test(p14_the_same_for_info),
		cmocka_unit_test(keys_by_info),
	};
	return unit_run(tests);
}
