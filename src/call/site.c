/* The set-up snapshot. Each kind of row has a table of its fields: one reader checks and stores them all, so
 * a new field is a new line. Lookup tables are hashes inside the rows; the memory is the arena's. */
#include "call/site.h"

#include "base/mem.h"
#include "ivr/flow.h"

#include <stddef.h>
#include <string.h>

#define ARENA_MAX ((size_t)256 << 20)
#define HOUR_MS INT64_C(3600000)

enum bind_type { BIND_TEXT, BIND_INT, BIND_BOOL, BIND_ID, BIND_IDS, BIND_TEXTS, BIND_LEVELS };

struct bind {
	const char *key;
	enum bind_type type;
	size_t at;
	int64_t min, max; /* of a number; of the bytes of a text */
	int64_t def;
	const char *text; /* default of a text */
};

struct builder {
	struct site *site;
	const char *kind, *id;
	struct fault *fault;
};

static const struct bind setting_binds[] = {
	{ "realm", BIND_TEXT, offsetof(struct site_setting, realm), 1, 64, 0, "lingxi" },
	{ "language", BIND_TEXT, offsetof(struct site_setting, language), 2, 8, 0, "zh-CN" },
	{ "sip_digest", BIND_TEXT, offsetof(struct site_setting, sip_digest), 0, 16, 0, "md5_first" },
	{ "record", BIND_BOOL, offsetof(struct site_setting, record), 0, 1, 1, NULL },
	{ "ring_timeout_ms", BIND_INT, offsetof(struct site_setting, ring_timeout_ms), 1000, 300000, 20000,
		NULL },
	{ "wrap_up_ms", BIND_INT, offsetof(struct site_setting, wrap_up_ms), 0, HOUR_MS, 60000, NULL },
};

static const struct bind trunk_binds[] = {
	{ "name", BIND_TEXT, offsetof(struct site_trunk, name), 0, 200, 0, "" },
	{ "sources", BIND_TEXTS, offsetof(struct site_trunk, sources), 0, 64, 0, NULL },
	{ "proxy", BIND_TEXT, offsetof(struct site_trunk, proxy), 0, 255, 0, "" },
	{ "transport", BIND_TEXT, offsetof(struct site_trunk, transport), 0, 8, 0, "udp" },
	{ "auth_user", BIND_TEXT, offsetof(struct site_trunk, auth_user), 0, 128, 0, "" },
	{ "password", BIND_TEXT, offsetof(struct site_trunk, password), 0, 128, 0, "" },
	{ "caller_id", BIND_TEXT, offsetof(struct site_trunk, caller_id), 0, 64, 0, "" },
};

static const struct bind did_binds[] = {
	{ "number", BIND_TEXT, offsetof(struct site_did, number), 1, 64, 0, "" },
	{ "flow", BIND_ID, offsetof(struct site_did, flow), 1, INT64_MAX, 0, NULL },
};

static const struct bind flow_binds[] = {
	{ "name", BIND_TEXT, offsetof(struct site_flow, name), 0, 200, 0, "" },
	{ "version", BIND_INT, offsetof(struct site_flow, version), 0, INT64_MAX, 1, NULL },
};

static const struct bind skill_binds[] = {
	{ "name", BIND_TEXT, offsetof(struct site_skill, name), 0, 200, 0, "" },
};

