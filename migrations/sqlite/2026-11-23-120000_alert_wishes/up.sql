-- What an alert asks for beside kinds and markets.
ALTER TABLE alerts ADD COLUMN specialties TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN states TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN remote_too BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE alerts ADD COLUMN min_pay_cents BIGINT;
ALTER TABLE alerts ADD COLUMN words TEXT NOT NULL DEFAULT '';
-- An alert that named markets had no remote work so far; nobody widened it.
UPDATE alerts SET remote_too = FALSE WHERE markets <> '';
