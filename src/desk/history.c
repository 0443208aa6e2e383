/* An interaction with every step it took, and all contacts of a customer. */
#include "base/clock.h"
#include "base/mem.h"
#include "desk/routes.h"
#include "model/areas.h"

#include <inttypes.h>
#include <string.h>

#define STEPS_MAX 2000
#define TIMELINE_MAX 100

static void set_time(json_t *object, const char *key, struct rows *rows, int column)
{
	char text[32];
	if (rows_is_null(rows, column)) {
		json_object_set_new(object, key, json_null());
		return;
	}
	clock_format_utc(rows_int(rows, column), text, sizeof(text));
	js_set_str(object, key, text);
}

static void set_text(json_t *object, const char *key, struct rows *rows, int column)
{
	struct str s = rows_str(rows, column);
	json_object_set_new(object, key, s.p ? json_stringn(s.p, s.n) : json_null());
}

static void set_id(json_t *object, const char *key, struct rows *rows, int column)
{
	if (rows_is_null(rows, column))
		json_object_set_new(object, key, json_null());
	else
		js_set_id(object, key, rows_int(rows, column));
}

static json_t *step_json(struct rows *rows, int64_t started_mono)
{
	json_t *step = json_object(), *body = NULL;
	struct str text = rows_str(rows, 4);
	js_set_int(step, "n", rows_int(rows, 0));
	set_time(step, "at", rows, 1);
	js_set_int(step, "offset_ms", rows_int(rows, 2) - started_mono);
	set_text(step, "kind", rows, 3);
	if (js_parse(text, text.n, &body, NULL) == 0) {
		static const char *const own[] = { "n", "at", "mono", "boot", "kind", "interaction" };
		for (size_t i = 0; i < ARRAY_LEN(own); i++)
			json_object_del(body, own[i]);
		json_object_update(step, body);
	}
	json_decref(body);
	if (!rows_is_null(rows, 5))
		set_text(step, "agent_name", rows, 5);
	if (!rows_is_null(rows, 6))
		set_text(step, "queue_name", rows, 6);
	return step;
}

static int read_steps(struct request *r, int64_t id, json_t *steps)
{
	struct rows *rows;
	int64_t started = 0;
	int err = db_query(r->db,
		"SELECT e.n, e.at, e.mono, e.kind, e.body, (SELECT a.name FROM agent a WHERE a.id = e.agent),"
		" (SELECT q.name FROM queue q WHERE q.id = CAST(e.body ->> 'queue' AS BIGINT)) FROM event e "
		"WHERE"
		" e.interaction = $1 ORDER BY e.node, e.n LIMIT $2",
		ARGS(V_INT(id), V_INT(STEPS_MAX)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		if (!json_array_size(steps))
			started = rows_int(rows, 2);
		json_array_append_new(steps, step_json(rows, started));
	}
	return rows_end(rows);
}

static int read_legs(struct request *r, int64_t id, json_t *legs)
{
	struct rows *rows;
	int err = db_query(r->db,
		"SELECT l.id, l.role, l.direction, l.address, l.agent, a.name, l.started, l.answered, "
		"l.ended, l.codec,"
		" l.cause, l.sip_status, l.packets_in, l.packets_lost FROM leg l LEFT JOIN agent a ON a.id = "
		"l.agent"
		" WHERE l.interaction = $1 ORDER BY l.started, l.id",
		ARGS(V_INT(id)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		json_t *leg = json_object();
		set_id(leg, "id", rows, 0);
		set_text(leg, "role", rows, 1);
		set_text(leg, "direction", rows, 2);
		set_text(leg, "address", rows, 3);
		set_id(leg, "agent", rows, 4);
		set_text(leg, "agent_name", rows, 5);
		set_time(leg, "started", rows, 6);
		set_time(leg, "answered", rows, 7);
		set_time(leg, "ended", rows, 8);
		set_text(leg, "codec", rows, 9);
		set_text(leg, "cause", rows, 10);
		js_set_int(leg, "sip_status", rows_int(rows, 11));
		js_set_int(leg, "packets_in", rows_int(rows, 12));
		js_set_int(leg, "packets_lost", rows_int(rows, 13));
		json_array_append_new(legs, leg);
	}
	return rows_end(rows);
}

static int read_recordings(struct request *r, int64_t id, json_t *recordings)
{
	struct rows *rows;
	int err = db_query(r->db,
		"SELECT id, started, duration_ms, phase FROM recording WHERE interaction = $1 ORDER BY "
		"started, id",
		ARGS(V_INT(id)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		json_t *recording = json_object();
		set_id(recording, "id", rows, 0);
		set_time(recording, "started", rows, 1);
		js_set_int(recording, "duration_ms", rows_int(rows, 2));
		set_text(recording, "state", rows, 3);
		json_array_append_new(recordings, recording);
	}
	return rows_end(rows);
}

int interaction_read(struct request *r)
{
	static const struct {
		const char *name;
		int (*read)(struct request *r, int64_t id, json_t *list);
	} parts[] = { { "steps", read_steps }, { "legs", read_legs }, { "recordings", read_recordings } };
	int64_t id = request_id(r, 1);
	json_t *record = NULL;
	int err = model_get(r->db, &interaction_resource, &r->actor, id, &record);
	for (size_t i = 0; i < ARRAY_LEN(parts) && !err; i++) {
		json_t *list = json_array();
		json_object_set_new(record, parts[i].name, list);
		err = parts[i].read(r, id, list);
	}
	if (err) {
		json_decref(record);
		return err;
	}
	http_set(r->http, "ETag", "\"%" PRId64 "\"", js_int(record, "version", 0));
	return reply_json(r, 200, record);
}

/* Whoever serves a customer sees all his contacts, not only his own. */
int customer_timeline(struct request *r)
{
	const struct actor everybody = { .user = r->actor.user, .name = r->actor.name, .role = ROLE_LEADER };
	struct param params[4] = { { "customer", r->parts[1] }, { "sort", "-started" } };
	struct list_query query = { .params = params, .n_params = 2, .limit_max = TIMELINE_MAX };
	static const char *const passed_on[] = { "limit", "cursor" };
	json_t *customer = NULL, *page = NULL;
	int err = model_get(r->db, &customer_resource, &r->actor, request_id(r, 1), &customer);
	json_decref(customer);
	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(passed_on); i++)
		if (request_param(r, passed_on[i]))
			params[query.n_params++] =
				(struct param){ passed_on[i], request_param(r, passed_on[i]) };
	err = model_list(r->db, &interaction_resource, &everybody, &query, &page, &r->faults);
	return err ? err : reply_json(r, 200, page);
}
