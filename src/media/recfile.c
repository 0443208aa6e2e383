/* The recording container. A chunk carries its own index, CRC and peaks, and stands at a place computed from
 * its index, so the reader needs no table: it looks at the file's size and checks what it reads. Peaks in the
 * chunk headers let a waveform of a long call be drawn without reading its sound. */
#include "media/recfile.h"

#include "base/mem.h"
#include "media/law.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define VERSION 1
#define CODEC_ALAW 8
#define WAV_HEADER 44
#define FRAME_BYTES (RECFILE_CHANNELS * 2)
#define WAV_MAX (UINT32_MAX - WAV_HEADER)
#define LANES 16
#define CRC_AT (RECFILE_CHUNK_HEADER_SIZE - 4)

static const char file_magic[8] = "LXREC\r\n\x1a";
static const char chunk_magic[4] = "LXCK";

struct recfile_writer {
	int fd;
	uint32_t writes; /* stored per chunk: a rewritten chunk is told from its first form */
	uint8_t chunk[RECFILE_CHUNK_SIZE];
};

struct recfile {
	int fd;
	struct recfile_info info;
	uint16_t last_samples;
	int64_t cached; /* index of the chunk below, -1 for none */
	uint8_t chunk[RECFILE_CHUNK_SIZE];
};

static void put(uint8_t *p, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *p, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)p[i] << (8 * i);
	return value;
}

