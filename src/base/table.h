#ifndef LX_BASE_TABLE_H
#define LX_BASE_TABLE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hash table of nodes embedded in their owners, found by several strings together. The strings become a keyed
 * 128-bit SipHash at once: nodes keep no text, two keys never meet by chance, and a peer who chooses the
 * strings cannot fill one chain. One thread. */
struct table_key {
	uint64_t half[2];
};

struct table_node {
	struct table_node *next;
	struct table_key key;
	bool linked;
};

struct table {
	struct table_node **slots;
	size_t size; /* power of two, 0 at first */
	size_t n;
	unsigned char secret[16];
};

void table_init(struct table *t);
void table_done(struct table *t); /* the nodes are forgotten */

/* Key of n strings in this order; "a","bc" and "ab","c" differ. At most 8 strings. */
struct table_key table_key(const struct table *t, const struct str *parts, size_t n);

/* A node is in one table at most; several nodes with one key are allowed, the latest is found first. */
void table_add(struct table *t, struct table_node *node, const struct table_key *key);
void table_remove(struct table *t, struct table_node *node); /* harmless when not in it */
struct table_node *table_find(const struct table *t, const struct table_key *key);
struct table_node *table_find_next(const struct table_node *node); /* the next one with the same key */

/* Any node, NULL when empty: to empty a table. */
struct table_node *table_any(const struct table *t);

#endif
