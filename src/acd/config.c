/* A revision of the configuration: checked whole, then applied as differences. Queues first, because what
 * they list decides the agents' pools; demands whose queue changed its needs are linked anew at the end. */
#include "acd/acd_int.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX 64 /* skills of one queue or agent */
#define POINTS_MAX 10000
#define CAPACITY_MAX 100
#define CAPACITY_TOTAL 4
#define POINT_MS_MAX (INT64_C(86400) * 1000)
#define POINT_MS 60000
#define HANDLE_MS 180000

/* Sorted ids of one kind in the new revision. */
struct ids {
	int64_t *at;
	size_t n;
};

struct check {
	struct ids skills, queues, agents;
	struct fault *fault;
};

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static bool ids_have(const struct ids *ids, int64_t id)
{
	return ids->n && bsearch(&id, ids->at, ids->n, sizeof(id), compare_ids);
}

bool acd_skill_exists(const struct acd *acd, int64_t skill)
{
	struct ids skills = { acd->skills, acd->n_skills };
	return ids_have(&skills, skill);
}

static int field_fault(struct check *check, const char *code, const char *kind, int64_t id, const char *field)
{
	char path[sizeof(check->fault->field)];
	snprintf(path, sizeof(path), "%s.%" PRId64 "%s%s", kind, id, *field ? "." : "", field);
	return fault_set(check->fault, code, path, "%s of %s %" PRId64 " is %s", *field ? field : "id", kind,
		id, code);
}

/* Takes the n ids that stand `stride` bytes apart. */
static int collect(
	struct check *check, struct ids *ids, const void *first, size_t n, size_t stride, const char *kind)
{
	ids->at = mem_array(n, sizeof(*ids->at));
	ids->n = n;
	for (size_t i = 0; i < n; i++) {
		memcpy(&ids->at[i], (const char *)first + i * stride, sizeof(int64_t));
		if (ids->at[i] <= 0)
			return field_fault(check, "range", kind, ids->at[i], "");
	}
	qsort(ids->at, n, sizeof(*ids->at), compare_ids);
	for (size_t i = 1; i < n; i++)
		if (ids->at[i] == ids->at[i - 1])
			return field_fault(check, "duplicate", kind, ids->at[i], "");
	return 0;
}

static int check_skills(
	struct check *check, const struct acd_skill *skills, size_t n, const char *kind, int64_t id)
{
	if (n > LIST_MAX)
		return field_fault(check, "too_long", kind, id, "skills");
	for (size_t i = 0; i < n; i++) {
		if (!ids_have(&check->skills, skills[i].skill))
			return field_fault(check, "unknown", kind, id, "skills");
		if (skills[i].level < 1 || skills[i].level > 9)
			return field_fault(check, "range", kind, id, "skills");
		for (size_t k = 0; k < i; k++)
			if (skills[k].skill == skills[i].skill)
				return field_fault(check, "duplicate", kind, id, "skills");
	}
	return 0;
}

static int check_queue(struct check *check, const struct acd_queue *queue)
{
	const struct {
		const char *field;
		int64_t value, max;
	} limits[] = {
		{ "priority", queue->priority + POINTS_MAX, 2 * POINTS_MAX },
		{ "ring_timeout_ms", queue->ring_timeout_ms, ACD_MS_MAX },
		{ "wrap_up_ms", queue->wrap_up_ms, ACD_MS_MAX },
		{ "max_wait_ms", queue->max_wait_ms, ACD_MS_MAX },
		{ "max_length", queue->max_length, INT32_MAX },
		{ "overflow_expected_ms", queue->overflow_expected_ms, ACD_MS_MAX },
		{ "overflow_after_ms", queue->overflow_after_ms, ACD_MS_MAX },
		{ "announce_every_ms", queue->announce_every_ms, ACD_MS_MAX },
		{ "handle_ms", queue->handle_ms, ACD_MS_MAX },
		{ "strategy", (int64_t)queue->strategy, ACD_STRATEGY__MAX - 1 },
		{ "when_empty", (int64_t)queue->when_empty, ACD_EMPTY_LEAVE },
	};
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (limits[i].value < 0 || limits[i].value > limits[i].max)
			return field_fault(check, "range", "queue", queue->id, limits[i].field);
	for (size_t i = 0; i < queue->n_agents; i++)
		if (!ids_have(&check->agents, queue->agents[i]))
			return field_fault(check, "unknown", "queue", queue->id, "agents");
	return check_skills(check, queue->skills, queue->n_skills, "queue", queue->id);
}

static int check_agent(struct check *check, const struct acd_agent *agent)
{
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++)
		if (agent->capacity[ch] > CAPACITY_MAX)
			return field_fault(check, "range", "agent", agent->id, "capacity");
	if (agent->capacity_total < 0 || agent->capacity_total > CAPACITY_MAX)
		return field_fault(check, "range", "agent", agent->id, "capacity_total");
	return check_skills(check, agent->skills, agent->n_skills, "agent", agent->id);
}

