/* Bindings. A REGISTER is checked as a whole before anything changes (RFC 3261 10.3); a binding belongs to
 * the flow its REGISTER came over, because behind NAT and for browsers that is the only way back. A UDP flow
 * is but two addresses, so such a binding can be kept and restored by the next process. */
#include "sip/registrar.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/table.h"
#include "sip/auth.h"
#include "sip/build.h"
#include "sip/registrar_int.h"
#include "sip/reply.h"
#include "sip/stack_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define MIN_EXPIRES_S 30
#define MAX_EXPIRES_S 3600
#define DEFAULT_EXPIRES_S 600
#define MAX_BINDINGS 5
#define SECOND_US INT64_C(1000000)

struct binding {
	TAILQ_ENTRY(binding) link;
	struct record *record;
	char *contact, *instance, *user_agent, *call_id;
	int64_t id;
	uint32_t cseq;
	uint32_t reg_id;         /* 0: none */
	struct flow_watch watch; /* holds the flow */
	struct timer expiry;
	int64_t expires_us;
};

/* One address of record; there is one only while it has bindings. */
struct record {
	struct table_node node;
	struct registrar *registrar;
	char *aor;
	TAILQ_HEAD(binding_list, binding) bindings; /* newest first */
	size_t n;
};

struct registrar {
	struct sip_stack *stack;
	struct registrar_opts opts;
	struct table records;
	size_t n;
	int64_t last_id;
};

/* One REGISTER on its way. */
struct registration {
	struct registrar *registrar;
	struct txn *t;
	struct sip_msg *msg;
	struct sip_flow *flow;
	struct str aor;
	bool outbound; /* RFC 5626 was used */
};

static struct record *find_record(const struct registrar *r, struct str aor)
{
	struct table_key key = table_key(&r->records, &aor, 1);
	struct table_node *node = table_find(&r->records, &key);
	return node ? CONTAINER_OF(node, struct record, node) : NULL;
}

static struct record *need_record(struct registrar *r, struct str aor)
{
	struct record *record = find_record(r, aor);
	if (record)
		return record;
	record = mem_alloc(sizeof(*record));
	record->registrar = r;
	record->aor = str_dup(aor);
	TAILQ_INIT(&record->bindings);
	struct table_key key = table_key(&r->records, &aor, 1);
	table_add(&r->records, &record->node, &key);
	return record;
}

static void drop_record_if_empty(struct record *record)
{
	if (record->n)
		return;
	table_remove(&record->registrar->records, &record->node);
	free(record->aor);
	free(record);
}

static void fill_info(const struct binding *b, struct binding_info *ret_info)
{
	*ret_info = (struct binding_info){
		.aor = str_from(b->record->aor),
		.contact = str_from(b->contact),
		.instance = str_from(b->instance),
		.user_agent = str_from(b->user_agent),
		.flow = b->watch.flow,
		.expires_us = b->expires_us,
		.id = b->id,
		.call_id = str_from(b->call_id),
		.cseq = b->cseq,
		.reg_id = b->reg_id,
	};
	if (b->watch.flow) {
		ret_info->local = b->watch.flow->local;
		ret_info->peer = b->watch.flow->peer;
	}
}

static void free_binding(struct binding *b)
{
	struct registrar *r = b->record->registrar;
	timer_stop(r->stack->timers, &b->expiry);
	flow_unwatch(&b->watch);
	free(b->contact);
	free(b->instance);
	free(b->user_agent);
	free(b->call_id);
	free(b);
}

/* Takes it out and says so; the handler already finds it gone. */
static void remove_binding(struct binding *b)
{
	struct record *record = b->record;
	struct registrar *r = record->registrar;
	struct binding_info info;
	TAILQ_REMOVE(&record->bindings, b, link);
	record->n--;
	r->n--;
	fill_info(b, &info);
	if (r->opts.handlers && r->opts.handlers->on_unregistered)
		r->opts.handlers->on_unregistered(r->opts.arg, &info);
	free_binding(b);
	drop_record_if_empty(record);
}

static void on_gone(void *arg)
{
	remove_binding(arg);
}

static struct str contact_instance(const struct sip_addr *contact)
{
	struct str instance;
	if (!sip_addr_param(contact, "+sip.instance", &instance))
		return STR_NONE;
	instance = str_trim(instance);
	if (instance.n > 2 && instance.p[0] == '<' && instance.p[instance.n - 1] == '>')
		instance = str_sub(instance, 1, instance.n - 1);
	return instance;
}

