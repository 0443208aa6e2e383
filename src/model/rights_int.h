#ifndef LX_MODEL_RIGHTS_INT_H
#define LX_MODEL_RIGHTS_INT_H

#include "model/rights.h"

struct ids {
	int64_t *list;
	size_t n, size;
};

/* Rows of these users, teams and sites, taken together, are within a right. */
struct people {
	struct ids users, teams, sites;
};

void ids_add(struct ids *ids, int64_t id); /* once; 0 is nobody */
bool ids_has(const struct ids *ids, int64_t id);
void people_done(struct people *people);
/* Whom the right reaches; for one that does not reach all. */
void rights_people(const struct rights *rights, int right, struct people *people);
struct owner rights_self(const struct rights *rights);
bool rights_hold_set(const struct rights *rights, int right, int64_t set);

#endif
