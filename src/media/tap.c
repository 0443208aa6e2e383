/* Records. The file belongs to the writer thread: jobs reach it in order (open, chunks, close), so nothing is
 * locked. When the writer's queue is full the record fails and the call goes on; only closing is tried until
 * it is taken. */
#include "media/tap.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct tap_file {
	uint64_t id, tag;
	char *path;
	uint64_t key_id;
	int64_t start_wall_ms;
	struct postbox *postbox;
	struct recfile_writer *writer;
	int err;
	int64_t bytes, duration_ms;
};

struct chunk_job {
	struct tap_file *file;
	struct recfile_chunk chunk;
	uint8_t alaw[RECFILE_CHANNELS][RECFILE_CHUNK_SAMPLES];
};

static void fail(struct tap_file *f, int err)
{
	if (f->err)
		return;
	f->err = err;
	postbox_put(f->postbox,
		&(struct media_event){ .kind = MEDIA_RECORD_FAILED, .id = f->id, .tag = f->tag, .err = err });
}

static void do_open(void *context, void *arg, int err)
{
	struct tap_file *f = arg;

	(void)context;
	if (!err)
		err = recfile_create(f->path, f->start_wall_ms, f->key_id, &f->writer);
	if (err)
		fail(f, err);
}

static void do_chunk(void *context, void *arg, int err)
{
	struct chunk_job *job = arg;
	struct tap_file *f = job->file;

	(void)context;
	job->chunk.alaw[0] = job->alaw[0];
	job->chunk.alaw[1] = job->alaw[1];
	if (!err && !f->err)
		err = recfile_write(f->writer, &job->chunk);
	if (err)
		fail(f, err);
	else if (!f->err && f->bytes < (int64_t)(job->chunk.index + 1) * RECFILE_CHUNK_SIZE)
		f->bytes = (int64_t)(job->chunk.index + 1) * RECFILE_CHUNK_SIZE;
	free(job);
}

static void do_close(void *context, void *arg, int err)
{
	struct tap_file *f = arg;

	(void)context;
	if (!err && f->writer)
		err = recfile_finish(f->writer);
	if (err)
		fail(f, err);
	recfile_writer_free(f->writer);
	postbox_put(f->postbox,
		&(struct media_event){ .kind = MEDIA_RECORDED,
			.id = f->id,
			.tag = f->tag,
			.err = f->err,
			.record = {
				.duration_ms = f->duration_ms, .bytes = f->bytes + RECFILE_HEADER_SIZE } });
	free(f->path);
	free(f);
}

/* What a thread other than the writer knows of a failure: the writer is behind. */
static void give_up(struct tap *tap, int err)
{
	if (!tap->failed)
		thread_emit(tap->thread,
			&(struct media_event){
				.kind = MEDIA_RECORD_FAILED, .id = tap->id, .tag = tap->tag, .err = err });
	tap->failed = true;
}

static void on_chunk(void *arg, const struct recfile_chunk *chunk)
{
	struct tap *tap = arg;
	struct chunk_job *job;
	int err;

	if (tap->failed)
		return;
	job = mem_alloc(sizeof(*job));
	job->file = tap->file;
	job->chunk = *chunk;
	for (size_t c = 0; c < RECFILE_CHANNELS; c++)
		memcpy(job->alaw[c], chunk->alaw[c], RECFILE_CHUNK_SAMPLES);
	err = pool_submit(tap->writer, &(struct pool_job){ .fn = do_chunk, .arg = job });
	if (!err)
		return;
	free(job);
	give_up(tap, err);
}

/* Whether the writer took the end; the tap is freed then. */
static bool close_file(struct thread *t, struct tap *tap)
{
	tap->file->duration_ms = tap->duration_ms;
	if (pool_submit(tap->writer, &(struct pool_job){ .fn = do_close, .arg = tap->file }))
		return false;
	thread_untick(t, &tap->ticker);
	LIST_REMOVE(tap, link);
	atomic_fetch_sub_explicit(&t->counts.taps, 1, memory_order_relaxed);
	free(tap);
	return true;
}

static void on_tick(struct thread *t, struct ticker *ticker)
{
	struct tap *tap = CONTAINER_OF(ticker, struct tap, ticker);

	if (tap->ending)
		close_file(t, tap);
	else
		recorder_tick(&tap->recorder, t->now_us);
}

struct tap *tap_new(
	uint64_t id, const struct media_record_options *options, struct pool *writer, struct postbox *postbox)
{
	struct tap *tap = mem_alloc(sizeof(*tap));
	struct tap_file *f = mem_alloc(sizeof(*f));

	tap->id = f->id = id;
	tap->tag = f->tag = options->tag;
	tap->writer = writer;
	tap->ticker.fn = on_tick;
	tap->file = f;
	f->path = mem_strdup(options->path);
	f->key_id = options->key_id;
	f->postbox = postbox;
	return tap;
}

void tap_attach(struct thread *t, struct tap *tap)
{
	int err;

	tap->thread = t;
	tap->file->start_wall_ms = t->now_wall_ms;
	LIST_INSERT_HEAD(&t->taps, tap, link);
	atomic_fetch_add_explicit(&t->counts.taps, 1, memory_order_relaxed);
	recorder_init(&tap->recorder, t->now_us, on_chunk, tap);
	err = pool_submit(tap->writer, &(struct pool_job){ .fn = do_open, .arg = tap->file });
	if (err) {
		tap->file->err = err;
		give_up(tap, err);
	}
	thread_tick_fast(t, &tap->ticker);
}

void tap_feed(struct thread *t, struct tap *tap, struct port *p, enum media_channel channel)
{
	if (p->tap)
		tap_unfeed(t, p->tap, p);
	p->tap = tap;
	recorder_feed_init(&tap->recorder, &p->feed, channel);
	LIST_INSERT_HEAD(&tap->feeds, p, fed);
}

void tap_unfeed(struct thread *t, struct tap *tap, struct port *p)
{
	(void)t;
	if (p->tap != tap)
		return;
	recorder_feed_done(&tap->recorder, &p->feed);
	LIST_REMOVE(p, fed);
	p->tap = NULL;
}

void tap_take(struct thread *t, struct port *p, const struct rtp_packet *packet, enum media_codec codec)
{
	recorder_take(&p->tap->recorder, &p->feed, packet, codec, t->now_us);
}

void tap_end(struct thread *t, struct tap *tap)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	if (!tap->ending) {
		while (!LIST_EMPTY(&tap->feeds))
			tap_unfeed(t, tap, LIST_FIRST(&tap->feeds));
		tap->duration_ms = recorder_finish(&tap->recorder, t->now_us);
		tap->ending = true;
	}
	while (!close_file(t, tap) && t->stop)
		nanosleep(&pause, NULL);
}
