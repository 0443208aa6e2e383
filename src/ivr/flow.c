/* Compiles a flow: tables tell the fields of each node type, so that the check of a field names it and an
 * unknown one is refused. Then the graph as a whole: what is reachable, and that no circle goes round without
 * the caller or a queue having a say in it. */
#include "ivr/flow.h"

#include "base/buf.h"
#include "base/js.h"
#include "base/mem.h"
#include "ivr/cond.h"
#include "ivr/flow_int.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define ARENA_MAX (2 * 1024 * 1024)
#define TEXT_MAX 256
#define LIST_MAX 64
#define LABEL_MAX 96
#define NAME_MAX_BYTES 48
#define MINUTE_MS 60000

struct compiler {
	struct flow *flow;
	json_t *nodes;
	struct flow_node *node; /* at hand */
	const json_t *json;     /* of that node */
	struct fault *fault;
};

struct field {
	const char *name;
	int (*parse)(struct compiler *c, const struct field *field, const json_t *value);
	size_t off; /* in struct flow_node */
	bool required;
	int64_t min, max, def; /* of numbers */
};

static int refuse(struct compiler *c, const char *code, const char *field, const char *text)
{
	char path[sizeof(c->fault->field)];
	snprintf(path, sizeof(path), "nodes.%.48s.%.40s", c->node->name, field);
	return fault_set(c->fault, code, path, "%s", text);
}

static void *place_of(struct compiler *c, const struct field *field)
{
	return (char *)c->node + field->off;
}

bool flow_is_variable(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 0 && n <= 32 && !name[n] && islower((unsigned char)name[0]);
}

static bool is_node_name(const char *name)
{
	size_t n = strlen(name);
	if (n == 0 || n > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("_.-", name[i]))
			return false;
	return true;
}

/* Every {{ must lead to a variable's name and }}. */
static bool is_template(const char *text)
{
	const char *at = text;
	while ((at = strstr(at, "{{"))) {
		const char *end = strstr(at, "}}");
		char name[34];
		if (!end ||
			str_copy((struct str){ at + 2, (size_t)(end - at - 2) }, name, sizeof(name)) != 0 ||
			!flow_is_variable(name))
			return false;
		at = end + 2;
	}
	return true;
}

static int take_text(struct compiler *c, const char *field, const json_t *value, const char **ret_text)
{
	const char *text = json_string_value(value);
	size_t n = json_string_length(value);
	if (!text)
		return refuse(c, "type", field, "must be text");
	if (n == 0 || n > TEXT_MAX || strlen(text) != n)
		return refuse(c, "range", field, "must have 1 to 256 bytes");
	if (!is_template(text))
		return refuse(c, "invalid", field, "{{ must be followed by the name of a variable and }}");
	*ret_text = arena_strndup(c->flow->arena, str_from(text));
	return *ret_text ? 0 : -E_LIMIT;
}

static int find_node(struct compiler *c, const char *field, const json_t *value, uint32_t *ret_node)
{
	const char *name = json_string_value(value);
	if (!name)
		return refuse(c, "type", field, "must be the name of a node");
	for (uint32_t i = 0; i < c->flow->n_nodes; i++) {
		if (strcmp(c->flow->nodes[i].name, name) != 0)
			continue;
		*ret_node = i;
		return 0;
	}
	return refuse(c, "unknown", field, "there is no node of that name");
}

static int parse_link(struct compiler *c, const struct field *field, const json_t *value)
{
	return find_node(c, field->name, value, place_of(c, field));
}

static int parse_text(struct compiler *c, const struct field *field, const json_t *value)
{
	return take_text(c, field->name, value, place_of(c, field));
}

static int parse_variable(struct compiler *c, const struct field *field, const json_t *value)
{
	const char *name = json_string_value(value);
	if (!name || !flow_is_variable(name))
		return refuse(c, "invalid", field->name, "must be a variable: a-z, 0-9 and _, at most 32");
	return take_text(c, field->name, value, place_of(c, field));
}

