/* Who is asking. The same answer for a wrong password and an unknown user: a fresh challenge, so that nobody
 * can list the accounts. Who guesses too often is told 403, whether he is right or not. */
#include "sip/auth.h"

#include "base/log.h"
#include "sip/brake.h"
#include "sip/digest.h"
#include "sip/reply.h"
#include "sip/stack_int.h"

#include <string.h>

static int find_ha1(
	void *arg, struct str user, enum digest_algorithm algorithm, char ret_hex[DIGEST_HEX_SIZE])
{
	const struct sip_stack *stack = arg;
	struct sip_account account = { 0 };
	if (!stack->handlers.find_account || !stack->handlers.find_account(stack->opts.arg, user, &account))
		return -E_NOT_FOUND;
	const char *ha1 = algorithm == DIGEST_MD5 ? account.ha1_md5 : account.ha1_sha256;
	if (!*ha1)
		return -E_NOT_FOUND;
	return str_copy(str_from(ha1), ret_hex, DIGEST_HEX_SIZE);
}

/* Of several headers JsSIP keeps the last, and it knows MD5 alone. */
static enum digest_order order_for(const struct sip_flow *flow)
{
	return flow_is_websocket(flow) ? DIGEST_ORDER_MD5_ONLY : flow->stack->digest_order;
}

static void write_challenge(const struct sip_flow *flow, bool stale, struct buf *out)
{
	const struct digest_challenge what = {
		.now_us = stack_now(flow->stack),
		.stale = stale,
		.order = order_for(flow),
	};
	digest_server_challenge(flow->stack->digest, &what, out);
}

void auth_challenge(struct sip_flow *flow, const struct sip_msg *msg)
{
	write_challenge(flow, false, reply_stateless_begin(flow, msg, 401, NULL));
	reply_stateless_end(flow, msg);
}

static void challenge(struct txn *t, bool stale)
{
	struct buf *out = reply_begin(t, &(struct reply){ .status = 401 });
	if (!out->err)
		write_challenge(t->flow, stale, out);
	if (reply_end(t, 401, STR_NONE, STR_NONE, NULL))
		log_(LOG_SIP, LOG_DEBUG, "challenge not sent");
}

int auth_check(
	struct txn *t, const struct sip_msg *msg, struct sip_account *ret_account, struct str *ret_user)
{
	struct sip_stack *stack = t->stack;
	bool stale = false;
	struct digest_check check = { .lookup = find_ha1, .arg = stack, .now_us = stack_now(stack) };
	int e = digest_server_check(stack->digest, &check, msg, ret_user, &stale);
	if (ret_user->n && !brake_allows(stack->brake, &t->flow->peer, *ret_user, check.now_us)) {
		stack->counts.denied++;
		reply_status(t, 403);
		return -E_UNAUTHORIZED;
	}
	if (!e && stack->handlers.find_account(stack->opts.arg, *ret_user, ret_account))
		return 0;
	if (e == -E_AUTH) {
		brake_denied(stack->brake, &t->flow->peer, *ret_user, check.now_us);
		stack->counts.denied++;
		if (stack->handlers.on_denied)
			stack->handlers.on_denied(stack->opts.arg, msg, t->flow);
	}
	if (e == -E_SYNTAX)
		reply_status(t, 400);
	else
		challenge(t, stale);
	return -E_UNAUTHORIZED;
}
