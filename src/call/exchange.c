/* The exchange joins what knows nothing of each other: SIP sessions, media streams, the ACD, flows, and the
 * sink that leads to journal and desk. Not obvious: nothing is carried out from inside a core. Whatever comes
 * from outside ends with exchange_settle(), which drains the ACD's decisions until there are none and frees
 * what has finished, so that no pointer dies under a caller. */
#include "call/exchange_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "call/visitor.h"
#include "sip/flow.h"
#include "sip/msg.h"
#include "sip/trunk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define VISITOR "visitor" /* what the page of visitors calls itself */
#define LOOKUP_WAIT_US (300 * CLOCK_MS_US)

int64_t exchange_now(const struct exchange *x)
{
	return x->timers->now_us;
}

int64_t exchange_id(struct exchange *x)
{
	return id_next(&x->ids, clock_wall_ms());
}

const char *exchange_text(int64_t id)
{
	static _Thread_local char texts[16][24];
	static _Thread_local unsigned turn;
	char *text = texts[turn++ % 16];
	snprintf(text, sizeof(texts[0]), "%" PRId64, id);
	return text;
}

const char *exchange_prompt(const struct exchange *x, const char *language, const char *name)
{
	static _Thread_local char paths[4][600];
	static _Thread_local unsigned turn;
	const char *path = site_prompt(x->site, language, name);
	char *out = paths[turn++ % 4];
	if (!path)
		return NULL;
	snprintf(out, sizeof(paths[0]), "%s/%s", x->data_dir, path);
	return out;
}

void exchange_emit(struct exchange *x, enum event_kind kind, int64_t agent, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	json_t *event = json_vpack_ex(NULL, 0, fmt, args);
	va_end(args);
	if (!event)
		event = json_object();
	js_set_id(event, "agent", agent);
	x->last_event = x->sink->event(x->arg, kind, js_id(event, "interaction"), agent, event);
	json_decref(event);
}

struct item *exchange_item(const struct exchange *x, int64_t id)
{
	struct item *item = NULL;
	HASH_FIND(hh, x->items, &id, sizeof(id), item);
	return item;
}

void exchange_item_add(struct exchange *x, int64_t id, struct call *call, bool consult)
{
	struct item *item = mem_alloc(sizeof(*item));
	item->id = id;
	item->call = call;
	item->consult = consult;
	HASH_ADD(hh, x->items, id, sizeof(item->id), item);
}

void exchange_item_remove(struct exchange *x, int64_t id)
{
	struct item *item = exchange_item(x, id);
	if (item) {
		HASH_DEL(x->items, item);
		free(item);
	}
}

bool exchange_phone(
	const struct exchange *x, const struct site_agent *agent, struct binding_info *ret_binding)
{
	return registrar_lookup(x->registrar, str_from(agent->extension), ret_binding, 1) > 0;
}

static void free_finished(struct exchange *x)
{
	while (!TAILQ_EMPTY(&x->finished)) {
		struct call *call = TAILQ_FIRST(&x->finished);
		TAILQ_REMOVE(&x->finished, call, link);
		timer_stop(x->timers, &call->ivr_timer);
		timer_stop(x->timers, &call->lookup_timer);
		timer_stop(x->timers, &call->clear_timer);
		obj_unref(call);
	}
}

void exchange_drain(struct exchange *x)
{
	struct acd_decision d;
	while (acd_next(x->acd, &d))
		exchange_decide(x, &d);
}

void exchange_settle(struct exchange *x)
{
	if (x->settling)
		return;
	x->settling = true;
	exchange_drain(x);
	x->settling = false;
	int64_t wake = acd_next_wake(x->acd);
	if (wake == INT64_MAX)
		timer_stop(x->timers, &x->acd_timer);
	else
		timer_start(x->timers, &x->acd_timer, wake);
	free_finished(x);
}

static void on_acd_timer(void *arg)
{
	struct exchange *x = arg;
	acd_tick(x->acd, exchange_now(x));
	exchange_settle(x);
}

