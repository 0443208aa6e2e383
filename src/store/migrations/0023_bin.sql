-- How long what was deleted can be taken back; 0 for ever, as it was.
ALTER TABLE setting ADD COLUMN bin_days @INT@ NOT NULL DEFAULT 0;
