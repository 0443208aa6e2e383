/* Connecting and listening. A listener that has its fill leaves the next connection unaccepted, which makes
 * libuv stop looking; the kernel's backlog holds the others. */
#include "net/stream_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4096
#define ACCEPT_BUDGET_US 400
#define ACCEPT_LATER_US CLOCK_MS_US

struct listener {
	struct obj obj; /* references: the owner's, libuv's, and one of each stream */
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	struct loop *loop;
	struct stream_opts opts;
	listener_fn fn;
	void *arg;
	struct addr local;
	char *path; /* Unix socket to be removed */
	size_t n_streams;
	struct table hosts; /* struct host, while one has streams and host_max is set */
	uint64_t refused;
	struct timer later; /* the next one waits for the loop to have looked at its sockets */
	bool full, closing, refusing;
};

/* How many streams one address has. */
struct host {
	struct table_node node;
	size_t n;
};

static void destroy(void *self)
{
	struct listener *l = self;
	table_done(&l->hosts);
	free(l->path);
}

static const struct obj_type listener_type = { "listener", sizeof(struct listener), destroy };

static void connected(uv_connect_t *req, int status)
{
	struct stream *s = CONTAINER_OF(req, struct stream, req.connect);
	if (s->phase == STREAM_ENDED)
		return;
	loop_now_us(s->loop);
	obj_ref(s);
	if (status < 0) {
		stream_abort(s, status == UV_ENOENT ? -E_UNREACHABLE : loop_err(status));
	} else {
		stream_learn_addrs(s);
		stream_begin(s);
	}
	obj_unref(s);
}

static int connect_with(struct loop *loop, bool is_unix, const struct stream_opts *opts,
	const struct stream_handlers *handlers, void *arg, struct stream **ret_stream)
{
	int e = stream_new(loop, is_unix, opts, ret_stream);
	if (!e)
		stream_set_handlers(*ret_stream, handlers, arg);
	return e;
}

int stream_connect(struct loop *loop, const struct addr *to, const struct stream_opts *opts,
	const struct stream_handlers *handlers, void *arg, struct stream **ret_stream)
{
	struct stream *s;
	int e = connect_with(loop, false, opts, handlers, arg, &s);
	if (e)
		return e;
	e = uv_tcp_connect(&s->req.connect, &s->uv.tcp, &to->sa, connected);
	if (e) {
		stream_drop(s);
		return loop_err(e);
	}
	s->peer = *to;
	*ret_stream = s;
	return 0;
}

int stream_connect_unix(struct loop *loop, const char *path, const struct stream_opts *opts,
	const struct stream_handlers *handlers, void *arg, struct stream **ret_stream)
{
	if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return -E_LIMIT;
	int e = connect_with(loop, true, opts, handlers, arg, ret_stream);
	if (!e)
		uv_pipe_connect(&(*ret_stream)->req.connect, &(*ret_stream)->uv.pipe, path, connected);
	return e;
}

static struct table_key host_key(const struct listener *l, const struct addr *peer)
{
	struct str site = addr_site(peer);
	return table_key(&l->hosts, &site, 1);
}

/* False when the peer's address has its fill. */
static bool count_host(struct listener *l, struct stream *s)
{
	if (!l->opts.host_max || l->path)
		return true;
	struct table_key key = host_key(l, &s->peer);
	struct table_node *node = table_find(&l->hosts, &key);
	struct host *host = node ? CONTAINER_OF(node, struct host, node) : NULL;
	if (host && host->n >= l->opts.host_max) {
		l->refused++;
		return false;
	}
	if (!host) {
		host = mem_alloc(sizeof(*host));
		table_add(&l->hosts, &host->node, &key);
	}
	host->n++;
	s->host = host;
	return true;
}

static void uncount_host(struct listener *l, struct stream *s)
{
	if (s->host && !--s->host->n) {
		table_remove(&l->hosts, &s->host->node);
		free(s->host);
	}
	s->host = NULL;
}

/* Where no TLS session can be had the connection is taken all the same, and dropped: libuv would wait for it
 * for ever. */
static void accept_one(struct listener *l)
{
	struct stream *s;
	bool is_unix = l->path != NULL;
	int e = stream_new(l->loop, is_unix, &l->opts, &s);
	if (e && stream_new(l->loop, is_unix, NULL, &s))
		return;
	if (uv_accept(&l->uv.stream, &s->uv.stream) || e) {
		stream_drop(s);
		return;
	}
	stream_learn_addrs(s);
	if (!count_host(l, s)) {
		stream_drop(s);
		return;
	}
	s->listener = obj_ref(l);
	l->n_streams++;
	l->refusing = false;
	obj_ref(s);
	l->fn(l->arg, s);
	if (s->phase == STREAM_OPENING)
		stream_begin(s);
	obj_unref(s);
}

static void accept_next(void *arg)
{
	struct listener *l = arg;
	if (l->n_streams < l->opts.streams_max) {
		accept_one(l);
		return;
	}
	if (!l->full)
		log_(LOG_NET, LOG_DEBUG, "listener full streams=%zu", l->n_streams);
	l->full = true;
}

