/* Items: what waits in a queue or is with an agent. An item refused or not answered goes back under its old
 * rank key, so the caller keeps his place by construction. */
#include "acd/acd_int.h"

#include "base/log.h"
#include "base/mem.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#define HANDLE_WEIGHT 8 /* a new contact counts one eighth in the mean */
#define RING_TIMEOUT_MS 20000

/* IS_NEW (0) marks what is not possible: nothing ever becomes new again. */
static const enum item_state item_fsm[IS__MAX][IE__MAX] = {
	[IS_NEW] = { [IE_ENTER] = IS_WAITING,
		[IE_RING] = IS_RINGING,
		[IE_TALK] = IS_TALKING,
		[IE_END] = IS_GONE },
	[IS_WAITING] = { [IE_OFFER] = IS_OFFERED, [IE_END] = IS_GONE },
	[IS_OFFERED] = { [IE_TALK] = IS_TALKING, [IE_RETURN] = IS_WAITING, [IE_END] = IS_GONE },
	[IS_RINGING] = { [IE_TALK] = IS_TALKING, [IE_END] = IS_GONE },
	[IS_TALKING] = { [IE_WRAP_UP] = IS_WRAP_UP, [IE_END] = IS_GONE },
	[IS_WRAP_UP] = { [IE_END] = IS_GONE },
};

static void join(struct item *item)
{
	rank_add(&item->demand->waiting, &item->rank);
	acd_demand_head(item->acd, item->demand);
	item->queue->waiting++;
	item->acd->n_waiting[item->channel]++;
}

static void part(struct item *item)
{
	rank_remove(&item->demand->waiting, &item->rank);
	acd_demand_head(item->acd, item->demand);
	item->queue->waiting--;
	item->acd->n_waiting[item->channel]--;
}

static void hold(struct item *item, int one)
{
	struct agent *agent = item->agent;
	agent->load[item->channel] += one;
	if (acd_channels[item->channel].exclusive)
		agent->n_exclusive += one;
	if (item->state == IS_TALKING)
		agent->n_talking += one;
	else
		agent->n_ringing += one;
}

static void leave_state(struct item *item)
{
	switch (item->state) {
	case IS_WAITING:
		part(item);
		break;
	case IS_OFFERED:
		item->queue->offered--;
		hold(item, -1);
		break;
	case IS_RINGING:
	case IS_TALKING:
		hold(item, -1);
		break;
	case IS_WRAP_UP:
		item->agent->wrap_up = NULL;
		break;
	default:
		break;
	}
}

static void enter_state(struct item *item)
{
	switch (item->state) {
	case IS_WAITING:
		join(item);
		break;
	case IS_OFFERED:
		item->queue->offered++;
		hold(item, 1);
		break;
	case IS_RINGING:
		hold(item, 1);
		break;
	case IS_TALKING:
		hold(item, 1);
		item->talking_us = item->acd->now_us;
		acd_agent_rotate(item->agent);
		break;
	case IS_WRAP_UP:
		item->agent->wrap_up = item;
		break;
	default:
		break;
	}
}

static int fire(struct item *item, enum item_event event)
{
	enum item_state next = item_fsm[item->state][event];
	if (next == IS_NEW) {
		log_(LOG_ACD, LOG_DEBUG, "not possible item=%" PRId64 " state=%d event=%d", item->id,
			(int)item->state, (int)event);
		return -E_STATE;
	}
	leave_state(item);
	item->state = next;
	enter_state(item);
	return 0;
}

/* For what the caller knows to be possible. */
static void must_fire(struct item *item, enum item_event event)
{
	int err = fire(item, event);
	assert(!err);
	(void)err;
}

/* When its patience with this queue ends, and as what it leaves then; 0: never. */
static int64_t patience_us(const struct item *item, enum acd_left *ret_why)
{
	const struct acd_queue *set = &item->queue->set;
	int64_t after_ms = set->overflow_after_ms, max_ms = set->max_wait_ms;
	bool overflows = after_ms && (!max_ms || after_ms < max_ms);
	int64_t ms = overflows ? after_ms : max_ms;
	*ret_why = overflows ? ACD_LEFT_OVERFLOW : ACD_LEFT_TIMEOUT;
	return ms ? item->entered_us + ms * 1000 : 0;
}

