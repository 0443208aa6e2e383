/* The router's outside: inputs on items, offers and contacts, time, and the ring of decisions. Each input
 * first lets happen what is due and ends by matching whatever it made free. */
#include "acd/acd.h"

#include "acd/acd_int.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SKILLS_MAX 16 /* an item may ask for beside its queue's */
#define POINTS_MAX 10000

const struct channel acd_channels[ACD_CHANNEL__MAX] = {
	[ACD_VOICE] = { .exclusive = true, .needs_phone = true, .usual = 1 },
	[ACD_CHAT] = { .usual = 3 },
	[ACD_MAIL] = { .usual = 1 },
};

static const char *const state_names[ACD_STATE__MAX] = {
	[ACD_OFFLINE] = "offline",
	[ACD_READY] = "ready",
	[ACD_NOT_READY] = "not_ready",
	[ACD_RINGING] = "ringing",
	[ACD_ON_CONTACT] = "on_contact",
	[ACD_WRAP_UP] = "wrap_up",
};
static const char *const left_names[ACD_LEFT__MAX] = {
	[ACD_LEFT_ANSWERED] = "answered",
	[ACD_LEFT_ABANDONED] = "abandoned",
	[ACD_LEFT_OVERFLOW] = "overflow",
	[ACD_LEFT_TIMEOUT] = "timeout",
	[ACD_LEFT_FULL] = "full",
	[ACD_LEFT_NO_AGENTS] = "no_agents",
	[ACD_LEFT_TRANSFERRED] = "transferred",
};
static const char *const offer_end_names[ACD_OFFER_END__MAX] = {
	[ACD_OFFER_TIMEOUT] = "timeout",
	[ACD_OFFER_REFUSED] = "refused",
	[ACD_OFFER_UNREACHABLE] = "unreachable",
	[ACD_OFFER_WITHDRAWN] = "withdrawn",
};
static const char *const by_names[ACD_BY__MAX] = {
	[ACD_BY_SYSTEM] = "system",
	[ACD_BY_AGENT] = "agent",
	[ACD_BY_LEADER] = "leader",
	[ACD_BY_CALLER] = "caller",
	[ACD_BY_TIMEOUT] = "timeout",
};

static const char *const rule_names[ACD_RULE__MAX] = {
	[ACD_RULE_LONGEST_IDLE] = "longest_idle",
	[ACD_RULE_LEVEL_FIRST] = "level_first",
	[ACD_RULE_FIRST_ITEM] = "first_item",
};

void acd_word_set(char word[ACD_WORD_MAX], const char *text)
{
	snprintf(word, ACD_WORD_MAX, "%s", text);
}

struct acd_decision *acd_decide(struct acd *acd, enum acd_what what)
{
	if (acd->n_decisions == acd->size_decisions) {
		size_t size = acd->size_decisions ? 2 * acd->size_decisions : 64;
		struct acd_decision *grown = mem_array(size, sizeof(*grown));
		for (size_t i = 0; i < acd->n_decisions; i++)
			grown[i] = acd->decisions[(acd->first_decision + i) & (acd->size_decisions - 1)];
		free(acd->decisions);
		acd->decisions = grown;
		acd->size_decisions = size;
		acd->first_decision = 0;
	}
	size_t at = (acd->first_decision + acd->n_decisions++) & (acd->size_decisions - 1);
	acd->decisions[at] = (struct acd_decision){ .what = what, .at_us = acd->now_us };
	return &acd->decisions[at];
}

bool acd_next(struct acd *acd, struct acd_decision *ret_decision)
{
	if (!acd->n_decisions)
		return false;
	*ret_decision = acd->decisions[acd->first_decision];
	acd->first_decision = (acd->first_decision + 1) & (acd->size_decisions - 1);
	acd->n_decisions--;
	return true;
}

struct agent *acd_agent_find(const struct acd *acd, int64_t id)
{
	struct agent *agent;
	HASH_FIND(hh, acd->agents, &id, sizeof(id), agent);
	return agent;
}

struct queue *acd_queue_find(const struct acd *acd, int64_t id)
{
	struct queue *queue;
	HASH_FIND(hh, acd->queues, &id, sizeof(id), queue);
	return queue;
}

static struct item *item_find(const struct acd *acd, int64_t id)
{
	struct item *item;
	HASH_FIND(hh, acd->items, &id, sizeof(id), item);
	return item;
}

static struct item *offer_find(const struct acd *acd, int64_t id)
{
	struct item *item;
	HASH_FIND(hh_offer, acd->offers, &id, sizeof(id), item);
	return item;
}

struct acd *acd_new(int64_t now_us)
{
	struct acd *acd = mem_alloc(sizeof(*acd));
	acd->now_us = acd->start_us = now_us;
	timers_init(&acd->timers, now_us);
	TAILQ_INIT(&acd->fresh);
	TAILQ_INIT(&acd->open_demands);
	return acd;
}

static void free_slots(struct slots *slots)
{
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++)
		free(slots->heads[ch]);
	free(slots->at);
}

