#ifndef LX_NET_WS_INT_H
#define LX_NET_WS_INT_H

#include "base/obj.h"
#include "net/ws.h"

#include <wslay/wslay.h>

/* What ws.c (frames and life) and ws_open.c (handshakes) share. */
#define WS_KEY_BYTES 25    /* base64 of 16 bytes and a terminator */
#define WS_ACCEPT_BYTES 29 /* base64 of 20 bytes and a terminator */
#define WS_PROTOCOL_BYTES 32
#define WS_CONTROL_BYTES 125

enum ws_phase { WS_CONNECTING, WS_OPEN, WS_CLOSING /* our close frame is out */, WS_GONE };

/* The frame being read. */
struct ws_frame {
	bool begun;
	unsigned char opcode;
	bool fin;
	uint64_t size, got; /* of the payload */
};

struct ws {
	struct obj obj; /* the stream's handler holds a reference until its end */
	struct loop *loop;
	struct stream *stream;
	const struct ws_handlers *handlers;
	void *arg;
	struct ws_opts opts;
	enum ws_phase phase;
	bool is_client;
	int code; /* for `closed` */

	/* wslay's context weighs 4 kB, so it lives only while a frame is incomplete: fed != done. */
	wslay_frame_context_ptr frames;
	uint64_t fed, done;
	struct str unread;
	struct ws_frame frame;
	struct buf message;
	unsigned char message_opcode; /* 0: no message begun */
	unsigned char control[WS_CONTROL_BYTES];
	size_t n_control;

	struct timer timer;
	int64_t heard_us;
	struct buf early; /* client: frames that wait for the handshake */
	size_t scanned;   /* client: of the answer's header */
	char key[WS_KEY_BYTES];
	char protocol[WS_PROTOCOL_BYTES];
	char *request; /* client: until connected */
};

struct ws *ws_new(
	struct loop *loop, const struct ws_opts *opts, const struct ws_handlers *handlers, void *arg);
extern const struct stream_handlers ws_stream_handlers;
/* The handshake is done. */
void ws_begin(struct ws *ws);

/* Client: the bytes of the server's answer; how many were taken. */
size_t ws_take_answer(struct ws *ws, struct str bytes);
void ws_ask(struct ws *ws);

#endif
