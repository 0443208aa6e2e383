/* What the centre says of itself: health, counters, descriptions, how things stand, where a visitor calls. */
#include "desk/about.h"

#include "base/clock.h"
#include "base/mem.h"
#include "desk/config_push.h"
#include "desk/hub.h"
#include "desk/me.h"
#include "desk/outbox.h"
#include "desk/peer.h"
#include "desk/print.h"
#include "desk/routes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A wildcard address is no use to a browser: it takes the name by which it came. */
char *about_edge_url(const struct request *r)
{
	struct addr edge;
	char text[ADDR_STRLEN];
	const char *scheme = r->http->is_tls ? "wss" : "ws";
	if (addr_from_string(str_from(r->desk->options->edge), &edge))
		return mem_printf("%s://%s/sip", scheme, r->desk->options->edge);
	if (!addr_is_any(&edge))
		return mem_printf("%s://%s/sip", scheme, addr_to_string(&edge, text));
	struct str host = r->http->host;
	size_t colon = host.n;
	while (colon > 0 && host.p[colon - 1] != ':' && host.p[colon - 1] != ']')
		colon--;
	if (colon > 0 && host.p[colon - 1] == ':')
		host.n = colon - 1;
	return mem_printf("%s://" STR_FMT ":%u/sip", scheme, STR_ARG(host), addr_port(&edge));
}

/* Which of the files the disk refuses now, by the words of base/err.h; null where all is well. */
static json_t *disk_state(struct request *r, bool *ret_refusing)
{
	struct store_counts store;
	json_t *figures = hub_figures(r->desk->hub), *journal = json_object_get(figures, "journal_error");
	json_t *config = json_object_get(figures, "config_error");
	json_t *out = json_object();
	store_counts(r->desk->store, &store);
	*ret_refusing = js_int(figures, "journal_full", 0) != 0;
	json_object_set_new(out, "journal", journal ? json_incref(journal) : json_null());
	json_object_set_new(out, "config", config ? json_incref(config) : json_null());
	bool of_disk = store.err && store.err != -E_AWAY && store.err != -E_UNSURE;
	json_object_set_new(out, "database", of_disk ? json_string(err_name(store.err)) : json_null());
	json_object_set_new(out, "new_calls", json_boolean(!*ret_refusing));
	json_decref(figures);
	return out;
}

static const char *disk_status(const json_t *disk)
{
	static const char *const files[] = { "journal", "config", "database" };
	const char *status = "ok";
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const char *err = js_str(disk, files[i], "");
		if (strcmp(err, "full") == 0)
			return "disk_full";
		if (*err)
			status = "disk_failing";
	}
	return status;
}

void authority_serve(struct desk *desk, struct http_req *req)
{
	struct str pem = desk->certificate ? certificate_authority(desk->certificate) : STR_NONE;
	if (!pem.n) {
		http_reply_fault(req, -E_NOT_FOUND, NULL);
		return;
	}
	const struct http_content content = {
		.type = "application/x-x509-ca-cert", .cache = "no-cache", .bytes = pem
	};
	http_set(req, "Content-Disposition", "attachment; filename=\"lingxi-ca.crt\"");
	http_reply_content(req, &content);
}

/* What keeps us from the database: asked now, for what was last written may be long ago. */
static int database_err(struct request *r)
{
	int64_t one;
	struct store_counts store;
	store_counts(r->desk->store, &store);
	int err = db_one_int(r->db, "SELECT 1", NO_ARGS, &one);
	return err ? err : store.err;
}

static json_t *database_state(struct request *r, int err)
{
	return json_pack("{s:s, s:s?}", "kind", db_kind_name(r->db), "error", err ? err_name(err) : NULL);
}

