/* From lists of events to rows: what a call was, what an agent did, and that nothing is lost or counted
 * twice. */
#include "unit.h"
#include "place.h"

#include "base/buf.h"
#include "base/js.h"
#include "base/mem.h"
#include "calls.h"
#include "desk/history_rows.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT INT64_C(1795000000000)
#define AGENT 81
#define QUEUE 51

struct rig {
	struct place place;
	struct store *store;
	int64_t next_n;
};

static int setup(void **state)
{
	struct rig *p = mem_alloc(sizeof(*p));
	place_make(&p->place);
	assert_int_equal(
		store_open(&(struct store_options){ .path = p->place.path, .readers = 1 }, &p->store, NULL),
		0);
	p->next_n = 1;
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct rig *p = *state;
	store_close(p->store);
	place_remove(&p->place);
	free(p);
	return 0;
}

static void number(struct rig *p, json_t *events)
{
	size_t i;
	json_t *event;
	json_array_foreach (events, i, event)
		js_set_int(event, "n", p->next_n++);
}

static int work(struct db *db, void *arg)
{
	int64_t cursor;
	return history_store(db, 0, arg, &cursor);
}

static void store(struct rig *p, json_t *events)
{
	assert_int_equal(store_write(p->store, STORE_EVENTS, work, events), 0);
}

static void play(struct rig *p, struct script *s)
{
	number(p, s->events);
	store(p, s->events);
	json_decref(s->events);
}

static int64_t number_of(struct rig *p, const char *sql)
{
	int64_t value = -1;
	struct db *db = store_reader(p->store);
	int err = db_one_int(db, sql, NO_ARGS, &value);
	store_reader_return(p->store, db);
	assert_int_equal(err, 0);
	return value;
}

/* "text" of one column, in a static buffer. */
static const char *text_of(struct rig *p, const char *sql)
{
	static char text[128];
	struct rows *rows;
	struct db *db = store_reader(p->store);
	assert_int_equal(db_query(db, sql, NO_ARGS, &rows), 0);
	assert_true(rows_next(rows));
	snprintf(text, sizeof(text), STR_FMT, STR_ARG(rows_str(rows, 0)));
	assert_int_equal(rows_end(rows), 0);
	store_reader_return(p->store, db);
	return text;
}

static size_t findings(struct rig *p)
{
	json_t *list = json_array();
	struct db *db = store_reader(p->store);
	assert_int_equal(history_check(db, list), 0);
	store_reader_return(p->store, db);
	size_t n = json_array_size(list);
	if (n) {
		char *text = js_print(list);
		print_message("%s\n", text);
		free(text);
	}
	json_decref(list);
	return n;
}

