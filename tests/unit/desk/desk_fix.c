#include "desk_fix.h"

#include "base/clock.h"
#include "base/mem.h"
#include "desk/desk.h"
#include "net/addr.h"
#include "net/ipc.h"
#include "place.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WAIT_S 20
#define TOKENS 8

struct desk_fix {
	struct place place;
	const char *dir;
	char socket[96], address[64], header[256];
	char tokens[TOKENS][64];
	unsigned next_token;
	struct desk_options options;
	pthread_t desk_thread, switch_thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ready, ended, up, refusing, switch_runs;
	int desk_err;
	struct loop *loop; /* of the switch */
	struct ipc *ipc;
	json_t *received[FRAME__MAX];
	int64_t stored_n, last_n;
};

static void wait_for(
	struct desk_fix *fix, bool (*done)(struct desk_fix *fix, void *arg), void *arg, const char *what)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	pthread_mutex_lock(&fix->lock);
	while (!done(fix, arg))
		if (pthread_cond_timedwait(&fix->changed, &fix->lock, &until) == ETIMEDOUT) {
			pthread_mutex_unlock(&fix->lock);
			fail_msg("never: %s", what);
		}
	pthread_mutex_unlock(&fix->lock);
}

static void lock_set(struct desk_fix *fix, bool *flag, bool value)
{
	pthread_mutex_lock(&fix->lock);
	*flag = value;
	pthread_cond_broadcast(&fix->changed);
	pthread_mutex_unlock(&fix->lock);
}

static void on_up(void *arg, const json_t *hello)
{
	struct desk_fix *fix = arg;
	assert_string_equal(js_str(hello, "process", ""), "desk");
	lock_set(fix, &fix->up, true);
}

static void on_down(void *arg, int err)
{
	struct desk_fix *fix = arg;
	(void)err;
	lock_set(fix, &fix->up, false);
}

static void acknowledge(struct desk_fix *fix, const json_t *config)
{
	bool refuse = fix->refusing && !js_bool(config, "full", false);
	json_t *ack =
		json_pack("{s:I, s:b}", "revision", (json_int_t)js_int(config, "revision", 0), "ok", !refuse);
	if (refuse)
		json_object_set_new(ack, "fault",
			json_pack(
				"{s:s, s:s, s:s}", "code", "range", "field", "queue.5.x", "text", "too bad"));
	assert_int_equal(ipc_send_json(fix->ipc, FRAME_CONFIG_ACK, ack), 0);
	json_decref(ack);
}

/* A call that agent 404 names is not his; everything else is done. */
static void reply(struct desk_fix *fix, const json_t *command)
{
	bool ok = js_id(command, "interaction") != 404;
	json_t *answer = json_pack("{s:s, s:b}", "id", js_str(command, "id", ""), "ok", ok);
	if (ok) {
		js_set_int(answer, "n", 77);
		if (strcmp(js_str(command, "name", ""), "call.dial") == 0)
			js_set_str(answer, "interaction", "9100");
	} else {
		js_set_str(answer, "error", "not_found");
	}
	assert_int_equal(ipc_send_json(fix->ipc, FRAME_REPLY, answer), 0);
	json_decref(answer);
}

/* It is noted before it is answered, so that a test which has the answer finds it. */
static void on_frame(void *arg, enum frame_kind kind, struct str text)
{
	struct desk_fix *fix = arg;
	json_t *json = NULL;
	assert_int_equal(js_parse(text, FRAME_MAX_BYTES, &json, NULL), 0);
	pthread_mutex_lock(&fix->lock);
	if (kind == FRAME_STORED)
		fix->stored_n = js_int(json, "n", 0);
	json_array_append_new(fix->received[kind], json_deep_copy(json));
	pthread_cond_broadcast(&fix->changed);
	pthread_mutex_unlock(&fix->lock);
	if (kind == FRAME_CONFIG)
		acknowledge(fix, json);
	else if (kind == FRAME_COMMAND)
		reply(fix, json);
	json_decref(json);
}

static void fill_hello(void *arg, json_t *hello)
{
	struct desk_fix *fix = arg;
	js_set_str(hello, "process", "switch");
	js_set_int(hello, "node", 0);
	js_set_int(hello, "boot", 1);
	js_set_int(hello, "cursor", fix->last_n);
}

static const struct ipc_handlers handlers = { .up = on_up, .frame = on_frame, .down = on_down };

static void *switch_main(void *arg)
{
	struct desk_fix *fix = arg;
	loop_run(fix->loop);
	fix->ipc = ipc_free(fix->ipc);
	loop_run_nowait(fix->loop);
	return NULL;
}

