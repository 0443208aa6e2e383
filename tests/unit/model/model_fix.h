#ifndef LX_TESTS_MODEL_FIX_H
#define LX_TESTS_MODEL_FIX_H

#include "unit.h"
#include "place.h"

#include "model/areas.h"
#include "model/field.h"
#include "model/model.h"
#include "store/store.h"

/* A database of its own, and records made from nothing but the descriptors. */
struct model_fix {
	struct place place;
	struct store *store;
	struct id_source ids;
	struct faults faults;
	int serial;                       /* makes sample values differ */
	const struct resource *inside[8]; /* whose samples are being made for references */
	size_t depth;
};

extern const struct actor fix_admin;

extern const struct resource sample_resource, parcel_resource;

/* Every resource of the product, then the sample; NULL behind it. */
const struct resource *fix_resource(size_t i);
void sample_make_tables(struct model_fix *fix);

int model_setup(void **state);
int model_teardown(void **state);

/* A fresh body that is right in every field; records it refers to are created. */
json_t *fix_body(struct model_fix *fix, const struct resource *res);
/* The row of an upload, as its id. */
json_t *fix_file(struct model_fix *fix, const char *type, int64_t bytes, int64_t user);
/* The whole way of a POST, PATCH, DELETE; the body reference is taken. */
int fix_create(struct model_fix *fix, const struct resource *res, json_t *body, int64_t *ret_id);
int fix_update(struct model_fix *fix, const struct resource *res, int64_t id, int64_t version, json_t *body);
int fix_delete(struct model_fix *fix, const struct resource *res, int64_t id, int64_t version);
int fix_restore(struct model_fix *fix, const struct resource *res, int64_t id);
int fix_move(struct model_fix *fix, const struct resource *res, int64_t id, const char *action);
json_t *fix_get(struct model_fix *fix, const struct resource *res, int64_t id);
/* Page for "name=value" pairs, ended by NULL; NULL when refused. */
json_t *fix_list(struct model_fix *fix, const struct resource *res, const struct actor *actor, ...);
/* Whether a fault names the field (or what is inside it) with a code that begins so; NULL: any. */
bool fix_names(const struct faults *faults, const char *field, const char *code);
/* The page as CSV, in a buffer that the caller ends. */
void fix_csv(const struct export_plan *plan, const json_t *page, struct buf *out);
/* A user with a role of his own that gives this right. */
int64_t fix_user(
	struct model_fix *fix, const char *name, int64_t agent, const char *right, const char *scope);
int64_t fix_count(struct model_fix *fix, const char *sql);
int fix_sql(struct model_fix *fix, const char *sql);

#endif
