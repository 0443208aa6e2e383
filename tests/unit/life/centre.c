/* The fixture. Agents 8001 and 8002 have phones that register; the caller and the outside number share the
 * phones' stack. Ports are free ones; recordings go to a temporary folder. */
#include "life/centre.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/loop.h"
#include "sip/digest.h"
#include "sip/msg.h"
#include "sip/trunk.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REALM "lingxi"
#define NUMBER "4008001234"
#define PATIENCE_US (15 * CLOCK_S_US)

static int64_t on_event(void *arg, enum event_kind kind, int64_t interaction, int64_t agent, json_t *event)
{
	struct centre *c = arg;
	(void)interaction;
	(void)agent;
	assert_true(c->n_events < CENTRE_EVENTS_MAX);
	c->events[c->n_events].kind = kind;
	c->events[c->n_events++].json = json_incref(event);
	return (int64_t)c->n_events;
}

static void on_live(void *arg, const char *topic, int64_t id, const json_t *value)
{
	struct centre *c = arg;
	size_t i;
	const json_t *leg;
	(void)id;
	if (strcmp(topic, "call") != 0)
		return;
	c->leg_rings = false;
	json_array_foreach (json_object_get(value, "legs"), i, leg)
		c->leg_rings |= strcmp(js_str(leg, "role", ""), "caller") != 0 &&
			strcmp(js_str(leg, "state", ""), "ringing") == 0;
}

static bool on_ask(void *arg, int64_t interaction, const char *number)
{
	(void)arg;
	(void)interaction;
	(void)number;
	return false;
}

static bool may_start(void *arg)
{
	(void)arg;
	return true;
}

static const struct exchange_sink sink = { on_event, on_live, on_ask, may_start };

static enum stack_verdict on_admit(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	struct centre *c = arg;
	bool stranger;
	return exchange_on_admit(c->x, invite, flow, &stranger);
}

static void on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	struct centre *c = arg;
	exchange_on_invite(c->x, s, invite);
}

static bool find_account(void *arg, struct str user, struct sip_account *ret)
{
	struct centre *c = arg;
	return exchange_find_account(c->x, user, ret);
}

static void on_registered(void *arg, const struct binding_info *binding)
{
	struct centre *c = arg;
	exchange_on_registered(c->x, binding);
}

static void on_unregistered(void *arg, const struct binding_info *binding)
{
	struct centre *c = arg;
	exchange_on_unregistered(c->x, binding);
}

static void on_media(const struct media_event *event, void *arg)
{
	struct centre *c = arg;
	if (!c->no_media)
		exchange_on_media(event, c->x);
}

static const struct stack_handlers stack_handlers = {
	.on_admit = on_admit, .on_invite = on_invite, .find_account = find_account
};
static const struct registrar_handlers registrar_handlers = {
	.on_registered = on_registered,
	.on_unregistered = on_unregistered,
};

static void phone_up(void *arg)
{
	struct desk_phone *p = arg;
	p->up = true;
	p->ended = false;
}

static void phone_ended(void *arg)
{
	struct desk_phone *p = arg;
	p->ended = true;
	p->up = p->ringing = false;
}

static const struct phone_handlers phone_handlers = { phone_up, phone_ended };

static void phone_media_event(const struct media_event *event, void *arg)
{
	(void)event;
	(void)arg;
}

static enum stack_verdict admit_all(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	(void)arg;
	(void)invite;
	(void)flow;
	return STACK_ADMIT;
}

static void phone_invited(void *arg, struct session *s, const struct sip_msg *invite)
{
	struct centre *c = arg;
	struct desk_phone *phones[] = { &c->agents[0], &c->agents[1], &c->outside };
	for (size_t i = 0; i < ARRAY_LEN(phones); i++) {
		struct desk_phone *p = phones[i];
		if (!str_eqz(invite->uri.user, p->user))
			continue;
		if (p->refuse || !phone_is_idle(p->phone)) {
			assert_int_equal(session_reject(s, 486, NULL, 0), 0);
			return;
		}
		assert_int_equal(phone_take(p->phone, s, invite->body), 0);
		p->ringing = true;
		return;
	}
	assert_int_equal(session_reject(s, 404, NULL, 0), 0);
}

