-- A second factor for people: the key of an authenticator with the last time step that was used (0: not shown to work yet),
-- and what signs in once when the authenticator is lost. Roles say who must have one.
ALTER TABLE app_user ADD COLUMN second_factor @INT@ NOT NULL DEFAULT 0;
ALTER TABLE role ADD COLUMN second_factor @INT@ NOT NULL DEFAULT 0;
CREATE TABLE factor (
	app_user @ID@ REFERENCES app_user (id) ON DELETE CASCADE, key_hex TEXT NOT NULL, step @INT@ NOT NULL DEFAULT 0, created @INT@ NOT NULL
) @STRICT@;
CREATE TABLE factor_code (
	id @ID@, app_user @INT@ NOT NULL REFERENCES app_user (id) ON DELETE CASCADE, hash TEXT NOT NULL
) @STRICT@;
CREATE INDEX factor_code_user ON factor_code (app_user, hash);
