-- What amounts of money are counted in: records hold its smallest unit.
ALTER TABLE setting ADD COLUMN currency TEXT NOT NULL DEFAULT 'CNY';
