#ifndef LX_STORE_DB_INT_H
#define LX_STORE_DB_INT_H

#include "store/db.h"

/* What only the store needs of a connection, and what a back end gives: db_sqlite.c, db_pg.c. */

/* A word of migrations that databases spell differently. */
struct db_word {
	const char *word, *text;
};

struct db_kind {
	const char *name;            /* as health and metrics tell it */
	const char *section;         /* of migrations: after the line `-- @section` */
	const struct db_word *words; /* a NULL word ends them */
	/* SQL around a step of migrations and around one that makes tables anew (`-- @rebuild`); may be
	 * NULL. */
	const char *lock, *unlock, *rebuild, *rebuilt, *dangling;

	int (*open)(const char *place, bool read_only, struct db **ret_db, struct fault *reterr_);
	void (*close)(struct db *db);
	int (*script)(struct db *db, const char *sql);
	int (*run)(struct db *db, const char *sql, const struct value *args, size_t n);
	int (*query)(
		struct db *db, const char *sql, const struct value *args, size_t n, struct rows **ret_rows);
	bool (*next)(struct rows *rows);
	int (*end)(struct rows *rows);
	int64_t (*get_int)(struct rows *rows, int column);
	struct str (*get_str)(struct rows *rows, int column);
	bool (*is_null)(struct rows *rows, int column);
	const char *(*error)(const struct db *db);
	int64_t (*changes)(const struct db *db);
	int (*begin)(struct db *db);
	int (*commit)(struct db *db);
	int (*post)(struct db *db, const char *sql, const struct value *args, size_t n);
	int (*put)(struct db *db, const char *table, const char *columns, const struct value *args, size_t n);
	int (*flush)(struct db *db);
};

/* First member of a back end's own. */
struct db {
	const struct db_kind *kind;
	char conflict[96];
};

struct rows {
	struct db *db;
};

extern const struct db_kind db_sqlite, db_pg;

/* The place is `postgres://…` or the path of a file. The fault tells the person what is wrong with it;
 * -E_AWAY for a server that does not answer (yet). */
int db_open(const char *place, bool read_only, struct db **ret_db, struct fault *reterr_) MUST_CHECK;
void *db_close(struct db *db); /* NULL allowed; returns NULL */
/* The statement of db_put(). */
struct buf;
void db_print_insert(struct buf *out, const char *table, const char *columns, size_t n);
/* Several statements at once, without parameters: pragmas and migrations. */
int db_script(struct db *db, const char *sql) MUST_CHECK;

/* The writer's transaction. db_begin() comes back from a connection that was lost meanwhile; db_commit() says
 * 0 only for what is on disk, and -E_UNSURE when nobody could tell. */
int db_begin(struct db *db) MUST_CHECK;
int db_commit(struct db *db) MUST_CHECK;

/* Rows changed on this connection so far. */
int64_t db_changes(const struct db *db);

/* Makes the layout that this version needs, or the one after step `last` when that is not 0; -E_UNSUPPORTED
 * for a database of a newer version. */
int migrate(struct db *db, int64_t last, struct fault *reterr_) MUST_CHECK;
/* The same with steps of the caller's, ended by one without a name. */
struct embed_file;
int migrate_by(struct db *db, const struct embed_file *steps, int64_t last, struct fault *reterr_) MUST_CHECK;

#endif
