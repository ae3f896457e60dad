-- When alerts write. weekday: 0 is Monday; local_minute: minutes after midnight on the member's clock; pause_until: a pause
-- that ends by itself, while what is found is kept.
ALTER TABLE alerts ADD COLUMN weekday SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN local_minute SMALLINT NOT NULL DEFAULT 420;
ALTER TABLE alerts ADD COLUMN pause_until TIMESTAMP;
CREATE INDEX alerts_pause ON alerts (pause_until);

-- One card for a member and a revision, whichever alerts found it. cadence: the mail it goes into; cause: published,
-- edited or capped; due_at: when that mail is due.
ALTER TABLE alert_matches RENAME COLUMN alert_id TO alert_ids;
ALTER TABLE alert_matches ADD COLUMN cadence TEXT NOT NULL DEFAULT 'instant';
ALTER TABLE alert_matches ADD COLUMN cause TEXT NOT NULL DEFAULT 'published';
ALTER TABLE alert_matches ADD COLUMN due_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE alert_matches ADD COLUMN sent_at TIMESTAMP;
UPDATE alert_matches SET due_at = at;
UPDATE alert_matches SET sent_at = at WHERE state = 'sent';
CREATE INDEX alert_matches_due ON alert_matches (state, due_at);

-- What a member set about mail, and what is known of it. quiet: nothing for the server's, 'off', or hours; confirmed_mark:
-- the keyed hash of the address that was confirmed, so that a new address is not; acted_at: the last sign-in or act on a
-- page of a mail; asked_at: since when the question stands whether mail is still wanted.
CREATE TABLE member_mail (
    member_id TEXT NOT NULL PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    quiet TEXT,
    daily_cap SMALLINT NOT NULL,
    vacation_until DATE,
    confirmed_mark BLOB,
    confirmed_at TIMESTAMP,
    acted_at TIMESTAMP NOT NULL,
    asked_at TIMESTAMP
) WITHOUT ROWID;
CREATE INDEX member_mail_acted ON member_mail (acted_at);
-- A sign-in so far was by the link of a mail, or by one that an operator gave by hand.
INSERT INTO member_mail (member_id, daily_cap, confirmed_mark, confirmed_at, acted_at)
SELECT m.id, 3, CASE WHEN a.signed_in_at IS NULL THEN NULL ELSE c.email_index END, a.signed_in_at,
    COALESCE(a.signed_in_at, m.joined_at)
FROM members m JOIN accounts a ON a.id = m.account_id LEFT JOIN sealed_contacts c ON c.account_id = a.id;

-- No alerts, still matched. scope: company or market; what: its id or slug.
CREATE TABLE member_mutes (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    what TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (member_id, scope, what)
) WITHOUT ROWID;

-- One digest for a local date or an ISO week, whatever the clock does.
CREATE TABLE digest_periods (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    cadence TEXT NOT NULL,
    period_key TEXT NOT NULL,
    mail_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (member_id, cadence, period_key)
) WITHOUT ROWID;

-- What one node does for all, by name.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    until TIMESTAMP NOT NULL
);
INSERT INTO leases (name, owner, until) VALUES ('digests', '', '1970-01-01 00:00:00');

-- subject: the mail a token stands in; note: what its last act changed, so that it can be undone, or the address that it
-- confirms, as a keyed hash; used_at: of a token that works once.
ALTER TABLE mail_tokens ADD COLUMN subject TEXT;
ALTER TABLE mail_tokens ADD COLUMN note TEXT;
ALTER TABLE mail_tokens ADD COLUMN used_at TIMESTAMP;

-- The address a link was mailed to, as a keyed hash: using it proves the address. A link that an operator printed has none.
ALTER TABLE sign_in_tokens ADD COLUMN mailed_to BLOB;