static int parse_int(struct compiler *c, const struct field *field, const json_t *value)
{
	char text[96];
	int64_t number = json_integer_value(value);
	snprintf(text, sizeof(text), "must be a whole number from %" PRId64 " to %" PRId64, field->min,
		field->max);
	if (!json_is_integer(value))
		return refuse(c, "type", field->name, text);
	if (number < field->min || number > field->max)
		return refuse(c, "range", field->name, text);
	*(int64_t *)place_of(c, field) = number;
	return 0;
}

static int parse_bool(struct compiler *c, const struct field *field, const json_t *value)
{
	if (!json_is_boolean(value))
		return refuse(c, "type", field->name, "must be true or false");
	*(bool *)place_of(c, field) = json_is_true(value);
	return 0;
}

static int parse_terminator(struct compiler *c, const struct field *field, const json_t *value)
{
	const char *text = json_string_value(value);
	if (!text || strlen(text) > 1 || (*text && !strchr("0123456789*#", *text)))
		return refuse(c, "invalid", field->name, "must be one key, or empty for none");
	*(const char **)place_of(c, field) = arena_strndup(c->flow->arena, str_from(text));
	return 0;
}

static int parse_kind(struct compiler *c, const struct field *field, const json_t *value)
{
	static const char *const kinds[] = {
		[IVR_TARGET_AGENT] = "agent", [IVR_TARGET_NUMBER] = "number", [IVR_TARGET_QUEUE] = "queue"
	};
	const char *text = json_string_value(value);
	for (size_t i = 0; text && i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i], text) != 0)
			continue;
		*(int64_t *)place_of(c, field) = (int64_t)i;
		return 0;
	}
	return refuse(c, "unknown", field->name, "must be agent, number or queue");
}

/* A prompt is its name, or {"number": text} or {"digits": text}. */
static int take_prompt(
	struct compiler *c, const struct field *field, const json_t *value, struct flow_prompt *prompt)
{
	const json_t *number = json_object_get(value, "number"), *digits = json_object_get(value, "digits");
	if (json_is_string(value))
		return take_text(c, field->name, value, &prompt->text);
	if (json_object_size(value) != 1 || (!number && !digits))
		return refuse(
			c, "type", field->name, "a prompt is a name, {\"number\": …} or {\"digits\": …}");
	prompt->kind = number ? PROMPT_NUMBER : PROMPT_DIGITS;
	return take_text(c, field->name, number ? number : digits, &prompt->text);
}

/* Room for a list of n things, or NULL after saying why. */
static void *list_of(struct compiler *c, const struct field *field, size_t n, size_t size, int *err)
{
	void *list = NULL;
	if (n == 0 || n > LIST_MAX)
		*err = refuse(c, "range", field->name, "must be a list of 1 to 64");
	else if (!(list = arena_try(c->flow->arena, n * size)))
		*err = -E_LIMIT;
	return list;
}

static int parse_prompts(struct compiler *c, const struct field *field, const json_t *value)
{
	struct flow_prompts *prompts = place_of(c, field);
	size_t n = json_array_size(value);
	int err = 0;
	struct flow_prompt *list = list_of(c, field, n, sizeof(*list), &err);
	for (size_t i = 0; !err && i < n; i++)
		err = take_prompt(c, field, json_array_get(value, i), &list[i]);
	*prompts = (struct flow_prompts){ list, n };
	return err;
}

static int parse_keys(struct compiler *c, const struct field *field, const json_t *value)
{
	struct flow_keys *keys = place_of(c, field);
	const char *digits;
	json_t *target;
	size_t n = 0;
	int err = 0;
	struct flow_key *list = list_of(c, field, json_object_size(value), sizeof(*list), &err);
	if (err)
		return err;
	json_object_foreach ((json_t *)value, digits, target) {
		char path[48];
		snprintf(path, sizeof(path), "%s.%.16s", field->name, digits);
		if (!*digits || strlen(digits) > 8 || digits[strspn(digits, "0123456789*#ABCD")])
			return refuse(c, "invalid", path, "keys are 1 to 8 of 0-9, *, # and A-D");
		list[n].digits = arena_strndup(c->flow->arena, str_from(digits));
		err = find_node(c, path, target, &list[n++].next);
		if (err)
			return err;
	}
	*keys = (struct flow_keys){ list, n };
	return 0;
}

