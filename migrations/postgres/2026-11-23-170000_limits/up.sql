-- How often an act was done in a window, by whom. who: a keyed hash of an account, a company or an address, never the
-- thing itself.
CREATE TABLE act_counts (
    act TEXT NOT NULL,
    who BYTEA NOT NULL,
    window_start TIMESTAMP NOT NULL,
    taken INTEGER NOT NULL,
    PRIMARY KEY (act, who, window_start)
);
CREATE INDEX act_counts_age ON act_counts (window_start);
