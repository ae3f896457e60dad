DROP TABLE address_strikes;
DROP TABLE suppressions;
