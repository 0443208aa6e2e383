/* From events to rows. A batch keeps the interactions it touches in memory and writes each once at its end;
 * the database is the memory between batches, so a desk that restarts in mid-call goes on where it was. */
#include "desk/history_rows.h"

#include "base/mem.h"
#include "desk/project.h"
#include "text/phone.h"
#include "text/tokens.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX_BYTES 4096

struct batch {
	struct db *db;
	struct contact *contacts;
	size_t n, size;
};

#define CONTACT_COLUMNS                                                                                      \
	"id, node, boot, version, channel, direction, from_number, to_number, customer_name, tier, "         \
	"language,"                                                                                          \
	" phase, outcome, cause, trunk, did, customer, queue, agent, recording, started, queued, answered,"  \
	" ended, flow_ms, wait_ms, ring_ms, talk_ms, hold_ms, wrap_up_ms, started_mono, flow_since,"         \
	" wait_since, ring_since, talk_since, hold_since, wrap_up_since, bridged, ends, offers"

/* Columns of `struct contact` in the order of CONTACT_COLUMNS: texts first, then numbers by kind. */
static const struct {
	size_t offset, size;
} text_columns[] = {
#define TEXT(field)                                                                                          \
	{                                                                                                    \
		offsetof(struct contact, field), sizeof(((struct contact *)0)->field)                        \
	}
	TEXT(channel),
	TEXT(direction),
	TEXT(from),
	TEXT(to),
	TEXT(customer_name),
	TEXT(tier),
	TEXT(language),
	TEXT(phase),
	TEXT(outcome),
	TEXT(cause),
#undef TEXT
};

enum number_kind { NUMBER, REFERENCE, MOMENT }; /* 0, null for 0, null for NOTHING */

static const struct {
	size_t offset;
	enum number_kind kind;
} number_columns[] = {
#define N(field, kind)                                                                                       \
	{                                                                                                    \
		offsetof(struct contact, field), kind                                                        \
	}
	N(trunk, REFERENCE),
	N(did, REFERENCE),
	N(customer, REFERENCE),
	N(queue, REFERENCE),
	N(agent, REFERENCE),
	N(recording, REFERENCE),
	N(started_ms, NUMBER),
	N(queued_ms, MOMENT),
	N(answered_ms, MOMENT),
	N(ended_ms, MOMENT),
	N(flow_ms, NUMBER),
	N(wait_ms, NUMBER),
	N(ring_ms, NUMBER),
	N(talk_ms, NUMBER),
	N(hold_ms, NUMBER),
	N(wrap_up_ms, NUMBER),
	N(started_mono, NUMBER),
	N(flow_since, MOMENT),
	N(wait_since, MOMENT),
	N(ring_since, MOMENT),
	N(talk_since, MOMENT),
	N(hold_since, MOMENT),
	N(wrap_up_since, MOMENT),
	N(bridged, NUMBER),
	N(ends, NUMBER),
	N(offers, NUMBER),
#undef N
};

#define FIXED_COLUMNS 4 /* id, node, boot, version */
#define N_COLUMNS (FIXED_COLUMNS + ARRAY_LEN(text_columns) + ARRAY_LEN(number_columns))

static void contact_from_row(struct contact *c, struct rows *rows)
{
	int column = FIXED_COLUMNS;
	*c = (struct contact){ .id = rows_int(rows, 0),
		.node = rows_int(rows, 1),
		.boot = rows_int(rows, 2),
		.version = rows_int(rows, 3) };
	for (size_t i = 0; i < ARRAY_LEN(text_columns); i++, column++) {
		struct str s = rows_str(rows, column);
		snprintf((char *)c + text_columns[i].offset, text_columns[i].size, STR_FMT, STR_ARG(s));
	}
	for (size_t i = 0; i < ARRAY_LEN(number_columns); i++, column++) {
		bool nothing = number_columns[i].kind == MOMENT && rows_is_null(rows, column);
		int64_t value = nothing ? NOTHING : rows_int(rows, column);
		memcpy((char *)c + number_columns[i].offset, &value, sizeof(value));
	}
}

static void contact_values(const struct contact *c, struct value *values)
{
	size_t at = 0;
	values[at++] = V_INT(c->id);
	values[at++] = V_INT(c->node);
	values[at++] = V_INT(c->boot);
	values[at++] = V_INT(c->version);
	for (size_t i = 0; i < ARRAY_LEN(text_columns); i++) {
		const char *text = (const char *)c + text_columns[i].offset;
		values[at++] = *text ? V_Z(text) : V_NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(number_columns); i++) {
		int64_t value;
		memcpy(&value, (const char *)c + number_columns[i].offset, sizeof(value));
		bool none = (number_columns[i].kind == MOMENT && value == NOTHING) ||
			(number_columns[i].kind == REFERENCE && value == 0);
		values[at++] = none ? V_NULL : V_INT(value);
	}
}

