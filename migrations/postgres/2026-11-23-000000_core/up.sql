-- Every id people or programs see is a UUID as text. Times are UTC without a zone, cut to microseconds.
-- Words (states, kinds) are text, spelled as in the domain crate. Lists of words are joined with '|'.

CREATE TABLE instance (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    signed_in_at TIMESTAMP,
    disabled_at TIMESTAMP
);

-- The only place a contact value is stored, sealed; read and written by one file of the store crate.
CREATE TABLE sealed_contacts (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    key_version INTEGER NOT NULL,
    wrapped_key BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    email_index BYTEA NOT NULL UNIQUE,
    npi_index BYTEA UNIQUE,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE sign_in_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    next_path TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX sign_in_tokens_account ON sign_in_tokens (account_id);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    signed_in_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE members (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL UNIQUE REFERENCES accounts (id) ON DELETE CASCADE,
    standing TEXT NOT NULL,
    standing_reason TEXT,
    joined_by TEXT NOT NULL,
    joined_at TIMESTAMP NOT NULL,
    approved_at TIMESTAMP,
    time_zone TEXT NOT NULL,
    permission_epoch BIGINT NOT NULL,
    alerts_email BOOLEAN NOT NULL,
    admin_outreach BOOLEAN NOT NULL,
    anonymous_counts BOOLEAN NOT NULL,
    profile_saved_at TIMESTAMP,
    email_changed_at TIMESTAMP
);
CREATE INDEX members_standing ON members (standing, joined_at);

CREATE TABLE invitations (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    created_by TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    used_by TEXT REFERENCES members (id) ON DELETE SET NULL
);

CREATE TABLE profiles (
    member_id TEXT NOT NULL PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    provider_class TEXT NOT NULL,
    remote BOOLEAN NOT NULL,
    languages TEXT NOT NULL,
    years SMALLINT,
    provider_note TEXT NOT NULL
);

CREATE TABLE profile_specialties (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    specialty TEXT NOT NULL,
    position SMALLINT NOT NULL,
    is_primary BOOLEAN NOT NULL,
    board_certified BOOLEAN NOT NULL,
    PRIMARY KEY (member_id, specialty)
);

CREATE TABLE profile_licences (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    position SMALLINT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    expires_on DATE,
    PRIMARY KEY (member_id, position)
);

CREATE TABLE profile_certifications (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    certification TEXT NOT NULL,
    status TEXT NOT NULL,
    expires_on DATE,
    steps TEXT NOT NULL,
    PRIMARY KEY (member_id, certification)
);

CREATE TABLE profile_bases (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    market TEXT NOT NULL,
    position SMALLINT NOT NULL,
    radius_miles INTEGER NOT NULL,
    PRIMARY KEY (member_id, market)
);

CREATE TABLE profile_markets (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    market TEXT NOT NULL,
    position SMALLINT NOT NULL,
    PRIMARY KEY (member_id, market)
);

CREATE TABLE profile_interests (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (member_id, kind)
);

CREATE TABLE profile_min_pay (
    member_id TEXT NOT NULL REFERENCES profiles (member_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (member_id, kind, basis)
);

CREATE TABLE permission_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    change TEXT NOT NULL,
    text_version TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    method TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX permission_events_member ON permission_events (member_id, seq);

CREATE TABLE companies (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    website TEXT NOT NULL,
    about TEXT NOT NULL,
    standing TEXT NOT NULL,
    standing_reason TEXT,
    review_policy TEXT,
    created_at TIMESTAMP NOT NULL,
    approved_at TIMESTAMP
);
CREATE INDEX companies_standing ON companies (standing, created_at);

CREATE TABLE member_blocks (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (member_id, company_id)
);

CREATE TABLE seats (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL UNIQUE REFERENCES accounts (id) ON DELETE CASCADE,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX seats_company ON seats (company_id);

CREATE TABLE openings (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    terms TEXT NOT NULL,
    approved_terms TEXT,
    closes_on DATE NOT NULL,
    decision_reason TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    submitted_at TIMESTAMP,
    published_at TIMESTAMP,
    confirmed_at TIMESTAMP,
    closed_at TIMESTAMP
);
CREATE INDEX openings_company ON openings (company_id, created_at);
CREATE INDEX openings_status ON openings (status, submitted_at);

CREATE TABLE opening_revisions (
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    terms TEXT NOT NULL,
    by_account TEXT,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (opening_id, revision)
);

CREATE TABLE matches (
    id TEXT NOT NULL PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    opening_revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    score INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    place TEXT NOT NULL,
    miles INTEGER NOT NULL,
    matched_at TIMESTAMP NOT NULL,
    declined_at TIMESTAMP,
    UNIQUE (member_id, opening_id, opening_revision)
);
CREATE INDEX matches_opening ON matches (opening_id, opening_revision, state);
CREATE INDEX matches_state ON matches (state, matched_at);

CREATE TABLE alerts (
    id TEXT NOT NULL PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kinds TEXT NOT NULL,
    markets TEXT NOT NULL,
    cadence TEXT NOT NULL,
    paused BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX alerts_member ON alerts (member_id);

-- The key is the promise that nobody hears of the same revision twice.
CREATE TABLE alert_matches (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    opening_revision INTEGER NOT NULL,
    alert_id TEXT NOT NULL,
    mail_id TEXT,
    state TEXT NOT NULL,
    drop_reason TEXT,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (member_id, opening_id, opening_revision)
);
CREATE INDEX alert_matches_mail ON alert_matches (mail_id);

-- Ids outlive a member who leaves, so that a company still learns that its look is over.
CREATE TABLE introductions (
    id TEXT NOT NULL PRIMARY KEY,
    member_id TEXT NOT NULL,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    opening_revision INTEGER NOT NULL,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    fields TEXT NOT NULL,
    text_version TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    void_cause TEXT,
    stage TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE UNIQUE INDEX introductions_live ON introductions (member_id, opening_id) WHERE state = 'active';
CREATE INDEX introductions_company ON introductions (company_id, created_at);
CREATE INDEX introductions_opening ON introductions (opening_id, state);

CREATE TABLE ledger (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    member_id TEXT NOT NULL,
    introduction_id TEXT,
    opening_id TEXT,
    company_id TEXT,
    seat_id TEXT,
    fields TEXT NOT NULL,
    detail TEXT,
    at TIMESTAMP NOT NULL
);
CREATE INDEX ledger_member ON ledger (member_id, seq);
CREATE INDEX ledger_introduction ON ledger (introduction_id, kind);

-- Ids only: the address is joined when the mail is sent.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    stream TEXT NOT NULL,
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    payload TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    permission_epoch BIGINT,
    state TEXT NOT NULL,
    priority SMALLINT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until TIMESTAMP,
    lease_epoch BIGINT NOT NULL,
    phase TEXT NOT NULL,
    last_code TEXT,
    created_at TIMESTAMP NOT NULL,
    accepted_at TIMESTAMP
);
CREATE INDEX outbox_due ON outbox (state, priority, due_at);
CREATE INDEX outbox_account ON outbox (account_id);

-- Tokens of mail links are derived from the mail's id and a key outside the database; only hashes stand here.
CREATE TABLE mail_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

CREATE TABLE jobs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until TIMESTAMP,
    done_at TIMESTAMP,
    dead_at TIMESTAMP,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_due ON jobs (done_at, dead_at, run_at);

-- What the search indexes tail: one row for each change of a member or an opening, in commit order.
CREATE TABLE change_log (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);

CREATE TABLE audit (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor_account TEXT,
    actor_role TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    detail TEXT
);
CREATE INDEX audit_object ON audit (object_kind, object_id);

CREATE TABLE facts (
    table_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    cells TEXT NOT NULL,
    confidence TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT,
    PRIMARY KEY (table_name, row_key, position)
);
