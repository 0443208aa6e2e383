/* The desk's end of the socket. The loop owns the connection; other threads post what they send and wait for
 * the answer under a lock of their own, so a request never touches the loop's data. */
#include "desk/peer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/asks.h"
#include "desk/config_push.h"
#include "desk/hub.h"
#include "desk/ingest.h"
#include "desk/signin.h"
#include "net/ipc.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#define COMMAND_MS 5000
#define CONFIG_MS 5000
#define TEXT_MAX_BYTES ((size_t)1 << 20)

/* Somebody waits for the reply with this id. On the waiter's stack; in the list while `done` is false. A
 * command outlives a cut of the connection: the same switch is told it again and carries it out once. */
struct waiter {
	char id[32];
	char *command;      /* its text; NULL for what is not repeated */
	int64_t node, boot; /* of the switch that was told */
	json_t *reply;
	int err;
	bool done;
	pthread_cond_t wake;
	LIST_ENTRY(waiter) link;
};

struct peer {
	struct desk *desk;
	struct ipc *ipc;
	struct ingest *ingest;
	pthread_mutex_t lock; /* what follows */
	LIST_HEAD(, waiter) waiters;
	struct peer_state about;
	bool closed;
	pthread_mutex_t
		presence; /* held while it is found out and said, so that nothing older is said last */
	atomic_llong next_id;
};

struct message {
	struct peer *peer;
	enum frame_kind kind;
	char *text;
	char id[32]; /* of the waiter, "" without */
};

/* Under the lock. */
static void release(struct waiter *w, const json_t *reply, int err)
{
	LIST_REMOVE(w, link);
	w->reply = json_deep_copy(reply); /* counts of references are of one thread */
	w->err = err;
	w->done = true;
	pthread_cond_signal(&w->wake);
}

static void wake(struct peer *peer, const char *id, const json_t *reply, int err)
{
	struct waiter *w;
	pthread_mutex_lock(&peer->lock);
	LIST_FOREACH (w, &peer->waiters, link)
		if (strcmp(w->id, id) == 0) {
			if (!w->command || err != -E_CLOSED)
				release(w, reply, err);
			break;
		}
	pthread_mutex_unlock(&peer->lock);
}

/* The connection has gone: commands may be told again until their time is over, the rest is not. */
static void wake_all(struct peer *peer, bool commands_too)
{
	struct waiter *w, *next;
	pthread_mutex_lock(&peer->lock);
	for (w = LIST_FIRST(&peer->waiters); w; w = next) {
		next = LIST_NEXT(w, link);
		if (commands_too || !w->command)
			release(w, NULL, -E_CLOSED);
	}
	pthread_mutex_unlock(&peer->lock);
}

/* The connection is there: what the same switch may have missed is said again. Another one knows nothing of
 * the calls it was about. */
static void repeat_commands(struct peer *peer)
{
	struct waiter *w, *next;
	pthread_mutex_lock(&peer->lock);
	for (w = LIST_FIRST(&peer->waiters); w; w = next) {
		next = LIST_NEXT(w, link);
		if (!w->command)
			continue;
		bool same = w->node == peer->about.node && w->boot == peer->about.boot;
		if (!same || ipc_send(peer->ipc, FRAME_COMMAND, str_from(w->command)) != 0)
			release(w, NULL, -E_CLOSED);
	}
	pthread_mutex_unlock(&peer->lock);
}

static void send_message(void *arg)
{
	struct message *m = arg;
	int err = m->peer->ipc ? ipc_send(m->peer->ipc, m->kind, str_from(m->text)) : -E_CLOSED;
	if (err && m->id[0])
		wake(m->peer, m->id, NULL, err);
	else if (err == -E_LIMIT)
		ipc_reset(m->peer->ipc, err); /* nobody waits who could say it again: the greeting does */
	free(m->text);
	free(m);
}

static void post(struct peer *peer, enum frame_kind kind, const char *id, const json_t *frame)
{
	struct message *m = mem_alloc(sizeof(*m));
	m->peer = peer;
	m->kind = kind;
	m->text = js_print(frame);
	snprintf(m->id, sizeof(m->id), "%s", id);
	loop_post(peer->desk->loop, send_message, m);
}

/* Sends and waits; the reply, if any, is the caller's. */
static int exchange(
	struct peer *peer, enum frame_kind kind, struct waiter *w, const json_t *frame, int64_t wait_ms)
{
	struct timespec until;
	pthread_condattr_t attr;
	int64_t at_us = clock_mono_us() + wait_ms * CLOCK_MS_US;
	until = (struct timespec){ at_us / CLOCK_S_US, at_us % CLOCK_S_US * 1000 };
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_lock(&peer->lock);
	bool away = peer->closed || !peer->about.up;
	if (!away) {
		w->node = peer->about.node;
		w->boot = peer->about.boot;
		w->command = kind == FRAME_COMMAND ? js_print(frame) : NULL;
		LIST_INSERT_HEAD(&peer->waiters, w, link);
		post(peer, kind, w->id, frame);
	}
	while (!away && !w->done)
		if (pthread_cond_timedwait(&w->wake, &peer->lock, &until) != 0 && !w->done) {
			LIST_REMOVE(w, link);
			w->err = -E_TIMEOUT;
			w->done = true;
		}
	pthread_mutex_unlock(&peer->lock);
	pthread_cond_destroy(&w->wake);
	free(w->command);
	return away ? -E_CLOSED : w->err;
}

