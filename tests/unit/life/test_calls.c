/* Whole calls: a caller, agents and an outside number, with real SIP and sound in one process. Each scene has
 * a centre of its own; centre_close() checks after each that everything that began has ended once. */
#include "life/centre.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void story_is(const struct centre *c, const char *expected)
{
	char story[2000];
	centre_story(c, story, sizeof(story));
	assert_string_equal(story, expected);
}

static const char *ended_cause(struct centre *c)
{
	return js_str(centre_wait(c, EV_INTERACTION_ENDED, 1), "cause", "");
}

static void connect_to_first_agent(struct centre *c)
{
	centre_sign_in(c, AGENT_1);
	centre_call(c);
	centre_answer(c, &c->agents[0]);
	centre_wait(c, EV_BRIDGE_JOINED, 1);
}

/* And a colleague is free to be asked. */
static void connect_with_second_free(struct centre *c)
{
	connect_to_first_agent(c);
	centre_sign_in(c, AGENT_2);
}

static json_t *to_agent(const char *id)
{
	return json_pack("{s:{s:s, s:s}}", "target", "kind", "agent", "id", id);
}

static void a_caller_reaches_an_agent(void **state)
{
	struct centre *c = *state;
	connect_to_first_agent(c);
	assert_true(c->caller.up);
	phone_hangup(c->agents[0].phone);
	assert_string_equal(ended_cause(c), "agent_hangup");
	story_is(c,
		"interaction.started flow.started queue.entered offer.made offer.accepted "
		"queue.left "
		"flow.ended bridge.joined recording.started bridge.parted recording.ended "
		"interaction.ended");
	centre_wait_state(c, AGENT_1, "ready");
}

static void a_caller_leaves_the_queue(void **state)
{
	struct centre *c = *state;
	centre_call(c);
	centre_wait(c, EV_QUEUE_ENTERED, 1);
	phone_hangup(c->caller.phone);
	assert_string_equal(ended_cause(c), "caller_hangup");
	assert_string_equal(js_str(centre_wait(c, EV_QUEUE_LEFT, 1), "reason", ""), "abandoned");
}

static void a_caller_leaves_while_an_agent_rings(void **state)
{
	struct centre *c = *state;
	centre_sign_in(c, AGENT_1);
	centre_call(c);
	centre_wait_for(c, &c->agents[0].ringing);
	phone_hangup(c->caller.phone);
	centre_wait_for(c, &c->agents[0].ended);
	assert_string_equal(js_str(centre_wait(c, EV_OFFER_ENDED, 1), "reason", ""), "withdrawn");
	centre_wait_state(c, AGENT_1, "ready");
}

static void an_agent_who_does_not_answer_is_passed_over(void **state)
{
	struct centre *c = *state;
	centre_sign_in(c, AGENT_1);
	centre_call(c);
	centre_wait_for(c, &c->agents[0].ringing);
	centre_sign_in(c, AGENT_2);
	assert_string_equal(js_str(centre_wait(c, EV_OFFER_ENDED, 1), "reason", ""), "timeout");
	centre_wait_state(c, AGENT_1, "not_ready");
	centre_answer(c, &c->agents[1]);
	centre_wait(c, EV_BRIDGE_JOINED, 1);
	phone_hangup(c->caller.phone);
	assert_string_equal(ended_cause(c), "caller_hangup");
}

static void a_busy_phone_refuses(void **state)
{
	struct centre *c = *state;
	c->agents[0].refuse = true;
	centre_sign_in(c, AGENT_1);
	centre_call(c);
	assert_string_equal(js_str(centre_wait(c, EV_OFFER_ENDED, 1), "reason", ""), "refused");
	centre_wait_state(c, AGENT_1, "not_ready");
}

static void hold_and_retrieve(void **state)
{
	struct centre *c = *state;
	connect_to_first_agent(c);
	assert_int_equal(centre_command(c, "call.retrieve", AGENT_1, NULL), -E_STATE);
	assert_int_equal(centre_command(c, "call.hold", AGENT_1, NULL), 0);
	assert_int_equal(centre_command(c, "call.hold", AGENT_1, NULL), -E_STATE);
	assert_int_equal(centre_command(c, "call.retrieve", AGENT_1, NULL), 0);
	assert_int_equal(centre_command(c, "call.mute", AGENT_1, NULL), 0);
	assert_int_equal(centre_command(c, "call.unmute", AGENT_1, NULL), 0);
	assert_int_equal(centre_command(c, "call.hold", AGENT_2, NULL), -E_NOT_FOUND);
	assert_int_equal(centre_command(c, "call.hold", AGENT_1, NULL), 0);
	phone_hangup(c->caller.phone);
	assert_string_equal(ended_cause(c), "caller_hangup");
	assert_int_equal(centre_count(c, EV_MUTE_ENDED), 1);
}

