/* The container: written, cut short, damaged, read in pieces. */
#include "unit.h"

#include "base/mem.h"
#include "media/law.h"
#include "media/recfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNKS 10

static char path[64];

static void level(struct recfile_chunk *chunk, uint8_t store[2][RECFILE_CHUNK_SAMPLES], int left, int right)
{
	memset(store[0], law_encode(MEDIA_PCMA, left), RECFILE_CHUNK_SAMPLES);
	memset(store[1], law_encode(MEDIA_PCMA, right), RECFILE_CHUNK_SAMPLES);
	chunk->alaw[0] = store[0];
	chunk->alaw[1] = store[1];
}

/* Chunk i holds 1000 + 100 i on the left, minus that on the right; the last has 1000 samples. */
static void write_file(void)
{
	uint8_t store[2][RECFILE_CHUNK_SAMPLES];
	struct recfile_writer *w;

	snprintf(path, sizeof(path), "/tmp/recfile-%d", (int)getpid());
	unlink(path);
	assert_int_equal(recfile_create(path, 1795000000123, 7, &w), 0);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		struct recfile_chunk chunk = { .index = i, .samples = RECFILE_CHUNK_SAMPLES };

		if (i == CHUNKS - 1)
			chunk.samples = 1000;
		level(&chunk, store, 1000 + 100 * (int)i, -1000 - 100 * (int)i);
		assert_int_equal(recfile_write(w, &chunk), 0);
	}
	assert_int_equal(recfile_finish(w), 0);
	recfile_writer_free(w);
}

