/* The HTTP API over loopback, against a whole desk with a switch of ours behind it. */
#include "desk_fix.h"

#include "base/mem.h"
#include "calls.h"
#include "base/mem.h"
#include "media/recfile.h"
#include "net/http.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct desk_fix *fix;

static int start(void **state)
{
	(void)state;
	fix = fix_start(FIX_SWITCH);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fix_stop(fix);
	return 0;
}

static void test_health(void **state)
{
	const struct ask ask = { .method = "GET", .path = "/api/v1/health" };
	struct answer answer;
	(void)state;
	fix_http(fix, &ask, &answer);
	while (answer.status == 503) { /* the switch has not taken the first set-up yet */
		fix_done(&answer);
		fix_http(fix, &ask, &answer);
	}
	assert_int_equal(answer.status, 200);
	assert_string_equal(js_str(answer.json, "status", ""), "ok");
	fix_done(&answer);
}

static void assert_problem(const struct ask *ask, int status, const char *code)
{
	struct answer answer;
	fix_http(fix, ask, &answer);
	if (answer.status != status || strcmp(js_str(answer.json, "code", ""), code) != 0)
		fail_msg("%s: %d %s", ask->path, answer.status, answer.body.p);
	assert_string_equal(fix_header(fix, &answer, "Content-Type"), "application/problem+json");
	assert_int_equal(js_int(answer.json, "status", 0), status);
	assert_string_equal(js_str(answer.json, "title", ""), http_reason(status));
	assert_string_not_equal(js_str(answer.json, "detail", ""), "");
	fix_done(&answer);
}

