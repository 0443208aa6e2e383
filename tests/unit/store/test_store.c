/* The writer's order and its failures, statements, and the layout's guard against newer data. */
#include "unit.h"
#include "place.h"

#include "base/mem.h"
#include "store/store.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rig {
	struct place place;
	struct store *store;
};

static int rig_open(struct rig *p, struct fault *fault)
{
	struct store_options options = { .path = p->place.path, .readers = 2 };
	return store_open(&options, &p->store, fault);
}

static int setup(void **state)
{
	struct rig *p = mem_alloc(sizeof(*p));
	struct fault fault = { .text = "" };
	place_make(&p->place);
	if (rig_open(p, &fault))
		fail_msg("%s", fault.text);
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

struct put {
	const char *name;
	int64_t value;
	int result;
};

static int put(struct db *db, void *arg)
{
	struct put *job = arg;
	int err = db_run(db, "INSERT INTO counter (value, name) VALUES ($2, $1)",
		ARGS(V_Z(job->name), V_INT(job->value)));
	return err ? err : job->result;
}

static int64_t get(struct rig *p, const char *name)
{
	int64_t value = -1;
	struct db *db = store_reader(p->store);
	int err = db_one_int(db, "SELECT value FROM counter WHERE name = $1", ARGS(V_Z(name)), &value);
	store_reader_return(p->store, db);
	return err ? err : value;
}

static void test_write_is_read(void **state)
{
	struct rig *p = *state;
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "a", 42, 0 }), 0);
	assert_int_equal(get(p, "a"), 42);
}

static void test_failed_work_leaves_nothing(void **state)
{
	struct rig *p = *state;
	assert_int_equal(
		store_write(p->store, STORE_PEOPLE, put, &(struct put){ "a", 1, -E_STATE }), -E_STATE);
	assert_int_equal(get(p, "a"), -E_NOT_FOUND);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "a", 2, 0 }), 0);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "a", 3, 0 }), -E_EXISTS);
	assert_int_equal(get(p, "a"), 2);
}

static int broken_reference(struct db *db, void *arg)
{
	(void)arg;
	return db_run(db,
		"INSERT INTO did (id, version, created, updated, number, name, flow)"
		" VALUES (1, 1, 0, 0, '1', 'x', 99)",
		NO_ARGS);
}

static void test_foreign_keys_hold(void **state)
{
	struct rig *p = *state;
	assert_int_equal(store_write(p->store, STORE_PEOPLE, broken_reference, NULL), -E_STATE);
}

static int double_quotes(struct db *db, void *arg)
{
	(void)arg;
	return db_run(db, "UPDATE counter SET name = \"nothing\"", NO_ARGS);
}

static void test_double_quotes_are_no_text(void **state)
{
	struct rig *p = *state;
	assert_int_equal(store_write(p->store, STORE_PEOPLE, double_quotes, NULL), -E_SYSTEM);
}

struct gate {
	pthread_mutex_t lock;
	char order[16];
	size_t n;
};

struct mark {
	struct gate *gate;
	char letter;
};

static int mark(struct db *db, void *arg)
{
	(void)db;
	struct mark *m = arg;
	pthread_mutex_lock(&m->gate->lock);
	m->gate->order[m->gate->n++] = m->letter;
	pthread_mutex_unlock(&m->gate->lock);
	return 0;
}

static void ignore(int err, void *arg)
{
	(void)arg;
	assert_int_equal(err, 0);
}

static void expect_state(int err, void *arg)
{
	(void)arg;
	assert_int_equal(err, -E_STATE);
}

