-- What is kept in memory and compared with the tables: raised by every write of a kind.
CREATE TABLE identity_revision (
    kind TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO identity_revision (kind, revision) VALUES ('client', 0);

-- Applications registered while the program runs; a row stays when one ends, so that nobody else
-- takes its name.
CREATE TABLE identity_client (
    client_id TEXT NOT NULL PRIMARY KEY,
    organisation BLOB NOT NULL,
    name TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    redirect_uris TEXT NOT NULL,
    post_logout_redirect_uris TEXT NOT NULL,
    auth_method TEXT NOT NULL,
    scopes TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    created_by BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    valid_from BIGINT NOT NULL
);