void *acd_free(struct acd *acd)
{
	struct item *item, *next_item;
	struct agent *agent, *next_agent;
	struct queue *queue, *next_queue;
	if (!acd)
		return NULL;
	HASH_ITER (hh, acd->items, item, next_item)
		acd_item_free(item);
	HASH_ITER (hh, acd->agents, agent, next_agent)
		acd_agent_free(agent);
	HASH_ITER (hh, acd->queues, queue, next_queue)
		acd_queue_free(acd, queue);
	free_slots(&acd->pool_slots);
	free_slots(&acd->demand_slots);
	timers_done(&acd->timers);
	free(acd->skills);
	free(acd->tiers);
	free(acd->decisions);
	free(acd);
	return NULL;
}

/* Agents whom the configuration does not know any more go when they have nothing left. */
static void reap(struct acd *acd)
{
	struct agent *agent, *next;
	if (!acd->n_removed)
		return;
	HASH_ITER (hh, acd->agents, agent, next) {
		if (!agent->removed || agent->state != ACD_OFFLINE)
			continue;
		acd_agent_free(agent);
		acd->n_removed--;
	}
}

void acd_begin(struct acd *acd, int64_t now_us)
{
	if (now_us > acd->now_us)
		acd->now_us = now_us;
	timers_run(&acd->timers, acd->now_us);
}

void acd_settle(struct acd *acd)
{
	acd_match(acd);
	reap(acd);
}

void acd_tick(struct acd *acd, int64_t now_us)
{
	acd_begin(acd, now_us);
}

int64_t acd_next_wake(const struct acd *acd)
{
	return timers_next(&acd->timers);
}

static void sort_in(struct acd_skill *sorted, size_t *n, struct acd_skill skill)
{
	size_t at = 0;
	while (at < *n && sorted[at].skill < skill.skill)
		at++;
	if (at < *n && sorted[at].skill == skill.skill) {
		if (sorted[at].level < skill.level)
			sorted[at].level = skill.level;
		return;
	}
	memmove(sorted + at + 1, sorted + at, ((*n)++ - at) * sizeof(*sorted));
	sorted[at] = skill;
}

/* Ascending, each skill once with the higher level. -E_INVALID, -E_NOT_FOUND. */
static int sort_skills(
	const struct acd *acd, const struct acd_item *wish, struct acd_skill *sorted, size_t *ret_n)
{
	size_t n = 0;
	if (wish->n_skills > SKILLS_MAX)
		return -E_INVALID;
	for (size_t i = 0; i < wish->n_skills; i++) {
		struct acd_skill skill = wish->skills[i];
		if (skill.level < 1 || skill.level > 9)
			return -E_INVALID;
		if (!acd_skill_exists(acd, skill.skill))
			return -E_NOT_FOUND;
		sort_in(sorted, &n, skill);
	}
	*ret_n = n;
	return 0;
}

static int tier_points(const struct acd *acd, const char *name)
{
	for (size_t i = 0; name && i < acd->n_tiers; i++)
		if (strcmp(acd->tiers[i].name, name) == 0)
			return acd->tiers[i].points;
	return 0;
}

int acd_item_add(struct acd *acd, const struct acd_item *wish, int64_t now_us)
{
	struct acd_skill extra[SKILLS_MAX];
	size_t n_extra = 0;
	acd_begin(acd, now_us);
	struct queue *queue = acd_queue_find(acd, wish->queue);
	if (!queue)
		return -E_NOT_FOUND;
	if (item_find(acd, wish->id))
		return -E_EXISTS;
	if (wish->id <= 0 || (unsigned)wish->channel >= ACD_CHANNEL__MAX ||
		abs(wish->priority) > POINTS_MAX || wish->entered_us > acd->now_us ||
		wish->since_us > acd->now_us)
		return -E_INVALID;
	int err = sort_skills(acd, wish, extra, &n_extra);
	if (err)
		return err;
	struct item *item = acd_item_new(acd, wish->id, wish->channel);
	item->priority = queue->set.priority + wish->priority + tier_points(acd, wish->tier);
	if (wish->entered_us)
		item->entered_us = wish->entered_us;
	item->since_us = wish->since_us ? wish->since_us : item->entered_us;
	acd_item_enter(
		item, acd_demand_get(queue, wish->channel, extra, n_extra, acd), wish->entered_us != 0);
	acd_settle(acd);
	return 0;
}

int acd_item_cancel(struct acd *acd, int64_t id, enum acd_left why, int64_t now_us)
{
	acd_begin(acd, now_us);
	struct item *item = item_find(acd, id);
	if (!item)
		return -E_NOT_FOUND;
	if (item->state != IS_WAITING && item->state != IS_OFFERED)
		return -E_STATE;
	acd_item_left(item, why == ACD_LEFT_TRANSFERRED ? why : ACD_LEFT_ABANDONED);
	acd_settle(acd);
	return 0;
}

