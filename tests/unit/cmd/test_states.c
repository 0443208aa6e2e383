/* Every cell of every state machine: no state without a way in or out, no event that moves nothing, and
 * docs/states.md shows them as they are. With LX_WRITE set it writes that file. */
#include "unit.h"

#include "base/buf.h"
#include "base/mem.h"
#include "cmd/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME LX_SOURCE_DIR "/docs/states.md"
#define MAX_BYTES ((size_t)1 << 20)

static const struct machine *const machines[] = { &machine_call, &machine_leg, &machine_flow_run,
	&machine_item, &machine_agent, &machine_session, &machine_txns[0], &machine_txns[1], &machine_txns[2],
	&machine_txns[3] };

static bool is_used(const struct machine *m, int state)
{
	bool used = state == m->end || m->starts >> state & 1;
	for (int event = 0; event < m->n_events; event++)
		used |= m->next(state, event) >= 0;
	return used;
}

/* The states to which one leads. */
static unsigned reach(const struct machine *m, unsigned from)
{
	unsigned before;
	do {
		before = from;
		for (int state = 0; state < m->n_states; state++)
			for (int event = 0; event < m->n_events && before >> state & 1; event++)
				if (m->next(state, event) >= 0)
					from |= 1u << m->next(state, event);
	} while (from != before);
	return from;
}

static void test_ways(void **state_)
{
	(void)state_;
	for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
		const struct machine *m = machines[i];
		unsigned reached = reach(m, m->starts);
		int end = m->end < 0 ? __builtin_ctz(m->starts) : m->end;
		for (int state = 0; state < m->n_states && !m->decides_elsewhere; state++) {
			if (is_used(m, state) && !(reached >> state & 1))
				fail_msg("%s: nothing leads to %s", m->name, m->states[state]);
			if (reached >> state & 1 && !(reach(m, 1u << state) >> end & 1))
				fail_msg("%s: %s has no way to its end", m->name, m->states[state]);
		}
	}
}

static void test_end_is_the_end(void **state_)
{
	(void)state_;
	for (size_t i = 0; i < ARRAY_LEN(machines); i++)
		for (int event = 0; event < machines[i]->n_events && machines[i]->end >= 0; event++) {
			int to = machines[i]->next(machines[i]->end, event);
			if (to >= 0 && to != machines[i]->end)
				fail_msg("%s: %s leads out of the end", machines[i]->name,
					machines[i]->events[event]);
		}
}

static void test_each_state_and_event_counts(void **state_)
{
	(void)state_;
	for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
		const struct machine *m = machines[i];
		for (int event = 0; event < m->n_events && !m->shares_events; event++) {
			bool used = false;
			for (int state = 0; state < m->n_states; state++)
				used |= m->next(state, event) >= 0;
			if (!used)
				fail_msg("%s: %s is possible nowhere", m->name, m->events[event]);
		}
		for (int state = 0; state < m->n_states && !m->shares_events; state++)
			if (!is_used(m, state))
				fail_msg("%s: nothing can happen in %s", m->name, m->states[state]);
	}
}

/* What the table says is what happens; a step that is not there changes nothing. */
static void test_leg_fires_as_its_table_says(void **state_)
{
	(void)state_;
	for (int state = 0; state < machine_leg.n_states; state++)
		for (int event = 0; event < machine_leg.n_events; event++)
			assert_int_equal(machine_leg_fire(state, event), machine_leg.next(state, event));
}

static void print_moves(const struct machine *m, int from, struct buf *out)
{
	for (int to = 0; to < m->n_states; to++) {
		const char *between = ": ";
		bool any = false;
		for (int event = 0; event < m->n_events; event++) {
			if (m->next(from, event) != to)
				continue;
			if (!any)
				buf_printf(out, "    %s --> %s", m->states[from], m->states[to]);
			any = true;
			if (m->events != m->states)
				buf_printf(out, "%s%s", between, m->events[event]);
			between = ", ";
		}
		if (any)
			buf_addc(out, '\n');
	}
}

static void print_diagram(const struct machine *m, struct buf *out)
{
	buf_addz(out, "```mermaid\nstateDiagram-v2\n");
	for (int state = 0; state < m->n_states; state++)
		if (m->starts >> state & 1)
			buf_printf(out, "    [*] --> %s\n", m->states[state]);
	for (int state = 0; state < m->n_states; state++)
		print_moves(m, state, out);
	if (m->end >= 0)
		buf_printf(out, "    %s --> [*]\n", m->states[m->end]);
	buf_addz(out, "```\n");
}

static void print_cells(const struct machine *m, struct buf *out)
{
	buf_addz(out,
		"Which state follows, the step of the flow decides.\n\n| state | what may happen |\n| --- | "
		"--- |\n");
	for (int state = 0; state < m->n_states; state++) {
		const char *between = "";
		buf_printf(out, "| %s | ", m->states[state]);
		for (int event = 0; event < m->n_events; event++)
			if (m->next(state, event) >= 0) {
				buf_printf(out, "%s%s", between, m->events[event]);
				between = ", ";
			}
		buf_addz(out, *between ? " |\n" : "nothing |\n");
	}
}

static void print(struct buf *out)
{
	buf_addz(out,
		"# States\n\nPrinted from the tables by `tests/unit/cmd/test_states.c`; not edited by hand. "
		"What is not "
		"shown is not possible: it is logged and ignored.\n");
	for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
		const struct machine *m = machines[i];
		buf_printf(out, "\n## %s\n[%s](../%s)\n\n", m->name, m->source, m->source);
		if (m->decides_elsewhere)
			print_cells(m, out);
		else
			print_diagram(m, out);
	}
}

static void test_printed(void **state)
{
	struct buf out;
	(void)state;
	buf_init(&out, MAX_BYTES);
	print(&out);
	assert_int_equal(buf_err(&out), 0);
	if (getenv("LX_WRITE")) {
		FILE *file = fopen(FILE_NAME, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(out.p, 1, out.n, file), out.n);
		fclose(file);
	}
	CLEANUP(mem_freep) char *stored = mem_alloc(MAX_BYTES);
	FILE *file = fopen(FILE_NAME, "rb");
	assert_non_null(file);
	struct str text = { stored, fread(stored, 1, MAX_BYTES, file) };
	fclose(file);
	if (!str_eq(buf_str(&out), text))
		fail_msg("docs/states.md is stale: run this with LX_WRITE=1");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_end_is_the_end),
		cmocka_unit_test(test_each_state_and_event_counts),
		cmocka_unit_test(test_leg_fires_as_its_table_says),
		cmocka_unit_test(test_printed),
	};
	return unit_run(tests);
}
