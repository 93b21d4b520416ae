-- Password accounts of the identity providers that this program runs itself.
CREATE TABLE identity_local_account (
    realm TEXT NOT NULL,
    login TEXT NOT NULL,
    subject BLOB NOT NULL,
    password_hash TEXT NOT NULL,
    given_name TEXT NOT NULL,
    usual_name TEXT NOT NULL,
    uid TEXT NOT NULL,
    siret TEXT,
    organizational_unit TEXT,
    population TEXT,
    phone TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (realm, login)
);
CREATE UNIQUE INDEX identity_local_account_subject ON identity_local_account (subject);
