-- A member's new address is asked whether it is theirs; only the hash of the token in that mail is here, and the address
-- itself waits in the sealed contact.
CREATE TABLE email_changes (
    member_id TEXT NOT NULL PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    token_hash BYTEA NOT NULL UNIQUE,
    asked_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
