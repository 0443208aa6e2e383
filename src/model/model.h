#ifndef LX_MODEL_MODEL_H
#define LX_MODEL_MODEL_H

#include "base/buf.h"
#include "base/id.h"
#include "model/catalogue.h"
#include "model/resource.h"
#include "model/rights.h"
#include "sheet/writer.h"

/* The one interpreter of resource descriptors. Functions on a `struct db` run where that connection may be
 * used; writing ones inside a piece of work of store_write(). Records are JSON objects as the API shows them.
 */

/* Who asks. Strings live as long as the call. */
struct actor {
	int64_t user;
	const char *name;
	int64_t agent; /* 0: none */
	const char *address;
	const struct rights *rights;       /* NULL: none; rights_all for the program itself */
	const struct catalogue *catalogue; /* that he works with; NULL: the program's own resources */
};

/* -E_INVALID of all functions fills `faults`, one per field. */

/* Decoded parameters of a query: q, sort, limit, cursor, fields, filters. */
struct param {
	const char *name, *value;
};

struct list_query {
	const struct param *params;
	size_t n_params;
	unsigned limit_max; /* 0: 500 */
	int64_t count_max;  /* how far `total` counts; 0: 10,001 */
	enum verb verb;     /* what is done with the rows beside reading: within that right too */
	bool whole;         /* rows beyond the reader's scope too: another right has been looked at */
};

/* {"items", "next", "total"}: total counts to 10,001 and is null behind a cursor. */
int model_list(struct db *db, const struct resource *res, const struct actor *actor,
	const struct list_query *query, json_t **ret_page, struct faults *faults) MUST_CHECK;
/* -E_NOT_FOUND also for a record that the actor may not see. */
int model_get(struct db *db, const struct resource *res, const struct actor *actor, int64_t id,
	json_t **ret_record) MUST_CHECK;

/* One in the bin, for who may delete; -E_NOT_FOUND also for one that is not there. */
int model_get_deleted(struct db *db, const struct resource *res, const struct actor *actor, int64_t id,
	json_t **ret_record) MUST_CHECK;

/* [{"resource", "field", "total", …}]: where records that the actor may read refer to this one, and how many
 * there are; those to which nothing refers are left out. */
int model_relations(struct db *db, const struct resource *res, const struct actor *actor, int64_t id,
	json_t **ret_relations) MUST_CHECK;

/* Checks the body of a POST (is_new) or PATCH as far as no database is needed, and seals secrets (slow on
 * purpose: not on the writer thread). *ret_draft is what model_create() and model_update() take. */
int model_draft(const struct resource *res, const json_t *body, bool is_new, json_t **ret_draft,
	struct faults *faults) MUST_CHECK;

/* A change in progress on the writer thread. */
struct change {
	struct db *db;
	struct id_source *ids;
	int64_t now_ms;
	const struct actor *actor;
	struct faults *faults;
	int64_t *effect; /* optional: gets the id of what follows in the outbox, 0 stays when nothing does */
	/* One of many: what is written is posted (db_post), so a uniqueness that is broken is told by
	 * db_flush(), without its field. */
	bool posts;
	bool takes_old_words; /* custom choices that nobody can choose any more, out of another record */
};

/* They check references, uniqueness and the resource's own rules, write, and leave a row in the audit trail.
 * -E_CONFLICT when if_version (0: any) is not the record's; -E_STATE when a record in use is deleted: then
 * `faults` name what refers to it, field "queues/5" and text its name; "queues" alone where the actor may not
 * read it. */
int model_create(const struct change *change, const struct resource *res, const json_t *draft,
	int64_t *ret_id) MUST_CHECK;
int model_update(const struct change *change, const struct resource *res, int64_t id, int64_t if_version,
	json_t *draft) MUST_CHECK;
int model_delete(
	const struct change *change, const struct resource *res, int64_t id, int64_t if_version) MUST_CHECK;
/* Takes a deletion back, if what the record refers to is there and what is unique in it is free. */
int model_restore(
	const struct change *change, const struct resource *res, int64_t id, int64_t if_version) MUST_CHECK;

