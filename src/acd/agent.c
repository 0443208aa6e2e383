/* Agents. An agent's state is never set: inputs change facts (signed in, what he asked for, phone, contacts,
 * wrap-up), and acd_agent_update() derives the state from them and says so if it differs. That is why what he
 * asks for during a contact takes effect by itself when the contact and its wrap-up are over. */
#include "acd/acd_int.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char reason_overdue[] = "overdue";
static const char reason_unreachable[] = "unreachable";

static void at_limit(void *arg)
{
	struct agent *agent = arg;
	if (agent->state == ACD_WRAP_UP) {
		acd_agent_wrap_up_done(agent, ACD_BY_TIMEOUT);
	} else {
		acd_word_set(agent->wanted_reason, reason_overdue);
		agent->wanted_limit_ms = 0;
		acd_agent_update(agent, ACD_BY_TIMEOUT);
	}
	acd_settle(agent->acd);
}

struct agent *acd_agent_new(struct acd *acd, int64_t id)
{
	struct agent *agent = mem_alloc(sizeof(*agent));
	agent->acd = acd;
	agent->id = id;
	agent->since_us = agent->counted_us = acd->now_us;
	agent->spent_us[ACD_OFFLINE] = acd->now_us - acd->start_us;
	LIST_INIT(&agent->items);
	timer_init(&agent->limit, at_limit, agent);
	HASH_ADD(hh, acd->agents, id, sizeof(agent->id), agent);
	return agent;
}

void acd_agent_free(struct agent *agent)
{
	acd_pool_part(agent);
	timer_stop(&agent->acd->timers, &agent->limit);
	if (agent->fresh)
		TAILQ_REMOVE(&agent->acd->fresh, agent, fresh_link);
	HASH_DEL(agent->acd->agents, agent);
	free(agent->skills);
	free(agent->memberships);
	free(agent);
}

static void limit_in(struct agent *agent, int64_t ms)
{
	timer_stop(&agent->acd->timers, &agent->limit);
	agent->limit_us = 0;
	if (!ms)
		return;
	agent->limit_us = agent->acd->now_us + ms * 1000;
	timer_start(&agent->acd->timers, &agent->limit, agent->limit_us);
}

static void idle_from_now(struct agent *agent)
{
	agent->idle_us = agent->acd->now_us;
	agent->idle_seq = ++agent->acd->idle_seq;
}

/* His caller gave up: not his fault, so he keeps his turn. */
static void idle_as_before(struct agent *agent)
{
	if (!agent->idle_us)
		idle_from_now(agent);
}

static void pause(struct agent *agent)
{
	agent->idle_us = 0;
	if (!agent->wants_ready)
		limit_in(agent, agent->wanted_limit_ms);
}

static void work(struct agent *agent)
{
	agent->idle_us = 0;
}

static void ring(struct agent *agent)
{
	(void)agent; /* keeps idle_us, see idle_as_before() */
}

static void wrap_up(struct agent *agent)
{
	limit_in(agent, agent->wrap_up->wrap_up_ms);
}

/* Which state may follow which, and what is done on the way; an absent cell cannot happen. */
/* clang-format off */
static void (*const agent_moves[ACD_STATE__MAX][ACD_STATE__MAX])(struct agent *agent) = {
	[ACD_OFFLINE] = {
		[ACD_READY]      = idle_from_now,
		[ACD_NOT_READY]  = pause,
	},
	[ACD_READY] = {
		[ACD_OFFLINE]    = work,
		[ACD_NOT_READY]  = pause,
		[ACD_RINGING]    = ring,
		[ACD_ON_CONTACT] = work,
	},
	[ACD_NOT_READY] = {
		[ACD_OFFLINE]    = work,
		[ACD_READY]      = idle_from_now,
		[ACD_NOT_READY]  = pause, /* another reason */
		[ACD_RINGING]    = ring,
		[ACD_ON_CONTACT] = work,
	},
	[ACD_RINGING] = {
		[ACD_OFFLINE]    = work,
		[ACD_READY]      = idle_as_before,
		[ACD_NOT_READY]  = pause,
		[ACD_ON_CONTACT] = work,
	},
	[ACD_ON_CONTACT] = {
		[ACD_OFFLINE]    = work,
		[ACD_READY]      = idle_from_now,
		[ACD_NOT_READY]  = pause,
		[ACD_RINGING]    = ring,
		[ACD_WRAP_UP]    = wrap_up,
	},
	[ACD_WRAP_UP] = {
		[ACD_OFFLINE]    = work,
		[ACD_READY]      = idle_from_now,
		[ACD_NOT_READY]  = pause,
		[ACD_RINGING]    = ring,
		[ACD_ON_CONTACT] = work,
	},
};
/* clang-format on */

static bool has_phone(const struct agent *agent)
{
	return agent->reachable || !agent->capacity[ACD_VOICE];
}

