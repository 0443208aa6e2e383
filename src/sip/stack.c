/* The life of a stack and what all its parts share: limits, ways to peers, the allowance of new calls. */
#include "sip/stack.h"

#include "base/mem.h"
#include "net/loop.h"
#include "sip/brake.h"
#include "sip/digest.h"
#include "sip/msg.h"
#include "sip/session.h"
#include "sip/session_int.h"
#include "sip/stack_int.h"
#include "sip/txn.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_FLOWS 20000
#define DEFAULT_TXNS 50000
#define NONCE_LIFE_US (INT64_C(300) * 1000000)
#define SECOND_US INT64_C(1000000)

struct sip_stack *stack_new(const struct stack_opts *opts)
{
	struct sip_stack *stack = mem_alloc(sizeof(*stack));
	stack->opts = *opts;
	if (opts->handlers)
		stack->handlers = *opts->handlers;
	stack->user_agent = mem_strdup(opts->user_agent ? opts->user_agent : "Lingxi");
	stack->realm = mem_strdup(opts->realm ? opts->realm : "lingxi");
	stack->host = mem_strdup(opts->host);
	stack->timers = opts->timers;
	if (!opts->max_flows)
		stack->opts.max_flows = DEFAULT_FLOWS;
	if (!opts->max_txns)
		stack->opts.max_txns = DEFAULT_TXNS;
	stack->digest = digest_server_new(str_from(stack->realm), NONCE_LIFE_US);
	stack->brake = brake_new();
	LIST_INIT(&stack->flows);
	table_init(&stack->clients);
	table_init(&stack->servers);
	table_init(&stack->merges);
	table_init(&stack->dialogs);
	buf_init(&stack->out, SIP_MSG_MAX);
	return stack;
}

void *stack_free(struct sip_stack *stack)
{
	struct sip_flow *flow;
	if (!stack)
		return NULL;
	stack->closing = true;
	session_drop_all(stack);
	txn_end_all(stack);
	while ((flow = LIST_FIRST(&stack->flows))) {
		obj_ref(flow);
		flow_close(flow);
		flow_down(flow);
		obj_unref(flow);
	}
	transport_free(stack->transport);
	digest_server_free(stack->digest);
	brake_free(stack->brake);
	table_done(&stack->clients);
	table_done(&stack->servers);
	table_done(&stack->merges);
	table_done(&stack->dialogs);
	buf_done(&stack->out);
	free(stack->user_agent);
	free(stack->realm);
	free(stack->host);
	free(stack);
	return NULL;
}

void stack_drain(struct sip_stack *stack, bool on)
{
	stack->draining = on;
}

void stack_set_digest_order(struct sip_stack *stack, enum digest_order order)
{
	stack->digest_order = order;
}

void stack_set_registrar(struct sip_stack *stack, struct registrar *registrar)
{
	stack->registrar = registrar;
}

void stack_counts(const struct sip_stack *stack, struct stack_counts *ret_counts)
{
	*ret_counts = stack->counts;
}

int stack_open_flow(
	struct sip_stack *stack, const char *transport, const struct addr *peer, struct sip_flow **ret_flow)
{
	if (stack->opts.open_flow)
		return stack->opts.open_flow(stack->opts.arg, transport, peer, ret_flow);
	if (!stack->transport)
		return -E_UNREACHABLE;
	return transport_open_flow(stack->transport, transport, peer, ret_flow);
}

/* Each call costs a slice of time; what is ahead of the clock by more than a second is refused. */
bool stack_take_call(struct sip_stack *stack)
{
	int64_t now = stack_now(stack);
	if (stack->draining)
		return false;
	if (!stack->opts.calls_per_s)
		return true;
	if (stack->tokens_us < now)
		stack->tokens_us = now;
	if (stack->tokens_us - now >= SECOND_US)
		return false;
	stack->tokens_us += SECOND_US / stack->opts.calls_per_s;
	return true;
}
