/* Trunks. A proxy given by name is looked up when the trunk is set and again every five minutes, off the
 * signalling thread, so that placing a call never waits for DNS. */
#include "sip/trunk.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/resolve.h"
#include "sip/session.h"
#include "sip/stack_int.h"
#include "sip/uac.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define DEFAULT_PORT 5060
#define RESOLVE_AGAIN_US INT64_C(300000000)
#define RESOLVE_RETRY_US INT64_C(10000000)
#define MAX_SOURCES 64

struct trunk {
	struct obj obj;
	LIST_ENTRY(trunk) link;
	struct trunks *trunks; /* NULL once removed */
	int64_t id;
	struct cidr *sources;
	size_t n_sources;
	char *host; /* of the proxy, NULL for a trunk that only receives */
	uint16_t port;
	bool tcp;
	char *auth_user, *password, *caller_id;
	struct addr proxy; /* unset until the name is known */
	bool is_name;
	struct resolve *lookup; /* NULL when none is on its way */
	struct timer resolve, ping;
	int64_t ping_us;
	bool down;
};

struct trunks {
	struct sip_stack *stack;
	struct trunks_handlers handlers;
	void *arg;
	LIST_HEAD(, trunk) list;
};

static void trunk_destroy(void *self)
{
	struct trunk *t = self;
	free(t->sources);
	free(t->host);
	free(t->auth_user);
	free(t->password);
	free(t->caller_id);
}

static const struct obj_type trunk_type = { "trunk", sizeof(struct trunk), trunk_destroy };

/* The first address of a family that we have a socket of. */
static bool take_address(struct trunk *t, const struct addr *addrs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sip_flow *flow = NULL;
		if (stack_open_flow(t->trunks->stack, "UDP", &addrs[i], &flow))
			continue;
		obj_unref(flow);
		t->proxy = addrs[i];
		return true;
	}
	return false;
}

static void on_resolved(void *arg, const struct addr *addrs, size_t n)
{
	struct trunk *t = arg;
	bool found = take_address(t, addrs, n);
	t->lookup = NULL;
	timer_start_in(t->trunks->stack->timers, &t->resolve, found ? RESOLVE_AGAIN_US : RESOLVE_RETRY_US);
}

static void resolve(void *arg)
{
	struct trunk *t = arg;
	t->lookup = resolve_start(t->trunks->stack->opts.loop, t->host, t->port, on_resolved, t);
}

static void set_down(struct trunk *t, bool down)
{
	if (t->down == down)
		return;
	t->down = down;
	if (t->trunks->handlers.on_trunk_state)
		t->trunks->handlers.on_trunk_state(t->trunks->arg, t->id, !down);
}

/* Any answer, also a refusal, shows that the proxy lives. */
static void on_pong(void *owner, struct uac *u, const struct sip_msg *msg, int status)
{
	struct trunk *t = owner;
	(void)u;
	if (t->trunks && status >= 200)
		set_down(t, !msg);
}

/* "sip:user@host:port;transport=tcp" of the proxy. */
static void proxy_uri(const struct trunk *t, struct str user, struct buf *out)
{
	bool v6 = strchr(t->host, ':') != NULL;
	buf_addz(out, "sip:");
	if (user.n) {
		sip_uri_add_user(out, user);
		buf_addc(out, '@');
	}
	buf_printf(out, v6 ? "[%s]" : "%s", t->host);
	if (t->port != DEFAULT_PORT)
		buf_printf(out, ":%u", (unsigned)t->port);
	if (t->tcp)
		buf_addz(out, ";transport=tcp");
}

/* Where a named proxy really is, as a loose route. */
static void write_route(const struct trunk *t, char *dst, size_t size)
{
	char text[ADDR_STRLEN];
	snprintf(dst, size, "sip:%s;%slr", addr_to_string(&t->proxy, text), t->tcp ? "transport=tcp;" : "");
}

static void ping(void *arg)
{
	struct trunk *t = arg;
	struct sip_stack *stack = t->trunks->stack;
	struct uac *u = NULL;
	struct buf uri;
	char route[ADDR_STRLEN + 32] = "";
	timer_start_in(stack->timers, &t->ping, t->ping_us);
	if (!addr_is_set(&t->proxy))
		return;
	if (t->is_name)
		write_route(t, route, sizeof(route));
	buf_init(&uri, 512);
	proxy_uri(t, STR_NONE, &uri);
	struct dialog_start start = {
		.local_uri = buf_str(&uri),
		.remote_uri = buf_str(&uri),
		.target = buf_str(&uri),
		.route = str_from(route),
	};
	struct dialog *d = dialog_new(stack, &start);
	struct uac_opts opts = { .dialog = d, .method = SIP_OPTIONS, .fn = on_pong, .owner = t };
	if (uac_send(&opts, &u))
		set_down(t, true);
	obj_unref(u);
	obj_unref(d);
	buf_done(&uri);
}

static int take_sources(struct trunk *t, const struct trunk_opts *opts, struct fault *reterr_)
{
	if (opts->n_sources > MAX_SOURCES)
		return fault_set(reterr_, "too_many", "sources", "at most %d addresses", MAX_SOURCES);
	t->sources = opts->n_sources ? mem_array(opts->n_sources, sizeof(*t->sources)) : NULL;
	t->n_sources = opts->n_sources;
	for (size_t i = 0; i < opts->n_sources; i++)
		if (cidr_from_string(str_from(opts->sources[i]), &t->sources[i]))
			return fault_set(reterr_, "syntax", "sources", "\"%s\" is not an address or network",
				opts->sources[i]);
	return 0;
}

