-- How much of a recording could not be written.
ALTER TABLE recording ADD COLUMN missing_ms @INT@;

DROP VIEW recording_of_interaction;
CREATE VIEW recording_of_interaction AS
SELECT r.id, r.version, r.created, r.updated, r.interaction, r.file, r.channels, r.phase, r.started, r.ended,
	r.duration_ms, r.missing_ms, r.bytes, i.from_number, i.to_number, i.direction, i.customer, i.queue, i.agent, i.result
FROM recording r LEFT JOIN interaction i ON i.id = r.interaction;
