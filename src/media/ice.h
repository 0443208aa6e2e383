#ifndef LX_MEDIA_ICE_H
#define LX_MEDIA_ICE_H

#include "media/stun.h"

/* Our half of ICE (RFC 8445, lite): we answer checks, the party decides. Pure; time is an argument. */
#define ICE_UFRAG_SIZE 9
#define ICE_PWD_SIZE 25
#define ICE_KNOWN 4
#define ICE_CONSENT_US INT64_C(30000000) /* RFC 7675 */

struct ice_secret {
	char ufrag[ICE_UFRAG_SIZE], pwd[ICE_PWD_SIZE];
};

struct ice {
	struct ice_secret now;
	struct ice_secret before;     /* until the first check with the new one; "" without */
	struct addr known[ICE_KNOWN]; /* who sent a valid check, newest first */
	struct addr selected;         /* nominated: packets go there */
	int64_t consent_us;           /* newest valid check of the selected address */
};

/* Fresh random credentials. */
void ice_secret_make(struct ice_secret *ret_secret);
void ice_init(struct ice *ice, const struct ice_secret *secret);
/* New credentials; the old ones hold until the new are used. */
void ice_restart(struct ice *ice, const struct ice_secret *secret);

struct ice_reply {
	size_t n; /* 0: none */
	uint8_t bytes[STUN_SIZE_MAX];
};

/* Takes one STUN message and says what to answer; true when another address has been selected. */
bool ice_take(struct ice *ice, struct str bytes, const struct addr *from, int64_t now_us,
	struct ice_reply *ret_reply);
bool ice_knows(const struct ice *ice, const struct addr *from);
/* Selected, and the party still wants to hear from us. */
bool ice_has_consent(const struct ice *ice, int64_t now_us);

#endif
