/* Points (10) and (11): lost messages, time-outs, what is absorbed; 100 in time, long ringing. */
#include "rig.h"
#include "unit.h"

#include <string.h>

static void p10_a_lost_invite_is_repeated_at_doubling_distances(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	int64_t start = r.timers.now_us;
	struct session *s = rig_call(&r, "offer");
	static const int64_t at_ms[] = { 0, 500, 1500, 3500, 7500, 15500, 31500 };
	rig_run(&r, 40 * SEC);
	for (size_t i = 0; i < sizeof(at_ms) / sizeof(at_ms[0]); i++) {
		rig_request(&r, SIP_INVITE);
		assert_int_equal(rig_last(&r)->at_us - start, at_ms[i] * MS);
	}
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "ended timeout 408|");
	obj_unref(s);
	rig_done(&r);
}

static void p10_a_lost_bye_is_repeated_up_to_t2_and_its_answer_absorbed(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	int64_t start = r.timers.now_us;
	session_hangup(s, NULL);
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	rig_run(&r, 12 * SEC);
	static const int64_t at_ms[] = { 500, 1500, 3500, 7500, 11500 };
	for (size_t i = 0; i < sizeof(at_ms) / sizeof(at_ms[0]); i++) {
		rig_request(&r, SIP_BYE);
		assert_int_equal(rig_last(&r)->at_us - start, at_ms[i] * MS);
	}
	rig_status(&r, bye, 200, NULL);
	rig_status(&r, bye, 200, NULL);
	rig_run(&r, 40 * SEC);
	rig_nothing(&r);
	obj_unref(s);
	rig_done(&r);
}

static void p10_a_provisional_answer_slows_the_repeats_down(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	int64_t start = r.timers.now_us;
	session_hangup(s, NULL);
	rig_status(&r, rig_request(&r, SIP_BYE), 100, NULL);
	rig_run(&r, 12 * SEC);
	static const int64_t at_ms[] = { 500, 4500, 8500 };
	for (size_t i = 0; i < sizeof(at_ms) / sizeof(at_ms[0]); i++) {
		rig_request(&r, SIP_BYE);
		assert_int_equal(rig_last(&r)->at_us - start, at_ms[i] * MS);
	}
	rig_nothing(&r);
	obj_unref(s);
	rig_done(&r);
}

static void p10_on_a_connection_nothing_is_repeated(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "TCP");
	struct session *s = NULL;
	struct session_invite_opts opts = {
		.flow = r.flow,
		.target = STR("sip:9001@192.0.2.1;transport=tcp"),
		.from = STR("sip:8001@lingxi.test"),
		.sdp = STR("offer"),
		.handlers = &r.session_handlers,
		.arg = &r,
	};
	assert_int_equal(session_invite(r.stack, &opts, &s), 0);
	rig_request(&r, SIP_INVITE);
	rig_run(&r, 31 * SEC);
	rig_nothing(&r);
	rig_run(&r, 2 * SEC);
	assert_string_equal(rig_log(&r), "ended timeout 408|");
	/* So nothing has to linger for repeats. */
	struct stack_counts counts;
	rig_send(&r, &(struct rig_req){ .method = "OPTIONS" });
	rig_response(&r, 200);
	rig_run(&r, SEC);
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.txns, 0);
	obj_unref(s);
	rig_done(&r);
}

static void p10_a_request_again_gets_the_same_answer_again(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "OPTIONS" });
	struct sip_msg *first = rig_response(&r, 200);
	rig_run(&r, 20 * SEC);
	rig_send(&r, &(struct rig_req){ .method = "OPTIONS" });
	assert_true(str_eq(rig_response(&r, 200)->bytes, first->bytes));
	/* After 64*T1 it would be a new request. */
	rig_run(&r, 20 * SEC);
	rig_send(&r, &(struct rig_req){ .method = "OPTIONS" });
	assert_true(rig_response(&r, 200)->to->tag.n > 0);
	rig_done(&r);
}

static void p10_a_lost_failure_is_repeated_until_its_ack(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_reject(r.session, 486, NULL, 0), 0);
	rig_response(&r, 486);
	rig_run(&r, 4 * SEC);
	assert_int_equal(rig_count(&r, 486), 3);
	rig_forget_sent(&r);
	rig_send(&r, &(struct rig_req){ .method = "ACK" });
	rig_run(&r, 40 * SEC);
	rig_nothing(&r);
	rig_done(&r);
}

static void p10_a_non_invite_never_gets_408(void **state)
{
	(void)state;
	static const char *const methods[] = { "OPTIONS", "BYE", "INFO", "MESSAGE", "FOO" };
	struct rig r;
	rig_init(&r, "UDP");
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		rig_send(&r, &(struct rig_req){ .method = methods[i], .branch = methods[i] });
	rig_run(&r, 100 * SEC);
	assert_int_equal(rig_count(&r, 408), 0);
	assert_int_equal(rig_count(&r, 100), 0);
	rig_done(&r);
}

