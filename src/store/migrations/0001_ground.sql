-- People, what routes calls, and what happened. Every record has its own 64-bit id and a version that each
-- change raises; times are Unix milliseconds. Tables of child records hang on `parent` and go with it.

CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value @INT@ NOT NULL) @STRICT@;

CREATE TABLE skill (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, note TEXT
) @STRICT@;

CREATE TABLE agent (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, extension TEXT NOT NULL UNIQUE,
	device TEXT NOT NULL, auto_answer @INT@ NOT NULL, sip_password TEXT
) @STRICT@;

CREATE TABLE agent_skill (
	id @ID@, parent @INT@ NOT NULL REFERENCES agent (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	skill @INT@ NOT NULL REFERENCES skill (id), level @INT@ NOT NULL, UNIQUE (parent, skill)
) @STRICT@;
CREATE INDEX agent_skill_skill ON agent_skill (skill);

CREATE TABLE app_user (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, full_name TEXT NOT NULL, role TEXT NOT NULL, language TEXT NOT NULL,
	password TEXT NOT NULL, agent @INT@ UNIQUE REFERENCES agent (id), enabled @INT@ NOT NULL
) @STRICT@;

CREATE TABLE session (
	id @ID@, token TEXT NOT NULL UNIQUE, app_user @INT@ NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
	created @INT@ NOT NULL, seen @INT@ NOT NULL, expires @INT@ NOT NULL, address TEXT NOT NULL,
	phone_user TEXT, phone_secret TEXT
) @STRICT@;
CREATE INDEX session_app_user ON session (app_user);

CREATE TABLE prompt (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL, language TEXT NOT NULL, text TEXT, path TEXT NOT NULL, UNIQUE (name, language)
) @STRICT@;

CREATE TABLE queue (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, strategy TEXT NOT NULL, priority @INT@ NOT NULL, ring_timeout_ms @INT@ NOT NULL,
	wrap_up_ms @INT@ NOT NULL, max_wait_ms @INT@ NOT NULL, max_length @INT@ NOT NULL,
	announce_every_ms @INT@ NOT NULL, announce_number @INT@ NOT NULL, music TEXT NOT NULL,
	service_level_ms @INT@ NOT NULL
) @STRICT@;

CREATE TABLE queue_skill (
	id @ID@, parent @INT@ NOT NULL REFERENCES queue (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	skill @INT@ NOT NULL REFERENCES skill (id), level @INT@ NOT NULL, UNIQUE (parent, skill)
) @STRICT@;
CREATE INDEX queue_skill_skill ON queue_skill (skill);

CREATE TABLE queue_member (
	id @ID@, parent @INT@ NOT NULL REFERENCES queue (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	agent @INT@ NOT NULL REFERENCES agent (id), UNIQUE (parent, agent)
) @STRICT@;
CREATE INDEX queue_member_agent ON queue_member (agent);

CREATE TABLE flow (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, note TEXT, graph @JSON@ NOT NULL
) @STRICT@;

CREATE TABLE trunk (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, sources TEXT, proxy TEXT, transport TEXT NOT NULL,
	auth_user TEXT, password TEXT, caller_id TEXT
) @STRICT@;

CREATE TABLE did (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, flow @INT@ NOT NULL REFERENCES flow (id)
) @STRICT@;
CREATE INDEX did_flow ON did (flow);

CREATE TABLE reason (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_en TEXT NOT NULL, position @INT@ NOT NULL, limit_ms @INT@
) @STRICT@;

CREATE TABLE disposition (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	number @INT@ NOT NULL UNIQUE, name TEXT NOT NULL, name_en TEXT NOT NULL
) @STRICT@;

CREATE TABLE customer (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL, tier TEXT NOT NULL, language TEXT NOT NULL, note TEXT
) @STRICT@;

CREATE TABLE customer_number (
	id @ID@, parent @INT@ NOT NULL REFERENCES customer (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	number TEXT NOT NULL, UNIQUE (parent, number)
) @STRICT@;
CREATE INDEX customer_number_number ON customer_number (number);

CREATE TABLE setting (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	realm TEXT NOT NULL, record @INT@ NOT NULL, ring_timeout_ms @INT@ NOT NULL, wrap_up_ms @INT@ NOT NULL,
	language TEXT NOT NULL, agent_prefix TEXT
) @STRICT@;

CREATE TABLE audit (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	actor @INT@, actor_name TEXT, address TEXT, action TEXT NOT NULL, resource TEXT NOT NULL, record @INT@,
	changes @JSON@
) @STRICT@;
CREATE INDEX audit_record ON audit (resource, record);
CREATE INDEX audit_created ON audit (created, id);

-- What the switch told, word for word, and how far the desk has read each switch's journal.
CREATE TABLE event_cursor (node @INT@ NOT NULL PRIMARY KEY, boot @INT@ NOT NULL, n @INT@ NOT NULL) @STRICT@;

CREATE TABLE event (
	node @INT@ NOT NULL, n @INT@ NOT NULL, boot @INT@ NOT NULL, at @INT@ NOT NULL, mono @INT@ NOT NULL,
	kind TEXT NOT NULL, interaction @INT@, agent @INT@, body @JSON@ NOT NULL, PRIMARY KEY (node, n)
) @STRICT@;
CREATE INDEX event_interaction ON event (interaction, node, n) WHERE interaction IS NOT NULL;

-- What follows from the events. Columns named …_since are open stretches (monotonic ms of `boot`), null when closed.
CREATE TABLE interaction (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	node @INT@ NOT NULL, boot @INT@ NOT NULL,
	channel TEXT NOT NULL, direction TEXT NOT NULL, from_number TEXT, to_number TEXT, trunk @INT@, did @INT@,
	customer @INT@, customer_name TEXT, tier TEXT, language TEXT, queue @INT@, agent @INT@, recording @INT@,
	phase TEXT NOT NULL, outcome TEXT, cause TEXT,
	started @INT@ NOT NULL, queued @INT@, answered @INT@, ended @INT@,
	flow_ms @INT@ NOT NULL, wait_ms @INT@ NOT NULL, ring_ms @INT@ NOT NULL, talk_ms @INT@ NOT NULL,
	hold_ms @INT@ NOT NULL, wrap_up_ms @INT@ NOT NULL,
	started_mono @INT@ NOT NULL, bridged @INT@ NOT NULL DEFAULT 0, flow_since @INT@, wait_since @INT@, ring_since @INT@, talk_since @INT@, hold_since @INT@,
	wrap_up_since @INT@, ends @INT@ NOT NULL, offers @INT@ NOT NULL, result @INT@, note TEXT
) @STRICT@;
CREATE INDEX interaction_started ON interaction (started, id);
CREATE INDEX interaction_of_agent ON interaction (agent, started);
CREATE INDEX interaction_queue ON interaction (queue, started);
CREATE INDEX interaction_customer ON interaction (customer, started);
CREATE INDEX interaction_from_number ON interaction (from_number, started);
CREATE INDEX interaction_open ON interaction (node, boot) WHERE ended IS NULL;

-- Who has been in an interaction: an agent may see what he took part in.
CREATE TABLE interaction_party (
	interaction @INT@ NOT NULL, agent @INT@ NOT NULL, PRIMARY KEY (interaction, agent)
) @STRICT@;

CREATE TABLE leg (
	id @ID@, interaction @INT@ NOT NULL, role TEXT NOT NULL, direction TEXT NOT NULL, address TEXT, agent @INT@,
	call_id TEXT, started @INT@ NOT NULL, answered @INT@, ended @INT@, codec TEXT, cause TEXT, sip_status @INT@,
	packets_in @INT@, packets_lost @INT@
) @STRICT@;
CREATE INDEX leg_interaction ON leg (interaction, id);

CREATE TABLE agent_span (
	agent @INT@ NOT NULL, node @INT@ NOT NULL, n @INT@ NOT NULL, boot @INT@ NOT NULL,
	state TEXT NOT NULL, reason TEXT, interaction @INT@, set_by TEXT,
	started @INT@ NOT NULL, started_mono @INT@ NOT NULL, ended @INT@, lasted_ms @INT@, PRIMARY KEY (agent, node, n)
) @STRICT@;
CREATE INDEX agent_span_open ON agent_span (agent) WHERE ended IS NULL;

CREATE TABLE recording (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	interaction @INT@ NOT NULL, file TEXT NOT NULL, channels @INT@ NOT NULL, phase TEXT NOT NULL,
	started @INT@ NOT NULL, ended @INT@, duration_ms @INT@, bytes @INT@, reason TEXT
) @STRICT@;
CREATE INDEX recording_interaction ON recording (interaction);
CREATE INDEX recording_started ON recording (started, id);

CREATE VIEW recording_of_interaction AS
SELECT r.id, r.version, r.created, r.updated, r.interaction, r.file, r.channels, r.phase, r.started, r.ended,
	r.duration_ms, r.bytes, i.from_number, i.to_number, i.direction, i.customer, i.queue, i.agent, i.result
FROM recording r LEFT JOIN interaction i ON i.id = r.interaction;

INSERT INTO setting (id, version, created, updated, realm, record, ring_timeout_ms, wrap_up_ms, language, agent_prefix)
VALUES (1, 1, 0, 0, 'lingxi', 1, 20000, 30000, 'zh-CN', NULL);
