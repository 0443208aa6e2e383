/* Treap with sub-tree sizes. The weights are a hash of seq, not random numbers: the same inputs build the
 * same tree, and a replay stays exact. Callers arrive in order, so nearly every insertion ends at the right
 * edge and climbs a few steps only. */
#include "acd/rank.h"

static uint64_t weight_of(uint64_t seq)
{
	uint64_t x = seq + UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static bool ordered(int64_t key, uint64_t seq, const struct rank_node *node)
{
	return key < node->key || (key == node->key && seq < node->seq);
}

bool rank_less(const struct rank_node *a, const struct rank_node *b)
{
	return ordered(a->key, a->seq, b);
}

static size_t size_of(const struct rank_node *node)
{
	return node ? node->n : 0;
}

static void resize(struct rank_node *node)
{
	node->n = 1 + size_of(node->left) + size_of(node->right);
}

static struct rank_node **link_to(struct rank *rank, const struct rank_node *node)
{
	struct rank_node *up = node->parent;
	if (!up)
		return &rank->root;
	return up->left == node ? &up->left : &up->right;
}

/* Turns node above its parent. */
static void rotate_up(struct rank *rank, struct rank_node *node)
{
	struct rank_node *up = node->parent, *inner;
	*link_to(rank, up) = node;
	node->parent = up->parent;
	if (up->left == node) {
		inner = node->right;
		node->right = up;
		up->left = inner;
	} else {
		inner = node->left;
		node->left = up;
		up->right = inner;
	}
	if (inner)
		inner->parent = up;
	up->parent = node;
	resize(up);
	resize(node);
}

void rank_add(struct rank *rank, struct rank_node *node)
{
	struct rank_node **at = &rank->root, *up = NULL;
	while (*at) {
		up = *at;
		up->n++;
		at = rank_less(node, up) ? &up->left : &up->right;
	}
	node->parent = up;
	node->left = node->right = NULL;
	node->n = 1;
	node->weight = weight_of(node->seq);
	*at = node;
	while (node->parent && node->weight < node->parent->weight)
		rotate_up(rank, node);
	if (!rank->first || rank_less(node, rank->first))
		rank->first = node;
}

static struct rank_node *next_of(struct rank_node *node)
{
	if (node->right) {
		node = node->right;
		while (node->left)
			node = node->left;
		return node;
	}
	while (node->parent && node->parent->right == node)
		node = node->parent;
	return node->parent;
}

void rank_remove(struct rank *rank, struct rank_node *node)
{
	if (rank->first == node)
		rank->first = next_of(node);
	while (node->left && node->right)
		rotate_up(rank, node->left->weight < node->right->weight ? node->left : node->right);
	struct rank_node *child = node->left ? node->left : node->right;
	*link_to(rank, node) = child;
	if (child)
		child->parent = node->parent;
	for (struct rank_node *up = node->parent; up; up = up->parent)
		up->n--;
	node->parent = node->left = node->right = NULL;
	node->n = 0;
}

size_t rank_size(const struct rank *rank)
{
	return size_of(rank->root);
}

bool rank_has(const struct rank_node *node)
{
	return node->n != 0;
}

size_t rank_before(const struct rank *rank, int64_t key, uint64_t seq)
{
	size_t before = 0;
	const struct rank_node *node = rank->root;
	while (node) {
		if (ordered(key, seq, node) || (key == node->key && seq == node->seq)) {
			node = node->left;
		} else {
			before += 1 + size_of(node->left);
			node = node->right;
		}
	}
	return before;
}
