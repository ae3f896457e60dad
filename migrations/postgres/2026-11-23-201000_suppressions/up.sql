-- Addresses that get no mail, as the keyed hash that contacts are looked up by. They outlive the account: who leaves and
-- comes back is still not written to.
CREATE TABLE suppressions (
    address_hmac BYTEA NOT NULL,
    scope TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (address_hmac, scope)
);

-- Mails that did not arrive for a cause that may be the address: one strike a mail, forgotten when a mail is taken.
CREATE TABLE address_strikes (
    address_hmac BYTEA NOT NULL,
    mail_id TEXT NOT NULL,
    class TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (address_hmac, mail_id)
);
CREATE INDEX address_strikes_age ON address_strikes (at);
