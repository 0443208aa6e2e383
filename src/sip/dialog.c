/* Dialogs: who is in them, by which way their requests go, which CSeq comes next. Where the peer's own words
 * about its address cannot be true (a connection, WebSocket, NAT in between) the dialog is pinned to the flow
 * it began on; otherwise route set and target decide, as RFC 3261 has it. */
#include "sip/dialog.h"

#include "base/id.h"
#include "base/mem.h"
#include "sip/stack_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_PORT 5060
#define TAG_CHARS 16

static void free_routes(struct dialog *d)
{
	for (size_t i = 0; i < d->n_routes; i++) {
		free(d->routes[i].value);
		free(d->routes[i].uri);
	}
	free(d->routes);
	d->routes = NULL;
	d->n_routes = 0;
}

static void dialog_destroy(void *self)
{
	struct dialog *d = self;
	dialog_set_user(d, NULL, NULL);
	free_routes(d);
	free(d->call_id);
	free(d->tag);
	free(d->peer_tag);
	free(d->local_name);
	free(d->local_uri);
	free(d->remote_name);
	free(d->remote_uri);
	free(d->target);
	obj_unref(d->flow);
}

static const struct obj_type dialog_type = { "dialog", sizeof(struct dialog), dialog_destroy };

/* A URI as a request URI may be: without header fields (RFC 3261 19.1.5). */
static struct str without_headers(struct str text)
{
	struct sip_uri uri;
	if (sip_uri_parse(text, &uri, NULL) || !uri.headers.p)
		return text;
	return str_sub(text, 0, (size_t)(uri.headers.p - text.p) - 1);
}

static void set_route(struct dialog_route *route, struct str value, const struct sip_uri *uri)
{
	route->value = str_dup(value);
	route->uri = str_dup(without_headers(uri->raw));
	route->is_loose = sip_uri_is_lr(uri);
}

/* As they stand for whom was called, backwards for the caller (RFC 3261 12.1.1, 12.1.2). */
static void take_routes(struct dialog *d, const struct sip_addr *first, bool backwards)
{
	size_t n = 0;
	free_routes(d);
	for (const struct sip_addr *a = first; a && n < SIP_ROUTES_MAX - 1; a = a->next)
		n++;
	if (!n)
		return;
	d->routes = mem_array(n, sizeof(*d->routes));
	d->n_routes = n;
	for (size_t i = 0; i < n; i++, first = first->next)
		set_route(&d->routes[backwards ? n - 1 - i : i], first->raw, &first->uri);
}

static void set_target(struct dialog *d, struct str uri)
{
	free(d->target);
	uri = without_headers(uri);
	d->target = mem_printf("<" STR_FMT ">", STR_ARG(uri));
}

static struct str target_uri(const struct dialog *d)
{
	return (struct str){ d->target + 1, strlen(d->target) - 2 };
}

struct dialog *dialog_new(struct sip_stack *stack, const struct dialog_start *start)
{
	struct dialog *d = obj_new(&dialog_type);
	struct sip_uri uri;
	char token[TAG_CHARS + 1];
	d->stack = stack;
	d->is_caller = true;
	id_token(token, TAG_CHARS);
	d->tag = mem_strdup(token);
	id_token(token, TAG_CHARS);
	d->call_id = mem_printf("%s-%llx", token, (unsigned long long)stack_now(stack));
	d->peer_tag = mem_strdup("");
	d->local_name = start->local_name.n ? str_dup(start->local_name) : NULL;
	d->local_uri = str_dup(start->local_uri);
	d->remote_uri = str_dup(start->remote_uri);
	set_target(d, start->target);
	d->flow = obj_ref(start->flow);
	d->pinned = start->flow != NULL;
	if (start->route.n && !sip_uri_parse(start->route, &uri, NULL)) {
		char *value = mem_printf("<" STR_FMT ">", STR_ARG(start->route));
		d->routes = mem_array(1, sizeof(*d->routes));
		d->n_routes = 1;
		set_route(d->routes, str_from(value), &uri);
		free(value);
	}
	return d;
}

struct dialog *dialog_fork(const struct dialog *call, const struct sip_msg *response, struct sip_flow *flow)
{
	struct dialog *d = obj_new(&dialog_type);
	d->stack = call->stack;
	d->is_caller = true;
	d->call_id = mem_strdup(call->call_id);
	d->tag = mem_strdup(call->tag);
	d->peer_tag = str_dup(response->to->tag.p ? response->to->tag : STR(""));
	d->local_name = mem_strdup(call->local_name);
	d->local_uri = mem_strdup(call->local_uri);
	d->remote_uri = mem_strdup(call->remote_uri);
	set_target(d, response->contact ? response->contact->uri.raw : target_uri(call));
	d->cseq = call->cseq;
	d->flow = obj_ref(call->pinned ? call->flow : flow);
	d->pinned = call->pinned;
	take_routes(d, response->record_route, true);
	return d;
}

/* The peer is our neighbour, and either a connection or behind something that rewrites addresses. */
static bool is_pinned(const struct sip_msg *request, const struct sip_flow *flow)
{
	struct addr said;
	uint16_t port = request->via->port ? request->via->port : DEFAULT_PORT;
	if (flow_is_websocket(flow))
		return true;
	if (request->via->next || request->record_route)
		return false;
	if (flow->ops->reliable || !request->contact)
		return true;
	if (addr_from_host(request->contact->uri.host, DEFAULT_PORT, &said))
		return true;
	return addr_from_host(request->via->host, port, &said) || !addr_eq(&said, &flow->peer);
}

