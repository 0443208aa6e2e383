/* Points (2) and (3): CANCEL in every order, several early dialogs, late answers, merged requests. */
#include "rig.h"
#include "unit.h"

#include <stdio.h>

static void p02_cancel_waits_for_a_provisional_answer(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	session_hangup(s, NULL);
	rig_nothing(&r);
	rig_status(&r, invite, 100, NULL);
	struct sip_msg *cancel = rig_request(&r, SIP_CANCEL);
	assert_true(str_eq(cancel->via->branch, invite->via->branch));
	assert_true(str_eq(cancel->uri.raw, invite->uri.raw));
	assert_int_equal(cancel->cseq.number, invite->cseq.number);
	rig_status(&r, invite, 180, "pt");
	rig_nothing(&r);
	rig_status(&r, cancel, 200, "pt");
	rig_status(&r, invite, 487, "pt");
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	assert_true(str_eq(ack->via->branch, invite->via->branch));
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "");
	obj_unref(s);
	rig_done(&r);
}

static void p02_cancel_without_any_final_answer_ends_after_64_t1(void **state)
{
	(void)state;
	struct rig r;
	struct stack_counts counts;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	rig_status(&r, invite, 180, "pt");
	rig_run(&r, 100 * SEC);
	session_hangup(s, NULL);
	rig_status(&r, rig_request(&r, SIP_CANCEL), 200, "pt");
	obj_unref(s);
	/* Ringing on does not help. */
	for (int i = 0; i < 3; i++) {
		rig_run(&r, 11 * SEC);
		rig_status(&r, invite, 180, "pt");
	}
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.sessions, 0);
	assert_int_equal(counts.txns, 0);
	rig_done(&r);
}

static void p02_cancel_crossing_a_200_means_ack_then_bye(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	rig_status(&r, invite, 180, "pt");
	session_hangup(s, NULL);
	rig_request(&r, SIP_CANCEL);
	rig_respond(&r, invite, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "answer" });
	rig_request(&r, SIP_ACK);
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	assert_true(str_eqz(bye->to->tag, "pt"));
	assert_string_equal(rig_log(&r), "progress 180|");
	obj_unref(s);
	rig_done(&r);
}

static void p02_the_caller_cancels(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_ring(r.session, 180, STR_NONE), 0);
	rig_response(&r, 180);
	rig_send(&r, &(struct rig_req){ .method = "CANCEL" });
	struct sip_msg *ok = rig_response(&r, 200);
	assert_int_equal(ok->cseq.method, SIP_CANCEL);
	struct sip_msg *gone = rig_response(&r, 487);
	assert_int_equal(gone->cseq.method, SIP_INVITE);
	assert_true(str_eq(ok->to->tag, gone->to->tag));
	rig_send(&r, &(struct rig_req){ .method = "CANCEL" });
	rig_response(&r, 200);
	rig_send(&r, &(struct rig_req){ .method = "ACK" });
	rig_run(&r, 40 * SEC);
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|ended cancelled 487|");
	assert_int_equal(session_answer(r.session, STR("late")), -E_STATE);
	rig_done(&r);
}

static void p02_a_cancel_after_the_200_changes_nothing(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_answer(r.session, STR("answer")), 0);
	rig_response(&r, 200);
	rig_send(&r, &(struct rig_req){ .method = "CANCEL" });
	assert_int_equal(rig_response(&r, 200)->cseq.method, SIP_CANCEL);
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	rig_done(&r);
}

static void p02_a_cancel_of_nothing_gets_481(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "CANCEL", .branch = "nobody" });
	rig_response(&r, 481);
	rig_done(&r);
}

static void p03_several_early_dialogs_and_a_late_2xx(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	rig_respond(
		&r, invite, &(struct rig_resp){ .status = 180, .tag = "a", .contact = "sip:a@192.0.2.1" });
	rig_respond(&r, invite, &(struct rig_resp){ .status = 183, .tag = "b", .body = "ringback" });
	rig_respond(&r, invite,
		&(struct rig_resp){
			.status = 200, .tag = "b", .body = "answer b", .contact = "sip:b@192.0.2.1" });
	assert_true(str_eqz(rig_request(&r, SIP_ACK)->uri.raw, "sip:b@192.0.2.1"));
	rig_respond(&r, invite,
		&(struct rig_resp){
			.status = 200, .tag = "a", .body = "answer a", .contact = "sip:a@192.0.2.1" });
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	assert_true(str_eqz(ack->to->tag, "a"));
	assert_true(str_eqz(ack->uri.raw, "sip:a@192.0.2.1"));
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	assert_true(str_eqz(bye->to->tag, "a"));
	rig_status(&r, bye, 200, NULL);
	/* Nor has he who was not taken anything to say any more. */
	char head[900];
	snprintf(head, sizeof(head),
		"BYE sip:x@192.0.2.9 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKlate;rport\n"
		"From: <sip:9001@192.0.2.1>;tag=a\nTo: <sip:8001@lingxi.test>;tag=" STR_FMT
		"\nCall-ID: " STR_FMT "\nCSeq: 1 BYE\n",
		STR_ARG(invite->from->tag), STR_ARG(invite->call_id));
	rig_feed(&r, r.flow, head, NULL);
	rig_response(&r, 481);
	/* The late one again: its ACK again and no second BYE. */
	rig_respond(&r, invite, &(struct rig_resp){ .status = 200, .tag = "a", .body = "answer a" });
	assert_true(str_eqz(rig_request(&r, SIP_ACK)->to->tag, "a"));
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "progress 180|progress 183 ringback|answered answer b|");
	session_hangup(s, NULL);
	assert_true(str_eqz(rig_request(&r, SIP_BYE)->to->tag, "b"));
	obj_unref(s);
	rig_done(&r);
}

static void p03_merged_requests_get_482(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .branch = "one", .body = "offer" });
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .branch = "two", .body = "offer" });
	struct sip_msg *merged = rig_response(&r, 482);
	assert_true(str_eqz(merged->via->branch, "z9hG4bKtwo"));
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	rig_done(&r);
}

static void p03_bye_in_the_early_dialog_ends_the_invite(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	assert_int_equal(session_ring(r.session, 180, STR_NONE), 0);
	assert_int_equal(str_copy(rig_response(&r, 180)->to->tag, tag, sizeof(tag)), 0);
	rig_mid(&r, "BYE", "b", tag, 2, NULL);
	rig_response(&r, 200);
	rig_response(&r, 487);
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|ended cancelled 487|");
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p02_cancel_waits_for_a_provisional_answer),
		cmocka_unit_test(p02_cancel_without_any_final_answer_ends_after_64_t1),
		cmocka_unit_test(p02_cancel_crossing_a_200_means_ack_then_bye),
		cmocka_unit_test(p02_the_caller_cancels),
		cmocka_unit_test(p02_a_cancel_after_the_200_changes_nothing),
		cmocka_unit_test(p02_a_cancel_of_nothing_gets_481),
		cmocka_unit_test(p03_several_early_dialogs_and_a_late_2xx),
		cmocka_unit_test(p03_merged_requests_get_482),
		cmocka_unit_test(p03_bye_in_the_early_dialog_ends_the_invite),
	};
	return unit_run(tests);
}
