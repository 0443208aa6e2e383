#ifndef LX_MEDIA_SOUNDS_H
#define LX_MEDIA_SOUNDS_H

#include "media/sound.h"
#include "net/loop.h"

/* The prompts in memory, on the signalling thread; files are read by a thread of their own. Up to 256 MB, the
 * longest unused go first; a file that changed is read again within ten seconds. */
struct sounds;

typedef void (*sounds_ready_fn)(void *arg, int err);

int sounds_new(struct loop *loop, struct sounds **ret_sounds) MUST_CHECK;
/* Fetches under way never call back. */
void sounds_free(struct sounds *s); /* NULL allowed */

/* A reference to the sound if it is in memory; with `fresh` only if it was compared with its file lately.
 * NULL otherwise. */
struct sound *sounds_get(struct sounds *s, const char *path, bool fresh);
/* Brings files into memory, then calls fn(arg, 0 or the first error) on the loop. -E_BUSY: not begun. */
int sounds_fetch(
	struct sounds *s, const char *const *paths, size_t n, sounds_ready_fn fn, void *arg) MUST_CHECK;

#endif