/* The other one's number in its stored form: who called, or was called. */
static void party_of(const struct contact *c, char ret_party[PHONE_NUMBER])
{
	struct phone phone;
	bool outbound = strcmp(c->direction, "outbound") == 0;
	ret_party[0] = '\0';
	if (phone_parse(str_from(outbound ? c->to : c->from), &phone, NULL) == 0)
		memcpy(ret_party, phone.number, PHONE_NUMBER);
}

/* Notes and results that people wrote stay, and so does what is searched: the numbers do not change. */
static int contact_write(struct db *db, const struct contact *c)
{
	static const char upsert[] =
		"INSERT INTO interaction (" CONTACT_COLUMNS
		", created, updated, party, search) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
		" $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
		"$23, $24, $25, $26, $27, $28, $29,"
		" $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $21, $21, $41, $42) ON "
		"CONFLICT (id) DO UPDATE SET version ="
		" interaction.version + 1, customer_name = excluded.customer_name, tier "
		"= excluded.tier, language ="
		" excluded.language, phase = excluded.phase, outcome = "
		"excluded.outcome, cause = excluded.cause, customer ="
		" excluded.customer, queue = excluded.queue, agent = excluded.agent, "
		"recording = excluded.recording, queued"
		" = excluded.queued, answered = excluded.answered, ended = "
		"excluded.ended, flow_ms = excluded.flow_ms,"
		" wait_ms = excluded.wait_ms, ring_ms = excluded.ring_ms, talk_ms = "
		"excluded.talk_ms, hold_ms ="
		" excluded.hold_ms, wrap_up_ms = excluded.wrap_up_ms, flow_since = "
		"excluded.flow_since, wait_since ="
		" excluded.wait_since, ring_since = excluded.ring_since, talk_since = "
		"excluded.talk_since, hold_since ="
		" excluded.hold_since, wrap_up_since = excluded.wrap_up_since, bridged "
		"= excluded.bridged, ends ="
		" excluded.ends, offers = excluded.offers";
	struct value values[N_COLUMNS + 2];
	struct buf words;
	char party[PHONE_NUMBER];
	contact_values(c, values);
	party_of(c, party);
	buf_init(&words, WORDS_MAX_BYTES);
	buf_addc(&words, ' ');
	tokens_add(&words, str_from(c->from));
	tokens_add(&words, str_from(c->to));
	tokens_add(&words, str_from(party));
	values[N_COLUMNS] = *party ? V_Z(party) : V_NULL;
	values[N_COLUMNS + 1] = V_STR(buf_str(&words));
	int err = db_post(db, upsert, values, N_COLUMNS + 2);
	buf_done(&words);
	return err;
}

static struct contact *contact_add(struct batch *b)
{
	if (b->n == b->size) {
		b->size = b->size ? 2 * b->size : 64;
		b->contacts = mem_resize(b->contacts, b->size, sizeof(*b->contacts));
	}
	return &b->contacts[b->n++];
}

/* The interaction in memory, from the database, or fresh; NULL (and 0) for one that is not known. */
static int contact_get(struct batch *b, const struct event *ev, struct contact **ret)
{
	struct rows *rows;
	*ret = NULL;
	for (size_t i = b->n; i > 0; i--)
		if (b->contacts[i - 1].id == ev->interaction) {
			*ret = &b->contacts[i - 1];
			return 0;
		}
	int err = db_query(b->db, "SELECT " CONTACT_COLUMNS " FROM interaction WHERE id = $1",
		ARGS(V_INT(ev->interaction)), &rows);
	if (err)
		return err;
	bool found = rows_next(rows);
	if (found) {
		*ret = contact_add(b);
		contact_from_row(*ret, rows);
	}
	err = rows_end(rows);
	if (!err && !found && ev->kind == EV_INTERACTION_STARTED) {
		*ret = contact_add(b);
		contact_begin(*ret, ev);
		(*ret)->version = 1;
	}
	return err;
}

static int add_party(struct db *db, int64_t interaction, int64_t agent)
{
	return db_post(db,
		"INSERT INTO interaction_party (interaction, agent) VALUES ($1, $2) ON CONFLICT (interaction,"
		" agent) DO NOTHING",
		ARGS(V_INT(interaction), V_INT(agent)));
}

