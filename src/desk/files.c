/* Uploads: the body goes to disk as it comes, its type is told by its bytes, and a row says whose it is.
 * Until a record takes it, it is its uploader's alone; then it is read by whoever may read that record. Files
 * are only ever handed out as attachments that no browser runs. */
#include "desk/files.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/sniff.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES (UINT64_C(50) << 20)
#define LOOSE_MAX_BYTES (INT64_C(200) << 20) /* of one person, in no record */
#define HEAD_BYTES 512
#define NAME_MAX_BYTES 200
#define TOKEN_BYTES 16
#define LOOSE_MS INT64_C(86400000)
#define SWEPT_AT_ONCE 100

void files_admit(struct http_req *http)
{
	if (http->method != HTTP_POST || !str_eqz(http->path, "/api/v1/files"))
		return;
	http->body_max = FILE_MAX_BYTES;
	http->body_memory_max = 64 * 1024;
}

/* data/files/ab/abcd…: freed by the caller. */
static char *path_of(const struct desk *desk, const char *token)
{
	return mem_printf("%s/files/%.2s/%s", desk->options->data_dir, token, token);
}

struct upload {
	struct request *r;
	char name[NAME_MAX_BYTES + 1], token[2 * TOKEN_BYTES + 1];
	const char *type;
	int64_t bytes, id;
};

/* The last part of the name alone, without what would break a header or a folder. */
static int take_name(struct upload *u)
{
	const char *given = request_param(u->r, "name");
	const char *slash = given ? strrchr(given, '/') : NULL;
	const char *name = slash ? slash + 1 : given;
	if (!name || !*name)
		return faults_add(&u->r->faults, "required", "name", "is required (in the query)");
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == '\\')
			return faults_add(&u->r->faults, "format_control", "name", "has control characters");
	if (str_copy(str_from(name), u->name, sizeof(u->name)))
		return faults_add(
			&u->r->faults, "too_long", "name", "may have at most %d bytes", NAME_MAX_BYTES);
	return 0;
}

/* What is to be written next: from a file as long as there is one, then from memory. */
struct source {
	int fd;
	uint64_t left;
	struct str rest;
};

static ssize_t copy_some(struct source *from, int to)
{
	ssize_t n = from->left ? sendfile(to, from->fd, NULL, (size_t)from->left)
			       : write(to, from->rest.p, from->rest.n);
	if (n > 0 && from->left)
		from->left -= (uint64_t)n;
	else if (n > 0)
		from->rest = str_sub(from->rest, (size_t)n, from->rest.n);
	return n;
}

static int copy_body(const struct http_req *http, int to)
{
	struct source from = { http->body_fd, http->body_fd >= 0 ? http->body_size : 0, http->body };
	while (from.rest.n || from.left) {
		ssize_t n = copy_some(&from, to);
		if (n == 0)
			return -E_IO;
		if (n < 0 && errno != EINTR)
			return err_from_errno(errno);
	}
	return fsync(to) ? err_from_errno(errno) : 0;
}

static int look_at(const struct http_req *http, struct upload *u)
{
	char head[HEAD_BYTES];
	struct str bytes = str_sub(http->body, 0, HEAD_BYTES);
	if (http->body_fd >= 0) {
		ssize_t n = pread(http->body_fd, head, sizeof(head), 0);
		if (n < 0)
			return err_from_errno(errno);
		bytes = (struct str){ head, (size_t)n };
	}
	u->type = sniff_type(bytes);
	return 0;
}

static int write_file(struct upload *u)
{
	unsigned char random[TOKEN_BYTES];
	randombytes_buf(random, sizeof(random));
	str_hex(random, sizeof(random), u->token);
	CLEANUP(mem_freep) char *path = path_of(u->r->desk, u->token);
	CLEANUP(mem_freep) char *all = mem_printf("%s/files", u->r->desk->options->data_dir);
	CLEANUP(mem_freep) char *folder = mem_printf("%s/%.2s", all, u->token);
	if ((mkdir(all, 0700) && errno != EEXIST) || (mkdir(folder, 0700) && errno != EEXIST))
		return err_from_errno(errno);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_from_errno(errno);
	int err = copy_body(u->r->http, fd);
	close(fd);
	if (err)
		unlink(path);
	return err;
}

static int insert(struct db *db, void *arg)
{
	struct upload *u = arg;
	const struct change c = request_change(u->r, db);
	int64_t loose = 0;
	int err = db_one_int(db,
		"SELECT coalesce(sum(bytes), 0) FROM file WHERE uploader = $1 AND released IS NOT NULL",
		ARGS(V_INT(c.actor->user)), &loose);
	if (err)
		return err;
	if (loose + u->bytes > LOOSE_MAX_BYTES)
		return request_refuse(u->r, 409, "too_many_files", "too many files that no record has yet");
	u->id = id_next(c.ids, c.now_ms);
	return db_run(db,
		"INSERT INTO file (id, version, created, updated, token, name, type, bytes, uploader, "
		"released)"
		" VALUES ($1, 1, $2, $2, $3, $4, $5, $6, $7, $2)",
		ARGS(V_INT(u->id), V_INT(c.now_ms), V_Z(u->token), V_Z(u->name), V_Z(u->type),
			V_INT(u->bytes), V_INT(c.actor->user)));
}

