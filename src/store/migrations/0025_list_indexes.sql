-- Lists show what is not deleted, so their indexes hold that alone, and all that counting asks for: it looks at no row. The
-- same holds for what search finds; the bin is looked through row by row.
DROP INDEX customer_name_key;
DROP INDEX customer_tier;
DROP INDEX customer_kind;
DROP INDEX customer_owner;
DROP INDEX customer_team;
DROP INDEX customer_created;
DROP INDEX customer_tag_tag;
CREATE INDEX customer_name_key ON customer (name_key, id, deleted) WHERE deleted IS NULL;
CREATE INDEX customer_tier ON customer (tier, name_key, id, deleted) WHERE deleted IS NULL;
CREATE INDEX customer_kind ON customer (kind, name_key, id, deleted) WHERE deleted IS NULL;
CREATE INDEX customer_created ON customer (created, id, deleted) WHERE deleted IS NULL;
CREATE INDEX customer_owner ON customer (owner, name_key, id, deleted) WHERE owner IS NOT NULL AND deleted IS NULL;
CREATE INDEX customer_team ON customer (team, name_key, id, deleted) WHERE team IS NOT NULL AND deleted IS NULL;
CREATE INDEX customer_bin ON customer (id) WHERE deleted IS NOT NULL;
CREATE INDEX customer_tag_tag ON customer_tag (tag, parent);
-- @sqlite
INSERT INTO at_commit (now) VALUES (1);
INSERT INTO customer_search (customer_search, rowid, search)
	SELECT 'delete', id, search FROM customer WHERE deleted IS NOT NULL;
DROP TRIGGER customer_search_delete;
DROP TRIGGER customer_search_update;
DROP TRIGGER customer_search_at_commit;
CREATE TRIGGER customer_search_delete AFTER DELETE ON customer WHEN old.deleted IS NULL BEGIN
	INSERT INTO customer_search_due (id, old) VALUES (old.id, old.search) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_search_update AFTER UPDATE OF search, deleted ON customer
	WHEN old.search <> new.search OR old.deleted IS NOT new.deleted BEGIN
	INSERT INTO customer_search_due (id, old) VALUES (old.id, CASE WHEN old.deleted IS NULL THEN old.search END)
		ON CONFLICT DO NOTHING;
END;
-- CROSS JOIN: what is due first, else all customers are looked at.
CREATE TRIGGER customer_search_at_commit INSTEAD OF INSERT ON at_commit WHEN EXISTS (SELECT 1 FROM customer_search_due) BEGIN
	INSERT INTO customer_search (customer_search, rowid, search)
		SELECT 'delete', d.id, d.old FROM customer_search_due d WHERE d.old IS NOT NULL;
	INSERT INTO customer_search (rowid, search)
		SELECT c.id, c.search FROM customer_search_due d CROSS JOIN customer c ON c.id = d.id WHERE c.deleted IS NULL;
	DELETE FROM customer_search_due;
END;
-- @postgres
DROP INDEX customer_search;
CREATE INDEX customer_search ON customer USING gin (words) WHERE deleted IS NULL;
-- @all
