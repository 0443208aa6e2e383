/* Stands in for libFuzzer in ordinary builds: runs the fuzz target once over each seed of the folders named.
 * Seeds are copied into memory of their exact size, so that a sanitizer sees the first byte read beyond. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return 1;
	}
	fseek(file, 0, SEEK_END);
	size_t n = (size_t)ftell(file);
	rewind(file);
	uint8_t *bytes = malloc(n);
	int bad = fread(bytes, 1, n, file) != n;
	fclose(file);
	if (!bad)
		LLVMFuzzerTestOneInput(bytes, n);
	free(bytes);
	return bad;
}

static int run_folder(const char *folder, size_t *count)
{
	DIR *dir = opendir(folder);
	int bad = 0;
	if (!dir) {
		perror(folder);
		return 1;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		char path[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		bad |= run_file(path);
		++*count;
	}
	closedir(dir);
	return bad;
}

int main(int argc, char **argv)
{
	size_t count = 0;
	int bad = 0;
	for (int i = 1; i < argc; i++)
		bad |= run_folder(argv[i], &count);
	printf("%zu seeds\n", count);
	return bad || count == 0;
}
