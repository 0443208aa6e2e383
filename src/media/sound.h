#ifndef LX_MEDIA_SOUND_H
#define LX_MEDIA_SOUND_H

#include "base/err.h"
#include "base/str.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* A loaded prompt: 8 kHz mono samples, read-only after loading and shared by every thread that plays it. */
struct sound {
	atomic_uint refs;
	uint64_t stamp; /* of the file it came from: changes when the file does */
	size_t n;
	int16_t samples[];
};

#define SOUND_FILE_MAX ((size_t)64 << 20)

/* WAV (8 kHz mono; 16-bit PCM, A-law or µ-law), or raw G.711 when the name ends in .al or .ul. Blocking; any
 * thread. -E_NOT_FOUND, -E_UNSUPPORTED (another format), -E_SYNTAX (no WAV), -E_LIMIT. */
int sound_load(const char *path, struct sound **ret_sound) MUST_CHECK;
/* Stamp of a file as it is now, 0 when it cannot be read. Blocking. */
uint64_t sound_stamp(const char *path);
/* The same from bytes of a WAV file. */
int sound_parse(struct str wav, struct sound **ret_sound) MUST_CHECK;

struct sound *sound_ref(struct sound *s);
void sound_unref(struct sound *s); /* NULL allowed */

#endif
