/* The socket between the two processes. Both ends are the same but for who opens it: a link that says hello
 * at once, hears the other's hello first, and then passes frames. What does not fit the queue is refused
 * whole, so the journal stays the only place that remembers. */
#include "net/ipc.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/obj.h"
#include "net/stream.h"

#include <stdlib.h>
#include <unistd.h>

#define OUT_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define FRAME_HEAD_BYTES 5
#define SAID_MAX_BYTES ((size_t)64 * 1024)
#define HELLO_US (5 * CLOCK_S_US)
#define RETRY_FIRST_US (CLOCK_S_US / 10)
#define RETRY_LAST_US (2 * CLOCK_S_US)

struct ipc {
	struct loop *loop;
	struct ipc_opts opts;
	char *path;
	struct listener *listener; /* NULL on the connecting side */
	struct stream *stream;
	bool connected, up;
	bool refused;          /* a frame since the queue was last empty */
	int err;               /* for down(), when we cut */
	struct buf said;       /* frames of this turn */
	struct loop_later say; /* … which leave together at its end */
	struct timer timer;    /* the hello's deadline, or the next try */
	int64_t retry_us;
};

static void link_open(struct ipc *ipc);

static void try_later(struct ipc *ipc)
{
	timer_start_in(loop_timers(ipc->loop), &ipc->timer, ipc->retry_us);
	ipc->retry_us = ipc->retry_us * 2 < RETRY_LAST_US ? ipc->retry_us * 2 : RETRY_LAST_US;
}

static void link_closed(void *arg, int err)
{
	struct ipc *ipc = arg;
	int e = ipc->err ? ipc->err : err ? err : -E_CLOSED;
	bool was_there = ipc->connected;
	ipc->stream = obj_unref(ipc->stream);
	buf_reset(&ipc->said);
	ipc->connected = ipc->up = ipc->refused = false;
	ipc->err = 0;
	timer_stop(loop_timers(ipc->loop), &ipc->timer);
	if (!ipc->listener)
		try_later(ipc);
	if (was_there)
		ipc->opts.handlers->down(ipc->opts.arg, e);
}

void ipc_reset(struct ipc *ipc, int err)
{
	if (!ipc->stream)
		return;
	ipc->up = false;
	ipc->err = ipc->err ? ipc->err : err;
	stream_abort(ipc->stream, err);
}

static bool is_spoken(int64_t version)
{
	return version == WIRE_VERSION || version == WIRE_VERSION - 1;
}

static void take_hello(struct ipc *ipc, enum frame_kind kind, struct str text)
{
	CLEANUP(js_unrefp) json_t *hello = NULL;
	if (kind != FRAME_HELLO || js_parse(text, FRAME_MAX_BYTES, &hello, NULL)) {
		ipc_reset(ipc, -E_SYNTAX);
		return;
	}
	if (!is_spoken(js_int(hello, "version", -1))) {
		ipc_reset(ipc, -E_UNSUPPORTED);
		return;
	}
	ipc->up = true;
	ipc->retry_us = RETRY_FIRST_US;
	timer_stop(loop_timers(ipc->loop), &ipc->timer);
	ipc->opts.handlers->up(ipc->opts.arg, hello);
}

static void take_frame(struct ipc *ipc, enum frame_kind kind, struct str json)
{
	if (!ipc->up)
		take_hello(ipc, kind, json);
	else if (kind == FRAME_HELLO)
		ipc_reset(ipc, -E_SYNTAX);
	else
		ipc->opts.handlers->frame(ipc->opts.arg, kind, json);
}

/* A handler may free the ipc; the stream tells so, as it is dropped with it. */
static size_t link_data(void *arg, struct str bytes)
{
	struct ipc *ipc = arg;
	struct stream *s = obj_ref(ipc->stream);
	enum frame_kind kind;
	struct str json;
	size_t size, used = 0;
	int e = 0;
	while (!e && stream_is_open(s)) {
		e = frame_peek(str_sub(bytes, used, bytes.n), &kind, &json, &size);
		if (e)
			break;
		used += size;
		take_frame(ipc, kind, json);
	}
	if (e && e != -E_AGAIN)
		ipc_reset(ipc, e);
	obj_unref(s);
	return used;
}

static void say_hello(struct ipc *ipc)
{
	json_t *hello = json_object();
	js_set_int(hello, "version", WIRE_VERSION);
	if (ipc->opts.hello)
		ipc->opts.hello(ipc->opts.arg, hello);
	if (ipc_send_json(ipc, FRAME_HELLO, hello))
		ipc_reset(ipc, -E_CLOSED);
	json_decref(hello);
}

static void link_connected(void *arg)
{
	struct ipc *ipc = arg;
	uid_t uid;
	ipc->connected = true;
	if (stream_peer_uid(ipc->stream, &uid) || uid != geteuid()) {
		ipc_reset(ipc, -E_FORBIDDEN);
		return;
	}
	timer_start_in(loop_timers(ipc->loop), &ipc->timer, HELLO_US);
	say_hello(ipc);
}

static void link_drained(void *arg)
{
	struct ipc *ipc = arg;
	bool wanted = ipc->refused && ipc->up;
	ipc->refused = false;
	if (wanted && ipc->opts.handlers->drained)
		ipc->opts.handlers->drained(ipc->opts.arg);
}

