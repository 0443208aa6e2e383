/* Outgoing requests. All that an attempt is built from is kept until the final answer, because a challenge or
 * a closed TCP port makes a new one with the next CSeq; afterwards only the credentials stay, for the ACK. */
#include "sip/uac.h"

#include "base/log.h"
#include "base/mem.h"
#include "sip/build.h"
#include "sip/stack_int.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ATTEMPTS 5

struct uac {
	struct obj obj;
	struct sip_stack *stack;
	struct dialog *dialog;
	enum sip_method method;
	char *headers, *type, *body, *credential_lines;
	unsigned max_forwards;
	struct digest_client *digest;
	const struct digest_credentials *credentials;
	uac_fn fn;
	void *owner;
	struct txn *txn;
	char *sent; /* an INVITE as sent, for its CANCEL; NULL once answered */
	uint32_t cseq;
	unsigned attempts;
	bool udp_only, heard, fell_over, cancelled;
};

static void uac_destroy(void *self)
{
	struct uac *u = self;
	obj_unref(u->dialog);
	obj_unref(u->txn);
	obj_unref(u->owner);
	free(u->headers);
	free(u->type);
	free(u->body);
	free(u->credential_lines);
	free(u->sent);
}

static const struct obj_type uac_type = { "uac", sizeof(struct uac), uac_destroy };

static char *dup_or_null(struct str s)
{
	return s.n ? str_dup(s) : NULL;
}

struct head {
	const struct dialog *dialog;
	const struct sip_flow *flow;
	enum sip_method method;
	uint32_t cseq;
	unsigned max_forwards;
	struct str branch;
};

static void write_head(struct buf *out, const struct head *h)
{
	char contact[160];
	struct dialog_way way;
	const struct dialog *d = h->dialog;
	bool has_contact = h->method == SIP_INVITE || h->method == SIP_OPTIONS;
	dialog_way(d, &way);
	dialog_contact(h->flow, contact, sizeof(contact));
	struct sip_build_request request = {
		.method = h->method,
		.uri = way.uri,
		.transport = str_from(h->flow->ops->transport),
		.sent_by = str_from(h->flow->sent_by),
		.branch = h->branch,
		.routes = way.routes,
		.n_routes = way.n_routes,
		.max_forwards = h->max_forwards,
		.from = { str_from(d->local_name), str_from(d->local_uri), str_from(d->tag) },
		.to = { str_from(d->remote_name), str_from(d->remote_uri), str_from(d->peer_tag) },
		.call_id = str_from(d->call_id),
		.cseq = h->cseq,
		.contact = has_contact ? str_from(contact) : STR_NONE,
	};
	buf_reset(out);
	sip_build_request(out, &request);
}

static void write_credentials(struct uac *u, struct buf *out)
{
	struct dialog_way way;
	if (!u->digest || !u->credentials || !u->digest->n)
		return;
	size_t from = out->n;
	dialog_way(u->dialog, &way);
	digest_client_add(u->digest, u->credentials, str_from(sip_method_name(u->method)), way.uri, out);
	free(u->credential_lines);
	u->credential_lines = out->err ? NULL : str_dup(str_sub(buf_str(out), from, out->n));
}

static void write_rest(struct uac *u, struct buf *out)
{
	sip_build_header(out, SIP_HDR_USER_AGENT, str_from(u->stack->user_agent));
	if (u->method == SIP_INVITE) {
		sip_build_header(out, SIP_HDR_ALLOW, STR(SIP_ALLOW));
		sip_build_header(out, SIP_HDR_SUPPORTED, STR(SIP_SUPPORTED_TEXT));
	}
	write_credentials(u, out);
	buf_addz(out, u->headers ? u->headers : "");
	sip_build_end(out, str_from(u->type), str_from(u->body));
}

static int attempt(struct uac *u);

static bool retry(struct uac *u)
{
	if (u->attempts >= MAX_ATTEMPTS || u->cancelled)
		return false;
	obj_unref(u->txn);
	u->txn = NULL;
	return attempt(u) == 0;
}

static void settle(struct uac *u)
{
	free(u->headers);
	free(u->type);
	free(u->body);
	free(u->sent);
	u->headers = u->type = u->body = u->sent = NULL;
}

/* A challenge we can answer, or TCP refused before anything was heard: the request goes out again. */
static bool is_retried(struct uac *u, const struct sip_msg *msg, int status)
{
	if (!msg && status == 503 && u->fell_over && !u->heard) {
		u->udp_only = true;
		return retry(u);
	}
	if (!msg || !u->digest || !u->credentials)
		return false;
	if (status != 401 && status != 407) {
		digest_client_accepted(u->digest);
		return false;
	}
	return !digest_client_learn(u->digest, msg) && retry(u);
}

