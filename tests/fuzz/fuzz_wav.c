/* A prompt somebody uploaded. */
#include "media/sound.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sound *s;

	if (sound_parse((struct str){ (const char *)data, size }, &s))
		return 0;
	assert(s->n <= size);
	sound_unref(s);
	return 0;
}
