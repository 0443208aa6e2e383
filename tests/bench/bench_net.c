/* What the desk's front costs: CPU of a small JSON request on the loop alone and through a pool of workers,
 * kernel included and the load's own thread taken off; and the memory of an idle WebSocket. What
 * TLS costs a loop that should not stall: CPU of a handshake, and the longest stall when one or a hundred
 * come at once, the median of several rounds. */
#include "base/clock.h"
#include "base/mem.h"
#include "net/authority.h"
#include "net/http.h"
#include "net/pool.h"
#include "net/ws.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SHAKES_MAX = 100, SHAKE_ROUNDS = 15 };
enum { CLIENTS = 32, ROUNDS = 2000, SOCKETS = 400, WARM_SOCKETS = 100 };

struct site {
	struct loop *loop;
	struct http_server *server;
	struct pool *pool; /* NULL: answered on the loop */
	struct ws *sockets[SOCKETS];
	_Atomic int n_sockets;
};

static const char request[] = "GET /api/v1/queues?limit=20 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
			      "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: application/json\r\n"
			      "Cookie: session=abcdefghijklmnopqrstuvwxyz234567\r\n"
			      "Accept-Encoding: gzip, deflate, br\r\n\r\n";
static const char handshake[] =
	"GET /events HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench_net: %s\n", what);
	exit(1);
}

static void answer(void *context, void *arg, int err)
{
	struct http_req *req = arg;
	(void)context;
	(void)err;
	http_set(req, "Content-Type", "application/json");
	buf_addz(&req->out, "{\"items\":[{\"id\":\"1\",\"name\":\"queue\"}],\"next\":null}");
	http_reply(req, 200);
}

static void on_message(void *arg, struct str message, bool is_text)
{
	(void)arg;
	(void)message;
	(void)is_text;
}

static void on_closed(void *arg, int code)
{
	(void)arg;
	(void)code;
}

static const struct ws_handlers handlers = { .message = on_message, .closed = on_closed };

static void on_request(void *arg, struct http_req *req)
{
	struct site *site = arg;
	if (ws_is_upgrade(req))
		must(!ws_accept(req, NULL, &handlers, NULL, &site->sockets[site->n_sockets++]), "accept");
	else if (!site->pool)
		answer(NULL, req, 0);
	else
		must(!pool_submit(site->pool, &(struct pool_job){ .fn = answer, .arg = req }), "submit");
}

/* A hundred browsers whose hellos are there before the loop looks. */
struct shakes {
	struct http_server *server;
	struct loop *loop;
	struct tls *tls, *client_tls;
	SSL *clients[SHAKES_MAX];
	int64_t cpu_us; /* of the loop's thread */
};

static void *run_shakes(void *arg)
{
	struct shakes *s = arg;
	loop_run(s->loop);
	s->cpu_us = clock_cpu_us();
	return NULL;
}

static void hello(struct shakes *s, int i)
{
	const struct addr *to = http_local(s->server);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	must(fd >= 0 && !connect(fd, &to->sa, addr_len(to)), "connect");
	must(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "fcntl");
	s->clients[i] = tls_session(s->client_tls);
	must(s->clients[i] && SSL_set_fd(s->clients[i], fd) == 1, "session");
	must(SSL_do_handshake(s->clients[i]) < 0, "no server runs yet");
}

/* The longest stall of the loop while n shake hands with it. */
static int64_t shake(struct shakes *s, int n)
{
	pthread_t thread;
	struct addr any;
	const struct http_opts opts = { .handler = on_request, .stream.tls = s->tls };
	s->loop = loop_new();
	must(s->loop && !addr_from_string(STR("127.0.0.1:0"), &any), "loop");
	must(!http_listen(s->loop, &any, &opts, &s->server), "listen");
	for (int i = 0; i < n; i++)
		hello(s, i);
	pthread_create(&thread, NULL, run_shakes, s);
	for (int i = 0; i < n; i++) {
		struct pollfd wait = { .fd = SSL_get_fd(s->clients[i]), .events = POLLIN };
		while (SSL_do_handshake(s->clients[i]) != 1)
			must(poll(&wait, 1, 10000) == 1, "handshake");
	}
	for (int i = 0; i < n; i++) {
		close(SSL_get_fd(s->clients[i]));
		SSL_free(s->clients[i]);
	}
	loop_stop(s->loop);
	pthread_join(thread, NULL);
	int64_t stall_us = loop_stall_us(s->loop);
	http_close(s->server);
	loop_drain(s->loop);
	loop_free(s->loop);
	return stall_us;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void bench_shakes(struct shakes *s, int n, const char *name)
{
	int64_t stalls[SHAKE_ROUNDS], cpu_total = 0;
	for (int i = 0; i < SHAKE_ROUNDS; i++) {
		stalls[i] = shake(s, n);
		cpu_total += s->cpu_us;
	}
	qsort(stalls, SHAKE_ROUNDS, sizeof(stalls[0]), by_size);
	printf("{\"bench\": \"%s\", \"unit\": \"us_stall\", \"value\": %lld, \"least\": %lld, "
	       "\"cpu_us_each\": %.0f}\n",
		name, (long long)stalls[SHAKE_ROUNDS / 2], (long long)stalls[0],
		(double)cpu_total / SHAKE_ROUNDS / n);
}

static void bench_tls(void)
{
	static const char *const names[] = { AUTHORITY_CERT, AUTHORITY_SERVER, "ca.key", "lock" };
	struct shakes s = { .loop = NULL };
	bool renewed;
	char dir[] = "/tmp/lx-bench-XXXXXX";
	must(mkdtemp(dir), "folder");
	const struct authority_opts opts = { .dir = dir, .now_ms = clock_wall_ms() };
	must(!authority_ensure(&opts, &renewed, NULL), "certificate");
	char *path = mem_printf("%s/" AUTHORITY_SERVER, dir);
	must(!tls_server_new(path, path, &s.tls, NULL) && !tls_client_new(NULL, &s.client_tls, NULL), "tls");
	bench_shakes(&s, 1, "tls_one_handshake");
	bench_shakes(&s, SHAKES_MAX, "tls_100_handshakes_at_once");
	tls_free(s.tls);
	tls_free(s.client_tls);
	free(path);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		path = mem_printf("%s/%s", dir, names[i]);
		must(unlink(path) == 0, "clear");
		free(path);
	}
	must(rmdir(dir) == 0, "clear");
}

