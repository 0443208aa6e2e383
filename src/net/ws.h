#ifndef LX_NET_WS_H
#define LX_NET_WS_H

#include "net/http.h"

/* WebSocket (RFC 6455), server and client side, framed by wslay: a struct obj of one loop. No extensions. */
struct ws;

struct ws_handlers {
	/* A whole message; text is UTF-8. The bytes are good until the handler returns. */
	void (*message)(void *arg, struct str message, bool is_text);
	/* The end, exactly once, never from inside a call: code of the peer's close frame, or ours when we
	 * closed (1002, 1007, 1009, 1013 …), 1006 without any. */
	void (*closed)(void *arg, int code);
	/* Optional, client: the handshake is done. */
	void (*opened)(void *arg);
	/* Optional: all that waited has gone to the kernel. */
	void (*drained)(void *arg);
};

/* Zero means the default in brackets. */
struct ws_opts {
	size_t message_max; /* bytes of a message received, 1009 above it [64 kB] */
	size_t out_max;     /* bytes waiting to be sent, 1013 above it [256 kB] */
	int64_t ping_ms;    /* [25 s] */
	int64_t silent_ms;  /* cut when nothing came for so long [60 s] */
	/* Server: subprotocols we speak, NULL-ended; the client's first that is among them is chosen. With
	 * need_protocol a client that offers none of them is refused with 400. */
	const char *const *protocols;
	bool need_protocol;
	/* Server, optional: whether a page of that origin may connect; refused with 403. Without it an Origin
	 * must name the same host as Host. Clients outside browsers send none and are let in. */
	bool (*origin_ok)(void *arg, const struct http_req *req, struct str origin);
	void *origin_arg;
};

/* Answers an upgrade request and takes it over. 0 with the caller's reference to *ret_ws; otherwise it was
 * refused (400, 403, 426, or the client has gone) and an error is returned. No handler is called before it
 * returns. On the loop only. */
int ws_accept(struct http_req *req, const struct ws_opts *opts, const struct ws_handlers *handlers, void *arg,
	struct ws **ret_ws) MUST_CHECK;
/* Whether the request asks for a WebSocket at all. */
bool ws_is_upgrade(const struct http_req *req);

/* For tests and robots. What is sent before `opened` waits. */
struct ws_target {
	struct addr to;
	const char *host; /* for Host; the address when NULL */
	const char *path;
	const char *protocol; /* offered; NULL: none */
	const char *origin;   /* NULL: none */
	const char *headers;  /* whole extra lines, each with CRLF; NULL: none */
	struct tls *tls;
};
int ws_connect(struct loop *loop, const struct ws_target *target, const struct ws_opts *opts,
	const struct ws_handlers *handlers, void *arg, struct ws **ret_ws) MUST_CHECK;

/* -E_CLOSED when it is closing; -E_LIMIT over out_max: closed with 1013 then. */
int ws_send(struct ws *ws, struct str text);
int ws_send_binary(struct ws *ws, struct str bytes);

void ws_close(struct ws *ws, int code, const char *reason); /* with a handshake of at most 5 s */
void *ws_drop(
	struct ws *ws); /* at once, no handler any more, reference given back; NULL allowed; returns NULL */

const char *ws_protocol(const struct ws *ws); /* chosen; "" without */
const struct addr *ws_peer(const struct ws *ws);
const struct addr *ws_local(const struct ws *ws);
bool ws_is_tls(const struct ws *ws);
bool ws_is_open(const struct ws *ws);

#endif
