/* The server itself: the bytes of a client that then ends its half. Whatever they are, the connection ends
 * and every request that was handed out is answered. */
#include "net/http.h"

#include <assert.h>
#include <sys/socket.h>
#include <unistd.h>

static struct loop *loop;
static struct http_server *server;

static void echo(void *arg, struct http_req *req)
{
	(void)arg;
	assert(req->body_fd >= 0 || req->body.n == req->body_size);
	if (req->query.n) {
		http_begin(req, 200);
		if (http_write(req, req->query))
			http_cut(req);
		else
			http_end(req);
		return;
	}
	buf_adds(&req->out, req->body);
	http_reply(req, 200);
}

static void head(void *arg, struct http_req *req)
{
	(void)arg;
	req->body_memory_max = 16;
	if (req->n_headers > 8)
		http_reply_fault(req, -E_FORBIDDEN, NULL);
}

/* From another loopback address now and then, as ports of ended connections rest a minute. */
static int connect_to(const struct addr *to)
{
	static uint32_t n;
	struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0x7f000101 + n++ / 8192) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), late = 1;
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof(late));
	assert(!bind(fd, (struct sockaddr *)&from, sizeof(from)));
	if (!connect(fd, &to->sa, addr_len(to)))
		return fd;
	close(fd);
	return -1; /* after some hundred thousand connections in a minute */
}

static void start(void)
{
	struct addr any;
	struct http_opts opts = { .handler = echo, .head = head };
	loop = loop_new();
	int e = addr_from_string(STR("127.0.0.1:0"), &any);
	assert(loop && !e && !http_listen(loop, &any, &opts, &server));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct http_stats stats;
	if (!loop)
		start();
	int fd = connect_to(http_local(server));
	if (fd < 0)
		return 0;
	size_t first = n ? bytes[0] % n : 0;
	bool sent = n && send(fd, bytes, first, MSG_NOSIGNAL) >= 0;
	loop_run_once(loop);
	if (sent && send(fd, bytes + first, n - first, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		sent = false;
	shutdown(fd, SHUT_WR);
	do {
		loop_run_once(loop);
		http_stats(server, &stats);
	} while (stats.connections);
	assert(!stats.in_flight);
	close(fd);
	return 0;
}