int health_read(struct request *r)
{
	int database = database_err(r);
	struct peer_state peer;
	struct config_state config;
	bool refusing;
	json_t *fault = json_null(), *disk = disk_state(r, &refusing);
	peer_state(r->desk->peer, &peer);
	config_push_state(r->desk->config, &config);
	const char *status = disk_status(disk);
	if (database == -E_AWAY)
		status = "database_away";
	else if (!peer.up)
		status = peer.since_ms ? "switch_away" : "starting";
	else if (config.refused)
		status = "config_refused";
	else if (!config.acked)
		status = "starting";
	if (config.refused)
		fault = json_pack("{s:s, s:s, s:s}", "code", config.fault.code, "field", config.fault.field,
			"text", config.fault.text);
	json_t *out = json_pack("{s:s, s:b, s:s, s:{s:I, s:I, s:o}, s:{s:I, s:I}, s:o, s:o}", "status",
		status, "switch", peer.up, "version", r->desk->options->version, "config", "revision",
		(json_int_t)config.revision, "acked", (json_int_t)config.acked, "fault", fault, "events",
		"stored", (json_int_t)peer.stored_n, "waiting", (json_int_t)peer.waiting, "disk", disk,
		"database", database_state(r, database));
	bool serves = peer.up && config.acked && !refusing && database != -E_AWAY;
	if (!serves)
		http_set(r->http, "Retry-After", "1");
	return reply_json(r, serves ? 200 : 503, out);
}

int meta_read(struct request *r)
{
	char currency[4];
	int digits = 0;
	int err = model_currency(r->db, currency, &digits);
	if (err)
		return err;
	json_t *meta = model_meta(&r->actor);
	json_object_set_new(meta, "currency", json_pack("{s:s, s:i}", "code", currency, "digits", digits));
	return reply_json(r, 200, meta);
}

int openapi_read(struct request *r)
{
	return reply_json(r, 200, print_openapi(r->desk->options->version));
}

int live_read(struct request *r)
{
	struct watcher watcher = {
		.session = r->session.id, .user = r->actor.user, .rights = r->rights, .agent = r->actor.agent
	};
	int64_t queues[ME_QUEUES_MAX];
	watcher.queues = queues;
	int err = me_queue_ids(r->db, &r->actor, queues, &watcher.n_queues);
	if (err)
		return err;
	CLEANUP(mem_freep) char *text = hub_snapshot(r->desk->hub, &watcher);
	http_set(r->http, "Cache-Control", "no-store");
	http_reply_text(r->http, 200, "application/json", str_from(text));
	return 0;
}

int visitor_read(struct request *r)
{
	struct rows *rows;
	json_t *numbers = json_array();
	const struct desk_options *o = r->desk->options;
	json_t *out = json_pack("{s:n, s:s, s:o, s:s?}", "ws", "realm", "", "numbers", numbers, "authority",
		o->tls && !o->cert_path ? ABOUT_AUTHORITY : NULL);
	int err = db_query(r->db,
		"SELECT d.number, d.name, s.realm FROM setting s LEFT JOIN did d ON d.deleted IS NULL ORDER "
		"BY d.number",
		NO_ARGS, &rows);
	if (!err) {
		while (rows_next(rows)) {
			struct str number = rows_str(rows, 0), name = rows_str(rows, 1),
				   realm = rows_str(rows, 2);
			if (number.p)
				json_array_append_new(numbers,
					json_pack("{s:s%, s:s%}", "number", number.p, number.n, "name",
						name.p, name.n));
			json_object_set_new(out, "realm", json_stringn(realm.p, realm.n));
		}
		err = rows_end(rows);
	}
	if (err) {
		json_decref(out);
		return err;
	}
	CLEANUP(mem_freep) char *url = about_edge_url(r);
	js_set_str(out, "ws", url);
	return reply_json(r, 200, out);
}

struct figure {
	const char *name, *type, *help;
	int64_t value;
};

static void print_figures(struct buf *out, const struct figure *figures, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", figures[i].name,
			figures[i].help, figures[i].name, figures[i].type, figures[i].name, figures[i].value);
}

/* What the switch counts of itself, under the names it gives (switch/switch.c). */
static void print_switch(struct buf *out, struct hub *hub)
{
	json_t *figures = hub_figures(hub), *value;
	const char *name;
	json_object_foreach (figures, name, value)
		if (json_is_integer(value))
			buf_printf(out,
				"# TYPE lingxi_switch_%s untyped\nlingxi_switch_%s %" JSON_INTEGER_FORMAT
				"\n",
				name, name, json_integer_value(value));
	json_decref(figures);
}