/* He was rung and did not answer: the call is none of his, unless he has had it before. */
static int drop_party(struct db *db, int64_t interaction, int64_t agent)
{
	return db_post(db,
		"DELETE FROM interaction_party WHERE interaction = $1 AND agent = $2 AND NOT EXISTS (SELECT "
		"1 FROM leg"
		" l WHERE l.interaction = $1 AND l.agent = $2 AND l.answered IS NOT NULL)",
		ARGS(V_INT(interaction), V_INT(agent)));
}

/* bridge.joined names legs; whose they are stands in the legs' rows. */
static int agent_of_legs(struct db *db, struct event *ev)
{
	int err = db_one_int(db,
		"SELECT agent FROM leg WHERE id IN ($1, $2) AND agent IS NOT NULL ORDER BY role, id LIMIT 1",
		ARGS(V_INT(js_id(ev->body, "leg")), V_INT(js_id(ev->body, "other"))), &ev->agent);
	return err == -E_NOT_FOUND ? 0 : err;
}

static int apply_to_contact(struct batch *b, struct event *ev)
{
	struct contact *c;
	int err = ev->kind == EV_BRIDGE_JOINED && !ev->agent ? agent_of_legs(b->db, ev) : 0;
	if (!err)
		err = contact_get(b, ev, &c);
	if (err || !c)
		return err;
	int64_t party = contact_apply(c, ev);
	if (party < 0)
		return drop_party(b->db, c->id, -party);
	return party ? add_party(b->db, c->id, party) : 0;
}

static int write_raw(struct db *db, const struct event *ev)
{
	CLEANUP(mem_freep) char *text = js_print(ev->body);
	return db_post(db,
		"INSERT INTO event (node, n, boot, at, mono, kind, interaction, agent, body) VALUES ($1, $2, "
		"$3,"
		" $4, $5, $6, $7, $8, $9)",
		ARGS(V_INT(ev->node), V_INT(ev->n), V_INT(ev->boot), V_INT(ev->at_ms), V_INT(ev->mono_ms),
			V_Z(js_str(ev->body, "kind", "")), V_ID(ev->interaction), V_ID(ev->agent),
			V_Z(text)));
}

static int leg_started(struct db *db, const struct event *ev)
{
	return db_post(db,
		"INSERT INTO leg (id, interaction, role, direction, address, agent, call_id, started) VALUES "
		"($1,"
		" $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
		ARGS(V_INT(js_id(ev->body, "leg")), V_INT(ev->interaction),
			V_Z(js_str(ev->body, "role", "caller")),
			V_Z(js_str(ev->body, "direction", "inbound")), V_Z(js_str(ev->body, "address", NULL)),
			V_ID(ev->agent), V_Z(js_str(ev->body, "call_id", NULL)), V_INT(ev->at_ms)));
}

static int leg_answered(struct db *db, const struct event *ev)
{
	return db_post(db, "UPDATE leg SET answered = coalesce(answered, $2), codec = $3 WHERE id = $1",
		ARGS(V_INT(js_id(ev->body, "leg")), V_INT(ev->at_ms), V_Z(js_str(ev->body, "codec", NULL))));
}

static int leg_ended(struct db *db, const struct event *ev)
{
	return db_post(db,
		"UPDATE leg SET ended = $2, cause = $3, sip_status = $4, packets_in = $5, packets_lost = $6"
		" WHERE id = $1 AND ended IS NULL",
		ARGS(V_INT(js_id(ev->body, "leg")), V_INT(ev->at_ms), V_Z(js_str(ev->body, "cause", NULL)),
			V_ID(js_int(ev->body, "sip_status", 0)), V_INT(js_int(ev->body, "packets_in", 0)),
			V_INT(js_int(ev->body, "packets_lost", 0))));
}

static int recording_started(struct db *db, const struct event *ev)
{
	return db_post(db,
		"INSERT INTO recording (id, version, created, updated, interaction, file, channels, phase,"
		" started) VALUES ($1, 1, $5, $5, $2, $3, $4, 'running', $5) ON CONFLICT (id) DO NOTHING",
		ARGS(V_INT(js_id(ev->body, "recording")), V_INT(ev->interaction),
			V_Z(js_str(ev->body, "file", "")), V_INT(js_int(ev->body, "channels", 2)),
			V_INT(ev->at_ms)));
}

