/* One dialog-like state per registration: Call-ID and tag stay, CSeq counts up, so that the registrar can
 * order the requests (RFC 3261 10.2.4). */
#include "sip/registration.h"

#include "base/mem.h"
#include "base/timer.h"
#include "sip/stack_int.h"
#include "sip/uac.h"

#include <stdio.h>
#include <stdlib.h>

#define EXPIRES_S 300
#define RETRY_US INT64_C(5000000)

struct registration {
	struct obj obj;
	struct sip_stack *stack; /* NULL once freed by its owner */
	struct dialog *dialog;
	struct digest_client digest;
	struct digest_credentials credentials;
	char *user, *password, *contact;
	uint32_t expires_s;
	void (*on_state)(void *arg, bool registered);
	void *arg;
	struct timer timer;
	bool registered;
};

static void registration_destroy(void *self)
{
	struct registration *r = self;
	obj_unref(r->dialog);
	free(r->user);
	free(r->password);
	free(r->contact);
}

static const struct obj_type registration_type = { "registration", sizeof(struct registration),
	registration_destroy };

static void set_registered(struct registration *r, bool registered)
{
	if (r->registered == registered)
		return;
	r->registered = registered;
	if (r->on_state)
		r->on_state(r->arg, registered);
}

static void on_answer(void *owner, struct uac *u, const struct sip_msg *msg, int status)
{
	struct registration *r = owner;
	(void)u;
	(void)msg;
	if (!r->stack || status < 200)
		return;
	bool ok = status < 300;
	if (!ok)
		r->digest = (struct digest_client){ .n = 0 }; /* the account may be mended meanwhile */
	int64_t again_us = ok ? (int64_t)r->expires_s * 800000 : RETRY_US;
	timer_start_in(r->stack->timers, &r->timer, again_us);
	set_registered(r, ok);
}

static int send_register(struct registration *r, uint32_t expires_s)
{
	char headers[512];
	struct uac *u = NULL;
	snprintf(headers, sizeof(headers), "Contact: <%s>\r\nExpires: %u\r\n", r->contact,
		(unsigned)expires_s);
	const struct uac_opts opts = {
		.dialog = r->dialog,
		.method = SIP_REGISTER,
		.headers = str_from(headers),
		.max_forwards = 70,
		.digest = &r->digest,
		.credentials = &r->credentials,
		.fn = on_answer,
		.owner = r,
	};
	int err = uac_send(&opts, &u);
	obj_unref(u);
	return err;
}

static void renew(void *arg)
{
	struct registration *r = arg;
	if (send_register(r, r->expires_s) == 0)
		return;
	timer_start_in(r->stack->timers, &r->timer, RETRY_US);
	set_registered(r, false);
}

struct registration *registration_new(struct sip_stack *stack, const struct registration_opts *opts)
{
	struct registration *r = obj_new(&registration_type);
	const struct dialog_start start = {
		.local_uri = str_from(opts->aor),
		.remote_uri = str_from(opts->aor),
		.target = str_from(opts->registrar),
	};
	r->stack = stack;
	r->dialog = dialog_new(stack, &start);
	r->user = mem_strdup(opts->user);
	r->password = mem_strdup(opts->password);
	r->contact = mem_strdup(opts->contact);
	r->credentials = (struct digest_credentials){ str_from(r->user), str_from(r->password) };
	r->expires_s = opts->expires_s ? opts->expires_s : EXPIRES_S;
	r->on_state = opts->on_state;
	r->arg = opts->arg;
	timer_init(&r->timer, renew, r);
	timer_start_in(stack->timers, &r->timer, 0);
	return r;
}

void *registration_free(struct registration *r)
{
	if (!r)
		return NULL;
	timer_stop(r->stack->timers, &r->timer);
	r->on_state = NULL;
	if (r->registered && send_register(r, 0) != 0)
		r->registered = false; /* it runs out by itself */
	r->stack = NULL;
	return obj_unref(r);
}
