/* Frames and life of a WebSocket. wslay parses what comes; what goes out needs a header of a few bytes,
 * written here. Failing (RFC 6455 section 7.1.7) sends a close frame and ends the stream, which lingers, so
 * the peer reads why. */
#include "net/ws_int.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define CLOSE_WAIT_MS 5000
#define OUT_SLACK_BYTES 4096

static void nobody_hears(void *arg, struct str message, bool is_text)
{
	(void)arg;
	(void)message;
	(void)is_text;
}

static void nobody_cares(void *arg, int code)
{
	(void)arg;
	(void)code;
}

static const struct ws_handlers nobody = { .message = nobody_hears, .closed = nobody_cares };

static void destroy(void *self)
{
	struct ws *ws = self;
	wslay_frame_context_free(ws->frames);
	buf_done(&ws->message);
	buf_done(&ws->early);
	free(ws->request);
	obj_unref(ws->stream);
}

static const struct obj_type ws_type = { "ws", sizeof(struct ws), destroy };

/* Sending */

static size_t print_head(unsigned char *head, unsigned char opcode, size_t n, bool masked)
{
	size_t at = 2;
	head[0] = 0x80 | opcode;
	head[1] = masked ? 0x80 : 0;
	if (n < 126) {
		head[1] |= (unsigned char)n;
		return at;
	}
	int bytes = n < 65536 ? 2 : 8;
	head[1] |= bytes == 2 ? 126 : 127;
	for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
		head[at++] = (unsigned char)((uint64_t)n >> shift);
	return at;
}

static int send_masked(struct ws *ws, unsigned char *head, size_t n_head, struct str payload)
{
	unsigned char mask[4];
	struct buf out;
	id_random(mask, sizeof(mask));
	buf_init(&out, payload.n + 32);
	buf_add(&out, head, n_head);
	buf_add(&out, mask, sizeof(mask));
	char *dst = buf_room(&out, payload.n);
	for (size_t i = 0; i < payload.n; i++)
		dst[i] = (char)((unsigned char)payload.p[i] ^ mask[i % 4]);
	buf_claim(&out, payload.n);
	int e = 0;
	if (ws->phase == WS_CONNECTING)
		buf_adds(&ws->early, buf_str(&out));
	else
		e = stream_send(ws->stream, buf_str(&out));
	buf_done(&out);
	return e;
}

static int send_frame(struct ws *ws, unsigned char opcode, struct str payload)
{
	unsigned char head[10];
	size_t n = print_head(head, opcode, payload.n, ws->is_client);
	if (ws->is_client)
		return send_masked(ws, head, n, payload);
	const struct str parts[] = { { (char *)head, n }, payload };
	return stream_sendv(ws->stream, parts, 2);
}

static void send_close(struct ws *ws, int code, struct str reason)
{
	char payload[WS_CONTROL_BYTES];
	size_t n = 0;
	if (code != 1005) {
		payload[0] = (char)(code >> 8);
		payload[1] = (char)code;
		n = reason.n < sizeof(payload) - 2 ? reason.n : sizeof(payload) - 2;
		if (n)
			memcpy(payload + 2, reason.p, n);
		n += 2;
	}
	send_frame(ws, WSLAY_CONNECTION_CLOSE, (struct str){ payload, n });
}

/* No frame is read any more. */
static void leave(struct ws *ws, int code)
{
	ws->code = ws->code ? ws->code : code;
	ws->phase = WS_GONE;
	timer_stop(loop_timers(ws->loop), &ws->timer);
	stream_close(ws->stream);
}

static void fail(struct ws *ws, int code, const char *reason)
{
	if (ws->phase == WS_OPEN)
		send_close(ws, code, str_from(reason));
	if (ws->phase != WS_GONE)
		leave(ws, code);
}

