-- What belongs to one member stands together: ids are random, so a table with row numbers has each row of a member
-- somewhere else, and a second tree to find it by. The new tables are made and filled first, then the children are
-- replaced before their parent, so that no row is lost to a cascade; renaming the parent renames it in its children.
CREATE TABLE new_profiles (
    member_id TEXT NOT NULL PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    provider_class TEXT NOT NULL,
    remote BOOLEAN NOT NULL,
    languages TEXT NOT NULL,
    years SMALLINT,
    provider_note TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO new_profiles (member_id, provider_class, remote, languages, years, provider_note)
SELECT member_id, provider_class, remote, languages, years, provider_note FROM profiles ORDER BY member_id;

CREATE TABLE new_profile_specialties (
    member_id TEXT NOT NULL REFERENCES new_profiles (member_id) ON DELETE CASCADE,
    specialty TEXT NOT NULL,
    position SMALLINT NOT NULL,
    is_primary BOOLEAN NOT NULL,
    board_certified BOOLEAN NOT NULL,
    PRIMARY KEY (member_id, specialty)
) WITHOUT ROWID;
INSERT INTO new_profile_specialties (member_id, specialty, position, is_primary, board_certified)
SELECT member_id, specialty, position, is_primary, board_certified FROM profile_specialties ORDER BY member_id, specialty;

CREATE TABLE new_profile_licences (
    member_id TEXT NOT NULL REFERENCES new_profiles (member_id) ON DELETE CASCADE,
    position SMALLINT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    expires_on DATE,
    PRIMARY KEY (member_id, position)
) WITHOUT ROWID;
INSERT INTO new_profile_licences (member_id, position, state, kind, expires_on)
SELECT member_id, position, state, kind, expires_on FROM profile_licences ORDER BY member_id, position;

CREATE TABLE new_profile_certifications (
    member_id TEXT NOT NULL REFERENCES new_profiles (member_id) ON DELETE CASCADE,
    certification TEXT NOT NULL,
    status TEXT NOT NULL,
    expires_on DATE,
    steps TEXT NOT NULL,
    PRIMARY KEY (member_id, certification)
) WITHOUT ROWID;
INSERT INTO new_profile_certifications (member_id, certification, status, expires_on, steps)
SELECT member_id, certification, status, expires_on, steps FROM profile_certifications ORDER BY member_id, certification;

CREATE TABLE new_profile_bases (
    member_id TEXT NOT NULL REFERENCES new_profiles (member_id) ON DELETE CASCADE,
    market TEXT NOT NULL,
    position SMALLINT NOT NULL,
    radius_miles INTEGER NOT NULL,
    PRIMARY KEY (member_id, market)
) WITHOUT ROWID;
INSERT INTO new_profile_bases (member_id, market, position, radius_miles)
SELECT member_id, market, position, radius_miles FROM profile_bases ORDER BY member_id, market;

CREATE TABLE new_profile_markets (
    member_id TEXT NOT NULL REFERENCES new_profiles (member_id) ON DELETE CASCADE,
    market TEXT NOT NULL,
    position SMALLINT NOT NULL,
    PRIMARY KEY (member_id, market)
) WITHOUT ROWID;
INSERT INTO new_profile_markets (member_id, market, position)
SELECT member_id, market, position FROM profile_markets ORDER BY member_id, market;

CREATE TABLE new_profile_interests (
    member_id TEXT NOT NULL REFERENCES new_profiles (member_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (member_id, kind)
) WITHOUT ROWID;
INSERT INTO new_profile_interests (member_id, kind)
SELECT member_id, kind FROM profile_interests ORDER BY member_id, kind;

CREATE TABLE new_profile_min_pay (
    member_id TEXT NOT NULL REFERENCES new_profiles (member_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (member_id, kind, basis)
) WITHOUT ROWID;
INSERT INTO new_profile_min_pay (member_id, kind, basis, cents)
SELECT member_id, kind, basis, cents FROM profile_min_pay ORDER BY member_id, kind, basis;

CREATE TABLE new_member_blocks (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (member_id, company_id)
) WITHOUT ROWID;
INSERT INTO new_member_blocks (member_id, company_id, at)
SELECT member_id, company_id, at FROM member_blocks ORDER BY member_id, company_id;

DROP TABLE profile_specialties;
ALTER TABLE new_profile_specialties RENAME TO profile_specialties;

DROP TABLE profile_licences;
ALTER TABLE new_profile_licences RENAME TO profile_licences;

DROP TABLE profile_certifications;
ALTER TABLE new_profile_certifications RENAME TO profile_certifications;

DROP TABLE profile_bases;
ALTER TABLE new_profile_bases RENAME TO profile_bases;

DROP TABLE profile_markets;
ALTER TABLE new_profile_markets RENAME TO profile_markets;

DROP TABLE profile_interests;
ALTER TABLE new_profile_interests RENAME TO profile_interests;

DROP TABLE profile_min_pay;
ALTER TABLE new_profile_min_pay RENAME TO profile_min_pay;

DROP TABLE member_blocks;
ALTER TABLE new_member_blocks RENAME TO member_blocks;

DROP TABLE profiles;
ALTER TABLE new_profiles RENAME TO profiles;
