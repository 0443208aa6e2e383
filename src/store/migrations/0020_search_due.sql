-- In SQLite the full-text index writes a piece of its own for every statement with a trigger. So what has changed is only
-- noted, and the index takes all of it before the transaction is committed (src/store/README.md: at_commit).
-- @sqlite
CREATE VIEW at_commit AS SELECT 1 AS now;

DROP TRIGGER customer_search_insert;
DROP TRIGGER customer_search_delete;
DROP TRIGGER customer_search_update;
CREATE TABLE customer_search_due (id @ID@, old TEXT) @STRICT@;
CREATE TRIGGER customer_search_insert AFTER INSERT ON customer BEGIN
	INSERT INTO customer_search_due (id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_search_delete AFTER DELETE ON customer BEGIN
	INSERT INTO customer_search_due (id, old) VALUES (old.id, old.search) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_search_update AFTER UPDATE OF search ON customer WHEN old.search <> new.search BEGIN
	INSERT INTO customer_search_due (id, old) VALUES (old.id, old.search) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_search_at_commit INSTEAD OF INSERT ON at_commit WHEN EXISTS (SELECT 1 FROM customer_search_due) BEGIN
	INSERT INTO customer_search (customer_search, rowid, search)
		SELECT 'delete', d.id, d.old FROM customer_search_due d WHERE d.old IS NOT NULL;
	INSERT INTO customer_search (rowid, search)
		SELECT c.id, c.search FROM customer_search_due d JOIN customer c ON c.id = d.id;
	DELETE FROM customer_search_due;
END;

DROP TRIGGER interaction_search_insert;
DROP TRIGGER interaction_search_delete;
DROP TRIGGER interaction_search_update;
CREATE TABLE interaction_search_due (id @ID@, old TEXT) @STRICT@;
CREATE TRIGGER interaction_search_insert AFTER INSERT ON interaction BEGIN
	INSERT INTO interaction_search_due (id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER interaction_search_delete AFTER DELETE ON interaction BEGIN
	INSERT INTO interaction_search_due (id, old) VALUES (old.id, old.search) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER interaction_search_update AFTER UPDATE OF search ON interaction WHEN old.search <> new.search BEGIN
	INSERT INTO interaction_search_due (id, old) VALUES (old.id, old.search) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER interaction_search_at_commit INSTEAD OF INSERT ON at_commit WHEN EXISTS (SELECT 1 FROM interaction_search_due) BEGIN
	INSERT INTO interaction_search (interaction_search, rowid, search)
		SELECT 'delete', d.id, d.old FROM interaction_search_due d WHERE d.old IS NOT NULL;
	INSERT INTO interaction_search (rowid, search)
		SELECT i.id, i.search FROM interaction_search_due d JOIN interaction i ON i.id = d.id;
	DELETE FROM interaction_search_due;
END;
-- Fewer, larger merges.
INSERT INTO customer_search (customer_search, rank) VALUES ('automerge', 8);
INSERT INTO interaction_search (interaction_search, rank) VALUES ('automerge', 8);
-- @all
