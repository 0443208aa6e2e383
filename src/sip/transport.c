/* Sockets: for each address one of UDP and one of TCP. A UDP flow is made for whoever sends and found again
 * as long as somebody holds it; TCP flows live as long as their connection. Only connections we opened are
 * used for other requests to the same peer (RFC 5923 is not offered). */
#include "base/log.h"
#include "base/mem.h"
#include "net/loop.h"
#include "net/stream.h"
#include "net/udp.h"
#include "sip/framer.h"
#include "sip/stack_int.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PLACES 8
#define TCP_OUT_MAX ((size_t)256 * 1024)
#define TCP_OPEN_MS 4000
#define TCP_STUCK_MS 10000
#define TCP_IDLE_MS 3600000
#define MIDWAY_US INT64_C(10000000) /* a message begun must be whole by then */

/* One listening address. */
struct place {
	struct transport *transport;
	struct udp *udp;
	struct listener *listener;
	struct addr local;
};

struct transport {
	struct sip_stack *stack;
	struct place places[MAX_PLACES];
	size_t n;
	struct table udp_flows;
	struct table opened; /* TCP connections of ours */
};

struct udp_flow {
	struct sip_flow flow;
	struct place *place;
	struct table_node node;
};

struct tcp_flow {
	struct sip_flow flow;
	struct transport *transport;
	struct stream *stream;
	struct sip_framer framer;
	struct timer midway;
	struct table_node node;
};

static struct table_key key_of(const struct table *table, const struct place *place, const struct addr *peer)
{
	char text[ADDR_STRLEN];
	struct str parts[2] = { str_from(addr_to_string(peer, text)),
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): the pointer itself is the key */
		{ (const char *)&place, place ? sizeof(place) : 0 } };
	return table_key(table, parts, 2);
}

/* What to announce towards a peer when the socket is bound to every address: the one the kernel would use. */
static struct addr announced(const struct place *place, const struct addr *peer)
{
	struct addr local = place->local;
	struct sockaddr_storage name;
	socklen_t n = sizeof(name);
	if (!addr_is_any(&local))
		return local;
	int fd = socket(peer->sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !connect(fd, &peer->sa, addr_len(peer)) &&
		!getsockname(fd, (struct sockaddr *)&name, &n)) {
		uint16_t port = addr_port(&local);
		addr_from_sockaddr((struct sockaddr *)&name, &local);
		addr_set_port(&local, port);
	}
	if (fd >= 0)
		close(fd);
	return local;
}

static int udp_flow_send(struct sip_flow *flow, struct str bytes)
{
	struct udp_flow *f = CONTAINER_OF(flow, struct udp_flow, flow);
	return udp_send(f->place->udp, &flow->peer, bytes);
}

static void udp_flow_close(struct sip_flow *flow)
{
	struct udp_flow *f = CONTAINER_OF(flow, struct udp_flow, flow);
	table_remove(&f->place->transport->udp_flows, &f->node);
	flow_down(flow);
}

/* A flow that outlives the transport was closed before and is in no table. */
static void udp_flow_free(struct sip_flow *flow)
{
	struct udp_flow *f = CONTAINER_OF(flow, struct udp_flow, flow);
	if (f->node.linked)
		table_remove(&f->place->transport->udp_flows, &f->node);
}

static struct sip_flow *udp_flow_to(struct place *place, const struct addr *peer);

static struct sip_flow *udp_flow_sibling(struct sip_flow *flow, const struct addr *peer)
{
	return udp_flow_to(CONTAINER_OF(flow, struct udp_flow, flow)->place, peer);
}

static const struct flow_ops udp_ops = {
	.transport = "UDP",
	.send = udp_flow_send,
	.sibling = udp_flow_sibling,
	.close = udp_flow_close,
	.destroy = udp_flow_free,
};

static const struct obj_type udp_flow_type = { "udp_flow", sizeof(struct udp_flow), flow_destroy };

static struct sip_flow *udp_flow_to(struct place *place, const struct addr *peer)
{
	struct transport *transport = place->transport;
	struct table_key key = key_of(&transport->udp_flows, place, peer);
	struct table_node *node = table_find(&transport->udp_flows, &key);
	if (node)
		return obj_ref(CONTAINER_OF(node, struct udp_flow, node));
	struct udp_flow *f = obj_new(&udp_flow_type);
	struct addr local = announced(place, peer);
	f->place = place;
	if (flow_init(&f->flow, &udp_ops, transport->stack, &local, peer))
		return obj_unref(f);
	table_add(&transport->udp_flows, &f->node, &key);
	return &f->flow;
}

