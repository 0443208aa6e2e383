/* Handshakes (RFC 6455 section 4). The server's side checks the page's origin, because browsers send cookies
 * with a WebSocket to any host, whoever wrote the page. */
#include "net/http_int.h"
#include "net/ws_int.h"

#include "base/id.h"
#include "base/mem.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static void accept_of(struct str key, char *dst)
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	char text[WS_KEY_BYTES + sizeof(GUID)];
	size_t n = key.n < WS_KEY_BYTES ? key.n : WS_KEY_BYTES;
	memcpy(text, key.p, n);
	memcpy(text + n, GUID, sizeof(GUID) - 1);
	SHA1((unsigned char *)text, n + sizeof(GUID) - 1, digest);
	EVP_EncodeBlock((unsigned char *)dst, digest, sizeof(digest));
}

static bool any_header_has(const struct http_req *req, const char *name, const char *token)
{
	for (size_t i = 0; i < req->n_headers; i++)
		if (str_caseeqz(req->headers[i].name, name) && http_list_has(req->headers[i].value, token))
			return true;
	return false;
}

bool ws_is_upgrade(const struct http_req *req)
{
	return any_header_has(req, "Upgrade", "websocket") && any_header_has(req, "Connection", "upgrade");
}

static bool is_key(struct str key)
{
	unsigned char bytes[24];
	return key.n == 24 && str_eqz(str_sub(key, 22, 24), "==") && key.p[21] != '=' &&
		EVP_DecodeBlock(bytes, (const unsigned char *)key.p, 24) == 18;
}

static bool origin_ok(const struct http_req *req, const struct ws_opts *opts)
{
	struct str origin = http_header(req, "Origin");
	if (!origin.p)
		return true;
	if (opts->origin_ok)
		return opts->origin_ok(opts->origin_arg, req, origin);
	struct str host = origin;
	if (str_casestarts(host, STR("http://")))
		host = str_sub(host, 7, host.n);
	else if (str_casestarts(host, STR("https://")))
		host = str_sub(host, 8, host.n);
	else
		return false;
	return str_caseeq(host, req->host);
}

/* The client's first protocol that we speak. */
static const char *choose_protocol(const struct http_req *req, const struct ws_opts *opts)
{
	for (size_t i = 0; opts->protocols && i < req->n_headers; i++) {
		struct str list = req->headers[i].value;
		if (!str_caseeqz(req->headers[i].name, "Sec-WebSocket-Protocol"))
			continue;
		while (list.n) {
			struct str word = str_trim(str_cut(&list, ','));
			for (const char *const *p = opts->protocols; *p; p++)
				if (str_eqz(word, *p))
					return *p;
		}
	}
	return "";
}

static int refuse(struct http_req *req, int status, const char *why)
{
	if (status == 426) {
		http_set(req, "Upgrade", "websocket");
		http_set(req, "Sec-WebSocket-Version", "13");
	}
	http_reply_text(req, status, "text/plain", str_from(why));
	return status == 403 ? -E_FORBIDDEN : -E_INVALID;
}

static void send_accept(struct ws *ws, struct str key)
{
	struct buf out;
	char accept[WS_ACCEPT_BYTES];
	accept_of(key, accept);
	buf_init(&out, 1024);
	buf_printf(&out,
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Accept: %s\r\n",
		accept);
	if (ws->protocol[0])
		buf_printf(&out, "Sec-WebSocket-Protocol: %s\r\n", ws->protocol);
	buf_addz(&out, "\r\n");
	stream_send(ws->stream, buf_str(&out));
	buf_done(&out);
}

static int check(struct http_req *req, const struct ws_opts *opts, const char *protocol)
{
	const struct request *r = CONTAINER_OF(req, struct request, pub);
	if (!ws_is_upgrade(req))
		return refuse(req, 426, "a WebSocket is served here\n");
	if (req->method != HTTP_GET || r->is_1_0 || req->body_size ||
		!is_key(http_header(req, "Sec-WebSocket-Key")))
		return refuse(req, 400, "malformed WebSocket handshake\n");
	if (!str_eqz(http_header(req, "Sec-WebSocket-Version"), "13"))
		return refuse(req, 426, "WebSocket version 13 is spoken here\n");
	if (!origin_ok(req, opts))
		return refuse(req, 403, "pages of this origin may not connect\n");
	if (opts->need_protocol && !protocol[0])
		return refuse(req, 400, "none of the subprotocols is spoken here\n");
	return 0;
}

/* What stood behind the handshake. Later, so that no handler is called before ws_accept() has returned. */
static void read_on(void *arg)
{
	struct ws *ws = arg;
	if (ws->phase == WS_OPEN)
		stream_resume(ws->stream);
	obj_unref(ws);
}

