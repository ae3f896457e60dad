-- class: what stood in the way last; bucket: the host of the address, once a worker has read it.
ALTER TABLE outbox ADD COLUMN last_class TEXT;
ALTER TABLE outbox ADD COLUMN bucket TEXT;

-- What workers look for, in the order in which they take it.
CREATE INDEX outbox_waiting ON outbox (priority, due_at, id) WHERE state IN ('queued', 'deferred', 'ambiguous');

-- Every move of a mail. Codes only, never the words of a mail server: they often hold the address.
CREATE TABLE outbox_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    mail_id TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    node TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    phase TEXT NOT NULL,
    code TEXT,
    class TEXT
);
CREATE INDEX outbox_events_mail ON outbox_events (mail_id, id);
CREATE INDEX outbox_events_class ON outbox_events (class, at) WHERE class IS NOT NULL;

-- Streams that were ever stopped. stopped_at: since when, nothing when it runs; probe_at: when one mail is let through
-- to see whether it goes again; since: what went wrong before counts no more.
CREATE TABLE mail_streams (
    stream TEXT NOT NULL PRIMARY KEY,
    stopped_at TIMESTAMP,
    class TEXT,
    code TEXT,
    probe_at TIMESTAMP,
    since TIMESTAMP
);
