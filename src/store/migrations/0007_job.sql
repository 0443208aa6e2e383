-- Long work: exports, imports, changes of many records. `params` is what its run needs, `file` its result below the data folder.
CREATE TABLE job (
	id @ID@, version @INT@ NOT NULL, created @INT@ NOT NULL, updated @INT@ NOT NULL,
	kind TEXT NOT NULL, resource TEXT, label TEXT, phase TEXT NOT NULL, done @INT@ NOT NULL, total @INT@,
	counts @JSON@, message TEXT, file TEXT, file_name TEXT, file_size @INT@,
	owner @INT@ NOT NULL, started @INT@, ended @INT@, params @JSON@ NOT NULL
) @STRICT@;
CREATE INDEX job_owner ON job (owner, created);
CREATE INDEX job_open ON job (phase) WHERE phase IN ('queued', 'running');
