/* A table by user under a lock. Rights are read before the lock is taken, so two requests may read the same;
 * the later generation stays. */
#include "desk/standing.h"

#include "base/log.h"
#include "base/mem.h"
#include "desk/config_push.h"
#include "desk/hub.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define USERS_MAX 20000

struct entry {
	int64_t user, generation;
	struct rights *rights;
};

struct standing {
	pthread_mutex_t lock;
	struct entry *entries; /* by user */
	size_t n, size;
};

struct standing *standing_new(void)
{
	struct standing *standing = mem_alloc(sizeof(*standing));
	pthread_mutex_init(&standing->lock, NULL);
	return standing;
}

static void forget_all(struct standing *standing)
{
	for (size_t i = 0; i < standing->n; i++)
		rights_unref(standing->entries[i].rights);
	standing->n = 0;
}

void *standing_free(struct standing *standing)
{
	if (!standing)
		return NULL;
	forget_all(standing);
	pthread_mutex_destroy(&standing->lock);
	free(standing->entries);
	free(standing);
	return NULL;
}

/* Where the user stands, or would stand. */
static size_t place_of(const struct standing *standing, int64_t user)
{
	size_t low = 0, high = standing->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (standing->entries[middle].user < user)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool stands_at(const struct standing *standing, size_t place, int64_t user)
{
	return place < standing->n && standing->entries[place].user == user;
}

static struct rights *find(struct standing *standing, int64_t user, int64_t generation)
{
	struct rights *rights = NULL;
	pthread_mutex_lock(&standing->lock);
	size_t place = place_of(standing, user);
	if (stands_at(standing, place, user) && standing->entries[place].generation >= generation)
		rights = rights_ref(standing->entries[place].rights);
	pthread_mutex_unlock(&standing->lock);
	return rights;
}

static void insert(struct standing *standing, size_t place, int64_t user)
{
	if (standing->n == standing->size) {
		standing->size = standing->size ? 2 * standing->size : 64;
		standing->entries = mem_resize(standing->entries, standing->size, sizeof(*standing->entries));
	}
	struct entry *entry = &standing->entries[place];
	memmove(entry + 1, entry, (standing->n - place) * sizeof(*entry));
	*entry = (struct entry){ .user = user, .generation = -1 };
	standing->n++;
}

static void keep(struct standing *standing, int64_t user, int64_t generation, struct rights *rights)
{
	pthread_mutex_lock(&standing->lock);
	if (standing->n >= USERS_MAX)
		forget_all(standing);
	size_t place = place_of(standing, user);
	if (!stands_at(standing, place, user))
		insert(standing, place, user);
	struct entry *entry = &standing->entries[place];
	if (entry->generation < generation) {
		rights_unref(entry->rights);
		entry->rights = rights_ref(rights);
		entry->generation = generation;
	}
	pthread_mutex_unlock(&standing->lock);
}

int standing_rights(struct standing *standing, struct db *db, const struct holder *holder, int64_t generation,
	struct rights **ret_rights)
{
	int64_t key = holder->token ? -holder->token : holder->user;
	*ret_rights = find(standing, key, generation);
	if (*ret_rights)
		return 0;
	int err = holder->token ? rights_load_token(db, holder->user, holder->token, ret_rights)
				: rights_load(db, holder->user, ret_rights);
	if (!err)
		keep(standing, key, generation, *ret_rights);
	return err;
}

static int cut_anew(struct desk *desk, struct db *db)
{
	int64_t generation = 0, *users = NULL;
	int err = rights_generation(db, &generation);
	if (!err)
		err = hub_read_people(desk->hub, db, generation);
	size_t n = err ? 0 : hub_users(desk->hub, &users);
	for (size_t i = 0; i < n && !err; i++) {
		struct rights *rights = NULL;
		err = standing_rights(
			desk->standing, db, &(struct holder){ users[i], 0 }, generation, &rights);
		hub_cut(desk->hub, users[i], rights); /* one who is gone holds nothing */
		if (err == -E_NOT_FOUND)
			err = 0;
	}
	free(users);
	return err;
}

void standing_changed(struct desk *desk, struct db *db)
{
	int err = cut_anew(desk, db);
	if (err) {
		log_(LOG_DESK, LOG_WARN, "live connections closed, rights unread err=%s", err_name(err));
		hub_cut_all(desk->hub);
	}
	config_push_rights(desk);
}
