/* What is told of a decision, of a pause and of the wait, in scripts as in test_acd.c. */
#include "unit.h"

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
};
/* clang-format on */

static void it_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		script_check(cases[i].name, cases[i].script, cases[i].answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_told),
	};
	return unit_run(tests);
}
