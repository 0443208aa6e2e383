#ifndef LX_CALL_EXCHANGE_INT_H
#define LX_CALL_EXCHANGE_INT_H

#include "acd/acd.h"
#include "base/id.h"
#include "base/timer.h"
#include "call/call.h"
#include "call/exchange.h"
#include "net/loop.h"

/* What the files of call/ share of the exchange. */

/* An agent's place: what he is doing now. He has at most one voice leg. */
struct seat {
	int64_t agent;
	struct leg *leg;  /* borrowed, NULL without */
	int64_t wrapping; /* interaction of his last contact, for the wrap-up */
	bool signed_in;
	bool marked; /* in exchange.marked_seats */
	LIST_ENTRY(seat) mark;
	struct exchange *x;
	struct timer lost; /* his phone vanished in mid-call: until then he may come back */
	UT_hash_handle hh;
};

struct queue_mark {
	int64_t queue;
	UT_hash_handle hh;
};

struct item {
	int64_t id;
	struct call *call;
	bool consult; /* the peer waits, not the party */
	int priority;
	int64_t entered_us; /* into this queue, or when the party took it over from the peer */
	UT_hash_handle hh;
};

struct exchange {
	struct loop *loop;
	struct timers *timers;
	struct media *media;
	struct sip_stack *stack;
	struct registrar *registrar;
	struct trunks *trunks;
	const struct exchange_sink *sink;
	void *arg;
	char *data_dir;
	struct id_source ids;
	struct site *site; /* never NULL */
	struct acd *acd;
	struct timer acd_timer, live_timer;
	struct call *calls;             /* hash by id */
	struct leg *legs;               /* hash by id */
	struct item *items;             /* hash by item id */
	struct seat *seats;             /* hash by agent */
	LIST_HEAD(, call) marked_calls; /* changed since they were said */
	LIST_HEAD(, seat) marked_seats;
	struct queue_mark *queue_marks;
	struct visitor *visitors;  /* hash by address */
	size_t visitor_max;        /* calls of one of them at once, 0: any number */
	struct call_list finished; /* ended and cleared, freed by exchange_settle() */
	int64_t last_event, last_interaction;
	bool settling;
	int64_t queues_said_us;
};

int64_t exchange_now(const struct exchange *x); /* µs */
int64_t exchange_id(struct exchange *x);
/* Decimal text in one of sixteen rotating buffers. */
const char *exchange_text(int64_t id);
/* Path of a prompt below the data folder in a rotating buffer, NULL when there is no such prompt. */
const char *exchange_prompt(const struct exchange *x, const char *language, const char *name);

/* Called at the end of whatever came from outside: decisions are carried out, live values sent, the dead
 * freed. */
void exchange_settle(struct exchange *x);
/* Carries the ACD's decisions out now, so that their events come before what follows. Frees nothing. */
void exchange_drain(struct exchange *x);

struct seat *exchange_seat(struct exchange *x, int64_t agent); /* made when it does not exist */
void exchange_mark_agent(struct exchange *x, int64_t agent);
void exchange_mark_call(struct call *call);
void exchange_unmark_call(struct call *call);
void exchange_mark_queue(struct exchange *x, int64_t queue);
void exchange_live_flush(struct exchange *x);

void exchange_item_add(struct exchange *x, int64_t item, struct call *call, bool consult);
struct item *exchange_item(const struct exchange *x, int64_t item); /* NULL without */
void exchange_item_remove(struct exchange *x, int64_t item);

/* Emits an event without a call; fmt and what follows are json_pack()'s. */
void exchange_emit(struct exchange *x, enum event_kind kind, int64_t agent, const char *fmt, ...);

/* Where an agent's phone is: the newest registration. */
bool exchange_phone(
	const struct exchange *x, const struct site_agent *agent, struct binding_info *ret_binding);

/* Carries out what the ACD decided about one thing (decision.c). */
void exchange_decide(struct exchange *x, const struct acd_decision *d);

/* The agent's phone is back after it vanished in mid-call (resume.c). */
void exchange_phone_back(struct exchange *x, const struct site_agent *agent);

#endif
