-- How people look at lists: what a list was asked and how it stood, under a name; and small things that each one's pages remember.
CREATE TABLE list_view (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, deleted @INT@, search TEXT NOT NULL DEFAULT ' ',
	name TEXT NOT NULL, resource TEXT NOT NULL, query @JSON@ NOT NULL, shared TEXT NOT NULL, team @INT@, standard @INT@ NOT NULL,
	position @INT@ NOT NULL, owner @INT@ NOT NULL
) @STRICT@;
CREATE UNIQUE INDEX list_view_name ON list_view (name, resource, owner) WHERE deleted IS NULL;
CREATE INDEX list_view_owner ON list_view (owner, resource);

CREATE TABLE list_view_column (
	id @ID@, parent @INT@ NOT NULL REFERENCES list_view (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	name TEXT NOT NULL, width @INT@
) @STRICT@;
CREATE INDEX list_view_column_parent ON list_view_column (parent);

CREATE TABLE preference (
	app_user @INT@ NOT NULL REFERENCES app_user (id) ON DELETE CASCADE, name TEXT NOT NULL, value @JSON@ NOT NULL,
	PRIMARY KEY (app_user, name)
) @STRICT@;

-- The standard team leader may share his.
INSERT INTO role_grant (id, parent, position, right_name, scope)
	SELECT m.most + 1, 2, m.most + 1, 'view.share', 'all' FROM (SELECT max(id) AS most FROM role_grant) AS m
	WHERE EXISTS (SELECT 1 FROM role WHERE id = 2) AND m.most IS NOT NULL;
