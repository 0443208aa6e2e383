/* Two files: the texts, and where each begins. Both are written through a buffer and then mapped, so the
 * pages that are used stand in the system's cache and count as nobody's memory. */
#include "sheet/spill.h"

#include "base/buf.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)256 * 1024)

struct pile {
	int fd;
	struct buf out;
	uint64_t size;
	const char *map;
};

struct spill {
	struct pile texts, begins;
	uint64_t n;
};

static int pile_open(struct pile *p, const char *dir)
{
	char path[4096];
	buf_init(&p->out, BUFFER_BYTES);
	snprintf(path, sizeof(path), "%s/sheet-XXXXXX", dir ? dir : "/tmp");
	p->fd = mkostemp(path, O_CLOEXEC);
	if (p->fd < 0)
		return err_from_errno(errno);
	unlink(path);
	return 0;
}

static int pile_write(struct pile *p, struct str part)
{
	while (part.n) {
		ssize_t n = write(p->fd, part.p, part.n);
		if (n < 0 && errno != EINTR)
			return err_from_errno(errno);
		if (n > 0)
			part = str_sub(part, (size_t)n, part.n);
	}
	return 0;
}

static int pile_flush(struct pile *p)
{
	int err = pile_write(p, buf_str(&p->out));
	buf_reset(&p->out);
	return err;
}

static int pile_add(struct pile *p, const void *bytes, size_t n)
{
	int err = p->out.n + n > BUFFER_BYTES ? pile_flush(p) : 0;
	p->size += n;
	if (!err && n > BUFFER_BYTES)
		return pile_write(p, (struct str){ bytes, n });
	buf_add(&p->out, bytes, n);
	return err;
}

static int pile_map(struct pile *p)
{
	int err = pile_flush(p);
	if (err || p->size == 0)
		return err;
	void *map = mmap(NULL, p->size, PROT_READ, MAP_PRIVATE, p->fd, 0);
	if (map == MAP_FAILED)
		return err_from_errno(errno);
	p->map = map;
	return 0;
}

static void pile_close(struct pile *p)
{
	if (p->map)
		munmap((void *)p->map, p->size);
	if (p->fd >= 0)
		close(p->fd);
	buf_done(&p->out);
}

int spill_new(const char *dir, struct spill **ret_spill)
{
	struct spill *s = mem_alloc(sizeof(*s));
	s->begins.fd = -1;
	int err = pile_open(&s->texts, dir);
	if (!err)
		err = pile_open(&s->begins, dir);
	if (err)
		s = spill_free(s);
	*ret_spill = s;
	return err;
}

int spill_add(struct spill *s, struct str text)
{
	uint64_t begin = s->texts.size;
	int err = pile_add(&s->begins, &begin, sizeof(begin));
	s->n++;
	return err ? err : pile_add(&s->texts, text.p, text.n);
}

int spill_done(struct spill *s)
{
	int err = pile_map(&s->texts);
	return err ? err : pile_map(&s->begins);
}

static uint64_t begin_of(const struct spill *s, uint64_t n)
{
	uint64_t begin;
	if (n == s->n)
		return s->texts.size;
	memcpy(&begin, s->begins.map + n * sizeof(begin), sizeof(begin));
	return begin;
}

bool spill_get(const struct spill *s, uint64_t n, struct str *ret_text)
{
	if (n >= s->n)
		return false;
	uint64_t begin = begin_of(s, n), end = begin_of(s, n + 1);
	*ret_text = (struct str){ end > begin ? s->texts.map + begin : "", end - begin };
	return true;
}

void *spill_free(struct spill *s)
{
	if (!s)
		return NULL;
	pile_close(&s->texts);
	pile_close(&s->begins);
	free(s);
	return NULL;
}
