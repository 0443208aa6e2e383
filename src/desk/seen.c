/* Open addressing; values are known by a keyed hash of 64 bits, so two meet by chance once in centuries of
 * imports. */
#include "desk/seen.h"

#include "base/mem.h"

#include <sodium.h>
#include <stdlib.h>

#define FIRST_SIZE 1024

struct slot {
	uint64_t hash; /* 0: free */
	int64_t row;
};

struct seen {
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct slot *slots;
	size_t size, n;
};

struct seen *seen_new(void)
{
	struct seen *seen = mem_alloc(sizeof(*seen));
	randombytes_buf(seen->key, sizeof(seen->key));
	seen->size = FIRST_SIZE;
	seen->slots = mem_array(seen->size, sizeof(*seen->slots));
	return seen;
}

void *seen_free(struct seen *seen)
{
	if (seen)
		free(seen->slots);
	free(seen);
	return NULL;
}

static uint64_t hash_of(const struct seen *seen, size_t field, struct str value)
{
	uint64_t hash;
	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)value.p, value.n, seen->key);
	hash += field * UINT64_C(0x9e3779b97f4a7c15);
	return hash ? hash : 1;
}

static struct slot *slot_of(const struct seen *seen, uint64_t hash)
{
	size_t i = (size_t)hash & (seen->size - 1);
	while (seen->slots[i].hash && seen->slots[i].hash != hash)
		i = (i + 1) & (seen->size - 1);
	return &seen->slots[i];
}

static void grow(struct seen *seen)
{
	struct slot *old = seen->slots;
	size_t size = seen->size;
	seen->size *= 2;
	seen->slots = mem_array(seen->size, sizeof(*old));
	for (size_t i = 0; i < size; i++)
		if (old[i].hash)
			*slot_of(seen, old[i].hash) = old[i];
	free(old);
}

int64_t seen_find(const struct seen *seen, size_t field, struct str value)
{
	return slot_of(seen, hash_of(seen, field, value))->row;
}

void seen_add(struct seen *seen, size_t field, struct str value, int64_t row)
{
	if (seen->n * 3 > seen->size * 2)
		grow(seen);
	struct slot *slot = slot_of(seen, hash_of(seen, field, value));
	if (slot->hash)
		return;
	*slot = (struct slot){ hash_of(seen, field, value), row };
	seen->n++;
}