static void test_events_go_first_and_batches_last(void **state)
{
	struct rig *p = *state;
	struct gate gate = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct mark first = { &gate, '0' }, batch = { &gate, 'b' }, people = { &gate, 'p' },
		    event = { &gate, 'e' };
	pthread_mutex_lock(&gate.lock); /* the first piece waits here while the others queue up */
	assert_int_equal(store_post(p->store, STORE_PEOPLE, mark, ignore, &first), 0);
	struct store_counts counts;
	for (store_counts(p->store, &counts); counts.waiting; store_counts(p->store, &counts))
		sched_yield();
	assert_int_equal(store_post(p->store, STORE_BATCH, mark, ignore, &batch), 0);
	assert_int_equal(store_post(p->store, STORE_PEOPLE, mark, ignore, &people), 0);
	assert_int_equal(store_post(p->store, STORE_EVENTS, mark, ignore, &event), 0);
	pthread_mutex_unlock(&gate.lock);
	p->store = store_close(p->store);
	assert_string_equal(gate.order, "0epb");
	assert_int_equal(rig_open(p, NULL), 0);
}

static int newer(struct db *db, void *arg)
{
	(void)arg;
	return db_run(
		db, "INSERT INTO migration (number, name, applied) VALUES (9000, 'future', 0)", NO_ARGS);
}

static void test_newer_data_are_refused(void **state)
{
	struct rig *p = *state;
	struct fault fault = { 0 };
	assert_int_equal(store_write(p->store, STORE_PEOPLE, newer, NULL), 0);
	p->store = store_close(p->store);
	assert_int_equal(rig_open(p, &fault), -E_UNSUPPORTED);
	assert_string_equal(fault.code, "newer");
	assert_non_null(strstr(fault.text, "newer version"));
}

static void test_null_and_text(void **state)
{
	struct rig *p = *state;
	struct db *db = store_reader(p->store);
	struct rows *rows;
	assert_int_equal(
		db_query(db, "SELECT $2, $1, $3, '$1'", ARGS(V_INT(7), V_Z("七"), V_STR(STR_NONE)), &rows),
		0);
	assert_true(rows_next(rows));
	assert_true(str_eqz(rows_str(rows, 0), "七"));
	assert_int_equal(rows_int(rows, 1), 7);
	assert_true(rows_is_null(rows, 2));
	assert_true(str_eqz(rows_str(rows, 3), "$1"));
	assert_false(rows_next(rows));
	assert_int_equal(rows_end(rows), 0);
	store_reader_return(p->store, db);
}

#define ONE_TO_N                                                                                             \
	"WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < $1) SELECT i FROM x"

static void test_rows_within_rows(void **state)
{
	struct rig *p = *state;
	struct db *db = store_reader(p->store);
	struct rows *outer;
	int64_t sum = 0, n = 0;
	assert_int_equal(db_query(db, ONE_TO_N, ARGS(V_INT(500)), &outer), 0);
	while (rows_next(outer)) {
		int64_t twice = 0;
		if (rows_int(outer, 0) % 100 == 1) { /* the others are still to come */
			assert_int_equal(
				db_one_int(db, "SELECT 2 * $1", ARGS(V_INT(rows_int(outer, 0))), &twice), 0);
			assert_int_equal(twice, 2 * rows_int(outer, 0));
		}
		sum += rows_int(outer, 0);
		n++;
	}
	assert_int_equal(rows_end(outer), 0);
	assert_int_equal(n, 500);
	assert_int_equal(sum, 500 * 501 / 2);
	assert_int_equal(db_query(db, ONE_TO_N, ARGS(V_INT(500)), &outer), 0);
	assert_true(rows_next(outer));
	assert_int_equal(rows_end(outer), 0); /* the rest is not wanted */
	assert_int_equal(db_one_int(db, "SELECT 7", NO_ARGS, &n), 0);
	store_reader_return(p->store, db);
	assert_int_equal(n, 7);
}