static void test_whole(void **state)
{
	struct recfile_writer *w;
	struct recfile *f;
	int16_t pcm[4];
	size_t n;

	(void)state;
	write_file();
	assert_int_equal(recfile_create(path, 0, 0, &w), -E_EXISTS);
	assert_int_equal(recfile_open(path, &f), 0);
	assert_int_equal(recfile_info(f)->start_wall_ms, 1795000000123);
	assert_int_equal(recfile_info(f)->key_id, 7);
	assert_int_equal(recfile_info(f)->chunks, CHUNKS);
	assert_int_equal(recfile_info(f)->duration_ms, 9 * 500 + 125);
	assert_int_equal(recfile_read_pcm(f, 3 * RECFILE_CHUNK_SAMPLES - 1, 2, pcm, &n), 0);
	assert_int_equal(n, 2);
	assert_in_range(pcm[0], 1150, 1250);
	assert_in_range(-pcm[3], 1250, 1350);
	assert_int_equal(recfile_read_pcm(f, 9 * RECFILE_CHUNK_SAMPLES + 999, 2, pcm, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(recfile_read_pcm(f, 1 << 30, 2, pcm, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(recfile_read_pcm(f, -1, 2, pcm, &n), -E_INVALID);
	recfile_close(f);
	unlink(path);
	assert_int_equal(recfile_open(path, &f), -E_NOT_FOUND);
}

/* Any range of the WAV is what the whole has there. */
static void test_wav_ranges(void **state)
{
	struct recfile *f;
	uint8_t *all, *part;
	size_t size, n;
	static const struct {
		int64_t at;
		size_t n;
	} ranges[] = { { 0, 44 }, { 0, 3 }, { 40, 10 }, { 44, 1 }, { 45, 7 }, { 16043, 9000 },
		{ 1, 145001 } };

	(void)state;
	write_file();
	assert_int_equal(recfile_open(path, &f), 0);
	size = (size_t)recfile_wav_size(f);
	assert_int_equal(size, 44 + 4 * (9 * RECFILE_CHUNK_SAMPLES + 1000));
	all = mem_alloc(size + 100);
	part = mem_alloc(size);
	assert_int_equal(recfile_read_wav(f, 0, size + 100, all, &n), 0);
	assert_int_equal(n, size);
	assert_memory_equal(all, "RIFF", 4);
	assert_memory_equal(all + 8, "WAVEfmt ", 8);
	assert_int_equal(all[22], 2);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		assert_int_equal(recfile_read_wav(f, ranges[i].at, ranges[i].n, part, &n), 0);
		assert_int_equal(n, ranges[i].n);
		assert_memory_equal(part, all + ranges[i].at, n);
	}
	assert_int_equal(recfile_read_wav(f, (int64_t)size - 2, 10, part, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(recfile_read_wav(f, (int64_t)size, 10, part, &n), 0);
	assert_int_equal(n, 0);
	free(all);
	free(part);
	recfile_close(f);
	unlink(path);
}

/* A kill in the middle of a write; then the file grows again. */
static void test_cut_short_and_growing(void **state)
{
	struct recfile *f;

	(void)state;
	write_file();
	assert_int_equal(truncate(path, RECFILE_HEADER_SIZE + 4 * RECFILE_CHUNK_SIZE + 17), 0);
	assert_int_equal(recfile_open(path, &f), 0);
	assert_int_equal(recfile_info(f)->chunks, 4);
	assert_int_equal(recfile_info(f)->duration_ms, 2000);
	assert_int_equal(truncate(path, RECFILE_HEADER_SIZE + 5 * RECFILE_CHUNK_SIZE), 0);
	assert_int_equal(recfile_refresh(f), 0);
	assert_int_equal(recfile_info(f)->duration_ms, 2500);
	recfile_close(f);
	assert_int_equal(truncate(path, RECFILE_HEADER_SIZE), 0);
	assert_int_equal(recfile_open(path, &f), 0);
	assert_int_equal(recfile_info(f)->duration_ms, 0);
	assert_int_equal(recfile_wav_size(f), 44);
	recfile_close(f);
	assert_int_equal(truncate(path, RECFILE_HEADER_SIZE - 1), 0);
	assert_int_equal(recfile_open(path, &f), -E_CORRUPT);
	unlink(path);
}

static void damage(int64_t at)
{
	FILE *file = fopen(path, "r+");
	int c;

	assert_non_null(file);
	fseek(file, (long)at, SEEK_SET);
	c = fgetc(file);
	fseek(file, (long)at, SEEK_SET);
	fputc(c ^ 0x40, file);
	fclose(file);
}

static void test_damage(void **state)
{
	struct recfile *f;
	int16_t pcm[2];
	size_t n;

	(void)state;
	write_file();
	damage(RECFILE_HEADER_SIZE + 2 * RECFILE_CHUNK_SIZE + 2000);
	assert_int_equal(recfile_open(path, &f), 0);
	assert_int_equal(recfile_read_pcm(f, 2 * RECFILE_CHUNK_SAMPLES + 5, 1, pcm, &n), 0);
	assert_in_range(abs(pcm[0]), 0, 8);
	assert_int_equal(recfile_read_pcm(f, 3 * RECFILE_CHUNK_SAMPLES + 5, 1, pcm, &n), 0);
	assert_in_range(pcm[0], 1250, 1350);
	recfile_close(f);
	damage(30);
	assert_int_equal(recfile_open(path, &f), -E_CORRUPT);
	unlink(path);
}

static void test_peaks(void **state)
{
	struct recfile *f;
	struct recfile_peak coarse[3], fine[1000];

	(void)state;
	write_file();
	assert_int_equal(recfile_open(path, &f), 0);
	assert_int_equal(recfile_peaks(f, 3, coarse), 0);
	assert_in_range(coarse[0].max[0], 1270, 1330); /* chunks 0 to 3 */
	assert_in_range(-coarse[2].min[1], 1850, 1950);
	assert_int_equal(coarse[2].max[1], 0);
	assert_int_equal(recfile_peaks(f, 1000, fine), 0);
	assert_in_range(fine[0].max[0], 950, 1050);
	assert_in_range(fine[999].max[0], 1850, 1950);
	recfile_close(f);
	unlink(path);
}

/* One loud and one low sample somewhere in a quiet chunk: the peaks in its header are theirs. */
static void test_one_sample_is_enough(void **state)
{
	static const struct {
		uint16_t samples, high_at, low_at;
	} cases[] = { { 1, 0, 0 }, { 2, 0, 1 }, { 15, 14, 3 }, { 16, 15, 0 }, { 17, 16, 15 }, { 33, 31, 32 },
		{ RECFILE_CHUNK_SAMPLES, 7, 3991 }, { RECFILE_CHUNK_SAMPLES, 3999, 2000 } };

	(void)state;
	snprintf(path, sizeof(path), "/tmp/recfile-%d", (int)getpid());
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t store[2][RECFILE_CHUNK_SAMPLES];
		struct recfile_chunk chunk = { .samples = cases[i].samples };
		struct recfile_writer *w;
		struct recfile_peak peak;
		struct recfile *f;

		unlink(path);
		level(&chunk, store, 40, -40);
		store[1][cases[i].high_at] = law_encode(MEDIA_PCMA, 12000);
		store[0][cases[i].low_at] = law_encode(MEDIA_PCMA, -9000);
		assert_int_equal(recfile_create(path, 0, 0, &w), 0);
		assert_int_equal(recfile_write(w, &chunk), 0);
		recfile_writer_free(w);
		assert_int_equal(recfile_open(path, &f), 0);
		assert_int_equal(recfile_peaks(f, 1, &peak), 0);
		assert_in_range(peak.max[1], 11500, 12500);
		assert_in_range(-peak.min[0], 8700, 9300);
		recfile_close(f);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_wav_ranges),
		cmocka_unit_test(test_cut_short_and_growing),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_peaks),
		cmocka_unit_test(test_one_sample_is_enough),
	};

	return unit_run(tests);
}
