/* Files of the browser side, read at the start and sorted by path. The tag is of the content, so a new build
 * with the same bytes stays cached; the gzip form has a tag of its own, because its bytes differ. */
#include "net/http_static.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOTAL_MAX_BYTES ((size_t)256 * 1024 * 1024)
#define PATH_MAX_BYTES 1024
#define DEPTH_MAX 16
#define TAG_BYTES 24

struct file {
	char *path; /* "/assets/x.js" */
	const char *type;
	struct buf bytes, gzip; /* gzip.p NULL: none */
	char tag[TAG_BYTES], gzip_tag[TAG_BYTES];
	bool for_ever;
};

struct http_static {
	struct file *files; /* sorted by path */
	size_t n, size;
	size_t total; /* bytes read */
};

static const struct {
	const char *extension, *type;
} types[] = {
	{ "html", "text/html; charset=utf-8" },
	{ "js", "text/javascript; charset=utf-8" },
	{ "mjs", "text/javascript; charset=utf-8" },
	{ "css", "text/css; charset=utf-8" },
	{ "json", "application/json" },
	{ "map", "application/json" },
	{ "webmanifest", "application/manifest+json" },
	{ "svg", "image/svg+xml" },
	{ "png", "image/png" },
	{ "jpg", "image/jpeg" },
	{ "ico", "image/x-icon" },
	{ "webp", "image/webp" },
	{ "woff2", "font/woff2" },
	{ "woff", "font/woff" },
	{ "wasm", "application/wasm" },
	{ "wav", "audio/wav" },
	{ "mp3", "audio/mpeg" },
	{ "txt", "text/plain; charset=utf-8" },
	{ "md", "text/markdown; charset=utf-8" },
	{ "pdf", "application/pdf" },
};

static const char *type_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < ARRAY_LEN(types); i++)
		if (str_caseeqz(str_from(dot + 1), types[i].extension))
			return types[i].type;
	return "application/octet-stream";
}

/* "index-BxK3d9aZ.js": eight characters before the extension, among them one that no word has there. */
static bool has_hash(const char *path)
{
	const char *dot = strrchr(path, '.');
	if (!dot || dot - path < 10 || dot[-9] != '-')
		return false;
	bool odd = false;
	for (const char *p = dot - 8; p < dot; p++) {
		bool lower = *p >= 'a' && *p <= 'z';
		bool other = (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
		if (!lower && !other && *p != '-' && *p != '_')
			return false;
		odd |= other;
	}
	return odd;
}

static void make_tag(char *dst, struct str bytes, const char *suffix)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char hex[17];
	SHA256((const unsigned char *)bytes.p, bytes.n, digest);
	str_hex(digest, 8, hex);
	snprintf(dst, TAG_BYTES, "\"%s%s\"", hex, suffix);
}

static int read_file(struct http_static *st, const char *name, struct buf *b)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = 1;
	if (fd < 0)
		return err_from_errno(errno);
	buf_init(b, TOTAL_MAX_BYTES - st->total);
	while (n > 0) {
		char *room = buf_room(b, 65536);
		n = room ? read(fd, room, 65536) : -1;
		if (n > 0)
			buf_claim(b, (size_t)n);
	}
	int e = buf_err(b) ? buf_err(b) : n < 0 ? err_from_errno(errno) : 0;
	close(fd);
	st->total += b->n;
	return e;
}

static bool is_gzip_of_another(const char *name)
{
	char plain[PATH_MAX_BYTES];
	size_t n = strlen(name);
	if (n < 4 || strcmp(name + n - 3, ".gz") ||
		str_copy((struct str){ name, n - 3 }, plain, sizeof(plain)))
		return false;
	return access(plain, F_OK) == 0;
}