static int check_tiers(struct check *check, const struct acd_config *config)
{
	for (size_t i = 0; i < config->n_tiers; i++) {
		const struct acd_tier *tier = &config->tiers[i];
		if (strlen(tier->name) >= ACD_WORD_MAX)
			return fault_set(check->fault, "too_long", "tiers", "the tier's name is too long");
		if (abs(tier->points) > POINTS_MAX)
			return fault_set(check->fault, "range", "tiers", "a tier has too many points");
	}
	if (config->point_ms < 0 || config->point_ms > POINT_MS_MAX)
		return fault_set(check->fault, "range", "point_ms", "point_ms is out of range");
	return 0;
}

static int check_all(struct check *check, const struct acd_config *config)
{
	int err = collect(check, &check->skills, config->skills, config->n_skills, sizeof(int64_t), "skill");
	if (!err)
		err = collect(check, &check->queues, config->queues, config->n_queues,
			sizeof(struct acd_queue), "queue");
	if (!err)
		err = collect(check, &check->agents, config->agents, config->n_agents,
			sizeof(struct acd_agent), "agent");
	for (size_t i = 0; !err && i < config->n_queues; i++)
		err = check_queue(check, &config->queues[i]);
	for (size_t i = 0; !err && i < config->n_agents; i++)
		err = check_agent(check, &config->agents[i]);
	return err ? err : check_tiers(check, config);
}

static int compare_skills(const void *a, const void *b)
{
	return compare_ids(&((const struct acd_skill *)a)->skill, &((const struct acd_skill *)b)->skill);
}

