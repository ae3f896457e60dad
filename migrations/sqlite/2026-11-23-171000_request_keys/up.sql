-- Requests that came with an Idempotency-Key. id: a keyed hash of whose it is and the key; request: a keyed hash of what
-- was asked; holder: the one run that may act; acted_at: set in the transaction of the act itself; status and body: the
-- answer, once there is one.
CREATE TABLE request_keys (
    id BLOB NOT NULL PRIMARY KEY,
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    request BLOB NOT NULL,
    holder TEXT NOT NULL,
    reserved_at TIMESTAMP NOT NULL,
    acted_at TIMESTAMP,
    status INTEGER,
    content_type TEXT,
    location TEXT,
    body BLOB
);
CREATE INDEX request_keys_account ON request_keys (account_id);
CREATE INDEX request_keys_age ON request_keys (reserved_at);
