-- The ledger as a Merkle tree (docs/LEDGER.md). position: place of the entry's leaf; number: the member's own count of
-- entries, so that a missing one shows; salt: random, so that a leaf says nothing once its entry is erased.
-- Entries of before get theirs here; the server hashes them when it next opens the database.
ALTER TABLE ledger ADD COLUMN position BIGINT;
ALTER TABLE ledger ADD COLUMN number BIGINT;
ALTER TABLE ledger ADD COLUMN salt BYTEA;
-- Two random UUIDs hold 244 random bits and need no extension.
UPDATE ledger SET
    position = o.position,
    number = o.number,
    salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
FROM (
    SELECT seq, row_number() OVER (ORDER BY seq) - 1 AS position,
        row_number() OVER (PARTITION BY member_id ORDER BY seq) AS number
    FROM ledger
) o WHERE o.seq = ledger.seq;
ALTER TABLE ledger ALTER COLUMN position SET NOT NULL;
ALTER TABLE ledger ALTER COLUMN number SET NOT NULL;
ALTER TABLE ledger ALTER COLUMN salt SET NOT NULL;
CREATE UNIQUE INDEX ledger_position ON ledger (position);
CREATE UNIQUE INDEX ledger_number ON ledger (member_id, number);

-- The hash of every complete subtree: level 0 holds the leaves.
CREATE TABLE ledger_nodes (
    level SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (level, position)
);

-- A leaf of its own for each member who left: the places of their leaves, whose entries are gone.
CREATE TABLE ledger_erasures (
    position BIGINT NOT NULL PRIMARY KEY,
    salt BYTEA NOT NULL,
    leaves TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);

-- Nothing of the record is changed or taken out. The one exception: what is a member's goes when the member is gone.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: nothing in it is changed or taken out', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION refuse_delete_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM members WHERE id = OLD.member_id) THEN
        RAISE EXCEPTION '% is append-only: a row goes only with its member', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_delete_of_member();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER permission_events_no_update BEFORE UPDATE ON permission_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER permission_events_no_delete BEFORE DELETE ON permission_events
    FOR EACH ROW EXECUTE FUNCTION refuse_delete_of_member();
CREATE TRIGGER permission_events_no_truncate BEFORE TRUNCATE ON permission_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_nodes_no_change BEFORE UPDATE OR DELETE ON ledger_nodes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_nodes_no_truncate BEFORE TRUNCATE ON ledger_nodes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_erasures_no_change BEFORE UPDATE OR DELETE ON ledger_erasures
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_erasures_no_truncate BEFORE TRUNCATE ON ledger_erasures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
