-- Two choices at once are counted within an index, too: "gold prospects" looked at the row of every gold customer.
DROP INDEX customer_tier;
DROP INDEX customer_kind;
DROP INDEX customer_owner;
DROP INDEX customer_team;
CREATE INDEX customer_tier ON customer (tier, name_key, id, deleted, kind) WHERE deleted IS NULL;
CREATE INDEX customer_kind ON customer (kind, name_key, id, deleted, tier) WHERE deleted IS NULL;
CREATE INDEX customer_owner ON customer (owner, name_key, id, deleted, kind, tier) WHERE owner IS NOT NULL AND deleted IS NULL;
CREATE INDEX customer_team ON customer (team, name_key, id, deleted, kind, tier) WHERE team IS NOT NULL AND deleted IS NULL;
