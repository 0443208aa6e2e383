#ifndef LX_DESK_DESK_INT_H
#define LX_DESK_DESK_INT_H

#include "base/id.h"
#include "desk/desk.h"
#include "net/certificate.h"
#include "net/http.h"
#include "net/pool.h"
#include "store/store.h"

#include <stdatomic.h>

/* Pace of the demo's callers, 100 is as planned. */
struct demo {
	atomic_bool stopped, paused;
	atomic_int speed_percent;
};

/* The process and its parts. Set up before anything runs, torn down after all threads have ended; in between
 * the pointers never change. */
/* Where the sweep of the bin is; of the upkeep alone. */
struct bin {
	int64_t day; /* of the last that came to its end */
	size_t at;
	int64_t after;
};

struct desk {
	const struct desk_options *options;
	struct loop *loop;
	struct store *store;
	struct pool *pool;     /* people's requests */
	struct pool *own_pool; /* one thread: configuration, look-ups, upkeep; never waits for people */
	struct http_server *http;
	struct certificate *certificate; /* NULL without TLS */
	struct guard *guard;
	struct hub *hub;
	struct standing *standing;
	struct shapes *shapes;
	struct peer *peer;
	struct config_push *config;
	struct outbox *outbox;
	struct id_source ids;   /* of the writer thread */
	struct pool *long_pool; /* one thread: prompts */
	struct jobs *jobs;      /* long work, on threads of its own */
	struct demo demo;
	atomic_bool stopping;
	unsigned edge_port;
	atomic_llong checked_ms;   /* when the history was last checked */
	atomic_int history_faults; /* found then */
	atomic_llong swept_ms;     /* when files without a record were last swept */
	int database_err;          /* last told in the log; of the upkeep alone */
	struct timer upkeep;
	struct bin bin;
};

#endif
