-- A customer is more than a name and a number; one who is not a customer yet is a prospect. What was merged into another one
-- leads there.
ALTER TABLE customer ADD COLUMN kind TEXT NOT NULL DEFAULT 'customer';
ALTER TABLE customer ADD COLUMN company TEXT;
ALTER TABLE customer ADD COLUMN birthday TEXT;
ALTER TABLE customer ADD COLUMN identity_kind TEXT;
ALTER TABLE customer ADD COLUMN identity TEXT;
ALTER TABLE customer ADD COLUMN source TEXT;
ALTER TABLE customer ADD COLUMN owner @INT@ REFERENCES app_user (id);
ALTER TABLE customer ADD COLUMN team @INT@ REFERENCES team (id);
CREATE INDEX customer_kind ON customer (kind, name_key, id);
CREATE INDEX customer_owner ON customer (owner, name_key, id);
CREATE INDEX customer_team ON customer (team, name_key, id);
CREATE INDEX customer_identity ON customer (identity) WHERE identity IS NOT NULL;

ALTER TABLE customer_number ADD COLUMN kind TEXT NOT NULL DEFAULT 'mobile';
ALTER TABLE customer_number ADD COLUMN do_not_call @INT@ NOT NULL DEFAULT 0;
ALTER TABLE customer_number ADD COLUMN note TEXT;

CREATE TABLE customer_mail (
	id @ID@, parent @INT@ NOT NULL REFERENCES customer (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	mail TEXT NOT NULL, note TEXT, UNIQUE (parent, mail)
) @STRICT@;
CREATE INDEX customer_mail_mail ON customer_mail (mail);

CREATE TABLE customer_address (
	id @ID@, parent @INT@ NOT NULL REFERENCES customer (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	kind TEXT NOT NULL, province TEXT, city TEXT, street TEXT NOT NULL, postcode TEXT
) @STRICT@;
CREATE INDEX customer_address_parent ON customer_address (parent);

CREATE TABLE customer_tag (
	id @ID@, parent @INT@ NOT NULL REFERENCES customer (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	tag TEXT NOT NULL, UNIQUE (parent, tag)
) @STRICT@;
CREATE INDEX customer_tag_tag ON customer_tag (tag);

CREATE TABLE customer_consent (
	id @ID@, parent @INT@ NOT NULL REFERENCES customer (id) ON DELETE CASCADE, position @INT@ NOT NULL,
	kind TEXT NOT NULL, given @INT@ NOT NULL, at @INT@, source TEXT
) @STRICT@;
CREATE INDEX customer_consent_parent ON customer_consent (parent);

-- The id of one that was merged, and the one that it went into.
CREATE TABLE customer_merged (id @ID@, target @INT@ NOT NULL, at @INT@ NOT NULL) @STRICT@;
CREATE INDEX customer_merged_target ON customer_merged (target);