static int recording_ended(struct db *db, const struct event *ev)
{
	return db_post(db,
		"UPDATE recording SET version = version + 1, updated = $2, phase = 'done', ended = $2,"
		" duration_ms = $3, bytes = $4, reason = $5, missing_ms = $6 WHERE id = $1",
		ARGS(V_INT(js_id(ev->body, "recording")), V_INT(ev->at_ms),
			V_INT(js_int(ev->body, "duration_ms", 0)), V_INT(js_int(ev->body, "bytes", 0)),
			V_Z(js_str(ev->body, "reason", NULL)), V_ID(js_int(ev->body, "missing_ms", 0))));
}

/* The span before ends where this one begins. Its length is of the switch's clock while that was one boot. */
static int agent_state(struct db *db, const struct event *ev)
{
	int err = db_post(db,
		"UPDATE agent_span SET ended = CASE WHEN started > $2 THEN started ELSE $2 END, lasted_ms = "
		"CASE"
		" WHEN boot = $3 AND $4 > started_mono THEN $4 - started_mono WHEN boot <> $3 AND $2 > "
		"started THEN"
		" $2 - started ELSE 0 END WHERE agent = $1 AND ended IS NULL",
		ARGS(V_INT(ev->agent), V_INT(ev->at_ms), V_INT(ev->boot), V_INT(ev->mono_ms)));
	if (err)
		return err;
	return db_post(db,
		"INSERT INTO agent_span (agent, node, n, boot, state, reason, interaction, set_by, started,"
		" started_mono) SELECT $1, $2, $3, $4, $5, $6, $7, $8, coalesce((SELECT max(ended) FROM "
		"agent_span"
		" WHERE agent = $1), $9), $10",
		ARGS(V_INT(ev->agent), V_INT(ev->node), V_INT(ev->n), V_INT(ev->boot),
			V_Z(js_str(ev->body, "state", "offline")), V_Z(js_str(ev->body, "reason", NULL)),
			V_ID(ev->interaction), V_Z(js_str(ev->body, "by", NULL)), V_INT(ev->at_ms),
			V_INT(ev->mono_ms)));
}

/* A switch that was lost could end nothing itself. How long its recordings are stands in their files. */
static int lost(struct db *db, const struct event *ev)
{
	if (strcmp(js_str(ev->body, "cause", ""), "switch_lost") != 0)
		return 0;
	int err = db_post(db,
		"UPDATE leg SET ended = $2, cause = 'switch_lost' WHERE interaction = $1 AND ended IS NULL",
		ARGS(V_INT(ev->interaction), V_INT(ev->at_ms)));
	if (err)
		return err;
	return db_post(db,
		"UPDATE recording SET version = version + 1, updated = $2, phase = 'done', ended = $2, "
		"reason ="
		" 'switch_lost' WHERE interaction = $1 AND phase = 'running'",
		ARGS(V_INT(ev->interaction), V_INT(ev->at_ms)));
}

static int (*const writers[EV__MAX])(struct db *db, const struct event *ev) = {
	[EV_INTERACTION_ENDED] = lost,
	[EV_LEG_STARTED] = leg_started,
	[EV_LEG_ANSWERED] = leg_answered,
	[EV_LEG_ENDED] = leg_ended,
	[EV_RECORDING_STARTED] = recording_started,
	[EV_RECORDING_ENDED] = recording_ended,
	[EV_AGENT_STATE] = agent_state,
};

static int store_event(struct batch *b, struct event *ev)
{
	int err = write_raw(b->db, ev);
	if (!err && ev->kind < EV__MAX && writers[ev->kind])
		err = writers[ev->kind](b->db, ev);
	if (!err && ev->interaction)
		err = apply_to_contact(b, ev);
	return err;
}

/* The cursor of a node, 0 without. */
static int history_cursor(struct db *db, int64_t node, int64_t *ret_cursor)
{
	*ret_cursor = 0;
	int err = db_one_int(db, "SELECT n FROM event_cursor WHERE node = $1", ARGS(V_INT(node)), ret_cursor);
	return err == -E_NOT_FOUND ? 0 : err;
}

int history_latest(struct db *db, int64_t *ret_node, int64_t *ret_cursor)
{
	*ret_node = *ret_cursor = 0;
	int err = db_one_int(db, "SELECT node FROM event_cursor ORDER BY n DESC LIMIT 1", NO_ARGS, ret_node);
	if (err == -E_NOT_FOUND)
		return 0;
	return err ? err : history_cursor(db, *ret_node, ret_cursor);
}

static int move_cursor(struct db *db, const struct event *last)
{
	return db_post(db,
		"INSERT INTO event_cursor (node, boot, n) VALUES ($1, $2, $3) ON CONFLICT (node) DO UPDATE "
		"SET"
		" boot = excluded.boot, n = excluded.n",
		ARGS(V_INT(last->node), V_INT(last->boot), V_INT(last->n)));
}