static void on_datagram(void *arg, struct str data, const struct addr *from)
{
	struct place *place = arg;
	struct sip_flow *flow = udp_flow_to(place, from);
	if (!flow) {
		place->transport->stack->counts.dropped++;
		return;
	}
	stack_receive(place->transport->stack, flow, data);
	obj_unref(flow);
}

static int tcp_flow_send(struct sip_flow *flow, struct str bytes)
{
	struct tcp_flow *f = CONTAINER_OF(flow, struct tcp_flow, flow);
	return f->stream ? stream_send(f->stream, bytes) : -E_CLOSED;
}

/* The transport's reference goes with the connection. */
static void tcp_flow_end(struct tcp_flow *f)
{
	timer_stop(f->transport->stack->timers, &f->midway);
	table_remove(&f->transport->opened, &f->node);
	f->stream = stream_drop(f->stream);
	flow_down(&f->flow);
	obj_unref(f);
}

static void tcp_flow_close(struct sip_flow *flow)
{
	struct tcp_flow *f = CONTAINER_OF(flow, struct tcp_flow, flow);
	if (f->transport->stack->closing)
		tcp_flow_end(f);
	else if (f->stream)
		stream_close(f->stream);
}

static void tcp_flow_free(struct sip_flow *flow)
{
	struct tcp_flow *f = CONTAINER_OF(flow, struct tcp_flow, flow);
	sip_framer_done(&f->framer);
	stream_drop(f->stream);
}

static const struct flow_ops tcp_ops = {
	.transport = "TCP",
	.reliable = true,
	.send = tcp_flow_send,
	.close = tcp_flow_close,
	.destroy = tcp_flow_free,
};

static const struct obj_type tcp_flow_type = { "tcp_flow", sizeof(struct tcp_flow), flow_destroy };

static void on_tcp_closed(void *arg, int err)
{
	log_(LOG_SIP, LOG_DEBUG, "connection closed err=%s", err_name(err));
	tcp_flow_end(arg);
}

static void take_frame(struct tcp_flow *f, enum sip_frame frame, struct str bytes)
{
	struct sip_stack *stack = f->transport->stack;
	if (frame == SIP_FRAME_PING)
		stack_receive(stack, &f->flow, STR("\r\n\r\n"));
	else if (frame == SIP_FRAME_MESSAGE || frame == SIP_FRAME_BROKEN)
		stack_receive(stack, &f->flow, bytes);
	if (frame == SIP_FRAME_BROKEN && f->stream)
		stream_close(f->stream);
}

static size_t on_tcp_data(void *arg, struct str bytes)
{
	struct tcp_flow *f = arg;
	struct timers *timers = f->transport->stack->timers;
	enum sip_frame frame = SIP_FRAME_NONE;
	struct str one;
	obj_ref(f);
	if (sip_framer_feed(&f->framer, bytes)) {
		stream_abort(f->stream, -E_LIMIT);
	} else {
		while (f->flow.alive && (frame = sip_framer_next(&f->framer, &one)) != SIP_FRAME_NONE) {
			take_frame(f, frame, one);
			if (frame == SIP_FRAME_BROKEN)
				break;
		}
		if (!f->flow.alive || !sip_framer_is_midway(&f->framer))
			timer_stop(timers, &f->midway);
		else if (!timer_is_pending(&f->midway))
			timer_start_in(timers, &f->midway, MIDWAY_US);
	}
	obj_unref(f);
	return bytes.n;
}

static void on_midway(void *arg)
{
	struct tcp_flow *f = arg;
	if (f->stream)
		stream_abort(f->stream, -E_TIMEOUT);
}

static const struct stream_handlers tcp_handlers = { .data = on_tcp_data, .closed = on_tcp_closed };

static struct tcp_flow *tcp_flow_new(struct place *place, const struct addr *local, const struct addr *peer)
{
	struct tcp_flow *f = obj_new(&tcp_flow_type);
	f->transport = place->transport;
	timer_init(&f->midway, on_midway, f);
	sip_framer_init(&f->framer);
	if (flow_init(&f->flow, &tcp_ops, place->transport->stack, local, peer))
		return obj_unref(f);
	return f;
}

