DROP TABLE admin_settings;
DROP TABLE second_factor_misses;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
