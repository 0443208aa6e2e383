/* The prompt cache. The loop may still bring results when the media end, so the cache outlives sounds_free()
 * until the last one came. */
#include "media/sounds.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "net/pool.h"

#include <stdlib.h>
#include <sys/queue.h>

#define BYTES_MAX ((size_t)256 << 20)
#define FRESH_US (10 * CLOCK_S_US)
#define QUEUE_MAX 4096

struct entry {
	struct table_node node;
	TAILQ_ENTRY(entry) link; /* longest unused first */
	struct sound *sound;
	int64_t checked_us;
};

struct sounds {
	struct loop *loop;
	struct pool *pool;
	struct table table;
	TAILQ_HEAD(, entry) used;
	size_t bytes;
	size_t pending;
	bool closed;
};

/* One file of a fetch: what is known goes in, a newer sound comes out if there is one. */
struct want {
	char *path;
	struct sound *known, *loaded;
};

struct fetch {
	struct sounds *sounds;
	struct want *wants;
	size_t n;
	int err;
	sounds_ready_fn fn;
	void *arg;
};

static struct table_key key_of(const struct sounds *s, const char *path)
{
	struct str part = str_from(path);

	return table_key(&s->table, &part, 1);
}

static struct entry *find(const struct sounds *s, const char *path)
{
	struct table_key key = key_of(s, path);
	struct table_node *node = table_find(&s->table, &key);

	return node ? CONTAINER_OF(node, struct entry, node) : NULL;
}

static size_t bytes_of(const struct sound *sound)
{
	return sizeof(*sound) + sound->n * sizeof(sound->samples[0]);
}

static void drop(struct sounds *s, struct entry *e)
{
	s->bytes -= bytes_of(e->sound);
	table_remove(&s->table, &e->node);
	TAILQ_REMOVE(&s->used, e, link);
	sound_unref(e->sound);
	free(e);
}

static void destroy(struct sounds *s)
{
	while (!TAILQ_EMPTY(&s->used))
		drop(s, TAILQ_FIRST(&s->used));
	table_done(&s->table);
	free(s);
}

int sounds_new(struct loop *loop, struct sounds **ret_sounds)
{
	struct sounds *s = mem_alloc(sizeof(*s));
	int err = pool_new(
		&(struct pool_opts){ .n_threads = 1, .queue_max = QUEUE_MAX, .name = "prompts" }, &s->pool);

	if (err) {
		free(s);
		return err;
	}
	s->loop = loop;
	table_init(&s->table);
	TAILQ_INIT(&s->used);
	*ret_sounds = s;
	return 0;
}

void sounds_free(struct sounds *s)
{
	if (!s)
		return;
	pool_free(s->pool);
	s->closed = true;
	if (!s->pending)
		destroy(s);
}

struct sound *sounds_get(struct sounds *s, const char *path, bool fresh)
{
	struct entry *e = find(s, path);

	if (!e || (fresh && clock_mono_us() - e->checked_us > FRESH_US))
		return NULL;
	TAILQ_REMOVE(&s->used, e, link);
	TAILQ_INSERT_TAIL(&s->used, e, link);
	return sound_ref(e->sound);
}

/* Takes the reference. */
static void store(struct sounds *s, const char *path, struct sound *sound)
{
	struct entry *e = find(s, path);
	struct table_key key = key_of(s, path);

	if (e)
		drop(s, e);
	e = mem_alloc(sizeof(*e));
	e->sound = sound;
	e->checked_us = clock_mono_us();
	table_add(&s->table, &e->node, &key);
	TAILQ_INSERT_TAIL(&s->used, e, link);
	s->bytes += bytes_of(sound);
	while (s->bytes > BYTES_MAX && TAILQ_FIRST(&s->used) != e)
		drop(s, TAILQ_FIRST(&s->used));
}

static void fetch_free(struct fetch *f)
{
	for (size_t i = 0; i < f->n; i++) {
		sound_unref(f->wants[i].known);
		sound_unref(f->wants[i].loaded);
		free(f->wants[i].path);
	}
	free(f->wants);
	free(f);
}

static void on_fetched(void *arg)
{
	struct fetch *f = arg;
	struct sounds *s = f->sounds;

	s->pending--;
	if (s->closed) {
		fetch_free(f);
		if (!s->pending)
			destroy(s);
		return;
	}
	for (size_t i = 0; i < f->n; i++) {
		struct want *w = &f->wants[i];

		if (w->loaded || w->known)
			store(s, w->path, w->loaded ? TAKE(w->loaded) : TAKE(w->known));
	}
	f->fn(f->arg, f->err);
	fetch_free(f);
}

/* On the loading thread. A known sound that is no longer right is forgotten. */
static int load(struct want *w)
{
	if (w->known && w->known->stamp == sound_stamp(w->path))
		return 0;
	if (w->known)
		sound_unref(TAKE(w->known));
	return sound_load(w->path, &w->loaded);
}

static void do_fetch(void *context, void *arg, int err)
{
	struct fetch *f = arg;

	(void)context;
	f->err = err;
	for (size_t i = 0; i < f->n && !f->err; i++)
		f->err = load(&f->wants[i]);
	loop_post(f->sounds->loop, on_fetched, f);
}

int sounds_fetch(struct sounds *s, const char *const *paths, size_t n, sounds_ready_fn fn, void *arg)
{
	struct fetch *f = mem_alloc(sizeof(*f));
	int err;

	*f = (struct fetch){ .sounds = s, .n = n, .fn = fn, .arg = arg };
	f->wants = mem_array(n, sizeof(*f->wants));
	for (size_t i = 0; i < n; i++) {
		f->wants[i].path = mem_strdup(paths[i]);
		f->wants[i].known = sounds_get(s, paths[i], false);
	}
	err = pool_submit(s->pool, &(struct pool_job){ .fn = do_fetch, .arg = f });
	if (err)
		fetch_free(f);
	else
		s->pending++;
	return err;
}
