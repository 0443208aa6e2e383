/* Ringing somebody: an agent's phone (the newest registration), or a number through a trunk. An agent who is
 * rung without an offer is occupied in the ACD first, so that nothing else is given to him. */
#include "base/log.h"
#include "base/mask.h"
#include "base/mem.h"
#include "call/exchange_int.h"
#include "sip/flow.h"
#include "sip/trunk.h"

#include <inttypes.h>
#include <string.h>

#define NUMBER_RING_MS 60000

static int64_t wrap_up_of(const struct call *call)
{
	const struct site_queue *q = site_queue(call->x->site, call->last_queue);
	return q && q->wrap_up_ms >= 0 ? q->wrap_up_ms : call->x->site->setting.wrap_up_ms;
}

static int occupy(struct call *call, int64_t agent, int64_t contact)
{
	const struct acd_contact wanted = {
		.id = contact,
		.agent = agent,
		.channel = ACD_VOICE,
		.ringing = true,
		.wrap_up_ms = wrap_up_of(call),
	};
	return acd_occupy(call->x->acd, &wanted, exchange_now(call->x));
}

struct ring {
	const struct site_agent *agent;
	int64_t contact, offer;
	enum leg_role role;
	bool auto_answer;
};

/* What an agent's phone shows: the customer, or inside the house the other one. A phone is a way to a number
 * as a page is, so who may not see numbers whole sees a part of them there too. The caller frees it. */
static char *shown_number(const struct call *call, const struct site_agent *agent)
{
	bool dialler = call->calling == CALLING_DIAL && agent->id == call->transferor;
	const char *number = dialler || strcmp(call->direction, "outbound") == 0 ? call->to : call->from;
	if (!agent->numbers_masked || !mask_is_number(number))
		return mem_strdup(number);
	struct buf masked;
	buf_init(&masked, 4 * strlen(number) + sizeof(MASK_STARS));
	mask_add(&masked, str_from(number));
	return buf_take(&masked);
}

static int ring_phone(struct call *call, const struct ring *ring, struct leg **ret_leg)
{
	struct exchange *x = call->x;
	const struct site_agent *agent = ring->agent;
	struct binding_info binding;
	struct seat *seat = exchange_seat(x, agent->id);
	if (!exchange_phone(x, agent, &binding))
		return -E_UNREACHABLE;
	CLEANUP(mem_freep) char *number = shown_number(call, agent);
	const struct leg_call_opts opts = {
		.role = ring->role,
		.address = agent->extension,
		.agent = agent->id,
		.contact = ring->contact,
		.offer = ring->offer,
		.secure = flow_is_websocket(binding.flow),
		.auto_answer = agent->auto_answer || ring->auto_answer,
		.flow = binding.flow,
		.target = binding.contact,
		.from = number,
		.from_name = call->name,
		.ring_ms = ring->offer ? 0 : x->site->setting.ring_timeout_ms,
	};
	int err = leg_new_outgoing(call, &opts, ret_leg);
	if (!err)
		seat->leg = *ret_leg;
	exchange_mark_agent(x, agent->id);
	return err;
}

