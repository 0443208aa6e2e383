/* What a file is by its bytes, and what happens to one that no record has. */
#include "unit.h"

#include "base/mem.h"
#include "desk/files.h"
#include "desk/sniff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_types_by_bytes(void **state)
{
	static const struct {
		struct str bytes;
		const char *type;
	} cases[] = {
		{ STR("\x89PNG\r\n\x1a\n...."), "image/png" },
		{ STR("\xff\xd8\xff\xe0"), "image/jpeg" },
		{ STR("RIFF....WEBPVP8 "), "image/webp" },
		{ STR("RIFF....WAVEfmt "), "audio/wav" },
		{ STR("%PDF-1.7"), "application/pdf" },
		{ STR("PK\x03\x04.........................."), "application/zip" },
		{ STR("PK\x03\x04..........................[Content_Types].xml"),
			"application/vnd.openxmlformats-officedocument" },
		{ STR("<html>"), "text/plain" },
		{ STR("航班"), "text/plain" },
		{ STR("\xe8\x88\xaa\xe7\x8f"), "text/plain" }, /* cut within a character */
		{ STR("\xc8\xcb"), "application/octet-stream" },
		{ STR("a\0b"), "application/octet-stream" },
		{ STR("\x7f"
		      "ELF\x02\x01"),
			"application/octet-stream" },
		{ STR("RIFF"), "text/plain" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(sniff_type(cases[i].bytes), cases[i].type);
}

static int add_files(struct db *db, void *arg)
{
	(void)arg;
	return db_run(db,
		"INSERT INTO file (id, version, created, updated, token, name, type, bytes, uploader, holder,"
		" record, released) VALUES (1, 1, 1, 1, 'aa1', 'x', 'text/plain', 1, 1, NULL, NULL, 1000),"
		" (2, 1, 1, 1, 'aa2', 'x', 'text/plain', 1, 1, 'user', 7, NULL),"
		" (3, 1, 1, 1, 'aa3', 'x', 'text/plain', 1, 1, NULL, NULL, 9000000000000)",
		NO_ARGS);
}

static bool exists(const char *dir, const char *name)
{
	CLEANUP(mem_freep) char *path = mem_printf("%s/files/aa/%s", dir, name);
	return access(path, F_OK) == 0;
}

static void make(const char *dir, const char *name)
{
	CLEANUP(mem_freep) char *path = mem_printf("%s/%s", dir, name);
	if (!strchr(name, '1') && !strchr(name, '2') && !strchr(name, '3')) {
		assert_int_equal(mkdir(path, 0700), 0);
		return;
	}
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("x", file);
	fclose(file);
}

static void test_loose_files_are_swept(void **state)
{
	char dir[] = "/tmp/lx-files-XXXXXX";
	struct fault fault = { 0 };
	static const char *const parts[] = { "files", "files/aa", "files/aa/aa1", "files/aa/aa2",
		"files/aa/aa3" };
	(void)state;
	assert_non_null(mkdtemp(dir));
	CLEANUP(mem_freep) char *path = mem_printf("%s/desk.db", dir);
	const struct desk_options options = { .data_dir = dir };
	struct desk desk = { .options = &options };
	assert_int_equal(
		store_open(&(struct store_options){ .path = path, .readers = 1 }, &desk.store, &fault), 0);
	assert_int_equal(store_write(desk.store, STORE_PEOPLE, add_files, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		make(dir, parts[i]);
	files_sweep(&desk);
	assert_false(exists(dir, "aa1"));
	assert_true(exists(dir, "aa2"));
	assert_true(exists(dir, "aa3"));
	struct db *db = store_reader(desk.store);
	int64_t n = 0;
	assert_int_equal(db_one_int(db, "SELECT count(*) FROM file", NO_ARGS, &n), 0);
	assert_int_equal(n, 2);
	store_reader_return(desk.store, db);
	files_sweep(&desk); /* nothing left to do */
	store_close(desk.store);
	static const char *const left[] = { "files/aa/aa2", "files/aa/aa3", "files/aa", "files",
		"desk.db-wal", "desk.db-shm", "desk.db", "" };
	for (size_t i = 0; i < ARRAY_LEN(left); i++) {
		CLEANUP(mem_freep) char *name = mem_printf("%s/%s", dir, left[i]);
		(void)remove(name);
	}
	assert_int_equal(access(dir, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_by_bytes),
		cmocka_unit_test(test_loose_files_are_swept),
	};
	return unit_run(tests);
}