/* Takes one out of the bin for good, with what the database keeps beside it and what the trail says of its
 * masked values. -E_STATE, with `faults` as above, while anything refers to it, be it in the bin too. */
int model_purge(
	const struct change *change, const struct resource *res, int64_t id, int64_t if_version) MUST_CHECK;

/* Whether its transition table has that action, and the verb by which may() knows it. */
bool model_has_action(const struct resource *res, const char *action, enum verb *ret_verb);
/* Moves a record by an action of its transition table. -E_STATE, with the reason in `faults`, when that is
 * not possible now. */
int model_move(const struct change *change, const struct resource *res, int64_t id, int64_t if_version,
	const char *action) MUST_CHECK;

/* {"field", "reason"} to {"field", "value"}: one masked value in clear, noted in the trail. -E_AGAIN when the
 * actor has had too many within the hour. */
int model_reveal(const struct change *change, const struct resource *res, int64_t id, const json_t *body,
	json_t **ret_answer) MUST_CHECK;
json_t *model_reveal_body(void); /* the JSON Schema of that body */

/* A row of the audit trail for what is no change of a record: sign-in, listening, a leader's command. changes
 * may be NULL. */
int model_audit(const struct change *change, const char *action, const char *resource, int64_t record,
	const json_t *changes) MUST_CHECK;

/* All configuration rows of the switch, appended to the array. */
int model_config_all(struct db *db, json_t *rows) MUST_CHECK;
/* The agents whose rows say that their phones show numbers whole, in order. The caller frees the list. */
int model_config_seeing(struct db *db, int64_t **ret_agents, size_t *ret_n) MUST_CHECK;

/* Refuses with `faults`; returns -E_INVALID. More than fit are dropped. */
int faults_add(struct faults *faults, const char *code, const char *field, const char *fmt, ...) PRINTF(4, 5);

/* Records as rows of a table (src/sheet): a head of labels, then one row for each record of the page that
 * model_list() gave. Times by the reader's clock, spans in seconds; both say so in their label. */
struct export_style {
	bool chinese;
	int offset_min;       /* of the reader's clock, to the east of UTC */
	const char *currency; /* of the centre, may be NULL */
	int money_digits;     /* its digits behind the point */
};
#define EXPORT_FIELDS_MAX 128
struct export_plan {
	struct export_style style;
	const struct field *fields[EXPORT_FIELDS_MAX];
	size_t n;
};
/* Fields that are named, separated by commas, in this order; all that can be shown when there are none. */
int model_export_plan(const struct resource *res, const struct export_style *style, const char *names,
	struct export_plan *ret_plan, struct faults *faults) MUST_CHECK;
int model_export_head(const struct export_plan *plan, struct sheet_writer *out) MUST_CHECK;
int model_export_rows(
	const struct export_plan *plan, const json_t *page, struct sheet_writer *out) MUST_CHECK;

/* The currency of the centre: its code into 4 bytes, and its digits behind the point. */
int model_currency(struct db *db, char ret_code[4], int *ret_digits) MUST_CHECK;

/* The descriptors for people and programs. The caller owns the results. */
json_t *model_meta(const struct actor *actor);
json_t *model_openapi_paths(void);   /* of the collections */
json_t *model_openapi_schemas(void); /* of the records, as they are shown and as they are sent */
void model_print_ts(struct buf *out);
void model_print_md(struct buf *out);
void model_print_camel(struct buf *out, struct str name); /* "agent_skill" as AgentSkill */

/* Password hashing by Argon2id; the first result is freed by the caller. */
char *secret_hash(const char *plain);
/* Cheap, for passwords that everybody knows: the demo's. */
char *secret_hash_known(const char *plain);
bool secret_verify(const char *hash, const char *plain);
/* HA1 of RFC 7616 in hexadecimal: MD5 into 33 bytes, SHA-256 into 65. */
void secret_ha1(const char *user, const char *realm, const char *password, char *ret_md5, char *ret_sha256);
/* {"kind": "account", "id": …, "row": …} with HA1 under the realm of the settings. */
int model_account_row(struct db *db, const char *id, const char *auth_user, const char *aor,
	const char *secret, json_t **ret_row) MUST_CHECK;

#endif
