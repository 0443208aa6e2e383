#ifndef LX_MEDIA_LATCH_H
#define LX_MEDIA_LATCH_H

#include "media/rtp.h"
#include "net/addr.h"

/* Whose packets are the party's: what SDP said wins at once, an unknown sender (NAT) is believed after three
 * packets in a row, and once locked no other address gets in while the party speaks. Pure; zeroed to begin
 * with. */
struct latch {
	struct addr said;  /* by SDP */
	struct addr peer;  /* locked; packets go there too */
	struct addr other; /* a stranger and his packets in a row */
	uint32_t other_ssrc;
	uint16_t other_seq;
	unsigned other_run;
	int64_t last_us; /* newest packet of peer */
};

/* A new address by SDP unlocks, the same does not. */
void latch_say(struct latch *l, const struct addr *said);
/* Whether this packet is the party's. */
bool latch_take(struct latch *l, const struct addr *from, const struct rtp_packet *packet, int64_t now_us);
bool latch_is_locked(const struct latch *l);
/* Where to send: the locked address, else what SDP said; may be none. */
const struct addr *latch_target(const struct latch *l);

#endif