int call_ring_agent(struct call *call, int64_t agent_id, int64_t offer, enum leg_role role)
{
	const struct site_agent *agent = site_agent(call->x->site, agent_id);
	struct leg *leg = NULL;
	int64_t contact = 0;
	if (!agent)
		return -E_NOT_FOUND;
	if (!offer && !call->replaced) {
		contact = exchange_id(call->x);
		int err = occupy(call, agent_id, contact);
		if (err)
			return err;
	}
	const struct ring ring = {
		.agent = agent,
		.contact = contact,
		.offer = offer,
		.role = role,
		.auto_answer =
			call->replaced || (call->calling == CALLING_DIAL && agent_id == call->transferor),
	};
	int err = ring_phone(call, &ring, &leg);
	if (err && contact && acd_contact_end(call->x->acd, contact, 0, exchange_now(call->x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "contact was gone contact=%" PRId64, contact);
	if (!err && role == LEG_CONSULT)
		call->consult = leg;
	else if (!err)
		call->trying = leg;
	return err;
}

int call_ring_again(struct call *call, struct leg *old)
{
	struct leg **place = old == call->consult ? &call->consult : &call->trying, *leg = NULL;
	const struct ring ring = {
		.agent = site_agent(call->x->site, old->agent),
		.contact = old->contact,
		.offer = old->offer,
		.role = old->role,
		.auto_answer = true,
	};
	if (!ring.agent)
		return -E_NOT_FOUND;
	old->offer = old->contact = 0;
	leg_hangup(old, "cancelled"); /* first, so that a phone with one line is free again */
	*place = NULL;
	exchange_seat(call->x, ring.agent->id)->leg = NULL;
	int err = ring_phone(call, &ring, &leg);
	if (!err)
		*place = leg;
	else if (ring.offer &&
		acd_offer_fail(call->x->acd, ring.offer, ACD_OFFER_UNREACHABLE, exchange_now(call->x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "offer was over offer=%" PRId64, ring.offer);
	return err;
}

/* The first trunk that can send, in the order of their ids. */
static int64_t trunk_out(const struct exchange *x)
{
	int64_t best = 0;
	for (const struct site_trunk *t = x->site->trunks; t; t = t->hh.next)
		if (t->proxy[0] && (!best || t->id < best))
			best = t->id;
	return best;
}

static int ring_number(struct call *call, const char *number, enum leg_role role, struct leg **ret_leg)
{
	const struct leg_call_opts opts = {
		.role = role == LEG_CONSULT ? LEG_CONSULT : LEG_EXTERNAL,
		.address = number,
		.trunk = trunk_out(call->x),
		.ring_ms = NUMBER_RING_MS,
	};
	return opts.trunk ? leg_new_outgoing(call, &opts, ret_leg) : -E_UNREACHABLE;
}

int call_ring_target(struct call *call, const struct target *target, enum leg_role role, struct leg **ret_leg)
{
	const struct site_agent *agent = target->kind == TARGET_AGENT
		? site_agent(call->x->site, target->id)
		: site_agent_by_extension(call->x->site, target->number);
	struct leg *trying = call->trying, *consult = call->consult;
	if (target->kind == TARGET_QUEUE || (target->kind == TARGET_AGENT && !agent))
		return -E_NOT_FOUND;
	if (!agent)
		return ring_number(call, target->number, role, ret_leg);
	int err = call_ring_agent(call, agent->id, 0, role);
	*ret_leg = role == LEG_CONSULT ? call->consult : call->trying;
	call->trying = trying;
	call->consult = consult;
	return err;
}

int call_dial(struct exchange *x, int64_t agent_id, const char *to, struct call **ret_call)
{
	const struct site_agent *agent = site_agent(x->site, agent_id);
	struct seat *seat = exchange_seat(x, agent_id);
	if (!agent)
		return -E_NOT_FOUND;
	if (seat->leg)
		return -E_STATE;
	const char *direction = site_agent_by_extension(x->site, to) ? "internal" : "outbound";
	struct call *call = call_new(x, direction, agent->extension, to);
	call_started(call);
	call->calling = CALLING_DIAL;
	call->transferor = agent_id;
	int err = call_fire(call, CE_CALL) ? call_ring_agent(call, agent_id, 0, LEG_AGENT) : -E_STATE;
	if (err) {
		call_end(call, "failed", "system");
		return err;
	}
	call->peer = call->trying; /* the number is tried when he has answered */
	call->trying = NULL;
	*ret_call = call;
	return 0;
}

void call_dial_party(struct call *call)
{
	struct exchange *x = call->x;
	const struct site_agent *agent = site_agent_by_extension(x->site, call->to);
	struct target target = { .kind = agent ? TARGET_AGENT : TARGET_NUMBER, .id = agent ? agent->id : 0 };
	struct leg *leg = NULL;
	if (call->peer->contact && acd_contact_answered(x->acd, call->peer->contact, exchange_now(x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "contact was not ringing contact=%" PRId64, call->peer->contact);
	snprintf(target.number, sizeof(target.number), "%s", call->to);
	call->target = target;
	int err = call_ring_target(call, &target, LEG_AGENT, &leg);
	if (err) {
		log_(LOG_CALL, LOG_INFO, "number not reached call=%" PRId64 " err=%s", call->id,
			err_name(err));
		call_end(call, err == -E_BUSY ? "rejected" : "failed", "system");
		return;
	}
	call->trying = leg;
}

void call_from_phone(struct call *call, const char *number)
{
	struct exchange *x = call->x;
	struct leg *leg = call->party;
	const struct acd_contact contact = {
		.id = leg->id,
		.agent = leg->agent,
		.channel = ACD_VOICE,
		.ringing = false,
		.wrap_up_ms = wrap_up_of(call),
	};
	struct seat *seat = exchange_seat(x, leg->agent);
	call->party = NULL;
	call->peer = leg;
	call->calling = CALLING_DIAL;
	snprintf(call->to, sizeof(call->to), "%s", number);
	if (seat->leg || acd_occupy(x->acd, &contact, exchange_now(x)) != 0) {
		leg_refuse(leg, 486, "busy");
		call_end(call, "rejected", "system");
		return;
	}
	leg->contact = contact.id;
	leg->role = LEG_AGENT;
	seat->leg = leg;
	if (!call_fire(call, CE_CALL) || leg_answer(leg) != 0)
		call_end(call, "failed", "system");
}
