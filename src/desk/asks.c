/* What the switch wants to know while a caller waits: a few milliseconds are all there is. */
#include "desk/asks.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/peer.h"
#include "text/phone.h"

#include <stdlib.h>
#include <string.h>

#define DEADLINE_MS 300

struct ask {
	struct desk *desk;
	json_t *json;
};

/* Points added to the priority of a queue. */
static const struct {
	const char *tier;
	int priority;
} tier_priority[] = { { "normal", 0 }, { "silver", 10 }, { "gold", 20 }, { "platinum", 30 } };

static int priority_of(struct str tier)
{
	for (size_t i = 0; i < ARRAY_LEN(tier_priority); i++)
		if (str_eqz(tier, tier_priority[i].tier))
			return tier_priority[i].priority;
	return 0;
}

/* Carriers write a number in several ways; it is compared in its stored form, and as it came for the sake of
 * records that an upgrade has not reached yet. */
static int asks_lookup(struct db *db, const char *number, json_t *answer)
{
	struct rows *rows;
	struct phone phone;
	if (phone_parse(str_from(number), &phone, NULL))
		return 0; /* no number: a name, or nobody's */
	int err = db_query(db,
		"SELECT c.id, c.name, c.tier, c.language, c.kind FROM customer c JOIN customer_number n ON"
		" n.parent = c.id WHERE n.number IN ($1, $2) AND c.deleted IS NULL ORDER BY c.updated DESC,"
		" c.id LIMIT 1",
		ARGS(V_Z(phone.number), V_Z(number)), &rows);
	if (err)
		return err;
	if (rows_next(rows)) {
		struct str name = rows_str(rows, 1), tier = rows_str(rows, 2), language = rows_str(rows, 3);
		struct str kind = rows_str(rows, 4);
		js_set_id(answer, "customer", rows_int(rows, 0));
		json_object_set_new(answer, "name", json_stringn(name.p, name.n));
		json_object_set_new(answer, "tier", json_stringn(tier.p, tier.n));
		json_object_set_new(answer, "language", json_stringn(language.p, language.n));
		json_object_set_new(answer, "kind", json_stringn(kind.p, kind.n));
		js_set_int(answer, "priority", priority_of(tier));
	}
	return rows_end(rows);
}

static void look_up(void *context, void *arg, int err)
{
	struct ask *ask = arg;
	(void)context;
	const char *name = js_str(ask->json, "name", "");
	json_t *reply = json_object();
	if (json_object_get(ask->json, "id"))
		json_object_set(reply, "id", json_object_get(ask->json, "id"));
	if (!err && strcmp(name, "caller.lookup") == 0) {
		struct db *db = store_reader(ask->desk->store);
		err = asks_lookup(db, js_str(ask->json, "number", ""), reply);
		store_reader_return(ask->desk->store, db);
	} else if (!err) {
		err = -E_UNSUPPORTED;
	}
	js_set_bool(reply, "ok", err == 0);
	if (err)
		js_set_str(reply, "error", err_name(err));
	if (err != -E_TIMEOUT && err != -E_CLOSED)
		peer_answer(ask->desk->peer, reply);
	json_decref(reply);
	json_decref(ask->json);
	free(ask);
}

void asks_answer(struct desk *desk, const json_t *json)
{
	struct ask *ask = mem_alloc(sizeof(*ask));
	*ask = (struct ask){ .desk = desk, .json = json_deep_copy(json) };
	const struct pool_job job = {
		.fn = look_up,
		.arg = ask,
		.deadline_us = clock_mono_us() + js_int(json, "deadline_ms", DEADLINE_MS) * CLOCK_MS_US,
	};
	if (pool_submit(desk->own_pool, &job)) {
		json_decref(ask->json);
		free(ask);
	}
}
