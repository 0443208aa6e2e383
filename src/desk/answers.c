/* The forms of what routes take and answer, and what is printed of them: JSON Schema, TypeScript and
 * Markdown. */
#include "desk/answers.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
const struct answer answers[] = {
	{ "problem", "type text, title text, status integer, code text, detail? text, errors? problem_error[], errors_more? integer, current? object, uses? use[]" },
	{ "problem_error", "field text, code text, message text" },
	{ "use", "resource text, id? id, name? text" },
	{ "fault", "code text, field text, text text" },
	{ "label", "zh text, en text" },
	{ "made", "id id" },
	{ "merged", "merged_into id" },

	{ "signed_in", "token? text, id? id, expires time|null, user signed_in_user, agent signed_in_agent|null, rights text[], password_due boolean, second_factor boolean, factor_due boolean" },
	{ "factor", "active boolean, since time|null, codes_left integer" },
	{ "factor_made", "key text, uri text" },
	{ "factor_codes", "codes text[]" },
	{ "signed_in_user", "id id, name text, full_name text, language text, roles text[]" },
	{ "signed_in_agent", "id id, number text, name text" },
	{ "api_token_made", "+api_token, secret text" },
	{ "locks", "items lock[]" },
	{ "lock", "address text, failures integer, locked_ms integer" },

	{ "health", "status text, switch boolean, version text, config health_config, events health_events, disk health_disk, database health_database" },
	{ "health_config", "revision integer, acked integer, fault fault|null" },
	{ "health_events", "stored integer, waiting integer" },
	{ "health_disk", "journal text|null, config text|null, database text|null, new_calls boolean" },
	{ "health_database", "kind (sqlite postgresql), error text|null" },
	{ "visitor", "ws text, realm text, numbers visitor_number[], authority text|null" },
	{ "visitor_number", "number text, name text" },
	{ "demo", "running boolean, paused boolean, speed number, state (running paused stopped)" },

	{ "meta", "resources meta_resource[], rights meta_right[], currency meta_currency" },
	{ "meta_right", "name text, label label, area text, resource text, scopes text[]" },
	{ "meta_currency", "code text, digits integer" },
	{ "meta_resource", "name text, plural text, label label, labels label, area text, title text, sort text, columns text[], rights boolean{}, actions meta_action[], fields meta_field[], own boolean, single boolean" },
	{ "meta_action", "name text, label label" },
	{ "meta_field", "name text, type text, label label, help? label, required boolean, nullable boolean, read_only boolean, write_only boolean, create_only boolean, unique boolean, sortable boolean, filterable boolean, range boolean, computed? boolean, custom? boolean, search boolean, format? text, min? number, max? number, masked? boolean, digits? integer, accept? text, unit? label, scale? integer, section? label, when? meta_when, default any, choices? meta_choice[], ref? text, fields? meta_field[]" },
	{ "meta_when", "field text, values text[]" },
	{ "meta_choice", "value text, label label" },

	{ "live", "topic (snapshot), switch boolean, agents live_agent{}, queues live_queue{}, calls live_call{}" },
	{ "live_agent", "state (offline ready not_ready ringing on_contact wrap_up), reason? text, since integer, interaction? id, phone boolean, number text, limit? integer" },
	{ "live_queue", "waiting integer, offered integer, ready integer, busy integer, not_ready integer, expected_wait_ms integer, longest_since? integer" },
	{ "live_call", "direction (inbound outbound internal), from text, to text, phase (flow queued ringing talking held consulting conference wrap_up), since integer, started integer, legs live_leg[], name? text, tier? text, kind? text, customer? id, queue? id, agent? id, consult_queue? id, consult_agent? id, consult_ended? text, consult_target? text, number_hidden? boolean" },
	{ "live_leg", "id id, role text, state (new calling ringing up), address text, muted boolean, agent? id" },
	{ "agent_me", "agent agent_me_agent, switch boolean, state live_agent|null, calls agent_me_call[], pop pop, phone phone_access" },
	{ "agent_me_agent", "+agent, queues agent_me_queue[]" },
	{ "agent_me_queue", "id id, name text, pop boolean" },
	{ "agent_me_call", "id id, value live_call" },
	{ "pop", "always boolean, how (panel window)" },
	{ "phone_access", "uri text, auth_user text, secret text, realm text, ws text" },
	{ "commanded", "n integer, interaction? id" },

	{ "interaction_whole", "+interaction, steps step[], legs leg[], recordings interaction_recording[]" },
	{ "step", "n integer, at time, offset_ms integer, kind text, channel? text, direction? text, from? text, to? text, trunk? id, did? id, customer? id, name? text, tier? text, language? text, cause? text, by? text, leg? id, other? id, role? text, address? text, agent? id, agent_name? text, call_id? text, codec? text, rang_ms? integer, sip_status? integer, packets_in? integer, packets_lost? integer, flow? id, flow_name? text, version? integer, reason? text, node? text, type? text, result? text, key? text, label? text, item? id, queue? id, queue_name? text, priority? integer, position? integer, consult? boolean, waited_ms? integer, offer? id, rule? text, deadline_ms? integer, target? text, recording? id, file? text, channels? integer, duration_ms? integer, bytes? integer, missing_ms? integer, state? text, lasted_ms? integer" },
	{ "leg", "id id, role text, direction text, address text, agent id|null, agent_name text|null, started time, answered time|null, ended time|null, codec text|null, cause text|null, sip_status integer, packets_in integer, packets_lost integer" },
	{ "interaction_recording", "id id, started time, duration_ms integer, state text" },
	{ "peaks", "duration_ms integer, n integer, channels integer[][]" },
	{ "timeline", "items interaction[], next text|null, total integer|null, hidden? integer" },
	{ "history", "items audit[], next text|null, total integer|null" },

	{ "customer_made", "+customer, duplicates alike[]" },
	{ "alikes", "items alike[]" },
	{ "alike", "id id, version integer, name text, kind text, tier text, number text|null, reasons (number identity mail name)[]" },
	{ "found_all", "items found[]" },
	{ "found", "resource text, id id, path text, title? text, subtitle? text" },
	{ "uploaded", "id id, name text, type text, bytes integer" },
	{ "relations", "items relation[]" },
	{ "relation", "resource text, field text, label label, total integer" },
	{ "revealed", "field text, value any" },
	{ "bulk_done", "total integer, dry boolean, counts bulk_counts, items bulk_item[], config_fault? config_fault" },
	{ "bulk_counts", "done integer, conflict integer, forbidden integer, refused integer" },
	{ "bulk_item", "id id, name? text|null, outcome (conflict forbidden refused), field text, code text, message text, uses? use[]" },
	{ "config_fault", "field text, code text, message text" },

	{ "import_made", "+import, preview import_preview" },
	{ "import_preview", "format (csv xlsx), sheets text[], encoding? text, delimiter? text, sheet integer, head boolean, columns import_column[], rows text[][], targets import_target[], keys text[]" },
	{ "import_column", "label text, samples text[], field text|null" },
	{ "import_target", "name text, label label, required boolean, list boolean" },
	{ "import_rows", "items import_row[]" },
	{ "import_row", "n integer, outcome text, record? id, record_name text|null, twin integer|null, cells text[], errors import_error[], choice text|null" },
	{ "import_error", "column integer, field text, code text, message text, message_zh text" },

	{ "sign_in_with", "username text, password text, code? text, take_over? boolean" },
	{ "password_change", "old_password text, password text" },
	{ "password_shown", "password text" },
	{ "code_shown", "code text" },
	{ "state_wanted", "state (ready not_ready), reason? text|null" },
	{ "dialled", "to? text, interaction? id, customer? id, number? id" },
	{ "call_wanted", "target? call_target, keys? text" },
	{ "call_target", "kind (agent queue number), id? id, number? text" },
	{ "wrap_up_of", "interaction? id" },
	{ "merge_with", "other id, other_version? integer, fields? (this other){}" },
	{ "demo_pace", "running? boolean, paused? boolean, speed? number" },
	{ "import_mapping", "columns text_or_null[], keys? text[]|null, duplicates? (skip update create), sheet? integer, head? boolean, encoding? text, delimiter? text, offset_min? integer, lang? text" },
	{ "import_choice", "choice (skip update create)|null" },
	{ "bulk_wanted", "ids? id_or_record[], query? text_or_texts{}|null, patch? object, add? object, remove? object, action? text, dry? boolean, lang? text" },
	{ "bulk_record", "id id, version? integer" },
	{ "export_wanted", "format (csv xlsx), query? text_or_texts{}|null, fields? text|text[]|null, lang? text, offset_min? integer" },
	{ "api_token_wanted", "name text, expires? time|null, rights token_right[]" },
	{ "token_right", "right text" },
};
/* clang-format on */

