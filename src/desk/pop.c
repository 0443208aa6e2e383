/* The screen pop of another system: its page is opened with what is known of the contact. The address is made
 * here, not in the browser, so that an agent gets no more into it than he may see; the browser opens a path
 * of ours, which either leads on to that page or frames it (the page's own policy lets frames come from here
 * alone). */
#include "desk/pop.h"

#include "base/mem.h"
#include "desk/hub.h"
#include "desk/routes.h"
#include "model/areas.h"

#include <stdlib.h>
#include <string.h>

#define URL_MAX_BYTES 4096
#define CALLS_MAX_BYTES ((size_t)8 << 20)

/* What a template may name, and where it stands in a call as the hub tells it. */
static const struct {
	const char *word, *key;
} words[] = {
	{ "number", "from" },
	{ "called", "to" },
	{ "name", "name" },
	{ "tier", "tier" },
	{ "customer", "customer" },
	{ "queue", "queue" },
	{ "interaction", "interaction" },
	{ "agent_number", "agent_number" },
};

static int one_text(struct db *db, const char *sql, int64_t id, struct request *r, const char **ret_text)
{
	struct rows *rows;
	int err = db_query(db, sql, ARGS(V_INT(id)), &rows);
	*ret_text = NULL;
	if (err)
		return err;
	if (rows_next(rows) && !str_is_empty(rows_str(rows, 0)))
		*ret_text = arena_strndup(r->arena, rows_str(rows, 0));
	return rows_end(rows);
}

/* The queue's own, else the centre's; NULL without. */
static int find_template(struct request *r, int64_t queue, const char **ret_url)
{
	int err = one_text(r->db, "SELECT pop_url FROM queue WHERE id = $1", queue, r, ret_url);
	if (err || *ret_url)
		return err;
	return one_text(r->db, "SELECT pop_url FROM setting WHERE id = $1", 1, r, ret_url);
}

static void add_escaped(struct buf *out, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (strchr(plain, *text)) {
			buf_addc(out, *text);
		} else {
			buf_addc(out, '%');
			buf_addc(out, hex[c >> 4]);
			buf_addc(out, hex[c & 15]);
		}
	}
}

/* Adds the value of "{word}" at *at and moves behind it; false when nothing of that kind stands there. */
static bool add_word(struct buf *out, const char **at, const json_t *call)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i].word);
		if (strncmp(*at + 1, words[i].word, n) != 0 || (*at)[n + 1] != '}')
			continue;
		add_escaped(out, js_str(call, words[i].key, ""));
		*at += n + 2;
		return true;
	}
	return false;
}

static void expand(struct buf *out, const char *url, const json_t *call)
{
	while (*url)
		if (*url != '{' || !add_word(out, &url, call))
			buf_addc(out, *url++);
}

/* The contact as it stands now, when it is this agent's. */
static int live_call(struct request *r, const char *id, json_t **ret_call)
{
	CLEANUP(mem_freep) char *text = hub_calls(r->desk->hub, &r->actor);
	json_t *calls = NULL, *entry;
	size_t i;
	if (!text || js_parse(str_from(text), CALLS_MAX_BYTES, &calls, NULL))
		return -E_NOT_FOUND;
	*ret_call = NULL;
	json_array_foreach (calls, i, entry)
		if (strcmp(js_str(entry, "id", ""), id) == 0)
			*ret_call = json_copy(json_object_get(entry, "value"));
	json_decref(calls);
	return *ret_call ? 0 : -E_NOT_FOUND;
}

/* One that has ended, when this agent may read it. */
static int past_call(struct request *r, json_t **ret_call)
{
	json_t *record = NULL;
	int err = model_get(r->db, &interaction_resource, &r->actor, request_id(r, 3), &record);
	if (err)
		return err;
	json_object_set(record, "name", json_object_get(record, "customer_name"));
	*ret_call = record;
	return 0;
}

