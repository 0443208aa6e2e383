/* A centre of random callers and agents with faults: cancels, time-outs, late accepts, phones that vanish,
 * sign-outs, new configurations. A second, naive book-keeping follows the decisions, and after every event
 * the two must agree and the promises of routing must hold. */
#include "acd/acd.h"
#include "unit.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGENTS 12
#define QUEUES 4
#define SKILLS 3
#define EVENTS 100000
#define QUIET_EVENTS 5000 /* so many with all who want to call, so many quiet ones */
#define ITEMS (EVENTS + 1)
#define SECOND INT64_C(1000000)
#define IDLE_UNKNOWN INT64_C(-1)

enum phase { NOWHERE, WAITING, OFFERED, RINGING, TALKING, WRAP_UP, GONE };

struct item_book {
	enum phase phase;
	enum acd_channel channel;
	size_t queue;
	int need[SKILLS]; /* level beside the queue's */
	int priority;
	int64_t entered_us, offer, agent;
};

struct agent_book {
	int level[SKILLS];
	bool member[QUEUES];
	enum acd_state state;
	int64_t counted_us, spent_us[ACD_STATE__MAX];
	int64_t idle_us; /* since when, while ready; IDLE_UNKNOWN when the decisions alone do not tell */
	int load[ACD_CHANNEL__MAX];
};

struct queue_book {
	int need[SKILLS];
	bool closed; /* to all but members */
	enum acd_strategy strategy;
	size_t waiting;
};

struct centre {
	struct acd *acd;
	uint64_t seed;
	bool quiet; /* nobody calls while somebody waits: agents are free and a strategy has a choice */
	int64_t now_us;
	struct item_book *items;
	int64_t n_items, last_offer;
	int64_t *live; /* items that have not gone */
	size_t n_live;
	struct agent_book agents[AGENTS];
	struct queue_book queues[QUEUES];
	size_t entered, left, offers, closed_offers, refused_late, chosen[ACD_RULE__MAX];
	uint64_t hash;
};

static uint64_t roll(struct centre *c, uint64_t below)
{
	c->seed = c->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (c->seed >> 33) % below;
}

static void mix(struct centre *c, int64_t value)
{
	c->hash = (c->hash ^ (uint64_t)value) * UINT64_C(1099511628211);
}

static bool can_serve(const struct centre *c, const struct agent_book *agent, const struct item_book *item)
{
	const struct queue_book *queue = &c->queues[item->queue];
	if (queue->closed && !agent->member[item->queue])
		return false;
	for (size_t i = 0; i < SKILLS; i++)
		if (agent->level[i] < queue->need[i] || agent->level[i] < item->need[i])
			return false;
	return true;
}

static bool has_room(const struct agent_book *agent, enum acd_channel channel)
{
	if (channel == ACD_VOICE)
		return !agent->load[ACD_VOICE] && !agent->load[ACD_CHAT];
	return !agent->load[ACD_VOICE] && agent->load[ACD_CHAT] < 2;
}

static size_t skills_of(const int *levels, struct acd_skill *skills)
{
	size_t n = 0;
	for (size_t i = 0; i < SKILLS; i++)
		if (levels[i])
			skills[n++] = (struct acd_skill){ (int64_t)i + 1, levels[i] };
	return n;
}

static void configure(struct centre *c)
{
	static const int64_t skill_ids[SKILLS] = { 1, 2, 3 };
	static const struct acd_tier tiers[] = { { "gold", 3 } };
	struct acd_skill skills[AGENTS + QUEUES][SKILLS];
	struct acd_queue queues[QUEUES] = { 0 };
	struct acd_agent agents[AGENTS] = { 0 };
	int64_t members[QUEUES][AGENTS];
	for (size_t i = 0; i < AGENTS; i++) {
		agents[i].id = (int64_t)i + 1;
		agents[i].capacity[ACD_CHAT] = 2;
		agents[i].skills = skills[i];
		agents[i].n_skills = skills_of(c->agents[i].level, skills[i]);
	}
	for (size_t i = 0; i < QUEUES; i++) {
		queues[i] = (struct acd_queue){ .id = (int64_t)i + 1,
			.skills = skills[AGENTS + i],
			.agents = members[i],
			.wrap_up_ms = i == 3 ? 0 : 20000,
			.ring_timeout_ms = 10000,
			.max_wait_ms = i == 1 ? 120000 : 0,
			.max_length = i == 2 ? 5 : 0,
			.announce_every_ms = i == 0 ? 30000 : 0,
			.strategy = c->queues[i].strategy,
			.when_empty = i == 3 ? ACD_EMPTY_LEAVE : ACD_EMPTY_WAIT };
		queues[i].n_skills = skills_of(c->queues[i].need, skills[AGENTS + i]);
		for (size_t k = 0; c->queues[i].closed && k < AGENTS; k++)
			if (c->agents[k].member[i])
				members[i][queues[i].n_agents++] = (int64_t)k + 1;
	}
	const struct acd_config config = { skill_ids, SKILLS, queues, QUEUES, agents, AGENTS, tiers, 1, 0 };
	struct fault fault = { .field = "" };
	int err = acd_config(c->acd, &config, c->now_us, &fault);
	if (err)
		print_error("%s %s\n", fault.field, fault.code);
	assert_int_equal(err, 0);
}

