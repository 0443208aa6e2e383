/* The writer's rates: lone rows, rows of many people at once (group commit), batches; and reading one row. On
 * SQLite in $TMPDIR, or on the PostgreSQL server of $LX_DB (bench_store_postgres). */
#include "base/clock.h"
#include "base/mem.h"
#include "store/db_int.h"
#include "store/store.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN_US (2 * CLOCK_S_US)
#define THREADS_MAX 64

struct bench {
	struct store *store;
	const char *kind;
	int rows; /* of a piece */
	_Atomic int64_t next, written;
	int64_t until_us;
};

static const char body[] =
	"{\"interaction\":\"1795000000000000000\",\"leg\":\"1795000000000000001\",\"agent\":"
	"\"1795000000000000002\",\"from\":\"13800000001\",\"to\":\"4008001234\",\"queue\":\"51\","
	"\"cause\":\"caller_hangup\",\"codec\":\"PCMA\",\"packets_in\":4711,\"packets_lost\":0}";

static int put(struct db *db, void *arg)
{
	struct bench *b = arg;
	int err = 0;
	for (int i = 0; i < b->rows && !err; i++)
		err = db_post(db,
			"INSERT INTO event (node, n, boot, at, mono, kind, interaction, agent, body) VALUES"
			" (0, $1, 1, $2, 0, 'leg.ended', $3, $4, $5)",
			ARGS(V_INT(atomic_fetch_add(&b->next, 1)), V_INT(clock_wall_ms()),
				V_INT(atomic_load(&b->next) / 25), V_INT(51), V_Z(body)));
	return err;
}

static void *write_on(void *arg)
{
	struct bench *b = arg;
	while (clock_mono_us() < b->until_us) {
		if (store_write(b->store, STORE_PEOPLE, put, b))
			break;
		atomic_fetch_add(&b->written, b->rows);
	}
	return NULL;
}

static void print_figure(const struct bench *b, const char *name, const char *unit, double value)
{
	printf("{\"bench\": \"store_%s\", \"database\": \"%s\", \"unit\": \"%s\", \"value\": %.1f}\n", name,
		b->kind, unit, value);
	fflush(stdout);
}

static void bench_writing(struct bench *b, const char *name, int threads, int rows)
{
	pthread_t ids[THREADS_MAX];
	struct store_counts before, after;
	char commits[64];
	int64_t begun_us = clock_mono_us();
	b->rows = rows;
	b->written = 0;
	b->until_us = begun_us + RUN_US;
	store_counts(b->store, &before);
	for (int i = 0; i < threads; i++)
		pthread_create(&ids[i], NULL, write_on, b);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	store_counts(b->store, &after);
	double seconds = (double)(clock_mono_us() - begun_us) / CLOCK_S_US;
	print_figure(b, name, "rows/s", (double)b->written / seconds);
	snprintf(commits, sizeof(commits), "%s_commits", name);
	print_figure(b, commits, "commits/s", (double)(after.commits - before.commits) / seconds);
}

static void bench_reading(struct bench *b)
{
	struct db *db = store_reader(b->store);
	int64_t begun_us = clock_mono_us(), n = 0, value, all = atomic_load(&b->next);
	while (clock_mono_us() < begun_us + RUN_US / 2) {
		if (db_one_int(db, "SELECT at FROM event WHERE node = 0 AND n = $1",
			    ARGS(V_INT(n * 7919 % all)), &value))
			break;
		n++;
	}
	print_figure(b, "read_one", "us", (double)(clock_mono_us() - begun_us) / (double)(n ? n : 1));
	begun_us = clock_mono_us();
	struct rows *rows;
	n = 0;
	if (db_query(db, "SELECT n, kind, body FROM event", NO_ARGS, &rows) == 0) {
		while (rows_next(rows))
			n += rows_int(rows, 0) >= 0;
		(void)!rows_end(rows);
	}
	print_figure(b, "stream", "rows/s", (double)n * CLOCK_S_US / (double)(clock_mono_us() - begun_us));
	store_reader_return(b->store, db);
}

int main(void)
{
	const char *dir = getenv("TMPDIR"), *url = getenv("LX_DB");
	CLEANUP(mem_freep) char *path = mem_printf("%s/bench-store-%d.db", dir ? dir : "/tmp", (int)getpid());
	struct bench b = { .kind = url ? "postgresql" : "sqlite" };
	struct fault fault = { .text = "" };
	if (store_open(&(struct store_options){ .path = url ? url : path, .readers = 1 }, &b.store, &fault)) {
		fprintf(stderr, "%s\n", fault.text);
		return 1;
	}
	bench_writing(&b, "lone_rows", 1, 1);
	bench_writing(&b, "rows_of_8", 8, 1);
	bench_writing(&b, "rows_of_64", 64, 1);
	bench_writing(&b, "batches_of_200", 1, 200);
	bench_reading(&b);
	store_close(b.store);
	for (const char *const *end = (const char *const[]){ "", "-wal", "-shm", NULL }; *end && !url;
		end++) {
		CLEANUP(mem_freep) char *file = mem_printf("%s%s", path, *end);
		unlink(file);
	}
	return 0;
}
