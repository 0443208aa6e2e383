/* All four machines of RFC 3261 17 as one table: kind, state, event. The state changes before the action
 * runs, so that whoever the action tells finds the transaction where it now is; txn_fire() is the only writer
 * of it. UDP that is full counts as a lost packet; a dead connection is told by its flow's watch, never by a
 * failed send. */
#include "sip/txn.h"

#include "base/id.h"
#include "base/log.h"
#include "base/mem.h"
#include "sip/build.h"
#include "sip/stack_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long an INVITE may be without any answer of ours before 100 is sent; RFC 3261 asks for 200 ms. */
#define TRYING_AFTER_US INT64_C(150000)

/* How long an INVITE may go without a further provisional answer; callees repeat theirs each minute. */
#define PATIENCE_US INT64_C(600000000)

#define MAX_ACKS 8

enum txn_event {
	EV_1XX, /* received by a client, given by the user of a server */
	EV_2XX,
	EV_FAIL,   /* 300…699 */
	EV_REPEAT, /* the request again */
	EV_ACK,
	EV_RESEND,
	EV_DEADLINE,
	EV_LOST, /* the flow died */
	EV__MAX
};

struct input {
	const struct sip_msg *msg;
	int status;
	struct str bytes;
};

struct cell {
	bool legal;
	enum txn_state next;
	void (*act)(struct txn *t, const struct input *in);
};

struct txn_ack {
	struct txn_ack *next;
	struct sip_flow *flow;
	char *tag;
	char *bytes;
	size_t n;
};

const char *const txn_state_names[TXN_STATE__MAX] = {
	[TXN_TRYING] = "trying",
	[TXN_PROCEEDING] = "proceeding",
	[TXN_COMPLETED] = "completed",
	[TXN_CONFIRMED] = "confirmed",
	[TXN_ACCEPTED] = "accepted",
	[TXN_ENDED] = "ended",
};

static const char *const event_names[EV__MAX] = {
	[EV_1XX] = "1xx",
	[EV_2XX] = "2xx",
	[EV_FAIL] = "fail",
	[EV_REPEAT] = "repeat",
	[EV_ACK] = "ack",
	[EV_RESEND] = "resend",
	[EV_DEADLINE] = "deadline",
	[EV_LOST] = "lost",
};

static void keep_bytes(struct txn *t, struct str bytes)
{
	free(t->bytes);
	t->bytes = bytes.n ? mem_dup(bytes.p, bytes.n) : NULL;
	t->n_bytes = bytes.n;
}

static void send_now(const struct txn *t, struct str bytes)
{
	int e = flow_send(t->flow, bytes);
	if (e)
		log_(LOG_SIP, LOG_DEBUG, "message not sent method=%s err=%s", sip_method_name(t->method),
			err_name(e));
}

static void send_kept(const struct txn *t)
{
	if (t->bytes)
		send_now(t, (struct str){ t->bytes, t->n_bytes });
}

static void start_deadline(struct txn *t, int64_t in_us)
{
	timer_start_in(t->stack->timers, &t->deadline, in_us);
}

static void start_resend(struct txn *t, int64_t in_us)
{
	t->interval_us = in_us;
	if (!t->flow->ops->reliable)
		timer_start_in(t->stack->timers, &t->resend, in_us);
}

/* What outlives the final answer only to absorb repeats lives 0 s where nothing is repeated. */
static void linger(struct txn *t, int64_t us)
{
	timer_stop(t->stack->timers, &t->resend);
	start_deadline(t, t->flow->ops->reliable ? 0 : us);
}

static void tell(struct txn *t, const struct input *in)
{
	if (t->on_response)
		t->on_response(t->arg, in->msg, in->status);
}

static void again_double(struct txn *t, const struct input *in)
{
	(void)in;
	t->stack->counts.retransmitted++;
	start_resend(t, t->interval_us * 2);
	send_kept(t);
}

static void again_capped(struct txn *t, const struct input *in)
{
	(void)in;
	t->stack->counts.retransmitted++;
	start_resend(t, t->interval_us * 2 < SIP_T2_US ? t->interval_us * 2 : SIP_T2_US);
	send_kept(t);
}

