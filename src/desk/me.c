/* The agent's own place: his state, his calls, his phone; and the leader's hand on another's state. Each
 * action is a command to the switch, whose answer becomes the answer here. */
#include "desk/me.h"

#include "base/mem.h"
#include "desk/about.h"
#include "desk/hub.h"
#include "desk/peer.h"
#include "desk/pop.h"
#include "desk/routes.h"
#include "text/phone.h"
#include "model/areas.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NOTED_MAX_BYTES 64

static int need_agent(struct request *r)
{
	return r->actor.agent ? 0 : request_refuse(r, 403, "no_agent", "this user is no agent");
}

static json_t *command_for(int64_t agent, const char *name)
{
	json_t *command = json_object();
	js_set_str(command, "name", name);
	js_set_id(command, "agent", agent);
	return command;
}

/* How the switch refused, for the person. */
static int refuse_command(struct request *r, int err, const struct fault *fault)
{
	if (err == -E_CLOSED)
		return request_refuse(r, 503, "switch_away", "the switch is away");
	if (err == -E_TIMEOUT)
		return request_refuse(r, 504, "timeout", "the switch did not answer in time");
	if (err == -E_BUSY)
		return request_refuse(r, 409, "target_busy", "who was asked for is busy");
	if (err == -E_UNREACHABLE)
		return request_refuse(r, 409, "target_unreachable", "who was asked for cannot be reached");
	if (err == -E_INVALID)
		return faults_add(&r->faults, fault->code[0] ? fault->code : "invalid", fault->field, "%s",
			fault->text);
	return request_refuse(r, err_http(err), fault->code[0] ? fault->code : err_name(err), "%s",
		fault->text[0] ? fault->text : err_text(err));
}

/* Takes the command; replies with its n (and interaction). */
static int carry_out(struct request *r, json_t *command, int status)
{
	struct fault fault = { 0 };
	json_t *reply = NULL;
	int err = peer_command(r->desk->peer, command, &reply, &fault);
	if (err)
		return refuse_command(r, err, &fault);
	json_t *out = json_object();
	js_set_int(out, "n", js_int(reply, "n", 0));
	js_set_id(out, "interaction", js_id(reply, "interaction"));
	json_decref(reply);
	return reply_json(r, status, out);
}

static json_t *parsed(char *text)
{
	json_t *value = NULL;
	if (!text || js_parse(str_from(text), (size_t)8 << 20, &value, NULL))
		value = json_null();
	free(text);
	return value;
}

#define QUEUES_OF_AGENT                                                                                      \
	"SELECT q.id, q.name FROM queue q WHERE q.deleted IS NULL AND (EXISTS (SELECT 1 FROM queue_member "  \
	"m WHERE m.parent = q.id "                                                                           \
	"AND"                                                                                                \
	" m.agent = $1) OR (NOT EXISTS (SELECT 1 FROM queue_member m WHERE m.parent = q.id) AND NOT EXISTS"  \
	" (SELECT 1 FROM queue_skill s WHERE s.parent = q.id AND NOT EXISTS (SELECT 1 FROM agent_skill a "   \
	"WHERE"                                                                                              \
	" a.parent = $1 AND a.skill = s.skill AND a.level >= s.level)))) ORDER BY q.name"

static int me_queues(struct db *db, int64_t agent, json_t *queues)
{
	struct rows *rows;
	int err = db_query(db, QUEUES_OF_AGENT, ARGS(V_INT(agent)), &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		json_t *queue = json_object();
		js_set_id(queue, "id", rows_int(rows, 0));
		json_object_set_new(queue, "name", json_stringn(rows_str(rows, 1).p, rows_str(rows, 1).n));
		json_array_append_new(queues, queue);
	}
	return rows_end(rows);
}

/* As QUEUES_OF_AGENT, for any of several agents. */
#define SERVED_BY                                                                                            \
	"SELECT q.id FROM queue q WHERE EXISTS (SELECT 1 FROM agent a WHERE (EXISTS (SELECT 1 FROM"          \
	" queue_member m WHERE m.parent = q.id AND m.agent = a.id) OR (NOT EXISTS (SELECT 1 FROM"            \
	" queue_member m WHERE m.parent = q.id) AND NOT EXISTS (SELECT 1 FROM queue_skill s WHERE"           \
	" s.parent = q.id AND NOT EXISTS (SELECT 1 FROM agent_skill k WHERE k.parent = a.id AND"             \
	" k.skill = s.skill AND k.level >= s.level)))) AND (a.id = "