static struct acd_skill *copy_skills(const struct acd_skill *skills, size_t n)
{
	struct acd_skill *copy = mem_array(n, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = (struct acd_skill){ .skill = skills[i].skill, .level = skills[i].level };
	qsort(copy, n, sizeof(*copy), compare_skills);
	return copy;
}

void acd_queue_free(struct acd *acd, struct queue *queue)
{
	struct demand *demand;
	while ((demand = LIST_FIRST(&queue->demands)))
		acd_demand_free(acd, demand);
	HASH_DEL(acd->queues, queue);
	free((void *)queue->set.skills);
	free((void *)queue->set.agents);
	free(queue);
}

static void remove_queue(struct acd *acd, struct queue *queue)
{
	struct item *item, *next;
	while ((item = TAILQ_FIRST(&queue->items)))
		acd_item_left(item, ACD_LEFT_OVERFLOW);
	HASH_ITER (hh, acd->items, item, next)
		if (item->queue == queue)
			item->queue = NULL;
	acd_queue_free(acd, queue);
}

/* Members are kept as ids only to know whether there are any and who: the list itself goes into pools. */
static void set_queue(struct queue *queue, const struct acd_queue *set)
{
	struct acd_skill *skills = copy_skills(set->skills, set->n_skills);
	int64_t *agents = mem_dup(set->agents, set->n_agents * sizeof(*agents));
	qsort(agents, set->n_agents, sizeof(*agents), compare_ids);
	free((void *)queue->set.skills);
	free((void *)queue->set.agents);
	queue->set = *set;
	queue->set.skills = skills;
	queue->set.agents = agents;
}

static bool needs_differ(const struct acd_queue *old, const struct acd_queue *set)
{
	if (old->strategy != set->strategy || old->n_skills != set->n_skills ||
		!old->n_agents != !set->n_agents)
		return true;
	struct acd_skill *skills = copy_skills(set->skills, set->n_skills);
	bool differ = false;
	for (size_t i = 0; i < set->n_skills; i++)
		if (skills[i].skill != old->skills[i].skill || skills[i].level != old->skills[i].level)
			differ = true;
	free(skills);
	return differ;
}

static void apply_queue(struct acd *acd, const struct acd_queue *set)
{
	struct queue *queue = acd_queue_find(acd, set->id);
	if (queue) {
		queue->relink = needs_differ(&queue->set, set);
		set_queue(queue, set);
		return;
	}
	queue = mem_alloc(sizeof(*queue));
	queue->handle_us = (set->handle_ms ? set->handle_ms : HANDLE_MS) * 1000;
	LIST_INIT(&queue->demands);
	TAILQ_INIT(&queue->items);
	set_queue(queue, set);
	HASH_ADD(hh, acd->queues, set.id, sizeof(queue->set.id), queue);
	(void)acd_demand_get(queue, ACD_VOICE, NULL, 0, acd);
}

static void apply_queues(struct acd *acd, const struct acd_config *config, const struct ids *ids)
{
	struct queue *queue, *next;
	HASH_ITER (hh, acd->queues, queue, next)
		if (!ids_have(ids, queue->set.id))
			remove_queue(acd, queue);
	for (size_t i = 0; i < config->n_queues; i++)
		apply_queue(acd, &config->queues[i]);
}

static void remove_agent(struct acd *acd, struct agent *agent)
{
	if (agent->removed)
		return;
	agent->removed = true;
	acd->n_removed++;
	acd_agent_leave(agent, ACD_BY_SYSTEM);
}

static void set_agent(struct agent *agent, const struct acd_agent *set)
{
	free(agent->skills);
	agent->skills = copy_skills(set->skills, set->n_skills);
	agent->n_skills = set->n_skills;
	agent->capacity_total = set->capacity_total ? set->capacity_total : CAPACITY_TOTAL;
	for (int ch = 0; ch < ACD_CHANNEL__MAX; ch++) {
		int capacity = set->capacity[ch];
		agent->capacity[ch] = capacity < 0 ? 0 : capacity ? capacity : acd_channels[ch].usual;
	}
}

static void note_membership(struct agent *agent, int64_t queue)
{
	if (agent->n_memberships && agent->memberships[agent->n_memberships - 1] == queue)
		return;
	if (agent->n_memberships == agent->size_memberships) {
		agent->size_memberships = agent->size_memberships ? 2 * agent->size_memberships : 4;
		agent->memberships =
			mem_resize(agent->memberships, agent->size_memberships, sizeof(*agent->memberships));
	}
	agent->memberships[agent->n_memberships++] = queue;
}

static void join_pool(struct agent *agent)
{
	size_t n = 0, n_key = 2 + 2 * agent->n_skills + agent->n_memberships;
	int64_t *key = mem_array(n_key, sizeof(*key));
	key[n++] = (int64_t)agent->n_skills;
	for (size_t i = 0; i < agent->n_skills; i++) {
		key[n++] = agent->skills[i].skill;
		key[n++] = agent->skills[i].level;
	}
	key[n++] = (int64_t)agent->n_memberships;
	for (size_t i = 0; i < agent->n_memberships; i++)
		key[n++] = agent->memberships[i];
	acd_pool_join(agent, key, n_key);
	free(key);
}

static void apply_agents(struct acd *acd, const struct acd_config *config, const struct ids *ids)
{
	struct agent *agent, *next_agent;
	HASH_ITER (hh, acd->agents, agent, next_agent) {
		agent->n_memberships = 0;
		if (!ids_have(ids, agent->id))
			remove_agent(acd, agent);
	}
	for (size_t i = 0; i < config->n_agents; i++) {
		agent = acd_agent_find(acd, config->agents[i].id);
		if (!agent)
			agent = acd_agent_new(acd, config->agents[i].id);
		if (agent->removed)
			acd->n_removed--;
		agent->removed = false;
		set_agent(agent, &config->agents[i]);
	}
	for (size_t i = 0; i < config->n_queues; i++)
		for (size_t k = 0; k < config->queues[i].n_agents; k++)
			note_membership(
				acd_agent_find(acd, config->queues[i].agents[k]), config->queues[i].id);
	HASH_ITER (hh, acd->agents, agent, next_agent) {
		if (agent->n_memberships)
			qsort(agent->memberships, agent->n_memberships, sizeof(int64_t), compare_ids);
		join_pool(agent);
		acd_agent_update(agent, ACD_BY_SYSTEM);
	}
}

static void apply_tiers(struct acd *acd, const struct acd_config *config)
{
	free(acd->tiers);
	acd->tiers = mem_array(config->n_tiers, sizeof(*acd->tiers));
	acd->n_tiers = config->n_tiers;
	for (size_t i = 0; i < config->n_tiers; i++) {
		acd_word_set(acd->tiers[i].name, config->tiers[i].name);
		acd->tiers[i].points = config->tiers[i].points;
	}
	acd->point_us = (config->point_ms ? config->point_ms : POINT_MS) * 1000;
}

static void relink_queues(struct acd *acd)
{
	struct queue *queue, *next;
	HASH_ITER (hh, acd->queues, queue, next) {
		struct demand *demand;
		if (!queue->relink)
			continue;
		queue->relink = false;
		LIST_FOREACH (demand, &queue->demands, queue_link)
			acd_demand_relink(acd, demand);
	}
}

int acd_config(struct acd *acd, const struct acd_config *config, int64_t now_us, struct fault *reterr_)
{
	struct check check = { .fault = reterr_ };
	acd_begin(acd, now_us);
	int err = check_all(&check, config);
	if (!err) {
		free(acd->skills);
		acd->skills = TAKE(check.skills.at);
		acd->n_skills = check.skills.n;
		apply_tiers(acd, config);
		apply_queues(acd, config, &check.queues);
		apply_agents(acd, config, &check.agents);
		relink_queues(acd);
		acd_settle(acd);
	}
	free(check.skills.at);
	free(check.queues.at);
	free(check.agents.at);
	return err;
}