static void test_a_whole_call(void **state)
{
	struct rig *p = *state;
	struct script s;
	script_init(&s, AT);
	script_call(&s, 9000, AGENT, QUEUE, "13800000000");
	play(p, &s);
	static const struct {
		const char *sql;
		int64_t value;
	} cases[] = {
		{ "SELECT flow_ms FROM interaction", 2000 },
		{ "SELECT wait_ms FROM interaction", 5000 },
		{ "SELECT ring_ms FROM interaction", 3000 },
		{ "SELECT talk_ms FROM interaction", 6000 },
		{ "SELECT hold_ms FROM interaction", 4000 },
		{ "SELECT wrap_up_ms FROM interaction", 6000 },
		{ "SELECT agent FROM interaction", AGENT },
		{ "SELECT queue FROM interaction", QUEUE },
		{ "SELECT answered - started FROM interaction", 7000 },
		{ "SELECT ended - started FROM interaction", 17000 },
		{ "SELECT ends FROM interaction", 1 },
		{ "SELECT offers FROM interaction", 1 },
		{ "SELECT recording FROM interaction", 9005 },
		{ "SELECT duration_ms FROM recording", 10000 },
		{ "SELECT count(*) FROM leg WHERE ended IS NOT NULL", 2 },
		{ "SELECT count(*) FROM interaction_party", 1 },
		{ "SELECT sum(lasted_ms) FROM agent_span WHERE state = 'on_contact'", 10000 },
		{ "SELECT count(*) FROM agent_span WHERE ended IS NULL AND state = 'ready'", 1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (number_of(p, cases[i].sql) != cases[i].value)
			fail_msg("%s gives %" PRId64, cases[i].sql, number_of(p, cases[i].sql));
	assert_string_equal(text_of(p, "SELECT outcome FROM interaction"), "answered");
	assert_string_equal(text_of(p, "SELECT phase FROM interaction"), "ended");
	assert_int_equal(findings(p), 0);
}

static void test_an_abandoned_call(void **state)
{
	struct rig *p = *state;
	struct script s;
	script_init(&s, AT);
	script_abandoned(&s, 9000, QUEUE, "13800000000");
	play(p, &s);
	assert_string_equal(text_of(p, "SELECT outcome FROM interaction"), "abandoned");
	assert_int_equal(number_of(p, "SELECT wait_ms FROM interaction"), 7000);
	assert_int_equal(number_of(p, "SELECT coalesce(agent, 0) FROM interaction"), 0);
	assert_int_equal(findings(p), 0);
}

/* Everything that was derived, as one text. */
static char *digest(struct rig *p)
{
	static const char *const tables[] = {
		"SELECT id || ':' || flow_ms || ':' || wait_ms || ':' || talk_ms || ':' || hold_ms || ':' ||"
		" wrap_up_ms || ':' || phase || ':' || ends FROM interaction ORDER BY id",
		"SELECT agent || state || started || coalesce(CAST(lasted_ms AS TEXT), '-') FROM agent_span"
		" ORDER BY agent, n",
		"SELECT count(*) || ':' || sum(n) FROM event",
	};
	struct buf out;
	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct rows *rows;
		struct db *db = store_reader(p->store);
		assert_int_equal(db_query(db, tables[i], NO_ARGS, &rows), 0);
		while (rows_next(rows)) {
			buf_adds(&out, rows_str(rows, 0));
			buf_addc(&out, '\n');
		}
		assert_int_equal(rows_end(rows), 0);
		store_reader_return(p->store, db);
	}
	return buf_take(&out);
}

static json_t *a_morning(void)
{
	struct script s;
	script_init(&s, AT);
	script_add(&s, "switch.started", "{s:s}", "version", "test");
	for (int i = 0; i < 6; i++) {
		script_call(&s, 9000 + i * 10, AGENT + i % 2, QUEUE, "13800000000");
		script_abandoned(&s, 9500 + i * 10, QUEUE, "13900000000");
	}
	return s.events;
}

static void test_events_are_applied_once_however_they_come(void **state)
{
	struct rig *p = *state;
	json_t *events = a_morning();
	number(p, events);
	store(p, events);
	char *whole = digest(p);
	store(p, events);
	char *again = digest(p);
	assert_string_equal(whole, again);
	void *other_state = NULL;
	setup(&other_state);
	struct rig *other = other_state;
	size_t at = 0, sizes[] = { 1, 3, 7, 20, 2, 500 };
	for (size_t i = 0; at < json_array_size(events); i++) {
		json_t *part = json_array();
		for (size_t k = 0; k < sizes[i % ARRAY_LEN(sizes)] && at < json_array_size(events); k++)
			json_array_append(part, json_array_get(events, at++));
		store(other, part);
		store(other, part);
		json_decref(part);
	}
	char *parts = digest(other);
	assert_string_equal(whole, parts);
	assert_int_equal(findings(other), 0);
	teardown(&other_state);
	free(whole);
	free(again);
	free(parts);
	json_decref(events);
}

static void test_a_lost_switch(void **state)
{
	struct rig *p = *state;
	struct script s;
	script_init(&s, AT);
	script_add(&s, "interaction.started", "{s:s, s:s, s:s}", "interaction", "9000", "direction",
		"inbound", "from", "1");
	script_add(
		&s, "queue.entered", "{s:s, s:s, s:s}", "interaction", "9000", "item", "9003", "queue", "51");
	script_add(
		&s, "leg.started", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "role", "caller");
	script_add(&s, "recording.started", "{s:s, s:s, s:s}", "interaction", "9000", "recording", "9005",
		"file", "x");
	script_add(&s, "agent.state", "{s:s, s:s}", "agent", "81", "state", "ready");
	script_wait(&s, 30000);
	s.boot = 2;
	script_add(&s, "switch.started", "{s:s}", "version", "test");
	struct script before = s;
	before.events = json_deep_copy(s.events);
	play(p, &before);
	assert_int_equal(findings(p), 1); /* open, though its switch is gone */
	json_array_clear(s.events);
	script_add(&s, "queue.left", "{s:s, s:s, s:s, s:i}", "interaction", "9000", "queue", "51", "reason",
		"switch_lost", "waited_ms", 30000);
	script_add(&s, "interaction.ended", "{s:s, s:s, s:s}", "interaction", "9000", "cause", "switch_lost",
		"by", "system");
	script_add(&s, "agent.state", "{s:s, s:s, s:s}", "agent", "81", "state", "not_ready", "by", "system");
	play(p, &s);
	assert_string_equal(text_of(p, "SELECT outcome || cause FROM interaction"), "failedswitch_lost");
	assert_int_equal(number_of(p, "SELECT wait_ms FROM interaction"), 30000);
	assert_int_equal(number_of(p, "SELECT lasted_ms FROM agent_span WHERE ended IS NOT NULL"), 30000);
	assert_int_equal(findings(p), 0);
}

static void test_a_dialled_call(void **state)
{
	struct rig *p = *state;
	struct script s;
	script_init(&s, AT);
	script_add(&s, "interaction.started", "{s:s, s:s, s:s, s:s}", "interaction", "9000", "direction",
		"outbound", "from", "8001", "to", "139");
	script_add(&s, "leg.started", "{s:s, s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "role",
		"agent", "agent", "81");
	script_add(&s, "leg.started", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9002", "role",
		"external");
	script_wait(&s, 4000);
	script_add(&s, "bridge.joined", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9002", "other",
		"9001");
	script_wait(&s, 8000);
	script_add(&s, "bridge.parted", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9002", "other",
		"9001");
	script_add(&s, "leg.ended", "{s:s, s:s}", "interaction", "9000", "leg", "9001");
	script_add(&s, "leg.ended", "{s:s, s:s}", "interaction", "9000", "leg", "9002");
	script_add(&s, "interaction.ended", "{s:s, s:s}", "interaction", "9000", "cause", "agent_hangup");
	play(p, &s);
	assert_int_equal(number_of(p, "SELECT talk_ms FROM interaction"), 8000);
	assert_int_equal(number_of(p, "SELECT agent FROM interaction"), AGENT);
	assert_string_equal(text_of(p, "SELECT outcome FROM interaction"), "answered");
	assert_int_equal(findings(p), 0);
}

/* Consult, then the second agent takes over: the held party's time counts as hold until he is joined again.
 */
static void test_an_attended_transfer(void **state)
{
	struct rig *p = *state;
	struct script s;
	script_init(&s, AT);
	script_add(&s, "interaction.started", "{s:s, s:s}", "interaction", "9000", "direction", "inbound");
	script_add(
		&s, "leg.started", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "role", "caller");
	script_add(&s, "leg.started", "{s:s, s:s, s:s, s:s}", "interaction", "9000", "leg", "9002", "role",
		"agent", "agent", "81");
	script_add(&s, "bridge.joined", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "other",
		"9002");
	script_wait(&s, 5000);
	script_add(
		&s, "hold.started", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "agent", "81");
	script_add(&s, "leg.started", "{s:s, s:s, s:s, s:s}", "interaction", "9000", "leg", "9003", "role",
		"consult", "agent", "82");
	script_add(&s, "consult.started", "{s:s, s:s, s:s}", "interaction", "9000", "agent", "81", "target",
		"8002");
	script_wait(&s, 7000);
	script_add(&s, "transfer.started", "{s:s, s:s, s:s}", "interaction", "9000", "agent", "81", "kind",
		"attended");
	script_add(&s, "hold.ended", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "agent", "81");
	script_add(&s, "bridge.parted", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "other",
		"9002");
	script_add(&s, "leg.ended", "{s:s, s:s}", "interaction", "9000", "leg", "9002");
	script_add(&s, "bridge.joined", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "other",
		"9003");
	script_wait(&s, 6000);
	script_add(&s, "bridge.parted", "{s:s, s:s, s:s}", "interaction", "9000", "leg", "9001", "other",
		"9003");
	script_add(&s, "leg.ended", "{s:s, s:s}", "interaction", "9000", "leg", "9003");
	script_add(&s, "leg.ended", "{s:s, s:s}", "interaction", "9000", "leg", "9001");
	script_add(&s, "interaction.ended", "{s:s, s:s}", "interaction", "9000", "cause", "caller_hangup");
	play(p, &s);
	assert_int_equal(number_of(p, "SELECT talk_ms FROM interaction"), 11000);
	assert_int_equal(number_of(p, "SELECT hold_ms FROM interaction"), 7000);
	assert_int_equal(number_of(p, "SELECT agent FROM interaction"), 82);
	assert_int_equal(number_of(p, "SELECT count(*) FROM interaction_party"), 2);
	assert_int_equal(findings(p), 0);
}

static int plant(struct db *db, void *arg)
{
	return db_run(db, arg, NO_ARGS);
}

static void test_notes_survive_later_events(void **state)
{
	struct rig *p = *state;
	json_t *events = a_morning(), *late = json_array();
	size_t last = json_array_size(events) - 1;
	number(p, events);
	json_array_append(late, json_array_get(events, last));
	json_array_remove(events, last);
	store(p, events);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, plant,
				 "UPDATE interaction SET note = 'kept', result = 3"),
		0);
	store(p, late);
	assert_string_equal(text_of(p, "SELECT note || result FROM interaction WHERE id = 9550"), "kept3");
	assert_int_equal(number_of(p, "SELECT count(*) FROM interaction WHERE ended IS NULL"), 0);
	json_decref(events);
	json_decref(late);
}

