/* Values and watchers change on the loop only; a lock lets workers read them. Everybody sees himself, his
 * queues and his calls; who may watch, also those of the agents within that right. When the last of them
 * leaves a call, it is told to be gone. */
#include "desk/hub.h"

#include "base/buf.h"
#include "base/mem.h"
#include "desk/discreet.h"
#include "desk/people.h"
#include "model/areas.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <uthash.h>

#define MESSAGE_MAX_BYTES ((size_t)4 << 20)
#define SNAPSHOT_MAX_BYTES ((size_t)64 << 20)
#define OUT_MAX_BYTES ((size_t)8 << 20)
#define AGENTS_MAX 8
#define CLOSE_SIGNED_OUT 4001
#define CLOSE_RIGHTS_CHANGED 4002
#define CLOSE_TAKEN_OVER 4003

#define NOTHING_KNOWN "{\"topic\":\"snapshot\",\"switch\":false,\"agents\":{},\"queues\":{},\"calls\":{}}"

enum topic { TOPIC_AGENT, TOPIC_QUEUE, TOPIC_CALL, TOPIC__MAX };

static const char *const topic_names[TOPIC__MAX] = { "agent", "queue", "call" };

struct key {
	int64_t id;
	int64_t topic;
};

struct item {
	struct key key;
	char *value;
	int64_t agents[AGENTS_MAX]; /* of a call */
	size_t n_agents;
	UT_hash_handle hh;
};

struct client {
	struct hub *hub;
	struct ws *ws;
	struct watcher watcher;
	int64_t *queues;
	LIST_ENTRY(client) link;
};

struct hub {
	struct loop *loop;
	pthread_mutex_t lock;
	bool up;
	struct item *items;
	struct people_map *people;
	int64_t generation; /* of rights that the connections are cut by */
	char *figures;      /* the switch's own, as it last said them */
	LIST_HEAD(, client) clients;
	atomic_size_t n_clients;
};

struct hub *hub_new(struct loop *loop)
{
	struct hub *hub = mem_alloc(sizeof(*hub));
	hub->loop = loop;
	pthread_mutex_init(&hub->lock, NULL);
	LIST_INIT(&hub->clients);
	hub->people = people_map_new();
	return hub;
}

static void client_free(struct client *client)
{
	pthread_mutex_lock(&client->hub->lock);
	LIST_REMOVE(client, link);
	client->hub->n_clients--;
	pthread_mutex_unlock(&client->hub->lock);
	ws_drop(client->ws);
	rights_unref(client->watcher.rights);
	free(client->queues);
	free(client);
}

void hub_close(struct hub *hub)
{
	while (!LIST_EMPTY(&hub->clients))
		client_free(LIST_FIRST(&hub->clients));
}

static void items_clear(struct hub *hub)
{
	struct item *item, *next;
	HASH_ITER (hh, hub->items, item, next) {
		HASH_DEL(hub->items, item);
		free(item->value);
		free(item);
	}
}

void *hub_free(struct hub *hub)
{
	if (!hub)
		return NULL;
	items_clear(hub);
	free(hub->figures);
	people_map_free(hub->people);
	pthread_mutex_destroy(&hub->lock);
	free(hub);
	return NULL;
}

