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
	};
	return unit_run(tests);
}
