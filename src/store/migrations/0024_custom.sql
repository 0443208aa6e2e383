-- Fields that administrators add to records, and where a record keeps its values of them: {"f81": …}, by the field's id.
CREATE TABLE custom_field (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL, deleted @INT@,
	resource TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, label TEXT NOT NULL, help TEXT,
	required @INT@ NOT NULL, listed @INT@ NOT NULL, searched @INT@ NOT NULL, indexed @INT@ NOT NULL, masked @INT@ NOT NULL,
	digits @INT@, min_value @INT@, max_value @INT@, position @INT@ NOT NULL, search TEXT NOT NULL DEFAULT ' '
) @STRICT@;
CREATE UNIQUE INDEX custom_field_name ON custom_field (name, resource) WHERE deleted IS NULL;

CREATE TABLE custom_field_choice (
	id @ID@, parent @INT@ NOT NULL REFERENCES custom_field (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	value TEXT NOT NULL, label TEXT NOT NULL, UNIQUE (parent, value)
) @STRICT@;

ALTER TABLE customer ADD COLUMN custom @JSON@;
