#ifndef LX_NET_STREAM_H
#define LX_NET_STREAM_H

#include "net/addr.h"
#include "net/loop.h"
#include "net/tls.h"

/* A byte stream over TCP, TLS or a Unix socket: a struct obj of one loop. Whoever got it (from a connect
 * function or through listener_fn) owns one reference and gives it back with obj_unref() or stream_drop(). */
struct stream;

/* Zero means the default in brackets. */
struct stream_opts {
	size_t in_max;    /* bytes the owner may leave unread [64 kB] */
	size_t out_max;   /* bytes waiting to be sent; above it the stream is cut [1 MB] */
	int64_t idle_ms;  /* cut when no byte moved either way for so long [never] */
	int64_t stuck_ms; /* cut when the peer takes nothing for so long though something waits [30 s] */
	int64_t open_ms;  /* connecting and TLS handshake [10 s] */
	struct tls *tls;  /* NULL: plain; must outlive the listener */
	const char *server_name; /* client with TLS: sent, and checked when the tls has a CA */
	size_t host_max;    /* listener: streams of one address (IPv6: of one /64), others are closed at once
			     [any] */
	size_t streams_max; /* listener: further ones wait in the backlog [three quarters of the descriptors]
			     */
};

struct stream_handlers {
	/* Bytes to be read: returns how many were taken. The rest is kept and comes again, followed by newer
	 * bytes. Over in_max the stream is cut. May call anything, stream_drop() too. */
	size_t (*data)(void *arg, struct str bytes);
	/* The end, exactly once, from the loop and never from inside a call; then nothing more comes. err: 0
	 * clean, -E_CLOSED reset or (TLS) cut off, -E_LIMIT, -E_TIMEOUT, -E_AUTH (TLS), or why connecting
	 * failed. */
	void (*closed)(void *arg, int err);
	/* Optional: ready to talk, after connecting and handshake. */
	void (*connected)(void *arg);
	/* Optional: all that waited has gone to the kernel. */
	void (*drained)(void *arg);
	/* Optional: the peer will send no more but may still read; the owner closes when he has said all.
	 * When NULL the stream sends what waits and closes. */
	void (*ended)(void *arg);
};

/* Sends at once what the kernel takes, keeps a copy of the rest. -E_CLOSED when it is closing, -E_LIMIT when
 * over out_max: it is cut then, `closed` follows. What is sent before `connected` waits. */
int stream_send(struct stream *s, struct str bytes);
#define STREAM_PARTS_MAX 4
int stream_sendv(struct stream *s, const struct str *parts, size_t n);
size_t stream_queued(const struct stream *s); /* bytes waiting */

/* Stops reading, so that the peer feels it; resuming hands out what was kept, then reads on. */
void stream_pause(struct stream *s);
void stream_resume(struct stream *s);

void stream_close(struct stream *s);          /* sends what waits, then closes */
void stream_abort(struct stream *s, int err); /* at once; what waits is lost; err goes to `closed` */
void *stream_drop(struct stream *s); /* abort, no handler any more, reference given back; NULL allowed;
					returns NULL */

/* Who listens to it; bytes not yet taken go to the new ones. handlers must be static. */
void stream_set_handlers(struct stream *s, const struct stream_handlers *handlers, void *arg);
void stream_set_idle(struct stream *s, int64_t idle_ms);
void stream_set_out_max(struct stream *s, size_t bytes);

const struct addr *stream_peer(const struct stream *s); /* unset for a Unix socket */
const struct addr *stream_local(const struct stream *s);
bool stream_is_tls(const struct stream *s);
bool stream_is_open(const struct stream *s); /* connected and not closing */
/* Process at the other end of a Unix socket; -E_UNSUPPORTED for others. */
int stream_peer_uid(const struct stream *s, uid_t *ret_uid) MUST_CHECK;

/* Errors come through `closed`; only lack of descriptors and an over-long path are told at once. */
int stream_connect(struct loop *loop, const struct addr *to, const struct stream_opts *opts,
	const struct stream_handlers *handlers, void *arg, struct stream **ret_stream) MUST_CHECK;
int stream_connect_unix(struct loop *loop, const char *path, const struct stream_opts *opts,
	const struct stream_handlers *handlers, void *arg, struct stream **ret_stream) MUST_CHECK;

struct listener;

/* A stream has come in; the handler owns the reference and sets handlers before it returns, or drops it. */
typedef void (*listener_fn)(void *arg, struct stream *stream);

/* -E_EXISTS when the port is taken, -E_UNREACHABLE when the address is not of this machine, -E_FORBIDDEN. */
int listener_open(struct loop *loop, const struct addr *local, const struct stream_opts *opts, listener_fn fn,
	void *arg, struct listener **ret_listener) MUST_CHECK;
/* Mode 0600. A dead socket file in the way is replaced, a living one is -E_EXISTS. */
int listener_open_unix(struct loop *loop, const char *path, const struct stream_opts *opts, listener_fn fn,
	void *arg, struct listener **ret_listener) MUST_CHECK;
void *listener_close(struct listener *l); /* its streams live on; NULL allowed; returns NULL */

const struct addr *listener_local(const struct listener *l);
size_t listener_streams(const struct listener *l);   /* open now */
uint64_t listener_refused(const struct listener *l); /* closed because their address had host_max */

#endif
