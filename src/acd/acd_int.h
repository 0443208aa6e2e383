#ifndef LX_ACD_ACD_INT_H
#define LX_ACD_ACD_INT_H

#include "acd/acd.h"
#include "acd/rank.h"
#include "base/timer.h"

#include <sys/queue.h>
#include <uthash.h>

/* Agents with the same skills, levels and memberships form a pool; items of a queue that need the same form a
 * demand. Which pool serves which demand is worked out when one of them appears. A decision then looks at one
 * number per pool or demand (`heads`, side by side in memory) instead of at agents or items. */

/* Pools or demands by slot. heads[channel][slot] is the key of the first that is available: idle_us of the
 * agent idle longest, or the rank key of the first waiting item; INT64_MAX when there is none. */
struct slots {
	void **at;
	int64_t *heads[ACD_CHANNEL__MAX];
	uint32_t n, size, hole;
};

/* By falling level, which is the pool's for the demand's queue where that goes by levels, else 0. */
struct link {
	uint32_t slot;
	int level;
};

struct links {
	struct link *at;
	size_t n, size;
};

TAILQ_HEAD(agent_list, agent);

struct pool {
	int64_t *key; /* n skills, (skill, level) …, n memberships, queue ids …; all ascending */
	size_t n_key;
	uint32_t slot;
	size_t n_agents;
	size_t count[ACD_STATE__MAX];
	struct links demands;
	struct agent_list ready[ACD_CHANNEL__MAX]; /* longest idle first */
	UT_hash_handle hh;
};

struct demand {
	struct queue *queue;
	enum acd_channel channel;
	struct acd_skill *extra, *need; /* beside the queue's; both together */
	size_t n_extra, n_need;
	uint32_t slot;
	size_t n_items; /* waiting or offered */
	struct rank waiting;
	size_t count[ACD_STATE__MAX]; /* agents who could serve it */
	struct links pools;
	bool open; /* in acd->open_demands */
	TAILQ_ENTRY(demand) open_link;
	LIST_ENTRY(demand) queue_link;
};

struct queue {
	struct acd_queue set; /* what configuration says; skills and agents ascending, ours */
	LIST_HEAD(demand_list, demand) demands;
	size_t n_demands;
	TAILQ_HEAD(item_list, item) items; /* waiting and offered, oldest first */
	size_t waiting, offered, served;   /* served: with an agent, wrap-up included */
	int64_t handle_us;                 /* exponential mean of contacts with their wrap-up */
	bool relink; /* while a configuration is applied: asks for other agents than before */
	UT_hash_handle hh;
};

enum item_state {
	IS_NEW,
	IS_WAITING,
	IS_OFFERED,
	IS_RINGING, /* without a queue: direct */
	IS_TALKING,
	IS_WRAP_UP,
	IS_GONE,
	IS__MAX
};
enum item_event { IE_ENTER, IE_OFFER, IE_RETURN, IE_RING, IE_TALK, IE_WRAP_UP, IE_END, IE__MAX };

struct item {
	struct acd *acd;
	int64_t id;
	enum item_state state;
	enum acd_channel channel;
	struct queue *queue;   /* NULL: never had one, or it was removed */
	struct demand *demand; /* while waiting or offered */
	struct agent *agent;
	int priority;
	int64_t since_us, entered_us, talking_us, wrap_up_ms;
	struct rank_node rank;
	struct timer leave, announce, deadline;
	int64_t offer, offered_us; /* offer 0: none yet */
	struct acd_explain *why;
	LIST_ENTRY(item) agent_link;
	TAILQ_ENTRY(item) queue_link;
	UT_hash_handle hh, hh_offer;
};

struct agent {
	struct acd *acd;
	int64_t id;
	struct pool *pool;
	int capacity[ACD_CHANNEL__MAX], capacity_total;
	struct acd_skill *skills;
	size_t n_skills;

	/* The facts, from which the state follows. */
	bool signed_in, leaving, wants_ready, reachable, removed;
	char wanted_reason[ACD_WORD_MAX];
	int64_t wanted_limit_ms;
	LIST_HEAD(agent_items, item) items;
	struct item *wrap_up;
	int n_ringing, n_talking, n_exclusive, load[ACD_CHANNEL__MAX];

	enum acd_state state;
	char reason[ACD_WORD_MAX];
	int64_t since_us, counted_us, limit_us;
	int64_t back_since_us; /* during acd_resume(): when the state began before the restart */
	int64_t spent_us[ACD_STATE__MAX];
	struct timer limit;

	int64_t idle_us;
	uint64_t idle_seq; /* orders equal times */
	bool listed[ACD_CHANNEL__MAX];
	TAILQ_ENTRY(agent) ready_link[ACD_CHANNEL__MAX];
	bool fresh; /* in acd->fresh: became available, may take something */
	TAILQ_ENTRY(agent) fresh_link;
	int64_t *memberships; /* while a configuration is applied */
	size_t n_memberships, size_memberships;
	UT_hash_handle hh;
};

