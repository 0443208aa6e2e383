/* A flow's JSON up to the first NUL, then inputs of a call through it, one byte each. A refusal has a text,
 * no text of an action grows, and a run that has ended says nothing more. */
#include "base/js.h"
#include "ivr/ivr.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define JSON_MAX (FLOW_BYTES_MAX + 1024)
#define INPUTS_MAX 3000

struct call {
	struct ivr *run;
	int64_t now_us, play;
	bool ended;
};

static void check_text(const char *text)
{
	assert(text);
	assert(strlen(text) <= 256);
}

static void drain(struct call *call)
{
	struct ivr_action action;
	while (ivr_next(call->run, &action)) {
		assert(!call->ended);
		check_text(action.target);
		check_text(action.key);
		check_text(action.cause);
		for (size_t i = 0; i < action.n_prompts; i++)
			check_text(action.prompts[i]);
		if (action.what == IVR_PLAY)
			call->play = action.play;
		call->ended = action.what == IVR_ENDED;
	}
	assert(!call->ended || ivr_next_wake(call->run) == INT64_MAX);
}

static void give(struct call *call, uint8_t byte)
{
	static const char digits[] = "0123456789*#ABCD";
	switch (byte >> 4) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
		ivr_digit(call->run, digits[byte & 15], call->now_us);
		break;
	case 6:
	case 7:
	case 8:
		ivr_played(call->run, call->play - (byte & 1), call->now_us);
		break;
	case 9:
		ivr_queue_result(call->run, (enum ivr_queue_result)(byte % 5), call->now_us);
		break;
	case 10:
		ivr_transfer_result(call->run, (enum ivr_transfer_result)(byte % 4), call->now_us);
		break;
	case 11:
		ivr_announce(call->run, byte & 15, (int64_t)(byte & 7) * 50000 - 1, call->now_us);
		break;
	case 12:
		if (byte == 0xc7)
			ivr_hangup(call->run, call->now_us);
		break;
	default:
		call->now_us += (int64_t)(byte & 15) * 500000;
		ivr_tick(call->run, call->now_us);
		break;
	}
}

static void run(struct flow *flow, const uint8_t *inputs, size_t n)
{
	const struct ivr_var vars[] = { { "caller", "13800000000" }, { "tier", "gold" }, { "time", "0935" } };
	struct call call = { .run = ivr_new(flow, vars, 3) };
	ivr_start(call.run, 0);
	drain(&call);
	for (size_t i = 0; i < n && i < INPUTS_MAX; i++) {
		give(&call, inputs[i]);
		drain(&call);
	}
	ivr_free(call.run);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const uint8_t *nul = n ? memchr(bytes, 0, n) : NULL;
	struct str text = { (const char *)bytes, nul ? (size_t)(nul - bytes) : n };
	struct fault fault = { .text = "" };
	struct flow *flow = NULL;
	json_t *graph = NULL;
	if (js_parse(text, JSON_MAX, &graph, &fault) != 0)
		return 0;
	if (flow_compile(graph, &flow, &fault) == 0) {
		run(flow, nul ? nul + 1 : NULL, nul ? n - text.n - 1 : 0);
		obj_unref(flow);
	} else {
		assert(*fault.text && strlen(fault.field) < sizeof(fault.field));
	}
	js_unrefp(&graph);
	return 0;
}
