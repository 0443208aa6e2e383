/* Any bytes as a workbook; and, so that the fuzzer gets past the packing, the same bytes as the sheet of one
 * that is otherwise whole, with what stands behind the first NUL as its shared texts. */
#include "base/buf.h"
#include "sheet/reader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#define NS "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static void read_all(int fd)
{
	const struct sheet_reader_opts opts = { .fd = fd, .unpacked_max = 1 << 24 };
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
		for (size_t i = 0; i < row.n_cells; i++)
			assert(row.cells[i].text.n <= SHEET_CELL_MAX_BYTES && str_is_utf8(row.cells[i].text));
	}
	err = sheet_reader_close(reader, &fault);
	assert(err != -E_INVALID || fault.code[0]);
}

static void read_bytes(const void *bytes, size_t n)
{
	int fd = memfd_create("xlsx", MFD_CLOEXEC);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	read_all(fd);
	close(fd);
}

static void add(zip_t *zip, const char *name, struct str text)
{
	zip_source_t *source = zip_source_buffer(zip, text.p, text.n, 0);
	zip_int64_t at = zip_file_add(zip, name, source, ZIP_FL_OVERWRITE);
	if (at < 0)
		abort();
	zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
}

/* The packed workbook, as libzip makes it in memory. */
static void read_packed(struct str sheet, struct str strings)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = memory ? zip_open_from_source(memory, ZIP_TRUNCATE, &error) : NULL;
	if (!zip)
		abort();
	zip_source_keep(memory);
	add(zip, "xl/workbook.xml",
		STR("<workbook " NS " xmlns:r=\"" RELATION
		    "\"><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>"));
	add(zip, "xl/_rels/workbook.xml.rels",
		STR("<Relationships><Relationship Id=\"r1\" Type=\"" RELATION
		    "/worksheet\" Target=\"s.xml\"/>"
		    "<Relationship Id=\"r2\" Type=\"" RELATION "/sharedStrings\" Target=\"t.xml\"/>"
		    "<Relationship Id=\"r3\" Type=\"" RELATION
		    "/styles\" Target=\"y.xml\"/></Relationships>"));
	add(zip, "xl/y.xml",
		STR("<styleSheet " NS
		    "><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"));
	add(zip, "xl/s.xml", sheet);
	add(zip, "xl/t.xml", strings);
	if (zip_close(zip) || zip_source_open(memory))
		abort();
	zip_source_seek(memory, 0, SEEK_END);
	zip_int64_t size = zip_source_tell(memory);
	zip_source_seek(memory, 0, SEEK_SET);
	char *bytes = malloc((size_t)size + 1);
	if (!bytes || zip_source_read(memory, bytes, (zip_uint64_t)size) != size)
		abort();
	zip_source_close(memory);
	zip_source_free(memory);
	read_bytes(bytes, (size_t)size);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str strings = { (const char *)bytes, n };
	struct str sheet = str_cut(&strings, '\0');
	read_bytes(bytes, n);
	if (n < 2 || memcmp(bytes, "PK", 2) != 0)
		read_packed(sheet.p ? sheet : STR(""), strings.p ? strings : STR(""));
	return 0;
}