static void print_database(struct buf *out, const struct store_counts *store)
{
	const struct figure figures[] = {
		{ "lingxi_desk_database_up", "gauge", "Whether the database takes what is written",
			!store->err },
		{ "lingxi_desk_commits_total", "counter", "Commits of the database", store->commits },
		{ "lingxi_desk_writes_total", "counter", "Pieces of work written", store->works },
		{ "lingxi_desk_writes_failed_total", "counter", "Pieces of work refused or failed",
			store->failed },
		{ "lingxi_desk_writes_waiting", "gauge", "Pieces of work waiting", (int64_t)store->waiting },
	};
	print_figures(out, figures, ARRAY_LEN(figures));
	buf_printf(out,
		"# HELP lingxi_desk_database_info Kind of the database\n# TYPE lingxi_desk_database_info "
		"gauge\n"
		"lingxi_desk_database_info{kind=\"%s\"} 1\n",
		store->kind);
}

int metrics_read(struct request *r)
{
	struct peer_state peer;
	struct store_counts store;
	struct pool_stats pool;
	struct config_state config;
	struct http_stats http;
	struct buf out;
	if (!addr_is_loopback(&r->http->peer)) {
		int err = request_sign_in(r);
		if (err || !may_do(&r->actor, "system.metrics"))
			return err ? err : -E_FORBIDDEN;
	}
	peer_state(r->desk->peer, &peer);
	store_counts(r->desk->store, &store);
	pool_stats(r->desk->pool, &pool);
	config_push_state(r->desk->config, &config);
	http_stats(r->desk->http, &http);
	const struct figure figures[] = {
		{ "lingxi_desk_switch_up", "gauge", "Whether the switch is connected", peer.up },
		{ "lingxi_desk_events_total", "counter", "Events received from the switch", peer.events },
		{ "lingxi_desk_events_stored", "gauge", "Number of the last event in the database",
			peer.stored_n },
		{ "lingxi_desk_events_waiting", "gauge", "Events not yet in the database", peer.waiting },
		{ "lingxi_desk_config_revision", "gauge", "Last configuration sent", config.revision },
		{ "lingxi_desk_config_acked", "gauge", "Last configuration that the switch took",
			config.acked },
		{ "lingxi_desk_requests_queued", "gauge", "Requests waiting for a worker",
			(int64_t)pool.queued },
		{ "lingxi_desk_requests_refused_total", "counter", "Requests refused for want of a worker",
			(int64_t)pool.refused },
		{ "lingxi_desk_requests_2xx_total", "counter", "Requests answered well",
			(int64_t)http.requests[2] },
		{ "lingxi_desk_requests_4xx_total", "counter", "Requests refused",
			(int64_t)http.requests[4] },
		{ "lingxi_desk_requests_5xx_total", "counter", "Requests failed", (int64_t)http.requests[5] },
		{ "lingxi_desk_connections", "gauge", "HTTP connections open", (int64_t)http.connections },
		{ "lingxi_desk_connections_refused_total", "counter",
			"Connections closed because their address had too many", (int64_t)http.refused },
		{ "lingxi_desk_outbox_waiting", "gauge",
			"Effects of changes that are still to be carried out",
			outbox_waiting(r->desk->outbox) },
		{ "lingxi_desk_watchers", "gauge", "Live connections of browsers",
			(int64_t)hub_watchers(r->desk->hub) },
		{ "lingxi_desk_history_faults", "gauge",
			"Findings of the last check that the history adds up",
			atomic_load(&r->desk->history_faults) },
		{ "lingxi_desk_loop_stall_us", "gauge", "Longest stall of the loop since the last look",
			loop_stall_take_us(r->desk->loop) },
	};
	buf_init(&out, 1 << 20);
	print_figures(&out, figures, ARRAY_LEN(figures));
	print_database(&out, &store);
	print_switch(&out, r->desk->hub);
	http_reply_text(r->http, 200, "text/plain; version=0.0.4", buf_str(&out));
	buf_done(&out);
	return 0;
}
