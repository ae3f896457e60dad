-- What belongs to one member stands together: ids are random, so a table with row numbers has each row of a member
-- somewhere else, and a second tree to find it by. Renaming takes the references along, and the children of the old
-- parent are dropped before it, so that no row is lost to a cascade.
ALTER TABLE profiles RENAME TO old_profiles;
ALTER TABLE profile_specialties RENAME TO old_profile_specialties;
ALTER TABLE profile_licences RENAME TO old_profile_licences;
ALTER TABLE profile_certifications RENAME TO old_profile_certifications;
ALTER TABLE profile_bases RENAME TO old_profile_bases;
ALTER TABLE profile_markets RENAME TO old_profile_markets;
ALTER TABLE profile_interests RENAME TO old_profile_interests;
ALTER TABLE profile_min_pay RENAME TO old_profile_min_pay;
ALTER TABLE member_blocks RENAME TO old_member_blocks;

CREATE TABLE profiles (
    member_id TEXT NOT NULL PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    provider_class TEXT NOT NULL,
    remote BOOLEAN NOT NULL,
    languages TEXT NOT NULL,
    years SMALLINT,
    provider_note TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO profiles (member_id, provider_class, remote, languages, years, provider_note)
SELECT member_id, provider_class, remote, languages, years, provider_note FROM old_profiles ORDER BY member_id;

CREATE TABLE profile_specialties (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    specialty TEXT NOT NULL,
    position SMALLINT NOT NULL,
    is_primary BOOLEAN NOT NULL,
    board_certified BOOLEAN NOT NULL,
    PRIMARY KEY (member_id, specialty)
) WITHOUT ROWID;
INSERT INTO profile_specialties (member_id, specialty, position, is_primary, board_certified)
SELECT member_id, specialty, position, is_primary, board_certified FROM old_profile_specialties ORDER BY member_id, specialty;

CREATE TABLE profile_licences (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    position SMALLINT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    expires_on DATE,
    PRIMARY KEY (member_id, position)
) WITHOUT ROWID;
INSERT INTO profile_licences (member_id, position, state, kind, expires_on)
SELECT member_id, position, state, kind, expires_on FROM old_profile_licences ORDER BY member_id, position;

CREATE TABLE profile_certifications (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    certification TEXT NOT NULL,
    status TEXT NOT NULL,
    expires_on DATE,
    steps TEXT NOT NULL,
    PRIMARY KEY (member_id, certification)
) WITHOUT ROWID;
INSERT INTO profile_certifications (member_id, certification, status, expires_on, steps)
SELECT member_id, certification, status, expires_on, steps FROM old_profile_certifications ORDER BY member_id, certification;

CREATE TABLE profile_bases (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    market TEXT NOT NULL,
    position SMALLINT NOT NULL,
    radius_miles INTEGER NOT NULL,
    PRIMARY KEY (member_id, market)
) WITHOUT ROWID;
INSERT INTO profile_bases (member_id, market, position, radius_miles)
SELECT member_id, market, position, radius_miles FROM old_profile_bases ORDER BY member_id, market;

CREATE TABLE profile_markets (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    market TEXT NOT NULL,
    position SMALLINT NOT NULL,
    PRIMARY KEY (member_id, market)
) WITHOUT ROWID;
INSERT INTO profile_markets (member_id, market, position)
SELECT member_id, market, position FROM old_profile_markets ORDER BY member_id, market;

CREATE TABLE profile_interests (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (member_id, kind)
) WITHOUT ROWID;
INSERT INTO profile_interests (member_id, kind)
SELECT member_id, kind FROM old_profile_interests ORDER BY member_id, kind;

CREATE TABLE profile_min_pay (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (member_id, kind, basis)
) WITHOUT ROWID;
INSERT INTO profile_min_pay (member_id, kind, basis, cents)
SELECT member_id, kind, basis, cents FROM old_profile_min_pay ORDER BY member_id, kind, basis;

CREATE TABLE member_blocks (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (member_id, company_id)
) WITHOUT ROWID;
INSERT INTO member_blocks (member_id, company_id, at)
SELECT member_id, company_id, at FROM old_member_blocks ORDER BY member_id, company_id;

DROP TABLE old_profile_specialties;
DROP TABLE old_profile_licences;
DROP TABLE old_profile_certifications;
DROP TABLE old_profile_bases;
DROP TABLE old_profile_markets;
DROP TABLE old_profile_interests;
DROP TABLE old_profile_min_pay;
DROP TABLE old_member_blocks;
DROP TABLE old_profiles;
