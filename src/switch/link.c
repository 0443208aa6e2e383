/* Two states towards the desk: following (each event is sent as it happens) and catching up (the journal is
 * read from the desk's cursor on, batch by batch). A full socket buffer puts it back to catching up, and so
 * does a desk that holds a window of events it could not store yet; nothing is ever queued twice, because
 * everything can be read again. */
#include "switch/link.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/ipc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_ROWS 500
#define WINDOW 100000 /* the desk's memory of what it could not store has an end (desk/ingest.c) */
#define REPLIES_KEPT 512
#define COMMAND_MAX ((size_t)256 << 10)
#define ID_MAX 64

struct reply {
	char id[ID_MAX];
	char *text;
};

struct link {
	struct loop *loop;
	struct journal *journal;
	struct ipc *ipc;
	const struct link_handlers *handlers;
	void *arg;
	int64_t node, boot, last_n;
	int64_t sent_n;   /* the desk has been sent all up to here */
	int64_t stored_n; /* and says that it has stored all up to here */
	int64_t window;
	int64_t durable_n;
	bool following;
	bool reading; /* a batch is on its way from the journal */
	bool jammed;  /* live values were dropped */
	struct reply replies[REPLIES_KEPT];
	unsigned next_reply;
	int64_t gap_from, gap_to; /* events the journal could not take */
};

static void read_more(struct link *l);

static int send_event(struct link *l, int64_t n, struct str text)
{
	int err = ipc_send(l->ipc, FRAME_EVENT, text);
	if (!err)
		l->sent_n = n;
	return err;
}

static void on_batch(void *arg, const struct str *texts, size_t count, int64_t last_n)
{
	struct link *l = arg;
	int64_t first = last_n - (int64_t)count + 1;
	l->reading = false;
	if (!ipc_is_up(l->ipc) || l->following)
		return;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(js_unrefp) json_t *event = json_loadb(texts[i].p, texts[i].n, 0, NULL);
		int64_t n = js_int(event, "n", first + (int64_t)i);
		if (n > l->sent_n && send_event(l, n, texts[i]) != 0)
			return; /* drained() goes on */
	}
	if (l->sent_n >= l->last_n)
		l->following = true;
	else if (count)
		read_more(l);
}

/* How many events the desk may be sent before it has stored more. */
static int64_t room(const struct link *l)
{
	return l->stored_n + l->window - l->sent_n;
}

static void read_more(struct link *l)
{
	int64_t n = room(l);
	if (l->reading || n <= 0)
		return; /* on_stored() goes on */
	l->reading = true;
	journal_read(l->journal, l->sent_n + 1, n < BATCH_ROWS ? (size_t)n : BATCH_ROWS, on_batch, l);
}

static void say_durable(struct link *l)
{
	json_t *durable = json_pack("{s:I}", "n", (json_int_t)l->durable_n);
	if (ipc_is_up(l->ipc) && ipc_send_json(l->ipc, FRAME_DURABLE, durable) != 0)
		l->following = false;
	json_decref(durable);
}

static void on_up(void *arg, const json_t *hello)
{
	struct link *l = arg;
	int64_t cursor = js_int(hello, "cursor", 0);
	log_(LOG_SWITCH, LOG_INFO, "desk is there cursor=%" PRId64 " last=%" PRId64, cursor, l->last_n);
	if (cursor > l->last_n)
		l->last_n = cursor; /* power was lost here but not there: numbers never go back */
	l->sent_n = l->stored_n = cursor;
	l->following = cursor == l->last_n;
	l->jammed = false;
	say_durable(l);
	if (!l->following)
		read_more(l);
	l->handlers->up(l->arg);
}

static const char *known_reply(const struct link *l, const char *id)
{
	for (size_t i = 0; i < REPLIES_KEPT; i++)
		if (l->replies[i].text && strcmp(l->replies[i].id, id) == 0)
			return l->replies[i].text;
	return NULL;
}

