#ifndef LX_MEDIA_SEAL_H
#define LX_MEDIA_SEAL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SRTP and SRTCP of one stream, both directions (RFC 3711, RFC 7714). One thread at a time. */
#define SEAL_ROOM 32 /* bytes that protecting may add */
#define SEAL_KEY_MAX 30

enum seal_profile { SEAL_GCM_128, SEAL_SHA1_80 };

struct seal_keys {
	enum seal_profile profile;
	uint8_t ours[SEAL_KEY_MAX], theirs[SEAL_KEY_MAX]; /* key, then salt */
};

size_t seal_key_size(enum seal_profile profile);  /* 16 */
size_t seal_salt_size(enum seal_profile profile); /* 12 or 14 */

struct seal;
int seal_new(const struct seal_keys *keys, struct seal **ret_seal) MUST_CHECK;
void seal_free(struct seal *s); /* NULL allowed */

/* In place; *n changes. The buffer has SEAL_ROOM behind what goes out. -E_SYNTAX for what is no packet,
 * -E_AUTH for what is forged, -E_EXISTS for a packet repeated or more than 63 behind the newest (never sent
 * twice either: it would reveal the key stream). An SRTCP packet that says it is not encrypted is refused. */
int seal_protect(struct seal *s, uint8_t *bytes, size_t *n, bool rtcp) MUST_CHECK;
int seal_unprotect(struct seal *s, uint8_t *bytes, size_t *n, bool rtcp) MUST_CHECK;

#endif
