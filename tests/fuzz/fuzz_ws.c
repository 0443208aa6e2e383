/* Frames of a client behind a good handshake, once whole and once in two pieces: the same messages and the
 * same end, texts are UTF-8, nothing is longer than allowed. */
#include "net/ws.h"

#include <assert.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_MAX 300

static struct loop *loop;
static struct http_server *server;
static struct ws *ws;
static struct buf seen;
static bool ended;

static void message(void *arg, struct str text, bool is_text)
{
	(void)arg;
	assert(text.n <= MESSAGE_MAX && (!is_text || str_is_utf8(text)));
	buf_printf(&seen, "%zu%c:", text.n, is_text ? 't' : 'b');
	buf_adds(&seen, text);
}

static void closed(void *arg, int code)
{
	(void)arg;
	buf_printf(&seen, "=%d", code);
	ended = true;
}

static const struct ws_handlers handlers = { .message = message, .closed = closed };

static void shake(void *arg, struct http_req *req)
{
	(void)arg;
	const struct ws_opts opts = { .message_max = MESSAGE_MAX };
	int e = ws_accept(req, &opts, &handlers, NULL, &ws);
	assert(!e);
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
	struct http_opts opts = { .handler = shake };
	loop = loop_new();
	int e = addr_from_string(STR("127.0.0.1:0"), &any);
	assert(loop && !e && !http_listen(loop, &any, &opts, &server));
}

/* False when no port was left. */
static bool run(const uint8_t *bytes, size_t n, size_t split)
{
	static const char hello[] =
		"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
	int fd = connect_to(http_local(server));
	if (fd < 0)
		return false;
	ended = false;
	assert(send(fd, hello, sizeof(hello) - 1, MSG_NOSIGNAL) == sizeof(hello) - 1);
	while (!ws)
		loop_run_once(loop);
	bool alive = send(fd, bytes, split, MSG_NOSIGNAL) >= 0;
	for (int turn = 0; alive && split && turn < 2; turn++)
		loop_run_nowait(loop);
	if (alive && send(fd, bytes + split, n - split, MSG_NOSIGNAL) < 0)
		alive = false;
	shutdown(fd, SHUT_WR);
	while (!ended)
		loop_run_once(loop);
	ws = ws_drop(ws);
	close(fd);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf whole;
	if (!loop)
		start();
	if (n > 4096)
		return 0;
	buf_init(&seen, 1 << 20);
	bool both = run(bytes, n, 0);
	whole = seen;
	buf_init(&seen, 1 << 20);
	both = run(bytes, n, n ? bytes[n - 1] % n : 0) && both;
	assert(!both || str_eq(buf_str(&whole), buf_str(&seen)));
	buf_done(&whole);
	buf_done(&seen);
	return 0;
}