static const struct stack_handlers phone_stack_handlers = { .on_admit = admit_all,
	.on_invite = phone_invited };

static json_t *account(const char *user)
{
	char md5[DIGEST_HEX_SIZE], sha[DIGEST_HEX_SIZE];
	digest_ha1(DIGEST_MD5, str_from(user), STR(REALM), STR("secret"), md5);
	digest_ha1(DIGEST_SHA256, str_from(user), STR(REALM), STR("secret"), sha);
	return json_pack(
		"{s:s, s:s, s:s, s:s}", "auth_user", user, "aor", user, "ha1_md5", md5, "ha1_sha256", sha);
}

static json_t *set_up_rows(const struct centre *c)
{
	json_t *graph = json_pack("{s:s, s:{s:{s:s, s:s, s:s}, s:{s:s}}}", "start", "q", "nodes", "q", "type",
		"queue", "queue", "5", "next", "end", "end", "type", "hangup");
	json_t *level = json_pack("[{s:s, s:i}]", "skill", "1", "level", 5);
	json_t *kinds =
		json_pack("{s:{s:{s:i, s:i, s:b}}, s:{s:{s:[s], s:s}}, s:{s:{s:s, s:s}}, s:{s:{s:s, s:o}}}",
			"setting", "1", "ring_timeout_ms", 1500, "wrap_up_ms", 0, "record", 1, "trunk", "1",
			"sources", "127.0.0.0/8", "proxy", c->phones, "did", "1", "number", NUMBER, "flow",
			"1", "flow", "1", "name", "main", "graph", graph);
	json_object_set_new(kinds, "skill", json_pack("{s:{s:s}}", "1", "name", "booking"));
	json_object_set_new(kinds, "queue",
		json_pack("{s:{s:s, s:O, s:i}}", "5", "name", "booking", "skills", level, "wrap_up_ms", 0));
	json_object_set_new(kinds, "agent",
		json_pack("{s:{s:s, s:s, s:O}, s:{s:s, s:s, s:O}}", "11", "name", "one", "number", "8001",
			"skills", level, "12", "name", "two", "number", "8002", "skills", level));
	json_object_set_new(
		kinds, "account", json_pack("{s:o, s:o}", "1", account("8001"), "2", account("8002")));
	json_object_set_new(kinds, "reason", json_pack("{s:{s:s}}", "1", "code", "lunch"));
	json_decref(level);
	return kinds;
}

static void set_up(struct centre *c)
{
	json_t *kinds = set_up_rows(c);
	struct site *site = NULL;
	struct fault fault = { .text = "" };
	int err = site_build(1, kinds, &site, &fault);
	if (err)
		fail_msg("%s: %s", fault.field, fault.text);
	assert_int_equal(exchange_set_site(c->x, site, &fault), 0);
	obj_unref(site);
	json_decref(kinds);
}

static struct sip_stack *open_stack(struct centre *c, const struct stack_handlers *handlers, char *where)
{
	struct addr any, bound;
	const struct stack_opts opts = { .timers = loop_timers(c->loop),
		.loop = c->loop,
		.user_agent = "test",
		.realm = REALM,
		.handlers = handlers,
		.arg = c };
	struct sip_stack *stack = stack_new(&opts);
	assert_int_equal(addr_from_string(STR("127.0.0.1:0"), &any), 0);
	assert_int_equal(stack_listen(stack, &any, &bound), 0);
	(void)addr_to_string(&bound, where);
	return stack;
}

static struct media *open_media(struct centre *c, uint16_t low, media_event_fn fn)
{
	struct media *media = NULL;
	const struct media_options opts = { .threads = 1,
		.ip = "127.0.0.1",
		.port_low = low,
		.port_high = (uint16_t)(low + 400),
		.loop = c->loop,
		.on_event = fn,
		.arg = c };
	assert_int_equal(media_new(&opts, &media), 0);
	return media;
}