static int err_of_name(const char *name)
{
	for (int e = 1; e < E__MAX; e++)
		if (strcmp(err_name(e), name) == 0)
			return -e;
	return -E_SYSTEM;
}

static int reply_err(const json_t *reply, struct fault *reterr_)
{
	if (js_bool(reply, "ok", false))
		return 0;
	(void)fault_set(reterr_, js_str(reply, "code", ""), js_str(reply, "field", ""), "%s",
		js_str(reply, "text", ""));
	return err_of_name(js_str(reply, "error", ""));
}

int peer_command(struct peer *peer, json_t *command, json_t **ret_reply, struct fault *reterr_)
{
	struct waiter w = { .done = false };
	snprintf(w.id, sizeof(w.id), "%" PRId64 "-%lld", clock_wall_ms(),
		atomic_fetch_add(&peer->next_id, 1) + 1);
	js_set_str(command, "id", w.id);
	js_set_int(command, "at", clock_wall_ms());
	js_set_int(command, "deadline_ms", COMMAND_MS);
	int err = exchange(peer, FRAME_COMMAND, &w, command, COMMAND_MS);
	json_decref(command);
	if (!err)
		err = reply_err(w.reply, reterr_);
	if (!err && ret_reply)
		*ret_reply = json_incref(w.reply);
	json_decref(w.reply);
	return err;
}

int peer_config(struct peer *peer, int64_t revision, json_t *frame, struct fault *reterr_)
{
	struct waiter w = { .done = false };
	snprintf(w.id, sizeof(w.id), "config-%" PRId64, revision);
	int err = exchange(peer, FRAME_CONFIG, &w, frame, CONFIG_MS);
	if (!err && !js_bool(w.reply, "ok", false)) {
		const json_t *fault = json_object_get(w.reply, "fault");
		err = fault_set(reterr_, js_str(fault, "code", "config"), js_str(fault, "field", ""), "%s",
			js_str(fault, "text", "refused"));
	}
	json_decref(w.reply);
	return err;
}

/* It never comes too late: what is said after it is newer. */
static void say_presence(struct peer *peer, int64_t agent, bool present)
{
	json_t *command = json_object();
	char id[48];
	snprintf(
		id, sizeof(id), "%" PRId64 "-%lld", clock_wall_ms(), atomic_fetch_add(&peer->next_id, 1) + 1);
	js_set_str(command, "id", id);
	js_set_str(command, "name", present ? "agent.sign_in" : "agent.sign_out");
	js_set_id(command, "agent", agent);
	post(peer, FRAME_COMMAND, "", command);
	json_decref(command);
}

void peer_agent_presence(struct peer *peer, int64_t agent, bool present)
{
	pthread_mutex_lock(&peer->presence);
	say_presence(peer, agent, present);
	pthread_mutex_unlock(&peer->presence);
}

void peer_state(struct peer *peer, struct peer_state *ret_state)
{
	pthread_mutex_lock(&peer->lock);
	*ret_state = peer->about;
	pthread_mutex_unlock(&peer->lock);
}

/* Who is here and who is not: a sign-out may have been lost with the connection. */
static int say_everybody(struct peer *peer)
{
	json_t *agents = json_array(), *agent;
	size_t i;
	pthread_mutex_lock(&peer->presence);
	struct db *db = store_reader(peer->desk->store);
	int err = signin_agents(db, agents);
	store_reader_return(peer->desk->store, db);
	json_array_foreach (agents, i, agent)
		say_presence(peer, json_integer_value(json_array_get(agent, 0)),
			json_is_true(json_array_get(agent, 1)));
	pthread_mutex_unlock(&peer->presence);
	json_decref(agents);
	return err;
}

/* After a hello: first the configuration, then who is here. */
static void greet(void *context, void *arg, int err)
{
	struct peer *peer = arg;
	struct fault fault = { 0 };
	(void)context;
	if (!err) {
		(void)config_push_all(peer->desk, &fault); /* it logs, and upkeep tries again */
		err = say_everybody(peer);
	}
	if (err && err != -E_CLOSED)
		log_(LOG_DESK, LOG_WARN, "agents not announced err=%s", err_name(err));
}

static void set_up(struct peer *peer, bool up, const json_t *hello)
{
	pthread_mutex_lock(&peer->lock);
	peer->about.up = up;
	peer->about.since_ms = clock_wall_ms();
	if (hello) {
		peer->about.node = js_int(hello, "node", 0);
		peer->about.boot = js_int(hello, "boot", 0);
	}
	pthread_mutex_unlock(&peer->lock);
	hub_switch(peer->desk->hub, up);
}