static void shuffle(struct centre *c)
{
	for (size_t i = 0; i < AGENTS; i++)
		for (size_t k = 0; k < SKILLS; k++)
			c->agents[i].level[k] = (int)roll(c, 10);
	for (size_t i = 0; i < QUEUES; i++) {
		for (size_t k = 0; k < SKILLS; k++)
			c->queues[i].need[k] = roll(c, 3) ? 0 : (int)roll(c, 7);
		c->queues[i].closed = roll(c, 3) == 0;
		c->queues[i].strategy = (enum acd_strategy)roll(c, ACD_STRATEGY__MAX);
		for (size_t k = 0; k < AGENTS; k++)
			c->agents[k].member[i] = k == i || roll(c, 2) == 0;
	}
	configure(c);
}

static int64_t key_of(const struct item_book *item)
{
	return item->entered_us - item->priority * 60 * SECOND;
}

/* Nobody who waits and could be served by this agent has a better claim. */
static void check_fair(const struct centre *c, int64_t chosen, int64_t agent)
{
	const struct item_book *item = &c->items[chosen];
	for (size_t i = 0; i < c->n_live; i++) {
		const struct item_book *other = &c->items[c->live[i]];
		if (other->phase != WAITING || other->channel != item->channel)
			continue;
		if (can_serve(c, &c->agents[agent - 1], other))
			assert_true(key_of(other) >= key_of(item));
	}
}

static int level_sum(const struct agent_book *agent, const struct queue_book *queue)
{
	int sum = 0;
	for (size_t i = 0; i < SKILLS; i++)
		if (queue->need[i])
			sum += agent->level[i];
	return sum;
}

/* Nobody who is ready and may serve the item stands before the chosen one by the queue's strategy. For voice
 * ready and free are the same; who comes free takes an item without asking who else is there. */
static void check_chosen(const struct centre *c, const struct acd_decision *d)
{
	static const enum acd_strategy strategies[ACD_RULE__MAX] = { [ACD_RULE_LEVEL_FIRST] =
									     ACD_LEVEL_FIRST };
	const struct item_book *item = &c->items[d->item];
	const struct queue_book *queue = &c->queues[item->queue];
	const struct agent_book *chosen = &c->agents[d->agent - 1];
	if (d->rule == ACD_RULE_FIRST_ITEM)
		return;
	assert_int_equal(queue->strategy, strategies[d->rule]);
	for (size_t i = 0; item->channel == ACD_VOICE && i < AGENTS; i++) {
		const struct agent_book *other = &c->agents[i];
		if (other->state != ACD_READY || !can_serve(c, other, item))
			continue;
		int above = d->rule == ACD_RULE_LEVEL_FIRST
			? level_sum(other, queue) - level_sum(chosen, queue)
			: 0;
		assert_true(above <= 0);
		if (!above && chosen->idle_us != IDLE_UNKNOWN && other->idle_us != IDLE_UNKNOWN)
			assert_true(chosen->idle_us <= other->idle_us);
	}
}

static void check_explained(const struct centre *c, const struct acd_decision *d)
{
	struct acd_explain why;
	assert_int_equal(acd_explain(c->acd, d->item, &why), 0);
	assert_true(why.offer == d->offer || why.offer > d->offer);
	assert_in_range(why.n_candidates, 1, ACD_EXPLAIN_MAX);
	assert_int_equal(why.candidates[0].agent, why.agent);
	for (size_t i = 1; i < why.n_candidates; i++) {
		const struct acd_candidate *one = &why.candidates[i - 1], *next = &why.candidates[i];
		assert_true(next->level_sum <= one->level_sum);
		assert_true(next->level_sum < one->level_sum || next->idle_ms <= one->idle_ms);
	}
}

