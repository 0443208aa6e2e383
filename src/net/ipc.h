#ifndef LX_NET_IPC_H
#define LX_NET_IPC_H

#include "base/js.h"
#include "net/loop.h"
#include "wire/frame.h"

/* One end of the Unix socket between switch and desk. The switch listens and takes one desk at a time; the
 * desk connects again and again. Both say hello first; who speaks neither our version nor the one before, or
 * is of another user, is cut. Belongs to its loop. */
struct ipc;

struct ipc_handlers {
	/* The other side is there and has said this hello. */
	void (*up)(void *arg, const json_t *hello);
	/* A frame other than hello; the bytes are good until the handler returns. It may send and close. */
	void (*frame)(void *arg, enum frame_kind kind, struct str json);
	/* It has gone, or was cut: err as of `closed` in stream.h, -E_UNSUPPORTED for a wrong version,
	 * -E_SYNTAX for a wrong frame, -E_FORBIDDEN. Comes once for each up(), and for each failed hello. */
	void (*down)(void *arg, int err);
	/* Optional: after an ipc_send() that returned -E_LIMIT there is room again. */
	void (*drained)(void *arg);
};

struct ipc_opts {
	const char *path;
	const struct ipc_handlers *handlers; /* static */
	void *arg;
	/* Fills our hello (process, node, boot, cursor …) at each connection; the version is added. */
	void (*hello)(void *arg, json_t *object);
	size_t out_max; /* bytes waiting to be sent [16 MB] */
};

/* Mode 0600, own user only. -E_EXISTS when another switch listens there. */
int ipc_listen(struct loop *loop, const struct ipc_opts *opts, struct ipc **ret_ipc) MUST_CHECK;
/* Tries at once, then after 0.1 s, doubling up to 2 s. */
int ipc_connect(struct loop *loop, const struct ipc_opts *opts, struct ipc **ret_ipc) MUST_CHECK;
void *ipc_free(struct ipc *ipc); /* no handler afterwards; NULL allowed; returns NULL */

/* -E_CLOSED when nobody is there, -E_LIMIT when it does not fit: nothing is queued then, drained() tells when
 * to catch up. -E_INVALID: longer than a frame may be. */
int ipc_send(struct ipc *ipc, enum frame_kind kind, struct str json) MUST_CHECK;
int ipc_send_json(struct ipc *ipc, enum frame_kind kind, const json_t *object) MUST_CHECK;
bool ipc_is_up(const struct ipc *ipc);
size_t ipc_queued(const struct ipc *ipc);

/* Cuts the connection, to begin anew. */
void ipc_reset(struct ipc *ipc, int err);

#endif
