/* From HTTP to a handler and back: the path is cut, the session found, cross-site requests and missing rights
 * refused, the body parsed; what a handler returns as an error becomes a problem of RFC 9457. */
#include "desk/request.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/answers.h"
#include "desk/guard.h"
#include "desk/routes.h"
#include "desk/signin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX_BYTES (16 * 1024 * 1024)
#define BODY_MAX_BYTES (1024 * 1024)

int request_refuse(struct request *r, int status, const char *code, const char *fmt, ...)
{
	va_list args;
	r->status = status;
	snprintf(r->code, sizeof(r->code), "%s", code);
	va_start(args, fmt);
	vsnprintf(r->detail, sizeof(r->detail), fmt, args);
	va_end(args);
	return -E_STATE;
}

int reply_json(struct request *r, int status, json_t *value)
{
	CLEANUP(mem_freep) char *text = js_print(value);
	json_decref(value);
	http_set(r->http, "Cache-Control", "no-store");
	http_reply_text(r->http, status, "application/json", str_from(text));
	return 0;
}

int reply_none(struct request *r)
{
	http_reply_text(r->http, 204, NULL, STR_NONE);
	return 0;
}

/* RFC 6266: a name in ASCII for old programs, and the whole one in UTF-8. */
void request_attachment(struct request *r, const char *file_name)
{
	char plain[200];
	struct buf whole;
	size_t n = 0;
	buf_init(&whole, 1024);
	for (const char *p = file_name; *p; p++) {
		bool safe = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
			(*p >= 'A' && *p <= 'Z') || strchr("-._", *p);
		if (n < sizeof(plain) - 1)
			plain[n++] = safe ? *p : '_';
		if (safe)
			buf_addc(&whole, *p);
		else
			buf_printf(&whole, "%%%02X", (unsigned char)*p);
	}
	plain[n] = '\0';
	http_set(r->http, "Content-Disposition", "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain,
		buf_err(&whole) ? plain : whole.p);
	buf_done(&whole);
}

static json_t *errors_json(const struct faults *faults)
{
	json_t *errors = json_array();
	for (size_t i = 0; i < faults->n; i++)
		json_array_append_new(errors,
			json_pack("{s:s, s:s, s:s}", "field", faults->list[i].field, "code",
				faults->list[i].code, "message", faults->list[i].text));
	return errors;
}

/* A disk that is full and a database that is away are nobody's fault here, but somebody must know what to do.
 */
static const char *detail_of(const struct request *r, int err)
{
	if (r->detail[0] || r->status)
		return r->detail;
	if (err == -E_FULL)
		return "the server's disk is full: nothing was changed; try again when there is room";
	if (err == -E_AWAY)
		return "the database cannot be reached: nothing was changed; calls go on; try again";
	if (err == -E_UNSURE)
		return "the database went away while this was written: look whether it is there before you "
		       "try again";
	return err_text(err);
}

/* What of a refusal may be an attack, in a word; NULL for what happens to everybody. */
static const char *smell_of(const struct request *r, int err, int status)
{
	bool has_token = !str_is_empty(http_header(r->http, "Authorization")) ||
		!str_is_empty(http_cookie(r->http, SIGNIN_COOKIE));
	if (strcmp(r->code, "origin") == 0)
		return "another_site";
	if (err == -E_UNAUTHORIZED && has_token)
		return "no_session";
	if (status == 400 || status == 413)
		return "body";
	for (size_t i = 0; i < r->faults.n && err == -E_INVALID; i++)
		if (strncmp(r->faults.list[i].code, "file_", 5) == 0)
			return "file";
	return NULL;
}

/* Once for each address and kind within an hour: who tries on and on does not fill the log. */
static void note_smell(const struct request *r, int err, int status)
{
	const char *smell = smell_of(r, err, status);
	if (smell && guard_tells(r->desk->guard, smell, str_from(r->actor.address), clock_mono_us()))
		log_(LOG_DESK, LOG_WARN, "refused what=%s address=%s path=%s", smell, r->actor.address,
			LOG_Q(r->http->path));
}

void request_refused(void *arg, const struct addr *peer, int status)
{
	struct desk *desk = arg;
	char host[ADDR_STRLEN];
	addr_to_host(peer, host);
	if (guard_tells(desk->guard, "http", str_from(host), clock_mono_us()))
		log_(LOG_DESK, LOG_WARN, "refused what=http address=%s status=%d", host, status);
}

