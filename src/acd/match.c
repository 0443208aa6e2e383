/* The matcher. A free agent looks at the first item of each demand his pool serves, an item at the agent idle
 * longest of each pool that serves its demand: one number each, side by side. Either the items of a demand
 * wait or its agents do, never both, so one look per event is enough and nothing polls. Ageing needs no
 * re-sorting: a priority point outweighs a fixed time of waiting, so the order of two items never changes. */
#include "acd/acd_int.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DEMANDS_PER_QUEUE 64 /* from here on empty ones with skills of their own are dropped */

static uint32_t slot_take(struct slots *slots, void *p)
{
	while (slots->hole < slots->n && slots->at[slots->hole])
		slots->hole++;
	uint32_t slot = slots->hole++;
	if (slot == slots->size) {
		slots->size = slots->size ? slots->size * 2 : 16;
		slots->at = mem_resize(slots->at, slots->size, sizeof(void *));
		for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++)
			slots->heads[ch] = mem_resize(slots->heads[ch], slots->size, sizeof(int64_t));
	}
	if (slot == slots->n)
		slots->n++;
	slots->at[slot] = p;
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++)
		slots->heads[ch][slot] = INT64_MAX;
	return slot;
}

static void slot_give(struct slots *slots, uint32_t slot)
{
	slots->at[slot] = NULL;
	if (slot < slots->hole)
		slots->hole = slot;
}

/* Behind those of its level, which mostly is at the end. */
static void link_add(struct links *links, uint32_t slot, int level)
{
	if (links->n == links->size) {
		links->size = links->size ? links->size * 2 : 8;
		links->at = mem_resize(links->at, links->size, sizeof(*links->at));
	}
	size_t from = 0, to = links->n;
	if (to && links->at[to - 1].level >= level)
		from = to;
	while (from < to) {
		size_t mid = (from + to) / 2;
		if (links->at[mid].level >= level)
			from = mid + 1;
		else
			to = mid;
	}
	memmove(&links->at[from + 1], &links->at[from], (links->n++ - from) * sizeof(*links->at));
	links->at[from] = (struct link){ slot, level };
}

static void link_remove(struct links *links, uint32_t slot)
{
	for (size_t i = 0; i < links->n; i++) {
		if (links->at[i].slot != slot)
			continue;
		memmove(&links->at[i], &links->at[i + 1], (--links->n - i) * sizeof(*links->at));
		return;
	}
}

/* A pool's key holds its skills and then its memberships. */
static bool has_membership(const struct pool *pool, int64_t queue)
{
	size_t from = 2 + 2 * (size_t)pool->key[0];
	for (size_t i = from; i < pool->n_key; i++)
		if (pool->key[i] == queue)
			return true;
	return false;
}

static int level_of(const struct pool *pool, int64_t skill)
{
	for (size_t i = 0; i < (size_t)pool->key[0]; i++)
		if (pool->key[1 + 2 * i] == skill)
			return (int)pool->key[2 + 2 * i];
	return 0;
}

static bool serves(const struct pool *pool, const struct demand *demand)
{
	if (demand->queue->set.n_agents && !has_membership(pool, demand->queue->set.id))
		return false;
	for (size_t i = 0; i < demand->n_need; i++)
		if (level_of(pool, demand->need[i].skill) < demand->need[i].level)
			return false;
	return true;
}

/* What he is worth to the demand's queue, where that goes by levels. */
static int level_sum(const struct pool *pool, const struct demand *demand)
{
	const struct acd_queue *set = &demand->queue->set;
	int sum = 0;
	for (size_t i = 0; set->strategy == ACD_LEVEL_FIRST && i < set->n_skills; i++)
		sum += level_of(pool, set->skills[i].skill);
	return sum;
}

static void link_both(struct pool *pool, struct demand *demand)
{
	if (!serves(pool, demand))
		return;
	link_add(&pool->demands, demand->slot, 0);
	link_add(&demand->pools, pool->slot, level_sum(pool, demand));
	for (int state = 0; state < ACD_STATE__MAX; state++)
		demand->count[state] += pool->count[state];
}

static struct pool *pool_new(struct acd *acd, const int64_t *key, size_t n_key)
{
	struct pool *pool = mem_alloc(sizeof(*pool));
	pool->key = mem_array(n_key, sizeof(*key));
	memcpy(pool->key, key, n_key * sizeof(*key));
	pool->n_key = n_key;
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++)
		TAILQ_INIT(&pool->ready[ch]);
	pool->slot = slot_take(&acd->pool_slots, pool);
	HASH_ADD_KEYPTR(hh, acd->pools, pool->key, n_key * sizeof(*key), pool);
	for (uint32_t i = 0; i < acd->demand_slots.n; i++)
		if (acd->demand_slots.at[i])
			link_both(pool, acd->demand_slots.at[i]);
	return pool;
}

