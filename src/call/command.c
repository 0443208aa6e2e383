/* Commands of the desk: who may do them is the desk's matter; here it only counts whether they are possible
 * now. */
#include "base/log.h"
#include "call/exchange_int.h"

#include <inttypes.h>
#include <string.h>

#define KEYS_MAX 32

struct order {
	struct exchange *x;
	const json_t *json;
	int64_t agent;
	struct seat *seat;
	struct leg *leg; /* the agent's, NULL without */
	struct call *call;
	struct fault *fault;
};

static enum acd_by by_of(const json_t *json)
{
	return strcmp(js_str(json, "by", "agent"), "leader") == 0 ? ACD_BY_LEADER : ACD_BY_AGENT;
}

static int sign_in(struct order *o)
{
	struct binding_info binding;
	const struct site_agent *agent = site_agent(o->x->site, o->agent);
	int err = acd_sign_in(o->x->acd, o->agent, exchange_now(o->x));
	if (!err && agent && exchange_phone(o->x, agent, &binding))
		err = acd_set_phone(o->x->acd, o->agent, true, exchange_now(o->x));
	return err;
}

static int sign_out(struct order *o)
{
	return acd_sign_out(o->x->acd, o->agent, by_of(o->json), exchange_now(o->x));
}

/* Who says that he is ready says that his phone works, if there is one: an offer may have found it
 * unreachable. */
