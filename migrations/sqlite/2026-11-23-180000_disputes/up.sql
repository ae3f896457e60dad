-- What people write to each other or to admins, sealed like a contact; read and written by one file of the store crate.
-- It is erased with the account it concerns, whoever wrote it.
CREATE TABLE sealed_texts (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key_version INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX sealed_texts_account ON sealed_texts (account_id);

-- A problem that a member or a company reports. It is about a company; the opening and the introduction may be named.
-- words are the admin's, for both sides; without outcome it waits for one.
CREATE TABLE disputes (
    id TEXT NOT NULL PRIMARY KEY,
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    opening_id TEXT REFERENCES openings (id) ON DELETE CASCADE,
    introduction_id TEXT REFERENCES introductions (id) ON DELETE CASCADE,
    report_id TEXT NOT NULL REFERENCES sealed_texts (id) ON DELETE CASCADE,
    answer_id TEXT REFERENCES sealed_texts (id) ON DELETE SET NULL,
    outcome TEXT,
    words TEXT,
    opened_at TIMESTAMP NOT NULL,
    answered_at TIMESTAMP,
    decided_at TIMESTAMP
);
CREATE UNIQUE INDEX disputes_open ON disputes (introduction_id, side) WHERE outcome IS NULL;
CREATE INDEX disputes_member ON disputes (member_id, opened_at);
CREATE INDEX disputes_company ON disputes (company_id, opened_at);
CREATE INDEX disputes_waiting ON disputes (opened_at) WHERE outcome IS NULL;
