/* One message at a time is in the worker's hands. The rows (JSON) are touched by the worker while a message
 * is under way and by nobody otherwise, so they need no lock; the loop sees only finished snapshots. */
#include "switch/config.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)64 << 20)
#define SAVE_AGAIN_US CLOCK_S_US

struct message {
	STAILQ_ENTRY(message) next;
	char *text;
	size_t n;
};

struct config {
	struct loop *loop;
	char *dir;
	const struct config_handlers *handlers;
	void *arg;
	json_t *kinds;    /* {kind: {id: row}} in force */
	int64_t in_force; /* its revision */
	bool unsaved;     /* it is not on disk yet */
	int save_err;     /* why the last saving failed, 0 when it did not */
	struct timer again;
	STAILQ_HEAD(, message) queue;
	uv_work_t work;
	bool busy;
	/* Of the message under way. */
	bool full; /* it replaces everything */
	json_t *candidate;
	struct site *site;
	int64_t revision;
	int err;
	struct fault fault;
};

static void save_again(void *arg);

struct config *config_new(
	struct loop *loop, const char *dir, const struct config_handlers *handlers, void *arg)
{
	struct config *c = mem_alloc(sizeof(*c));
	c->loop = loop;
	c->dir = mem_strdup(dir);
	c->handlers = handlers;
	c->arg = arg;
	c->kinds = json_object();
	c->work.data = c;
	STAILQ_INIT(&c->queue);
	timer_init(&c->again, save_again, c);
	return c;
}

static void drop_first(struct config *c)
{
	struct message *m = STAILQ_FIRST(&c->queue);
	STAILQ_REMOVE_HEAD(&c->queue, next);
	free(m->text);
	free(m);
}

void *config_free(struct config *c)
{
	if (!c)
		return NULL;
	while (c->busy)
		loop_run_once(c->loop);
	while (!STAILQ_EMPTY(&c->queue))
		drop_first(c);
	timer_stop(loop_timers(c->loop), &c->again);
	json_decref(c->kinds);
	free(c->dir);
	free(c);
	return NULL;
}

/* kinds with the rows applied, as a new value that shares what did not change. */
static int merge(json_t *kinds, const json_t *message, bool full, json_t **ret_kinds, struct fault *fault)
{
	json_t *merged = full ? json_object() : json_copy(kinds);
	json_t *fresh = json_object(); /* kinds copied already */
	const json_t *rows = json_object_get(message, "rows"), *item;
	size_t i;
	int err = 0;
	json_array_foreach (rows, i, item) {
		const char *kind = js_str(item, "kind", NULL), *id = js_str(item, "id", NULL);
		json_t *row = json_object_get(item, "row");
		if (!kind || !id || !row) {
			err = fault_set(fault, "required", "rows", "row %zu needs kind, id and row", i);
			break;
		}
		if (!json_object_get(fresh, kind)) {
			json_t *old = json_object_get(merged, kind);
			json_t *table = old ? json_copy(old) : json_object();
			json_object_set_new(merged, kind, table);
			json_object_set(fresh, kind, table);
		}
		if (json_is_null(row))
			json_object_del(json_object_get(merged, kind), id);
		else
			json_object_set(json_object_get(merged, kind), id, row);
	}
	json_decref(fresh);
	if (err)
		json_decref(merged);
	else
		*ret_kinds = merged;
	return err;
}

static void build(struct config *c, struct str text)
{
	CLEANUP(js_unrefp) json_t *message = NULL;
	c->candidate = NULL;
	c->site = NULL;
	c->fault = (struct fault){ .code = "" };
	c->err = js_parse(text, TEXT_MAX, &message, &c->fault);
	c->revision = c->err ? 0 : js_int(message, "revision", 0);
	c->full = !c->err && js_bool(message, "full", false);
	if (!c->err)
		c->err = merge(c->kinds, message, c->full, &c->candidate, &c->fault);
	if (!c->err)
		c->err = site_build(c->revision, c->candidate, &c->site, &c->fault);
}

static int write_whole(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t n = strlen(text), done = 0;
	int err = fd < 0 ? err_from_errno(errno) : 0;
	while (!err && done < n) {
		ssize_t k = write(fd, text + done, n - done);
		if (k < 0)
			err = err_from_errno(errno);
		else
			done += (size_t)k;
	}
	if (!err && fsync(fd) != 0)
		err = err_from_errno(errno);
	if (fd >= 0)
		close(fd);
	return err;
}