static void note_offer(struct centre *c, const struct acd_decision *d)
{
	struct item_book *item = &c->items[d->item];
	struct agent_book *agent = &c->agents[d->agent - 1];
	assert_int_equal(item->phase, WAITING);
	assert_true(has_room(agent, item->channel));
	assert_true(can_serve(c, agent, item));
	check_fair(c, d->item, d->agent);
	check_chosen(c, d);
	c->chosen[d->rule]++;
	agent->load[item->channel]++;
	item->phase = OFFERED;
	item->offer = d->offer;
	item->agent = d->agent;
	c->queues[item->queue].waiting--;
	c->last_offer = d->offer;
	c->offers++;
}

static void note_offer_end(struct centre *c, const struct acd_decision *d)
{
	struct item_book *item = &c->items[d->item];
	assert_int_equal(item->phase, OFFERED);
	assert_int_equal(item->offer, d->offer);
	assert_int_equal(item->agent, d->agent);
	c->closed_offers++;
	if (d->what == ACD_OFFER_ACCEPTED) {
		item->phase = TALKING;
		return;
	}
	c->agents[d->agent - 1].load[item->channel]--;
	item->phase = WAITING;
	c->queues[item->queue].waiting++;
}

static void note_left(struct centre *c, const struct acd_decision *d)
{
	struct item_book *item = &c->items[d->item];
	c->left++;
	assert_int_equal(d->lasted_us, c->now_us - item->entered_us);
	if (d->left == ACD_LEFT_ANSWERED) {
		assert_int_equal(item->phase, TALKING);
		return;
	}
	assert_int_equal(item->phase, WAITING);
	item->phase = GONE;
	c->queues[item->queue].waiting--;
}

static void note_state(struct centre *c, const struct acd_decision *d)
{
	struct agent_book *agent = &c->agents[d->agent - 1];
	agent->spent_us[agent->state] += d->at_us - agent->counted_us;
	agent->counted_us = d->at_us;
	if (d->state == ACD_READY && agent->state != ACD_RINGING)
		agent->idle_us = d->at_us;
	else if (d->state != ACD_READY && !(agent->state == ACD_READY && d->state == ACD_RINGING))
		agent->idle_us = IDLE_UNKNOWN; /* a withdrawn offer alone leaves the turn as it was */
	agent->state = d->state;
}

static void note(struct centre *c, const struct acd_decision *d)
{
	switch (d->what) {
	case ACD_ITEM_ENTERED:
		assert_int_equal(c->items[d->item].phase, NOWHERE);
		c->items[d->item].phase = WAITING;
		c->items[d->item].priority = d->priority;
		c->queues[c->items[d->item].queue].waiting++;
		c->entered++;
		break;
	case ACD_ITEM_LEFT:
		note_left(c, d);
		break;
	case ACD_OFFER_MADE:
		note_offer(c, d);
		break;
	case ACD_OFFER_ACCEPTED:
	case ACD_OFFER_ENDED:
		note_offer_end(c, d);
		break;
	case ACD_AGENT_STATE:
		note_state(c, d);
		break;
	case ACD_WRAP_UP_ENDED:
		assert_int_equal(c->items[d->item].phase, WRAP_UP);
		c->items[d->item].phase = GONE;
		break;
	default:
		assert_int_equal(c->items[d->item].phase, WAITING);
		assert_in_range(d->position, 1, c->queues[c->items[d->item].queue].waiting);
		break;
	}
}

static void follow(struct centre *c)
{
	struct acd_decision d;
	while (acd_next(c->acd, &d)) {
		const int64_t values[] = { d.what, d.at_us, d.item, d.agent, d.offer, d.state,
			(int64_t)d.position, d.wait_ms, d.deadline_us };
		for (size_t i = 0; i < ARRAY_LEN(values); i++)
			mix(c, values[i]);
		note(c, &d);
		if (d.what == ACD_OFFER_ACCEPTED)
			check_explained(c, &d);
	}
}

