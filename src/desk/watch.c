/* A WebSocket is of the loop, a look into the database is not: the request goes to a worker and comes back.
 */
#include "desk/watch.h"

#include "base/mem.h"
#include "desk/hub.h"
#include "desk/me.h"
#include "desk/request.h"

#include <stdlib.h>
#include <string.h>

struct entrance {
	struct desk *desk;
	struct http_req *req;
	struct watcher watcher;
	int64_t queues[ME_QUEUES_MAX];
};

static void accept_on_loop(void *arg)
{
	struct entrance *e = arg;
	hub_watch(e->desk->hub, e->req, &e->watcher);
	rights_unref(e->watcher.rights);
	free(e);
}

static int find_watcher(struct request *r, struct entrance *e)
{
	int err = request_sign_in(r);
	if (!err && (r->session.password_due || r->session.factor_due))
		err = -E_FORBIDDEN;
	if (!err)
		err = me_queue_ids(r->db, &r->actor, e->queues, &e->watcher.n_queues);
	e->watcher.session = r->session.id;
	e->watcher.user = r->actor.user;
	e->watcher.generation = r->session.generation;
	e->watcher.rights = rights_ref(r->rights);
	e->watcher.agent = r->actor.agent;
	e->watcher.queues = e->queues;
	return err;
}

static void identify(void *context, void *arg, int err)
{
	struct entrance *e = arg;
	struct request r;
	(void)context;
	int failed = request_init(&r, e->desk, e->req);
	if (err)
		failed = err;
	if (!failed)
		failed = find_watcher(&r, e);
	if (failed) {
		reply_problem(&r, failed);
		rights_unref(e->watcher.rights);
		free(e);
	} else {
		loop_post(e->desk->loop, accept_on_loop, e);
	}
	request_done(&r);
}

void watch_serve(struct desk *desk, struct http_req *req)
{
	struct entrance *e = mem_alloc(sizeof(*e));
	const struct pool_job job = { .fn = identify, .arg = e };
	e->desk = desk;
	e->req = req;
	int err = pool_submit(desk->pool, &job);
	if (err) {
		http_reply_fault(req, err, NULL);
		free(e);
	}
}