static void on_live_timer(void *arg)
{
	exchange_live_flush(arg);
}

struct exchange *exchange_new(const struct exchange_opts *opts)
{
	struct exchange *x = mem_alloc(sizeof(*x));
	json_t *nothing = json_object();
	x->loop = opts->loop;
	x->timers = loop_timers(opts->loop);
	x->media = opts->media;
	x->stack = opts->stack;
	x->registrar = opts->registrar;
	x->trunks = opts->trunks;
	x->sink = opts->sink;
	x->arg = opts->arg;
	x->visitor_max = opts->visitor_max;
	x->data_dir = mem_strdup(opts->data_dir);
	x->ids.node = opts->node;
	x->acd = acd_new(loop_now_us(opts->loop));
	TAILQ_INIT(&x->finished);
	timer_init(&x->acd_timer, on_acd_timer, x);
	timer_init(&x->live_timer, on_live_timer, x);
	if (site_build(0, nothing, &x->site, NULL) != 0)
		abort(); /* an empty set-up is always right */
	json_decref(nothing);
	return x;
}

void *exchange_free(struct exchange *x)
{
	struct seat *seat, *next_seat;
	struct queue_mark *mark, *next_mark;
	if (!x)
		return NULL;
	free_finished(x);
	HASH_ITER (hh, x->seats, seat, next_seat) {
		timer_stop(x->timers, &seat->lost);
		HASH_DEL(x->seats, seat);
		free(seat);
	}
	HASH_ITER (hh, x->queue_marks, mark, next_mark) {
		HASH_DEL(x->queue_marks, mark);
		free(mark);
	}
	visitors_free(&x->visitors);
	timer_stop(x->timers, &x->acd_timer);
	timer_stop(x->timers, &x->live_timer);
	acd_free(x->acd);
	obj_unref(x->site);
	free(x->data_dir);
	free(x);
	return NULL;
}

void exchange_end_all(struct exchange *x, const char *cause)
{
	struct call *call, *next;
	HASH_ITER (hh, x->calls, call, next)
		call_end(call, cause, "system");
	exchange_settle(x);
}

size_t exchange_calls(const struct exchange *x)
{
	return HASH_COUNT(x->calls);
}

int64_t exchange_last_event(const struct exchange *x)
{
	return x->last_event;
}

int64_t exchange_last_interaction(const struct exchange *x)
{
	return x->last_interaction;
}

void exchange_caller_known(struct exchange *x, int64_t interaction, const json_t *answer)
{
	struct call *call = NULL;
	HASH_FIND(hh, x->calls, &interaction, sizeof(interaction), call);
	if (!call || call->state != CS_NEW)
		return;
	call->customer = js_id(answer, "customer");
	snprintf(call->name, sizeof(call->name), "%s", js_str(answer, "name", ""));
	snprintf(call->tier, sizeof(call->tier), "%s", js_str(answer, "tier", ""));
	snprintf(call->kind, sizeof(call->kind), "%s", js_str(answer, "kind", ""));
	if (js_str(answer, "language", "")[0])
		snprintf(call->language, sizeof(call->language), "%s", js_str(answer, "language", ""));
	if (call->customer)
		call_emit(call, EV_INTERACTION_CUSTOMER, "{s:s, s:s, s:s, s:s}", "customer",
			exchange_text(call->customer), "name", call->name, "tier", call->tier, "language",
			call->language);
	call_run_flow(call);
	exchange_settle(x);
}

static bool is_account(const struct exchange *x, const struct sip_msg *invite)
{
	char user[64];
	return str_copy(invite->from->uri.user, user, sizeof(user)) == 0 &&
		site_agent_by_extension(x->site, user);
}

static bool is_did(const struct exchange *x, struct str number)
{
	char text[64];
	return str_copy(number, text, sizeof(text)) == 0 && site_did(x->site, text);
}

static bool is_visitor(const struct sip_msg *invite)
{
	return str_eqz(invite->from->uri.user, VISITOR);
}

