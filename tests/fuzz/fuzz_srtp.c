/* Bytes where SRTP or SRTCP is expected, in both profiles: without the keys nothing may pass, and nothing
 * outside the bytes be touched. */
#include "media/seal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void take(enum seal_profile profile, const uint8_t *data, size_t size, bool rtcp)
{
	struct seal_keys keys = { .profile = profile };
	uint8_t *bytes = malloc(size + SEAL_ROOM), *copy = malloc(size ? size : 1);
	struct seal *s;
	size_t n = size;

	assert(bytes && copy && !seal_new(&keys, &s));
	if (size)
		memcpy(copy, data, size);
	assert(seal_unprotect(s, copy, &n, rtcp));
	n = size;
	if (size)
		memcpy(bytes, data, size);
	if (!seal_protect(s, bytes, &n, rtcp)) {
		assert(n > size && n <= size + SEAL_ROOM);
		assert(!seal_unprotect(s, bytes, &n, rtcp) && n == size && !memcmp(bytes, data, size));
	}
	seal_free(s);
	free(bytes);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int i = 0; i < 4; i++)
		take(i & 1 ? SEAL_SHA1_80 : SEAL_GCM_128, data, size, i >> 1);
	return 0;
}