static void *run_loop(void *arg)
{
	loop_run(arg);
	return NULL;
}

static int connect_to(const struct http_server *server)
{
	const struct addr *to = http_local(server);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	must(fd >= 0 && !connect(fd, &to->sa, addr_len(to)), "connect");
	return fd;
}

static int64_t cpu_us(int who)
{
	struct rusage u;
	getrusage(who, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * CLOCK_S_US + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static void site_open(struct site *site, size_t workers)
{
	struct addr any;
	struct http_opts opts = { .handler = on_request, .arg = site };
	memset(site, 0, sizeof(*site));
	site->loop = loop_new();
	must(site->loop && !addr_from_string(STR("127.0.0.1:0"), &any), "loop");
	must(!http_listen(site->loop, &any, &opts, &site->server), "listen");
	if (workers)
		must(!pool_new(&(struct pool_opts){ .n_threads = (unsigned)workers, .queue_max = 1000 },
			     &site->pool),
			"pool");
}

static void site_close(struct site *site)
{
	for (int i = 0; i < site->n_sockets; i++)
		ws_drop(site->sockets[i]);
	http_close(site->server);
	pool_free(site->pool);
	loop_drain(site->loop);
	loop_free(site->loop);
}

static void bench_requests(struct site *site, size_t workers, const char *name)
{
	pthread_t thread;
	int fds[CLIENTS];
	char got[4096];
	site_open(site, workers);
	pthread_create(&thread, NULL, run_loop, site->loop);
	for (int i = 0; i < CLIENTS; i++)
		fds[i] = connect_to(site->server);
	int64_t all = cpu_us(RUSAGE_SELF), mine = cpu_us(RUSAGE_THREAD), from = clock_mono_us();
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CLIENTS; i++)
			must(write(fds[i], request, sizeof(request) - 1) > 0, "write");
		for (int i = 0; i < CLIENTS; i++)
			must(read(fds[i], got, sizeof(got)) > 0, "read");
	}
	all = cpu_us(RUSAGE_SELF) - all - (cpu_us(RUSAGE_THREAD) - mine);
	double n = (double)CLIENTS * ROUNDS;
	printf("{\"bench\": \"%s\", \"unit\": \"us_cpu/request\", \"value\": %.1f, \"per_second\": %.0f}\n",
		name, (double)all / n, n * 1e6 / (double)(clock_mono_us() - from));
	for (int i = 0; i < CLIENTS; i++)
		close(fds[i]);
	loop_stop(site->loop);
	pthread_join(thread, NULL);
	site_close(site);
}

static long rss_bytes(void)
{
	long size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	must(f && fscanf(f, "%ld %ld", &size, &resident) == 2, "statm");
	fclose(f);
	return resident * sysconf(_SC_PAGESIZE);
}

static void bench_sockets(struct site *site)
{
	static int fds[SOCKETS];
	long before = 0;
	site_open(site, 0);
	for (int i = 0; i < SOCKETS; i++) {
		if (i == WARM_SOCKETS)
			before = rss_bytes();
		fds[i] = connect_to(site->server);
		must(write(fds[i], handshake, sizeof(handshake) - 1) > 0, "write");
		while (site->n_sockets <= i)
			loop_run_once(site->loop);
	}
	printf("{\"bench\": \"websocket_idle\", \"unit\": \"bytes/socket\", \"value\": %ld}\n",
		(rss_bytes() - before) / (SOCKETS - WARM_SOCKETS));
	for (int i = 0; i < SOCKETS; i++)
		close(fds[i]);
	site_close(site);
}

int main(void)
{
	struct site *site = mem_alloc(sizeof(*site));
	bench_sockets(site);
	bench_requests(site, 0, "http_on_loop");
	bench_requests(site, 2, "http_through_pool");
	bench_tls();
	free(site);
	return 0;
}