static void mend_phone(struct order *o)
{
	const struct site_agent *agent = site_agent(o->x->site, o->agent);
	struct binding_info binding;
	if (agent && exchange_phone(o->x, agent, &binding) &&
		acd_set_phone(o->x->acd, o->agent, true, exchange_now(o->x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "phone of nobody agent=%" PRId64, o->agent);
}

static int set_state(struct order *o)
{
	const char *state = js_str(o->json, "state", "");
	const char *reason = js_str(o->json, "reason", "");
	const struct site_reason *known = site_reason(o->x->site, reason);
	if (strcmp(state, "ready") == 0) {
		mend_phone(o);
		return acd_set_ready(o->x->acd, o->agent, by_of(o->json), exchange_now(o->x));
	}
	if (strcmp(state, "not_ready") != 0)
		return fault_set(o->fault, "choice", "state", "state must be ready or not_ready");
	if (reason[0] && !known)
		return fault_set(o->fault, "not_found", "reason", "there is no such reason");
	return acd_set_not_ready(
		o->x->acd, o->agent, reason, known ? known->limit_ms : 0, by_of(o->json), exchange_now(o->x));
}

/* A phone that rings for him answers by itself when it is called once more with the auto-answer headers; a
 * browser page answers its own phone, so this is for desk phones and other programs. */
static int answer(struct order *o)
{
	struct call *call = o->call;
	struct leg *ringing = o->leg;
	bool rung = ringing == call->trying || ringing == call->consult;
	if (ringing->state != LS_RINGING || !rung || !ringing->outgoing)
		return -E_STATE;
	return call_ring_again(call, ringing);
}

static int refuse(struct order *o)
{
	struct leg *leg = o->leg;
	if (leg->state == LS_UP || !leg->outgoing)
		return -E_STATE;
	leg_hangup(leg, "rejected");
	call_leg_ended(leg);
	return 0;
}

static int hangup(struct order *o)
{
	struct leg *leg = o->leg;
	leg_hangup(leg, leg->state == LS_UP ? "hangup" : "rejected");
	call_leg_ended(leg);
	return 0;
}

static int hold(struct order *o)
{
	return o->leg == o->call->peer ? call_hold(o->call, o->agent) : -E_STATE;
}

static int retrieve(struct order *o)
{
	return o->leg == o->call->peer ? call_retrieve(o->call, o->agent) : -E_STATE;
}

static int mute(struct order *o)
{
	return call_mute(o->call, o->leg, true);
}

static int unmute(struct order *o)
{
	return call_mute(o->call, o->leg, false);
}

static int send_keys(struct order *o)
{
	struct leg *other = o->leg == o->call->peer ? o->call->party : o->call->peer;
	const char *keys = NULL;
	int err = js_need_str(o->json, "keys", 1, KEYS_MAX, &keys, o->fault);
	if (err)
		return err;
	if (strspn(keys, "0123456789*#ABCD") != strlen(keys))
		return fault_set(o->fault, "format", "keys", "keys are 0-9, *, # and A-D");
	if (o->call->state == CS_CONSULTING && o->leg == o->call->peer)
		other = o->call->consult;
	return other ? leg_keys(other, keys) : -E_STATE;
}

static int target_of(struct order *o, struct target *target)
{
	const json_t *json = json_object_get(o->json, "target");
	const char *kind = js_str(json, "kind", "");
	const struct site_agent *agent = NULL;
	const struct site_queue *queue = NULL;
	*target = (struct target){ .id = js_id(json, "id") };
	snprintf(target->number, sizeof(target->number), "%s", js_str(json, "number", ""));
	if (strcmp(kind, "agent") == 0) {
		agent = site_agent(o->x->site, target->id);
		target->kind = TARGET_AGENT;
	} else if (strcmp(kind, "queue") == 0) {
		queue = site_queue(o->x->site, target->id);
		target->kind = TARGET_QUEUE;
	} else if (strcmp(kind, "number") == 0 && target->number[0]) {
		target->kind = TARGET_NUMBER;
		return 0;
	} else {
		return fault_set(
			o->fault, "choice", "target", "target must be an agent, a queue or a number");
	}
	if (!agent && !queue)
		return fault_set(o->fault, "not_found", "target", "there is no such %s", kind);
	snprintf(target->number, sizeof(target->number), "%s", agent ? agent->extension : queue->name);
	return 0;
}

static int transfer(struct order *o)
{
	struct target target;
	int err = target_of(o, &target);
	if (!err)
		err = o->leg == o->call->peer ? call_transfer(o->call, o->agent, &target) : -E_STATE;
	return err;
}

static int consult(struct order *o)
{
	struct target target;
	int err = target_of(o, &target);
	if (!err)
		err = o->leg == o->call->peer ? call_consult(o->call, o->agent, &target, o->fault) : -E_STATE;
	return err;
}

static int consult_cancel(struct order *o)
{
	return o->leg == o->call->peer ? call_consult_cancel(o->call, "cancelled") : -E_STATE;
}

static int transfer_complete(struct order *o)
{
	return o->leg == o->call->peer ? call_transfer_complete(o->call) : -E_STATE;
}

static int conference(struct order *o)
{
	return o->leg == o->call->peer ? call_conference(o->call) : -E_STATE;
}

static int split(struct order *o)
{
	return o->leg == o->call->peer ? call_split(o->call, o->agent) : -E_STATE;
}

static int dial(struct order *o)
{
	struct call *call = NULL;
	const char *to = NULL;
	int err = js_need_str(o->json, "to", 1, 32, &to, o->fault);
	if (err)
		return err;
	if (!to || strspn(to, "0123456789*#+") != strlen(to))
		return fault_set(o->fault, "format", "to", "a number is made of digits, +, * and #");
	err = call_dial(o->x, o->agent, to, &call);
	if (!err)
		o->x->last_interaction = call->id;
	return err;
}

static int wrap_up_end(struct order *o)
{
	return acd_wrap_up_end(o->x->acd, o->agent, by_of(o->json), exchange_now(o->x));
}

static const struct {
	const char *name;
	int (*fn)(struct order *o);
	bool on_call; /* needs the agent's leg in the named interaction */
} orders[] = {
	{ "agent.sign_in", sign_in, false },
	{ "agent.sign_out", sign_out, false },
	{ "agent.state", set_state, false },
	{ "call.answer", answer, true },
	{ "call.refuse", refuse, true },
	{ "call.hangup", hangup, true },
	{ "call.hold", hold, true },
	{ "call.retrieve", retrieve, true },
	{ "call.mute", mute, true },
	{ "call.unmute", unmute, true },
	{ "call.keys", send_keys, true },
	{ "call.dial", dial, false },
	{ "call.transfer", transfer, true },
	{ "call.consult", consult, true },
	{ "call.consult_cancel", consult_cancel, true },
	{ "call.transfer_complete", transfer_complete, true },
	{ "call.conference", conference, true },
	{ "call.split", split, true },
	{ "wrap_up.end", wrap_up_end, false },
};

static int carry_out(struct order *o, size_t which)
{
	if (!site_agent(o->x->site, o->agent))
		return fault_set(o->fault, "not_found", "agent", "there is no such agent");
	o->seat = exchange_seat(o->x, o->agent);
	o->leg = o->seat->leg;
	o->call = o->leg ? o->leg->call : NULL;
	if (orders[which].on_call && (!o->call || o->call->id != js_id(o->json, "interaction")))
		return -E_NOT_FOUND;
	return orders[which].fn(o);
}

int exchange_command(struct exchange *x, const json_t *command, struct fault *reterr_)
{
	const char *name = js_str(command, "name", "");
	struct order o = { .x = x, .json = command, .agent = js_id(command, "agent"), .fault = reterr_ };
	x->last_event = 0;
	x->last_interaction = 0;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (strcmp(orders[i].name, name) != 0)
			continue;
		int err = carry_out(&o, i);
		exchange_settle(x);
		return err;
	}
	return fault_set(reterr_, "unknown", "name", "there is no such command");
}

void exchange_resume_agent(struct exchange *x, const json_t *state)
{
	const char *name = js_str(state, "state", "");
	int64_t agent = js_id(state, "agent");
	enum acd_state wanted = strcmp(name, "not_ready") == 0 ? ACD_NOT_READY : ACD_READY;
	if (acd_resume(x->acd, agent, wanted, js_str(state, "reason", ""), exchange_now(x),
		    exchange_now(x)) != 0)
		return; /* he has been removed meanwhile */
	exchange_mark_agent(x, agent);
	exchange_settle(x);
}