static void again_slow(struct txn *t, const struct input *in)
{
	(void)in;
	t->stack->counts.retransmitted++;
	start_resend(t, SIP_T2_US);
	send_kept(t);
}

static void invite_rings(struct txn *t, const struct input *in)
{
	timer_stop(t->stack->timers, &t->resend);
	if (!t->is_limited)
		start_deadline(t, PATIENCE_US);
	tell(t, in);
}

static void other_goes_on(struct txn *t, const struct input *in)
{
	t->interval_us = SIP_T2_US;
	tell(t, in);
}

static void invite_accepted(struct txn *t, const struct input *in)
{
	timer_stop(t->stack->timers, &t->resend);
	start_deadline(t, SIP_64T1_US);
	keep_bytes(t, STR_NONE);
	tell(t, in);
}

/* ACK of a failure goes where the INVITE went, on its branch; it replaces the INVITE as what is repeated. */
static void invite_failed(struct txn *t, const struct input *in)
{
	struct sip_msg *invite = NULL;
	struct buf ack;
	buf_init(&ack, SIP_MSG_MAX);
	int e = sip_msg_parse((struct str){ t->bytes, t->n_bytes }, SIP_DATAGRAM, &invite);
	if (!e) {
		sip_build_from_invite(&ack, SIP_ACK, invite, in->msg->to);
		e = buf_err(&ack);
	}
	obj_unref(invite);
	keep_bytes(t, e ? STR_NONE : buf_str(&ack));
	buf_done(&ack);
	linger(t, SIP_64T1_US);
	send_kept(t);
	tell(t, in);
}

static void ack_again(struct txn *t, const struct input *in)
{
	(void)in;
	send_kept(t);
}

static void other_answered(struct txn *t, const struct input *in)
{
	keep_bytes(t, STR_NONE);
	linger(t, SIP_T4_US);
	tell(t, in);
}

/* The repeat of a 2xx gets its ACK again; one from another branch is news. */
static void accepted_again(struct txn *t, const struct input *in)
{
	for (struct txn_ack *ack = t->acks; ack; ack = ack->next)
		if (str_eqz(in->msg->to->tag, ack->tag)) {
			int e = flow_send(ack->flow, (struct str){ ack->bytes, ack->n });
			log_(LOG_SIP, LOG_DEBUG, "2xx again, ACK again err=%s", err_name(e));
			return;
		}
	tell(t, in);
}

static void give_up(struct txn *t, const struct input *in)
{
	(void)in;
	tell(t, &(struct input){ .status = 408 });
}

static void give_up_lost(struct txn *t, const struct input *in)
{
	(void)in;
	tell(t, &(struct input){ .status = 503 });
}

static void send_and_keep(struct txn *t, const struct input *in)
{
	keep_bytes(t, in->bytes);
	timer_stop(t->stack->timers, &t->resend);
	send_kept(t);
}

static void send_trying(struct txn *t, const struct input *in)
{
	struct buf *out = &t->stack->out;
	(void)in;
	if (!t->bytes) {
		struct sip_build_response response = { .request = t->request, .status = 100 };
		buf_reset(out);
		sip_build_response(out, &response);
		sip_build_end(out, STR_NONE, STR_NONE);
		if (buf_err(out))
			return;
		keep_bytes(t, buf_str(out));
	}
	send_kept(t);
}

static void send_2xx(struct txn *t, const struct input *in)
{
	timer_stop(t->stack->timers, &t->resend);
	keep_bytes(t, STR_NONE);
	start_deadline(t, SIP_64T1_US);
	t->request = obj_unref(t->request);
	send_now(t, in->bytes);
}

static void send_2xx_again(struct txn *t, const struct input *in)
{
	t->stack->counts.retransmitted++;
	send_now(t, in->bytes);
}

static void send_failure(struct txn *t, const struct input *in)
{
	t->request = obj_unref(t->request);
	keep_bytes(t, in->bytes);
	timer_stop(t->stack->timers, &t->resend);
	start_resend(t, SIP_T1_US);
	start_deadline(t, SIP_64T1_US);
	send_kept(t);
}

static void acknowledged(struct txn *t, const struct input *in)
{
	(void)in;
	keep_bytes(t, STR_NONE);
	linger(t, SIP_T4_US);
}

