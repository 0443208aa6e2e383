#ifndef LX_DESK_PEOPLE_H
#define LX_DESK_PEOPLE_H

#include "model/rights.h"

/* Which user sits at which agent's place, and his team and site: what live values are cut by. Any thread. */
struct people_map;

struct people_map *people_map_new(void);
void *people_map_free(struct people_map *map); /* NULL allowed; returns NULL */

/* Reads it anew; what was read for a later generation stays. */
int people_map_read(struct people_map *map, struct db *db, int64_t generation) MUST_CHECK;
struct owner people_map_owner(struct people_map *map, int64_t agent);

#endif
