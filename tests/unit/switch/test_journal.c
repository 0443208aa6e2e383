/* The journal: what is durable is read again, open interactions and agents are known after a restart, a full
 * disk loses nothing while memory lasts, and numbers never go back. */
#include "base/clock.h"
#include "base/mem.h"
#include "switch/journal.h"
#include "unit.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct room {
	char dir[64], path[96];
	struct loop *loop;
	struct journal *journal;
	struct journal_past past;
	int64_t durable;
	size_t read_count;
	int64_t read_last;
	char first[200];
};

static void on_durable(void *arg, int64_t n)
{
	struct room *r = arg;
	r->durable = n;
}

static void room_open(struct room *r, int64_t max_pages)
{
	const struct journal_opts opts = { .path = r->path,
		.loop = r->loop,
		.on_durable = on_durable,
		.arg = r,
		.memory_max = 20000,
		.max_pages = max_pages };
	assert_int_equal(journal_open(&opts, &r->past, &r->journal, NULL), 0);
}

static void room_close(struct room *r)
{
	r->journal = journal_close(r->journal);
	journal_past_done(&r->past);
}

static int set_up(void **state)
{
	struct room *r = mem_alloc(sizeof(*r));
	snprintf(r->dir, sizeof(r->dir), "/tmp/lx-journal-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->path, sizeof(r->path), "%s/journal.db", r->dir);
	r->loop = loop_new();
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "", "-wal", "-shm" };
	struct room *r = *state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = mem_printf("%s%s", r->path, names[i]);
		unlink(path);
		free(path);
	}
	rmdir(r->dir);
	loop_free(r->loop);
	free(r);
	return 0;
}

static int append(struct room *r, int64_t n, enum event_kind kind, int64_t interaction, int64_t agent)
{
	char text[200];
	snprintf(text, sizeof(text), "{\"n\":%d,\"agent\":\"%d\"}", (int)n, (int)agent);
	const struct journal_row row = { .n = n,
		.at_ms = 1000 + n,
		.kind = kind,
		.interaction = interaction,
		.agent = agent,
		.offline = agent == 99,
		.text = str_from(text) };
	return journal_append(r->journal, &row);
}

static void wait_durable(struct room *r, int64_t n)
{
	while (r->durable < n)
		loop_run_once(r->loop);
}

static void on_read(void *arg, const struct str *texts, size_t count, int64_t last_n)
{
	struct room *r = arg;
	r->read_count = count;
	r->read_last = last_n;
	if (count)
		snprintf(r->first, sizeof(r->first), STR_FMT, STR_ARG(texts[0]));
	loop_stop(r->loop);
}

static void events_are_durable_and_read_again(void **state)
{
	struct room *r = *state;
	room_open(r, 0);
	assert_int_equal(r->past.boot, 1);
	for (int64_t n = 1; n <= 50; n++)
		assert_int_equal(append(r, n, EV_LEG_STARTED, 7, 0), 0);
	wait_durable(r, 50);
	journal_read(r->journal, 11, 20, on_read, r);
	loop_run(r->loop);
	assert_int_equal(r->read_count, 20);
	assert_int_equal(r->read_last, 30);
	assert_string_equal(r->first, "{\"n\":11,\"agent\":\"0\"}");
	journal_read(r->journal, 51, 20, on_read, r);
	loop_run(r->loop);
	assert_int_equal(r->read_count, 0);
	room_close(r);
}

static void a_restart_knows_what_was_open(void **state)
{
	struct room *r = *state;
	room_open(r, 0);
	assert_int_equal(append(r, 1, EV_INTERACTION_STARTED, 501, 0), 0);
	assert_int_equal(append(r, 2, EV_INTERACTION_STARTED, 502, 0), 0);
	assert_int_equal(append(r, 3, EV_INTERACTION_ENDED, 501, 0), 0);
	assert_int_equal(append(r, 4, EV_AGENT_STATE, 0, 12), 0);
	assert_int_equal(append(r, 5, EV_AGENT_STATE, 0, 99), 0);
	journal_heartbeat(r->journal, 123456);
	wait_durable(r, 5);
	room_close(r);
	room_open(r, 0);
	assert_int_equal(r->past.boot, 2);
	assert_int_equal(r->past.last_n, 5);
	assert_int_equal(r->past.heartbeat_ms, 123456);
	assert_int_equal(json_array_size(r->past.open), 1);
	assert_string_equal(json_string_value(json_array_get(r->past.open, 0)), "502");
	assert_int_equal(json_array_size(r->past.agents), 1);
	assert_int_equal(js_id(json_array_get(r->past.agents, 0), "agent"), 12);
	room_close(r);
}

