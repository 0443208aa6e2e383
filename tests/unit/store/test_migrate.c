/* Steps that the two databases read differently, tables made anew, and steps that fail. */
#include "unit.h"
#include "place.h"

#include "base/embed.h"
#include "base/mem.h"

static const char ground[] =
	"-- A comment with TEXT and @INT@.\n"
	"CREATE TABLE word (id @ID@, name TEXT NOT NULL UNIQUE, body @JSON@) @STRICT@;\n"
	"CREATE TABLE use (id @ID@, word @INT@ NOT NULL REFERENCES word (id) ON DELETE CASCADE) @STRICT@;\n"
	"INSERT INTO word (id, name, body) VALUES (1, 'TEXT @INT@', '{\"b\":1,  \"a\":2}'), (2, 'b', NULL);\n"
	"INSERT INTO use (id, word) SELECT id + CAST(CAST(10 AS TEXT) AS BIGINT), id FROM word;\n";

/* Drops the uniqueness of a name, which SQLite can only do with a new table. */
static const char anew[] = "-- @rebuild\n"
			   "-- @sqlite\n"
			   "CREATE TABLE new_word (id @ID@, name TEXT NOT NULL, body @JSON@) @STRICT@;\n"
			   "INSERT INTO new_word SELECT id, name, body FROM word;\n"
			   "DROP TABLE word;\n"
			   "ALTER TABLE new_word RENAME TO word;\n"
			   "-- @postgres\n"
			   "ALTER TABLE word DROP CONSTRAINT word_name_key;\n"
			   "-- @all\n"
			   "ALTER TABLE word ADD COLUMN gone @INT@;\n"
			   "CREATE UNIQUE INDEX word_name ON word (name) WHERE gone IS NULL;\n";

/* Would leave a use of no word; PostgreSQL sees that for itself. */
static const char dangling[] = "-- @rebuild\n"
			       "-- @sqlite\n"
			       "DELETE FROM word WHERE id = 2;\n"
			       "-- @postgres\n"
			       "INSERT INTO use (id, word) VALUES (99, 98);\n"
			       "-- @all\n"
			       "CREATE TABLE never (id @ID@) @STRICT@;\n";

static const struct embed_file steps[] = {
	{ .name = "0001_ground.sql", .bytes = ground, .size = sizeof(ground) - 1 },
	{ .name = "0002_anew.sql", .bytes = anew, .size = sizeof(anew) - 1 },
	{ .name = "0003_dangling.sql", .bytes = dangling, .size = sizeof(dangling) - 1 },
	{ .name = NULL },
};

struct bench {
	struct place place;
	struct db *db;
};

static int setup(void **state)
{
	struct bench *b = mem_alloc(sizeof(*b));
	place_make_empty(&b->place);
	assert_int_equal(db_open(b->place.path, false, &b->db, NULL), 0);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;
	db_close(b->db);
	place_remove(&b->place);
	free(b);
	return 0;
}

static int64_t number(struct bench *b, const char *sql)
{
	int64_t n = -1;
	if (db_one_int(b->db, sql, NO_ARGS, &n))
		fail_msg("%s: %s", sql, db_error(b->db));
	return n;
}

static void expect_text(struct bench *b, const char *sql, const char *text)
{
	struct rows *rows;
	assert_int_equal(db_query(b->db, sql, NO_ARGS, &rows), 0);
	assert_true(rows_next(rows));
	assert_true(str_eqz(rows_str(rows, 0), text));
	assert_int_equal(rows_end(rows), 0);
}

