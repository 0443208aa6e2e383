/* WebSocket: handshakes, the frames of RFC 6455 good and bad, sizes and times, and both our sides together.
 */
#include "net_fix.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct side {
	struct ws *ws;
	struct buf got; /* messages: "t:" or "b:", text, "|" */
	int n_messages, n_closed, code;
	bool opened, drained, drop_on_message, close_on_message, echo;
};

struct scene {
	struct loop *loop;
	struct http_server *server;
	struct ws_opts opts;
	struct side ours, theirs; /* server, ws_connect() client */
	struct fix_peer raw;
	int accept_err;
	bool accept_later;
	struct http_req *waiting;
	struct tls *server_tls, *client_tls;
};

static void side_message(void *arg, struct str message, bool is_text)
{
	struct side *side = arg;
	if (!side->got.max)
		buf_init(&side->got, 16 * 1024 * 1024);
	side->n_messages++;
	buf_addz(&side->got, is_text ? "t:" : "b:");
	buf_adds(&side->got, message);
	buf_addc(&side->got, '|');
	if (side->echo)
		ws_send(side->ws, message);
	if (side->drop_on_message)
		side->ws = ws_drop(side->ws);
	else if (side->close_on_message)
		ws_close(side->ws, 1000, "bye");
}

static void side_closed(void *arg, int code)
{
	struct side *side = arg;
	side->n_closed++;
	side->code = code;
}

static void side_opened(void *arg)
{
	((struct side *)arg)->opened = true;
}

static void side_drained(void *arg)
{
	((struct side *)arg)->drained = true;
}

static const struct ws_handlers side_handlers = { side_message, side_closed, side_opened, side_drained };

static void accept_now(struct scene *sc, struct http_req *req)
{
	sc->accept_err = ws_accept(req, &sc->opts, &side_handlers, &sc->ours, &sc->ours.ws);
}

static void handle(void *arg, struct http_req *req)
{
	struct scene *sc = arg;
	if (sc->accept_later)
		sc->waiting = req;
	else
		accept_now(sc, req);
}

static void make_tls(struct scene *sc)
{
	char dir[64], cert[96], key[96];
	fix_dir(dir, sizeof(dir));
	snprintf(cert, sizeof(cert), "%s/cert.pem", dir);
	snprintf(key, sizeof(key), "%s/key.pem", dir);
	fix_cert(cert, key, "desk.test");
	assert_int_equal(tls_server_new(cert, key, &sc->server_tls, NULL), 0);
	assert_int_equal(tls_client_new(cert, &sc->client_tls, NULL), 0);
	fix_dir_remove(dir);
}

static void scene_init_with(struct scene *sc, bool secure)
{
	static const char *const protocols[] = { "sip", "events", NULL };
	struct addr any = fix_addr("127.0.0.1:0");
	*sc = (struct scene){ .loop = loop_new(), .opts = { .protocols = protocols } };
	if (secure)
		make_tls(sc);
	struct http_opts opts = { .handler = handle, .arg = sc, .stream = { .tls = sc->server_tls } };
	assert_int_equal(http_listen(sc->loop, &any, &opts, &sc->server), 0);
}

static void scene_init(struct scene *sc)
{
	scene_init_with(sc, false);
}

static void scene_clear(struct scene *sc)
{
	fix_peer_done(&sc->raw);
	sc->ours.ws = ws_drop(sc->ours.ws);
	sc->theirs.ws = ws_drop(sc->theirs.ws);
	buf_done(&sc->ours.got);
	buf_done(&sc->theirs.got);
	sc->raw = (struct fix_peer){ 0 };
	sc->ours = sc->theirs = (struct side){ 0 };
}

static void scene_done(struct scene *sc)
{
	scene_clear(sc);
	http_close(sc->server);
	loop_free(sc->loop);
	tls_free(sc->server_tls);
	tls_free(sc->client_tls);
}

static void raw_open(struct scene *sc, const char *request)
{
	assert_int_equal(stream_connect(sc->loop, http_local(sc->server), NULL, &fix_peer_handlers, &sc->raw,
				 &sc->raw.s),
		0);
	buf_init(&sc->raw.got, 16 * 1024 * 1024);
	assert_int_equal(stream_send(sc->raw.s, str_from(request)), 0);
}