void fix_switch_back(struct desk_fix *fix)
{
	const struct ipc_opts opts = {
		.path = fix->socket, .handlers = &handlers, .arg = fix, .hello = fill_hello
	};
	fix->loop = loop_new();
	assert_int_equal(ipc_listen(fix->loop, &opts, &fix->ipc), 0);
	assert_int_equal(pthread_create(&fix->switch_thread, NULL, switch_main, fix), 0);
	fix->switch_runs = true;
}

void fix_switch_away(struct desk_fix *fix)
{
	if (!fix->switch_runs)
		return;
	loop_stop(fix->loop);
	pthread_join(fix->switch_thread, NULL);
	fix->loop = loop_free(fix->loop);
	fix->switch_runs = false;
}

static void on_ready(void *arg, const char *http)
{
	struct desk_fix *fix = arg;
	snprintf(fix->address, sizeof(fix->address), "%s", http);
	lock_set(fix, &fix->ready, true);
}

static void *desk_main(void *arg)
{
	struct desk_fix *fix = arg;
	struct fault fault = { .text = "" };
	fix->desk_err = desk_run(&fix->options, &fault);
	if (fix->desk_err)
		print_error("desk: %s\n", fault.text);
	lock_set(fix, &fix->ended, true);
	return NULL;
}

static bool is_ready(struct desk_fix *fix, void *arg)
{
	(void)arg;
	return fix->ready || fix->ended;
}

static void start_desk(struct desk_fix *fix)
{
	fix->ready = fix->ended = false;
	assert_int_equal(pthread_create(&fix->desk_thread, NULL, desk_main, fix), 0);
	wait_for(fix, is_ready, NULL, "the desk serves");
	assert_true(fix->ready);
}

static void stop_desk(struct desk_fix *fix)
{
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	pthread_join(fix->desk_thread, NULL);
	assert_int_equal(fix->desk_err, 0);
}

static bool has_config(struct desk_fix *fix, void *arg)
{
	(void)arg;
	return json_array_size(fix->received[FRAME_CONFIG]) > 0;
}

/* The configuration has come; that the desk heard of its taking shows a moment later. */
static void wait_healthy(struct desk_fix *fix)
{
	int64_t until_us = clock_mono_us() + WAIT_S * CLOCK_S_US;
	wait_for(fix, has_config, NULL, "the configuration comes");
	while (fix_status(fix, "GET", "/api/v1/health", NULL, NULL) != 200) {
		assert_true(clock_mono_us() < until_us);
		sched_yield();
	}
}

struct desk_fix *fix_start(enum fix_switch how)
{
	struct desk_fix *fix = mem_alloc(sizeof(*fix));
	place_make(&fix->place);
	fix->dir = fix->place.dir;
	snprintf(fix->socket, sizeof(fix->socket), "%s/switch.sock", fix->dir);
	pthread_mutex_init(&fix->lock, NULL);
	pthread_cond_init(&fix->changed, NULL);
	fix->refusing = how == FIX_REFUSING_SWITCH;
	for (int i = 0; i < FRAME__MAX; i++)
		fix->received[i] = json_array();
	fix->options = (struct desk_options){
		.data_dir = fix->dir,
		.db = place_is_postgres() ? fix->place.path : NULL,
		.http = "127.0.0.1:0",
		.switch_socket = fix->socket,
		.edge = "127.0.0.1:8081",
		.version = "test",
		.demo = true,
		.ready = on_ready,
		.ready_arg = fix,
	};
	if (how != FIX_NO_SWITCH)
		fix_switch_back(fix);
	start_desk(fix);
	if (how != FIX_NO_SWITCH)
		wait_healthy(fix);
	return fix;
}

void fix_restart_desk(struct desk_fix *fix)
{
	stop_desk(fix);
	pthread_mutex_lock(&fix->lock);
	json_array_clear(fix->received[FRAME_CONFIG]);
	pthread_mutex_unlock(&fix->lock);
	start_desk(fix);
	wait_healthy(fix);
}

