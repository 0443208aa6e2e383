/* Chained hash table that doubles when full. Each string is hashed by itself and then the hashes together, so
 * no string has to be copied and their borders count. */
#include "base/table.h"

#include "base/mem.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64
#define MAX_PARTS 8

static size_t slot_of(const struct table *t, const struct table_key *key)
{
	return (size_t)key->half[0] & (t->size - 1);
}

static bool key_eq(const struct table_key *a, const struct table_key *b)
{
	return a->half[0] == b->half[0] && a->half[1] == b->half[1];
}

static void grow(struct table *t)
{
	struct table_node **old = t->slots;
	size_t old_size = t->size;
	t->size = old_size ? old_size * 2 : FIRST_SIZE;
	t->slots = mem_array(t->size, sizeof(struct table_node *));
	for (size_t i = 0; i < old_size; i++) {
		struct table_node *node = old[i];
		struct table_node **tail[2] = { &t->slots[i], &t->slots[i + old_size] };
		/* Order within a chain stays: the latest of equal keys comes first. */
		for (; node; node = node->next) {
			struct table_node ***end = &tail[slot_of(t, &node->key) != i];
			**end = node;
			*end = &node->next;
		}
		*tail[0] = NULL;
		*tail[1] = NULL;
	}
	free(old);
}

void table_init(struct table *t)
{
	*t = (struct table){ 0 };
	randombytes_buf(t->secret, sizeof(t->secret));
}

void table_done(struct table *t)
{
	free(t->slots);
	t->slots = NULL;
	t->size = 0;
	t->n = 0;
}

struct table_key table_key(const struct table *t, const struct str *parts, size_t n)
{
	unsigned char digests[MAX_PARTS][16];
	struct table_key key;
	assert(n && n <= MAX_PARTS);
	for (size_t i = 0; i < n; i++)
		crypto_shorthash_siphashx24(digests[i], (const unsigned char *)(parts[i].n ? parts[i].p : ""),
			parts[i].n, t->secret);
	if (n == 1)
		memcpy(&key, digests[0], sizeof(key));
	else
		crypto_shorthash_siphashx24((unsigned char *)&key, digests[0], n * 16, t->secret);
	return key;
}

void table_add(struct table *t, struct table_node *node, const struct table_key *key)
{
	assert(!node->linked);
	if (t->n >= t->size)
		grow(t);
	node->key = *key;
	size_t slot = slot_of(t, key);
	node->next = t->slots[slot];
	node->linked = true;
	t->slots[slot] = node;
	t->n++;
}

void table_remove(struct table *t, struct table_node *node)
{
	if (!node->linked)
		return;
	struct table_node **at = &t->slots[slot_of(t, &node->key)];
	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	node->next = NULL;
	node->linked = false;
	t->n--;
}

struct table_node *table_find(const struct table *t, const struct table_key *key)
{
	if (!t->n)
		return NULL;
	for (struct table_node *node = t->slots[slot_of(t, key)]; node; node = node->next)
		if (key_eq(&node->key, key))
			return node;
	return NULL;
}

struct table_node *table_find_next(const struct table_node *node)
{
	for (struct table_node *other = node->next; other; other = other->next)
		if (key_eq(&other->key, &node->key))
			return other;
	return NULL;
}

struct table_node *table_any(const struct table *t)
{
	for (size_t i = 0; t->n && i < t->size; i++)
		if (t->slots[i])
			return t->slots[i];
	return NULL;
}