void reply_problem(struct request *r, int err)
{
	int status = r->status ? r->status : err_http(err);
	bool fields = !r->status && err == -E_INVALID;
	json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title",
		http_reason(status), "status", status, "code", r->code[0] ? r->code : err_name(err), "detail",
		detail_of(r, err));
	if (fields && r->faults.n)
		json_object_set_new(problem, "errors", errors_json(&r->faults));
	if (fields && r->faults.more)
		js_set_int(problem, "errors_more", (int64_t)r->faults.more);
	if (r->extra)
		json_object_update(problem, r->extra);
	note_smell(r, err, status);
	if (status >= 500 && status != 503)
		log_(LOG_DESK, LOG_ERROR, "request failed path=%s err=%s", LOG_Q(r->http->path),
			err_name(err));
	if (status == 503)
		http_set(r->http, "Retry-After", "1");
	CLEANUP(mem_freep) char *text = js_print(problem);
	json_decref(problem);
	http_set(r->http, "Cache-Control", "no-store");
	http_reply_text(r->http, status, "application/problem+json", str_from(text));
}

int64_t request_id(const struct request *r, size_t part)
{
	uint64_t id;
	if (part >= r->n_parts || str_to_u64(str_from(r->parts[part]), INT64_MAX, &id))
		return 0;
	return (int64_t)id;
}

const char *request_param(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->n_params; i++)
		if (strcmp(r->params[i].name, name) == 0)
			return r->params[i].value;
	return NULL;
}

int request_write(struct request *r, store_work_fn work, void *arg)
{
	return store_write(r->desk->store, STORE_PEOPLE, work, arg);
}

struct change request_change(struct request *r, struct db *db)
{
	return (struct change){ .db = db,
		.ids = &r->desk->ids,
		.now_ms = clock_wall_ms(),
		.actor = &r->actor,
		.faults = &r->faults };
}

/* Percent-decoded and, in a query, with '+' as space. */
static const char *decoded(struct request *r, struct str s, bool query)
{
	char *copy = arena_strndup(r->arena, s);
	char *out = arena_try(r->arena, s.n + 1);
	if (!copy || !out)
		return NULL;
	for (char *p = copy; query && *p; p++)
		if (*p == '+')
			*p = ' ';
	return http_unescape((struct str){ copy, s.n }, out, s.n + 1) ? NULL : out;
}

static int cut_path(struct request *r)
{
	struct str rest = str_sub(r->http->path, strlen("/api/v1/"), r->http->path.n);
	while (rest.n) {
		const char *part = decoded(r, str_cut(&rest, '/'), false);
		if (!part || r->n_parts >= REQUEST_PARTS_MAX)
			return -E_NOT_FOUND;
		r->parts[r->n_parts++] = part;
	}
	return 0;
}

static int cut_query(struct request *r)
{
	struct str rest = r->http->query;
	while (rest.n) {
		struct str value = str_cut(&rest, '&');
		struct str name = str_cut(&value, '=');
		struct param param = { decoded(r, name, true), decoded(r, value, true) };
		if (!param.name || !param.value || r->n_params >= REQUEST_PARAMS_MAX)
			return request_refuse(r, 400, "syntax", "the query is malformed or too long");
		if (*param.name)
			r->params[r->n_params++] = param;
	}
	return 0;
}

/* A page of another site may make a browser send our cookie, but not the headers that name that site. */
static bool is_same_site(const struct http_req *http)
{
	struct str origin = http_header(http, "Origin");
	if (str_eqz(http_header(http, "Sec-Fetch-Site"), "same-origin"))
		return true;
	struct str scheme = http->is_tls ? STR("https://") : STR("http://");
	return str_starts(origin, scheme) && str_caseeq(str_sub(origin, scheme.n, origin.n), http->host);
}

/* Browsers name the site of the page with whatever changes something; programs do not. */
static bool is_by_browser(const struct http_req *http)
{
	return http_header(http, "Origin").p || http_header(http, "Sec-Fetch-Site").p;
}

static int need_same_site(struct request *r)
{
	if (is_same_site(r->http))
		return 0;
	return request_refuse(r, 403, "origin", "the request does not come from this site");
}

