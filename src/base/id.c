/* Ids and tokens. */
#include "base/id.h"

#include <sodium.h>
#include <string.h>

#define EPOCH_MS INT64_C(1577836800000) /* 2020-01-01 */

int64_t id_next(struct id_source *src, int64_t wall_ms)
{
	if (wall_ms <= src->last_ms) {
		wall_ms = src->last_ms; /* the clock stepped back, or the same millisecond */
		if (++src->seq > 0xffff) {
			src->seq = 0;
			wall_ms++;
		}
	} else {
		src->seq = 0;
	}
	src->last_ms = wall_ms;
	return (wall_ms - EPOCH_MS) << 22 | (int64_t)(src->node & 63) << 16 | (int64_t)src->seq;
}

/* Branches, tags and tokens are short and many: the kernel is asked for a page of bytes at a time, and what
 * was given out is wiped. */
void id_random(void *bytes, size_t n)
{
	static _Thread_local unsigned char page[512];
	static _Thread_local size_t left;
	if (n > sizeof(page)) {
		randombytes_buf(bytes, n);
		return;
	}
	if (left < n) {
		randombytes_buf(page, sizeof(page));
		left = sizeof(page);
	}
	left -= n;
	memcpy(bytes, page + left, n);
	sodium_memzero(page + left, n);
}

void id_token(char *dst, size_t n)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char bytes[64];
	for (size_t i = 0; i < n; i++) {
		if (i % sizeof(bytes) == 0)
			id_random(bytes, n - i < sizeof(bytes) ? n - i : sizeof(bytes));
		dst[i] = alphabet[bytes[i % sizeof(bytes)] & 31];
	}
	dst[n] = '\0';
}