static void send_final(struct txn *t, const struct input *in)
{
	t->request = obj_unref(t->request);
	keep_bytes(t, in->bytes);
	linger(t, SIP_64T1_US);
	send_kept(t);
}

static void repeat_answer(struct txn *t, const struct input *in)
{
	(void)in;
	t->stack->counts.retransmitted++;
	send_kept(t);
}

static void txn_destroy(void *self)
{
	struct txn *t = self;
	while (t->acks) {
		struct txn_ack *ack = t->acks;
		t->acks = ack->next;
		obj_unref(ack->flow);
		free(ack->tag);
		free(ack->bytes);
		free(ack);
	}
	obj_unref(t->flow);
	obj_unref(t->request);
	free(t->bytes);
}

static const struct obj_type txn_type = { "txn", sizeof(struct txn), txn_destroy };

void txn_forget(struct txn *t)
{
	t->on_response = NULL;
	t->on_cancel = NULL;
	t->arg = obj_unref(t->arg);
}

static bool is_server(const struct txn *t)
{
	return t->kind == TXN_SERVER_INVITE || t->kind == TXN_SERVER_OTHER;
}

/* Drops the stack's reference. */
static void leave(struct txn *t)
{
	timer_stop(t->stack->timers, &t->resend);
	timer_stop(t->stack->timers, &t->deadline);
	flow_unwatch(&t->watch);
	table_remove(is_server(t) ? &t->stack->servers : &t->stack->clients, &t->node);
	table_remove(&t->stack->merges, &t->merge);
	t->stack->counts.txns--;
	txn_forget(t);
	obj_unref(t);
}

static const struct cell fsm[TXN_KIND__MAX][TXN_STATE__MAX][EV__MAX];

static void txn_fire(struct txn *t, enum txn_event event, const struct input *in)
{
	const struct cell *cell = &fsm[t->kind][t->state][event];
	if (!cell->legal) {
		log_(LOG_SIP, LOG_TRACE, "transaction ignores event=%s state=%s", event_names[event],
			txn_state_names[t->state]);
		return;
	}
	bool ends = cell->next == TXN_ENDED && t->state != TXN_ENDED;
	obj_ref(t);
	t->state = cell->next;
	if (cell->act)
		cell->act(t, in);
	if (ends)
		leave(t);
	obj_unref(t);
}

static void on_resend(void *arg)
{
	txn_fire(arg, EV_RESEND, NULL);
}

static void on_deadline(void *arg)
{
	txn_fire(arg, EV_DEADLINE, NULL);
}

static void on_lost(void *arg)
{
	txn_fire(arg, EV_LOST, NULL);
}

static struct txn *txn_new(struct sip_stack *stack, enum txn_kind kind, struct sip_flow *flow)
{
	struct txn *t = obj_new(&txn_type);
	t->stack = stack;
	t->kind = kind;
	t->state = TXN_TRYING;
	t->flow = obj_ref(flow);
	timer_init(&t->resend, on_resend, t);
	timer_init(&t->deadline, on_deadline, t);
	if (flow->ops->reliable)
		flow_watch(&t->watch, flow, on_lost, t);
	stack->counts.txns++;
	return t;
}

static struct table_key key_of(
	const struct table *table, struct str branch, struct str sent_by, enum sip_method method)
{
	struct str parts[3] = { branch, sent_by, str_from(sip_method_name(method)) };
	return table_key(table, parts, 3);
}

/* sent-by as text, the port left out when the message has none. */
static struct str via_sent_by(const struct sip_via *via, char *dst, size_t size)
{
	bool v6 = str_find(via->host, ':') < via->host.n;
	int n = snprintf(dst, size, v6 ? "[" STR_FMT "]" : STR_FMT, STR_ARG(via->host));
	if (n > 0 && (size_t)n < size && via->port)
		n += snprintf(dst + n, size - (size_t)n, ":%u", (unsigned)via->port);
	return n > 0 && (size_t)n < size ? (struct str){ dst, (size_t)n } : via->host;
}

/* RFC 3261 17.2.3. A peer of RFC 2543 without the magic cookie is told apart by Call-ID, From tag and CSeq.
 */
