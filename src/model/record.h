#ifndef LX_MODEL_RECORD_H
#define LX_MODEL_RECORD_H

#include "model/field.h"
#include "model/model.h"
#include "model/sql.h"

/* What reading and writing of records share. */

/* id, version, created, updated: in every record. */
#define BASE_FIELDS 4
extern const struct field base_fields[BASE_FIELDS];

/* "SELECT … FROM table t", and a row of it as a record without its child lists. Names behind references are
 * null where the actor may not read what they name. */
void record_select(struct sql *q, const struct resource *res, const struct actor *actor);
json_t *record_from_row(struct rows *rows, const struct resource *res);
int record_add_children(
	struct db *db, const struct resource *res, const struct actor *actor, json_t *record) MUST_CHECK;

/* A record without regard to who asks; -E_NOT_FOUND. */
int record_read(struct db *db, const struct resource *res, int64_t id, json_t **ret_record) MUST_CHECK;

#endif
