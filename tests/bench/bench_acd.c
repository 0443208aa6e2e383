/* What a routing decision costs among 10,000 agents, 200 queues and 100,000 waiting items: once with agents
 * of some hundred different abilities, once with no two alike, and both again where the highest level goes
 * first. Prints nanoseconds per decision. */
#include "acd/acd.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define AGENTS 10000
#define QUEUES 200
#define SKILLS 100
#define WAITING 100000
#define ROUNDS 20000
#define REVISIONS 20
#define AGENT_SKILLS 8

struct bench {
	struct acd *acd;
	enum acd_strategy strategy;
	uint64_t seed;
	int64_t now_us, item;
	int64_t offers[AGENTS + 1]; /* the latest of each agent */
	int64_t *took_ns;
	struct acd_skill skills[AGENTS][AGENT_SKILLS];
};

static uint64_t roll(struct bench *b, uint64_t below)
{
	b->seed = b->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (b->seed >> 33) % below;
}

static int64_t clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void must(int err)
{
	if (!err)
		return;
	fprintf(stderr, "bench_acd: %s\n", err_name(err));
	exit(1);
}

/* An agent knows eight of the skills; `kinds` different agents exist. */
static void teach(struct bench *b, size_t kinds)
{
	for (size_t i = 0; i < AGENTS; i++) {
		for (size_t k = 0; k < AGENT_SKILLS; k++) {
			size_t band = SKILLS / AGENT_SKILLS;
			int64_t skill = 1 + (int64_t)(k * band + roll(b, band));
			b->skills[i][k] = i < kinds ? (struct acd_skill){ skill, 1 + (int)roll(b, 9) }
						    : b->skills[i % kinds][k];
		}
	}
}

static int64_t configure(struct bench *b)
{
	int64_t skill_ids[SKILLS];
	struct acd_skill needs[QUEUES];
	struct acd_queue queues[QUEUES] = { 0 };
	struct acd_agent *agents = mem_array(AGENTS, sizeof(*agents));
	for (size_t i = 0; i < SKILLS; i++)
		skill_ids[i] = (int64_t)i + 1;
	for (size_t i = 0; i < QUEUES; i++) {
		needs[i] = (struct acd_skill){ 1 + (int64_t)(i % 96), 1 + (int)(i / 96) * 3 };
		queues[i] = (struct acd_queue){
			.id = (int64_t)i + 1,
			.skills = &needs[i],
			.n_skills = 1,
			.strategy = b->strategy,
			.ring_timeout_ms = 3600000,
		};
	}
	for (size_t i = 0; i < AGENTS; i++)
		agents[i] = (struct acd_agent){
			.id = (int64_t)i + 1, .skills = b->skills[i], .n_skills = AGENT_SKILLS
		};
	const struct acd_config config = {
		.skills = skill_ids,
		.n_skills = SKILLS,
		.queues = queues,
		.n_queues = QUEUES,
		.agents = agents,
		.n_agents = AGENTS,
	};
	int64_t from_ns = clock_ns();
	must(acd_config(b->acd, &config, b->now_us, NULL));
	from_ns = clock_ns() - from_ns;
	free(agents);
	return from_ns;
}

static void drain(struct bench *b)
{
	struct acd_decision d;
	while (acd_next(b->acd, &d)) {
		if (d.what == ACD_OFFER_MADE)
			b->offers[d.agent] = d.offer;
	}
}

static void add_item(struct bench *b)
{
	struct acd_item item = {
		.id = ++b->item, .queue = 1 + (int64_t)roll(b, QUEUES), .priority = (int)roll(b, 3)
	};
	must(acd_item_add(b->acd, &item, b->now_us));
}

static void everybody_ready(struct bench *b)
{
	for (int64_t id = 1; id <= AGENTS; id++) {
		b->now_us++;
		must(acd_set_phone(b->acd, id, true, b->now_us));
		must(acd_sign_in(b->acd, id, b->now_us));
		must(acd_set_ready(b->acd, id, ACD_BY_AGENT, b->now_us));
	}
	drain(b);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void print(struct bench *b, const char *what, size_t kinds, size_t rounds)
{
	qsort(b->took_ns, rounds, sizeof(*b->took_ns), compare);
	printf("{\"bench\": \"acd_%s%s\", \"unit\": \"ns\", \"value\": %" PRId64 ", \"p99\": %" PRId64
	       ", \"agents\": %d, \"kinds_of_agents\": %zu, \"queues\": %d, \"waiting\": %d}\n",
		what, b->strategy == ACD_LEVEL_FIRST ? "_by_level" : "", b->took_ns[rounds / 2],
		b->took_ns[rounds * 99 / 100], AGENTS, kinds, QUEUES, WAITING);
}

/* Each revision is whole, and in each one agent has got better at something. */
static void revisions_come(struct bench *b, size_t kinds)
{
	for (size_t i = 0; i < REVISIONS; i++) {
		struct acd_skill *skill = &b->skills[roll(b, AGENTS)][0];
		skill->level = skill->level % 9 + 1;
		b->took_ns[i] = configure(b);
		drain(b);
	}
	print(b, "revision_comes", kinds, REVISIONS);
}

/* Items arrive while agents are free: each looks for the agent who goes first. */
static void items_come(struct bench *b, size_t kinds)
{
	for (size_t i = 0; i < ROUNDS; i++) {
		b->now_us += 1000;
		int64_t from_ns = clock_ns();
		add_item(b);
		b->took_ns[i] = clock_ns() - from_ns;
		drain(b);
		if (i % 3 == 0)
			must(acd_item_cancel(b->acd, b->item, ACD_LEFT_ABANDONED, b->now_us));
		drain(b);
	}
	print(b, "item_comes", kinds, ROUNDS);
}

/* All are busy and 100,000 wait: each agent who comes free takes the item with the best claim. */
static void agents_come(struct bench *b, size_t kinds)
{
	for (size_t i = 0; i < ROUNDS; i++) {
		int64_t agent = 1 + (int64_t)(i % AGENTS);
		struct acd_agent_view view;
		b->now_us += 1000;
		must(acd_offer_accept(b->acd, b->offers[agent], b->now_us));
		must(acd_agent_view(b->acd, agent, &view));
		drain(b);
		int64_t from_ns = clock_ns();
		must(acd_contact_end(b->acd, view.item, 0, b->now_us));
		b->took_ns[i] = clock_ns() - from_ns;
		drain(b);
		add_item(b);
		drain(b);
	}
	print(b, "agent_comes", kinds, ROUNDS);
}

static void run(size_t kinds, enum acd_strategy strategy)
{
	struct bench *b = mem_alloc(sizeof(*b));
	b->took_ns = mem_array(ROUNDS, sizeof(*b->took_ns));
	b->acd = acd_new(0);
	b->seed = 1;
	b->strategy = strategy;
	teach(b, kinds);
	(void)configure(b);
	everybody_ready(b);
	revisions_come(b, kinds);
	items_come(b, kinds);
	while (b->item < ROUNDS + AGENTS + WAITING) {
		b->now_us += 10;
		add_item(b);
		drain(b);
	}
	agents_come(b, kinds);
	acd_free(b->acd);
	free(b->took_ns);
	free(b);
}

int main(void)
{
	for (int strategy = 0; strategy < ACD_STRATEGY__MAX; strategy++) {
		run(300, (enum acd_strategy)strategy);
		run(AGENTS, (enum acd_strategy)strategy);
	}
	return 0;
}
