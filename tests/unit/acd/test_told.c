/* What is told of a decision, of a pause and of the wait, in scripts as in test_acd.c. */
#include "unit.h"

#include "acd/acd.h"
#include "base/mem.h"
#include "script.h"

/* clang-format off */
static const struct {
	const char *name, *script, *answer;
} cases[] = {
	{ "agents with different skills stand in one explanation",
		"0 skill 7\n"
		"0 queue 5\n"
		"0 agent 1 skills=7:5\n"
		"0 agent 2\n"
		"0 agent 3 skills=7:2\n"
		"0 apply\n"
		"1000 work 2\n"
		"2000 work 1\n"
		"3000 work 3\n"
		"4000 item 100 queue=5\n"
		"4000 why 100\n",
		"1000 agent 2 not_ready:signed_in by=agent\n"
		"1000 agent 2 ready by=agent\n"
		"2000 agent 1 not_ready:signed_in by=agent\n"
		"2000 agent 1 ready by=agent\n"
		"3000 agent 3 not_ready:signed_in by=agent\n"
		"3000 agent 3 ready by=agent\n"
		"4000 entered 100 queue=5 priority=0 pos=1\n"
		"4000 offer 1 item=100 agent=2 until=24000\n"
		"4000 agent 2 ringing by=system item=100\n"
		"4000 why offer=1 item came waited=0 left=0: 2(level 0, idle 3000) 1(level 0, idle 2000) 3(level 0, idle 1000)\n" },
	{ "a limit of the pause he is in begins anew, one asked for in a contact begins after it",
		"0 queue 5 wrap=0\n"
		"0 agent 1\n"
		"0 apply\n"
		"0 work 1\n"
		"0 item 100 queue=5\n"
		"0 accept 1\n"
		"1000 pause 1 limit=5000\n"
		"7000 tick\n"
		"8000 end 100\n"
		"12999 tick\n"
		"13000 tick\n",
		"0 agent 1 not_ready:signed_in by=agent\n"
		"0 agent 1 ready by=agent\n"
		"0 entered 100 queue=5 priority=0 pos=1\n"
		"0 offer 1 item=100 agent=1 until=20000\n"
		"0 agent 1 ringing by=system item=100\n"
		"0 accepted 1 item=100 agent=1 rang=0\n"
		"0 left 100 answered waited=0\n"
		"0 agent 1 on_contact by=agent item=100\n"
		"8000 agent 1 not_ready by=system\n"
		"13000 agent 1 not_ready:overdue by=timeout\n" },
	{ "what a contact took counts one eighth in the wait that is promised",
		"0 queue 5 wrap=0\n"
		"0 agent 1\n"
		"0 apply\n"
		"1000 work 1\n"
		"1000 item 100 queue=5\n"
		"1000 accept 1\n"
		"21000 end 100\n"
		"21000 item 101 queue=5\n"
		"21000 accept 2\n"
		"21000 item 102 queue=5\n"
		"21000 place 102\n",
		"1000 agent 1 not_ready:signed_in by=agent\n"
		"1000 agent 1 ready by=agent\n"
		"1000 entered 100 queue=5 priority=0 pos=1\n"
		"1000 offer 1 item=100 agent=1 until=21000\n"
		"1000 agent 1 ringing by=system item=100\n"
		"1000 accepted 1 item=100 agent=1 rang=0\n"
		"1000 left 100 answered waited=0\n"
		"1000 agent 1 on_contact by=agent item=100\n"
		"21000 agent 1 ready by=system\n"
		"21000 entered 101 queue=5 priority=0 pos=1\n"
		"21000 offer 2 item=101 agent=1 until=41000\n"
		"21000 agent 1 ringing by=system item=101\n"
		"21000 accepted 2 item=101 agent=1 rang=0\n"
		"21000 left 101 answered waited=0\n"
		"21000 agent 1 on_contact by=agent item=101\n"
		"21000 entered 102 queue=5 priority=0 pos=1\n"
		"21000 place 102 pos=1 wait=160000\n" },
	{ "who waits is told his place again and again",
		"0 queue 5 announce=20000 handle=60000\n"
		"0 agent 1\n"
		"0 apply\n"
		"1000 work 1\n"
		"1000 item 100 queue=5\n"
		"1000 accept 1\n"
		"2000 item 101 queue=5\n"
		"22000 tick\n"
		"42000 tick\n",
		"1000 agent 1 not_ready:signed_in by=agent\n"
		"1000 agent 1 ready by=agent\n"
		"1000 entered 100 queue=5 priority=0 pos=1\n"
		"1000 offer 1 item=100 agent=1 until=21000\n"
		"1000 agent 1 ringing by=system item=100\n"
		"1000 accepted 1 item=100 agent=1 rang=0\n"
		"1000 left 100 answered waited=0\n"
		"1000 agent 1 on_contact by=agent item=100\n"
		"2000 entered 101 queue=5 priority=0 pos=1\n"
		"2000 announce 101 pos=1 wait=60000\n"
		"22000 announce 101 pos=1 wait=60000\n"
		"42000 announce 101 pos=1 wait=60000\n" },
	{ "level first: the highest sum in the queue's skills, then the longest idle; who comes free takes the first",
		"0 skill 7\n"
		"0 skill 8\n"
		"0 queue 5 skills=7:2,8:1 levels=\n"
		"0 agent 1 skills=7:3,8:3\n"
		"0 agent 2 skills=7:2,8:9\n"
		"0 agent 3 skills=7:9,8:2\n"
		"0 agent 4 skills=7:9\n"
		"0 apply\n"
		"1000 work 1 to=1\n"
		"2000 work 3\n"
		"3000 work 2\n"
		"4000 work 4\n"
		"5000 item 100 queue=5\n"
		"5000 why 100\n"
		"6000 item 101 queue=5\n"
		"7000 item 102 queue=5\n"
		"8000 item 103 queue=5\n"
		"9000 refuse 2\n"
		"10000 ready 2\n"
		"10000 why 101\n",
		"1000 agent 1 not_ready:signed_in by=agent\n"
		"1000 agent 1 ready by=agent\n"
		"2000 agent 3 not_ready:signed_in by=agent\n"
		"2000 agent 3 ready by=agent\n"
		"3000 agent 2 not_ready:signed_in by=agent\n"
		"3000 agent 2 ready by=agent\n"
		"4000 agent 4 not_ready:signed_in by=agent\n"
		"4000 agent 4 ready by=agent\n"
		"5000 entered 100 queue=5 priority=0 pos=1\n"
		"5000 offer 1 item=100 agent=3 until=25000 level_first\n"
		"5000 agent 3 ringing by=system item=100\n"
		"5000 why offer=1 item came, level first waited=0 left=0: 3(level 2, sum 11, idle 3000)"
		" 2(level 2, sum 11, idle 2000) 1(level 3, sum 6, idle 4000)\n"
		"6000 entered 101 queue=5 priority=0 pos=1\n"
		"6000 offer 2 item=101 agent=2 until=26000 level_first\n"
		"6000 agent 2 ringing by=system item=101\n"
		"7000 entered 102 queue=5 priority=0 pos=1\n"
		"7000 offer 3 item=102 agent=1 until=27000 level_first\n"
		"7000 agent 1 ringing by=system item=102\n"
		"8000 entered 103 queue=5 priority=0 pos=1\n"
		"9000 ended 2 item=101 agent=2 rang=3000 refused\n"
		"9000 agent 2 not_ready:refused by=agent\n"
		"10000 agent 2 ready by=agent\n"
		"10000 offer 4 item=101 agent=2 until=30000\n"
		"10000 agent 2 ringing by=system item=101\n"
		"10000 why offer=4 agent came waited=4000 left=1: 2(level 2, sum 11, idle 0)\n" },
	{ "level first: one expert among many who have idled longer, and most of the others are not told",
		"0 skill 7\n"
		"0 queue 5 skills=7:1 levels=\n"
		"0 agent 1 skills=7:2\n"
		"0 agent 2 skills=7:1\n"
		"0 agent 3 skills=7:1\n"
		"0 agent 4 skills=7:1\n"
		"0 agent 5 skills=7:1\n"
		"0 agent 6 skills=7:1\n"
		"0 agent 7 skills=7:1\n"
		"0 agent 8 skills=7:1\n"
		"0 agent 9 skills=7:1\n"
		"0 agent 10 skills=7:9\n"
		"0 agent 11 skills=7:5\n"
		"0 apply\n"
		"1000 work 1 to=10\n"
		"2000 work 11\n"
		"3000 item 100 queue=5\n"
		"3000 why 100\n",
		"1000 agent 1 not_ready:signed_in by=agent\n"
		"1000 agent 1 ready by=agent\n"
		"1000 agent 2 not_ready:signed_in by=agent\n"
		"1000 agent 2 ready by=agent\n"
		"1000 agent 3 not_ready:signed_in by=agent\n"
		"1000 agent 3 ready by=agent\n"
		"1000 agent 4 not_ready:signed_in by=agent\n"
		"1000 agent 4 ready by=agent\n"
		"1000 agent 5 not_ready:signed_in by=agent\n"
		"1000 agent 5 ready by=agent\n"
		"1000 agent 6 not_ready:signed_in by=agent\n"
		"1000 agent 6 ready by=agent\n"
		"1000 agent 7 not_ready:signed_in by=agent\n"
		"1000 agent 7 ready by=agent\n"
		"1000 agent 8 not_ready:signed_in by=agent\n"
		"1000 agent 8 ready by=agent\n"
		"1000 agent 9 not_ready:signed_in by=agent\n"
		"1000 agent 9 ready by=agent\n"
		"1000 agent 10 not_ready:signed_in by=agent\n"
		"1000 agent 10 ready by=agent\n"
		"2000 agent 11 not_ready:signed_in by=agent\n"
		"2000 agent 11 ready by=agent\n"
		"3000 entered 100 queue=5 priority=0 pos=1\n"
		"3000 offer 1 item=100 agent=10 until=23000 level_first\n"
		"3000 agent 10 ringing by=system item=100\n"
		"3000 why offer=1 item came, level first waited=0 left=0: 10(level 9, sum 9, idle 2000)"
		" 11(level 5, sum 5, idle 1000) 1(level 2, sum 2, idle 2000) 2(level 1, sum 1, idle 2000)"
		" 3(level 1, sum 1, idle 2000) 4(level 1, sum 1, idle 2000) 5(level 1, sum 1, idle 2000)"
		" 6(level 1, sum 1, idle 2000)\n" },
	{ "a queue may change its strategy, and an agent his level, while people wait for a call",
		"0 skill 7\n"
		"0 queue 5 skills=7:1\n"
		"0 agent 1 skills=7:3\n"
		"0 agent 2 skills=7:4\n"
		"0 apply\n"
		"1000 work 1 to=2\n"
		"2000 item 100 queue=5\n"
		"2000 cancel 100\n"
		"3000 skill 7\n"
		"3000 queue 5 skills=7:1 levels=\n"
		"3000 agent 1 skills=7:3\n"
		"3000 agent 2 skills=7:4\n"
		"3000 apply\n"
		"4000 item 101 queue=5\n"
		"4000 cancel 101\n"
		"5000 skill 7\n"
		"5000 queue 5 skills=7:1 levels=\n"
		"5000 agent 1 skills=7:5\n"
		"5000 agent 2 skills=7:4\n"
		"5000 apply\n"
		"6000 item 102 queue=5\n"
		"6000 cancel 102\n"
		"7000 skill 7\n"
		"7000 queue 5 levels=\n"
		"7000 agent 1 skills=7:5\n"
		"7000 agent 2 skills=7:9\n"
		"7000 apply\n"
		"8000 item 103 queue=5\n",
		"1000 agent 1 not_ready:signed_in by=agent\n"
		"1000 agent 1 ready by=agent\n"
		"1000 agent 2 not_ready:signed_in by=agent\n"
		"1000 agent 2 ready by=agent\n"
		"2000 entered 100 queue=5 priority=0 pos=1\n"
		"2000 offer 1 item=100 agent=1 until=22000\n"
		"2000 agent 1 ringing by=system item=100\n"
		"2000 ended 1 item=100 agent=1 rang=0 withdrawn\n"
		"2000 left 100 abandoned waited=0\n"
		"2000 agent 1 ready by=caller\n"
		"4000 entered 101 queue=5 priority=0 pos=1\n"
		"4000 offer 2 item=101 agent=2 until=24000 level_first\n"
		"4000 agent 2 ringing by=system item=101\n"
		"4000 ended 2 item=101 agent=2 rang=0 withdrawn\n"
		"4000 left 101 abandoned waited=0\n"
		"4000 agent 2 ready by=caller\n"
		"6000 entered 102 queue=5 priority=0 pos=1\n"
		"6000 offer 3 item=102 agent=1 until=26000 level_first\n"
		"6000 agent 1 ringing by=system item=102\n"
		"6000 ended 3 item=102 agent=1 rang=0 withdrawn\n"
		"6000 left 102 abandoned waited=0\n"
		"6000 agent 1 ready by=caller\n"
		"8000 entered 103 queue=5 priority=0 pos=1\n"
		"8000 offer 4 item=103 agent=1 until=28000 level_first\n"
		"8000 agent 1 ringing by=system item=103\n" },
	{ "room for work has limits",
		"0 agent 1 voice=100 chat=100 mail=100 total=100\n"
		"0 apply\n"
		"0 agent 1 voice=101\n"
		"0 apply\n"
		"0 agent 1 mail=101\n"
		"0 apply\n"
		"0 agent 1 total=101\n"
		"0 apply\n"
		"0 agent 1 total=-1\n"
		"0 apply\n",
		"fault agent.1.capacity range\n"
		"fault agent.1.capacity range\n"
		"fault agent.1.capacity_total range\n"
		"fault agent.1.capacity_total range\n" },
};
/* clang-format on */

