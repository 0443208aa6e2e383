/* Answers. They go back over the connection the request came by, or for UDP to the address it came from: to
 * the port it came from when rport asks for that, else to the one of its Via. */
#include "sip/reply.h"

#include "base/log.h"
#include "sip/build.h"
#include "sip/stack_int.h"

#include <stdlib.h>

#define DEFAULT_PORT 5060

struct sip_flow *reply_flow(struct sip_flow *flow, const struct sip_msg *request)
{
	uint16_t port = request->via->port ? request->via->port : DEFAULT_PORT;
	if (!flow->ops->sibling || request->via->has_rport || port == addr_port(&flow->peer))
		return obj_ref(flow);
	struct addr peer = flow->peer;
	addr_set_port(&peer, port);
	/* cppcheck-suppress returnDanglingLifetime; it copies the address */
	return flow->ops->sibling(flow, &peer);
}

static void write_head(
	struct sip_flow *flow, const struct sip_msg *request, const struct reply *r, struct buf *out)
{
	char host[ADDR_STRLEN];
	struct sip_build_response response = {
		.request = request,
		.status = r->status,
		.reason = r->reason,
		.to_tag = r->tag,
		.received = str_from(addr_to_host(&flow->peer, host)),
		.rport = addr_port(&flow->peer),
		.record_route = r->record_route,
		.contact = r->contact,
	};
	buf_reset(out);
	sip_build_response(out, &response);
	if (r->status > 100)
		sip_build_header(out, SIP_HDR_SERVER, str_from(flow->stack->user_agent));
}

struct buf *reply_begin(struct txn *t, const struct reply *r)
{
	struct reply filled = *r;
	if (!filled.tag.p)
		filled.tag = str_from(t->tag);
	buf_reset(&t->stack->out);
	if (t->request && t->flow->alive)
		write_head(t->flow, t->request, &filled, &t->stack->out);
	else
		t->stack->out.err = -E_STATE;
	return &t->stack->out;
}

int reply_end(struct txn *t, int status, struct str type, struct str body, struct str *ret_bytes)
{
	struct buf *out = &t->stack->out;
	sip_build_end(out, type, body);
	int e = buf_err(out);
	if (e)
		return e;
	if (ret_bytes)
		*ret_bytes = buf_str(out);
	return txn_respond(t, status, buf_str(out));
}

static void finish(struct txn *t, int status)
{
	int e = reply_end(t, status, STR_NONE, STR_NONE, NULL);
	if (e)
		log_(LOG_SIP, LOG_DEBUG, "no answer sent status=%d err=%s", status, err_name(e));
}

void reply_status(struct txn *t, int status)
{
	reply_begin(t, &(struct reply){ .status = status });
	finish(t, status);
}

void reply_with(struct txn *t, int status, enum sip_hdr hdr, const char *value)
{
	struct buf *out = reply_begin(t, &(struct reply){ .status = status });
	sip_build_header(out, hdr, str_from(value));
	finish(t, status);
}

/* The tag is made from the request, so that its repeats get the same one. */
static struct str steady_tag(const struct sip_stack *stack, const struct sip_msg *request, char dst[17])
{
	struct str parts[3] = { request->call_id, request->from->tag, request->via->branch };
	struct table_key key = table_key(&stack->servers, parts, 3);
	str_hex(&key.half[1], 8, dst);
	return str_from(dst);
}

struct buf *reply_stateless_begin(
	struct sip_flow *flow, const struct sip_msg *request, int status, const char *reason)
{
	struct sip_stack *stack = flow->stack;
	char tag[17];
	struct reply r = {
		.status = status,
		.reason = str_from(reason),
		.tag = steady_tag(stack, request, tag),
	};
	stack->counts.refused++;
	write_head(flow, request, &r, &stack->out);
	return &stack->out;
}

void reply_stateless_end(struct sip_flow *flow, const struct sip_msg *request)
{
	struct buf *out = &flow->stack->out;
	sip_build_end(out, STR_NONE, STR_NONE);
	struct sip_flow *back = reply_flow(flow, request);
	if (buf_err(out) || !back || flow_send(back, buf_str(out)))
		log_(LOG_SIP, LOG_DEBUG, "no answer sent");
	obj_unref(back);
}

void reply_stateless(struct sip_flow *flow, const struct sip_msg *request, int status, const char *reason,
	unsigned retry_after_s)
{
	struct buf *out = reply_stateless_begin(flow, request, status, reason);
	if (retry_after_s)
		sip_build_number(out, SIP_HDR_RETRY_AFTER, retry_after_s);
	reply_stateless_end(flow, request);
}