static void test_one_text_for_both(void **state)
{
	struct bench *b = *state;
	assert_int_equal(migrate_by(b->db, steps, 1, NULL), 0);
	assert_int_equal(migrate_by(b->db, steps, 1, NULL), 0); /* nothing left to do */
	expect_text(b, "SELECT name FROM word WHERE id = 1", "TEXT @INT@");
	expect_text(b, "SELECT body FROM word WHERE id = 1", "{\"b\":1,  \"a\":2}");
	assert_int_equal(number(b, "SELECT CAST(body ->> 'a' AS BIGINT) FROM word WHERE id = 1"), 2);
	assert_int_equal(number(b, "SELECT sum(id) FROM use"), 23);
	assert_int_equal(number(b, "SELECT count(*) FROM migration"), 1);
	assert_int_equal(db_run(b->db, "INSERT INTO word (id, name) VALUES (3, 'b')", NO_ARGS), -E_EXISTS);
	assert_string_equal(db_conflict(b->db), "word.name");
}

static void test_a_table_made_anew(void **state)
{
	struct bench *b = *state;
	assert_int_equal(migrate_by(b->db, steps, 2, NULL), 0);
	assert_int_equal(number(b, "SELECT count(*) FROM use"), 2); /* nothing went with the old table */
	assert_int_equal(db_run(b->db, "INSERT INTO word (id, name) VALUES (3, 'b')", NO_ARGS), -E_EXISTS);
	assert_int_equal(db_run(b->db, "UPDATE word SET gone = 1 WHERE name = 'b'", NO_ARGS), 0);
	assert_int_equal(db_run(b->db, "INSERT INTO word (id, name) VALUES (3, 'b')", NO_ARGS), 0);
	assert_int_equal(db_run(b->db, "INSERT INTO use (id, word) VALUES (50, 51)", NO_ARGS), -E_STATE);
	assert_int_equal(db_run(b->db, "DELETE FROM word WHERE id = 1", NO_ARGS), 0);
	assert_int_equal(number(b, "SELECT count(*) FROM use"), 1);
}

static void test_a_step_runs_whole_or_not(void **state)
{
	struct bench *b = *state;
	struct fault fault = { .text = "" };
	assert_int_equal(migrate_by(b->db, steps, 0, &fault), -E_STATE);
	assert_string_equal(fault.code, "migration");
	assert_non_null(strstr(fault.text, "0003_dangling.sql"));
	assert_int_equal(number(b, "SELECT max(number) FROM migration"), 2);
	assert_int_equal(number(b, "SELECT count(*) FROM word"), 2);
	assert_int_equal(db_run(b->db, "CREATE TABLE never (id BIGINT)", NO_ARGS), 0);
	assert_int_equal(db_run(b->db, "INSERT INTO use (id, word) VALUES (50, 51)", NO_ARGS), -E_STATE);
}

/* The server ends the connection when everything but the commit has been said. */
static void test_a_commit_without_answer(void **state)
{
	struct bench *b = *state;
	if (!place_is_postgres())
		skip();
	assert_int_equal(migrate_by(b->db, steps, 1, NULL), 0);
	assert_int_equal(db_begin(b->db), 0);
	assert_int_equal(db_run(b->db, "INSERT INTO word (id, name) VALUES (3, 'c')", NO_ARGS), 0);
	place_admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'",
		place_database(&b->place));
	assert_int_equal(db_commit(b->db), -E_AWAY);
	assert_int_equal(number(b, "SELECT count(*) FROM word"), 2);
}

static void test_another_encoding(void **state)
{
	struct place place = { .empty = true };
	struct fault fault = { .text = "" };
	struct db *db;
	(void)state;
	if (!place_is_postgres())
		skip();
	place_begin(&place);
	place_admin("CREATE DATABASE %s ENCODING 'LATIN1' TEMPLATE template0", place_database(&place));
	assert_int_equal(db_open(place.path, true, &db, &fault), -E_UNSUPPORTED);
	assert_string_equal(fault.code, "encoding");
	place_remove(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_text_for_both, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_table_made_anew, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_step_runs_whole_or_not, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_commit_without_answer, setup, teardown),
		cmocka_unit_test(test_another_encoding),
	};
	return unit_run(tests);
}