static int send_message(struct ws *ws, unsigned char opcode, struct str payload)
{
	if (ws->phase != WS_OPEN && ws->phase != WS_CONNECTING)
		return -E_CLOSED;
	if (stream_queued(ws->stream) + ws->early.n + payload.n > ws->opts.out_max) {
		if (ws->phase == WS_CONNECTING)
			leave(ws, 1013);
		else
			fail(ws, 1013, "reads too slowly");
		return -E_LIMIT;
	}
	return send_frame(ws, opcode, payload);
}

int ws_send(struct ws *ws, struct str text)
{
	return send_message(ws, WSLAY_TEXT_FRAME, text);
}

int ws_send_binary(struct ws *ws, struct str bytes)
{
	return send_message(ws, WSLAY_BINARY_FRAME, bytes);
}

/* Receiving */

static bool is_close_code(unsigned code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
		(code >= 3000 && code <= 4999);
}

static void take_close(struct ws *ws, struct str payload)
{
	const unsigned char *p = (const unsigned char *)payload.p;
	unsigned code = payload.n >= 2 ? (unsigned)p[0] << 8 | p[1] : 1005;
	if (payload.n == 1 || (payload.n && !is_close_code(code))) {
		fail(ws, 1002, "bad close code");
		return;
	}
	if (!str_is_utf8(str_sub(payload, 2, payload.n))) {
		fail(ws, 1007, "bad close reason");
		return;
	}
	if (ws->phase == WS_OPEN)
		send_close(ws, (int)code, STR(""));
	leave(ws, (int)code);
}

static void take_control(struct ws *ws, unsigned char opcode)
{
	struct str payload = { (const char *)ws->control, ws->n_control };
	ws->n_control = 0;
	if (opcode == WSLAY_CONNECTION_CLOSE)
		take_close(ws, payload);
	else if (opcode == WSLAY_PING && ws->phase == WS_OPEN)
		send_frame(ws, WSLAY_PONG, payload);
}

static void take_message(struct ws *ws, struct str message)
{
	bool is_text = ws->message_opcode == WSLAY_TEXT_FRAME;
	ws->message_opcode = 0;
	if (ws->phase != WS_OPEN)
		return; /* it came after our close frame */
	if (is_text && !str_is_utf8(message))
		fail(ws, 1007, "text that is not UTF-8");
	else
		ws->handlers->message(ws->arg, message, is_text);
}

static const char *frame_fault(const struct ws *ws, const struct wslay_frame_iocb *f)
{
	bool is_control = f->opcode >= WSLAY_CONNECTION_CLOSE;
	if (f->rsv)
		return "reserved bits";
	if (!f->mask != ws->is_client)
		return ws->is_client ? "masked frame" : "unmasked frame";
	if (f->opcode > WSLAY_PONG || (f->opcode > WSLAY_BINARY_FRAME && !is_control))
		return "unknown opcode";
	if (is_control)
		return f->fin && f->payload_length <= WS_CONTROL_BYTES ? NULL : "bad control frame";
	if (f->opcode == WSLAY_CONTINUATION_FRAME)
		return ws->message_opcode ? NULL : "continuation of nothing";
	return ws->message_opcode ? "message within a message" : NULL;
}

static bool begin_frame(struct ws *ws, const struct wslay_frame_iocb *f)
{
	const char *fault = frame_fault(ws, f);
	ws->frame = (struct ws_frame){
		.begun = true, .opcode = f->opcode, .fin = f->fin, .size = f->payload_length
	};
	if (fault) {
		fail(ws, 1002, fault);
		return false;
	}
	if (f->opcode >= WSLAY_CONNECTION_CLOSE)
		return true;
	if (f->payload_length > ws->opts.message_max - ws->message.n) {
		fail(ws, 1009, "message too long");
		return false;
	}
	if (f->opcode != WSLAY_CONTINUATION_FRAME)
		ws->message_opcode = f->opcode;
	return true;
}

