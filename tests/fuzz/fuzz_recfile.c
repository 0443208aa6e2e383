/* A recording as found on a disk: whatever is in it, reading stays inside it. */
#include "media/recfile.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void read_all(struct recfile *f)
{
	struct recfile_peak peaks[50];
	uint8_t bytes[1000];
	int64_t size = recfile_wav_size(f);
	size_t n;

	assert(recfile_info(f)->duration_ms >= 0);
	for (int64_t at = 0; at <= size; at += size / 7 + 1)
		if (!recfile_read_wav(f, at, sizeof(bytes), bytes, &n))
			assert(at + (int64_t)n <= size);
	(void)!recfile_peaks(f, 50, peaks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recfile *f;
	char path[64];
	int fd = memfd_create("recording", 0);

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!recfile_open(path, &f)) {
		read_all(f);
		recfile_close(f);
	}
	close(fd);
	return 0;
}