static void pool_free(struct acd *acd, struct pool *pool)
{
	for (size_t i = 0; i < pool->demands.n; i++) {
		struct demand *demand = acd->demand_slots.at[pool->demands.at[i].slot];
		link_remove(&demand->pools, pool->slot);
	}
	HASH_DEL(acd->pools, pool);
	slot_give(&acd->pool_slots, pool->slot);
	free(pool->demands.at);
	free(pool->key);
	free(pool);
}

/* Adds the agent to the counts of his pool and of what it serves, or takes him out. */
static void count_agent(struct agent *agent, enum acd_state state, bool in)
{
	struct pool *pool = agent->pool;
	size_t one = in ? 1 : (size_t)-1; /* wraps: the counts are unsigned */
	pool->count[state] += one;
	for (size_t i = 0; i < pool->demands.n; i++) {
		struct demand *demand = agent->acd->demand_slots.at[pool->demands.at[i].slot];
		demand->count[state] += one;
		if (!in && demand->queue->set.when_empty == ACD_EMPTY_LEAVE && demand->n_items)
			acd_demand_open(agent->acd, demand);
	}
}

void acd_pool_part(struct agent *agent)
{
	struct pool *pool = agent->pool;
	if (!pool)
		return;
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++)
		acd_pool_list(agent, (enum acd_channel)ch, false);
	count_agent(agent, agent->state, false);
	agent->pool = NULL;
	if (--pool->n_agents == 0)
		pool_free(agent->acd, pool);
}

void acd_pool_join(struct agent *agent, const int64_t *key, size_t n_key)
{
	struct pool *pool = agent->pool;
	if (pool && pool->n_key == n_key && memcmp(pool->key, key, n_key * sizeof(*key)) == 0)
		return;
	acd_pool_part(agent);
	HASH_FIND(hh, agent->acd->pools, key, n_key * sizeof(*key), pool);
	if (!pool)
		pool = pool_new(agent->acd, key, n_key);
	pool->n_agents++;
	agent->pool = pool;
	count_agent(agent, agent->state, true);
}

void acd_pool_moved(struct agent *agent, enum acd_state from, enum acd_state to)
{
	if (from == to)
		return;
	count_agent(agent, to, true);
	count_agent(agent, from, false);
}

static bool idle_longer(const struct agent *a, const struct agent *b)
{
	return a->idle_us < b->idle_us || (a->idle_us == b->idle_us && a->idle_seq < b->idle_seq);
}

static void pool_head(struct agent *agent, enum acd_channel channel)
{
	const struct agent *first = TAILQ_FIRST(&agent->pool->ready[channel]);
	agent->acd->pool_slots.heads[channel][agent->pool->slot] = first ? first->idle_us : INT64_MAX;
}

/* Agents become free in the order of time, so they go to the end; one whose caller gave up goes back near the
 * front. */
void acd_pool_list(struct agent *agent, enum acd_channel channel, bool available)
{
	struct agent_list *list = &agent->pool->ready[channel];
	struct agent *at = TAILQ_LAST(list, agent_list);
	if (agent->listed[channel])
		TAILQ_REMOVE(list, agent, ready_link[channel]);
	agent->listed[channel] = available;
	if (available) {
		at = TAILQ_LAST(list, agent_list);
		if (!at || idle_longer(at, agent)) {
			TAILQ_INSERT_TAIL(list, agent, ready_link[channel]);
		} else {
			at = TAILQ_FIRST(list);
			while (idle_longer(at, agent))
				at = TAILQ_NEXT(at, ready_link[channel]);
			TAILQ_INSERT_BEFORE(at, agent, ready_link[channel]);
		}
	}
	pool_head(agent, channel);
}

static bool same_skills(const struct acd_skill *a, size_t n_a, const struct acd_skill *b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (a[i].skill != b[i].skill || a[i].level != b[i].level)
			return false;
	return true;
}

/* What the queue and the item ask for, the higher level where both ask. */
static void demand_need(struct demand *demand)
{
	const struct acd_queue *set = &demand->queue->set;
	demand->need = mem_resize(demand->need, set->n_skills + demand->n_extra, sizeof(*demand->need));
	demand->n_need = 0;
	for (size_t i = 0; i < set->n_skills; i++)
		demand->need[demand->n_need++] = set->skills[i];
	for (size_t i = 0; i < demand->n_extra; i++) {
		struct acd_skill extra = demand->extra[i];
		size_t k = 0;
		while (k < demand->n_need && demand->need[k].skill != extra.skill)
			k++;
		if (k == demand->n_need)
			demand->need[demand->n_need++] = extra;
		else if (demand->need[k].level < extra.level)
			demand->need[k].level = extra.level;
	}
}

