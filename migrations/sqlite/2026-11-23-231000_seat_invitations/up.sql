-- People invited to act for a company who have not signed in yet. account_id: none when the address was taken, which nobody
-- may learn; name_id: what the owner calls them, sealed; it concerns the owner who wrote it.
CREATE TABLE seat_invitations (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT UNIQUE REFERENCES accounts (id) ON DELETE CASCADE,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    name_id TEXT NOT NULL REFERENCES sealed_texts (id) ON DELETE CASCADE,
    invited_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX seat_invitations_company ON seat_invitations (company_id);
CREATE INDEX seat_invitations_name ON seat_invitations (name_id);
