/* What follows a change is written with it, and put off longer each time it does not succeed. */
#include "model_fix.h"

#include "base/clock.h"
#include "base/mem.h"
#include "model/outbox.h"

#include <string.h>

static size_t due(struct model_fix *fix, int64_t now_ms, struct effect *ret_effects)
{
	size_t n = 0;
	struct db *db = store_reader(fix->store);
	assert_int_equal(outbox_due(db, now_ms, ret_effects, 4, &n), 0);
	store_reader_return(fix->store, db);
	return n;
}

struct settling {
	struct effect *effects;
	size_t n;
	int64_t now_ms;
};

static int settle(struct db *db, void *arg)
{
	struct settling *s = arg;
	return outbox_settle(db, s->now_ms, s->effects, s->n);
}

static void settled(struct model_fix *fix, int64_t now_ms, struct effect *effects, size_t n)
{
	struct settling s = { effects, n, now_ms };
	assert_int_equal(store_write(fix->store, STORE_PEOPLE, settle, &s), 0);
}

static void test_written_with_the_change(void **state)
{
	struct model_fix *fix = *state;
	struct effect effects[4];
	int64_t skill = 0, prompt = 0;
	assert_int_equal(fix_create(fix, &customer_resource, json_pack("{s:s}", "name", "张三"), NULL), 0);
	assert_int_equal(due(fix, clock_wall_ms(), effects), 0);
	json_t *body = fix_body(fix, &skill_resource), *same = json_copy(body);
	assert_int_equal(fix_create(fix, &skill_resource, body, &skill), 0);
	assert_int_equal(fix_create(fix, &skill_resource, same, NULL), -E_INVALID); /* the name is taken */
	assert_int_equal(fix_create(fix, &prompt_resource, fix_body(fix, &prompt_resource), &prompt), 0);
	assert_int_equal(due(fix, clock_wall_ms(), effects), 3);
	assert_string_equal(effects[0].kind, OUTBOX_CONFIG);
	assert_ptr_equal(effects[0].res, &skill_resource);
	assert_int_equal(effects[0].record, skill);
	assert_string_equal(effects[1].kind, OUTBOX_SPEAK);
	assert_string_equal(effects[2].kind, OUTBOX_CONFIG);
	assert_int_equal(effects[2].record, prompt);
	assert_int_equal(fix_delete(fix, &skill_resource, skill, 0), 0);
	assert_int_equal(due(fix, clock_wall_ms(), effects), 4);
}

static void test_put_off_or_done(void **state)
{
	struct model_fix *fix = *state;
	struct effect effects[4];
	int64_t now, waiting = 0, next = 0, pause = 1000;
	for (int i = 0; i < 3; i++)
		assert_int_equal(fix_create(fix, &skill_resource, fix_body(fix, &skill_resource), NULL), 0);
	now = clock_wall_ms();
	assert_int_equal(due(fix, now, effects), 3);
	effects[0].err = -E_TIMEOUT;
	effects[1].err = -E_INVALID; /* refused: it will not get better */
	settled(fix, now, effects, 3);
	for (int tries = 1; tries <= 9; tries++) {
		assert_int_equal(due(fix, now + pause - 1, effects), 0);
		now += pause;
		assert_int_equal(due(fix, now, effects), 1);
		assert_int_equal(effects[0].tries, tries);
		effects[0].err = -E_AWAY;
		settled(fix, now, effects, 1);
		pause = tries < 6 ? 2 * pause : 64000;
	}
	struct db *db = store_reader(fix->store);
	assert_int_equal(outbox_state(db, &waiting, &next), 0);
	store_reader_return(fix->store, db);
	assert_int_equal(waiting, 1);
	assert_int_equal(next, now + 64000);
	effects[0].err = 0;
	settled(fix, now, effects, 1);
	assert_int_equal(due(fix, INT64_MAX, effects), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_written_with_the_change, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_put_off_or_done, model_setup, model_teardown),
	};
	return unit_run(tests);
}
