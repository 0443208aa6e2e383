/* What a centre begins with is data: standard/ for all of them (prompts, reasons, music; in a centre that is
 * no demo also a queue, results and a flow, so that only people and a number are wanting), demo/ for the
 * sample airline. Lists of records stand in the order in which they refer to each other, each with a code;
 * "@resource.code" in a later record stands for the id of an earlier one. */
#include "desk/seed.h"

#include "base/clock.h"
#include "base/embed.h"
#include "base/js.h"
#include "base/log.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD_CHARS 16

extern const struct embed_file seed_files[];

struct seeding {
	struct desk *desk;
	struct change change;
	json_t *ids; /* "resource.code" → id */
	struct fault *fault;
};

static json_t *seed_file(const char *name, struct fault *reterr_)
{
	json_t *value = NULL;
	for (const struct embed_file *f = seed_files; f->name; f++)
		if (strcmp(f->name, name) == 0 &&
			js_parse((struct str){ f->bytes, f->size }, f->size, &value, reterr_))
			return NULL;
	return value;
}

/* References become ids, everywhere below the value. */
static json_t *resolve(const struct seeding *s, json_t *value)
{
	const char *text = json_string_value(value), *key;
	json_t *below, *id;
	size_t i;
	if (text && *text == '@' && (id = json_object_get(s->ids, text + 1)))
		return json_incref(id);
	if (json_is_object(value)) {
		json_t *out = json_object();
		json_object_foreach (value, key, below)
			json_object_set_new(out, key, resolve(s, below));
		return out;
	}
	if (json_is_array(value)) {
		json_t *out = json_array();
		json_array_foreach (value, i, below)
			json_array_append_new(out, resolve(s, below));
		return out;
	}
	return json_incref(value);
}

static int refused(struct seeding *s, const char *what, int err)
{
	const struct fault *first = &s->change.faults->list[0];
	return err == -E_INVALID
		? fault_set(s->fault, "seed", first->field, "%s: %s %s", what, first->field, first->text)
		: err;
}

/* Everybody knows the demo's passwords, so a cheap hash does: fifty users are there at once. */
static json_t *user_draft(json_t *record)
{
	json_t *draft = json_copy(record);
	CLEANUP(mem_freep) char *hash = secret_hash_known(js_str(record, "password", ""));
	js_set_str(draft, "password", hash);
	js_set_str(draft, "state", "active");
	if (!json_object_get(draft, "agent"))
		json_object_set_new(draft, "agent", json_null());
	return draft;
}

static int create(struct seeding *s, const struct resource *res, json_t *record, int64_t *ret_id)
{
	json_t *draft = NULL;
	int err = 0;
	if (res == &user_resource)
		draft = user_draft(record);
	else
		err = model_draft(res, record, true, &draft, s->change.faults);
	if (!err)
		err = model_create(&s->change, res, draft, ret_id);
	json_decref(draft);
	return err ? refused(s, res->name, err) : 0;
}

/* Creates it and remembers its id under its code. */
static int create_coded(struct seeding *s, const struct resource *res, const char *code, json_t *record)
{
	int64_t id = 0;
	int err = create(s, res, record, &id);
	if (!err && code) {
		CLEANUP(mem_freep) char *key = mem_printf("%s.%s", res->name, code);
		json_object_set_new(s->ids, key, json_sprintf("%" PRId64, id));
	}
	return err;
}

static int create_entry(struct seeding *s, const json_t *entry)
{
	const struct resource *res = resource_of_name(js_str(entry, "resource", ""));
	if (!res)
		return fault_set(
			s->fault, "seed", "resource", "no resource \"%s\"", js_str(entry, "resource", ""));
	json_t *record = resolve(s, json_object_get(entry, "record"));
	int err = create_coded(s, res, js_str(entry, "code", NULL), record);
	json_decref(record);
	return err;
}

static int create_all(struct seeding *s, const json_t *entries)
{
	size_t i;
	json_t *entry;
	int err = 0;
	json_array_foreach ((json_t *)entries, i, entry)
		if (!err)
			err = create_entry(s, entry);
	return err;
}