static const struct bind queue_binds[] = {
	{ "name", BIND_TEXT, offsetof(struct site_queue, name), 1, 200, 0, "" },
	{ "strategy", BIND_TEXT, offsetof(struct site_queue, strategy), 0, 32, 0, "longest_idle" },
	{ "music", BIND_TEXT, offsetof(struct site_queue, music), 0, 64, 0, "music" },
	{ "skills", BIND_LEVELS, offsetof(struct site_queue, skills), 0, 64, 0, NULL },
	{ "agents", BIND_IDS, offsetof(struct site_queue, agents), 0, 20000, 0, NULL },
	{ "priority", BIND_INT, offsetof(struct site_queue, priority), 0, 100, 0, NULL },
	{ "ring_timeout_ms", BIND_INT, offsetof(struct site_queue, ring_timeout_ms), 0, 300000, 0, NULL },
	{ "wrap_up_ms", BIND_INT, offsetof(struct site_queue, wrap_up_ms), -1, HOUR_MS, -1, NULL },
	{ "max_wait_ms", BIND_INT, offsetof(struct site_queue, max_wait_ms), 0, 24 * HOUR_MS, 0, NULL },
	{ "max_length", BIND_INT, offsetof(struct site_queue, max_length), 0, 1000000, 0, NULL },
	{ "when_empty", BIND_TEXT, offsetof(struct site_queue, when_empty), 0, 8, 0, "wait" },
	{ "overflow_after_ms", BIND_INT, offsetof(struct site_queue, overflow_after_ms), 0, 24 * HOUR_MS, 0,
		NULL },
	{ "overflow_expected_ms", BIND_INT, offsetof(struct site_queue, overflow_expected_ms), 0,
		24 * HOUR_MS, 0, NULL },
	{ "overflow_queue", BIND_ID, offsetof(struct site_queue, overflow_queue), 0, INT64_MAX, 0, NULL },
	{ "handle_ms", BIND_INT, offsetof(struct site_queue, handle_ms), 0, HOUR_MS, 180000, NULL },
	{ "announce_position", BIND_BOOL, offsetof(struct site_queue, announce_position), 0, 1, 1, NULL },
	{ "announce_wait", BIND_BOOL, offsetof(struct site_queue, announce_wait), 0, 1, 1, NULL },
	{ "announce_every_ms", BIND_INT, offsetof(struct site_queue, announce_every_ms), 0, HOUR_MS, 30000,
		NULL },
	{ "service_level_ms", BIND_INT, offsetof(struct site_queue, service_level_ms), 0, HOUR_MS, 20000,
		NULL },
	{ "announce_number", BIND_BOOL, offsetof(struct site_queue, announce_number), 0, 1, 1, NULL },
};

static const struct bind agent_binds[] = {
	{ "name", BIND_TEXT, offsetof(struct site_agent, name), 0, 200, 0, "" },
	{ "number", BIND_TEXT, offsetof(struct site_agent, number), 1, 32, 0, "" },
	{ "extension", BIND_TEXT, offsetof(struct site_agent, extension), 0, 32, 0, "" },
	{ "device", BIND_TEXT, offsetof(struct site_agent, device), 0, 16, 0, "browser" },
	{ "skills", BIND_LEVELS, offsetof(struct site_agent, skills), 0, 200, 0, NULL },
	{ "auto_answer", BIND_BOOL, offsetof(struct site_agent, auto_answer), 0, 1, 0, NULL },
	{ "numbers_masked", BIND_BOOL, offsetof(struct site_agent, numbers_masked), 0, 1, 0, NULL },
};

static const struct bind account_binds[] = {
	{ "auth_user", BIND_TEXT, offsetof(struct site_account, auth_user), 1, 64, 0, "" },
	{ "aor", BIND_TEXT, offsetof(struct site_account, aor), 1, 63, 0, "" },
	{ "ha1_md5", BIND_TEXT, offsetof(struct site_account, ha1_md5), 0, 32, 0, "" },
	{ "ha1_sha256", BIND_TEXT, offsetof(struct site_account, ha1_sha256), 0, 64, 0, "" },
};

static const struct bind reason_binds[] = {
	{ "code", BIND_TEXT, offsetof(struct site_reason, code), 1, 32, 0, "" },
	{ "limit_ms", BIND_INT, offsetof(struct site_reason, limit_ms), 0, 24 * HOUR_MS, 0, NULL },
};

static const struct bind prompt_binds[] = {
	{ "name", BIND_TEXT, offsetof(struct site_prompt, name), 1, 64, 0, "" },
	{ "language", BIND_TEXT, offsetof(struct site_prompt, language), 2, 8, 0, "" },
	{ "path", BIND_TEXT, offsetof(struct site_prompt, path), 1, 512, 0, "" },
};