int file_create(struct request *r)
{
	struct upload u = { .r = r, .bytes = (int64_t)r->http->body_size };
	int err = take_name(&u);
	if (!err && u.bytes == 0)
		err = faults_add(&r->faults, "required", "", "the file is empty");
	if (!err)
		err = look_at(r->http, &u);
	if (!err)
		err = write_file(&u);
	if (err)
		return err;
	err = request_write(r, insert, &u);
	if (err) {
		CLEANUP(mem_freep) char *path = path_of(r->desk, u.token);
		unlink(path);
		return err;
	}
	http_set(r->http, "Location", "/api/v1/files/%" PRId64, u.id);
	return reply_json(r, 201,
		json_pack("{s:o, s:s, s:s, s:I}", "id", json_sprintf("%" PRId64, u.id), "name", u.name,
			"type", u.type, "bytes", (json_int_t)u.bytes));
}

struct stored {
	char token[2 * TOKEN_BYTES + 1], name[NAME_MAX_BYTES + 1], type[80], holder[64];
	int64_t record, uploader, bytes;
};

static int find(struct request *r, struct stored *f)
{
	struct rows *rows;
	*f = (struct stored){ 0 };
	int err = db_query(r->db,
		"SELECT token, name, type, holder, record, uploader, bytes FROM file WHERE id = $1",
		ARGS(V_INT(request_id(r, 1))), &rows);
	if (err)
		return err;
	bool found = rows_next(rows) && !str_copy(rows_str(rows, 0), f->token, sizeof(f->token)) &&
		!str_copy(rows_str(rows, 1), f->name, sizeof(f->name)) &&
		!str_copy(rows_str(rows, 2), f->type, sizeof(f->type)) &&
		!str_copy(rows_str(rows, 3), f->holder, sizeof(f->holder));
	if (found) {
		f->record = rows_int(rows, 4);
		f->uploader = rows_int(rows, 5);
		f->bytes = rows_int(rows, 6);
	}
	err = rows_end(rows);
	return err ? err : found ? 0 : -E_NOT_FOUND;
}

/* Who may read the record may read its file; one that no record has is its uploader's. */
static int may_read(struct request *r, const struct stored *f)
{
	const struct resource *res = catalogue_of_name(r->actor.catalogue, f->holder);
	json_t *record = NULL;
	if (!*f->holder)
		return f->uploader == r->actor.user ? 0 : -E_NOT_FOUND;
	if (!res || !may(&r->actor, res, VERB_READ))
		return -E_NOT_FOUND;
	int err = model_get(r->db, res, &r->actor, f->record, &record);
	json_decref(record);
	return err;
}

/* RFC 6266: ASCII for old programs, the name as it is for all others. */
static void set_disposition(struct request *r, const char *name)
{
	char ascii[NAME_MAX_BYTES + 1];
	struct buf coded;
	size_t n = 0;
	buf_init(&coded, 4096);
	for (const char *p = name; *p; p++) {
		unsigned char c = (unsigned char)*p;
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			c == '.' || c == '-' || c == '_';
		ascii[n++] = plain ? *p : '_';
		buf_printf(&coded, plain ? "%c" : "%%%02X", c);
	}
	ascii[n] = '\0';
	http_set(r->http, "Content-Disposition", "attachment; filename=\"%s\"; filename*=UTF-8''%s", ascii,
		coded.p ? coded.p : "");
	buf_done(&coded);
}

int file_read(struct request *r)
{
	struct stored f;
	int err = find(r, &f);
	if (!err)
		err = may_read(r, &f);
	if (err)
		return err;
	CLEANUP(mem_freep) char *path = path_of(r->desk, f.token);
	CLEANUP(mem_freep) char *etag = mem_printf("\"%s\"", f.token);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return request_refuse(r, 404, "no_file", "the bytes of this file are not here");
	set_disposition(r, f.name);
	http_set(r->http, "Content-Security-Policy", "default-src 'none'; sandbox");
	http_set(r->http, "Cross-Origin-Resource-Policy", "same-origin");
	http_reply_content(r->http,
		&(struct http_content){ .type = f.type,
			.etag = etag,
			.cache = "private, no-cache",
			.fd = fd,
			.size = (uint64_t)f.bytes });
	return 0;
}

/* Takes the rows first: from then on no record can take the file. */
static int take_loose(struct db *db, void *arg)
{
	json_t *tokens = arg;
	struct rows *rows;
	int64_t before = clock_wall_ms() - LOOSE_MS;
	int err = db_query(db, "SELECT token FROM file WHERE released < $1 ORDER BY released LIMIT $2",
		ARGS(V_INT(before), V_INT(SWEPT_AT_ONCE)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		struct str token = rows_str(rows, 0);
		json_array_append_new(tokens, json_stringn(token.p, token.n));
	}
	err = rows_end(rows);
	for (size_t i = 0; i < json_array_size(tokens) && !err; i++)
		err = db_run(db, "DELETE FROM file WHERE token = $1",
			ARGS(V_Z(json_string_value(json_array_get(tokens, i)))));
	return err;
}

void files_sweep(struct desk *desk)
{
	json_t *tokens = json_array(), *token;
	size_t i;
	int err = store_write(desk->store, STORE_BATCH, take_loose, tokens);
	json_array_foreach (tokens, i, token) {
		CLEANUP(mem_freep) char *path = path_of(desk, json_string_value(token));
		if (!err && unlink(path) && errno != ENOENT)
			log_(LOG_DESK, LOG_WARN, "a file stays behind path=%s errno=%d",
				LOG_Q(str_from(path)), errno);
	}
	if (err)
		log_(LOG_DESK, LOG_WARN, "files were not swept err=%s", err_name(err));
	else if (json_array_size(tokens))
		log_(LOG_DESK, LOG_INFO, "files swept n=%zu", json_array_size(tokens));
	json_decref(tokens);
}