static struct table_key server_key(const struct sip_stack *stack, const struct sip_msg *msg)
{
	enum sip_method method =
		msg->method == SIP_ACK || msg->method == SIP_CANCEL ? SIP_INVITE : msg->method;
	char sent_by[300], number[16];
	struct str by = via_sent_by(msg->via, sent_by, sizeof(sent_by));
	if (str_starts(msg->via->branch, STR("z9hG4bK")) && msg->via->branch.n > 7) {
		struct str parts[3] = { msg->via->branch, by,
			method ? str_from(sip_method_name(method)) : msg->method_name };
		return table_key(&stack->servers, parts, 3);
	}
	snprintf(number, sizeof(number), "%u", msg->cseq.number);
	struct str parts[6] = { STR("2543"), msg->call_id, msg->from->tag, str_from(number), by,
		str_from(sip_method_name(method)) };
	return table_key(&stack->servers, parts, 6);
}

static struct table_key merge_key(const struct sip_stack *stack, const struct sip_msg *msg)
{
	char number[16];
	snprintf(number, sizeof(number), "%u", msg->cseq.number);
	struct str parts[4] = { msg->call_id, msg->from->tag, str_from(number), msg->method_name };
	return table_key(&stack->merges, parts, 4);
}

static struct txn *find(const struct table *table, const struct table_key *key)
{
	struct table_node *node = table_find(table, key);
	return node ? CONTAINER_OF(node, struct txn, node) : NULL;
}

/* A CANCEL has a transaction of its own beside the one of its INVITE, under one key. */
static struct txn *find_server(struct sip_stack *stack, const struct sip_msg *msg, bool cancel)
{
	struct table_key key = server_key(stack, msg);
	struct table_node *node = table_find(&stack->servers, &key);
	for (; node; node = table_find_next(node)) {
		struct txn *t = CONTAINER_OF(node, struct txn, node);
		if ((t->method == SIP_CANCEL) == cancel)
			return t;
	}
	return NULL;
}

void txn_branch(char dst[TXN_BRANCH_SIZE])
{
	memcpy(dst, "z9hG4bK", 7);
	id_token(dst + 7, 20);
}

int txn_request(struct sip_stack *stack, const struct txn_request *req, struct txn **ret_txn)
{
	enum txn_kind kind = req->method == SIP_INVITE ? TXN_CLIENT_INVITE : TXN_CLIENT_OTHER;
	int e = flow_send(req->flow, req->bytes);
	if (e == -E_CLOSED || e == -E_FULL)
		return -E_CLOSED;
	struct txn *t = txn_new(stack, kind, req->flow);
	struct table_key key =
		key_of(&stack->clients, req->branch, str_from(req->flow->sent_by), req->method);
	table_add(&stack->clients, &t->node, &key);
	t->method = req->method;
	keep_bytes(t, req->bytes);
	t->on_response = req->fn;
	t->arg = obj_ref(req->owner);
	start_resend(t, SIP_T1_US);
	start_deadline(t, SIP_64T1_US);
	if (ret_txn)
		*ret_txn = obj_ref(t);
	return 0;
}

void txn_limit_wait(struct txn *t)
{
	if (!txn_is_open(t))
		return;
	t->is_limited = true;
	start_deadline(t, SIP_64T1_US);
}

int txn_ack_2xx(struct txn *t, struct str to_tag, struct sip_flow *flow, struct str bytes)
{
	size_t n = 0;
	for (struct txn_ack *ack = t->acks; ack; ack = ack->next)
		n++;
	if (n >= MAX_ACKS)
		return -E_LIMIT;
	if (t->state != TXN_ENDED) {
		struct txn_ack *ack = mem_alloc(sizeof(*ack));
		ack->flow = obj_ref(flow);
		ack->tag = str_dup(to_tag);
		ack->bytes = mem_dup(bytes.p, bytes.n);
		ack->n = bytes.n;
		ack->next = t->acks;
		t->acks = ack;
	}
	return flow_send(flow, bytes);
}

bool txn_is_open(const struct txn *t)
{
	return t->state == TXN_TRYING || t->state == TXN_PROCEEDING;
}

