/* A sorted array, replaced as a whole. */
#include "desk/people.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct seat {
	int64_t agent;
	struct owner owner;
};

struct people_map {
	pthread_mutex_t lock;
	int64_t generation;
	struct seat *seats; /* by agent */
	size_t n;
};

struct people_map *people_map_new(void)
{
	struct people_map *map = mem_alloc(sizeof(*map));
	pthread_mutex_init(&map->lock, NULL);
	map->generation = -1;
	return map;
}

void *people_map_free(struct people_map *map)
{
	if (!map)
		return NULL;
	pthread_mutex_destroy(&map->lock);
	free(map->seats);
	free(map);
	return NULL;
}

int people_map_read(struct people_map *map, struct db *db, int64_t generation)
{
	struct rows *rows;
	struct seat *seats = NULL;
	size_t n = 0, size = 0;
	int err = db_query(db,
		"SELECT agent, id, team, site FROM app_user WHERE agent IS NOT NULL AND deleted IS NULL "
		"ORDER BY agent",
		NO_ARGS, &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		if (n == size) {
			size = size ? 2 * size : 64;
			seats = mem_resize(seats, size, sizeof(*seats));
		}
		seats[n++] = (struct seat){ rows_int(rows, 0),
			{ rows_int(rows, 1), rows_int(rows, 2), rows_int(rows, 3) } };
	}
	err = rows_end(rows);
	pthread_mutex_lock(&map->lock);
	if (!err && generation >= map->generation) {
		struct seat *old = map->seats;
		map->seats = seats;
		map->n = n;
		map->generation = generation;
		seats = old;
	}
	pthread_mutex_unlock(&map->lock);
	free(seats);
	return err;
}

static int by_agent(const void *key, const void *seat)
{
	int64_t a = *(const int64_t *)key, b = ((const struct seat *)seat)->agent;
	return a < b ? -1 : a > b;
}

struct owner people_map_owner(struct people_map *map, int64_t agent)
{
	struct owner owner = { 0 };
	pthread_mutex_lock(&map->lock);
	const struct seat *seat =
		map->n ? bsearch(&agent, map->seats, map->n, sizeof(*map->seats), by_agent) : NULL;
	if (seat)
		owner = seat->owner;
	pthread_mutex_unlock(&map->lock);
	return owner;
}
