-- What people uploaded: the bytes lie below the data folder under the token's name. `holder` and `record` say
-- which record has it, `released` since when none has.
CREATE TABLE file (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	token TEXT NOT NULL UNIQUE, name TEXT NOT NULL, type TEXT NOT NULL, bytes @INT@ NOT NULL, uploader @INT@ NOT NULL,
	holder TEXT, record @INT@, released @INT@
) @STRICT@;
CREATE INDEX file_released ON file (released) WHERE released IS NOT NULL;
CREATE INDEX file_record ON file (holder, record);
ALTER TABLE app_user ADD COLUMN photo @INT@;