/* libuv hands out the whole backlog in one turn, unless one is not taken. */
static void connection_came(uv_stream_t *handle, int status)
{
	struct listener *l = CONTAINER_OF(handle, struct listener, uv.stream);
	loop_now_us(l->loop);
	if (status < 0) {
		if (!l->refusing)
			log_(LOG_NET, LOG_DEBUG, "connections dropped reason=%s", uv_strerror(status));
		l->refusing = true;
		return;
	}
	if (loop_busy_us(l->loop) > ACCEPT_BUDGET_US)
		timer_start(loop_timers(l->loop), &l->later, clock_mono_us() + ACCEPT_LATER_US);
	else
		accept_next(l);
}

void listener_stream_ended(struct stream *s)
{
	struct listener *l = TAKE(s->listener);
	l->n_streams--;
	uncount_host(l, s);
	if (l->full && !l->closing) {
		l->full = false;
		accept_one(l);
	}
	obj_unref(l);
}

static void listener_closed(uv_handle_t *handle)
{
	obj_unref(CONTAINER_OF(handle, struct listener, uv.handle));
}

void *listener_close(struct listener *l)
{
	if (!l)
		return NULL;
	l->closing = true;
	timer_stop(loop_timers(l->loop), &l->later);
	if (l->path)
		unlink(l->path);
	uv_close(&l->uv.handle, listener_closed);
	return obj_unref(l);
}

static size_t default_streams_max(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return 65536;
	return (size_t)limit.rlim_cur * 3 / 4;
}

static struct listener *listener_new(
	struct loop *loop, const struct stream_opts *opts, listener_fn fn, void *arg)
{
	struct listener *l = obj_new(&listener_type);
	table_init(&l->hosts);
	timer_init(&l->later, accept_next, l);
	l->loop = loop;
	l->fn = fn;
	l->arg = arg;
	if (opts)
		l->opts = *opts;
	if (!l->opts.streams_max)
		l->opts.streams_max = default_streams_max();
	return l;
}

static int listen_or_close(struct listener *l, int e, struct listener **ret_listener)
{
	if (!e)
		e = uv_listen(&l->uv.stream, BACKLOG, connection_came);
	obj_ref(l); /* libuv's */
	if (e) {
		listener_close(l);
		return e == UV_EADDRNOTAVAIL ? -E_UNREACHABLE : loop_err(e);
	}
	*ret_listener = l;
	return 0;
}

int listener_open(struct loop *loop, const struct addr *local, const struct stream_opts *opts, listener_fn fn,
	void *arg, struct listener **ret_listener)
{
	struct sockaddr_storage name;
	int len = sizeof(name);
	struct listener *l = listener_new(loop, opts, fn, arg);
	int e = uv_tcp_init(loop_uv(loop), &l->uv.tcp);
	if (e) {
		obj_unref(l);
		return loop_err(e);
	}
	e = uv_tcp_bind(&l->uv.tcp, &local->sa, addr_is_v6(local) ? UV_TCP_IPV6ONLY : 0);
	e = listen_or_close(l, e, ret_listener);
	if (!e && !uv_tcp_getsockname(&l->uv.tcp, (struct sockaddr *)&name, &len))
		addr_from_sockaddr((struct sockaddr *)&name, &l->local);
	return e;
}

static void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* A socket file outlives its process; whether somebody is behind it only connecting tells. */
static int clear_path(const struct sockaddr_un *name)
{
	CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;
	if (fd < 0)
		return err_from_errno(errno);
	if (lstat(name->sun_path, &st))
		return errno == ENOENT ? 0 : err_from_errno(errno);
	if (!S_ISSOCK(st.st_mode))
		return -E_EXISTS;
	if (!connect(fd, (const struct sockaddr *)name, sizeof(*name)) || errno == EAGAIN)
		return -E_EXISTS;
	if (errno != ECONNREFUSED)
		return err_from_errno(errno);
	return unlink(name->sun_path) && errno != ENOENT ? err_from_errno(errno) : 0;
}

/* The mode is set on the socket before it has a name, so there is no moment when others could connect. */
static int bind_unix(const char *path, int *ret_fd)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int e = str_copy(str_from(path), name.sun_path, sizeof(name.sun_path));
	if (!e)
		e = clear_path(&name);
	if (e)
		return e;
	CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || fchmod(fd, 0600) || bind(fd, (struct sockaddr *)&name, sizeof(name)))
		return err_from_errno(errno);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

int listener_open_unix(struct loop *loop, const char *path, const struct stream_opts *opts, listener_fn fn,
	void *arg, struct listener **ret_listener)
{
	int fd = -1;
	int e = bind_unix(path, &fd);
	if (e)
		return e;
	struct listener *l = listener_new(loop, opts, fn, arg);
	l->path = mem_strdup(path);
	uv_pipe_init(loop_uv(loop), &l->uv.pipe, 0);
	e = uv_pipe_open(&l->uv.pipe, fd);
	if (e)
		close(fd);
	return listen_or_close(l, e, ret_listener);
}

const struct addr *listener_local(const struct listener *l)
{
	return &l->local;
}

size_t listener_streams(const struct listener *l)
{
	return l->n_streams;
}

uint64_t listener_refused(const struct listener *l)
{
	return l->refused;
}