static void end_frame(struct ws *ws, const struct wslay_frame_iocb *f, bool is_whole)
{
	uint64_t length = ws->frame.size;
	ws->done += length + (length < 126 ? 2 : length < 65536 ? 4 : 10) + (f->mask ? 4 : 0);
	ws->frame.begun = false;
	if (ws->frame.opcode >= WSLAY_CONNECTION_CLOSE) {
		take_control(ws, ws->frame.opcode);
	} else if (ws->frame.fin && is_whole) {
		take_message(ws, (struct str){ (const char *)f->data, f->data_length });
	} else if (ws->frame.fin) {
		/* Taken off first: the handler may end us. */
		struct buf message = ws->message;
		buf_init(&ws->message, ws->opts.message_max);
		take_message(ws, buf_str(&message));
		buf_done(&message);
	}
}

static bool take_part(struct ws *ws, const struct wslay_frame_iocb *f)
{
	if (!ws->frame.begun && !begin_frame(ws, f))
		return false;
	bool is_whole = f->data_length == f->payload_length && !ws->message.n;
	ws->frame.got += f->data_length;
	bool is_end = ws->frame.got == ws->frame.size;
	if (ws->frame.opcode >= WSLAY_CONNECTION_CLOSE) {
		if (f->data_length)
			memcpy(ws->control + ws->n_control, f->data, f->data_length);
		ws->n_control += f->data_length;
	} else if (!is_whole || !ws->frame.fin) {
		buf_add(&ws->message, f->data, f->data_length);
	}
	if (is_end)
		end_frame(ws, f, is_whole);
	return ws->phase == WS_OPEN || ws->phase == WS_CLOSING;
}

static ssize_t give_bytes(uint8_t *dst, size_t size, int flags, void *arg)
{
	struct ws *ws = arg;
	size_t n = ws->unread.n < size ? ws->unread.n : size;
	(void)flags;
	if (!n)
		return -1; /* wslay's "no more for now" */
	memcpy(dst, ws->unread.p, n);
	ws->unread = str_sub(ws->unread, n, ws->unread.n);
	return (ssize_t)n;
}

static void read_frames(struct ws *ws, struct str bytes)
{
	static const struct wslay_frame_callbacks callbacks = { .recv_callback = give_bytes };
	struct wslay_frame_iocb f;
	ssize_t n;
	if (!ws->frames && wslay_frame_context_init(&ws->frames, &callbacks, ws)) {
		fail(ws, 1011, "out of memory");
		return;
	}
	ws->unread = bytes;
	ws->fed += bytes.n;
	do {
		memset(&f, 0, sizeof(f));
		n = wslay_frame_recv(ws->frames, &f);
	} while (n >= 0 && take_part(ws, &f));
	if (n < 0 && n != WSLAY_ERR_WANT_READ)
		fail(ws, 1002, "bad frame");
	ws->unread = STR_NONE;
	if (ws->fed == ws->done || ws->phase == WS_GONE) {
		wslay_frame_context_free(ws->frames);
		ws->frames = NULL;
		ws->fed = ws->done = 0;
	}
}

static size_t stream_data(void *arg, struct str bytes)
{
	struct ws *ws = arg;
	ws->heard_us = loop_timers(ws->loop)->now_us;
	if (ws->phase == WS_CONNECTING)
		return ws_take_answer(ws, bytes);
	obj_ref(ws);
	if (ws->phase != WS_GONE)
		read_frames(ws, bytes);
	obj_unref(ws);
	return bytes.n;
}

/* Life */

static void stream_closed(void *arg, int err)
{
	struct ws *ws = arg;
	const struct ws_handlers *handlers = ws->handlers;
	(void)err;
	timer_stop(loop_timers(ws->loop), &ws->timer);
	ws->handlers = &nobody;
	ws->phase = WS_GONE;
	handlers->closed(ws->arg, ws->code ? ws->code : 1006);
	obj_unref(ws);
}

static void stream_connected(void *arg)
{
	struct ws *ws = arg;
	if (ws->phase == WS_CONNECTING)
		ws_ask(ws);
}

