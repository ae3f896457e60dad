-- The ledger as a Merkle tree (docs/LEDGER.md). position: place of the entry's leaf; number: the member's own count of
-- entries, so that a missing one shows; salt: random, so that a leaf says nothing once its entry is erased.
-- Entries of before get theirs here; the server hashes them when it next opens the database.
ALTER TABLE ledger ADD COLUMN position BIGINT NOT NULL DEFAULT -1;
ALTER TABLE ledger ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN salt BLOB NOT NULL DEFAULT x'';
UPDATE ledger SET
    position = o.position,
    number = o.number,
    salt = randomblob(32)
FROM (
    SELECT seq, row_number() OVER (ORDER BY seq) - 1 AS position,
        row_number() OVER (PARTITION BY member_id ORDER BY seq) AS number
    FROM ledger
) AS o WHERE o.seq = ledger.seq;
CREATE UNIQUE INDEX ledger_position ON ledger (position);
CREATE UNIQUE INDEX ledger_number ON ledger (member_id, number);

-- The hash of every complete subtree: level 0 holds the leaves.
CREATE TABLE ledger_nodes (
    level SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
) WITHOUT ROWID;

-- A leaf of its own for each member who left: the places of their leaves, whose entries are gone.
CREATE TABLE ledger_erasures (
    position BIGINT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    leaves TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);

-- Nothing of the record is changed or taken out. The one exception: what is a member's goes when the member is gone.
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger is append-only: an entry is never changed'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
WHEN EXISTS (SELECT 1 FROM members WHERE id = OLD.member_id)
BEGIN SELECT RAISE(ABORT, 'ledger is append-only: an entry goes only with its member'); END;
CREATE TRIGGER permission_events_no_update BEFORE UPDATE ON permission_events
BEGIN SELECT RAISE(ABORT, 'permission_events is append-only: an event is never changed'); END;
CREATE TRIGGER permission_events_no_delete BEFORE DELETE ON permission_events
WHEN EXISTS (SELECT 1 FROM members WHERE id = OLD.member_id)
BEGIN SELECT RAISE(ABORT, 'permission_events is append-only: an event goes only with its member'); END;
CREATE TRIGGER ledger_nodes_no_update BEFORE UPDATE ON ledger_nodes
BEGIN SELECT RAISE(ABORT, 'ledger_nodes is append-only: a hash is never changed'); END;
CREATE TRIGGER ledger_nodes_no_delete BEFORE DELETE ON ledger_nodes
BEGIN SELECT RAISE(ABORT, 'ledger_nodes is append-only: a hash is never taken out'); END;
CREATE TRIGGER ledger_erasures_no_update BEFORE UPDATE ON ledger_erasures
BEGIN SELECT RAISE(ABORT, 'ledger_erasures is append-only: an erasure is never changed'); END;
CREATE TRIGGER ledger_erasures_no_delete BEFORE DELETE ON ledger_erasures
BEGIN SELECT RAISE(ABORT, 'ledger_erasures is append-only: an erasure is never taken out'); END;

-- INSERT OR REPLACE removes rows without telling the triggers above.
CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM ledger WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM ledger WHERE position = NEW.position)
    OR EXISTS (SELECT 1 FROM ledger WHERE member_id = NEW.member_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'ledger is append-only: an entry is never replaced'); END;
CREATE TRIGGER permission_events_no_replace BEFORE INSERT ON permission_events
WHEN EXISTS (SELECT 1 FROM permission_events WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'permission_events is append-only: an event is never replaced'); END;
CREATE TRIGGER ledger_nodes_no_replace BEFORE INSERT ON ledger_nodes
WHEN EXISTS (SELECT 1 FROM ledger_nodes WHERE level = NEW.level AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'ledger_nodes is append-only: a hash is never replaced'); END;
CREATE TRIGGER ledger_erasures_no_replace BEFORE INSERT ON ledger_erasures
WHEN EXISTS (SELECT 1 FROM ledger_erasures WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'ledger_erasures is append-only: an erasure is never replaced'); END;