const size_t answers_n = ARRAY_LEN(answers);

static const struct {
	const char *word, *ts, *schema;
} words[] = {
	{ "id", "string", "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}" },
	{ "text", "string", "{\"type\":\"string\"}" },
	{ "integer", "number", "{\"type\":\"integer\"}" },
	{ "number", "number", "{\"type\":\"number\"}" },
	{ "boolean", "boolean", "{\"type\":\"boolean\"}" },
	{ "time", "string", "{\"type\":\"string\",\"format\":\"date-time\"}" },
	{ "object", "Record<string, unknown>", "{\"type\":\"object\"}" },
	{ "any", "unknown", "{}" },
	{ "id_or_record", "(string | BulkRecord)",
		"{\"anyOf\":[{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"},{\"$ref\":\"#/components/schemas/"
		"bulk_record\"}]}" },
	{ "text_or_null", "(string | null)", "{\"type\":[\"string\",\"null\"]}" },
	{ "text_or_texts", "(string | string[])",
		"{\"type\":[\"string\",\"array\"],\"items\":{\"type\":\"string\"}}" },
	{ "null", "null", "{\"type\":\"null\"}" },
};

/* Cuts that ending off. */
static bool ends(struct str *type, struct str ending)
{
	if (type->n < ending.n || !str_eq(str_sub(*type, type->n - ending.n, type->n), ending))
		return false;
	type->n -= ending.n;
	return true;
}

