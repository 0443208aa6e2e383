/* Records. The file belongs to the writer thread: jobs reach it in order (open, chunks, close), so nothing is
 * locked. A chunk that the disk refuses is missing (it reads as silence) and the next one is tried again, the
 * making of the file too. When the writer's queue is full the record fails and the call goes on; only closing
 * is tried until it is taken. */
#include "media/tap.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct tap_file {
	uint64_t id, tag;
	char *path;
	uint64_t key_id;
	int64_t start_wall_ms;
	struct postbox *postbox;
	struct recfile_writer *writer;
	int err; /* the first failure */
	int64_t bytes, duration_ms;
	int64_t seen; /* chunks that came, without repetitions */
	int64_t kept; /* samples that are in the file */
	bool lost[2]; /* of the newest two chunks: not in the file */
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

/* Makes the folders of a path that are not there. */
static int make_folders(char *path)
{
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		int made = mkdir(path, 0700);
		*p = '/';
		if (made != 0 && errno != EEXIST)
			return err_from_errno(errno);
	}
	return 0;
}

static int open_file(struct tap_file *f)
{
	int err = recfile_create(f->path, f->start_wall_ms, f->key_id, &f->writer);

	if (err != -E_NOT_FOUND)
		return err;
	err = make_folders(f->path);
	return err ? err : recfile_create(f->path, f->start_wall_ms, f->key_id, &f->writer);
}

static void do_open(void *context, void *arg, int err)
{
	struct tap_file *f = arg;

	(void)context;
	if (!err)
		err = open_file(f);
	if (err)
		fail(f, err);
}

/* Counts what is in the file; a chunk may come again. */
static void note_chunk(struct tap_file *f, const struct recfile_chunk *chunk, bool lost)
{
	bool *was_lost = &f->lost[chunk->index & 1];
	int64_t end = (int64_t)(chunk->index + 1) * RECFILE_CHUNK_SIZE;

	if ((int64_t)chunk->index >= f->seen) {
		f->seen = (int64_t)chunk->index + 1;
		*was_lost = true;
	}
	if (lost)
		return;
	if (*was_lost)
		f->kept += chunk->samples;
	*was_lost = false;
	if (f->bytes < end)
		f->bytes = end;
}

static void do_chunk(void *context, void *arg, int err)
{
	struct chunk_job *job = arg;
	struct tap_file *f = job->file;

	(void)context;
	job->chunk.alaw[0] = job->alaw[0];
	job->chunk.alaw[1] = job->alaw[1];
	if (!err && !f->writer)
		err = open_file(f);
	if (!err)
		err = recfile_write(f->writer, &job->chunk);
	note_chunk(f, &job->chunk, err != 0);
	if (err)
		fail(f, err);
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
	int64_t missing_ms = f->err ? f->duration_ms - f->kept * 1000 / RECFILE_RATE : 0;
	postbox_put(f->postbox,
		&(struct media_event){ .kind = MEDIA_RECORDED,
			.id = f->id,
			.tag = f->tag,
			.err = f->err,
			.record = { .duration_ms = f->duration_ms,
				.bytes = f->writer ? f->bytes + RECFILE_HEADER_SIZE : 0,
				.missing_ms = missing_ms > 0 ? missing_ms : 0 } });
	recfile_writer_free(f->writer);
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
