#ifndef LX_ACD_RANK_H
#define LX_ACD_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Waiting things in order, each of which can be asked for its place: a treap with sub-tree sizes, embedded in
 * what it orders. All operations are O(log n); the first is O(1). Order: key, then seq (unique). */
struct rank_node {
	struct rank_node *parent, *left, *right;
	size_t n; /* nodes of this sub-tree, 0 when in no tree */
	uint64_t weight;
	int64_t key;
	uint64_t seq;
};

struct rank {
	struct rank_node *root, *first;
};

/* key and seq are set by the owner before and stay as they are while the node is in the tree. */
void rank_add(struct rank *rank, struct rank_node *node);
void rank_remove(struct rank *rank, struct rank_node *node);
size_t rank_size(const struct rank *rank);
bool rank_has(const struct rank_node *node);

/* How many nodes of the tree stand before (key, seq), which need not be in it. */
size_t rank_before(const struct rank *rank, int64_t key, uint64_t seq);

bool rank_less(const struct rank_node *a, const struct rank_node *b);

#endif
