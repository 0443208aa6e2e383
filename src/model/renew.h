#ifndef LX_MODEL_RENEW_H
#define LX_MODEL_RENEW_H

#include "model/catalogue.h"

/* Brings the columns that follow from others (search.h) and the stored form of telephone numbers up to date,
 * for records that an older version wrote or a migration has put aside. In small pieces, on the writer
 * thread, so that nobody waits; a record that is as it should be is not written. */
struct renewal {
	size_t resource; /* index into resources[]; resources_n when all is done */
	int64_t after;   /* id of the last record looked at */
	int64_t last;    /* id of the last to be looked at; 0: to be found */
	int64_t looked, renewed;
	const struct catalogue *catalogue; /* of this step */
	const struct resource *only;       /* its words alone, by that catalogue; NULL: of all resources */
};
/* For the words of one resource, from a catalogue that lives as long. */
struct renewal renewal_of_words(const struct catalogue *catalogue, const struct resource *res);
bool renewal_is_through(const struct renewal *r);

/* Whether this database has seen all of it (a counter says so). */
int renewal_is_done(struct db *db, bool *ret_done) MUST_CHECK;
/* The next `limit` records of one resource. The last piece sets the counter. */
int renewal_step(struct db *db, struct renewal *r, unsigned limit) MUST_CHECK;

#endif