static void keep_phone(struct room *r, int64_t id, int64_t left_ms, const char *text)
{
	assert_int_equal(journal_phone(r->journal, id, clock_wall_ms() + left_ms, str_from(text)), 0);
}

static void phones_are_kept_until_they_expire_or_go(void **state)
{
	struct room *r = *state;
	room_open(r, 0);
	assert_int_equal(json_array_size(r->past.phones), 0);
	keep_phone(r, 3, 60000, "{\"id\":\"3\",\"v\":1}");
	keep_phone(r, 1, 60000, "{\"id\":\"1\"}");
	keep_phone(r, 2, 60000, "{\"id\":\"2\"}");
	keep_phone(r, 4, 0, "{\"id\":\"4\"}");
	keep_phone(r, 3, 60000, "{\"id\":\"3\",\"v\":2}");
	keep_phone(r, 2, 0, "");
	room_close(r);
	room_open(r, 0);
	assert_int_equal(js_id(json_array_get(r->past.phones, 0), "id"), 1);
	assert_int_equal(js_id(json_array_get(r->past.phones, 1), "id"), 3);
	assert_int_equal(js_int(json_array_get(r->past.phones, 1), "v", 0), 2);
	room_close(r);
	room_open(r, 0);
	assert_int_equal(json_array_size(r->past.phones), 2); /* the expired one has left the file */
	room_close(r);
}

static void a_full_disk_keeps_events_in_memory(void **state)
{
	struct room *r = *state;
	struct journal_state now;
	int64_t n = 0;
	room_open(r, 8);
	while (!journal_is_full(r->journal))
		assert_int_equal(append(r, ++n, EV_LEG_STARTED, 7, 0), 0);
	while (append(r, n + 1, EV_LEG_STARTED, 7, 0) == 0)
		n++;
	assert_int_equal(append(r, n + 1, EV_LEG_STARTED, 7, 0), -E_FULL);
	assert_true(r->durable < n);
	journal_read(r->journal, 1, 1, on_read, r); /* a desk that comes now is not made to wait */
	loop_run(r->loop);
	journal_state(r->journal, &now);
	assert_int_equal(now.err, -E_FULL);
	assert_true(now.waiting_bytes > 20000);
	room_close(r);
}

/* Changes a journal behind its back; it must then be refused in words that contain these. */
static void refused_after(struct room *r, const char *change, const char *words)
{
	struct journal *journal = NULL;
	struct journal_past past;
	struct fault fault = { .text = "" };
	const struct journal_opts opts = { .path = r->path, .loop = r->loop };
	sqlite3 *db = NULL;
	room_open(r, 0);
	room_close(r);
	assert_int_equal(sqlite3_open(r->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, change, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(journal_open(&opts, &past, &journal, &fault), -E_UNSUPPORTED);
	assert_null(journal);
	assert_non_null(strstr(fault.text, words));
	assert_non_null(strstr(fault.text, r->path));
}

static void a_newer_version_is_refused(void **state)
{
	refused_after(*state, "UPDATE meta SET version = 99", "is of a newer version");
}

static void another_layout_is_refused(void **state)
{
	refused_after(*state, "ALTER TABLE event RENAME COLUMN body TO text", "has another layout");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(events_are_durable_and_read_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_restart_knows_what_was_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(phones_are_kept_until_they_expire_or_go, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_disk_keeps_events_in_memory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_newer_version_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_layout_is_refused, set_up, tear_down),
	};
	return unit_run(tests);
}