static uint32_t contact_reg_id(const struct sip_addr *contact)
{
	struct str text;
	uint32_t reg_id = 0;
	if (!sip_addr_param(contact, "reg-id", &text) || str_to_u32(text, UINT32_MAX, &reg_id))
		return 0;
	return reg_id;
}

/* RFC 5626 6: an instance with a reg-id replaces its like whatever the URI; otherwise URIs are compared. */
static bool is_same(const struct binding *b, const struct sip_addr *contact)
{
	struct str instance = contact_instance(contact);
	uint32_t reg_id = contact_reg_id(contact);
	struct sip_uri uri;
	if (instance.n && reg_id && b->instance && b->reg_id)
		return b->reg_id == reg_id && str_eqz(instance, b->instance);
	return !sip_uri_parse(str_from(b->contact), &uri, NULL) && sip_uri_eq(&uri, &contact->uri);
}

static struct binding *find_binding(const struct record *record, const struct sip_addr *contact)
{
	struct binding *b;
	if (!record)
		return NULL;
	TAILQ_FOREACH (b, &record->bindings, link)
		if (is_same(b, contact))
			return b;
	return NULL;
}

static bool is_late(const struct binding *b, const struct sip_msg *msg)
{
	return b && str_eqz(msg->call_id, b->call_id) && msg->cseq.number <= b->cseq;
}

static uint32_t expires_of(const struct registration *g, const struct sip_addr *contact)
{
	const struct registrar_opts *opts = &g->registrar->opts;
	int64_t fallback = g->msg->expires >= 0 ? g->msg->expires : opts->default_expires_s;
	int64_t expires = sip_addr_expires(contact, fallback);
	return expires > opts->max_expires_s ? opts->max_expires_s : (uint32_t)expires;
}

static bool fail(const struct registration *g, int status, const char *reason)
{
	reply_begin(g->t, &(struct reply){ .status = status, .reason = str_from(reason) });
	if (reply_end(g->t, status, STR_NONE, STR_NONE, NULL))
		log_(LOG_SIP, LOG_DEBUG, "REGISTER not answered");
	return false;
}

static bool check_star(const struct registration *g, const struct record *record)
{
	struct binding *b;
	if (g->msg->contact || g->msg->expires != 0)
		return fail(g, 400, "Contact * needs Expires 0 and no other");
	if (record)
		TAILQ_FOREACH (b, &record->bindings, link)
			if (is_late(b, g->msg))
				return fail(g, 500, "CSeq out of order");
	return true;
}

/* Everything that can be wrong, before anything is changed; false when the answer has been given. */
static bool check(const struct registration *g)
{
	char seconds[16];
	const struct registrar_opts *opts = &g->registrar->opts;
	const struct record *record = find_record(g->registrar, g->aor);
	if (g->msg->contact_star)
		return check_star(g, record);
	for (const struct sip_addr *c = g->msg->contact; c; c = c->next) {
		uint32_t expires = expires_of(g, c);
		if (c->uri.scheme != SIP_SCHEME_SIP && c->uri.scheme != SIP_SCHEME_SIPS)
			return fail(g, 400, "Contact must be a SIP URI");
		if (is_late(find_binding(record, c), g->msg))
			return fail(g, 500, "CSeq out of order");
		if (expires && expires < opts->min_expires_s) {
			snprintf(seconds, sizeof(seconds), "%u", opts->min_expires_s);
			reply_with(g->t, 423, SIP_HDR_MIN_EXPIRES, seconds);
			return false;
		}
	}
	return true;
}

static void set_text(char **text, struct str value)
{
	free(*text);
	*text = value.p ? str_dup(value) : NULL;
}

static void fill_binding(const struct registration *g, struct binding *b, const struct sip_addr *contact)
{
	struct timers *timers = g->registrar->stack->timers;
	int64_t life_us = (int64_t)expires_of(g, contact) * SECOND_US;
	set_text(&b->contact, contact->uri.raw);
	set_text(&b->instance, contact_instance(contact));
	set_text(&b->user_agent, sip_msg_value(g->msg, SIP_HDR_USER_AGENT));
	set_text(&b->call_id, g->msg->call_id);
	b->cseq = g->msg->cseq.number;
	b->reg_id = contact_reg_id(contact);
	b->expires_us = timers->now_us + life_us;
	timer_start_in(timers, &b->expiry, life_us);
	if (b->watch.flow != g->flow)
		flow_watch(&b->watch, g->flow, on_gone, b);
}