static void demand_link(struct acd *acd, struct demand *demand)
{
	for (uint32_t i = 0; i < acd->pool_slots.n; i++)
		if (acd->pool_slots.at[i])
			link_both(acd->pool_slots.at[i], demand);
}

static void demand_unlink(struct acd *acd, struct demand *demand)
{
	for (size_t i = 0; i < demand->pools.n; i++) {
		struct pool *pool = acd->pool_slots.at[demand->pools.at[i].slot];
		link_remove(&pool->demands, demand->slot);
	}
	demand->pools.n = 0;
	memset(demand->count, 0, sizeof(demand->count));
}

void acd_demand_relink(struct acd *acd, struct demand *demand)
{
	demand_unlink(acd, demand);
	demand_need(demand);
	demand_link(acd, demand);
	acd_demand_open(acd, demand);
}

void acd_demand_free(struct acd *acd, struct demand *demand)
{
	assert(demand->n_items == 0);
	demand_unlink(acd, demand);
	if (demand->open)
		TAILQ_REMOVE(&acd->open_demands, demand, open_link);
	LIST_REMOVE(demand, queue_link);
	demand->queue->n_demands--;
	slot_give(&acd->demand_slots, demand->slot);
	free(demand->pools.at);
	free(demand->extra);
	free(demand->need);
	free(demand);
}

static void drop_empty(struct acd *acd, struct queue *queue)
{
	struct demand *demand = LIST_FIRST(&queue->demands);
	while (demand) {
		struct demand *next = LIST_NEXT(demand, queue_link);
		if (!demand->n_items && demand->n_extra)
			acd_demand_free(acd, demand);
		demand = next;
	}
}

struct demand *acd_demand_get(struct queue *queue, enum acd_channel channel, const struct acd_skill *extra,
	size_t n_extra, struct acd *acd)
{
	struct demand *demand;
	LIST_FOREACH (demand, &queue->demands, queue_link)
		if (demand->channel == channel && same_skills(demand->extra, demand->n_extra, extra, n_extra))
			return demand;
	if (queue->n_demands >= DEMANDS_PER_QUEUE)
		drop_empty(acd, queue);
	demand = mem_alloc(sizeof(*demand));
	demand->queue = queue;
	demand->channel = channel;
	demand->extra = mem_dup(extra, n_extra * sizeof(*extra));
	demand->n_extra = n_extra;
	demand->slot = slot_take(&acd->demand_slots, demand);
	LIST_INSERT_HEAD(&queue->demands, demand, queue_link);
	queue->n_demands++;
	demand_need(demand);
	demand_link(acd, demand);
	return demand;
}

static struct item *first_item(const struct demand *demand)
{
	struct rank_node *first = demand->waiting.first;
	return first ? CONTAINER_OF(first, struct item, rank) : NULL;
}

void acd_demand_head(struct acd *acd, struct demand *demand)
{
	const struct rank_node *first = demand->waiting.first;
	acd->demand_slots.heads[demand->channel][demand->slot] = first ? first->key : INT64_MAX;
}

size_t acd_demand_staff(const struct demand *demand)
{
	size_t n = 0;
	for (int state = ACD_OFFLINE + 1; state < ACD_STATE__MAX; state++)
		n += demand->count[state];
	return n;
}

static void leave_empty(struct demand *demand)
{
	struct item *item;
	if (demand->queue->set.when_empty != ACD_EMPTY_LEAVE || acd_demand_staff(demand))
		return;
	while ((item = first_item(demand)))
		acd_item_left(item, ACD_LEFT_NO_AGENTS);
}

void acd_demand_open(struct acd *acd, struct demand *demand)
{
	if (demand->open)
		return;
	demand->open = true;
	TAILQ_INSERT_TAIL(&acd->open_demands, demand, open_link);
}

static int lowest_level(const struct agent *agent, const struct demand *demand)
{
	int lowest = 0;
	for (size_t i = 0; i < demand->n_need; i++) {
		int level = level_of(agent->pool, demand->need[i].skill);
		if (!lowest || level < lowest)
			lowest = level;
	}
	return lowest;
}

/* Somebody who may get the item. */
struct choice {
	struct agent *agent;
	int level;
};

static bool ranks_before(const struct choice *a, const struct choice *b)
{
	return a->level != b->level ? a->level > b->level : idle_longer(a->agent, b->agent);
}