int request_sign_in(struct request *r)
{
	struct str header = http_header(r->http, "Authorization");
	struct str token = STR_NONE;
	if (str_casestarts(header, STR("Bearer "))) {
		token = str_trim(str_sub(header, strlen("Bearer "), header.n));
	} else {
		token = http_cookie(r->http, SIGNIN_COOKIE);
		r->session.by_cookie = true;
	}
	if (str_is_empty(token))
		return -E_UNAUTHORIZED;
	return signin_find(r, token);
}

/* Who has yet to make his account as it must be does nothing else. */
static int refuse_due(struct request *r)
{
	if (r->session.password_due)
		return request_refuse(r, 403, "password_due", "the password must be changed first");
	if (r->session.factor_due)
		return request_refuse(r, 403, "factor_due", "the role needs two-factor authentication");
	return 0;
}

static int admit(struct request *r)
{
	const struct route *route = r->route;
	if (route->flags & ROUTE_GUARDED && !guard_admit(r->desk->guard, str_from(r->net), clock_mono_us())) {
		http_set(r->http, "Retry-After", "5");
		return request_refuse(r, 429, "too_many", "too many requests from this address");
	}
	bool changes = r->http->method != HTTP_GET && r->http->method != HTTP_HEAD;
	if (route->flags & ROUTE_PUBLIC)
		return changes && is_by_browser(r->http) ? need_same_site(r) : 0;
	int err = request_sign_in(r);
	if (!err && changes && r->session.by_cookie)
		err = need_same_site(r);
	if (err)
		return err;
	err = route->flags & ROUTE_DUE ? 0 : refuse_due(r);
	if (err)
		return err;
	return !route->right || may_do(&r->actor, route->right) ? 0 : -E_FORBIDDEN;
}

static int parse_body(struct request *r)
{
	struct fault fault = { 0 };
	if (!r->http->body.n || r->route->flags & ROUTE_BYTES)
		return 0;
	int err = js_parse(r->http->body, BODY_MAX_BYTES, &r->body, &fault);
	if (err)
		return request_refuse(r, err_http(err), fault.code, "%s", fault.text);
	return r->route->body ? answers_check_body(r->route->body, r->body, &r->faults) : 0;
}

static const char *net_of(struct request *r)
{
	struct addr net = r->http->peer;
	char host[ADDR_STRLEN];
	if (addr_is_v6(&net))
		memset((char *)&net.v6.sin6_addr + 8, 0, 8);
	return arena_strndup(r->arena, str_from(addr_to_host(&net, host)));
}

int request_init(struct request *r, struct desk *desk, struct http_req *http)
{
	char host[ADDR_STRLEN];
	*r = (struct request){ .desk = desk, .http = http, .arena = arena_new(ARENA_MAX_BYTES) };
	r->actor.address = arena_strndup(r->arena, str_from(addr_to_host(&http->peer, host)));
	r->net = net_of(r);
	r->db = store_reader(desk->store);
	int err = cut_path(r);
	return err ? err : cut_query(r);
}

void request_done(struct request *r)
{
	json_decref(r->body);
	json_decref(r->extra);
	r->rights = rights_unref(r->rights);
	r->catalogue = catalogue_unref(r->catalogue);
	if (r->db)
		store_reader_return(r->desk->store, r->db);
	r->arena = arena_free(r->arena);
}

void request_serve(struct desk *desk, struct http_req *http, int err)
{
	struct request r;
	int failed = request_init(&r, desk, http);
	if (err)
		failed = err;
	if (!failed)
		failed = route_find(&r);
	if (!failed)
		failed = admit(&r);
	if (!failed)
		failed = parse_body(&r);
	if (!failed)
		failed = r.route->fn(&r);
	if (failed)
		reply_problem(&r, failed);
	request_done(&r);
}

/* Version in If-Match, 0 for none or `*`; another form matches nothing. */
int64_t request_version(const struct request *r)
{
	struct str tag = http_header(r->http, "If-Match");
	uint64_t version;
	if (str_is_empty(tag) || str_eqz(tag, "*"))
		return 0;
	if (str_starts(tag, STR("W/")))
		tag = str_sub(tag, 2, tag.n);
	if (tag.n < 3 || tag.p[0] != '"' || str_to_u64(str_sub(tag, 1, tag.n - 1), INT64_MAX, &version))
		return INT64_MAX;
	return (int64_t)version;
}
