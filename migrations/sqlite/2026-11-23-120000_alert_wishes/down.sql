ALTER TABLE alerts DROP COLUMN words;
ALTER TABLE alerts DROP COLUMN min_pay_cents;
ALTER TABLE alerts DROP COLUMN remote_too;
ALTER TABLE alerts DROP COLUMN states;
ALTER TABLE alerts DROP COLUMN specialties;