static void send_reply(struct link *l, const char *text)
{
	int err = ipc_send(l->ipc, FRAME_REPLY, str_from(text));
	if (err)
		log_(LOG_SWITCH, LOG_DEBUG, "reply not sent err=%s", err_name(err));
}

static json_t *reply_of(const char *id, int err, int64_t n, int64_t interaction, const struct fault *fault)
{
	json_t *reply = json_pack("{s:s, s:b}", "id", id, "ok", err == 0);
	if (!err) {
		js_set_int(reply, "n", n);
		js_set_id(reply, "interaction", interaction);
		return reply;
	}
	js_set_str(reply, "error", err_name(err));
	js_set_str(reply, "field", fault->field);
	js_set_str(reply, "code", fault->code);
	js_set_str(reply, "text", fault->text[0] ? fault->text : err_text(err));
	return reply;
}

static void on_command(struct link *l, const json_t *command)
{
	const char *id = js_str(command, "id", "");
	const char *known = known_reply(l, id);
	int64_t at = js_int(command, "at", 0), deadline = js_int(command, "deadline_ms", 0), n = 0,
		interaction = 0;
	struct fault fault = { .code = "" };
	if (known) {
		send_reply(l, known);
		return;
	}
	bool late = at && deadline && clock_wall_ms() > at + deadline;
	int err = late ? -E_TIMEOUT : l->handlers->command(l->arg, command, &n, &interaction, &fault);
	CLEANUP(js_unrefp) json_t *reply = reply_of(id, err, n ? n : l->last_n, interaction, &fault);
	char *text = js_print(reply);
	struct reply *slot = &l->replies[l->next_reply++ % REPLIES_KEPT];
	free(slot->text);
	snprintf(slot->id, sizeof(slot->id), "%s", id);
	slot->text = text;
	send_reply(l, text);
}

static void on_stored(struct link *l, int64_t n)
{
	journal_stored(l->journal, n);
	if (n > l->stored_n)
		l->stored_n = n;
	if (!l->following)
		read_more(l);
}

static void on_frame(void *arg, enum frame_kind kind, struct str text)
{
	struct link *l = arg;
	CLEANUP(js_unrefp) json_t *json = NULL;
	if (kind == FRAME_CONFIG) {
		l->handlers->config(l->arg, text);
		return;
	}
	if (js_parse(text, COMMAND_MAX, &json, NULL) != 0) {
		ipc_reset(l->ipc, -E_SYNTAX);
		return;
	}
	if (kind == FRAME_COMMAND)
		on_command(l, json);
	else if (kind == FRAME_STORED)
		on_stored(l, js_int(json, "n", 0));
	else if (kind == FRAME_REPLY)
		l->handlers->answer(l->arg, js_id(json, "id"), json);
}

static void on_down(void *arg, int err)
{
	struct link *l = arg;
	l->following = false;
	log_(LOG_SWITCH, LOG_INFO, "desk has gone err=%s", err_name(err));
}

static void on_drained(void *arg)
{
	struct link *l = arg;
	if (!l->following)
		read_more(l);
	if (l->jammed) {
		l->jammed = false;
		l->handlers->up(l->arg);
	}
}

static void fill_hello(void *arg, json_t *hello)
{
	struct link *l = arg;
	js_set_str(hello, "process", "switch");
	js_set_int(hello, "node", l->node);
	js_set_int(hello, "boot", l->boot);
	js_set_int(hello, "cursor", l->last_n);
}

static const struct ipc_handlers ipc_handlers = {
	.up = on_up,
	.frame = on_frame,
	.down = on_down,
	.drained = on_drained,
};

