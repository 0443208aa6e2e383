/* The tree against a sorted array. */
#include "acd/rank.h"
#include "unit.h"

#define NODES 300

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static size_t count_before(const struct rank_node *nodes, const struct rank_node *node)
{
	size_t before = 0;
	for (size_t i = 0; i < NODES; i++)
		before += rank_has(&nodes[i]) && rank_less(&nodes[i], node);
	return before;
}

static void check_all(const struct rank *rank, const struct rank_node *nodes)
{
	size_t size = 0;
	for (size_t i = 0; i < NODES; i++) {
		size_t before = count_before(nodes, &nodes[i]);
		size += rank_has(&nodes[i]);
		assert_int_equal(rank_before(rank, nodes[i].key, nodes[i].seq), before);
		if (rank_has(&nodes[i]) && before == 0)
			assert_ptr_equal(rank->first, &nodes[i]);
	}
	assert_int_equal(rank_size(rank), size);
	if (!size)
		assert_null(rank->first);
}

static void agrees_with_counting(void **state)
{
	(void)state;
	struct rank_node nodes[NODES] = { 0 };
	struct rank rank = { 0 };
	uint64_t seed = 7;
	for (size_t i = 0; i < NODES; i++) {
		nodes[i].key = (int64_t)(next_random(&seed) % 40);
		nodes[i].seq = i + 1;
	}
	for (size_t round = 0; round < 3000; round++) {
		struct rank_node *node = &nodes[next_random(&seed) % NODES];
		if (rank_has(node))
			rank_remove(&rank, node);
		else
			rank_add(&rank, node);
		if (round % 20 == 0)
			check_all(&rank, nodes);
	}
	while (rank.first)
		rank_remove(&rank, rank.first);
	check_all(&rank, nodes);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(agrees_with_counting) };
	return unit_run(tests);
}
