-- What search finds of a record, as words (src/text/tokens.h), and keys by which names are sorted as a dictionary does. The desk fills
-- the columns of what is there when it starts (src/model/renew.h). Telephone numbers have one form.

ALTER TABLE skill ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE skill ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE agent ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE agent ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE app_user ADD COLUMN full_name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE queue ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE queue ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE flow ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE flow ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE trunk ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE trunk ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE did ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE did ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE prompt ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE reason ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE reason ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE disposition ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE disposition ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE customer ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE interaction ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE site ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE site ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE team ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE team ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE data_set ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE data_set ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE role ADD COLUMN search TEXT NOT NULL DEFAULT ' ';
ALTER TABLE role ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN search TEXT NOT NULL DEFAULT ' ';

ALTER TABLE customer_number ADD COLUMN extension TEXT;
ALTER TABLE interaction ADD COLUMN party TEXT;
ALTER TABLE setting ADD COLUMN region TEXT NOT NULL DEFAULT 'CN';
CREATE INDEX interaction_party_number ON interaction (party, started) WHERE party IS NOT NULL;
CREATE INDEX customer_name_key ON customer (name_key, id);
CREATE INDEX customer_tier ON customer (tier, name_key, id);
CREATE INDEX customer_created ON customer (created, id);

DROP VIEW recording_of_interaction;
-- @sqlite
CREATE VIRTUAL TABLE customer_search USING fts5 (search, content='customer', content_rowid='id', tokenize='ascii', prefix='1 2 3 4 5 6');
INSERT INTO customer_search (customer_search) VALUES ('rebuild');
CREATE TRIGGER customer_search_insert AFTER INSERT ON customer BEGIN
	INSERT INTO customer_search (rowid, search) VALUES (new.id, new.search);
END;
CREATE TRIGGER customer_search_delete AFTER DELETE ON customer BEGIN
	INSERT INTO customer_search (customer_search, rowid, search) VALUES ('delete', old.id, old.search);
END;
CREATE TRIGGER customer_search_update AFTER UPDATE OF search ON customer WHEN old.search <> new.search BEGIN
	INSERT INTO customer_search (customer_search, rowid, search) VALUES ('delete', old.id, old.search);
	INSERT INTO customer_search (rowid, search) VALUES (new.id, new.search);
END;
CREATE VIRTUAL TABLE interaction_search USING fts5 (search, content='interaction', content_rowid='id', tokenize='ascii', prefix='1 2 3 4 5 6');
INSERT INTO interaction_search (interaction_search) VALUES ('rebuild');
CREATE TRIGGER interaction_search_insert AFTER INSERT ON interaction BEGIN
	INSERT INTO interaction_search (rowid, search) VALUES (new.id, new.search);
END;
CREATE TRIGGER interaction_search_delete AFTER DELETE ON interaction BEGIN
	INSERT INTO interaction_search (interaction_search, rowid, search) VALUES ('delete', old.id, old.search);
END;
CREATE TRIGGER interaction_search_update AFTER UPDATE OF search ON interaction WHEN old.search <> new.search BEGIN
	INSERT INTO interaction_search (interaction_search, rowid, search) VALUES ('delete', old.id, old.search);
	INSERT INTO interaction_search (rowid, search) VALUES (new.id, new.search);
END;
CREATE VIEW recording_of_interaction AS
SELECT r.id, r.version, r.created, r.updated, r.interaction, r.file, r.channels, r.phase, r.started, r.ended,
	r.duration_ms, r.bytes, r.missing_ms, i.from_number, i.to_number, i.direction, i.customer, i.queue, i.agent, i.result, i.search
FROM recording r LEFT JOIN interaction i ON i.id = r.interaction;
-- @postgres
ALTER TABLE customer ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED;
CREATE INDEX customer_search ON customer USING gin (words);
ALTER TABLE interaction ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED;
CREATE INDEX interaction_search ON interaction USING gin (words);
CREATE VIEW recording_of_interaction AS
SELECT r.id, r.version, r.created, r.updated, r.interaction, r.file, r.channels, r.phase, r.started, r.ended,
	r.duration_ms, r.bytes, r.missing_ms, i.from_number, i.to_number, i.direction, i.customer, i.queue, i.agent, i.result, i.search, i.words
FROM recording r LEFT JOIN interaction i ON i.id = r.interaction;
-- @all