static enum acd_state due_state(const struct agent *agent)
{
	if (!agent->signed_in)
		return ACD_OFFLINE;
	if (agent->n_talking)
		return ACD_ON_CONTACT;
	if (agent->n_ringing)
		return ACD_RINGING;
	if (agent->wrap_up)
		return ACD_WRAP_UP;
	if (agent->leaving)
		return ACD_OFFLINE;
	return agent->wants_ready && has_phone(agent) ? ACD_READY : ACD_NOT_READY;
}

static int64_t acd_agent_contact(const struct agent *agent)
{
	const struct item *item, *found = agent->wrap_up;
	LIST_FOREACH (item, &agent->items, agent_link)
		if (item->state == IS_TALKING || !found)
			found = item;
	return found ? found->id : 0;
}

static void unlist(struct agent *agent)
{
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++)
		if (agent->listed[ch])
			acd_pool_list(agent, (enum acd_channel)ch, false);
}

/* The only writer of the state. */
static void fire(struct agent *agent, enum acd_state next, const char *reason, enum acd_by by)
{
	const struct acd *acd = agent->acd;
	enum acd_state old = agent->state;
	assert(agent_moves[old][next]);
	agent->spent_us[old] += acd->now_us - agent->counted_us;
	agent->counted_us = acd->now_us;
	agent->since_us = agent->back_since_us ? agent->back_since_us : acd->now_us;
	limit_in(agent, 0);
	unlist(agent);
	agent->state = next;
	acd_word_set(agent->reason, reason);
	agent_moves[old][next](agent);
	if (next == ACD_OFFLINE)
		agent->signed_in = agent->leaving = agent->wants_ready = false;
	acd_pool_moved(agent, old, next);

	struct acd_decision *said = acd_decide(agent->acd, ACD_AGENT_STATE);
	said->agent = agent->id;
	said->state = next;
	said->since_us = agent->since_us;
	said->item = acd_agent_contact(agent);
	said->by = by;
	acd_word_set(said->reason, reason);
}

bool acd_agent_has_room(const struct agent *agent, enum acd_channel channel)
{
	int total = agent->n_ringing + agent->n_talking;
	if (agent->n_exclusive || (acd_channels[channel].exclusive && total))
		return false;
	return agent->load[channel] < agent->capacity[channel] && total < agent->capacity_total;
}

static bool is_available(const struct agent *agent, enum acd_channel channel)
{
	if (!agent->signed_in || agent->leaving || !agent->wants_ready || agent->state == ACD_WRAP_UP)
		return false;
	if (acd_channels[channel].needs_phone && !agent->reachable)
		return false;
	return has_phone(agent) && acd_agent_has_room(agent, channel);
}

static void relist(struct agent *agent)
{
	struct acd *acd = agent->acd;
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++) {
		bool available = is_available(agent, (enum acd_channel)ch);
		if (available && !agent->idle_us)
			idle_from_now(agent); /* busy, with room for one more */
		if (available == agent->listed[ch])
			continue;
		acd_pool_list(agent, (enum acd_channel)ch, available);
		if (available && !agent->fresh) {
			agent->fresh = true;
			TAILQ_INSERT_TAIL(&acd->fresh, agent, fresh_link);
		}
	}
}

void acd_agent_update(struct agent *agent, enum acd_by by)
{
	enum acd_state due = due_state(agent);
	const char *reason = "";
	if (due == ACD_NOT_READY)
		reason = agent->wants_ready ? reason_unreachable : agent->wanted_reason;
	if (due != agent->state || strcmp(reason, agent->reason) != 0)
		fire(agent, due, reason, by);
	relist(agent);
}

void acd_agent_rotate(struct agent *agent)
{
	unlist(agent);
	agent->idle_us = 0;
}

void acd_agent_blame(struct agent *agent, const char *reason)
{
	if (strcmp(reason, reason_unreachable) == 0) {
		agent->reachable = false;
	} else if (agent->wants_ready) {
		agent->wants_ready = false;
		agent->wanted_limit_ms = 0;
		acd_word_set(agent->wanted_reason, reason);
	}
}

void acd_agent_leave(struct agent *agent, enum acd_by by)
{
	struct item *item = LIST_FIRST(&agent->items);
	agent->leaving = agent->signed_in;
	while (item) {
		struct item *next = LIST_NEXT(item, agent_link);
		if (item->state == IS_OFFERED)
			acd_item_unoffer(item, ACD_OFFER_WITHDRAWN, by);
		item = next;
	}
	acd_agent_update(agent, by);
}

void acd_agent_wrap_up_done(struct agent *agent, enum acd_by by)
{
	struct item *item = agent->wrap_up;
	struct acd_decision *said = acd_decide(agent->acd, ACD_WRAP_UP_ENDED);
	said->item = item->id;
	said->agent = agent->id;
	said->by = by;
	said->lasted_us = agent->acd->now_us - agent->since_us;
	acd_item_end(item, by);
}

