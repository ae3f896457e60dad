DROP TABLE reach_locks;
DROP TABLE reach_looks;
DROP TABLE reach_bands;
DROP TABLE reach_snapshots;
