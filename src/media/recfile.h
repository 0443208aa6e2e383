#ifndef LX_MEDIA_RECFILE_H
#define LX_MEDIA_RECFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Our recording container: a header of 64 bytes, then chunks of fixed size, each half a second of two A-law
 * channels with its index, peaks and CRC-32. A kill loses the chunk being written; any range is read without
 * what precedes it; sealing per chunk (AEAD) has its room. All numbers little-endian. Blocking file I/O: not
 * for the signalling and media threads. One thread at a time per object. */
#define RECFILE_RATE 8000
#define RECFILE_CHANNELS 2
#define RECFILE_CHUNK_MS 500
#define RECFILE_CHUNK_SAMPLES (RECFILE_RATE * RECFILE_CHUNK_MS / 1000)
#define RECFILE_HEADER_SIZE 64
#define RECFILE_CHUNK_HEADER_SIZE 48
#define RECFILE_CHUNK_TAG_SIZE 16 /* reserved for the seal */
#define RECFILE_CHUNK_SIZE                                                                                   \
	(RECFILE_CHUNK_HEADER_SIZE + RECFILE_CHANNELS * RECFILE_CHUNK_SAMPLES + RECFILE_CHUNK_TAG_SIZE)

struct recfile_info {
	int64_t start_wall_ms;
	uint64_t key_id;
	uint32_t chunks;     /* complete in the file */
	int64_t duration_ms; /* of what is readable */
};

enum recfile_flag { RECFILE_PAUSED = 1, RECFILE_LAST = 2 };

struct recfile_chunk {
	uint32_t index;
	uint16_t samples; /* of each channel, below RECFILE_CHUNK_SAMPLES only in the last chunk */
	uint16_t flags;
	const uint8_t *alaw[RECFILE_CHANNELS]; /* RECFILE_CHUNK_SAMPLES bytes each */
};

/* Writer. Chunks may be written in any order and again (a packet came late). -E_EXISTS when the file is
 * there, -E_FULL when the disk is. */
struct recfile_writer;
int recfile_create(const char *path, int64_t start_wall_ms, uint64_t key_id,
	struct recfile_writer **ret_writer) MUST_CHECK;
int recfile_write(struct recfile_writer *w, const struct recfile_chunk *chunk) MUST_CHECK;
int recfile_finish(
	struct recfile_writer *w) MUST_CHECK; /* hands it to the disk; the writer still wants its free */
void recfile_writer_free(struct recfile_writer *w); /* NULL allowed */

/* Reader: of a file complete, cut short, or still growing (recfile_refresh looks again). A damaged chunk
 * reads as silence. -E_CORRUPT when the header is none. */
struct recfile;
int recfile_open(const char *path, struct recfile **ret_file) MUST_CHECK;
void recfile_close(struct recfile *f); /* NULL allowed */
int recfile_refresh(struct recfile *f) MUST_CHECK;
const struct recfile_info *recfile_info(const struct recfile *f);

/* `frames` stereo frames (left = caller, right = agent) from `first` on; *ret_frames is less at the end. */
int recfile_read_pcm(
	struct recfile *f, int64_t first, size_t frames, int16_t *dst, size_t *ret_frames) MUST_CHECK;

/* The file as WAV, 16-bit stereo: its size, and any range of its bytes (HTTP ranges). */
int64_t recfile_wav_size(const struct recfile *f);
int recfile_read_wav(struct recfile *f, int64_t offset, size_t n, uint8_t *dst, size_t *ret_n) MUST_CHECK;

/* Lowest and highest sample of each of `buckets` equal parts and each channel, for a waveform. */
struct recfile_peak {
	int16_t min[RECFILE_CHANNELS], max[RECFILE_CHANNELS];
};
int recfile_peaks(struct recfile *f, size_t buckets, struct recfile_peak *dst) MUST_CHECK;

#endif
