/* A robot agent behaves as a conscientious person does: a moment to answer, a conversation of some length, a
 * result, a break now and then. Not obvious: it looks at its own state every twenty seconds and goes ready
 * again when the centre made it not ready, because its owner never would. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "life/life_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_US (20 * CLOCK_S_US)
#define FIRST_EXTENSION 8000

struct robot {
	struct life *life;
	UT_hash_handle hh;
	char extension[16];
	struct api_user *api;
	struct registration *registration;
	struct phone *phone;
	char interaction[24];
	bool registered, on_break;
	struct timer act, speak, look;
	void (*next)(struct robot *r); /* what `act` does */
};

static void act_in(struct robot *r, int64_t delay_us, void (*next)(struct robot *r))
{
	r->next = next;
	timer_start_in(r->life->timers, &r->act, delay_us);
}

static void on_act(void *arg)
{
	struct robot *r = arg;
	r->next(r);
}

static void ask_state(struct robot *r, const char *state, const char *reason)
{
	json_t *body = json_pack("{s:s}", "state", state);
	if (reason)
		js_set_str(body, "reason", reason);
	api_ask(r->api, "PUT", "/agents/me/state", body, NULL, NULL);
}

static void be_ready(struct robot *r)
{
	r->on_break = false;
	if (r->life->mode != LIFE_STOPPED)
		ask_state(r, "ready", NULL);
}

static void take_break(struct robot *r)
{
	r->on_break = true;
	ask_state(r, "not_ready", "break");
	act_in(r, life_between_us(r->life, 20, 90), be_ready);
}

static void finish_work(struct robot *r)
{
	struct life *life = r->life;
	char path[64];
	if (r->interaction[0] && life->n_results) {
		const char *result = life->results[(size_t)(life_chance(life) * (double)life->n_results)];
		snprintf(path, sizeof(path), "/interactions/%s", r->interaction);
		api_ask(r->api, "PATCH", path, json_pack("{s:s}", "result", result), NULL, NULL);
	}
	api_ask(r->api, "POST", "/agents/me/wrap_up/end", json_pack("{s:s}", "interaction", r->interaction),
		NULL, NULL);
	r->interaction[0] = '\0';
	if (life_chance(life) < 0.04)
		act_in(r, CLOCK_S_US, take_break);
}

static void on_speak(void *arg)
{
	struct robot *r = arg;
	const char *line = life_line(r->life, true);
	if (line)
		phone_say(r->phone, line);
	timer_start_in(r->life->timers, &r->speak, life_between_us(r->life, 5, 11));
}

static void on_up(void *arg);
static void on_ended(void *arg);
static const struct phone_handlers phone_handlers = { on_up, on_ended };

static void hang_up(struct robot *r)
{
	phone_hangup(r->phone);
	on_ended(r);
}

static void on_up(void *arg)
{
	struct robot *r = arg;
	timer_start_in(r->life->timers, &r->speak, CLOCK_S_US);
	act_in(r, CLOCK_S_US * 15 + life_exponential_us(r->life, 35), hang_up);
}

static void on_ended(void *arg)
{
	struct robot *r = arg;
	timer_stop(r->life->timers, &r->speak);
	act_in(r, life_between_us(r->life, 2, 10), finish_work);
}

static void pick_up(struct robot *r)
{
	phone_answer(r->phone);
}

void robot_invited(struct life *life, struct session *s, const struct sip_msg *invite)
{
	struct robot *r = NULL;
	struct str user = invite->uri.user;
	HASH_FIND(hh, life->robots, user.p, (unsigned)user.n, r);
	if (!r || !phone_is_idle(r->phone) || phone_take(r->phone, s, invite->body) != 0) {
		if (session_reject(s, 486, NULL, 0) != 0)
			log_(LOG_CMD, LOG_DEBUG, "caller of a busy robot was gone");
		return;
	}
	struct str interaction = sip_msg_value_of(invite, "X-Lingxi-Interaction");
	if (str_copy(interaction, r->interaction, sizeof(r->interaction)) != 0)
		r->interaction[0] = '\0';
	if (life_chance(life) < 0.98)
		act_in(r, life_between_us(life, 1, 4), pick_up);
}

static void on_me(void *arg, int status, const json_t *me)
{
	struct robot *r = arg;
	const json_t *state = json_object_get(me, "state");
	if (status != 200 || r->on_break || r->life->mode == LIFE_STOPPED || !phone_is_idle(r->phone))
		return;
	if (strcmp(js_str(state, "state", ""), "not_ready") == 0)
		be_ready(r);
}

static void on_look(void *arg)
{
	struct robot *r = arg;
	timer_start_in(r->life->timers, &r->look, LOOK_US);
	if (r->registered && !api_is_busy(r->api))
		api_ask(r->api, "GET", "/agents/me", NULL, on_me, r);
}

static void on_registered(void *arg, bool registered)
{
	struct robot *r = arg;
	r->registered = registered;
	if (registered)
		act_in(r, life_between_us(r->life, 0.2, 4), be_ready);
}

void robot_set_mode(struct robot *r)
{
	if (r->life->mode == LIFE_STOPPED)
		ask_state(r, "not_ready", "break");
	else if (r->registered && phone_is_idle(r->phone))
		be_ready(r);
}

void robot_new(struct life *life, unsigned number)
{
	struct robot *r = mem_alloc(sizeof(*r));
	char name[24], password[32], registrar[80], aor[96], contact[96];
	r->life = life;
	snprintf(r->extension, sizeof(r->extension), "%u", FIRST_EXTENSION + number);
	snprintf(name, sizeof(name), "agent%u", number);
	snprintf(password, sizeof(password), "agent%u-demo", number);
	snprintf(registrar, sizeof(registrar), "sip:%s", life->options->sip);
	snprintf(aor, sizeof(aor), "sip:%s@%s", r->extension, life->options->sip);
	snprintf(contact, sizeof(contact), "sip:%s@%s", r->extension, life->host);
	timer_init(&r->act, on_act, r);
	timer_init(&r->speak, on_speak, r);
	timer_init(&r->look, on_look, r);
	r->api = api_user_new(life->loop, life->options, name, password);
	r->phone = phone_new(life->stack, life->media, ++life->last_tag, &phone_handlers, r);
	const struct registration_opts opts = {
		.registrar = registrar,
		.aor = aor,
		.contact = contact,
		.user = r->extension,
		.password = password,
		.expires_s = 60, /* soon back after a restart of the switch */
		.on_state = on_registered,
		.arg = r,
	};
	r->registration = registration_new(life->stack, &opts);
	timer_start_in(life->timers, &r->look, LOOK_US + life_between_us(life, 0, 20));
	HASH_ADD_STR(life->robots, extension, r);
}

void robot_free(struct robot *r)
{
	struct timers *timers = r->life->timers;
	timer_stop(timers, &r->act);
	timer_stop(timers, &r->speak);
	timer_stop(timers, &r->look);
	phone_hangup(r->phone);
	r->registration = registration_free(r->registration);
	r->api = api_user_free(r->api);
	r->phone = obj_unref(r->phone);
	HASH_DEL(r->life->robots, r);
	free(r);
}

struct robot *robot_next(struct robot *r)
{
	return r->hh.next;
}