/* What the public functions on agents have in common: time first, then the agent. */
static struct agent *input(struct acd *acd, int64_t id, int64_t now_us)
{
	acd_begin(acd, now_us);
	struct agent *agent = acd_agent_find(acd, id);
	return agent && !agent->removed ? agent : NULL;
}

static int done(struct agent *agent, enum acd_by by)
{
	acd_agent_update(agent, by);
	acd_settle(agent->acd);
	return 0;
}

static void want_not_ready(struct agent *agent, const char *reason, int64_t limit_ms)
{
	agent->wants_ready = false;
	agent->leaving = false;
	agent->wanted_limit_ms = limit_ms;
	acd_word_set(agent->wanted_reason, reason);
}

int acd_sign_in(struct acd *acd, int64_t id, int64_t now_us)
{
	struct agent *agent = input(acd, id, now_us);
	if (!agent)
		return -E_NOT_FOUND;
	agent->leaving = false;
	if (!agent->signed_in)
		want_not_ready(agent, "signed_in", 0);
	agent->signed_in = true;
	return done(agent, ACD_BY_AGENT);
}

int acd_sign_out(struct acd *acd, int64_t id, enum acd_by by, int64_t now_us)
{
	struct agent *agent = input(acd, id, now_us);
	if (!agent)
		return -E_NOT_FOUND;
	acd_agent_leave(agent, by);
	acd_settle(acd);
	return 0;
}

int acd_set_ready(struct acd *acd, int64_t id, enum acd_by by, int64_t now_us)
{
	struct agent *agent = input(acd, id, now_us);
	if (!agent)
		return -E_NOT_FOUND;
	if (!agent->signed_in)
		return -E_STATE;
	agent->wants_ready = true;
	agent->leaving = false;
	if (agent->state == ACD_WRAP_UP)
		acd_agent_wrap_up_done(agent, by);
	return done(agent, by);
}

int acd_set_not_ready(
	struct acd *acd, int64_t id, const char *reason, int64_t limit_ms, enum acd_by by, int64_t now_us)
{
	struct agent *agent = input(acd, id, now_us);
	if (!agent)
		return -E_NOT_FOUND;
	if (!agent->signed_in)
		return -E_STATE;
	if (limit_ms < 0 || limit_ms > ACD_MS_MAX)
		return -E_INVALID;
	want_not_ready(agent, reason, limit_ms);
	if (agent->state == ACD_NOT_READY && strcmp(agent->reason, agent->wanted_reason) == 0)
		limit_in(agent, limit_ms);
	return done(agent, by);
}

int acd_set_phone(struct acd *acd, int64_t id, bool reachable, int64_t now_us)
{
	struct agent *agent = input(acd, id, now_us);
	if (!agent)
		return -E_NOT_FOUND;
	agent->reachable = reachable;
	return done(agent, ACD_BY_SYSTEM);
}

int acd_resume(struct acd *acd, int64_t id, enum acd_state state, const char *reason, int64_t since_us,
	int64_t now_us)
{
	struct agent *agent = input(acd, id, now_us);
	if (!agent)
		return -E_NOT_FOUND;
	if (agent->signed_in || since_us > acd->now_us)
		return -E_STATE;
	if (state == ACD_OFFLINE)
		return 0;
	agent->signed_in = true;
	agent->wants_ready = state != ACD_NOT_READY || strcmp(reason, reason_unreachable) == 0;
	if (!agent->wants_ready)
		want_not_ready(agent, reason, 0);
	agent->back_since_us = due_state(agent) == state ? since_us : 0;
	acd_agent_update(agent, ACD_BY_SYSTEM);
	agent->back_since_us = 0;
	acd_settle(acd);
	return 0;
}

int acd_wrap_up_end(struct acd *acd, int64_t id, enum acd_by by, int64_t now_us)
{
	struct agent *agent = input(acd, id, now_us);
	if (!agent)
		return -E_NOT_FOUND;
	if (!agent->wrap_up)
		return -E_STATE;
	acd_agent_wrap_up_done(agent, by);
	acd_settle(acd);
	return 0;
}

bool acd_agent_is_free(const struct acd *acd, int64_t id, enum acd_channel channel)
{
	const struct agent *agent = acd_agent_find(acd, id);
	return agent && is_available(agent, channel);
}

int acd_agent_view(const struct acd *acd, int64_t id, struct acd_agent_view *ret_view)
{
	const struct agent *agent = acd_agent_find(acd, id);
	if (!agent)
		return -E_NOT_FOUND;
	*ret_view = (struct acd_agent_view){
		.state = agent->state,
		.since_us = agent->since_us,
		.limit_us = agent->limit_us,
		.item = acd_agent_contact(agent),
		.reachable = agent->reachable,
		.wants_ready = agent->wants_ready && !agent->leaving,
	};
	acd_word_set(ret_view->reason, agent->reason);
	memcpy(ret_view->spent_us, agent->spent_us, sizeof(agent->spent_us));
	ret_view->spent_us[agent->state] += acd->now_us - agent->counted_us;
	return 0;
}