/* A trunk by its address, a visitor over WebSocket to a number of ours. All others prove who they are:
 * agents, and whoever comes over WebSocket with a number, for a customer's name and rank hang on it. */
enum stack_verdict exchange_on_admit(
	void *arg, const struct sip_msg *invite, const struct sip_flow *flow, bool *ret_stranger)
{
	struct exchange *x = arg;
	bool to_did = is_did(x, invite->uri.user);
	*ret_stranger = false;
	if (is_account(x, invite))
		return STACK_CHALLENGE;
	if (flow_is_websocket(flow))
		return to_did && is_visitor(invite) ? STACK_ADMIT : STACK_CHALLENGE;
	*ret_stranger = !trunks_match(x->trunks, &flow->peer);
	return *ret_stranger ? STACK_CHALLENGE : STACK_ADMIT;
}

static void refuse(struct session *s, int status, const char *why)
{
	const struct session_info *info = session_info(s);
	log_(LOG_CALL, LOG_WARN, "call refused status=%d why=\"%s\" from=%s to=%s", status, why,
		LOG_Q(info->remote_user), LOG_Q(info->local_user));
	if (session_reject(s, status, NULL, 0) != 0)
		session_hangup(s, NULL);
}

/* Begins the call of a trunk or a visitor: the flow starts when the desk has said who calls. */
static void begin_inbound(struct call *call)
{
	struct exchange *x = call->x;
	leg_ring(call->party);
	if (x->sink->ask_caller(x->arg, call->id, call->from))
		timer_start_in(x->timers, &call->lookup_timer, LOOKUP_WAIT_US);
	else
		call_run_flow(call);
}

/* Who calls whom, as far as the message tells. */
struct caller {
	char from[64], to[64];
	const struct site_agent *agent; /* one of ours, whose credentials were right */
	const struct site_did *did;
};

static int read_caller(const struct exchange *x, const struct session_info *info, struct caller *c)
{
	const struct site_account *account =
		info->auth_user.n ? site_account(x->site, info->auth_user) : NULL;
	int err = str_copy(info->remote_user, c->from, sizeof(c->from));
	if (!err)
		err = str_copy(info->local_user, c->to, sizeof(c->to));
	c->agent = account ? site_agent_by_extension(x->site, account->aor) : NULL;
	c->did = err ? NULL : site_did(x->site, c->to);
	return err;
}

static struct call *call_of_caller(
	struct exchange *x, const struct caller *c, const struct session_info *info)
{
	const char *direction = "inbound";
	if (c->agent)
		direction = site_agent_by_extension(x->site, c->to) || c->did ? "internal" : "outbound";
	struct call *call = call_new(x, direction, c->agent ? c->agent->extension : c->from, c->to);
	call->did = c->did ? c->did->id : 0;
	call->trunk = c->agent ? 0 : trunks_match(x->trunks, &info->peer);
	call_started(call);
	return call;
}

/* False for a stranger whose address has its fill, and who hears that: it would be a way to take every port
 * and every agent. Nothing is written of it, or the history would fill instead. */
static bool count_visitor(
	struct exchange *x, const struct caller *c, struct session *s, struct visitor **ret_visitor)
{
	const struct sip_flow *flow = session_flow(s);
	*ret_visitor = NULL;
	if (c->agent || !flow || !flow_is_websocket(flow) || !x->visitor_max)
		return true;
	*ret_visitor = visitor_enter(&x->visitors, &session_info(s)->peer, x->visitor_max, exchange_now(x));
	if (!*ret_visitor && session_reject(s, 486, NULL, 0) != 0)
		session_hangup(s, NULL);
	return *ret_visitor;
}

