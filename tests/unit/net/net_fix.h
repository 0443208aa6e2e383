#ifndef LX_TESTS_NET_FIX_H
#define LX_TESTS_NET_FIX_H

#include "unit.h"
#include "base/buf.h"
#include "net/stream.h"

/* What the tests of net/ share: turning a loop until something is true, a folder of their own, a certificate,
 * and a stream that notes all that happens to it. */
#define RUN_UNTIL(loop, condition)                                                                           \
	do {                                                                                                 \
		struct fix_guard guard_;                                                                     \
		fix_guard_start(&guard_, (loop));                                                            \
		while (!(condition) && !guard_.expired)                                                      \
			loop_run_once(loop);                                                                 \
		timer_stop(loop_timers(loop), &guard_.timer);                                                \
		if (guard_.expired)                                                                          \
			fail_msg("never came true: %s", #condition);                                         \
	} while (0)

struct fix_guard {
	struct timer timer;
	bool expired;
};
void fix_guard_start(struct fix_guard *guard, struct loop *loop);

/* Turns the loop for that long. */
void fix_run_for(struct loop *loop, int64_t ms);

struct addr fix_addr(const char *text);

/* A fresh folder under /tmp, and its end. */
void fix_dir(char *dst, size_t size);
void fix_dir_remove(const char *dir);

/* Writes a self-signed certificate for `name` and its key. */
void fix_cert(const char *cert_path, const char *key_path, const char *name);

struct fix_peer {
	struct stream *s;
	struct buf got;
	bool connected, drained, ended;
	int n_closed, err;
	bool hold; /* takes nothing */
	bool drop_on_data;
};
extern const struct stream_handlers fix_peer_handlers;
extern const struct stream_handlers fix_peer_half_handlers; /* with `ended` */
void fix_peer_done(struct fix_peer *p);

/* A listener that takes one stream into a peer. */
struct fix_server {
	struct listener *l;
	struct fix_peer peer;
	int n_accepted;
	const struct stream_handlers *handlers;
};
void fix_accept(void *arg, struct stream *s);

/* Open descriptors of this process. */
int fix_count_fds(void);

#endif
