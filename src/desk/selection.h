#ifndef LX_DESK_SELECTION_H
#define LX_DESK_SELECTION_H

#include "desk/request.h"

/* The records of a list that a body names by the list's filters: {"tier": "gold", "queue": ["5", "6"]}. */
#define SELECTION_PAGE_MAX 1000
#define SELECTION_MAX INT64_C(100000000)

/* Words of a list's query that say how it is shown and not which records. */
bool selection_is_page_word(const char *name);
/* Appends the filters as [name, value]. -E_INVALID with the request's faults. */
int selection_read(struct request *r, const json_t *query, json_t *pairs) MUST_CHECK;

struct selection {
	const struct resource *res;
	const struct actor *actor;
	const json_t *pairs;
};
/* {"items": [{"id"}], "next", "total"} as of model_list(): at most SELECTION_PAGE_MAX of them. */
int selection_page(struct db *db, const struct selection *selection, const char *cursor, int64_t limit,
	json_t **ret_page, struct faults *faults) MUST_CHECK;

#endif
