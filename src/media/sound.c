/* Prompts as samples. A WAV file is a list of chunks in any order of which two count; one whose data chunk
 * claims more than there is (a file still being written, or a stream's unknown size) is taken as far as it
 * goes. */
#include "media/sound.h"

#include "base/mem.h"
#include "media/law.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum wav_format { WAV_PCM = 1, WAV_ALAW = 6, WAV_ULAW = 7, WAV_EXTENSIBLE = 0xfffe };

static uint32_t get(const char *p, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value |= (uint32_t)(uint8_t)p[i] << (8 * i);
	return value;
}

static struct sound *sound_alloc(size_t n)
{
	struct sound *s = mem_alloc(sizeof(*s) + n * sizeof(s->samples[0]));

	s->refs = 1;
	s->n = n;
	return s;
}

static struct sound *from_g711(enum media_codec codec, struct str bytes)
{
	struct sound *s = sound_alloc(bytes.n);

	law_init();
	law_decode_block(codec, (const uint8_t *)bytes.p, bytes.n, s->samples);
	return s;
}

static int from_data(struct str fmt, struct str data, struct sound **ret_sound)
{
	uint32_t format, bits;

	if (fmt.n < 16)
		return -E_SYNTAX;
	format = get(fmt.p, 2);
	bits = get(fmt.p + 14, 2);
	if (format == WAV_EXTENSIBLE && fmt.n >= 26)
		format = get(fmt.p + 24, 2);
	if (get(fmt.p + 2, 2) != 1 || get(fmt.p + 4, 4) != 8000)
		return -E_UNSUPPORTED;
	if (format == WAV_PCM && bits == 16) {
		struct sound *s = sound_alloc(data.n / 2);

		for (size_t i = 0; i < s->n; i++)
			s->samples[i] = (int16_t)get(data.p + 2 * i, 2);
		*ret_sound = s;
	} else if ((format == WAV_ALAW || format == WAV_ULAW) && bits == 8) {
		*ret_sound = from_g711(format == WAV_ALAW ? MEDIA_PCMA : MEDIA_PCMU, data);
	} else {
		return -E_UNSUPPORTED;
	}
	return 0;
}

int sound_parse(struct str wav, struct sound **ret_sound)
{
	struct str fmt = STR_NONE;
	size_t at = 12;

	if (wav.n < 12 || !str_starts(wav, STR("RIFF")) || memcmp(wav.p + 8, "WAVE", 4))
		return -E_SYNTAX;
	while (wav.n - at >= 8) {
		struct str body = str_sub(wav, at + 8, at + 8 + get(wav.p + at + 4, 4));

		if (!memcmp(wav.p + at, "fmt ", 4))
			fmt = body;
		if (!memcmp(wav.p + at, "data", 4))
			return from_data(fmt, body, ret_sound);
		at += 8 + body.n + (body.n & 1);
		if (at > wav.n)
			break;
	}
	return -E_SYNTAX;
}

static int read_file(const char *path, char **ret_bytes, size_t *ret_n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;
	char *bytes = NULL;
	ssize_t n = 0;

	if (fd < 0)
		return err_from_errno(errno);
	if (fstat(fd, &st))
		err = err_from_errno(errno);
	else if (!S_ISREG(st.st_mode))
		err = -E_UNSUPPORTED;
	else if ((size_t)st.st_size > SOUND_FILE_MAX)
		err = -E_LIMIT;
	if (!err) {
		bytes = mem_alloc((size_t)st.st_size + 1);
		n = read(fd, bytes, (size_t)st.st_size);
		if (n < 0)
			err = err_from_errno(errno);
	}
	close(fd);
	if (err) {
		free(bytes);
		return err;
	}
	*ret_bytes = bytes;
	*ret_n = (size_t)n;
	return 0;
}

uint64_t sound_stamp(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return 0;
	return ((uint64_t)st.st_mtim.tv_sec * 1000000000 + (uint64_t)st.st_mtim.tv_nsec) ^
		(uint64_t)st.st_size << 48 ^ (uint64_t)st.st_ino;
}

int sound_load(const char *path, struct sound **ret_sound)
{
	CLEANUP(mem_freep) char *bytes = NULL;
	const char *dot = strrchr(path, '.');
	struct str all;
	uint64_t stamp = sound_stamp(path);
	size_t n = 0;
	int err = read_file(path, &bytes, &n);

	if (err)
		return err;
	all = (struct str){ bytes, n };
	if (dot && (!strcmp(dot, ".al") || !strcmp(dot, ".ul"))) {
		*ret_sound = from_g711(dot[1] == 'a' ? MEDIA_PCMA : MEDIA_PCMU, all);
	} else {
		err = sound_parse(all, ret_sound);
		if (err)
			return err;
	}
	(*ret_sound)->stamp = stamp;
	return 0;
}

struct sound *sound_ref(struct sound *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void sound_unref(struct sound *s)
{
	if (s && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
		free(s);
}