static void consult_and_transfer(void **state)
{
	struct centre *c = *state;
	connect_with_second_free(c);
	assert_int_equal(centre_command(c, "call.transfer_complete", AGENT_1, NULL), -E_STATE);
	assert_int_equal(centre_command(c, "call.consult", AGENT_1, to_agent("12")), 0);
	centre_answer(c, &c->agents[1]);
	centre_wait_state(c, AGENT_2, "on_contact");
	assert_int_equal(centre_command(c, "call.transfer_complete", AGENT_1, NULL), 0);
	centre_wait(c, EV_BRIDGE_JOINED, 2);
	centre_wait_for(c, &c->agents[0].ended);
	assert_true(c->caller.up && c->agents[1].up);
	centre_wait_state(c, AGENT_1, "ready");
	phone_hangup(c->agents[1].phone);
	assert_string_equal(ended_cause(c), "agent_hangup");
	assert_string_equal(js_str(centre_wait(c, EV_TRANSFER_COMPLETED, 1), "kind", ""), "attended");
}

static void consult_is_cancelled_and_the_caller_is_back(void **state)
{
	struct centre *c = *state;
	connect_with_second_free(c);
	assert_int_equal(centre_command(c, "call.consult", AGENT_1, to_agent("12")), 0);
	centre_wait_for(c, &c->agents[1].ringing);
	assert_int_equal(centre_command(c, "call.consult_cancel", AGENT_1, NULL), 0);
	centre_wait_for(c, &c->agents[1].ended);
	assert_int_equal(centre_count(c, EV_HOLD_ENDED), 1);
	assert_true(c->caller.up && c->agents[0].up);
}

static void hanging_up_in_a_consult_transfers(void **state)
{
	struct centre *c = *state;
	connect_with_second_free(c);
	assert_int_equal(centre_command(c, "call.consult", AGENT_1, to_agent("12")), 0);
	centre_answer(c, &c->agents[1]);
	centre_wait_state(c, AGENT_2, "on_contact");
	phone_hangup(c->agents[0].phone);
	centre_wait(c, EV_TRANSFER_COMPLETED, 1);
	assert_true(c->caller.up && c->agents[1].up);
}

/* Caller, first and second agent talk as three. */
static void three_talk(struct centre *c)
{
	connect_with_second_free(c);
	assert_int_equal(centre_command(c, "call.conference", AGENT_1, NULL), -E_STATE);
	assert_int_equal(centre_command(c, "call.consult", AGENT_1, to_agent("12")), 0);
	assert_int_equal(centre_command(c, "call.conference", AGENT_1, NULL), -E_STATE);
	centre_answer(c, &c->agents[1]);
	centre_wait_state(c, AGENT_2, "on_contact");
	assert_int_equal(centre_command(c, "call.conference", AGENT_2, NULL), -E_STATE);
	assert_int_equal(centre_command(c, "call.conference", AGENT_1, NULL), 0);
	assert_int_equal(centre_count(c, EV_HOLD_ENDED), 1);
}

static const char *three_ended(struct centre *c)
{
	return js_str(centre_wait(c, EV_CONFERENCE_ENDED, 1), "reason", "");
}

static void three_split_and_join_again(void **state)
{
	struct centre *c = *state;
	three_talk(c);
	assert_int_equal(centre_command(c, "call.hold", AGENT_1, NULL), -E_STATE);
	assert_int_equal(centre_command(c, "call.split", AGENT_1, NULL), 0);
	assert_string_equal(three_ended(c), "split");
	assert_int_equal(centre_count(c, EV_HOLD_STARTED), 2);
	assert_int_equal(centre_command(c, "call.split", AGENT_1, NULL), -E_STATE);
	assert_int_equal(centre_command(c, "call.conference", AGENT_1, NULL), 0);
	assert_int_equal(centre_command(c, "call.consult_cancel", AGENT_1, NULL), 0);
	centre_wait_for(c, &c->agents[1].ended);
	assert_int_equal(centre_command(c, "call.hold", AGENT_1, NULL), 0);
	assert_true(c->caller.up && c->agents[0].up);
}

