/* The common half of every flow: whether it lives, who must be told when it dies. A dead flow stays dead: a
 * peer that comes back has a new one, so nothing is ever sent to whoever got the old port. */
#include "sip/flow.h"

#include "base/log.h"
#include "base/mem.h"
#include "sip/stack_int.h"

#include <stdio.h>
#include <string.h>

static void write_sent_by(struct sip_flow *flow)
{
	char text[ADDR_STRLEN];
	if (flow->stack->host)
		snprintf(flow->sent_by, sizeof(flow->sent_by), "%s:%u", flow->stack->host,
			(unsigned)addr_port(&flow->local));
	else
		snprintf(flow->sent_by, sizeof(flow->sent_by), "%s", addr_to_string(&flow->local, text));
}

int flow_init(struct sip_flow *flow, const struct flow_ops *ops, struct sip_stack *stack,
	const struct addr *local, const struct addr *peer)
{
	unsigned max = stack->opts.max_flows;
	flow->ops = ops;
	LIST_INIT(&flow->watches);
	if (stack->closing || (ops->reliable && stack->counts.flows >= max))
		return -E_FULL;
	flow->stack = stack;
	flow->local = *local;
	flow->peer = *peer;
	flow->alive = true;
	write_sent_by(flow);
	LIST_INSERT_HEAD(&stack->flows, flow, link);
	stack->counts.flows += ops->reliable;
	return 0;
}

static void leave_stack(struct sip_flow *flow)
{
	if (!flow->stack)
		return;
	LIST_REMOVE(flow, link);
	flow->stack->counts.flows -= flow->ops->reliable;
	flow->stack = NULL;
}

void flow_destroy(void *self)
{
	struct sip_flow *flow = self;
	leave_stack(flow);
	if (flow->ops->destroy)
		flow->ops->destroy(flow);
}

int flow_send(struct sip_flow *flow, struct str bytes)
{
	if (!flow->alive)
		return -E_CLOSED;
	flow->stack->counts.sent++;
	return flow->ops->send(flow, bytes);
}

void flow_close(struct sip_flow *flow)
{
	if (flow->alive)
		flow->ops->close(flow);
}

void flow_down(struct sip_flow *flow)
{
	struct sip_stack *stack = flow->stack;
	struct flow_watch *watch;
	if (!flow->alive)
		return;
	flow->alive = false;
	obj_ref(flow);
	leave_stack(flow);
	while ((watch = LIST_FIRST(&flow->watches))) {
		flow_unwatch(watch);
		watch->fn(watch->arg);
	}
	if (stack->handlers.on_flow_down && !stack->closing)
		stack->handlers.on_flow_down(stack->opts.arg, flow);
	obj_unref(flow);
}

void flow_watch(struct flow_watch *watch, struct sip_flow *flow, void (*fn)(void *arg), void *arg)
{
	flow_unwatch(watch);
	if (!flow)
		return;
	watch->fn = fn;
	watch->arg = arg;
	watch->flow = obj_ref(flow);
	LIST_INSERT_HEAD(&flow->watches, watch, link);
}

void flow_unwatch(struct flow_watch *watch)
{
	if (!watch->flow)
		return;
	LIST_REMOVE(watch, link);
	watch->flow = obj_unref(watch->flow);
}

bool flow_is_websocket(const struct sip_flow *flow)
{
	return flow->ops->transport[0] == 'W';
}
