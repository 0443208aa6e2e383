/* One detached thread per question: questions are rare, and a resolver that hangs must not take a place in a
 * pool or hold up the end of the process, as it would in libuv's. Whoever comes second, the thread with its
 * answer or the loop that cancels, frees. */
#include "net/resolve.h"

#include "base/mem.h"

#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>

struct resolve {
	pthread_mutex_t lock;
	struct loop *loop; /* NULL when cancelled before the answer */
	bool posted;
	char *host;
	uint16_t port;
	resolve_fn fn; /* NULL when cancelled after the answer */
	void *arg;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t n;
};

static void drop(struct resolve *r)
{
	pthread_mutex_destroy(&r->lock);
	free(r->host);
	free(r);
}

static void deliver(void *arg)
{
	struct resolve *r = arg;
	pthread_mutex_lock(&r->lock);
	resolve_fn fn = r->fn;
	pthread_mutex_unlock(&r->lock);
	if (fn)
		fn(r->arg, r->addrs, r->n);
	drop(r);
}

static void ask(struct resolve *r)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *found = NULL;
	if (getaddrinfo(r->host, NULL, &hints, &found))
		return;
	for (const struct addrinfo *a = found; a && r->n < RESOLVE_ADDRS_MAX; a = a->ai_next) {
		struct addr *addr = &r->addrs[r->n];
		addr_from_sockaddr(a->ai_addr, addr);
		if (!addr_is_set(addr))
			continue;
		addr_set_port(addr, r->port);
		r->n++;
	}
	freeaddrinfo(found);
}

static void *run(void *arg)
{
	struct resolve *r = arg;
	ask(r);
	pthread_mutex_lock(&r->lock);
	bool wanted = r->loop != NULL;
	if (wanted) {
		r->posted = true;
		loop_post(r->loop, deliver, r);
	}
	pthread_mutex_unlock(&r->lock);
	if (!wanted)
		drop(r);
	return NULL;
}

struct resolve *resolve_start(struct loop *loop, const char *host, uint16_t port, resolve_fn fn, void *arg)
{
	pthread_t thread;
	pthread_attr_t attr;
	struct resolve *r = mem_alloc(sizeof(*r));
	pthread_mutex_init(&r->lock, NULL);
	r->loop = loop;
	r->host = mem_strdup(host);
	r->port = port;
	r->fn = fn;
	r->arg = arg;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, run, r)) {
		r->posted = true;
		loop_post(loop, deliver, r);
	}
	pthread_attr_destroy(&attr);
	return r;
}

void *resolve_cancel(struct resolve *r)
{
	if (!r)
		return NULL;
	pthread_mutex_lock(&r->lock);
	if (r->posted)
		r->fn = NULL;
	else
		r->loop = NULL;
	pthread_mutex_unlock(&r->lock);
	return NULL;
}
