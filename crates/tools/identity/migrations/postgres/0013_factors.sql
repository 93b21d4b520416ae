-- Second factors of password accounts, their recovery codes, and the links by which a password is
-- chosen. Of an account: who made it, when its holder chose the password and last changed the
-- factors (0: never), and whether a factor must be added before anything is opened.
ALTER TABLE identity_local_account ADD COLUMN origin TEXT COLLATE "C" NOT NULL DEFAULT 'configured';
ALTER TABLE identity_local_account ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_local_account ADD COLUMN factor_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_local_account ADD COLUMN must_enrol BIGINT NOT NULL DEFAULT 0;

-- The secret is sealed with the account's subject; no step is good twice.
CREATE TABLE identity_local_factor (
    id BYTEA NOT NULL PRIMARY KEY,
    subject BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C" NOT NULL,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX identity_local_factor_subject ON identity_local_factor (subject);

-- Those that are left: a code that was used is gone.
CREATE TABLE identity_local_recovery_code (
    subject BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (subject, code_hash)
);

CREATE TABLE identity_local_link (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    subject BYTEA NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_local_link_subject ON identity_local_link (subject);
CREATE INDEX identity_local_link_expiry ON identity_local_link (expires_at);
