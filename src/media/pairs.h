#ifndef LX_MEDIA_PAIRS_H
#define LX_MEDIA_PAIRS_H

#include "net/addr.h"

/* UDP ports in pairs (even for RTP, the next for RTCP), on the signalling thread. A freed pair rests before
 * it is used again, so that late packets of the old call find nobody. Time is an argument. */
struct pairs;

/* -E_INVALID when the range holds no pair. */
int pairs_new(const struct addr *local, uint16_t low, uint16_t high, int64_t rest_us,
	struct pairs **ret_pairs) MUST_CHECK;
void pairs_free(struct pairs *p); /* NULL allowed */

struct pair_open {
	uint16_t port;
	int fds[2];          /* RTP, RTCP; the second -1 without */
	uint32_t stale_ssrc; /* who was heard here before, 0 if nobody: he may not know yet that his call
				ended */
};

/* Binds a free pair, or only its even port; passes over what other programs hold. -E_BUSY when none is free
 * or rested. */
int pairs_open(struct pairs *p, bool with_rtcp, int64_t now_us, struct pair_open *ret_pair) MUST_CHECK;
/* The sockets are closed; the pair rests from now. */
void pairs_give_back(struct pairs *p, uint16_t port, uint32_t ssrc, int64_t now_us);
unsigned pairs_available(const struct pairs *p, int64_t now_us);

#endif
