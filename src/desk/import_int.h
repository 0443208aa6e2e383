#ifndef LX_DESK_IMPORT_INT_H
#define LX_DESK_IMPORT_INT_H

#include "desk/imports.h"
#include "desk/seen.h"

/* What the check and the run of an import share: rows in batches, and what is to become of each. */

enum fate { FATE_NEW, FATE_CHANGED, FATE_SAME, FATE_SKIPPED, FATE_REFUSED, FATE__MAX };

struct item {
	int64_t n; /* of the row */
	struct str *cells;
	size_t n_cells;
	json_t *body, *draft;
	json_t *change;                /* of the record that is there, instead of the draft; NULL: none */
	struct intake_faults *faults;  /* NULL: none */
	struct intake_faults *wanting; /* fields that only a new record would need; NULL: none */
	bool late;                     /* changes what a row before it writes: judged when that is done */
	bool known;                    /* names what is there, or what a row before it names */
	int64_t match, twin;           /* the record it names, and the row of this file that names the same */
	enum fate fate;
};

#define BATCH_MAX 500

/* Rows that are read, judged and written together. One belongs to the job's thread, or to the writer. */
struct batch {
	struct arena *arena;
	struct item items[BATCH_MAX];
	size_t n;
};

struct import_run {
	struct job_run *job;
	struct desk *desk;
	bool dry;
	struct import_row row;
	struct import_plan plan;
	struct intake *intake;
	const struct resource *res; /* in a dry run one whose secrets are not sealed */
	struct resource *plain;
	struct match_key all_keys[MATCH_KEYS_MAX];
	size_t n_all_keys;
	struct seen *seen;
	struct refused *refused;
	json_t *choices; /* {"17": "update"}: of single rows */
	struct sheet_reader *reader;
	int fd;
	bool ended;
	struct str *labels;
	size_t n_labels;
	struct batch batches[2], *hand; /* one is made while the other is written */
	const struct batch *flight;     /* the other; NULL: none is */
	size_t pace;                    /* rows of the next batch */
	int64_t read;
	/* Of the batches that are done. */
	int64_t rows, duplicates, counts[FATE__MAX];
	json_t *reasons;
	size_t shown[FATE__MAX];
};

int import_begin(struct import_run *run, struct job_run *job, bool dry) MUST_CHECK;
/* Reads, drafts, matches and judges up to run->pace rows into the batch in hand; none at the end. */
int import_batch(struct import_run *run) MUST_CHECK;
/* A late row, by what the database has now. */
int import_judge_late(struct import_run *run, struct db *db, struct batch *b, struct item *item) MUST_CHECK;
/* Counts the batch and writes its refused rows. */
int import_count(struct import_run *run, const struct batch *b) MUST_CHECK;
json_t *import_counts(const struct import_run *run);
void import_finish(struct import_run *run);
void import_refuse(struct batch *b, struct item *item, int column, const struct fault *fault);

#endif