static void at_leave(void *arg)
{
	struct item *item = arg;
	struct acd *acd = item->acd;
	enum acd_left why;
	(void)patience_us(item, &why);
	if (item->state == IS_WAITING)
		acd_item_left(item, why);
	acd_settle(acd);
}

static void announce(struct item *item)
{
	struct acd_decision *said = acd_decide(item->acd, ACD_ANNOUNCE);
	said->item = item->id;
	said->queue = item->queue->set.id;
	said->position = acd_item_position(item);
	said->wait_ms = acd_expected_wait_ms(item->demand, said->position);
}

static void at_announce(void *arg)
{
	struct item *item = arg;
	int64_t every_ms = item->queue->set.announce_every_ms;
	if (!every_ms)
		return;
	if (item->state == IS_WAITING)
		announce(item);
	timer_start_in(&item->acd->timers, &item->announce, every_ms * 1000);
}

static void at_deadline(void *arg)
{
	struct item *item = arg;
	struct acd *acd = item->acd;
	acd_item_unoffer(item, ACD_OFFER_TIMEOUT, ACD_BY_TIMEOUT);
	acd_settle(acd);
}

struct item *acd_item_new(struct acd *acd, int64_t id, enum acd_channel channel)
{
	struct item *item = mem_alloc(sizeof(*item));
	item->acd = acd;
	item->id = id;
	item->channel = channel;
	item->entered_us = acd->now_us;
	timer_init(&item->leave, at_leave, item);
	timer_init(&item->announce, at_announce, item);
	timer_init(&item->deadline, at_deadline, item);
	HASH_ADD(hh, acd->items, id, sizeof(item->id), item);
	return item;
}

static void drop_agent(struct item *item)
{
	if (item->agent)
		LIST_REMOVE(item, agent_link);
	item->agent = NULL;
}

/* From the moment an agent has it the queue's clocks do not count any more. */
static void out_of_queue(struct item *item)
{
	timer_stop(&item->acd->timers, &item->leave);
	timer_stop(&item->acd->timers, &item->announce);
	if (!item->demand)
		return;
	TAILQ_REMOVE(&item->queue->items, item, queue_link);
	item->demand->n_items--;
	item->demand = NULL;
}

void acd_item_free(struct item *item)
{
	drop_agent(item);
	out_of_queue(item);
	timer_stop(&item->acd->timers, &item->deadline);
	HASH_DEL(item->acd->items, item);
	if (item->offered_us)
		HASH_DELETE(hh_offer, item->acd->offers, item);
	free(item->why);
	free(item);
}

static struct acd_decision *decide_offer(struct item *item, enum acd_what what)
{
	struct acd_decision *said = acd_decide(item->acd, what);
	said->offer = item->offer;
	said->item = item->id;
	said->queue = item->queue ? item->queue->set.id : 0;
	said->agent = item->agent->id;
	said->lasted_us = item->acd->now_us - item->offered_us;
	return said;
}

static void close_offer(struct item *item)
{
	timer_stop(&item->acd->timers, &item->deadline);
	HASH_DELETE(hh_offer, item->acd->offers, item);
	item->offered_us = 0;
}

static void decide_left(struct item *item, enum acd_left why)
{
	struct acd_decision *said = acd_decide(item->acd, ACD_ITEM_LEFT);
	said->item = item->id;
	said->queue = item->queue->set.id;
	said->agent = why == ACD_LEFT_ANSWERED ? item->agent->id : 0;
	said->left = why;
	said->lasted_us = item->acd->now_us - item->entered_us;
}

void acd_item_left(struct item *item, enum acd_left why)
{
	struct agent *agent = item->agent;
	if (item->state == IS_OFFERED) {
		decide_offer(item, ACD_OFFER_ENDED)->offer_end = ACD_OFFER_WITHDRAWN;
		close_offer(item);
	}
	decide_left(item, why);
	must_fire(item, IE_END);
	acd_item_free(item);
	if (agent)
		acd_agent_update(agent, why == ACD_LEFT_ABANDONED ? ACD_BY_CALLER : ACD_BY_SYSTEM);
}

