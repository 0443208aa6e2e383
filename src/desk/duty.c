/* What goes with the records of certain resources. Users: sign-ins end when they are another's from now on,
 * passwords keep to the rules. Customers: contacts of a number that was nobody's become theirs. Keys: their
 * connections end. Settings: the country of telephone numbers. */
#include "desk/duty.h"

#include "base/log.h"
#include "base/mem.h"
#include "desk/customers.h"
#include "desk/factor.h"
#include "desk/hub.h"
#include "desk/renew.h"
#include "desk/rules.h"
#include "desk/signin.h"
#include "model/alike.h"
#include "model/areas.h"
#include "model/record.h"

#include <string.h>

/* By the rules of the settings, which look at what was typed and not at its hash. */
static int check_password(struct db *db, int64_t id, const json_t *body, struct faults *faults)
{
	const char *password = js_str(body, "password", NULL);
	return password ? rules_check(db, id, password, faults) : 0;
}

/* Who is deleted, shut out or another from now on signs in again, if he may: all but the one who changes
 * himself. Other rights need no new sign-in. */
static int end_sign_ins(struct db *db, struct edit *e)
{
	static const char *const telling[] = { "agent", "password", "name" };
	bool ends = e->verb == VERB_DELETE || e->action;
	for (size_t i = 0; i < ARRAY_LEN(telling); i++)
		ends |= json_object_get(e->draft, telling[i]) != NULL;
	if (!ends || e->verb == VERB_CREATE)
		return 0;
	return signin_take_all_of(db, e->id, e->verb == VERB_UPDATE ? e->session : 0, e->ended);
}

/* A password is remembered; a second factor that he has no more takes its key along. */
static int keep_secrets(const struct change *c, const struct edit *e)
{
	int err = json_is_false(json_object_get(e->draft, "second_factor")) ? factor_drop(c->db, e->id) : 0;
	if (err || !json_object_get(e->draft, "password"))
		return err;
	return rules_keep(c->db, c->ids, e->id, c->now_ms);
}

static int claim_contacts(const struct change *c, const struct edit *e)
{
	return e->verb == VERB_DELETE ? 0 : customer_claim(c->db, c->actor, e->id);
}

/* Who is made anew may be there already: the page warns. */
static int add_duplicates(struct request *r, json_t *record, int64_t id)
{
	const struct resource *res = catalogue_resource(r->actor.catalogue, &customer_resource);
	json_t *list = NULL, *whole = NULL;
	int err = record_read(r->db, res, id, &whole);
	if (!err)
		err = alike_find(r->db, &r->actor, whole, id, &list);
	if (!err)
		json_object_set_new(record, "duplicates", list);
	json_decref(whole);
	return err;
}

static void end_key(struct desk *desk, const struct edit *e)
{
	hub_end_session(desk->hub, -e->id, HUB_SIGNED_OUT);
}

static void settle_numbers(struct desk *desk, const struct edit *e)
{
	(void)e;
	if (numbers_settle(desk))
		log_(LOG_DESK, LOG_WARN, "the country of telephone numbers was not read");
}

static const struct duty none = { 0 };
static const struct duty duties[] = {
	{ &user_resource, .check = check_password, .before = end_sign_ins, .after = keep_secrets,
		.of_rows = true },
	{ &customer_resource, .after = claim_contacts, .answer = add_duplicates, .gone = customer_moved },
	{ &api_token_resource, .follow = end_key },
	{ &setting_resource, .follow = settle_numbers },
};

const struct duty *duty_of(const struct resource *res)
{
	for (size_t i = 0; i < ARRAY_LEN(duties); i++)
		if (strcmp(duties[i].res->name, res->name) == 0)
			return &duties[i];
	return &none;
}