static const struct stream_handlers link_handlers = {
	.data = link_data,
	.closed = link_closed,
	.connected = link_connected,
	.drained = link_drained,
};

static void time_passed(void *arg)
{
	struct ipc *ipc = arg;
	if (ipc->stream)
		ipc_reset(ipc, -E_TIMEOUT); /* no hello came */
	else
		link_open(ipc);
}

/* Wide enough that the stream itself never cuts: ipc_send() refuses before. */
static struct stream_opts link_opts(const struct ipc *ipc)
{
	return (struct stream_opts){ .in_max = FRAME_MAX_BYTES + FRAME_HEAD_BYTES,
		.out_max = ipc->opts.out_max + FRAME_MAX_BYTES };
}

static void link_open(struct ipc *ipc)
{
	struct stream_opts opts = link_opts(ipc);
	if (stream_connect_unix(ipc->loop, ipc->path, &opts, &link_handlers, ipc, &ipc->stream))
		try_later(ipc);
}

/* One desk at a time: a dead one is gone at once, as the kernel closes its socket. */
static void accepted(void *arg, struct stream *s)
{
	struct ipc *ipc = arg;
	if (ipc->stream) {
		log_(LOG_NET, LOG_DEBUG, "second peer refused path=%s", ipc->path);
		stream_drop(s);
		return;
	}
	ipc->stream = s;
	stream_set_handlers(s, &link_handlers, ipc);
}

/* An error needs no answer: the stream's end follows. */
static void say(void *arg)
{
	struct ipc *ipc = arg;
	if (ipc->stream && ipc->said.n && stream_send(ipc->stream, buf_str(&ipc->said)))
		log_(LOG_NET, LOG_DEBUG, "frames of a turn not sent path=%s", ipc->path);
	buf_reset(&ipc->said);
}

static struct ipc *ipc_new(struct loop *loop, const struct ipc_opts *opts)
{
	struct ipc *ipc = mem_alloc(sizeof(*ipc));
	ipc->loop = loop;
	ipc->opts = *opts;
	ipc->opts.out_max = opts->out_max ? opts->out_max : OUT_MAX_BYTES;
	ipc->path = mem_strdup(opts->path);
	ipc->retry_us = RETRY_FIRST_US;
	timer_init(&ipc->timer, time_passed, ipc);
	buf_init(&ipc->said, SAID_MAX_BYTES + FRAME_MAX_BYTES + FRAME_HEAD_BYTES);
	ipc->say = (struct loop_later){ .fn = say, .arg = ipc };
	return ipc;
}

int ipc_listen(struct loop *loop, const struct ipc_opts *opts, struct ipc **ret_ipc)
{
	struct ipc *ipc = ipc_new(loop, opts);
	struct stream_opts stream_opts = link_opts(ipc);
	int e = listener_open_unix(loop, ipc->path, &stream_opts, accepted, ipc, &ipc->listener);
	if (e) {
		ipc_free(ipc);
		return e;
	}
	*ret_ipc = ipc;
	return 0;
}

int ipc_connect(struct loop *loop, const struct ipc_opts *opts, struct ipc **ret_ipc)
{
	struct ipc *ipc = ipc_new(loop, opts);
	struct stream_opts stream_opts = link_opts(ipc);
	int e = stream_connect_unix(loop, ipc->path, &stream_opts, &link_handlers, ipc, &ipc->stream);
	if (e == -E_LIMIT) {
		ipc_free(ipc);
		return e;
	}
	if (e)
		try_later(ipc);
	*ret_ipc = ipc;
	return 0;
}

void *ipc_free(struct ipc *ipc)
{
	if (!ipc)
		return NULL;
	timer_stop(loop_timers(ipc->loop), &ipc->timer);
	say(ipc);
	loop_later_stop(ipc->loop, &ipc->say);
	buf_done(&ipc->said);
	listener_close(ipc->listener);
	stream_drop(ipc->stream);
	free(ipc->path);
	free(ipc);
	return NULL;
}

int ipc_send(struct ipc *ipc, enum frame_kind kind, struct str json)
{
	if (!ipc->stream || (!ipc->up && kind != FRAME_HELLO))
		return -E_CLOSED;
	if (json.n >= FRAME_MAX_BYTES)
		return -E_INVALID;
	if (ipc_queued(ipc) + json.n + FRAME_HEAD_BYTES > ipc->opts.out_max) {
		ipc->refused = true;
		return -E_LIMIT;
	}
	frame_add(&ipc->said, kind, json);
	if (ipc->said.n > SAID_MAX_BYTES)
		say(ipc);
	else
		loop_later(ipc->loop, &ipc->say);
	return 0;
}

int ipc_send_json(struct ipc *ipc, enum frame_kind kind, const json_t *object)
{
	CLEANUP(mem_freep) char *text = js_print(object);
	return ipc_send(ipc, kind, str_from(text));
}

bool ipc_is_up(const struct ipc *ipc)
{
	return ipc->up;
}

size_t ipc_queued(const struct ipc *ipc)
{
	return ipc->stream ? stream_queued(ipc->stream) + ipc->said.n : 0;
}