/* Puts him among the best, which stand in order; false when he does not belong there. */
static bool consider(struct choice *best, size_t *n, struct choice one)
{
	if (*n == ACD_EXPLAIN_MAX) {
		if (!ranks_before(&one, &best[*n - 1]))
			return false;
		--*n;
	}
	size_t i = (*n)++;
	for (; i && ranks_before(&one, &best[i - 1]); i--)
		best[i] = best[i - 1];
	best[i] = one;
	return true;
}

/* The best free agents, at most ACD_EXPLAIN_MAX: the first gets the item, all are remembered. The pools stand
 * by falling level, so once there are enough those of a lower one need no look. */
static size_t best_agents(const struct acd *acd, const struct demand *demand, struct choice *best)
{
	const int64_t *heads = acd->pool_slots.heads[demand->channel];
	int64_t worst = INT64_MAX - 1;
	size_t n = 0;
	for (size_t i = 0; i < demand->pools.n; i++) {
		struct link link = demand->pools.at[i];
		if (heads[link.slot] > worst)
			continue;
		if (n == ACD_EXPLAIN_MAX && link.level < best[n - 1].level)
			break;
		const struct pool *pool = acd->pool_slots.at[link.slot];
		struct agent *agent = TAILQ_FIRST(&pool->ready[demand->channel]);
		while (agent && consider(best, &n, (struct choice){ agent, link.level }))
			agent = TAILQ_NEXT(agent, ready_link[demand->channel]);
		if (n == ACD_EXPLAIN_MAX)
			worst = best[n - 1].agent->idle_us;
	}
	return n;
}

static void explain(struct acd_explain *why, const struct item *item, const struct choice *best, size_t n)
{
	const struct acd *acd = item->acd;
	why->at_us = acd->now_us;
	why->agent = best[0].agent->id;
	why->waited_ms = (acd->now_us - item->entered_us) / 1000;
	why->priority = item->priority;
	why->left_waiting = item->queue->waiting - 1;
	why->n_candidates = n;
	for (size_t i = 0; i < n; i++)
		why->candidates[i] = (struct acd_candidate){
			.agent = best[i].agent->id,
			.idle_ms = (acd->now_us - best[i].agent->idle_us) / 1000,
			.level = lowest_level(best[i].agent, item->demand),
			.level_sum = best[i].level,
		};
}

void acd_match_demand(struct acd *acd, struct demand *demand)
{
	static const enum acd_rule rules[ACD_STRATEGY__MAX] = {
		[ACD_LONGEST_IDLE] = ACD_RULE_LONGEST_IDLE,
		[ACD_LEVEL_FIRST] = ACD_RULE_LEVEL_FIRST,
	};
	struct choice best[ACD_EXPLAIN_MAX];
	struct item *item;
	while ((item = first_item(demand))) {
		struct acd_explain why = { .rule = rules[demand->queue->set.strategy] };
		size_t n = best_agents(acd, demand, best);
		if (!n)
			break;
		explain(&why, item, best, n);
		acd_item_offer(item, best[0].agent, &why);
	}
}

static struct item *best_item(const struct agent *agent)
{
	const struct acd *acd = agent->acd;
	const struct links *demands = &agent->pool->demands;
	struct item *best = NULL;
	int64_t best_key = INT64_MAX - 1;
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++) {
		const int64_t *heads = acd->demand_slots.heads[ch];
		if (!agent->listed[ch] || !acd->n_waiting[ch])
			continue;
		for (size_t i = 0; i < demands->n; i++) {
			uint32_t slot = demands->at[i].slot;
			if (heads[slot] > best_key)
				continue;
			struct item *item = first_item(acd->demand_slots.at[slot]);
			if (!best || rank_less(&item->rank, &best->rank))
				best = item;
			best_key = best->rank.key;
		}
	}
	return best;
}

static void match_agent(struct agent *agent)
{
	struct item *item;
	while ((item = best_item(agent))) {
		struct acd_explain why = { .rule = ACD_RULE_FIRST_ITEM };
		const struct choice him = { agent, level_sum(agent->pool, item->demand) };
		explain(&why, item, &him, 1);
		acd_item_offer(item, agent, &why);
	}
}

void acd_match(struct acd *acd)
{
	for (;;) {
		struct agent *agent = TAILQ_FIRST(&acd->fresh);
		struct demand *demand = TAILQ_FIRST(&acd->open_demands);
		if (agent) {
			TAILQ_REMOVE(&acd->fresh, agent, fresh_link);
			agent->fresh = false;
			match_agent(agent);
		} else if (demand) {
			TAILQ_REMOVE(&acd->open_demands, demand, open_link);
			demand->open = false;
			leave_empty(demand);
			acd_match_demand(acd, demand);
		} else {
			break;
		}
	}
}