/* RFC 9457, section 4.2.1: the title of about:blank is the status in words, whatever the code adds. */
static void test_the_title_fits_the_status(void **state)
{
	(void)state;
	static const struct {
		const char *method, *path, *body, *title;
		int status;
	} rows[] = {
		{ "GET", "/api/v1/nothing", NULL, "Not Found", 404 },
		{ "GET", "/api/v1/queues", NULL, "Unauthorized", 401 },
		{ "DELETE", "/api/v1/meta", NULL, "Method Not Allowed", 405 },
		{ "POST", "/api/v1/session", "{", "Bad Request", 400 },
		{ "POST", "/api/v1/session", "{}", "Unprocessable Content", 422 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct answer answer;
		const struct ask ask = {
			.method = rows[i].method, .path = rows[i].path, .raw = rows[i].body
		};
		fix_http(fix, &ask, &answer);
		assert_int_equal(answer.status, rows[i].status);
		assert_string_equal(js_str(answer.json, "title", ""), rows[i].title);
		fix_done(&answer);
	}
}

static json_t *credentials(const char *name, const char *password)
{
	return json_pack("{s:s, s:s}", "username", name, "password", password);
}

static bool has_word(const json_t *list, const char *word)
{
	size_t i;
	json_t *item;
	json_array_foreach ((json_t *)list, i, item)
		if (strcmp(json_string_value(item), word) == 0)
			return true;
	return false;
}

static void test_sign_in_and_out(void **state)
{
	(void)state;
	const char *token = fix_sign_in(fix, "agent1");
	json_t *session = fix_json(fix, "GET", "/api/v1/session", token, NULL);
	assert_string_equal(js_str(json_object_get(session, "agent"), "number", ""), "8001");
	assert_true(has_word(json_object_get(session, "rights"), "interaction.read"));
	assert_false(has_word(json_object_get(session, "rights"), "user.read"));
	assert_null(json_object_get(session, "token"));
	json_t *in = fix_await(fix, FRAME_COMMAND, "name", "agent.sign_in");
	assert_int_equal(js_id(in, "agent"), js_id(json_object_get(session, "agent"), "id"));
	json_decref(in);
	json_decref(session);
	assert_int_equal(fix_status(fix, "DELETE", "/api/v1/session", token, NULL), 204);
	assert_int_equal(fix_status(fix, "GET", "/api/v1/session", token, NULL), 401);
	json_decref(fix_await(fix, FRAME_COMMAND, "name", "agent.sign_out"));
}

static void test_unknown_and_wrong_are_alike(void **state)
{
	(void)state;
	assert_problem(
		&(struct ask){
			.method = "POST", .path = "/api/v1/session", .body = credentials("agent2", "no") },
		401, "credentials");
	assert_problem(
		&(struct ask){
			.method = "POST", .path = "/api/v1/session", .body = credentials("nobody", "no") },
		401, "credentials");
	assert_problem(&(struct ask){ .method = "POST",
			       .path = "/api/v1/session",
			       .body = json_pack("{s:s}", "username", "x") },
		422, "invalid");
	assert_problem(
		&(struct ask){ .method = "POST", .path = "/api/v1/session", .raw = "{" }, 400, "syntax");
	assert_problem(&(struct ask){ .method = "POST", .path = "/api/v1/session" }, 422, "invalid");
}

static void test_lock_out(void **state)
{
	(void)state;
	struct answer answer = { .status = 0 };
	for (int i = 0; i < 6; i++) {
		fix_http(fix,
			&(struct ask){ .method = "POST",
				.path = "/api/v1/session",
				.body = credentials("agent40", "no") },
			&answer);
		if (i < 5)
			fix_done(&answer);
	}
	assert_int_equal(answer.status, 429);
	assert_string_equal(js_str(answer.json, "code", ""), "locked");
	assert_non_null(fix_header(fix, &answer, "Retry-After"));
	fix_done(&answer);
	assert_problem(&(struct ask){ .method = "POST",
			       .path = "/api/v1/session",
			       .body = credentials("agent40", "agent40-demo") },
		429, "locked");
}

/* The cookie of a fresh sign-in, as a header line. */
static void sign_in_by_cookie(char *dst, size_t size)
{
	struct answer answer;
	fix_http(fix,
		&(struct ask){ .method = "POST",
			.path = "/api/v1/session",
			.body = credentials("lead1", "lead1-demo") },
		&answer);
	const char *cookie = fix_header(fix, &answer, "Set-Cookie");
	assert_non_null(strstr(cookie, "HttpOnly"));
	assert_non_null(strstr(cookie, "SameSite=Strict"));
	snprintf(dst, size, "Cookie: %.*s\r\n", (int)strcspn(cookie, ";"), cookie);
	fix_done(&answer);
}

static void test_cross_site_requests_are_refused(void **state)
{
	(void)state;
	char cookie[128], headers[256];
	struct answer answer;
	sign_in_by_cookie(cookie, sizeof(cookie));
	fix_http(
		fix, &(struct ask){ .method = "GET", .path = "/api/v1/session", .headers = cookie }, &answer);
	assert_int_equal(answer.status, 200);
	fix_done(&answer);
	snprintf(headers, sizeof(headers), "%sOrigin: http://evil.example\r\n", cookie);
	assert_problem(&(struct ask){ .method = "POST",
			       .path = "/api/v1/skills",
			       .headers = headers,
			       .raw = "{\"name\":\"x\"}" },
		403, "origin");
	assert_problem(&(struct ask){ .method = "POST",
			       .path = "/api/v1/skills",
			       .headers = cookie,
			       .raw = "{\"name\":\"x\"}" },
		403, "origin");
	snprintf(headers, sizeof(headers), "%sSec-Fetch-Site: same-origin\r\n", cookie);
	fix_http(fix,
		&(struct ask){ .method = "POST",
			.path = "/api/v1/skills",
			.headers = headers,
			.raw = "{\"name\":\"由页面\"}" },
		&answer);
	assert_int_equal(answer.status, 201);
	fix_done(&answer);
}

static void test_everything_needs_sign_in(void **state)
{
	(void)state;
	static const char *const paths[] = { "session", "meta", "live", "agents/me", "interactions", "users",
		"customers/1/timeline", "recordings/1/audio", "events", "interactions/1", "queues/1" };
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char path[64];
		snprintf(path, sizeof(path), "/api/v1/%s", paths[i]);
		assert_problem(&(struct ask){ .method = "GET", .path = path }, 401, "unauthorized");
		assert_problem(&(struct ask){ .method = "GET", .path = path, .token = "nonsense" }, 401,
			"unauthorized");
	}
	assert_problem(&(struct ask){ .method = "GET", .path = "/api/v1/nothing" }, 404, "not_found");
	assert_problem(&(struct ask){ .method = "DELETE", .path = "/api/v1/meta" }, 405, "method");
}

