-- What passwords must be, how fast guessing locks, and what passwords were.
ALTER TABLE setting ADD COLUMN password_min @INT@ NOT NULL DEFAULT 8;
ALTER TABLE setting ADD COLUMN password_classes @INT@ NOT NULL DEFAULT 1;
ALTER TABLE setting ADD COLUMN password_history @INT@ NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN password_days @INT@ NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN lock_after @INT@ NOT NULL DEFAULT 5;
ALTER TABLE setting ADD COLUMN lock_ms @INT@ NOT NULL DEFAULT 30000;

ALTER TABLE app_user ADD COLUMN must_change @INT@ NOT NULL DEFAULT 0;
ALTER TABLE app_user ADD COLUMN password_changed @INT@;
UPDATE app_user SET password_changed = updated;

CREATE TABLE user_password (
	id @ID@, app_user @INT@ NOT NULL REFERENCES app_user (id) ON DELETE CASCADE, hash TEXT NOT NULL, created @INT@ NOT NULL
) @STRICT@;
CREATE INDEX user_password_user ON user_password (app_user, created);
INSERT INTO user_password (id, app_user, hash, created) SELECT id, id, password, updated FROM app_user;
