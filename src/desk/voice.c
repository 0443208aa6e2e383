/* Prompts made by machine. The speech program writes 22 kHz; telephones hear 8 kHz, so it is resampled, its
 * silence at both ends is cut (sentences are put together from pieces) and it is brought to one loudness. */
#include "desk/voice.h"

#include "base/buf.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <speex/speex_resampler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RATE 8000
#define WAV_HEADER 44
#define SPEECH_MAX ((size_t)16 << 20)
#define SILENT 300 /* samples below this count as silence */
#define EDGE_MS 40 /* of silence kept at both ends */
#define PEAK 20000
#define EIGHTH_MS 312
#define RESAMPLE_QUALITY 7

extern char **environ;

static void put_u32(unsigned char *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int write_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;
	while (n) {
		ssize_t k = write(fd, p, n);
		if (k < 0)
			return err_from_errno(errno);
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

static int write_wav(const char *path, const int16_t *samples, size_t n)
{
	unsigned char head[WAV_HEADER] = "RIFF....WAVEfmt \x10\0\0\0\1\0\1\0........\2\0\x10\0data....";
	char *aside = mem_printf("%s.new", path);
	int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int err = fd < 0 ? err_from_errno(errno) : 0;
	put_u32(head + 4, (uint32_t)(WAV_HEADER - 8 + 2 * n));
	put_u32(head + 24, RATE);
	put_u32(head + 28, 2 * RATE);
	put_u32(head + 40, (uint32_t)(2 * n));
	if (!err)
		err = write_all(fd, head, sizeof(head));
	if (!err)
		err = write_all(fd, samples, 2 * n);
	if (fd >= 0 && close(fd) != 0 && !err)
		err = err_from_errno(errno);
	if (!err && rename(aside, path) != 0)
		err = err_from_errno(errno);
	if (err)
		unlink(aside);
	free(aside);
	return err;
}

/* Everything the process says on its standard output. */
static int read_process(char *const argv[], struct buf *out)
{
	int fds[2], status = 0;
	pid_t pid;
	posix_spawn_file_actions_t actions;
	ssize_t n = 0;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_from_errno(errno);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int failed = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	while (!failed && !out->err) {
		char *room = buf_room(out, 65536);
		n = room ? read(fds[0], room, 65536) : -1;
		if (n <= 0)
			break;
		buf_claim(out, (size_t)n);
	}
	close(fds[0]);
	if (failed)
		return failed == ENOENT ? -E_UNSUPPORTED : err_from_errno(failed);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (out->err)
		return out->err;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -E_INVALID;
}

static void trim_and_level(int16_t **samples, size_t *n)
{
	size_t edge = (size_t)RATE * EDGE_MS / 1000, from = 0, to = *n;
	int peak = 1;
	while (from < to && abs((*samples)[from]) < SILENT)
		from++;
	while (to > from && abs((*samples)[to - 1]) < SILENT)
		to--;
	if (from == to) {
		*n = 0; /* nothing can be heard */
		return;
	}
	from = from > edge ? from - edge : 0;
	to = *n - to > edge ? to + edge : *n;
	for (size_t i = from; i < to; i++)
		if (abs((*samples)[i]) > peak)
			peak = abs((*samples)[i]);
	for (size_t i = from; i < to; i++)
		(*samples)[i] = (int16_t)((*samples)[i] * PEAK / peak);
	*samples += from;
	*n = to - from;
}

static int to_phone(struct str wav, const char *path)
{
	const unsigned char *p = (const unsigned char *)wav.p;
	int failed = 0;
	if (wav.n < WAV_HEADER + 4 || memcmp(p, "RIFF", 4) != 0)
		return -E_INVALID;
	uint32_t rate = get_u32(p + 24);
	spx_uint32_t n_in = (spx_uint32_t)((wav.n - WAV_HEADER) / 2), n_out = n_in + RATE;
	if (rate < RATE || rate > 96000)
		return -E_INVALID;
	SpeexResamplerState *resampler = speex_resampler_init(1, rate, RATE, RESAMPLE_QUALITY, &failed);
	if (!resampler)
		return -E_NOMEM;
	int16_t *memory = mem_array(n_out, sizeof(int16_t)), *samples = memory;
	int16_t *in = mem_dup(p + WAV_HEADER, 2 * (size_t)n_in);
	speex_resampler_skip_zeros(resampler);
	speex_resampler_process_int(resampler, 0, in, &n_in, samples, &n_out);
	speex_resampler_destroy(resampler);
	size_t n = n_out;
	trim_and_level(&samples, &n);
	int err = n ? write_wav(path, samples, n) : -E_INVALID;
	free(in);
	free(memory);
	return err;
}

int voice_speak(const char *text, const char *language, const char *path)
{
	bool english = strncmp(language, "en", 2) == 0;
	char *const argv[] = { "espeak-ng", "-v", english ? "en-us" : "cmn-latn-pinyin", "-s",
		english ? "150" : "170", "-b", "1", "--stdout", "--", (char *)text, NULL };
	struct buf wav;
	buf_init(&wav, SPEECH_MAX);
	int err = read_process(argv, &wav);
	if (!err)
		err = to_phone(buf_str(&wav), path);
	buf_done(&wav);
	return err;
}

/* Frequency of "C4", "F#5"; 0 for a rest. *rest is left behind the name. */
static int read_pitch(const char **rest, double *ret_pitch)
{
	static const int steps[] = { 9, 11, 0, 2, 4, 5, 7 }; /* A … G above C */
	const char *p = *rest;
	*ret_pitch = 0;
	if (*p == '-') {
		*rest = p + 1;
		return 0;
	}
	if (*p < 'A' || *p > 'G')
		return -E_SYNTAX;
	int step = steps[*p++ - 'A'];
	if (*p == '#') {
		step++;
		p++;
	}
	if (*p < '0' || *p > '8')
		return -E_SYNTAX;
	int key = (*p++ - '4') * 12 + step - 9; /* from A4 */
	*rest = p;
	*ret_pitch = 440.0 * pow(2.0, key / 12.0);
	return 0;
}

/* One note with a soft start, a decay and two overtones, added so that it may ring on into the next. */
static void add_note(int16_t *samples, size_t n, double pitch)
{
	for (size_t i = 0; i < n; i++) {
		double t = (double)i / RATE, level = 2600 * exp(-2.2 * t) * (t < 0.02 ? t / 0.02 : 1);
		double w = 2 * M_PI * pitch * t;
		samples[i] = (int16_t)(samples[i] + level * (sin(w) + 0.35 * sin(2 * w) + 0.12 * sin(3 * w)));
	}
}

/* "c4:2": how high, how many eighths; the next one follows after a blank. */
static int read_note(const char **p, double *ret_pitch, size_t *ret_length)
{
	if (read_pitch(p, ret_pitch) != 0)
		return -E_SYNTAX;
	const char *rest = *p;
	if (rest[0] != ':' || rest[1] < '1' || rest[1] > '9' || (rest[2] && rest[2] != ' '))
		return -E_SYNTAX;
	*ret_length = (size_t)(rest[1] - '0') * RATE * EIGHTH_MS / 1000;
	*p += rest[2] ? 3 : 2;
	return 0;
}

int voice_tune(const char *notes, const char *path)
{
	size_t max = strlen(notes) * RATE * EIGHTH_MS / 1000 * 9 + RATE, at = 0, ring = RATE;
	int16_t *samples = mem_array(max, sizeof(int16_t));
	int err = 0;
	for (const char *p = notes + strspn(notes, " "); *p && !err;) {
		double pitch = 0;
		size_t length = 0;
		err = read_note(&p, &pitch, &length);
		if (pitch > 0)
			add_note(samples + at, length + ring < max - at ? length + ring : max - at, pitch);
		at += length;
	}
	if (!err)
		err = at ? write_wav(path, samples, at) : -E_SYNTAX;
	free(samples);
	return err;
}