static void on_accept(void *arg, struct stream *stream)
{
	struct place *place = arg;
	struct addr local = *stream_local(stream);
	addr_set_port(&local, addr_port(&place->local));
	struct tcp_flow *f = tcp_flow_new(place, &local, stream_peer(stream));
	if (!f) {
		stream_drop(stream);
		return;
	}
	f->stream = stream;
	stream_set_handlers(stream, &tcp_handlers, f);
}

static struct place *place_for(struct transport *t, const struct addr *peer)
{
	for (size_t i = 0; i < t->n; i++)
		if (addr_is_v6(&t->places[i].local) == addr_is_v6(peer))
			return &t->places[i];
	return NULL;
}

static int open_tcp(struct place *place, const struct addr *peer, struct sip_flow **ret_flow)
{
	struct transport *t = place->transport;
	struct table_key key = key_of(&t->opened, NULL, peer);
	struct table_node *node = table_find(&t->opened, &key);
	struct stream_opts opts = {
		.out_max = TCP_OUT_MAX, .open_ms = TCP_OPEN_MS, .stuck_ms = TCP_STUCK_MS
	};
	if (node) {
		*ret_flow = obj_ref(CONTAINER_OF(node, struct tcp_flow, node));
		return 0;
	}
	struct addr local = announced(place, peer);
	struct tcp_flow *f = tcp_flow_new(place, &local, peer);
	if (!f)
		return -E_FULL;
	int e = stream_connect(t->stack->opts.loop, peer, &opts, &tcp_handlers, f, &f->stream);
	if (e) {
		obj_unref(f);
		return e;
	}
	table_add(&t->opened, &f->node, &key);
	*ret_flow = obj_ref(f);
	return 0;
}

int transport_open_flow(
	struct transport *t, const char *name, const struct addr *peer, struct sip_flow **ret_flow)
{
	struct place *place = place_for(t, peer);
	if (!place)
		return -E_UNREACHABLE;
	if (!strcmp(name, "TCP"))
		return open_tcp(place, peer, ret_flow);
	*ret_flow = udp_flow_to(place, peer);
	return *ret_flow ? 0 : -E_FULL;
}

static struct transport *transport_new(struct sip_stack *stack)
{
	struct transport *t = mem_alloc(sizeof(*t));
	t->stack = stack;
	table_init(&t->udp_flows);
	table_init(&t->opened);
	return t;
}

static void place_close(struct place *place)
{
	place->udp = udp_close(place->udp);
	place->listener = listener_close(place->listener);
}

void *transport_free(struct transport *t)
{
	if (!t)
		return NULL;
	for (size_t i = 0; i < t->n; i++)
		place_close(&t->places[i]);
	table_done(&t->udp_flows);
	table_done(&t->opened);
	free(t);
	return NULL;
}

static int place_open(struct place *place, struct sip_stack *stack, const struct addr *addr)
{
	struct stream_opts opts = {
		.out_max = TCP_OUT_MAX, .stuck_ms = TCP_STUCK_MS, .idle_ms = TCP_IDLE_MS
	};
	struct loop *loop = stack->opts.loop;
	int e = udp_open(loop, addr, on_datagram, place, &place->udp);
	if (e)
		return e;
	place->local = *udp_local(place->udp);
	e = listener_open(loop, &place->local, &opts, on_accept, place, &place->listener);
	if (e)
		place_close(place);
	return e;
}

int stack_listen(struct sip_stack *stack, const struct addr *addr, struct addr *ret_bound)
{
	if (!stack->opts.loop)
		return -E_STATE;
	if (!stack->transport)
		stack->transport = transport_new(stack);
	struct transport *t = stack->transport;
	if (t->n == MAX_PLACES)
		return -E_LIMIT;
	struct place *place = &t->places[t->n];
	place->transport = t;
	int e = place_open(place, stack, addr);
	/* A free UDP port may be taken for TCP: any port will do then. */
	for (int tries = 0; e == -E_EXISTS && !addr_port(addr) && tries < 8; tries++)
		e = place_open(place, stack, addr);
	if (e)
		return e;
	t->n++;
	if (ret_bound)
		*ret_bound = place->local;
	return 0;
}