static void on_response(void *arg, const struct sip_msg *msg, int status)
{
	struct uac *u = arg;
	uac_fn fn = u->fn;
	u->heard = u->heard || msg;
	if (!fn)
		return;
	obj_ref(u);
	if (status < 200 || !is_retried(u, msg, status)) {
		if (status >= 200)
			settle(u);
		fn(u->owner, u, msg, status);
	}
	obj_unref(u);
}

static void write_all(struct uac *u, struct sip_flow *flow, struct str branch)
{
	const struct head head = { u->dialog, flow, u->method, u->cseq, u->max_forwards, branch };
	write_head(&u->stack->out, &head);
	write_rest(u, &u->stack->out);
}

/* Builds for the flow of the next hop; again for TCP when the datagram would be too large. */
static int build(struct uac *u, struct str branch, struct sip_flow **ret_flow)
{
	struct buf *out = &u->stack->out;
	struct sip_flow *flow = NULL, *larger = NULL;
	int e = dialog_open_flow(u->dialog, 0, u->udp_only, &flow);
	if (e)
		return e;
	write_all(u, flow, branch);
	if (out->n > DIALOG_UDP_MAX && !flow->ops->reliable &&
		!dialog_open_flow(u->dialog, out->n, u->udp_only, &larger)) {
		u->fell_over = larger->ops->reliable;
		if (larger != flow)
			write_all(u, larger, branch);
		obj_unref(flow);
		flow = larger;
	}
	*ret_flow = flow;
	return buf_err(out);
}

static int attempt(struct uac *u)
{
	char branch[TXN_BRANCH_SIZE];
	struct sip_flow *flow = NULL;
	txn_branch(branch);
	u->attempts++;
	u->cseq = ++u->dialog->cseq;
	int e = build(u, str_from(branch), &flow);
	if (!e) {
		struct txn_request request = {
			.flow = flow,
			.method = u->method,
			.branch = str_from(branch),
			.bytes = buf_str(&u->stack->out),
			.fn = on_response,
			.owner = u,
		};
		e = txn_request(u->stack, &request, &u->txn);
	}
	if (!e && u->method == SIP_INVITE) {
		free(u->sent);
		u->sent = str_dup(buf_str(&u->stack->out));
	}
	obj_unref(flow);
	return e;
}

int uac_send(const struct uac_opts *opts, struct uac **ret_uac)
{
	struct uac *u = obj_new(&uac_type);
	u->stack = opts->dialog->stack;
	u->dialog = obj_ref(opts->dialog);
	u->method = opts->method;
	u->headers = dup_or_null(opts->headers);
	u->type = dup_or_null(opts->type);
	u->body = dup_or_null(opts->body);
	u->max_forwards = opts->max_forwards;
	u->digest = opts->digest;
	u->credentials = opts->credentials;
	u->fn = opts->fn;
	u->owner = obj_ref(opts->owner);
	int e = attempt(u);
	if (e) {
		obj_unref(u);
		return e;
	}
	*ret_uac = u;
	return 0;
}

int uac_cancel(struct uac *u)
{
	struct sip_msg *invite = NULL;
	struct buf *out = &u->stack->out;
	u->cancelled = true;
	if (!u->txn || !u->sent || u->txn->state != TXN_PROCEEDING)
		return -E_STATE;
	int e = sip_msg_parse(str_from(u->sent), SIP_DATAGRAM, &invite);
	if (!e) {
		buf_reset(out);
		sip_build_from_invite(out, SIP_CANCEL, invite, invite->to);
		e = buf_err(out);
	}
	if (!e) {
		struct txn_request request = {
			.flow = u->txn->flow,
			.method = SIP_CANCEL,
			.branch = invite->via->branch,
			.bytes = buf_str(out),
		};
		e = txn_request(u->stack, &request, NULL);
		txn_limit_wait(u->txn);
	}
	obj_unref(invite);
	return e;
}

int uac_ack(struct uac *u, struct dialog *d, struct str type, struct str body)
{
	char branch[TXN_BRANCH_SIZE];
	struct sip_flow *flow = NULL;
	struct buf *out = &u->stack->out;
	int e = dialog_open_flow(d, 0, true, &flow);
	if (e)
		return e;
	txn_branch(branch);
	write_head(out, &(struct head){ d, flow, SIP_ACK, u->cseq, 0, str_from(branch) });
	buf_addz(out, u->credential_lines ? u->credential_lines : "");
	sip_build_end(out, type, body);
	e = buf_err(out);
	if (!e && u->txn)
		e = txn_ack_2xx(u->txn, str_from(d->peer_tag), flow, buf_str(out));
	obj_unref(flow);
	return e;
}

void uac_limit_wait(struct uac *u)
{
	u->cancelled = true;
	if (u->txn)
		txn_limit_wait(u->txn);
}

struct sip_flow *uac_flow(const struct uac *u)
{
	return u->txn ? u->txn->flow : NULL;
}
