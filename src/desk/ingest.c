/* One batch is with the writer at a time; while it is, the next grows, so batches are as large as the load
 * asks for. What fails is tried again: an event is never given up. */
#include "desk/ingest.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/history_rows.h"

#include <inttypes.h>
#include <stdlib.h>

#define BATCH_MAX 500
#define WAITING_MAX 200000
#define RETRY_US CLOCK_S_US

struct ingest {
	struct desk *desk;
	ingest_stored_fn stored;
	void *arg;
	struct timer retry;
	int64_t node, cursor, durable;
	bool greeted;    /* node is known */
	json_t *waiting; /* events in order */
	size_t first;    /* of them that is not with the writer */
	json_t *batch;   /* with the writer: its thread reads it, nobody else */
	int64_t batch_node, batch_cursor;
	int batch_err;
	int failing; /* what the last batch met with, 0 when it was stored */
};

static void start(void *arg);

static int write_batch(struct db *db, void *arg)
{
	struct ingest *in = arg;
	return history_store(db, in->batch_node, in->batch, &in->batch_cursor);
}

static void batch_ended(void *arg)
{
	struct ingest *in = arg;
	json_decref(in->batch);
	in->batch = NULL;
	if (in->batch_err) {
		if (in->failing != in->batch_err)
			log_(LOG_DESK, LOG_ERROR,
				"events not stored, tried again each second err=%s waiting=%zu",
				err_name(in->batch_err), json_array_size(in->waiting) - in->first);
		in->failing = in->batch_err;
		timer_start_in(loop_timers(in->desk->loop), &in->retry, RETRY_US);
		return;
	}
	if (in->failing)
		log_(LOG_DESK, LOG_WARN, "events are stored again waiting=%zu",
			json_array_size(in->waiting) - in->first);
	in->failing = 0;
	if (in->batch_node == in->node)
		in->cursor = in->batch_cursor;
	in->stored(in->arg, in->cursor, json_array_size(in->waiting) - in->first);
	start(in);
}

static void on_written(int err, void *arg)
{
	struct ingest *in = arg;
	in->batch_err = err;
	loop_post(in->desk->loop, batch_ended, in);
}

/* Passes over what the database has, forgets it when it has grown long. */
static void trim(struct ingest *in)
{
	while (in->first < json_array_size(in->waiting) &&
		js_int(json_array_get(in->waiting, in->first), "n", 0) <= in->cursor)
		in->first++;
	if (in->first < BATCH_MAX && in->first < json_array_size(in->waiting))
		return;
	json_t *rest = json_array();
	for (size_t i = in->first; i < json_array_size(in->waiting); i++)
		json_array_append(rest, json_array_get(in->waiting, i));
	json_decref(in->waiting);
	in->waiting = rest;
	in->first = 0;
}

static void start(void *arg)
{
	struct ingest *in = arg;
	if (in->batch)
		return;
	trim(in);
	json_t *batch = json_array();
	for (size_t i = in->first; i < json_array_size(in->waiting) && json_array_size(batch) < BATCH_MAX;
		i++) {
		json_t *event = json_array_get(in->waiting, i);
		if (js_int(event, "n", 0) > in->durable)
			break;
		json_array_append_new(batch, json_deep_copy(event));
	}
	if (!json_array_size(batch)) {
		json_decref(batch);
		return;
	}
	in->batch = batch;
	in->batch_node = in->node;
	int err = store_post(in->desk->store, STORE_EVENTS, write_batch, on_written, in);
	if (err)
		on_written(err, in);
}

struct ingest *ingest_new(struct desk *desk, int64_t cursor, ingest_stored_fn stored, void *arg)
{
	struct ingest *in = mem_alloc(sizeof(*in));
	*in = (struct ingest){
		.desk = desk, .stored = stored, .arg = arg, .cursor = cursor, .waiting = json_array()
	};
	timer_init(&in->retry, start, in);
	return in;
}

void *ingest_free(struct ingest *in)
{
	if (!in)
		return NULL;
	timer_stop(loop_timers(in->desk->loop), &in->retry);
	json_decref(in->waiting);
	json_decref(in->batch);
	free(in);
	return NULL;
}

void ingest_begin(struct ingest *in, int64_t node)
{
	json_array_clear(in->waiting);
	in->first = 0;
	in->durable = 0;
	if (in->node != node && in->greeted)
		in->cursor = 0; /* of another node: the database knows what it has */
	in->greeted = true;
	in->node = node;
}

int ingest_event(struct ingest *in, json_t *event)
{
	size_t n = json_array_size(in->waiting) - in->first;
	if (n >= WAITING_MAX) {
		json_decref(event);
		return -E_LIMIT;
	}
	json_array_append_new(in->waiting, event);
	if (js_int(event, "n", 0) <= in->durable)
		start(in);
	return 0;
}

void ingest_durable(struct ingest *in, int64_t n)
{
	in->durable = n;
	start(in);
}

size_t ingest_waiting(const struct ingest *in)
{
	return json_array_size(in->waiting) - in->first;
}

int64_t ingest_cursor(const struct ingest *in)
{
	return in->cursor;
}
