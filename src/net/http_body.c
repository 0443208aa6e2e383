/* Bodies of requests: in memory up to the route's limit, beyond it in a file without a name. */
#include "net/http_int.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BODY_MEMORY_HARD_BYTES ((size_t)64 * 1024 * 1024)
#define LINES_MAX_BYTES ((size_t)16 * 1024)

struct request *http_request_new(struct loop *loop)
{
	struct request *r = mem_alloc(sizeof(*r));
	r->loop = loop;
	pthread_mutex_init(&r->flow.lock, NULL);
	pthread_cond_init(&r->flow.less, NULL);
	r->pub.body_fd = r->file = -1;
	buf_init(&r->body, BODY_MEMORY_HARD_BYTES);
	buf_init(&r->pub.out, BODY_MEMORY_HARD_BYTES);
	buf_init(&r->lines, LINES_MAX_BYTES);
	return r;
}

void http_request_free(struct request *r)
{
	if (r->pub.body_fd >= 0)
		close(r->pub.body_fd);
	if (r->file >= 0)
		close(r->file);
	pthread_cond_destroy(&r->flow.less);
	pthread_mutex_destroy(&r->flow.lock);
	buf_done(&r->body);
	buf_done(&r->pub.out);
	buf_done(&r->lines);
	free(r->headers);
	free(r->head);
	free(r);
}

static int temp_open(const char *dir)
{
	char path[4096];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	snprintf(path, sizeof(path), "%s/body-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int write_all(int fd, struct str part)
{
	while (part.n) {
		ssize_t n = write(fd, part.p, part.n);
		if (n < 0 && errno != EINTR)
			return errno == ENOSPC || errno == EDQUOT ? 507 : 500;
		if (n > 0)
			part = str_sub(part, (size_t)n, part.n);
	}
	return 0;
}

static int move_to_file(struct request *r, const char *temp_dir)
{
	r->pub.body_fd = temp_open(temp_dir);
	if (r->pub.body_fd < 0)
		return 500;
	int status = write_all(r->pub.body_fd, buf_str(&r->body));
	buf_done(&r->body);
	return status;
}

int http_body_add(struct request *r, struct str part, const char *temp_dir)
{
	uint64_t total = r->pub.body_size + part.n;
	if (total > r->pub.body_max)
		return 413;
	uint64_t expected = r->length > total ? r->length : total;
	if (r->pub.body_fd < 0 && expected > r->pub.body_memory_max) {
		int status = move_to_file(r, temp_dir);
		if (status)
			return status;
	}
	r->pub.body_size = total;
	if (r->pub.body_fd >= 0)
		return write_all(r->pub.body_fd, part);
	buf_adds(&r->body, part);
	return buf_err(&r->body) ? 413 : 0;
}

int http_body_end(struct request *r)
{
	r->pub.body = buf_str(&r->body);
	return r->pub.body_fd >= 0 && lseek(r->pub.body_fd, 0, SEEK_SET) < 0 ? 500 : 0;
}
