-- What a member and a company write to each other under an introduction. The texts are sealed and concern the member, so
-- that they are erased with the account. written: how many there have been; removed_at: when the member last removed what
-- was written; the notices: when each side was told last, or will be, that there is something new.
CREATE TABLE conversations (
    introduction_id TEXT NOT NULL PRIMARY KEY REFERENCES introductions (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    written INTEGER NOT NULL,
    removed_at TIMESTAMP,
    member_notice_at TIMESTAMP,
    company_notice_at TIMESTAMP
);
CREATE INDEX conversations_member ON conversations (member_id);

-- side and seat: who wrote it; read_at: when the other side read it.
CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    introduction_id TEXT NOT NULL REFERENCES conversations (introduction_id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    side TEXT NOT NULL,
    seat_id TEXT,
    text_id TEXT NOT NULL REFERENCES sealed_texts (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    read_at TIMESTAMP,
    UNIQUE (introduction_id, position)
);
CREATE UNIQUE INDEX messages_text ON messages (text_id);

-- What the community team writes to members about one revision of an opening; done_at: when everybody who could be written
-- to had a row below.
CREATE TABLE outreaches (
    id TEXT NOT NULL PRIMARY KEY,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    opening_revision INTEGER NOT NULL,
    admin_account TEXT NOT NULL,
    text TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    done_at TIMESTAMP
);
CREATE INDEX outreaches_opening ON outreaches (opening_id, at);

-- One mail for a member and an outreach, or why there is none; what became of the mail stands in the outbox.
CREATE TABLE outreach_recipients (
    outreach_id TEXT NOT NULL REFERENCES outreaches (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    mail_id TEXT,
    reason TEXT,
    PRIMARY KEY (outreach_id, member_id)
);
CREATE INDEX outreach_recipients_member ON outreach_recipients (member_id);

-- The newest mail of an outreach that may have gone to a member, and when: there is one in seven days.
CREATE TABLE outreach_slots (
    member_id TEXT NOT NULL PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    mail_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
