/* Life, reading and writing of a stream. The loop holds a reference from the start until libuv has closed the
 * handle, which is also where `closed` is called, so it can never come from inside a call of the owner.
 * Closing lingers: after our last byte we read on and drop what comes, because closing a socket with unread
 * bytes makes the kernel send a reset that can overtake our answer. */
#include "net/stream_int.h"

#include "base/clock.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LINGER_US (2 * CLOCK_S_US)
#define LINGER_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define PROGRESS_MIN_BYTES 4096 /* within stuck_ms: a peer that takes less is slow on purpose */

static size_t drop_data(void *arg, struct str bytes)
{
	(void)arg;
	return bytes.n;
}

static void drop_closed(void *arg, int err)
{
	(void)arg;
	(void)err;
}

static const struct stream_handlers nobody = { .data = drop_data, .closed = drop_closed };

static void destroy(void *self)
{
	struct stream *s = self;
	buf_done(&s->in);
	buf_done(&s->early);
	buf_done(&s->out);
	buf_done(&s->flight);
	buf_done(&s->cipher_kept);
	stream_tls_done(s);
}

static const struct obj_type stream_type = { "stream", sizeof(struct stream), destroy };

static void handle_closed(uv_handle_t *handle)
{
	struct stream *s = CONTAINER_OF(handle, struct stream, uv.handle);
	const struct stream_handlers *handlers = s->handlers;
	s->handlers = &nobody;
	loop_now_us(s->loop);
	if (s->listener)
		listener_stream_ended(s);
	handlers->closed(s->arg, s->err);
	obj_unref(s);
}

static void end(struct stream *s, int err)
{
	if (s->phase == STREAM_ENDED)
		return;
	if (!s->err)
		s->err = err;
	s->phase = STREAM_ENDED;
	timer_stop(loop_timers(s->loop), &s->timer);
	timer_stop(loop_timers(s->loop), &s->shake);
	uv_close(&s->uv.handle, handle_closed);
}

void stream_abort(struct stream *s, int err)
{
	end(s, err);
}

static int64_t deadline(const struct stream *s)
{
	int64_t at = INT64_MAX;
	if (s->phase == STREAM_OPENING)
		at = s->opened_us + s->opts.open_ms * CLOCK_MS_US;
	else if (s->opts.idle_ms && s->phase == STREAM_OPEN)
		at = s->moved_us + s->opts.idle_ms * CLOCK_MS_US;
	if (s->lingering)
		at = s->moved_us + LINGER_US;
	int64_t stuck = s->progress_us + s->opts.stuck_ms * CLOCK_MS_US;
	if ((s->flight.n || s->out.n) && stuck < at)
		at = stuck;
	return at;
}

/* Only ever moves the timer forward in time when it fires: moving it at every byte would cost a heap
 * operation for nothing. */
static void watch(struct stream *s)
{
	int64_t at = deadline(s);
	if (s->phase != STREAM_ENDED && at != INT64_MAX && (!s->timer.slot || s->timer.at_us > at))
		timer_start(loop_timers(s->loop), &s->timer, at);
}

static void time_passed(void *arg)
{
	struct stream *s = arg;
	size_t left = s->flight.n ? uv_stream_get_write_queue_size(&s->uv.stream) : 0;
	int64_t now = loop_timers(s->loop)->now_us;
	if (s->flight.n && left + PROGRESS_MIN_BYTES <= s->progress_left) {
		s->progress_left = left;
		s->progress_us = s->moved_us = now;
	}
	if (deadline(s) <= now)
		end(s, s->lingering ? 0 : -E_TIMEOUT);
	else
		watch(s);
}

static size_t positive_or(size_t value, size_t def)
{
	return value ? value : def;
}

int stream_new(struct loop *loop, bool is_unix, const struct stream_opts *opts, struct stream **ret_stream)
{
	struct stream *s = obj_new(&stream_type);
	s->loop = loop;
	s->handlers = &nobody;
	if (opts)
		s->opts = *opts;
	s->opts.in_max = positive_or(s->opts.in_max, 64 * 1024);
	s->opts.out_max = positive_or(s->opts.out_max, 1024 * 1024);
	s->opts.stuck_ms = s->opts.stuck_ms ? s->opts.stuck_ms : 30000;
	s->opts.open_ms = s->opts.open_ms ? s->opts.open_ms : 10000;
	buf_init(&s->in, s->opts.in_max + LOOP_SCRATCH_BYTES);
	buf_init(&s->early, s->opts.out_max);
	buf_init(&s->out, SIZE_MAX / 4);
	buf_init(&s->flight, SIZE_MAX / 4);
	buf_init(&s->cipher_kept, SIZE_MAX / 4);
	timer_init(&s->timer, time_passed, s);
	s->opened_us = s->moved_us = loop_now_us(loop);
	int e = s->opts.tls ? stream_tls_start(s) : 0;
	if (!e)
		e = loop_err(is_unix ? uv_pipe_init(loop_uv(loop), &s->uv.pipe, 0)
				     : uv_tcp_init(loop_uv(loop), &s->uv.tcp));
	if (e) {
		obj_unref(s);
		return e;
	}
	obj_ref(s); /* the loop's */
	watch(s);
	*ret_stream = s;
	return 0;
}

