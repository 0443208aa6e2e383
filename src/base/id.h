#ifndef LX_BASE_ID_H
#define LX_BASE_ID_H

#include <stddef.h>
#include <stdint.h>

/* 64-bit ids made by the program: 41 bits of milliseconds since 2020, 6 of node, 16 of sequence. They sort by
 * time and never collide between nodes; each source belongs to one thread. In JSON they travel as decimal
 * strings. */
struct id_source {
	unsigned node; /* 0…63 */
	int64_t last_ms;
	unsigned seq;
};

int64_t id_next(struct id_source *src, int64_t wall_ms);

/* Cryptographic randomness (libsodium). */
void id_random(void *bytes, size_t n);
/* n random characters of [a-z2-7] and a terminator: five bits each. */
void id_token(char *dst, size_t n);

#endif