static void check_agent(const struct centre *c, size_t i)
{
	const struct agent_book *book = &c->agents[i];
	struct acd_agent_view view;
	int64_t total_us = 0;
	assert_int_equal(acd_agent_view(c->acd, (int64_t)i + 1, &view), 0);
	assert_int_equal(view.state, book->state);
	for (int state = 0; state < ACD_STATE__MAX; state++) {
		int64_t running = state == (int)book->state ? c->now_us - book->counted_us : 0;
		assert_int_equal(view.spent_us[state], book->spent_us[state] + running);
		total_us += view.spent_us[state];
	}
	assert_int_equal(total_us, c->now_us);
	bool busy = book->load[ACD_VOICE] || book->load[ACD_CHAT];
	assert_true(book->load[ACD_VOICE] + (book->load[ACD_CHAT] > 0) <= 1);
	assert_int_equal(busy, view.state == ACD_RINGING || view.state == ACD_ON_CONTACT);
}

static bool is_available(const struct centre *c, size_t i, enum acd_channel channel)
{
	struct acd_agent_view view;
	assert_int_equal(acd_agent_view(c->acd, (int64_t)i + 1, &view), 0);
	if (view.state == ACD_OFFLINE || view.state == ACD_NOT_READY || view.state == ACD_WRAP_UP)
		return false;
	return view.wants_ready && view.reachable && has_room(&c->agents[i], channel);
}

/* Drops what has gone from the list of the living, and nobody waits whom somebody could serve. */
static void check_items(struct centre *c)
{
	bool available[ACD_CHANNEL__MAX][AGENTS] = { 0 };
	size_t waiting[QUEUES] = { 0 }, n = 0;
	for (size_t i = 0; i < AGENTS; i++) {
		available[ACD_VOICE][i] = is_available(c, i, ACD_VOICE);
		available[ACD_CHAT][i] = is_available(c, i, ACD_CHAT);
	}
	for (size_t i = 0; i < c->n_live; i++) {
		const struct item_book *item = &c->items[c->live[i]];
		if (item->phase == GONE)
			continue;
		c->live[n++] = c->live[i];
		if (item->phase != WAITING)
			continue;
		waiting[item->queue]++;
		for (size_t k = 0; k < AGENTS; k++)
			assert_false(available[item->channel][k] && can_serve(c, &c->agents[k], item));
	}
	c->n_live = n;
	for (size_t i = 0; i < QUEUES; i++) {
		struct acd_queue_view view;
		assert_int_equal(acd_queue_view(c->acd, (int64_t)i + 1, &view), 0);
		assert_int_equal(view.waiting, waiting[i]);
		assert_int_equal(view.waiting, c->queues[i].waiting);
	}
}

/* A living item in that phase, 0 when there is none. */
static int64_t pick(struct centre *c, enum phase phase)
{
	size_t from = c->n_live ? roll(c, c->n_live) : 0;
	for (size_t i = 0; i < c->n_live; i++) {
		int64_t id = c->live[(from + i) % c->n_live];
		if (c->items[id].phase == phase)
			return id;
	}
	return 0;
}

static int64_t new_item(struct centre *c)
{
	int64_t id = ++c->n_items;
	c->live[c->n_live++] = id;
	c->items[id].entered_us = c->now_us;
	return id;
}

static void do_add(struct centre *c)
{
	struct acd_skill skills[SKILLS];
	if (c->quiet && pick(c, WAITING))
		return;
	int64_t id = new_item(c);
	struct item_book *book = &c->items[id];
	book->queue = roll(c, QUEUES);
	book->channel = roll(c, 6) ? ACD_VOICE : ACD_CHAT;
	for (size_t i = 0; i < SKILLS; i++)
		book->need[i] = roll(c, 6) ? 0 : 1 + (int)roll(c, 8);
	struct acd_item item = { .id = id,
		.queue = (int64_t)book->queue + 1,
		.channel = book->channel,
		.priority = (int)roll(c, 3),
		.tier = roll(c, 8) ? "plain" : "gold",
		.skills = skills,
		.n_skills = skills_of(book->need, skills) };
	assert_int_equal(acd_item_add(c->acd, &item, c->now_us), 0);
}

static void do_accept(struct centre *c)
{
	int64_t id = pick(c, OFFERED);
	if (!id)
		return;
	int err = acd_offer_accept(c->acd, c->items[id].offer, c->now_us);
	assert_true(err == 0 || err == -E_STATE); /* the deadline may just have passed */
}