static void test_the_check_finds_what_is_wrong(void **state)
{
	static const char *const faults[] = {
		"UPDATE interaction SET ends = 2 WHERE id = 9000",
		"UPDATE interaction SET ended = NULL, boot = 0 WHERE id = 9000",
		"DELETE FROM event WHERE kind = 'interaction.started' AND interaction = 9000",
		"DELETE FROM interaction WHERE id = 9500",
		"UPDATE leg SET ended = NULL WHERE id = 9001",
		"UPDATE recording SET phase = 'running' WHERE id = 9005",
		"UPDATE agent_span SET ended = NULL WHERE state = 'on_contact'",
		"UPDATE agent_span SET ended = ended + 1 WHERE state = 'on_contact'",
		"UPDATE interaction SET talk_ms = talk_ms + 60000 WHERE id = 9000",
		"UPDATE interaction SET wait_ms = 0 WHERE id = 9500",
	};
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		void *fresh = NULL;
		setup(&fresh);
		json_t *events = a_morning();
		number(fresh, events);
		store(fresh, events);
		json_decref(events);
		struct rig *p = fresh;
		assert_int_equal(store_write(p->store, STORE_PEOPLE, plant, (void *)(uintptr_t)faults[i]), 0);
		if (!findings(p))
			fail_msg("not found: %s", faults[i]);
		teardown(&fresh);
	}
	(void)state;
}

static void test_nonsense_is_passed_over(void **state)
{
	struct rig *p = *state;
	json_t *events = json_pack("[i, {}, {s:i, s:s}, {s:i, s:i, s:s}, {s:i, s:i, s:s, s:s}]", 5, "n", 1,
		"kind", "x", "n", 2, "at", 1000, "kind", "future.kind", "n", 3, "at", 1000, "kind",
		"leg.answered", "interaction", "77");
	store(p, events);
	assert_int_equal(number_of(p, "SELECT count(*) FROM event"), 2);
	assert_int_equal(number_of(p, "SELECT n FROM event_cursor"), 3);
	json_decref(events);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_whole_call),
		T(test_an_abandoned_call),
		T(test_events_are_applied_once_however_they_come),
		T(test_a_lost_switch),
		T(test_a_dialled_call),
		T(test_an_attended_transfer),
		T(test_notes_survive_later_events),
		cmocka_unit_test(test_the_check_finds_what_is_wrong),
		T(test_nonsense_is_passed_over),
	};
	return unit_run(tests);
}
