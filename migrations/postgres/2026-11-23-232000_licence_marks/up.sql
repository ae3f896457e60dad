-- Keyed hashes of licence numbers, so that one physician joins once. The numbers are in the sealed contact.
CREATE TABLE licence_marks (
    mark BYTEA NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX licence_marks_account ON licence_marks (account_id);