#define SHAKE                                                                                                \
	"GET /sip HTTP/1.1\r\nHost: desk.test\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"  \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

static void raw_shake(struct scene *sc)
{
	raw_open(sc, SHAKE "\r\n");
	RUN_UNTIL(sc->loop, sc->ours.ws && sc->raw.got.n && strstr(sc->raw.got.p, "\r\n\r\n"));
	buf_reset(&sc->raw.got);
}

static void handshakes_are_judged(void **state)
{
	static const struct {
		const char *request, *first, *contains;
	} cases[] = {
		{ SHAKE "\r\n", "HTTP/1.1 101 ", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" },
		{ SHAKE "Sec-WebSocket-Protocol: x, sip\r\n\r\n", "HTTP/1.1 101 ",
			"Sec-WebSocket-Protocol: sip\r\n" },
		{ SHAKE "Sec-WebSocket-Protocol: x\r\nSec-WebSocket-Protocol: events,sip\r\n\r\n",
			"HTTP/1.1 101 ", "Sec-WebSocket-Protocol: events\r\n" },
		{ SHAKE "Origin: https://DESK.test\r\n\r\n", "HTTP/1.1 101 ", "" },
		{ SHAKE "Origin: https://evil.test\r\n\r\n", "HTTP/1.1 403 ", "" },
		{ SHAKE "Origin: null\r\n\r\n", "HTTP/1.1 403 ", "" },
		{ SHAKE "Origin: desk.test\r\n\r\n", "HTTP/1.1 403 ", "" },
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 426 ", "Upgrade: websocket\r\n" },
		{ "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n",
			"HTTP/1.1 426 ", "Sec-WebSocket-Version: 13\r\n" },
		{ "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		  "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n",
			"HTTP/1.1 400 ", "" },
		{ "POST / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
			"HTTP/1.1 400 ", "" },
	};
	struct scene sc;
	(void)state;
	scene_init(&sc);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		raw_open(&sc, cases[i].request);
		RUN_UNTIL(sc.loop, sc.raw.got.n && strstr(sc.raw.got.p, "\r\n\r\n"));
		if (strncmp(sc.raw.got.p, cases[i].first, strlen(cases[i].first)) ||
			!strstr(sc.raw.got.p, cases[i].contains))
			fail_msg("%s\n%s", cases[i].request, sc.raw.got.p);
		assert_int_equal(sc.accept_err == 0, sc.ours.ws != NULL);
		scene_clear(&sc);
	}
	sc.opts.need_protocol = true;
	raw_open(&sc, SHAKE "\r\n");
	RUN_UNTIL(sc.loop, sc.raw.got.n);
	assert_memory_equal(sc.raw.got.p, "HTTP/1.1 400 ", 13);
	scene_done(&sc);
}

/* A client's frame: payload masked with zeros, so that it can be read. */
#define M0 "\x00\x00\x00\x00"
#define HELLO "\x81\x85" M0 "Hello"

struct frame_case {
	struct str in;
	const char *messages; /* what arrives */
	int code;             /* of the end, 0: it stays open */
	struct str out;       /* what the client gets, as far as it matters */
};