static void test_rights(void **state)
{
	(void)state;
	const char *agent = fix_sign_in(fix, "agent3"), *lead = fix_sign_in(fix, "lead1");
	static const struct {
		const char *method, *path;
		int agent, lead;
	} cases[] = {
		{ "GET", "/api/v1/users", 403, 403 },
		{ "GET", "/api/v1/trunks", 403, 403 },
		{ "GET", "/api/v1/flows", 403, 200 },
		{ "GET", "/api/v1/queues", 200, 200 },
		{ "GET", "/api/v1/audit", 403, 403 },
		{ "POST", "/api/v1/queues", 403, 403 },
		{ "POST", "/api/v1/users", 403, 403 },
		{ "DELETE", "/api/v1/customers/5", 403, 404 },
		{ "PUT", "/api/v1/agents/5/state", 403, 404 },
		{ "GET", "/api/v1/agents/me", 200, 403 },
		{ "POST", "/api/v1/interactions", 403, 403 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int by_agent = fix_status(fix, cases[i].method, cases[i].path, agent, NULL);
		int by_lead = fix_status(fix, cases[i].method, cases[i].path, lead, NULL);
		if (by_agent != cases[i].agent || by_lead != cases[i].lead)
			fail_msg("%s %s: agent %d, leader %d", cases[i].method, cases[i].path, by_agent,
				by_lead);
	}
}

static void test_a_record_and_its_versions(void **state)
{
	(void)state;
	const char *admin = fix_sign_in(fix, "admin");
	struct answer made, answer;
	char path[64], match[64];
	fix_http(fix,
		&(struct ask){ .method = "POST",
			.path = "/api/v1/skills",
			.token = admin,
			.body = json_pack("{s:s}", "name", "世界语") },
		&made);
	assert_int_equal(made.status, 201);
	snprintf(path, sizeof(path), "/api/v1/skills/%s", js_str(made.json, "id", ""));
	assert_string_equal(fix_header(fix, &made, "Location"), path);
	snprintf(match, sizeof(match), "If-Match: %s\r\n", fix_header(fix, &made, "ETag"));
	fix_http(fix,
		&(struct ask){ .method = "PATCH",
			.path = path,
			.token = admin,
			.headers = match,
			.body = json_pack("{s:s}", "name", "Ido") },
		&answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(fix_header(fix, &answer, "ETag"), "\"2\"");
	fix_done(&answer);
	assert_problem(&(struct ask){ .method = "PATCH",
			       .path = path,
			       .token = admin,
			       .headers = match,
			       .raw = "{\"name\":\"x\"}" },
		412, "conflict");
	assert_problem(&(struct ask){ .method = "DELETE", .path = path, .token = admin, .headers = match },
		412, "conflict");
	assert_problem(
		&(struct ask){
			.method = "PATCH", .path = path, .token = admin, .raw = "{\"name\":\"\", \"x\":1}" },
		422, "invalid");
	assert_int_equal(fix_status(fix, "DELETE", path, admin, NULL), 204);
	assert_int_equal(fix_status(fix, "GET", path, admin, NULL), 404);
	fix_done(&made);
}

/* Last row of the kind that the switch was sent, NULL when none; the caller unrefs. */
static json_t *last_row(const char *kind, int64_t id)
{
	json_t *configs = fix_received(fix, FRAME_CONFIG), *config, *row, *found = NULL;
	size_t i, k;
	json_array_foreach (configs, i, config)
		json_array_foreach (json_object_get(config, "rows"), k, row)
			if (strcmp(js_str(row, "kind", ""), kind) == 0 && (!id || js_id(row, "id") == id)) {
				json_decref(found);
				found = json_incref(row);
			}
	json_decref(configs);
	return found;
}

static void test_configuration_reaches_the_switch(void **state)
{
	(void)state;
	const char *admin = fix_sign_in(fix, "admin");
	json_t *page = fix_json(fix, "GET", "/api/v1/queues?limit=1", admin, NULL);
	int64_t id = js_id(json_array_get(json_object_get(page, "items"), 0), "id");
	char path[64];
	snprintf(path, sizeof(path), "/api/v1/queues/%" PRId64, id);
	json_decref(page);
	json_decref(fix_json(fix, "PATCH", path, admin, json_pack("{s:i}", "ring_timeout_ms", 15000)));
	json_t *row = last_row("queue", id);
	assert_int_equal(js_int(json_object_get(row, "row"), "ring_timeout_ms", 0), 15000);
	json_decref(row);
	static const char *const kinds[] = { "setting", "trunk", "did", "flow", "skill", "queue", "agent",
		"account", "reason", "prompt" };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		row = last_row(kinds[i], 0);
		if (!row)
			fail_msg("no row of kind %s", kinds[i]);
		json_decref(row);
	}
	json_t *health = fix_json(fix, "GET", "/api/v1/health", NULL, NULL),
	       *config = json_object_get(health, "config");
	assert_int_equal(js_int(config, "revision", 0), js_int(config, "acked", 1));
	json_decref(health);
}

static void test_the_agents_place(void **state)
{
	(void)state;
	const char *token = fix_sign_in(fix, "agent5");
	json_t *me = fix_json(fix, "GET", "/api/v1/agents/me", token, NULL);
	json_t *agent = json_object_get(me, "agent"), *phone = json_object_get(me, "phone");
	assert_string_equal(js_str(agent, "extension", ""), "8005");
	assert_true(json_array_size(json_object_get(agent, "queues")) > 0);
	assert_string_equal(js_str(phone, "uri", ""), "sip:8005@lingxi");
	assert_string_equal(js_str(phone, "ws", ""), "ws://127.0.0.1:8081/sip");
	assert_true(strncmp(js_str(phone, "auth_user", ""), "8005.", 5) == 0);
	assert_true(strlen(js_str(phone, "secret", "")) >= 20);
	json_t *account = last_row("account", 0), *row = json_object_get(account, "row");
	assert_string_equal(js_str(row, "auth_user", ""), js_str(phone, "auth_user", "-"));
	assert_string_equal(js_str(row, "aor", ""), "8005");
	assert_int_equal(strlen(js_str(row, "ha1_sha256", "")), 64);
	json_decref(account);
	json_decref(me);
	assert_int_equal(fix_status(fix, "DELETE", "/api/v1/session", token, NULL), 204);
	account = last_row("account", 0);
	assert_true(json_is_null(json_object_get(account, "row")));
	json_decref(account);
}

static void test_commands(void **state)
{
	(void)state;
	const char *token = fix_sign_in(fix, "agent6"), *lead = fix_sign_in(fix, "lead1");
	json_t *answer = fix_json(fix, "PUT", "/api/v1/agents/me/state", token,
		json_pack("{s:s, s:s}", "state", "not_ready", "reason", "lunch"));
	assert_int_equal(js_int(answer, "n", 0), 77);
	json_decref(answer);
	json_t *command = fix_await(fix, FRAME_COMMAND, "reason", "lunch");
	assert_string_equal(js_str(command, "by", ""), "agent");
	json_t *agent = json_incref(json_object_get(command, "agent"));
	json_decref(command);
	answer = fix_json(
		fix, "POST", "/api/v1/agents/me/calls", token, json_pack("{s:s}", "to", "13800000000"));
	assert_int_equal(js_id(answer, "interaction"), 9100);
	json_decref(answer);
	json_decref(fix_json(
		fix, "POST", "/api/v1/agents/me/calls/9100/keys", token, json_pack("{s:s}", "keys", "12#")));
	command = fix_await(fix, FRAME_COMMAND, "keys", "12#");
	assert_int_equal(js_id(command, "interaction"), 9100);
	json_decref(command);
	json_decref(fix_json(fix, "POST", "/api/v1/agents/me/calls/9100/transfer", token,
		json_pack("{s:{s:s, s:s}}", "target", "kind", "number", "number", "139")));
	command = fix_await(fix, FRAME_COMMAND, "name", "call.transfer");
	assert_string_equal(js_str(json_object_get(command, "target"), "number", ""), "139");
	json_decref(command);
	assert_int_equal(fix_status(fix, "POST", "/api/v1/agents/me/calls/404/hold", token, NULL), 404);
	assert_int_equal(fix_status(fix, "POST", "/api/v1/agents/me/calls/9100/dance", token, NULL), 404);
	char path[64];
	snprintf(path, sizeof(path), "/api/v1/agents/%s/state", json_string_value(agent));
	json_decref(fix_json(fix, "PUT", path, lead, json_pack("{s:s}", "state", "ready")));
	command = fix_await(fix, FRAME_COMMAND, "by", "leader");
	assert_true(json_equal(json_object_get(command, "agent"), agent));
	json_decref(command);
	json_decref(agent);
}

static void test_a_look_up(void **state)
{
	(void)state;
	fix_say(fix, FRAME_ASK,
		json_pack("{s:s, s:i, s:s, s:s}", "id", "501", "deadline_ms", 10000, "name", "caller.lookup",
			"number", "+8613800000000"));
	json_t *reply = fix_await(fix, FRAME_REPLY, "id", "501");
	assert_string_equal(js_str(reply, "name", ""), "张建国");
	assert_string_equal(js_str(reply, "tier", ""), "gold");
	assert_int_equal(js_int(reply, "priority", 0), 20);
	json_decref(reply);
	fix_say(fix, FRAME_ASK,
		json_pack("{s:s, s:s, s:s}", "id", "502", "name", "caller.lookup", "number", "1"));
	reply = fix_await(fix, FRAME_REPLY, "id", "502");
	assert_true(js_bool(reply, "ok", false));
	assert_null(json_object_get(reply, "customer"));
	json_decref(reply);
}

static int64_t first_id(const char *path, const char *token)
{
	json_t *page = fix_json(fix, "GET", path, token, NULL);
	int64_t id = js_id(json_array_get(json_object_get(page, "items"), 0), "id");
	json_decref(page);
	return id;
}

static void test_history(void **state)
{
	(void)state;
	const char *lead = fix_sign_in(fix, "lead1"), *one = fix_sign_in(fix, "agent1"),
		   *two = fix_sign_in(fix, "agent2");
	int64_t agent = first_id("/api/v1/agents?number=8001", lead),
		queue = first_id("/api/v1/queues", lead);
	struct script s;
	script_init(&s, 1795000000000);
	script_call(&s, 9000, agent, queue, "13800000000");
	script_abandoned(&s, 9500, queue, "13800000009");
	fix_events(fix, 1, s.events);
	json_t *page = fix_json(fix, "GET", "/api/v1/interactions", lead, NULL);
	assert_int_equal(js_int(page, "total", 0), 2);
	json_decref(page);
	page = fix_json(fix, "GET", "/api/v1/interactions?outcome=answered&talk_ms.min=1", one, NULL);
	json_t *item = json_array_get(json_object_get(page, "items"), 0);
	assert_string_equal(js_str(item, "agent_name", ""), "王芳");
	assert_int_equal(js_int(item, "talk_ms", 0), 6000);
	json_decref(page);
	assert_int_equal(fix_status(fix, "GET", "/api/v1/interactions/9000", two, NULL), 404);
	assert_int_equal(
		fix_status(fix, "PATCH", "/api/v1/interactions/9000", two, json_pack("{s:s}", "note", "x")),
		404);
	int64_t result = first_id("/api/v1/dispositions?number=2", one);
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, result);
	json_t *record = fix_json(fix, "PATCH", "/api/v1/interactions/9000", one,
		json_pack("{s:s, s:s}", "note", "改到周五", "result", text));
	assert_string_equal(js_str(record, "result_name", ""), "已改签");
	json_decref(record);
	record = fix_json(fix, "GET", "/api/v1/interactions/9000", one, NULL);
	json_t *steps = json_object_get(record, "steps");
	assert_true(json_array_size(steps) > 15);
	assert_int_equal(js_int(json_array_get(steps, 0), "offset_ms", -1), 0);
	assert_int_equal(json_array_size(json_object_get(record, "legs")), 2);
	assert_int_equal(json_array_size(json_object_get(record, "recordings")), 1);
	assert_string_equal(js_str(record, "note", ""), "改到周五");
	json_decref(record);
	struct answer csv;
	fix_http(fix,
		&(struct ask){ .method = "GET",
			.path = "/api/v1/interactions?format=csv&lang=en&offset_min=-210",
			.token = lead },
		&csv);
	assert_int_equal(csv.status, 200);
	assert_non_null(strstr(csv.body.p, "\"Started (UTC-03:30)\""));
	assert_non_null(strstr(csv.body.p, "13800000009"));
	fix_done(&csv);
	assert_int_equal(fix_status(fix, "GET", "/api/v1/recordings/9005/audio", one, NULL), 404);
	fix_restart_desk(fix);
	lead = fix_sign_in(fix, "lead1");
	page = fix_json(fix, "GET", "/api/v1/interactions?q=800000009", lead, NULL);
	assert_int_equal(js_int(page, "total", 0), 1);
	json_decref(page);
}