struct tier {
	char name[ACD_WORD_MAX];
	int points;
};

struct acd {
	int64_t now_us, start_us;
	struct timers timers;
	int64_t *skills;
	size_t n_skills;
	struct tier *tiers;
	size_t n_tiers;
	int64_t point_us;
	struct queue *queues;
	struct agent *agents;
	struct pool *pools;
	struct item *items, *offers;
	struct slots pool_slots, demand_slots;
	size_t n_waiting[ACD_CHANNEL__MAX];
	size_t n_removed;
	uint64_t idle_seq, item_seq;
	int64_t last_offer;
	struct agent_list fresh;
	TAILQ_HEAD(open_list, demand) open_demands;
	struct acd_decision *decisions; /* a ring; size is a power of two */
	size_t first_decision, n_decisions, size_decisions;
};

struct channel {
	bool exclusive, needs_phone;
	int usual; /* capacity */
};
extern const struct channel acd_channels[ACD_CHANNEL__MAX];

/* acd.c */
void acd_word_set(char word[ACD_WORD_MAX], const char *text); /* cuts what does not fit */
struct acd_decision *acd_decide(struct acd *acd, enum acd_what what);
struct agent *acd_agent_find(const struct acd *acd, int64_t id);
struct queue *acd_queue_find(const struct acd *acd, int64_t id);
void acd_begin(struct acd *acd, int64_t now_us); /* lets happen what is due; starts every input */
void acd_settle(struct acd *acd);                /* matches what the input made free; ends every input */

/* agent.c */
struct agent *acd_agent_new(struct acd *acd, int64_t id);
void acd_agent_free(struct agent *agent);
/* Brings state and availability in line with the facts; whoever changes a fact calls it. */
void acd_agent_update(struct agent *agent, enum acd_by by);
/* He took one more: behind the others who have room. */
void acd_agent_rotate(struct agent *agent);
void acd_agent_blame(struct agent *agent, const char *reason); /* an offer failed through him */
void acd_agent_leave(struct agent *agent, enum acd_by by);
bool acd_agent_has_room(const struct agent *agent, enum acd_channel channel);
void acd_agent_wrap_up_done(struct agent *agent, enum acd_by by);

/* config.c */
bool acd_skill_exists(const struct acd *acd, int64_t skill);
void acd_queue_free(struct acd *acd, struct queue *queue);

/* item.c */
struct item *acd_item_new(struct acd *acd, int64_t id, enum acd_channel channel);
/* Sets queue, demand and rank key; then lets it wait or turns it away (and frees it). */
void acd_item_enter(struct item *item, struct demand *demand, bool resumed);
void acd_item_free(struct item *item);
/* For these the table of states tells what is possible: -E_STATE otherwise. */
int acd_item_hold(struct item *item, struct agent *agent, bool ringing) MUST_CHECK;
int acd_item_answered(struct item *item) MUST_CHECK;
int acd_item_accept(struct item *item) MUST_CHECK;
int acd_item_wrap_up(struct item *item, int64_t wrap_up_ms) MUST_CHECK; /* 0: none; may free it */
void acd_item_left(struct item *item, enum acd_left why);               /* out of its queue; frees it */
void acd_item_offer(struct item *item, struct agent *agent, struct acd_explain *why);
/* Back to its place in the queue. */
void acd_item_unoffer(struct item *item, enum acd_offer_end why, enum acd_by by);
void acd_item_end(struct item *item, enum acd_by by); /* contact over, frees it */
size_t acd_item_position(const struct item *item);
int64_t acd_expected_wait_ms(const struct demand *demand, size_t position);

/* match.c */
void acd_pool_join(struct agent *agent, const int64_t *key, size_t n_key); /* leaves the old one */
void acd_pool_part(struct agent *agent);
void acd_pool_moved(struct agent *agent, enum acd_state from, enum acd_state to);
void acd_pool_list(struct agent *agent, enum acd_channel channel, bool available);
struct demand *acd_demand_get(struct queue *queue, enum acd_channel channel, const struct acd_skill *extra,
	size_t n_extra, struct acd *acd);
void acd_demand_free(struct acd *acd, struct demand *demand);
void acd_demand_relink(struct acd *acd, struct demand *demand); /* its queue's needs have changed */
void acd_demand_head(struct acd *acd, struct demand *demand);   /* its first item may have changed */
void acd_demand_open(struct acd *acd, struct demand *demand);   /* to be looked at when settling */
void acd_match_demand(struct acd *acd, struct demand *demand);
void acd_match(struct acd *acd);                      /* whatever became free or was opened */
size_t acd_demand_staff(const struct demand *demand); /* signed in, in whatever state */

#endif
