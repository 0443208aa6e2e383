/* RFC 4733. An event is known by its timestamp, so repeated and late packets of a reported one are told apart
 * from the same key pressed again. The end goes out three times (2.5.1.4). */
#include "media/keys.h"

#include "base/clock.h"

#include <string.h>

#define LOST_END_US (CLOCK_S_US / 2)
#define STEP 160
#define ENDS 3

static const char names[] = "0123456789*#ABCD";

static struct key finish(struct keys_in *k)
{
	k->active = false;
	k->reported = true;
	return (struct key){ .c = names[k->event], .duration_ms = k->duration / (RTP_RATE / 1000) };
}

size_t keys_take(struct keys_in *k, const struct rtp_packet *packet, int64_t now_us, struct key ret_keys[2])
{
	const uint8_t *p = packet->payload;
	uint16_t duration;
	size_t n = 0;

	if (packet->n < KEYS_PAYLOAD_SIZE || p[0] >= sizeof(names) - 1)
		return 0;
	duration = (uint16_t)(p[2] << 8 | p[3]);
	if (k->any && packet->ts != k->ts && (int32_t)(packet->ts - k->ts) < 0)
		return 0;
	if (!k->any || packet->ts != k->ts) {
		if (k->active)
			ret_keys[n++] = finish(k);
		*k = (struct keys_in){ .any = true, .active = true, .ts = packet->ts, .event = p[0] };
	}
	if (k->reported)
		return n;
	k->last_us = now_us;
	if (duration > k->duration)
		k->duration = duration;
	if (p[1] & 0x80)
		ret_keys[n++] = finish(k);
	return n;
}

size_t keys_flush(struct keys_in *k, int64_t now_us, struct key ret_keys[1])
{
	if (!k->active || now_us - k->last_us < LOST_END_US)
		return 0;
	ret_keys[0] = finish(k);
	return 1;
}

bool keys_are_valid(const char *keys)
{
	return *keys && strspn(keys, names) == strlen(keys);
}

static uint16_t steps_of(int ms, int def)
{
	int steps = ((ms > 0 ? ms : def) + 19) / 20;

	return (uint16_t)(steps < 250 ? steps : 250);
}

int keys_out_add(struct keys_out *k, const char *keys, int on_ms, int off_ms)
{
	size_t n = strlen(keys);

	if (!keys_are_valid(keys))
		return -E_INVALID;
	if (n > KEYS_QUEUE - k->n)
		return -E_LIMIT;
	for (size_t i = 0; i < n; i++) {
		size_t slot = (k->head + k->n++) % KEYS_QUEUE;

		k->queue[slot] = keys[i];
		k->on[slot] = (uint16_t)(steps_of(on_ms, 100) * STEP);
		k->off[slot] = steps_of(off_ms, 60);
	}
	return 0;
}

bool keys_out_busy(const struct keys_out *k)
{
	return k->n || k->pause_left;
}

static void next_key(struct keys_out *k)
{
	k->pause_left = k->off[k->head];
	k->head = (k->head + 1) % KEYS_QUEUE;
	k->n--;
	k->started = false;
}

enum keys_step keys_out_step(struct keys_out *k, uint8_t payload[KEYS_PAYLOAD_SIZE])
{
	bool begin;

	if (k->pause_left || !k->n) {
		if (k->pause_left)
			k->pause_left--;
		return KEYS_PAUSE;
	}
	begin = !k->started;
	if (begin) {
		k->started = true;
		k->duration = 0;
		k->ends_left = ENDS;
	}
	if (k->duration < k->on[k->head])
		k->duration = (uint16_t)(k->duration + STEP);
	payload[0] = (uint8_t)(strchr(names, k->queue[k->head]) - names);
	payload[1] = 10;
	payload[2] = (uint8_t)(k->duration >> 8);
	payload[3] = (uint8_t)k->duration;
	if (k->duration >= k->on[k->head]) {
		payload[1] |= 0x80;
		if (!--k->ends_left)
			next_key(k);
	}
	return begin ? KEYS_BEGIN : KEYS_GO_ON;
}
