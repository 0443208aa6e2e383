/* An interaction with every step it took, and all contacts of a customer. */
#include "base/clock.h"
#include "base/mem.h"
#include "desk/discreet.h"
#include "desk/routes.h"
#include "model/areas.h"
#include "model/mask.h"
#include "model/sql.h"

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

/* A contact that is read, and what of it the reader is told. */
struct reading {
	struct request *r;
	int64_t id;
	struct telling telling;
};

static json_t *step_json(struct rows *rows, int64_t started_mono, const struct reading *reading)
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
		discreet_cut(body, &reading->telling);
		json_object_update(step, body);
	}
	json_decref(body);
	if (!rows_is_null(rows, 5))
		set_text(step, "agent_name", rows, 5);
	if (!rows_is_null(rows, 6))
		set_text(step, "queue_name", rows, 6);
	if (!rows_is_null(rows, 7))
		set_text(step, "flow_name", rows, 7);
	return step;
}

/* The name of the record with that id, for who may read it. */
static void add_name(struct sql *q, const struct request *r, const struct resource *res, const char *id)
{
	sql_add(q, ", (SELECT x.name FROM %s x WHERE x.id = %s", res->table, id);
	scope_add(q, &r->actor, res, right_of(res, VERB_READ), "x");
	sql_add(q, ")");
}

