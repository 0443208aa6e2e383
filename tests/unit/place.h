#ifndef LX_TESTS_PLACE_H
#define LX_TESTS_PLACE_H

/* Where one test keeps its database: a file in a folder of its own, or, when $LX_DB names a PostgreSQL server
 * (fixture/postgres.py), a fresh database there. */
#include "store/db_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
	char dir[64];
	char path[256]; /* for store_open() */
};

static inline bool place_is_postgres(void)
{
	return getenv("LX_DB") != NULL;
}

static inline void place_admin(const char *format, const char *name)
{
	struct db *db;
	char sql[128];
	snprintf(sql, sizeof(sql), format, name);
	assert_int_equal(db_open(getenv("LX_DB"), false, &db, NULL), 0);
	if (db_script(db, sql))
		fail_msg("%s: %s", sql, db_error(db));
	db_close(db);
}

static inline const char *place_database(const struct place *place)
{
	return strrchr(place->path, '/') + 1;
}

static inline void place_make(struct place *place)
{
	static unsigned serial;
	snprintf(place->dir, sizeof(place->dir), "/tmp/lx-place-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	if (!place_is_postgres()) {
		snprintf(place->path, sizeof(place->path), "%s/desk.db", place->dir);
		return;
	}
	const char *admin = getenv("LX_DB");
	snprintf(place->path, sizeof(place->path), "%.*s/place_%d_%u", (int)(strrchr(admin, '/') - admin),
		admin, (int)getpid(), ++serial);
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
	if (place_is_postgres())
		place_admin("DROP DATABASE %s WITH (FORCE)", place_database(place));
	rmdir(place->dir);
}

#endif