int me_queue_ids(struct db *db, const struct actor *actor, int64_t *ret_ids, size_t *ret_n)
{
	struct rows *rows;
	struct sql q;
	sql_init(&q);
	sql_add(&q, "%s", SERVED_BY);
	sql_arg(&q, V_INT(actor->agent));
	sql_add(&q, " OR (1 = 1");
	scope_add(&q, actor, &agent_resource, right_named("live.watch"), "a");
	sql_add(&q, "))) ORDER BY q.id LIMIT %d", ME_QUEUES_MAX);
	*ret_n = 0;
	int err = sql_query(&q, db, &rows);
	if (!err) {
		while (rows_next(rows))
			ret_ids[(*ret_n)++] = rows_int(rows, 0);
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

static int read_realm(struct request *r, json_t *phone)
{
	struct rows *rows;
	int err = db_query(r->db, "SELECT realm FROM setting", NO_ARGS, &rows);
	if (err)
		return err;
	if (rows_next(rows)) {
		struct str realm = rows_str(rows, 0);
		json_object_set_new(phone, "realm", json_stringn(realm.p, realm.n));
	}
	return rows_end(rows);
}

static int add_phone(struct request *r, const json_t *agent, json_t *out)
{
	json_t *phone = json_object();
	json_object_set_new(out, "phone", phone);
	int err = read_realm(r, phone);
	if (err)
		return err;
	CLEANUP(mem_freep)
	char *uri = mem_printf("sip:%s@%s", js_str(agent, "extension", ""), js_str(phone, "realm", ""));
	js_set_str(phone, "uri", uri);
	js_set_str(phone, "auth_user", r->session.phone_user);
	js_set_str(phone, "secret", r->session.phone_secret);
	CLEANUP(mem_freep) char *url = about_edge_url(r);
	js_set_str(phone, "ws", url);
	return 0;
}

int me_read(struct request *r)
{
	struct peer_state state;
	json_t *agent = NULL, *queues = json_array(), *out = json_object();
	int err = need_agent(r);
	if (!err)
		err = record_read(r->db, &agent_resource, r->actor.agent, &agent);
	if (!err)
		err = me_queues(r->db, r->actor.agent, queues);
	if (!err)
		err = add_phone(r, agent, out);
	if (!err)
		err = pop_describe(r, queues, out);
	if (err) {
		json_decref(agent);
		json_decref(queues);
		json_decref(out);
		return err;
	}
	peer_state(r->desk->peer, &state);
	json_object_set_new(agent, "queues", queues);
	json_object_set_new(out, "agent", agent);
	js_set_bool(out, "switch", state.up);
	json_object_set_new(out, "state", parsed(hub_agent(r->desk->hub, r->actor.agent)));
	json_object_set_new(out, "calls", parsed(hub_calls(r->desk->hub, &r->actor)));
	return reply_json(r, 200, out);
}

/* Copies named fields of the body into the command. */
static void pass_on(const struct request *r, json_t *command, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_t *value = json_object_get(r->body, names[i]);
		if (value && !json_is_null(value))
			json_object_set(command, names[i], value);
	}
}

static int set_state(struct request *r, int64_t agent, const char *by)
{
	static const char *const fields[] = { "state", "reason" };
	json_t *command = command_for(agent, "agent.state");
	js_set_str(command, "by", by);
	pass_on(r, command, fields, ARRAY_LEN(fields));
	return carry_out(r, command, 200);
}

int me_set_state(struct request *r)
{
	int err = need_agent(r);
	return err ? err : set_state(r, r->actor.agent, "agent");
}

/* What will be asked of the switch and nothing else of the body; the switch refuses what is no text. */
static void note_change(const struct request *r, json_t *changes, const char *name)
{
	const json_t *value = json_object_get(r->body, name);
	if (json_is_string(value) && json_string_length(value) <= NOTED_MAX_BYTES)
		json_object_set_new(changes, name, json_pack("[n, O]", value));
}

static int note_state(struct db *db, void *arg)
{
	struct request *r = arg;
	struct change change = request_change(r, db);
	json_t *changes = json_object();
	note_change(r, changes, "state");
	note_change(r, changes, "reason");
	int err = model_audit(&change, "set_state", "agent", request_id(r, 1), changes);
	json_decref(changes);
	return err;
}

int me_set_state_of(struct request *r)
{
	json_t *agent = NULL;
	int64_t id = request_id(r, 1);
	bool has = false;
	int err = model_get(r->db, &agent_resource, &r->actor, id, &agent);
	json_decref(agent);
	if (!err)
		err = scope_has(r->db, &r->actor, &agent_resource, right_named("agent.set_state"), id, &has);
	if (!err && !has)
		err = -E_FORBIDDEN;
	if (!err && !json_is_object(r->body))
		err = faults_add(&r->faults, "required", "state", "is required");
	if (!err)
		err = request_write(r, note_state, r);
	return err ? err : set_state(r, id, "leader");
}

/* A number in the form of a customer's record is dialled as it is dialled from here. */
static void dial_as_people_do(json_t *command)
{
	char digits[PHONE_NUMBER];
	const char *to = js_str(command, "to", "");
	if (*to != '+')
		return;
	phone_dialled(to, digits);
	js_set_str(command, "to", digits);
}

/* What a number may stand behind, for who may read it. */
static const struct behind {
	const char *name;
	const struct resource *res;
	const char *sql;
} behinds[] = {
	{ "interaction", &interaction_resource, "SELECT party FROM interaction WHERE id = $1 AND $2 = 0" },
	{ "customer", &customer_resource,
		"SELECT number FROM customer_number WHERE parent = $1 AND id = $2" },
};

static int read_behind(struct request *r, const struct behind *behind, int64_t id, json_t *command)
{
	struct rows *rows;
	int err = db_query(r->db, behind->sql, ARGS(V_INT(id), V_INT(js_id(r->body, "number"))), &rows);
	if (err)
		return err;
	if (rows_next(rows))
		json_object_set_new(command, "to", json_stringn(rows_str(rows, 0).p, rows_str(rows, 0).n));
	err = rows_end(rows);
	if (err || json_object_get(command, "to"))
		return err;
	return faults_add(&r->faults, "not_found", "number", "there is no such number");
}

/* The number behind what he sees of a contact, or of one of a customer's: it is dialled, not shown. */
static int number_behind(struct request *r, json_t *command)
{
	for (size_t i = 0; i < ARRAY_LEN(behinds); i++) {
		const struct behind *b = &behinds[i];
		int64_t id = js_id(r->body, b->name);
		bool reads = false;
		if (!id)
			continue;
		int err = scope_has(r->db, &r->actor, b->res, right_of(b->res, VERB_READ), id, &reads);
		if (err)
			return err;
		return reads ? read_behind(r, b, id, command)
			     : faults_add(&r->faults, "not_found", b->name, "there is none");
	}
	return 0;
}

int me_dial(struct request *r)
{
	static const char *const fields[] = { "to" };
	int err = need_agent(r);
	if (err)
		return err;
	json_t *command = command_for(r->actor.agent, "call.dial");
	err = number_behind(r, command);
	if (err) {
		json_decref(command);
		return err;
	}
	if (!json_object_get(command, "to"))
		pass_on(r, command, fields, ARRAY_LEN(fields));
	dial_as_people_do(command);
	return carry_out(r, command, 201);
}

int me_call(struct request *r)
{
	static const struct {
		const char *action, *command;
	} actions[] = {
		{ "answer", "call.answer" },
		{ "refuse", "call.refuse" },
		{ "hangup", "call.hangup" },
		{ "hold", "call.hold" },
		{ "retrieve", "call.retrieve" },
		{ "mute", "call.mute" },
		{ "unmute", "call.unmute" },
		{ "keys", "call.keys" },
		{ "transfer", "call.transfer" },
		{ "consult", "call.consult" },
		{ "consult_cancel", "call.consult_cancel" },
		{ "transfer_complete", "call.transfer_complete" },
		{ "conference", "call.conference" },
		{ "split", "call.split" },
	};
	static const char *const fields[] = { "keys", "target" };
	int err = need_agent(r);
	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (strcmp(actions[i].action, r->parts[4]) != 0)
			continue;
		json_t *command = command_for(r->actor.agent, actions[i].command);
		js_set_id(command, "interaction", request_id(r, 3));
		pass_on(r, command, fields, ARRAY_LEN(fields));
		return carry_out(r, command, 200);
	}
	return -E_NOT_FOUND;
}

int me_wrap_up_end(struct request *r)
{
	static const char *const fields[] = { "interaction" };
	int err = need_agent(r);
	if (err)
		return err;
	json_t *command = command_for(r->actor.agent, "wrap_up.end");
	pass_on(r, command, fields, ARRAY_LEN(fields));
	return carry_out(r, command, 200);
}
