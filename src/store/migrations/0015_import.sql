-- Records from people's tables: the file as it was sent, what its columns are, how far it is; the rows that a person should see,
-- and what he has chosen for some of them; what each user took a column for the last time.
CREATE TABLE import (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	resource TEXT NOT NULL, phase TEXT NOT NULL, file_name TEXT NOT NULL, file_size @INT@ NOT NULL,
	plan @JSON@, counts @JSON@, message TEXT, total @INT@, at_row @INT@, job @INT@, owner @INT@ NOT NULL
) @STRICT@;
CREATE INDEX import_owner ON import (owner, created);

CREATE TABLE import_row (
	parent @INT@ NOT NULL REFERENCES import (id) ON DELETE CASCADE, n @INT@ NOT NULL, outcome TEXT NOT NULL,
	record @INT@, twin @INT@, cells @JSON@ NOT NULL, faults @JSON@ NOT NULL, PRIMARY KEY (parent, n)
) @STRICT@;

CREATE TABLE import_choice (
	parent @INT@ NOT NULL REFERENCES import (id) ON DELETE CASCADE, n @INT@ NOT NULL, choice TEXT NOT NULL,
	PRIMARY KEY (parent, n)
) @STRICT@;

CREATE TABLE import_memory (
	owner @INT@ NOT NULL, resource TEXT NOT NULL, label TEXT NOT NULL, field TEXT NOT NULL,
	PRIMARY KEY (owner, resource, label)
) @STRICT@;

-- The standard team leader may import what he may make.
INSERT INTO role_grant (id, parent, position, right_name, scope)
	SELECT n, 2, n - 20, name, reach FROM (
		SELECT 64 AS n, 'import.read' AS name, 'own' AS reach UNION ALL SELECT 65, 'customer.import', 'all'
		UNION ALL SELECT 69, 'import.export', 'own' UNION ALL SELECT 66, 'skill.import', 'all' UNION ALL SELECT 67, 'reason.import', 'all'
		UNION ALL SELECT 68, 'disposition.import', 'all') AS granted
	WHERE EXISTS (SELECT 1 FROM role WHERE id = 2);