static void test_values_of_one_statement(void **state)
{
	struct rig *p = *state;
	struct db *db = store_reader(p->store);
	const char *sql =
		"SELECT $1 + 1, coalesce($2, 'none'), EXISTS (SELECT 1 FROM counter WHERE name = $2)";
	const struct value firsts[] = { V_NULL, V_INT(INT64_C(1) << 40), V_INT(-3), V_NULL };
	const struct value seconds[] = { V_Z("it's"), V_NULL, V_Z("名"), V_STR(STR("")) };
	for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
		struct rows *rows;
		assert_int_equal(db_query(db, sql, ARGS(firsts[i], seconds[i]), &rows), 0);
		assert_true(rows_next(rows));
		assert_int_equal(rows_int(rows, 0), firsts[i].type == VALUE_NULL ? 0 : firsts[i].i + 1);
		assert_int_equal(rows_is_null(rows, 0), firsts[i].type == VALUE_NULL);
		assert_true(str_eq(
			rows_str(rows, 1), seconds[i].type == VALUE_NULL ? STR("none") : seconds[i].s));
		assert_int_equal(rows_int(rows, 2), 0);
		assert_true(str_eqz(rows_str(rows, 2), "0"));
		assert_int_equal(rows_end(rows), 0);
	}
	store_reader_return(p->store, db);
}

static int same_skill_twice(struct db *db, void *arg)
{
	const char *sql =
		"INSERT INTO skill (id, version, created, updated, name) VALUES ($1, 1, 0, 0, 'one')";
	int err = db_run(db, sql, ARGS(V_INT(1)));
	if (!err)
		err = db_run(db, sql, ARGS(V_INT(2)));
	snprintf(arg, 64, "%s", db_conflict(db));
	return err;
}

static int missing_name(struct db *db, void *arg)
{
	(void)arg;
	return db_run(db, "INSERT INTO skill (id, version, created, updated, name) VALUES (1, 1, 0, 0, NULL)",
		NO_ARGS);
}

static void test_what_is_broken_is_told(void **state)
{
	struct rig *p = *state;
	char conflict[64] = "";
	assert_int_equal(store_write(p->store, STORE_PEOPLE, same_skill_twice, conflict), -E_EXISTS);
	assert_string_equal(conflict, "skill.name");
	assert_int_equal(store_write(p->store, STORE_PEOPLE, missing_name, NULL), -E_INVALID);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "a", 1, 0 }), 0);
}

static int hide_a_failure(struct db *db, void *arg)
{
	int err = put(db, arg);
	(void)missing_name(db, NULL);
	return err;
}

/* A piece of work that keeps quiet about a failure is written whole (SQLite) or fails (PostgreSQL). */
static void test_a_hidden_failure_undoes_no_other(void **state)
{
	struct rig *p = *state;
	int err = store_write(p->store, STORE_PEOPLE, hide_a_failure, &(struct put){ "a", 1, 0 });
	assert_int_equal(get(p, "a"), err ? -E_NOT_FOUND : 1);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "b", 2, 0 }), 0);
	assert_int_equal(get(p, "b"), 2);
}

/* As a server does that is started again. */
static void drop_connections(struct rig *p)
{
	place_admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'",
		place_database(&p->place));
}

static int cut_off(struct db *db, void *arg)
{
	int err = put(db, arg);
	return err ? err : db_run(db, "SELECT pg_terminate_backend(pg_backend_pid())", NO_ARGS);
}

static void test_connections_come_back(void **state)
{
	struct rig *p = *state;
	struct store_counts counts;
	if (!place_is_postgres())
		skip();
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "a", 1, 0 }), 0);
	drop_connections(p);
	assert_int_equal(get(p, "a"), 1);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "b", 2, 0 }), 0);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, cut_off, &(struct put){ "c", 3, 0 }), -E_AWAY);
	store_counts(p->store, &counts);
	assert_int_equal(counts.err, -E_AWAY);
	assert_int_equal(get(p, "c"), -E_NOT_FOUND);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "c", 4, 0 }), 0);
	store_counts(p->store, &counts);
	assert_int_equal(counts.err, 0);
	assert_string_equal(counts.kind, "postgresql");
}