static int parse_values(struct compiler *c, const struct field *field, const json_t *value)
{
	struct flow_values *values = place_of(c, field);
	const char *name;
	json_t *text;
	size_t n = 0;
	int err = 0;
	struct flow_value *list = list_of(c, field, json_object_size(value), sizeof(*list), &err);
	if (err)
		return err;
	json_object_foreach ((json_t *)value, name, text) {
		char path[48];
		snprintf(path, sizeof(path), "%s.%.32s", field->name, name);
		if (!flow_is_variable(name))
			return refuse(c, "invalid", path, "is no name of a variable");
		list[n].variable = arena_strndup(c->flow->arena, str_from(name));
		if (json_is_string(text) && json_string_length(text) == 0)
			list[n].text = "";
		else if ((err = take_text(c, path, text, &list[n].text)))
			return err;
		n++;
	}
	*values = (struct flow_values){ list, n };
	return 0;
}

static int parse_branches(struct compiler *c, const struct field *field, const json_t *value)
{
	struct flow_branches *branches = place_of(c, field);
	size_t n = json_array_size(value);
	int err = 0;
	struct flow_branch *list = list_of(c, field, n, sizeof(*list), &err);
	for (size_t i = 0; !err && i < n; i++) {
		const json_t *branch = json_array_get(value, i);
		char path[96];
		snprintf(path, sizeof(path), "nodes.%.48s.branches.%zu", c->node->name, i);
		err = cond_parse(branch, path, c->flow->arena, &list[i].cond, c->fault);
		snprintf(path, sizeof(path), "branches.%zu.next", i);
		if (!err)
			err = find_node(c, path, json_object_get(branch, "next"), &list[i].next);
	}
	*branches = (struct flow_branches){ list, n };
	return err;
}

/* clang-format off */
#define AT(member) offsetof(struct flow_node, member)
#define LINK(field, member) { .name = field, .parse = parse_link, .off = AT(member) }
#define NEED(field, how, member) { .name = field, .parse = how, .off = AT(member), .required = true }
#define MAY(field, how, member) { .name = field, .parse = how, .off = AT(member) }
#define INT(field, member, from, to, usual) \
	{ .name = field, .parse = parse_int, .off = AT(member), .min = from, .max = to, .def = usual }