int history_store(struct db *db, int64_t node, const json_t *events, int64_t *ret_cursor)
{
	struct batch b = { .db = db };
	struct event ev, last = { .n = 0 };
	size_t i;
	json_t *json;
	int err = history_cursor(db, node, ret_cursor);
	json_array_foreach ((json_t *)events, i, json) {
		if (err || event_from_json(json, node, &ev) || ev.n <= *ret_cursor)
			continue;
		err = store_event(&b, &ev);
		*ret_cursor = ev.n;
		last = ev;
	}
	for (size_t k = 0; k < b.n && !err; k++)
		err = contact_write(db, &b.contacts[k]);
	if (!err && last.n)
		err = move_cursor(db, &last);
	free(b.contacts);
	return err;
}

/* Each statement selects (id, text) of what must not be. */
static const struct {
	const char *name, *sql;
} checks[] = {
	{ "interaction ends once",
		"SELECT id, 'ended ' || ends || ' times' FROM interaction WHERE ends > 1 OR (ended IS NOT "
		"NULL AND ends <> 1)" },
	{ "interaction of a past boot has ended",
		"SELECT i.id, 'still open' FROM interaction i WHERE i.ended IS NULL AND i.boot < (SELECT "
		"max(e.boot) FROM event e"
		" WHERE e.node = i.node)" },
	{ "interaction is in the journal",
		"SELECT i.id, 'not begun by an event' FROM interaction i WHERE (SELECT count(*) FROM event e "
		"WHERE e.interaction ="
		" i.id AND e.kind = 'interaction.started') <> 1" },
	{ "end is in the journal",
		"SELECT e.interaction, 'ended twice or without a row' FROM event e LEFT JOIN interaction i "
		"ON i.id = e.interaction"
		" WHERE e.kind = 'interaction.ended' GROUP BY e.interaction HAVING count(*) > 1 OR "
		"max(i.ended) IS NULL" },
	{ "legs end with their interaction",
		"SELECT l.id, 'leg without end' FROM leg l JOIN interaction i ON i.id = l.interaction WHERE "
		"i.ended IS NOT NULL AND"
		" l.ended IS NULL" },
	{ "recordings end with their interaction",
		"SELECT r.id, 'recording without end' FROM recording r JOIN interaction i ON i.id = "
		"r.interaction WHERE i.ended IS"
		" NOT NULL AND r.phase = 'running'" },
	{ "an agent is in one state",
		"SELECT agent, 'more than one open state' FROM agent_span WHERE ended IS NULL GROUP BY agent "
		"HAVING count(*) > 1" },
	{ "an agent's states follow each other",
		"SELECT a.agent, 'a gap or an overlap' FROM (SELECT agent, ended, lead(started) OVER "
		"(PARTITION BY agent ORDER BY n)"
		" AS next FROM agent_span) a WHERE a.next IS NOT NULL AND (a.ended IS NULL OR a.ended <> "
		"a.next)" },
	{ "stretches fit into the interaction",
		"SELECT id, 'longer inside than outside' FROM interaction WHERE ended IS NOT NULL AND cause "
		"<> 'switch_lost' AND"
		" (flow_ms + wait_ms + talk_ms + hold_ms > ended - started + 50)" },
	{ "waiting times agree with the queue's",
		"SELECT i.id, 'waited ' || i.wait_ms || ' but the queue says ' || q.waited FROM interaction "
		"i JOIN (SELECT"
		" interaction, sum(CAST(body ->> 'waited_ms' AS INTEGER)) AS waited FROM event WHERE kind = "
		"'queue.left' AND body ->> 'consult' IS NULL GROUP BY"
		" interaction) q ON q.interaction = i.id WHERE i.ended IS NOT NULL AND abs(q.waited - "
		"i.wait_ms) > 50" },
};

int history_check(struct db *db, json_t *findings)
{
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		struct rows *rows;
		int err = db_query(db, checks[i].sql, NO_ARGS, &rows);
		if (err)
			return err;
		while (rows_next(rows)) {
			json_t *finding = json_object();
			js_set_str(finding, "check", checks[i].name);
			js_set_id(finding, "id", rows_int(rows, 0));
			json_object_set_new(
				finding, "text", json_stringn(rows_str(rows, 1).p, rows_str(rows, 1).n));
			json_array_append_new(findings, finding);
		}
		err = rows_end(rows);
		if (err)
			return err;
	}
	return 0;
}
