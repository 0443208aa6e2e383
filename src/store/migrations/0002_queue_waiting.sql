-- What a queue does when nobody is signed in and when callers wait too long, and what it tells them.
ALTER TABLE queue ADD COLUMN when_empty TEXT NOT NULL DEFAULT 'wait';
ALTER TABLE queue ADD COLUMN overflow_after_ms @INT@ NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN overflow_expected_ms @INT@ NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN overflow_queue @INT@ REFERENCES queue (id);
ALTER TABLE queue ADD COLUMN handle_ms @INT@ NOT NULL DEFAULT 180000;
ALTER TABLE queue ADD COLUMN announce_position @INT@ NOT NULL DEFAULT 1;
ALTER TABLE queue ADD COLUMN announce_wait @INT@ NOT NULL DEFAULT 1;
CREATE INDEX queue_overflow ON queue (overflow_queue);