void exchange_on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	struct exchange *x = arg;
	struct visitor *visitor;
	struct caller c;
	if (read_caller(x, session_info(s), &c) != 0) {
		refuse(s, 404, "number too long");
		return;
	}
	if (!x->sink->may_start(x->arg)) {
		refuse(s, 503, "no new calls now");
		return;
	}
	if (!count_visitor(x, &c, s, &visitor))
		return;
	struct call *call = call_of_caller(x, &c, session_info(s));
	call->visitor = visitor;
	if (!c.agent && !c.did) {
		refuse(s, 404, "unknown number");
		call_end(call, "not_found", "system");
		exchange_settle(x);
		return;
	}
	int err = leg_new_incoming(call, s, invite, &call->party);
	if (err) {
		refuse(s, err == -E_BUSY ? 503 : 488,
			err == -E_BUSY ? "no port for sound is free" : "no sound in common");
		call_end(call, "no_media", "system");
	} else if (c.agent && !c.did) {
		call->party->agent = call->transferor = c.agent->id;
		call_from_phone(call, c.to);
	} else {
		begin_inbound(call);
	}
	exchange_settle(x);
}

bool exchange_find_account(void *arg, struct str auth_user, struct sip_account *ret_account)
{
	struct exchange *x = arg;
	const struct site_account *account = site_account(x->site, auth_user);
	if (!account)
		return false;
	snprintf(ret_account->ha1_md5, sizeof(ret_account->ha1_md5), "%s", account->ha1_md5);
	snprintf(ret_account->ha1_sha256, sizeof(ret_account->ha1_sha256), "%s", account->ha1_sha256);
	snprintf(ret_account->aor, sizeof(ret_account->aor), "%s", account->aor);
	return true;
}

static void on_record(struct exchange *x, const struct media_event *event)
{
	struct call *call = NULL;
	int64_t id = (int64_t)event->tag;
	HASH_FIND(hh, x->calls, &id, sizeof(id), call);
	if (!call || event->id != call->record)
		return;
	if (event->kind == MEDIA_RECORD_FAILED) {
		log_(LOG_CALL, LOG_ERROR, "recording has a gap call=%" PRId64 " err=%s", call->id,
			err_name(event->err));
		return;
	}
	if (call->recorded)
		return; /* it had been given up */
	const struct call_recorded how = { .duration_ms = (int64_t)event->record.duration_ms,
		.bytes = (int64_t)event->record.bytes,
		.missing_ms = (int64_t)event->record.missing_ms,
		.reason = event->err ? err_name(event->err) : "done" };
	call_recorded(call, &how);
}

void exchange_on_media(const struct media_event *event, void *arg)
{
	struct exchange *x = arg;
	if (event->kind == MEDIA_RECORDED || event->kind == MEDIA_RECORD_FAILED) {
		on_record(x, event);
	} else {
		struct leg *leg = NULL;
		int64_t id = (int64_t)event->tag;
		HASH_FIND(hh, x->legs, &id, sizeof(id), leg);
		if (leg)
			leg_media_event(leg, event);
	}
	exchange_settle(x);
}

static const struct site_agent *agent_of(struct exchange *x, const struct binding_info *binding)
{
	char aor[64];
	return str_copy(binding->aor, aor, sizeof(aor)) == 0 ? site_agent_by_extension(x->site, aor) : NULL;
}

void exchange_on_registered(void *arg, const struct binding_info *binding)
{
	struct exchange *x = arg;
	const struct site_agent *agent = agent_of(x, binding);
	if (!agent)
		return;
	if (acd_set_phone(x->acd, agent->id, true, exchange_now(x)) == 0)
		exchange_phone_back(x, agent);
	exchange_mark_agent(x, agent->id);
	exchange_settle(x);
}

void exchange_on_unregistered(void *arg, const struct binding_info *binding)
{
	struct exchange *x = arg;
	const struct site_agent *agent = agent_of(x, binding);
	struct binding_info other;
	if (!agent || exchange_phone(x, agent, &other))
		return;
	if (acd_set_phone(x->acd, agent->id, false, exchange_now(x)) != 0)
		log_(LOG_CALL, LOG_DEBUG, "phone of nobody agent=%" PRId64, agent->id);
	exchange_mark_agent(x, agent->id);
	exchange_settle(x);
}