/* An offer of the past: accepted, failed or never made. */
static void do_late(struct centre *c)
{
	int64_t offer = 1 + (int64_t)roll(c, (uint64_t)c->last_offer + 3);
	for (size_t i = 0; i < c->n_live; i++)
		if (c->items[c->live[i]].phase == OFFERED && c->items[c->live[i]].offer == offer)
			return;
	assert_int_equal(acd_offer_accept(c->acd, offer, c->now_us), -E_STATE);
	assert_int_equal(acd_offer_fail(c->acd, offer, ACD_OFFER_REFUSED, c->now_us), -E_STATE);
	c->refused_late++;
}

static void do_fail(struct centre *c)
{
	int64_t id = pick(c, OFFERED);
	enum acd_offer_end why = roll(c, 2) ? ACD_OFFER_REFUSED : ACD_OFFER_UNREACHABLE;
	int err = id ? acd_offer_fail(c->acd, c->items[id].offer, why, c->now_us) : 0;
	assert_true(err == 0 || err == -E_STATE);
}

static void do_cancel(struct centre *c)
{
	int64_t id = pick(c, roll(c, 2) ? WAITING : OFFERED);
	int err = id ? acd_item_cancel(c->acd, id, ACD_LEFT_ABANDONED, c->now_us) : 0;
	assert_true(err == 0 || err == -E_NOT_FOUND); /* it may have left at this moment */
}

static void do_occupy(struct centre *c)
{
	struct acd_contact contact = { .id = c->n_items + 1,
		.agent = 1 + (int64_t)roll(c, AGENTS),
		.ringing = roll(c, 2),
		.wrap_up_ms = roll(c, 2) ? 5000 : 0 };
	struct agent_book *agent = &c->agents[contact.agent - 1];
	acd_tick(c->acd, c->now_us);
	follow(c);
	int err = acd_occupy(c->acd, &contact, c->now_us);
	assert_true((err == 0) == (agent->state != ACD_OFFLINE && has_room(agent, ACD_VOICE)));
	if (err)
		return;
	struct item_book *book = &c->items[new_item(c)];
	agent->load[ACD_VOICE]++;
	book->phase = contact.ringing ? RINGING : TALKING;
	book->agent = contact.agent;
}

static void do_answered(struct centre *c)
{
	int64_t id = pick(c, RINGING);
	if (!id)
		return;
	assert_int_equal(acd_contact_answered(c->acd, id, c->now_us), 0);
	c->items[id].phase = TALKING;
}

static void do_end(struct centre *c)
{
	int64_t id = pick(c, roll(c, 8) ? TALKING : RINGING);
	if (!id)
		return;
	struct item_book *book = &c->items[id];
	struct agent_book *agent = &c->agents[book->agent - 1];
	acd_tick(c->acd, c->now_us);
	follow(c);
	assert_int_equal(acd_contact_end(c->acd, id, -1, c->now_us), 0);
	struct acd_agent_view view;
	assert_int_equal(acd_agent_view(c->acd, book->agent, &view), 0);
	agent->load[book->channel]--;
	book->phase = view.state == ACD_WRAP_UP && view.item == id ? WRAP_UP : GONE;
}

static void do_work(struct centre *c)
{
	int64_t agent = 1 + (int64_t)roll(c, AGENTS);
	assert_int_equal(acd_sign_in(c->acd, agent, c->now_us), 0);
	assert_int_equal(acd_set_phone(c->acd, agent, true, c->now_us), 0);
	assert_int_equal(acd_set_ready(c->acd, agent, ACD_BY_AGENT, c->now_us), 0);
}

static void do_pause(struct centre *c)
{
	int64_t agent = 1 + (int64_t)roll(c, AGENTS), limit_ms = roll(c, 2) ? 30000 : 0;
	const char *reason = roll(c, 2) ? "lunch" : "tea";
	int err = acd_set_not_ready(c->acd, agent, reason, limit_ms, ACD_BY_AGENT, c->now_us);
	assert_true(err == 0 || err == -E_STATE);
}

static void do_sign_out(struct centre *c)
{
	assert_int_equal(acd_sign_out(c->acd, 1 + (int64_t)roll(c, AGENTS), ACD_BY_LEADER, c->now_us), 0);
}

static void do_phone(struct centre *c)
{
	assert_int_equal(acd_set_phone(c->acd, 1 + (int64_t)roll(c, AGENTS), roll(c, 2), c->now_us), 0);
}

static void do_wrapped(struct centre *c)
{
	int err = acd_wrap_up_end(c->acd, 1 + (int64_t)roll(c, AGENTS), ACD_BY_AGENT, c->now_us);
	assert_true(err == 0 || err == -E_STATE);
}

