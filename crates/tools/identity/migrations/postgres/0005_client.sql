-- What is kept in memory and compared with the tables: raised by every write of a kind.
CREATE TABLE identity_revision (
    kind TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO identity_revision (kind, revision) VALUES ('client', 0);

-- Applications registered while the program runs; a row stays when one ends, so that nobody else
-- takes its name.
CREATE TABLE identity_client (
    client_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organisation BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    secret_hash BYTEA NOT NULL,
    redirect_uris TEXT COLLATE "C" NOT NULL,
    post_logout_redirect_uris TEXT COLLATE "C" NOT NULL,
    auth_method TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    enabled BIGINT NOT NULL,
    created_by BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    valid_from BIGINT NOT NULL
);