/* config.json is the revision in force, config.1.json the one before; written aside first, so one is always
 * whole. */
static int save(const struct config *c)
{
	char *now = mem_printf("%s/config.json", c->dir), *old = mem_printf("%s/config.1.json", c->dir);
	char *fresh = mem_printf("%s/config.new.json", c->dir);
	json_t *whole = json_pack("{s:I, s:O}", "revision", (json_int_t)c->in_force, "kinds", c->kinds);
	char *text = js_print(whole);
	int err = write_whole(fresh, text);
	if (!err && rename(now, old) != 0 && errno != ENOENT)
		err = err_from_errno(errno);
	if (!err && rename(fresh, now) != 0)
		err = err_from_errno(errno);
	json_decref(whole);
	free(text);
	free(now);
	free(old);
	free(fresh);
	return err;
}

/* On the loop: the owner takes the snapshot or not. */
static void decide(struct config *c)
{
	if (!c->err)
		c->err = c->handlers->offer(c->arg, c->site, &c->fault);
	if (!c->err) {
		json_decref(c->kinds);
		c->kinds = TAKE(c->candidate);
		c->in_force = c->revision;
		c->unsaved = true;
	}
	json_decref(c->candidate);
	c->candidate = NULL;
	obj_unref(c->site);
	c->site = NULL;
}

static void start_next(struct config *c);

static void save_work(uv_work_t *work)
{
	struct config *c = work->data;
	c->err = save(c);
}

static void saved(uv_work_t *work, int status)
{
	struct config *c = work->data;
	(void)status;
	if (c->err && c->err != c->save_err)
		log_(LOG_SWITCH, LOG_ERROR,
			"set-up not saved, tried again each second revision=%" PRId64 " err=%s", c->in_force,
			err_name(c->err));
	else if (!c->err && c->save_err)
		log_(LOG_SWITCH, LOG_WARN, "set-up is saved revision=%" PRId64, c->in_force);
	c->save_err = c->err;
	c->unsaved = c->err != 0;
	c->busy = false;
	start_next(c);
}

static void start_saving(struct config *c)
{
	c->busy = uv_queue_work(loop_uv(c->loop), &c->work, save_work, saved) == 0;
}

static void save_again(void *arg)
{
	struct config *c = arg;
	if (!c->busy) /* otherwise start_next() sees to it */
		start_saving(c);
}

static void build_work(uv_work_t *work)
{
	struct config *c = work->data;
	const struct message *m = STAILQ_FIRST(&c->queue);
	build(c, (struct str){ m->text, m->n });
}

static void built(uv_work_t *work, int status)
{
	struct config *c = work->data;
	(void)status;
	drop_first(c);
	decide(c);
	c->handlers->result(c->arg, c->revision, c->full, c->err, &c->fault);
	c->busy = false;
	if (!c->err)
		start_saving(c);
	start_next(c);
}

/* The next message, or what is still to be saved. */
static void start_next(struct config *c)
{
	if (c->busy)
		return;
	if (!STAILQ_EMPTY(&c->queue))
		c->busy = uv_queue_work(loop_uv(c->loop), &c->work, build_work, built) == 0;
	else if (c->unsaved)
		timer_start_in(loop_timers(c->loop), &c->again, SAVE_AGAIN_US);
}

int config_save_err(const struct config *c)
{
	return c->save_err;
}

void config_submit(struct config *c, struct str text)
{
	struct message *m = mem_alloc(sizeof(*m));
	m->text = str_dup(text);
	m->n = text.n;
	STAILQ_INSERT_TAIL(&c->queue, m, next);
	start_next(c);
}

static int load_file(struct config *c, const char *name)
{
	char *path = mem_printf("%s/%s", c->dir, name);
	json_t *whole = json_load_file(path, 0, NULL);
	free(path);
	if (!whole)
		return -E_NOT_FOUND;
	c->revision = js_int(whole, "revision", 0);
	c->candidate = json_incref(json_object_get(whole, "kinds"));
	json_decref(whole);
	c->err = site_build(c->revision, c->candidate, &c->site, &c->fault);
	decide(c);
	c->unsaved = false;
	if (c->err)
		log_(LOG_SWITCH, LOG_WARN, "set-up on disk refused file=%s field=%s why=%s", name,
			c->fault.field, c->fault.text);
	return c->err;
}

int config_load(struct config *c)
{
	int err = load_file(c, "config.json");
	return err ? load_file(c, "config.1.json") : 0;
}