bool txn_take_response(struct sip_stack *stack, const struct sip_msg *msg)
{
	char sent_by[300];
	struct table_key key = key_of(&stack->clients, msg->via->branch,
		via_sent_by(msg->via, sent_by, sizeof(sent_by)), msg->cseq.method);
	struct txn *t = find(&stack->clients, &key);
	if (!t)
		return false;
	struct input in = { .msg = msg, .status = msg->status };
	txn_fire(t, msg->status < 200 ? EV_1XX : msg->status < 300 ? EV_2XX : EV_FAIL, &in);
	return true;
}

bool txn_take_repeat(struct sip_stack *stack, const struct sip_msg *msg)
{
	struct txn *t = find_server(stack, msg, msg->method == SIP_CANCEL);
	if (!t || (msg->method == SIP_ACK && t->state == TXN_ACCEPTED))
		return false;
	txn_fire(t, msg->method == SIP_ACK ? EV_ACK : EV_REPEAT, NULL);
	return true;
}

struct txn *txn_accept(struct sip_stack *stack, struct sip_flow *flow, struct sip_msg *request)
{
	bool invite = request->method == SIP_INVITE;
	struct txn *t = txn_new(stack, invite ? TXN_SERVER_INVITE : TXN_SERVER_OTHER, flow);
	struct table_key key = server_key(stack, request);
	table_add(&stack->servers, &t->node, &key);
	t->method = request->method;
	t->request = obj_ref(request);
	snprintf(t->tag, sizeof(t->tag), "%016llx", (unsigned long long)key.half[1]);
	if (!request->to->tag.p) {
		struct table_key merge = merge_key(stack, request);
		table_add(&stack->merges, &t->merge, &merge);
	}
	if (invite)
		timer_start_in(stack->timers, &t->resend, TRYING_AFTER_US);
	return obj_ref(t);
}

struct txn *txn_of_cancel(struct sip_stack *stack, const struct sip_msg *cancel)
{
	return find_server(stack, cancel, false);
}

void txn_on_cancel(struct txn *t, void (*fn)(void *owner), void *owner)
{
	t->on_cancel = fn;
	t->arg = obj_ref(owner);
}

void txn_cancel(struct txn *t)
{
	if (t->on_cancel)
		t->on_cancel(t->arg);
}

bool txn_is_merged(struct sip_stack *stack, const struct sip_msg *request)
{
	struct table_key key = merge_key(stack, request);
	return !request->to->tag.p && table_find(&stack->merges, &key);
}

int txn_respond(struct txn *t, int status, struct str bytes)
{
	enum txn_event event = status < 200 ? EV_1XX : status < 300 ? EV_2XX : EV_FAIL;
	struct input in = { .status = status, .bytes = bytes };
	if (!fsm[t->kind][t->state][event].legal)
		return -E_STATE;
	txn_fire(t, event, &in);
	return 0;
}

static void end_table(struct table *table)
{
	struct table_node *node;
	while ((node = table_any(table))) {
		struct txn *t = CONTAINER_OF(node, struct txn, node);
		leave(t);
	}
}

void txn_end_all(struct sip_stack *stack)
{
	end_table(&stack->clients);
	end_table(&stack->servers);
}