static void the_third_hangs_up(void **state)
{
	struct centre *c = *state;
	three_talk(c);
	phone_hangup(c->agents[1].phone);
	assert_string_equal(three_ended(c), "hangup");
	assert_int_equal(centre_command(c, "call.hold", AGENT_1, NULL), 0);
	assert_true(c->caller.up && c->agents[0].up);
}

static void leaving_three_is_a_transfer(void **state)
{
	struct centre *c = *state;
	three_talk(c);
	phone_hangup(c->agents[0].phone);
	assert_string_equal(three_ended(c), "transferred");
	centre_wait(c, EV_BRIDGE_JOINED, 2);
	assert_true(c->caller.up && c->agents[1].up);
	assert_string_equal(js_str(centre_wait(c, EV_TRANSFER_COMPLETED, 1), "kind", ""), "attended");
}

static void the_caller_ends_the_three(void **state)
{
	struct centre *c = *state;
	three_talk(c);
	phone_hangup(c->caller.phone);
	assert_string_equal(three_ended(c), "caller_hangup");
	centre_wait_for(c, &c->agents[0].ended);
	centre_wait_for(c, &c->agents[1].ended);
}

static json_t *to_queue(void)
{
	return json_pack("{s:{s:s, s:s}}", "target", "kind", "queue", "id", "5");
}

/* The first agent talks, asks the queue, and waits there because nobody is free. */
static void ask_the_queue(struct centre *c)
{
	connect_to_first_agent(c);
	assert_int_equal(centre_command(c, "call.consult", AGENT_1, to_queue()), 0);
	assert_true(js_bool(centre_wait(c, EV_QUEUE_ENTERED, 2), "consult", false));
	assert_int_equal(centre_command(c, "call.retrieve", AGENT_1, NULL), -E_STATE);
}

static const char *left_reason(struct centre *c, size_t n)
{
	return js_str(centre_wait(c, EV_QUEUE_LEFT, n), "reason", "");
}

static void a_queue_is_asked_and_takes_the_call(void **state)
{
	struct centre *c = *state;
	ask_the_queue(c);
	centre_sign_in(c, AGENT_2);
	centre_answer(c, &c->agents[1]);
	centre_wait_state(c, AGENT_2, "on_contact");
	assert_true(js_bool(centre_wait(c, EV_OFFER_ACCEPTED, 2), "consult", false));
	assert_int_equal(centre_count(c, EV_HOLD_ENDED), 0);
	assert_int_equal(centre_command(c, "call.transfer_complete", AGENT_1, NULL), 0);
	centre_wait(c, EV_BRIDGE_JOINED, 2);
	centre_wait_for(c, &c->agents[0].ended);
	assert_true(c->caller.up && c->agents[1].up);
	phone_hangup(c->agents[1].phone);
	assert_string_equal(ended_cause(c), "agent_hangup");
	centre_wait_state(c, AGENT_2, "ready");
}

static void back_from_the_queue_to_the_caller(void **state)
{
	struct centre *c = *state;
	ask_the_queue(c);
	centre_sign_in(c, AGENT_2);
	centre_wait_for(c, &c->agents[1].ringing);
	assert_int_equal(centre_command(c, "call.consult_cancel", AGENT_1, NULL), 0);
	centre_wait_for(c, &c->agents[1].ended);
	assert_string_equal(left_reason(c, 2), "abandoned");
	assert_int_equal(centre_count(c, EV_HOLD_ENDED), 1);
	centre_wait_state(c, AGENT_2, "ready");
	assert_true(c->caller.up && c->agents[0].up);
}

/* Nobody is rung yet: the caller waits where the agent did, and is the one who is answered. */
static void the_caller_takes_the_agents_place(void **state)
{
	struct centre *c = *state;
	ask_the_queue(c);
	assert_int_equal(
		centre_command(c, "agent.state", AGENT_1, json_pack("{s:s}", "state", "not_ready")), 0);
	phone_hangup(c->agents[0].phone);
	centre_wait(c, EV_TRANSFER_COMPLETED, 1);
	assert_string_equal(left_reason(c, 2), "transferred");
	assert_false(js_bool(centre_wait(c, EV_QUEUE_ENTERED, 3), "consult", false));
	centre_sign_in(c, AGENT_2);
	centre_answer(c, &c->agents[1]);
	centre_wait(c, EV_BRIDGE_JOINED, 2);
	assert_string_equal(left_reason(c, 3), "answered");
	assert_true(c->caller.up);
}