static void test_text_that_is_none(void **state)
{
	struct rig *p = *state;
	int64_t n;
	struct db *db = store_reader(p->store);
	if (place_is_postgres()) {
		assert_int_equal(db_one_int(db, "SELECT $1", ARGS(V_STR(((struct str){ "a\0b", 3 }))), &n),
			-E_INVALID);
		assert_int_equal(db_one_int(db, "SELECT $1", ARGS(V_Z("\xff")), &n), -E_INVALID);
	}
	assert_int_equal(db_one_int(db, "SELEKT 1", NO_ARGS, &n), -E_SYSTEM);
	assert_true(*db_error(db) != '\0');
	assert_int_equal(db_one_int(db, "SELECT 5", NO_ARGS, &n), 0);
	store_reader_return(p->store, db);
	assert_int_equal(n, 5);
}

struct posting {
	int n, twice; /* which one comes twice, or -1 */
	bool asks;    /* reads in between */
	bool puts;    /* as rows, not as statements */
};

static int post_one(struct db *db, const struct posting *p, const char *name, int64_t value)
{
	if (p->puts)
		return db_put(db, "counter", "name, value", ARGS(V_Z(name), V_INT(value)));
	return db_post(
		db, "INSERT INTO counter (name, value) VALUES ($1, $2)", ARGS(V_Z(name), V_INT(value)));
}

static int post_many(struct db *db, void *arg)
{
	const struct posting *p = arg;
	int err = 0;
	for (int i = 0; i < p->n && !err; i++) {
		char name[16];
		int64_t value = -1;
		snprintf(name, sizeof(name), "p%d", i == p->twice ? i - 1 : i);
		err = post_one(db, p, name, i);
		if (!err && p->asks && i % 50 == 0)
			err = db_one_int(
				db, "SELECT value FROM counter WHERE name = $1", ARGS(V_Z(name)), &value);
		if (!err && p->asks && i % 50 == 0)
			assert_int_equal(value, i);
	}
	return err;
}

static int expect_nothing(struct db *db, void *arg)
{
	int64_t n = -1;
	(void)arg;
	int err = db_one_int(db, "SELECT count(*) FROM counter WHERE name LIKE 'p%'", NO_ARGS, &n);
	assert_int_equal(n, 0);
	return err;
}

static void expect_postings(struct rig *p, bool puts)
{
	const struct posting fails[] = { { 300, 7, false, puts }, { 300, 299, false, puts },
		{ 300, 120, true, puts }, { 3, 2, false, puts } };
	for (size_t i = 0; i < ARRAY_LEN(fails); i++) {
		struct posting job = fails[i];
		assert_int_equal(store_write(p->store, STORE_PEOPLE, post_many, &job), -E_EXISTS);
		assert_int_equal(store_write(p->store, STORE_PEOPLE, expect_nothing, NULL), 0);
	}
	assert_int_equal(
		store_write(p->store, STORE_PEOPLE, post_many, &(struct posting){ 300, -1, true, puts }), 0);
	assert_int_equal(get(p, "p0"), 0);
	assert_int_equal(get(p, "p299"), 299);
}

static void test_what_is_posted(void **state)
{
	expect_postings(*state, false);
}

static void test_rows_that_are_put(void **state)
{
	expect_postings(*state, true);
}

static void test_more_rows_than_are_kept(void **state)
{
	struct rig *p = *state;
	assert_int_equal(
		store_write(p->store, STORE_PEOPLE, post_many, &(struct posting){ 5000, -1, false, true }),
		0);
	assert_int_equal(get(p, "p0"), 0);
	assert_int_equal(get(p, "p4999"), 4999);
}

/* A piece that fails on its own takes its rows with it, and nothing of the others'. */
static int put_in_savepoints(struct db *db, void *arg)
{
	const struct posting good = { 40, -1, false, true };
	(void)arg;
	int err = db_put(db, "counter", "name, value", ARGS(V_Z("before"), V_INT(1)));
	for (int broken = 0; broken < 2 && !err; broken++) {
		err = db_run(db, "SAVEPOINT part", NO_ARGS);
		if (!err)
			err = post_many(db, (void *)(uintptr_t)&good);
		if (!err && broken) /* nobody has asked yet what became of the rows */
			assert_int_equal(post_one(db, &good, "p0", 0) ? -E_EXISTS : db_flush(db), -E_EXISTS);
		if (!err)
			err = db_run(db, "ROLLBACK TO part", NO_ARGS);
	}
	return err ? err : db_put(db, "counter", "name, value", ARGS(V_Z("behind"), V_INT(2)));
}