/* Two seconds of a loud caller and a silent agent, where the event of the scripted call says. */
static void make_recording(void)
{
	static uint8_t loud[RECFILE_CHUNK_SAMPLES], silent[RECFILE_CHUNK_SAMPLES];
	char path[160];
	struct recfile_writer *w;
	memset(loud, 0x2a, sizeof(loud));
	memset(silent, 0xd5, sizeof(silent));
	snprintf(path, sizeof(path), "%s/recordings", fix_dir(fix));
	assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
	snprintf(path, sizeof(path), "%s/recordings/one.lxr", fix_dir(fix));
	assert_int_equal(recfile_create(path, 1795000000000, 0, &w), 0);
	for (uint32_t i = 0; i < 4; i++) {
		const struct recfile_chunk chunk = {
			.index = i, .samples = RECFILE_CHUNK_SAMPLES, .alaw = { loud, silent }
		};
		assert_int_equal(recfile_write(w, &chunk), 0);
	}
	assert_int_equal(recfile_finish(w), 0);
	recfile_writer_free(w);
}

/* Runs after test_history, whose call it is. */
static void test_listening(void **state)
{
	(void)state;
	const char *one = fix_sign_in(fix, "agent1"), *two = fix_sign_in(fix, "agent2"),
		   *admin = fix_sign_in(fix, "admin");
	const char *path = "/api/v1/recordings/9005/audio";
	const size_t size = 44 + 2 * 2 * 16000;
	struct answer whole, part;
	make_recording();
	fix_http(fix, &(struct ask){ .method = "GET", .path = path, .token = one }, &whole);
	assert_int_equal(whole.status, 200);
	assert_int_equal(whole.body.n, size);
	assert_memory_equal(whole.body.p, "RIFF", 4);
	static const struct {
		const char *range;
		int status;
		size_t from, n;
	} cases[] = {
		{ "bytes=0-99", 206, 0, 100 },
		{ "bytes=1000-", 206, 1000, 63044 },
		{ "bytes=-10", 206, 64034, 10 },
		{ "bytes=64000-99999", 206, 64000, 44 },
		{ "bytes=64044-", 416, 0, 0 },
		{ "bytes=5-4", 416, 0, 0 },
		{ "bytes=0-1,5-6", 200, 0, 64044 },
		{ "lines=1-2", 200, 0, 64044 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char header[64];
		snprintf(header, sizeof(header), "Range: %s\r\n", cases[i].range);
		fix_http(fix, &(struct ask){ .method = "GET", .path = path, .token = one, .headers = header },
			&part);
		if (part.status != cases[i].status)
			fail_msg("%s: %d", cases[i].range, part.status);
		if (part.status != 416) {
			assert_int_equal(part.body.n, cases[i].n);
			assert_memory_equal(part.body.p, whole.body.p + cases[i].from, cases[i].n);
		}
		fix_done(&part);
	}
	fix_done(&whole);
	assert_int_equal(fix_status(fix, "GET", path, two, NULL), 404);
	json_t *peaks = fix_json(fix, "GET", "/api/v1/recordings/9005/peaks?n=10", one, NULL);
	json_t *channels = json_object_get(peaks, "channels");
	assert_int_equal(js_int(peaks, "duration_ms", 0), 2000);
	assert_true(json_integer_value(json_array_get(json_array_get(channels, 0), 5)) > 50);
	assert_int_equal(json_integer_value(json_array_get(json_array_get(channels, 1), 5)), 0);
	json_decref(peaks);
	assert_int_equal(fix_status(fix, "GET", "/api/v1/recordings/9005/peaks?n=0", one, NULL), 422);
	json_t *page = fix_json(fix, "GET", "/api/v1/audit?action=listen&record=9005", admin, NULL);
	assert_int_equal(js_int(page, "total", 0), 4); /* those that began at the beginning */
	json_decref(page);
}

static int64_t listenings(const char *by)
{
	CLEANUP(mem_freep) char *path = mem_printf("/api/v1/audit?action=listen&record=9005&actor=%s", by);
	json_t *page = fix_json(fix, "GET", path, fix_sign_in(fix, "admin"), NULL);
	int64_t total = js_int(page, "total", -1);
	json_decref(page);
	return total;
}

/* Runs after test_listening, whose recording it is. */
static void test_nobody_listens_unseen(void **state)
{
	static const struct {
		const char *method, *headers;
		int64_t listenings;
	} cases[] = { { "HEAD", NULL, 0 }, { "GET", "Range: bytes=1-\r\n", 1 },
		{ "GET", "Range: bytes=9-\r\n", 1 }, { "GET", NULL, 2 } };
	const char *token = fix_sign_in(fix, "lead1");
	struct answer answer;
	char id[24];
	(void)state;
	json_t *session = fix_json(fix, "GET", "/api/v1/session", token, NULL);
	snprintf(id, sizeof(id), "%s", js_str(json_object_get(session, "user"), "id", ""));
	json_decref(session);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		fix_http(fix,
			&(struct ask){ .method = cases[i].method,
				.path = "/api/v1/recordings/9005/audio",
				.token = token,
				.headers = cases[i].headers },
			&answer);
		assert_in_range(answer.status, 200, 206);
		fix_done(&answer);
		assert_int_equal(listenings(id), cases[i].listenings);
	}
}