static void who_rings_for_the_agent_rings_on_for_the_caller(void **state)
{
	struct centre *c = *state;
	ask_the_queue(c);
	centre_sign_in(c, AGENT_2);
	centre_wait_for(c, &c->agents[1].ringing);
	assert_int_equal(centre_command(c, "call.transfer_complete", AGENT_1, NULL), 0);
	centre_answer(c, &c->agents[1]);
	centre_wait(c, EV_BRIDGE_JOINED, 2);
	assert_int_equal(centre_count(c, EV_OFFER_MADE), 2);
	assert_true(c->caller.up && c->agents[1].up);
}

static void the_queue_offers_again_after_a_refusal(void **state)
{
	struct centre *c = *state;
	ask_the_queue(c);
	c->agents[1].refuse = true;
	centre_sign_in(c, AGENT_2);
	assert_string_equal(js_str(centre_wait(c, EV_OFFER_ENDED, 1), "reason", ""), "refused");
	assert_int_equal(centre_count(c, EV_CONSULT_ENDED), 0);
	c->agents[1].refuse = false;
	assert_int_equal(centre_command(c, "agent.state", AGENT_2, json_pack("{s:s}", "state", "ready")), 0);
	centre_answer(c, &c->agents[1]);
	centre_wait_state(c, AGENT_2, "on_contact");
	phone_hangup(c->agents[1].phone);
	assert_string_equal(js_str(centre_wait(c, EV_CONSULT_ENDED, 1), "reason", ""), "hangup");
	assert_int_equal(centre_command(c, "call.retrieve", AGENT_1, NULL), 0);
}

static void the_caller_hangs_up_while_the_queue_is_asked(void **state)
{
	struct centre *c = *state;
	ask_the_queue(c);
	centre_sign_in(c, AGENT_2);
	centre_wait_for(c, &c->agents[1].ringing);
	phone_hangup(c->caller.phone);
	centre_wait_for(c, &c->agents[1].ended);
	assert_string_equal(ended_cause(c), "caller_hangup");
	assert_string_equal(left_reason(c, 2), "abandoned");
	assert_string_equal(js_str(centre_wait(c, EV_OFFER_ENDED, 1), "reason", ""), "withdrawn");
}

static void blind_transfer_to_an_agent(void **state)
{
	struct centre *c = *state;
	connect_with_second_free(c);
	assert_int_equal(centre_command(c, "call.transfer", AGENT_1, to_agent("12")), 0);
	centre_answer(c, &c->agents[1]);
	centre_wait(c, EV_TRANSFER_COMPLETED, 1);
	centre_wait(c, EV_BRIDGE_JOINED, 2);
}

static void a_failed_blind_transfer_goes_back_to_the_queue(void **state)
{
	struct centre *c = *state;
	connect_to_first_agent(c);
	c->agents[1].refuse = true;
	centre_sign_in(c, AGENT_2);
	assert_int_equal(centre_command(c, "call.transfer", AGENT_1, to_agent("12")), 0);
	centre_wait(c, EV_TRANSFER_FAILED, 1);
	centre_wait(c, EV_QUEUE_ENTERED, 2);
}

static void blind_transfer_to_the_queue_and_to_a_number(void **state)
{
	struct centre *c = *state;
	connect_to_first_agent(c);
	assert_int_equal(centre_command(c, "agent.state", AGENT_1,
				 json_pack("{s:s, s:s}", "state", "not_ready", "reason", "lunch")),
		0);
	centre_sign_in(c, AGENT_2);
	assert_int_equal(centre_command(c, "call.transfer", AGENT_1, to_queue()), 0);
	centre_answer(c, &c->agents[1]);
	centre_wait(c, EV_BRIDGE_JOINED, 2);
	assert_int_equal(
		centre_command(c, "call.transfer", AGENT_2,
			json_pack("{s:{s:s, s:s}}", "target", "kind", "number", "number", "13900000000")),
		0);
	centre_answer(c, &c->outside);
	centre_wait(c, EV_BRIDGE_JOINED, 3);
	assert_true(c->caller.up);
	phone_hangup(c->outside.phone);
	assert_string_equal(ended_cause(c), "caller_hangup");
}

