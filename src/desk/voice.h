#ifndef LX_DESK_VOICE_H
#define LX_DESK_VOICE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Spoken prompts and hold music as files for the switch: WAV, 8 kHz, mono, 16 bit. Speech is made by
 * espeak-ng as a process of its own (its licence forbids linking it here). Blocking; any thread. */

/* Writes the whole file or none. language as of prompts ("zh-CN", "en"). -E_UNSUPPORTED without espeak-ng,
 * -E_INVALID for a text it cannot say, -E_FULL … for the file. */
int voice_speak(const char *text, const char *language, const char *path) MUST_CHECK;

/* A tune as text: notes "A4:2" (name with octave, # for sharps, length in eighths; "-" is a rest) separated
 * by spaces, played softly at 96 quarters a minute. -E_SYNTAX for another note. */
int voice_tune(const char *notes, const char *path) MUST_CHECK;

#endif