static const struct frame_case frame_cases[] = {
	{ STR(HELLO), "t:Hello|", 0, STR("") },
	{ STR("\x82\x83" M0 "\xff\x00\x01"), "b:\xff", 0, STR("") },
	{ STR("\x81\x80" M0), "t:|", 0, STR("") },
	{ STR("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), "t:Hello|", 0, STR("") },
	{ STR(HELLO HELLO), "t:Hello|t:Hello|", 0, STR("") },
	/* fragments, empty ones too, with control frames between */
	{ STR("\x01\x83" M0 "Hel\x80\x82" M0 "lo"), "t:Hello|", 0, STR("") },
	{ STR("\x01\x80" M0 "\x00\x85" M0 "Hello\x80\x80" M0), "t:Hello|", 0, STR("") },
	{ STR("\x01\x83" M0 "Hel\x89\x82" M0 "hi\x80\x82" M0 "lo"), "t:Hello|", 0, STR("\x8a\x02hi") },
	{ STR("\x01\x82" M0 "\xe5\xae\x80\x81" M0 "\xbd"), "t:\xe5\xae\xbd|", 0, STR("") },
	{ STR("\x89\x80" M0), "", 0, STR("\x8a\x00") },
	{ STR("\x8a\x82" M0 "hi"), "", 0, STR("") },
	/* protocol faults */
	{ STR("\x81\x05Hello"), "", 1002, STR("\x88") },
	{ STR("\xc1\x85" M0 "Hello"), "", 1002, STR("\x88") },
	{ STR("\x83\x80" M0), "", 1002, STR("\x88") },
	{ STR("\x8b\x80" M0), "", 1002, STR("\x88") },
	{ STR("\x80\x85" M0 "Hello"), "", 1002, STR("\x88") },
	{ STR("\x01\x83" M0 "Hel\x81\x82" M0 "lo"), "", 1002, STR("\x88") },
	{ STR("\x09\x80" M0), "", 1002, STR("\x88") },
	{ STR("\x89\xfe\x00\x7e" M0 "x"), "", 1002, STR("\x88") },
	{ STR("\x81\xfe\x00\x05" M0 "Hello"), "", 1002, STR("\x88") },
	/* bad text */
	{ STR("\x81\x82" M0 "\xc3\x28"), "", 1007, STR("\x88") },
	{ STR("\x01\x81" M0 "\xed\x80\x82" M0 "\xa0\x80"), "", 1007, STR("\x88") },
	/* sizes: 70,000 above the cap, and the frame of 20 bytes that claims nearly all there is */
	{ STR("\x82\xff\x00\x00\x00\x00\x00\x01\x11\x70" M0 "x"), "", 1009, STR("\x88") },
	{ STR("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xfe" M0 "abcdef"), "", 1002, STR("\x88") },
	{ STR("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xfe" M0 "abcdef"), "", 1009, STR("\x88") },
	/* closing */
	{ STR("\x88\x80" M0), "", 1005, STR("\x88\x00") },
	{ STR("\x88\x82" M0 "\x03\xe8"), "", 1000, STR("\x88\x02\x03\xe8") },
	{ STR("\x88\x85" M0 "\x0b\xb8"
	      "bye" HELLO),
		"", 3000, STR("\x88\x02\x0b\xb8") },
	{ STR("\x88\x81" M0 "x"), "", 1002, STR("\x88") },
	{ STR("\x88\x82" M0 "\x03\xed"), "", 1002, STR("\x88") },
	{ STR("\x88\x82" M0 "\x03\xe7"), "", 1002, STR("\x88") },
	{ STR("\x88\x84" M0 "\x03\xe8\xff\xff"), "", 1007, STR("\x88") },
};

static void run_case(struct scene *sc, const struct frame_case *c, size_t split)
{
	raw_shake(sc);
	assert_int_equal(stream_send(sc->raw.s, str_sub(c->in, 0, split)), 0);
	for (int turn = 0; turn < 2; turn++)
		loop_run_nowait(sc->loop);
	stream_send(sc->raw.s, str_sub(c->in, split, c->in.n));
	if (c->code)
		RUN_UNTIL(sc->loop, sc->ours.n_closed && sc->raw.n_closed);
	else
		RUN_UNTIL(sc->loop, sc->raw.got.n >= c->out.n && sc->ours.got.n >= strlen(c->messages));
	assert_int_equal(sc->ours.code, c->code);
	assert_memory_equal(sc->ours.got.n ? sc->ours.got.p : "", c->messages, strlen(c->messages));
	assert_true(sc->raw.got.n >= c->out.n);
	assert_memory_equal(sc->raw.got.p, c->out.p, c->out.n);
	if (c->code && c->out.n == 1 && sc->raw.got.n >= 4)
		assert_int_equal(
			(unsigned char)sc->raw.got.p[2] << 8 | (unsigned char)sc->raw.got.p[3], c->code);
	scene_clear(sc);
}

static void frames_are_understood(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	for (size_t i = 0; i < ARRAY_LEN(frame_cases); i++)
		run_case(&sc, &frame_cases[i], frame_cases[i].in.n);
	scene_done(&sc);
}

static void frames_are_understood_at_every_split(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	for (size_t i = 0; i < ARRAY_LEN(frame_cases); i++)
		for (size_t split = 1; split < frame_cases[i].in.n; split += 2)
			run_case(&sc, &frame_cases[i], split);
	scene_done(&sc);
}

static void frames_behind_the_handshake_count(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	for (int later = 0; later < 2; later++) {
		struct buf b;
		sc.accept_later = later;
		buf_init(&b, 1000);
		buf_addz(&b, SHAKE "\r\n");
		buf_adds(&b, STR(HELLO));
		raw_open(&sc, "");
		assert_int_equal(stream_send(sc.raw.s, buf_str(&b)), 0);
		buf_done(&b);
		RUN_UNTIL(sc.loop, sc.ours.ws || sc.waiting);
		fix_run_for(sc.loop, 5); /* the frame has come too, and waits in the stream */
		if (later) {
			accept_now(&sc, sc.waiting);
			assert_int_equal(sc.ours.n_messages, 0);
		}
		RUN_UNTIL(sc.loop, sc.ours.n_messages == 1);
		assert_string_equal(sc.ours.got.p, "t:Hello|");
		scene_clear(&sc);
	}
	scene_done(&sc);
}

static void a_client_that_left_cannot_be_accepted(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	sc.accept_later = true;
	raw_open(&sc, SHAKE "\r\n");
	RUN_UNTIL(sc.loop, sc.waiting);
	stream_abort(sc.raw.s, 0);
	RUN_UNTIL(sc.loop, http_is_gone(sc.waiting));
	accept_now(&sc, sc.waiting);
	assert_int_equal(sc.accept_err, -E_CLOSED);
	assert_null(sc.ours.ws);
	scene_done(&sc);
}

static void both_open(struct scene *sc, const char *protocol)
{
	struct ws_target target = { .to = *http_local(sc->server),
		.path = "/sip",
		.protocol = protocol,
		.tls = sc->client_tls,
		.host = sc->client_tls ? "desk.test:443" : NULL };
	assert_int_equal(ws_connect(sc->loop, &target, NULL, &side_handlers, &sc->theirs, &sc->theirs.ws), 0);
}

static void talk(bool secure)
{
	static const size_t sizes[] = { 0, 1, 125, 126, 4091, 4096, 65000, 65535 };
	struct scene sc;
	char *text = mem_alloc(70000);
	scene_init_with(&sc, secure);
	both_open(&sc, "sip");
	assert_int_equal(ws_send(sc.theirs.ws, STR("early")), 0);
	RUN_UNTIL(sc.loop, sc.theirs.opened && sc.ours.n_messages == 1);
	assert_true(ws_is_tls(sc.ours.ws) == secure);
	assert_string_equal(ws_protocol(sc.theirs.ws), "sip");
	assert_string_equal(ws_protocol(sc.ours.ws), "sip");
	sc.ours.echo = true;
	memset(text, 'x', 70000);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		assert_int_equal(ws_send(sc.theirs.ws, (struct str){ text, sizes[i] }), 0);
		buf_reset(&sc.theirs.got);
		RUN_UNTIL(sc.loop, sc.theirs.n_messages == (int)i + 1);
		assert_int_equal(sc.theirs.got.n, sizes[i] + 3);
	}
	free(text);
	assert_int_equal(ws_send_binary(sc.theirs.ws, STR("\0\1")), 0);
	RUN_UNTIL(sc.loop, strstr(sc.ours.got.p, "b:"));
	ws_close(sc.theirs.ws, 1000, "done");
	assert_int_equal(ws_send(sc.theirs.ws, STR("late")), -E_CLOSED);
	RUN_UNTIL(sc.loop, sc.theirs.n_closed && sc.ours.n_closed);
	assert_int_equal(sc.theirs.code, 1000);
	assert_int_equal(sc.ours.code, 1000);
	scene_done(&sc);
}

static void both_sides_talk(void **state)
{
	(void)state;
	talk(false);
	talk(true);
}

static void ending_inside_a_handler_is_safe(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	for (int drop = 0; drop < 2; drop++) {
		both_open(&sc, NULL);
		RUN_UNTIL(sc.loop, sc.theirs.opened);
		sc.ours.drop_on_message = drop;
		sc.ours.close_on_message = !drop;
		ws_send(sc.theirs.ws, STR("one"));
		ws_send(sc.theirs.ws, STR("two"));
		RUN_UNTIL(sc.loop, sc.theirs.n_closed);
		assert_int_equal(sc.ours.n_messages, 1);
		assert_int_equal(sc.theirs.code, drop ? 1006 : 1000);
		scene_clear(&sc);
	}
	scene_done(&sc);
}

static void a_slow_reader_is_closed(void **state)
{
	struct scene sc;
	char *text = mem_alloc(50000);
	int e = 0;
	(void)state;
	memset(text, 'x', 50000);
	scene_init(&sc);
	raw_shake(&sc);
	stream_pause(sc.raw.s);
	for (int i = 0; i < 1000 && !e; i++)
		e = ws_send(sc.ours.ws, (struct str){ text, 50000 });
	assert_int_equal(e, -E_LIMIT);
	assert_int_equal(ws_send(sc.ours.ws, STR("x")), -E_CLOSED);
	assert_int_equal(sc.ours.n_closed, 0);
	stream_resume(sc.raw.s);
	RUN_UNTIL(sc.loop, sc.ours.n_closed && sc.raw.n_closed);
	assert_int_equal(sc.ours.code, 1013);
	free(text);
	scene_done(&sc);
}

#define SILENT_MS 5000

/* The clock is turned to the end of the silence, so that a slow machine cannot come late. */
static void silence_ends_it(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	sc.opts.ping_ms = 10;
	sc.opts.silent_ms = SILENT_MS;
	raw_shake(&sc);
	RUN_UNTIL(sc.loop, sc.raw.got.n >= 2);
	assert_memory_equal(sc.raw.got.p, "\x89\x00", 2);
	assert_int_equal(sc.ours.n_closed, 0);
	timers_run(loop_timers(sc.loop), loop_now_us(sc.loop) + SILENT_MS * CLOCK_MS_US);
	RUN_UNTIL(sc.loop, sc.ours.n_closed);
	assert_int_equal(sc.ours.code, 1006);
	scene_clear(&sc);
	both_open(&sc, NULL); /* answers pings, so it stays */
	RUN_UNTIL(sc.loop, sc.theirs.opened);
	int64_t opened_us = loop_now_us(sc.loop);
	fix_run_for(sc.loop, 100);
	for (int i = 0; i < 10; i++)
		loop_run_nowait(sc.loop); /* the last answer is in */
	timers_run(loop_timers(sc.loop), opened_us + SILENT_MS * CLOCK_MS_US);
	(void)loop_now_us(sc.loop);
	for (int i = 0; i < 10; i++)
		loop_run_nowait(sc.loop);
	assert_int_equal(sc.ours.n_closed, 0);
	scene_done(&sc);
}

static void servers_that_answer_wrong_are_left(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 101 X\r\nSec-WebSocket-Accept: bm90IHRoZSByaWdodCBvbmUgIQ==\r\n\r\n",
		"HTTP/1.1 101 X\r\n\r\n",
		"",
	};
	struct loop *loop = loop_new();
	struct fix_server server = { .n_accepted = 0 };
	struct addr any = fix_addr("127.0.0.1:0");
	(void)state;
	assert_int_equal(listener_open(loop, &any, NULL, fix_accept, &server, &server.l), 0);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct side side = { .n_closed = 0 };
		struct ws_target target = { .to = *listener_local(server.l), .path = "/" };
		assert_int_equal(ws_connect(loop, &target, NULL, &side_handlers, &side, &side.ws), 0);
		RUN_UNTIL(loop, server.peer.got.n);
		stream_send(server.peer.s, str_from(answers[i]));
		stream_close(server.peer.s);
		RUN_UNTIL(loop, side.n_closed);
		assert_int_equal(side.code, 1006);
		assert_false(side.opened);
		ws_drop(side.ws);
		fix_peer_done(&server.peer);
		server.peer = (struct fix_peer){ 0 };
	}
	listener_close(server.l);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handshakes_are_judged),
		cmocka_unit_test(frames_are_understood),
		cmocka_unit_test(frames_are_understood_at_every_split),
		cmocka_unit_test(frames_behind_the_handshake_count),
		cmocka_unit_test(a_client_that_left_cannot_be_accepted),
		cmocka_unit_test(both_sides_talk),
		cmocka_unit_test(ending_inside_a_handler_is_safe),
		cmocka_unit_test(a_slow_reader_is_closed),
		cmocka_unit_test(silence_ends_it),
		cmocka_unit_test(servers_that_answer_wrong_are_left),
	};
	return unit_run(tests);
}