/* "host", "host:port", "[v6]:port". */
static int take_proxy(struct trunk *t, const char *text, const struct sip_stack *stack, struct fault *reterr_)
{
	struct sip_uri uri;
	CLEANUP(mem_freep) char *as_uri = mem_printf("sip:%s", text);
	if (!*text)
		return 0;
	if (sip_uri_parse(str_from(as_uri), &uri, NULL) || !uri.host.n || uri.user.p || uri.params.n)
		return fault_set(reterr_, "syntax", "proxy", "\"%s\" is not host:port", text);
	t->host = str_dup(uri.host);
	t->port = uri.port ? uri.port : DEFAULT_PORT;
	t->is_name = addr_from_host(uri.host, t->port, &t->proxy) != 0;
	if (t->is_name && !stack->opts.loop)
		return fault_set(reterr_, "unsupported", "proxy", "names cannot be looked up here");
	return 0;
}

static int take_opts(
	struct trunk *t, const struct trunk_opts *opts, const struct sip_stack *stack, struct fault *reterr_)
{
	const char *transport = opts->transport && *opts->transport ? opts->transport : "udp";
	int e = take_sources(t, opts, reterr_);
	if (!e)
		e = take_proxy(t, opts->proxy ? opts->proxy : "", stack, reterr_);
	if (e)
		return e;
	if (strcmp(transport, "udp") && strcmp(transport, "tcp"))
		return fault_set(reterr_, "unknown", "transport", "\"%s\" is neither udp nor tcp", transport);
	t->tcp = !strcmp(transport, "tcp");
	t->id = opts->id;
	t->auth_user = mem_strdup(opts->auth_user ? opts->auth_user : "");
	t->password = mem_strdup(opts->password ? opts->password : "");
	t->caller_id = mem_strdup(opts->caller_id ? opts->caller_id : "");
	t->ping_us = t->host ? opts->ping_ms * 1000 : 0;
	return 0;
}

static struct trunk *find(const struct trunks *ts, int64_t id)
{
	struct trunk *t;
	LIST_FOREACH (t, &ts->list, link)
		if (t->id == id)
			return t;
	return NULL;
}

static void drop(struct trunk *t)
{
	timer_stop(t->trunks->stack->timers, &t->resolve);
	timer_stop(t->trunks->stack->timers, &t->ping);
	t->lookup = resolve_cancel(t->lookup);
	LIST_REMOVE(t, link);
	t->trunks = NULL;
	obj_unref(t);
}

struct trunks *trunks_new(struct sip_stack *stack, const struct trunks_handlers *handlers, void *arg)
{
	struct trunks *ts = mem_alloc(sizeof(*ts));
	ts->stack = stack;
	if (handlers)
		ts->handlers = *handlers;
	ts->arg = arg;
	LIST_INIT(&ts->list);
	return ts;
}

void *trunks_free(struct trunks *ts)
{
	struct trunk *t;
	if (!ts)
		return NULL;
	while ((t = LIST_FIRST(&ts->list)))
		drop(t);
	free(ts);
	return NULL;
}

int trunks_set(struct trunks *ts, const struct trunk_opts *opts, struct fault *reterr_)
{
	struct trunk *t = obj_new(&trunk_type);
	int e = take_opts(t, opts, ts->stack, reterr_);
	if (e) {
		obj_unref(t);
		return e;
	}
	struct trunk *old = find(ts, opts->id);
	if (old) {
		t->down = old->down && t->ping_us;
		drop(old);
	}
	t->trunks = ts;
	timer_init(&t->resolve, resolve, t);
	timer_init(&t->ping, ping, t);
	LIST_INSERT_HEAD(&ts->list, t, link);
	if (t->is_name)
		resolve(t);
	if (t->ping_us)
		timer_start_in(ts->stack->timers, &t->ping, 0);
	return 0;
}

void trunks_remove(struct trunks *ts, int64_t id)
{
	struct trunk *t = find(ts, id);
	if (t)
		drop(t);
}

int64_t trunks_match(const struct trunks *ts, const struct addr *source)
{
	const struct trunk *t;
	int64_t best = 0;
	unsigned bits = 0;
	LIST_FOREACH (t, &ts->list, link)
		for (size_t i = 0; i < t->n_sources; i++)
			if (cidr_has(&t->sources[i], source) && (!best || t->sources[i].bits > bits)) {
				best = t->id;
				bits = t->sources[i].bits;
			}
	return best;
}

bool trunks_is_up(const struct trunks *ts, int64_t id)
{
	const struct trunk *t = find(ts, id);
	return t && !t->down;
}

int trunks_invite(struct trunks *ts, int64_t id, struct str number, const struct session_invite_opts *opts,
	struct session **ret_session)
{
	struct trunk *t = find(ts, id);
	struct session_invite_opts filled = *opts;
	struct buf target, from;
	char route[ADDR_STRLEN + 32];
	if (!t)
		return -E_NOT_FOUND;
	if (!t->host || !addr_is_set(&t->proxy))
		return -E_UNREACHABLE;
	buf_init(&target, 1024);
	buf_init(&from, 1024);
	proxy_uri(t, number, &target);
	filled.target = buf_str(&target);
	if (t->is_name) {
		write_route(t, route, sizeof(route));
		filled.route = str_from(route);
	}
	if (!filled.from.n) {
		proxy_uri(t, *t->caller_id ? str_from(t->caller_id) : STR("anonymous"), &from);
		filled.from = buf_str(&from);
	}
	if (*t->auth_user) {
		filled.auth_user = str_from(t->auth_user);
		filled.auth_password = str_from(t->password);
	}
	int e = buf_err(&target);
	if (!e)
		e = session_invite(ts->stack, &filled, ret_session);
	buf_done(&target);
	buf_done(&from);
	return e;
}
