-- Reach bands. Bands only: no count, noised or not, is ever stored.
CREATE TABLE reach_snapshots (
    number BIGINT NOT NULL PRIMARY KEY,
    lattice TEXT NOT NULL,
    taken_at TIMESTAMP NOT NULL
);

-- Every cell of the snapshot's lattice has its row, the empty ones too, so that no answer takes another way.
CREATE TABLE reach_bands (
    snapshot BIGINT NOT NULL REFERENCES reach_snapshots (number) ON DELETE CASCADE,
    cell TEXT NOT NULL,
    band TEXT NOT NULL,
    PRIMARY KEY (snapshot, cell)
);

-- The cells a company asked for in a snapshot: within its budget, or refused.
CREATE TABLE reach_looks (
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    snapshot BIGINT NOT NULL,
    cell TEXT NOT NULL,
    granted BOOLEAN NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (company_id, snapshot, cell)
);

-- Companies that asked for too much; an admin unlocks them.
CREATE TABLE reach_locks (
    company_id TEXT NOT NULL PRIMARY KEY REFERENCES companies (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL
);
