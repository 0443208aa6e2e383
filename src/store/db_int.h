#ifndef LX_STORE_DB_INT_H
#define LX_STORE_DB_INT_H

#include "store/db.h"

/* What only the store needs of a connection. */
int db_open(const char *path, bool read_only, struct db **ret_db) MUST_CHECK;
void *db_close(struct db *db);
/* Several statements at once, without parameters: pragmas and migrations. */
int db_script(struct db *db, const char *sql) MUST_CHECK;

/* Rows changed on this connection so far. */
int64_t db_changes(const struct db *db);

/* Makes the layout that this version needs; -E_UNSUPPORTED for a database of a newer version. */
int migrate(struct db *db, struct fault *reterr_) MUST_CHECK;

#endif