/* Reading */

bool stream_wants_bytes(const struct stream *s)
{
	return s->phase == STREAM_OPEN && !s->paused;
}

static struct str hand_out(struct stream *s, struct str bytes)
{
	s->delivering = true;
	do {
		s->again = false;
		size_t n = s->handlers->data(s->arg, bytes);
		assert(n <= bytes.n);
		bytes = str_sub(bytes, n, bytes.n);
	} while (bytes.n && s->again && stream_wants_bytes(s));
	s->delivering = false;
	return bytes;
}

static void keep_rest(struct stream *s, struct str fresh, struct str rest)
{
	if (s->phase != STREAM_OPEN)
		return;
	if (s->in.n)
		buf_consume(&s->in, s->in.n - rest.n);
	else if (fresh.n)
		buf_adds(&s->in, rest);
	if (buf_err(&s->in) || s->in.n > s->opts.in_max)
		end(s, -E_LIMIT);
	if (!s->in.n)
		buf_done(&s->in);
}

void stream_deliver(struct stream *s, struct str bytes)
{
	if (s->in.n) {
		buf_adds(&s->in, bytes);
		if (buf_err(&s->in)) {
			end(s, -E_LIMIT);
			return;
		}
	}
	if (!stream_wants_bytes(s)) {
		keep_rest(s, bytes, s->in.n ? buf_str(&s->in) : bytes);
		return;
	}
	obj_ref(s);
	keep_rest(s, bytes, hand_out(s, s->in.n ? buf_str(&s->in) : bytes));
	obj_unref(s);
}

static void stop_reading(struct stream *s)
{
	if (s->reading)
		uv_read_stop(&s->uv.stream);
	s->reading = false;
}

void stream_peer_ended(struct stream *s, int err)
{
	if (s->ended)
		return;
	s->ended = true;
	stop_reading(s);
	if (s->phase == STREAM_CLOSING && !s->lingering)
		return; /* what waits may still be read by a peer that ended its half only */
	if (s->phase != STREAM_OPEN || err)
		end(s, s->phase == STREAM_CLOSING ? 0 : err ? err : -E_CLOSED);
	else if (s->handlers->ended)
		s->handlers->ended(s->arg);
	else
		stream_close(s);
}

static void give_scratch(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
	struct stream *s = CONTAINER_OF(handle, struct stream, uv.handle);
	(void)suggested;
	*ret_buf = uv_buf_init(loop_scratch(s->loop), LOOP_SCRATCH_BYTES);
}

static void bytes_came(struct stream *s, struct str bytes)
{
	if (s->phase == STREAM_CLOSING) {
		s->lingered += bytes.n;
		if (s->lingered > LINGER_MAX_BYTES)
			end(s, 0);
	} else if (s->ssl) {
		stream_tls_input(s, bytes);
	} else {
		stream_deliver(s, bytes);
	}
}

static void read_done(uv_stream_t *handle, ssize_t n, const uv_buf_t *buf)
{
	struct stream *s = CONTAINER_OF(handle, struct stream, uv.stream);
	if (!n || s->phase == STREAM_ENDED)
		return;
	int64_t now = loop_now_us(s->loop);
	obj_ref(s);
	if (n > 0) {
		if (!s->lingering)
			s->moved_us = now;
		bytes_came(s, (struct str){ buf->base, (size_t)n });
	} else if (n == UV_EOF) {
		stream_peer_ended(s, s->ssl && !s->cipher_end ? -E_CLOSED : 0);
	} else {
		end(s, s->phase == STREAM_CLOSING ? 0 : loop_err((int)n));
	}
	obj_unref(s);
}

static void start_reading(struct stream *s)
{
	if (s->reading || s->ended || s->phase == STREAM_ENDED)
		return;
	s->reading = true;
	int e = uv_read_start(&s->uv.stream, give_scratch, read_done);
	if (e)
		end(s, loop_err(e));
}

void stream_pause(struct stream *s)
{
	s->paused = true;
	if (s->phase == STREAM_OPEN)
		stop_reading(s);
}