static const struct field play_fields[] = {
	NEED("prompts", parse_prompts, prompts), MAY("language", parse_text, language),
	MAY("barge_in", parse_bool, barge_in), NEED("next", parse_link, next),
};
static const struct field menu_fields[] = {
	MAY("prompts", parse_prompts, prompts), MAY("invalid", parse_prompts, invalid),
	MAY("timeout", parse_prompts, timeout), MAY("language", parse_text, language),
	MAY("barge_in", parse_bool, barge_in), NEED("keys", parse_keys, keys), INT("retries", retries, 0, 9, 2),
	INT("first_timeout_ms", first_timeout_ms, 500, MINUTE_MS, 6000),
	INT("digit_timeout_ms", digit_timeout_ms, 500, MINUTE_MS, 3000), NEED("next", parse_link, next),
};
static const struct field collect_fields[] = {
	MAY("prompts", parse_prompts, prompts), MAY("invalid", parse_prompts, invalid),
	MAY("timeout", parse_prompts, timeout), MAY("language", parse_text, language),
	MAY("barge_in", parse_bool, barge_in), NEED("variable", parse_variable, variable),
	INT("min", min, 1, 32, 1), INT("max", max, 1, 32, 32), MAY("terminator", parse_terminator, terminator),
	MAY("secret", parse_bool, secret), INT("retries", retries, 0, 9, 2),
	INT("first_timeout_ms", first_timeout_ms, 500, MINUTE_MS, 6000),
	INT("digit_timeout_ms", digit_timeout_ms, 500, MINUTE_MS, 4000),
	NEED("next", parse_link, next), NEED("failed", parse_link, failed),
};
static const struct field condition_fields[] = {
	NEED("branches", parse_branches, branches), NEED("else", parse_link, next),
};
static const struct field set_fields[] = {
	NEED("values", parse_values, values), NEED("next", parse_link, next),
};
static const struct field queue_fields[] = {
	NEED("queue", parse_text, target), INT("priority", priority, -100, 100, 0), MAY("music", parse_text, music),
	MAY("announce", parse_bool, announce), MAY("prompts", parse_prompts, prompts),
	LINK("overflow", overflow), LINK("timeout", timed_out), LINK("full", full), LINK("no_agents", no_agents),
	NEED("next", parse_link, next),
};
static const struct field transfer_fields[] = {
	NEED("kind", parse_kind, kind), NEED("target", parse_text, target), LINK("busy", busy),
	LINK("no_answer", no_answer), LINK("failed", failed), NEED("next", parse_link, next),
};
static const struct field hangup_fields[] = {
	MAY("cause", parse_text, cause),
};
static const struct field wait_fields[] = {
	INT("ms", ms, 1, 10 * MINUTE_MS, 1000), NEED("next", parse_link, next),
};

#define FIELDS(list) .fields = list, .n_fields = ARRAY_LEN(list)
static const struct node_kind {
	const char *name;
	bool waits; /* for the caller or for the centre: a circle may go through it */
	const struct field *fields;
	size_t n_fields;
} kinds[NODE__MAX] = {
	[NODE_PLAY] = { "play", false, FIELDS(play_fields) },
	[NODE_MENU] = { "menu", true, FIELDS(menu_fields) },
	[NODE_COLLECT] = { "collect", true, FIELDS(collect_fields) },
	[NODE_CONDITION] = { "condition", false, FIELDS(condition_fields) },
	[NODE_SET] = { "set", false, FIELDS(set_fields) },
	[NODE_QUEUE] = { "queue", true, FIELDS(queue_fields) },
	[NODE_TRANSFER] = { "transfer", true, FIELDS(transfer_fields) },
	[NODE_HANGUP] = { "hangup", true, FIELDS(hangup_fields) },
	[NODE_WAIT] = { "wait", false, FIELDS(wait_fields) },
};
/* clang-format on */

const char *flow_type_name(enum node_type type)
{
	return kinds[type].name;
}

/* For people and editors; no meaning here. */
static bool is_remark(const char *field)
{
	static const char *const remarks[] = { "type", "label", "note", "x", "y" };
	for (size_t i = 0; i < ARRAY_LEN(remarks); i++)
		if (strcmp(remarks[i], field) == 0)
			return true;
	return false;
}

static bool has_field(const struct node_kind *kind, const char *name)
{
	for (size_t i = 0; i < kind->n_fields; i++)
		if (strcmp(kind->fields[i].name, name) == 0)
			return true;
	return is_remark(name);
}

static int parse_fields(struct compiler *c, const struct node_kind *kind)
{
	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *field = &kind->fields[i];
		const json_t *value = json_object_get(c->json, field->name);
		int err = 0;
		if (field->parse == parse_int)
			*(int64_t *)place_of(c, field) = field->def;
		if (value)
			err = field->parse(c, field, value);
		else if (field->required)
			err = refuse(c, "required", field->name, "is required");
		if (err)
			return err;
	}
	const char *name;
	json_t *value;
	json_object_foreach ((json_t *)c->json, name, value)
		if (!has_field(kind, name))
			return refuse(c, "unknown", name, "this type of node has no such field");
	return 0;
}

