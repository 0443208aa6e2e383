#ifndef LX_DESK_SHAPES_H
#define LX_DESK_SHAPES_H

#include "desk/request.h"
#include "model/catalogue.h"

/* What records are like: the latest catalogue, kept until its generation has risen, by whichever process.
 * Then the pages are told to read meta again, and what follows custom fields is done in the background:
 * indexes are made and dropped, the search words of old records are made anew, values of fields that are gone
 * for good leave the records. It is found out anew at every start, so that nothing is lost in between. Any
 * thread. */
struct shapes;

struct shapes *shapes_new(struct desk *desk);
void *shapes_free(struct shapes *shapes); /* NULL allowed; returns NULL */
/* After the pools are there: sees what a former process left to do. */
int shapes_begin(struct shapes *shapes) MUST_CHECK;

/* Of that generation or later; the caller drops the reference. */
int shapes_catalogue(struct shapes *shapes, struct db *db, int64_t generation,
	struct catalogue **ret_catalogue) MUST_CHECK;
/* Of the database's own generation. Not on the writer, which sees what may never be committed. */
int shapes_now(struct shapes *shapes, struct db *db, struct catalogue **ret_catalogue) MUST_CHECK;
/* After a commit that may have raised it, and now and then: another process may have. */
void shapes_look(struct shapes *shapes);
/* Somebody has written records by this catalogue: when it was not the latest any more, the words that it did
 * not know to make are made. */
void shapes_written(struct shapes *shapes, const struct catalogue *catalogue);
/* The same by one that nobody knows any more: the writer was killed. Blocks until that is noted. */
void shapes_doubt(struct shapes *shapes);

/* On the writer: whether the request's catalogue still is the database's. */
int shapes_fit(struct db *db, const struct request *r, bool *ret_fits) MUST_CHECK;
/* Gives the request the latest. */
int shapes_renew(struct request *r) MUST_CHECK;

#endif
