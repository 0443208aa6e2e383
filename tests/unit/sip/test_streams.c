/* Points (7) and (8) on real sockets of loopback: two stacks talk over UDP and TCP; messages split and glued,
 * pings, wrong lengths, slow peers; a TCP port nobody listens on. */
#include "net/loop.h"
#include "rig.h"
#include "sip/trunk.h"
#include "unit.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct side {
	struct sip_stack *stack;
	struct session *session;
	struct addr addr;
	char log[500];
};

struct world {
	struct loop *loop;
	struct side a, b;
};

static void note(void *arg, const char *what)
{
	struct side *side = arg;
	size_t n = strlen(side->log);
	snprintf(side->log + n, sizeof(side->log) - n, "%s|", what);
}

static void on_answered(struct session *s, void *arg, struct str sdp)
{
	(void)s;
	(void)sdp;
	note(arg, "answered");
}

static void on_ack(struct session *s, void *arg, struct str sdp)
{
	(void)s;
	(void)sdp;
	note(arg, "ack");
}

static void on_ended(struct session *s, void *arg, enum session_end end, int status)
{
	(void)s;
	(void)status;
	note(arg, session_end_name(end));
}

static const struct session_handlers session_handlers = {
	.on_answered = on_answered,
	.on_ack = on_ack,
	.on_ended = on_ended,
};

static enum stack_verdict on_admit(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	(void)arg;
	(void)invite;
	(void)flow;
	return STACK_ADMIT;
}

static void on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	struct side *side = arg;
	(void)invite;
	note(side, session_flow(s)->ops->transport);
	side->session = obj_ref(s);
	session_attach(s, &session_handlers, side);
	assert_int_equal(session_answer(s, STR("answer")), 0);
}

static const struct stack_handlers stack_handlers = { .on_admit = on_admit, .on_invite = on_invite };

static void side_open(struct world *w, struct side *side)
{
	struct addr any;
	struct stack_opts opts = {
		.timers = loop_timers(w->loop),
		.loop = w->loop,
		.handlers = &stack_handlers,
		.arg = side,
	};
	assert_int_equal(addr_from_string(STR("127.0.0.1:0"), &any), 0);
	side->stack = stack_new(&opts);
	assert_int_equal(stack_listen(side->stack, &any, &side->addr), 0);
}

static void world_open(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->loop = loop_new();
	assert_non_null(w->loop);
	side_open(w, &w->a);
	side_open(w, &w->b);
}

static void world_close(struct world *w)
{
	obj_unref(w->a.session);
	obj_unref(w->b.session);
	stack_free(w->a.stack);
	stack_free(w->b.stack);
	for (int i = 0; i < 20; i++)
		loop_run_nowait(w->loop);
	loop_free(w->loop);
}

/* Runs until the log of the side is this; the test's time-out ends a test that waits for ever. */
static void wait_log(struct world *w, struct side *side, const char *log)
{
	while (strcmp(side->log, log) != 0)
		loop_run_once(w->loop);
}

static void call(struct world *w, const char *params, size_t sdp_bytes)
{
	static char sdp[30000];
	char target[200], text[ADDR_STRLEN];
	memset(sdp, 'x', sdp_bytes);
	snprintf(target, sizeof(target), "sip:1@%s%s", addr_to_string(&w->b.addr, text), params);
	struct session_invite_opts opts = {
		.target = str_from(target),
		.from = STR("sip:8001@127.0.0.1"),
		.sdp = { sdp, sdp_bytes },
		.handlers = &session_handlers,
		.arg = &w->a,
	};
	assert_int_equal(session_invite(w->a.stack, &opts, &w->a.session), 0);
}

static void whole_calls_over_udp_and_tcp(void **state)
{
	(void)state;
	static const struct {
		const char *params;
		size_t sdp_bytes;
		const char *log;
	} cases[] = {
		{ "", 300, "UDP|ack|hangup|" },
		{ ";transport=tcp", 300, "TCP|ack|hangup|" },
		{ "", 1500, "TCP|ack|hangup|" },
		{ ";transport=tcp", 25000, "TCP|ack|hangup|" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		world_open(&w);
		call(&w, cases[i].params, cases[i].sdp_bytes);
		wait_log(&w, &w.a, "answered|");
		while (!strstr(w.b.log, "ack"))
			loop_run_once(w.loop);
		session_hangup(w.a.session, NULL);
		wait_log(&w, &w.b, cases[i].log);
		world_close(&w);
	}
}

static void p09_nobody_listens_on_tcp_so_udp_after_all(void **state)
{
	(void)state;
	struct world w;
	struct sockaddr_in udp = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(udp);
	char bytes[4000];
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&udp, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&udp, &n), 0);
	world_open(&w);
	addr_from_sockaddr((struct sockaddr *)&udp, &w.b.addr);
	call(&w, "", 1500);
	while (recv(fd, bytes, sizeof(bytes), 0) < 1500)
		loop_run_once(w.loop);
	assert_memory_equal(bytes, "INVITE sip:1@127.0.0.1", 22);
	assert_non_null(memmem(bytes, 400, "Via: SIP/2.0/UDP", 16));
	assert_string_equal(w.a.log, "");
	close(fd);
	world_close(&w);
}

