-- Which challenge a phone that registers sees first.
ALTER TABLE setting ADD COLUMN sip_digest TEXT NOT NULL DEFAULT 'md5_first';