struct dialog *dialog_of_request(
	struct sip_stack *stack, const struct sip_msg *request, struct sip_flow *flow, struct str tag)
{
	struct dialog *d = obj_new(&dialog_type);
	d->stack = stack;
	d->call_id = str_dup(request->call_id);
	d->tag = str_dup(tag);
	d->peer_tag = str_dup(request->from->tag.p ? request->from->tag : STR(""));
	d->local_uri = str_dup(request->to->uri.raw);
	d->local_name = request->to->name.n ? str_dup(request->to->name) : NULL;
	d->remote_uri = str_dup(request->from->uri.raw);
	d->remote_name = request->from->name.n ? str_dup(request->from->name) : NULL;
	set_target(d, request->contact ? request->contact->uri.raw : request->from->uri.raw);
	d->peer_cseq = request->cseq.number;
	d->has_peer_cseq = true;
	d->flow = obj_ref(flow);
	d->pinned = is_pinned(request, flow);
	take_routes(d, request->record_route, false);
	return d;
}

static struct table_key key_of(
	const struct sip_stack *stack, struct str call_id, struct str tag, struct str peer_tag)
{
	struct str parts[3] = { call_id, tag, peer_tag };
	return table_key(&stack->dialogs, parts, 3);
}

void dialog_set_user(struct dialog *d, const struct dialog_user *user, void *arg)
{
	d->user = user;
	d->user_arg = arg;
	if (user && !d->node.linked) {
		struct table_key key =
			key_of(d->stack, str_from(d->call_id), str_from(d->tag), str_from(d->peer_tag));
		table_add(&d->stack->dialogs, &d->node, &key);
		d->stack->counts.dialogs++;
	} else if (!user && d->node.linked) {
		table_remove(&d->stack->dialogs, &d->node);
		d->stack->counts.dialogs--;
	}
}

struct dialog *dialog_find(struct sip_stack *stack, struct str call_id, struct str tag, struct str peer_tag)
{
	struct table_key key = key_of(stack, call_id, tag, peer_tag);
	struct table_node *node = table_find(&stack->dialogs, &key);
	return node ? CONTAINER_OF(node, struct dialog, node) : NULL;
}

struct dialog *dialog_of_message(struct sip_stack *stack, const struct sip_msg *request)
{
	return dialog_find(stack, request->call_id, request->to->tag, request->from->tag);
}

void dialog_refresh(struct dialog *d, const struct sip_msg *msg, struct sip_flow *flow)
{
	if (msg->contact)
		set_target(d, msg->contact->uri.raw);
	if (d->pinned && flow && flow != d->flow) {
		obj_unref(d->flow);
		d->flow = obj_ref(flow);
	}
}

int dialog_take_cseq(struct dialog *d, const struct sip_msg *request)
{
	if (d->has_peer_cseq && request->cseq.number <= d->peer_cseq)
		return -E_STATE;
	d->peer_cseq = request->cseq.number;
	d->has_peer_cseq = true;
	return 0;
}

void dialog_way(const struct dialog *d, struct dialog_way *ret_way)
{
	size_t skip = d->n_routes && !d->routes[0].is_loose;
	ret_way->uri = skip ? str_from(d->routes[0].uri) : target_uri(d);
	ret_way->n_routes = 0;
	for (size_t i = skip; i < d->n_routes; i++)
		ret_way->routes[ret_way->n_routes++] = str_from(d->routes[i].value);
	if (skip)
		ret_way->routes[ret_way->n_routes++] = str_from(d->target);
}

static int open_by_uri(struct dialog *d, size_t size, bool udp_only, struct sip_flow **ret_flow)
{
	struct sip_uri uri;
	struct addr peer;
	/* A neighbour on TCP may forget to say so in his Contact. */
	struct str transport = d->pinned && d->flow->ops->reliable ? STR("tcp") : STR("udp");
	int e = sip_uri_parse(d->n_routes ? str_from(d->routes[0].uri) : target_uri(d), &uri, NULL);
	if (e || uri.scheme != SIP_SCHEME_SIP)
		return -E_UNREACHABLE;
	if (addr_from_host(uri.host, uri.port ? uri.port : DEFAULT_PORT, &peer))
		return -E_UNREACHABLE;
	sip_uri_param(&uri, "transport", &transport);
	if (str_caseeqz(transport, "tcp"))
		return stack_open_flow(d->stack, "TCP", &peer, ret_flow);
	if (!str_caseeqz(transport, "udp"))
		return -E_UNREACHABLE;
	if (size > DIALOG_UDP_MAX && !udp_only && !stack_open_flow(d->stack, "TCP", &peer, ret_flow))
		return 0;
	return stack_open_flow(d->stack, "UDP", &peer, ret_flow);
}

int dialog_open_flow(struct dialog *d, size_t size, bool udp_only, struct sip_flow **ret_flow)
{
	bool usable = d->flow && d->flow->alive;
	if (d->pinned && usable) {
		*ret_flow = obj_ref(d->flow);
		return 0;
	}
	if (d->pinned && d->flow && flow_is_websocket(d->flow))
		return -E_CLOSED;
	int e = open_by_uri(d, size, udp_only, ret_flow);
	if (!e || !usable)
		return e;
	*ret_flow = obj_ref(d->flow);
	return 0;
}

void dialog_contact(const struct sip_flow *flow, char *dst, size_t size)
{
	static const char *const params[][2] = {
		{ "UDP", "" },
		{ "TCP", ";transport=tcp" },
		{ "TLS", ";transport=tcp" },
		{ "WS", ";transport=ws" },
		{ "WSS", ";transport=ws" },
	};
	for (size_t i = 0; i < ARRAY_LEN(params); i++)
		if (!strcmp(params[i][0], flow->ops->transport))
			snprintf(dst, size, "<sip:lingxi@%s%s>", flow->sent_by, params[i][1]);
}