static void test_rows_that_are_taken_back(void **state)
{
	struct rig *p = *state;
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put_in_savepoints, NULL), 0);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, expect_nothing, NULL), 0);
	assert_int_equal(get(p, "before"), 1);
	assert_int_equal(get(p, "behind"), 2);
}

static const char *const strange[] = { "", "a\tb", "two\nlines\r\n", "back\\slash", "\\N", "\\.", "\\",
	"客户", "'$1', \"?1\"", "\n\\.\n" };

/* Every second one has a company; numbers come between customers, and behind all of them in the table. */
static int put_families(struct db *db, void *arg)
{
	int64_t n = *(const int64_t *)arg;
	int err = 0;
	for (int64_t i = 1; i <= n && !err; i++) {
		const char *text = strange[(size_t)i % ARRAY_LEN(strange)];
		const struct value all[] = { V_INT(i), V_INT(1), V_INT(i), V_INT(i), V_Z(text), V_Z("gold"),
			V_Z("en"), i % 3 ? V_Z(text) : V_NULL };
		err = db_put(db, "customer",
			i % 2 ? "id, version, created, updated, name, tier, language, company"
			      : "id, version, created, updated, name, tier, language",
			all, ARRAY_LEN(all) - (i % 2 == 0));
		if (!err)
			err = db_put(db, "customer_number", "id, parent, position, number",
				ARGS(V_INT(i), V_INT(i), V_INT(0), V_Z("+8613800138000")));
	}
	return err;
}

static void expect_families(struct rig *p, int64_t n)
{
	int64_t seen = 0;
	struct rows *rows;
	struct db *db = store_reader(p->store);
	assert_int_equal(
		db_query(db,
			"SELECT c.id, c.name, c.company, n.number FROM customer c JOIN customer_number "
			"n ON n.parent = c.id ORDER BY c.id",
			NO_ARGS, &rows),
		0);
	while (rows_next(rows)) {
		const char *text = strange[(size_t)++seen % ARRAY_LEN(strange)];
		assert_int_equal(rows_int(rows, 0), seen);
		assert_true(str_eqz(rows_str(rows, 1), text));
		assert_int_equal(rows_is_null(rows, 2), seen % 2 == 0 || seen % 3 == 0);
		assert_true(rows_is_null(rows, 2) || str_eqz(rows_str(rows, 2), text));
		assert_true(str_eqz(rows_str(rows, 3), "+8613800138000"));
	}
	assert_int_equal(rows_end(rows), 0);
	store_reader_return(p->store, db);
	assert_int_equal(seen, n);
}

static int remove_families(struct db *db, void *arg)
{
	(void)arg;
	return db_run(db, "DELETE FROM customer", NO_ARGS);
}

static void test_rows_of_several_tables(void **state)
{
	struct rig *p = *state;
	for (int64_t n = 1; n < 1000; n *= 31) { /* few and many go other ways */
		assert_int_equal(store_write(p->store, STORE_PEOPLE, put_families, &n), 0);
		expect_families(p, n);
		assert_int_equal(store_write(p->store, STORE_PEOPLE, remove_families, NULL), 0);
	}
}

static int put_half_a_text(struct db *db, void *arg)
{
	const struct posting many = { *(const int *)arg, -1, false, true };
	int err = post_many(db, (void *)(uintptr_t)&many);
	return err ? err
		   : db_put(db, "counter", "name, value", ARGS(V_STR(((struct str){ "a\0b", 3 })), V_INT(0)));
}

static void test_rows_with_half_a_text(void **state)
{
	struct rig *p = *state;
	if (!place_is_postgres())
		skip();
	for (int n = 0; n < 100; n += 50) {
		assert_int_equal(store_write(p->store, STORE_PEOPLE, put_half_a_text, &n), -E_INVALID);
		assert_int_equal(store_write(p->store, STORE_PEOPLE, expect_nothing, NULL), 0);
	}
}