int link_new(const struct link_opts *opts, struct link **ret_link)
{
	struct link *l = mem_alloc(sizeof(*l));
	l->loop = opts->loop;
	l->journal = opts->journal;
	l->node = opts->node;
	l->boot = opts->boot;
	l->last_n = l->durable_n = opts->last_n;
	l->window = opts->window ? opts->window : WINDOW;
	l->handlers = opts->handlers;
	l->arg = opts->arg;
	const struct ipc_opts ipc = {
		.path = opts->path, .handlers = &ipc_handlers, .arg = l, .hello = fill_hello
	};
	int err = ipc_listen(opts->loop, &ipc, &l->ipc);
	if (err) {
		free(l);
		return err;
	}
	*ret_link = l;
	return 0;
}

void *link_free(struct link *l)
{
	if (!l)
		return NULL;
	ipc_free(l->ipc);
	for (size_t i = 0; i < REPLIES_KEPT; i++)
		free(l->replies[i].text);
	free(l);
	return NULL;
}

/* Writes what the journal missed as an event of its own, once there is room again. */
static void tell_gap(struct link *l)
{
	if (!l->gap_from || journal_is_full(l->journal))
		return;
	json_t *gap = json_pack("{s:I, s:I, s:s}", "from", (json_int_t)l->gap_from, "to",
		(json_int_t)l->gap_to, "reason", "disk_full");
	l->gap_from = 0;
	(void)link_event(l, EV_JOURNAL_GAP, 0, gap);
	json_decref(gap);
}

int64_t link_event(struct link *l, enum event_kind kind, int64_t at_ms, json_t *event)
{
	int64_t n = ++l->last_n;
	int64_t at = at_ms ? at_ms : clock_wall_ms();
	js_set_int(event, "n", n);
	js_set_int(event, "boot", l->boot);
	js_set_int(event, "at", at);
	js_set_int(event, "mono", clock_mono_us());
	js_set_str(event, "kind", event_name(kind));
	char *text = js_print(event);
	const struct journal_row row = {
		.n = n,
		.at_ms = at,
		.kind = kind,
		.interaction = js_id(event, "interaction"),
		.agent = js_id(event, "agent"),
		.offline = strcmp(js_str(event, "state", ""), "offline") == 0,
		.text = str_from(text),
	};
	if (journal_append(l->journal, &row) != 0) {
		if (!l->gap_from)
			l->gap_from = n;
		l->gap_to = n;
	}
	if (l->following && (room(l) <= 0 || send_event(l, n, row.text) != 0))
		l->following = false;
	free(text);
	return n;
}

void link_durable(struct link *l, int64_t n)
{
	l->durable_n = n;
	say_durable(l);
	if (!l->following && ipc_is_up(l->ipc))
		read_more(l);
	tell_gap(l);
}

void link_live(struct link *l, const char *topic, int64_t id, const json_t *value)
{
	char id_text[24];
	if (!ipc_is_up(l->ipc))
		return;
	snprintf(id_text, sizeof(id_text), "%" PRId64, id);
	json_t *row = json_pack("{s:s, s:s}", "topic", topic, "id", id_text);
	json_object_set_new(row, "value", value ? json_incref((json_t *)value) : json_null());
	if (ipc_send_json(l->ipc, FRAME_LIVE, row) == -E_LIMIT)
		l->jammed = true;
	json_decref(row);
}

bool link_ask(struct link *l, const char *name, int64_t id, json_t *fields)
{
	js_set_str(fields, "name", name);
	js_set_id(fields, "id", id);
	return ipc_is_up(l->ipc) && ipc_send_json(l->ipc, FRAME_ASK, fields) == 0;
}

void link_config_ack(struct link *l, int64_t revision, int err, const struct fault *fault)
{
	json_t *ack = json_pack("{s:I, s:b}", "revision", (json_int_t)revision, "ok", err == 0);
	if (err)
		json_object_set_new(ack, "fault",
			json_pack("{s:s, s:s, s:s}", "code", fault->code, "field", fault->field, "text",
				fault->text));
	if (ipc_is_up(l->ipc) && ipc_send_json(l->ipc, FRAME_CONFIG_ACK, ack) != 0)
		ipc_reset(l->ipc, -E_LIMIT); /* it will ask again with its hello */
	json_decref(ack);
}
