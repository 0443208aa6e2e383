/* The worker makes and reads files; what it found is handed over on the loop. Two processes look after one
 * folder: whoever comes first renews, the other sees that the file is a new one. A failure keeps the
 * certificate that serves, says so, and is tried again. */
#include "net/certificate.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/authority.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVERY_US (3600 * CLOCK_S_US)
#define AGAIN_US (60 * CLOCK_S_US) /* after a failure */
#define CA_MAX_BYTES 16384

/* Tells one version of a file from another. */
struct version {
	ino_t ino;
	struct timespec changed;
};

struct certificate {
	struct loop *loop;
	char *cert_path, *key_path, *dir; /* dir: NULL with given files */
	char *addrs[2];
	struct tls *tls;
	struct str ca; /* the loop's */
	struct timer timer;
	int64_t every_us;
	void (*looked)(void *arg, int err, const struct fault *fault);
	void *arg;
	uv_work_t work;
	bool busy;
	/* The worker's while it is busy. */
	struct version seen[2];
	struct str ca_read;
	bool reloaded;
	int err;
	struct fault fault;
};

static struct version version_of(const char *path)
{
	struct stat st;
	if (stat(path, &st))
		return (struct version){ .ino = 0 };
	return (struct version){ .ino = st.st_ino, .changed = st.st_mtim };
}

static bool same(const struct version *a, const struct version *b)
{
	return a->ino == b->ino && a->changed.tv_sec == b->changed.tv_sec &&
		a->changed.tv_nsec == b->changed.tv_nsec;
}

static int ensure(struct certificate *c)
{
	bool renewed = false;
	const struct authority_opts opts = {
		.dir = c->dir,
		.addrs = (const char *const *)c->addrs,
		.n_addrs = ARRAY_LEN(c->addrs),
		.now_ms = clock_wall_ms(),
	};
	return c->dir ? authority_ensure(&opts, &renewed, &c->fault) : 0;
}

static int read_ca(struct certificate *c)
{
	if (!c->dir)
		return 0;
	CLEANUP(mem_freep) char *path = mem_printf("%s/" AUTHORITY_CERT, c->dir);
	char *bytes = mem_alloc(CA_MAX_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, CA_MAX_BYTES);
	int err = n < 0 ? err_from_errno(errno) : 0;
	if (fd >= 0)
		close(fd);
	if (err)
		free(bytes);
	else
		c->ca_read = (struct str){ bytes, (size_t)n };
	return err;
}

static int load(struct certificate *c)
{
	struct version now[2] = { version_of(c->cert_path), version_of(c->key_path) };
	if (c->tls && same(&now[0], &c->seen[0]) && same(&now[1], &c->seen[1]))
		return 0;
	int err = c->tls ? tls_reload(c->tls, &c->fault)
			 : tls_server_new(c->cert_path, c->key_path, &c->tls, &c->fault);
	if (!err)
		err = read_ca(c);
	if (err)
		return err;
	c->reloaded = true;
	memcpy(c->seen, now, sizeof(now));
	return 0;
}

static void look(uv_work_t *work)
{
	struct certificate *c = work->data;
	c->fault = (struct fault){ .text = "" };
	c->reloaded = false;
	c->err = ensure(c);
	if (!c->err)
		c->err = load(c);
}

static void take_ca(struct certificate *c)
{
	if (!c->ca_read.p)
		return;
	free((char *)c->ca.p);
	c->ca = c->ca_read;
	c->ca_read = STR_NONE;
}

static void look_later(struct certificate *c)
{
	bool soon = c->err && c->every_us > AGAIN_US;
	timer_start_in(loop_timers(c->loop), &c->timer, soon ? AGAIN_US : c->every_us);
}

static void looked(uv_work_t *work, int status)
{
	struct certificate *c = work->data;
	(void)status;
	c->busy = false;
	take_ca(c);
	if (c->reloaded)
		log_(LOG_NET, LOG_DEBUG, "certificate read again path=%s", c->cert_path);
	if (c->looked)
		c->looked(c->arg, c->err, &c->fault);
	look_later(c);
}

static void on_timer(void *arg)
{
	struct certificate *c = arg;
	c->busy = uv_queue_work(loop_uv(c->loop), &c->work, look, looked) == 0;
	if (!c->busy)
		look_later(c);
}

int certificate_open(
	const struct certificate_opts *opts, struct certificate **ret_certificate, struct fault *reterr_)
{
	struct certificate *c = mem_alloc(sizeof(*c));
	c->loop = opts->loop;
	c->every_us = opts->every_us ? opts->every_us : EVERY_US;
	c->looked = opts->looked;
	c->arg = opts->arg;
	c->work.data = c;
	timer_init(&c->timer, on_timer, c);
	for (size_t i = 0; i < ARRAY_LEN(c->addrs); i++)
		c->addrs[i] = mem_strdup(opts->addrs[i]);
	c->dir = opts->cert_path ? NULL : mem_strdup(opts->dir);
	c->cert_path = c->dir ? mem_printf("%s/" AUTHORITY_SERVER, c->dir) : mem_strdup(opts->cert_path);
	c->key_path = mem_strdup(c->dir ? c->cert_path : opts->key_path);
	look(&c->work);
	int err = c->err;
	if (err) {
		*reterr_ = c->fault;
		certificate_close(c);
		return err;
	}
	take_ca(c);
	look_later(c);
	*ret_certificate = c;
	return 0;
}

void *certificate_close(struct certificate *c)
{
	if (!c)
		return NULL;
	while (c->busy)
		loop_run_once(c->loop);
	timer_stop(loop_timers(c->loop), &c->timer);
	tls_free(c->tls);
	free((char *)c->ca.p);
	free((char *)c->ca_read.p);
	for (size_t i = 0; i < ARRAY_LEN(c->addrs); i++)
		free(c->addrs[i]);
	free(c->cert_path);
	free(c->key_path);
	free(c->dir);
	free(c);
	return NULL;
}

struct tls *certificate_tls(const struct certificate *c)
{
	return c->tls;
}

struct str certificate_authority(const struct certificate *c)
{
	return c->ca;
}
