/* An agent's place, and what happens when his phone vanishes in mid-call: the other side hears music while he
 * has half a minute to come back (a page reloaded, a socket lost); his phone is then rung again, answers by
 * itself, and takes the place of the lost leg. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "call/exchange_int.h"

#include <inttypes.h>

#define COME_BACK_US (30 * CLOCK_S_US)

static void on_lost_timer(void *arg)
{
	struct seat *seat = arg;
	struct exchange *x = seat->x;
	struct leg *leg = seat->leg;
	if (!leg)
		return;
	log_(LOG_CALL, LOG_INFO, "phone did not come back agent=%" PRId64 " call=%" PRId64, seat->agent,
		leg->call->id);
	leg_hangup(leg, "unreachable");
	call_leg_ended(leg);
	exchange_settle(x);
}

struct seat *exchange_seat(struct exchange *x, int64_t agent)
{
	struct seat *seat = NULL;
	HASH_FIND(hh, x->seats, &agent, sizeof(agent), seat);
	if (seat)
		return seat;
	seat = mem_alloc(sizeof(*seat));
	seat->agent = agent;
	seat->x = x;
	timer_init(&seat->lost, on_lost_timer, seat);
	HASH_ADD(hh, x->seats, agent, sizeof(seat->agent), seat);
	return seat;
}

void call_leg_lost(struct leg *leg)
{
	struct call *call = leg->call;
	struct exchange *x = leg->x;
	struct seat *seat = leg->agent ? exchange_seat(x, leg->agent) : NULL;
	if (!seat || seat->leg != leg || leg->state != LS_UP) {
		leg_hangup(leg, "unreachable");
		call_leg_ended(leg);
		return;
	}
	timer_start_in(x->timers, &seat->lost, COME_BACK_US);
	if (leg == call->peer && call->joined && call->state == CS_TALKING) {
		call_part(call);
		call_music(call, call->party, call->last_queue);
	}
	exchange_mark_call(call);
}

void exchange_phone_back(struct exchange *x, const struct site_agent *agent)
{
	struct seat *seat = exchange_seat(x, agent->id);
	struct leg *lost = seat->leg;
	if (!lost || !timer_is_pending(&seat->lost) || lost->call->trying)
		return;
	struct call *call = lost->call;
	if (lost != call->peer || call->state != CS_TALKING)
		return;
	call->replaced = lost;
	int err = call_ring_agent(call, agent->id, 0, LEG_AGENT);
	seat->leg = lost; /* until the new leg is up */
	if (err) {
		call->replaced = NULL;
		log_(LOG_CALL, LOG_INFO, "phone is back but not reached agent=%" PRId64 " err=%s", agent->id,
			err_name(err));
	}
}