static int write_at(int fd, const uint8_t *p, size_t n, int64_t offset)
{
	while (n) {
		ssize_t done = pwrite(fd, p, n, offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done ? err_from_errno(errno) : -E_FULL;
		p += done;
		n -= (size_t)done;
		offset += done;
	}
	return 0;
}

/* *ret_n is less than n at the end of the file. */
static int read_at(int fd, uint8_t *p, size_t n, int64_t offset, size_t *ret_n)
{
	*ret_n = 0;
	while (*ret_n < n) {
		ssize_t done = pread(fd, p + *ret_n, n - *ret_n, offset + (int64_t)*ret_n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_from_errno(errno);
		if (!done)
			break;
		*ret_n += (size_t)done;
	}
	return 0;
}

static int64_t chunk_offset(int64_t index)
{
	return RECFILE_HEADER_SIZE + index * RECFILE_CHUNK_SIZE;
}

static uint32_t chunk_crc(const uint8_t *chunk)
{
	uLong crc = crc32(0, chunk, CRC_AT);

	return (uint32_t)crc32(
		crc, chunk + RECFILE_CHUNK_HEADER_SIZE, RECFILE_CHANNELS * RECFILE_CHUNK_SAMPLES);
}

int recfile_create(
	const char *path, int64_t start_wall_ms, uint64_t key_id, struct recfile_writer **ret_writer)
{
	uint8_t header[RECFILE_HEADER_SIZE] = { 0 };
	struct recfile_writer *w;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int err;

	if (fd < 0)
		return err_from_errno(errno);
	law_init();
	memcpy(header, file_magic, sizeof(file_magic));
	put(header + 8, VERSION, 2);
	put(header + 10, CODEC_ALAW, 1);
	put(header + 11, RECFILE_CHANNELS, 1);
	put(header + 12, RECFILE_RATE, 4);
	put(header + 16, RECFILE_CHUNK_SAMPLES, 4);
	put(header + 20, RECFILE_CHUNK_SIZE, 4);
	put(header + 24, (uint64_t)start_wall_ms, 8);
	put(header + 32, key_id, 8);
	put(header + 60, crc32(0, header, 60), 4);
	err = write_at(fd, header, sizeof(header), 0);
	if (err) {
		close(fd);
		unlink(path);
		return err;
	}
	w = mem_alloc(sizeof(*w));
	w->fd = fd;
	*ret_writer = w;
	return 0;
}

/* A-law bytes order like their samples once every other bit is turned and the negative ones are mirrored, so
 * extremes need no decoding. Mirroring is its own inverse. */
static uint8_t mirror(uint8_t v)
{
	return v ^ (v & 0x80 ? 0 : 0x7f);
}

static uint8_t alaw_rank(uint8_t byte)
{
	return mirror(byte ^ 0x55);
}

static int16_t alaw_of_rank(uint8_t rank)
{
	return law_linear[MEDIA_PCMA][mirror(rank) ^ 0x55];
}

static uint8_t lesser(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

static uint8_t greater(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

/* By lanes, which the compiler makes one register of: two channels of every call pass here. */
static void alaw_extremes(const uint8_t *p, size_t n, int16_t *ret_min, int16_t *ret_max)
{
	uint8_t low[LANES], high[LANES];
	size_t i = 0;

	memset(low, n ? 0xff : 0x80, sizeof(low));
	memset(high, n ? 0 : 0x80, sizeof(high));
	for (; i + LANES <= n; i += LANES)
		for (size_t lane = 0; lane < LANES; lane++) {
			uint8_t rank = alaw_rank(p[i + lane]);

			low[lane] = lesser(low[lane], rank);
			high[lane] = greater(high[lane], rank);
		}
	for (; i < n; i++) {
		uint8_t rank = alaw_rank(p[i]);

		low[0] = lesser(low[0], rank);
		high[0] = greater(high[0], rank);
	}
	for (size_t lane = 1; lane < LANES; lane++) {
		low[0] = lesser(low[0], low[lane]);
		high[0] = greater(high[0], high[lane]);
	}
	*ret_min = alaw_of_rank(low[0]);
	*ret_max = alaw_of_rank(high[0]);
}

int recfile_write(struct recfile_writer *w, const struct recfile_chunk *chunk)
{
	uint8_t *p = w->chunk;

	memset(p, 0, RECFILE_CHUNK_HEADER_SIZE);
	memcpy(p, chunk_magic, sizeof(chunk_magic));
	put(p + 4, chunk->index, 4);
	put(p + 8, chunk->samples, 2);
	put(p + 10, chunk->flags, 2);
	put(p + 12, ++w->writes, 4);
	for (size_t c = 0; c < RECFILE_CHANNELS; c++) {
		int16_t min, max;

		memcpy(p + RECFILE_CHUNK_HEADER_SIZE + c * RECFILE_CHUNK_SAMPLES, chunk->alaw[c],
			RECFILE_CHUNK_SAMPLES);
		alaw_extremes(chunk->alaw[c], chunk->samples, &min, &max);
		put(p + 16 + 4 * c, (uint16_t)min, 2);
		put(p + 18 + 4 * c, (uint16_t)max, 2);
	}
	put(p + CRC_AT, chunk_crc(p), 4);
	return write_at(w->fd, p, RECFILE_CHUNK_SIZE, chunk_offset(chunk->index));
}

int recfile_finish(struct recfile_writer *w)
{
	return sync_file_range(w->fd, 0, 0, SYNC_FILE_RANGE_WRITE) ? err_from_errno(errno) : 0;
}

void recfile_writer_free(struct recfile_writer *w)
{
	if (!w)
		return;
	close(w->fd);
	free(w);
}

static bool chunk_is_good(const uint8_t *p, int64_t index)
{
	return !memcmp(p, chunk_magic, sizeof(chunk_magic)) && (int64_t)get(p + 4, 4) == index &&
		get(p + 8, 2) <= RECFILE_CHUNK_SAMPLES && get(p + CRC_AT, 4) == chunk_crc(p);
}

/* Brings a chunk into f->chunk; one that is damaged or not there becomes silence. */
static int load_chunk(struct recfile *f, int64_t index)
{
	size_t n;
	int err;

	if (f->cached == index)
		return 0;
	f->cached = -1;
	err = read_at(f->fd, f->chunk, RECFILE_CHUNK_SIZE, chunk_offset(index), &n);
	if (err)
		return err;
	if (n < RECFILE_CHUNK_SIZE || !chunk_is_good(f->chunk, index)) {
		memset(f->chunk, law_silence(MEDIA_PCMA), RECFILE_CHUNK_SIZE);
		put(f->chunk + 8, RECFILE_CHUNK_SAMPLES, 2);
	}
	f->cached = index;
	return 0;
}

int recfile_refresh(struct recfile *f)
{
	struct stat st;
	int64_t chunks;
	int err;

	if (fstat(f->fd, &st))
		return err_from_errno(errno);
	chunks = st.st_size > RECFILE_HEADER_SIZE ? (st.st_size - RECFILE_HEADER_SIZE) / RECFILE_CHUNK_SIZE
						  : 0;
	if (chunks > WAV_MAX / (RECFILE_CHUNK_SAMPLES * FRAME_BYTES))
		chunks = WAV_MAX / (RECFILE_CHUNK_SAMPLES * FRAME_BYTES);
	f->cached = -1;
	f->info.chunks = (uint32_t)chunks;
	f->last_samples = 0;
	if (chunks) {
		err = load_chunk(f, chunks - 1);
		if (err)
			return err;
		f->last_samples = (uint16_t)get(f->chunk + 8, 2);
	}
	f->info.duration_ms = recfile_wav_size(f) > WAV_HEADER
		? (recfile_wav_size(f) - WAV_HEADER) / FRAME_BYTES * 1000 / RECFILE_RATE
		: 0;
	return 0;
}

static int read_header(struct recfile *f)
{
	uint8_t header[RECFILE_HEADER_SIZE];
	size_t n;
	int err = read_at(f->fd, header, sizeof(header), 0, &n);

	if (err)
		return err;
	if (n < sizeof(header) || memcmp(header, file_magic, sizeof(file_magic)) ||
		get(header + 60, 4) != crc32(0, header, 60))
		return -E_CORRUPT;
	if (get(header + 8, 2) != VERSION || header[10] != CODEC_ALAW || header[11] != RECFILE_CHANNELS ||
		get(header + 12, 4) != RECFILE_RATE || get(header + 20, 4) != RECFILE_CHUNK_SIZE)
		return -E_UNSUPPORTED;
	f->info.start_wall_ms = (int64_t)get(header + 24, 8);
	f->info.key_id = get(header + 32, 8);
	return recfile_refresh(f);
}

int recfile_open(const char *path, struct recfile **ret_file)
{
	struct recfile *f;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return err_from_errno(errno);
	law_init();
	f = mem_alloc(sizeof(*f));
	f->fd = fd;
	f->cached = -1;
	err = read_header(f);
	if (err) {
		recfile_close(f);
		return err;
	}
	*ret_file = f;
	return 0;
}

void recfile_close(struct recfile *f)
{
	if (!f)
		return;
	close(f->fd);
	free(f);
}

const struct recfile_info *recfile_info(const struct recfile *f)
{
	return &f->info;
}

static int64_t total_frames(const struct recfile *f)
{
	return f->info.chunks ? (int64_t)(f->info.chunks - 1) * RECFILE_CHUNK_SAMPLES + f->last_samples : 0;
}

static const uint8_t *channel_at(const struct recfile *f, size_t channel, int64_t at)
{
	return f->chunk + RECFILE_CHUNK_HEADER_SIZE + channel * RECFILE_CHUNK_SAMPLES + at;
}

int recfile_read_pcm(struct recfile *f, int64_t first, size_t frames, int16_t *dst, size_t *ret_frames)
{
	int64_t total = total_frames(f);

	*ret_frames = 0;
	if (first < 0)
		return -E_INVALID;
	while (*ret_frames < frames && first < total) {
		int64_t at = first % RECFILE_CHUNK_SAMPLES;
		int64_t n = RECFILE_CHUNK_SAMPLES - at;
		int err = load_chunk(f, first / RECFILE_CHUNK_SAMPLES);

		if (err)
			return err;
		if (n > total - first)
			n = total - first;
		if (n > (int64_t)(frames - *ret_frames))
			n = (int64_t)(frames - *ret_frames);
		for (int64_t i = 0; i < n; i++) {
			*dst++ = law_linear[MEDIA_PCMA][*channel_at(f, 0, at + i)];
			*dst++ = law_linear[MEDIA_PCMA][*channel_at(f, 1, at + i)];
		}
		*ret_frames += (size_t)n;
		first += n;
	}
	return 0;
}

int64_t recfile_wav_size(const struct recfile *f)
{
	return WAV_HEADER + total_frames(f) * FRAME_BYTES;
}

static void wav_header(const struct recfile *f, uint8_t h[WAV_HEADER])
{
	uint32_t data = (uint32_t)(total_frames(f) * FRAME_BYTES);

	memcpy(h, "RIFF", 4);
	put(h + 4, data + WAV_HEADER - 8, 4);
	memcpy(h + 8, "WAVEfmt ", 8);
	put(h + 16, 16, 4);
	put(h + 20, 1, 2);
	put(h + 22, RECFILE_CHANNELS, 2);
	put(h + 24, RECFILE_RATE, 4);
	put(h + 28, RECFILE_RATE * FRAME_BYTES, 4);
	put(h + 32, FRAME_BYTES, 2);
	put(h + 34, 16, 2);
	memcpy(h + 36, "data", 4);
	put(h + 40, data, 4);
}

int recfile_read_wav(struct recfile *f, int64_t offset, size_t n, uint8_t *dst, size_t *ret_n)
{
	uint8_t header[WAV_HEADER];
	int16_t pcm[512 * RECFILE_CHANNELS];

	*ret_n = 0;
	if (offset < 0)
		return -E_INVALID;
	wav_header(f, header);
	for (; *ret_n < n && offset < WAV_HEADER; offset++)
		dst[(*ret_n)++] = header[offset];
	while (*ret_n < n) {
		int64_t at = offset - WAV_HEADER;
		size_t skip = (size_t)(at % FRAME_BYTES), frames, bytes;
		int err = recfile_read_pcm(f, at / FRAME_BYTES, 512, pcm, &frames);

		if (err)
			return err;
		bytes = frames * FRAME_BYTES;
		if (bytes <= skip)
			break;
		bytes -= skip;
		if (bytes > n - *ret_n)
			bytes = n - *ret_n;
		memcpy(dst + *ret_n, (uint8_t *)pcm + skip, bytes);
		*ret_n += bytes;
		offset += (int64_t)bytes;
	}
	return 0;
}

static void widen(struct recfile_peak *peak, size_t channel, int16_t min, int16_t max)
{
	if (min < peak->min[channel])
		peak->min[channel] = min;
	if (max > peak->max[channel])
		peak->max[channel] = max;
}

/* Takes the frames [from, to) of one chunk into the peak; a whole chunk by its header alone. */
static int peak_of_chunk(
	struct recfile *f, int64_t index, int64_t from, int64_t to, struct recfile_peak *peak)
{
	uint8_t header[RECFILE_CHUNK_HEADER_SIZE];
	size_t n;
	int err;

	if (from == 0 && to == RECFILE_CHUNK_SAMPLES && f->cached != index) {
		err = read_at(f->fd, header, sizeof(header), chunk_offset(index), &n);
		if (err || n < sizeof(header) || memcmp(header, chunk_magic, sizeof(chunk_magic)))
			return err;
		for (size_t c = 0; c < RECFILE_CHANNELS; c++)
			widen(peak, c, (int16_t)get(header + 16 + 4 * c, 2),
				(int16_t)get(header + 18 + 4 * c, 2));
		return 0;
	}
	err = load_chunk(f, index);
	if (err)
		return err;
	for (size_t c = 0; c < RECFILE_CHANNELS; c++) {
		int16_t min, max;

		alaw_extremes(channel_at(f, c, from), (size_t)(to - from), &min, &max);
		widen(peak, c, min, max);
	}
	return 0;
}

int recfile_peaks(struct recfile *f, size_t buckets, struct recfile_peak *dst)
{
	int64_t total = total_frames(f);

	memset(dst, 0, buckets * sizeof(*dst));
	for (size_t i = 0; i < buckets; i++) {
		int64_t from = total * (int64_t)i / (int64_t)buckets;
		int64_t end = total * (int64_t)(i + 1) / (int64_t)buckets;

		while (from < end) {
			int64_t index = from / RECFILE_CHUNK_SAMPLES, start = index * RECFILE_CHUNK_SAMPLES;
			int64_t to =
				end - start < RECFILE_CHUNK_SAMPLES ? end - start : RECFILE_CHUNK_SAMPLES;
			int err = peak_of_chunk(f, index, from - start, to, &dst[i]);

			if (err)
				return err;
			from = start + to;
		}
	}
	return 0;
}
