#ifndef LX_MODEL_RECORD_H
#define LX_MODEL_RECORD_H

#include "model/field.h"
#include "model/model.h"
#include "model/sql.h"

/* What reading and writing of records share. */

/* id, version, created, updated: in every record. */
#define BASE_FIELDS 4
extern const struct field base_fields[BASE_FIELDS];

/* The SQL of a field of the table in alias; of computed fields that is always `t`. */
void record_expr(struct sql *q, const struct field *f, const char *alias);

/* Records as the reader sees them: parts masked, and the actions that he may take now. */
int records_present(
	struct db *db, const struct resource *res, const struct actor *actor, json_t *records) MUST_CHECK;
/* As model_get() or model_get_deleted(), but nothing added and nothing hidden: for changing it. */
int record_get(struct db *db, const struct resource *res, const struct actor *actor, int64_t id, bool deleted,
	json_t **ret_record) MUST_CHECK;

/* When a record was deleted; of those resources alone that keep what is. */
extern const struct field deleted_field;
/* Appends the condition that leaves out what is deleted, or leaves in nothing else. */
void record_bin(struct sql *q, const struct resource *res, bool deleted);

/* "SELECT … FROM table t", and a row of it as a record without its child lists. Names behind references are
 * null where the actor may not read what they name. */
void record_select(struct sql *q, const struct resource *res, const struct actor *actor);
json_t *record_from_row(struct rows *rows, const struct resource *res);
int record_add_children(
	struct db *db, const struct resource *res, const struct actor *actor, json_t *record) MUST_CHECK;
/* The same for an array of them, with a statement for many. */
int records_add_children(
	struct db *db, const struct resource *res, const struct actor *actor, json_t *records) MUST_CHECK;

/* A record without regard to who asks; -E_NOT_FOUND. */
int record_read(struct db *db, const struct resource *res, int64_t id, json_t **ret_record) MUST_CHECK;

#endif