int acd_offer_accept(struct acd *acd, int64_t offer, int64_t now_us)
{
	acd_begin(acd, now_us);
	struct item *item = offer_find(acd, offer);
	if (!item)
		return -E_STATE;
	int err = acd_item_accept(item);
	acd_settle(acd);
	return err;
}

int acd_offer_fail(struct acd *acd, int64_t offer, enum acd_offer_end why, int64_t now_us)
{
	acd_begin(acd, now_us);
	struct item *item = offer_find(acd, offer);
	if (!item)
		return -E_STATE;
	if (why == ACD_OFFER_UNREACHABLE)
		acd_item_unoffer(item, why, ACD_BY_SYSTEM);
	else
		acd_item_unoffer(item, ACD_OFFER_REFUSED, ACD_BY_AGENT);
	acd_settle(acd);
	return 0;
}

int acd_occupy(struct acd *acd, const struct acd_contact *contact, int64_t now_us)
{
	acd_begin(acd, now_us);
	struct agent *agent = acd_agent_find(acd, contact->agent);
	if (!agent || agent->removed)
		return -E_NOT_FOUND;
	if (item_find(acd, contact->id))
		return -E_EXISTS;
	if (contact->id <= 0 || (unsigned)contact->channel >= ACD_CHANNEL__MAX || contact->wrap_up_ms < 0 ||
		contact->wrap_up_ms > ACD_MS_MAX)
		return -E_INVALID;
	if (!agent->signed_in)
		return -E_STATE;
	if (!acd_agent_has_room(agent, contact->channel))
		return -E_BUSY;
	struct item *item = acd_item_new(acd, contact->id, contact->channel);
	item->wrap_up_ms = contact->wrap_up_ms;
	int err = acd_item_hold(item, agent, contact->ringing);
	if (agent->wrap_up)
		acd_agent_wrap_up_done(agent, ACD_BY_AGENT);
	else
		acd_agent_update(agent, ACD_BY_AGENT);
	acd_settle(acd);
	return err;
}

int acd_contact_answered(struct acd *acd, int64_t contact, int64_t now_us)
{
	acd_begin(acd, now_us);
	struct item *item = item_find(acd, contact);
	if (!item)
		return -E_NOT_FOUND;
	int err = acd_item_answered(item);
	if (!err)
		acd_agent_update(item->agent, ACD_BY_AGENT);
	acd_settle(acd);
	return err;
}

int acd_contact_end(struct acd *acd, int64_t contact, int64_t wrap_up_ms, int64_t now_us)
{
	acd_begin(acd, now_us);
	struct item *item = item_find(acd, contact);
	if (!item)
		return -E_NOT_FOUND;
	if (wrap_up_ms > ACD_MS_MAX)
		return -E_INVALID;
	int err = acd_item_wrap_up(item, wrap_up_ms < 0 ? item->wrap_up_ms : wrap_up_ms);
	acd_settle(acd);
	return err;
}

int acd_queue_view(const struct acd *acd, int64_t id, struct acd_queue_view *ret_view)
{
	const struct queue *queue = acd_queue_find(acd, id);
	const struct demand *demand;
	if (!queue)
		return -E_NOT_FOUND;
	LIST_FOREACH (demand, &queue->demands, queue_link)
		if (demand->channel == ACD_VOICE && !demand->n_extra)
			break;
	const struct item *oldest = TAILQ_FIRST(&queue->items);
	*ret_view = (struct acd_queue_view){
		.waiting = queue->waiting,
		.offered = queue->offered,
		.longest_since_us = oldest ? oldest->entered_us : 0,
		.ready = demand->count[ACD_READY],
		.busy = demand->count[ACD_RINGING] + demand->count[ACD_ON_CONTACT] +
			demand->count[ACD_WRAP_UP],
		.not_ready = demand->count[ACD_NOT_READY],
		.expected_wait_ms = acd_expected_wait_ms(demand, queue->waiting + 1),
	};
	return 0;
}

int acd_item_place(const struct acd *acd, int64_t id, size_t *ret_position, int64_t *ret_wait_ms)
{
	const struct item *item = item_find(acd, id);
	if (!item || !item->demand)
		return -E_NOT_FOUND;
	bool waiting = item->state == IS_WAITING;
	*ret_position = waiting ? acd_item_position(item) : 0;
	*ret_wait_ms = waiting ? acd_expected_wait_ms(item->demand, *ret_position) : 0;
	return 0;
}

int acd_explain(const struct acd *acd, int64_t id, struct acd_explain *ret_explain)
{
	const struct item *item = item_find(acd, id);
	if (!item || !item->why)
		return -E_NOT_FOUND;
	*ret_explain = *item->why;
	return 0;
}

const char *acd_state_name(enum acd_state state)
{
	return state_names[state];
}

const char *acd_left_name(enum acd_left left)
{
	return left_names[left];
}

const char *acd_offer_end_name(enum acd_offer_end end)
{
	return offer_end_names[end];
}

const char *acd_by_name(enum acd_by by)
{
	return by_names[by];
}

const char *acd_rule_name(enum acd_rule rule)
{
	return rule_names[rule];
}
