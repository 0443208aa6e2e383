-- Another system's page that opens when a call rings.
ALTER TABLE setting ADD COLUMN pop_url TEXT;
ALTER TABLE setting ADD COLUMN pop_how TEXT NOT NULL DEFAULT 'panel';
ALTER TABLE queue ADD COLUMN pop_url TEXT;