static int read_steps(const struct reading *reading, json_t *steps)
{
	const struct request *r = reading->r;
	struct rows *rows;
	struct sql q;
	int64_t started = 0;
	sql_init(&q);
	sql_add(&q, "SELECT e.n, e.at, e.mono, e.kind, e.body");
	add_name(&q, r, &agent_resource, "e.agent");
	add_name(&q, r, &queue_resource, "CAST(e.body ->> 'queue' AS BIGINT)");
	add_name(&q, r, &flow_resource, "CAST(e.body ->> 'flow' AS BIGINT)");
	sql_add(&q, " FROM event e WHERE e.interaction = ");
	sql_arg(&q, V_INT(reading->id));
	sql_add(&q, " ORDER BY e.node, e.n LIMIT %d", STEPS_MAX);
	int err = sql_query(&q, r->db, &rows);
	if (!err) {
		while (rows_next(rows)) {
			if (!json_array_size(steps))
				started = rows_int(rows, 2);
			json_array_append_new(steps, step_json(rows, started, reading));
		}
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

static json_t *leg_json(struct rows *rows, const struct reading *reading)
{
	json_t *leg = json_object();
	set_id(leg, "id", rows, 0);
	set_text(leg, "role", rows, 1);
	set_text(leg, "direction", rows, 2);
	set_text(leg, "address", rows, 3);
	set_id(leg, "agent", rows, 4);
	set_time(leg, "started", rows, 5);
	set_time(leg, "answered", rows, 6);
	set_time(leg, "ended", rows, 7);
	set_text(leg, "codec", rows, 8);
	set_text(leg, "cause", rows, 9);
	js_set_int(leg, "sip_status", rows_int(rows, 10));
	js_set_int(leg, "packets_in", rows_int(rows, 11));
	js_set_int(leg, "packets_lost", rows_int(rows, 12));
	set_text(leg, "agent_name", rows, 13);
	discreet_cut(leg, &reading->telling);
	return leg;
}

static int read_legs(const struct reading *reading, json_t *legs)
{
	const struct request *r = reading->r;
	struct rows *rows;
	struct sql q;
	sql_init(&q);
	sql_add(&q,
		"SELECT l.id, l.role, l.direction, l.address, l.agent, l.started, l.answered, l.ended,"
		" l.codec, l.cause, l.sip_status, l.packets_in, l.packets_lost");
	add_name(&q, r, &agent_resource, "l.agent");
	sql_add(&q, " FROM leg l WHERE l.interaction = ");
	sql_arg(&q, V_INT(reading->id));
	sql_add(&q, " ORDER BY l.started, l.id");
	int err = sql_query(&q, r->db, &rows);
	if (!err) {
		while (rows_next(rows))
			json_array_append_new(legs, leg_json(rows, reading));
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

/* Those that he may read. */
static int read_recordings(const struct reading *reading, json_t *recordings)
{
	const struct request *r = reading->r;
	struct rows *rows;
	struct sql q;
	sql_init(&q);
	sql_add(&q, "SELECT t.id, t.started, t.duration_ms, t.phase FROM recording t WHERE t.interaction = ");
	sql_arg(&q, V_INT(reading->id));
	scope_add(&q, &r->actor, &recording_resource, right_of(&recording_resource, VERB_READ), "t");
	sql_add(&q, " ORDER BY t.started, t.id");
	int err = sql_query(&q, r->db, &rows);
	if (!err) {
		while (rows_next(rows)) {
			json_t *recording = json_object();
			set_id(recording, "id", rows, 0);
			set_time(recording, "started", rows, 1);
			js_set_int(recording, "duration_ms", rows_int(rows, 2));
			set_text(recording, "state", rows, 3);
			json_array_append_new(recordings, recording);
		}
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

int interaction_read(struct request *r)
{
	static const struct {
		const char *name;
		int (*read)(const struct reading *reading, json_t *list);
	} parts[] = { { "steps", read_steps }, { "legs", read_legs }, { "recordings", read_recordings } };
	struct reading reading = { .r = r, .id = request_id(r, 1) };
	json_t *record = NULL;
	int err = model_get(r->db, &interaction_resource, &r->actor, reading.id, &record);
	if (!err)
		err = mask_sees(
			r->db, &interaction_resource, &r->actor, reading.id, &reading.telling.numbers);
	if (!err)
		reading.telling.customer = json_is_string(json_object_get(record, "customer_name"));
	for (size_t i = 0; i < ARRAY_LEN(parts) && !err; i++) {
		json_t *list = json_array();
		json_object_set_new(record, parts[i].name, list);
		err = parts[i].read(&reading, list);
	}
	if (err) {
		json_decref(record);
		return err;
	}
	http_set(r->http, "ETag", "\"%" PRId64 "\"", js_int(record, "version", 0));
	return reply_json(r, 200, record);
}

/* How many contacts of the customer there are that the reader may not see; not which. */
static int add_hidden(struct request *r, const struct list_query *seen, json_t *page)
{
	const struct param params[] = { { "customer", r->parts[1] }, { "limit", "1" } };
	const struct list_query all = { .params = params, .n_params = ARRAY_LEN(params), .whole = true };
	json_t *whole = NULL;
	int64_t hidden = 0;
	int err = seen->whole ? 0 : model_list(r->db, &interaction_resource, NULL, &all, &whole, &r->faults);
	if (whole)
		hidden = js_int(whole, "total", 0) - js_int(page, "total", 0);
	js_set_int(page, "hidden", hidden);
	json_decref(whole);
	return err;
}

/* Whoever serves a customer may have the right to all his contacts, not only those he may read anyway. */
int customer_timeline(struct request *r)
{
	struct param params[4] = { { "customer", r->parts[1] }, { "sort", "-started" } };
	struct list_query query = { .params = params, .n_params = 2, .limit_max = TIMELINE_MAX };
	static const char *const passed_on[] = { "limit", "cursor" };
	json_t *customer = NULL, *page = NULL;
	const struct resource *res = catalogue_resource(r->actor.catalogue, &customer_resource);
	int64_t id = request_id(r, 1);
	int err = model_get(r->db, res, &r->actor, id, &customer);
	json_decref(customer);
	if (!err)
		err = scope_has(r->db, &r->actor, &customer_resource, right_named("customer.timeline"), id,
			&query.whole);
	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(passed_on); i++)
		if (request_param(r, passed_on[i]))
			params[query.n_params++] =
				(struct param){ passed_on[i], request_param(r, passed_on[i]) };
	err = model_list(r->db, &interaction_resource, &r->actor, &query, &page, &r->faults);
	if (!err && !request_param(r, "cursor"))
		err = add_hidden(r, &query, page);
	if (err) {
		json_decref(page);
		return err;
	}
	return reply_json(r, 200, page);
}