void acd_item_offer(struct item *item, struct agent *agent, struct acd_explain *why)
{
	struct acd *acd = item->acd;
	int64_t ring_ms = item->queue->set.ring_timeout_ms;
	int64_t deadline_us = acd->now_us + (ring_ms ? ring_ms : RING_TIMEOUT_MS) * 1000;
	item->agent = agent;
	LIST_INSERT_HEAD(&agent->items, item, agent_link);
	must_fire(item, IE_OFFER);
	item->offer = why->offer = ++acd->last_offer;
	item->offered_us = acd->now_us;
	free(item->why);
	item->why = mem_dup(why, sizeof(*why));
	HASH_ADD(hh_offer, acd->offers, offer, sizeof(item->offer), item);
	timer_start(&acd->timers, &item->deadline, deadline_us);
	struct acd_decision *said = decide_offer(item, ACD_OFFER_MADE);
	said->deadline_us = deadline_us;
	said->rule = why->rule;
	acd_agent_update(agent, ACD_BY_SYSTEM);
}

void acd_item_unoffer(struct item *item, enum acd_offer_end why, enum acd_by by)
{
	static const char *const blames[ACD_OFFER_END__MAX] = {
		[ACD_OFFER_TIMEOUT] = "no_answer",
		[ACD_OFFER_REFUSED] = "refused",
		[ACD_OFFER_UNREACHABLE] = "unreachable",
	};
	struct agent *agent = item->agent;
	struct demand *demand = item->demand;
	enum acd_left left;
	int64_t until_us = patience_us(item, &left);
	decide_offer(item, ACD_OFFER_ENDED)->offer_end = why;
	close_offer(item);
	must_fire(item, IE_RETURN);
	drop_agent(item);
	if (blames[why])
		acd_agent_blame(agent, blames[why]);
	acd_agent_update(agent, by);
	if (until_us && item->acd->now_us >= until_us)
		acd_item_left(item, left);
	acd_demand_open(agent->acd, demand);
}

/* Why a new item cannot wait; ACD_LEFT__MAX when it can. */
static enum acd_left refusal(const struct item *item)
{
	const struct acd_queue *set = &item->queue->set;
	if (set->when_empty != ACD_EMPTY_WAIT && !acd_demand_staff(item->demand))
		return ACD_LEFT_NO_AGENTS;
	if (set->max_length && item->queue->waiting >= (size_t)set->max_length)
		return ACD_LEFT_FULL;
	if (set->overflow_expected_ms) {
		size_t position = acd_item_position(item);
		if (acd_expected_wait_ms(item->demand, position) > set->overflow_expected_ms)
			return ACD_LEFT_OVERFLOW;
	}
	return ACD_LEFT__MAX;
}

static void decide_entered(struct item *item, size_t position)
{
	struct acd_decision *said = acd_decide(item->acd, ACD_ITEM_ENTERED);
	said->item = item->id;
	said->queue = item->queue->set.id;
	said->priority = item->priority;
	said->position = position;
}

static void start_clocks(struct item *item)
{
	const struct acd_queue *set = &item->queue->set;
	struct timers *timers = &item->acd->timers;
	enum acd_left why;
	int64_t until_us = patience_us(item, &why);
	if (until_us)
		timer_start(timers, &item->leave, until_us);
	if (set->announce_every_ms)
		timer_start(timers, &item->announce, item->acd->now_us + set->announce_every_ms * 1000);
}

/* By age, which is the order of arrival unless a restart has announced them in another one. */
static void into_queue(struct item *item, struct demand *demand)
{
	struct item_list *items = &demand->queue->items;
	struct item *before = TAILQ_LAST(items, item_list);
	while (before && before->entered_us > item->entered_us)
		before = TAILQ_PREV(before, item_list, queue_link);
	if (before)
		TAILQ_INSERT_AFTER(items, before, item, queue_link);
	else
		TAILQ_INSERT_HEAD(items, item, queue_link);
	item->queue = demand->queue;
	item->demand = demand;
	demand->n_items++;
	item->rank.key = item->since_us - item->priority * item->acd->point_us;
	item->rank.seq = ++item->acd->item_seq;
}