static void open_phone(struct centre *c, struct desk_phone *p, const char *user)
{
	snprintf(p->user, sizeof(p->user), "%s", user);
	p->centre = c;
	p->phone = phone_new(c->phone_stack, c->phone_media, 1, &phone_handlers, p);
}

void centre_open(struct centre *c)
{
	*c = (struct centre){ .loop = loop_new() };
	snprintf(c->dir, sizeof(c->dir), "/tmp/lx-centre-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	c->media = open_media(c, 41000, on_media);
	c->phone_media = open_media(c, 42000, phone_media_event);
	c->stack = open_stack(c, &stack_handlers, c->sip);
	c->phone_stack = open_stack(c, &phone_stack_handlers, c->phones);
	const struct registrar_opts registrar = { .handlers = &registrar_handlers, .arg = c };
	c->registrar = registrar_new(c->stack, &registrar);
	c->trunks = trunks_new(c->stack, NULL, NULL);
	const struct exchange_opts opts = { .loop = c->loop,
		.media = c->media,
		.stack = c->stack,
		.registrar = c->registrar,
		.trunks = c->trunks,
		.data_dir = c->dir,
		.sink = &sink,
		.arg = c };
	c->x = exchange_new(&opts);
	open_phone(c, &c->agents[0], "8001");
	open_phone(c, &c->agents[1], "8002");
	open_phone(c, &c->caller, "13800000000");
	open_phone(c, &c->outside, "13900000000");
	set_up(c);
}

static void turn(struct centre *c, int64_t since_us, const char *what)
{
	char story[2000];
	loop_run_once(c->loop);
	if (clock_mono_us() - since_us <= PATIENCE_US)
		return;
	centre_story(c, story, sizeof(story));
	fail_msg("waited in vain for %s; so far: %s", what, story);
}

size_t centre_count(const struct centre *c, enum event_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < c->n_events; i++)
		n += c->events[i].kind == kind;
	return n;
}

const json_t *centre_wait(struct centre *c, enum event_kind kind, size_t n)
{
	int64_t since = clock_mono_us();
	while (centre_count(c, kind) < n)
		turn(c, since, event_name(kind));
	for (size_t i = 0;; i++)
		if (c->events[i].kind == kind && --n == 0)
			return c->events[i].json;
}

void centre_wait_for(struct centre *c, const bool *flag)
{
	int64_t since = clock_mono_us();
	while (!*flag)
		turn(c, since, "a phone");
}

void centre_turn_clock(struct centre *c, int64_t us)
{
	timers_run(loop_timers(c->loop), clock_mono_us() + us);
	(void)loop_now_us(c->loop);
}

void centre_wait_state(struct centre *c, int agent, const char *state)
{
	int64_t since = clock_mono_us();
	for (;;) {
		const char *last = "";
		for (size_t i = 0; i < c->n_events; i++)
			if (c->events[i].kind == EV_AGENT_STATE && js_id(c->events[i].json, "agent") == agent)
				last = js_str(c->events[i].json, "state", "");
		if (strcmp(last, state) == 0)
			return;
		turn(c, since, state);
	}
}

void centre_story(const struct centre *c, char *dst, size_t size)
{
	size_t used = 0;
	dst[0] = '\0';
	for (size_t i = 0; i < c->n_events && used < size; i++) {
		const char *name = event_name(c->events[i].kind);
		if (c->events[i].kind == EV_AGENT_STATE || strncmp(name, "leg.", 4) == 0)
			continue;
		used += (size_t)snprintf(dst + used, size - used, "%s%s", used ? " " : "", name);
	}
}

int centre_command(struct centre *c, const char *name, int agent, json_t *more)
{
	struct fault fault = { .text = "" };
	json_t *command = more ? more : json_object();
	js_set_str(command, "name", name);
	js_set_id(command, "agent", agent);
	js_set_id(command, "interaction", centre_interaction(c));
	int err = exchange_command(c->x, command, &fault);
	json_decref(command);
	return err;
}

