#ifndef LX_NET_STREAM_INT_H
#define LX_NET_STREAM_INT_H

#include "base/buf.h"
#include "base/obj.h"
#include "net/stream.h"

/* What stream.c (life, reading, writing), stream_tls.c and stream_open.c (connecting, listening) share. */
enum stream_phase { STREAM_OPENING, STREAM_OPEN, STREAM_CLOSING, STREAM_ENDED };

struct stream {
	struct obj obj; /* the loop holds a reference until the handle is closed */
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	union {
		uv_connect_t connect;
		uv_write_t write;
	} req; /* nothing is written while connecting */
	uv_shutdown_t shutdown;
	struct loop *loop;
	const struct stream_handlers *handlers;
	void *arg;
	struct stream_opts opts;
	enum stream_phase phase;
	int err; /* for `closed` */
	bool paused, reading, ended, lingering, close_wanted;
	bool delivering, again; /* within `data`; its owner wants to be called once more */
	struct buf in;          /* kept for the owner */
	struct buf early;       /* sent before connected, still plain text */
	struct buf out;         /* waiting */
	struct buf flight;      /* with the kernel's queue */
	SSL *ssl;
	struct str cipher;      /* TLS bytes that OpenSSL has not read yet … */
	struct buf cipher_kept; /* … and those left over while paused */
	bool cipher_end;        /* close_notify came */
	bool pumping;           /* within stream_tls_input() */
	struct timer shake;     /* a handshake that waits for its turn */
	struct timer timer;
	int64_t opened_us, moved_us, progress_us;
	size_t progress_left, lingered;
	struct addr peer, local;
	struct listener *listener;
	struct host *host; /* the listener's count of its peer's streams; NULL when it does not count */
};

/* A stream of the given kind that is not connected; -E_NOMEM or what TLS says. */
int stream_new(struct loop *loop, bool is_unix, const struct stream_opts *opts,
	struct stream **ret_stream) MUST_CHECK;
/* The transport is there: what it is called; then it shakes hands or is open. */
void stream_learn_addrs(struct stream *s);
void stream_begin(struct stream *s);
void stream_opened(struct stream *s);

/* Hands plain bytes to the owner. */
void stream_deliver(struct stream *s, struct str bytes);
void stream_peer_ended(struct stream *s, int err);
bool stream_wants_bytes(const struct stream *s);

/* Gives the kernel what it takes of what waits. */
int stream_flush(struct stream *s);

int stream_tls_start(struct stream *s) MUST_CHECK;
void stream_tls_input(struct stream *s, struct str bytes); /* empty: go on with what is there */
int stream_tls_send(struct stream *s, struct str bytes);
void stream_tls_close(struct stream *s);
void stream_tls_done(struct stream *s);

/* A stream of a listener has ended. */
void listener_stream_ended(struct stream *s);

#endif