static int dial(struct world *w)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, &w->b.addr.sa, addr_len(&w->b.addr)), 0);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* Reads until the text stands there; NULL: until the end of the connection. */
static void expect(struct world *w, int fd, const char *text)
{
	static char bytes[70000];
	size_t n = 0;
	bytes[0] = 0;
	while (!text || !strstr(bytes, text)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		loop_run_nowait(w->loop);
		if (poll(&p, 1, 5) <= 0)
			continue;
		ssize_t got = recv(fd, bytes + n, sizeof(bytes) - n - 1, 0);
		if (got <= 0 && !text)
			return;
		assert_true(got > 0);
		n += (size_t)got;
		bytes[n] = 0;
	}
}

static size_t options(char *dst, size_t size, int i, const char *length)
{
	return (size_t)snprintf(dst, size,
		"OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKs%d\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: s%d\r\nCSeq: %d OPTIONS\r\n%s\r\n",
		i, i, i, length);
}

static void p08_split_glued_and_pinged(void **state)
{
	(void)state;
	struct world w;
	char bytes[3000];
	world_open(&w);
	int fd = dial(&w);
	/* Byte by byte. */
	size_t n = options(bytes, sizeof(bytes), 1, "Content-Length: 0\r\n");
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(send(fd, bytes + i, 1, 0), 1);
		loop_run_nowait(w.loop);
	}
	expect(&w, fd, "CSeq: 1 OPTIONS");
	/* Three in one go, with pings between. */
	n = options(bytes, sizeof(bytes), 2, "Content-Length: 0\r\n");
	n += (size_t)snprintf(bytes + n, sizeof(bytes) - n, "\r\n\r\n");
	n += options(bytes + n, sizeof(bytes) - n, 3, "Content-Length: 4\r\n");
	n += (size_t)snprintf(bytes + n, sizeof(bytes) - n, "body");
	n += options(bytes + n, sizeof(bytes) - n, 4, "l: 0\r\n");
	assert_int_equal(send(fd, bytes, n, 0), n);
	expect(&w, fd, "CSeq: 4 OPTIONS");
	assert_int_equal(send(fd, "\r\n\r\n", 4, 0), 4);
	expect(&w, fd, "\r\n");
	close(fd);
	world_close(&w);
}

static void p08_without_a_length_the_stream_is_closed(void **state)
{
	(void)state;
	static const char *const lengths[] = { "", "Content-Length: -1\r\n",
		"Content-Length: 99999999999\r\n", "Content-Length: 1\r\nContent-Length: 2\r\n" };
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct world w;
		char bytes[1000];
		world_open(&w);
		int fd = dial(&w);
		size_t n = options(bytes, sizeof(bytes), 1, lengths[i]);
		assert_int_equal(send(fd, bytes, n, 0), n);
		expect(&w, fd, NULL);
		close(fd);
		world_close(&w);
	}
}

static void p08_a_message_that_never_ends_is_cut(void **state)
{
	(void)state;
	struct world w;
	world_open(&w);
	int fd = dial(&w);
	struct stack_counts counts;
	assert_int_equal(send(fd, "OPTIONS sip:x", 13, 0), 13);
	do {
		loop_run_nowait(w.loop);
		stack_counts(w.b.stack, &counts);
	} while (!counts.flows);
	for (int i = 0; i < 5; i++)
		loop_run_nowait(w.loop);
	/* The clock is turned instead of waiting ten seconds. */
	struct timers *timers = loop_timers(w.loop);
	timers_run(timers, timers->now_us + 11 * SEC);
	expect(&w, fd, NULL);
	close(fd);
	world_close(&w);
}

