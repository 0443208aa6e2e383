/* Any bytes as a CSV file, in each encoding: what comes out is UTF-8 within the limits, and the number of its
 * rows counts upwards. */
#include "base/buf.h"
#include "sheet/reader.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void read_all(int fd, enum sheet_encoding encoding)
{
	const struct sheet_reader_opts opts = { .fd = fd, .encoding = encoding };
	struct sheet_reader *reader;
	struct sheet_row row;
	struct fault fault = { .code = "" };
	int64_t before = 0;
	int err = sheet_reader_open(&opts, &reader, &fault);
	if (err) {
		assert(err != -E_INVALID || fault.code[0]);
		return;
	}
	while (sheet_next(reader, &row)) {
		assert(row.n > before && row.n_cells > 0 && row.n_cells <= SHEET_COLUMNS_MAX);
		before = row.n;
		for (size_t i = 0; i < row.n_cells; i++) {
			assert(row.cells[i].text.n <= SHEET_CELL_MAX_BYTES);
			assert(str_is_utf8(row.cells[i].text));
		}
	}
	err = sheet_reader_close(reader, &fault);
	assert(err != -E_INVALID || fault.code[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	int fd = memfd_create("csv", MFD_CLOEXEC);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	for (int encoding = 0; encoding < SHEET_ENCODING__MAX; encoding++)
		read_all(fd, (enum sheet_encoding)encoding);
	close(fd);
	return 0;
}