static void p10_late_and_foreign_answers_are_dropped(void **state)
{
	(void)state;
	struct rig r;
	struct stack_counts counts;
	rig_init(&r, "UDP");
	struct session *s = rig_talking_out(&r);
	session_hangup(s, NULL);
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	rig_status(&r, bye, 200, NULL);
	rig_run(&r, 6 * SEC);
	rig_status(&r, bye, 200, NULL);
	rig_feedf(&r,
		"SIP/2.0 200 OK\nVia: SIP/2.0/UDP 198.51.100.7;branch=" STR_FMT
		"\nFrom: <sip:a@b>;tag=1\nTo: <sip:c@d>;tag=2\nCall-ID: x\nCSeq: 1 INVITE\n",
		STR_ARG(bye->via->branch));
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.dropped, 2);
	rig_nothing(&r);
	obj_unref(s);
	rig_done(&r);
}

static void p10_peers_without_the_magic_cookie_are_served(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	static const char *const via = "SIP/2.0/UDP 192.0.2.1:5060";
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer", .via = via });
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer", .via = via });
	rig_response(&r, 100);
	rig_nothing(&r);
	assert_int_equal(session_reject(r.session, 486, NULL, 0), 0);
	assert_int_equal(str_copy(rig_response(&r, 486)->to->tag, tag, sizeof(tag)), 0);
	rig_send(&r, &(struct rig_req){ .method = "ACK", .via = via, .to_tag = tag });
	rig_run(&r, 40 * SEC);
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	rig_done(&r);
}

static void p11_100_within_200_ms(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	int64_t start = r.timers.now_us;
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	rig_run(&r, 400 * MS);
	struct sip_msg *trying = rig_response(&r, 100);
	assert_true(rig_last(&r)->at_us - start <= 200 * MS);
	assert_null(trying->to->tag.p);
	rig_nothing(&r);
	/* Not when something better was said in time. */
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .branch = "q", .call_id = "q", .body = "offer" });
	assert_int_equal(session_ring(r.session, 180, STR_NONE), 0);
	rig_run(&r, 400 * MS);
	rig_response(&r, 180);
	rig_nothing(&r);
	rig_done(&r);
}

static void p11_an_invite_again_is_answered_by_what_was_said_last(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	rig_response(&r, 100);
	assert_int_equal(session_ring(r.session, 183, STR("music")), 0);
	struct sip_msg *progress = rig_response(&r, 183);
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_true(str_eq(rig_response(&r, 183)->bytes, progress->bytes));
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	rig_done(&r);
}

static void p11_long_ringing_is_said_again_each_minute(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_ring(r.session, 180, STR_NONE), 0);
	rig_run(&r, 185 * SEC);
	assert_int_equal(rig_count(&r, 180), 4);
	rig_forget_sent(&r);
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	rig_run(&r, 25 * SEC);
	assert_int_equal(rig_count(&r, 180), 0);
	rig_done(&r);
}

static void an_ended_call_leaves_little(void **state)
{
	(void)state;
	struct rig r;
	struct stack_counts counts;
	char tag[64];
	rig_init(&r, "UDP");
	rig_talking_in(&r, tag, sizeof(tag));
	rig_mid(&r, "BYE", "z", tag, 2, NULL);
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.sessions, 0);
	assert_int_equal(counts.dialogs, 0);
	assert_int_equal(counts.txns, 2);
	rig_run(&r, 33 * SEC);
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.txns, 0);
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p10_a_lost_invite_is_repeated_at_doubling_distances),
		cmocka_unit_test(p10_a_lost_bye_is_repeated_up_to_t2_and_its_answer_absorbed),
		cmocka_unit_test(p10_a_provisional_answer_slows_the_repeats_down),
		cmocka_unit_test(p10_on_a_connection_nothing_is_repeated),
		cmocka_unit_test(p10_a_request_again_gets_the_same_answer_again),
		cmocka_unit_test(p10_a_lost_failure_is_repeated_until_its_ack),
		cmocka_unit_test(p10_a_non_invite_never_gets_408),
		cmocka_unit_test(p10_late_and_foreign_answers_are_dropped),
		cmocka_unit_test(p10_peers_without_the_magic_cookie_are_served),
		cmocka_unit_test(p11_100_within_200_ms),
		cmocka_unit_test(p11_an_invite_again_is_answered_by_what_was_said_last),
		cmocka_unit_test(p11_long_ringing_is_said_again_each_minute),
		cmocka_unit_test(an_ended_call_leaves_little),
	};
	return unit_run(tests);
}