static int refuse(const struct builder *b, const char *key, const char *code, const char *text)
{
	char field[96];
	snprintf(field, sizeof(field), "%.16s.%.20s.%.56s", b->kind, b->id, key);
	return fault_set(b->fault, code, field, "%.90s: %s", field, text);
}

static int read_text(const struct builder *b, const struct bind *bind, const json_t *value, const char **slot)
{
	if (!value || json_is_null(value)) {
		*slot = bind->text;
		return bind->min > 0 && !bind->text[0] ? refuse(b, bind->key, "required", "is required") : 0;
	}
	if (!json_is_string(value))
		return refuse(b, bind->key, "type", "must be text");
	size_t n = json_string_length(value);
	if (n < (size_t)bind->min || n > (size_t)bind->max)
		return refuse(
			b, bind->key, n < (size_t)bind->min ? "too_short" : "too_long", "has a wrong length");
	*slot = arena_strndup(b->site->arena, (struct str){ json_string_value(value), n });
	return *slot ? 0 : -E_LIMIT;
}

static int read_int(const struct builder *b, const struct bind *bind, const json_t *value, int64_t *slot)
{
	*slot = bind->def;
	if (!value || json_is_null(value))
		return 0;
	if (!json_is_integer(value))
		return refuse(b, bind->key, "type", "must be a whole number");
	*slot = json_integer_value(value);
	return *slot < bind->min || *slot > bind->max ? refuse(b, bind->key, "range", "is out of range") : 0;
}

static int read_id(const struct builder *b, const struct bind *bind, const json_t *row, int64_t *slot)
{
	*slot = js_id(row, bind->key);
	return *slot < bind->min ? refuse(b, bind->key, "required", "is required") : 0;
}

static int read_list(
	const struct builder *b, const struct bind *bind, const json_t *value, struct site_list *slot)
{
	size_t i, n = json_array_size(value);
	const json_t *item;
	if (value && !json_is_null(value) && !json_is_array(value))
		return refuse(b, bind->key, "type", "must be a list");
	if (n > (size_t)bind->max)
		return refuse(b, bind->key, "too_long", "has too many entries");
	slot->n = n;
	slot->ids = arena_alloc(b->site->arena, n * sizeof(int64_t));
	slot->texts = arena_alloc(b->site->arena, n * sizeof(char *));
	json_array_foreach (value, i, item) {
		uint64_t id = 0;
		struct str text = { json_string_value(item), json_string_length(item) };
		if (!text.p)
			return refuse(b, bind->key, "type", "must be a list of texts");
		if (bind->type == BIND_IDS && str_to_u64(text, INT64_MAX, &id) != 0)
			return refuse(b, bind->key, "format", "must be a list of ids");
		slot->ids[i] = (int64_t)id;
		slot->texts[i] = arena_strndup(b->site->arena, text);
	}
	return 0;
}

/* The count stands right behind the pointer, as in site_queue and site_agent. */
static int read_levels(const struct builder *b, const struct bind *bind, const json_t *value, void *slot)
{
	struct {
		struct site_skill_level *levels;
		size_t n;
	} *pair = slot;
	size_t i;
	const json_t *item;
	if (value && !json_is_null(value) && !json_is_array(value))
		return refuse(b, bind->key, "type", "must be a list");
	pair->n = json_array_size(value);
	if (pair->n > (size_t)bind->max)
		return refuse(b, bind->key, "too_long", "has too many entries");
	pair->levels = arena_alloc(b->site->arena, pair->n * sizeof(struct site_skill_level));
	json_array_foreach (value, i, item) {
		pair->levels[i].skill = js_id(item, "skill");
		pair->levels[i].level = js_int(item, "level", 1);
		if (!pair->levels[i].skill || pair->levels[i].level < 1 || pair->levels[i].level > 9)
			return refuse(b, bind->key, "range", "needs a skill and a level from 1 to 9");
	}
	return 0;
}

