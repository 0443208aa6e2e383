-- Which records a job that changes many is for, and what became of each.
CREATE TABLE bulk_row (
	parent @INT@ NOT NULL REFERENCES job (id) ON DELETE CASCADE, n @INT@ NOT NULL,
	record @INT@ NOT NULL, version @INT@, outcome TEXT, field TEXT, code TEXT, reason TEXT,
	PRIMARY KEY (parent, n)
) @STRICT@;