static void stream_drained(void *arg)
{
	struct ws *ws = arg;
	if (ws->phase == WS_OPEN && ws->handlers->drained)
		ws->handlers->drained(ws->arg);
}

const struct stream_handlers ws_stream_handlers = {
	.data = stream_data,
	.closed = stream_closed,
	.connected = stream_connected,
	.drained = stream_drained,
};

/* Until the next ping, or until the peer has been silent for too long. */
static void wait_for_sound(struct ws *ws)
{
	struct timers *ts = loop_timers(ws->loop);
	int64_t ping_us = ts->now_us + ws->opts.ping_ms * CLOCK_MS_US;
	int64_t end_us = ws->heard_us + ws->opts.silent_ms * CLOCK_MS_US;
	timer_start(ts, &ws->timer, ping_us < end_us ? ping_us : end_us);
}

static void time_passed(void *arg)
{
	struct ws *ws = arg;
	struct timers *ts = loop_timers(ws->loop);
	if (ws->phase == WS_CLOSING) {
		leave(ws, ws->code);
	} else if (ts->now_us - ws->heard_us >= ws->opts.silent_ms * CLOCK_MS_US) {
		ws->phase = WS_GONE;
		stream_abort(ws->stream, -E_TIMEOUT);
	} else {
		send_frame(ws, WSLAY_PING, STR(""));
		wait_for_sound(ws);
	}
}

static void set_default_ms(int64_t *value, int64_t def)
{
	*value = *value ? *value : def;
}

struct ws *ws_new(
	struct loop *loop, const struct ws_opts *opts, const struct ws_handlers *handlers, void *arg)
{
	struct ws *ws = obj_new(&ws_type);
	ws->loop = loop;
	ws->handlers = handlers;
	ws->arg = arg;
	if (opts)
		ws->opts = *opts;
	ws->opts.message_max = ws->opts.message_max ? ws->opts.message_max : 64 * 1024;
	ws->opts.out_max = ws->opts.out_max ? ws->opts.out_max : 256 * 1024;
	set_default_ms(&ws->opts.ping_ms, 25000);
	set_default_ms(&ws->opts.silent_ms, 60000);
	buf_init(&ws->message, ws->opts.message_max);
	buf_init(&ws->early, ws->opts.out_max + OUT_SLACK_BYTES);
	timer_init(&ws->timer, time_passed, ws);
	obj_ref(ws); /* the stream's */
	return ws;
}

void ws_begin(struct ws *ws)
{
	ws->phase = WS_OPEN;
	ws->heard_us = loop_timers(ws->loop)->now_us;
	stream_set_out_max(ws->stream, ws->opts.out_max * 2 + OUT_SLACK_BYTES);
	wait_for_sound(ws);
}

void ws_close(struct ws *ws, int code, const char *reason)
{
	if (ws->phase == WS_CONNECTING)
		leave(ws, code);
	if (ws->phase != WS_OPEN)
		return;
	send_close(ws, code, str_from(reason));
	if (ws->phase != WS_OPEN)
		return;
	ws->phase = WS_CLOSING;
	ws->code = code;
	timer_start_in(loop_timers(ws->loop), &ws->timer, CLOSE_WAIT_MS * CLOCK_MS_US);
}

void *ws_drop(struct ws *ws)
{
	if (!ws)
		return NULL;
	ws->handlers = &nobody;
	ws->phase = WS_GONE;
	timer_stop(loop_timers(ws->loop), &ws->timer);
	stream_abort(ws->stream, 0);
	return obj_unref(ws);
}

const char *ws_protocol(const struct ws *ws)
{
	return ws->protocol;
}

const struct addr *ws_peer(const struct ws *ws)
{
	return stream_peer(ws->stream);
}

const struct addr *ws_local(const struct ws *ws)
{
	return stream_local(ws->stream);
}

bool ws_is_tls(const struct ws *ws)
{
	return stream_is_tls(ws->stream);
}

bool ws_is_open(const struct ws *ws)
{
	return ws->phase == WS_OPEN;
}