static bool has(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

#define WATCH "live.watch"

/* Agents whose value or call it is, and to whom they belong. */
struct seen {
	const int64_t *agents;
	struct owner owners[AGENTS_MAX];
	size_t n;
};

static struct seen seen_of(struct hub *hub, const int64_t *agents, size_t n)
{
	struct seen seen = { .agents = agents, .n = n };
	for (size_t i = 0; i < n; i++)
		seen.owners[i] = people_map_owner(hub->people, agents[i]);
	return seen;
}

static struct seen seen_item(struct hub *hub, const struct item *item)
{
	if (item->key.topic == TOPIC_AGENT)
		return seen_of(hub, &item->key.id, 1);
	return seen_of(hub, item->agents, item->n_agents);
}

static bool may_see(const struct watcher *w, enum topic topic, int64_t id, const struct seen *seen)
{
	int right = right_named(WATCH);
	if (rights_reach(w->rights, right) & SCOPE_ALL)
		return true;
	if (topic == TOPIC_QUEUE)
		return has(w->queues, w->n_queues, id);
	return (w->agent && has(seen->agents, seen->n, w->agent)) ||
		rights_cover(w->rights, right, seen->owners, seen->n);
}

/* What of a contact a watcher is told who may see it. */
static struct telling telling_of(const struct watcher *w, const struct seen *seen)
{
	int clear = right_of(&interaction_resource, VERB_CLEAR);
	int customers = right_of(&customer_resource, VERB_READ);
	return (struct telling){ .numbers = rights_cover(w->rights, clear, seen->owners, seen->n),
		.customer = (w->agent && has(seen->agents, seen->n, w->agent)) ||
			(rights_reach(w->rights, customers) & SCOPE_ALL) };
}

/* A message about a contact, and what is left of it for those who are not told all: made when it is needed.
 */
struct message {
	const json_t *json;
	const char *about; /* the member of it that is cut */
	struct str whole;
	char *cut[3]; /* by which of the two things is told */
};

static struct str message_for(struct message *m, const struct telling *telling)
{
	size_t which = (telling->numbers ? 1u : 0u) + (telling->customer ? 2u : 0u);
	if (which == ARRAY_LEN(m->cut))
		return m->whole;
	if (!m->cut[which]) {
		json_t *copy = json_deep_copy(m->json);
		discreet_cut(json_object_get(copy, m->about), telling);
		m->cut[which] = js_print(copy);
		json_decref(copy);
	}
	return str_from(m->cut[which]);
}

static void message_done(struct message *m)
{
	for (size_t i = 0; i < ARRAY_LEN(m->cut); i++)
		free(m->cut[i]);
}

/* A failed send has closed the connection; `closed` follows. */
static void tell(struct client *client, struct str text)
{
	(void)ws_send(client->ws, text);
}

static void tell_all(struct hub *hub, const char *text)
{
	struct client *client;
	LIST_FOREACH (client, &hub->clients, link)
		tell(client, str_from(text));
}

static void keep_figures(struct hub *hub, const json_t *value)
{
	char *text = value ? js_print(value) : NULL;
	pthread_mutex_lock(&hub->lock);
	free(hub->figures);
	hub->figures = text;
	pthread_mutex_unlock(&hub->lock);
}

void hub_switch(struct hub *hub, bool up)
{
	if (!up)
		keep_figures(hub, NULL);
	pthread_mutex_lock(&hub->lock);
	hub->up = up;
	items_clear(hub);
	pthread_mutex_unlock(&hub->lock);
	tell_all(
		hub, up ? "{\"topic\":\"switch\",\"value\":true}" : "{\"topic\":\"switch\",\"value\":false}");
	if (up)
		tell_all(hub,
			"{\"topic\":\"snapshot\",\"switch\":true,\"agents\":{},\"queues\":{},\"calls\":{}}");
}

static void add_agent(struct item *item, int64_t agent)
{
	if (agent && item->n_agents < AGENTS_MAX && !has(item->agents, item->n_agents, agent))
		item->agents[item->n_agents++] = agent;
}

static void read_agents(struct item *item, const json_t *value)
{
	size_t i;
	json_t *leg;
	item->n_agents = 0;
	add_agent(item, js_id(value, "agent"));
	json_array_foreach (json_object_get(value, "legs"), i, leg)
		add_agent(item, js_id(leg, "agent"));
}

static struct item *item_find(struct hub *hub, enum topic topic, int64_t id)
{
	struct key key = { id, topic };
	struct item *item = NULL;
	HASH_FIND(hh, hub->items, &key, sizeof(key), item);
	return item;
}

/* Puts the value in place; *before keeps who was on the call until now. */
static struct item *item_set(struct hub *hub, const struct key *key, const json_t *value, struct item *before)
{
	struct item *item = item_find(hub, (enum topic)key->topic, key->id);
	if (item) {
		*before = *item;
		free(item->value);
	} else {
		item = mem_alloc(sizeof(*item));
		item->key = *key;
		HASH_ADD(hh, hub->items, key, sizeof(item->key), item);
	}
	item->value = js_print(value);
	read_agents(item, value);
	return item;
}

static void item_drop(struct hub *hub, const struct key *key, struct item *before)
{
	struct item *item = item_find(hub, (enum topic)key->topic, key->id);
	if (!item)
		return;
	*before = *item;
	HASH_DEL(hub->items, item);
	free(item->value);
	free(item);
}

static int topic_of(const char *name)
{
	for (int i = 0; i < TOPIC__MAX; i++)
		if (strcmp(topic_names[i], name) == 0)
			return i;
	return TOPIC__MAX;
}

static char *gone_message(const struct key *key)
{
	json_t *message = json_object();
	js_set_str(message, "topic", topic_names[key->topic]);
	js_set_id(message, "id", key->id);
	json_object_set_new(message, "value", json_null());
	char *text = js_print(message);
	json_decref(message);
	return text;
}

json_t *hub_figures(struct hub *hub)
{
	json_t *figures = NULL;
	pthread_mutex_lock(&hub->lock);
	if (hub->figures)
		figures = json_loads(hub->figures, 0, NULL);
	pthread_mutex_unlock(&hub->lock);
	return figures;
}

void hub_live(struct hub *hub, const json_t *live, struct str text)
{
	struct key key = { js_id(live, "id"), topic_of(js_str(live, "topic", "")) };
	const json_t *value = json_object_get(live, "value");
	struct item before = { .n_agents = 0 }, *now = NULL;
	struct client *client;
	if (strcmp(js_str(live, "topic", ""), "switch") == 0)
		keep_figures(hub, value);
	if (key.topic == TOPIC__MAX || !key.id)
		return;
	pthread_mutex_lock(&hub->lock);
	if (json_is_object(value))
		now = item_set(hub, &key, value, &before);
	else
		item_drop(hub, &key, &before);
	pthread_mutex_unlock(&hub->lock);
	CLEANUP(mem_freep) char *gone = gone_message(&key);
	before.key = key;
	const struct seen was = seen_item(hub, &before), is = seen_item(hub, now ? now : &before);
	struct message message = { .json = live, .about = "value", .whole = text };
	LIST_FOREACH (client, &hub->clients, link) {
		const struct watcher *w = &client->watcher;
		enum topic topic = (enum topic)key.topic;
		const struct telling telling = telling_of(w, &is);
		if (now && may_see(w, topic, key.id, &is))
			tell(client, topic == TOPIC_CALL ? message_for(&message, &telling) : text);
		else if (may_see(w, topic, key.id, &was))
			tell(client, now && topic == TOPIC_CALL ? str_from(gone) : text);
	}
	message_done(&message);
}

void hub_event(struct hub *hub, const json_t *event, struct str text)
{
	struct client *client;
	const struct item *call = item_find(hub, TOPIC_CALL, js_id(event, "interaction"));
	int64_t agent = js_id(event, "agent");
	struct buf message;
	if (LIST_EMPTY(&hub->clients))
		return;
	buf_init(&message, MESSAGE_MAX_BYTES);
	buf_addz(&message, "{\"event\":");
	buf_adds(&message, text);
	buf_addc(&message, '}');
	const struct seen by = seen_of(hub, &agent, agent ? 1 : 0);
	const struct seen on = seen_of(hub, call ? call->agents : NULL, call ? call->n_agents : 0);
	json_t *json = json_pack("{s:O}", "event", event);
	struct message told = { .json = json, .about = "event", .whole = buf_str(&message) };
	LIST_FOREACH (client, &hub->clients, link) {
		const struct watcher *w = &client->watcher;
		const struct telling telling = telling_of(w, &on);
		if (may_see(w, TOPIC_CALL, 0, &by) || may_see(w, TOPIC_CALL, 0, &on))
			tell(client, message_for(&told, &telling));
	}
	message_done(&told);
	json_decref(json);
	buf_done(&message);
}

struct notice {
	struct hub *hub;
	const struct resource *res;
	struct owners owners;
	char *text;
	int64_t session, user;
	struct rights *rights;
	enum hub_end why;
};

static bool sees_a_part(const struct watcher *w)
{
	return !(rights_reach(w->rights, right_named(WATCH)) & SCOPE_ALL);
}

static bool may_hear(const struct watcher *w, const struct resource *res, const struct owners *owners)
{
	const struct actor actor = { .user = w->user, .rights = w->rights };
	if (!res->scope || res->can & RES_OPEN)
		return may(&actor, res, VERB_READ);
	return rights_cover(w->rights, right_of(res, VERB_READ), owners->list, owners->n);
}

static void cut(struct client *client)
{
	ws_close(client->ws, CLOSE_RIGHTS_CHANGED, "rights changed");
}

/* Whoever sees a part may see another when queues and their agents change. */
static void on_changed(void *arg)
{
	struct notice *notice = arg;
	struct client *client;
	bool parts = strcmp(notice->res->name, "queue") == 0 || strcmp(notice->res->name, "agent") == 0;
	LIST_FOREACH (client, &notice->hub->clients, link) {
		if (may_hear(&client->watcher, notice->res, &notice->owners))
			tell(client, str_from(notice->text));
		if (parts && sees_a_part(&client->watcher))
			cut(client);
	}
	free(notice->text);
	free(notice);
}

void hub_changed(struct hub *hub, const struct resource *res, int64_t id, const struct owners *owners)
{
	struct notice *notice = mem_alloc(sizeof(*notice));
	notice->hub = hub;
	notice->res = resource_of_name(res->name); /* which outlives the sender's catalogue */
	notice->owners = *owners;
	json_t *message = json_object();
	js_set_str(message, "topic", "changed");
	js_set_str(message, "resource", res->name);
	js_set_id(message, "id", id);
	notice->text = js_print(message);
	json_decref(message);
	loop_post(hub->loop, on_changed, notice);
}

static void on_told(void *arg)
{
	struct notice *notice = arg;
	struct client *client;
	LIST_FOREACH (client, &notice->hub->clients, link)
		if (!notice->user || client->watcher.user == notice->user)
			tell(client, str_from(notice->text));
	free(notice->text);
	free(notice);
}

void hub_tell_user(struct hub *hub, int64_t user, json_t *message)
{
	struct notice *notice = mem_alloc(sizeof(*notice));
	*notice = (struct notice){ .hub = hub, .user = user, .text = js_print(message) };
	json_decref(message);
	loop_post(hub->loop, on_told, notice);
}

void hub_tell_all(struct hub *hub, json_t *message)
{
	hub_tell_user(hub, 0, message);
}

int hub_read_people(struct hub *hub, struct db *db, int64_t generation)
{
	pthread_mutex_lock(&hub->lock);
	if (hub->generation < generation)
		hub->generation = generation;
	pthread_mutex_unlock(&hub->lock);
	return people_map_read(hub->people, db, generation);
}

size_t hub_users(struct hub *hub, int64_t **ret_users)
{
	struct client *client;
	size_t n = 0;
	pthread_mutex_lock(&hub->lock);
	int64_t *users = mem_array(atomic_load(&hub->n_clients) + 1, sizeof(*users));
	LIST_FOREACH (client, &hub->clients, link)
		if (!has(users, n, client->watcher.user))
			users[n++] = client->watcher.user;
	pthread_mutex_unlock(&hub->lock);
	*ret_users = users;
	return n;
}

static void on_cut(void *arg)
{
	struct notice *notice = arg;
	struct client *client;
	LIST_FOREACH (client, &notice->hub->clients, link) {
		const struct watcher *w = &client->watcher;
		bool his = w->user == notice->user || !notice->user;
		bool same = notice->rights && rights_equal(w->rights, notice->rights);
		bool part = rights_reach(w->rights, right_named(WATCH)) && sees_a_part(w);
		if (his && (!same || part))
			cut(client);
	}
	rights_unref(notice->rights);
	free(notice);
}

void hub_cut(struct hub *hub, int64_t user, struct rights *rights)
{
	struct notice *notice = mem_alloc(sizeof(*notice));
	*notice = (struct notice){ .hub = hub, .user = user, .rights = rights };
	loop_post(hub->loop, on_cut, notice);
}

void hub_cut_all(struct hub *hub)
{
	hub_cut(hub, 0, NULL);
}

static void on_session_ended(void *arg)
{
	struct notice *notice = arg;
	struct client *client;
	bool taken = notice->why == HUB_TAKEN_OVER;
	LIST_FOREACH (client, &notice->hub->clients, link)
		if (client->watcher.session == notice->session)
			ws_close(client->ws, taken ? CLOSE_TAKEN_OVER : CLOSE_SIGNED_OUT,
				taken ? "taken over" : "signed out");
	free(notice);
}

void hub_end_session(struct hub *hub, int64_t session, enum hub_end why)
{
	struct notice *notice = mem_alloc(sizeof(*notice));
	*notice = (struct notice){ .hub = hub, .session = session, .why = why };
	loop_post(hub->loop, on_session_ended, notice);
}

bool hub_user_watches(struct hub *hub, int64_t user)
{
	struct client *client;
	bool found = false;
	pthread_mutex_lock(&hub->lock);
	LIST_FOREACH (client, &hub->clients, link)
		found |= client->watcher.user == user;
	pthread_mutex_unlock(&hub->lock);
	return found;
}

static void add_value(struct buf *out, const struct item *item, const struct telling *telling)
{
	bool whole = item->key.topic != TOPIC_CALL || (telling->numbers && telling->customer);
	CLEANUP(mem_freep) char *cut = whole ? NULL : discreet_text(str_from(item->value), telling);
	buf_addz(out, whole ? item->value : cut ? cut : "null");
}

/* Values are text already: those that are told whole are put together, not parsed again. */
static void add_items(struct buf *out, struct hub *hub, enum topic topic, const struct watcher *w)
{
	const char *join = "";
	for (const struct item *item = hub->items; item; item = item->hh.next) {
		const struct seen seen = seen_item(hub, item);
		if (item->key.topic != topic || !may_see(w, topic, item->key.id, &seen))
			continue;
		const struct telling telling = telling_of(w, &seen);
		buf_printf(out, "%s\"%" PRId64 "\":", join, item->key.id);
		add_value(out, item, &telling);
		join = ",";
	}
}

char *hub_snapshot(struct hub *hub, const struct watcher *watcher)
{
	struct buf out;
	buf_init(&out, SNAPSHOT_MAX_BYTES);
	pthread_mutex_lock(&hub->lock);
	buf_addz(&out, "{\"topic\":\"snapshot\",\"switch\":");
	buf_addz(&out, hub->up ? "true" : "false");
	for (int topic = 0; topic < TOPIC__MAX; topic++) {
		buf_printf(&out, ",\"%ss\":", topic_names[topic]);
		buf_addc(&out, '{');
		add_items(&out, hub, (enum topic)topic, watcher);
		buf_addc(&out, '}');
	}
	pthread_mutex_unlock(&hub->lock);
	buf_addc(&out, '}');
	if (buf_err(&out)) {
		buf_done(&out);
		return mem_strdup(NOTHING_KNOWN);
	}
	return buf_take(&out);
}

char *hub_agent(struct hub *hub, int64_t agent)
{
	pthread_mutex_lock(&hub->lock);
	const struct item *item = hub->up ? item_find(hub, TOPIC_AGENT, agent) : NULL;
	char *text = item ? mem_strdup(item->value) : NULL;
	pthread_mutex_unlock(&hub->lock);
	return text;
}

char *hub_calls(struct hub *hub, const struct actor *actor)
{
	const struct watcher himself = { .agent = actor->agent, .rights = (struct rights *)actor->rights };
	struct buf out;
	const char *join = "";
	buf_init(&out, MESSAGE_MAX_BYTES);
	buf_addc(&out, '[');
	pthread_mutex_lock(&hub->lock);
	for (const struct item *item = hub->items; item; item = item->hh.next) {
		if (item->key.topic != TOPIC_CALL || !has(item->agents, item->n_agents, actor->agent))
			continue;
		const struct seen seen = seen_item(hub, item);
		const struct telling telling = telling_of(&himself, &seen);
		buf_addz(&out, join);
		buf_addz(&out, "{\"id\":\"");
		buf_add_u64(&out, (uint64_t)item->key.id);
		buf_addz(&out, "\",\"value\":");
		add_value(&out, item, &telling);
		buf_addc(&out, '}');
		join = ",";
	}
	pthread_mutex_unlock(&hub->lock);
	buf_addc(&out, ']');
	return buf_take(&out);
}

static void on_message(void *arg, struct str message, bool is_text)
{
	(void)arg;
	(void)message;
	(void)is_text;
}

static void on_closed(void *arg, int code)
{
	(void)code;
	client_free(arg);
}

static const struct ws_handlers handlers = { .message = on_message, .closed = on_closed };

void hub_watch(struct hub *hub, struct http_req *req, const struct watcher *watcher)
{
	struct client *client = mem_alloc(sizeof(*client));
	const struct ws_opts opts = { .message_max = 4096, .out_max = OUT_MAX_BYTES };
	bool stale;
	if (ws_accept(req, &opts, &handlers, client, &client->ws)) {
		free(client);
		return;
	}
	client->hub = hub;
	client->watcher = *watcher;
	client->queues = watcher->n_queues
		? mem_dup(watcher->queues, watcher->n_queues * sizeof(*watcher->queues))
		: NULL;
	client->watcher.queues = client->queues;
	rights_ref(client->watcher.rights);
	pthread_mutex_lock(&hub->lock);
	LIST_INSERT_HEAD(&hub->clients, client, link);
	hub->n_clients++;
	stale = watcher->generation < hub->generation;
	pthread_mutex_unlock(&hub->lock);
	if (stale) { /* rights have changed since they were looked up */
		cut(client);
		return;
	}
	CLEANUP(mem_freep) char *text = hub_snapshot(hub, watcher);
	tell(client, str_from(text));
}

size_t hub_watchers(struct hub *hub)
{
	return atomic_load(&hub->n_clients);
}