static void an_agent_dials_out(void **state)
{
	struct centre *c = *state;
	centre_sign_in(c, AGENT_1);
	assert_int_equal(
		centre_command(c, "call.dial", AGENT_1, json_pack("{s:s}", "to", "1; DROP")), -E_INVALID);
	assert_int_equal(centre_command(c, "call.dial", AGENT_1, json_pack("{s:s}", "to", "13900000000")), 0);
	centre_answer(c, &c->agents[0]);
	centre_answer(c, &c->outside);
	centre_wait(c, EV_BRIDGE_JOINED, 1);
	centre_wait_state(c, AGENT_1, "on_contact");
	phone_hangup(c->agents[0].phone);
	assert_string_equal(ended_cause(c), "agent_hangup");
	assert_string_equal(js_str(centre_wait(c, EV_INTERACTION_STARTED, 1), "direction", ""), "outbound");
}

static void the_api_answers_for_the_agent(void **state)
{
	struct centre *c = *state;
	centre_sign_in(c, AGENT_1);
	centre_call(c);
	centre_wait_for(c, &c->leg_rings);
	c->agents[0].ringing = false;
	assert_int_equal(centre_command(c, "call.answer", AGENT_1, NULL), 0);
	centre_answer(c, &c->agents[0]);
	centre_wait(c, EV_BRIDGE_JOINED, 1);
}

/* What began in the history ends there (centre_close() compares), and what comes later changes nothing. */
static void media_never_answers(void **state)
{
	struct centre *c = *state;
	connect_to_first_agent(c);
	c->no_media = true;
	phone_hangup(c->agents[0].phone);
	centre_wait(c, EV_BRIDGE_PARTED, 1);
	centre_wait_for(c, &c->caller.ended);
	assert_int_equal(centre_count(c, EV_LEG_ENDED), 0);
	centre_turn_clock(c, 10 * CLOCK_S_US);
	assert_int_equal(centre_count(c, EV_LEG_ENDED), 2);
	assert_string_equal(js_str(centre_wait(c, EV_RECORDING_ENDED, 1), "reason", ""), "media_lost");
	assert_string_equal(ended_cause(c), "agent_hangup");
	assert_int_equal(c->events[c->n_events - 1].kind, EV_INTERACTION_ENDED);
	c->no_media = false;
}

static int open_centre(void **state)
{
	struct centre *c = mem_alloc(sizeof(*c));
	centre_open(c);
	*state = c;
	return 0;
}

static int close_centre(void **state)
{
	centre_close(*state);
	free(*state);
	return 0;
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_centre, close_centre)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_caller_reaches_an_agent),
		SCENE(a_caller_leaves_the_queue),
		SCENE(a_caller_leaves_while_an_agent_rings),
		SCENE(an_agent_who_does_not_answer_is_passed_over),
		SCENE(a_busy_phone_refuses),
		SCENE(hold_and_retrieve),
		SCENE(consult_and_transfer),
		SCENE(consult_is_cancelled_and_the_caller_is_back),
		SCENE(hanging_up_in_a_consult_transfers),
		SCENE(three_split_and_join_again),
		SCENE(the_third_hangs_up),
		SCENE(leaving_three_is_a_transfer),
		SCENE(the_caller_ends_the_three),
		SCENE(a_queue_is_asked_and_takes_the_call),
		SCENE(back_from_the_queue_to_the_caller),
		SCENE(the_caller_takes_the_agents_place),
		SCENE(who_rings_for_the_agent_rings_on_for_the_caller),
		SCENE(the_queue_offers_again_after_a_refusal),
		SCENE(the_caller_hangs_up_while_the_queue_is_asked),
		SCENE(blind_transfer_to_an_agent),
		SCENE(a_failed_blind_transfer_goes_back_to_the_queue),
		SCENE(blind_transfer_to_the_queue_and_to_a_number),
		SCENE(an_agent_dials_out),
		SCENE(the_api_answers_for_the_agent),
		SCENE(media_never_answers),
	};
	return unit_run(tests);
}