void stream_resume(struct stream *s)
{
	s->paused = false;
	if (s->phase != STREAM_OPEN)
		return;
	s->again = true;
	if (!s->delivering) {
		obj_ref(s);
		if (s->in.n)
			stream_deliver(s, STR(""));
		if (s->ssl && stream_wants_bytes(s))
			stream_tls_input(s, STR(""));
		obj_unref(s);
	}
	if (stream_wants_bytes(s))
		start_reading(s);
}

void stream_learn_addrs(struct stream *s)
{
	struct sockaddr_storage name;
	int len = sizeof(name);
	if (s->uv.handle.type != UV_TCP)
		return;
	if (!uv_tcp_getsockname(&s->uv.tcp, (struct sockaddr *)&name, &len))
		addr_from_sockaddr((struct sockaddr *)&name, &s->local);
	len = sizeof(name);
	if (!uv_tcp_getpeername(&s->uv.tcp, (struct sockaddr *)&name, &len))
		addr_from_sockaddr((struct sockaddr *)&name, &s->peer);
}

void stream_begin(struct stream *s)
{
	if (s->uv.handle.type == UV_TCP) {
		uv_tcp_nodelay(&s->uv.tcp, 1);
		uv_tcp_keepalive(&s->uv.tcp, 1, 60);
	}
	if (s->ssl)
		stream_tls_input(s, STR(""));
	else
		stream_opened(s);
	if (s->phase == STREAM_OPENING || stream_wants_bytes(s))
		start_reading(s);
}

void stream_opened(struct stream *s)
{
	struct buf early = s->early;
	s->phase = STREAM_OPEN;
	buf_init(&s->early, s->opts.out_max);
	watch(s);
	if (early.n)
		stream_send(s, buf_str(&early));
	buf_done(&early);
	if (s->close_wanted)
		stream_close(s);
	else if (s->phase == STREAM_OPEN && s->handlers->connected)
		s->handlers->connected(s->arg);
}

/* Writing */

static void say_last(struct stream *s);

static void write_done(uv_write_t *req, int status)
{
	struct stream *s = CONTAINER_OF(req, struct stream, req.write);
	buf_done(&s->flight);
	if (s->phase == STREAM_ENDED)
		return;
	s->progress_us = s->moved_us = loop_now_us(s->loop);
	if (status < 0) {
		end(s, loop_err(status));
		return;
	}
	obj_ref(s);
	stream_flush(s);
	if (!s->out.n && s->phase == STREAM_CLOSING)
		say_last(s);
	else if (!s->out.n && s->phase == STREAM_OPEN && s->handlers->drained)
		s->handlers->drained(s->arg);
	obj_unref(s);
}

static int queue_write(struct stream *s)
{
	s->flight = s->out;
	buf_init(&s->out, SIZE_MAX / 4);
	uv_buf_t buf = uv_buf_init(s->flight.p, (unsigned)s->flight.n);
	s->progress_us = loop_timers(s->loop)->now_us;
	s->progress_left = s->flight.n;
	int e = uv_write(&s->req.write, &s->uv.stream, &buf, 1, write_done);
	if (e) {
		buf_done(&s->flight);
		end(s, loop_err(e));
		return -E_CLOSED;
	}
	watch(s);
	return 0;
}

int stream_flush(struct stream *s)
{
	if (s->flight.n || !s->out.n || s->phase == STREAM_ENDED)
		return 0;
	uv_buf_t buf = uv_buf_init(s->out.p, (unsigned)s->out.n);
	int n = uv_try_write(&s->uv.stream, &buf, 1);
	if (n < 0 && n != UV_EAGAIN) {
		end(s, loop_err(n));
		return -E_CLOSED;
	}
	if (n > 0) {
		s->moved_us = loop_timers(s->loop)->now_us;
		buf_consume(&s->out, (size_t)n);
	}
	if (s->out.n)
		return queue_write(s);
	buf_done(&s->out);
	return 0;
}

static int over_limit(struct stream *s)
{
	end(s, -E_LIMIT);
	return -E_LIMIT;
}

/* What the kernel takes at once is never copied. */
static int try_now(struct stream *s, const struct str *parts, size_t n, size_t *ret_sent)
{
	uv_buf_t bufs[STREAM_PARTS_MAX];
	*ret_sent = 0;
	if (s->out.n || s->flight.n)
		return 0;
	for (size_t i = 0; i < n; i++)
		bufs[i] = uv_buf_init((char *)(uintptr_t)parts[i].p, (unsigned)parts[i].n);
	int sent = uv_try_write(&s->uv.stream, bufs, (unsigned)n);
	if (sent < 0 && sent != UV_EAGAIN) {
		end(s, loop_err(sent));
		return -E_CLOSED;
	}
	if (sent > 0) {
		*ret_sent = (size_t)sent;
		s->moved_us = loop_timers(s->loop)->now_us;
	}
	return 0;
}