static void test_live(void **state)
{
	(void)state;
	const char *lead = fix_sign_in(fix, "lead1"), *token = fix_sign_in(fix, "agent7");
	json_t *me = fix_json(fix, "GET", "/api/v1/session", token, NULL);
	char agent[24];
	snprintf(agent, sizeof(agent), "%s", js_str(json_object_get(me, "agent"), "id", ""));
	json_decref(me);
	struct live *leader = fix_live(fix, lead), *own = fix_live(fix, token);
	json_decref(fix_live_await(leader, "topic", "snapshot"));
	json_decref(fix_live_await(own, "topic", "snapshot"));
	fix_say(fix, FRAME_LIVE,
		json_pack("{s:s, s:s, s:{s:s}}", "topic", "agent", "id", "1", "value", "state", "ready"));
	fix_say(fix, FRAME_LIVE,
		json_pack("{s:s, s:s, s:{s:s}}", "topic", "agent", "id", agent, "value", "state", "ringing"));
	fix_say(fix, FRAME_LIVE,
		json_pack("{s:s, s:s, s:{s:s, s:s}}", "topic", "call", "id", "700", "value", "phase",
			"ringing", "agent", agent));
	json_t *message = fix_live_await(leader, "topic", "agent");
	assert_string_equal(js_str(message, "id", ""), "1");
	json_decref(message);
	message = fix_live_next(own);
	assert_string_equal(js_str(message, "id", ""), agent);
	json_decref(message);
	message = fix_live_next(own);
	assert_string_equal(js_str(message, "id", ""), "700");
	json_decref(message);
	fix_say(fix, FRAME_LIVE,
		json_pack("{s:s, s:s, s:{s:s, s:s}}", "topic", "call", "id", "700", "value", "phase",
			"talking", "agent", "1"));
	message = fix_live_next(own);
	assert_true(json_is_null(json_object_get(message, "value")));
	json_decref(message);
	json_t *live = fix_json(fix, "GET", "/api/v1/live", lead, NULL);
	assert_non_null(json_object_get(json_object_get(live, "calls"), "700"));
	json_decref(live);
	live = fix_json(fix, "GET", "/api/v1/live", token, NULL);
	assert_null(json_object_get(json_object_get(live, "calls"), "700"));
	json_decref(live);
	assert_int_equal(fix_status(fix, "DELETE", "/api/v1/session", token, NULL), 204);
	assert_null(fix_live_next(own));
	fix_live_end(own);
	fix_live_end(leader);
}