static int read_bind(const struct builder *b, const struct bind *bind, const json_t *row, char *object)
{
	const json_t *value = json_object_get(row, bind->key);
	void *slot = object + bind->at;
	switch (bind->type) {
	case BIND_TEXT:
		return read_text(b, bind, value, slot);
	case BIND_INT:
		return read_int(b, bind, value, slot);
	case BIND_BOOL:
		*(bool *)slot = js_bool(row, bind->key, bind->def != 0);
		return 0;
	case BIND_ID:
		return read_id(b, bind, row, slot);
	case BIND_IDS:
	case BIND_TEXTS:
		return read_list(b, bind, value, slot);
	case BIND_LEVELS:
		return read_levels(b, bind, value, slot);
	}
	return -E_SYSTEM;
}

static int read_binds(
	const struct builder *b, const struct bind *binds, size_t n, const json_t *row, void *object)
{
	if (!json_is_object(row))
		return refuse(b, "", "type", "must be an object");
	for (size_t i = 0; i < n; i++) {
		int err = read_bind(b, &binds[i], row, object);
		if (err)
			return err;
	}
	return 0;
}

#define READ(b, binds, row, object) read_binds((b), (binds), ARRAY_LEN(binds), (row), (object))
#define FRESH(b, type) ((type *)arena_alloc((b)->site->arena, sizeof(type)))

static int add_setting(struct builder *b, int64_t id, const json_t *row)
{
	(void)id;
	return READ(b, setting_binds, row, &b->site->setting);
}

static int add_trunk(struct builder *b, int64_t id, const json_t *row)
{
	struct site_trunk *o = FRESH(b, struct site_trunk);
	o->id = id;
	int err = READ(b, trunk_binds, row, o);
	if (!err)
		HASH_ADD(hh, b->site->trunks, id, sizeof(o->id), o);
	return err;
}

static int add_did(struct builder *b, int64_t id, const json_t *row)
{
	struct site_did *o = FRESH(b, struct site_did);
	o->id = id;
	int err = READ(b, did_binds, row, o);
	if (!err && site_did(b->site, o->number))
		return refuse(b, "number", "taken", "is in use");
	if (!err)
		HASH_ADD_KEYPTR(hh, b->site->dids, o->number, strlen(o->number), o);
	return err;
}

static int add_flow(struct builder *b, int64_t id, const json_t *row)
{
	struct site_flow *o = FRESH(b, struct site_flow);
	struct fault inner = { .code = "" };
	o->id = id;
	int err = READ(b, flow_binds, row, o);
	if (err)
		return err;
	err = flow_compile(json_object_get(row, "graph"), &o->flow, &inner);
	if (err)
		return refuse(b, inner.field[0] ? inner.field : "graph", inner.code, inner.text);
	HASH_ADD(hh, b->site->flows, id, sizeof(o->id), o);
	return 0;
}

static int add_skill(struct builder *b, int64_t id, const json_t *row)
{
	struct site_skill *o = FRESH(b, struct site_skill);
	o->id = id;
	int err = READ(b, skill_binds, row, o);
	if (!err)
		HASH_ADD(hh, b->site->skills, id, sizeof(o->id), o);
	return err;
}

static int add_queue(struct builder *b, int64_t id, const json_t *row)
{
	struct site_queue *o = FRESH(b, struct site_queue);
	o->id = id;
	int err = READ(b, queue_binds, row, o);
	if (!err)
		HASH_ADD(hh, b->site->queues, id, sizeof(o->id), o);
	return err;
}

static int add_agent(struct builder *b, int64_t id, const json_t *row)
{
	struct site_agent *o = FRESH(b, struct site_agent);
	o->id = id;
	int err = READ(b, agent_binds, row, o);
	if (err)
		return err;
	if (!o->extension[0])
		o->extension = o->number;
	if (site_agent_by_extension(b->site, o->extension))
		return refuse(b, "extension", "taken", "is in use");
	HASH_ADD(hh, b->site->agents, id, sizeof(o->id), o);
	HASH_ADD_KEYPTR(by_extension, b->site->agents_by_extension, o->extension, strlen(o->extension), o);
	return 0;
}