static void test_begun_and_waited_for(void **state)
{
	struct rig *p = *state;
	struct store_wait *first = NULL, *second = NULL;
	struct put good = { "a", 42, 0 }, bad = { "b", 43, -E_STATE };
	assert_int_equal(store_begin(p->store, STORE_BATCH, put, &good, &first), 0);
	assert_int_equal(store_begin(p->store, STORE_BATCH, put, &bad, &second), 0);
	assert_int_equal(store_wait(second), -E_STATE);
	assert_int_equal(store_wait(first), 0);
	assert_int_equal(get(p, "a"), 42);
	assert_int_equal(get(p, "b"), -E_NOT_FOUND);
}

static int make_triggers(struct db *db, void *arg)
{
	(void)arg;
	int err = db_run(db,
		"CREATE TRIGGER t_count INSTEAD OF INSERT ON at_commit BEGIN INSERT INTO counter (name, "
		"value)"
		" VALUES ('commits', 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1; END",
		NO_ARGS);
	return err
		? err
		: db_run(db,
			  "CREATE TRIGGER t_refuse INSTEAD OF INSERT ON at_commit WHEN EXISTS (SELECT 1 FROM"
			  " counter WHERE name = 'never') BEGIN SELECT RAISE(ABORT, 'never'); END",
			  NO_ARGS);
}

static int put_three(struct db *db, void *arg)
{
	int err = 0;
	(void)arg;
	for (int i = 0; i < 3 && !err; i++)
		err = put(db, &(struct put){ i == 0 ? "x" : i == 1 ? "y" : "z", i, 0 });
	return err;
}

/* Once for all that a transaction changes; what fails there makes all of it fail. */
static void test_what_is_due_at_a_commit(void **state)
{
	struct rig *p = *state;
	if (place_is_postgres())
		skip();
	assert_int_equal(store_write(p->store, STORE_PEOPLE, make_triggers, NULL), 0);
	assert_int_equal(get(p, "commits"), 1);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put_three, NULL), 0);
	assert_int_equal(get(p, "commits"), 2);
	assert_true(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "never", 1, 0 }) < 0);
	assert_int_equal(get(p, "never"), -E_NOT_FOUND);
	assert_int_equal(get(p, "commits"), 2);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put, &(struct put){ "after", 1, 0 }), 0);
	assert_int_equal(get(p, "commits"), 3);
}

static int post_and_cut_off(struct db *db, void *arg)
{
	int err = post_many(db, arg);
	if (!err)
		err = db_post(db, "SELECT pg_terminate_backend(pg_backend_pid())", NO_ARGS);
	return err ? err : post_many(db, &(struct posting){ 0, -1, false, false });
}

/* While the server waits for more of them. */
static int put_and_cut_off(struct db *db, void *arg)
{
	struct db *other = arg;
	int64_t pid = 0, gone;
	int err = db_one_int(db, "SELECT pg_backend_pid()", NO_ARGS, &pid);
	if (!err)
		err = post_many(db, &(struct posting){ 20, -1, false, true });
	if (!err)
		err = db_one_int(
			other, "SELECT pg_terminate_backend(CAST($1 AS INT)), 1", ARGS(V_INT(pid)), &gone);
	return err ? err : post_many(db, &(struct posting){ 0, -1, false, true });
}

static void test_rows_when_the_server_goes(void **state)
{
	struct rig *p = *state;
	if (!place_is_postgres())
		skip();
	struct db *other = store_reader(p->store);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, put_and_cut_off, other), -E_AWAY);
	store_reader_return(p->store, other);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, expect_nothing, NULL), 0);
}

static void test_what_is_posted_when_the_server_goes(void **state)
{
	struct rig *p = *state;
	if (!place_is_postgres())
		skip();
	assert_int_equal(store_write(p->store, STORE_PEOPLE, post_and_cut_off,
				 &(struct posting){ 20, -1, false, false }),
		-E_AWAY);
	assert_int_equal(store_write(p->store, STORE_PEOPLE, expect_nothing, NULL), 0);
}