static void test_switch_away(void **state)
{
	(void)state;
	const char *token = fix_sign_in(fix, "agent8");
	struct live *live = fix_live(fix, token);
	json_decref(fix_live_await(live, "topic", "snapshot"));
	fix_switch_away(fix);
	json_t *message = fix_live_await(live, "topic", "switch");
	assert_true(json_is_false(json_object_get(message, "value")));
	json_decref(message);
	assert_problem(&(struct ask){ .method = "PUT",
			       .path = "/api/v1/agents/me/state",
			       .token = token,
			       .raw = "{\"state\":\"ready\"}" },
		503, "switch_away");
	assert_int_equal(fix_status(fix, "GET", "/api/v1/health", NULL, NULL), 503);
	json_t *me = fix_json(fix, "GET", "/api/v1/agents/me", token, NULL);
	assert_true(json_is_null(json_object_get(me, "state")));
	json_decref(me);
	fix_switch_back(fix);
	message = fix_live_await(live, "topic", "switch");
	assert_true(json_is_true(json_object_get(message, "value")));
	json_decref(message);
	fix_live_end(live);
}

static void test_descriptions_and_counters(void **state)
{
	(void)state;
	struct answer answer;
	json_t *openapi = fix_json(fix, "GET", "/api/v1/openapi.json", NULL, NULL);
	assert_non_null(json_object_get(
		json_object_get(openapi, "paths"), "/api/v1/agents/me/calls/{interaction}/{action}"));
	assert_non_null(json_object_get(json_object_get(openapi, "paths"), "/api/v1/queues/{id}"));
	json_decref(openapi);
	fix_http(fix, &(struct ask){ .method = "GET", .path = "/metrics" }, &answer);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body.p, "lingxi_desk_switch_up 1"));
	fix_done(&answer);
	json_t *visitor = fix_json(fix, "GET", "/api/v1/visitor", NULL, NULL);
	assert_string_equal(
		js_str(json_array_get(json_object_get(visitor, "numbers"), 0), "number", ""), "4008001234");
	json_decref(visitor);
}

