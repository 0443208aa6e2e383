/* Plain calls, both sides, and point (1): the 2xx, its repeats, its ACK. */
#include "rig.h"
#include "unit.h"

#include <stdio.h>

static void caller_side_from_invite_to_bye(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(invite->body, "offer"));
	assert_true(str_eqz(invite->from->name, "Lingxi"));
	rig_status(&r, invite, 100, NULL);
	rig_status(&r, invite, 180, "pt");
	rig_respond(&r, invite, &(struct rig_resp){ .status = 183, .tag = "pt", .body = "early" });
	rig_respond(&r, invite, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "answer" });
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	assert_int_equal(ack->cseq.number, invite->cseq.number);
	assert_true(str_eqz(ack->uri.raw, "sip:peer@192.0.2.1"));
	assert_true(str_eqz(ack->to->tag, "pt"));
	assert_string_equal(rig_log(&r), "progress 180|progress 183 early|answered answer|");
	session_hangup(s, NULL);
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	assert_int_equal(bye->cseq.number, invite->cseq.number + 1);
	rig_status(&r, bye, 200, NULL);
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "");
	obj_unref(s);
	rig_run(&r, 40 * SEC);
	rig_done(&r);
}

static void callee_side_from_invite_to_bye(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_ring(r.session, 180, STR_NONE), 0);
	struct sip_msg *ringing = rig_response(&r, 180);
	assert_true(ringing->to->tag.n > 0);
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	struct sip_msg *ok = rig_response(&r, 200);
	assert_true(str_eq(ok->to->tag, ringing->to->tag));
	assert_true(str_eqz(ok->body, "answer"));
	assert_non_null(ok->contact);
	assert_int_equal(str_copy(ok->to->tag, tag, sizeof(tag)), 0);
	rig_send(&r, &(struct rig_req){ .method = "ACK", .branch = "a", .to_tag = tag });
	rig_mid(&r, "BYE", "c", tag, 2, NULL);
	rig_response(&r, 200);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|ack|ended hangup 200|");
	rig_run(&r, 40 * SEC);
	rig_nothing(&r);
	struct stack_counts counts;
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.txns, 0);
	assert_int_equal(counts.dialogs, 0);
	assert_int_equal(counts.sessions, 0);
	rig_done(&r);
}

static void p01_2xx_is_repeated_until_its_ack(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	int64_t start = r.timers.now_us;
	struct sip_msg *ok = rig_response(&r, 200);
	assert_int_equal(str_copy(ok->to->tag, tag, sizeof(tag)), 0);
	rig_run(&r, 16 * SEC);
	static const int64_t at_ms[] = { 500, 1500, 3500, 7500, 11500, 15500 };
	for (size_t i = 0; i < sizeof(at_ms) / sizeof(at_ms[0]); i++) {
		struct sip_msg *again = rig_response(&r, 200);
		assert_true(str_eq(again->bytes, ok->bytes));
		assert_int_equal(rig_last(&r)->at_us - start, at_ms[i] * MS);
	}
	/* The INVITE again meanwhile: the Accepted state takes it silently (RFC 6026). */
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	rig_nothing(&r);
	rig_send(&r, &(struct rig_req){ .method = "ACK", .branch = "a", .to_tag = tag });
	rig_run(&r, 60 * SEC);
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|ack|");
	session_hangup(r.session, NULL);
	rig_done(&r);
}

static void p01_bye_after_64_t1_without_ack(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	rig_run(&r, 31900 * MS);
	assert_int_equal(rig_count(&r, 0), 0);
	rig_forget_sent(&r);
	rig_run(&r, 200 * MS);
	rig_request(&r, SIP_BYE);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|ended no_ack 408|");
	rig_done(&r);
}

static void p01_each_repeat_of_a_2xx_is_acknowledged(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	struct rig_resp ok = { .status = 200, .tag = "pt", .body = "answer" };
	rig_respond(&r, invite, &ok);
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	for (int i = 0; i < 3; i++) {
		rig_run(&r, 4 * SEC);
		rig_respond(&r, invite, &ok);
		assert_true(str_eq(rig_request(&r, SIP_ACK)->bytes, ack->bytes));
	}
	assert_string_equal(rig_log(&r), "answered answer|");
	/* Also when the call is over already. */
	session_hangup(s, NULL);
	rig_status(&r, rig_request(&r, SIP_BYE), 200, NULL);
	rig_respond(&r, invite, &ok);
	rig_request(&r, SIP_ACK);
	rig_nothing(&r);
	obj_unref(s);
	rig_done(&r);
}

static void callee_hangs_up_before_the_ack(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	assert_int_equal(str_copy(rig_response(&r, 200)->to->tag, tag, sizeof(tag)), 0);
	session_hangup(r.session, "SIP;cause=200");
	rig_nothing(&r);
	/* What he says meanwhile is answered, but nobody listens. */
	rig_mid(&r, "INVITE", "r", tag, 2, "offer");
	rig_response(&r, 500);
	rig_send(&r, &(struct rig_req){ .method = "ACK", .branch = "a", .to_tag = tag });
	rig_assert_header(rig_request(&r, SIP_BYE), "Reason", "SIP;cause=200");
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	rig_done(&r);
}

static void an_invite_nobody_takes_gets_480(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	r.no_attach = true;
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	rig_response(&r, 480);
	rig_done(&r);
}

static void failures_reach_the_caller(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	rig_status(&r, invite, 486, "pt");
	rig_request(&r, SIP_ACK);
	assert_string_equal(rig_log(&r), "ended rejected 486|");
	obj_unref(s);
	s = rig_call(&r, "offer");
	rig_run(&r, 33 * SEC);
	assert_string_equal(rig_log(&r), "ended timeout 408|");
	obj_unref(s);
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caller_side_from_invite_to_bye),
		cmocka_unit_test(callee_side_from_invite_to_bye),
		cmocka_unit_test(p01_2xx_is_repeated_until_its_ack),
		cmocka_unit_test(p01_bye_after_64_t1_without_ack),
		cmocka_unit_test(p01_each_repeat_of_a_2xx_is_acknowledged),
		cmocka_unit_test(callee_hangs_up_before_the_ack),
		cmocka_unit_test(an_invite_nobody_takes_gets_480),
		cmocka_unit_test(failures_reach_the_caller),
	};
	return unit_run(tests);
}