static struct binding *new_binding(struct registrar *r, struct str aor, int64_t id)
{
	struct record *record = need_record(r, aor);
	struct binding *b = mem_alloc(sizeof(*b));
	b->record = record;
	b->id = id;
	timer_init(&b->expiry, on_gone, b);
	TAILQ_INSERT_HEAD(&record->bindings, b, link);
	record->n++;
	r->n++;
	if (r->last_id < id)
		r->last_id = id;
	return b;
}

/* A stream dies with the process, so nobody could be reached over it later. */
static void say_keep(struct binding *b)
{
	struct registrar *r = b->record->registrar;
	struct binding_info info;
	fill_info(b, &info);
	if (!b->watch.flow->ops->reliable && r->opts.handlers && r->opts.handlers->on_keep)
		r->opts.handlers->on_keep(r->opts.arg, &info);
}

static void say_registered(struct binding *b)
{
	struct registrar *r = b->record->registrar;
	struct binding_info info;
	say_keep(b);
	fill_info(b, &info);
	if (r->opts.handlers && r->opts.handlers->on_registered)
		r->opts.handlers->on_registered(r->opts.arg, &info);
}

static void say_refreshed(struct binding *b)
{
	struct registrar *r = b->record->registrar;
	struct binding_info info;
	say_keep(b);
	fill_info(b, &info);
	if (r->opts.handlers && r->opts.handlers->on_refreshed)
		r->opts.handlers->on_refreshed(r->opts.arg, &info);
}

static void add_binding(
	const struct registration *g, const struct sip_addr *contact, struct binding *replaced)
{
	struct registrar *r = g->registrar;
	struct binding *b = new_binding(r, g->aor, r->last_id + 1);
	fill_binding(g, b, contact);
	if (!replaced && b->record->n > r->opts.max_bindings)
		replaced = TAILQ_LAST(&b->record->bindings, binding_list);
	say_registered(b);
	if (replaced)
		remove_binding(replaced);
}

static void apply_contact(struct registration *g, const struct sip_addr *contact)
{
	struct binding *b = find_binding(find_record(g->registrar, g->aor), contact);
	bool same = b && b->watch.flow == g->flow && str_eqz(contact->uri.raw, b->contact);
	if (contact_reg_id(contact) && (g->msg->supported & SIP_OPTION_OUTBOUND))
		g->outbound = true;
	if (!expires_of(g, contact)) {
		if (b)
			remove_binding(b);
	} else if (same) {
		fill_binding(g, b, contact);
		say_refreshed(b);
	} else {
		add_binding(g, contact, b);
	}
}

static void write_contacts(const struct registration *g, struct buf *out)
{
	const struct record *record = find_record(g->registrar, g->aor);
	int64_t now = stack_now(g->registrar->stack);
	struct binding *b;
	char value[1024];
	if (!record)
		return;
	TAILQ_FOREACH (b, &record->bindings, link) {
		long long left = (b->expires_us - now + SECOND_US - 1) / SECOND_US;
		int n = snprintf(value, sizeof(value), "<%s>;expires=%lld", b->contact, left);
		if (b->instance && n > 0 && (size_t)n < sizeof(value))
			n += snprintf(
				value + n, sizeof(value) - (size_t)n, ";+sip.instance=\"<%s>\"", b->instance);
		if (b->reg_id && n > 0 && (size_t)n < sizeof(value))
			n += snprintf(value + n, sizeof(value) - (size_t)n, ";reg-id=%u", b->reg_id);
		if (n > 0 && (size_t)n < sizeof(value))
			sip_build_header(out, SIP_HDR_CONTACT, str_from(value));
	}
}

static void accept_registration(const struct registration *g)
{
	struct buf *out = reply_begin(g->t, &(struct reply){ .status = 200 });
	write_contacts(g, out);
	sip_build_header(out, SIP_HDR_SUPPORTED, STR(SIP_SUPPORTED_TEXT));
	if (g->outbound)
		sip_build_header(out, SIP_HDR_REQUIRE, STR("outbound"));
	if (reply_end(g->t, 200, STR_NONE, STR_NONE, NULL))
		log_(LOG_SIP, LOG_DEBUG, "REGISTER not answered");
}

