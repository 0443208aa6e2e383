-- The trail says by what name a record went, and what its references pointed at were called.
ALTER TABLE audit ADD COLUMN record_name TEXT;
ALTER TABLE audit ADD COLUMN names @JSON@;