static void do_wait(struct centre *c)
{
	int64_t wake_us = acd_next_wake(c->acd);
	if (wake_us > c->now_us && wake_us < c->now_us + 60 * SECOND)
		c->now_us = wake_us;
	acd_tick(c->acd, c->now_us);
}

static void do_reconfigure(struct centre *c)
{
	if (roll(c, 20))
		return;
	acd_tick(c->acd, c->now_us); /* what is due belongs to the old revision */
	follow(c);
	shuffle(c);
}

static const struct {
	void (*run)(struct centre *c);
	uint64_t weight;
} deeds[] = {
	{ do_add, 30 },
	{ do_accept, 18 },
	{ do_end, 16 },
	{ do_wait, 12 },
	{ do_work, 8 },
	{ do_cancel, 6 },
	{ do_wrapped, 4 },
	{ do_fail, 3 },
	{ do_occupy, 3 },
	{ do_answered, 2 },
	{ do_pause, 2 },
	{ do_phone, 2 },
	{ do_late, 1 },
	{ do_sign_out, 1 },
	{ do_reconfigure, 1 },
};

static void step(struct centre *c)
{
	uint64_t sum = 0, at;
	for (size_t i = 0; i < ARRAY_LEN(deeds); i++)
		sum += deeds[i].weight;
	at = roll(c, sum);
	size_t i = 0;
	for (; at >= deeds[i].weight; i++)
		at -= deeds[i].weight;
	c->now_us += (int64_t)roll(c, 1500000);
	deeds[i].run(c);
	acd_tick(c->acd, c->now_us);
	follow(c);
	for (size_t k = 0; k < AGENTS; k++)
		check_agent(c, k);
	check_items(c);
}

/* Everybody hangs up, everybody goes home: nothing may remain. */
static void close_down(struct centre *c)
{
	int64_t id;
	while ((id = pick(c, WAITING)) || (id = pick(c, OFFERED))) {
		assert_int_equal(acd_item_cancel(c->acd, id, ACD_LEFT_TRANSFERRED, c->now_us), 0);
		follow(c);
	}
	while ((id = pick(c, TALKING)) || (id = pick(c, RINGING))) {
		assert_int_equal(acd_contact_end(c->acd, id, 0, c->now_us), 0);
		c->agents[c->items[id].agent - 1].load[c->items[id].channel]--;
		c->items[id].phase = GONE;
	}
	c->now_us += 600 * SECOND;
	acd_tick(c->acd, c->now_us);
	follow(c);
	check_items(c);
	assert_int_equal(c->n_live, 0);
	assert_int_equal(c->entered, c->left);
	assert_int_equal(c->offers, c->closed_offers);
}

static uint64_t simulate(uint64_t seed, size_t events)
{
	struct centre *c = mem_alloc(sizeof(*c));
	c->items = mem_array(ITEMS + 1, sizeof(*c->items));
	c->live = mem_array(ITEMS + 1, sizeof(*c->live));
	c->acd = acd_new(0);
	c->seed = seed;
	shuffle(c);
	for (size_t i = 0; i < events; i++) {
		c->quiet = i / QUIET_EVENTS % 2;
		step(c);
	}
	close_down(c);
	if (events == EVENTS) {
		print_message("%zu items, %zu offers (%zu longest idle, %zu level first), %zu late accepts\n",
			c->entered, c->offers, c->chosen[ACD_RULE_LONGEST_IDLE],
			c->chosen[ACD_RULE_LEVEL_FIRST], c->refused_late);
		for (int rule = 0; rule < ACD_RULE__MAX; rule++)
			assert_true(c->chosen[rule] > events / 200);
		assert_true(c->entered > events / 8 && c->offers > events / 10 && c->refused_late > 100);
	}
	uint64_t hash = c->hash;
	acd_free(c->acd);
	free(c->items);
	free(c->live);
	free(c);
	return hash;
}

static void promises_hold(void **state)
{
	(void)state;
	(void)simulate(20261121, EVENTS);
}

static void same_inputs_same_decisions(void **state)
{
	(void)state;
	assert_true(simulate(3, 5000) == simulate(3, 5000));
	assert_false(simulate(3, 5000) == simulate(4, 5000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promises_hold),
		cmocka_unit_test(same_inputs_same_decisions),
	};
	return unit_run(tests);
}
