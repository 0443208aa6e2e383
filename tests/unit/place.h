#ifndef LX_TESTS_PLACE_H
#define LX_TESTS_PLACE_H

/* Where one test keeps its database: a file in a folder of its own, or, when $LX_DB names a PostgreSQL server
 * (fixture/postgres.py), a database there. To make one costs more than a test, so that the next test gets it
 * as it was when it was new. */
#include "store/db_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
	char dir[128];
	char path[256]; /* for store_open() */
	bool empty;
};

/* The rows of a new layout stand in a schema of their own, and the names of its tables; what a test has made
 * beside them goes. */
/* clang-format off */
#define PLACE_KEEP \
	"CREATE SCHEMA kept; CREATE TABLE kept.list_of_tables AS SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public';" \
	"DO $$ DECLARE t record; filled boolean; BEGIN" \
	" FOR t IN SELECT name FROM kept.list_of_tables LOOP" \
	"  EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t.name) INTO filled;" \
	"  IF filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', t.name, t.name); END IF;" \
	" END LOOP; END $$"
#define PLACE_RESET \
	"DO $$ DECLARE t record; BEGIN SET LOCAL session_replication_role = replica;" \
	" FOR t IN SELECT tablename AS name, l.name IS NULL AS strange FROM pg_tables LEFT JOIN kept.list_of_tables l" \
	"  ON l.name = tablename WHERE schemaname = 'public' LOOP" \
	"  EXECUTE format(CASE WHEN t.strange THEN 'DROP TABLE public.%I CASCADE' ELSE 'DELETE FROM public.%I' END, t.name);" \
	" END LOOP;" \
	" FOR t IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'kept' AND tablename <> 'list_of_tables' LOOP" \
	"  EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', t.name, t.name);" \
	" END LOOP; END $$"
/* clang-format on */

static bool place_kept; /* database "place" is there */

static inline bool place_is_postgres(void)
{
	return getenv("LX_DB") != NULL;
}

static inline void place_script(const char *path, const char *sql, bool layout)
{
	struct db *db;
	assert_int_equal(db_open(path, false, &db, NULL), 0);
	if ((layout && migrate(db, 0, NULL)) || db_script(db, sql))
		fail_msg("%s: %s", sql, db_error(db));
	db_close(db);
}

static inline void place_admin(const char *format, const char *name)
{
	char sql[128];
	snprintf(sql, sizeof(sql), format, name);
	place_script(getenv("LX_DB"), sql, false);
}

static inline const char *place_database(const struct place *place)
{
	return strrchr(place->path, '/') + 1;
}

static inline void place_begin(struct place *place)
{
	const char *admin = getenv("LX_DB"), *temporary = getenv("TMPDIR");
	snprintf(place->dir, sizeof(place->dir), "%s/lx-place-XXXXXX", temporary ? temporary : "/tmp");
	assert_non_null(mkdtemp(place->dir));
	if (admin)
		snprintf(place->path, sizeof(place->path), "%.*s/%s", (int)(strrchr(admin, '/') - admin),
			admin, place->empty ? "empty" : "place");
	else
		snprintf(place->path, sizeof(place->path), "%s/desk.db", place->dir);
}

/* With this version's layout already, maybe. */
static inline void place_make(struct place *place)
{
	place->empty = false;
	place_begin(place);
	if (!place_is_postgres())
		return;
	if (!place_kept) {
		place_admin("CREATE DATABASE %s", place_database(place));
		place_script(place->path, PLACE_KEEP, true);
	} else {
		place_script(place->path, PLACE_RESET, false);
	}
	place_kept = true;
}

static inline void place_make_empty(struct place *place)
{
	place->empty = true;
	place_begin(place);
	if (place_is_postgres())
		place_admin("CREATE DATABASE %s", place_database(place));
}

static inline void place_remove(struct place *place)
{
	static const char *const endings[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]) && !place_is_postgres(); i++) {
		char path[sizeof(place->path) + 8];
		snprintf(path, sizeof(path), "%s%s", place->path, endings[i]);
		unlink(path);
	}
	if (place_is_postgres() && place->empty)
		place_admin("DROP DATABASE %s WITH (FORCE)", place_database(place));
	rmdir(place->dir);
}

#endif
