/* Locking a party's address. The address of SDP may take over from one that was only heard first: whoever
 * guesses the port before the party speaks wins a moment, not the call. */
#include "media/latch.h"

#include "base/clock.h"

#define TRUST 3                   /* packets in a row */
#define QUIET_US (2 * CLOCK_S_US) /* the party may come back from elsewhere after this */

void latch_say(struct latch *l, const struct addr *said)
{
	if (addr_eq(&l->said, said))
		return;
	*l = (struct latch){ .said = *said };
}

bool latch_is_locked(const struct latch *l)
{
	return addr_is_set(&l->peer);
}

const struct addr *latch_target(const struct latch *l)
{
	return latch_is_locked(l) ? &l->peer : &l->said;
}

static void lock(struct latch *l, const struct addr *from, int64_t now_us)
{
	l->peer = *from;
	l->last_us = now_us;
	l->other_run = 0;
}

bool latch_take(struct latch *l, const struct addr *from, const struct rtp_packet *packet, int64_t now_us)
{
	bool in_row = l->other_run && l->other_ssrc == packet->ssrc &&
		packet->seq == (uint16_t)(l->other_seq + 1) && addr_eq(&l->other, from);

	if (latch_is_locked(l) && addr_eq(&l->peer, from)) {
		l->last_us = now_us;
		return true;
	}
	if (addr_is_set(&l->said) && addr_eq(&l->said, from)) {
		lock(l, from, now_us);
		return true;
	}
	if (latch_is_locked(l) && now_us - l->last_us < QUIET_US)
		return false;
	l->other_run = in_row ? l->other_run + 1 : 1;
	l->other = *from;
	l->other_ssrc = packet->ssrc;
	l->other_seq = packet->seq;
	if (l->other_run < TRUST)
		return false;
	lock(l, from, now_us);
	return true;
}
