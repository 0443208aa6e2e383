-- What is to follow a change that has been committed: carried out in order, tried again until it is done.
CREATE TABLE outbox (
	id @ID@, created @INT@ NOT NULL, kind TEXT NOT NULL, resource TEXT NOT NULL, record @INT@ NOT NULL,
	tries @INT@ NOT NULL, due @INT@ NOT NULL, error TEXT
) @STRICT@;
CREATE INDEX outbox_due ON outbox (due, id);
