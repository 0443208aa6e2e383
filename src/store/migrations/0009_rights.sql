-- Roles are records that give rights, each with a scope of rows; people belong to teams and sites. Where there are
-- people already, the three fixed roles become three ordinary ones with the same rights.
CREATE TABLE site (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, note TEXT
) @STRICT@;

CREATE TABLE team (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, above @INT@ REFERENCES team (id), leader @INT@ REFERENCES app_user (id), note TEXT
) @STRICT@;
CREATE INDEX team_above ON team (above);
CREATE INDEX team_leader ON team (leader);

ALTER TABLE app_user ADD COLUMN team @INT@ REFERENCES team (id);
ALTER TABLE app_user ADD COLUMN site @INT@ REFERENCES site (id);
CREATE INDEX app_user_team ON app_user (team);
CREATE INDEX app_user_site ON app_user (site);

CREATE TABLE data_set (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, note TEXT
) @STRICT@;

CREATE TABLE data_set_member (
	id @ID@, parent @INT@ NOT NULL REFERENCES data_set (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	team @INT@ REFERENCES team (id), below @INT@ NOT NULL, site @INT@ REFERENCES site (id), app_user @INT@ REFERENCES app_user (id),
	UNIQUE (parent, team), UNIQUE (parent, site), UNIQUE (parent, app_user)
) @STRICT@;
CREATE INDEX data_set_member_team ON data_set_member (team);
CREATE INDEX data_set_member_site ON data_set_member (site);
CREATE INDEX data_set_member_user ON data_set_member (app_user);

CREATE TABLE role (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL UNIQUE, note TEXT, all_rights @INT@ NOT NULL
) @STRICT@;

CREATE TABLE role_grant (
	id @ID@, parent @INT@ NOT NULL REFERENCES role (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	right_name TEXT NOT NULL, scope TEXT NOT NULL, data_set @INT@ REFERENCES data_set (id)
) @STRICT@;
CREATE INDEX role_grant_parent ON role_grant (parent);
CREATE INDEX role_grant_set ON role_grant (data_set);

CREATE TABLE user_role (
	id @ID@, parent @INT@ NOT NULL REFERENCES app_user (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	role @INT@ NOT NULL REFERENCES role (id), UNIQUE (parent, role)
) @STRICT@;
CREATE INDEX user_role_role ON user_role (role);

INSERT INTO role (id, version, created, updated, name, note, all_rights) VALUES
	(1, 1, 0, 0, '管理员', 'Administrator', 1), (2, 1, 0, 0, '班长', 'Team leader', 0), (3, 1, 0, 0, '坐席', 'Agent', 0);
INSERT INTO role_grant (id, parent, position, right_name, scope) VALUES
	(1, 2, 0, 'interaction.read', 'all'), (2, 2, 1, 'interaction.update', 'all'), (3, 2, 2, 'interaction.export', 'all'),
	(4, 2, 3, 'recording.read', 'all'), (5, 2, 4, 'recording.export', 'all'), (6, 2, 5, 'recording.listen', 'all'),
	(7, 2, 6, 'recording.download', 'all'), (8, 2, 7, 'customer.read', 'all'), (9, 2, 8, 'customer.create', 'all'),
	(10, 2, 9, 'customer.update', 'all'), (11, 2, 10, 'customer.delete', 'all'), (12, 2, 11, 'customer.export', 'all'),
	(13, 2, 12, 'customer.timeline', 'all'), (14, 2, 13, 'agent.read', 'all'), (15, 2, 14, 'agent.update', 'all'),
	(16, 2, 15, 'agent.export', 'all'), (17, 2, 16, 'agent.set_state', 'all'), (18, 2, 17, 'live.watch', 'all'),
	(19, 2, 18, 'skill.create', 'all'), (20, 2, 19, 'skill.update', 'all'), (21, 2, 20, 'skill.delete', 'all'),
	(22, 2, 21, 'skill.export', 'all'), (23, 2, 22, 'queue.update', 'all'), (24, 2, 23, 'queue.export', 'all'),
	(25, 2, 24, 'did.read', 'all'), (26, 2, 25, 'did.export', 'all'), (27, 2, 26, 'flow.read', 'all'),
	(28, 2, 27, 'flow.export', 'all'), (29, 2, 28, 'prompt.read', 'all'), (30, 2, 29, 'prompt.export', 'all'),
	(31, 2, 30, 'reason.create', 'all'), (32, 2, 31, 'reason.update', 'all'), (33, 2, 32, 'reason.delete', 'all'),
	(34, 2, 33, 'reason.export', 'all'), (35, 2, 34, 'disposition.create', 'all'), (36, 2, 35, 'disposition.update', 'all'),
	(37, 2, 36, 'disposition.delete', 'all'), (38, 2, 37, 'disposition.export', 'all'), (39, 2, 38, 'setting.read', 'all'),
	(40, 2, 39, 'setting.export', 'all'), (41, 2, 40, 'demo.control', 'all'), (42, 3, 0, 'interaction.read', 'own'),
	(43, 3, 1, 'interaction.update', 'own'), (44, 3, 2, 'interaction.export', 'own'), (45, 3, 3, 'recording.read', 'own'),
	(46, 3, 4, 'recording.export', 'own'), (47, 3, 5, 'recording.listen', 'own'), (48, 3, 6, 'recording.download', 'own'),
	(49, 3, 7, 'customer.read', 'all'), (50, 3, 8, 'customer.create', 'all'), (51, 3, 9, 'customer.update', 'all'),
	(52, 3, 10, 'customer.export', 'all'), (53, 3, 11, 'customer.timeline', 'all'), (54, 3, 12, 'agent.read', 'all'),
	(55, 3, 13, 'agent.export', 'all'), (56, 3, 14, 'skill.export', 'all'), (57, 3, 15, 'queue.export', 'all'),
	(58, 3, 16, 'reason.export', 'all'), (59, 3, 17, 'disposition.export', 'all'),
	(60, 2, 41, 'job.read', 'own'), (61, 3, 18, 'job.read', 'own'), (62, 2, 42, 'job.export', 'own'),
	(63, 3, 19, 'job.export', 'own');
INSERT INTO user_role (id, parent, position, role)
	SELECT id, id, 0, CASE role WHEN 'admin' THEN 1 WHEN 'leader' THEN 2 ELSE 3 END FROM app_user;
ALTER TABLE app_user DROP COLUMN role;

-- A new centre begins with roles of its own.
DELETE FROM role_grant WHERE NOT EXISTS (SELECT 1 FROM app_user);
DELETE FROM role WHERE NOT EXISTS (SELECT 1 FROM app_user);