/* Sends what fits; false when the connection is gone. */
static bool pour(int fd, const char *bytes, size_t n)
{
	ssize_t done = send(fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	return done >= 0 || errno == EAGAIN;
}

static void p08_a_peer_that_does_not_read_is_cut(void **state)
{
	(void)state;
	struct world w;
	static char bytes[60000];
	struct stack_counts counts;
	size_t n = 0;
	world_open(&w);
	int fd = dial(&w);
	while (n + 400 < sizeof(bytes))
		n += options(bytes + n, sizeof(bytes) - n, (int)n, "Content-Length: 0\r\n");
	/* Whole messages only: a part of one would be refused as malformed. */
	do {
		int queued = 0;
		if (ioctl(fd, SIOCOUTQ, &queued) == 0 && queued == 0 && !pour(fd, bytes, n))
			break;
		loop_run_nowait(w.loop);
		stack_counts(w.b.stack, &counts);
	} while (counts.flows || !counts.received);
	stack_counts(w.b.stack, &counts);
	assert_int_equal(counts.malformed, 0);
	assert_true(counts.sent > 500);
	close(fd);
	world_close(&w);
}

static void p07_answers_come_back_over_the_same_connection(void **state)
{
	(void)state;
	struct world w;
	char bytes[1000];
	world_open(&w);
	int one = dial(&w), two = dial(&w);
	/* Via names a port where nobody listens. */
	size_t n = options(bytes, sizeof(bytes), 5, "Content-Length: 0\r\n");
	assert_int_equal(send(two, bytes, n, 0), n);
	expect(&w, two, "CSeq: 5 OPTIONS");
	assert_int_equal(recv(one, bytes, sizeof(bytes), MSG_DONTWAIT), -1);
	close(one);
	close(two);
	world_close(&w);
}

static void a_socket_on_every_address_announces_the_right_one(void **state)
{
	(void)state;
	struct world w;
	struct addr any;
	char bytes[2000];
	world_open(&w);
	assert_int_equal(addr_from_string(STR("0.0.0.0:0"), &any), 0);
	assert_int_equal(stack_listen(w.b.stack, &any, &w.b.addr), 0);
	uint16_t port = addr_port(&w.b.addr);
	assert_int_equal(addr_from_host(STR("127.0.0.1"), port, &w.b.addr), 0);
	/* A caller without rport: the answer goes to the port in Via, from the same socket. */
	struct sockaddr_in back = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(back);
	int ear = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), mouth = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(bind(ear, (struct sockaddr *)&back, n), 0);
	assert_int_equal(getsockname(ear, (struct sockaddr *)&back, &n), 0);
	int len = snprintf(bytes, sizeof(bytes),
		"INVITE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKu\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: u\r\nCSeq: 1 INVITE\r\n"
		"Contact: <sip:a@127.0.0.1:9>\r\nMax-Forwards: 70\r\n\r\n",
		ntohs(back.sin_port));
	assert_int_equal(sendto(mouth, bytes, (size_t)len, 0, &w.b.addr.sa, addr_len(&w.b.addr)), len);
	memset(bytes, 0, sizeof(bytes));
	while (recv(ear, bytes, sizeof(bytes) - 1, 0) < 0)
		loop_run_once(w.loop);
	char contact[100];
	snprintf(contact, sizeof(contact), "Contact: <sip:lingxi@127.0.0.1:%u>", (unsigned)port);
	assert_non_null(strstr(bytes, "SIP/2.0 200 OK"));
	assert_non_null(strstr(bytes, contact));
	close(ear);
	close(mouth);
	world_close(&w);
}

static void a_trunk_by_name(void **state)
{
	(void)state;
	static const char *const transports[] = { "udp", "tcp" };
	for (int i = 0; i < 2; i++) {
		struct world w;
		char proxy[40];
		world_open(&w);
		struct trunks *ts = trunks_new(w.a.stack, NULL, NULL);
		snprintf(proxy, sizeof(proxy), "localhost:%u", (unsigned)addr_port(&w.b.addr));
		struct trunk_opts opts = { .id = 1, .proxy = proxy, .transport = transports[i] };
		assert_int_equal(trunks_set(ts, &opts, NULL), 0);
		struct session_invite_opts invite = {
			.sdp = STR("offer"), .handlers = &session_handlers, .arg = &w.a
		};
		while (trunks_invite(ts, 1, STR("10086"), &invite, &w.a.session) == -E_UNREACHABLE)
			loop_run_once(w.loop);
		wait_log(&w, &w.a, "answered|");
		while (!strstr(w.b.log, "ack"))
			loop_run_once(w.loop);
		assert_string_equal(w.b.log, i ? "TCP|ack|" : "UDP|ack|");
		/* Removed while a look-up may be on its way. */
		assert_int_equal(trunks_set(ts, &opts, NULL), 0);
		trunks_free(ts);
		world_close(&w);
	}
}

static void a_taken_port_is_told(void **state)
{
	(void)state;
	struct world w;
	world_open(&w);
	assert_int_equal(stack_listen(w.a.stack, &w.b.addr, NULL), -E_EXISTS);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_calls_over_udp_and_tcp),
		cmocka_unit_test(p09_nobody_listens_on_tcp_so_udp_after_all),
		cmocka_unit_test(p08_split_glued_and_pinged),
		cmocka_unit_test(p08_without_a_length_the_stream_is_closed),
		cmocka_unit_test(p08_a_message_that_never_ends_is_cut),
		cmocka_unit_test(p08_a_peer_that_does_not_read_is_cut),
		cmocka_unit_test(p07_answers_come_back_over_the_same_connection),
		cmocka_unit_test(a_socket_on_every_address_announces_the_right_one),
		cmocka_unit_test(a_trunk_by_name),
		cmocka_unit_test(a_taken_port_is_told),
	};
	return unit_run(tests);
}
