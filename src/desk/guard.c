/* Counts per name and per address in one table; the list is in order of last use, so that the cap takes the
 * one that has been quiet longest. */
#include "desk/guard.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define ENTRIES_MAX 20000
#define DOUBLINGS_MAX 5
#define TOKENS_MAX 200
#define TOKENS_PER_S 10
#define TELL_AGAIN_US (3600 * CLOCK_S_US)

struct entry {
	struct table_node node;
	TAILQ_ENTRY(entry) used;
	char *who; /* the name, of one that counts failures */
	int64_t failures;
	int64_t locked_until_us;
	int64_t tokens_us; /* level of the bucket, in µs of refilling */
	int64_t seen_us;
};

TAILQ_HEAD(entry_list, entry);

struct guard {
	pthread_mutex_t lock;
	struct table table;
	struct entry_list list;
};

struct guard *guard_new(void)
{
	struct guard *guard = mem_alloc(sizeof(*guard));
	pthread_mutex_init(&guard->lock, NULL);
	table_init(&guard->table);
	TAILQ_INIT(&guard->list);
	return guard;
}

static void entry_drop(struct guard *guard, struct entry *entry)
{
	table_remove(&guard->table, &entry->node);
	TAILQ_REMOVE(&guard->list, entry, used);
	free(entry->who);
	free(entry);
}

void *guard_free(struct guard *guard)
{
	if (!guard)
		return NULL;
	while (!TAILQ_EMPTY(&guard->list))
		entry_drop(guard, TAILQ_FIRST(&guard->list));
	table_done(&guard->table);
	pthread_mutex_destroy(&guard->lock);
	free(guard);
	return NULL;
}

static struct entry *entry_find(struct guard *guard, struct str kind, struct str name)
{
	const struct str parts[] = { kind, name };
	struct table_key key = table_key(&guard->table, parts, 2);
	struct table_node *node = table_find(&guard->table, &key);
	return node ? CONTAINER_OF(node, struct entry, node) : NULL;
}

static struct entry *entry_get(struct guard *guard, struct str kind, struct str name)
{
	const struct str parts[] = { kind, name };
	struct entry *entry = entry_find(guard, kind, name);
	if (entry) {
		TAILQ_REMOVE(&guard->list, entry, used);
	} else {
		struct table_key key = table_key(&guard->table, parts, 2);
		if (guard->table.n >= ENTRIES_MAX)
			entry_drop(guard, TAILQ_FIRST(&guard->list));
		entry = mem_alloc(sizeof(*entry));
		entry->tokens_us = TOKENS_MAX * CLOCK_S_US / TOKENS_PER_S;
		table_add(&guard->table, &entry->node, &key);
	}
	TAILQ_INSERT_TAIL(&guard->list, entry, used);
	return entry;
}

int64_t guard_wait_ms(struct guard *guard, struct str name, int64_t now_us)
{
	pthread_mutex_lock(&guard->lock);
	const struct entry *entry = entry_find(guard, STR("name"), name);
	int64_t wait_us = entry ? entry->locked_until_us - now_us : 0;
	pthread_mutex_unlock(&guard->lock);
	return wait_us > 0 ? (wait_us + 999) / 1000 : 0;
}

void guard_failed(struct guard *guard, struct str name, const struct guard_limits *limits, int64_t now_us)
{
	pthread_mutex_lock(&guard->lock);
	struct entry *entry = entry_get(guard, STR("name"), name);
	int64_t beyond = ++entry->failures - limits->failures;
	if (!entry->who)
		entry->who = str_dup(name);
	if (beyond >= 0)
		entry->locked_until_us = now_us +
			(limits->lock_ms << (beyond > DOUBLINGS_MAX ? DOUBLINGS_MAX : beyond)) * CLOCK_MS_US;
	pthread_mutex_unlock(&guard->lock);
}

static bool is_of(const struct entry *entry, const char *user)
{
	const char *space = entry->who ? strchr(entry->who, ' ') : NULL;
	return space && strcmp(space + 1, user) == 0;
}

json_t *guard_failures_of(struct guard *guard, const char *user, int64_t now_us)
{
	const struct entry *entry;
	json_t *list = json_array();
	pthread_mutex_lock(&guard->lock);
	TAILQ_FOREACH (entry, &guard->list, used) {
		int64_t left_us = entry->locked_until_us - now_us;
		if (is_of(entry, user))
			json_array_append_new(list,
				json_pack("{s:s%, s:I, s:I}", "address", entry->who, strcspn(entry->who, " "),
					"failures", (json_int_t)entry->failures, "locked_ms",
					(json_int_t)(left_us > 0 ? left_us / CLOCK_MS_US : 0)));
	}
	pthread_mutex_unlock(&guard->lock);
	return list;
}

void guard_unlock(struct guard *guard, const char *user)
{
	struct entry *entry, *next;
	pthread_mutex_lock(&guard->lock);
	for (entry = TAILQ_FIRST(&guard->list); entry; entry = next) {
		next = TAILQ_NEXT(entry, used);
		if (is_of(entry, user))
			entry_drop(guard, entry);
	}
	pthread_mutex_unlock(&guard->lock);
}

void guard_succeeded(struct guard *guard, struct str name)
{
	pthread_mutex_lock(&guard->lock);
	struct entry *entry = entry_find(guard, STR("name"), name);
	if (entry)
		entry_drop(guard, entry);
	pthread_mutex_unlock(&guard->lock);
}

bool guard_admit(struct guard *guard, struct str address, int64_t now_us)
{
	const int64_t token_us = CLOCK_S_US / TOKENS_PER_S;
	pthread_mutex_lock(&guard->lock);
	struct entry *entry = entry_get(guard, STR("address"), address);
	if (entry->seen_us)
		entry->tokens_us += now_us - entry->seen_us;
	if (entry->tokens_us > TOKENS_MAX * token_us)
		entry->tokens_us = TOKENS_MAX * token_us;
	entry->seen_us = now_us;
	bool admitted = entry->tokens_us >= token_us;
	if (admitted)
		entry->tokens_us -= token_us;
	pthread_mutex_unlock(&guard->lock);
	return admitted;
}

bool guard_tells(struct guard *guard, const char *kind, struct str address, int64_t now_us)
{
	pthread_mutex_lock(&guard->lock);
	struct entry *entry = entry_get(guard, str_from(kind), address);
	bool told = entry->seen_us && now_us - entry->seen_us < TELL_AGAIN_US;
	if (!told)
		entry->seen_us = now_us;
	pthread_mutex_unlock(&guard->lock);
	return !told;
}