static void test_the_demos_pace(void **state)
{
	(void)state;
	const char *lead = fix_sign_in(fix, "lead1"), *agent = fix_sign_in(fix, "agent1");
	json_t *demo = fix_json(
		fix, "PATCH", "/api/v1/demo", lead, json_pack("{s:f, s:b}", "speed", 2.0, "paused", 1));
	assert_string_equal(js_str(demo, "state", ""), "paused");
	json_decref(demo);
	assert_int_equal(
		fix_status(fix, "PATCH", "/api/v1/demo", lead, json_pack("{s:i}", "speed", 1000)), 422);
	assert_int_equal(fix_status(fix, "GET", "/api/v1/demo", agent, NULL), 403);
}

static void test_a_changed_user_is_signed_out(void **state)
{
	(void)state;
	const char *admin = fix_sign_in(fix, "admin"), *agent = fix_sign_in(fix, "agent9");
	char path[64];
	snprintf(path, sizeof(path), "/api/v1/users/%" PRId64 "/suspend",
		first_id("/api/v1/users?name=agent9", admin));
	json_decref(fix_json(fix, "POST", path, admin, NULL));
	assert_int_equal(fix_status(fix, "GET", "/api/v1/session", agent, NULL), 401);
	assert_int_equal(
		fix_status(fix, "POST", "/api/v1/session", NULL, credentials("agent9", "agent9-demo")), 401);
}