static void it_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		script_check(cases[i].name, cases[i].script, cases[i].answer);
}

/* The history says who took a call by what is decided here. */
static void it_is_told_who_took_it(void **state)
{
	(void)state;
	const struct acd_agent agent = { .id = 8 };
	const struct acd_queue queue = { .id = 5 };
	const struct acd_config config = { .agents = &agent, .n_agents = 1, .queues = &queue, .n_queues = 1 };
	const struct acd_item items[] = { { .id = 100, .queue = 5 }, { .id = 101, .queue = 5 } };
	struct acd *acd = acd_new(0);
	struct acd_decision said;
	int64_t took[2] = { -1, -1 };
	assert_int_equal(acd_config(acd, &config, 1, NULL), 0);
	assert_int_equal(acd_sign_in(acd, 8, 1), 0);
	assert_int_equal(acd_set_phone(acd, 8, true, 1), 0);
	assert_int_equal(acd_set_ready(acd, 8, ACD_BY_AGENT, 1), 0);
	for (size_t i = 0; i < ARRAY_LEN(items); i++)
		assert_int_equal(acd_item_add(acd, &items[i], 2), 0);
	assert_int_equal(acd_item_cancel(acd, 101, ACD_LEFT_ABANDONED, 3), 0);
	while (acd_next(acd, &said)) {
		if (said.what == ACD_OFFER_MADE)
			assert_int_equal(acd_offer_accept(acd, said.offer, 4), 0);
		if (said.what == ACD_ITEM_LEFT)
			took[said.item - 100] = said.agent;
	}
	assert_int_equal(took[0], 8);
	assert_int_equal(took[1], 0);
	acd_free(acd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_told),
		cmocka_unit_test(it_is_told_who_took_it),
	};
	return unit_run(tests);
}