static void on_up(void *arg, const json_t *hello)
{
	struct peer *peer = arg;
	log_(LOG_DESK, LOG_INFO, "switch is there node=%" PRId64 " boot=%" PRId64, js_int(hello, "node", 0),
		js_int(hello, "boot", 0));
	ingest_begin(peer->ingest, js_int(hello, "node", 0));
	config_push_lost(peer->desk->config);
	set_up(peer, true, hello);
	repeat_commands(peer);
	const struct pool_job job = { .fn = greet, .arg = peer };
	if (pool_submit(peer->desk->own_pool, &job))
		ipc_reset(peer->ipc, -E_BUSY);
}

static void on_down(void *arg, int err)
{
	struct peer *peer = arg;
	log_(LOG_DESK, LOG_WARN, "switch has gone err=%s", err_name(err));
	set_up(peer, false, NULL);
	wake_all(peer, false);
}

static void on_event(struct peer *peer, struct str text)
{
	json_t *event = NULL;
	if (js_parse(text, TEXT_MAX_BYTES, &event, NULL)) {
		ipc_reset(peer->ipc, -E_SYNTAX);
		return;
	}
	hub_event(peer->desk->hub, event, text);
	if (ingest_event(peer->ingest, event))
		ipc_reset(peer->ipc, -E_LIMIT); /* of a switch that knows no window (switch/link.c) */
	pthread_mutex_lock(&peer->lock);
	peer->about.events++;
	peer->about.waiting = (int64_t)ingest_waiting(peer->ingest);
	pthread_mutex_unlock(&peer->lock);
}

static void on_frame(void *arg, enum frame_kind kind, struct str text)
{
	struct peer *peer = arg;
	CLEANUP(js_unrefp) json_t *json = NULL;
	if (kind == FRAME_EVENT) {
		on_event(peer, text);
		return;
	}
	if (js_parse(text, TEXT_MAX_BYTES, &json, NULL)) {
		ipc_reset(peer->ipc, -E_SYNTAX);
		return;
	}
	if (kind == FRAME_DURABLE) {
		ingest_durable(peer->ingest, js_int(json, "n", 0));
	} else if (kind == FRAME_LIVE) {
		hub_live(peer->desk->hub, json, text);
	} else if (kind == FRAME_REPLY) {
		wake(peer, js_str(json, "id", ""), json, 0);
	} else if (kind == FRAME_CONFIG_ACK) {
		char id[32];
		snprintf(id, sizeof(id), "config-%" PRId64, js_int(json, "revision", 0));
		wake(peer, id, json, 0);
	} else if (kind == FRAME_ASK) {
		asks_answer(peer->desk, json);
	}
}

static void on_stored(void *arg, int64_t n, size_t waiting)
{
	struct peer *peer = arg;
	json_t *frame = json_pack("{s:I}", "n", (json_int_t)n);
	pthread_mutex_lock(&peer->lock);
	peer->about.stored_n = n;
	peer->about.waiting = (int64_t)waiting;
	pthread_mutex_unlock(&peer->lock);
	if (peer->ipc && ipc_is_up(peer->ipc) && ipc_send_json(peer->ipc, FRAME_STORED, frame))
		ipc_reset(peer->ipc, -E_LIMIT);
	json_decref(frame);
}

void peer_answer(struct peer *peer, const json_t *reply)
{
	post(peer, FRAME_REPLY, "", reply);
}

static void fill_hello(void *arg, json_t *hello)
{
	struct peer *peer = arg;
	js_set_str(hello, "process", "desk");
	js_set_int(hello, "cursor", ingest_cursor(peer->ingest));
}

static const struct ipc_handlers handlers = { .up = on_up, .frame = on_frame, .down = on_down };

int peer_new(struct desk *desk, int64_t node, int64_t cursor, struct peer **ret_peer)
{
	struct peer *peer = mem_alloc(sizeof(*peer));
	const struct ipc_opts opts = {
		.path = desk->options->switch_socket, .handlers = &handlers, .arg = peer, .hello = fill_hello
	};
	peer->desk = desk;
	peer->about.stored_n = cursor;
	pthread_mutex_init(&peer->lock, NULL);
	pthread_mutex_init(&peer->presence, NULL);
	LIST_INIT(&peer->waiters);
	peer->ingest = ingest_new(desk, cursor, on_stored, peer);
	ingest_begin(peer->ingest, node);
	int err = ipc_connect(desk->loop, &opts, &peer->ipc);
	if (err)
		peer = peer_free(peer);
	*ret_peer = peer;
	return err;
}

void peer_close(struct peer *peer)
{
	if (!peer)
		return;
	peer->ipc = ipc_free(peer->ipc);
	pthread_mutex_lock(&peer->lock);
	peer->closed = true;
	peer->about.up = false;
	pthread_mutex_unlock(&peer->lock);
	wake_all(peer, true);
}

void *peer_free(struct peer *peer)
{
	if (!peer)
		return NULL;
	peer_close(peer);
	ingest_free(peer->ingest);
	pthread_mutex_destroy(&peer->lock);
	pthread_mutex_destroy(&peer->presence);
	free(peer);
	return NULL;
}