static void *open_once(void *arg)
{
	struct store *store = NULL;
	struct fault fault = { .text = "" };
	const struct store_options options = { .path = arg, .readers = 1 };
	if (store_open(&options, &store, &fault))
		return mem_strdup(fault.text);
	return store_close(store);
}

static void test_two_bring_it_up_to_date(void **state)
{
	struct place place;
	pthread_t threads[3];
	void *said;
	(void)state;
	if (!place_is_postgres()) /* there the data folder's lock keeps the second one away */
		skip();
	place_make_empty(&place);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, open_once, place.path), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], &said);
		if (said)
			fail_msg("%s", (char *)said);
	}
	place_remove(&place);
}

static void test_many_at_once(void **state)
{
	struct rig *p = *state;
	char names[40][8];
	struct put puts[40];
	struct gate gate = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct mark first = { &gate, '0' };
	pthread_mutex_lock(&gate.lock); /* until all of them are there: they become one group */
	assert_int_equal(store_post(p->store, STORE_PEOPLE, mark, ignore, &first), 0);
	for (int i = 0; i < 40; i++) {
		snprintf(names[i], sizeof(names[i]), "n%d", i);
		puts[i] = (struct put){ names[i], i, i % 3 ? 0 : -E_STATE };
		assert_int_equal(
			store_post(p->store, STORE_PEOPLE, put, i % 3 ? ignore : expect_state, &puts[i]), 0);
	}
	pthread_mutex_unlock(&gate.lock);
	p->store = store_close(p->store);
	assert_int_equal(rig_open(p, NULL), 0);
	for (int i = 0; i < 40; i++)
		assert_int_equal(get(p, names[i]), i % 3 ? i : -E_NOT_FOUND);
}

static void expect_refusal(const char *place, int err, const char *code, const char *words)
{
	struct fault fault = { .text = "" };
	struct db *db = NULL;
	assert_int_equal(db_open(place, false, &db, &fault), err);
	assert_string_equal(fault.code, code);
	assert_non_null(strstr(fault.text, words));
	assert_null(strstr(fault.text, "secret"));
}

static void test_places_that_do_not_serve(void **state)
{
	struct rig *p = *state;
	char nowhere[512];
	expect_refusal("/nowhere/desk.db", -E_IO, "open", "cannot open /nowhere/desk.db");
	expect_refusal("postgres://x:secret@%zz/", -E_INVALID, "format", "needs postgres://");
	expect_refusal("postgres://x:secret@%2Fnowhere:1/y", -E_AWAY, "unreachable",
		"postgres://x@/nowhere:1/y cannot be reached: No such file");
	if (!place_is_postgres())
		return;
	snprintf(nowhere, sizeof(nowhere), "%s_not", p->place.path);
	expect_refusal(nowhere, -E_FORBIDDEN, "refused", "does not exist");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_write_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failed_work_leaves_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_keys_hold, setup, teardown),
		cmocka_unit_test_setup_teardown(test_double_quotes_are_no_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_events_go_first_and_batches_last, setup, teardown),
		cmocka_unit_test_setup_teardown(test_newer_data_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_null_and_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows_within_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values_of_one_statement, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_broken_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_hidden_failure_undoes_no_other, setup, teardown),
		cmocka_unit_test_setup_teardown(test_connections_come_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_that_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_posted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows_that_are_put, setup, teardown),
		cmocka_unit_test_setup_teardown(test_more_rows_than_are_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows_that_are_taken_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows_of_several_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows_with_half_a_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows_when_the_server_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_begun_and_waited_for, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_due_at_a_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_posted_when_the_server_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_at_once, setup, teardown),
		cmocka_unit_test(test_two_bring_it_up_to_date),
		cmocka_unit_test_setup_teardown(test_places_that_do_not_serve, setup, teardown),
	};
	return unit_run(tests);
}
