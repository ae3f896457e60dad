-- The secret of an account's authenticator app, sealed like a contact; read and written by one file of the store crate.
-- At most one in force and one that is being set up. last_step is the newest time step that signed in: none works twice.
CREATE TABLE second_factors (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key_version INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP,
    last_step BIGINT NOT NULL
);
CREATE UNIQUE INDEX second_factors_account ON second_factors (account_id, (confirmed_at IS NULL));

-- Keyed hashes of the codes for a lost phone.
CREATE TABLE recovery_codes (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL,
    used_at TIMESTAMP,
    PRIMARY KEY (account_id, code_hash)
);

-- Wrong codes of the last minutes.
CREATE TABLE second_factor_misses (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL
);
CREATE INDEX second_factor_misses_account ON second_factor_misses (account_id, at);

-- What the operator lets an admin do beyond moderating; no row: what every admin may.
CREATE TABLE admin_settings (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    sees_contacts BOOLEAN NOT NULL,
    changed_at TIMESTAMP NOT NULL
);