static bool is_any_of(struct str type)
{
	return str_find(type, '|') < type.n;
}

static bool is_closed(struct str type)
{
	return type.n > 1 && type.p[0] == '(' && type.p[type.n - 1] == ')';
}

/* Takes the next member off; false at the end. `+name` gives a member without a type. */
static bool next_member(struct str *rest, struct str *ret_name, struct str *ret_type, bool *ret_may_want)
{
	struct str type = str_trim(str_cut(rest, ','));
	*ret_name = str_cut(&type, ' ');
	*ret_type = type;
	*ret_may_want = ends(ret_name, STR("?"));
	return ret_name->n > 0;
}

static json_t *reference(struct str name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/" STR_FMT, STR_ARG(name)));
}

static json_t *word_schema(struct str type)
{
	json_t *schema = NULL;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eqz(type, words[i].word))
			return js_parse(str_from(words[i].schema), 256, &schema, NULL) ? json_object()
										       : schema;
	return reference(type);
}

static json_t *closed_schema(struct str type)
{
	struct str rest = str_sub(type, 1, type.n - 1);
	json_t *list = json_array();
	while (rest.n) {
		struct str word = str_cut(&rest, ' ');
		json_array_append_new(list, json_stringn(word.p, word.n));
	}
	return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

static json_t *type_schema(struct str type)
{
	if (is_any_of(type)) {
		json_t *list = json_array();
		while (type.n)
			json_array_append_new(list, type_schema(str_cut(&type, '|')));
		return json_pack("{s:o}", "anyOf", list);
	}
	if (ends(&type, STR("[]")))
		return json_pack("{s:s, s:o}", "type", "array", "items", type_schema(type));
	if (ends(&type, STR("{}")))
		return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", type_schema(type));
	return is_closed(type) ? closed_schema(type) : word_schema(type);
}

/* All that another one has. */
static void put_in(json_t *schema, const json_t *other)
{
	json_t *custom = json_object_get(other, "patternProperties");
	json_object_update(json_object_get(schema, "properties"), json_object_get(other, "properties"));
	json_array_extend(json_object_get(schema, "required"), json_object_get(other, "required"));
	if (custom)
		json_object_set(schema, "patternProperties", custom);
}

static json_t *answer_schema(const json_t *schemas, const struct answer *answer)
{
	struct str rest = str_from(answer->members), name, type;
	json_t *properties = json_object(), *required = json_array();
	json_t *schema = json_pack(
		"{s:s, s:o, s:o}", "type", "object", "properties", properties, "required", required);
	bool may_want;
	while (next_member(&rest, &name, &type, &may_want)) {
		if (name.p[0] == '+') {
			CLEANUP(mem_freep) char *other = str_dup(str_sub(name, 1, name.n));
			put_in(schema, json_object_get(schemas, other));
			continue;
		}
		json_object_setn_new(properties, name.p, name.n, type_schema(type));
		if (!may_want)
			json_array_append_new(required, json_stringn(name.p, name.n));
	}
	return schema;
}

void answers_add_schemas(json_t *schemas)
{
	for (size_t i = 0; i < answers_n; i++)
		json_object_set_new(schemas, answers[i].name, answer_schema(schemas, &answers[i]));
}

static void add_content(json_t *response, struct str what)
{
	bool is_schema = str_find(what, '/') == what.n;
	json_t *content = json_object_get(response, "content");
	if (!content) {
		content = json_object();
		json_object_set_new(response, "content", content);
	}
	if (is_schema)
		json_object_set_new(
			content, "application/json", json_pack("{s:o}", "schema", type_schema(what)));
	else
		json_object_setn_new(content, what.p, what.n, json_object());
}

void answers_add_responses(json_t *responses, const char *list, const char *summary)
{
	struct str rest = str_from(list);
	while (rest.n) {
		struct str what = str_trim(str_cut(&rest, ','));
		struct str status = str_cut(&what, ' ');
		CLEANUP(mem_freep) char *key = str_dup(status);
		json_t *response = json_object_get(responses, key);
		if (!response) {
			response = json_pack("{s:s}", "description", summary);
			json_object_set_new(responses, key, response);
		}
		if (what.n)
			add_content(response, what);
	}
}

static bool has_member(const struct answer *form, const char *wanted)
{
	struct str rest = str_from(form->members), name, type;
	bool may_want;
	while (next_member(&rest, &name, &type, &may_want))
		if (str_eqz(name, wanted))
			return true;
	return false;
}

int answers_check_body(const char *what, const json_t *body, struct faults *faults)
{
	struct str type = str_from(what);
	const struct answer *form = NULL;
	const char *name;
	json_t *value;
	(void)ends(&type, STR("?"));
	for (size_t i = 0; i < answers_n; i++)
		if (str_eqz(type, answers[i].name))
			form = &answers[i];
	if (!form)
		return 0;
	if (!json_is_object(body))
		return faults_add(faults, "type", "", "must be an object");
	json_object_foreach ((json_t *)body, name, value)
		if (!has_member(form, name))
			(void)faults_add(faults, "unknown", name, "there is no such field");
	return faults->n ? -E_INVALID : 0;
}

json_t *answers_request_body(const char *what)
{
	struct str type = str_from(what);
	bool required = !ends(&type, STR("?"));
	json_t *body = json_pack("{s:b}", "required", required);
	add_content(body, type);
	return body;
}

static void ts_name(struct buf *out, struct str name)
{
	CLEANUP(mem_freep) char *text = str_dup(name);
	buf_addz(out, resource_of_name(text) ? "records." : "");
	model_print_camel(out, name);
}

static void ts_word(struct buf *out, struct str type)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eqz(type, words[i].word)) {
			buf_addz(out, words[i].ts);
			return;
		}
	ts_name(out, type);
}