static int add_account(struct builder *b, int64_t id, const json_t *row)
{
	struct site_account *o = FRESH(b, struct site_account);
	o->id = id;
	int err = READ(b, account_binds, row, o);
	if (!err)
		HASH_ADD_KEYPTR(hh, b->site->accounts, o->auth_user, strlen(o->auth_user), o);
	return err;
}

static int add_reason(struct builder *b, int64_t id, const json_t *row)
{
	struct site_reason *o = FRESH(b, struct site_reason);
	o->id = id;
	int err = READ(b, reason_binds, row, o);
	if (!err)
		HASH_ADD_KEYPTR(hh, b->site->reasons, o->code, strlen(o->code), o);
	return err;
}

static int add_prompt(struct builder *b, int64_t id, const json_t *row)
{
	struct site_prompt *o = FRESH(b, struct site_prompt);
	o->id = id;
	int err = READ(b, prompt_binds, row, o);
	if (err)
		return err;
	o->key = arena_printf(b->site->arena, "%s/%s", o->language, o->name);
	HASH_ADD_KEYPTR(hh, b->site->prompts, o->key, strlen(o->key), o);
	return 0;
}

static const struct {
	const char *kind;
	int (*add)(struct builder *b, int64_t id, const json_t *row);
} kinds_known[] = {
	{ "setting", add_setting },
	{ "trunk", add_trunk },
	{ "did", add_did },
	{ "flow", add_flow },
	{ "skill", add_skill },
	{ "queue", add_queue },
	{ "agent", add_agent },
	{ "account", add_account },
	{ "reason", add_reason },
	{ "prompt", add_prompt },
};

/* A queue that hands over to itself, by whatever way, would never let anybody out. */
static int check_overflow(const struct builder *b, const struct site_queue *from)
{
	const struct site_queue *q = from;
	for (unsigned hops = HASH_COUNT(b->site->queues); q->overflow_queue; hops--) {
		q = site_queue(b->site, q->overflow_queue);
		if (!q)
			return refuse(b, "overflow_queue", "not_found", "names a queue that does not exist");
		if (!hops)
			return refuse(b, "overflow_queue", "circle", "leads back to a queue before it");
	}
	return 0;
}

static int check_queue_words(const struct builder *b, const struct site_queue *q)
{
	if (strcmp(q->when_empty, "wait") != 0 && strcmp(q->when_empty, "leave") != 0)
		return refuse(b, "when_empty", "choice", "must be wait or leave");
	if (strcmp(q->strategy, "longest_idle") != 0 && strcmp(q->strategy, "level_first") != 0)
		return refuse(b, "strategy", "choice", "must be longest_idle or level_first");
	return 0;
}

/* What rows say of each other. */
static int check_references(struct builder *b)
{
	char id[24];
	b->id = id;
	b->kind = "did";
	for (struct site_did *d = b->site->dids; d; d = d->hh.next) {
		snprintf(id, sizeof(id), "%lld", (long long)d->id);
		if (!site_flow(b->site, d->flow))
			return refuse(b, "flow", "not_found", "names a flow that does not exist");
	}
	b->kind = "queue";
	for (struct site_queue *q = b->site->queues; q; q = q->hh.next) {
		snprintf(id, sizeof(id), "%lld", (long long)q->id);
		int err = check_queue_words(b, q);
		if (!err)
			err = check_overflow(b, q);
		if (err)
			return err;
		for (size_t i = 0; i < q->agents.n; i++)
			if (!site_agent(b->site, q->agents.ids[i]))
				return refuse(b, "agents", "not_found", "names an agent that does not exist");
	}
	return 0;
}