/* What people call the node; too long a label is none. */
static const char *label_of(struct compiler *c)
{
	const char *label = js_str(c->json, "label", "");
	return *label && strlen(label) <= LABEL_MAX ? arena_strndup(c->flow->arena, str_from(label))
						    : c->node->name;
}

static int parse_node(struct compiler *c)
{
	struct flow_node *node = c->node;
	const char *type = js_str(c->json, "type", "");
	node->next = node->failed = node->overflow = node->timed_out = NODE_NONE;
	node->full = node->no_agents = node->busy = node->no_answer = NODE_NONE;
	node->barge_in = true;
	node->announce = true;
	node->label = label_of(c);
	node->cause = "normal";
	node->terminator = "#";
	while (node->type < NODE__MAX && strcmp(kinds[node->type].name, type) != 0)
		node->type++;
	if (node->type == NODE__MAX)
		return refuse(c, "unknown", "type", "there is no such type of node");
	int err = parse_fields(c, &kinds[node->type]);
	if (!err && node->type == NODE_COLLECT && node->min > node->max)
		return refuse(c, "range", "min", "must not be above max");
	return err;
}

static int name_nodes(struct compiler *c)
{
	struct flow *flow = c->flow;
	const char *name;
	json_t *value;
	flow->n_nodes = 0;
	json_object_foreach (c->nodes, name, value) {
		if (!is_node_name(name))
			return fault_set(c->fault, "invalid", "nodes",
				"a node's name has 1 to 48 of A-Z a-z 0-9 _ . -");
		flow->nodes[flow->n_nodes].name = arena_strndup(flow->arena, str_from(name));
		if (!flow->nodes[flow->n_nodes++].name)
			return -E_LIMIT;
	}
	return 0;
}

/* Calls visit for each node that this one can lead to. */
static void each_next(const struct flow_node *node, void (*visit)(void *arg, uint32_t next), void *arg)
{
	const uint32_t links[] = { node->next, node->failed, node->overflow, node->timed_out, node->full,
		node->no_agents, node->busy, node->no_answer };
	for (size_t i = 0; i < ARRAY_LEN(links); i++)
		if (links[i] != NODE_NONE)
			visit(arg, links[i]);
	for (size_t i = 0; i < node->keys.n; i++)
		visit(arg, node->keys.at[i].next);
	for (size_t i = 0; i < node->branches.n; i++)
		visit(arg, node->branches.at[i].next);
}

struct walk {
	const struct flow *flow;
	uint32_t stack[FLOW_NODES_MAX];
	size_t n;
	bool seen[FLOW_NODES_MAX];
	unsigned entries[FLOW_NODES_MAX]; /* links from nodes that do not wait */
};

static void reach(void *arg, uint32_t next)
{
	struct walk *walk = arg;
	if (walk->seen[next])
		return;
	walk->seen[next] = true;
	walk->stack[walk->n++] = next;
}

static void mark_reachable(const struct flow *flow, struct walk *walk)
{
	*walk = (struct walk){ .flow = flow };
	reach(walk, flow->start);
	while (walk->n)
		each_next(&flow->nodes[walk->stack[--walk->n]], reach, walk);
}

static void count_entry(void *arg, uint32_t next)
{
	struct walk *walk = arg;
	walk->entries[next]++;
}

static void drop_entry(void *arg, uint32_t next)
{
	struct walk *walk = arg;
	if (--walk->entries[next] == 0 && !kinds[walk->flow->nodes[next].type].waits)
		walk->stack[walk->n++] = next;
}

/* Takes away, again and again, the nodes that do not wait and are entered from none of their like: what
 * remains goes round in a circle. */