static void ts_closed(struct buf *out, struct str type)
{
	struct str rest = str_sub(type, 1, type.n - 1);
	const char *join = "";
	while (rest.n) {
		struct str word = str_cut(&rest, ' ');
		buf_printf(out, "%s'" STR_FMT "'", join, STR_ARG(word));
		join = " | ";
	}
}

static void ts_type(struct buf *out, struct str type)
{
	if (is_any_of(type)) {
		while (type.n) {
			ts_type(out, str_cut(&type, '|'));
			buf_addz(out, type.n ? " | " : "");
		}
	} else if (ends(&type, STR("[]"))) {
		buf_addz(out, is_closed(type) ? "(" : "");
		ts_type(out, type);
		buf_addz(out, is_closed(type) ? ")[]" : "[]");
	} else if (ends(&type, STR("{}"))) {
		buf_addz(out, "Record<string, ");
		ts_type(out, type);
		buf_addz(out, ">");
	} else if (is_closed(type)) {
		ts_closed(out, type);
	} else {
		ts_word(out, type);
	}
}

static void ts_members(struct buf *out, struct str rest)
{
	struct str name, type;
	bool may_want;
	while (next_member(&rest, &name, &type, &may_want)) {
		if (name.p[0] == '+')
			continue;
		buf_printf(out, "  " STR_FMT "%s: ", STR_ARG(name), may_want ? "?" : "");
		ts_type(out, type);
		buf_addz(out, ";\n");
	}
}

void answers_print_ts(struct buf *out)
{
	buf_addz(out,
		"// Printed by `lingxi print answers` from the table of src/desk/answers.c; not edited by "
		"hand.\nimport type * as records from './types';\n");
	for (size_t i = 0; i < answers_n; i++) {
		struct str members = str_from(answers[i].members);
		buf_addz(out, "\nexport interface ");
		model_print_camel(out, str_from(answers[i].name));
		if (members.p[0] == '+') {
			struct str rest = members, other = str_cut(&rest, ',');
			buf_addz(out, " extends ");
			ts_name(out, str_sub(other, 1, other.n));
		}
		buf_addz(out, " {\n");
		ts_members(out, members);
		buf_addz(out, "}\n");
	}
}

void answers_print_md(struct buf *out)
{
	buf_addz(out,
		"\n## Bodies and answers that are no records\n\n`?` may be wanting, `[]` a list, `{}` an "
		"object by any "
		"name; the words in brackets are all there are; `+` all members of another.\n\n| name | "
		"members |\n| --- | --- |\n");
	for (size_t i = 0; i < answers_n; i++) {
		buf_printf(out, "| `%s` | ", answers[i].name);
		for (const char *p = answers[i].members; *p; p++)
			buf_addz(out, *p == '|' ? "\\|" : (char[]){ *p, '\0' });
		buf_addz(out, " |\n");
	}
}
