#ifndef LX_MEDIA_KEYS_H
#define LX_MEDIA_KEYS_H

#include "media/rtp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Telephone keys by RFC 4733, in and out, without sockets or clocks. */
#define KEYS_PAYLOAD_SIZE 4

/* Receiving: one key however often its packets repeat. A key whose end was lost counts when the next begins
 * or when keys_flush() sees it silent for half a second. */
struct keys_in {
	bool active;
	bool reported; /* the event with this timestamp was */
	bool any;
	uint32_t ts;
	uint8_t event;
	uint16_t duration;
	int64_t last_us;
};

struct key {
	char c; /* 0 is none */
	int duration_ms;
};

/* Takes one telephone-event packet; the key that ended, if one did. Two can end at once when a lost end meets
 * a short key, so ret_keys has room for two; returns how many. */
size_t keys_take(struct keys_in *k, const struct rtp_packet *packet, int64_t now_us, struct key ret_keys[2]);
size_t keys_flush(struct keys_in *k, int64_t now_us, struct key ret_keys[1]);

/* Sending: one packet each 20 ms while keys_out_busy(). */
#define KEYS_QUEUE 64
struct keys_out {
	char queue[KEYS_QUEUE];
	size_t head, n;
	uint16_t on[KEYS_QUEUE], off[KEYS_QUEUE]; /* samples, per key */
	uint32_t ts;                              /* of the event being sent */
	uint16_t duration;
	unsigned ends_left, pause_left; /* packets */
	bool started;
};

/* -E_INVALID for a character that is no key, -E_LIMIT when the queue is full; nothing is queued then. */
int keys_out_add(struct keys_out *k, const char *keys, int on_ms, int off_ms) MUST_CHECK;
bool keys_are_valid(const char *keys);
bool keys_out_busy(const struct keys_out *k);

enum keys_step { KEYS_PAUSE, KEYS_BEGIN, KEYS_GO_ON };
/* What to send in this 20 ms: KEYS_BEGIN starts a new timestamp (the caller stores it in k->ts) and sets the
 * marker, KEYS_GO_ON repeats k->ts, KEYS_PAUSE sends nothing. payload is filled for the first two. */
enum keys_step keys_out_step(struct keys_out *k, uint8_t payload[KEYS_PAYLOAD_SIZE]);

#endif