int ws_accept(struct http_req *req, const struct ws_opts *opts, const struct ws_handlers *handlers, void *arg,
	struct ws **ret_ws)
{
	static const struct ws_opts defaults;
	struct request *r = CONTAINER_OF(req, struct request, pub);
	const char *protocol = choose_protocol(req, opts ? opts : &defaults);
	int e = check(req, opts ? opts : &defaults, protocol);
	if (e)
		return e;
	bool is_late = r->conn && !r->conn->reading; /* within `data` the stream goes on by itself */
	struct stream *stream = http_take_stream(req);
	if (!stream || http_is_gone(req)) {
		stream_drop(stream);
		http_request_free(r);
		return -E_CLOSED;
	}
	struct loop *loop = r->loop;
	struct ws *ws = ws_new(loop, opts, handlers, arg);
	ws->stream = stream;
	if (str_copy(str_from(protocol), ws->protocol, sizeof(ws->protocol)))
		ws->protocol[0] = '\0';
	stream_set_handlers(stream, &ws_stream_handlers, ws);
	send_accept(ws, http_header(req, "Sec-WebSocket-Key"));
	http_request_free(r);
	ws_begin(ws);
	*ret_ws = ws;
	if (is_late)
		loop_post(loop, read_on, obj_ref(ws));
	return 0;
}

/* The client's side */

static char *print_request(const struct ws_target *t, const char *key)
{
	char host[ADDR_STRLEN];
	struct buf out;
	buf_init(&out, 16384);
	buf_printf(&out,
		"GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n",
		t->path, t->host ? t->host : addr_to_string(&t->to, host), key);
	if (t->protocol)
		buf_printf(&out, "Sec-WebSocket-Protocol: %s\r\n", t->protocol);
	if (t->origin)
		buf_printf(&out, "Origin: %s\r\n", t->origin);
	buf_addz(&out, t->headers ? t->headers : "");
	buf_addz(&out, "\r\n");
	return buf_take(&out);
}

int ws_connect(struct loop *loop, const struct ws_target *target, const struct ws_opts *opts,
	const struct ws_handlers *handlers, void *arg, struct ws **ret_ws)
{
	unsigned char nonce[16];
	char name[256];
	struct str host = str_from(target->host);
	bool named = target->host && !str_copy(str_cut(&host, ':'), name, sizeof(name)) && name[0] != '[';
	const struct stream_opts stream_opts = { .tls = target->tls, .server_name = named ? name : NULL };
	struct ws *ws = ws_new(loop, opts, handlers, arg);
	ws->is_client = true;
	id_random(nonce, sizeof(nonce));
	EVP_EncodeBlock((unsigned char *)ws->key, nonce, sizeof(nonce));
	int e = stream_connect(loop, &target->to, &stream_opts, &ws_stream_handlers, ws, &ws->stream);
	if (e) {
		obj_unref(ws);
		obj_unref(ws);
		return e;
	}
	ws->request = print_request(target, ws->key);
	*ret_ws = ws;
	return 0;
}

void ws_ask(struct ws *ws)
{
	stream_send(ws->stream, str_from(ws->request));
	free(TAKE(ws->request));
}

static struct str find_header(struct str head, const char *name)
{
	while (head.n) {
		struct str line = str_cut(&head, '\n');
		struct str word = str_cut(&line, ':');
		if (str_caseeqz(word, name))
			return str_trim(line);
	}
	return STR_NONE;
}

static bool is_accepted(struct ws *ws, struct str head)
{
	char accept[WS_ACCEPT_BYTES];
	accept_of(str_from(ws->key), accept);
	struct str protocol = find_header(head, "Sec-WebSocket-Protocol");
	return str_starts(head, STR("HTTP/1.1 101 ")) &&
		str_eqz(find_header(head, "Sec-WebSocket-Accept"), accept) &&
		!str_copy(protocol, ws->protocol, sizeof(ws->protocol));
}

size_t ws_take_answer(struct ws *ws, struct str bytes)
{
	size_t n = http_head_size(bytes, &ws->scanned);
	if (!n && bytes.n <= HTTP_HEAD_MAX_BYTES)
		return 0;
	if (!n || !is_accepted(ws, str_sub(bytes, 0, n))) {
		ws->phase = WS_GONE;
		stream_close(ws->stream);
		return bytes.n;
	}
	ws_begin(ws);
	if (ws->early.n)
		stream_send(ws->stream, buf_str(&ws->early));
	buf_done(&ws->early);
	obj_ref(ws);
	if (ws->phase == WS_OPEN && ws->handlers->opened)
		ws->handlers->opened(ws->arg);
	stream_resume(ws->stream); /* what came behind the header is frames */
	obj_unref(ws);
	return n;
}