/* A list of prompts has names, languages and texts. What an earlier list had stays. */
static int create_prompts(struct seeding *s, const char *file)
{
	json_t *prompts = seed_file(file, s->fault), *prompt;
	size_t i;
	int err = prompts ? 0 : -E_CORRUPT;
	json_array_foreach (prompts, i, prompt) {
		const char *language = js_str(prompt, "language", ""), *name = js_str(prompt, "name", "");
		CLEANUP(mem_freep) char *code = mem_printf("%s.%s", name, language);
		CLEANUP(mem_freep) char *key = mem_printf("prompt.%s", code);
		if (err || json_object_get(s->ids, key))
			continue;
		err = create_coded(s, &prompt_resource, code, prompt);
	}
	json_decref(prompts);
	return err;
}

/* The flow "main" from a graph in which queues are named by code. */
static int create_flow(struct seeding *s, const char *file)
{
	json_t *graph = seed_file(file, s->fault), *node;
	const char *name;
	if (!graph)
		return -E_CORRUPT;
	json_object_foreach (json_object_get(graph, "nodes"), name, node) {
		CLEANUP(mem_freep) char *key = mem_printf("queue.%s", js_str(node, "queue", ""));
		if (json_object_get(s->ids, key))
			json_object_set(node, "queue", json_object_get(s->ids, key));
	}
	json_t *record = json_pack("{s:s, s:o}", "name", "主菜单", "graph", graph);
	int err = create_coded(s, &flow_resource, "main", record);
	json_decref(record);
	return err;
}

static int create_list(struct seeding *s, const char *file, const char *list)
{
	json_t *lists = seed_file(file, s->fault);
	int err = lists ? create_all(s, json_object_get(lists, list)) : -E_CORRUPT;
	json_decref(lists);
	return err;
}

static int seed_demo(struct seeding *s)
{
	int err = create_list(s, "centre.json", "before_flow");
	if (!err)
		err = create_prompts(s, "prompts.json");
	if (!err)
		err = create_flow(s, "main.json");
	return err ? err : create_list(s, "centre.json", "after_flow");
}

static int seed_admin(struct seeding *s)
{
	char password[PASSWORD_CHARS + 1];
	int64_t id;
	id_token(password, PASSWORD_CHARS);
	json_t *record = json_pack("{s:s, s:s, s:[{s:O}], s:s}", "name", "admin", "full_name", "管理员",
		"roles", "role", json_object_get(s->ids, "role.admin"), "password", password);
	json_t *draft = NULL;
	int err = model_draft(&user_resource, record, true, &draft, s->change.faults);
	if (!err)
		err = model_create(&s->change, &user_resource, draft, &id);
	json_decref(draft);
	json_decref(record);
	if (err)
		return refused(s, "admin", err);
	printf("lingxi: the administrator is \"admin\", the password \"%s\" (shown this once)\n", password);
	fflush(stdout);
	return 0;
}

static int seed_plain(struct seeding *s)
{
	int err = create_list(s, "standard.json", "plain");
	if (!err)
		err = create_flow(s, "simple.json");
	return err ? err : seed_admin(s);
}

static int work(struct db *db, void *arg)
{
	struct seeding *s = arg;
	struct faults faults = { .n = 0 };
	int64_t users = 0;
	const struct actor actor = { .name = "lingxi", .address = "", .rights = rights_all };
	s->change = (struct change){
		.db = db, .ids = &s->desk->ids, .now_ms = clock_wall_ms(), .actor = &actor, .faults = &faults
	};
	int err = db_one_int(db, "SELECT count(*) FROM app_user", NO_ARGS, &users);
	if (err || users)
		return err;
	err = create_list(s, "standard.json", "always");
	if (!err)
		err = s->desk->options->demo ? seed_demo(s) : seed_plain(s);
	if (!err)
		err = create_prompts(s, "sentences.json");
	/* the switch is told everything at its hello, and the sounds are made at every start */
	return err ? err : db_run(db, "DELETE FROM outbox", NO_ARGS);
}

int seed(struct desk *desk, struct fault *reterr_)
{
	struct seeding s = { .desk = desk, .ids = json_object(), .fault = reterr_ };
	int err = store_write(desk->store, STORE_PEOPLE, work, &s);
	json_decref(s.ids);
	return err;
}