void registrar_receive(struct registrar *r, struct txn *t, struct sip_msg *msg, struct sip_flow *flow)
{
	struct sip_account account = { 0 };
	struct registration g = { .registrar = r, .t = t, .msg = msg, .flow = flow };
	struct str user;
	char aor[64];
	if (auth_check(t, msg, &account, &user))
		return;
	if (sip_uri_user(&msg->to->uri, aor, sizeof(aor)) || strcmp(aor, account.aor)) {
		fail(&g, 403, NULL);
		return;
	}
	g.aor = str_from(aor);
	if (r->stack->draining) {
		reply_with(t, 503, SIP_HDR_RETRY_AFTER, "5");
		return;
	}
	if (!check(&g))
		return;
	if (msg->contact_star)
		registrar_forget(r, g.aor);
	for (const struct sip_addr *c = msg->contact; c; c = c->next)
		apply_contact(&g, c);
	accept_registration(&g);
}

struct registrar *registrar_new(struct sip_stack *stack, const struct registrar_opts *opts)
{
	struct registrar *r = mem_alloc(sizeof(*r));
	r->stack = stack;
	r->opts = *opts;
	if (!r->opts.min_expires_s)
		r->opts.min_expires_s = MIN_EXPIRES_S;
	if (!r->opts.max_expires_s)
		r->opts.max_expires_s = MAX_EXPIRES_S;
	if (!r->opts.default_expires_s)
		r->opts.default_expires_s = DEFAULT_EXPIRES_S;
	if (!r->opts.max_bindings)
		r->opts.max_bindings = MAX_BINDINGS;
	table_init(&r->records);
	stack_set_registrar(stack, r);
	return r;
}

void *registrar_free(struct registrar *r)
{
	struct table_node *node;
	if (!r)
		return NULL;
	r->opts.handlers = NULL;
	stack_set_registrar(r->stack, NULL);
	while ((node = table_any(&r->records))) {
		struct record *record = CONTAINER_OF(node, struct record, node);
		registrar_forget(r, str_from(record->aor));
	}
	table_done(&r->records);
	free(r);
	return NULL;
}

size_t registrar_lookup(
	const struct registrar *r, struct str aor, struct binding_info *ret_bindings, size_t n)
{
	const struct record *record = find_record(r, aor);
	const struct binding *b;
	size_t found = 0;
	if (!record)
		return 0;
	TAILQ_FOREACH (b, &record->bindings, link)
		if (found < n)
			fill_info(b, &ret_bindings[found++]);
	return record->n;
}

int registrar_restore(struct registrar *r, const struct binding_info *kept)
{
	struct sip_flow *flow = NULL;
	struct timers *timers = r->stack->timers;
	int64_t life_us = kept->expires_us - timers->now_us;
	int64_t longest_us = (int64_t)r->opts.max_expires_s * SECOND_US;
	if (life_us <= 0)
		return -E_TIMEOUT;
	int err = stack_open_flow(r->stack, "UDP", &kept->peer, &flow);
	if (!err && !addr_eq(&flow->local, &kept->local))
		err = -E_UNREACHABLE;
	if (err) {
		obj_unref(flow);
		return err;
	}
	struct binding *b = new_binding(r, kept->aor, kept->id);
	b->contact = str_dup(kept->contact);
	set_text(&b->instance, kept->instance);
	set_text(&b->user_agent, kept->user_agent);
	b->call_id = str_dup(kept->call_id);
	b->cseq = kept->cseq;
	b->reg_id = kept->reg_id;
	if (life_us > longest_us)
		life_us = longest_us;
	b->expires_us = timers->now_us + life_us;
	timer_start_in(timers, &b->expiry, life_us);
	flow_watch(&b->watch, flow, on_gone, b);
	obj_unref(flow);
	say_registered(b);
	return 0;
}

void registrar_forget(struct registrar *r, struct str aor)
{
	struct record *record = find_record(r, aor);
	for (size_t left = record ? record->n : 0; left; left--)
		remove_binding(TAILQ_FIRST(&record->bindings));
}

size_t registrar_count(const struct registrar *r)
{
	return r->n;
}