static int send_plain(struct stream *s, const struct str *parts, size_t n)
{
	size_t sent;
	int e = try_now(s, parts, n, &sent);
	if (e)
		return e;
	for (size_t i = 0; i < n; i++) {
		size_t skip = sent < parts[i].n ? sent : parts[i].n;
		sent -= skip;
		buf_adds(&s->out, str_sub(parts[i], skip, parts[i].n));
	}
	return s->out.n && !s->flight.n ? queue_write(s) : 0;
}

static int send_early(struct stream *s, const struct str *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_adds(&s->early, parts[i]);
	return buf_err(&s->early) ? over_limit(s) : 0;
}

int stream_sendv(struct stream *s, const struct str *parts, size_t n)
{
	size_t total = 0;
	assert(n <= STREAM_PARTS_MAX);
	if (s->phase == STREAM_OPENING && !s->close_wanted)
		return send_early(s, parts, n);
	if (s->phase != STREAM_OPEN)
		return -E_CLOSED;
	for (size_t i = 0; i < n; i++)
		total += parts[i].n;
	size_t queued = stream_queued(s);
	if (!total)
		return 0;
	if (queued && queued + total > s->opts.out_max)
		return over_limit(s);
	if (!s->ssl)
		return send_plain(s, parts, n);
	for (size_t i = 0; i < n; i++) {
		int e = stream_tls_send(s, parts[i]);
		if (e)
			return e;
	}
	return stream_flush(s);
}

int stream_send(struct stream *s, struct str bytes)
{
	return stream_sendv(s, &bytes, 1);
}

size_t stream_queued(const struct stream *s)
{
	size_t flight = s->flight.n ? uv_stream_get_write_queue_size(&s->uv.stream) : 0;
	return s->early.n + s->out.n + flight;
}

/* Closing */

static void shutdown_done(uv_shutdown_t *req, int status)
{
	struct stream *s = CONTAINER_OF(req, struct stream, shutdown);
	if (status < 0 || s->ended)
		end(s, 0);
}

static void say_last(struct stream *s)
{
	if (s->lingering || s->phase == STREAM_ENDED)
		return;
	s->lingering = true;
	s->moved_us = loop_timers(s->loop)->now_us;
	if (uv_shutdown(&s->shutdown, &s->uv.stream, shutdown_done)) {
		end(s, 0);
		return;
	}
	s->paused = false;
	start_reading(s);
	watch(s);
}

void stream_close(struct stream *s)
{
	s->close_wanted = true;
	if (s->phase == STREAM_OPENING && !s->early.n)
		end(s, 0);
	if (s->phase != STREAM_OPEN)
		return;
	if (s->ssl)
		stream_tls_close(s);
	s->phase = STREAM_CLOSING;
	stream_flush(s);
	if (!s->out.n && !s->flight.n)
		say_last(s);
	else
		start_reading(s);
}

void *stream_drop(struct stream *s)
{
	if (!s)
		return NULL;
	s->handlers = &nobody;
	end(s, 0);
	return obj_unref(s);
}

/* The rest */

void stream_set_handlers(struct stream *s, const struct stream_handlers *handlers, void *arg)
{
	s->handlers = handlers;
	s->arg = arg;
	s->again = true;
}

void stream_set_idle(struct stream *s, int64_t idle_ms)
{
	s->opts.idle_ms = idle_ms;
	watch(s);
}

void stream_set_out_max(struct stream *s, size_t bytes)
{
	s->opts.out_max = bytes;
}

const struct addr *stream_peer(const struct stream *s)
{
	return &s->peer;
}

const struct addr *stream_local(const struct stream *s)
{
	return &s->local;
}

bool stream_is_tls(const struct stream *s)
{
	return s->ssl != NULL;
}

bool stream_is_open(const struct stream *s)
{
	return s->phase == STREAM_OPEN;
}

int stream_peer_uid(const struct stream *s, uid_t *ret_uid)
{
	struct ucred who;
	socklen_t len = sizeof(who);
	uv_os_fd_t fd;
	if (s->uv.handle.type != UV_NAMED_PIPE)
		return -E_UNSUPPORTED;
	if (uv_fileno(&s->uv.handle, &fd) || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len))
		return -E_CLOSED;
	*ret_uid = who.uid;
	return 0;
}