int64_t centre_interaction(const struct centre *c)
{
	for (size_t i = c->n_events; i-- > 0;)
		if (c->events[i].kind == EV_INTERACTION_STARTED)
			return js_id(c->events[i].json, "interaction");
	return 0;
}

static void on_state(void *arg, bool registered)
{
	struct desk_phone *p = arg;
	p->registered = registered;
}

void centre_sign_in(struct centre *c, int agent)
{
	struct desk_phone *p = &c->agents[agent - AGENT_1];
	char registrar[80], aor[96], contact[96];
	snprintf(registrar, sizeof(registrar), "sip:%s", c->sip);
	snprintf(aor, sizeof(aor), "sip:%s@%s", p->user, c->sip);
	snprintf(contact, sizeof(contact), "sip:%s@%s", p->user, c->phones);
	const struct registration_opts opts = { .registrar = registrar,
		.aor = aor,
		.contact = contact,
		.user = p->user,
		.password = "secret",
		.on_state = on_state,
		.arg = p };
	p->registration = registration_new(c->phone_stack, &opts);
	centre_wait_for(c, &p->registered);
	assert_int_equal(centre_command(c, "agent.sign_in", agent, NULL), 0);
	assert_int_equal(centre_command(c, "agent.state", agent, json_pack("{s:s}", "state", "ready")), 0);
}

void centre_call(struct centre *c)
{
	char target[96], from[96];
	snprintf(target, sizeof(target), "sip:" NUMBER "@%s", c->sip);
	snprintf(from, sizeof(from), "sip:%s@%s", c->caller.user, c->phones);
	phone_call(c->caller.phone, target, from);
}

void centre_answer(struct centre *c, struct desk_phone *p)
{
	centre_wait_for(c, &p->ringing);
	phone_answer(p->phone);
	assert_true(p->up);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void close_phone(struct desk_phone *p)
{
	phone_hangup(p->phone);
	p->registration = registration_free(p->registration);
	p->phone = obj_unref(p->phone);
}

void centre_close(struct centre *c)
{
	int64_t since = clock_mono_us();
	exchange_end_all(c->x, "failed");
	while (exchange_calls(c->x))
		turn(c, since, "the end of all calls");
	assert_int_equal(centre_count(c, EV_INTERACTION_STARTED), centre_count(c, EV_INTERACTION_ENDED));
	assert_int_equal(centre_count(c, EV_LEG_STARTED), centre_count(c, EV_LEG_ENDED));
	assert_int_equal(centre_count(c, EV_OFFER_MADE),
		centre_count(c, EV_OFFER_ACCEPTED) + centre_count(c, EV_OFFER_ENDED));
	assert_int_equal(centre_count(c, EV_QUEUE_ENTERED), centre_count(c, EV_QUEUE_LEFT));
	assert_int_equal(centre_count(c, EV_BRIDGE_JOINED), centre_count(c, EV_BRIDGE_PARTED));
	assert_int_equal(centre_count(c, EV_HOLD_STARTED), centre_count(c, EV_HOLD_ENDED));
	assert_int_equal(centre_count(c, EV_CONSULT_STARTED), centre_count(c, EV_CONSULT_ENDED));
	assert_int_equal(centre_count(c, EV_CONFERENCE_STARTED), centre_count(c, EV_CONFERENCE_ENDED));
	assert_int_equal(centre_count(c, EV_RECORDING_STARTED), centre_count(c, EV_RECORDING_ENDED));
	close_phone(&c->agents[0]);
	close_phone(&c->agents[1]);
	close_phone(&c->caller);
	close_phone(&c->outside);
	registrar_free(c->registrar);
	trunks_free(c->trunks);
	stack_free(c->stack);
	stack_free(c->phone_stack);
	media_free(c->media);
	media_free(c->phone_media);
	exchange_free(c->x);
	for (size_t i = 0; i < c->n_events; i++)
		json_decref(c->events[i].json);
	loop_free(c->loop);
	assert_int_equal(nftw(c->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}