void acd_item_enter(struct item *item, struct demand *demand, bool resumed)
{
	into_queue(item, demand);
	enum acd_left why = resumed ? ACD_LEFT__MAX : refusal(item);
	if (why != ACD_LEFT__MAX) {
		decide_entered(item, 0);
		acd_item_left(item, why);
		return;
	}
	must_fire(item, IE_ENTER);
	start_clocks(item);
	decide_entered(item, acd_item_position(item));
	if (demand->waiting.first == &item->rank)
		acd_match_demand(item->acd, demand);
	if (item->state == IS_WAITING && demand->queue->set.announce_every_ms)
		announce(item);
}

int acd_item_accept(struct item *item)
{
	int err = fire(item, IE_TALK);
	if (err)
		return err;
	decide_offer(item, ACD_OFFER_ACCEPTED);
	decide_left(item, ACD_LEFT_ANSWERED);
	close_offer(item);
	out_of_queue(item);
	item->queue->served++;
	item->wrap_up_ms = item->queue->set.wrap_up_ms;
	acd_agent_update(item->agent, ACD_BY_AGENT);
	return 0;
}

int acd_item_hold(struct item *item, struct agent *agent, bool ringing)
{
	item->agent = agent;
	LIST_INSERT_HEAD(&agent->items, item, agent_link);
	return fire(item, ringing ? IE_RING : IE_TALK);
}

int acd_item_answered(struct item *item)
{
	if (item->state != IS_RINGING)
		return -E_STATE;
	return fire(item, IE_TALK);
}

int acd_item_wrap_up(struct item *item, int64_t wrap_up_ms)
{
	struct agent *agent = item->agent;
	bool last = agent && agent->n_talking == 1 && !agent->n_ringing;
	if (item->state == IS_RINGING || (item->state == IS_TALKING && (!wrap_up_ms || !last))) {
		acd_item_end(item, ACD_BY_SYSTEM);
		return 0;
	}
	item->wrap_up_ms = wrap_up_ms;
	int err = fire(item, IE_WRAP_UP);
	if (!err)
		acd_agent_update(agent, ACD_BY_SYSTEM);
	return err;
}

/* Only contacts that came through a queue count: the estimate is about those. */
static void count_handling(const struct item *item)
{
	struct queue *queue = item->queue;
	if (!queue || !item->talking_us)
		return;
	queue->served--;
	queue->handle_us += (item->acd->now_us - item->talking_us - queue->handle_us) / HANDLE_WEIGHT;
}

void acd_item_end(struct item *item, enum acd_by by)
{
	struct agent *agent = item->agent;
	count_handling(item);
	must_fire(item, IE_END);
	acd_item_free(item);
	acd_agent_update(agent, by);
}

size_t acd_item_position(const struct item *item)
{
	const struct demand *demand;
	size_t before = 0;
	LIST_FOREACH (demand, &item->queue->demands, queue_link)
		if (demand->channel == item->channel)
			before += rank_before(&demand->waiting, item->rank.key, item->rank.seq);
	return before + 1;
}

/* The agents who could serve it also serve others, so they are too many to divide by; those who serve it at
 * the moment are too few. The geometric mean of both is nearly unbiased in tests/sim/sim_day.c, where the
 * first alone promises two thirds of the real wait. */
int64_t acd_expected_wait_ms(const struct demand *demand, size_t position)
{
	size_t served = demand->queue->served, ready = demand->count[ACD_READY];
	size_t staffed = ready + demand->count[ACD_RINGING] + demand->count[ACD_ON_CONTACT] +
		demand->count[ACD_WRAP_UP];
	if (!staffed)
		return ACD_WAIT_UNKNOWN;
	if (ready && rank_size(&demand->waiting) == 0)
		return 0;
	if (served > staffed)
		served = staffed;
	double effective = sqrt((double)(served ? served : 1) * (double)staffed);
	double handle_ms = (double)demand->queue->handle_us / 1000;
	return (int64_t)(handle_ms * (double)position / effective);
}