/* Last: a switch that refuses whatever is not a whole configuration. */
static void test_a_refused_configuration_is_told(void **state)
{
	(void)state;
	fix_stop(fix);
	fix = fix_start(FIX_REFUSING_SWITCH);
	const char *admin = fix_sign_in(fix, "admin");
	json_t *skill = fix_json(fix, "POST", "/api/v1/skills", admin, json_pack("{s:s}", "name", "Ido"));
	assert_string_equal(js_str(json_object_get(skill, "config_fault"), "message", ""), "too bad");
	json_decref(skill);
	json_t *health = fix_json(fix, "GET", "/api/v1/health", NULL, NULL);
	assert_string_equal(js_str(health, "status", ""), "config_refused");
	json_decref(health);
	skill = fix_json(fix, "POST", "/api/v1/skills", admin, json_pack("{s:s}", "name", "Latin"));
	assert_null(json_object_get(skill, "config_fault")); /* this push was whole again */
	json_decref(skill);
	health = fix_json(fix, "GET", "/api/v1/health", NULL, NULL);
	assert_string_equal(js_str(health, "status", ""), "ok");
	json_decref(health);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_health),
		cmocka_unit_test(test_the_title_fits_the_status),
		cmocka_unit_test(test_sign_in_and_out),
		cmocka_unit_test(test_unknown_and_wrong_are_alike),
		cmocka_unit_test(test_lock_out),
		cmocka_unit_test(test_cross_site_requests_are_refused),
		cmocka_unit_test(test_everything_needs_sign_in),
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_a_record_and_its_versions),
		cmocka_unit_test(test_configuration_reaches_the_switch),
		cmocka_unit_test(test_the_agents_place),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_a_look_up),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_listening),
		cmocka_unit_test(test_nobody_listens_unseen),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_switch_away),
		cmocka_unit_test(test_descriptions_and_counters),
		cmocka_unit_test(test_the_demos_pace),
		cmocka_unit_test(test_a_changed_user_is_signed_out),
		cmocka_unit_test(test_a_refused_configuration_is_told),
	};
	return cmocka_run_group_tests(tests, start, stop) || unit_no_live_object(NULL);
}
