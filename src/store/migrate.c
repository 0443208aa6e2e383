/* Brings a database to the layout of this version. The steps are the numbered files in migrations/, written
 * in SQL for every database; what differs is spelt with a word in @…@. A step runs whole or not at all. */
#include "store/db_int.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

#define STEP_MAX_BYTES (256 * 1024)

extern const struct embed_file store_migrations[];

static const struct {
	const char *word, *text;
} dialect[] = {
	{ "@ID@", "INTEGER PRIMARY KEY" },
	{ "@INT@", "INTEGER" },
	{ "@JSON@", "TEXT" },
	{ "@STRICT@", "STRICT" },
};

static void translate(struct buf *out, const char *sql)
{
	while (*sql) {
		size_t i = 0;
		while (i < ARRAY_LEN(dialect) && strncmp(sql, dialect[i].word, strlen(dialect[i].word)) != 0)
			i++;
		if (i < ARRAY_LEN(dialect)) {
			buf_addz(out, dialect[i].text);
			sql += strlen(dialect[i].word);
		} else {
			buf_addc(out, *sql++);
		}
	}
}

/* "0001_ground.sql" is step 1. */
static int64_t number_of(const struct embed_file *file)
{
	struct str name = str_from(file->name);
	uint64_t n = 0;
	return str_to_u64(str_cut(&name, '_'), 9999, &n) ? 0 : (int64_t)n;
}

static int step(struct db *db, const struct embed_file *file)
{
	struct buf sql;
	buf_init(&sql, STEP_MAX_BYTES);
	buf_addz(&sql, "BEGIN IMMEDIATE;");
	translate(&sql, file->bytes);
	int err = buf_err(&sql);
	if (!err)
		err = db_script(db, sql.p);
	buf_done(&sql);
	if (!err)
		err = db_run(db, "INSERT INTO migration (number, name, applied) VALUES ($1, $2, $3)",
			ARGS(V_INT(number_of(file)), V_Z(file->name), V_INT(clock_wall_ms())));
	if (!err)
		err = db_script(db, "COMMIT");
	if (err && db_script(db, "ROLLBACK"))
		return -E_CORRUPT;
	return err;
}

int migrate(struct db *db, struct fault *reterr_)
{
	int64_t have = 0, last = 0;
	int err = db_script(db,
		"CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY,"
		" name TEXT NOT NULL, applied INTEGER NOT NULL) STRICT");
	if (!err)
		err = db_one_int(db, "SELECT coalesce(max(number), 0) FROM migration", NO_ARGS, &have);
	if (err)
		return err;
	for (const struct embed_file *file = store_migrations; file->name; file++)
		last = number_of(file);
	if (have > last) {
		(void)fault_set(reterr_, "newer", "data",
			"the data folder was written by a newer version (layout %" PRId64
			", this one knows %" PRId64 ")",
			have, last);
		return -E_UNSUPPORTED;
	}
	for (const struct embed_file *file = store_migrations; file->name && !err; file++)
		if (number_of(file) > have)
			err = step(db, file);
	if (err)
		(void)fault_set(reterr_, "migration", "data", "the database cannot be brought up to date: %s",
			db_error(db));
	return err;
}
