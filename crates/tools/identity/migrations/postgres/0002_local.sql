-- Password accounts of the identity providers that this program runs itself.
CREATE TABLE identity_local_account (
    realm TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    subject BYTEA NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    given_name TEXT COLLATE "C" NOT NULL,
    usual_name TEXT COLLATE "C" NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    siret TEXT COLLATE "C",
    organizational_unit TEXT COLLATE "C",
    population TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (realm, login)
);
CREATE UNIQUE INDEX identity_local_account_subject ON identity_local_account (subject);
