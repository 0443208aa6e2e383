#ifndef LX_DESK_IMPORTS_H
#define LX_DESK_IMPORTS_H

#include "desk/jobs.h"
#include "model/intake.h"
#include "model/match.h"

/* Records from a person's table: upload, mapping of columns, a check that changes nothing, the run. The
 * resource `import` is what the API shows; both check and run are jobs. */

enum import_choice { IMPORT_SKIP, IMPORT_UPDATE, IMPORT_CREATE, IMPORT_CHOICE__MAX };

/* How a file is to be read and what becomes of its rows, as the person said. */
struct import_plan {
	const struct resource *res;
	unsigned sheet;
	enum sheet_encoding encoding;
	char delimiter;
	bool head; /* the first row names the columns */
	struct intake_column columns[SHEET_COLUMNS_MAX];
	size_t n_columns;
	struct match_key keys[MATCH_KEYS_MAX];
	size_t n_keys;
	enum import_choice duplicates;
	int offset_min;
	const char *language; /* of texts, and of reasons: "zh-CN" or "en" */
};

enum import_choice import_choice_of(const char *name); /* IMPORT_CHOICE__MAX when unknown */

/* The plan in a body, checked. -E_INVALID with faults. */
int import_plan_read(const struct resource *res, const json_t *json, struct import_plan *ret_plan,
	struct faults *faults) MUST_CHECK;

/* An import as its table has it; texts belong to the arena. */
struct import_row {
	int64_t id, owner, at_row, total, job;
	const struct resource *res;
	const char *phase, *file_name;
	json_t *plan, *counts; /* plan may be NULL; the caller drops both */
};
int import_read(struct db *db, const struct catalogue *catalogue, struct arena *arena, int64_t id,
	struct import_row *ret_row) MUST_CHECK;
void import_done(struct import_row *row);

/* The file, opened as the plan says. */
int import_open(struct desk *desk, const struct import_row *row, const struct import_plan *plan, int *ret_fd,
	struct sheet_reader **ret_reader, struct fault *reterr_) MUST_CHECK;

/* Rows that were refused, with their reasons: written while the job runs, made into a file of the upload's
 * kind at its end. */
struct refused;
/* keep: goes on behind what was written for rows up to at_row. */
int refused_open(struct desk *desk, int64_t import, bool keep, int64_t at_row,
	struct refused **ret_refused) MUST_CHECK;
int refused_add(struct refused *refused, int64_t n, const struct str *cells, size_t n_cells,
	const struct intake_faults *faults) MUST_CHECK;
/* Makes the file; labels may be NULL. */
int refused_close(struct refused *refused, const struct import_plan *plan, enum sheet_format format,
	const struct str *labels, size_t n_labels) MUST_CHECK;
void *refused_drop(struct refused *refused); /* NULL allowed; returns NULL */
char *refused_path(const struct desk *desk,
	int64_t import); /* of the file, which need not be there; freed by the caller */

char *import_path(const struct desk *desk, int64_t import, const char *ending);

/* Called with the header of a request: the body of an upload goes to disk. */
void imports_admit(struct http_req *http);
/* Removes what nobody has touched for days. On a worker. */
void imports_sweep(struct desk *desk);

extern const struct job_kind import_check_job, import_run_job;

#endif