static int check_circles(struct compiler *c, struct walk *walk)
{
	const struct flow *flow = c->flow;
	*walk = (struct walk){ .flow = flow };
	for (uint32_t i = 0; i < flow->n_nodes; i++)
		if (!kinds[flow->nodes[i].type].waits)
			each_next(&flow->nodes[i], count_entry, walk);
	for (uint32_t i = 0; i < flow->n_nodes; i++)
		if (!kinds[flow->nodes[i].type].waits && !walk->entries[i])
			walk->stack[walk->n++] = i;
	while (walk->n) {
		uint32_t i = walk->stack[--walk->n];
		walk->seen[i] = true;
		each_next(&flow->nodes[i], drop_entry, walk);
	}
	for (uint32_t i = 0; i < flow->n_nodes; i++) {
		if (kinds[flow->nodes[i].type].waits || walk->seen[i])
			continue;
		c->node = &flow->nodes[i];
		return refuse(c, "circle", "next", "leads round in a circle in which nothing is waited for");
	}
	return 0;
}

static int check_graph(struct compiler *c)
{
	struct walk *walk = mem_alloc(sizeof(*walk));
	int err = check_circles(c, walk);
	mem_freep(&walk);
	return err;
}

static int find_start(struct compiler *c, const json_t *graph)
{
	const char *start = js_str(graph, "start", "");
	while (c->flow->start < c->flow->n_nodes && strcmp(c->flow->nodes[c->flow->start].name, start) != 0)
		c->flow->start++;
	if (c->flow->start < c->flow->n_nodes)
		return 0;
	return fault_set(c->fault, *start ? "unknown" : "required", "start", "start must name a node");
}

static int check_size(const json_t *graph, const json_t *nodes, struct fault *fault)
{
	size_t n = json_object_size(nodes);
	if (json_dumpb(graph, NULL, 0, JSON_COMPACT) > FLOW_BYTES_MAX) {
		(void)fault_set(fault, "too_long", "", "a flow may have %d bytes", FLOW_BYTES_MAX);
		return -E_LIMIT;
	}
	if (n > FLOW_NODES_MAX) {
		(void)fault_set(fault, "too_long", "nodes", "a flow may have %d nodes", FLOW_NODES_MAX);
		return -E_LIMIT;
	}
	if (n == 0)
		return fault_set(
			fault, "required", "nodes", "nodes must be an object with at least one node");
	return 0;
}

static void destroy(void *self)
{
	struct flow *flow = self;
	arena_free(flow->arena);
}

static const struct obj_type flow_type = { "flow", sizeof(struct flow), destroy };

static int compile(struct compiler *c, const json_t *graph)
{
	struct flow *flow = c->flow;
	int err = name_nodes(c);
	flow->language = arena_strndup(flow->arena, str_from(js_str(graph, "language", "zh-CN")));
	if (!err)
		err = find_start(c, graph);
	for (size_t i = 0; !err && i < flow->n_nodes; i++) {
		c->node = &flow->nodes[i];
		c->json = json_object_get(c->nodes, c->node->name);
		err = parse_node(c);
	}
	return err ? err : check_graph(c);
}

int flow_compile(const json_t *graph, struct flow **ret_flow, struct fault *reterr_)
{
	struct compiler c = { .nodes = json_object_get(graph, "nodes"), .fault = reterr_ };
	int err = check_size(graph, c.nodes, reterr_);
	if (err)
		return err;
	c.flow = obj_new(&flow_type);
	c.flow->arena = arena_new(ARENA_MAX);
	c.flow->nodes = arena_alloc(c.flow->arena, json_object_size(c.nodes) * sizeof(*c.flow->nodes));
	err = compile(&c, graph);
	if (err)
		obj_unref(c.flow);
	else
		*ret_flow = c.flow;
	return err;
}

size_t flow_size(const struct flow *flow)
{
	return flow->n_nodes;
}

size_t flow_unreachable(const struct flow *flow, const char **ret_names, size_t max)
{
	struct walk *walk = mem_alloc(sizeof(*walk));
	size_t n = 0;
	mark_reachable(flow, walk);
	for (size_t i = 0; i < flow->n_nodes; i++)
		if (!walk->seen[i] && n++ < max)
			ret_names[n - 1] = flow->nodes[i].name;
	mem_freep(&walk);
	return n;
}
