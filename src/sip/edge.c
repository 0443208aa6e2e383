/* The edge. A page that is served by another port of this host may connect; pages of other hosts may not,
 * although SIP has its own passwords: a visitor's browser should not ring our agents on a stranger's behalf.
 */
#include "sip/edge.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/http.h"
#include "net/ws.h"
#include "sip/flow.h"
#include "sip/msg.h"
#include "sip/stack_int.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PEERS 20000
#define OUT_MAX ((size_t)256 * 1024)

struct sip_edge {
	struct sip_stack *stack;
	struct http_server *server;
	LIST_HEAD(, edge_flow) flows;
};

/* The edge's reference goes with the connection. */
struct edge_flow {
	struct sip_flow flow;
	struct sip_edge *edge;
	struct ws *ws;
	LIST_ENTRY(edge_flow) link;
};

static int send_message(struct sip_flow *flow, struct str bytes)
{
	struct ws *ws = CONTAINER_OF(flow, struct edge_flow, flow)->ws;
	if (!ws)
		return -E_CLOSED;
	/* Text, as browsers expect it; display names from old exchanges may be anything. */
	return str_is_utf8(bytes) ? ws_send(ws, bytes) : ws_send_binary(ws, bytes);
}

static void end(struct edge_flow *f)
{
	LIST_REMOVE(f, link);
	f->ws = ws_drop(f->ws);
	flow_down(&f->flow);
	obj_unref(f);
}

static void close_flow(struct sip_flow *flow)
{
	struct edge_flow *f = CONTAINER_OF(flow, struct edge_flow, flow);
	if (f->edge->stack->closing)
		end(f);
	else if (f->ws)
		ws_close(f->ws, 1000, NULL);
}

static void free_flow(struct sip_flow *flow)
{
	ws_drop(CONTAINER_OF(flow, struct edge_flow, flow)->ws);
}

static const struct flow_ops ws_ops = {
	.transport = "WS",
	.reliable = true,
	.send = send_message,
	.close = close_flow,
	.destroy = free_flow,
};

static const struct flow_ops wss_ops = {
	.transport = "WSS",
	.reliable = true,
	.send = send_message,
	.close = close_flow,
	.destroy = free_flow,
};

static const struct obj_type edge_flow_type = { "edge_flow", sizeof(struct edge_flow), flow_destroy };

static void on_message(void *arg, struct str message, bool is_text)
{
	struct edge_flow *f = arg;
	(void)is_text;
	stack_receive(f->edge->stack, &f->flow, message);
}

static void on_closed(void *arg, int code)
{
	log_(LOG_SIP, LOG_DEBUG, "browser gone code=%d", code);
	end(arg);
}

static const struct ws_handlers ws_handlers = { .message = on_message, .closed = on_closed };

/* "https://host:port" without scheme and port. */
static struct str host_of(struct str s)
{
	for (size_t i = 0; i + 3 <= s.n; i++)
		if (!memcmp(s.p + i, "://", 3)) {
			s = str_sub(s, i + 3, s.n);
			break;
		}
	if (s.n && s.p[0] == '[')
		return str_sub(s, 0, str_find(s, ']') + 1);
	return str_sub(s, 0, str_find(s, ':'));
}

static bool is_same_host(void *arg, const struct http_req *req, struct str origin)
{
	(void)arg;
	return str_caseeq(host_of(origin), host_of(req->host));
}

static void on_request(void *arg, struct http_req *req)
{
	static const char *const protocols[] = { "sip", NULL };
	static const struct ws_opts opts = {
		.message_max = SIP_MSG_MAX,
		.out_max = OUT_MAX,
		.protocols = protocols,
		.need_protocol = true,
		.origin_ok = is_same_host,
	};
	struct sip_edge *edge = arg;
	if (!str_eqz(req->path, "/sip")) {
		http_reply_fault(req, -E_NOT_FOUND, NULL);
		return;
	}
	struct edge_flow *f = obj_new(&edge_flow_type);
	f->edge = edge;
	f->flow.ops = req->is_tls ? &wss_ops : &ws_ops;
	if (ws_accept(req, &opts, &ws_handlers, f, &f->ws) ||
		flow_init(&f->flow, f->flow.ops, edge->stack, ws_local(f->ws), ws_peer(f->ws)))
		obj_unref(f);
	else
		LIST_INSERT_HEAD(&edge->flows, f, link);
}

int edge_open(const struct edge_opts *opts, struct sip_edge **ret_edge)
{
	struct sip_edge *edge = mem_alloc(sizeof(*edge));
	struct http_opts http = {
		.stream.streams_max = opts->max_peers ? opts->max_peers : DEFAULT_PEERS,
		.stream.host_max = opts->host_max,
		.stream.tls = opts->tls,
		.handler = on_request,
		.arg = edge,
	};
	edge->stack = opts->stack;
	LIST_INIT(&edge->flows);
	int e = http_listen(opts->loop, &opts->addr, &http, &edge->server);
	if (e) {
		free(edge);
		return e;
	}
	*ret_edge = edge;
	return 0;
}

struct addr edge_bound(const struct sip_edge *edge)
{
	return *http_local(edge->server);
}

void edge_counts(const struct sip_edge *edge, size_t *ret_open, uint64_t *ret_refused)
{
	struct http_stats stats;
	http_stats(edge->server, &stats);
	*ret_open = stats.connections;
	*ret_refused = stats.refused;
}

void *edge_close(struct sip_edge *edge)
{
	struct edge_flow *f;
	if (!edge)
		return NULL;
	while ((f = LIST_FIRST(&edge->flows)))
		end(f);
	http_close(edge->server);
	free(edge);
	return NULL;
}
