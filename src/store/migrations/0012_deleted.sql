-- What is deleted is only marked, so that it can be taken back and its name stays in history; what must be unique is so
-- among what is there.
-- @rebuild
-- @sqlite
CREATE TABLE new_skill (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL, note TEXT,
	search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_skill (id, version, created, updated, name, note, search, name_key)
	SELECT id, version, created, updated, name, note, search, name_key FROM skill;
DROP TABLE skill;
ALTER TABLE new_skill RENAME TO skill;
CREATE TABLE new_agent (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, number TEXT NOT NULL,
	name TEXT NOT NULL, extension TEXT NOT NULL, device TEXT NOT NULL, auto_answer @INT@ NOT NULL, sip_password TEXT,
	search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_agent (id, version, created, updated, number, name, extension, device, auto_answer, sip_password, search, name_key)
	SELECT id, version, created, updated, number, name, extension, device, auto_answer, sip_password, search, name_key FROM agent;
DROP TABLE agent;
ALTER TABLE new_agent RENAME TO agent;
CREATE TABLE new_app_user (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL,
	full_name TEXT NOT NULL, language TEXT NOT NULL, password TEXT NOT NULL, agent @INT@ REFERENCES agent (id),
	enabled @INT@ NOT NULL, photo @INT@, team @INT@ REFERENCES team (id), site @INT@ REFERENCES site (id),
	search TEXT NOT NULL DEFAULT ' ', full_name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_app_user (id, version, created, updated, name, full_name, language, password, agent, enabled, photo, team, site, search, full_name_key)
	SELECT id, version, created, updated, name, full_name, language, password, agent, enabled, photo, team, site, search, full_name_key FROM app_user;
DROP TABLE app_user;
ALTER TABLE new_app_user RENAME TO app_user;
CREATE INDEX app_user_team ON app_user (team);
CREATE INDEX app_user_site ON app_user (site);
CREATE TABLE new_prompt (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL,
	language TEXT NOT NULL, text TEXT, path TEXT NOT NULL, search TEXT NOT NULL DEFAULT ' ', deleted @INT@
) @STRICT@;
INSERT INTO new_prompt (id, version, created, updated, name, language, text, path, search)
	SELECT id, version, created, updated, name, language, text, path, search FROM prompt;
DROP TABLE prompt;
ALTER TABLE new_prompt RENAME TO prompt;
CREATE TABLE new_queue (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL,
	strategy TEXT NOT NULL, priority @INT@ NOT NULL, ring_timeout_ms @INT@ NOT NULL, wrap_up_ms @INT@ NOT NULL,
	max_wait_ms @INT@ NOT NULL, max_length @INT@ NOT NULL, announce_every_ms @INT@ NOT NULL, announce_number @INT@ NOT NULL,
	music TEXT NOT NULL, service_level_ms @INT@ NOT NULL, when_empty TEXT NOT NULL DEFAULT 'wait',
	overflow_after_ms @INT@ NOT NULL DEFAULT 0, overflow_expected_ms @INT@ NOT NULL DEFAULT 0,
	overflow_queue @INT@ REFERENCES queue (id), handle_ms @INT@ NOT NULL DEFAULT 180000,
	announce_position @INT@ NOT NULL DEFAULT 1, announce_wait @INT@ NOT NULL DEFAULT 1, pop_url TEXT,
	search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_queue (id, version, created, updated, name, strategy, priority, ring_timeout_ms, wrap_up_ms, max_wait_ms, max_length, announce_every_ms, announce_number, music, service_level_ms, when_empty, overflow_after_ms, overflow_expected_ms, overflow_queue, handle_ms, announce_position, announce_wait, pop_url, search, name_key)
	SELECT id, version, created, updated, name, strategy, priority, ring_timeout_ms, wrap_up_ms, max_wait_ms, max_length, announce_every_ms, announce_number, music, service_level_ms, when_empty, overflow_after_ms, overflow_expected_ms, overflow_queue, handle_ms, announce_position, announce_wait, pop_url, search, name_key FROM queue;
DROP TABLE queue;
ALTER TABLE new_queue RENAME TO queue;
CREATE INDEX queue_overflow ON queue (overflow_queue);
CREATE TABLE new_flow (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL, note TEXT,
	graph @JSON@ NOT NULL, search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_flow (id, version, created, updated, name, note, graph, search, name_key)
	SELECT id, version, created, updated, name, note, graph, search, name_key FROM flow;
DROP TABLE flow;
ALTER TABLE new_flow RENAME TO flow;
CREATE TABLE new_trunk (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL, sources TEXT,
	proxy TEXT, transport TEXT NOT NULL, auth_user TEXT, password TEXT, caller_id TEXT, search TEXT NOT NULL DEFAULT ' ',
	name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_trunk (id, version, created, updated, name, sources, proxy, transport, auth_user, password, caller_id, search, name_key)
	SELECT id, version, created, updated, name, sources, proxy, transport, auth_user, password, caller_id, search, name_key FROM trunk;
DROP TABLE trunk;
ALTER TABLE new_trunk RENAME TO trunk;
CREATE TABLE new_did (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, number TEXT NOT NULL,
	name TEXT NOT NULL, flow @INT@ NOT NULL REFERENCES flow (id), search TEXT NOT NULL DEFAULT ' ',
	name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_did (id, version, created, updated, number, name, flow, search, name_key)
	SELECT id, version, created, updated, number, name, flow, search, name_key FROM did;
DROP TABLE did;
ALTER TABLE new_did RENAME TO did;
CREATE INDEX did_flow ON did (flow);
CREATE TABLE new_reason (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
	name_en TEXT NOT NULL, position @INT@ NOT NULL, limit_ms @INT@, search TEXT NOT NULL DEFAULT ' ',
	name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_reason (id, version, created, updated, code, name, name_en, position, limit_ms, search, name_key)
	SELECT id, version, created, updated, code, name, name_en, position, limit_ms, search, name_key FROM reason;
DROP TABLE reason;
ALTER TABLE new_reason RENAME TO reason;
CREATE TABLE new_disposition (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, number @INT@ NOT NULL,
	name TEXT NOT NULL, name_en TEXT NOT NULL, search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '',
	deleted @INT@
) @STRICT@;
INSERT INTO new_disposition (id, version, created, updated, number, name, name_en, search, name_key)
	SELECT id, version, created, updated, number, name, name_en, search, name_key FROM disposition;
DROP TABLE disposition;
ALTER TABLE new_disposition RENAME TO disposition;
CREATE TABLE new_site (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL, note TEXT,
	search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_site (id, version, created, updated, name, note, search, name_key)
	SELECT id, version, created, updated, name, note, search, name_key FROM site;
DROP TABLE site;
ALTER TABLE new_site RENAME TO site;
CREATE TABLE new_team (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL,
	above @INT@ REFERENCES team (id), leader @INT@ REFERENCES app_user (id), note TEXT, search TEXT NOT NULL DEFAULT ' ',
	name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_team (id, version, created, updated, name, above, leader, note, search, name_key)
	SELECT id, version, created, updated, name, above, leader, note, search, name_key FROM team;
DROP TABLE team;
ALTER TABLE new_team RENAME TO team;
CREATE INDEX team_above ON team (above);
CREATE INDEX team_leader ON team (leader);
CREATE TABLE new_role (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL, note TEXT,
	all_rights @INT@ NOT NULL, search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_role (id, version, created, updated, name, note, all_rights, search, name_key)
	SELECT id, version, created, updated, name, note, all_rights, search, name_key FROM role;
DROP TABLE role;
ALTER TABLE new_role RENAME TO role;
CREATE TABLE new_data_set (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, name TEXT NOT NULL, note TEXT,
	search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted @INT@
) @STRICT@;
INSERT INTO new_data_set (id, version, created, updated, name, note, search, name_key)
	SELECT id, version, created, updated, name, note, search, name_key FROM data_set;
DROP TABLE data_set;
ALTER TABLE new_data_set RENAME TO data_set;
-- @postgres
ALTER TABLE skill DROP CONSTRAINT skill_name_key;
ALTER TABLE skill ADD COLUMN deleted @INT@;
ALTER TABLE agent DROP CONSTRAINT agent_number_key;
ALTER TABLE agent DROP CONSTRAINT agent_extension_key;
ALTER TABLE agent ADD COLUMN deleted @INT@;
ALTER TABLE app_user DROP CONSTRAINT app_user_name_key;
ALTER TABLE app_user DROP CONSTRAINT app_user_agent_key;
ALTER TABLE app_user ADD COLUMN deleted @INT@;
ALTER TABLE prompt DROP CONSTRAINT prompt_name_language_key;
ALTER TABLE prompt ADD COLUMN deleted @INT@;
ALTER TABLE queue DROP CONSTRAINT queue_name_key;
ALTER TABLE queue ADD COLUMN deleted @INT@;
ALTER TABLE flow DROP CONSTRAINT flow_name_key;
ALTER TABLE flow ADD COLUMN deleted @INT@;
ALTER TABLE trunk DROP CONSTRAINT trunk_name_key;
ALTER TABLE trunk ADD COLUMN deleted @INT@;
ALTER TABLE did DROP CONSTRAINT did_number_key;
ALTER TABLE did ADD COLUMN deleted @INT@;
ALTER TABLE reason DROP CONSTRAINT reason_code_key;
ALTER TABLE reason ADD COLUMN deleted @INT@;
ALTER TABLE disposition DROP CONSTRAINT disposition_number_key;
ALTER TABLE disposition ADD COLUMN deleted @INT@;
ALTER TABLE site DROP CONSTRAINT site_name_key;
ALTER TABLE site ADD COLUMN deleted @INT@;
ALTER TABLE team DROP CONSTRAINT team_name_key;
ALTER TABLE team ADD COLUMN deleted @INT@;
ALTER TABLE role DROP CONSTRAINT role_name_key;
ALTER TABLE role ADD COLUMN deleted @INT@;
ALTER TABLE data_set DROP CONSTRAINT data_set_name_key;
ALTER TABLE data_set ADD COLUMN deleted @INT@;
-- @all
CREATE UNIQUE INDEX skill_name ON skill (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX agent_number ON agent (number) WHERE deleted IS NULL;
CREATE UNIQUE INDEX agent_extension ON agent (extension) WHERE deleted IS NULL;
CREATE UNIQUE INDEX app_user_name ON app_user (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX app_user_agent ON app_user (agent) WHERE deleted IS NULL;
CREATE UNIQUE INDEX prompt_name_language ON prompt (name, language) WHERE deleted IS NULL;
CREATE UNIQUE INDEX queue_name ON queue (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX flow_name ON flow (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX trunk_name ON trunk (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX did_number ON did (number) WHERE deleted IS NULL;
CREATE UNIQUE INDEX reason_code ON reason (code) WHERE deleted IS NULL;
CREATE UNIQUE INDEX disposition_number ON disposition (number) WHERE deleted IS NULL;
ALTER TABLE customer ADD COLUMN deleted @INT@;
CREATE UNIQUE INDEX site_name ON site (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX team_name ON team (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX role_name ON role (name) WHERE deleted IS NULL;
CREATE UNIQUE INDEX data_set_name ON data_set (name) WHERE deleted IS NULL;
INSERT INTO role_grant (id, parent, position, right_name, scope, data_set)
	SELECT g.id + m.most, g.parent, g.position + 1000, replace(g.right_name, '.delete', '.restore'), g.scope, g.data_set
	FROM role_grant g, (SELECT max(id) AS most FROM role_grant) AS m WHERE g.right_name LIKE '%.delete';