static int add_file(struct http_static *st, const char *name, const char *path)
{
	char gzip_name[PATH_MAX_BYTES + 4];
	if (is_gzip_of_another(name))
		return 0;
	if (st->n == st->size) {
		st->size = st->size ? st->size * 2 : 64;
		st->files = mem_resize(st->files, st->size, sizeof(*st->files));
	}
	struct file *f = &st->files[st->n++];
	*f = (struct file){ .path = mem_strdup(path), .type = type_of(path), .for_ever = has_hash(path) };
	int e = read_file(st, name, &f->bytes);
	if (e)
		return e;
	make_tag(f->tag, buf_str(&f->bytes), "");
	snprintf(gzip_name, sizeof(gzip_name), "%s.gz", name);
	e = read_file(st, gzip_name, &f->gzip);
	make_tag(f->gzip_tag, buf_str(&f->bytes), "-gz");
	return e == -E_NOT_FOUND ? 0 : e;
}

static int scan(struct http_static *st, const char *dir, const char *path, int depth)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int e = 0;
	if (!d)
		return err_from_errno(errno);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread reads from this directory */
	while (!e && (entry = readdir(d))) {
		char name[PATH_MAX_BYTES], sub[PATH_MAX_BYTES];
		struct stat about;
		int n = snprintf(name, sizeof(name), "%s/%s", dir, entry->d_name);
		int m = snprintf(sub, sizeof(sub), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] == '.' || n >= PATH_MAX_BYTES || m >= PATH_MAX_BYTES ||
			lstat(name, &about))
			continue;
		if (S_ISDIR(about.st_mode) && depth < DEPTH_MAX)
			e = scan(st, name, sub, depth + 1);
		else if (S_ISREG(about.st_mode))
			e = add_file(st, name, sub);
	}
	closedir(d);
	return e;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

int http_static_new(const char *dir, struct http_static **ret_files)
{
	struct http_static *st = mem_alloc(sizeof(*st));
	int e = scan(st, dir, "", 0);
	if (e) {
		http_static_free(st);
		return e;
	}
	if (st->n)
		qsort(st->files, st->n, sizeof(*st->files), by_path);
	*ret_files = st;
	return 0;
}

void *http_static_free(struct http_static *files)
{
	if (!files)
		return NULL;
	for (size_t i = 0; i < files->n; i++) {
		free(files->files[i].path);
		buf_done(&files->files[i].bytes);
		buf_done(&files->files[i].gzip);
	}
	free(files->files);
	free(files);
	return NULL;
}

static bool takes_gzip(const struct http_req *req)
{
	struct str list = http_header(req, "Accept-Encoding");
	while (list.n) {
		struct str weight = str_trim(str_cut(&list, ','));
		struct str coding = str_trim(str_cut(&weight, ';'));
		weight = str_trim(weight);
		if (str_caseeqz(coding, "gzip"))
			return !str_eqz(weight, "q=0") && !str_starts(weight, STR("q=0.0"));
	}
	return false;
}

int http_static_reply(struct http_static *files, struct http_req *req, struct str path)
{
	char name[PATH_MAX_BYTES];
	if ((req->method != HTTP_GET && req->method != HTTP_HEAD) || http_unescape(path, name, sizeof(name)))
		return -E_NOT_FOUND;
	const struct file key = { .path = name };
	const struct file *f = files->n ? bsearch(&key, files->files, files->n, sizeof(key), by_path) : NULL;
	if (!f)
		return -E_NOT_FOUND;
	bool gzip = f->gzip.n && takes_gzip(req) && !http_header(req, "Range").p;
	if (f->gzip.n)
		http_set(req, "Vary", "Accept-Encoding");
	if (gzip)
		http_set(req, "Content-Encoding", "gzip");
	http_reply_content(req,
		&(struct http_content){ .type = f->type,
			.etag = gzip ? f->gzip_tag : f->tag,
			.cache = f->for_ever ? "public, max-age=31536000, immutable" : "no-cache",
			.bytes = buf_str(gzip ? &f->gzip : &f->bytes),
			.keep = true });
	return 0;
}