/* clang-format off */
#define GO(state, action) { true, TXN_##state, action }
static const struct cell fsm[TXN_KIND__MAX][TXN_STATE__MAX][EV__MAX] = {
	[TXN_CLIENT_INVITE] = {
		[TXN_TRYING] = {
			[EV_1XX] = GO(PROCEEDING, invite_rings),
			[EV_2XX] = GO(ACCEPTED, invite_accepted),
			[EV_FAIL] = GO(COMPLETED, invite_failed),
			[EV_RESEND] = GO(TRYING, again_double),
			[EV_DEADLINE] = GO(ENDED, give_up),
			[EV_LOST] = GO(ENDED, give_up_lost),
		},
		[TXN_PROCEEDING] = {
			[EV_1XX] = GO(PROCEEDING, invite_rings),
			[EV_2XX] = GO(ACCEPTED, invite_accepted),
			[EV_FAIL] = GO(COMPLETED, invite_failed),
			[EV_DEADLINE] = GO(ENDED, give_up),
			[EV_LOST] = GO(ENDED, give_up_lost),
		},
		[TXN_COMPLETED] = {
			[EV_FAIL] = GO(COMPLETED, ack_again),
			[EV_DEADLINE] = GO(ENDED, NULL),
			[EV_LOST] = GO(ENDED, NULL),
		},
		[TXN_ACCEPTED] = {
			[EV_2XX] = GO(ACCEPTED, accepted_again),
			[EV_DEADLINE] = GO(ENDED, NULL),
			[EV_LOST] = GO(ENDED, NULL),
		},
	},
	[TXN_CLIENT_OTHER] = {
		[TXN_TRYING] = {
			[EV_1XX] = GO(PROCEEDING, other_goes_on),
			[EV_2XX] = GO(COMPLETED, other_answered),
			[EV_FAIL] = GO(COMPLETED, other_answered),
			[EV_RESEND] = GO(TRYING, again_capped),
			[EV_DEADLINE] = GO(ENDED, give_up),
			[EV_LOST] = GO(ENDED, give_up_lost),
		},
		[TXN_PROCEEDING] = {
			[EV_1XX] = GO(PROCEEDING, other_goes_on),
			[EV_2XX] = GO(COMPLETED, other_answered),
			[EV_FAIL] = GO(COMPLETED, other_answered),
			[EV_RESEND] = GO(PROCEEDING, again_slow),
			[EV_DEADLINE] = GO(ENDED, give_up),
			[EV_LOST] = GO(ENDED, give_up_lost),
		},
		[TXN_COMPLETED] = {
			[EV_DEADLINE] = GO(ENDED, NULL),
			[EV_LOST] = GO(ENDED, NULL),
		},
	},
	[TXN_SERVER_INVITE] = {
		[TXN_TRYING] = {
			[EV_1XX] = GO(PROCEEDING, send_and_keep),
			[EV_2XX] = GO(ACCEPTED, send_2xx),
			[EV_FAIL] = GO(COMPLETED, send_failure),
			[EV_REPEAT] = GO(TRYING, send_trying),
			[EV_RESEND] = GO(TRYING, send_trying),
			[EV_LOST] = GO(ENDED, NULL),
		},
		[TXN_PROCEEDING] = {
			[EV_1XX] = GO(PROCEEDING, send_and_keep),
			[EV_2XX] = GO(ACCEPTED, send_2xx),
			[EV_FAIL] = GO(COMPLETED, send_failure),
			[EV_REPEAT] = GO(PROCEEDING, repeat_answer),
			[EV_LOST] = GO(ENDED, NULL),
		},
		[TXN_COMPLETED] = {
			[EV_REPEAT] = GO(COMPLETED, repeat_answer),
			[EV_RESEND] = GO(COMPLETED, again_capped),
			[EV_ACK] = GO(CONFIRMED, acknowledged),
			[EV_DEADLINE] = GO(ENDED, NULL),
			[EV_LOST] = GO(ENDED, NULL),
		},
		[TXN_CONFIRMED] = {
			[EV_DEADLINE] = GO(ENDED, NULL),
			[EV_LOST] = GO(ENDED, NULL),
			[EV_REPEAT] = GO(CONFIRMED, NULL),
			[EV_ACK] = GO(CONFIRMED, NULL),
		},
		[TXN_ACCEPTED] = {
			[EV_2XX] = GO(ACCEPTED, send_2xx_again),
			[EV_REPEAT] = GO(ACCEPTED, NULL),
			[EV_DEADLINE] = GO(ENDED, NULL),
			[EV_LOST] = GO(ENDED, NULL),
		},
	},
	[TXN_SERVER_OTHER] = {
		[TXN_TRYING] = {
			[EV_2XX] = GO(COMPLETED, send_final),
			[EV_FAIL] = GO(COMPLETED, send_final),
			[EV_REPEAT] = GO(TRYING, NULL),
			[EV_LOST] = GO(ENDED, NULL),
		},
		[TXN_COMPLETED] = {
			[EV_REPEAT] = GO(COMPLETED, repeat_answer),
			[EV_DEADLINE] = GO(ENDED, NULL),
			[EV_LOST] = GO(ENDED, NULL),
		},
	},
};
/* clang-format on */