static void remove_tree(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		CLEANUP(mem_freep) char *below = mem_printf("%s/%s", path, entry->d_name);
		if (unlink(below))
			remove_tree(below);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void fix_stop(struct desk_fix *fix)
{
	stop_desk(fix);
	fix_switch_away(fix);
	for (int i = 0; i < FRAME__MAX; i++)
		json_decref(fix->received[i]);
	remove_tree(fix->dir);
	place_remove(&fix->place);
	pthread_mutex_destroy(&fix->lock);
	pthread_cond_destroy(&fix->changed);
	free(fix);
}

const char *fix_dir(const struct desk_fix *fix)
{
	return fix->dir;
}

json_t *fix_received(struct desk_fix *fix, enum frame_kind kind)
{
	pthread_mutex_lock(&fix->lock);
	json_t *copy = json_deep_copy(fix->received[kind]);
	pthread_mutex_unlock(&fix->lock);
	return copy;
}

struct search {
	enum frame_kind kind;
	const char *field, *value;
	json_t *found;
};

static bool find_frame(struct desk_fix *fix, void *arg)
{
	struct search *s = arg;
	size_t i;
	json_t *frame;
	json_array_foreach (fix->received[s->kind], i, frame)
		if (strcmp(js_str(frame, s->field, ""), s->value) == 0)
			s->found = frame;
	if (s->found)
		s->found = json_deep_copy(s->found);
	return s->found != NULL;
}

json_t *fix_await(struct desk_fix *fix, enum frame_kind kind, const char *field, const char *value)
{
	struct search s = { kind, field, value, NULL };
	wait_for(fix, find_frame, &s, value);
	return s.found;
}

struct saying {
	struct desk_fix *fix;
	enum frame_kind kind;
	json_t *object;
};

static void say(void *arg)
{
	struct saying *s = arg;
	assert_int_equal(ipc_send_json(s->fix->ipc, s->kind, s->object), 0);
	json_decref(s->object);
	free(s);
}

void fix_say(struct desk_fix *fix, enum frame_kind kind, json_t *object)
{
	struct saying *s = mem_alloc(sizeof(*s));
	*s = (struct saying){ fix, kind, object };
	loop_post(fix->loop, say, s);
}

static bool is_stored(struct desk_fix *fix, void *arg)
{
	return fix->stored_n >= *(int64_t *)arg;
}

void fix_events(struct desk_fix *fix, int64_t first_n, json_t *events)
{
	size_t i;
	json_t *event;
	int64_t n = first_n;
	json_array_foreach (events, i, event) {
		js_set_int(event, "n", n++);
		if (!json_object_get(event, "boot"))
			js_set_int(event, "boot", 1);
		fix_say(fix, FRAME_EVENT, json_deep_copy(event));
	}
	fix->last_n = --n;
	fix_say(fix, FRAME_DURABLE, json_pack("{s:I}", "n", (json_int_t)n));
	wait_for(fix, is_stored, &n, "the events are stored");
	json_decref(events);
}

static int connect_to(const struct desk_fix *fix)
{
	struct addr to;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct timeval limit = { .tv_sec = WAIT_S };
	assert_int_equal(addr_from_string(str_from(fix->address), &to), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(fd, &to.sa, addr_len(&to)), 0);
	return fd;
}

static void send_ask(const struct desk_fix *fix, int fd, const struct ask *ask)
{
	struct buf out;
	char *text = ask->body ? js_print(ask->body) : mem_strdup(ask->raw ? ask->raw : "");
	buf_init(&out, 1 << 22);
	buf_printf(&out, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", ask->method, ask->path,
		fix->address);
	if (ask->token)
		buf_printf(&out, "Authorization: Bearer %s\r\n", ask->token);
	if (*text)
		buf_printf(&out, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(text));
	buf_printf(&out, "%s\r\n%s", ask->headers ? ask->headers : "", text);
	assert_int_equal(send(fd, out.p, out.n, MSG_NOSIGNAL), out.n);
	buf_done(&out);
	free(text);
	json_decref(ask->body);
}

static void unchunk(struct answer *answer)
{
	struct str rest = answer->body;
	char *to = answer->text.p + (answer->body.p - answer->text.p);
	size_t n = 0;
	while (rest.n) {
		size_t line = str_find(rest, '\n');
		size_t size = (size_t)strtoul(rest.p, NULL, 16);
		rest = str_sub(rest, line + 1, rest.n);
		memmove(to + n, rest.p, size);
		n += size;
		rest = str_sub(rest, size + 2, rest.n);
		if (!size)
			break;
	}
	answer->body.n = n;
	to[n] = '\0';
}

void fix_http(struct desk_fix *fix, const struct ask *ask, struct answer *ret)
{
	int fd = connect_to(fix);
	ssize_t n;
	char part[16384];
	*ret = (struct answer){ .status = 0 };
	buf_init(&ret->text, (size_t)1 << 26);
	send_ask(fix, fd, ask);
	while ((n = recv(fd, part, sizeof(part), 0)) > 0)
		buf_add(&ret->text, part, (size_t)n);
	close(fd);
	char *end = ret->text.p ? strstr(ret->text.p, "\r\n\r\n") : NULL;
	if (!end || sscanf(ret->text.p, "HTTP/1.1 %d", &ret->status) != 1)
		fail_msg("no answer to %s %s", ask->method, ask->path);
	ret->body = str_sub(buf_str(&ret->text), (size_t)(end + 4 - ret->text.p), ret->text.n);
	const char *coding = fix_header(fix, ret, "Transfer-Encoding");
	if (coding && strcmp(coding, "chunked") == 0)
		unchunk(ret);
	if (ret->body.n && js_parse(ret->body, ret->body.n, &ret->json, NULL))
		ret->json = NULL;
}

void fix_done(struct answer *answer)
{
	json_decref(answer->json);
	buf_done(&answer->text);
}

const char *fix_header(struct desk_fix *fix, const struct answer *answer, const char *name)
{
	struct str rest = str_sub(buf_str(&answer->text), 0, (size_t)(answer->body.p - answer->text.p));
	while (rest.n) {
		struct str value = str_trim(str_cut(&rest, '\n'));
		struct str key = str_cut(&value, ':');
		if (str_caseeqz(key, name) &&
			str_copy(str_trim(value), fix->header, sizeof(fix->header)) == 0)
			return fix->header;
	}
	return NULL;
}

json_t *fix_json(struct desk_fix *fix, const char *method, const char *path, const char *token, json_t *body)
{
	struct answer answer;
	const struct ask ask = { .method = method, .path = path, .token = token, .body = body };
	fix_http(fix, &ask, &answer);
	if (answer.status / 100 != 2)
		fail_msg("%s %s: %d " STR_FMT, method, path, answer.status, STR_ARG(answer.body));
	json_t *json = json_incref(answer.json);
	fix_done(&answer);
	return json;
}

int fix_status(struct desk_fix *fix, const char *method, const char *path, const char *token, json_t *body)
{
	struct answer answer;
	const struct ask ask = { .method = method, .path = path, .token = token, .body = body };
	fix_http(fix, &ask, &answer);
	int status = answer.status;
	fix_done(&answer);
	return status;
}

const char *fix_sign_in(struct desk_fix *fix, const char *name)
{
	char *token = fix->tokens[fix->next_token++ % TOKENS];
	CLEANUP(mem_freep) char *password = mem_printf("%s-demo", name);
	json_t *session = fix_json(fix, "POST", "/api/v1/session", NULL,
		json_pack("{s:s, s:s}", "username", name, "password", password));
	snprintf(token, sizeof(fix->tokens[0]), "%s", js_str(session, "token", ""));
	json_decref(session);
	return token;
}

struct live {
	int fd;
};

static bool read_exactly(int fd, void *dst, size_t n)
{
	char *p = dst;
	while (n) {
		ssize_t k = recv(fd, p, n, 0);
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

struct live *fix_live(struct desk_fix *fix, const char *token)
{
	struct live *live = mem_alloc(sizeof(*live));
	char head[2048] = "";
	size_t n = 0;
	live->fd = connect_to(fix);
	CLEANUP(mem_freep)
	char *text = mem_printf(
		"GET /api/v1/events HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		"Authorization: Bearer %s\r\n\r\n",
		fix->address, token);
	assert_int_equal(send(live->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	while (n + 1 < sizeof(head) && !strstr(head, "\r\n\r\n") && read_exactly(live->fd, head + n, 1))
		n++;
	if (strncmp(head, "HTTP/1.1 101", 12) != 0) {
		close(live->fd);
		free(live);
		return NULL;
	}
	return live;
}

json_t *fix_live_next(struct live *live)
{
	unsigned char head[10];
	json_t *json = NULL;
	if (!read_exactly(live->fd, head, 2) || (head[0] & 0x0f) == 8)
		return NULL;
	size_t n = head[1] & 0x7f, extra = n == 127 ? 8 : n == 126 ? 2 : 0;
	if (!read_exactly(live->fd, head + 2, extra))
		return NULL;
	for (size_t i = 0, all = extra; i < all; i++)
		n = (i ? n << 8 : 0) | head[2 + i];
	char *text = mem_alloc(n + 1);
	assert_true(read_exactly(live->fd, text, n));
	assert_int_equal(js_parse((struct str){ text, n }, n, &json, NULL), 0);
	free(text);
	return json;
}

json_t *fix_live_await(struct live *live, const char *field, const char *value)
{
	json_t *message;
	while ((message = fix_live_next(live))) {
		if (strcmp(js_str(message, field, ""), value) == 0)
			return message;
		json_decref(message);
	}
	fail_msg("closed before %s=%s", field, value);
	return NULL;
}

void fix_live_end(struct live *live)
{
	close(live->fd);
	free(live);
}
