#ifndef LX_MODEL_INTAKE_H
#define LX_MODEL_INTAKE_H

#include "base/arena.h"
#include "model/model.h"
#include "sheet/reader.h"

/* From the rows of a person's table to bodies as a POST has them: which column is which field, and how people
 * write numbers, days, choices, names. */

/* What a column is taken for. "numbers" and "skills" are lists, of which a cell may hold several elements;
 * "title.en" is one language of a text. */
struct intake_column {
	const struct field *field; /* NULL: passed over */
	const char *language;      /* FT_I18N: of this text */
};

/* A column's field by its name; -E_NOT_FOUND also for one that nobody may write. */
int intake_column(const struct resource *res, const char *name, struct intake_column *ret_column) MUST_CHECK;
/* The best guess for a label, "" for none: by names, and by labels in both languages. */
void intake_guess(const struct resource *res, const char *label, char *dst, size_t size);
/* Every name a column may have, in the order of the fields. */
typedef void (*intake_name_fn)(void *arg, const char *name, const struct field *f, const char *language);
void intake_names(const struct resource *res, intake_name_fn fn, void *arg);

struct intake;

struct intake_opts {
	const struct resource *res;
	const struct actor *actor; /* refers only to what he may read */
	const struct intake_column *columns;
	size_t n_columns;
	const char *language; /* of texts without one */
	int offset_min;       /* of the clock by which times are written */
	int money_digits;
};

/* What is wrong with a row. */
#define INTAKE_NO_COLUMN (-1) /* nobody knows in which */
struct intake_fault {
	int column;
	struct fault fault;
};
#define INTAKE_FAULTS_MAX 8
struct intake_faults {
	struct intake_fault list[INTAKE_FAULTS_MAX];
	size_t n;
};

struct intake *intake_new(
	const struct intake_opts *opts); /* copies the columns; the rest must live as long */
void *intake_free(struct intake *in);    /* NULL allowed; returns NULL */

/* The body of a row: fields with an empty cell are not in it. References are looked up through db. -E_INVALID
 * with faults. */
int intake_body(struct intake *in, struct db *db, const struct sheet_row *row, json_t **ret_body,
	struct intake_faults *faults) MUST_CHECK;
/* Faults that the model found in such a body, by the column they come from. */
void intake_blame(const struct intake *in, const struct faults *from, struct intake_faults *faults);

/* The reason of a fault for a person who reads Chinese; NULL when only the fault's own text says it. */
const char *intake_reason_zh(const char *code);

#endif