static int find_call(struct request *r, json_t **ret_call)
{
	int err = live_call(r, r->parts[3], ret_call);
	if (err)
		err = past_call(r, ret_call);
	if (err)
		return err;
	js_set_str(*ret_call, "interaction", r->parts[3]);
	js_set_str(*ret_call, "agent_number", r->session.agent_number);
	return 0;
}

static void add_attribute(struct buf *out, const char *text)
{
	for (; *text; text++)
		if (*text == '&')
			buf_addz(out, "&amp;");
		else if (*text == '"')
			buf_addz(out, "&quot;");
		else if (*text == '<')
			buf_addz(out, "&lt;");
		else
			buf_addc(out, *text);
}

/* "https://crm.example:8443" of an address below it. */
static struct str origin_of(struct str url)
{
	size_t scheme = str_starts(url, STR("https://")) ? 8 : 7;
	struct str rest = str_sub(url, scheme, url.n);
	return str_sub(url, 0, scheme + strcspn(rest.p, "/?#"));
}

static int reply_frame(struct request *r, const char *url)
{
	struct buf page;
	buf_init(&page, 2 * URL_MAX_BYTES);
	buf_addz(&page,
		"<!doctype html><meta charset=utf-8><title>Lingxi</title>"
		"<style>html,body,iframe{margin:0;border:0;width:100%;height:100%;display:block}</style>"
		"<iframe referrerpolicy=no-referrer"
		" sandbox=\"allow-scripts allow-forms allow-same-origin allow-popups allow-downloads\" "
		"src=\"");
	add_attribute(&page, url);
	buf_addz(&page, "\"></iframe>");
	http_set(r->http, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-src " STR_FMT
		"; frame-ancestors 'self'",
		STR_ARG(origin_of(str_from(url))));
	http_set(r->http, "Cache-Control", "no-store");
	http_reply_text(r->http, 200, "text/html; charset=utf-8", buf_str(&page));
	buf_done(&page);
	return 0;
}

static int reply_there(struct request *r, const char *url)
{
	http_set(r->http, "Location", "%s", url);
	http_set(r->http, "Referrer-Policy", "no-referrer");
	http_set(r->http, "Cache-Control", "no-store");
	http_reply_text(r->http, 302, NULL, STR_NONE);
	return 0;
}

int pop_open(struct request *r)
{
	const char *url = NULL, *frame = request_param(r, "frame");
	json_t *call = NULL;
	struct buf out;
	if (!r->actor.agent)
		return request_refuse(r, 403, "no_agent", "this user is no agent");
	int err = find_call(r, &call);
	if (!err)
		err = find_template(r, js_id(call, "queue"), &url);
	if (!err && !url)
		err = -E_NOT_FOUND;
	if (err) {
		json_decref(call);
		return err;
	}
	buf_init(&out, URL_MAX_BYTES);
	expand(&out, url, call);
	json_decref(call);
	err = buf_err(&out);
	if (!err)
		err = frame ? reply_frame(r, out.p) : reply_there(r, out.p);
	buf_done(&out);
	return err;
}

int pop_describe(struct request *r, json_t *queues, json_t *out)
{
	const char *url = NULL, *how = NULL;
	json_t *queue;
	size_t i;
	int err = one_text(r->db, "SELECT pop_url FROM setting WHERE id = $1", 1, r, &url);
	if (!err)
		err = one_text(r->db, "SELECT pop_how FROM setting WHERE id = $1", 1, r, &how);
	json_array_foreach (queues, i, queue) {
		const char *own = NULL;
		if (!err)
			err = one_text(r->db, "SELECT pop_url FROM queue WHERE id = $1", js_id(queue, "id"),
				r, &own);
		js_set_bool(queue, "pop", own != NULL);
	}
	if (!err)
		json_object_set_new(out, "pop",
			json_pack("{s:b, s:s}", "always", url != NULL, "how", how ? how : "panel"));
	return err;
}
