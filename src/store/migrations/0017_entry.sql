-- Sign-ins that people can look at and end, keys for programs, and a history of every attempt.
ALTER TABLE session ADD COLUMN version @INT@ NOT NULL DEFAULT 1;
ALTER TABLE session ADD COLUMN updated @INT@ NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN user_agent TEXT;
ALTER TABLE session ADD COLUMN search TEXT NOT NULL DEFAULT ' ';

CREATE TABLE api_token (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	name TEXT NOT NULL, app_user @INT@ NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
	token TEXT NOT NULL UNIQUE, hint TEXT, expires @INT@, seen @INT@, address TEXT,
	search TEXT NOT NULL DEFAULT ' '
) @STRICT@;
CREATE INDEX api_token_user ON api_token (app_user);

CREATE TABLE api_token_right (
	id @ID@, parent @INT@ NOT NULL REFERENCES api_token (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	right_name TEXT NOT NULL, UNIQUE (parent, right_name)
) @STRICT@;

CREATE TABLE sign_in (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	app_user @INT@, name TEXT, result TEXT NOT NULL, address TEXT, user_agent TEXT,
	search TEXT NOT NULL DEFAULT ' '
) @STRICT@;
CREATE INDEX sign_in_created ON sign_in (created, id);
CREATE INDEX sign_in_user ON sign_in (app_user, created);
