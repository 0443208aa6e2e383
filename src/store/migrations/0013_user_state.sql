-- A user is active or suspended: a state that actions move, where there was a yes or no.
ALTER TABLE app_user ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
UPDATE app_user SET state = 'suspended' WHERE enabled = 0;
ALTER TABLE app_user DROP COLUMN enabled;
