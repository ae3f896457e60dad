DROP TABLE mail_streams;
DROP TABLE outbox_events;
DROP INDEX outbox_waiting;
ALTER TABLE outbox DROP COLUMN bucket;
ALTER TABLE outbox DROP COLUMN last_class;
