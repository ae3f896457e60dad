-- Who was erased, by ids that lead nowhere any more. Copied to a journal outside the database, so that an old copy of
-- the database that is put back revives nobody. The write-ahead log held the contact until wiped_at.
CREATE TABLE erasures (
    account_id TEXT NOT NULL PRIMARY KEY,
    member_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    wiped_at TIMESTAMP
);