static void site_destroy(void *self)
{
	struct site *site = self;
	for (struct site_flow *f = site->flows; f; f = f->hh.next)
		obj_unref(f->flow);
	HASH_CLEAR(hh, site->trunks);
	HASH_CLEAR(hh, site->dids);
	HASH_CLEAR(hh, site->flows);
	HASH_CLEAR(hh, site->skills);
	HASH_CLEAR(hh, site->queues);
	HASH_CLEAR(by_extension, site->agents_by_extension);
	HASH_CLEAR(hh, site->agents);
	HASH_CLEAR(hh, site->accounts);
	HASH_CLEAR(hh, site->reasons);
	HASH_CLEAR(hh, site->prompts);
	site->arena = arena_free(site->arena);
}

static const struct obj_type site_type = { "site", sizeof(struct site), site_destroy };

static int add_kind(struct builder *b, size_t k, const json_t *rows)
{
	const char *id;
	json_t *row;
	b->kind = kinds_known[k].kind;
	json_object_foreach ((json_t *)rows, id, row) {
		uint64_t number = 0;
		b->id = id;
		if (str_to_u64(str_from(id), INT64_MAX, &number) != 0)
			return refuse(b, "id", "format", "must be a number");
		int err = kinds_known[k].add(b, (int64_t)number, row);
		if (err)
			return err;
	}
	return 0;
}

int site_build(int64_t revision, const json_t *kinds, struct site **ret_site, struct fault *reterr_)
{
	struct site *site = obj_new(&site_type);
	struct builder b = { .site = site, .kind = "setting", .id = "0", .fault = reterr_ };
	json_t *none = json_object();
	site->revision = revision;
	site->arena = arena_new(ARENA_MAX);
	int err = READ(&b, setting_binds, none, &site->setting);
	json_decref(none);
	for (size_t k = 0; !err && k < ARRAY_LEN(kinds_known); k++)
		err = add_kind(&b, k, json_object_get(kinds, kinds_known[k].kind));
	if (!err)
		err = check_references(&b);
	if (err) {
		obj_unref(site);
		return err;
	}
	*ret_site = site;
	return 0;
}

const struct site_did *site_did(const struct site *site, const char *number)
{
	struct site_did *o = NULL;
	HASH_FIND_STR(site->dids, number, o);
	return o;
}

const struct site_flow *site_flow(const struct site *site, int64_t id)
{
	struct site_flow *o = NULL;
	HASH_FIND(hh, site->flows, &id, sizeof(id), o);
	return o;
}

const struct site_queue *site_queue(const struct site *site, int64_t id)
{
	struct site_queue *o = NULL;
	HASH_FIND(hh, site->queues, &id, sizeof(id), o);
	return o;
}

const struct site_queue *site_queue_by_name(const struct site *site, const char *name)
{
	for (const struct site_queue *q = site->queues; q; q = q->hh.next)
		if (strcmp(q->name, name) == 0)
			return q;
	return NULL;
}

const struct site_agent *site_agent(const struct site *site, int64_t id)
{
	struct site_agent *o = NULL;
	HASH_FIND(hh, site->agents, &id, sizeof(id), o);
	return o;
}

const struct site_agent *site_agent_by_extension(const struct site *site, const char *extension)
{
	struct site_agent *o = NULL;
	HASH_FIND(by_extension, site->agents_by_extension, extension, (unsigned)strlen(extension), o);
	return o;
}

const struct site_account *site_account(const struct site *site, struct str auth_user)
{
	struct site_account *o = NULL;
	HASH_FIND(hh, site->accounts, auth_user.p, (unsigned)auth_user.n, o);
	return o;
}

const struct site_reason *site_reason(const struct site *site, const char *code)
{
	struct site_reason *o = NULL;
	HASH_FIND_STR(site->reasons, code, o);
	return o;
}

const char *site_prompt(const struct site *site, const char *language, const char *name)
{
	const char *const order[] = { language, site->setting.language, "zh-CN", "en" };
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		char key[96];
		struct site_prompt *o = NULL;
		snprintf(key, sizeof(key), "%s/%s", order[i] ? order[i] : "", name);
		HASH_FIND_STR(site->prompts, key, o);
		if (o)
			return o->path;
	}
	return NULL;
}
