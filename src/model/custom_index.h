#ifndef LX_MODEL_CUSTOM_INDEX_H
#define LX_MODEL_CUSTOM_INDEX_H

#include "model/catalogue.h"

/* Indexes of custom fields, which the database has or should have: one on the sort key of each field that is
 * marked, named by the field's id. */
struct index_step {
	bool drops;
	char name[64];
	char sql[320]; /* empty when dropping */
	char table[64];
};

/* The first that is wanting, or is there and should not be; *ret_found: there is one. */
int index_next(struct db *db, const struct catalogue *catalogue, struct index_step *ret_step,
	bool *ret_found) MUST_CHECK;
/* In store_apart(). -E_BUSY when another process is making one. */
int index_carry_out(struct db *db, const struct index_step *step) MUST_CHECK;

/* Words of searched custom fields: a counter holds for which fields they were made. */
/* A resource whose records have those of other fields than the catalogue's; NULL when there is none. */
int custom_words_next(
	struct db *db, const struct catalogue *catalogue, const struct resource **ret_res) MUST_CHECK;
int custom_words_made(struct db *db, const struct resource *res) MUST_CHECK;
int custom_words_forget(struct db *db) MUST_CHECK; /* of all: somebody has written without them */

/* Values of fields that are gone for good, in the records that had them: a counter holds for each field how
 * far they have been taken out. */
int custom_values_note(struct db *db, const json_t *field) MUST_CHECK; /* in the transaction that purges it */
/* In store_write(): those of the next `limit` records. *ret_more: there are others to look at. */
int custom_values_step(struct db *db, unsigned limit, bool *ret_more) MUST_CHECK;

#endif
